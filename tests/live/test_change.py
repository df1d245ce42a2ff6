"""What a player tells becomes a recipe, or is refused with a sentence."""

from __future__ import annotations

import pytest

import landscape as ls
from landscape.live.change import changed
from landscape.live.offer import offer

RUN = ls.Experiment("himmelblau", ("sgd", ls.Adam(bias_correction=False)), ls.Random(n=2, seed=3), n_steps=30)


def told(**changes):
    live = offer(RUN)
    return {"starts": live["starts"], "values": [w["values"] for w in live["walkers"]], "n_steps": 30} | changes


def test_nothing_changed_is_the_same_recipe_rule_for_starts_and_all():
    assert changed(RUN, told()) == RUN
    assert changed(RUN, told()).starts == ls.Random(n=2, seed=3)


def test_what_was_moved_and_turned_is_in_the_recipe():
    starts, values = told()["starts"], told()["values"]
    moved = changed(RUN, told(starts=[[0.5, -0.25], starts[1]], n_steps=50.0))
    assert moved.starts == ls.Given([[0.5, -0.25], starts[1]])
    assert (moved.n_steps, moved.optimizers) == (50, RUN.optimizers)
    turned = changed(RUN, told(values=[values[0], [0.5, *values[1][1:]]]))
    assert turned.optimizers == (RUN.optimizers[0], ls.Adam(learning_rate=0.5, bias_correction=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": [[1.0]]},
        {"starts": [[float("nan"), 1.0]]},
        {"starts": []},
        {"starts": "1,2"},
        {"starts": None},
        {"values": None},
        {"values": []},
        {"values": [[0.1, 0.0], [0.1]]},
        {"values": [[float("inf"), 0.0], told()["values"][1]]},
        {"values": [["0.1", 0.0], told()["values"][1]]},
        {"values": [[-1.0, 0.0], told()["values"][1]]},
        {"values": [1.0, 2.0]},
        {"n_steps": -1},
        {"n_steps": 1.5},
        {"n_steps": None},
        {"n_steps": "30"},
    ],
    ids=str,
)
def test_what_no_player_could_tell_is_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        changed(RUN, told(**wrong))
