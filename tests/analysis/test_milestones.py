"""When something happens to a path."""

from __future__ import annotations

import pytest

import landscape as ls
from landscape.analysis.milestones import milestones


def found(run, start=0):
    return [what for _, what in milestones(run, start, run.plateaus()[start])]


def test_a_path_through_a_saddle_tells_its_story_in_order():
    run = ls.descend("escaping_saddle", ls.SGD(learning_rate=0.05), [[1.0, 1e-6], [0.0, 0.0]], 600)
    told = milestones(run, 0, run.plateaus(0.01)[0])
    assert [what for _, what in told] == [
        "comes near the saddle",
        "comes to a plateau",
        "leaves the plateau",
        "leaves the saddle",
        "comes near the minimum",
    ]
    steps = [step for step, _ in told]
    assert steps == sorted(steps)
    assert steps[0] > 0
    assert steps[-1] <= 600
    # Who begins on it did not come to it, and who stays on it does not leave it.
    assert found(run, 1) == []


@pytest.mark.parametrize(
    ("surface", "optimizer", "start", "told"),
    [
        ("himmelblau", ls.SGD(learning_rate=1.0), [1.0, 1.0], "diverges"),
        ("saddle", ls.SGD(learning_rate=0.1), [0.5, 0.5], "leaves the picture"),
        ("sphere", ls.SGD(learning_rate=0.1), [1.0, 1.0], "comes near the minimum"),
        (ls.formula("sqrt(x) + y^2", ((0.0, 2.0), (-1.0, 1.0))), ls.SGD(learning_rate=0.3), [0.2, 0.5], "breaks off"),
    ],
    ids=["diverged", "fell", "arrived", "broke off"],
)
def test_how_it_ended_is_the_last_that_is_told(surface, optimizer, start, told):
    run = ls.descend(surface, optimizer, [start], 60)
    assert found(run)[-1] == told
    assert all(0 <= step <= run.last[0] for step, _ in milestones(run, 0))


def test_a_run_that_kept_few_points_tells_of_those():
    whole = ls.descend("escaping_saddle", ls.SGD(learning_rate=0.05), [[1.0, 1e-6]], 600)
    lean = ls.descend("escaping_saddle", ls.SGD(learning_rate=0.05), [[1.0, 1e-6]], 600, keep=301)
    assert found(lean) == found(whole)


def test_scenes_hand_them_on_and_a_held_run_keeps_its_name():
    run = ls.Experiment("escaping_saddle", ("adam",), [(1.0, 1e-3)], 60)
    now, before = run.run().scene(), run.replace(n_steps=40).run().scene()
    from landscape.scenes.beside import beside

    both = beside(before, now)
    assert {event.track for event in both.events()} <= {track.id for track in both.tracks}
    assert len(both.events()) == len(now.events()) + len(before.events())
