"""What every drawing function needs to know: theme, scale, and how each track looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.picture.axes import axis_of, limits, scaled
from landscape.picture.colors import mixed
from landscape.picture.key import PALE, groups_of, leaders, notes_of, ring, signs_of, thinness, verdicts_of
from landscape.picture.scene import (
    Array,
    Field,
    Labels,
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
from landscape.picture.sharing import Stretch
from landscape.picture.strokes import Stroke
from landscape.picture.themes import Palette, Theme
from landscape.render.paper.fonts import families, missing_note, replace_missing

# Plotly's names of markers -> Matplotlib's.
MARKERS = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle-up": "^",
    "triangle-down": "v",
    "pentagon": "p",
    "star": "*",
    "hexagon": "h",
    "x": "X",
    "cross": "P",
}
# Markers whose shape fills less of its box than a circle are drawn larger, to look the same size.
_BALANCE = {"*": 1.3, "D": 0.85, "s": 0.88, "^": 1.05, "v": 1.05, "p": 1.05, "X": 1.0}


@dataclass(frozen=True)
class Pen:
    """A theme at a scale. ``scale`` is points for each CSS pixel of the theme's lengths.

    ``words`` is text that will stand beside the scene and needs its letters too. ``shared`` says, by panel and track,
    where a track runs over others; drawing a panel puts it there.
    """

    scene: Picture
    theme: Theme
    scale: float
    words: str = ""
    _limits: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict, compare=False, repr=False)
    shared: dict[str, Mapping[str, tuple[Stretch, ...]]] = field(default_factory=dict, compare=False, repr=False)

    def limits(self, panel: Panel, letter: str) -> tuple[float, float]:
        """Return the (low, high) of an axis of a panel; where data set it, they keep off the edges."""
        key = panel.key, letter
        if key not in self._limits:
            margins = {"x": 0.0, "y": 0.0, "z": 0.03} if panel.kind == "space" else {"x": 0.02, "y": 0.05}
            self._limits[key] = limits(panel, letter, margins[letter])
        return self._limits[key]

    @cached_property
    def tracks(self) -> Mapping[str, Track]:
        """The tracks by id."""
        return {track.id: track for track in self.scene.tracks}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The place of each track in the scene by id."""
        return {track.id: i for i, track in enumerate(self.scene.tracks)}

    @cached_property
    def _fonts(self) -> tuple[tuple[str, ...], frozenset[str]]:
        signs = [sign.label for sign in signs_of(self.scene, self.theme)]
        return families([*texts_of(self.scene), *signs, self.words])

    @property
    def fonts(self) -> tuple[str, ...]:
        """Font families that together have the letters of the scene."""
        return self._fonts[0]

    @property
    def note(self) -> str:
        """What to tell about letters that no font has; mostly nothing."""
        return missing_note(self._fonts[1])

    def text(self, text: str) -> str:
        """Return ``text`` as it can be drawn: one line, letters without a glyph replaced."""
        return replace_missing(text, self._fonts[1])

    def stroke(self, track: str) -> Stroke:
        """Return how a track looks."""
        return self._strokes[track]

    @cached_property
    def _strokes(self) -> Mapping[str, Stroke]:
        return {track.id: group.stroke for group in groups_of(self.scene, self.theme) for track in group.tracks}

    def points(self, pixels: float) -> float:
        """Return a length of the theme in points."""
        return pixels * self.scale

    @property
    def font_size(self) -> float:
        """Size of ordinary type in points."""
        return self.points(self.theme.font_size)

    @property
    def line_width(self) -> float:
        """Width of a track's line in points."""
        return self.points(self.theme.line_width)

    @cached_property
    def leaders(self) -> frozenset[str]:
        """The tracks that are drawn in full."""
        return leaders(self.scene)

    def color(self, track: str) -> str:
        """Return the colour of a track: pale where it stands back."""
        color = self.stroke(track).color
        return color if track in self.leaders else mixed(color, self.theme.background, PALE)

    def head(self, track: str) -> dict[str, Any]:
        """Return Matplotlib's keywords for a track's head."""
        share = 1.0 if track in self.leaders else self.thinness**2
        return self.marker(track, share) | {"markerfacecolor": self.color(track)}

    def line(self, track: str) -> dict[str, Any]:
        """Return Matplotlib's keywords for a track's line."""
        look = self.stroke(track)
        return {
            "color": self.color(track),
            "linewidth": self.line_width * (1.0 if track in self.leaders else self.thinness),
            "linestyle": (0, look.dash) if look.dash else "-",
            "solid_capstyle": "round",
            "solid_joinstyle": "round",
            "dash_capstyle": "butt",
            "dash_joinstyle": "round",
        }

    def marks(self, track: str) -> tuple[float, float] | None:
        """Return where a track has small markers along its line (``trails.Trail``): in monochrome themes only.

        Each track starts at another place, so that markers on lines that run together do not hide each other.
        """
        if not self.theme.monochrome or self.thinness < 1.0:
            return None
        return 0.03 + 0.035 * (self.order[track] % 5), 0.19

    @property
    def thinness(self) -> float:
        """The factor for widths of tracks: less where there are many."""
        return thinness(self.scene)

    def marker(self, track: str, share: float = 1.0) -> dict[str, Any]:
        """Return Matplotlib's keywords for a track's marker, ``share`` of the size of a head."""
        look = self.stroke(track)
        symbol = MARKERS[look.marker]
        return {
            "marker": symbol,
            "markersize": self.points(self.theme.head_size) * share * 0.75 * _BALANCE.get(symbol, 1.0),
            "markerfacecolor": look.color,
            "markeredgecolor": self.theme.outline,
            "markeredgewidth": self.points(1.3) * share,
            "in_layout": False,
        }

    def still(self, symbol: str, color: str, outline: str, size: float) -> dict[str, Any]:
        """Return Matplotlib's keywords for a glyph that stands still."""
        return {
            "marker": MARKERS[symbol],
            "markersize": self.points(self.theme.point_size) * size * 0.8,
            "markerfacecolor": color,
            "markeredgecolor": outline,
            "markeredgewidth": self.points(1.1),
            "linestyle": "none",
            "in_layout": False,
        }

    def casing(self, width: float) -> list[Any]:
        """Return path effects for a line of ``width`` points: a rim of the outline's colour and a hairline round it."""
        from matplotlib.patheffects import Normal, Stroke

        rim = min(self.points(1.4), 0.6 * width)
        edge = Stroke(linewidth=width + 2 * rim + self.points(1.2), foreground=self.theme.edge)
        hairline = [edge] if self.theme.edge != self.theme.outline else []
        return [*hairline, Stroke(linewidth=width + 2 * rim, foreground=self.theme.outline), Normal()]

    def ring(self, track: str) -> dict[str, Any]:
        """Return Matplotlib's keywords for the ring that stands for a head where that would hide a critical point."""
        symbol, size = ring(self.groups.index(self.tracks[track].group), self.stroke(track), self.theme)
        look = self.marker(track, size)
        width = self.points(self.theme.head_size) / 8
        return look | {
            "marker": MARKERS[symbol],
            "markerfacecolor": "none",
            "markeredgecolor": self.stroke(track).color,
            "markeredgewidth": width,
        }

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups of tracks in their order."""
        return tuple(group.name for group in groups_of(self.scene, self.theme))

    def strands(self, panel: Panel, path: Path, steps: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """Yield how the points (n,) of a path are drawn: over how many other lines, and which points that concerns."""
        under = np.zeros(max(len(steps) - 1, 0), dtype=np.int64)
        if not self.stroke(path.track).dash:  # what lies below shows in the gaps of a dashed line anyway
            for first, last, n in self.shared[panel.key].get(path.track, ()):
                under[(steps[:-1] >= first) & (steps[1:] <= last)] = n
        for n in np.unique(under).tolist() or [0]:
            on = under == n
            yield n, np.append(on, False) | np.append(False, on) if on.size else np.ones(len(steps), dtype=bool)

    def critical(self, panel: Panel, points: Points) -> Array:
        """Return critical points (k, 2 or 3) on the scales of their panel's axes."""
        columns = [("x", points.x), ("y", points.y), *([("z", points.z)] if panel.kind == "space" else [])]
        placed = []
        for letter, values in columns:
            axis = axis_of(panel, letter)
            known = np.asarray(points.x if values is None else values, dtype=float)
            placed.append(scaled(axis, known) if panel.kind == "space" else known)
        return np.stack(placed, axis=-1)

    def colors(self, palette: Palette) -> Any:
        """Return the palette of a field as a Matplotlib colour map."""
        from matplotlib.colors import LinearSegmentedColormap

        return LinearSegmentedColormap.from_list(palette, self.theme.palette(palette))


def texts_of(scene: Picture) -> list[str]:
    """Return every text of the scene that a figure may show."""
    texts = [scene.title, scene.caption, scene.query, *notes_of(scene), *(text for text, _ in verdicts_of(scene))]
    for track in scene.tracks:
        texts += [track.group, track.label]
    for panel in scene.panels:
        texts += _texts_of_panel(panel)
    return texts


def _texts_of_panel(panel: Panel) -> list[str]:
    texts = [panel.title]
    for axis in (panel.x, panel.y, *([panel.z] if panel.z else [])):
        texts += [axis.label, *(text for _, text in axis.ticks)]
    for layer in panel.layers:
        if isinstance(layer, Field):
            texts += [layer.label, layer.color_label, *(text for _, text in layer.color_ticks)]
        elif isinstance(layer, Line | MovingLine | Spans):
            texts.append(layer.label)
        elif isinstance(layer, Points):
            texts += layer.labels
        elif isinstance(layer, MovingField):
            texts += [layer.label, *layer.classes]
        elif isinstance(layer, Samples):
            texts += layer.names
        elif isinstance(layer, Labels):
            texts += layer.texts
    return texts
