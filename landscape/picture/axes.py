"""The arithmetic of axes: scales, ranges, and where marks stand. No drawing library is imported here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from landscape.picture.scene import (
    Array,
    Axis,
    Field,
    Line,
    MovingField,
    MovingLine,
    MovingPoints,
    Panel,
    Path,
    Points,
    Samples,
)

# Beyond this Matplotlib's own arithmetic on the length of an axis overflows.
LARGEST = 1e300


def scaled(axis: Axis, values: Array) -> Array:
    """Return values in the coordinate in which the axis is evenly divided; NaN where the axis cannot show them."""
    values = np.asarray(values, dtype=float)
    if axis.scale == "linear":
        return np.where(np.abs(values) <= LARGEST, values, np.nan)
    if axis.scale == "log":
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(values > 0, np.log10(values), np.nan)
    # Linear up to +-linear_within, then one unit a decade: the classic symmetric logarithm.
    size = np.abs(values) / axis.linear_within
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sign(values) * np.where(size <= 1, size, 1 + np.log10(size))


def unscaled(axis: Axis, position: float) -> float:
    """Return the value at a position that ``scaled`` gave."""
    if axis.scale == "linear":
        return position
    if axis.scale == "log":
        return float(10.0 ** min(max(position, -320.0), 300.0))
    size = abs(position)
    return math.copysign(axis.linear_within * (size if size <= 1 else 10.0 ** min(size - 1, 300.0)), position)


def limits(panel: Panel, letter: str, margin: float = 0.05) -> tuple[float, float]:
    """Return the (low, high) of an axis of the panel: what it asks for, else what holds all finite data."""
    axis = axis_of(panel, letter)
    if axis.range is not None:
        low, high = float(min(axis.range)), float(max(axis.range))
        ends = scaled(axis, np.array([low, high]))
        if np.all(np.isfinite(ends)) and ends[0] < ends[1]:
            return low, high
    found = [scaled(axis, values).ravel() for values in _data(panel, letter)]
    together = np.concatenate(found) if found else np.zeros(0)
    together = together[np.isfinite(together)]
    if not together.size:
        return (0.1, 1.0) if axis.scale == "log" else (0.0, 1.0)
    low, high = float(together.min()), float(together.max())
    pad = margin * (high - low) if high > low else max(0.5, 0.05 * abs(high)) if margin else 0.0
    pad = pad or (0.5 if high == low else 0.0)
    return unscaled(axis, low - pad), unscaled(axis, high + pad)


def axis_of(panel: Panel, letter: str) -> Axis:
    """Return the axis "x", "y" or "z" of a panel."""
    return {"x": panel.x, "y": panel.y, "z": panel.z or Axis("")}[letter]


def called(panel: Panel, axis: Axis) -> str:
    """Return what the quantity on an axis of the panel is called: its label, or the title where it has but a name."""
    return axis.label or (panel.title if axis.name else "")


def _data(panel: Panel, letter: str) -> Iterable[Array]:
    for layer in panel.layers:
        if isinstance(layer, Field | Path | Line | Points | MovingField | MovingLine | MovingPoints | Samples):
            values = getattr(layer, letter, None)
            if values is not None:
                yield np.asarray(values, dtype=float)


def log_ticks(low: float, high: float, most: int = 6) -> list[int]:
    """Return whole exponents of ten from log10 ``low`` to log10 ``high``, at most ``most`` of them, evenly spaced.

    >>> log_ticks(-9.5, 2.1, most=4)
    [-9, -6, -3, 0]
    """
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    every = max(1, math.ceil((last - first + 1) / most))
    return [k for k in range(first, last + 1) if k % every == 0]


def apart(ticks: Sequence[tuple[float, str]], least: float = 0.12) -> list[tuple[float, str]]:
    """Return the ticks without those that are nearer to a kept one than a share of the way from first to last.

    >>> apart([(0.0, "0"), (0.1, "1"), (1.0, "2"), (1.05, "3"), (2.0, "4")])
    [(0.0, '0'), (1.0, '2'), (2.0, '4')]
    """
    gap = least * (ticks[-1][0] - ticks[0][0]) if ticks else 0.0
    kept: list[tuple[float, str]] = []
    for tick in ticks:
        if not kept or tick[0] - kept[-1][0] >= gap:
            kept.append(tick)
    return kept


def symlog_ticks(axis: Axis, low: float, high: float, most: int) -> list[float]:
    """Return zero and powers of ten of both signs for a symmetric logarithmic axis, far enough apart to be labelled.

    >>> symlog_ticks(Axis("loss", "symlog", linear_within=0.01), -1.0, 100.0, 6)
    [-1.0, 0.0, 1.0, 100.0]
    """
    smallest = math.ceil(math.log10(axis.linear_within) - 1e-9)
    largest = math.floor(math.log10(max(abs(low), abs(high), axis.linear_within)) + 1e-9)
    powers = [10.0**k for k in range(largest, smallest - 1, -1)]
    candidates = [v for v in (0.0, *(sign * p for p in powers for sign in (1.0, -1.0))) if low <= v <= high]
    places = scaled(axis, np.array(candidates))
    first, last = scaled(axis, np.array([low, high]))
    apart = max(1.0, float(last - first) / (most + 1)) - 1e-9
    chosen: list[int] = []
    for i, place in enumerate(places):
        if all(abs(place - places[j]) >= apart for j in chosen):
            chosen.append(i)
    return sorted(candidates[i] for i in chosen)
