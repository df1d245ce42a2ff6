"""The box that holds what there is to see of a surface: its minima nearby, and the paths that do not run away."""

from __future__ import annotations

import numpy as np

from landscape.descent import descend
from landscape.experiment import Run
from landscape.optimizers.second_order import SaddleFreeNewton
from landscape.surfaces.base import Array, Domain, Surface

NEARBY = 3.0
"""Minima are looked for from starts in a box of so many times the sides."""

AWAY = 10.0
"""A path that gets further from the middle than so many diagonals runs away: it is no reason for a larger picture."""

MARGIN = 0.06
"""What is left free round it, as a share of the sides."""

_STARTS, _STEPS = 5, 60


def nearby_minima(surface: Surface) -> Array:
    """Return minima (K, n) inside the box or nearby, those that saddle-free Newton finds from a coarse grid."""
    domain = surface.domain
    middle, half = domain.center, NEARBY * domain.widths / 2
    wide = Domain(tuple((middle - half).tolist()), tuple((middle + half).tolist()))
    starts = wide.grid((_STARTS,) * surface.n_dims).reshape(-1, surface.n_dims)
    with np.errstate(all="ignore"):  # where a formula has no value nothing is found
        found = descend(surface, SaddleFreeNewton(), starts, _STEPS)
    at_rest = np.array([verdict.end in ("minimum", "local minimum") for verdict in found.judgements])
    ends = found.final_points[at_rest]
    return ends[(np.abs(ends - middle) <= half).all(axis=-1)]


def fitting(run: Run, minima: Array) -> Domain | None:
    """Return a box that holds what the box of the run's surface does, ``minima`` (K, n) and its paths as well.

    ``None`` where that box holds all of them already, or nothing else can be held.
    """
    domain = run.experiment.surface.domain
    middle, far = domain.center, AWAY * domain.diagonal
    wanted = [minima]
    for trajectory in run.trajectories:
        for path in trajectory.points:
            away = np.linalg.norm(path - middle, axis=-1)
            if np.isfinite(path).all() and away.max() <= far:
                wanted.append(path)
    points = np.concatenate(wanted)
    if not len(points) or domain.contains(points).all():
        return None
    least, most = points.min(axis=0), points.max(axis=0)
    free = MARGIN * (np.maximum(domain.upper, most) - np.minimum(domain.lower, least))
    step = 10.0 ** np.floor(np.log10(domain.widths + 2 * free)) / 10
    lower = np.where(least < domain.lower, np.floor((least - free) / step) * step, domain.lower)
    upper = np.where(most > domain.upper, np.ceil((most + free) / step) * step, domain.upper)
    return Domain(*(tuple(float(f"{x:.12g}") for x in edges) for edges in (lower, upper)))
