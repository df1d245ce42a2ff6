"""Outcomes and verdicts: what a path is said to have come to, on surfaces where the answer is known."""

import pickle

import numpy as np
import pytest

import landscape as ls
from landscape.descent.trajectory import Outcome, intervals_below
from landscape.language import speaking
from landscape.language.pseudo import PSEUDO

SADDLE = ls.surface("escaping_saddle")


def outcome(surface, optimizer, start, n_steps):
    if isinstance(surface, str):
        surface = ls.surface(surface)
    trajectory = ls.descend(surface, optimizer, [start], n_steps)
    return trajectory.outcomes[0], trajectory.verdicts[0]


def test_converged_gradient_descent_on_a_saddle_is_not_called_converged():
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


def test_a_verdict_is_said_in_the_language_of_who_reads_it_and_compared_by_english_words():
    with speaking("ko"):
        (verdict,) = ls.descend("styblinski_tang", ls.SGD(learning_rate=0.01), [(2.5, -2.5)], 300).judgements
        assert (verdict.title, verdict.outcome.title) == ("지역 최솟값", "최솟값")
        assert verdict.sentence.startswith(verdict.brief)
        assert "지역 최솟값에 있음(" in verdict.brief
    assert verdict.sentence.startswith("at a local minimum (14.1 above the lowest known) since step")
    assert verdict.title == verdict.end == "local minimum"
    with speaking(PSEUDO):
        for outcome in Outcome:
            assert outcome.title != outcome.word
            assert outcome.sentence != outcome.value
    again = pickle.loads(pickle.dumps(verdict))
    assert again.sentence == verdict.sentence


def test_a_start_on_a_maximum():
    end, _ = outcome(ls.formula("cos(x) + cos(y)", domain=((-2, 2), (-2, 2))), ls.SGD(), (0.0, 0.0), 50)
    assert end is Outcome.MAXIMUM


def test_flat_ground_without_a_critical_point_is_a_plateau():
    end, sentence = outcome("saturated_neuron_squared", ls.SGD(learning_rate=0.1), (-8.0,), 300)
    assert end is Outcome.PLATEAU
    assert "no critical point could be certified nearby" in sentence


def test_leaving_the_picture_downhill_is_not_divergence():
    end, sentence = outcome("saddle", ls.SGD(learning_rate=0.1), (0.5, 0.5), 60)
    assert end is Outcome.OUTSIDE
    assert "outside the picture, last seen in it at step" in sentence


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
    assert "on a flat stretch" in run.verdicts[0]
    assert "from a minimum" in run.verdicts[0]
    assert run.steps_to_leave() == (None,)


@pytest.mark.parametrize("text", ["-(x - y)^2", "-(x*y)^2"])
def test_a_ridge_of_maxima_is_no_flat_ground(text):
    end, sentence = outcome(ls.formula(text), ls.SGD(learning_rate=0.01), (1.0, 1.0 if "-" in text[1:] else 1e-9), 100)
    assert end is Outcome.MAXIMUM
    assert "at no place sampled round it does it rise" in sentence


@pytest.mark.parametrize("text", ["x^3*y^3", "sin(x)^3*sin(y)^3", "(x - y)^3*(x + y)^3", "x^3 + y^3"])
@pytest.mark.parametrize("rule", [ls.SGD(learning_rate=0.1), ls.Adam(learning_rate=0.01)])
def test_flat_ground_that_rises_somewhere_is_no_maximum(text, rule):
    ground, starts = ls.formula(text), [[1.0, 1.0], [0.3, 0.3], [1.0, 0.0]]
    ends = ls.descend(ground, rule, starts, 2000).outcomes
    assert {Outcome.MINIMUM, Outcome.MAXIMUM}.isdisjoint(ends)
    assert list(ls.ensemble(ground, rule, starts, 2000).outcomes) == list(ends)


@pytest.mark.parametrize(("x", "end"), [(0.0, Outcome.MAXIMUM), (0.1, Outcome.PLATEAU)])
def test_the_slope_beside_a_maximum_is_not_the_maximum(x, end):
    ground, rule = ls.formula("-1e-3*x^2 - 1e-3*y^2"), ls.SGD(learning_rate=0.1)
    run = ls.descend(ground, rule, [[x, 0.0]], 10)
    assert run.outcomes[0] is end
    assert ("from a maximum" in run.verdicts[0]) == (x > 0)
    assert ls.ensemble(ground, rule, [[x, 0.0]], 10).outcomes[0] is end


