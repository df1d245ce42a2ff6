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


def broken():
    module = nn.Linear(2, 2)
    with torch.no_grad():
        module.weight[0, 0] = float("nan")
    return module


@pytest.mark.parametrize(
    ("module", "measured", "refusal", "message"),
    [
        (nn.Linear, loss, TypeError, "not the class Linear: give an instance"),
        (lambda x: x, loss, TypeError, "takes a torch.nn.Module, not function"),
        ([nn.Linear(2, 2)], loss, TypeError, "not list"),
        (None, loss, TypeError, "not NoneType"),
        (
            nn.Linear(2, 2),
            nn.CrossEntropyLoss,
            TypeError,
            r"the loss is a class; give an instance, CrossEntropyLoss\(\)",
        ),
        (nn.Linear(2, 2), "cross_entropy", TypeError, "the loss is a function.* not str"),
        (nn.Linear(2, 2), None, TypeError, "not NoneType"),
        (broken(), loss, ValueError, "parameters that are not finite"),
        (nn.ParameterList([torch.empty(0)]), loss, ValueError, "the parameters of this module are empty"),
    ],
)
def test_what_is_no_module_and_no_loss_is_refused(module, measured, refusal, message):
    with pytest.raises(refusal, match=message):
        ls.from_torch(module, measured)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_a_module_in_half_precision_is_taken_with_all_its_digits(dtype):
    module = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2)).to(dtype)
    surface = ls.from_torch(module, loss)
    assert surface.gradient_error(surface.domain.center) < 1e-6
    assert next(module.parameters()).dtype == dtype


def test_a_point_put_into_the_module_leaves_it_as_it_was(monkeypatch):
    """Many numbers a pass: points go through one by one, and derivatives are still those of the module."""
    monkeypatch.setattr("landscape.surfaces.torch_machine._AT_ONCE", 1)
    module = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))
    alone, ours = ls.from_torch(module, loss), Perceptron(DATA, widths=(4,))
    x = np.random.default_rng(0).normal(size=(5, ours.n_dims))
    for _ in range(2):
        assert_allclose(alone.value(x), ours.value(x), rtol=1e-12)
        assert_allclose(alone.gradient(x), ours.gradient(x), rtol=1e-10, atol=1e-14)
    expected = nn.functional.cross_entropy(module.double()(INPUTS), LABELS).item()
    assert float(alone.value(alone.domain.center)) == pytest.approx(expected, rel=1e-12)
    machine = alone.machine
    machine._whole.forward = lambda: torch.ones(2)
    with pytest.raises(ValueError, match="one number"):
        machine.values(x[:1])
    assert_array_equal(machine._vector, machine._start)


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


class Doubled(nn.Module):
    """One matrix used twice."""

    def __init__(self):
        super().__init__()
        self.one = nn.Linear(2, 2)
        self.other = nn.Linear(2, 2)
        self.other.weight = self.one.weight

    def forward(self, x):
        return self.other(torch.tanh(self.one(x)))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTM(1, 3, batch_first=True)
        self.last = nn.Linear(3, 2)

    def forward(self, x):
        return self.last(self.cell(x[..., None])[0][:, -1])


