"""How everything looks, as data: colours, dashes, markers, themes. No drawing library is imported here.

The optimizers own the bright colours. The field under them is muted, ink and grid are neutral, and there is one
accent colour for whatever can be pressed. Dashes are lengths in units of the line width, on and off in turn, as
Matplotlib has them; ``()`` is a solid line. Markers and glyphs have Plotly's names.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from typing import Literal

from landscape.errors import lookup

Dash = tuple[float, ...]
Palette = Literal["sequential", "diverging"]

# The page's own face where there is one, else the system's. Files that embed fonts take the first that exists.
FONT_FAMILIES = ("Source Sans", "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")

# The hues of Okabe and Ito (2008), "Color universal design", lightness and hue moved until each has a contrast of
# at least 2.7 on white and 3.7 on the dark background and all stay apart under the three colour deficiencies
# (Machado, Oliveira and Fernandes 2009); yellow and black, which one of the backgrounds swallows, became gold and grey.
BLUE, ORANGE, GREEN, PURPLE = "#2A70D4", "#D87E00", "#09A18C", "#AE4C9A"
VERMILLION, SKY, GOLD, GREY = "#BC491A", "#2BA1FC", "#929D50", "#777777"

# hue -> marker; on grey paper the place in this table becomes a dash, so that hues stay apart there too.
HUES: dict[str, str] = {
    BLUE: "circle",
    ORANGE: "square",
    GREEN: "diamond",
    PURPLE: "triangle-up",
    VERMILLION: "triangle-down",
    SKY: "pentagon",
    GOLD: "star",
    GREY: "hexagon",
}

SOLID: Dash = ()
DASHES: tuple[Dash, ...] = (
    SOLID,
    (4.0, 1.8),
    (1.3, 1.5),
    (8.0, 2.0),
    (5.0, 1.6, 1.2, 1.6),
    (5.0, 1.6, 1.2, 1.6, 1.2, 1.6),
    (2.5, 1.2),
    (8.0, 1.8, 2.5, 1.8),
    (10.0, 1.6, 1.2, 1.6),
)
# The nearest of the six dashes that have a name, for renderers that take no other (Plotly in space).
DASH_NAMES = ("solid", "dash", "dot", "longdash", "dashdot", "dashdot", "dash", "longdashdot", "longdashdot")

# optimizer key -> (hue, index of its dash). Those compared most often have a hue to themselves on a solid line.
OPTIMIZER_STYLES: dict[str, tuple[str, int]] = {
    "sgd": (BLUE, 0),
    "momentum": (ORANGE, 0),
    "nesterov": (VERMILLION, 0),
    "adagrad": (SKY, 0),
    "adadelta": (SKY, 1),
    "rmsprop": (GREEN, 0),
    "adam": (PURPLE, 0),
    "amsgrad": (PURPLE, 1),
    "adamax": (GOLD, 1),
    "nadam": (VERMILLION, 1),
    "radam": (SKY, 2),
    "adamw": (ORANGE, 1),
    "lion": (GOLD, 0),
    "adabelief": (VERMILLION, 2),
    "yogi": (GREEN, 1),
    "perturbed_gd": (BLUE, 1),
    "newton": (GREY, 0),
    "saddle_free_newton": (GREY, 1),
    "lbfgs": (GREY, 2),
    "trust_region": (GOLD, 2),
}


@dataclass(frozen=True)
class Stroke:
    """How one track is drawn, in every panel and every file: colour, dash, the dash's nearest name, marker."""

    color: str
    dash: Dash
    dash_name: str
    marker: str


@dataclass(frozen=True)
class Glyph:
    """How one kind of still point is drawn. ``color`` and ``outline`` are set; ``size`` is a factor."""

    symbol: str
    color: str
    outline: str
    size: float
    title: str


@dataclass(frozen=True)
class LineStyle:
    """How a still line is drawn; ``width`` is a factor of the theme's line width."""

    color: str
    dash: Dash
    dash_name: str
    width: float


