"""Functions of JAX pytrees as surfaces; skipped where jax is not installed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.surfaces.networks import Perceptron, moons

jax = pytest.importorskip("jax", reason="jax is not installed; the adapter is optional")
jnp = jax.numpy
DATA = moons(n=24)
INPUTS, LABELS = np.array(DATA.inputs), np.array(DATA.labels)
NETWORK = Perceptron(DATA, widths=(4,))


def params_at(x):
    """Return the perceptron's flat parameters as a pytree whose leaves stand in the same order."""
    blocks = [block.of(x) for block in NETWORK.blocks]
    return [{"a weights": blocks[0], "b bias": blocks[1]}, (blocks[2], blocks[3])]


def loss(params):
    first, (weights, bias) = params
    z = jnp.tanh(INPUTS @ first["a weights"].T + first["b bias"]) @ weights.T + bias
    return -jnp.mean(jax.nn.log_softmax(z)[jnp.arange(len(LABELS)), LABELS])


X, V = np.random.default_rng(0).normal(size=(2, 2, 3, NETWORK.n_dims))
START = NETWORK.starts(1)[0]


@pytest.mark.parametrize(("dtype", "digits"), [("float64", 1e-12), ("float32", 1e-5)])
def test_the_same_network_is_the_same_surface(dtype, digits):
    s = ls.from_jax(loss, params_at(START.astype(np.float32)), dtype=dtype)
    assert_allclose(s.domain.center, START, atol=1e-7)
    assert_allclose(s.value(X), NETWORK.value(X), atol=digits)
    assert_allclose(s.gradient(X), NETWORK.gradient(X), atol=digits)
    assert_allclose(s.hessian_vector_product(X, V), NETWORK.hessian_vector_product(X, V), atol=10 * digits)
    assert_allclose(s.hessian(X[0, 0]), NETWORK.hessian(X[0, 0]), atol=10 * digits)
    assert s.title == "loss"
    run = ls.descend(s, ls.Adam(learning_rate=0.05), START, 60)
    assert run.values[0, -1] < run.values[0, 0]


def test_what_jax_is_set_to_stays():
    before = jnp.ones(1).dtype
    ls.from_jax(loss, params_at(START))
    assert jnp.ones(1).dtype == before


@pytest.mark.parametrize(
    ("function", "params", "error", "message"),
    [
        (loss, {}, ValueError, "no parameters"),
        (loss, [np.empty(0)], ValueError, "no parameters"),
        (lambda p: p[0].sum(), [np.arange(3)], TypeError, "int64"),
        (lambda p: jnp.abs(p).sum(), np.ones(3, complex), TypeError, "complex128"),
        (lambda p: p * 2, np.ones(3), ValueError, r"one number, not an array of shape \(3,\)"),
        (lambda p: jnp.log(p).sum(), -np.ones(3), ValueError, "not finite"),
        (lambda p: loss(params_at(START)), params_at(START), ValueError, "does not depend on"),
        (lambda p: jax.lax.stop_gradient(p).sum(), np.ones(3), ValueError, "does not depend on"),
    ],
    ids=["empty", "no numbers", "whole numbers", "complex", "not scalar", "not finite", "outside", "stopped"],
)
def test_refused(function, params, error, message):
    with pytest.raises(error, match=message):
        ls.from_jax(function, params)
    with pytest.raises(ValueError, match="dtype"):
        ls.from_jax(function, params, dtype="bfloat16")


def test_a_stationary_start_is_no_constant():
    s = ls.from_jax(lambda p: (p**2).sum(), np.zeros(3))
    assert not s.gradient(np.zeros(3)).any()
    assert s.hessian(np.zeros(3)).tolist() == (2 * np.eye(3)).tolist()
