"""Maps of basins, a panel an optimizer: colour says which minimum a start reaches, brightness how soon."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.basins import JUDGE, Basins
from landscape.descent.outcome import Outcome
from landscape.language import mark, tr, trn
from landscape.live.maps import map_offer
from landscape.picture.numbers import short
from landscape.picture.scene import Array, Axis, Labels, Layer, MovingField, Panel, Path, Points, no_events, nothing
from landscape.scene import Scene
from landscape.scenes.descent import caption
from landscape.scenes.ground import MOST_OBLONG, there
from landscape.scenes.marks import critical_marks, exit_marks, start_marks
from landscape.scenes.paths import PathInfo, events_of, gather, group_labels

if TYPE_CHECKING:
    from landscape.curvature.point import CriticalPoint
    from landscape.experiment import Run

LEVELS = 6
"""Shades of a colour: the brightest quick, the darkest slow; the next one is the border of a basin."""

MOST_COLORS = 8
"""Minima with a colour of their own, those with the largest basins; the others share one."""

NARROWEST = 0.045
"""A region is numbered where a circle of this share of the picture's shorter side fits; of smaller ones the widest."""

# What did not reach a minimum, with the words of the key, from the palest grey to the darkest.
APART = (
    (Outcome.OUTSIDE, mark("outside the picture")),
    (Outcome.MOVING, mark("still moving")),
    (Outcome.PLATEAU, mark("on a plateau")),
    (Outcome.SADDLE, mark("on a saddle")),
    (Outcome.MAXIMUM, mark("on a maximum")),
    (Outcome.BROKE_OFF, mark("broke off: no finite value")),
    (Outcome.DIVERGED, mark("diverged")),
    (Outcome.UNDEFINED, mark("no finite value at the start")),
)


@dataclass(frozen=True, eq=False)
class Painting:
    """The classes of all pixels, nothing drawn yet.

    ``classes`` (K, ny, nx) are numbers of ``names``: first ``numbered`` minima, whose names begin with 1, 2, ..., the
    last ``apart`` no minima. ``shades`` (K, ny, nx) are 0 to ``LEVELS`` - 1, dark for many steps, on a scale that all
    optimizers share and that ends at ``longest``; ``LEVELS`` on the border of a basin and on the stripes of what is
    none. ``numbers`` (M,) are those of the minima of the map, 0 for one that shares its class with others;
    ``outcomes`` those of the classes that are no minima.
    """

    names: tuple[str, ...]
    numbered: int
    apart: int
    classes: Array
    shades: Array
    numbers: NDArray[np.int64]
    outcomes: tuple[Outcome, ...]
    longest: float


def painting(basins: Basins) -> Painting:
    """Return which class and which shade every pixel has."""
    sizes = np.bincount(basins.labels[basins.labels >= 0], minlength=len(basins.minima))
    largest = np.sort(np.argsort(-sizes, kind="stable")[:MOST_COLORS])
    rest = len(basins.minima) - len(largest)
    names = [_named(number, basins.minima[i]) for number, i in enumerate(largest, 1)]
    color = np.full(len(basins.minima) + 1, len(names))
    color[largest] = np.arange(len(largest))
    if rest:
        names.append(tr("one of {n} other minima", n=rest))
    classes = color[basins.labels].astype(float)
    present = [(outcome, words) for outcome, words in APART if basins.ended(outcome).any()]
    for number, (outcome, _) in enumerate(present):
        classes[basins.ended(outcome)] = len(names) + number
    arrived = basins.labels >= 0
    longest = max(float(np.quantile(basins.steps[arrived], 0.98)) if arrived.any() else 1.0, 1.0)
    shares = np.log1p(basins.steps) / np.log1p(longest)
    shades = np.clip(np.floor(LEVELS * shares**2), 0, LEVELS - 1)
    shades[borders(classes) | ((classes >= len(names)) & hatching(classes.shape[1:]))] = LEVELS
    numbers = np.zeros(len(basins.minima), dtype=np.int64)
    numbers[largest] = np.arange(1, len(largest) + 1)
    outcomes = tuple(outcome for outcome, _ in present)
    names += [tr(words) for _, words in present]
    return Painting(tuple(names), len(largest), len(present), classes, shades, numbers, outcomes, longest)


