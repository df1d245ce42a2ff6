"""All critical points in the plane: Newton's method in the cells of a grid, and lines where they cross it.

Newton's method starts in every cell where both partial derivatives change sign. What it finds is held against the
winding number of the gradient round each cell (``landscape.analysis.winding``); lines of critical points are found
where they cross the grid (``landscape.analysis.lines_in_plane``). Each stage stops at its share of the operations that
the search may take, and hands on what it has by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.completeness import flat_cells, judged, unexplained_cells
from landscape.analysis.critical_lines import STEP, distance_to_lines, extended
from landscape.analysis.critical_search import (
    SAME,
    SAME_DEGENERATE,
    Found,
    all_polished,
    certified,
    once,
    thinned,
    widened,
)
from landscape.analysis.lines_in_plane import is_one_point, lines_in_plane
from landscape.analysis.winding import Windings, gradients_where_defined, windings
from landscape.curvature.critical import polish
from landscape.curvature.newton import certified_many, newton_many
from landscape.curvature.point import CriticalPoint
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.counted import Counted, Spent

_MOST_SEARCHED, _WITHIN = 16, 61
"""How many cells that are unexplained to the last get a grid of their own, and how many cells an axis it has."""
_LOOKS, _CLOSER = 9, 4.0
"""How often and how much closer each time the surface round a degenerate point is looked at."""
_RIM, _SUNK = 3, 0.25

_ALONG = 1e-3  # share of the largest curvature below which a direction leads along a valley
_NEIGHBOURS, _PLACES_BETWEEN = 4, 7
"""With how many others, and by how many places between, a degenerate point may be found to be one."""

_FRAME = 2
"""Cells beyond the searched box where lines are searched for too: one that touches its edge is met on whole cells."""

_TURNS, _LINES, _POINTS, _REST = 0.5, 0.65, 0.6, 0.5
"""Shares that the grid, the lines, the points and the search of what they leave open may take of what is left."""


def search(surface: Counted, box: Domain, resolution: int) -> Found:
    """Return the critical points of a surface in the plane, searched for in ``resolution`` cells an axis."""
    wide = widened(box)
    half, shares = (wide.widths / resolution) / 2, np.linspace(-1, 1, 5)
    around = np.stack(np.meshgrid(shares, shares, indexing="ij"), axis=-1).reshape(-1, 2) * half
    with surface.within(_TURNS):
        turned = windings(surface, wide, resolution)
    flat = flat_cells(turned)
    level = turned.centers()[flat]

    n_refused = surface.n_refused
    with surface.within(_LINES):
        wider, gradients = _framed(surface, turned)
        lines, loose = lines_in_plane(surface, wider, gradients)
        lines, loose = extended(surface, lines, wider), loose[wide.contains(loose)]
    lines_are_known = surface.n_refused == n_refused

    def alone(found: Sequence[CriticalPoint]) -> list[CriticalPoint]:
        if not lines_are_known:  # a degenerate point may be on a line that was not found
            found = [p for p in found if p.kind != "degenerate"]
        return _isolated(surface, _off(flat, turned, found), wide, lines, level)

    n_refused, n_lines = surface.n_refused, len(lines)
    with surface.within(_POINTS):
        points = alone(certified(surface, _seeds(turned, flat)))
        points, lines = _looked_closer(surface, points, lines, wide, 8 * half, level)
    if len(lines) > n_lines and surface.n_refused > n_refused:  # the new ones may not have been followed to their ends
        lines_are_known = False
        points = alone(points)
    with surface.within(_REST):
        for _ in range(2):
            unexplained = unexplained_cells(surface, turned, points, lines)
            if not 0 < len(unexplained) <= 1000:
                break
            points = alone([*points, *certified(surface, (unexplained[:, None] + around).reshape(-1, 2))])
        unexplained = unexplained_cells(surface, turned, points, lines)
        if 0 < len(unexplained) <= _MOST_SEARCHED:
            # Points that are close together or on sharp tips: a grid of their own parts them, damped steps reach them.
            found = [point for middle in unexplained for point in _polished_within(surface, middle, 3 * half)]
            points = alone([*points, *found])
        points = alone([*points, *all_polished(surface, _sunk_dips(turned, flat, points, lines))])
    lines = [line for line in lines if box.contains(line).any()]
    complete, statement = judged(surface, turned, points, lines, loose)
    return Found([p for p in points if box.contains(p.x)], lines, complete, statement)


def _framed(surface: Surface, turned: Windings) -> tuple[Domain, Array]:
    """Return the box of a grid with a frame of ``_FRAME`` cells round it, and the gradients at all of its nodes."""
    n, frame = turned.gradients.shape[:2], ((_FRAME, _FRAME), (_FRAME, _FRAME))
    cells = [_FRAME * (axis[1] - axis[0]) for axis in (turned.x, turned.y)]
    wider = Domain.of([(axis[0] - h, axis[-1] + h) for axis, h in zip((turned.x, turned.y), cells, strict=True)])
    outside = np.pad(np.zeros(n, dtype=bool), frame, constant_values=True)
    gradients = np.pad(turned.gradients, (*frame, (0, 0)))
    gradients[outside] = gradients_where_defined(surface, wider.grid(outside.shape)[outside])
    return wider, gradients


def _isolated(
    surface: Surface, found: Sequence[CriticalPoint], box: Domain, lines: Sequence[Array], level: Array
) -> list[CriticalPoint]:
    """Return the points in ``box``, each once, without the degenerate ones on ``lines`` or on flat parts.

    ``level`` (L, 2) are places on flat parts, where there are any.
    """
    found = [p for p in found if box.contains(p.x)]
    diagonal = surface.domain.diagonal
    open_ = [p for p in found if p.kind == "degenerate"]
    away = distance_to_lines(np.array([p.x for p in open_]).reshape(-1, 2), lines) > STEP * diagonal
    open_ = once([p for p, alone in zip(open_, away, strict=True) if alone], SAME_DEGENERATE * diagonal)
    polished: list[CriticalPoint] = []
    with suppress(Spent):
        for point in open_:
            polished.append(polish(surface, point.x) or point)
    polished = _merged(surface, [*polished, *open_[len(polished) :]], level)
    return once([*(p for p in found if p.kind != "degenerate"), *polished], SAME * diagonal)


def _merged(surface: Surface, points: Sequence[CriticalPoint], level: Array) -> list[CriticalPoint]:
    """Return degenerate points once each: what is critical all the way from one to the next is one place to rounding.

    That of (y - x^2)^2 + x^8 is found to a hundredth, along the valley. What is critical all the way to one of the
    places ``level`` (L, 2) is flat ground: round the origin exp(-1/r^2) is level to rounding before it underflows.
    """
    kept: list[CriticalPoint] = []
    places = np.concatenate([level, np.empty((len(points), 2))])
    for point in sorted(points, key=lambda p: p.gradient_norm):
        away = np.linalg.norm(places[: len(level) + len(kept)] - point.x, axis=-1)
        near = np.argsort(away, kind="stable")[:_NEIGHBOURS]
        if not any(_is_one_with(surface, point.x, other) for other in places[near]):
            places[len(level) + len(kept)] = point.x
            kept.append(point)
    return kept


def _is_one_with(surface: Surface, x: Array, other: Array) -> bool:
    """Tell whether f is critical beside every place on the way from ``x`` (2,) to the ``other`` (2,)."""
    way = other - x
    places = x + np.linspace(0.0, 1.0, _PLACES_BETWEEN + 2)[1:-1, None] * way
    try:
        good, apart = certified_many(surface, places), np.linalg.norm(way) / (_PLACES_BETWEEN + 1)
        if not good.all():
            # Across the valley alone: along it Newton's steps all lead to one place.
            ends, _ = newton_many(surface, places[~good], max_steps=10, singular=_ALONG)
            stays = np.linalg.norm(ends - places[~good], axis=-1) <= apart / 2
            good[~good] = stays & certified_many(surface, ends)
        return bool(good.all())
    except Spent:
        return True  # named at most once too seldom


def _looked_closer(
    surface: Counted, points: list[CriticalPoint], lines: list[Array], box: Domain, reach: Array, level: Array
) -> tuple[list[CriticalPoint], list[Array]]:
    """Return ``points`` and ``lines`` after a closer look round the degenerate points: a ring smaller than a cell?

    Each look is ``_CLOSER`` times as close as the one before. From the second on nothing but a ring counts: so close
    to a point what is level to rounding looks like a line.
    """
    n_lines, diagonal = len(lines), surface.domain.diagonal
    with suppress(Spent):
        for point in [p for p in points if p.kind == "degenerate"][:_MOST_SEARCHED]:
            for look in range(_LOOKS):
                if len(lines) > n_lines and distance_to_lines(point.x[None], lines)[0] <= STEP * diagonal:
                    break
                around = reach / _CLOSER**look
                near = widened(Domain.of(np.stack([point.x - around, point.x + around], axis=1).tolist()))
                gradients = gradients_where_defined(surface, near.grid((_WITHIN, _WITHIN)))
                found, _ = lines_in_plane(surface, near, gradients, pieces_too=look > 0)
                if look:
                    rings = [line for line in extended(surface, found, near) if np.array_equal(line[0], line[-1])]
                    lines = [*lines, *rings]
                    points = [*points, *(inside for ring in rings for inside in certified(surface, ring.mean(0)[None]))]
                    continue
                found = [f for f in found if np.median(distance_to_lines(f, lines)) > STEP * diagonal]
                if found:
                    followed = extended(surface, [*lines, *found], box)
                    lines = [line for line in followed if not is_one_point(surface, line, box)]
    return (_isolated(surface, points, box, lines, level) if len(lines) > n_lines else points), lines


def _seeds(turned: Windings, flat: NDArray[np.bool_]) -> Array:
    """Return where to start Newton's method: (S, 2)."""
    g = turned.gradients
    corners = np.stack([g[:-1, :-1], g[1:, :-1], g[:-1, 1:], g[1:, 1:]])
    both = ((corners.min(axis=0) <= 0) & (corners.max(axis=0) >= 0)).all(axis=-1)
    centers = turned.centers()
    return np.concatenate(
        [
            centers[turned.known & (turned.cells != 0)],
            thinned(centers[both & ~flat & np.isfinite(corners).all(axis=(0, -1))]),
            thinned(centers[_dips(np.linalg.norm(g, axis=-1))[:-1, :-1] & ~flat]),
            centers[:: max(1, len(turned.x) // 24), :: max(1, len(turned.y) // 24)].reshape(-1, 2),
        ]
    )


def _off(flat: NDArray[np.bool_], turned: Windings, points: Sequence[CriticalPoint]) -> list[CriticalPoint]:
    """Return the points without the degenerate ones on flat parts, which are all made of them."""
    if not points or not flat.any():
        return list(points)
    there = flat[turned.cell_of(np.array([p.x for p in points]))]
    return [p for p, is_flat in zip(points, there, strict=True) if not (is_flat and p.kind == "degenerate")]


def _dips(norms: Array) -> NDArray[np.bool_]:
    """Tell which nodes have a gradient norm no larger than their eight neighbours': degenerate points hide there."""
    padded = np.pad(np.where(np.isfinite(norms), norms, np.inf), 1, constant_values=np.inf)
    rows, columns = norms.shape
    lowest = np.full(norms.shape, np.inf)
    for i in range(3):
        for j in range(3):
            if (i, j) != (1, 1):
                lowest = np.minimum(lowest, padded[i : i + rows, j : j + columns])
    return np.isfinite(norms) & (norms <= lowest)


def _sunk_dips(
    turned: Windings, flat: NDArray[np.bool_], points: Sequence[CriticalPoint], lines: Sequence[Array]
) -> Array:
    """Return the nodes (D, 2), D at most ``_MOST_SEARCHED``, where the gradient dips and nothing found explains it.

    A dip counts where it is below the share ``_SUNK`` of the gradient ``_RIM`` cells off. Round a zero of even
    multiplicity the gradient turns as if there were none: no winding number tells.
    """
    norms = np.linalg.norm(turned.gradients, axis=-1)
    padded = np.pad(norms, _RIM, mode="edge")
    rows, columns = norms.shape
    around = [
        padded[i : i + rows, j : j + columns]
        for i in (0, _RIM, 2 * _RIM)
        for j in (0, _RIM, 2 * _RIM)
        if (i, j) != (_RIM, _RIM)
    ]
    with np.errstate(all="ignore"):
        depth = norms / np.max(around, axis=0)
    i, j = np.nonzero(_dips(norms) & (depth < _SUNK) & (norms > 0) & ~np.pad(flat, ((0, 1), (0, 1)), mode="edge"))
    nodes = np.stack([turned.x[i], turned.y[j]], axis=-1)
    cell = np.array([turned.x[1] - turned.x[0], turned.y[1] - turned.y[0]])
    known = [np.array([p.x for p in points]).reshape(-1, 2), *lines]
    alone = distance_to_lines(nodes / cell, [line / cell for line in known if len(line)]) > _RIM
    return nodes[alone][np.argsort(depth[i, j][alone], kind="stable")][:_MOST_SEARCHED]


def _polished_within(surface: Surface, middle: Array, reach: Array) -> list[CriticalPoint]:
    """Return what damped Newton finds from the small cells, within ``reach`` of a place, that the gradient turns in."""
    turned = windings(surface, Domain.of(np.stack([middle - reach, middle + reach], axis=1).tolist()), _WITHIN)
    return all_polished(surface, turned.centers()[turned.known & (turned.cells != 0)][:_WITHIN])