@pytest.mark.parametrize(
    "text", ["sign(x) + x^2 + y^2", "x^2 + sign(y) + y^2", "sign(x) + x^4 + y^2", "sign(x - y) + x^2 + y^2"]
)
def test_a_jump_is_no_minimum(text):
    ground, rule = ls.formula(text), ls.SGD(learning_rate=0.1)
    run = ls.descend(ground, rule, [[1.0, 0.9]], 1000)
    assert run.outcomes[0] is Outcome.PLATEAU
    assert "minimum" not in ls.basins(ground, rule, (5, 5), 200).table()[0]
    assert not ls.critical_points(ground).points


def test_a_minimum_off_a_jump_is_one():
    run = ls.descend(ls.formula("sign(x - 1) + x^2 + y^2"), ls.SGD(learning_rate=0.1), [[0.5, 1.0]], 200)
    assert run.outcomes[0] is Outcome.MINIMUM


def test_hopping_about_just_outside_the_picture_is_not_divergence():
    ground = ls.formula("sin(3*x) + sin(3*y) + 0.05*x")
    starts, rule = ls.grid_starts(ground.domain, 6), ls.SGD(learning_rate=0.5)
    ends = ls.descend(ground, rule, starts, 200).outcomes
    assert Outcome.OUTSIDE in ends
    assert Outcome.DIVERGED not in ends
    assert list(ls.ensemble(ground, rule, starts, 200).outcomes) == list(ends)


SPHERE = ls.surface("sphere")
LARGE_STEPS = [
    (SPHERE, ls.Adam(learning_rate=5.0), (0.5, 0.4)),
    (SPHERE, ls.Momentum(learning_rate=1.6, momentum=0.95), (1.0, -1.5)),
    (SPHERE, ls.RMSprop(learning_rate=3.0), (0.1, 0.1)),
    (SPHERE, ls.Lion(learning_rate=40.0), (0.3, 0.2)),
    (ls.formula("exp(x) + exp(-x) + y^8"), ls.Adam(learning_rate=4.0), (0.5, 0.4)),
    (ls.formula("x^20 + y^2"), ls.Adam(learning_rate=4.0), (0.5, 0.4)),
    (ls.surface("beale"), ls.Adam(learning_rate=6.0), (1.0, 1.0)),
]


@pytest.mark.parametrize(("surface", "rule", "start"), LARGE_STEPS)
def test_a_path_that_comes_back_never_diverged(surface, rule, start):
    """At every length of the run the verdict has to be one that all longer runs bear out."""
    longest = ls.descend(surface, rule, [start], 4000)
    assert longest.last[0] == 4000
    inside = surface.domain.contains(longest.points[0])
    assert not inside.all()
    for n_steps in (1, 2, 3, 5, 8, 13, 16, 17, 20, 24, 32, 33, 64, 100, 2000):
        run = ls.descend(surface, rule, [start], n_steps)
        assert run.outcomes[0] is not Outcome.DIVERGED
        assert (run.outcomes[0] is Outcome.OUTSIDE) <= (not inside[n_steps])
        assert list(ls.ensemble(surface, rule, [start], n_steps).outcomes) == list(run.outcomes)


@pytest.mark.parametrize(
    ("surface", "rule", "start"),
    [
        (SPHERE, ls.SGD(learning_rate=1.2), (1.0, 1.0)),
        (SPHERE, ls.Momentum(learning_rate=3.0, momentum=0.3), (1.0, 0.1)),
        (ls.formula("x^2 - 1000"), ls.SGD(learning_rate=1.5), (1.0,)),
        (ls.formula("-x^2 - y^2"), ls.SGD(learning_rate=0.1), (1.0, 1.0)),
    ],
)
def test_divergence_is_said_with_its_growth_and_stays_said(surface, rule, start):
    ends = [ls.descend(surface, rule, [start], n) for n in (1, 2, 4, 15, 40, 80, 4000)]
    diverged = [run.outcomes[0] is Outcome.DIVERGED for run in ends]
    assert not any(diverged[:4])
    assert diverged[-1]
    assert diverged == sorted(diverged)
    for run in ends:
        assert ls.ensemble(surface, rule, [start], run.n_steps).outcomes[0] is run.outcomes[0]
        if run.outcomes[0] is Outcome.DIVERGED and run.last[0] == run.n_steps:
            assert f"{run.values[0, run.n_steps // 2]:.3g} at step {run.n_steps // 2}" in run.verdicts[0]


