"""What a picture shows, with no renderer in it.

A ``Picture`` is panels over shared tracks. A ``Track`` is one path with one colour in every panel; the layers of a
panel are what is drawn there, first one lowest. Everything that carries a ``track`` and is marked as animated is
revealed up to the playhead, whose unit is the optimizer step 0 .. ``n_steps``. All arrays are complete: a renderer
may thin what it draws, it never computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from landscape.errors import lookup
from landscape.language import tr

Array = NDArray[np.float64]
Scale = Literal["linear", "log", "symlog"]
PointKind = Literal["start", "minimum", "saddle", "maximum", "degenerate", "best", "diverged", "zero", "measured"]

CRITICAL: tuple[PointKind, ...] = ("maximum", "degenerate", "saddle", "minimum")
"""Kinds of critical points: they stand above everything else in a panel."""


@dataclass(frozen=True)
class Track:
    """One path: ``id`` is unique in the scene; ``group`` is the legend entry that it shares with its siblings.

    ``style`` is the key under which ``picture.strokes`` keeps colour, dash and marker (an optimizer key); ``variant``
    counts up where one style occurs in several groups, so that two Adams can be told apart. ``last`` is the last
    step that has finite data. ``verdict`` is the sentence that says how the path ended, ``brief`` how in short, where
    that is another one.
    """

    id: str
    label: str
    group: str
    style: str
    last: int
    verdict: str = ""
    variant: int = 0
    brief: str = ""


@dataclass(frozen=True)
class Axis:
    """Label, scale and (low, high) range of an axis; ``None`` lets the renderer fit the range to the data.

    ``linear_within`` is the half width of the linear part of a symmetric logarithmic axis. ``ticks`` are (position,
    text) pairs for an axis whose marks say something else than its numbers; a text may have several lines. ``name`` is
    what tables of data call the quantity, in English, where that is not the label. An axis with a name and no label
    is called as its panel is.
    """

    label: str
    scale: Scale = "linear"
    range: tuple[float, float] | None = None
    linear_within: float = 1.0
    ticks: tuple[tuple[float, str], ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        """Take the label for a name where there is no other."""
        object.__setattr__(self, "name", self.name or self.label)

    @classmethod
    def of(cls, name: str, scale: Scale = "linear", range: tuple[float, float] | None = None, **more: Any) -> Self:
        """Return the axis of a quantity whose name is marked text; its label is that in the language of the moment."""
        return cls(tr(name), scale, range, name=name, **more)


def ends_of(values: Array, about_zero: bool = False) -> tuple[float, float]:
    """Return the least and the largest finite value, never the same; with ``about_zero`` evenly about it."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if about_zero:
        end = max(abs(low), abs(high)) or 1.0
        return -end, end
    return (low, high) if low < high else (low - 0.5, high + 0.5)


@dataclass(frozen=True, eq=False)
class Field:
    """Values ``z`` (len(y), len(x)) over a grid, as heat and (with ``contours``) contour lines.

    ``color`` holds what the colour means where that is not ``z`` itself (log-scaled values, say); the colour bar
    then names it with ``color_label``. ``color_ticks`` are (colour value, text) pairs for a colour bar that rather
    says what ``z`` is there; such a bar is named ``label``. In a panel of kind "space" the field is the relief: height
    ``z``, colour ``color``. ``color_range`` are the ends of the palette where several maps share them. ``cells`` are
    values that belong to each place by itself, as counts do: one flat colour each, with no contour lines and no light.
    """

    x: Array
    y: Array
    z: Array
    label: str
    color: Array | None = None
    color_label: str = ""
    color_ticks: tuple[tuple[float, str], ...] = ()
    contours: bool = True
    opacity: float = 1.0
    palette: Literal["sequential", "diverging"] = "sequential"
    color_range: tuple[float, float] | None = None
    cells: bool = False

    @property
    def colored(self) -> Array:
        """What the colour means: ``color``, or ``z`` where there is none."""
        return self.z if self.color is None else self.color

    @property
    def color_ends(self) -> tuple[float, float]:
        """The values at both ends of the palette; those of a diverging one lie evenly about zero."""
        if self.color_range is not None:
            return self.color_range
        return ends_of(self.colored, self.palette == "diverging")


