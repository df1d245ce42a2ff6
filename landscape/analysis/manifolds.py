"""Stable and unstable manifolds of saddles in the plane, and start points on them.

Under the gradient flow x' = -grad f almost every point leaves a saddle; only those of a curve, its stable manifold,
arrive there. Its unstable manifold is the pair of paths on which the flow leaves. The stable one is found by following
the flow backwards out of the saddle, which pulls towards it, so that it is found to nearly full precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from landscape import stopping
from landscape.curvature.point import CriticalPoint
from landscape.surfaces.base import Array, Domain, Surface

_FIRST_STEP = 1e-6
# Well above what the solver's tolerance lets overshoot: the unit direction reverses where the flow comes to rest.
_AT_REST = 1e-6


@dataclass(frozen=True, eq=False)
class Branch:
    """Half of a manifold: its points (K, 2) from the saddle outwards, with the arc length (K,) at each."""

    saddle: CriticalPoint
    kind: Literal["stable", "unstable"]
    side: int
    points: Array
    lengths: Array


def manifolds(surface: Surface, saddle: CriticalPoint, box: Domain | Sequence[Any] | None = None) -> tuple[Branch, ...]:
    """Return the two stable and the two unstable branches of a saddle in the plane, each as far as it stays in ``box``.

    ``box`` is the surface's domain by default; a branch is followed for at most three of its diagonals. Raises
    ``ValueError`` for a point that is not a saddle of index 1 with two eigenvalues, and outside the plane.
    """
    if not isinstance(saddle, CriticalPoint):
        raise TypeError("saddle must be a CriticalPoint, as ls.critical_points(surface) finds them, not a place")
    area = surface.domain if box is None else Domain.of(box)
    kinds: tuple[Literal["stable", "unstable"], ...] = ("stable", "unstable")
    return tuple(_branch(surface, saddle, kind, side, area, 3 * area.diagonal) for kind in kinds for side in (1, -1))


def _directions(surface: Surface, saddle: CriticalPoint) -> tuple[Array, Array]:
    """Return the unit eigenvectors along which the surface rises and falls, the larger coordinate positive."""
    if surface.n_dims != 2:
        raise ValueError(f"manifolds are drawn in the plane; {surface.name!r} has {surface.n_dims} dimensions")
    eigenvalues, vectors = np.linalg.eigh(surface.hessian(saddle.x))
    if saddle.kind != "saddle" or not eigenvalues[0] < 0 < eigenvalues[1]:
        raise ValueError(f"only a saddle with a rising and a falling direction has both manifolds, not a {saddle.kind}")
    vectors = vectors * np.sign(vectors[np.argmax(np.abs(vectors), axis=0), [0, 1]])
    return vectors[:, 1], vectors[:, 0]


def _branch(
    surface: Surface, saddle: CriticalPoint, kind: Literal["stable", "unstable"], side: int, box: Domain, length: float
) -> Branch:
    if side not in (1, -1):
        raise ValueError(f"side must be 1 or -1, not {side}")
    from scipy.integrate import solve_ivp

    rising, falling = _directions(surface, saddle)
    uphill = 1.0 if kind == "stable" else -1.0
    direction = side * (rising if kind == "stable" else falling)
    first = min(_FIRST_STEP * surface.domain.diagonal, length)
    scale = float(np.linalg.norm(surface.gradient(saddle.x + 0.01 * surface.domain.diagonal * direction)))

    def along(_: float, x: Array) -> Array:
        stopping.check()
        g = surface.gradient(x)
        return uphill * g / max(float(np.linalg.norm(g)), 1e-300)

    def leaves(_: float, x: Array) -> float:
        return float(min(np.min(x - box.lower), np.min(box.upper - x)))

    def arrives(_: float, x: Array) -> float:
        return float(np.linalg.norm(surface.gradient(x))) - _AT_REST * max(scale, 1e-300)

    leaves.terminal = arrives.terminal = True  # type: ignore[attr-defined]
    start = saddle.x + first * direction
    if first >= length:
        return Branch(saddle, kind, side, np.array([saddle.x, start]), np.array([0.0, first]))
    solved = solve_ivp(
        along,
        (first, length),
        start,
        method="DOP853",
        rtol=1e-10,
        atol=1e-13 * surface.domain.diagonal,
        max_step=surface.domain.diagonal / 100,
        events=(leaves, arrives),
    )
    return Branch(saddle, kind, side, np.concatenate([saddle.x[None], solved.y.T]), np.concatenate([[0.0], solved.t]))
