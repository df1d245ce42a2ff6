"""Very many starts counted step by step: by the compiled loop as by hand, and where theory says they are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.critical_points import critical_points
from landscape.analysis.survival import MAX_SWARM, Places, survival
from landscape.optimizers import OPTIMIZERS
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.surfaces import SURFACES

RULES = [rule for rule in OPTIMIZERS.values() if issubclass(rule, ElementwiseOptimizer)]
PAIRS = list(zip(SURFACES, itertools.cycle(RULES), strict=False))


def counted_by_hand(found, rule, starts, n_steps, threshold):
    """Counts (L, C) of all starts of the recorded paths, each asked for itself."""
    places, run = found.places, ls.descend(found.surface, rule, starts, n_steps)
    counts = np.zeros((n_steps + 1, len(places.fates)), dtype=int)
    for start, t in np.ndindex(len(starts), n_steps + 1):
        lost = t > run.last[start] or not np.isfinite(run.values[start, t])
        near = np.linalg.norm(places.centers - run.points[start, t], axis=-1) <= places.radii
        if lost:
            fate = len(places.fates) - 1
        elif not run.gradient_norms[start, t] < threshold:
            fate = 0
        else:
            fate = places.fate[near][0] if near.any() else 1
        counts[t, fate] += 1
    return counts


@pytest.mark.parametrize(("name", "rule"), PAIRS, ids=[f"{name}-{rule.key}" for name, rule in PAIRS])
def test_the_compiled_loop_counts_what_the_recorded_paths_show(name, rule):
    surface, optimizer = ls.surface(name), rule()
    starts = ls.Random(12, seed=3).on(surface)
    found = survival(surface, optimizer, starts, 25, threshold=0.5)
    assert (found.counts.sum(axis=-1) == 12).all()
    np.testing.assert_array_equal(found.counts[0], counted_by_hand(found, optimizer, starts, 25, 0.5))


@pytest.mark.parametrize("name", SURFACES)
def test_a_place_belongs_to_one_fate(name):
    found = critical_points(name)
    places = Places.of(found)
    assert [fate.kind for fate in places.fates[:4]] == ["moving", "flat", "saddle", "maximum"]
    assert places.fates[-1].kind == "gone"
    # Balls of different fates touch at most, and the point itself is in its own.
    other = places.fate[:, None] != places.fate
    away = np.linalg.norm(places.centers[:, None] - places.centers, axis=-1)
    assert (places.radii[:, None] + places.radii <= away * (1 + 1e-12))[other].all()
    np.testing.assert_array_equal(places.fate[places.at(places.centers)], places.fate)


def test_on_a_bowl_all_arrive_and_a_step_too_large_loses_all():
    bowl = survival("sphere", (ls.SGD(learning_rate=0.1), ls.SGD(learning_rate=1.5)), ls.Grid(15), 1100)
    # One start is the minimum itself, which no step moves.
    assert bowl.share("minimum")[0, [0, -1]].tolist() == [1 / 15**2, 1.0]
    assert bowl.counts[1, -1, -1] == 15**2 - 1
    assert bowl.share("minimum")[1, -1] == 1 / 15**2


def test_on_the_stable_manifold_all_end_at_the_saddle_and_beside_it_none():
    surface = ls.formula("x^2/2 - y^2/2 + y^4/4", domain=((-2, 2), (-2, 2)))
    x = np.linspace(-1.5, 1.5, 40)
    on = np.stack([x, np.zeros(40)], axis=-1)
    assert survival(surface, ls.SGD(learning_rate=0.1), on, 200).share("saddle")[0, -1] == 1.0
    beside = survival(surface, ls.SGD(learning_rate=0.1), on + np.array([0.0, 1e-6]), 400, threshold=1e-2)
    waiting = beside.share("saddle")[0]
    assert waiting.max() == 1.0
    assert beside.share("minimum")[0, -1] == 1.0


def test_a_plain_is_left_sooner_by_adam_than_by_gradient_descent():
    rules = (ls.SGD(learning_rate=0.05), ls.RMSprop(learning_rate=0.01), ls.Adam(learning_rate=0.05))
    flat = survival("plateau_1d", rules, ls.Random(2000), 300).share("flat")
    assert (flat[1:, -1] < 0.5 * flat[1:, 0]).all()
    assert flat[0, -1] >= flat[0, 0]


def test_a_valley_of_minima_and_flat_ground_are_told_apart():
    found = survival("dead_relu", ls.SGD(learning_rate=0.1), ls.Random(1000), 200)
    valley = ["valley" in fate.words for fate in found.fates]
    assert found.shares[0, -1, valley].sum() > 0.2
    assert found.share("flat")[0, -1] > 0.2


def test_ends_are_those_of_the_ensemble():
    rule, starts = ls.Momentum(learning_rate=0.01), ls.Random(3000, seed=1)
    found, ends = survival("himmelblau", rule, starts, 300), ls.ensemble("himmelblau", rule, starts, 300)
    assert found.counts[0, -1, -1] == np.count_nonzero(ends.last < 300)
    at_rest = np.isin(ends.outcomes, [ls.Outcome.MINIMUM])
    assert found.share("minimum")[0, -1] == at_rest.mean()


def test_a_long_run_is_counted_now_and_then_and_films_some_of_its_points():
    rule, starts = ls.Adam(learning_rate=0.05), ls.Grid((20, 10))
    short, long = (survival("plateau", rule, starts, n, n_frames=5, n_filmed=30) for n in (40, 2400))
    assert len(short.looks) == 41
    assert 900 < len(long.looks) <= 1001
    assert (long.looks[0], long.looks[-1]) == (0, 2400)
    assert long.points.shape == (1, 6, 30, 2)
    run = ls.descend("plateau", rule, starts, 2400)
    np.testing.assert_allclose(long.points[0], run.points[long.filmed][:, long.frames].swapaxes(0, 1), atol=1e-9)
    np.testing.assert_array_equal(long.counts[0, 0], short.counts[0, 0])


@pytest.mark.parametrize(
    ("surface", "rule", "starts", "options", "words"),
    [
        ("himmelblau", "newton", [(0.0, 0.0)], {}, "asks for more"),
        (ls.surface("ackley", n_dims=3), "sgd", [(0.0, 0.0, 0.0)], {}, "one or two dimensions"),
        ("himmelblau", (), [(0.0, 0.0)], {}, "at least one optimizer"),
        ("himmelblau", "sgd", ls.Random(MAX_SWARM + 1), {}, "at most 50,000 starts"),
        ("himmelblau", "sgd", [(0.0, 0.0)], {"threshold": 0.0}, "above 0"),
        ("himmelblau", "sgd", [(0.0, 0.0)], {"threshold": float("nan")}, "above 0"),
    ],
)
def test_what_makes_no_swarm_is_refused(surface, rule, starts, options, words):
    with pytest.raises(ValueError, match=words):
        survival(surface, rule, starts, 10, **options)
