from __future__ import annotations

import itertools
from typing import TypeVar

import numpy as np
import pytest

import landscape as ls
from landscape.picture.colors import to_oklab
from landscape.picture.glyphs import class_colors
from landscape.picture.numbers import typeset
from landscape.picture.scene import Labels, MovingField, Points
from landscape.picture.themes import THEMES
from landscape.render.player.payload import more_of, player_payload
from landscape.scene import Scene
from landscape.scenes.basins import LEVELS, MOST_COLORS, basins_scene, borders, hatching, numerals, painting
from tests.picture.eyes import EYES, seen

L = TypeVar("L")


@pytest.fixture(scope="module")
def himmelblau() -> ls.Basins:
    rules = (ls.SGD(learning_rate=0.01), ls.Momentum(learning_rate=0.01))
    return ls.basins(ls.surface("himmelblau"), rules, (24, 20), 300)


def test_every_pixel_has_the_class_of_its_minimum_or_of_its_failure(himmelblau: ls.Basins) -> None:
    p = painting(himmelblau)
    at_rest = himmelblau.labels >= 0
    np.testing.assert_array_equal(p.classes[at_rest], himmelblau.labels[at_rest])
    numbers, minima = zip(*(name.split(": ") for name in p.names[: p.numbered]), strict=True)
    assert numbers == ("1", "2", "3", "4")
    assert sorted(minima) == [
        "minimum (3, 2), loss 0",
        "minimum (3.58, −1.85), loss 0",
        "minimum (−2.81, 3.13), loss 0",
        "minimum (−3.78, −3.28), loss 0",
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


def in_panels(scene: Scene, kind: type[L]) -> list[L]:
    """Return the one layer of this kind in each panel."""
    found = []
    for panel in scene.panels:
        (layer,) = (one for one in panel.layers if isinstance(one, kind))
        found.append(layer)
    return found


def test_every_wide_basin_wears_its_number_off_the_marks(himmelblau: ls.Basins) -> None:
    p, scene = painting(himmelblau), basins_scene(himmelblau)
    marks = [layer for layer in scene.panels[0].layers if isinstance(layer, Points)]
    for classes, labels in zip(p.classes, in_panels(scene, Labels), strict=True):
        columns = [int(np.flatnonzero(himmelblau.x == x)[0]) for x in labels.x]
        rows = [int(np.flatnonzero(himmelblau.y == y)[0]) for y in labels.y]
        assert [f"{int(number) + 1}" for number in classes[rows, columns]] == list(labels.texts)
        assert set(labels.texts) == {"1", "2", "3", "4"}
        for layer in marks:
            for x, y in zip(layer.x, layer.y, strict=True):
                assert (np.hypot(labels.x - x, labels.y - y) > 0.5).all()


def test_a_basin_in_two_parts_wears_its_number_twice_and_dust_none() -> None:
    b = ls.basins(ls.surface("himmelblau"), ls.SGD(learning_rate=0.01), (60, 60), 300)
    classes = np.zeros((60, 60))
    classes[:, 25:35] = 1
    classes[::2, 50::2] = 2
    assert numerals(b, classes, 4, ()).texts == ("1", "1", "2")


def test_what_reached_no_minimum_is_striped(himmelblau: ls.Basins) -> None:
    p = painting(himmelblau)
    away = p.classes >= p.numbered
    assert away.any()
    for map_, which in zip(p.shades, away, strict=True):
        assert (map_[which & hatching(which.shape)] == LEVELS).all()
    for side in (20, 100, 200, 400):
        assert abs(hatching((side, side)).mean() - 1 / 3) < 0.05


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_basins_are_told_apart_by_every_kind_of_eye(theme: str, eye: str) -> None:
    """Distances in Oklab; .02 is about what is just seen. Four are far apart; eight are numbered besides."""
    middles = class_colors(8, LEVELS + 1, theme=theme)[LEVELS // 3 :: LEVELS + 1]
    for n, least in ((4, 0.1), (8, 0.045)):
        for one, other in itertools.combinations(middles[:n], 2):
            assert np.linalg.norm(seen(one, eye) - seen(other, eye)) > least, (one, other)


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
    field, _ = in_panels(scene, MovingField)
    assert {typeset(name) for name in field.classes} <= set(titles)


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
    assert len(set(colors[6:])) == 4
    assert colors[6] == colors[7] != colors[8]


def test_a_player_is_given_what_draws_the_maps_anew(himmelblau: ls.Basins) -> None:
    run = ls.Experiment("himmelblau", himmelblau.optimizers, [(0.0, 0.0)], 300).run()
    given = player_payload(basins_scene(himmelblau, run, whole=False))
    live, told = given["live"], given["live"]["map"]
    assert more_of(given) == {"map"}
    assert told["whole"] is False
    assert len(told["colors"]) == (MOST_COLORS + 1) * told["levels"]
    assert [len(greys) for greys in told["greys"]] == [told["levels"] * (k + 1) for k in range(len(told["apart"]))]
    areas = [sign["label"] for sign in given["signs"] if sign["shape"] == "area"]
    assert [one["name"] for one in told["classes"]] == areas
    assert [one["number"] for one in told["classes"] if not one["fate"]] == [1, 2, 3, 4]
    assert "curvature" in live
    assert not any("lines" in rule for rule in live["rules"])


@pytest.mark.parametrize("optimizer", [ls.Newton(), ls.SAM(0.01)])
def test_maps_of_a_rule_without_a_list_stay_what_they_are(optimizer: ls.Optimizer) -> None:
    run = ls.Experiment("himmelblau", (optimizer,), [(0.0, 0.0)], 5).run()
    given = player_payload(basins_scene(ls.basins("himmelblau", optimizer, (5, 5), 5), run))
    assert given["live"] is None
