"""Steps of a run's paths in numbers: which are told, and what from where the playhead stands."""

from __future__ import annotations

import pytest

import landscape as ls
from landscape.errors import UnknownName
from landscape.optimizers import fitting
from landscape.picture.steps import in_numbers, told_paths
from tests.live.pairs import RULES

RUN = ls.Experiment("himmelblau", (ls.SGD(learning_rate=0.002), ls.Adam()), [(-0.5, 4.5), (1.0, 1.0)], 40)


def test_the_step_is_that_from_where_the_playhead_stands():
    run = RUN.run()
    scene = run.scene()
    labels = [track.label for track in scene.tracks]
    assert told_paths(scene) == tuple(labels)
    for place, label in enumerate(labels):
        trajectory, start = run.trajectories[place // 2], place % 2
        for step, told_step in ((0, 1), (7, 8), (39, 40), (40, 40), (None, 40)):
            told, expected = in_numbers(scene, label, step), ls.one_step(trajectory, told_step, start)
            assert told.head.startswith(f"Step {told_step} of {label}, from (")
            assert told.head.endswith("It was the last one.") == (step in (40, None))
            assert (told.text, told.latex) == (expected.text(), expected.latex())
            assert [(s, x, y) for s, (x, y) in told.rows] == [
                (x[0], x[1:], y[1:]) for x, y in zip(expected.rows(0), expected.rows(1), strict=True)
            ]


def test_a_schedule_is_that_of_the_whole_run_and_a_curve_has_one_coordinate():
    run = ls.Experiment("framework_example", ("adam",), [(0.5,)], 60, schedule="cosine").run()
    told = run.scene().in_numbers["0-0"](30)
    assert told.text == ls.one_step(run.trajectories[0], 31).text()
    assert told.coordinates == run.experiment.surface.variables == ("w",)


def test_a_path_that_ends_early_shows_the_step_that_broke_it():
    run = ls.Experiment(ls.formula("x^4 - x", ((-2, 2),)), (ls.SGD(learning_rate=0.5),), [(1.5,)], 30).run()
    last = int(run.trajectories[0].last[0])
    tell = run.scene().in_numbers["0-0"]
    assert tell(last).head.endswith("Nothing is finite after it.")
    assert tell(last) == tell(30)
    assert tell(last - 1).head.startswith(f"Step {last} of")


def test_who_cannot_be_told_is_not_offered():
    mixed = RUN.replace(optimizers=tuple(kind() for kind in fitting().values()), n_steps=3).run().scene()
    told = {track.style for track in mixed.tracks if track.id in mixed.in_numbers}
    assert told == set(RULES)
    assert RUN.replace(noise=ls.GaussianNoise(1.0)).run().scene().in_numbers == {}
    assert RUN.replace(n_steps=0).run().scene().in_numbers == {}
    many = ls.Experiment(ls.surface("rosenbrock", n_dims=3), ("sgd",), [(0.0, 0.0, 0.0)], 5)
    assert many.run().scene().in_numbers == {}


def test_there_are_no_other_paths_and_steps():
    scene = RUN.run().scene()
    assert in_numbers(scene, "") is None
    with pytest.raises(UnknownName, match="unknown path 'Adam'"):
        in_numbers(scene, "Adam")
    with pytest.raises(ValueError, match="from 0 to 40"):
        in_numbers(scene, scene.tracks[0].label, 41)
