"""The palettes keep what they promise: contrast, evenness, no two alike."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import numpy as np
import pytest

import landscape as ls
from landscape.errors import UnknownName
from landscape.optimizers import OPTIMIZERS
from landscape.picture import strokes
from landscape.picture.colors import HUES, from_oklab, to_oklab
from landscape.picture.glyphs import glyph
from landscape.picture.shading import DARKEST, shaded
from landscape.picture.strokes import line_style, looks, stroke
from landscape.picture.themes import THEMES, theme_of
from landscape.recipe.lesson import parts
from landscape.render.screen.pen import plotly_dash
from tests.picture.eyes import seen

COLORED = [theme for theme in THEMES.values() if not theme.monochrome]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it: a second opinion on the conversions in ``colors``."""
    srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lightness(color: str) -> float:
    """CIE L*."""
    y = luminance(color)
    return float(116 * np.cbrt(y) - 16 if y > (6 / 29) ** 3 else y * (29 / 3) ** 3)


@pytest.mark.parametrize("theme", COLORED, ids=lambda t: t.name)
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_tracks_stand_out_from_the_background(key, theme):
    assert all(contrast(stroke(key, variant, theme).color, theme.background) >= 3 for variant in range(9))


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_tracks_stand_out_from_every_ground_in_every_light(theme):
    """Of line, casing and the casing's edge one has a contrast of 3 to 1 to what is under it."""
    lines = {stroke(key, variant, theme).color for key in OPTIMIZERS for variant in range(9)}
    under = [np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) / 255 for c in (*theme.field, *theme.diverging)]
    between = [(1 - t) * a + t * b for a, b in itertools.pairwise(under) for t in (0.0, 0.25, 0.5, 0.75, 1.0)]
    for light in (DARKEST, 0.0, -DARKEST):
        for color in shaded(np.array(between), np.full(len(between), light)):
            ground = "#" + "".join(f"{round(255 * c):02X}" for c in color)
            for line in lines:
                assert max(contrast(one, ground) for one in (line, theme.outline, theme.edge)) >= 3, (line, ground)


@pytest.mark.parametrize("theme", COLORED, ids=lambda t: t.name)
def test_the_first_four_are_far_apart_in_colour_and_have_markers_of_their_own(theme):
    def lab(color: str) -> np.ndarray:
        srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
        rows = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
        xyz = np.array(rows) @ linear / np.array([0.9505, 1.0, 1.0890])
        x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * 841 / 108 + 4 / 29)
        return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])

    found = [stroke(one.key, 0, theme) for one in parts(ls.surface("escaping_saddle"))["optimizers"]]
    for one, other in itertools.combinations(found, 2):
        assert np.linalg.norm(lab(one.color) - lab(other.color)) >= 20
        assert one.marker != other.marker


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_no_two_optimizers_are_drawn_alike(theme):
    found = [stroke(key, 0, theme) for key in OPTIMIZERS]
    assert len({(s.color, s.dash) for s in found}) == len(found)


@pytest.mark.parametrize("theme", COLORED, ids=lambda t: t.name)
def test_several_of_one_optimizer_are_told_apart(theme):
    for key in OPTIMIZERS:
        assert len({(s.color, s.dash) for s in (stroke(key, v, theme) for v in range(9))}) == 9


def test_an_optimizer_keeps_its_look_on_every_background():
    def hue(color: str) -> float:
        _, a, b = to_oklab(color)
        return float(np.arctan2(b, a)) if np.hypot(a, b) > 0.01 else 0.0

    for key in OPTIMIZERS:
        found = [stroke(key, 0, theme) for theme in COLORED]
        assert len({(s.dash, s.marker) for s in found}) == 1
        assert max(abs(np.sin((hue(s.color) - hue(found[0].color)) / 2)) for s in found) < 0.3
        assert len({s.color for s, theme in zip(found, COLORED, strict=True) if not theme.dark}) == 1