def hatching(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pixels of a map (ny, nx), a third, are slanted stripes, as wide on a fine map as on a coarse one."""
    width = max(1, min(shape) // 100)
    row, column = np.indices(shape)
    return np.asarray((row + column) // width % 3 == 0)


def _named(number: int, minimum: CriticalPoint) -> str:
    x, y, loss = map(short, (*minimum.x, minimum.value))
    if minimum.kind == "degenerate":  # a line of them, most often: one point would say little
        return tr("{number}: flat minimum, loss {loss}", number=number, loss=loss)
    return tr("{number}: minimum ({x}, {y}), loss {loss}", number=number, x=x, y=y, loss=loss)


def borders(classes: Array) -> NDArray[np.bool_]:
    """Return which pixels of the maps (K, ny, nx) are the border of a region rather than dust of a fractal.

    A border pixel has another class to its right or below; most of the nine pixels round it are of its own, and so are
    two or more of the four beside it.
    """
    padded = np.pad(classes, ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)
    same = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2)) == classes[..., None, None]
    up, left, right, below = (same[..., row, column] for row, column in ((0, 1), (1, 0), (1, 2), (2, 1)))
    inside = np.pad(np.ones(np.subtract(classes.shape[1:], 1), dtype=bool), (0, 1))
    beside = sum(side.astype(int) for side in (up, left, right, below))
    return inside & ~(right & below) & (same.sum(axis=(-2, -1)) >= 5) & (beside >= 2)


def numerals(basins: Basins, classes: Array, numbered: int, marks: Sequence[Points]) -> Labels:
    """Return the numbers of the first ``numbered`` classes of one map (ny, nx), each where its region is widest.

    That is the middle of the largest circle that holds nothing but the region: no edge of the picture, no mark.
    """
    from scipy import ndimage

    free = np.ones(classes.shape, dtype=bool)
    for layer in marks:
        for x, y in zip(layer.x, layer.y, strict=True):
            free[np.abs(basins.y - y).argmin(), np.abs(basins.x - x).argmin()] = False
    rows: list[int] = []
    columns: list[int] = []
    texts: list[str] = []
    for number in range(numbered):
        inside = np.pad((classes == number) & free, 1)
        radii = ndimage.distance_transform_edt(inside)
        regions, count = ndimage.label(inside)
        each = np.arange(1, count + 1)
        widest = ndimage.maximum(radii, regions, each) if count else np.zeros(0)
        least = NARROWEST * min(classes.shape)
        chosen = each[widest >= max(min(least, widest.max(initial=0.0)), least / 2)]
        for row, column in ndimage.maximum_position(radii, regions, chosen) if chosen.size else ():
            rows.append(row - 1)
            columns.append(column - 1)
            texts.append(str(number + 1))
    return Labels(basins.x[columns], basins.y[rows], tuple(texts))


def basins_scene(basins: Basins, run: Run | None = None, *, whole: bool = True) -> Scene:
    """Return the maps side by side, every optimizer's in a panel.

    ``run`` holds paths to draw over them, of the same optimizers in their order; its first start is where the paths
    begin. Minima and saddles are those that the surface declares. A player draws the maps anew by itself where
    something is changed in them (``landscape.live.maps``), and where a finer one is to come: they are not the
    ``whole`` yet.
    """
    infos = gather(run) if run is not None else ()
    painted = painting(basins)
    labels = group_labels(basins.optimizers)
    panels = tuple(
        _panel(basins, painted, number, label, [i for i in infos if i.track.id.startswith(f"{number}-")])
        for number, label in enumerate(labels)
    )
    n_columns = len(panels) if len(panels) <= 3 else math.ceil(math.sqrt(len(panels)))
    columns = tuple(tuple(p.key for p in panels[column::n_columns]) for column in range(n_columns))
    ny, nx = len(basins.y), len(basins.x)
    note = tr(
        "Every pixel is a start ({columns} × {rows}); colour and number: the minimum it comes to rest at within "
        "{steps}; the darker, the more steps. Striped greys reached none.",
        columns=nx,
        rows=ny,
        steps=trn("{n} step", "{n} steps", basins.n_steps),
    )
    return Scene(
        title=tr("Where every start ends: {surface}", surface=basins.surface.title),
        panels=panels,
        tracks=tuple(i.track for i in infos),
        n_steps=run.experiment.n_steps if run is not None else 0,
        columns=columns,
        widths=(1.0,) * n_columns,
        caption=caption(run) if run is not None else "",
        recipe=run.experiment.recipe() if run is not None else {},
        query=run.experiment.link() if run is not None else "",
        notes=(note,),
        live=nothing if run is None else partial(_live, basins, painted, run, whole),
        events=no_events if run is None else partial(events_of, run, infos),
    )


def _live(basins: Basins, painted: Painting, run: Run, whole: bool) -> Mapping[str, Any] | None:
    n_minima = len(painted.names) - painted.apart
    fates = ["" for _ in range(n_minima)] + [outcome.name for outcome in painted.outcomes]
    classes = [
        {"name": name, "number": place if place <= painted.numbered else 0, "fate": fate}
        for place, (name, fate) in enumerate(zip(painted.names, fates, strict=True), 1)
    ]
    look = {
        "classes": classes,
        "numbers": painted.numbers.astype(np.int32),
        "longest": painted.longest,
        "levels": LEVELS + 1,
        "most": MOST_COLORS,
        "narrowest": NARROWEST,
        "apart": [[outcome.name, tr(words)] for outcome, words in APART],
    }
    return map_offer(run.experiment, basins.minima, JUDGE, look, whole)


def _panel(basins: Basins, painted: Painting, number: int, label: str, infos: Sequence[PathInfo]) -> Panel:
    domain = basins.surface.domain
    z = (LEVELS + 1) * painted.classes[number] + painted.shades[number]
    field = MovingField(
        "",
        basins.x,
        basins.y,
        np.array([0]),
        z[None],
        tr("where it ends"),
        painted.names,
        opacity=1.0,
        levels=LEVELS + 1,
        apart=painted.apart,
        named=True,
    )
    marks = tuple(critical_marks(basins.surface))
    paths = [Path(i.track.id, i.points[:, 0], i.points[:, 1], steps=i.shown_steps, hover=there(i)) for i in infos]
    layers: tuple[Layer, ...] = (
        field,
        numerals(basins, painted.classes[number], painted.numbered, marks),
        *marks,
        *paths,
        *start_marks(infos),
        *exit_marks(infos, domain),
    )
    wide, high = domain.widths
    return Panel(
        f"basins{number}",
        label,
        Axis(basins.surface.variables[0], range=domain.bounds[0]),
        Axis(basins.surface.variables[1], range=domain.bounds[1]),
        layers,
        equal_aspect=bool(1 / MOST_OBLONG <= wide / high <= MOST_OBLONG),
        clickable=True,
    )
