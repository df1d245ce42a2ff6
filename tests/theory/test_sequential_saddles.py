"""THEORY 11: steps at one saddle after the other, by our gradient descent and in closed form."""

import numpy as np
import pytest

from landscape.optimizers import SGD
from landscape.theory.sequential_saddles import escape_steps, growth


def descend(n, ratio):
    """Return the steps that gradient descent really spends at ``n`` saddles with gamma = 1, until one holds it.

    Coordinate k escapes once all before it have; those after it are drawn to their saddle. A saddle holds where a
    step moves the escaping coordinate no more: what it would add is rounded away.
    """
    walker = SGD(1.0 / (4.0 * ratio))
    x, steps, since, t = np.full(n, 0.5), [], 0, 0
    while len(steps) < n:
        t += 1
        assert t < 20_000
        k = len(steps)
        gradient = np.where(np.arange(n) > k, 2.0 * ratio, -2.0) * x
        gradient[:k] = 0.0
        before = x[k]
        x, _ = walker.rule(x, gradient, t, walker.learning_rate, (), walker.hyper)
        if x[k] == before:
            break
        if x[k] >= 1.0 - 1e-12:
            steps.append(t - since)
            since = t
    return tuple(steps)


def test_seven_saddles_take_the_numbers_of_the_theory():
    assert descend(7, 1.0) == escape_steps(7) == (2, 6, 16, 43, 117, 317, 859)


@pytest.mark.parametrize("ratio", [0.5, 0.8, 1.25])
def test_other_curvatures_agree_with_the_closed_form(ratio):
    assert descend(5, ratio) == pytest.approx(escape_steps(5, ratio), abs=1)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 10.0])
def test_each_saddle_takes_a_fixed_factor_longer(ratio):
    steps = escape_steps(12, ratio)
    assert steps[-1] / steps[-2] == pytest.approx(growth(ratio), rel=1e-4)


def test_the_eighth_saddle_holds_gradient_descent_for_ever():
    """After 2 + 6 + .. + 859 = 1360 halvings the eighth coordinate has underflowed."""
    assert len(descend(8, 1.0)) == 7


def test_settings_without_meaning_are_refused():
    for n, ratio in ((-1, 1.0), (3, 0.0), (3, np.nan), (3, np.inf)):
        with pytest.raises(ValueError, match="n must be 0 or more and ratio above 0"):
            escape_steps(n, ratio)
