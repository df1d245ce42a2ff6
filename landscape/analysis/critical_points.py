"""All critical points of a surface on a domain: found, certified, classified, and held against a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from landscape.analysis import axis_search, plane_search
from landscape.analysis.critical_search import Found, Searched, kinds_round, searched, sorted_out
from landscape.analysis.lines_in_plane import parts_of_a_kind
from landscape.curvature.critical import kind_by_sampling
from landscape.curvature.point import CriticalPoint
from landscape.language import mark, tr, trn
from landscape.progress import Progress, counting, tells
from landscape.recipe.given import a_surface, whole
from landscape.recipe.starts import start_points
from landscape.surfaces.base import Array, Domain, Kind, Surface
from landscape.surfaces.counted import Counted, Spent

RESOLUTION = {1: 20_000, 2: 251}
"""Cells an axis that are searched by default, by the number of dimensions."""

FINER = 600
"""Cells an axis of a second search in the plane, where the first one left something unexplained."""

MAX_CELLS = 4_000_000

ALLOWED = 2e9
"""Operations (``landscape.surfaces.counted``) that a search may take, unless more cells are asked for: 4 s of them."""

_GRID, _COARSEST = 0.1, 30
"""Share of them that the grid takes at the most, and the cells an axis below which it is not made coarser for that."""
_BEFORE_FINER, _FINER = 0.55, 1.5
"""Share of them above which a first search is not followed by a finer one, and what that one may take."""
_BEFORE_FINER_POINTS = 3000
"""Points above which it is not either: what is done with each beside the surface takes time that is not counted."""


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


@tells
def critical_points(
    surface: Surface | str,
    domain: Domain | Sequence[Any] | None = None,
    *,
    resolution: int | None = None,
    starts: ArrayLike | None = None,
    progress: Progress = None,
) -> CriticalPoints:
    """Return the critical points of ``surface`` on ``domain`` (default: its own), in one and two dimensions all.

    ``resolution`` is the number of cells an axis; without one a search in the plane that explains too little is done
    again on a finer grid. Each point is polished by damped Newton and certified
    (``landscape.curvature.critical.polish``); those whose Hessian may be singular, as far as their place and rounding
    let one know, are "degenerate", and ``kinds_round`` says what values round them show. Lines of critical points are
    found too, each in parts of one kind. With ``starts`` (S, n), in any number of dimensions, Newton's method starts
    there and nowhere else, and nothing is said about completeness. ``progress`` is told how much was asked of the
    surface, in hundredths of what is allowed, or how many of the starts have ended (``landscape.progress``).

    Raises ``ValueError`` above two dimensions without ``starts``, and for a resolution that is too large.

    >>> import landscape as ls
    >>> found = critical_points(ls.surface("himmelblau"))
    >>> found.counts, found.complete
    ({'minimum': 4, 'saddle': 4, 'maximum': 1}, True)
    """
    surface = a_surface(surface)
    box = surface.domain if domain is None else Domain.of(domain)
    if box.n_dims != surface.n_dims:
        raise ValueError(
            tr(
                "{surface!r} has {n_dims} dimensions, the domain {box_dims}",
                surface=surface.name,
                n_dims=surface.n_dims,
                box_dims=box.n_dims,
            )
        )
    if domain is not None and hasattr(surface, "with_domain"):
        surface = a_surface(surface.with_domain(box))
    if starts is not None:
        x = start_points(surface, starts)
        ended = searched(surface, x)
        points, lines = sorted_out(surface, ended.points, box)
        statement = trn(
            "searched from {n} given point; others may be missing",
            "searched from {n} given points; others may be missing",
            len(x),
        )
        if not points and not lines:
            statement = _why_none(ended, len(x))
        return _described(surface, surface, box, Found(points, lines, None, statement))
    if surface.n_dims not in RESOLUTION:
        raise ValueError(
            tr(
                "all critical points are searched for in one and two dimensions, not in {n_dims}; give starts",
                n_dims=surface.n_dims,
            )
        )
    with counting(100, tr("critical points")) as told:
        counted, found = _all(surface, box, resolution, lambda share: told.reach(100 * share))
        return _described(surface, counted, box, found)


def _all(surface: Surface, box: Domain, resolution: int | None, on: Callable[[float], None]) -> tuple[Counted, Found]:
    """Return what is found everywhere in ``box``, and what was asked for it; ``on`` is told the share of its limit."""
    if resolution is not None:
        n = whole("resolution", resolution)
        if not 4 <= n <= MAX_CELLS ** (1 / surface.n_dims):
            most = int(MAX_CELLS ** (1 / surface.n_dims))
            raise ValueError(
                tr("resolution must be 4 to {most} cells an axis, not {resolution}", most=most, resolution=n)
            )
        grid = Counted(surface, np.inf).cost(1, (n + 1) ** surface.n_dims)
        counted = Counted(surface, max(ALLOWED, grid / _GRID), on)
        return counted, _search(counted, box, n)
    counted = Counted(surface, ALLOWED, on)
    n = RESOLUTION[surface.n_dims]
    while n > _COARSEST and counted.cost(1, n**surface.n_dims) > _GRID * ALLOWED:
        n //= 2
    found = _search(counted, box, n)
    is_cheap = counted.operations <= _BEFORE_FINER * ALLOWED and counted.cost(1, FINER**2) <= _GRID * ALLOWED
    is_cheap &= len(found.points) <= _BEFORE_FINER_POINTS
    if found.complete is False and not found.lines and is_cheap:
        # Something turns the gradient where nothing was found: a finer grid tells points that are close from a pole.
        again = Counted(surface, _FINER * ALLOWED, on)
        finer = _search(again, box, FINER)
        counted, found = (counted, found) if again.n_refused else (again, finer)
    return counted, found


def _why_none(ended: Searched, n_starts: int) -> str:
    outside = n_starts - ended.moving - ended.slopes
    reasons = (
        (ended.moving, mark("{n} ended still moving after the last Newton step")),
        (ended.slopes, mark("{n} ended at rest where the gradient is not zero to rounding")),
        (outside, mark("{n} ended at critical points outside the domain")),
    )
    told = ", ".join(tr(words, n=n) for n, words in reasons if n) or tr("there were none")
    told = trn(
        "none was found from {n} given point: {reasons}",
        "none was found from {n} given points: {reasons}",
        n_starts,
        reasons=told,
    )
    if not np.isfinite(ended.least):
        return told
    return "; ".join([told, tr("the least gradient norm there was {norm:.2g}", norm=ended.least)])


def _search(counted: Counted, box: Domain, resolution: int) -> Found:
    return (axis_search if counted.n_dims == 1 else plane_search).search(counted, box, resolution)


def _described(surface: Surface, asked: Surface, box: Domain, found: Found) -> CriticalPoints:
    """Return what was found on a surface, in order and with the kinds by samples, as far as ``asked`` may be asked."""
    order = ("minimum", "saddle", "maximum", "degenerate")
    points = sorted(found.points, key=lambda p: (order.index(p.kind), round(p.value, 12), *p.x.tolist()))
    kinds = tuple(kinds_round(asked, points))
    lines = [part for line in found.lines for part in _parts_with_kinds(asked, line)]
    parts, line_kinds = tuple(part for part, _ in lines), tuple(kind for _, kind in lines)
    return CriticalPoints(surface, box, tuple(points), kinds, parts, line_kinds, found.complete, found.statement)


def _parts_with_kinds(surface: Surface, line: Array) -> list[tuple[Array, Kind]]:
    """Return a line in parts of one kind each; whole and degenerate where it may not be looked at any more."""
    try:
        parts = parts_of_a_kind(surface, line) if surface.n_dims == 2 else [line]
        # Not in the middle: there symmetric lines cross.
        places = [CriticalPoint.at(surface, part[len(part) // 3]) for part in parts]
        return [(part, kind_by_sampling(surface, place)) for part, place in zip(parts, places, strict=True)]
    except Spent:
        return [(line, "degenerate")]
