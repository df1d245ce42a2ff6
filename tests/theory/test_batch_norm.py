"""THEORY 23: the gradient through batch normalization, and what the length of the weights before it does."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.surfaces.networks import Perceptron, moons
from landscape.surfaces.networks.layers import BatchNorm
from landscape.theory import batch_norm as theory


def test_gradient_norm_identity():
    rng = np.random.default_rng(11)
    for m in (2, 3, 10, 200):
        y, g = rng.normal(size=(2, 5, m))
        gamma, beta = rng.normal(size=(2, 5))
        layer = BatchNorm(5, eps=0.0)
        _, kept = layer.forward((gamma, beta), y)
        dy, _ = layer.backward((gamma, beta), kept, g, first=False)
        expected = theory.squared_gradient_norm(g, kept[0], gamma, y.std(axis=-1))
        assert_allclose(np.sum(dy**2, axis=-1), expected, rtol=1e-11, atol=1e-14 * np.sum((gamma[:, None] * g) ** 2))


def test_the_gradient_is_across_mean_and_value():
    """It has no part along 1 nor along yhat: moving or scaling all y changes nothing."""
    rng = np.random.default_rng(0)
    y, g = rng.normal(size=(2, 3, 20))
    p = (np.ones(3), np.zeros(3))
    layer = BatchNorm(3, eps=0.0)
    _, kept = layer.forward(p, y)
    dy, _ = layer.backward(p, kept, g, first=False)
    assert_allclose(dy.sum(axis=-1), 0.0, atol=1e-13)
    assert_allclose(np.sum(dy * kept[0], axis=-1), 0.0, atol=1e-13)


@pytest.mark.parametrize("factor", [3.0, 0.25])
def test_scale_invariance(factor):
    """All weights before a normalization times 3: the loss stays, gradient / 3, largest eigenvalue / 9."""
    model = Perceptron(moons(n=40), widths=(5, 4), batch_norm=True, eps=0.0)
    x = model.starts(1, seed=1)[0]
    hidden = np.zeros(model.n_dims, dtype=bool)
    for name in ("W1", "W2"):
        hidden[model.block(name).slice] = True
    longer = np.where(hidden, factor * x, x)
    value, gradient, curvature = theory.scaled(factor)
    assert float(model.value(longer)) == pytest.approx(value * float(model.value(x)), rel=1e-13)
    assert_allclose(model.gradient(longer)[hidden], gradient * model.gradient(x)[hidden], rtol=1e-9, atol=1e-14)
    here, there = (model.hessian(point)[np.ix_(hidden, hidden)] for point in (x, longer))
    assert_allclose(there, curvature * here, rtol=1e-8, atol=1e-13)
    largest = [np.linalg.eigvalsh(h)[-1] for h in (here, there)]
    assert largest[1] / largest[0] == pytest.approx(1 / factor**2, rel=1e-9)
    # one row alone may be scaled just as well
    row = np.arange(model.n_dims)[model.block("W1").filters[2]]
    alone = x.copy()
    alone[row] *= factor
    assert float(model.value(alone)) == pytest.approx(float(model.value(x)), rel=1e-13)


def test_the_weights_are_across_their_gradient():
    """d/dc f(c w) = 0: the gradient of each filter has no part along it."""
    model = Perceptron(moons(n=40), widths=(5,), batch_norm=True, eps=0.0)
    x = model.starts(1, seed=2)[0]
    g = model.gradient(x)
    for place in model.block("W1").filters:
        assert abs(g[place] @ x[place]) < 1e-14


def test_refused():
    with pytest.raises(ValueError, match="not be 0"):
        theory.scaled(0.0)