@dataclass(frozen=True, eq=False)
class Path:
    """A track in one panel: ``x``, ``y`` (and ``z`` in space) at the steps ``steps`` (n_steps+1 where ``None``).

    NaN is a gap. ``hover`` maps a name, which is marked text, to an array as long as ``x``: what is shown at each point
    beside its coordinates. ``head`` asks for a marker at the playhead.
    """

    track: str
    x: Array
    y: Array
    z: Array | None = None
    steps: NDArray[np.int64] | None = None
    hover: Mapping[str, Array] = field(default_factory=dict)
    head: bool = True


@dataclass(frozen=True, eq=False)
class Line:
    """A curve that stands still: the graph of a 1-D surface, a theory curve, a threshold.

    ``role`` is the key of its look in ``picture.strokes``: "graph", "theory", "threshold", "manifold_stable",
    "manifold_unstable", "boundary".
    """

    x: Array
    y: Array
    label: str = ""
    role: str = "graph"
    z: Array | None = None


@dataclass(frozen=True, eq=False)
class Points:
    """Markers that stand still, all of one kind: starts, or critical points. ``labels`` are shown on hover.

    ``tracks`` names for each marker the track it belongs to, where it has one (it is then drawn in that colour, and
    goes when the track is hidden). ``steps`` is the step from which on each is shown, where that is not the first.
    Kind "best" marks the best of a sweep, "diverged" where a track leaves for good, "zero" where a quantity on a
    logarithmic axis becomes zero; "measured" has the marker of its track, open where that has a dashed line.
    """

    x: Array
    y: Array
    kind: PointKind
    labels: tuple[str, ...] = ()
    z: Array | None = None
    tracks: tuple[str, ...] = ()
    steps: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Spans:
    """Intervals (low, high) of the x axis that are shaded in the colour of a track (its plateaus, say)."""

    track: str
    intervals: tuple[tuple[float, float], ...]
    label: str = ""


@dataclass(frozen=True, eq=False)
class Tangent:
    """The tangent at the playhead of a track on a 1-D graph: points (x, y) and slopes, one a step."""

    track: str
    x: Array
    y: Array
    slope: Array
    half_width: float


@dataclass(frozen=True, eq=False)
class MovingField:
    """A field that changes with the playhead: ``z`` (K, len(y), len(x)) at the ``steps`` (K,), which rise from 0.

    Shown is the last one whose step is not after the playhead. With ``classes`` z holds class numbers 0, 1, ... and
    the regions are filled in the colours of the classes, as ``Samples`` are; else it is a heat map like ``Field``.
    It belongs to ``track`` and goes when that one is hidden.

    With ``levels`` L > 2 a class comes in L - 1 shades, brightest first, and a line round it: z holds L times the class
    plus the shade, or plus L - 1 on the line. The last ``apart`` classes are none of the others' kind and painted in
    greys, L - 1 being for stripes. ``named`` puts the classes into the key.
    """

    track: str
    x: Array
    y: Array
    steps: NDArray[np.int64]
    z: Array
    label: str
    classes: tuple[str, ...] = ()
    opacity: float = 0.35
    levels: int = 1
    apart: int = 0
    named: bool = False


@dataclass(frozen=True, eq=False)
class MovingLine:
    """A curve that changes with the playhead: ``x`` and ``y`` (K, P) at the ``steps`` (K,), as in ``MovingField``.

    A row of NaN is a curve that is not there at that step. ``role`` is as in ``Line``.
    """

    track: str
    x: Array
    y: Array
    steps: NDArray[np.int64]
    label: str = ""
    role: str = "boundary"


@dataclass(frozen=True, eq=False)
class MovingPoints:
    """Very many points of a track that move with the playhead: ``x`` and ``y`` (K, P) at ``steps`` (K,), NaN for none.

    Shown are those of the last of these steps that is not after the playhead, small (``key.grain``). A player that can
    make them itself (``Picture.live``) shows every step, and all points where these are some of more.
    """

    track: str
    x: Array
    y: Array
    steps: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Samples:
    """Data that stand still: a small marker each, its look by its number in ``groups`` (n,), 0, 1, ... of ``names``."""

    x: Array
    y: Array
    groups: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Labels:
    """Short texts over a ground at the points ``x``, ``y`` (n,), the numbers of regions for example, each in a rim."""

    x: Array
    y: Array
    texts: tuple[str, ...]


