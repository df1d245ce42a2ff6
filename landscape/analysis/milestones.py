"""When something happens to a path: it comes to a plateau or a saddle and leaves it, arrives, or is lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landscape.curvature.critical import declared_points
from landscape.descent.outcome import AT, Outcome
from landscape.descent.trajectory import Trajectory
from landscape.language import mark, tr
from landscape.surfaces.base import Array

_LOST = {
    Outcome.DIVERGED: mark("diverges"),
    Outcome.BROKE_OFF: mark("breaks off"),
    Outcome.OUTSIDE: mark("leaves the picture"),
}


def milestones(
    trajectory: Trajectory, start: int, plateaus: Sequence[tuple[int, int]] = ()
) -> tuple[tuple[int, str], ...]:
    """Return (step, what happens then) of the path from start number ``start``, in the order of the steps.

    ``plateaus`` are the (first, last) steps of its plateaus (``analysis.plateaus``). At a saddle is who is within
    ``AT`` of the domain's diagonal of one that the surface declares, or of the one where the path ends. Told are the
    first time that it comes near and the last time that it leaves. Where a path is at its first step, it did not come
    to, and where it is at its last, it does not leave.

    >>> import landscape as ls
    >>> run = ls.descend("escaping_saddle", ls.SGD(learning_rate=0.05), [[1.0, 1e-6]], 600)
    >>> milestones(run, 0, [(51, 89)])[:2]
    ((33, 'comes near the saddle'), (51, 'comes to a plateau'))
    """
    verdict, last = trajectory.judgements[start], int(trajectory.last[start])
    steps = trajectory.point_steps[trajectory.point_steps <= last]
    points = trajectory.points[start, : len(steps)]
    found = []
    for first, final in plateaus:
        found += [(first, tr("comes to a plateau")), (final + 1, tr("leaves the plateau"))]
    for place in _saddles(trajectory, start):
        near = steps[np.linalg.norm(points - place, axis=-1) <= AT * trajectory.surface.domain.diagonal]
        if len(near):
            found += [(int(near[0]), tr("comes near the saddle")), (int(near[-1]) + 1, tr("leaves the saddle"))]
    found = [(step, what) for step, what in found if 0 < step <= last]
    if verdict.outcome is Outcome.MINIMUM and 0 < verdict.near_since <= last:
        found.append((verdict.near_since, tr("comes near the minimum")))
    if verdict.outcome in _LOST:
        inside = steps[trajectory.surface.domain.contains(points)] if trajectory.surface.n_dims <= 2 else steps
        lost = last if verdict.outcome is Outcome.BROKE_OFF else min(int(inside[-1]) + 1 if len(inside) else 0, last)
        found.append((lost, tr(_LOST[verdict.outcome])))
    return tuple(sorted(found))


def _saddles(trajectory: Trajectory, start: int) -> list[Array]:
    """Return the places of the saddles that a path may have come to, each once."""
    end = trajectory.judgements[start].critical_point
    known = [*declared_points(trajectory.surface), *([] if end is None else [end])]
    places: list[Array] = []
    for point in known:
        if point.kind == "saddle" and not any(np.allclose(point.x, place, atol=1e-9) for place in places):
            places.append(point.x)
    return places
