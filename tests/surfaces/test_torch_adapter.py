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