@dataclass(frozen=True)
class Theme:
    """One set of colours and sizes. Lengths are CSS pixels; a pen for paper scales them.

    ``field`` and ``diverging`` are evenly spaced stops from low to high. ``outline`` is the rim of heads and
    glyphs. ``span_opacity`` is that of shaded intervals. ``monochrome`` themes leave the difference between tracks
    to dash and marker.
    """

    name: str
    dark: bool
    background: str
    surface: str
    ink: str
    muted: str
    grid: str
    line: str
    accent: str
    on_accent: str
    outline: str
    contour: str
    field: tuple[str, ...]
    diverging: tuple[str, ...]
    font_size: float = 13.0
    title_size: float = 15.0
    line_width: float = 2.2
    head_size: float = 14.0
    point_size: float = 11.0
    span_opacity: float = 0.16
    monochrome: bool = False

    @property
    def font_family(self) -> str:
        """The typeface with its stand-ins, as CSS and Plotly read it."""
        return ", ".join(f"'{name}'" if " " in name else name for name in FONT_FAMILIES)

    def palette(self, name: Palette) -> tuple[str, ...]:
        """Return the stops of a field's palette, low to high."""
        return self.field if name == "sequential" else self.diverging


def _oklab_to_hex(lightness: float, a: float, b: float) -> str:
    """Return the sRGB colour of a point in Oklab (Ottosson 2020, "A perceptual color space for image processing")."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    srgb = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(255 * min(max(c, 0.0), 1.0)):02X}" for c in srgb)


def _hex_to_oklab(color: str) -> tuple[float, float, float]:
    """Return lightness, a and b of an sRGB colour."""
    srgb = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in srgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _ramp(*stops: tuple[float, float, float], n: int = 11) -> tuple[str, ...]:
    """Return ``n`` colours evenly spaced along (lightness, chroma, hue in degrees) stops, straight lines in Oklab."""
    points = [(L, c * math.cos(math.radians(h)), c * math.sin(math.radians(h))) for L, c, h in stops]
    colors = []
    for k in range(n):
        at = k / (n - 1) * (len(points) - 1)
        i = min(int(at), len(points) - 2)
        here, there = points[i], points[i + 1]
        colors.append(_oklab_to_hex(*(p + (at - i) * (q - p) for p, q in zip(here, there, strict=True))))
    return tuple(colors)


def _shade(color: str, amount: float) -> str:
    """Return the colour with its Oklab lightness moved by ``amount``."""
    lightness, a, b = _hex_to_oklab(color)
    return _oklab_to_hex(min(max(lightness + amount, 0.0), 1.0), a, b)


LIGHT = Theme(
    name="light",
    dark=False,
    background="#FFFFFF",
    surface="#F6F7F9",
    ink="#1F242C",
    muted="#5D6673",
    grid="#E7EAEE",
    line="#B9C0CA",
    accent="#5546C0",
    on_accent="#FFFFFF",
    outline="#FFFFFF",
    contour="#7F8DA0",
    field=_ramp((0.80, 0.040, 250), (0.985, 0.006, 95)),
    diverging=_ramp((0.79, 0.055, 245), (0.98, 0.004, 95), (0.79, 0.055, 45), n=21),
)
DARK = Theme(
    name="dark",
    dark=True,
    background="#14171C",
    surface="#1D2128",
    ink="#E9ECF1",
    muted="#A0A9B6",
    grid="#272C35",
    line="#465060",
    accent="#A79BFF",
    on_accent="#14171C",
    outline="#0B0D10",
    contour="#6B7A8F",
    field=_ramp((0.175, 0.026, 265), (0.36, 0.022, 240)),
    diverging=_ramp((0.45, 0.055, 245), (0.22, 0.006, 265), (0.45, 0.055, 45), n=21),
)
PROJECTOR = replace(
    LIGHT,
    name="projector",
    ink="#0B0E13",
    muted="#3E4651",
    grid="#DDE1E6",
    line="#8D96A3",
    contour="#8593A6",
    font_size=19.0,
    title_size=23.0,
    line_width=4.0,
    head_size=24.0,
    point_size=17.0,
    span_opacity=0.22,
)
PRINT = replace(
    LIGHT,
    name="print",
    surface="#FFFFFF",
    ink="#000000",
    muted="#333333",
    grid="#E4E4E4",
    line="#888888",
    accent="#000000",
    contour="#9A9A9A",
    field=_ramp((0.82, 0.0, 0), (0.99, 0.0, 0)),
    diverging=_ramp((0.80, 0.0, 0), (0.99, 0.0, 0), (0.80, 0.0, 0), n=21),
    line_width=1.6,
    head_size=9.0,
    point_size=9.0,
    span_opacity=0.12,
    monochrome=True,
)
THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, PROJECTOR, PRINT)}

# Line roles -> which of the theme's neutral colours, dash, width as a factor of the theme's.
_LINES: dict[str, tuple[str, int, float]] = {
    "graph": ("ink", 0, 0.8),
    "second graph": ("ink", 3, 0.8),
    "third graph": ("ink", 4, 0.8),
    "fourth graph": ("muted", 0, 0.9),
    "theory": ("ink", 1, 0.8),
    "threshold": ("muted", 2, 0.7),
    "manifold_stable": ("ink", 3, 0.7),
    "manifold_unstable": ("ink", 2, 0.9),
    "boundary": ("muted", 0, 0.6),
}
# Point kinds -> symbol, filled, size as a factor of the theme's, name for people.
_GLYPHS: dict[str, tuple[str, bool, float, str]] = {
    "start": ("circle", False, 0.95, "start"),
    "minimum": ("star", True, 1.35, "minimum"),
    "saddle": ("x", True, 0.95, "saddle"),
    "maximum": ("triangle-up", True, 1.0, "maximum"),
    "degenerate": ("diamond", False, 1.1, "degenerate point"),
    "best": ("star", True, 1.35, "best"),
    "diverged": ("cross", True, 1.25, "diverged"),
    "zero": ("triangle-down", True, 0.9, "exactly zero"),
    "measured": ("circle", False, 0.95, "measured"),
}
_GREYS = ("#111111", "#6A6A6A", "#9C9C9C")
_SHADES = (0.0, 0.10, -0.09)


def theme_of(theme: str | Theme) -> Theme:
    """Return a theme by its name ("light", "dark", "projector", "print"), or as it is; raise ``UnknownName``."""
    return theme if isinstance(theme, Theme) else lookup(THEMES, theme, "theme")


def stroke(key: str, variant: int = 0, theme: str | Theme = LIGHT) -> Stroke:
    """Return how the tracks of an optimizer key are drawn: the same in every picture, no two alike.

    ``variant`` 1, 2, ... are further tracks of the same optimizer (another learning rate): same hue, another shade
    and dash. A key that is not in ``OPTIMIZER_STYLES`` (an optimizer of your own) gets a hue that depends on
    nothing but its name. In a monochrome theme the hue becomes a dash, the dash becomes a grey.

    >>> stroke("sgd").color, stroke("sgd", 1).dash
    ('#2A70D4', (8.0, 2.0))
    """
    theme = theme_of(theme)
    hues = tuple(HUES)
    if key in OPTIMIZER_STYLES:
        hue, slot = OPTIMIZER_STYLES[key]
    else:
        number = zlib.crc32(key.encode())
        hue, slot = hues[number % len(hues)], 3 + number // len(hues) % 6
    if theme.monochrome:
        index = (hues.index(hue) + variant) % len(DASHES)
        return Stroke(_GREYS[(slot + variant) % 3], DASHES[index], DASH_NAMES[index], HUES[hue])
    index = (slot + 3 * variant) % len(DASHES)
    shade = _SHADES[(variant + variant // 3) % 3]
    return Stroke(_shade(hue, shade) if shade else hue, DASHES[index], DASH_NAMES[index], HUES[hue])


def glyph(kind: str, theme: str | Theme = LIGHT) -> Glyph:
    """Return how a kind of point is drawn; an open glyph has the rim's colour inside and ink around it."""
    theme = theme_of(theme)
    symbol, filled, size, title = lookup(_GLYPHS, kind, "kind of point")
    inside, rim = (theme.ink, theme.outline) if filled else (theme.outline, theme.ink)
    return Glyph(symbol, inside, rim, size, title)


