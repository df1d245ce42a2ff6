"""Points to start from: drawn at random, laid on a grid, or put next to the edge between two fates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from landscape.curvature.critical import declared_points
from landscape.curvature.point import CriticalPoint
from landscape.curvature.spectrum import extreme_eigenvalues
from landscape.language import tr
from landscape.recipe.given import a_domain, whole
from landscape.surfaces.base import Array, Domain, Surface
from landscape.surfaces.saddles import SpectralSaddle

MAX_STARTS = 20_000_000
"""The most that a grid may have and an ensemble takes."""

SADDLE_DIMS = 1000
"""Up to here a saddle is looked for among the declared points, and its directions are known from its whole Hessian."""


def random_starts(domain: Domain | Surface, n: int, seed: int = 0) -> Array:
    """Return ``n`` points drawn uniformly from ``domain``, (n, n_dims); the same ``seed`` gives the same points.

    A surface stands for its domain. Raises ``ValueError`` for n below 1 and a negative seed, ``TypeError`` where one
    is no whole number.

    >>> random_starts(Domain.of((0, 4)), 2, seed=1).round(3).ravel().tolist()
    [2.047, 3.802]
    """
    return a_domain(domain).sample(np.random.default_rng(whole("seed", seed)), whole("n", n, 1))


def grid_starts(domain: Domain | Surface, n: int | Sequence[int]) -> Array:
    """Return the middles of equal cells of ``domain``, ``n`` an axis or ``n[axis]`` of them, (their product, n_dims).

    A surface stands for its domain. Raises ``ValueError`` for more than ``MAX_STARTS`` points.

    >>> grid_starts(Domain.of((0, 4)), 2).ravel().tolist()
    [1.0, 3.0]
    """
    domain = a_domain(domain)
    sides = grid_sides(domain, n)
    axes = [
        low + width * (np.arange(side) + 0.5) / side
        for low, width, side in zip(domain.lower, domain.widths, sides, strict=True)
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, domain.n_dims)


def grid_sides(domain: Domain | Surface, n: int | Sequence[int]) -> tuple[int, ...]:
    """Return how many points a grid has along each axis; raise ``ValueError`` where it does not fit ``domain``."""
    n_dims = a_domain(domain).n_dims
    if not isinstance(n, Sequence):
        n = whole("n", n, 1)
        if n > 1 and n_dims * math.log(n) > math.log(MAX_STARTS) + 1e-9:
            most = int(MAX_STARTS ** (1 / n_dims) + 1e-9)
            raise ValueError(
                tr(
                    "{n} starts an axis are {n}^{dims}; at most {most} are possible in {dims} dimensions. "
                    "Draw some with random_starts",
                    n=n,
                    dims=n_dims,
                    most=most,
                )
            )
        return (n,) * n_dims
    sides = tuple(whole("n", side, 1) for side in n)
    if len(sides) != n_dims:
        places = {"dims": n_dims, "n": len(sides)}
        raise ValueError(tr("a grid in {dims} dimensions needs one number, or one for each axis, not {n}", **places))
    if math.prod(sides) > MAX_STARTS:
        said = " x ".join(map(str, sides))
        raise ValueError(tr("a grid of {sides} starts is more than {most:,}", sides=said, most=MAX_STARTS))
    return sides


def stable_manifold_starts(surface: Surface, saddle: CriticalPoint, beside: float = 0.0, share: float = 0.3) -> Array:
    """Return points from which gradient flow runs into ``saddle``, two for each direction of positive curvature.

    From the saddle, x' = grad f(x) / |grad f(x)| is followed outwards along every eigenvector of positive curvature,
    both ways, for ``share`` of the domain's shortest side or until the path would leave the domain. Going uphill all
    other directions contract onto that path, so it is followed stably. ``beside`` then moves the points off the
    manifold, along the direction of most negative curvature. Returns (2 k, n_dims) for k positive eigenvalues;
    raises ``ValueError`` where there is none, or no negative one.

    >>> import landscape as ls
    >>> s = ls.formula("x^2 - y^2", domain=((-2, 2), (-2, 2)))
    >>> stable_manifold_starts(s, CriticalPoint.at(s, [0.0, 0.0]), beside=1e-3).round(4).tolist()
    [[-1.2, 0.001], [1.2, 0.001]]
    """
    lowest, stable = _directions(surface, saddle)
    length = share * float(np.min(surface.domain.widths))
    ends = [_uphill(surface, saddle.x, sign * v, length) for v in stable for sign in _outward(v)]
    return np.array(ends) + beside * lowest * _outward(lowest)[1]


def stable_directions(surface: Surface, saddle: CriticalPoint) -> Array:
    """Return the eigenvectors of positive curvature at a saddle, (k, n_dims); raise as ``stable_manifold_starts``."""
    return _directions(surface, saddle)[1]


def _directions(surface: Surface, saddle: CriticalPoint) -> tuple[Array, Array]:
    """Return the direction of most negative curvature (n,) and those of positive curvature (k, n)."""
    curvatures, directions = np.linalg.eigh(surface.hessian(saddle.x))
    stable = directions[:, curvatures > 0].T
    if len(stable) == 0 or not curvatures[0] < 0:
        raise ValueError(
            tr(
                "a stable manifold that leads past needs curvature of both signs; here the eigenvalues are {values}",
                values=", ".join(f"{c:.3g}" for c in curvatures),
            )
        )
    return directions[:, 0], stable


def declared_saddles(surface: Surface) -> tuple[CriticalPoint, ...]:
    """Return the declared saddles that fall in some directions and rise in others."""
    return tuple(c for c in declared_points(surface) if c.kind == "saddle" and 0 < c.index < surface.n_dims)


def known_saddle(surface: Surface) -> Array | None:
    """Return the saddle (n,) that distances are measured from, ``None`` where none is known."""
    if isinstance(surface, SpectralSaddle):
        return np.zeros(surface.n_dims)
    return _first_saddle(surface) if surface.n_dims <= SADDLE_DIMS else None


@lru_cache(maxsize=16)
def _first_saddle(surface: Surface) -> Array | None:
    """Return the first declared critical point at which the surface falls and rises."""
    for x in surface.known_points[len(surface.minima) if surface.info.smooth else 0 :][:50]:
        ends = extreme_eigenvalues(surface, x)
        if ends.smallest < -ends.smallest_error and ends.largest > ends.largest_error:
            return np.asarray(x, dtype=float)
    return None


def _outward(v: Array) -> tuple[float, float]:
    """Return the signs that turn ``v`` first against and then along its largest coordinate's axis."""
    sign = 1.0 if v[np.argmax(np.abs(v))] > 0 else -1.0
    return -sign, sign


