"""Markers: critical points, starts, where diverging paths leave, where a logarithmic axis meets zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from landscape.scenes.base import Array, Axis, PointKind, Points
from landscape.scenes.paths import PathInfo, names_of
from landscape.surfaces.base import Domain, Surface


def critical_marks(surface: Surface) -> Iterator[Points]:
    """Yield the declared critical points in the picture, one layer a kind."""
    shown = [point for point in surface.critical_points if surface.domain.contains(point.x)]
    kinds: tuple[PointKind, ...] = ("maximum", "degenerate", "saddle", "minimum")
    for kind in kinds:
        of_kind = [point for point in shown if point.kind == kind]
        if of_kind:
            where = np.array([point.x for point in of_kind])
            labels = tuple(
                f"{kind}: loss {p.value:.4g}, Hessian eigenvalues {', '.join(f'{e:.3g}' for e in p.eigenvalues)}"
                for p in of_kind
            )
            yield Points(where[:, 0], where[:, -1], kind, labels)


def start_marks(infos: Sequence[PathInfo]) -> Iterator[Points]:
    """Yield the starts, each once: all optimizers share them."""
    first = {tuple(i.points[0]): None for i in infos}
    if first:
        where = np.array(list(first))
        labels = tuple(f"start {number + 1}" for number in range(len(where)))
        yield Points(where[:, 0], where[:, -1], "start", labels)


def exit_marks(infos: Sequence[PathInfo], domain: Domain) -> Iterator[Points]:
    """Yield the markers at which diverged tracks leave the map for good, or where their data end inside it."""
    found = [(i, *_exit(i, domain)) for i in infos if i.diverged]
    if found:
        where = np.array([at for _, at, _ in found])
        yield Points(
            where[:, 0],
            where[:, 1],
            "diverged",
            tuple(f"{i.track.label}: {i.track.verdict}" for i, _, _ in found),
            tracks=tuple(i.track.id for i, _, _ in found),
            steps=np.array([step for _, _, step in found]),
        )


def _exit(info: PathInfo, domain: Domain) -> tuple[Array, int]:
    """Return the point at which a path crosses the edge of the domain for the last time, and the step after it."""
    inside = np.flatnonzero(domain.contains(info.points[: info.track.last + 1]))
    if len(inside) == 0:  # it started outside and never came in: the edge next to its start
        return np.clip(info.points[0], domain.lower, domain.upper), 0
    k = int(inside[-1])
    if k == info.track.last:
        return info.points[k], k
    here, there = info.points[k], info.points[k + 1]
    move = there - here
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(move > 0, (domain.upper - here) / move, (domain.lower - here) / move)
    share = float(np.min(shares[move != 0]))
    return here + share * move, k + 1


def zero_marks(infos: Sequence[PathInfo], data: Array, axis: Axis, what: str) -> tuple[list[Points], list[str]]:
    """Return markers where a quantity on a logarithmic axis becomes exactly zero, and the note that says so."""
    if axis.scale != "log":
        return [], []
    positive = data[np.isfinite(data) & (data > 0)]
    floor = float(positive.min()) if positive.size else 1e-16
    found = [(i, int(np.argmax(row == 0)), row) for i, row in zip(infos, data, strict=True) if np.any(row == 0)]
    if not found:
        return [], []
    x = np.array([max(k - 1, 0) for _, k, _ in found], dtype=float)
    y = np.array([row[k - 1] if k else floor for _, k, row in found])
    labels = tuple(f"{i.track.label}: {what} exactly zero from step {k}" for i, k, _ in found)
    marks = Points(
        x, y, "zero", labels, tracks=tuple(i.track.id for i, _, _ in found), steps=np.array([k for _, k, _ in found])
    )
    which = names_of([i for i, _, _ in found])
    return [marks], [
        f"The {what} of {which} becomes exactly zero, which a logarithmic axis cannot show: the line ends there."
    ]


def top_marks(infos: Sequence[PathInfo], data: Array, axis: Axis) -> Iterator[Points]:
    """Yield the markers at which diverged tracks leave a panel through its top, or where their data end."""
    x, y, labels, ids, when = [], [], [], [], []
    for i, row in zip(infos, data, strict=True):
        if not i.diverged:
            continue
        over = np.flatnonzero(np.abs(row) > axis.range[1]) if axis.range else np.zeros(0, dtype=int)
        step = int(over[0]) if over.size else i.track.last
        x.append(float(step))
        y.append(float(np.clip(row[step], axis.range[0], axis.range[1])) if axis.range else float(row[step]))
        labels.append(f"{i.track.label}: {i.track.verdict}")
        ids.append(i.track.id)
        when.append(step)
    if x:
        yield Points(np.array(x), np.array(y), "diverged", tuple(labels), tracks=tuple(ids), steps=np.array(when))
