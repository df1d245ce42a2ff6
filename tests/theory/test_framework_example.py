"""THEORY 24: w^2 - 20 w + 100 from w = 0."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.optimizers import SGD, Adam, Step
from landscape.theory import framework_example as example


def walk(walker, n_steps, dtype=float):
    """Return w_0 .. w_n, all arithmetic in ``dtype``."""
    w = np.zeros((1, 1), dtype=dtype)
    state, path = walker.init(w), [w[0, 0]]
    for t in range(1, n_steps + 1):
        g = dtype(2) * w - dtype(20)
        w, state = walker.update(Step(w, g, t, walker.learning_rate), state)
        path.append(w[0, 0])
    assert w.dtype == dtype
    return np.array(path)


def test_gradient_descent_in_closed_form():
    path = walk(SGD(0.01), 1000)
    assert_allclose(path, example.points(np.arange(1001)), rtol=1e-13, atol=1e-14)
    assert_allclose(path[1], 0.2, rtol=1e-15)
    assert_allclose(path[-1], 9.99999998, atol=5e-9)
    assert_allclose(walk(SGD(0.3), 20), example.points(np.arange(21), learning_rate=0.3), rtol=1e-13, atol=1e-14)


def test_single_precision_stalls():
    path = walk(SGD(0.01), 1000, np.float32)
    assert path[635] != path[636]
    assert np.all(path[636:] == path[636])
    assert f"{path[636]:.6f}" == "9.999977"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("learning_rate", [0.01, 0.003, 0.05])
def test_where_it_stalls(dtype, learning_rate):
    """It rests at the first number closer than the bound: not further off, and at most a spacing inside it."""
    path = walk(SGD(learning_rate), 9000 if dtype is np.float64 else 4000, dtype)
    assert path[-1] == path[-2]
    bound, spacing = example.stall_distance(dtype, learning_rate), float(np.spacing(dtype(10)))
    left = 10.0 - float(path[-1])
    # the gradient is rounded too, by at most half a spacing at 20
    assert bound - 2 * spacing <= left <= bound + 2 * spacing


def test_adam_stays_within_a_thousandth():
    """From step 310 on; counted from 0, as 309."""
    off = np.abs(walk(Adam(0.1), 3000) - 10)
    assert off[309] > 1e-3
    assert np.all(off[310:] < 1e-3)
