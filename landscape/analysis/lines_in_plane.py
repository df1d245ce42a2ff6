"""Lines of critical points in the plane, found whole: where they cross the lines of a grid, joined cell by cell.

A line of critical points crosses the grid's lines, and along these the size of the gradient dips to zero there. So
each dip is looked into, whatever the multiplicity of the zero, and what crosses the same cell is joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from landscape.curvature.newton import certified_many, distinct, newton_many
from landscape.curvature.point import NEAR
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.counted import Counted, Spent

_GOLDEN = (5**0.5 - 1) / 2
_LOOKS, _LOOK = 8, 6  # a dip is looked into eight times six steps; after each six it has to have sunk as a zero does
_DIP = 0.8  # next to a zero that is alone within two nodes the size of the gradient is a third of what it is there
_WIDEST_GAP = 10.0
_STRAIGHT, _SMOOTH = 0.8, 0.85
_MOST_ENDS = 1000
_FEWEST = 4
_SAMPLES = 5
_AT_ONCE, _CHAINS_AT_ONCE = 4000, 100
_CROSSINGS, _JOINING = 0.7, 0.5
"""Shares that looking for crossings and joining them may take of the operations that are left."""


def lines_in_plane(
    surface: Counted, box: Domain, gradients: Array, *, pieces_too: bool = False
) -> tuple[list[Array], Array]:
    """Return the lines of critical points in ``box``, each (K, 2) in order, a closed one with its start at the end.

    With them come the critical points (L, 2) that were met on the grid and are on none of these lines.

    ``gradients`` (nx, ny, 2) are those at the nodes of a regular grid over the box. Where lines cross, each goes
    straight on. A flat part, where the gradient is exactly zero at neighbouring nodes, counts as no line, and neither
    does what is shorter than the distance ``NEAR`` over which a critical point is certified, unless it is closed or
    the box cuts it, or ``pieces_too`` are asked for.
    """
    axes = box.axes(gradients.shape[:2])
    with surface.within(_CROSSINGS):
        points, edges = _crossings(surface, axes, gradients)
    if not len(points):
        return [], points
    cell = np.array([axis[1] - axis[0] for axis in axes])
    # A line through a node of the grid crosses two of its lines there.
    points, number = distinct(points, 1e-3 * float(cell.min()))
    pieces = [piece for chain in _chains(edges, number) for piece in _cut_at_corners(chain, points)]
    with surface.within(_JOINING):
        chains = _joined(surface, pieces, points, cell)
    candidates = []
    for chain in chains:
        line = points[chain]
        length = float(np.linalg.norm(np.diff(line, axis=0), axis=-1).sum())
        whole = _closed_or_cut(line, box, cell)
        long = len(line) >= _FEWEST and length >= NEAR * surface.domain.diagonal
        if whole or pieces_too or (long and not _is_level(surface, line)):
            candidates.append(chain)
    lines, loose = [], np.ones(len(points), dtype=bool)
    for chain in _critical_all_along(surface, candidates, points):
        lines.append(points[chain])
        loose[chain] = False
    return lines, points[loose]


def is_one_point(surface: Surface, line: Array, box: Domain) -> bool:
    """Tell whether what looks like a line (K, 2) is one point that is level to rounding far along a direction.

    It is not where it is closed, or cut by the edge of ``box``.
    """
    return not _closed_or_cut(line, box, np.zeros(2)) and _is_level(surface, line)


def _closed_or_cut(line: Array, box: Domain, cell: Array) -> bool:
    ends = line[[0, -1]]
    at_border = np.any((ends - box.lower < cell) | (box.upper - ends < cell))
    return bool(at_border or (len(line) > 2 and np.array_equal(*ends)))


def _is_level(surface: Surface, line: Array) -> bool:
    """Tell whether an open line (K, 2) ends where a point is no longer level to rounding, and not as a line ends.

    On a line the slope along it is what rounding leaves. Round the zero of y^12 it grows to both ends, outwards or
    inwards at both.
    """
    ends = []
    for end in (line, line[::-1]):
        outwards = (end[0] - end[-1]) / np.linalg.norm(end[0] - end[-1])
        reach = np.linalg.norm(end[0] - end[-1]) * np.linspace(0.0, 0.5, _SAMPLES)
        slopes = surface.gradient(end[0] + reach[:, None] * outwards) @ outwards
        if not (np.diff(np.abs(slopes)) > 0).all() or len(set(np.sign(slopes))) > 1:
            return False
        ends.append(np.sign(slopes[-1]))
    return ends[0] != 0


def _critical_all_along(surface: Surface, chains: list[list[int]], points: Array) -> list[list[int]]:
    """Return the chains that are critical between their points too: two isolated points are no line."""
    kept = []
    with suppress(Spent):
        for first in range(0, len(chains), _CHAINS_AT_ONCE):
            some = chains[first : first + _CHAINS_AT_ONCE]
            places = [np.arange(0, len(chain) - 1, max(1, len(chain) // 8)) for chain in some]
            one = np.concatenate([np.array(chain)[at] for chain, at in zip(some, places, strict=True)])
            other = np.concatenate([np.array(chain)[at + 1] for chain, at in zip(some, places, strict=True)])
            bridged = _bridged(surface, points[one], points[other])
            ends = np.cumsum([len(at) for at in places])[:-1]
            kept += [chain for chain, good in zip(some, np.split(bridged, ends), strict=True) if good.all()]
    return kept


def _crossings(surface: Surface, axes: tuple[Array, ...], gradients: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return where lines of critical points cross the edges of the grid, (K, 2), and the edges, (K, 3).

    An edge is its axis and the numbers of its lower node.
    """
    sizes = np.linalg.norm(gradients, axis=-1)
    sizes = np.where(np.isfinite(sizes), sizes, np.inf)
    reach = np.array([axis[1] - axis[0] for axis in axes]) / 4
    found, edges = [np.empty((0, 2))], [np.empty((0, 3), dtype=np.int64)]
    with suppress(Spent):
        for axis, i, j in _dips(sizes):
            low, high = (np.moveaxis(sizes, axis, 0)[k, j] for k in (i, i + 2))
            begin, way = np.empty((len(i), 2)), np.zeros((len(i), 2))
            begin[:, axis], begin[:, 1 - axis] = axes[axis][i], axes[1 - axis][j]
            way[:, axis] = 2 * (axes[axis][1] - axes[axis][0])
            at, kept = _bottoms(surface, begin, way, np.minimum(low, high))
            i, j = i[kept], j[kept]
            i = np.clip(i + (at[:, axis] >= axes[axis][i + 1]), 0, len(axes[axis]) - 2)
            at, good = _certified(surface, at, reach)
            found.append(at[good])
            edges.append(np.stack([np.full(len(at), axis), *((i, j) if axis == 0 else (j, i))], axis=1)[good])
    where, first = np.unique(np.concatenate(edges), axis=0, return_index=True)
    return np.concatenate(found)[first], where


