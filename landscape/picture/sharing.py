"""Which lines run over others: where paths of several groups share a line, all of them are to be seen.

The longest lies lowest. Where a solid one runs over n others it is drawn with gaps ``n * GAP`` line widths long between
dashes of ``GAP``, and what lies below shows in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landscape.picture.axes import axis_of, limits, scaled
from landscape.picture.key import ROOM, leaders
from landscape.picture.scene import CRITICAL, Array, Layer, Panel, Path, Picture, Points, Spans, Tangent

GAP = 4.0
"""Length of a dash over another line, and of a gap for each line below, in line widths."""
NEAR = 0.006
"""Lines closer than this share of a panel's side are one to the eye."""
LEAST = 0.08
"""Stretches shorter than this share of a panel's side only cross."""
FINEST = 40_000
"""The most places at which one line is compared with others."""

Stretch = tuple[int, int, int]
"""First and last step of a stretch of a path, and over how many lines it runs there."""


def arranged(panel: Panel, scene: Picture) -> tuple[Panel, Mapping[str, tuple[Stretch, ...]]]:
    """Return the panel with its layers in the order in which they are drawn, and by track where it runs over others.

    Groups of paths change places: the one with the longest is lowest. Critical points come last. Only paths of other
    groups count as others. Crowds are left alone: where more than ``ROOM`` tracks are drawn, lines meet everywhere;
    of what stands back in them only the lines are left.
    """
    groups = {track.id: track.group for track in scene.tracks}
    paths = [layer for layer in panel.layers if isinstance(layer, Path)]
    places = dict(zip((path.track for path in paths), _places(panel, paths), strict=True))
    lengths = {track: _lengths(points) for track, points in places.items()}
    longest: dict[str, float] = {}
    for track, own in lengths.items():
        longest[groups[track]] = max(longest.get(groups[track], 0.0), float(own.sum()))
    # What stands back in a crowd lies under what is drawn in full.
    full = leaders(scene)
    # Tracks of a group keep their order, so that they lie in one order in all panels; the sort is stable.
    names = sorted(longest, key=lambda name: -longest[name])
    paths.sort(key=lambda path: (path.track in full, names.index(groups[path.track])))
    drawn = iter(paths)
    seen = (layer for layer in panel.layers if not isinstance(layer, Spans | Tangent) or layer.track in full)
    layers = [next(drawn) if isinstance(layer, Path) else layer for layer in seen]
    found: dict[str, tuple[Stretch, ...]] = {}
    below: list[tuple[str, NDArray[np.int64]]] = []
    for path in paths if len(paths) <= ROOM and len(longest) > 1 else ():
        group = groups[path.track]
        cells, segment = _cells(places[path.track], lengths[path.track])
        others = [taken for other, taken in below if other != group]
        if others:
            found[path.track] = _runs(path, lengths[path.track], _over(cells, segment, others, len(path.x) - 1))
        below.append((group, _dilated(cells)))
    where = {track: runs for track, runs in found.items() if runs}
    return replace(panel, layers=tuple(sorted(layers, key=is_critical))), where


def is_critical(layer: Layer) -> bool:
    """Tell whether a layer holds critical points."""
    return isinstance(layer, Points) and layer.kind in CRITICAL


def critical_points(panel: Panel) -> list[Points]:
    """Return the layers of critical points of a panel."""
    return [layer for layer in panel.layers if isinstance(layer, Points) and is_critical(layer)]


def _places(panel: Panel, paths: Sequence[Path]) -> list[Array]:
    """Return the points (n, 2) of each path as shares of the panel's sides; far outside it they stay near."""
    shares = []
    for letter in "xy":
        axis = axis_of(panel, letter)
        low, high = scaled(axis, np.array(limits(panel, letter)))
        shares.append([(scaled(axis, getattr(path, letter)) - low) / (high - low) for path in paths])
    return [np.clip(np.stack(pair, axis=-1), -0.1, 1.1) for pair in zip(*shares, strict=True)]


def _lengths(places: Array) -> Array:
    """Return the length of each segment; none where an end is not finite."""
    return np.nan_to_num(np.hypot(*np.diff(places, axis=0).T))


def _cells(places: Array, lengths: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells of width ``NEAR`` along a line, and to which segment each belongs."""
    wanted = np.ceil(lengths / NEAR)
    counts = np.ceil(wanted * min(1.0, FINEST / max(float(wanted.sum()), 1.0))).astype(np.int64)
    segment = np.repeat(np.arange(len(lengths)), counts)
    share = (np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts) + 0.5) / counts[segment]
    at = places[segment] + share[:, None] * (places[segment + 1] - places[segment])
    columns, rows = np.floor(at / NEAR).astype(np.int64).T
    return (columns << 20) + rows, segment


def _dilated(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells with their neighbours, each once, ascending."""
    around = np.array([(i << 20) + j for i in (-1, 0, 1) for j in (-1, 0, 1)])
    return np.unique(np.unique(cells)[:, None] + around)


def _over(
    cells: NDArray[np.int64], segment: NDArray[np.int64], others: Sequence[NDArray[np.int64]], n: int
) -> NDArray[np.int64]:
    """Return over how many other lines each of ``n`` segments runs for most of its length."""
    under = np.zeros(n, dtype=np.int64)
    sizes = np.maximum(np.bincount(segment, minlength=n), 1)
    for taken in others:
        at = np.minimum(np.searchsorted(taken, cells), max(len(taken) - 1, 0))
        on = taken[at] == cells if len(taken) else np.zeros(len(cells), dtype=bool)
        under += np.bincount(segment, weights=on, minlength=n) > 0.5 * sizes
    return under


def _runs(path: Path, lengths: Array, under: NDArray[np.int64]) -> tuple[Stretch, ...]:
    """Return the stretches of segments over the same number of lines that are long enough to be seen."""
    steps = np.arange(len(path.x)) if path.steps is None else np.asarray(path.steps)
    edges = np.flatnonzero(np.diff(under, prepend=-1, append=-1))
    return tuple(
        (int(steps[first]), int(steps[last]), int(under[first]))
        for first, last in pairwise(edges.tolist())
        if under[first] and lengths[first:last].sum() >= LEAST
    )
