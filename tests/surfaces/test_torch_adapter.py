"""PyTorch modules as surfaces; skipped where torch is not installed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.surfaces.networks import Perceptron, moons

torch = pytest.importorskip("torch", reason="torch is not installed; the adapter is optional")
nn = torch.nn
DATA = moons(n=24)
INPUTS = torch.tensor(np.array(DATA.inputs))
LABELS = torch.tensor(np.array(DATA.labels))


def loss(module):
    return nn.functional.cross_entropy(module(INPUTS), LABELS)


def test_the_same_network_is_the_same_surface():
    module = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))
    theirs, ours = ls.from_torch(module, loss), Perceptron(DATA, widths=(4,))
    assert theirs.n_dims == ours.n_dims
    x, v = np.random.default_rng(0).normal(size=(2, 3, ours.n_dims))
    assert_allclose(theirs.value(x), ours.value(x), rtol=1e-12)
    assert_allclose(theirs.gradient(x), ours.gradient(x), rtol=1e-10, atol=1e-14)
    product = theirs.hessian_vector_product(x, v)
    assert_allclose(product, ours.hessian_vector_product(x, v), rtol=1e-9, atol=1e-13)
    assert_allclose(theirs.hessian(x[0]), ours.hessian(x[0]), rtol=1e-9, atol=1e-13)


def test_the_middle_is_the_module_and_the_module_stays():
    module = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2))
    before = [p.detach().clone() for p in module.parameters()]
    s = ls.from_torch(module, loss)
    expected = nn.functional.cross_entropy(module.double()(INPUTS), LABELS)
    assert float(s.value(s.domain.center)) == pytest.approx(expected.item(), rel=1e-12)
    run = ls.descend(s, ls.Adam(learning_rate=0.05), s.domain.center, 60)
    assert run.values[0, -1] < run.values[0, 0]
    for p, old in zip(module.parameters(), before, strict=True):
        assert_array_equal(p.detach().numpy(), old.double().numpy())
    assert s.title == "Sequential"


def test_frozen_and_unused_parameters():
    module = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
    module[0].requires_grad_(False)
    assert ls.from_torch(module, loss).n_dims == 8

    class Spare(nn.Module):
        def __init__(self):
            super().__init__()
            self.used, self.spare = nn.Linear(2, 2), nn.Linear(5, 1)

        def forward(self, x):
            return self.used(x)

    s = ls.from_torch(Spare(), loss)
    x = np.random.default_rng(1).normal(size=s.n_dims)
    assert not s.gradient(x)[6:].any()
    assert not s.hessian_vector_product(x, np.ones(s.n_dims))[6:].any()


def test_a_loss_without_curvature():
    s = ls.from_torch(nn.Linear(2, 1), lambda m: m(INPUTS).sum())
    assert not s.hessian_vector_product(s.domain.center, np.ones(3)).any()


@pytest.mark.parametrize(
    ("module", "measured", "message"),
    [
        (nn.ReLU(), loss, "no trainable parameters"),
        (nn.Linear(2, 2), lambda m: m(INPUTS), "one number"),
        (nn.Linear(2, 2), lambda m: 3.0, "one number"),
        (nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)), loss, "random"),
        (nn.Linear(2, 2), lambda m: m(INPUTS).sum() * float("nan"), "not a number"),
    ],
)
def test_refused(module, measured, message):
    with pytest.raises(ValueError, match=message):
        ls.from_torch(module, measured)


NUMBERS = torch.linspace(-1, 1, len(INPUTS) * 2, dtype=torch.float64).reshape(-1, 2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(
    "measured",
    [
        lambda m, t: nn.functional.cross_entropy(m(INPUTS.to(t)), LABELS),
        lambda m, t: nn.functional.mse_loss(m(INPUTS), NUMBERS.to(t)),
        lambda m, t: nn.functional.cross_entropy(m(INPUTS.to(t)), LABELS, weight=torch.tensor([1.0, 2.0], dtype=t)),
        lambda m, t: sum(
            (a - b).pow(2).mean() for a, b in zip(m(INPUTS).split(2), NUMBERS.to(t).split(2), strict=True)
        ),
        lambda m, t: torch.cat([m(INPUTS), NUMBERS.to(t)]).square().mean(),
    ],
)
def test_tensors_in_fewer_digits_are_taken(measured, dtype):
    module = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
    s = ls.from_torch(module, lambda m: measured(m, dtype))
    assert s.gradient_error(s.domain.center) < 1e-6
    expected = measured(module.double(), torch.float64).item()
    assert float(s.value(s.domain.center)) == pytest.approx(expected, rel=1e-6 if dtype == torch.float32 else 1e-2)


def test_a_hessian_is_that_of_its_products_whatever_the_module_does():
    class Square(torch.autograd.Function):  # cannot take many vectors at once
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**2

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 2 * x * g

    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.spare, self.last = nn.Linear(2, 3), nn.Linear(2, 1), nn.Linear(3, 2)

        def forward(self, x):
            return self.last(Square.apply(self.first(x)))

    for module in (Odd(), nn.Sequential(nn.Linear(2, 40), nn.Tanh(), nn.Linear(40, 2))):
        s = ls.from_torch(module, loss)
        x = s.domain.center
        products = s.hessian_vector_product(x, np.eye(s.n_dims))
        assert_allclose(s.hessian(x), products, atol=1e-12)


def test_a_verdict_asks_for_few_passes_and_leaves_the_threads_alone():
    calls, threads = [], set()

    def counted(module):
        calls.append(1)
        threads.add(torch.get_num_threads())
        return loss(module)

    s = ls.from_torch(nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2)), counted)
    run = ls.descend(s, ls.Adam(learning_rate=0.02), s.domain.center, 100)
    before, several = len(calls), torch.get_num_threads()
    assert run.verdicts[0]
    assert len(calls) - before < 1500  # a pass a gradient and a pass a Hessian, not one for each of its rows
    assert threads == {1}
    assert torch.get_num_threads() == several


@pytest.mark.parametrize(
    "measured",
    [
        lambda m: nn.functional.cross_entropy(m(LABELS[:, None].repeat(1, 2)), LABELS),
        lambda m: nn.functional.cross_entropy(m(INPUTS > 0), LABELS),
        lambda m: nn.functional.cross_entropy(m(INPUTS), LABELS.double()),
        lambda m: nn.functional.cross_entropy(m(INPUTS), LABELS.int()),
        lambda m: nn.functional.binary_cross_entropy_with_logits(m(INPUTS)[:, 0], LABELS),
    ],
    ids=["classes as inputs", "truths as inputs", "floating classes", "short classes", "classes as probabilities"],
)
def test_types_that_do_not_go_together_are_said(measured):
    module = nn.Linear(2, 2)
    with pytest.raises(TypeError, match=r"mixes types of numbers .* inputs\.float\(\), .* labels\.long\(\)"):
        ls.from_torch(module, measured)
    with pytest.raises(RuntimeError, match="shapes"):
        ls.from_torch(module, lambda m: m(INPUTS.T).sum())


def test_complex_parameters_are_refused():
    module = nn.ParameterList([nn.Parameter(torch.ones(3, dtype=torch.complex64))])
    with pytest.raises(TypeError, match="complex"):
        ls.from_torch(module, lambda m: m[0].abs().sum())