Layer = Field | Path | Line | Points | Spans | Tangent | MovingField | MovingLine | MovingPoints | Samples | Labels


@dataclass(frozen=True)
class Panel:
    """One pair of axes (kind "plane") or one box in space (kind "space") with its layers, lowest first.

    ``equal_aspect`` asks for one scale on both axes. ``clickable`` lets a click in it add a start point. ``view`` is
    elevation and azimuth in degrees from which a box in space is seen.
    """

    key: str
    title: str
    x: Axis
    y: Axis
    layers: tuple[Layer, ...]
    kind: Literal["plane", "space"] = "plane"
    z: Axis | None = None
    equal_aspect: bool = False
    clickable: bool = False
    view: tuple[float, float] = (35.0, -130.0)


class InNumbers(NamedTuple):
    """A step of a path in numbers: a sentence, the coordinates' names, and the lines of its rule.

    Each of the ``rows`` is a statement and, for every coordinate, the numbers put in (nothing where that would only
    repeat something) and what came out. ``text`` and ``latex`` are the same, to copy.
    """

    head: str
    coordinates: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    text: str
    latex: str


class Event(NamedTuple):
    """What happens to a track at a step, in words that follow its label, as "leaves the plateau"."""

    step: int
    track: str
    what: str


def no_events() -> tuple[Event, ...]:
    """Say that nothing is known to happen at any step."""
    return ()


def nothing() -> None:
    """Say that the paths of a picture are not to be run anew."""


@dataclass(frozen=True)
class Picture:
    """A complete picture that can be played: all that a pen needs of a ``landscape.Scene``.

    ``columns`` lays the panels out: each column is the keys of its panels from top to bottom, ``widths`` are the
    columns' relative widths. ``caption`` is the recipe in words, ``recipe`` the same as JSON data, ``query`` the
    query string that opens the scene again in the app. ``live()`` returns what a player needs to run the tracks anew,
    optimizer by optimizer and start by start (``landscape.live.offer``), ``None`` where there is no such thing.
    ``in_numbers`` tells, by the id of a track, its step from where the playhead stands, where that can be told.
    ``dashed`` gives each group of tracks a dash of its own, so that none needs its colour to be known.
    ``events()`` returns what happens on the way, measured when it is first asked for.
    """

    title: str
    panels: tuple[Panel, ...]
    tracks: tuple[Track, ...]
    n_steps: int
    columns: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    notes: tuple[str, ...] = ()
    live: Callable[[], Mapping[str, Any] | None] = field(default=nothing, compare=False)
    in_numbers: Mapping[str, Callable[[int], InNumbers]] = field(default_factory=dict, compare=False, repr=False)
    dashed: bool = False
    events: Callable[[], tuple[Event, ...]] = field(default=no_events, compare=False, repr=False)

    def __repr__(self) -> str:
        """Say what there is; its arrays are for those who ask for them."""
        panels = ", ".join(panel.key for panel in self.panels)
        paths, steps = len(self.tracks), self.n_steps
        return f"<{type(self).__name__} {self.title!r}: {panels}; paths: {paths}, steps: {steps}>"

    def only(self, panels: Sequence[str]) -> Self:
        """Return the picture with these of its panels alone, where they stand in it.

        Raises ``UnknownName`` for a panel that it does not have, ``TypeError`` for a text in place of a list and
        ``ValueError`` for none.
        """
        if isinstance(panels, str):
            raise TypeError(tr("panels is a list of keys, as [{panel!r}]", panel=panels))
        known = {panel.key: panel for panel in self.panels}
        for key in panels:
            lookup(known, key, tr("panel"))
        if not panels:
            raise ValueError(tr("there is no panel to show; there are: {panels}", panels=", ".join(known)))
        columns = [tuple(key for key in column if key in panels) for column in self.columns]
        return replace(
            self,
            panels=tuple(panel for panel in self.panels if panel.key in panels),
            columns=tuple(column for column in columns if column),
            widths=tuple(width for width, column in zip(self.widths, columns, strict=True) if column),
        )

    def panel(self, key: str) -> Panel:
        """Return the panel with this key."""
        return next(panel for panel in self.panels if panel.key == key)