def track_glyph(points: str, of: Stroke, theme: str | Theme = LIGHT) -> Glyph:
    """Return how a kind of point is drawn that belongs to a track: in its colour, and if measured with its marker.

    Tracks of one hue share a marker; those with a dashed line have it open.
    """
    look = glyph(points, theme)
    if points != "measured":
        return replace(look, color=of.color)
    inside, rim = (look.color, of.color) if of.dash else (of.color, look.color)
    return Glyph(of.marker, inside, rim, look.size, look.title)


# Hue in degrees and marker of the classes of data, muted beside the optimizers' colours.
_CLASSES = (
    (75, "circle"),
    (240, "triangle-up"),
    (330, "square"),
    (150, "diamond"),
    (20, "triangle-down"),
    (200, "pentagon"),
    (285, "star"),
    (110, "hexagon"),
)


def class_glyph(number: int, title: str = "", theme: str | Theme = LIGHT) -> Glyph:
    """Return how data of class ``number`` = 0, 1, ... are drawn; the regions of the class have the same colour.

    Eight classes have colour and marker of their own; further ones repeat the markers in other lightnesses.
    """
    theme = theme_of(theme)
    hue, symbol = _CLASSES[number % len(_CLASSES)]
    round_ = number // len(_CLASSES)
    if theme.monochrome:
        color = _oklab_to_hex(max(0.92 - 0.13 * (number % 6) - 0.05 * round_, 0.1), 0.0, 0.0)
        return Glyph(symbol, color, theme.ink, 0.62, title)
    lightness = (0.72 if theme.dark else 0.60) - 0.1 * (round_ % 3)
    angle = math.radians(hue)
    color = _oklab_to_hex(lightness, 0.075 * math.cos(angle), 0.075 * math.sin(angle))
    return Glyph(symbol, color, theme.outline, 0.62, title)


