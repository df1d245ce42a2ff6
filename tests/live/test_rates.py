"""What is offered of a grid of learning rates is what a player takes."""

from __future__ import annotations

import pytest

import landscape as ls
from landscape.live.rates import MAX_PATHS, MAX_POINTS
from landscape.scenes.tuning import tuning_scene


@pytest.mark.parametrize(("n_starts", "offered"), [(MAX_PATHS, True), (MAX_PATHS + 1, False)])
def test_more_paths_than_a_player_takes_are_not_offered(n_starts, offered):
    found = ls.tuning("sphere", ("sgd",), ls.Random(n_starts), 20, [0.1, 0.2])
    assert (tuning_scene(found).live() is not None) == offered


def test_no_run_is_offered_longer_than_a_player_takes():
    live = tuning_scene(ls.tuning("sphere", ("sgd",), ls.Random(500), 1000, [0.1])).live()
    assert live["most_steps"] + 1 == MAX_POINTS / 500
    assert tuning_scene(ls.tuning("sphere", ("sgd",), ls.Random(500), 2000, [0.1])).live() is None
