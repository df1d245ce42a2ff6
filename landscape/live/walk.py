"""The reference reader: paths by the lists of operations, in NumPy, as ``descend`` would step them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.live.ground import surface_program
from landscape.live.operations import Array
from landscape.live.rules import ahead_program, rule_program
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.schedules import Schedule
from landscape.surfaces.base import Surface


class Walk(NamedTuple):
    """Points (S, T+1, n), values and gradient norms (S, T+1) of S paths, and their last finite steps (S,).

    What comes after the last finite step is NaN, as in ``descent.Trajectory``.
    """

    points: Array
    values: Array
    gradient_norms: Array
    last: NDArray[np.int64]


def walk(
    surface: Surface,
    optimizer: ElementwiseOptimizer,
    starts: ArrayLike,
    n_steps: int,
    schedule: Schedule | None = None,
) -> Walk:
    """Return the paths from the starts (S, n) by the lists alone.

    Raises ``Untranslatable`` where surface or optimizer has none.

    >>> import landscape as ls
    >>> found = walk(ls.surface("framework_example"), ls.SGD(learning_rate=0.01), [[0.0]], 1000)
    >>> [round(float(found.points[0, k, 0]), 8) for k in (0, 1, 1000)]
    [0.0, 0.2, 9.99999998]
    """
    ground, rule, ahead = surface_program(surface), rule_program(type(optimizer)), ahead_program(type(optimizer))
    settings = tuple(surface.settings.values())
    rates = optimizer.rates(n_steps, schedule)
    x = np.asarray(starts, dtype=float).T.copy()  # a coordinate a row
    n_dims, n_starts = x.shape
    slots = [np.zeros_like(x)] * optimizer.n_slots
    points = np.empty((n_steps + 1, n_dims, n_starts))
    values, norms = np.empty((2, n_steps + 1, n_starts))
    for t in range(n_steps + 1):
        points[t] = x
        values[t], *slopes, norms[t] = ground(*x, *settings)
        if t == n_steps:
            break
        if ahead is not None:
            (looked,) = ahead(x, x, float(t + 1), rates[t], *slots, *optimizer.hyper)
            _, *slopes, _ = ground(*looked, *settings)
        gradient = np.array([np.broadcast_to(slope, n_starts) for slope in slopes])
        x, *slots = rule(x, gradient, float(t + 1), rates[t], *slots, *optimizer.hyper)
    # As in ``descend``: a path ends before the first step at which anything of it is not finite.
    ended = np.logical_or.accumulate(
        ~(np.isfinite(values) & np.isfinite(norms) & np.isfinite(points).all(axis=1)), axis=0
    )
    last = np.maximum(n_steps - ended.sum(axis=0), 0)
    ended[0] = False  # a start is a point even where the surface has no value
    values[ended] = norms[ended] = np.nan
    points.swapaxes(1, 2)[ended] = np.nan
    return Walk(points.transpose(2, 0, 1), values.T, norms.T, last)
