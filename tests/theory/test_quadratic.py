"""THEORY 12 and 13: rates and stability edges, against the matrix of one step of the optimizers themselves."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.optimizers import SGD, Adam, Momentum, Nesterov, Step
from landscape.theory import quadratic_rates as rates
from landscape.theory import stability_edge as edge


def contraction(walker, curvature):
    """Return the spectral radius of the linear map (x, v) -> (x, v) of one step on curvature x^2 / 2.

    Its columns are what the rule makes of the unit vectors.
    """
    units = np.eye(1 + walker.n_slots)
    columns = [
        np.hstack([x, *slots])
        for x, slots in (
            walker.rule(unit[0], curvature * unit[0], 1, walker.learning_rate, tuple(unit[1:]), walker.hyper)
            for unit in units
        )
    ]
    return np.max(np.abs(np.linalg.eigvals(np.array(columns).T)))


def error_after(walker, curvatures, n_steps, start=1.0):
    """Return |x| in the largest coordinate after each step, from ``start`` in each, as multiples of it."""
    x = np.full((1, len(curvatures)), start)
    state, errors = walker.init(x), [1.0]
    for t in range(1, n_steps + 1):
        x, state = walker.update(Step(x, curvatures * x, t, walker.learning_rate), state)
        errors.append(float(np.max(np.abs(x)) / start))
    return np.array(errors)


TUNED = [
    (rates.gradient_descent, lambda w: SGD(w.learning_rate), 0.980198),
    (rates.heavy_ball, lambda w: Momentum(w.learning_rate, w.momentum), 0.818182),
    (rates.nesterov, lambda w: Nesterov(w.learning_rate, w.momentum), 0.9),
    (rates.nesterov_tuned, lambda w: Nesterov(w.learning_rate, w.momentum), 0.884722),
]


@pytest.mark.parametrize(("tuning", "walker", "number"), TUNED, ids=lambda c: getattr(c, "__name__", ""))
def test_rate_at_condition_100(tuning, walker, number):
    tuned = tuning(100.0)
    assert_allclose(tuned.rate, number, atol=5e-7)
    worst = max(contraction(walker(tuned), c) for c in np.linspace(0.01, 1.0, 100))
    assert_allclose(worst, tuned.rate, rtol=1e-6)  # a double root is known to half the digits only


@pytest.mark.parametrize(("tuning", "walker", "number"), TUNED, ids=lambda c: getattr(c, "__name__", ""))
@pytest.mark.parametrize("condition", [2.0, 37.0, 1e4])
def test_no_neighbouring_value_is_better(tuning, walker, number, condition):
    """The tuned values are the best there are (Nesterov's own: the best momentum at learning rate 1 / L)."""
    tuned = tuning(condition)
    curvatures = np.geomspace(1 / condition, 1.0, 50)

    def worst(learning_rate, momentum):
        if tuned.momentum == 0.0:
            return max(abs(1 - learning_rate * c) for c in curvatures)
        of = rates.heavy_ball_contraction if tuning is rates.heavy_ball else rates.nesterov_contraction
        return max(of(learning_rate, momentum, c) for c in curvatures)

    best = worst(tuned.learning_rate, tuned.momentum)
    assert_allclose(best, tuned.rate, rtol=1e-6)
    for factor in (0.99, 1.01) if tuning is not rates.nesterov else ():
        assert worst(tuned.learning_rate * factor, tuned.momentum) > best
    for shift in (-0.01, 0.01) if tuned.momentum else ():
        assert worst(tuned.learning_rate, tuned.momentum * (1 + shift)) > best


def test_steps_to_a_millionth():
    """691, 69, 131 are rates alone. Gradient descent really takes 691; a double root costs the others more."""
    found = [rates.steps_to(1e-6, tuning(100.0).rate) for tuning, _, _ in TUNED[:3]]
    assert [round(steps) for steps in found] == [691, 69, 131]
    curvatures = np.array([0.01, 1.0])
    taken = [
        int(np.argmax(error_after(walker(tuning(100.0)), curvatures, 1000) <= 1e-6)) for tuning, walker, _ in TUNED[:3]
    ]
    assert taken[0] == 691
    # Both roots r coincide: x_k = (1 + a k) r^k with a from the first step, 1 - learning_rate c (Nesterov:
    # 1 - (1 + momentum) learning_rate c). The heavy ball has this at both ends, r = -rate at the steep one.
    heavy, look = rates.heavy_ball(100.0), rates.nesterov(100.0)
    ends = [
        [(heavy.rate, 1 - heavy.learning_rate * 0.01), (-heavy.rate, 1 - heavy.learning_rate)],
        [(look.rate, 1 - (1 + look.momentum) * 0.01)],
    ]
    k = np.arange(1000)
    for roots, steps in zip(ends, taken[1:], strict=True):
        error = np.max([np.abs((1 + (first / r - 1) * k) * r**k) for r, first in roots], axis=0)
        assert steps == np.argmax(error <= 1e-6)
    assert taken[1:] == [95, 157]


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("curvature", [0.01, 0.5, 1.0, 3.0])
def test_contraction_formulas(momentum, curvature):
    for walker, formula in (
        (Momentum(0.4, momentum), rates.heavy_ball_contraction),
        (Nesterov(0.4, momentum), rates.nesterov_contraction),
    ):
        assert_allclose(formula(0.4, momentum, curvature), contraction(walker, curvature), rtol=1e-6)


EDGES = [
    (SGD(0.01), edge.gradient_descent(0.01), 200.0),
    (Momentum(0.01, 0.9), edge.heavy_ball(0.01, 0.9), 380.0),
    (Momentum(0.01, 0.5), edge.heavy_ball(0.01, 0.5), 300.0),
    (Nesterov(0.01, 0.9), edge.nesterov(0.01, 0.9), 3.8 / 0.028),
    (Nesterov(0.01, 0.5), edge.nesterov(0.01, 0.5), 150.0),
    (Momentum(0.01, 0.9, averaged=True), edge.averaged_momentum(0.01, 0.9), 3800.0),
    (Momentum(0.01, 0.5, averaged=True), edge.averaged_momentum(0.01, 0.5), 600.0),
]


@pytest.mark.parametrize(("walker", "closed", "number"), EDGES, ids=lambda c: getattr(c, "label", ""))
def test_stability_edge(walker, closed, number):
    assert_allclose(closed, number, rtol=1e-12)
    assert contraction(walker, closed * (1 - 1e-6)) < 1 < contraction(walker, closed * (1 + 1e-6))
    assert_allclose(contraction(walker, closed), 1.0, rtol=1e-9)
    # and not only in the long run: just below the path dies out, just above it grows
    below, above = (error_after(walker, np.array([closed * (1 + shift)]), 4000) for shift in (-0.01, 0.01))
    assert below[-1] < 1e-3
    assert above[-1] > 1e3


@pytest.mark.parametrize("b1", [0.9, 0.5])
def test_edge_of_adam_in_preconditioned_sharpness(b1):
    """With eps far above every gradient the preconditioner is eps, whatever v: the edge is where theory has it."""
    learning_rate, eps = 0.01, 1e9
    closed = edge.adam(learning_rate, b1)
    assert_allclose(closed, {0.9: 38, 0.5: 6}[b1] / learning_rate)
    below, above = (
        error_after(Adam(learning_rate, b1=b1, eps=eps), np.array([closed * (1 + shift) * eps]), 4000, start=1e-100)
        for shift in (-0.01, 0.01)
    )
    assert below[-1] < 1e-3
    assert above[-1] > 1e3


def test_adam_itself_stays_at_its_edge():
    """Adam neither settles nor blows up: v shrinks until the edge is reached, then oscillation feeds it."""
    learning_rate, curvature, b2 = 0.01, 1.0, 0.98
    walker = Adam(learning_rate, b2=b2)
    x, slots, late = 1.0, (0.0, 0.0), []
    for t in range(1, 4001):
        x, slots = walker.rule(x, curvature * x, t, learning_rate, slots, walker.hyper)
        if t > 2000:
            sharpness = curvature / (math.sqrt(slots[1] / (1 - b2**t)) + walker.eps)
            late.append(sharpness / edge.adam(learning_rate, walker.b1))
    assert 0.95 < min(late) < max(late) < 1.0


@pytest.mark.parametrize("condition", [1.0, 0.5, float("nan"), float("inf")])
def test_a_condition_that_is_none(condition):
    for tuning, _, _ in TUNED:
        with pytest.raises(ValueError, match="condition must be above 1"):
            tuning(condition)
    with pytest.raises(ValueError, match="between 0 and 1"):
        rates.steps_to(2.0, 0.5)
