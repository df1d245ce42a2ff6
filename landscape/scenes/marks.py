"""Markers: critical points, starts, where diverging paths leave, where a logarithmic axis meets zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from landscape.curvature.critical import declared_points
from landscape.curvature.point import CriticalPoint
from landscape.language import mark, tr
from landscape.picture.scene import CRITICAL, Array, Axis, Points, Track
from landscape.scenes.paths import PathInfo, names_of
from landscape.surfaces.base import Domain, Surface

KINDS = {
    "minimum": mark("minimum"),
    "saddle": mark("saddle"),
    "maximum": mark("maximum"),
    "degenerate": mark("degenerate"),
}
"""Kinds of critical points, as they are called."""


def critical_marks(surface: Surface, found: Sequence[CriticalPoint] | None = None) -> Iterator[Points]:
    """Yield the critical points in the picture, one layer a kind: those ``found``, by default those declared."""
    points = declared_points(surface) if found is None else found
    shown = [point for point in points if surface.domain.contains(point.x)]
    for kind in CRITICAL:
        of_kind = [point for point in shown if point.kind == kind]
        if of_kind:
            where = np.array([point.x for point in of_kind])
            labels = tuple(
                tr(
                    "{kind}: loss {loss:.4g}, Hessian eigenvalues {eigenvalues}",
                    kind=tr(KINDS[kind]),
                    loss=p.value,
                    eigenvalues=", ".join(f"{e:.3g}" for e in p.eigenvalues),
                )
                for p in of_kind
            )
            yield Points(where[:, 0], where[:, -1], kind, labels)


def start_marks(infos: Sequence[PathInfo]) -> Iterator[Points]:
    """Yield the starts, each once: all optimizers share them."""
    first = {tuple(i.points[0]): None for i in infos}
    if first:
        where = np.array(list(first))
        labels = tuple(tr("start {n}", n=number + 1) for number in range(len(where)))
        yield Points(where[:, 0], where[:, -1], "start", labels)


def exit_marks(infos: Sequence[PathInfo], domain: Domain) -> Iterator[Points]:
    """Yield the markers at which lost tracks leave the map for good, or where their data end inside it."""
    found = [(i, *_exit(i, domain)) for i in infos if i.is_lost]
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
    steps = info.point_steps[info.point_steps <= info.track.last]
    inside = np.flatnonzero(domain.contains(info.points[: len(steps)]))
    if len(inside) == 0:  # it started outside and never came in: the edge next to its start
        return np.clip(info.points[0], domain.lower, domain.upper), 0
    k = int(inside[-1])
    if k == len(steps) - 1:
        return info.points[k], int(steps[k])
    here, there = info.points[k], info.points[k + 1]
    move = there - here
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(move > 0, (domain.upper - here) / move, (domain.lower - here) / move)
    share = float(np.min(shares[move != 0]))
    return here + share * move, int(steps[k + 1])


def zero_marks(tracks: Sequence[Track], data: Array, axis: Axis, what: str) -> tuple[list[Points], list[str]]:
    """Return markers where a quantity on a logarithmic axis becomes exactly zero, and the note that says so."""
    found = [(t, row, np.flatnonzero(row == 0)) for t, row in zip(tracks, data, strict=True) if np.any(row == 0)]
    if axis.scale != "log" or not found:
        return [], []
    positive = data[np.isfinite(data) & (data > 0)]
    floor = float(positive.min()) if positive.size else 1e-16
    x, y, labels, steps = [], [], [], []
    for track, row, zeros in found:
        first = int(zeros[0])
        for_good = len(zeros) == track.last + 1 - first
        x.append(float(max(first - 1, 0)))
        y.append(float(row[first - 1]) if first else floor)
        said = {"path": track.label, "quantity": what, "step": first}
        labels.append(
            tr("{path}: {quantity} exactly zero from step {step}", **said)
            if for_good
            else tr("{path}: {quantity} exactly zero at step {step}", **said)
        )
        steps.append(first)
    marks = Points(
        np.array(x),
        np.array(y),
        "zero",
        tuple(labels),
        tracks=tuple(track.id for track, _, _ in found),
        steps=np.array(steps),
    )
    note = tr(
        "Exactly zero at some steps, which a logarithmic axis cannot show (▼, a gap): {quantity} of {paths}.",
        quantity=what,
        paths=names_of([track for track, _, _ in found]),
    )
    return [marks], [note]


def below_notes(infos: Sequence[PathInfo], data: Array, axis: Axis) -> list[str]:
    """Return the note on gaps of a logarithmic axis where rounding takes a quantity below zero (``loss_axis``)."""
    out = [i.track for i, row in zip(infos, data, strict=True) if axis.scale == "log" and np.any(row < 0)]
    said = {"quantity": axis.label, "paths": names_of(out)}
    return [tr("Below zero by rounding at some steps (a gap): {quantity} of {paths}.", **said)] if out else []


def top_marks(infos: Sequence[PathInfo], data: Array, axis: Axis) -> Iterator[Points]:
    """Yield the markers at which lost tracks leave a panel for good, or where their data end inside it."""
    x, y, labels, ids, when = [], [], [], [], []
    low, high = axis.range or (-np.inf, np.inf)
    for i, row in zip(infos, data, strict=True):
        if not i.is_lost:
            continue
        shown = np.flatnonzero((row >= low) & (row <= high))
        step = min(int(shown[-1]) + 1 if shown.size else 0, i.track.last)
        x.append(float(step))
        y.append(min(max(float(row[step]), low), high))
        labels.append(f"{i.track.label}: {i.track.verdict}")
        ids.append(i.track.id)
        when.append(step)
    if x:
        yield Points(np.array(x), np.array(y), "diverged", tuple(labels), tracks=tuple(ids), steps=np.array(when))


def beyond_notes(infos: Sequence[PathInfo], data: Array, axis: Axis) -> list[str]:
    """Return the note on paths that run out of a panel though they did not diverge: outside the drawn domain."""
    if axis.range is None:
        return []
    low, high = axis.range
    out = [
        i
        for i, row in zip(infos, data, strict=True)
        if not i.is_lost and np.any((row > high) | ((row < low) & (row != 0)))
    ]
    said = {"quantity": axis.label, "paths": names_of([i.track for i in out])}
    return [tr("Outside the drawn domain the {quantity} runs out of its panel: {paths}.", **said)] if out else []
