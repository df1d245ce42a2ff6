"""Outcomes and verdicts: what a path is said to have come to, on surfaces where the answer is known."""

import numpy as np
import pytest

import landscape as ls
from landscape.trajectory import Outcome, intervals_below

SADDLE = ls.surface("escaping_saddle")


def outcome(surface, optimizer, start, n_steps):
    if isinstance(surface, str):
        surface = ls.surface(surface)
    trajectory = ls.descend(surface, optimizer, [start], n_steps)
    return trajectory.outcomes[0], trajectory.verdicts[0]


def test_converged_gradient_descent_on_a_saddle_is_called_stuck_not_converged():
    end, sentence = outcome(SADDLE, ls.SGD(learning_rate=0.1), (1.0, 0.0), 200)
    assert end is Outcome.SADDLE
    assert "saddle of index 1, not a minimum" in sentence
    assert "smallest Hessian eigenvalue -2" in sentence


def test_a_minimum_is_certified_by_the_hessian():
    end, sentence = outcome("himmelblau", ls.SGD(learning_rate=0.01), (2.5, 2.5), 300)
    assert end is Outcome.MINIMUM
    assert "smallest Hessian eigenvalue" in sentence


def test_a_local_minimum_says_how_far_it_lies_above_the_lowest():
    end, sentence = outcome("styblinski_tang", ls.SGD(learning_rate=0.01), (2.5, -2.5), 300)
    assert end is Outcome.MINIMUM
    assert "local minimum (14.1 above" in sentence


def test_a_start_on_a_maximum():
    end, _ = outcome(ls.formula("cos(x) + cos(y)", domain=((-2, 2), (-2, 2))), ls.SGD(), (0.0, 0.0), 50)
    assert end is Outcome.MAXIMUM


def test_flat_ground_without_a_critical_point_is_a_plateau():
    end, sentence = outcome("saturated_neuron_squared", ls.SGD(learning_rate=0.1), (-8.0,), 300)
    assert end is Outcome.PLATEAU
    assert "no critical point nearby" in sentence


def test_leaving_the_picture_downhill_is_not_divergence():
    end, sentence = outcome("saddle", ls.SGD(learning_rate=0.1), (0.5, 0.5), 60)
    assert end is Outcome.LEFT
    assert "left the picture at step" in sentence


@pytest.mark.parametrize("n_steps", [60, 5000])
def test_too_large_a_step_diverges_before_and_after_overflow(n_steps):
    end, sentence = outcome("sphere", ls.SGD(learning_rate=1.2), (1.0, 1.0), n_steps)
    assert end is Outcome.DIVERGED
    assert "diverged" in sentence


def test_a_short_run_is_still_moving_and_says_what_is_near():
    end, sentence = outcome("sphere", ls.SGD(learning_rate=0.01), (0.1, 0.1), 5)
    assert end is Outcome.MOVING
    assert "from a minimum" in sentence


def test_no_value_at_the_start_is_said():
    end, sentence = outcome(ls.formula("log(x) + y**2", domain=((-2, 2), (-2, 2))), ls.SGD(), (-1.0, 0.0), 10)
    assert end is Outcome.UNDEFINED
    assert "no finite value" in sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x**2 + y**4", Outcome.MINIMUM), ("x**2 - y**4", Outcome.SADDLE), ("x**3 - 3*x*y**2", Outcome.SADDLE)],
)
def test_a_zero_eigenvalue_decides_nothing_alone(text, expected):
    surface = ls.formula(text, domain=((-1, 1), (-1, 1)))
    end, _ = outcome(surface, ls.SGD(learning_rate=0.05), (0.0, 0.0), 50)
    assert end is expected


def test_plateaus_are_the_runs_of_small_gradient_before_the_end():
    trajectory = ls.descend(SADDLE, ls.SGD(learning_rate=0.05), [[1.0, 1e-8]], 600)
    ((interval,),) = trajectory.plateaus()
    inside = trajectory.gradient_norms[0, interval[0] : interval[1] + 1]
    assert (inside < 1e-3).all()
    assert trajectory.gradient_norms[0, interval[0] - 1] >= 1e-3
    assert trajectory.gradient_norms[0, interval[1] + 1] >= 1e-3
    assert trajectory.outcomes[0] is Outcome.MINIMUM
    assert trajectory.steps_to_leave() == (interval[1] + 1,)


