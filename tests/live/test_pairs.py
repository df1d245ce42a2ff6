"""Surfaces of one and two dimensions with elementwise rules: both readers against ``descend``.

The list of a surface is read without knowing the rule, and that of a rule without the surface: each meets many others,
not all of them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import landscape as ls
from landscape.live.offer import offer
from landscape.live.walk import walk
from landscape.optimizers import SCHEDULES
from landscape.surfaces import SURFACES
from tests.live.pairs import N_STARTS, N_STEPS, RULES, plain, run, starts_of

LIMIT = 1e-12
"""How far a path may lie off, as a share of its largest coordinate (of 1 where that is less)."""


def apart(points, expected):
    """Return how far paths (S, T+1, n) lie apart, as a share of the largest coordinate of each."""
    with np.errstate(invalid="ignore"):
        gaps = np.nanmax(np.abs(points - expected), axis=(1, 2))
    return (gaps / np.maximum(np.nanmax(np.abs(expected), axis=(1, 2)), 1.0)).max()


def judged(pairs, folder, faster=1.0):
    """Yield surface, optimizer, what ``descend`` records, and what the two readers find."""
    built = [(surface, kind(learning_rate=faster * kind().learning_rate)) for surface, kind in pairs]
    recipes = [ls.Experiment(surface, (optimizer,), starts_of(surface), N_STEPS) for surface, optimizer in built]
    answers = run([{"live": plain(offer(recipe))} for recipe in recipes], folder)
    for (surface, optimizer), paths in zip(built, answers, strict=True):
        assert not isinstance(paths, str), (surface.name, optimizer.key, paths)
        starts = starts_of(surface)
        yield (
            surface,
            optimizer,
            ls.descend(surface, optimizer, starts, N_STEPS),
            walk(surface, optimizer, starts, N_STEPS),
            paths,
        )


def parted(points, expected):
    """Return how far paths (S, T+1, n) have been apart up to each step (S, T+1), measured as in ``apart``."""
    with np.errstate(invalid="ignore"):
        gaps = np.fmax.accumulate(np.fmax.reduce(np.abs(points - expected), axis=2), axis=1)
    return gaps / np.maximum(np.nanmax(np.abs(expected), axis=(1, 2)), 1.0)[:, None]


def chaotic(surface, optimizer):
    """Return at which steps (S, T+1) paths have parted, in Python alone, by gradients taken a hundredth of LIMIT off.

    Such paths tell the last digits of a sine or an exponential, in which NumPy and browsers differ: thrown back by a
    cliff again and again, or divided by a gradient that has become rounding.
    """
    rng, starts = np.random.default_rng(1), starts_of(surface)

    def nudged(x):
        return surface.gradient(x * (1.0 + 1e-14 * rng.normal(size=x.shape)))

    moved = ls.from_functions(surface.value, nudged, surface.n_dims, domain=surface.domain, batched=True)
    one, *others = (ls.descend(ground, optimizer, starts, N_STEPS).points for ground in (surface, *[moved] * 4))
    return np.max([parted(other, one) for other in others], axis=0) > LIMIT


def check(pairs, folder):
    """Hold each path to ``descend`` until it turns chaotic, which few paths may."""
    excused = 0
    for surface, optimizer, expected, listed, paths in judged(pairs, folder):
        pair = surface.name, optimizer.key
        assert listed.last.tolist() == expected.last.tolist() == [path["last"] for path in paths], pair
        assert apart(listed.points, expected.points) <= LIMIT, pair
        gaps = parted(np.array([path["points"] for path in paths]), expected.points)
        off = gaps > LIMIT
        if off.any():
            assert chaotic(surface, optimizer)[off].all(), (pair, gaps.max())
        excused += off.any(axis=1).sum()
        found = np.array([path["values"] for path in paths])
        np.testing.assert_allclose(
            found[~off], expected.values[~off], rtol=1e-6, atol=1e-9 * np.nanmax(np.abs(expected.values))
        )
    assert excused <= len(pairs) * N_STARTS / 8, excused


def rules_for(surface, one_in):
    """Return one in so many rules, others for each surface: every rule meets one in so many surfaces."""
    first = list(SURFACES).index(surface.name)
    return [(surface, kind) for k, kind in enumerate(RULES.values()) if (k + first) % one_in == 0]


def test_each_surface_and_each_rule_runs_in_the_browser_as_in_python(tmp_path):
    kinds = list(RULES.values())
    check([(surface, kinds[k % len(kinds)]) for k, surface in enumerate(SURFACES.values())], tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_pairs_run_in_the_browser_as_in_python(surface, tmp_path):
    check(rules_for(surface, 2), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_with_rates_a_hundred_times_as_large_the_last_finite_step_is_the_same(surface, tmp_path):
    for _, optimizer, expected, listed, paths in judged(rules_for(surface, 4), tmp_path, 100.0):
        assert listed.last.tolist() == expected.last.tolist() == [path["last"] for path in paths], optimizer.key


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_is_a_column_of_rates(schedule, tmp_path):
    recipe = ls.Experiment("himmelblau", ("adam", "momentum"), [(1.0, 2.0), (-3.0, 0.5)], 90, schedule=schedule)
    (paths,) = run([{"live": plain(offer(recipe))}], tmp_path)
    expected = np.concatenate([t.points for t in recipe.run().trajectories])
    assert apart(np.array([path["points"] for path in paths]), expected) <= LIMIT
    listed = walk(recipe.surface, recipe.optimizers[0], recipe.points, 90, recipe.schedule)
    assert apart(listed.points, expected[:2]) <= LIMIT


STARTS = {
    "runs away": ("x^4 - y^2", [(3.0, 1.0), (1.0, 0.0)]),
    "has no value there": ("log(x) + y^2", [(-1.0, 1.0), (1.0, 1.0)]),
    "leaves where there are values": ("sqrt(x) + y^2", [(0.01, 1.0), (1.0, 1.0)]),
    "overflows the norm before the value": ("1e99*x^3 + y^2", [(1e30, 1.0), (0.0, 1.0)]),
    "one dimension": ("x^4 - x", [(5.0,), (0.5,)]),
    "a constant slope": ("x + y^2", [(5.0, 1.0), (0.5, -1.0)]),
}


@pytest.mark.parametrize(("formula", "starts"), STARTS.values(), ids=STARTS)
def test_paths_end_where_descend_ends_them(formula, starts, tmp_path):
    surface = ls.formula(formula, ((-2, 2),) * len(starts[0]))
    recipe = ls.Experiment(surface, (ls.SGD(learning_rate=0.5), ls.Adam(learning_rate=0.5)), starts, 60)
    (paths,) = run([{"live": plain(offer(recipe))}], tmp_path)
    trajectories = recipe.run().trajectories
    assert [path["last"] for path in paths] == np.concatenate([t.last for t in trajectories]).tolist()
    for path, values in zip(paths, np.concatenate([t.values for t in trajectories]), strict=True):
        np.testing.assert_array_equal(np.isfinite(path["values"]), np.isfinite(values))


def test_an_optimizer_of_which_nobody_knows_is_live_at_once(tmp_path):
    @dataclass(frozen=True)
    class Halving(ls.ElementwiseOptimizer):
        """Signed steps that halve where the sign turns."""

        learning_rate: float = ls.parameter(0.3, 1e-3, 1.0, "first step", log=True, minimum=0.0)
        share: float = ls.parameter(0.5, 0.1, 0.9, "what is left of a step", minimum=0.0)
        key, title, n_slots = "halving", "Halving", 2
        note: ClassVar[str] = "not a field"

        @staticmethod
        def rule(x, g, t, learning_rate, slots, hyper):
            (share,) = hyper
            before, size = slots
            if t == 1:
                size = learning_rate + size
            size = np.where(before * g < 0.0, share * size, size)
            return x - size * np.sign(g), (g, size)

    recipe = ls.Experiment("rosenbrock", (Halving(), Halving(share=0.7)), [(-1.0, 2.0), (0.5, 0.5)], 80)
    live = offer(recipe)
    assert [knob[1] for knob in live["walkers"][0]["knobs"]] == ["learning_rate", "share"]
    assert len(live["rules"]) == 1
    (paths,) = run([{"live": plain(live)}], tmp_path)
    expected = np.concatenate([t.points for t in recipe.run().trajectories])
    assert apart(np.array([path["points"] for path in paths]), expected) <= LIMIT


def test_values_that_turn_hold_from_their_step_on_and_what_is_remembered_stays(tmp_path):
    start, turn, later = [(1.0, 2.0)], 25, ls.Adam(learning_rate=0.01, b1=0.5)
    recipe = ls.Experiment("himmelblau", (ls.Adam(learning_rate=0.1),), start, 60)
    (first,) = recipe.run().trajectories
    x, state, surface = np.array(start), recipe.optimizers[0].init(np.array(start)), recipe.surface
    from landscape.optimizers.base import Step

    for t in range(60):
        optimizer = recipe.optimizers[0] if t < turn else later
        x, state = optimizer.update(Step(x, surface.gradient(x), t + 1, optimizer.learning_rate), state)
    live = plain(offer(recipe))
    turns = [{"from": 0, "values": live["walkers"][0]["values"]}, {"from": turn, "values": [0.01, *later.hyper]}]
    ((path,),) = run([{"live": live, "turns": [turns]}], tmp_path)
    np.testing.assert_allclose(path["points"][: turn + 1], first.points[0, : turn + 1], rtol=1e-12)
    np.testing.assert_allclose(path["points"][-1], x[0], rtol=1e-12)


# What is refused ------------------------------------------------------------------------------------------------


def test_there_is_nothing_to_drag_where_there_is_no_list():
    adam, starts = ls.Adam(), [(1.0, 1.0)]
    assert offer(ls.Experiment("himmelblau", (adam, ls.Newton()), starts, 10)) is None
    assert offer(ls.Experiment(ls.surface("rosenbrock", n_dims=3), (adam,), [(1.0, 1.0, 1.0)], 10)) is None
    assert offer(ls.Experiment("himmelblau", (adam,), starts, 300_000)) is None
    assert offer(ls.Experiment("himmelblau", (adam,), ls.Grid(30), 10)) is None
    assert offer(ls.Experiment("exploding_gradient_cliff", (adam,), starts, 199_000)) is not None
    assert offer(ls.Experiment("exploding_gradient_cliff", (adam,) * 9, ls.Grid(6), 2000)) is None
    noisy = offer(ls.Experiment("himmelblau", (adam,), starts, 10, noise=ls.GaussianNoise()))
    assert list(noisy) == ["words"]


def test_what_takes_the_player_long_is_counted_as_it_counts_it(tmp_path):
    """A formula of slow functions is offered fewer steps, and what is offered is taken."""
    quick, slow_one = (
        offer(ls.Experiment(ls.formula(" + ".join(term.format(k) for k in range(1, 17))), ("sgd",), ls.Grid(12), 10))
        for term in ("({}*x + y)^2", "erf({}*x + y)")
    )
    assert slow_one["most_steps"] < quick["most_steps"] == 1000
    answers = run([{"live": plain(slow_one)}, {"live": plain(slow_one) | {"most_steps": 1000}}], tmp_path)
    assert isinstance(answers[0], list)
    assert "too long" in answers[1]


def test_lists_that_would_be_long_leave_out_the_curvature_first(monkeypatch):
    recipe = ls.Experiment(
        "exploding_gradient_cliff", tuple(kind() for kind in list(RULES.values())[:16]), [(1.0, 1.0)], 10
    )
    live = offer(recipe)
    assert "curvature" not in live
    assert "curvature" in offer(dataclasses.replace(recipe, optimizers=("adam", "sgd", "rmsprop", "momentum")))
    monkeypatch.setattr("landscape.live.offer.MAX_BYTES", 1000)
    assert offer(recipe) is None


def slow(live):
    """Return a change to a payload after which its surface takes the error function again and again."""
    surface = live["surface"]
    first, rows = surface["inputs"] + len(surface["constants"]), surface["rows"]
    erf = [[len(surface["operations"]), first + k, first + k - 1] for k in range(len(rows), 900)]
    operations = [*surface["operations"], "erf"]
    return {"surface": surface | {"operations": operations, "rows": [*rows, *erf]}, "most_steps": 50_000}


def hostile():
    """Return payloads that somebody edited by hand, and a word of what is said of each."""
    live = plain(offer(ls.Experiment("himmelblau", ("adam",), [(1.0, 1.0)], 10)))
    surface, walker, rule = live["surface"], live["walkers"][0], live["rules"][0]
    line = rule["lines"][0]
    row = surface["rows"][0]
    far = [row[0], row[1], 10_000, 0]
    return {
        "unknown operation": ({"surface": surface | {"operations": ["eval", *surface["operations"][1:]]}}, "eval"),
        "inherited name": (
            {"surface": surface | {"operations": ["constructor", *surface["operations"][1:]]}},
            "constructor",
        ),
        "operation by a wild number": (
            {"surface": surface | {"rows": [[99, *row[1:]], *surface["rows"][1:]]}},
            "unknown",
        ),
        "register out of range": ({"surface": surface | {"rows": [far, *surface["rows"][1:]]}}, "out of range"),
        "register before it is written": (
            {"surface": surface | {"rows": [[row[0], row[1], row[1], 0], *surface["rows"][1:]]}},
            "range",
        ),
        "register that is a fraction": (
            {"surface": surface | {"rows": [[row[0], row[1], 0.5, 0], *surface["rows"][1:]]}},
            "range",
        ),
        "a million operations": ({"surface": surface | {"rows": [row] * 1_000_000}}, "more than"),
        "output out of range": ({"surface": surface | {"outputs": [-1, 0, 0, 0]}}, "range"),
        "constant that is text": ({"surface": surface | {"constants": ["1"] * len(surface["constants"])}}, "constant"),
        "no list at all": ({"surface": None}, "damaged"),
        "a billion steps": ({"n_steps": 10**9, "most_steps": 10**9}, "steps"),
        "a million starts": ({"starts": [[0.0, 0.0]] * 1_000_000}, "paths"),
        "a start that is text": ({"starts": [["0", "0"]]}, "start"),
        "a thousand dimensions": ({"n_dims": 1000}, "dimensions"),
        "values that are missing": ({"walkers": [walker | {"values": [0.1]}]}, "damaged"),
        "values that are text": ({"walkers": [walker | {"values": ["a"] * len(walker["values"])}]}, "damaged"),
        "a rule that is not there": ({"walkers": [walker | {"rule": 7}]}, "damaged"),
        "a knob that is logarithmic from 0": ({"walkers": [walker | {"knobs": [[0, "rate", 0, 1, True]]}]}, "knob"),
        "a knob of nothing": ({"walkers": [walker | {"knobs": [[77, "rate", 0, 1, False]]}]}, "knob"),
        "no walkers": ({"walkers": None}, "damaged"),
        "lines that are text": ({"rules": [rule | {"lines": "x"}]}, "lines"),
        "a line that is none": ({"rules": [rule | {"lines": [7]}]}, "lines"),
        "a line that is cut": ({"rules": [rule | {"lines": [line[:-1]]}]}, "lines"),
        "a line of a number out of range": ({"rules": [rule | {"lines": [[line[0], [9999], *line[2:]]]}]}, "range"),
        "a condition out of range": ({"rules": [rule | {"lines": [[*line[:2], [-1, 1], *line[3:]]]}]}, "range"),
        "a million lines": ({"rules": [rule | {"lines": [line] * 1_000_000}]}, "lines"),
        "few operations that take long": (slow(live), "too long"),
        "no factors": ({"factors": 7}, "schedule"),
        "factors that are text": ({"factors": "x" * 10}, "schedule"),
        "a walker that is none": ({"walkers": [None]}, "damaged"),
        "factors of another run": ({"factors": [1.0] * 3}, "schedule"),
    }, live


def test_a_payload_edited_by_hand_is_refused_with_a_sentence(tmp_path):
    cases, live = hostile()
    answers = run([{"live": live | change} for change, _ in cases.values()], tmp_path)
    for (name, (_, word)), answer in zip(cases.items(), answers, strict=True):
        assert isinstance(answer, str), name
        assert word in answer, (name, answer)
    assert isinstance(run([{"live": live}], tmp_path)[0], list)