class Branching(nn.Module):
    """Which way it goes depends on a number, which torch.func cannot follow for many points together."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, x):
        z = self.layer(x)
        return z if z.sum().item() > 0 else 2 * z


MODULES = {
    "perceptron": lambda: nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2)),
    "normalized": lambda: nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Tanh(), nn.Linear(3, 2)),
    "layer norm": lambda: nn.Sequential(nn.Linear(2, 4), nn.LayerNorm(4), nn.Linear(4, 2)),
    "convolution": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 2)), nn.Conv1d(1, 3, 1), nn.Tanh(), nn.Flatten(), nn.Linear(6, 2)
    ),
    "weight norm": lambda: nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)),
    "tied": Doubled,
    "recurrent": Recurrent,
    "branching": Branching,
}


@pytest.mark.parametrize("made", MODULES.values(), ids=MODULES)
def test_many_points_are_what_each_is_alone_and_what_the_module_itself_says(made):
    torch.manual_seed(0)
    module = made()
    s = ls.from_torch(module, nn.CrossEntropyLoss(), (INPUTS, LABELS))
    x = s.domain.center + 0.3 * np.random.default_rng(0).standard_normal((2, 3, s.n_dims))
    values, gradients = s.value_and_gradient(x)
    alone = [[s.value_and_gradient(point) for point in row] for row in x]
    assert_allclose(values, [[value for value, _ in row] for row in alone], rtol=1e-12)
    assert_allclose(gradients, [[gradient for _, gradient in row] for row in alone], rtol=1e-9, atol=1e-13)
    assert_allclose(s.value(x), values, rtol=1e-12)
    module.double()
    torch.nn.utils.vector_to_parameters(torch.tensor(x[1, 2]), module.parameters())
    assert loss(module).item() == pytest.approx(values[1, 2], rel=1e-12)
    assert s.gradient_error(x[0, 0]) < 1e-6


@pytest.mark.parametrize("made", MODULES.values(), ids=MODULES)
def test_gauss_newton_and_fisher_are_what_their_formulas_say(made):
    torch.manual_seed(0)
    module = made()
    s = ls.from_torch(module, nn.CrossEntropyLoss(), (INPUTS, LABELS))
    n, m = s.n_dims, s.n_rows
    x = s.domain.center
    parameters = list(module.double().parameters())
    z = module(INPUTS)
    jacobian = np.array(
        [
            torch.cat([g.reshape(-1) for g in torch.autograd.grad(one, parameters, retain_graph=True)])
            for one in z.ravel()
        ]
    ).reshape(m, 2, n)
    a = torch.softmax(z, 1).detach().numpy()
    curved = np.einsum("mk,kl->mkl", a, np.eye(2)) - np.einsum("mk,ml->mkl", a, a)
    newton = np.einsum("mki,mkl,mlj->ij", jacobian, curved, jacobian) / m
    assert_allclose(s.gauss_newton_vector_product(x, np.eye(n)), newton, atol=1e-12)
    slopes = np.einsum("mk,mki->mi", a - np.eye(2)[LABELS], jacobian)
    assert_allclose(s.fisher_vector_product(x, np.eye(n)), slopes.T @ slopes / m, atol=1e-12)
    assert_allclose(s.hessian_vector_product(x, np.eye(n)[0]), s.hessian(x)[0], atol=1e-12)  # the graph is another's


def test_minibatches_see_the_gradient_over_their_examples():
    module = MODULES["normalized"]()
    s = ls.from_torch(module, nn.CrossEntropyLoss(), (INPUTS, LABELS))
    rows = np.array([[0, 5, 7], [3, 4, 9]])
    x = s.domain.center + 0.1 * np.random.default_rng(1).standard_normal((2, s.n_dims))
    values, gradients = s.minibatch_value_and_gradient(x, rows)
    for chosen, point, value, gradient in zip(rows, x, values, gradients, strict=True):
        few = ls.from_torch(module, nn.CrossEntropyLoss(), (INPUTS[chosen], LABELS[chosen]))
        expected = few.value_and_gradient(point)
        assert value == pytest.approx(float(expected[0]), rel=1e-10)
        assert_allclose(gradient, expected[1], rtol=1e-8, atol=1e-12)
    first, again = (
        ls.descend(s, ls.SGD(learning_rate=0.1), x, 20, noise=ls.Minibatches(size=6), seed=3).points for _ in range(2)
    )
    assert_array_equal(first, again)
    whole = ls.descend(s, ls.SGD(learning_rate=0.1), x, 20).points
    assert not np.allclose(first, whole)
    with pytest.raises(ValueError, match="at least 2"):
        s.minibatch_value_and_gradient(x, rows[:, :1])


def test_minibatches_need_data_and_a_mean():
    module = nn.Linear(2, 2)
    with pytest.raises(TypeError, match="no examples"):
        ls.descend(ls.from_torch(module, loss), "sgd", np.zeros(6), 3, noise=ls.Minibatches(size=4))
    s = ls.from_torch(module, nn.CrossEntropyLoss(reduction="sum"), (INPUTS, LABELS))
    with pytest.raises(ValueError, match="reduction='mean'"):
        ls.descend(s, "sgd", np.zeros(6), 3, noise=ls.Minibatches(size=4))
    weighted = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0], dtype=torch.float64))
    s = ls.from_torch(module, weighted, (INPUTS, LABELS))
    with pytest.raises(ValueError, match="mean of those of its examples"):
        s.fisher_vector_product(np.zeros(6), np.ones(6))


def test_data_as_people_have_them():
    module = nn.Linear(2, 2)
    here = np.zeros(6) + 0.1
    expected = ls.from_torch(module, loss).value(here)
    pairs = torch.utils.data.TensorDataset(INPUTS.float(), LABELS)
    read_only = DATA.inputs, DATA.labels
    arrays = (INPUTS.numpy(), LABELS.numpy())
    for data, digits in ((read_only, 1e-12), (arrays, 1e-12), (pairs, 1e-6), ([INPUTS.half(), LABELS], 1e-2)):
        s = ls.from_torch(module.half(), nn.CrossEntropyLoss(), data)
        assert float(s.value(here)) == pytest.approx(float(expected), rel=digits)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ((INPUTS, LABELS[:-1]), ValueError, r"shapes \(24, 2\) and \(23,\)"),
        ((INPUTS[:0], LABELS[:0]), ValueError, "a row for each example"),
        ((INPUTS, torch.tensor(1)), ValueError, "a row for each example"),
        (INPUTS, TypeError, "not Tensor"),
        ((INPUTS,), TypeError, "inputs and targets"),
        ((INPUTS * float("nan"), LABELS), ValueError, "the inputs hold what is not a finite number"),
        (torch.utils.data.DataLoader(torch.utils.data.TensorDataset(INPUTS, LABELS)), TypeError, r"loader\.dataset"),
    ],
)
def test_data_that_are_none_are_refused(data, error, message):
    with pytest.raises(error, match=message):
        ls.from_torch(nn.Linear(2, 2), nn.CrossEntropyLoss(), data)


@pytest.mark.parametrize(
    ("measured", "data", "message"),
    [
        (nn.CrossEntropyLoss(), None, r"without data=\(inputs, targets\) the loss takes the module"),
        (nn.functional.mse_loss, None, "missing a required argument: 'target'"),
        (lambda m, inputs, labels: m(inputs).sum(), None, "the loss takes the module"),
        (loss, (INPUTS, LABELS), "with data the loss takes outputs and targets"),
        (lambda: 1.0, (INPUTS, LABELS), "with data the loss takes outputs and targets"),
    ],
)
def test_a_loss_of_other_arguments_is_told_which_it_gets(measured, data, message):
    with pytest.raises(TypeError, match=message):
        ls.from_torch(nn.Linear(2, 2), measured, data)


def test_a_loss_that_does_not_use_its_module_is_found():
    module = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
    cure = r"uses the module outside.* as lambda m: cross_entropy\(m\(inputs\), labels\)"
    for measured in (
        lambda m: loss(module),
        lambda m: loss(m) + 0.01 * sum(p.square().sum() for p in module.parameters()),
        lambda m: loss(nn.Sequential(module[0], *m[1:])),
        lambda m: nn.functional.mse_loss(m(INPUTS), module(INPUTS)),
    ):
        with pytest.raises(ValueError, match=cure):
            ls.from_torch(module, measured)
    teacher = nn.Linear(2, 2)
    for measured in (
        lambda m: loss(teacher),
        lambda m: torch.ones(1, requires_grad=True).sum(),
    ):
        with pytest.raises(ValueError, match="does not depend on the parameters"):
            ls.from_torch(module, measured)
    for measured in (
        lambda m: loss(m).detach(),
        lambda m: torch.tensor(loss(m).item()),
        torch.no_grad()(loss),
    ):
        with pytest.raises(ValueError, match="no gradient"):
            ls.from_torch(module, measured)
    student = ls.from_torch(module, lambda m: nn.functional.mse_loss(m(INPUTS), teacher(INPUTS)))
    assert student.gradient(student.domain.center).any()


def test_float32_on_request():
    module = MODULES["perceptron"]()
    exact = ls.from_torch(module, nn.CrossEntropyLoss(), (INPUTS, LABELS))
    x = exact.domain.center
    for dtype in ("float32", torch.float32):
        s = ls.from_torch(module, nn.CrossEntropyLoss(), (INPUTS, LABELS), dtype=dtype)
        gradient = s.gradient(x)
        assert gradient.dtype == np.float64
        assert 1e-10 < np.abs(gradient - exact.gradient(x)).max() < 1e-6
        assert_allclose(s.hessian(x), exact.hessian(x), atol=1e-6)


@pytest.mark.parametrize("wrong", ["float16", torch.bfloat16, torch.int64, "double precision", None, np.float64])
def test_other_types_are_refused(wrong):
    with pytest.raises(ValueError, match="'float64' or 'float32'"):
        ls.from_torch(nn.Linear(2, 2), loss, dtype=wrong)


@pytest.mark.parametrize("wrong", ["cuda:7", "nowhere", "meta"])
def test_devices_that_there_are_not_are_refused(wrong):
    with pytest.raises(ValueError, match=f"no device '{wrong}'"):
        ls.from_torch(nn.Linear(2, 2), loss, device=wrong)


def test_modules_whose_parameters_have_no_values_are_refused():
    with pytest.raises(ValueError, match="lazy"):
        ls.from_torch(nn.LazyLinear(2), loss)
    with pytest.raises(ValueError, match="meta"):
        ls.from_torch(nn.Linear(2, 2, device="meta"), loss)


def test_filters_are_read_from_the_module():
    module = nn.Sequential(
        nn.Conv2d(2, 4, 3),
        nn.BatchNorm2d(4),
        nn.ConvTranspose2d(4, 6, 2, groups=2),
        nn.LayerNorm((3, 3)),
        nn.Flatten(),
        nn.Linear(54, 5),
    )
    rows = torch.ones(3, 2, 4, 4, dtype=torch.float64)
    s = ls.from_torch(module, lambda m: m(rows).square().sum())
    assert [len(block) for block in s.filters] == [18] * 4 + [2 * 4] * 6 + [54] * 5
    conv, transposed, linear = s.filters[0], s.filters[5], s.filters[-1]
    x = s.domain.center
    assert_allclose(x[conv], module[0].weight[0].detach().ravel())
    assert_allclose(x[transposed], module[2].weight[:2, 1].detach().ravel())  # the second output of the first group
    assert_allclose(x[linear], module[5].weight[-1].detach())
    chosen = np.concatenate(s.filters)
    assert len(np.unique(chosen)) == len(chosen)
