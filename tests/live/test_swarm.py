"""Swarms in the browser's language: the starts, every step and every count are Python's."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.figures import FIGURES
from landscape.live import swarm
from landscape.optimizers import SCHEDULES
from landscape.surfaces import SURFACES
from tests.live.pairs import RULES, answered, scripts

SCRIPT = (
    scripts("speaker", "data", "live", "swarm")
    + """
const wake = (value) => Array.isArray(value) ? value.map(wake)
  : value === null || typeof value !== "object" ? value
  : "array" in value ? Float64Array.from(value.array, Number)
  : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, wake(one)]));
const answer = ({ live, seeks = [], turns = [] }) => {
  try {
    const flow = new Flow(wake(live));
    const starts = Array.from({ length: flow.n }, (_, i) =>
      Array.from({ length: flow.machine.nDims }, (_, d) => flow.first[flow.place(i, d)]));
    for (const [walker, from, values] of turns) flow.turn(walker, from, values);
    for (const step of seeks) flow.seek(step);
    flow.seek(flow.nSteps);
    return { starts, counts: flow.counts.map((counts) => Array.from(counts)) };
  } catch (error) {
    return error.message;
  }
};
"""
)


def plain(value: Any) -> Any:
    """As the payload travels."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return {"array": value.tolist()} if isinstance(value, np.ndarray) else value


def live_of(recipe: ls.Experiment) -> dict[str, Any]:
    """What the player gets, as plain data."""
    return plain(dict(FIGURES["swarm"].scene(recipe).live()))


def counts_of(answer: Any, recipe: ls.Experiment) -> np.ndarray:
    """The counts (K, L, C) of an answer."""
    assert not isinstance(answer, str), answer
    return np.reshape(answer["counts"], (len(recipe.optimizers), recipe.n_steps + 1, -1))


def expected(recipe: ls.Experiment) -> np.ndarray:
    """The same from Python."""
    return ls.survival(recipe.surface, recipe.optimizers, recipe.points, recipe.n_steps, recipe.schedule).counts


@cache
def released() -> tuple[ls.Experiment, dict[str, Any]]:
    """A small swarm and what its player gets."""
    rules = (ls.SGD(learning_rate=0.01), ls.Adam(learning_rate=0.1))
    recipe = ls.Experiment("himmelblau", rules, ls.Random(1500, seed=2), 90)
    return recipe, live_of(recipe)


@pytest.mark.parametrize(
    ("surface", "starts"),
    [
        ("himmelblau", ls.Random(1100, seed=5)),
        ("himmelblau", ls.Grid((37, 11))),
        ("plateau_1d", ls.Random(40)),
        ("plateau_1d", ls.Grid(999)),
        ("plateau", ls.Grid(7)),
        ("plateau", [(0.1, 0.2), (-3.3, 1e-9)]),
    ],
    ids=str,
)
def test_starts_are_pythons_bit_for_bit(surface, starts, tmp_path):
    recipe = ls.Experiment(surface, "sgd", starts, 1)
    (answer,) = answered(SCRIPT, [{"live": live_of(recipe)}], tmp_path)
    np.testing.assert_array_equal(answer["starts"], recipe.points)


def test_every_surface_and_every_rule_count_as_in_python(tmp_path):
    rules = list(RULES.values())
    recipes = [
        ls.Experiment(surface, rules[k % len(rules)](), ls.Random(300, k), 60)
        for k, surface in enumerate(SURFACES.values())
    ]
    answers = answered(SCRIPT, [{"live": live_of(recipe)} for recipe in recipes], tmp_path)
    for recipe, answer in zip(recipes, answers, strict=True):
        counts = counts_of(answer, recipe)
        # A start whose norm is the threshold's to the last digits may be counted on either side of it.
        assert np.abs(counts - expected(recipe)).max() <= 1, recipe.surface.name


def test_chaotic_swarms_count_as_in_python_but_for_one_start_in_fifty(tmp_path):
    rule = ls.RMSprop(learning_rate=0.01)
    recipes = [ls.Experiment(name, rule, ls.Random(2000), 300) for name in ("rastrigin", "ackley")]
    answers = answered(SCRIPT, [{"live": live_of(recipe)} for recipe in recipes], tmp_path)
    for recipe, answer in zip(recipes, answers, strict=True):
        assert np.abs(counts_of(answer, recipe) - expected(recipe)).max() <= 2000 / 50