@pytest.fixture
def strangers():
    """Optimizers of one's own, registered for a test: below others, and asking for a look that is taken."""
    classes = []
    for n, parent in enumerate([ls.SGD, ls.Adam, ls.Momentum, ls.Newton]):
        wish = {"look": ls.SGD.look} if n == 2 else {}
        classes.append(
            dataclass(frozen=True)(type(f"Own{n}", (parent,), {"key": f"own_{n}", "title": f"Own {n}", **wish}))
        )
    yield [ls.register(cls) for cls in classes]
    for cls in classes:
        del OPTIMIZERS[cls.key]


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_registered_strangers_look_like_nobody_else(theme, strangers):
    found = [stroke(key, 0, theme) for key in OPTIMIZERS]
    assert len({(s.color, s.dash) for s in found}) == len(found) == len(looks())


def test_strangers_change_no_other_look(strangers):
    together = looks()
    last = OPTIMIZERS.pop(strangers[-1].key)
    assert {key: together[key] for key in OPTIMIZERS} == looks()
    OPTIMIZERS.add(last)
    assert together == looks()


def test_more_optimizers_than_looks_are_all_drawn(monkeypatch):
    many = {f"rule_{k}": type(f"Rule{k}", (), {}) for k in range(100)}
    monkeypatch.setattr(strokes, "OPTIMIZERS", many)
    assert len(set(looks().values())) == strokes.N_LOOKS
    assert stroke("rule_99").color


def test_a_hue_that_there_is_not_is_named(monkeypatch):
    monkeypatch.setattr(strokes, "OPTIMIZERS", {"mine": type("Mine", (), {"look": ("gren", 0)})})
    with pytest.raises(UnknownName, match="did you mean 'green'"):
        stroke("mine")


def test_an_unregistered_optimizer_gets_a_stable_look_of_its_own():
    mine = stroke("my_own")
    assert mine == stroke("my_own", 0, "projector")
    assert mine.color in {hue.color for hue in HUES.values()}
    assert all((mine.color, mine.dash) != (stroke(key).color, stroke(key).dash) for key in OPTIMIZERS)


def test_hues_stay_apart_for_every_kind_of_eye():
    for eye, least in {"normal": 0.11, "protan": 0.05, "deutan": 0.05, "tritan": 0.05}.items():
        for shades in ([hue.color for hue in HUES.values()], [hue.on_dark for hue in HUES.values()]):
            for one, other in itertools.combinations(shades, 2):
                assert np.linalg.norm(seen(one, eye) - seen(other, eye)) > least, (eye, one, other)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_grounds_are_even_and_deep(theme):
    steps = np.diff([lightness(c) for c in theme.field])
    assert np.all(steps > 0)
    assert steps.max() < 1.35 * steps.min()
    assert steps.sum() > 40
    ends = [lightness(theme.diverging[i]) for i in (0, -1)]
    assert abs(ends[0] - ends[1]) < 1.5
    middle = len(theme.diverging) // 2
    arms = np.diff([lightness(c) for c in theme.diverging])
    assert len(set(np.sign(arms[:middle]))) == len(set(np.sign(arms[middle:]))) == 1
    assert np.sign(arms[0]) == -np.sign(arms[-1])


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)
def test_text_is_readable(theme):
    assert contrast(theme.ink, theme.background) > 10
    assert contrast(theme.muted, theme.background) > 4.5
    assert contrast(theme.accent, theme.on_accent) > 4.5
    for name in ("background", "surface", "ink", "muted", "grid", "line", "accent", "outline", "edge", "contour"):
        assert re.fullmatch("#[0-9A-F]{6}", getattr(theme, name))


def test_every_kind_and_role_has_a_look():
    kinds = ("start", "minimum", "saddle", "maximum", "degenerate")
    assert len({glyph(kind).symbol for kind in kinds}) == 5
    for role in ("graph", "theory", "threshold", "manifold_stable", "manifold_unstable", "boundary"):
        assert (
            line_style(role, "dark").color == theme_of("dark").ink
            or line_style(role, "dark").color == theme_of("dark").muted
        )
    with pytest.raises(UnknownName, match="did you mean 'light'"):
        theme_of("lihgt")


def test_colors_survive_the_round_trip():
    for color in (*(hue.color for hue in HUES.values()), "#000000", "#FFFFFF", "#123456"):
        assert from_oklab(*to_oklab(color)) == color


def test_dashes_grow_with_the_line():
    assert plotly_dash((), 3) == "solid"
    assert plotly_dash((2.0, 1.5), 4.0) == "8px,6px"
