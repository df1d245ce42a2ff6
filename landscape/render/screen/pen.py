"""What every function that makes Plotly traces needs to know: scene, theme, groups, which steps are drawn."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.picture.axes import scaled
from landscape.picture.colors import mixed
from landscape.picture.key import PALE, Group, groups_of, leaders, thinness
from landscape.picture.scene import Array, Axis, Panel, Path, Picture
from landscape.picture.strokes import Dash
from landscape.picture.themes import Theme
from landscape.picture.thinning import budget, kept

FLOAT32 = np.finfo(np.float32)


@dataclass(frozen=True)
class Columns:
    """Arrays of one length that Plotly takes as the columns of one table (``customdata``)."""

    arrays: tuple[Array, ...]

    def table(self) -> NDArray[Any]:
        """Return the columns side by side, (n, columns); without any, an empty table."""
        return np.stack(self.arrays, axis=-1) if self.arrays else np.zeros((0, 0))


@dataclass(frozen=True)
class Seat:
    """Where the traces of a panel go: the panel, and the names of its Plotly axes (or of its Plotly scene)."""

    panel: Panel
    axes: Mapping[str, str]
    lanes: str = ""


@dataclass(frozen=True)
class Pen:
    """A scene and a theme, and what all traces share."""

    scene: Picture
    theme: Theme

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups of tracks that the key names."""
        return groups_of(self.scene, self.theme)

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """The group of each track."""
        return {track.id: group for group in self.groups for track in group.tracks}

    @cached_property
    def kept(self) -> Mapping[str, NDArray[np.int64]]:
        """The steps at which each track is drawn, ascending, up to its last one: the same in all panels."""
        curves: dict[str, list[tuple[NDArray[np.int64], Array]]] = {}
        for panel in self.scene.panels:
            for layer in panel.layers:
                if isinstance(layer, Path):
                    steps = steps_of(layer)
                    curves.setdefault(layer.track, []).extend(
                        (steps, scaled(axis, values))
                        for axis, values in ((panel.x, layer.x), (panel.y, layer.y), (panel.z, layer.z))
                        if axis is not None and values is not None
                    )
        most = budget(len(self.scene.tracks))
        last = {track.id: track.last for track in self.scene.tracks}
        chosen = {}
        for track, found in curves.items():
            longest = max((steps for steps, _ in found), key=len)
            longest = longest[longest <= last[track]]
            same = [curve[: len(longest)] for steps, curve in found if np.array_equal(steps[: len(longest)], longest)]
            chosen[track] = longest[kept(same, most)] if len(longest) else longest
        return chosen

    @property
    def line_width(self) -> float:
        """Width of a track's line: the theme's, less where there are many."""
        return self.theme.line_width * thinness(self.scene)

    @cached_property
    def leaders(self) -> frozenset[str]:
        """The tracks that are drawn in full."""
        return leaders(self.scene)

    def line(self, group: Group, space: bool = False) -> dict[str, Any]:
        """Return the look of the tracks of a group that are drawn in full."""
        look, width = group.stroke, self.theme.line_width
        dash = look.dash_name if space else plotly_dash(look.dash, width)
        return {"color": look.color, "width": width * (1.6 if space else 1.0), "dash": dash}

    def quiet(self, group: Group, space: bool = False) -> dict[str, Any]:
        """Return the look of those that stand back."""
        full, share = self.line(group, space), thinness(self.scene)
        dash = full["dash"] if space else plotly_dash(group.stroke.dash, share * full["width"])
        color = mixed(group.stroke.color, self.theme.background, PALE)
        return {"color": color, "width": share * full["width"], "dash": dash}

    def casing(self) -> tuple[tuple[str, float], ...]:
        """Return what lies under a track in full on a ground: colours, and by how much each is wider than the line."""
        rim = 2 * min(1.4, 0.6 * self.theme.line_width)
        edge = ((self.theme.edge, rim + 1.4),) if self.theme.edge != self.theme.outline else ()
        return (*edge, (self.theme.outline, rim))


def plotly_dash(dash: Dash, width: float) -> str:
    """Return a dash as Plotly's flat charts read it, for a line of ``width`` pixels.

    >>> plotly_dash((4.0, 1.8), 2.0)
    '8px,3.6px'
    """
    return ",".join(f"{length * width:g}px" for length in dash) if dash else "solid"


def safe(text: str) -> str:
    """Return text that Plotly shows as it is: no tag in it is read as one, no dollar sign starts a formula."""
    return html.escape(text, quote=True).replace("$", "&#36;").replace("\n", " ")


def compact(values: Any, linear: bool = False) -> NDArray[Any]:
    """Return an array in the smallest type in which the eye sees no difference.

    Whole numbers become integers, others single precision. Numbers outside the range of normal float32 stay at
    float64, so that nothing becomes zero that is not; ``linear`` says that beside its neighbours such a number is zero.
    """
    values = np.asarray(values)
    if values.dtype.kind == "f":
        finite = values[np.isfinite(values)]
        whole = finite.size == values.size and np.all(finite == np.floor(finite)) and np.all(np.abs(finite) < 2**31)
        if not whole:
            sizes = np.abs(finite[finite != 0])
            fits = sizes.size == 0 or (sizes.max() < FLOAT32.max and (linear or sizes.min() > FLOAT32.tiny))
            return values.astype(np.float32) if fits else values
    low, high = (values.min(), values.max()) if values.size else (0, 0)
    return values.astype(np.int32 if low < 0 or high >= 2**16 else np.uint16 if high >= 2**8 else np.uint8)


def steps_of(path: Path) -> NDArray[np.int64]:
    """Return the step of each point of a path."""
    return np.arange(len(path.x)) if path.steps is None else np.asarray(path.steps, dtype=np.int64)


def drawn(axis: Axis, values: Array) -> Array:
    """Return coordinates as Plotly gets them: Plotly has no symmetric logarithm, so those are transformed here."""
    return scaled(axis, values) if axis.scale == "symlog" else np.asarray(values, dtype=float)


def rgba(color: str, alpha: float) -> str:
    """Return a colour of six hexadecimal digits with an opacity.

    >>> rgba("#FF8000", 0.5)
    'rgba(255,128,0,0.5)'
    """
    return f"rgba({','.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))},{alpha:g})"