def class_colors(n_classes: int, levels: int = 1, apart: int = 0, theme: str | Theme = LIGHT) -> list[str]:
    """Return the colours of the regions of classes, ``levels`` shades a class, the brightest first.

    The last ``apart`` classes are painted in greys that grow darker (in the dark theme: lighter), without shades.
    """
    theme = theme_of(theme)
    colors: list[str] = []
    for number in range(n_classes - apart):
        color = class_glyph(number, theme=theme).color
        if levels == 1:
            colors.append(color)
        else:
            colors += [_shade(color, 0.16 - 0.34 * level / (levels - 1)) for level in range(levels)]
    for number in range(apart):
        share = (number + 1) / (apart + 1)
        colors += [_oklab_to_hex(0.20 + 0.35 * share if theme.dark else 0.88 - 0.55 * share, 0.0, 0.0)] * levels
    return colors


def class_sign(number: int, n_classes: int, levels: int, apart: int, theme: str | Theme = LIGHT) -> str:
    """Return the colour that stands for class ``number`` in the key: its middle shade."""
    return class_colors(n_classes, levels, apart, theme)[levels * number + levels // 3]


def line_style(role: str, theme: str | Theme = LIGHT) -> LineStyle:
    """Return how a still line of this role is drawn."""
    theme = theme_of(theme)
    color, dash, width = lookup(_LINES, role, "role of a line")
    return LineStyle(getattr(theme, color), DASHES[dash], DASH_NAMES[dash], width)


def plotly_dash(dash: Dash, width: float) -> str:
    """Return a dash as Plotly's flat charts read it, for a line of ``width`` pixels.

    >>> plotly_dash((4.0, 1.8), 2.0)
    '8px,3.6px'
    """
    return ",".join(f"{length * width:g}px" for length in dash) if dash else "solid"
