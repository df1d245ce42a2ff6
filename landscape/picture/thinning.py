"""Fewer points where a screen could not show more: whole paths stay in the scene, drawn ones are thinned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.picture.scene import Array

# Points drawn over all tracks of a scene, and the least that one track keeps.
MOST_POINTS = 40_000
LEAST_POINTS = 60


def budget(n_tracks: int, most: int = MOST_POINTS) -> int:
    """Return how many points each of ``n_tracks`` tracks may keep."""
    return max(LEAST_POINTS, most // max(n_tracks, 1))


def kept(curves: Sequence[Array], most: int) -> NDArray[np.int64]:
    """Return the ascending indices of the points of a track to draw, about ``most`` of them, first and last included.

    ``curves`` are the coordinates of the track in all panels, each (n,), on the scale on which they are drawn; one
    choice serves all panels, so that they stay in step. Half of the choice keeps the envelope: in each of equal
    stretches of steps, the points at which each coordinate is smallest and largest. The other half goes to the
    sharpest turns. Kept points are recorded ones; none is interpolated.
    """
    n = len(curves[0])
    if n <= most:
        return np.arange(n)
    scaled = [_unit(np.asarray(curve, dtype=float)) for curve in curves]
    size = max(1, -(-n // max(1, most // (4 * len(scaled)))))
    chosen = [np.array([0, n - 1])]
    for curve in scaled:
        padded = np.full(-(-n // size) * size, np.nan)
        padded[:n] = curve
        rows = padded.reshape(-1, size)
        starts = np.arange(len(rows)) * size
        chosen.append(starts + np.argmin(np.where(np.isfinite(rows), rows, np.inf), axis=1))
        chosen.append(starts + np.argmax(np.where(np.isfinite(rows), rows, -np.inf), axis=1))
    turns = np.zeros(n)
    for curve in scaled:
        bend = np.abs(curve[2:] - 2 * curve[1:-1] + curve[:-2])
        # The point before a gap and the one after it matter as much as any corner.
        np.maximum(turns[1:-1], np.where(np.isfinite(bend), bend, np.isfinite(curve[1:-1])), out=turns[1:-1])
    chosen.append(np.argpartition(turns, -(most // 2))[-(most // 2) :])
    return np.unique(np.minimum(np.concatenate(chosen), n - 1))


def _unit(curve: Array) -> Array:
    """Return a coordinate scaled to run from 0 to 1."""
    finite = curve[np.isfinite(curve)]
    if finite.size == 0:
        return curve
    low, high = float(finite.min()), float(finite.max())
    with np.errstate(over="ignore", invalid="ignore"):
        return (curve - low) / ((high - low) or 1.0)
