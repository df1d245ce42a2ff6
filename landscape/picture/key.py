"""The key of a picture, and how the picture bears a crowd: one gatherer and one law for every pen.

The key names each group of tracks and each sign that stands still. The law says how thin lines and marks become where
there are many tracks, and what is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from landscape.language import tr
from landscape.picture.glyphs import class_glyph, class_sign, glyph
from landscape.picture.numbers import typeset
from landscape.picture.scene import (
    Field,
    Line,
    MovingField,
    MovingLine,
    Panel,
    Path,
    Picture,
    Points,
    Samples,
    Spans,
    Track,
)
from landscape.picture.strokes import Dash, Stroke, in_dashes, line_style, stroke
from landscape.picture.themes import LIGHT, Theme, theme_of

ROOM = 12
"""So many tracks are drawn in full width."""
THINNEST = 0.4
"""The least share of their width that many tracks keep."""
FINEST, COARSEST = 0.007, 0.018
"""The least and the largest diameter of very many points, as shares of the width of their panel."""
MOST_ROWS = 4
"""Up to so many tracks have their numbers beside a slide."""
MOST_BANDS = 4
"""Up to so many tracks have their shaded intervals shaded over the whole height of a panel: more would mix to mud."""


@dataclass(frozen=True)
class Group:
    """The tracks of one entry of the key, and their look."""

    name: str
    tracks: tuple[Track, ...]
    stroke: Stroke


@dataclass(frozen=True)
class Sign:
    """An entry for what belongs to no track: a kind of mark, the area of a class, a line, shaded spans.

    ``size`` of a mark and ``width`` of a line are factors of the theme's; ``symbol`` and ``outline`` are a mark's.
    """

    label: str
    shape: Literal["mark", "area", "line", "span"]
    color: str
    outline: str = ""
    symbol: str = ""
    size: float = 1.0
    dash: Dash = ()
    width: float = 1.0
    opacity: float = 1.0


def groups_of(scene: Picture, theme: str | Theme = LIGHT) -> tuple[Group, ...]:
    """Return the groups of tracks in the order of their first tracks."""
    members: dict[str, list[Track]] = {}
    for track in scene.tracks:
        members.setdefault(track.group, []).append(track)
    leading = [tracks[0] for tracks in members.values()]
    strokes = [stroke(track.style, track.variant, theme, dashed=scene.dashed) for track in leading]
    looks = in_dashes(strokes) if scene.dashed else strokes
    return tuple(Group(name, tuple(tracks), look) for (name, tracks), look in zip(members.items(), looks, strict=True))


def signs_of(scene: Picture, theme: str | Theme = LIGHT) -> tuple[Sign, ...]:
    """Return what else the key names, each sign once: kinds of points, classes and their areas, lines, shaded spans.

    Only what is there to be seen is named: no layer without points, no spans without an interval.
    """
    theme = theme_of(theme)
    layers = [layer for panel in scene.panels for layer in panel.layers]
    found: list[Sign] = []
    for points in (layer for layer in layers if isinstance(layer, Points) and len(layer.x)):
        # A mark in the colours of several tracks is shown without colour.
        look = glyph(points.kind, theme)
        found.append(Sign(look.title, "mark", look.color, look.outline, look.symbol, look.size * 0.9))
    for samples in (layer for layer in layers if isinstance(layer, Samples)):
        for number, name in enumerate(samples.names):
            look = class_glyph(number, name, theme)
            found.append(Sign(name, "mark", look.color, look.outline, look.symbol, look.size * 1.2))
    for field in (layer for layer in layers if isinstance(layer, MovingField) and layer.named):
        for number, name in enumerate(field.classes):
            color = class_sign(number, len(field.classes), field.levels, field.apart, theme)
            found.append(Sign(name, "area", color, opacity=field.opacity))
    for line in (layer for layer in layers if isinstance(layer, Line) and layer.label):
        found.append(_line(line.label, line.role, theme))
    if any(isinstance(layer, MovingLine) and layer.role == "boundary" for layer in layers):
        found.append(_line(tr("boundary"), "boundary", theme))
    shaded = (layer for layer in layers if isinstance(layer, Spans) and layer.label and layer.intervals)
    full = leaders(scene)
    for spans in (layer for layer in shaded if layer.track in full):
        found.append(Sign(spans.label, "span", theme.muted, opacity=max(0.25, theme.span_opacity)))
    return tuple(dict.fromkeys(replace(sign, label=typeset(sign.label)) for sign in found))


def _line(label: str, role: str, theme: Theme) -> Sign:
    look = line_style(role, theme)
    return Sign(label, "line", look.color, dash=look.dash, width=look.width)


def sign_data(sign: Sign) -> dict[str, Any]:
    """Return a sign as JSON data without what its shape does not have."""
    of_shape = {"mark": ("outline", "symbol"), "area": ("opacity",), "line": ("dash", "width"), "span": ()}
    data = {name: getattr(sign, name) for name in ("label", "shape", "color", *of_shape[sign.shape])}
    return data | {"dash": list(sign.dash)} if sign.shape == "line" else data


def thinness(scene: Picture) -> float:
    """Return the factor for the widths of lines, heads and marks of tracks: less where there are many."""
    n = len(scene.tracks)
    return 1.0 if n <= ROOM else max(THINNEST, (ROOM / n) ** 0.4)


def grain(n_points: int) -> float:
    """Return the diameter of each of very many points as a share of the width of their panel.

    About half the distance between neighbours on a grid that fills it, as far as that can be seen.
    """
    return min(max(0.5 / n_points**0.5, FINEST), COARSEST)


def leaders(scene: Picture) -> frozenset[str]:
    """Return the tracks that are drawn in full: all, but of a crowd one a group, half way between its best and worst.

    The others stand back: thin, pale, without a casing; their spans are not shaded. How good a track is says where it
    ends in the first panel without a ground.
    """
    every = frozenset(track.id for track in scene.tracks)
    plain = next((panel for panel in scene.panels if panel.kind == "plane" and not has_ground(panel)), None)
    if len(scene.tracks) <= ROOM or plain is None:
        return every
    ends = {}
    for path in (layer for layer in plain.layers if isinstance(layer, Path)):
        finite = path.y[np.isfinite(path.y)]
        ends[path.track] = float(finite[-1]) if finite.size else np.inf
    found: list[str] = []
    for group in groups_of(scene):
        ranked = sorted((track.id for track in group.tracks if track.id in ends), key=lambda track: ends[track])
        found += ranked if len(ranked) < 3 else [ranked[(len(ranked) - 1) // 2]]
    return frozenset(found)


def notes_of(scene: Picture) -> tuple[str, ...]:
    """Return the scene's notes, and of a crowd which tracks are drawn in full."""
    if len(leaders(scene)) == len(scene.tracks):
        return scene.notes
    said = tr(
        "Of many paths the one of each colour that ends half way between the best and the worst is drawn in full."
    )
    return (*scene.notes, said)


