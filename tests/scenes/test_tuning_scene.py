"""The picture of the fair comparison says what was measured, and nothing of what diverged."""

from __future__ import annotations

import numpy as np

import landscape as ls
from landscape.picture.scene import Field, Path, Points
from landscape.scenes.tuning import tuning_scene

QUADRATIC = ls.formula("x^2/2 + 5*y^2", domain=((-3, 3), (-3, 3)))
RATES = [0.01, 0.1, 1.0]


def test_a_star_at_the_best_rate_and_a_cross_where_it_diverges() -> None:
    found = ls.tuning(QUADRATIC, [ls.SGD()], [(1.0, 1.0)], 40, RATES)
    scene = tuning_scene(found)
    path, star, cross = scene.panel("curves").layers
    assert isinstance(path, Path)
    assert np.isnan(path.y).tolist() == [False, False, True]
    assert isinstance(star, Points)
    assert (star.kind, star.x.tolist(), star.y.tolist()) == ("best", [0.1], [found.losses[0, 1]])
    assert isinstance(cross, Points)
    assert (cross.kind, cross.x.tolist()) == ("diverged", [1.0])
    assert scene.tracks[0].verdict.startswith("best at 0.1: loss ")
    assert "diverges from 1 on" in scene.caption


def test_the_edge_of_the_grid_is_said() -> None:
    scene = tuning_scene(ls.tuning(QUADRATIC, [ls.SGD()], [(1.0, 1.0)], 40, RATES[:2]))
    assert "at the edge of the grid" in scene.tracks[0].verdict


def test_who_diverges_everywhere_has_no_star() -> None:
    scene = tuning_scene(ls.tuning(QUADRATIC, [ls.SGD(), ls.Momentum()], [(1.0, 1.0)], 100, [1.0, 2.0], other=[0.0]))
    assert all(isinstance(layer, Path) for layer in scene.panel("curves").layers)
    assert "at every learning rate" in scene.tracks[0].verdict
    field, crosses = scene.panel("map1").layers
    assert isinstance(field, Field)
    assert np.isnan(field.z).all()
    assert isinstance(crosses, Points)
    assert (crosses.x.tolist(), crosses.y.tolist()) == ([0.0], [0.0])
    assert scene.to_plotly() is not None


def test_where_all_losses_are_negative_a_cross_stands_at_the_highest_of_them() -> None:
    found = ls.tuning("styblinski_tang", "sgd", [[-2.0, -2.5]], 20, [1e-3, 1e-2, 1e3])
    shown = found.losses[np.isfinite(found.losses)]
    assert (shown < 0).all()
    layers = tuning_scene(found).panel("curves").layers
    crosses = [layer for layer in layers if isinstance(layer, Points) and layer.kind == "diverged"]
    assert [cross.y.tolist() for cross in crosses] == [[shown.max()]]


def test_a_player_is_given_the_grid_where_it_can_try_it_by_itself() -> None:
    found = ls.tuning(QUADRATIC, [ls.SGD(), ls.Momentum(), ls.Adam()], [(1.0, 1.0)], 40, RATES, other=[0.0, 0.9])
    live = tuning_scene(found).live()
    assert live is not None
    grid = live["grid"]
    assert (grid["rates"].tolist(), grid["memories"].tolist(), grid["places"]) == (RATES, [0.0, 0.9], [-1, 1, 1])
    assert (grid["low"], grid["high"]) == ([-3.0, -3.0], [3.0, 3.0])
    assert live["n_steps"] == 40 < live["most_steps"]
    alone = tuning_scene(ls.tuning(QUADRATIC, [ls.Adam()], [(1.0, 1.0)], 40, RATES)).live()
    assert alone is not None
    assert (alone["grid"]["places"], alone["grid"]["below"]) == ([-1], None)


def test_a_player_is_given_none_where_it_cannot_or_where_that_takes_long() -> None:
    points = [(1.0, 1.0)]
    no_list = ls.tuning(QUADRATIC, [ls.SGD(), ls.Newton()], points, 40, RATES)
    many = ls.tuning(QUADRATIC, [ls.SGD()], 2000 * points, 200, np.geomspace(1e-4, 0.1, 25))
    assert [tuning_scene(found).live() for found in (no_list, many)] == [None, None]
