"""The markers of points that stand still: kinds of points, and the classes of data with their regions.

Markers have Plotly's names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from landscape.errors import lookup
from landscape.language import mark, tr
from landscape.picture.colors import from_oklab, shade
from landscape.picture.strokes import Stroke
from landscape.picture.themes import LIGHT, Theme, theme_of


@dataclass(frozen=True)
class Glyph:
    """How one kind of still point is drawn. ``color`` and ``outline`` are set; ``size`` is a factor."""

    symbol: str
    color: str
    outline: str
    size: float
    title: str


# Point kinds -> symbol, filled, size as a factor of the theme's, name for people.
_GLYPHS: dict[str, tuple[str, bool, float, str]] = {
    "start": ("circle", False, 0.95, mark("start")),
    "minimum": ("star", True, 1.35, mark("minimum")),
    "saddle": ("x", True, 0.95, mark("saddle")),
    "maximum": ("triangle-up", True, 1.0, mark("maximum")),
    "degenerate": ("diamond", False, 1.1, mark("degenerate point")),
    "best": ("star", True, 1.35, mark("best")),
    "diverged": ("cross", True, 1.25, mark("diverged or broke off")),
    "zero": ("triangle-down", True, 0.9, mark("exactly zero")),
    "measured": ("circle", False, 0.95, mark("measured")),
}


def glyph(kind: str, theme: str | Theme = LIGHT) -> Glyph:
    """Return how a kind of point is drawn; an open glyph has the rim's colour inside and ink around it."""
    theme = theme_of(theme)
    symbol, filled, size, title = lookup(_GLYPHS, kind, tr("kind of point"))
    inside, rim = (theme.ink, theme.outline) if filled else (theme.outline, theme.ink)
    return Glyph(symbol, inside, rim, size, tr(title))


def track_glyph(points: str, of: Stroke, theme: str | Theme = LIGHT) -> Glyph:
    """Return how a kind of point is drawn that belongs to a track: in its colour, and if measured with its marker.

    Tracks of one hue share a marker; those with a dashed line have it open.
    """
    look = glyph(points, theme)
    if points != "measured":
        return replace(look, color=of.color)
    inside, rim = (look.color, of.color) if of.dash else (of.color, look.color)
    return Glyph(of.marker, inside, rim, look.size, look.title)


# Hue in degrees, lightness and marker of the classes of data, muted beside the optimizers' colours. The lightnesses of
# the first four are as far apart as can be, and so are those of all eight: they are told apart in grey too.
_CLASSES = (
    (75, 0.80, "circle"),
    (240, 0.44, "triangle-up"),
    (330, 0.68, "square"),
    (150, 0.56, "diamond"),
    (20, 0.74, "triangle-down"),
    (200, 0.50, "pentagon"),
    (285, 0.62, "star"),
    (110, 0.86, "hexagon"),
)


def class_glyph(number: int, title: str = "", theme: str | Theme = LIGHT) -> Glyph:
    """Return how data of class ``number`` = 0, 1, ... are drawn; the regions of the class have the same colour.

    Eight classes have colour and marker of their own; further ones repeat the markers in other lightnesses.
    """
    theme = theme_of(theme)
    hue, lightness, symbol = _CLASSES[number % len(_CLASSES)]
    round_ = number // len(_CLASSES)
    if theme.monochrome:
        color = from_oklab(max(0.92 - 0.13 * (number % 6) - 0.05 * (number // 6), 0.1), 0.0, 0.0)
        return Glyph(symbol, color, theme.ink, 0.62, title)
    angle = math.radians(hue)
    color = from_oklab(lightness - 0.12 * (round_ % 3), 0.075 * math.cos(angle), 0.075 * math.sin(angle))
    return Glyph(symbol, color, theme.outline, 0.62, title)


def class_colors(n_classes: int, levels: int = 1, apart: int = 0, theme: str | Theme = LIGHT) -> list[str]:
    """Return the colours of the regions of classes: ``levels`` shades a class, the brightest first, then its border.

    Shades of two classes do not overlap in lightness. One level is the class's colour alone. The last ``apart`` classes
    are painted in greys that grow darker (in the dark theme: lighter), without shades; the last level is for stripes.
    """
    theme = theme_of(theme)
    colors: list[str] = []
    for number in range(n_classes - apart):
        color = class_glyph(number, theme=theme).color
        if levels == 1:
            colors.append(color)
        else:
            colors += [shade(color, 0.055 - 0.11 * level / (levels - 2)) for level in range(levels - 1)]
            colors.append(shade(color, -0.3))
    for number in range(apart):
        share = (number + 1) / (apart + 1)
        grey = from_oklab(0.20 + 0.35 * share if theme.dark else 0.88 - 0.55 * share, 0.0, 0.0)
        colors += [grey] * (levels - 1) + [shade(grey, 0.12 if theme.dark else -0.12) if levels > 1 else grey]
    return colors


def class_sign(number: int, n_classes: int, levels: int, apart: int, theme: str | Theme = LIGHT) -> str:
    """Return the colour that stands for class ``number`` in the key: its middle shade."""
    return class_colors(n_classes, levels, apart, theme)[levels * number + levels // 3]