@pytest.mark.parametrize("start", [(30.0, 1.0), (-4.0, 4.0)])
def test_a_start_outside_that_comes_in_did_not_leave(start):
    for n_steps in (0, 3, 30, 300):
        run = ls.descend(SPHERE, ls.SGD(learning_rate=0.01), [start], n_steps)
        assert "left" not in run.verdicts[0]
        outside = not SPHERE.domain.contains(run.final_points[0])
        assert (run.outcomes[0] is Outcome.OUTSIDE) == outside
        assert ("as at the start" in run.verdicts[0]) == outside
    assert run.outcomes[0] is Outcome.MOVING


def test_a_lean_run_says_when_it_was_last_seen_inside():
    run = ls.descend(ls.surface("saddle"), ls.SGD(learning_rate=0.1), [(0.5, 0.5)], 60, keep=7)
    assert (
        f"last seen in it at step {run.point_steps[run.surface.domain.contains(run.points[0])][-1]}:" in run.verdicts[0]
    )


@pytest.mark.parametrize("n_steps", [0, 1, 2])
def test_one_step_is_one(n_steps):
    starts = [(0.0, 0.0), (0.5, 0.5), (1.0, 1e-9), (3.9, 3.9)]
    for surface in (SPHERE, SADDLE, ls.formula("abs(x) + y^2"), ls.formula("0*x + tanh(y)")):
        for sentence in ls.descend(surface, ls.SGD(), starts, n_steps).verdicts:
            assert "1 steps" not in sentence
            assert "0 steps" not in sentence


def test_a_path_that_stands_is_not_moving():
    run = ls.descend(SPHERE, ls.SGD(learning_rate=1e-17), [(1.0, 0.5)], 80)  # steps that are lost in rounding
    assert "in one place from step 0 on" in run.verdicts[0]
    assert "moving" not in run.verdicts[0]


def test_no_gradient_at_the_start_is_said():
    surface = ls.from_functions(lambda x: float(np.sqrt(x[0])), lambda x: 0.5 / np.sqrt(x), 1, domain=((0, 2),))
    with np.errstate(all="ignore"):
        run = ls.descend(surface, ls.SGD(), [[0.0]], 5)
    assert run.outcomes[0] is Outcome.UNDEFINED
    assert "no finite gradient" in run.verdicts[0]


@pytest.mark.parametrize("text", ["sqrt(x^2 + y^2)^1.5", "(x^2 + y^2)^0.75", "(x^2 + y^2)^0.6 + x^2"])
def test_no_number_is_shown_for_a_curvature_without_bound(text):
    run = ls.descend(ls.formula(text), ls.SGD(learning_rate=0.1), [(0.0, 0.0), (1.0, 0.5)], 300)
    for sentence in run.verdicts:
        assert "e+" not in sentence
        assert "no gradient vanishes" not in sentence


def test_a_large_curvature_that_is_true_is_shown():
    run = ls.descend(ls.formula("1e12*x^2 + 3e12*y^2"), ls.SGD(learning_rate=1e-13), [(0.0, 1e-18)], 5)
    assert "smallest Hessian eigenvalue 2e+12" in run.verdicts[0]


@pytest.mark.parametrize("text", ["abs(x)^1.5", "(x^2)^0.6", "abs(x)^1.2 + y^2"])
def test_a_tip_without_a_second_derivative_is_the_minimum_that_it_is(text):
    ground = ls.formula(text)
    (sentence,) = ls.descend(ground, ls.SGD(), np.zeros((1, ground.n_dims)), 50).verdicts
    assert "at a minimum" in sentence
    assert "a Hessian that is not finite there" in sentence


