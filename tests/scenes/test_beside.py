"""Two runs on one playhead: whose panels, tracks and axes stand where."""

from __future__ import annotations

import numpy as np

import landscape as ls
from landscape.picture.axes import limits
from landscape.picture.scene import Path, Points, Spans
from landscape.render.player.payload import player_payload
from landscape.scenes.beside import beside


def scene_of(rate: float, n_steps: int, name: str = "himmelblau") -> ls.Scene:
    walkers = (ls.SGD(learning_rate=rate), ls.Adam(learning_rate=0.1))
    return ls.Experiment(name, walkers, [(0.5, 0.5)], n_steps).run().scene()


def test_maps_stand_beside_each_other_and_curves_share_their_axes() -> None:
    held, now = scene_of(0.001, 60), scene_of(0.01, 90)
    both = beside(held, now)
    assert both.columns == (("before-map", "loss"), ("map", "gradient_norm"))
    assert both.n_steps == 90
    assert len({track.id for track in both.tracks}) == 4
    labels = {track.group for track in both.tracks}
    assert {"SGD (lr 0.01)", "SGD (lr 0.001), before", "Adam (lr 0.1)", "Adam (lr 0.1), before"} == labels
    drawn = {layer.track for layer in both.panel("loss").layers if isinstance(layer, Path)}
    assert drawn == {track.id for track in both.tracks}
    on_map = {layer.track for layer in both.panel("before-map").layers if isinstance(layer, Path | Spans)}
    assert all(track.endswith("before") for track in on_map)
    assert not both.panel("before-map").clickable
    known = {track.id for track in both.tracks}
    for panel in both.panels:
        for layer in panel.layers:
            if isinstance(layer, Points):
                assert set(layer.tracks) <= known
    assert player_payload(both)["n_steps"] == 90


def test_both_losses_are_within_the_axis_they_share() -> None:
    both = beside(scene_of(0.001, 60), scene_of(0.01, 60))
    low, high = limits(both.panel("loss"), "y")
    for layer in both.panel("loss").layers:
        if isinstance(layer, Path):
            assert np.nanmin(layer.y) >= low
            assert np.nanmax(layer.y) <= high


def test_a_relief_and_another_surface_stand_beside_a_map(tmp_path) -> None:
    run = ls.Experiment("saddle", ("sgd",), [(1.0, 0.1)], 30).run()
    both = beside(run.scene(relief=True), scene_of(0.01, 40))
    both.save(tmp_path / "both.png")
    assert len(both.columns) == 2
