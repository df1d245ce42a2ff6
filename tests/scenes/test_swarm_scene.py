from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import landscape as ls
from landscape.figures import FIGURES
from landscape.picture.scene import MovingPoints, Path
from landscape.render.player.payload import more_of, player_payload, player_script
from landscape.scenes.swarm import MOST_MINIMA, swarm_scene
from landscape.surfaces import SURFACES

SWARM = FIGURES["swarm"]
RULES = (ls.SGD(learning_rate=0.01), ls.Adam(learning_rate=0.1))


def share_panels(scene: ls.Scene) -> list:
    return [panel for panel in scene.panels if panel.x.label == "step"]


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_of_one_or_two_dimensions_has_a_swarm_that_a_player_can_run(name):
    scene = SWARM.scene(ls.Experiment(name, RULES, ls.Random(50), 20))
    live = scene.live()
    assert live["swarm"]["threshold"] == 1e-3
    told = [key for key, _ in live["swarm"]["told"] if key]
    assert {*told} == {panel.key for panel in share_panels(scene)}
    assert {key for column in scene.columns for key in column} == {panel.key for panel in scene.panels}
    for panel, track in zip(scene.panels, scene.tracks, strict=False):
        assert panel.title == track.label
        (points,) = (layer for layer in panel.layers if isinstance(layer, MovingPoints))
        assert points.x.shape == points.y.shape == (len(points.steps), 50)


def test_curves_are_the_shares_and_verdicts_say_them():
    recipe = ls.Experiment("himmelblau", RULES, ls.Random(400), 200)
    found = ls.survival(recipe.surface, recipe.optimizers, recipe.points, 200)
    scene = swarm_scene(found, recipe)
    at_minima = [panel for panel in share_panels(scene) if panel.title.startswith("At the minimum")]
    assert len(at_minima) == 4
    total = sum(next(layer.y for layer in p.layers if isinstance(layer, Path)) for p in at_minima)
    np.testing.assert_allclose(total, found.share("minimum")[0])
    assert "at the minimum (3, 2)" in scene.tracks[0].verdict


def test_of_many_minima_most_share_a_panel():
    scene = SWARM.scene(ls.Experiment("rastrigin", ls.Adam(learning_rate=0.05), ls.Random(500), 400))
    titles = [panel.title for panel in share_panels(scene)]
    assert sum(title.startswith("At the minimum") for title in titles) == MOST_MINIMA
    assert any("other minima" in title for title in titles)


def test_flatness_is_what_the_view_says_and_stands_below():
    recipe = ls.Experiment("plateau", RULES, ls.Random(200), 30)
    strict, lax = (SWARM.scene(recipe, {"flat": flat}) for flat in ("1e-5", "1e-1"))
    assert "below 1e-05" in strict.notes[0]
    assert "below 0.1" in lax.notes[0]
    assert "On a flat stretch" in [panel.title for panel in share_panels(lax)]
    assert "On a flat stretch" not in [panel.title for panel in share_panels(strict)]


def test_files_say_how_many_they_draw():
    recipe = ls.Experiment("sphere", RULES, ls.Random(2500), 5)
    assert any("2,000 of the 2,500" in note for note in SWARM.scene(recipe).notes)
    fewer = SWARM.scene(replace(recipe, starts=ls.Random(100)))
    assert not any("Files" in note for note in fewer.notes)


def test_only_a_picture_with_a_swarm_takes_its_script():
    swarm = player_payload(SWARM.scene(ls.Experiment("sphere", RULES, ls.Random(100), 5)))
    plain = player_payload(ls.Experiment("sphere", RULES, [(1.0, 1.0)], 5).run().scene())
    assert more_of(swarm) == {"swarm"}
    assert not more_of(plain)
    assert not more_of(None)
    assert "WEBGL" not in player_script()
    assert len(player_script(["swarm"])) > len(player_script()) + 10_000