@pytest.mark.parametrize(
    ("text", "slope"), [("x^3 + 1e-12*x", 1e-12), ("1e3*x^3 + 1e-11*x", 1e-11), ("x^3 + 1e-14*x", 1e-14)]
)
def test_an_inflection_that_may_have_a_slope_says_how_small_it_is(text, slope):
    ground = ls.formula(text, domain=((-1, 1),))
    (sentence,) = ls.descend(ground, ls.SGD(), [[0.0]], 50).verdicts
    assert f"horizontal inflection (to within a slope of {slope:.1g})" in sentence
    assert f"comes as near to it as {slope:.1g}" in ls.critical_points(ground).statement


# formula, domain, rate: curvatures of 2e12 and -2, or of that ratio
STEEP_AND_FLAT = [
    ("(1e6*x)^2 - y^2", ((-2e-6, 2e-6), (-2, 2)), 4e-13, "eigenvalue -2"),
    ("1e6*x^2 - 1e-6*y^2", ((-2, 2), (-2, 2)), 4e-7, "eigenvalue -2e-06"),
    ("1e-6*x^2 - 1e6*y^2", ((-2, 2), (-2, 2)), 4e-7, "eigenvalue -2e+06"),
    ("(1e6*(x + y))^2 - (x - y)^2", ((-2, 2), (-2, 2)), 1e-13, "eigenvalue 0 to within 40"),
]


@pytest.mark.parametrize(("text", "domain", "rate", "says"), STEEP_AND_FLAT)
def test_a_small_curvature_beside_a_large_one_is_not_called_zero(text, domain, rate, says):
    ground = ls.formula(text, domain=domain)
    run = ls.descend(ground, ls.SGD(learning_rate=rate), [[0.0, 0.0]], 200)
    assert run.outcomes[0] is Outcome.SADDLE
    assert says in run.verdicts[0]
    assert "degenerate" not in run.verdicts[0]
    if "within" not in says:
        assert ls.critical_points(ground).counts == {"saddle": 1}
        assert ls.critical_points(ls.formula(text.replace(" - ", " + "), domain=domain)).counts == {"minimum": 1}


# formula, start, rate: one step leads to where f has no value, though its loss never grew
BROKEN_OFF = [
    ("sqrt(x)", [1.0], 0.5),
    ("log(x)", [1.0], 0.5),
    ("x^1.5", [1.0], 0.5),
    ("asin(x)", [0.5], 2.0),
    ("x^x", [0.1], 3.0),
    ("x^2 - 0.5*log(1 - x^2)", [0.98], 0.1),
    ("sqrt(x) + y^2", [0.02, 0.3], 0.1),
]


@pytest.mark.parametrize(("text", "start", "rate"), BROKEN_OFF, ids=[text for text, *_ in BROKEN_OFF])
def test_a_path_to_where_f_has_no_value_breaks_off_and_does_not_diverge(text, start, rate):
    surface = ls.formula(text)
    run = ls.descend(surface, ls.SGD(learning_rate=rate), [start], 60)
    assert run.outcomes[0] is Outcome.BROKE_OFF
    assert "the next step led to where the surface has no finite value" in run.verdicts[0]
    assert ls.ensemble(surface, ls.SGD(learning_rate=rate), [start], 60).outcomes[0] is Outcome.BROKE_OFF


def test_a_loss_that_grows_beyond_all_numbers_diverges():
    for text in ("x^2", "x^4", "-x^4", "x^2 + x^6"):
        run = ls.descend(ls.formula(text), ls.SGD(learning_rate=1.5), [[2.0]], 5000)
        assert run.outcomes[0] is Outcome.DIVERGED, run.verdicts[0]


@pytest.mark.parametrize("text", ["x^2 + 0*y", "y^2 + x^4", "(x + y)^2", "-(x^2 + y^4)", "(x - y)^2*1e-3"])
def test_a_curvature_that_rounding_made_is_no_number(text):
    run = ls.descend(ls.formula(text), ls.SGD(learning_rate=0.1), [(1e-9, 2e-9), (0.0, 0.0)], 10)
    for sentence in run.verdicts:
        assert "e-" not in sentence.split("Hessian eigenvalue ")[-1]
        assert "loss -0," not in sentence