def test_schedules_hold_and_scrubbing_back_changes_nothing(tmp_path):
    recipe = replace(released()[0], schedule=SCHEDULES["cosine"]())
    there_and_back = {"live": live_of(recipe), "seeks": [50, 3, 80, 79, 0, 90, 41]}
    (answer,) = answered(SCRIPT, [there_and_back], tmp_path)
    np.testing.assert_array_equal(counts_of(answer, recipe), expected(recipe))


def test_a_knob_turned_makes_the_run_that_python_makes_of_it(tmp_path):
    recipe, live = released()
    faster = replace(recipe, optimizers=(ls.SGD(learning_rate=0.02), recipe.optimizers[1]))
    values = [0.02, *faster.optimizers[0].hyper]
    jobs = [
        {"live": live, "seeks": [70], "turns": [[0, 0, values]]},
        {"live": live, "seeks": [70], "turns": [[0, 30, values]]},
    ]
    whole, later = (counts_of(answer, recipe) for answer in answered(SCRIPT, jobs, tmp_path))
    np.testing.assert_array_equal(whole, expected(faster))
    np.testing.assert_array_equal(later[0, :31], expected(recipe)[0, :31])
    first = ls.descend(recipe.surface, recipe.optimizers[0], recipe.points, 30)
    rest = ls.survival(recipe.surface, faster.optimizers[0], first.final_points, 60)
    np.testing.assert_array_equal(later[0, 30:], rest.counts[0])


def put(path: str, value: Any) -> Any:
    """Return what puts a value at a path of the payload."""

    def damaged(live: dict[str, Any]) -> dict[str, Any]:
        *way, last = path.split(".")
        place = live
        for name in way:
            place = place[name]
        place[last] = value
        return live

    damaged.__name__ = f"{path}={str(value)[:20]}"
    return damaged


@pytest.mark.parametrize(
    "damage",
    [
        put("swarm.starts", None),
        put("swarm.starts", {"points": [[0.0], [None]]}),
        put("swarm.starts", {"points": [{"array": [0.0]}]}),
        put("swarm.starts", {"points": [{"array": ["nan"]}, {"array": [0.0]}]}),
        put("swarm.starts.random.n", 10**9),
        put("swarm.starts.random.n", 1.5),
        put("swarm.starts.random.state", "1n; alert(1)"),
        put("swarm.starts.random.lower", [0.0]),
        put("swarm.starts", {"grid": {"lower": [0, 0], "widths": [1, 1], "sides": [10**5, 10**5]}}),
        put("swarm.starts", {"grid": {"lower": [0, 0], "widths": [1, 1], "sides": [50000, 50000]}}),
        put("swarm.places", []),
        put("swarm.places", [{"array": [0.0]}, {"array": [0.0]}, {"array": [-1.0]}, {"array": [4.0]}]),
        put("swarm.places", [{"array": [0.0]}, {"array": [0.0]}, {"array": [1.0]}, {"array": [99.0]}]),
        put("swarm.threshold", 0),
        put("swarm.told", "moving"),
        put("surface.operations", ["fetch"]),
        put("n_steps", 10**9),
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_payload_edited_by_hand_is_refused_in_words(damage, tmp_path):
    (answer,) = answered(SCRIPT, [{"live": damage(copy.deepcopy(released()[1]))}], tmp_path)
    assert isinstance(answer, str)
    assert answer


@pytest.mark.parametrize(("limit", "words"), [("MAX_BYTES", "too long"), ("MAX_NUMBERS", "so many starts")])
def test_what_a_player_cannot_run_is_said(limit, words, monkeypatch):
    monkeypatch.setattr(swarm, limit, 500)
    live = FIGURES["swarm"].scene(released()[0]).live()
    assert words in live["words"]
    assert "swarm" not in live


def test_its_data_are_small():
    _, live = released()
    assert len(str(live["swarm"])) < swarm.MAX_BYTES
    (limit,) = re.findall(r"const MOST_NUMBERS = (\S+);", SCRIPT)
    assert float(limit) >= swarm.MAX_NUMBERS
