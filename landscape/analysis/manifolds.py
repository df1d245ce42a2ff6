"""Stable and unstable manifolds of saddles in the plane, and start points on them.

Under the gradient flow x' = -grad f almost every point leaves a saddle; only those of a curve, its stable manifold,
arrive there. Its unstable manifold is the pair of paths on which the flow leaves. The stable one is found by following
the flow backwards out of the saddle, which pulls towards it, so that it is found to nearly full precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from landscape.curvature.point import CriticalPoint, kind_title
from landscape.language import tr
from landscape.progress import Progress, counting
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.counted import Counted, Spent

ALLOWED = 4e9
"""Operations (``landscape.surfaces.counted``) that following manifolds may take, those of all saddles of a picture."""

_FIRST_STEP = 1e-6
# Well above what the solver's tolerance lets overshoot: the unit direction reverses where the flow comes to rest.
_AT_REST = 1e-6
_PIECE = 0.05


@dataclass(frozen=True, eq=False)
class Branch:
    """Half of a manifold: its points (K, 2) from the saddle outwards, with the arc length (K,) at each.

    ``is_cut_short`` tells that it goes on, but was not followed further: in a steep and narrow valley steps are tiny.
    """

    saddle: CriticalPoint
    kind: Literal["stable", "unstable"]
    side: int
    points: Array
    lengths: Array
    is_cut_short: bool = False


def manifolds(
    surface: Surface,
    saddle: CriticalPoint,
    box: Domain | Sequence[Any] | None = None,
    *,
    progress: Progress = None,
) -> tuple[Branch, ...]:
    """Return the two stable and the two unstable branches of a saddle in the plane, each as far as it stays in ``box``.

    ``box`` is the surface's domain by default; a branch is followed for at most three of its diagonals, and all
    together for ``ALLOWED`` operations, or for those that a ``Counted`` surface has left. ``progress`` is
    told each branch (``landscape.progress``). Raises ``ValueError`` for a
    point that is not a saddle of index 1 with two eigenvalues, and outside the plane.
    """
    if not isinstance(saddle, CriticalPoint):
        raise TypeError(tr("saddle must be a CriticalPoint, as ls.critical_points(surface) finds them, not a place"))
    area = surface.domain if box is None else Domain.of(box)
    kinds: tuple[Literal["stable", "unstable"], ...] = ("stable", "unstable")
    counted = surface if isinstance(surface, Counted) else Counted(surface, ALLOWED)
    halves = [(kind, side) for kind in kinds for side in (1, -1)]
    branches = []
    with counting(len(halves), tr("manifolds"), progress) as count:
        for number, (kind, side) in enumerate(halves):
            with counted.within(1 / (len(halves) - number)):
                branches.append(_branch(counted, saddle, kind, side, area, 3 * area.diagonal))
            count.advance()
    return tuple(branches)


def _directions(surface: Surface, saddle: CriticalPoint) -> tuple[Array, Array]:
    """Return the unit eigenvectors along which the surface rises and falls, the larger coordinate positive."""
    if surface.n_dims != 2:
        raise ValueError(
            tr(
                "manifolds are drawn in the plane; {surface!r} has {n_dims} dimensions",
                surface=surface.name,
                n_dims=surface.n_dims,
            )
        )
    eigenvalues, vectors = np.linalg.eigh(surface.hessian(saddle.x))
    if saddle.kind != "saddle" or not eigenvalues[0] < 0 < eigenvalues[1]:
        raise ValueError(
            tr(
                "only a saddle with a rising and a falling direction has both manifolds; the kind of this "
                "point: {kind}",
                kind=kind_title(saddle.kind),
            )
        )
    vectors = vectors * np.sign(vectors[np.argmax(np.abs(vectors), axis=0), [0, 1]])
    return vectors[:, 1], vectors[:, 0]


def _branch(
    surface: Surface, saddle: CriticalPoint, kind: Literal["stable", "unstable"], side: int, box: Domain, length: float
) -> Branch:
    if side not in (1, -1):
        raise ValueError(tr("side must be 1 or -1, not {side}", side=side))
    from scipy.integrate import solve_ivp

    rising, falling = _directions(surface, saddle)
    uphill = 1.0 if kind == "stable" else -1.0
    direction = side * (rising if kind == "stable" else falling)
    first = min(_FIRST_STEP * surface.domain.diagonal, length)
    points, lengths = [saddle.x[None], (saddle.x + first * direction)[None]], [np.array([0.0]), np.array([first])]
    scale = float(np.linalg.norm(surface.gradient(saddle.x + 0.01 * surface.domain.diagonal * direction)))

    def along(_: float, x: Array) -> Array:
        g = surface.gradient(x)
        return uphill * g / max(float(np.linalg.norm(g)), 1e-300)

    def leaves(_: float, x: Array) -> float:
        return float(min(np.min(x - box.lower), np.min(box.upper - x)))

    def arrives(_: float, x: Array) -> float:
        return float(np.linalg.norm(surface.gradient(x))) - _AT_REST * max(scale, 1e-300)

    leaves.terminal = arrives.terminal = True  # type: ignore[attr-defined]
    reached, is_over = first, first >= length
    with suppress(Spent):
        while not is_over:  # piece by piece, so that what is known stays known
            solved = solve_ivp(
                along,
                (reached, min(2 * reached, reached + _PIECE * surface.domain.diagonal, length)),
                points[-1][-1],
                method="DOP853",
                rtol=1e-10,
                atol=1e-13 * surface.domain.diagonal,
                max_step=surface.domain.diagonal / 100,
                events=(leaves, arrives),
            )
            points.append(solved.y.T[1:])
            lengths.append(solved.t[1:])
            reached = float(solved.t[-1])
            is_over = solved.status != 0 or reached >= length
    return Branch(saddle, kind, side, np.concatenate(points), np.concatenate(lengths), not is_over)