def _dips(sizes: Array) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """Yield where sizes (nx, ny) are lowest of three nodes in a row: the axis, the first node along it, the other one.

    They come in strips across the grid, some ``_AT_ONCE`` together, so that whoever stops early has lines in a part.
    """
    dips = []
    for axis in (0, 1):
        m = np.moveaxis(sizes, axis, 0)
        low, middle, high = m[:-2], m[1:-1], m[2:]
        lowest = (middle <= low) & (middle <= high) & (middle < _DIP * np.maximum(low, high))
        lowest &= np.isfinite(low) & np.isfinite(high) & (low > 0) & (high > 0)
        dips.append(np.nonzero(lowest))
    counts = sum(np.bincount(dips[axis][axis], minlength=len(sizes)) for axis in (0, 1))
    strip = np.cumsum(counts) // _AT_ONCE
    for number in np.unique(strip):
        for axis, (i, j) in enumerate(dips):
            inside = strip[(i, j)[axis]] == number
            if inside.any():
                yield axis, i[inside], j[inside]


def _certified(surface: Surface, points: Array, reach: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return which points (S, 2) are critical, by themselves or after Newton's method within ``reach``, and where."""
    points, good = points.copy(), certified_many(surface, points)
    rest = np.flatnonzero(~good)
    if len(rest):
        polished, _ = newton_many(surface, points[rest], max_steps=10)
        near = (np.abs(polished - points[rest]) <= np.broadcast_to(reach, points.shape)[rest]).all(axis=-1)
        good[rest[near]] = certified_many(surface, polished[near])
        points[rest[near]] = polished[near]
    return points, good


def _bottoms(surface: Surface, begin: Array, way: Array, rim: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return where on the way (S, 2) from ``begin`` (S, 2) the gradient dips to zero, and on which of them it does.

    Golden-section search on its size, which also finds zeros of higher order, where Newton's method strays in what
    rounding leaves. A dip that after some steps has not sunk as far below ``rim`` (S,), its size at the ends, as the
    place is known better, does not reach zero.
    """

    def size(t: Array) -> Array:
        with np.errstate(all="ignore"):
            m = np.hypot(*np.moveaxis(surface.gradient(begin[kept] + t[:, None] * way[kept]), -1, 0))
        return np.where(np.isfinite(m), m, np.inf)

    kept = np.arange(len(begin))
    low, high = np.zeros(len(begin)), np.ones(len(begin))
    for _ in range(_LOOKS):
        a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        at_a, at_b = size(a), size(b)
        for _ in range(_LOOK):
            left = at_a <= at_b
            low, high = np.where(left, low, a), np.where(left, b, high)
            new = np.where(left, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
            at_new = size(new)
            a, b = np.where(left, new, b), np.where(left, a, new)
            at_a, at_b = np.where(left, at_new, at_b), np.where(left, at_a, at_new)
        sunk = np.minimum(at_a, at_b) <= 8 * (high - low) * rim[kept]
        kept, low, high = kept[sunk], low[sunk], high[sunk]
    return begin[kept] + ((low + high) / 2)[:, None] * way[kept], kept


def _chains(edges: NDArray[np.int64], numbers: NDArray[np.int64]) -> list[list[int]]:
    """Return the crossings in order along each line, as far as no cell has more than two of them.

    ``numbers`` (K,) are those of the crossings of the ``edges`` (K, 3).
    """
    cells = defaultdict(set)
    for number, (axis, i, j) in zip(numbers.tolist(), edges.tolist(), strict=True):
        cells[i, j].add(number)
        cells[(i, j - 1) if axis == 0 else (i - 1, j)].add(number)
    beside: dict[int, set[int]] = {number: set() for number in numbers.tolist()}
    for members in cells.values():
        if len(members) == 2:
            one, other = members
            beside[one].add(other)
            beside[other].add(one)
    chains, seen = [], set()
    for start in sorted(beside, key=lambda number: len(beside[number]) == 2):  # open ends first, then closed lines
        if start in seen:
            continue
        chain: list[int] = []
        following: int | None = start
        while following is not None:
            seen.add(following)
            chain.append(following)
            following = next((n for n in sorted(beside[following]) if n not in seen), None)
        if len(chain) > 2 and chain[0] in beside[chain[-1]]:
            chain.append(chain[0])
        chains.append(chain)
    return chains


def _cut_at_corners(chain: list[int], points: Array) -> list[list[int]]:
    """Return the pieces of a chain that nowhere turn by much: where lines cross, a cell may have joined two of them."""
    closed = len(chain) > 2 and chain[0] == chain[-1]
    ways = np.diff(points[chain], axis=0)
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    corners = 1 + np.flatnonzero((ways[1:] * ways[:-1]).sum(axis=-1) < _SMOOTH)
    if closed and (len(corners) or ways[0] @ ways[-1] < _SMOOTH):
        first = int(corners[0]) if len(corners) else 0
        chain = [*chain[first:-1], *chain[: first + 1]]
        corners = corners - first
        corners = corners[corners > 0]
        if first and ways[0] @ ways[-1] < _SMOOTH:
            corners = np.sort(np.append(corners, len(chain) - 1 - first))
    bounds = [0, *corners.tolist(), len(chain) - 1]
    return [chain[a : b + 1] for a, b in pairwise(bounds) if b > a]


def _joined(surface: Surface, chains: list[list[int]], points: Array, cell: Array) -> list[list[int]]:
    """Return the chains joined where lines cross or a crossing was missed: straight on, over what is critical too."""
    reach = float(np.linalg.norm(cell))
    while True:
        n_chains = len(chains)
        ends = [(c, side) for c, chain in enumerate(chains) if chain[0] != chain[-1] for side in (0, -1)]
        pairs = _straight_on(chains, ends[:_MOST_ENDS], points, reach)
        free, heads = set(ends), dict(enumerate(chains))
        owner, owned = {c: c for c in heads}, {c: [c] for c in heads}
        at = np.array([points[chains[c][side]] for c, side in ends]).reshape(-1, 2)
        try:
            pairs = pairs[_bridged(surface, at[pairs[:, 0]], at[pairs[:, 1]])]
        except Spent:
            return chains
        for one, other in pairs.tolist():
            (c, side), (d, end) = ends[one], ends[other]
            first, second = heads[owner[c]], heads[owner[d]]
            alone = owner[c] == owner[d]
            if not {ends[one], ends[other]} <= free or (alone and len(first) < 2 * _FEWEST):
                continue
            free -= {ends[one], ends[other]}
            if alone:
                heads[owner[c]] = [*first, first[0]]
                continue
            first = first if first[-1] == chains[c][side] else first[::-1]
            second = second if second[0] == chains[d][end] else second[::-1]
            gone, stays = owner[d], owner[c]
            heads[stays] = first + second[first[-1] == second[0] :]
            del heads[gone]
            owner.update(dict.fromkeys(owned[gone], stays))
            owned[stays] += owned.pop(gone)
        chains = list(heads.values())
        if len(chains) == n_chains:
            return chains


def _straight_on(
    chains: list[list[int]], ends: list[tuple[int, int]], points: Array, reach: float
) -> NDArray[np.int64]:
    """Return the pairs of ends (P, 2) that go straight on into each other, the shortest and straightest first."""
    places = np.array([points[chains[c][side]] for c, side in ends]).reshape(-1, 2)
    outwards = np.array([_outwards(points[chains[c]], side) for c, side in ends]).reshape(-1, 2)
    way = places[None] - places[:, None]
    gaps = np.linalg.norm(way, axis=-1)
    ahead = np.einsum("ijd,id->ij", way, outwards) / np.maximum(gaps, 1e-300)
    facing = -outwards @ outwards.T
    touching = gaps < reach / 4
    straight = np.minimum(facing, np.where(touching, 1.0, np.minimum(ahead, ahead.T)))
    fits = (straight >= _STRAIGHT) & (gaps <= _WIDEST_GAP * reach)
    one, other = np.nonzero(np.triu(fits, 1))
    order = np.argsort(gaps[one, other] * (2 - straight[one, other]), kind="stable")
    return np.stack([one[order], other[order]], axis=1)


def _outwards(line: Array, side: int) -> Array:
    """Return the unit direction (2,) in which a line (K, 2) leaves at its start (0) or its end (-1)."""
    inner = line[min(3, len(line) - 1)] if side == 0 else line[-min(4, len(line))]
    way = line[side] - inner
    return way / max(float(np.linalg.norm(way)), 1e-300)


def _bridged(surface: Surface, one: Array, other: Array) -> NDArray[np.bool_]:
    """Tell whether between points ``one`` and ``other``, (S, 2) each, there is a critical one too, (S,).

    It is sought across the middle, as far off as the two are apart.
    """
    way = (other - one) @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    begin = (one + other - way) / 2
    with np.errstate(all="ignore"):
        rim = np.linalg.norm(surface.gradient(np.stack([begin, begin + way])), axis=-1).min(axis=0)
    middles, kept = _bottoms(surface, begin, way, rim)
    bridged = np.zeros(len(one), dtype=bool)
    _, bridged[kept] = _certified(surface, middles, np.abs(way[kept]).max(axis=-1, keepdims=True) / 4)
    return bridged


def parts_of_a_kind(surface: Surface, line: Array) -> list[Array]:
    """Return a line (K, 2) of critical points in parts on which f rises or falls alike to either side.

    x^2 y has a line of minima above y = 0 and one of maxima below. Neighbouring parts share the point between them. A
    closed line is whole where f does the same all along it, and is cut nowhere but where that changes.
    """
    along = np.gradient(line, axis=0)
    across = along @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-300)
    radii = surface.domain.diagonal * np.logspace(-6, -2.5, 8)
    with np.errstate(all="ignore"):
        here = surface.value(line)
        sides = surface.value(line + np.array([1.0, -1.0])[:, None, None, None] * radii[:, None, None] * across) - here
        largest = np.abs(sides).max(axis=0)  # (8, K)
        told = np.abs(sides) > 64 * np.finfo(float).eps * (np.abs(here) + largest)
    first = np.argmax(told, axis=1)[:, None]
    signs = np.where(told.any(axis=1), np.sign(np.take_along_axis(sides, first, axis=1)[:, 0]), 0.0)
    slopes = signs.sum(axis=0)  # 2 in a valley, -2 on a ridge, 0 where it rises to one side and falls to the other
    known = np.flatnonzero((signs != 0).all(axis=0))
    if not len(known):
        return [line]
    changes = known[1:][np.diff(slopes[known]) != 0]
    bounds = [0, *changes.tolist(), len(line) - 1]
    # What is told of one or two points alone is told by rounding.
    bounds = [b for a, b in zip([-_FEWEST, *bounds[:-1]], bounds, strict=True) if b - a >= _FEWEST or b == bounds[-1]]
    parts = [line[a : b + 1] for a, b in pairwise(bounds)]
    if len(parts) > 1 and np.array_equal(line[0], line[-1]) and slopes[known[0]] == slopes[known[-1]]:
        last = parts.pop()
        parts[0] = np.concatenate([last[:-1], parts[0]])
    return parts
