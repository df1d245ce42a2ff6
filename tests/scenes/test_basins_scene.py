from __future__ import annotations

import numpy as np
import pytest

import landscape as ls
from landscape.picture.colors import to_oklab
from landscape.picture.glyphs import class_colors
from landscape.picture.numbers import typeset
from landscape.picture.scene import MovingField
from landscape.render.player.payload import player_payload
from landscape.scenes.basins import LEVELS, MOST_COLORS, basins_scene, borders, painting


@pytest.fixture(scope="module")
def himmelblau() -> ls.Basins:
    rules = (ls.SGD(learning_rate=0.01), ls.Momentum(learning_rate=0.01))
    return ls.basins(ls.surface("himmelblau"), rules, (24, 20), 300)


def test_every_pixel_has_the_class_of_its_minimum_or_of_its_failure(himmelblau: ls.Basins) -> None:
    p = painting(himmelblau)
    at_rest = himmelblau.labels >= 0
    np.testing.assert_array_equal(p.classes[at_rest], himmelblau.labels[at_rest])
    assert sorted(p.names[:4]) == [
        "minimum (-2.81, 3.13), loss 0",
        "minimum (-3.78, -3.28), loss 0",
        "minimum (3, 2), loss 0",
        "minimum (3.58, -1.85), loss 0",
    ]
    assert len(p.names) == 4 + p.apart
    assert (p.classes[himmelblau.ended(ls.Outcome.DIVERGED)] == p.names.index("diverged")).all()
    assert (p.shades >= 0).all()
    assert (p.shades <= LEVELS).all()


def test_a_line_between_regions_is_a_border_and_dust_is_none() -> None:
    at = np.indices((1, 12, 12))[1:]
    for region in (at[1] > 5, at[0] + at[1] > 11, at[0] + 2 * at[1] > 17):
        found = borders(region.astype(float))
        assert found[0, 1:-1].any(axis=-1).all()
        assert found.sum() < 2 * 12
    assert not borders((at.sum(axis=0) % 2).astype(float)).any()


def test_basins_are_told_apart_in_grey() -> None:
    """The shades of four classes do not overlap in lightness; of eight, the middle ones are apart."""
    lightness = np.array([to_oklab(color)[0] for color in class_colors(8, levels=LEVELS + 1)]).reshape(8, -1)[:, :-1]
    first = lightness[:4][np.argsort(lightness[:4].mean(axis=1))]
    assert (first[1:].min(axis=1) > first[:-1].max(axis=1)).all()
    assert (np.diff(np.sort(lightness.mean(axis=1))) > 0.05).all()


def test_more_steps_are_never_brighter(himmelblau: ls.Basins) -> None:
    p = painting(himmelblau)
    inside = p.shades < LEVELS
    order = np.argsort(himmelblau.steps[inside], kind="stable")
    assert (np.diff(p.shades[inside][order]) >= 0).all()


def test_the_scene_has_a_panel_an_optimizer_and_paths_from_the_start(himmelblau: ls.Basins) -> None:
    run = ls.Experiment("himmelblau", himmelblau.optimizers, [(0.0, 0.0)], 300).run()
    scene = basins_scene(himmelblau, run)
    assert [panel.title for panel in scene.panels] == ["SGD (lr 0.01)", "Momentum (lr 0.01)"]
    assert [track.id for track in scene.tracks] == ["0-0", "1-0"]
    titles = [sign["label"] for sign in player_payload(scene)["signs"]]
    fields = [layer for layer in scene.panels[0].layers if isinstance(layer, MovingField)]
    assert {typeset(name) for name in fields[0].classes} <= set(titles)


def test_many_minima_share_the_last_colour() -> None:
    b = ls.basins(ls.surface("rastrigin"), ls.SGD(learning_rate=0.002), (25, 25), 300)
    p = painting(b)
    assert len(b.minima) > MOST_COLORS
    assert p.names[MOST_COLORS] == f"one of {len(b.minima) - MOST_COLORS} other minima"


def test_shades_of_a_class_grow_darker_and_greys_stand_apart() -> None:
    colors = class_colors(4, levels=3, apart=2)
    assert len(colors) == 12
    sums = [sum(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in colors]
    assert sums[0] > sums[1] > sums[2]
    assert all(len({color[i : i + 2] for i in (1, 3, 5)}) == 1 for color in colors[6:])
    assert len(set(colors[6:])) == 2
