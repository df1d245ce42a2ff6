"""Plateaus: where the gradient stays small for long, on a path and on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landscape.descent.trajectory import SMALL_GRADIENT, Trajectory
from landscape.errors import returned
from landscape.language import tr
from landscape.surfaces.base import Array, Surface

_MOST_POINTS = 4_000_000  # of a map


@dataclass(frozen=True, eq=False)
class Plateaus:
    """The plateaus of each of S paths.

    ``thresholds`` (S,) are the gradient norms below which ground counts as flat; ``intervals`` the (first, last) steps
    of each plateau; ``longest`` (S,) and ``steps`` (S,) the number of steps on the longest and on all of them;
    ``left_at`` the step at which a path left its last one: 0 for a path without any, ``None`` where it is still there.
    """

    thresholds: Array
    intervals: tuple[tuple[tuple[int, int], ...], ...]
    longest: tuple[int, ...]
    steps: tuple[int, ...]
    left_at: tuple[int | None, ...]


def plateaus(
    trajectory: Trajectory,
    threshold: float = SMALL_GRADIENT,
    *,
    relative: bool = False,
    min_steps: int | None = None,
) -> Plateaus:
    """Measure the plateaus of a run.

    A plateau is a run of steps with a gradient norm below ``threshold``; ``relative`` makes that a share of the largest
    gradient norm on the path. ``min_steps`` and what is done with the rest at a minimum: as in
    ``Trajectory.plateaus``. Raises ``TypeError`` for what is no trajectory, ``ValueError``
    for a threshold that is not positive.

    >>> import landscape as ls
    >>> run = ls.descend(ls.surface("escaping_saddle"), ls.SGD(learning_rate=0.05), [[1.0, 1e-6]], 600)
    >>> found = plateaus(run, 0.01)
    >>> found.intervals, found.longest, found.left_at
    ((((51, 89),),), (39,), (90,))
    """
    returned("trajectory", trajectory, Trajectory, "ls.descend")
    if not 0 < threshold < np.inf:
        raise ValueError(tr("{argument} must be positive, not {number}", argument="threshold", number=threshold))
    largest = np.nanmax(trajectory.gradient_norms, axis=1, initial=0.0)
    thresholds: Array = threshold * largest if relative else np.full(trajectory.n_starts, float(threshold))
    intervals = trajectory.plateaus(thresholds, min_steps)
    lengths = [[last - first + 1 for first, last in runs] for runs in intervals]
    return Plateaus(
        thresholds,
        intervals,
        tuple(max(of_path, default=0) for of_path in lengths),
        tuple(map(sum, lengths)),
        trajectory.steps_to_leave(thresholds, min_steps),
    )


@dataclass(frozen=True, eq=False)
class Ground:
    """What the map says of steepness and curvature, over a grid: ``x`` (W,), ``y`` (H,), fields (H, W).

    ``log_gradient`` is log10 of the gradient norm (-inf where it is zero), ``lowest_curvature`` the smallest eigenvalue
    of the Hessian. NaN where they are not finite.
    """

    x: Array
    y: Array
    log_gradient: Array
    lowest_curvature: Array


def ground(surface: Surface, shape: Sequence[int] = (200, 200)) -> Ground:
    """Return steepness and lowest curvature over the domain of a surface in the plane, ``shape`` points (W, H).

    Raises ``ValueError`` outside the plane and for more than four million points.
    """
    width, height = shape
    if surface.n_dims != 2:
        raise ValueError(
            tr("a map needs two dimensions; {surface!r} has {n_dims}", surface=surface.name, n_dims=surface.n_dims)
        )
    if min(width, height) < 2 or width * height > _MOST_POINTS:
        raise ValueError(
            tr(
                "a map has at least 2 × 2 and at most {most:,} points, not {width} × {height}",
                most=_MOST_POINTS,
                width=width,
                height=height,
            )
        )
    x, y = surface.domain.axes((width, height))
    points = np.swapaxes(surface.domain.grid((width, height)), 0, 1)
    with np.errstate(all="ignore"):
        norms = np.linalg.norm(surface.gradient(points), axis=-1)
        hessian = surface.hessian(points)
        log_gradient = np.log10(norms)
    finite = np.asarray(np.isfinite(hessian).all(axis=(-1, -2)))
    lowest = np.linalg.eigvalsh(np.where(finite[..., None, None], hessian, 0.0))[..., 0]
    return Ground(x, y, np.where(np.isfinite(norms), log_gradient, np.nan), np.where(finite, lowest, np.nan))
