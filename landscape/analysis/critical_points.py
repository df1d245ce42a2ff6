"""All critical points of a surface on a domain: found, certified, classified, and held against a count.

In the plane the search starts Newton's method in every cell of a grid where both partial derivatives change sign,
and holds what it found against the winding number of the gradient round each cell (``landscape.analysis.winding``);
lines of critical points are found where they cross the grid (``landscape.analysis.lines_in_plane``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.analysis.completeness import at_least, flat_cells, judged, unexplained_cells
from landscape.analysis.critical_lines import MAX_LINES, STEP, distance_to_lines, extended, trace
from landscape.analysis.lines_in_plane import lines_in_plane, parts_of_a_kind
from landscape.analysis.winding import Windings, gradients_where_defined, windings
from landscape.curvature.critical import kind_by_sampling, polish
from landscape.curvature.newton import certified_many, distinct, newton_many
from landscape.curvature.point import NEAR, CriticalPoint
from landscape.recipe.given import a_surface, whole
from landscape.recipe.starts import start_points
from landscape.surfaces.base import Array, Domain, Kind, Surface

RESOLUTION = {1: 20_000, 2: 251}
"""Cells an axis that are searched by default, by the number of dimensions."""

FINER = 600
"""Cells an axis of a second search in the plane, where the first one left something unexplained."""

MAX_CELLS = 4_000_000
MAX_CANDIDATES = 5000
MOST_SEARCHED, WITHIN = 16, 61
"""How many cells that are unexplained to the last get a grid of their own, and how many cells an axis it has."""

# The searched box is a little larger, so that no grid line hits a symmetry axis and no diagonal the nodes.
_MARGINS = ((0.00127, 0.00173), (0.00149, 0.00211))
_RIM, _SUNK = 3, 0.25
_SAME = 1e-6
_SAME_DEGENERATE = 2e-3


@dataclass(frozen=True, eq=False)
class CriticalPoints(Sequence[CriticalPoint]):
    """Critical points, minima first and by rising value within a kind, and what is known about having them all.

    ``points`` are isolated. ``kinds_round`` are their kinds by the values round them
    (``landscape.curvature.critical.kind_by_sampling``), which those of kind "degenerate" have too. ``lines`` are those
    that are not isolated, each (K, n) in order, with its kind by the values around it in ``line_kinds``. ``complete``
    is ``None`` where it was not judged; ``statement`` says how it was.
    """

    surface: Surface
    domain: Domain
    points: tuple[CriticalPoint, ...]
    kinds_round: tuple[Kind, ...]
    lines: tuple[Array, ...]
    line_kinds: tuple[Kind, ...]
    complete: bool | None
    statement: str

    def __repr__(self) -> str:
        """Say what there is; hundreds of points and lines of thousands of numbers are for those who ask for them."""
        parts = [f"{n} {kind}" for kind, n in self.counts.items()]
        parts += [f"{n} {'line' if n == 1 else 'lines'} ({kind})" for kind, n in Counter(self.line_kinds).items()]
        return f"<critical points of {self.surface!r}: {', '.join(parts) or 'none'}; {self.statement}>"

    def __len__(self) -> int:
        return len(self.points)

    @overload
    def __getitem__(self, item: int) -> CriticalPoint: ...
    @overload
    def __getitem__(self, item: slice) -> tuple[CriticalPoint, ...]: ...
    def __getitem__(self, item: Any) -> Any:
        return self.points[item]

    def __iter__(self) -> Iterator[CriticalPoint]:
        return iter(self.points)

    def of_kind(self, kind: str) -> tuple[CriticalPoint, ...]:
        """Return the points of one kind."""
        return tuple(p for p in self.points if p.kind == kind)

    @property
    def counts(self) -> dict[str, int]:
        """How many points there are of each kind."""
        return dict(Counter(p.kind for p in self.points))


def eigenvectors(surface: Surface, point: CriticalPoint) -> tuple[Array, Array]:
    """Return eigenvalues (n,), rising, and unit eigenvectors (n, n), one a row, of the Hessian at ``point``."""
    eigenvalues, vectors = np.linalg.eigh(surface.hessian(point.x))
    return eigenvalues, vectors.T


def critical_points(
    surface: Surface | str,
    domain: Domain | Sequence[Any] | None = None,
    *,
    resolution: int | None = None,
    starts: ArrayLike | None = None,
) -> CriticalPoints:
    """Return the critical points of ``surface`` on ``domain`` (default: its own), in one and two dimensions all.

    ``resolution`` is the number of cells an axis; without one a search in the plane that explains too little is done
    again on a finer grid. Each point is polished by damped Newton and certified
    (``landscape.curvature.critical.polish``); those whose Hessian may be singular, as far as their place and rounding
    let one know, are "degenerate", and ``kinds_round`` says what values round them show. Lines of critical points are
    found too, each in parts of one kind. With ``starts`` (S, n), in any number of dimensions, Newton's method starts
    there and nowhere else, and nothing is said about completeness.

    Raises ``ValueError`` above two dimensions without ``starts``, and for a resolution that is too large.

    >>> import landscape as ls
    >>> found = critical_points(ls.surface("himmelblau"))
    >>> found.counts, found.complete
    ({'minimum': 4, 'saddle': 4, 'maximum': 1}, True)
    """
    surface = a_surface(surface)
    box = surface.domain if domain is None else Domain.of(domain)
    if box.n_dims != surface.n_dims:
        raise ValueError(f"{surface.name!r} has {surface.n_dims} dimensions, the domain {box.n_dims}")
    if domain is not None and hasattr(surface, "with_domain"):
        surface = a_surface(surface.with_domain(box))
    if starts is not None:
        x = start_points(surface, starts)
        points, lines = _sorted_out(surface, _certified(surface, x), box)
        return _result(surface, box, points, lines, None, f"searched from {len(x)} given points; others may be missing")
    if surface.n_dims not in RESOLUTION:
        raise ValueError(
            f"all critical points are searched for in one and two dimensions, not in {surface.n_dims}; give starts"
        )
    n = RESOLUTION[surface.n_dims] if resolution is None else whole("resolution", resolution)
    if not 4 <= n <= MAX_CELLS ** (1 / surface.n_dims):
        raise ValueError(f"resolution must be 4 to {int(MAX_CELLS ** (1 / surface.n_dims))} cells an axis, not {n}")
    found = (_on_a_line if surface.n_dims == 1 else _in_the_plane)(surface, box, n)
    if found.complete is False and resolution is None and not found.lines:
        # Something turns the gradient where nothing was found: a finer grid tells points that are close from a pole.
        return _in_the_plane(surface, box, FINER)
    return found


# Two dimensions -------------------------------------------------------------------------------------------------


def _in_the_plane(surface: Surface, box: Domain, resolution: int) -> CriticalPoints:
    wide = _widened(box)
    turned = windings(surface, wide, resolution)
    flat = flat_cells(turned)
    lines, loose = lines_in_plane(surface, wide, turned.gradients)
    lines = extended(surface, lines, wide)
    half, shares = (wide.widths / resolution) / 2, np.linspace(-1, 1, 5)
    points = _isolated(surface, _off(flat, turned, _certified(surface, _seeds(turned, flat))), wide, lines)
    points, lines = _looked_closer(surface, points, lines, wide, 8 * half)
    around = np.stack(np.meshgrid(shares, shares, indexing="ij"), axis=-1).reshape(-1, 2) * half
    for _ in range(2):
        unexplained = unexplained_cells(surface, turned, points, lines)
        if not 0 < len(unexplained) <= 1000:
            break
        more = _certified(surface, (unexplained[:, None] + around).reshape(-1, 2))
        points = _isolated(surface, [*points, *_off(flat, turned, more)], wide, lines)
    unexplained = unexplained_cells(surface, turned, points, lines)
    if 0 < len(unexplained) <= MOST_SEARCHED:
        # Points that are close together or on sharp tips: a grid of their own parts them, damped steps reach them.
        found = [point for middle in unexplained for point in _polished_within(surface, middle, 3 * half)]
        points = _isolated(surface, [*points, *_off(flat, turned, found)], wide, lines)
        unexplained = unexplained_cells(surface, turned, points, lines)
    dips = _sunk_dips(turned, flat, points, lines)
    found = [point for point in (polish(surface, x) for x in dips) if point is not None]
    points = _isolated(surface, [*points, *_off(flat, turned, found)], wide, lines)
    lines = [line for line in lines if box.contains(line).any()]
    complete, statement = judged(surface, turned, points, lines, unexplained, loose)
    inside = [p for p in points if box.contains(p.x)]
    return _result(surface, box, inside, lines, complete, statement)


def _isolated(
    surface: Surface, found: Sequence[CriticalPoint], box: Domain, lines: Sequence[Array]
) -> list[CriticalPoint]:
    """Return the points in ``box``, each once, without the degenerate ones on ``lines``."""
    found = [p for p in found if box.contains(p.x)]
    diagonal = surface.domain.diagonal
    open_ = [p for p in found if p.kind == "degenerate"]
    away = distance_to_lines(np.array([p.x for p in open_]).reshape(-1, 2), lines) > STEP * diagonal
    open_ = [p for p, alone in zip(open_, away, strict=True) if alone]
    polished = [polish(surface, p.x) or p for p in _once(open_, _SAME_DEGENERATE * diagonal)]
    polished = _merged(surface, polished)
    return _once([*(p for p in found if p.kind != "degenerate"), *polished], _SAME * diagonal)


def _merged(surface: Surface, points: Sequence[CriticalPoint]) -> list[CriticalPoint]:
    """Return degenerate points once each: what is critical all the way from one to the next is one place to rounding.

    That of (y - x^2)^2 + x^8 is found to a hundredth, along the valley.
    """
    kept: list[CriticalPoint] = []
    for point in sorted(points, key=lambda p: p.gradient_norm):
        near = [p.x for p in kept if np.linalg.norm(p.x - point.x) <= NEAR * surface.domain.diagonal]
        middles = (np.array(near).reshape(-1, surface.n_dims) + point.x) / 2
        ends, _ = newton_many(surface, middles, max_steps=10)
        stays = np.linalg.norm(ends - middles, axis=-1) <= np.linalg.norm(middles - point.x, axis=-1)
        if not certified_many(surface, ends[stays]).any():
            kept.append(point)
    return kept


def _looked_closer(
    surface: Surface, points: list[CriticalPoint], lines: list[Array], box: Domain, reach: Array
) -> tuple[list[CriticalPoint], list[Array]]:
    """Return ``points`` and ``lines`` after a closer look round the degenerate points: a ring smaller than a cell?"""
    n_lines = len(lines)
    for point in [p for p in points if p.kind == "degenerate"][:MOST_SEARCHED]:
        if len(lines) > n_lines and distance_to_lines(point.x[None], lines)[0] <= STEP * surface.domain.diagonal:
            continue
        near = Domain.of(np.stack([point.x - reach, point.x + reach], axis=1).tolist())
        gradients = gradients_where_defined(surface, near.grid((WITHIN, WITHIN)))
        found, _ = lines_in_plane(surface, near, gradients)
        found = [f for f in found if np.median(distance_to_lines(f, lines)) > STEP * surface.domain.diagonal]
        if found:
            lines = extended(surface, [*lines, *found], box)
    return (_isolated(surface, points, box, lines) if len(lines) > n_lines else points), lines


def _widened(box: Domain) -> Domain:
    low, high = np.transpose(_MARGINS[: box.n_dims]) * box.widths
    return Domain(tuple((box.lower - low).tolist()), tuple((box.upper + high).tolist()))


def _seeds(turned: Windings, flat: NDArray[np.bool_]) -> Array:
    """Return where to start Newton's method: (S, 2)."""
    g = turned.gradients
    corners = np.stack([g[:-1, :-1], g[1:, :-1], g[:-1, 1:], g[1:, 1:]])
    both = ((corners.min(axis=0) <= 0) & (corners.max(axis=0) >= 0)).all(axis=-1)
    centers = turned.centers()
    return np.concatenate(
        [
            centers[turned.known & (turned.cells != 0)],
            _thinned(centers[both & ~flat & np.isfinite(corners).all(axis=(0, -1))]),
            _thinned(centers[_dips(np.linalg.norm(g, axis=-1))[:-1, :-1] & ~flat]),
            centers[:: max(1, len(turned.x) // 24), :: max(1, len(turned.y) // 24)].reshape(-1, 2),
        ]
    )


def _off(flat: NDArray[np.bool_], turned: Windings, points: Sequence[CriticalPoint]) -> list[CriticalPoint]:
    """Return the points without the degenerate ones on flat ground, which is all made of them."""
    if not points or not flat.any():
        return list(points)
    there = flat[turned.cell_of(np.array([p.x for p in points]))]
    return [p for p, is_flat in zip(points, there, strict=True) if not (is_flat and p.kind == "degenerate")]


def _thinned(points: Array) -> Array:
    """Return at most ``MAX_CANDIDATES`` of the points, evenly chosen."""
    if len(points) <= MAX_CANDIDATES:
        return points
    return points[np.linspace(0, len(points) - 1, MAX_CANDIDATES).astype(int)]


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
    """Return the nodes (D, 2), D at most ``MOST_SEARCHED``, where the gradient dips and nothing found explains it.

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
    return nodes[alone][np.argsort(depth[i, j][alone], kind="stable")][:MOST_SEARCHED]


def _polished_within(surface: Surface, middle: Array, reach: Array) -> list[CriticalPoint]:
    """Return what damped Newton finds from the small cells, within ``reach`` of a place, that the gradient turns in."""
    turned = windings(surface, Domain.of(np.stack([middle - reach, middle + reach], axis=1).tolist()), WITHIN)
    starts = turned.centers()[turned.known & (turned.cells != 0)][:WITHIN]
    return [point for point in (polish(surface, x) for x in starts) if point is not None]


# One dimension --------------------------------------------------------------------------------------------------


def _on_a_line(surface: Surface, box: Domain, resolution: int) -> CriticalPoints:
    wide = _widened(box)
    (x,) = wide.axes((resolution + 1,))
    g = gradients_where_defined(surface, x[:, None])[:, 0]
    finite = np.isfinite(g)
    change = np.flatnonzero(finite[:-1] & finite[1:] & (np.sign(g[:-1]) != np.sign(g[1:])))
    size = np.where(finite, np.abs(g), np.inf)
    dips = 1 + np.flatnonzero((size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:]) & np.isfinite(size[1:-1]))
    seeds = np.concatenate([(x[change] + x[change + 1]) / 2, x[change], _thinned(x[dips]), x[:: resolution // 50]])
    points, lines = _sorted_out(surface, _certified(surface, seeds[:, None]), wide)
    kinds = [kind_by_sampling(surface, p) for p in points]
    touching = np.array([kind in ("saddle", "degenerate") for kind in kinds], dtype=bool)
    places = np.array([p.x[0] for p in points])
    cells = np.clip(np.searchsorted(x, places) - 1, 0, resolution - 1)
    for number in np.flatnonzero(~touching & np.array([p.kind == "degenerate" for p in points], dtype=bool)):
        # A multiple root is known to some cells only: it is where the sign changes.
        off = np.abs(change - cells[number])
        if len(off) and (x[1] - x[0]) * off.min() <= _SAME_DEGENERATE * surface.domain.diagonal:
            cells[number] = change[off.argmin()]
    turns = np.bincount(cells[~touching], minlength=resolution)
    expected = np.bincount(change, minlength=resolution)
    crowded = np.flatnonzero(np.bincount(cells, minlength=resolution) > 1)
    missed = [i for i in change if g[i] != 0 and g[i + 1] != 0 and turns[i] == 0]
    hidden = np.flatnonzero((turns == 1) & (expected == 0) & (g[:-1] != 0) & (g[1:] != 0) & finite[:-1] & finite[1:])
    inside = [p for p in points if box.contains(p.x)]
    doubts, width = [], f"{x[1] - x[0]:.2g}"
    if lines or np.count_nonzero(g == 0) > len(points) + 2:
        doubts.append("the derivative is zero along whole intervals")
    if not finite.all():
        doubts.append(f"f or its derivative is not finite at {np.count_nonzero(~finite)} of {len(x)} places")
    if not surface.info.smooth:
        doubts.append("the surface has kinks, where a minimum need not have a zero derivative")
    if len(crowded):
        doubts.append(f"near {x[crowded[0]]:.4g} points share one cell of {width}: give a higher resolution")
    if len(hidden):
        doubts.append(
            f"near {x[hidden[0]]:.4g} an extremum was found where the derivative has the same sign on both sides of "
            f"its cell of {width}, so that another one lies in it: give a higher resolution"
        )
    if missed:
        doubts.append(f"the derivative changes sign without passing zero near {x[missed[0]]:.4g}: a pole or a kink")
    if doubts:
        return _result(surface, box, inside, lines, None, at_least(doubts))
    statement = (
        f"complete, judged by signs: the derivative changes sign in {len(change)} of {resolution} cells, and each has "
        f"its point; {_touching(int(touching.sum()))}only an even number of points within one cell of {width} could "
        "be missing"
    )
    return _result(surface, box, inside, lines, True, statement)


def _touching(n: int) -> str:
    if n == 0:
        return ""
    return f"at {n} place{'s' * (n > 1)} it touches zero, as nearly as rounding lets one tell, and keeps its sign; "


# Any number of dimensions ---------------------------------------------------------------------------------------


def _certified(surface: Surface, starts: Array) -> list[CriticalPoint]:
    """Return the critical points that Newton's method finds from ``starts`` (S, n), each perhaps several times."""
    ends, at_rest = newton_many(surface, starts)
    candidates, _ = distinct(ends[at_rest], 1e-7 * surface.domain.diagonal)
    candidates = _thinned(candidates[certified_many(surface, candidates)])
    found = list(CriticalPoint.at_each(surface, candidates))
    # Degenerate ones are left where they are: there may be thousands, all on one line.
    regular = np.array([i for i, point in enumerate(found) if point.kind != "degenerate"], dtype=int)
    sharper, _ = newton_many(surface, candidates[regular], max_steps=3)
    better = np.linalg.norm(sharper - candidates[regular], axis=-1) <= _SAME * surface.domain.diagonal
    better[better] = certified_many(surface, sharper[better])
    for i, point in zip(regular[better], CriticalPoint.at_each(surface, sharper[better]), strict=True):
        found[i] = point
    return found


def _sorted_out(
    surface: Surface, found: Sequence[CriticalPoint], box: Domain
) -> tuple[list[CriticalPoint], list[Array]]:
    """Return isolated critical points, each once, and lines through those that are not."""
    diagonal = surface.domain.diagonal
    found = [p for p in found if box.contains(p.x)]
    regular = _once([p for p in found if p.kind != "degenerate"], _SAME * diagonal)
    lines: list[Array] = []
    isolated: list[CriticalPoint] = []
    rest = sorted((p for p in found if p.kind == "degenerate"), key=lambda p: p.gradient_norm)
    places = np.array([p.x for p in rest]).reshape(len(rest), surface.n_dims)
    open_ = np.ones(len(places), dtype=bool)
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
        polished = polish(surface, point.x)
        if polished is not None:
            isolated.append(polished)
        open_ &= np.linalg.norm(places - point.x, axis=1) > _SAME_DEGENERATE * diagonal
    return regular + isolated, lines


def _once(points: Sequence[CriticalPoint], distance: float) -> list[CriticalPoint]:
    """Return one of each group of points that lie within ``distance``, the one with the least gradient norm."""
    kept: list[CriticalPoint] = []
    places = np.empty((len(points), points[0].x.size if points else 0))
    for point in sorted(points, key=lambda p: p.gradient_norm):
        if not np.any(np.linalg.norm(places[: len(kept)] - point.x, axis=1) <= distance):
            places[len(kept)] = point.x
            kept.append(point)
    return kept


def _result(
    surface: Surface,
    box: Domain,
    points: Sequence[CriticalPoint],
    lines: Sequence[Array],
    complete: bool | None,
    statement: str,
) -> CriticalPoints:
    order = ("minimum", "saddle", "maximum", "degenerate")
    ranked = sorted(points, key=lambda p: (order.index(p.kind), round(p.value, 12), *p.x.tolist()))
    kinds = tuple(kind_by_sampling(surface, p) for p in ranked)
    parts = [part for line in lines for part in (parts_of_a_kind(surface, line) if surface.n_dims == 2 else [line])]
    # Not in the middle: there symmetric lines cross.
    line_kinds = tuple(kind_by_sampling(surface, CriticalPoint.at(surface, part[len(part) // 3])) for part in parts)
    return CriticalPoints(surface, box, tuple(ranked), kinds, tuple(parts), line_kinds, complete, statement)
