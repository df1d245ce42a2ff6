"""The four themes: colours and sizes of everything but the paths. Maps are deep, and paths wear a casing on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from landscape.errors import lookup
from landscape.language import tr
from landscape.picture.grounds import GROUNDS, SIGNED

Palette = Literal["sequential", "diverging"]

# The page's own face where there is one, else the system's. Files that embed fonts take the first that exists.
FONT_FAMILIES = ("Source Sans", "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif")

HANGUL_FAMILIES = ("Noto Sans KR", "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic")
"""Typefaces of the systems that have the letters of Korean, which those above have not."""

CONTOUR_OPACITY = 0.3
"""Contour lines are thin and faint: the colours of the map and its shading tell its form."""


def _stops(colors: str) -> tuple[str, ...]:
    return tuple(f"#{color}" for color in colors.split())


@dataclass(frozen=True)
class Theme:
    """One set of colours and sizes. Lengths are CSS pixels; a pen for paper scales them.

    ``field`` and ``diverging`` are evenly spaced stops from low to high. ``outline`` is the rim of heads and
    glyphs and the casing of paths on a ground, ``edge`` the hairline round that casing: where the ground is as bright
    (or as dark) as the one, the other stands out. ``contour`` is drawn at ``CONTOUR_OPACITY``. ``span_opacity`` is
    that of shaded intervals. ``monochrome`` themes leave the difference between tracks to dash and marker.
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
    edge: str
    contour: str
    field: tuple[str, ...]
    diverging: tuple[str, ...]
    font_size: float = 13.0
    title_size: float = 15.0
    line_width: float = 2.5
    head_size: float = 14.0
    point_size: float = 11.0
    span_opacity: float = 0.16
    monochrome: bool = False

    @property
    def font_family(self) -> str:
        """The typeface with its stand-ins, as CSS and Plotly read it."""
        *latin, last = FONT_FAMILIES
        return ", ".join(f"'{name}'" if " " in name else name for name in (*latin, *HANGUL_FAMILIES, last))

    def palette(self, name: Palette) -> tuple[str, ...]:
        """Return the stops of a field's palette, low to high."""
        return self.field if name == "sequential" else self.diverging


LIGHT = Theme(
    name="light",
    dark=False,
    background="#FFFFFF",
    surface="#F6F7F9",
    ink="#161A20",
    muted="#5D6673",
    grid="#E7EAEE",
    line="#B9C0CA",
    accent="#5546C0",
    on_accent="#FFFFFF",
    outline="#FFFFFF",
    edge="#161A20",
    contour="#0B0E13",
    field=_stops(GROUNDS["light"]),
    diverging=_stops(SIGNED["light"]),
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
    outline="#000000",
    edge="#000000",
    contour="#DCE6F2",
    field=_stops(GROUNDS["dark"]),
    diverging=_stops(SIGNED["dark"]),
)
PROJECTOR = replace(
    LIGHT,
    name="projector",
    ink="#0B0E13",
    muted="#3E4651",
    grid="#DDE1E6",
    line="#8D96A3",
    field=_stops(GROUNDS["projector"]),
    diverging=_stops(SIGNED["projector"]),
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
    edge="#000000",
    contour="#000000",
    field=_stops(GROUNDS["print"]),
    diverging=_stops(SIGNED["print"]),
    line_width=1.6,
    head_size=9.0,
    point_size=9.0,
    span_opacity=0.12,
    monochrome=True,
)
THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK, PROJECTOR, PRINT)}


def theme_of(theme: str | Theme) -> Theme:
    """Return a theme by its name ("light", "dark", "projector", "print"), or as it is; raise ``UnknownName``."""
    return theme if isinstance(theme, Theme) else lookup(THEMES, theme, tr("theme"))
