"""The fair comparison: one grid, one budget, and the rates that theory gives on a quadratic."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.tuning import default_rates, memory_of
from landscape.scenes.tuning import verdict

QUADRATIC = ls.formula("x^2/2 + 5*y^2", domain=((-3, 3), (-3, 3)))  # curvatures mu = 1 and L = 10
START = [(1.0, 1.0)]


def test_gradient_descent_is_best_near_two_over_the_sum_and_diverges_above_two_over_the_largest() -> None:
    rates = np.linspace(0.01, 0.25, 241)
    found = ls.tuning(QUADRATIC, [ls.SGD()], START, 400, learning_rates=rates)
    assert rates[found.best(0)] == pytest.approx(2 / 11, abs=0.002)
    # Just above 2 / L the longest factor is 1.01 a step, 53 in all: the start is out of the domain by then.
    assert found.lost_from(0) == pytest.approx(2 / 10, abs=0.0021)
    assert found.lost_from(0) > 0.2
    assert np.isfinite(found.losses[0, rates < 0.2]).all()
    # The loss is that of the closed form.
    k = 40
    factors = (1 - rates[k] * np.array([1.0, 10.0])) ** 400
    assert found.losses[0, k] == pytest.approx(factors[0] ** 2 / 2 + 5 * factors[1] ** 2, rel=1e-9)


def test_all_get_the_same_grid_and_the_same_gradients() -> None:
    optimizers = [ls.SGD(learning_rate=0.5), ls.Momentum(), ls.Adam(), ls.PerturbedGD()]
    found = ls.tuning(ls.surface("himmelblau"), optimizers, [(0.5, 3.5), (-1.0, 1.0)], 30, [0.001, 0.01])
    assert found.losses.shape == (4, 2)
    for one, losses in zip(optimizers, found.losses, strict=True):
        for rate, loss in zip(found.learning_rates, losses, strict=True):
            at = dataclasses.replace(one, learning_rate=float(rate))
            run = ls.descend(found.surface, at, found.starts, 30)
            assert run.evaluations.tolist() == [30, 30]
            assert loss == pytest.approx(np.median(run.final_values), rel=1e-9)
    assert len(default_rates()) == 25
    assert (default_rates()[0], default_rates()[-1]) == (1e-4, 1.0)


def test_who_asks_for_more_takes_fewer_steps() -> None:
    surface, start = ls.surface("himmelblau"), [(0.5, 3.5)]
    found = ls.tuning(surface, [ls.Newton(), ls.TrustRegion(), ls.LBFGS()], start, 31, [0.1, 1.0])
    for one, losses in zip(found.optimizers, found.losses, strict=True):
        for rate, loss in zip((0.1, 1.0), losses, strict=True):
            run = ls.descend(surface, dataclasses.replace(one, learning_rate=rate), start, 31)
            last = max(step for step in range(32) if run.spent[0, step] <= 31)
            assert last < 31
            assert loss == run.values[0, last]
    assert found.losses[0, 0] == ls.descend(surface, ls.Newton(learning_rate=0.1), start, 10).final_values[0]


def test_a_newton_that_runs_away_has_diverged() -> None:
    surface = ls.formula("x^2/2", domain=((-3, 3),))  # at rate 3 Newton takes x to -2 x
    found = ls.tuning(surface, [ls.Newton()], [[2.0]], 60, [1.0, 3.0])
    assert found.losses[0].tolist() == [0.0, np.inf]
    longer = ls.tuning(surface, [ls.Newton()], [[2.0]], 4000, [3.0])  # beyond all numbers
    assert longer.diverged[0].tolist() == [1.0]


@pytest.mark.parametrize("one", [ls.SGD(), ls.SaddleFreeNewton()], ids=["by gradients", "by Hessians"])
def test_a_step_to_where_there_is_no_value_breaks_off_and_does_not_diverge(one) -> None:
    found = ls.tuning(ls.formula("sqrt(x + 1) + 0.3*x", domain=((-0.9, 2),)), [one], [[0.5]], 60, [0.001, 2.0])
    assert found.broke_off[0].tolist() == [0.0, 1.0]
    assert found.diverged[0].tolist() == [0.0, 0.0]
    assert found.lost_from(0) == 2.0
    assert "breaks off from 2" in verdict(found, 0)
    assert "diverges" not in str(found.table())


def test_the_maps_vary_momentum_and_hold_the_curve_of_the_optimizers_own() -> None:
    found = ls.tuning(QUADRATIC, [ls.SGD(), ls.Momentum(momentum=0.5)], START, 40, [0.01, 0.1], other=[0.0, 0.5])
    assert found.maps[0] is None
    assert found.best_cell(0) is None
    assert found.maps[1].shape == (2, 2)
    assert found.maps[1][1].tolist() == found.losses[1].tolist()
    assert found.maps[1][0] == pytest.approx(found.losses[0])
    row, column = found.best_cell(1)
    assert found.maps[1][row, column] == found.maps[1].min()
    assert (memory_of(ls.Adam()), memory_of(ls.AdaGrad())) == ("b1", None)


def test_who_diverges_everywhere_keeps_its_rate() -> None:
    found = ls.tuning(QUADRATIC, [ls.SGD(learning_rate=0.03), ls.Adam()], START, 100, [1.0, 2.0])
    assert found.best(0) is None
    assert found.lost_from(0) == 1.0
    assert found.diverged[0].tolist() == [1.0, 1.0]
    assert found.tuned()[0].learning_rate == 0.03
    assert found.tuned()[1].learning_rate in (1.0, 2.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"optimizers": []}, "at least one"),
        ({"n_steps": 0}, "at least 1"),
        ({"learning_rates": [0.1, 0.01]}, "rise"),
        ({"learning_rates": []}, "1 to 400"),
        ({"learning_rates": [0.0, 0.1]}, "above 0"),
        ({"learning_rates": [0.1, np.nan]}, "finite"),
        ({"other": [0.5, 1.5], "optimizers": [ls.Momentum()]}, "momentum must be"),
        ({"surface": ls.formula("1/x", domain=((-1, 1),)), "starts": [[0.0]]}, "no finite value"),
    ],
)
def test_what_cannot_be_compared_is_refused(changes, words) -> None:
    asked = {"surface": QUADRATIC, "optimizers": [ls.SGD()], "starts": START, "n_steps": 10} | changes
    with pytest.raises(ValueError, match=words):
        ls.tuning(**asked)


def test_a_surface_that_falls_without_end_is_told_by_what_left() -> None:
    found = ls.tuning(ls.surface("saddle"), [ls.SGD()], [(0.5, 0.5)], 60, [0.001, 0.5])
    assert found.left[0].tolist() == [0.0, 1.0]
    assert found.diverged[0].tolist() == [0.0, 0.0]
    assert "outside the picture" in verdict(found, 0)


def test_a_budget_that_pays_for_no_step_is_refused() -> None:
    with pytest.raises(ValueError, match="Newton asks 3 gradients for its first step here and cannot take it for 2"):
        ls.tuning(QUADRATIC, [ls.SGD(), ls.Newton()], START, 2)


def test_a_start_without_a_gradient_is_refused() -> None:
    with pytest.raises(ValueError, match="start 1: the surface has no finite gradient"):
        ls.tuning(ls.formula("sqrt(x)+y^2", domain=((0, 1), (0, 1))), [ls.SGD()], [[0.5, 0.5], [0.0, 0.5]], 5)