def _uphill(surface: Surface, saddle: Array, direction: Array, length: float) -> Array:
    from scipy.integrate import solve_ivp

    def flow(s: float, x: Array) -> Array:
        g = surface.gradient(x)
        norm = np.linalg.norm(g)
        return g / norm if norm > 0 else np.zeros_like(g)

    def inside(s: float, x: Array) -> float:
        return float(np.min(np.minimum(x - surface.domain.lower, np.subtract(surface.domain.upper, x))))

    inside.terminal = True  # type: ignore[attr-defined]
    first = 1e-6 * length
    path = solve_ivp(flow, (first, length), saddle + first * direction, rtol=1e-9, atol=1e-12, events=inside)
    return np.asarray(path.y[:, -1])


def suggested_starts(surface: Surface) -> Array:
    """Return a start from which there is something to see, (1, n_dims): beside a declared saddle's stable manifold,
    a ten-thousandth of the domain's shortest side off it, or else off centre in the domain."""
    for saddle in declared_saddles(surface):
        beside = 1e-4 * float(np.min(surface.domain.widths))
        starts = stable_manifold_starts(surface, saddle, beside)
        inside = starts[surface.domain.contains(starts)]
        if len(inside):
            return inside[-1:]
    share = np.resize([0.15, 0.8], surface.n_dims)
    return np.atleast_2d(surface.domain.lower + surface.domain.widths * share)
