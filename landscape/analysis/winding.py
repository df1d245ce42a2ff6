"""How often the gradient turns round each cell of a grid: what critical points inside must add up to.

The winding number of the gradient along a closed curve is the sum of the indices of the critical points inside: +1
for a minimum and a maximum, -1 for a saddle (Poincare and Hopf). It is computed here along the edges of a grid, so
that it is known for every cell and, added up, for the whole.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape import stopping
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.counted import Spent

_LARGEST_TURN = 1.5
_PIECES = 8
_DEPTH = 7
_STRIP = 16


@dataclass(frozen=True, eq=False)
class Windings:
    """Winding numbers of the gradient round the cells of a grid.

    ``x`` and ``y`` are the grid's lines, ``cells`` (len(x) - 1, len(y) - 1) the winding numbers and ``known``, of the
    same shape, tells for which cells there is one: not where the gradient is not finite, jumps, or vanishes along an
    edge, nor where the surface was not to be asked any more (``landscape.surfaces.counted``). ``gradients``
    (len(x), len(y), 2) are those at the nodes.
    """

    x: Array
    y: Array
    cells: NDArray[np.int64]
    known: NDArray[np.bool_]
    gradients: Array

    def cell_of(self, points: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the numbers of the cells that points (S, 2) of the grid lie in."""
        i = np.clip(np.searchsorted(self.x, points[:, 0]) - 1, 0, len(self.x) - 2)
        j = np.clip(np.searchsorted(self.y, points[:, 1]) - 1, 0, len(self.y) - 2)
        return i, j

    def centers(self) -> Array:
        """Return the middles of the cells, (len(x) - 1, len(y) - 1, 2)."""
        middle = [(axis[1:] + axis[:-1]) / 2 for axis in (self.x, self.y)]
        return np.stack(np.meshgrid(*middle, indexing="ij"), axis=-1)


def windings(surface: Surface, box: Domain, resolution: int) -> Windings:
    """Return the winding numbers over ``resolution`` x ``resolution`` cells of a box in the plane."""
    x, y = box.axes((resolution + 1, resolution + 1))
    nodes = box.grid((resolution + 1, resolution + 1))
    g = gradients_where_defined(surface, nodes)
    right, up = np.full((resolution, resolution + 1), np.nan), np.full((resolution + 1, resolution), np.nan)
    with suppress(Spent):
        for first in range(0, resolution + 1, _STRIP):
            n, h = nodes[first : first + _STRIP + 1], g[first : first + _STRIP + 1]
            up[first : first + _STRIP] = _turns(
                surface, n[:_STRIP, :-1], n[:_STRIP, 1:], h[:_STRIP, :-1], h[:_STRIP, 1:]
            )
            right[first : first + _STRIP] = _turns(surface, n[:-1], n[1:], h[:-1], h[1:])
    total = (right[:, :-1] + up[1:] - right[:, 1:] - up[:-1]) / (2 * np.pi)
    known = np.isfinite(total)
    cells = np.zeros(total.shape, dtype=np.int64)
    cells[known] = np.rint(total[known]).astype(np.int64)
    return Windings(x, y, cells, known, g)


def gradients_where_defined(surface: Surface, x: Array) -> Array:
    """Return the gradients at ``x`` (..., n), (..., n), NaN where f has no finite value: a formula may go on there."""
    with np.errstate(all="ignore"):
        value, gradient = surface.value_and_gradient(x)
    return np.where(np.isfinite(value)[..., None], gradient, np.nan)


def winding_round(surface: Surface, center: Array, radius: float) -> int | None:
    """Return the winding number of the gradient along a circle; ``None`` where it has none or was not found."""
    angles = np.linspace(0.0, 2 * np.pi, 65)
    circle = center + radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    circle[-1] = circle[0]
    try:
        with np.errstate(all="ignore"):
            g = surface.gradient(circle)
        total = np.sum(_turns(surface, circle[:-1], circle[1:], g[:-1], g[1:])) / (2 * np.pi)
    except Spent:
        return None
    return int(np.rint(total)) if np.isfinite(total) else None


def _turns(surface: Surface, a: Array, b: Array, ga: Array, gb: Array) -> Array:
    """Return by what angle the gradient turns along straight edges from ``a`` to ``b``; NaN where that is not known.

    An edge along which it turns far is cut in pieces until it turns little along each.
    """
    with np.errstate(all="ignore"):
        turn = np.asarray(_turn(ga, gb))
        coarse = ~(np.abs(turn) <= _LARGEST_TURN)
        finite = np.isfinite(ga).all(axis=-1) & np.isfinite(gb).all(axis=-1)
        where = coarse & finite
        turn[coarse] = np.nan
        if where.any():
            turn[where] = _cut(surface, a[where], b[where])
    return turn


def _cut(surface: Surface, a: Array, b: Array) -> Array:
    """Return the turns along edges (E, 2) that have to be cut."""
    total = np.zeros(len(a))
    owner = np.arange(len(a))
    for depth in range(_DEPTH):
        stopping.check()
        share = np.linspace(0.0, 1.0, _PIECES + 1)[:, None]
        points = a[:, None] + share * (b - a)[:, None]
        points[:, -1] = b
        g = surface.gradient(points)
        turn = _turn(g[:, :-1], g[:, 1:])
        far = ~(np.abs(turn) <= _LARGEST_TURN)
        total += np.bincount(owner, np.where(far, 0.0, turn).sum(axis=1), minlength=len(total))
        if not far.any():
            return total
        lost = far & ~np.isfinite(turn) if depth < _DEPTH - 1 else far
        total[owner[lost.any(axis=1)]] = np.nan
        edge, piece = np.nonzero(far & ~lost)
        keep = np.isfinite(total[owner[edge]])
        edge, piece = edge[keep], piece[keep]
        a, b, owner = points[edge, piece], points[edge, piece + 1], owner[edge]
        if not len(a):
            break
    return total


def _turn(ga: Array, gb: Array) -> Array:
    """Return the angle from ``ga`` to ``gb`` in (-pi, pi]; NaN where one of them is zero or not finite."""
    # Scaled, so that the products of tiny gradients do not underflow.
    (ax, ay), (bx, by) = _scaled(ga), _scaled(gb)
    return np.arctan2(ax * by - ay * bx, ax * bx + ay * by)


def _scaled(g: Array) -> tuple[Array, Array]:
    x, y = g[..., 0], g[..., 1]
    size = np.maximum(np.abs(x), np.abs(y))
    return x / size, y / size
