"""Light on a ground, the side from which a relief is seen, and lines that run over others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from landscape.picture.camera import BOX, FIELD_OF_VIEW, USUAL, best_view, eye_and_center
from landscape.picture.scene import Axis, Field, Panel, Path, Picture, Points, Track
from landscape.picture.shading import DARKEST, STRENGTH, hill_shade, shaded
from landscape.picture.sharing import arranged, is_critical

AXIS = np.linspace(-1.0, 1.0, 41)


def field(z, **options):
    return Field(AXIS, AXIS, np.broadcast_to(z, (41, 41)), "height", **options)


def test_slopes_towards_the_sun_are_lit_and_those_away_from_it_dark():
    x, y = AXIS[None, :], AXIS[:, None]
    rising_to_the_west = hill_shade(field(-x + 0 * y))  # it faces east, away from the sun in the north-west
    rising_to_the_east = hill_shade(field(x + 0 * y))
    assert np.all(rising_to_the_west < 0)
    assert np.all(rising_to_the_east > 0)
    assert np.all(hill_shade(field(y - 0 * x)) < 0)
    assert np.all(hill_shade(field(0 * x)) == 0)
    sun = np.array([-0.5, 0.5, np.sqrt(0.5)])
    normal = np.array([0.35 / 1.0, 0.0, 1.0]) / np.hypot(1.0, 0.35)
    assert rising_to_the_west[20, 20] == pytest.approx(STRENGTH * (normal @ sun - sun[2]))


def test_counts_have_no_slope():
    assert hill_shade(field(AXIS[None, :], cells=True)) is None


def test_shade_keeps_to_its_bounds_and_says_nothing_of_holes():
    steep = np.where(AXIS[None, :] > 0, 1e6, 0.0) + 0 * AXIS[:, None]
    steep[10, 10] = np.nan
    shade = hill_shade(field(steep))
    assert np.all(np.isfinite(shade))
    assert DARKEST <= shade.min() < 0 <= shade.max() <= -DARKEST
    assert hill_shade(field(AXIS[None, :], palette="diverging")) is None
    assert hill_shade(Field(AXIS, AXIS[:1], AXIS[None, :], "one row")) is None
    colors = np.array([[0.2, 0.5, 0.8]])
    assert np.all(shaded(colors, np.array([-0.3])) < colors)
    assert np.all(shaded(colors, np.array([0.3])) > colors)


def test_flipped_and_stretched_grounds_are_lit_as_they_lie():
    bowl = AXIS[None, :] ** 2 + 0.5 * AXIS[:, None] ** 2
    plain = hill_shade(field(bowl))
    scaled = hill_shade(Field(7 * AXIS + 3, 1e-6 * AXIS, 1e9 * bowl - 5, "height"))
    np.testing.assert_allclose(scaled, plain, atol=1e-9)
    flipped = hill_shade(Field(AXIS[::-1], AXIS, bowl[:, ::-1], "height"))
    np.testing.assert_allclose(flipped, plain[:, ::-1], atol=1e-12)


def test_a_relief_is_seen_from_where_its_paths_are_not_hidden():
    wall = field(np.where((AXIS[None, :] < -0.2) & (AXIS[None, :] > -0.4), 1.0, 0.0) + 0 * AXIS[:, None])
    behind = np.array([[0.0, y, 0.02] for y in np.linspace(-0.8, 0.8, 9)])
    view = best_view(wall, [behind])
    assert np.cos(np.radians(view[1])) > 0, "the wall stands to the west of them"
    assert best_view(wall, []) == best_view(field(0 * AXIS[None, :]), [behind]) == USUAL


def test_the_camera_holds_the_relief_and_fills_the_picture():
    z = np.sin(3 * AXIS[None, :]) * AXIS[:, None]
    panel = Panel("relief", "", Axis("x"), Axis("y"), (field(z),), "space", Axis("z"))
    for view in ((35.0, -130.0), (45.0, 50.0), (20.0, 10.0)):
        eye, centre = eye_and_center(replace(panel, view=view))
        y, x = np.meshgrid(AXIS / 2, AXIS / 2, indexing="ij")
        unit = (z - z.min()) / np.ptp(z) - 0.5
        points = np.stack([x, y, unit], axis=-1).reshape(-1, 3) * BOX
        look = (centre - eye) / np.linalg.norm(centre - eye)
        right = np.cross(look, [0, 0, 1]) / np.linalg.norm(np.cross(look, [0, 0, 1]))
        depth = (points - eye) @ look * np.tan(FIELD_OF_VIEW / 2)
        across, up = (points - eye) @ right / depth, (points - eye) @ np.cross(right, look) / depth
        assert max(np.abs(across).max(), np.abs(up).max()) < 1
        assert np.ptp(across) > 4 / 3, "two thirds of its panel"


def picture(**paths):
    tracks = tuple(Track(name, name, name.split("_")[0], "sgd", len(path.x) - 1) for name, path in paths.items())
    marks = Points(np.zeros(1), np.zeros(1), "saddle")
    panel = Panel("map", "", Axis("x", range=(0, 1)), Axis("y", range=(0, 1)), (marks, *paths.values()))
    return Picture("", (panel,), tracks, 20, (("map",),), (1.0,))


def line(name, x, y):
    return Path(name, np.asarray(x, dtype=float), np.asarray(y, dtype=float))


def shared(**paths):
    scene = picture(**paths)
    return arranged(scene.panels[0], scene)[1]


S = np.linspace(0.1, 0.9, 21)


def test_the_shorter_of_two_that_share_a_line_has_gaps_where_they_do():
    half = np.full(21, 0.5)
    long, short = line("a", S, half), line("b", 0.1 + (S - 0.1) / 2, half + 1e-4)
    assert shared(a=long, b=short) == {"b": ((0, 20, 1),)}
    assert shared(b=short, a=long) == {"b": ((0, 20, 1),)}
    leaves = line("b", S[:15], np.where(np.arange(15) < 10, 0.5, 0.5 + 0.05 * (np.arange(15) - 9)))
    ((first, last, under),) = shared(a=long, b=leaves)["b"]
    assert (first, under) == (0, 1)
    assert 9 <= last <= 10


def test_what_only_crosses_or_keeps_off_or_belongs_together_has_no_gaps():
    half = np.full(21, 0.5)
    assert shared(a=line("a", S, half), b=line("b", half, S)) == {}
    assert shared(a=line("a", S, half), b=line("b", S, half + 0.03)) == {}
    assert shared(a_1=line("a_1", S, half), a_2=line("a_2", S, half)) == {}
    nowhere = line("b", np.full(21, np.nan), np.full(21, np.nan))
    assert shared(a=line("a", S, half), b=nowhere) == {}


def test_three_that_share_a_line_are_counted():
    half = np.full(21, 0.5)
    names = {"a": line("a", S, half), "b": line("b", S[:20], half[:20]), "c": line("c", S[:19], half[:19])}
    assert {name: runs[0][2] for name, runs in shared(**names).items()} == {"b": 1, "c": 2}


def test_critical_points_come_last():
    scene = picture(a=line("a", S, S))
    assert is_critical(arranged(scene.panels[0], scene)[0].layers[-1])