def test_a_path_that_never_leaves_its_plateau_says_so():
    trajectory = ls.descend(SADDLE, ls.SGD(learning_rate=0.1), [[1.0, 0.0], [1.0, 1.0]], 100)
    assert trajectory.steps_to_leave() == (None, 0)


def test_intervals_stop_at_gaps():
    values = np.array([0.1, np.nan, 0.1, 0.1, 5.0])
    assert intervals_below(values, 1.0) == ((0, 0), (2, 3))
    assert intervals_below(values, 1.0, min_steps=2) == ((2, 3),)


def test_a_small_gradient_far_from_the_minimum_is_a_plateau_and_not_rest():
    # So flat that the gradient norm is below the threshold from the start, on the saddle and at the minimum alike.
    ground = ls.formula("0.0009*(x^2 - y^2 + y^4/4)")
    run = ls.descend(ground, ls.SGD(learning_rate=10.0), [[0.0, 1e-8]], 4000)
    near = np.linalg.norm(run.points[0] - run.final_points[0], axis=-1) <= 0.005 * ground.domain.diagonal
    arrived = int(np.flatnonzero(~near)[-1]) + 1
    assert 1000 < arrived < 1300
    assert f"at a minimum since step {arrived}" in run.verdicts[0]
    assert run.plateaus() == (((0, arrived - 1),),)
    assert run.steps_to_leave() == (arrived,)


def test_turning_points_of_a_path_that_circles_at_its_minimum_are_no_plateaus():
    run = ls.descend(SADDLE, ls.Adam(learning_rate=0.05), [[1.6, 1e-12]], 200)
    assert run.outcomes[0] is Outcome.MINIMUM
    assert len(intervals_below(run.gradient_norms[0], 1e-3, 5)) == 2
    assert np.linalg.norm(run.points[0, 152] - run.final_points[0]) < 0.01
    assert run.plateaus() == ((),)
    assert run.steps_to_leave() == (0,)


def test_flat_ground_short_of_a_minimum_is_still_a_plateau():
    run = ls.descend(ls.surface("flat_bottom"), ls.SGD(learning_rate=0.05), [[1.0]], 3000)
    assert "on flat ground" in run.verdicts[0]
    assert "from a minimum" in run.verdicts[0]
    assert run.steps_to_leave() == (None,)


@pytest.mark.parametrize("text", ["-(x - y)^2", "-(x*y)^2"])
def test_a_ridge_of_maxima_is_no_flat_ground(text):
    end, sentence = outcome(ls.formula(text), ls.SGD(learning_rate=0.01), (1.0, 1.0 if "-" in text[1:] else 1e-9), 100)
    assert end is Outcome.MAXIMUM
    assert "it rises nowhere" in sentence


@pytest.mark.parametrize(("text", "start"), [("x^2 - 0.5*log(1 - x^2)", [0.98]), ("sqrt(x) + y^2", [0.02, 0.3])])
def test_a_step_to_where_there_is_no_value_is_called_so(text, start):
    ground = ls.formula(text, domain=((-1, 1),) * len(start))
    end, sentence = outcome(ground, ls.SGD(learning_rate=0.1), start, 60)
    assert end is Outcome.DIVERGED
    assert "it stepped to where the surface has no finite value" in sentence


def test_hopping_about_just_outside_the_picture_is_not_divergence():
    ground = ls.formula("sin(3*x) + sin(3*y) + 0.05*x")
    starts, rule = ls.grid_starts(ground.domain, 6), ls.SGD(learning_rate=0.5)
    ends = ls.descend(ground, rule, starts, 200).outcomes
    assert Outcome.LEFT in ends
    assert Outcome.DIVERGED not in ends
    assert list(ls.ensemble(ground, rule, starts, 200).outcomes) == list(ends)
