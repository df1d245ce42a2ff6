"""THEORY 10: steps from y = 1e-4 to 1 on f = -curvature y^2 / 2, learning rate .01, by our rules and in closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.optimizers import SGD, Adam, Lion, Momentum, Nesterov, RMSprop
from landscape.theory import escape_times

CASES = [
    (SGD(0.01), 1.0, 926, escape_times.gradient_descent(1.0, 1e-4, 1.0, 0.01)),
    (SGD(0.01), 0.01, 92109, escape_times.gradient_descent(0.01, 1e-4, 1.0, 0.01)),
    (Momentum(0.01), 1.0, 152, escape_times.heavy_ball(1.0, 1e-4, 1.0, 0.01, 0.9)),
    (Momentum(0.01), 0.01, 9306, escape_times.heavy_ball(0.01, 1e-4, 1.0, 0.01, 0.9)),
    (Adam(0.01), 1.0, 77, escape_times.adam(1.0, 0.01)),
    (Adam(0.01), 0.01, 77, escape_times.adam(1.0, 0.01)),
    (RMSprop(0.01, b2=0.9), 1.0, 72, escape_times.rmsprop(1.0, 0.01, 0.9)),
    (RMSprop(0.01, b2=0.9), 0.01, 72, escape_times.rmsprop(1.0, 0.01, 0.9)),
    (Lion(0.01, b1=0.0), 1.0, 100, escape_times.signed_descent(1e-4, 1.0, 0.01)),
    (Lion(0.01, b1=0.0), 0.01, 100, escape_times.signed_descent(1e-4, 1.0, 0.01)),
]


def escape(walker, curvature, distance=1e-4, radius=1.0):
    """Return the steps that the optimizer really takes; plain floats, since one path may be 92109 steps long."""
    y, slots = distance, (0.0,) * walker.n_slots
    t = 0
    while abs(y) < radius:
        t += 1
        y, slots = walker.rule(y, -curvature * y, t, walker.learning_rate, slots, walker.hyper)
        assert t < 200_000
    return t


@pytest.mark.parametrize(("walker", "curvature", "number", "closed"), CASES, ids=lambda c: getattr(c, "label", str(c)))
def test_simulated_closed_and_recorded_agree(walker, curvature, number, closed):
    assert escape(walker, curvature) == number
    assert closed == number


def test_saddle_free_newton_doubles():
    y, steps = 1e-4, 0
    while abs(y) < 1.0:
        gradient, curvature = -0.01 * y, -0.01
        y -= gradient / abs(curvature)
        steps += 1
    assert steps == escape_times.saddle_free_newton(1e-4, 1.0) == 14


numbers = {
    "curvature": st.floats(0.02, 10),
    "distance": st.floats(1e-8, 0.5),
    "learning_rate": st.floats(0.005, 0.5),
    "momentum": st.floats(0.0, 0.99),
}


@settings(deadline=None, max_examples=60)
@given(**numbers)
def test_linear_methods_at_random_values(curvature, distance, learning_rate, momentum):
    """A rounded logarithm may fall on the other side of a step: one step of difference is allowed."""
    walkers = {
        SGD(learning_rate): escape_times.gradient_descent(curvature, distance, 1.0, learning_rate),
        Momentum(learning_rate, momentum): escape_times.heavy_ball(curvature, distance, 1.0, learning_rate, momentum),
        Nesterov(learning_rate, momentum): escape_times.nesterov(curvature, distance, 1.0, learning_rate, momentum),
        Momentum(learning_rate, momentum, averaged=True): escape_times.heavy_ball(
            curvature, distance, 1.0, (1 - momentum) * learning_rate, momentum
        ),
    }
    for walker, closed in walkers.items():
        assert abs(escape(walker, curvature, distance) - closed) <= 1, walker


@pytest.mark.parametrize("curvature", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("distance", [1e-12, 1e-7])
@pytest.mark.parametrize("learning_rate", [0.07, 0.003])
def test_adaptive_escape_depends_on_neither_curvature_nor_distance(curvature, distance, learning_rate):
    for b2 in (0.9, 0.99):
        walker = RMSprop(learning_rate, b2=b2, eps=1e-300)
        assert escape(walker, curvature, distance) == escape_times.rmsprop(1.0, learning_rate, b2)
    for corrected in (True, False):
        walker = Adam(learning_rate, eps=1e-300, bias_correction=corrected)
        closed = escape_times.adam(1.0, learning_rate, bias_correction=corrected)
        assert escape(walker, curvature, distance) == closed


def test_momentum_gives_no_more_than_one_over_one_minus_momentum():
    for momentum in (0.5, 0.9, 0.99):
        plain = escape_times.gradient_descent(1e-5, 1e-4, 1.0, 0.01)
        ratio = plain / escape_times.heavy_ball(1e-5, 1e-4, 1.0, 0.01, momentum)
        assert ratio < 1 / (1 - momentum)
        assert np.isclose(ratio, 1 / (1 - momentum), rtol=1e-2)


def test_already_outside_takes_no_step():
    assert escape_times.gradient_descent(1.0, 2.0, 1.0, 0.1) == 0
    assert escape_times.heavy_ball(1.0, 2.0, 1.0, 0.1, 0.9) == 0
    assert escape_times.signed_descent(2.0, 1.0, 0.1) == 0
    assert escape_times.saddle_free_newton(2.0, 1.0) == 0


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), float("inf")])
def test_what_never_leaves_is_said(wrong):
    with pytest.raises(ValueError, match="curvature must be positive"):
        escape_times.gradient_descent(wrong, 1e-4, 1.0, 0.01)
    with pytest.raises(ValueError, match="distance must be positive"):
        escape_times.heavy_ball(1.0, wrong, 1.0, 0.01, 0.9)
    with pytest.raises(ValueError, match="learning_rate must be positive"):
        escape_times.adam(1.0, wrong)
