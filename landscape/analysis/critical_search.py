"""What every search for critical points does: Newton's method from many places, each point once, lines through some."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from landscape.analysis.critical_lines import MAX_LINES, STEP, distance_to_lines, trace
from landscape.curvature.critical import kind_by_sampling, polish
from landscape.curvature.newton import certified_many, distinct, newton_many
from landscape.curvature.point import CriticalPoint
from landscape.language import tr
from landscape.progress import counting
from landscape.surfaces.base import Array, Domain, Kind, Surface
from landscape.surfaces.counted import Spent

MAX_CANDIDATES = 5000
_AT_ONCE = 1000

# The searched box is a little larger, so that no grid line hits a symmetry axis and no diagonal the nodes.
_MARGINS = ((0.00127, 0.00173), (0.00149, 0.00211))

SAME, SAME_DEGENERATE = 1e-6, 2e-3
"""Shares of the domain's diagonal within which two points are one: a multiple zero is known less well."""


class Found(NamedTuple):
    """Isolated points, lines of those that are not, and what is known about having them all."""

    points: Sequence[CriticalPoint]
    lines: Sequence[Array]
    complete: bool | None
    statement: str


def widened(box: Domain) -> Domain:
    """Return the box that is searched."""
    low, high = np.transpose(_MARGINS[: box.n_dims]) * box.widths
    return Domain(tuple((box.lower - low).tolist()), tuple((box.upper + high).tolist()))


def thinned(points: Array) -> Array:
    """Return at most ``MAX_CANDIDATES`` of the points, evenly chosen."""
    if len(points) <= MAX_CANDIDATES:
        return points
    return points[np.linspace(0, len(points) - 1, MAX_CANDIDATES).astype(int)]


class Searched(NamedTuple):
    """Critical ``points`` that Newton's method found, each perhaps several times, and where the other starts ended.

    So many were still ``moving`` after its last step, so many at rest on ``slopes``, where the gradient is not
    certainly zero; ``least`` is the smallest gradient norm that any of them reached.
    """

    points: list[CriticalPoint]
    moving: int
    slopes: int
    least: float


def searched(surface: Surface, starts: Array) -> Searched:
    """Return where Newton's method leads from ``starts`` (S, n)."""
    found: list[CriticalPoint] = []
    moving, slopes, least = 0, 0, np.inf
    with suppress(Spent), counting(len(starts), tr("Newton's method")) as count:
        for some in np.array_split(starts, 1 + len(starts) // _AT_ONCE):
            with count.part(len(some)):
                ends, at_rest = newton_many(surface, some)
            candidates, group = distinct(ends[at_rest], 1e-7 * surface.domain.diagonal)
            good = certified_many(surface, candidates)
            found += _described(surface, candidates[good])
            moving, slopes = moving + int(np.sum(~at_rest)), slopes + int(np.sum(~good[group]))
            if not found:
                with np.errstate(all="ignore"):
                    norms = np.linalg.norm(surface.gradient(ends), axis=-1)
                least = min(least, float(np.min(norms, where=np.isfinite(norms), initial=np.inf)))
    return Searched(found, moving, slopes, least)


def certified(surface: Surface, starts: Array) -> list[CriticalPoint]:
    """Return the critical points that Newton's method finds from ``starts`` (S, n), each perhaps several times."""
    return searched(surface, starts).points


def _described(surface: Surface, points: Array) -> list[CriticalPoint]:
    """Return what the Hessian says of critical points (S, n), those that are regular found to the last digit."""
    found = list(CriticalPoint.at_each(surface, points))
    # Degenerate ones are left where they are: there may be thousands, all on one line.
    regular = np.array([i for i, point in enumerate(found) if point.kind != "degenerate"], dtype=int)
    sharper, _ = newton_many(surface, points[regular], max_steps=3)
    better = np.linalg.norm(sharper - points[regular], axis=-1) <= SAME * surface.domain.diagonal
    better[better] = certified_many(surface, sharper[better])
    for i, point in zip(regular[better], CriticalPoint.at_each(surface, sharper[better]), strict=True):
        found[i] = point
    return found


def all_polished(surface: Surface, places: Iterable[Array]) -> list[CriticalPoint]:
    """Return what damped Newton finds from each of ``places``, one after the other."""
    found = []
    with suppress(Spent):
        for x in places:
            point = polish(surface, x)
            if point is not None:
                found.append(point)
    return found


def sorted_out(
    surface: Surface, found: Sequence[CriticalPoint], box: Domain
) -> tuple[list[CriticalPoint], list[Array]]:
    """Return isolated critical points, each once, and lines through those that are not."""
    diagonal = surface.domain.diagonal
    found = [p for p in found if box.contains(p.x)]
    regular = once([p for p in found if p.kind != "degenerate"], SAME * diagonal)
    lines: list[Array] = []
    isolated: list[CriticalPoint] = []
    rest = sorted((p for p in found if p.kind == "degenerate"), key=lambda p: p.gradient_norm)
    places = np.array([p.x for p in rest]).reshape(len(rest), surface.n_dims)
    open_ = np.ones(len(places), dtype=bool)
    with suppress(Spent):
        for number, point in enumerate(rest):
            if not open_[number]:
                continue
            if len(lines) >= MAX_LINES:
                break
            through = trace(surface, point, box)
            if through:
                lines += through
                open_ &= distance_to_lines(places, through) > STEP * diagonal
                continue
            isolated += all_polished(surface, [point.x])
            open_ &= np.linalg.norm(places - point.x, axis=1) > SAME_DEGENERATE * diagonal
    return regular + isolated, lines


def kinds_round(surface: Surface, points: Sequence[CriticalPoint]) -> list[Kind]:
    """Return the kinds of points by the values round them; of those not looked at any more, what the Hessian tells."""
    kinds = [p.kind for p in points]
    with suppress(Spent):
        for number, point in enumerate(points):
            kinds[number] = kind_by_sampling(surface, point)
    return kinds


def once(points: Sequence[CriticalPoint], distance: float) -> list[CriticalPoint]:
    """Return one of each group of points that lie within ``distance``, the one with the least gradient norm."""
    if not points:
        return []
    from scipy.spatial import KDTree

    places = np.array([p.x for p in points])
    tree, open_ = KDTree(places), np.ones(len(points), dtype=bool)
    kept = []
    for number in np.argsort([p.gradient_norm for p in points], kind="stable").tolist():
        if open_[number]:
            kept.append(points[number])
            open_[tree.query_ball_point(places[number], distance)] = False
    return kept
