"""Finding the critical points of a random landscape, certifying them, and counting them by index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import stopping
from landscape.curvature.point import zero_tolerance
from landscape.errors import of_kind
from landscape.language import tr
from landscape.progress import Progress, counting, tells
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.random_fields import SphericalPSpin, TorusField

CERTIFIED = 1e-9
"""A gradient is zero where its norm is below this share of a typical one."""

FLAT = 1e-5
"""A point is gradient-flat where the Hessian carries the gradient below this share of its norm."""

_NUMBERS = 3_000_000
_NEWTON_STEPS = 60
# In cells of the grid: how far from a cell's middle a critical point may seem to be, and what is the same one.
_REACH, _SAME = 2.0, 0.5


@dataclass(frozen=True, eq=False)
class Census:
    """Critical points of one landscape, ``points`` (K, n), ``values`` (K,), ``indices`` (K,), and what certifies them.

    ``manifold_dims`` is the number of directions in which one can go: n, on a sphere n - 1. ``gradient_norms`` (K,) are
    what Newton's method left. ``n_starts`` were spent. ``complete`` tells whether there is reason to think that none is
    missing; ``euler_sum`` is the alternating sum of the counts, on a torus 0 when none is.
    """

    points: Array
    values: Array
    indices: NDArray[np.int64]
    gradient_norms: Array
    manifold_dims: int
    n_starts: int
    complete: bool

    @property
    def counts(self) -> NDArray[np.int64]:
        """The number of critical points of index 0, 1, ..., ``manifold_dims``."""
        return np.bincount(self.indices, minlength=self.manifold_dims + 1)

    @property
    def euler_sum(self) -> int:
        """The alternating sum of the counts."""
        return int((-1) ** np.arange(self.manifold_dims + 1) @ self.counts)


@tells
def torus_census(field: TorusField, seed: int = 0, max_rounds: int = 40, *, progress: Progress = None) -> Census:
    """Find all critical points of a field on the torus.

    Newton's method with bounded steps starts from every cell of a fine grid in which all slopes change sign, then,
    round after round, from as many random points as Kac-Rice lets expect critical points. Points nearer than a
    millionth of a wave are one. The census is ``complete`` where the Euler sum is 0 and a whole random round found
    nothing new; after ``max_rounds`` of them it ends as it is. ``seed`` draws the random points; the field has its own.
    ``progress`` is told each round (``landscape.progress``).

    >>> import landscape as ls
    >>> found = torus_census(ls.surface("torus_field", 2))
    >>> found.complete, found.euler_sum, len(found.values) == int(found.counts.sum())
    (True, 0, True)
    """
    from landscape.theory.kac_rice import critical_point_density

    of_kind(field, TorusField, tr('field must be a surface like ls.surface("torus_field", 2)'))
    n, wave = field.n_dims, 1 / field.wave_number
    expected = (2 * np.pi) ** n * critical_point_density(n, wave).sum()
    rng = np.random.default_rng(seed)
    typical = field.std * field.wave_number * np.sqrt(n)
    found, n_starts = np.empty((0, n)), 0
    with counting(max_rounds + 1, tr("rounds")) as count:
        for round_number in range(max_rounds + 1):
            drawn = round_number > 0
            starts = rng.uniform(0, 2 * np.pi, (int(np.ceil(expected)) + 20, n)) if drawn else _promising_points(field)
            ends = _newton(field.value_gradient_hessian, starts, wave / 2, 3 * len(field.waves[0]))
            ends = ends[np.linalg.norm(field.value_gradient_hessian(ends)[1], axis=1) < CERTIFIED * typical]
            merged = _distinct(np.concatenate([found, np.mod(ends, 2 * np.pi)]), 1e-6 * wave)
            news, n_starts = len(merged) - len(found), n_starts + len(starts)
            found = merged
            census = _described(field.value_gradient_hessian, found, None, n, n_starts, False)
            if drawn and news == 0 and census.euler_sum == 0 and len(found):
                return replace(census, complete=True)
            count.advance()
    return census


def _promising_points(field: TorusField) -> Array:
    """Return points (S, n) near which critical points seem to be, most of them more than once.

    They are where Newton's first step leads from the middle of each cell of a grid, 7 cells on the shortest wave, in
    which all slopes change sign: unless that is further than the cell's neighbours, and one of those that meet within
    half a cell. Over 40 fields in three dimensions that lost no point which the middles of all cells find; half as
    far lost one.
    """
    n, n_points = field.n_dims, 7 * int(np.abs(field.waves[0]).max())
    gradient = field.gradient_grid(n_points)
    low, high = gradient, gradient
    for axis in range(n):  # over the 2^n corners of each cell
        low = np.minimum(low, np.roll(low, -1, axis))
        high = np.maximum(high, np.roll(high, -1, axis))
    cells = np.argwhere(((low <= 0) & (high >= 0)).all(axis=-1))
    middles = np.asarray((cells + 0.5) * (2 * np.pi / n_points), dtype=float)
    steps = np.empty(middles.shape)
    for rows in _blocks(len(middles), 3 * len(field.waves[0])):
        _, slope, hessian = field.value_gradient_hessian(middles[rows])
        steps[rows] = -np.linalg.solve(hessian, slope[..., None])[..., 0]
    width = 2 * np.pi / n_points
    points = (middles + steps)[np.abs(steps).max(axis=1) <= _REACH * width]
    _, one_of_each = np.unique(np.rint(points / (_SAME * width)), axis=0, return_index=True)
    return points[one_of_each]


def _blocks(n_rows: int, numbers_each: int) -> Iterator[slice]:
    """Yield slices of rows that together need about ``_NUMBERS`` numbers."""
    block = max(1, _NUMBERS // numbers_each)
    return (slice(first, min(first + block, n_rows)) for first in range(0, n_rows, block))


@tells
def p_spin_census(glass: SphericalPSpin, n_starts: int = 60, seed: int = 0, *, progress: Progress = None) -> Census:
    """Find critical points of a spherical glass at many heights; never all of them, so ``complete`` is false.

    Random points of the sphere first go up or down the tangent gradient for a random time, so that high and low ones
    are met; then Riemannian Newton steps, retracted to the sphere, lead to a critical point of whatever index.
    What lies opposite a critical point is one too, H(-x) = (-1)^p H(x), and is in the list.
    ``progress`` is told how far it is (``landscape.progress``).
    """
    of_kind(glass, SphericalPSpin, tr('glass must be a surface like ls.surface("p_spin", 20)'))
    sphere, n = glass.sphere, glass.n_dims
    assert sphere is not None
    rng = np.random.default_rng(seed)
    x = sphere.retract(rng.standard_normal((n_starts, n)))
    # The Hessian's eigenvalues spread over 2 sqrt(p (p-1)) either side: a stable step, and a time of a few of them.
    rate = 0.5 / np.sqrt(glass.p * (glass.p - 1))
    stop = rng.uniform(0, 12, n_starts)
    way = rng.choice([-1.0, 1.0], n_starts)
    for t in range(12):
        moving = np.where(t < stop, way, 0.0)[:, None]
        x = sphere.retract(x + rate * moving * glass.gradient(x))
    x = _newton(glass.value_gradient_hessian, x, 0.3 * sphere.radius, n**2, sphere.retract, 1 / n)
    norms = np.linalg.norm(glass.gradient(x), axis=1)
    x = x[norms < CERTIFIED * np.sqrt(glass.p * n)]
    # H(-x) = (-1)^p H(x): what lies opposite a critical point is one.
    x = _distinct(np.concatenate([x, -x]), 1e-6 * sphere.radius, periodic=False)
    return _described(glass.value_gradient_hessian, x, sphere.tangent_basis, n - 1, n_starts, False)


Jet = Callable[[Array], tuple[Array, Array, Array]]


def _newton(
    jet: Jet,
    x: Array,
    longest: float,
    numbers_each: int,
    retract: Callable[[Array], Array] | None = None,
    lift: float = 0.0,
) -> Array:
    """Return where Newton's method with steps of at most ``longest`` leads from ``x`` (S, n).

    ``lift`` x x' is added to the Hessian, so that on a sphere, where x itself is no direction, it can be inverted.
    """
    x = x.copy()
    with counting(len(x), tr("Newton's method")) as count:
        for part in _blocks(len(x), numbers_each):
            rows = np.arange(part.start, part.stop)
            for _ in range(_NEWTON_STEPS):
                stopping.check()
                at = x[rows]
                _, gradient, hessian = jet(at)
                if lift:
                    hessian = hessian + lift * at[:, :, None] * at[:, None, :]
                step = -np.linalg.solve(hessian, gradient[..., None])[..., 0]
                length = np.linalg.norm(step, axis=1)
                at = at + step * np.minimum(1.0, longest / np.maximum(length, 1e-300))[:, None]
                x[rows] = at if retract is None else retract(at)
                rows = rows[length > 1e-13 * longest]
                if len(rows) == 0:
                    break
            count.advance(part.stop - part.start)
    return x


def _distinct(points: Array, radius: float, periodic: bool = True) -> Array:
    """Return one of each group of ``points`` (S, n) within ``radius`` of each other, the earliest."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    if len(points) == 0:
        return points
    if periodic:  # a coordinate that rounds to the period itself is 0
        points = np.where(points >= 2 * np.pi, 0.0, points)
    pairs = cKDTree(points, boxsize=2 * np.pi if periodic else None).query_pairs(radius, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    _, group = connected_components(graph, directed=False)
    _, earliest = np.unique(group, return_index=True)
    return points[np.sort(earliest)]


def _described(
    jet: Jet,
    points: Array,
    tangent_basis: Callable[[Array], Array] | None,
    dims: int,
    n_starts: int,
    complete: bool,
) -> Census:
    values, gradients, hessians = jet(points)
    if tangent_basis is not None:
        basis = tangent_basis(points)
        hessians = basis.swapaxes(1, 2) @ hessians @ basis
    eigenvalues = np.linalg.eigvalsh(hessians)
    return Census(
        points=points,
        values=values,
        indices=(eigenvalues < 0).sum(axis=1),
        gradient_norms=np.linalg.norm(gradients, axis=1),
        manifold_dims=dims,
        n_starts=n_starts,
        complete=complete,
    )


@dataclass(frozen=True)
class Certificate:
    """What holds of a point that looks critical.

    ``relative_gradient`` is |grad f| over a typical one; the point is ``critical`` where it is below ``CERTIFIED``.
    It is ``gradient_flat`` where it is not, yet the gradient lies in the kernel of the Hessian: |grad f| is least
    there without being 0, and what minimizes |grad f|^2 stops. ``n_negative``, ``n_near_zero`` and ``n_positive``
    count eigenvalues; those near zero are told apart and never taken for a sign.
    """

    relative_gradient: float
    critical: bool
    gradient_flat: bool
    n_negative: int
    n_near_zero: int
    n_positive: int


def certify(surface: Surface, x: ArrayLike) -> Certificate:
    """Tell whether ``x`` (n,) is a critical point or only looks like one.

    The typical gradient is the median norm over 64 random points of the domain. ``FLAT`` bounds |H g| / (|H| |g|)
    at a gradient-flat point. Reference: Frye et al., Critical point-finding methods reveal gradient-flat regions of
    deep network losses, arXiv 2003.10397.
    """
    x = surface.points(x)
    sample = surface.domain.sample(np.random.default_rng(0), 64)
    typical = float(np.median(np.linalg.norm(surface.gradient(sample), axis=1)))
    gradient, hessian = surface.gradient(x), surface.hessian(x)
    eigenvalues = np.linalg.eigvalsh(hessian)
    norm, tolerance = float(np.linalg.norm(gradient)), zero_tolerance(eigenvalues)
    critical = norm <= CERTIFIED * typical
    pull = float(np.linalg.norm(hessian @ gradient))
    return Certificate(
        relative_gradient=norm / typical if typical > 0 else np.inf if norm > 0 else 0.0,
        critical=critical,
        gradient_flat=not critical and pull <= FLAT * float(np.abs(eigenvalues).max()) * norm,
        n_negative=int(np.sum(eigenvalues < -tolerance)),
        n_near_zero=int(np.sum(np.abs(eigenvalues) <= tolerance)),
        n_positive=int(np.sum(eigenvalues > tolerance)),
    )