def verdicts_of(scene: Picture) -> tuple[tuple[str, int], ...]:
    """Return how each path ended, and since when that can be said; of more than ``MOST_ROWS`` nothing."""
    if len(scene.tracks) > MOST_ROWS:
        return ()
    return tuple(
        (tr("{path}: {verdict}", path=track.label, verdict=typeset(track.verdict)), track.last)
        for track in scene.tracks
        if track.verdict
    )


PALE = 0.6
"""The share of the background in the colour of a track that stands back."""


def has_ground(panel: Panel) -> bool:
    """Tell whether paths in a panel run over colours, not over paper: there those in full wear a casing."""
    return any(isinstance(layer, Field | MovingField) for layer in panel.layers)


def ring(number: int, stroke: Stroke, theme: Theme) -> tuple[str, float]:
    """Return the marker and the size, in sizes of a head, of the ring of group ``number``: a head round what it is on.

    Groups that end in one critical point have rings inside each other. Colours tell them apart, on grey paper markers.
    """
    return stroke.marker if theme.monochrome else "circle", 1.4 + 0.32 * (number % 4)


def mark_thinness(points: Points, scene: Picture) -> float:
    """Return the factor for marks: those of tracks and starts thin out with these, so that they do not hide the map."""
    return thinness(scene) if points.kind == "start" or points.tracks else 1.0


def span_parts(panel: Panel, track: str, theme: Theme) -> tuple[tuple[float, float, float], ...]:
    """Return how spans of a track are shaded: (bottom, top, opacity) as shares of the panel's height.

    The first is a bar under the top edge, in a lane of its own; below it lies a faint band, unless there are many.
    """
    shaded = [layer.track for layer in panel.layers if isinstance(layer, Spans)]
    lane, height = shaded.index(track), min(0.032, 0.3 / len(shaded))
    top, bottom = 1 - lane * height, 1 - (lane + 0.85) * height
    bar = (bottom, top, 0.75)
    if len(shaded) > MOST_BANDS:
        return (bar,)
    return bar, (0.0, bottom, theme.span_opacity / len(shaded) ** 0.5)
