"""Two-dimensional slices through many dimensions, and how far what they show is from the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.curvature.spectrum import extreme_eigenvalues
from landscape.language import tr
from landscape.progress import Progress, counting, telling
from landscape.recipe.given import numbers
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface

MIN_SINE = 1e-7
"""Two directions whose angle has a smaller sine than this do not span a plane."""

_HUGE = 1e100  # above it squares, and sums of them, may overflow
_CHUNK_NUMBERS = 4_000_000


class SingularPlane(ValueError):
    """Directions that do not span a plane: one is zero, or both are the same up to sign and length."""


@dataclass(frozen=True, eq=False)
class Plane:
    """The points ``origin`` + a ``directions[0]`` + b ``directions[1]`` of an n-dimensional space.

    ``title`` says how it was chosen, ``labels`` name the two coordinates. For a plane of principal components
    ``explained`` holds the share of the path's variance along each, and ``null`` what a pure random walk would give;
    for one of eigenvectors ``curvatures`` holds the two eigenvalues. Raises ``SingularPlane`` where the directions
    span none, ``ValueError`` where something is not finite or the shapes do not match.
    """

    origin: Array = field(repr=False)
    directions: Array = field(repr=False)
    title: str
    labels: tuple[str, str] = ("a", "b")
    explained: tuple[float, float] | None = None
    null: tuple[float, float] | None = None
    curvatures: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        origin, directions = numbers("origin", self.origin), numbers("directions", self.directions)
        if origin.ndim != 1 or directions.shape != (2, len(origin)):
            raise ValueError(
                tr(
                    "a plane needs an origin (n,) and directions (2, n), not {origin} and {directions}",
                    origin=origin.shape,
                    directions=directions.shape,
                )
            )
        if not (np.isfinite(origin).all() and np.isfinite(directions).all()):
            raise ValueError(tr("a plane needs a finite origin and finite directions"))
        lengths = np.linalg.norm(directions, axis=1)
        if lengths.min() == 0:
            raise SingularPlane(tr("direction {number} of the plane is zero", number=int(np.argmin(lengths)) + 1))
        first, second = directions / lengths[:, None]
        if np.linalg.norm(second - (first @ second) * first) < MIN_SINE:
            raise SingularPlane(tr("the two directions of the plane are parallel: they span a line"))
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "directions", directions)

    @cached_property
    def _solve(self) -> Array:
        """The matrix (n, 2) that takes a difference of points to coordinates (least squares)."""
        return np.asarray(np.linalg.pinv(self.directions), dtype=float)

    def coordinates(self, points: ArrayLike) -> Array:
        """Return the coordinates (..., 2) of the nearest points of the plane to ``points`` (..., n)."""
        return (np.asarray(points, dtype=float) - self.origin) @ self._solve

    def embed(self, coordinates: ArrayLike) -> Array:
        """Return the points (..., n) of the plane that have these coordinates (..., 2)."""
        return self.origin + np.asarray(coordinates, dtype=float) @ self.directions

    def distance(self, points: ArrayLike) -> Array:
        """Return how far ``points`` (..., n) are from the plane, (...)."""
        points = np.asarray(points, dtype=float)
        return np.linalg.norm(points - self.embed(self.coordinates(points)), axis=-1)


def random_plane(origin: ArrayLike, seed: int = 0) -> Plane:
    """Return a plane through ``origin`` (n,), n at least 2, along two random directions at right angles, of length 1.

    The two come from Gaussian vectors by QR, so that every plane is as likely as any other; ``seed`` chooses. Raises
    ``ValueError`` for a point with fewer than two coordinates.

    >>> plane = random_plane(np.zeros(50), seed=1)
    >>> (plane.directions @ plane.directions.T).round(12).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    origin = numbers("origin", origin)
    _needs_two(origin)
    drawn = np.random.default_rng(seed).standard_normal((origin.shape[-1], 2))
    directions, _ = np.linalg.qr(drawn)
    labels = tr("random direction {number}", number=1), tr("random direction {number}", number=2)
    return Plane(origin, directions.T, tr("random plane (seed {seed})", seed=seed), labels)


def filter_normalized_plane(origin: ArrayLike, blocks: Sequence[Any], seed: int = 0) -> Plane:
    """Return a plane along two Gaussian directions in which each block is as long as that block of ``origin``.

    ``blocks`` are slices or index arrays of the coordinates that belong together (a neuron's weights, a layer);
    coordinates in no block get 0, as biases do. Scale then means the same in every layer. Gaussian directions, as
    the method asks, not uniform ones. Reference: Li, Xu, Taylor, Studer, Goldstein, Visualizing the loss landscape
    of neural nets, 2018, section 4.

    Raises ``SingularPlane`` where all blocks of ``origin`` are zero, ``ValueError`` for no blocks.
    """
    origin = numbers("origin", origin)
    _needs_two(origin)
    if len(blocks) == 0:
        raise ValueError(tr("a filter-normalized plane needs at least one block of coordinates"))
    drawn = np.random.default_rng(seed).standard_normal((2, len(origin)))
    directions = np.zeros_like(drawn)
    for number, block in enumerate(blocks):
        lengths = np.linalg.norm(drawn[:, block], axis=1, keepdims=True)
        if not lengths.all():
            raise ValueError(tr("block {number} of coordinates is empty", number=number))
        directions[:, block] = drawn[:, block] * (np.linalg.norm(origin[block]) / lengths)
    labels = (
        tr("filter-normalized direction {number}", number=1),
        tr("filter-normalized direction {number}", number=2),
    )
    return Plane(origin, directions, tr("filter-normalized plane (seed {seed})", seed=seed), labels)


def eigen_plane(surface: Surface | str, x: ArrayLike, **options: Any) -> Plane:
    """Return the plane through ``x`` (n,) along the eigenvectors of the smallest and the largest Hessian eigenvalue.

    It shows negative curvature wherever there is any. The options are those of ``extreme_eigenvalues``; raises
    ``NotConverged`` as it does, and ``SingularPlane`` where all eigenvalues are equal.
    """
    surface = a_surface(surface)
    ends = extreme_eigenvalues(surface, x, **options)
    if surface.n_dims < 2:
        raise SingularPlane(tr("one dimension has no plane"))
    if ends.largest == ends.smallest:
        flat = tr("the surface is flat here: no plane shows more than another")
        equal = tr("all eigenvalues are equal: no plane shows more than another")
        raise SingularPlane(flat if ends.largest == 0 else equal)
    return Plane(
        np.asarray(x, dtype=float),
        np.array([ends.smallest_vector, ends.largest_vector]),
        tr("plane of the extreme Hessian eigenvectors"),
        (
            tr("eigenvector of the smallest eigenvalue, {eigenvalue:.3g}", eigenvalue=ends.smallest),
            tr("eigenvector of the largest eigenvalue, {eigenvalue:.3g}", eigenvalue=ends.largest),
        ),
        curvatures=(ends.smallest, ends.largest),
    )


def principal_plane(paths: Sequence[Array]) -> Plane:
    """Return the plane of the two first principal components of all ``paths`` (..., T, n) together, NaN rows left out.

    One plane for all optimizers. Its origin is the mean of the points, its directions have length 1. ``explained``
    stands beside ``null``, the shares that as many pure random walks of as many steps from one start would show.
    Raises ``SingularPlane`` for paths that never move or stay on one line, ``ValueError`` for paths of different n.
    """
    from landscape.theory.projections import random_walk_shares

    if len(paths) == 0 or any(np.ndim(path) < 2 for path in paths):
        raise ValueError(tr("principal components need a list of paths, each of shape (..., T, n)"))
    blocks = [_finite_rows(np.asarray(path)[which]) for path in paths for which in np.ndindex(np.shape(path)[:-2])]
    if len({block.shape[1] for block in blocks}) > 1:
        dims = sorted({block.shape[1] for block in blocks})
        raise ValueError(tr("all paths need the same dimension, not {dimensions}", dimensions=dims))
    blocks = [block for block in blocks if len(block)]
    if not blocks:
        raise ValueError(tr("principal components need at least one finite point"))
    n_steps = max(np.shape(path)[-2] for path in paths) - 1
    # Squares of a path that diverged overflow: it is looked at in a larger unit, on which no direction and no share
    # depends, a power of two, which rounds nothing.
    largest = max(max(float(block.max()), -float(block.min())) for block in blocks)
    unit = 2.0 ** (math.frexp(largest)[1] - 1) if largest > _HUGE else 1.0
    if unit > 1.0:
        blocks = [block / unit for block in blocks]
    # Against a point of theirs, so that the mean of equal points is that point to the last bit.
    middle = blocks[0][0]
    mean = middle + np.sum([(block - middle).sum(axis=0) for block in blocks], axis=0) / sum(map(len, blocks))
    components, variances, total = _two_largest(blocks, mean)
    if variances[1] <= MIN_SINE**2 * variances[0]:
        raise SingularPlane(tr("the path stays on one straight line: it has no second principal component"))
    explained = variances / total
    null = random_walk_shares(2, max(1, n_steps), len(blocks))
    labels = tuple(
        tr(
            "principal component {number} ({share:.1%}; random walk {null:.1%})",
            number=k + 1,
            share=explained[k],
            null=null[k],
        )
        for k in range(2)
    )
    return Plane(
        unit * mean,
        components,
        tr("plane of the paths' principal components"),
        (labels[0], labels[1]),
        explained=(float(explained[0]), float(explained[1])),
        null=(float(null[0]), float(null[1])),
    )


def _finite_rows(points: Array) -> Array:
    finite = np.isfinite(points).all(axis=1)
    return points if finite.all() else points[finite]


def _two_largest(blocks: Sequence[Array], mean: Array) -> tuple[Array, Array, float]:
    """Return the two first principal components (2, n), their sums of squares (2,) and the sum of all squares.

    The points are the rows of ``blocks`` and may be hundreds of megabytes: beyond a few they are never copied.
    """
    total = sum(float(np.einsum("ti,ti->", centred, centred)) for centred in (block - mean for block in blocks))
    n_points, n_dims = sum(map(len, blocks)), len(mean)
    if n_dims < 2:
        raise SingularPlane(tr("one dimension has no plane"))
    # Rounding alone makes equal coordinates differ from their mean by some 1e-16 of their size.
    largest = max(float(np.abs(block).max()) for block in blocks)
    if total <= n_points * n_dims * (64 * np.finfo(float).eps * largest) ** 2:
        raise SingularPlane(tr("the path never moves: it has no principal components"))
    if n_points < 3:
        components = np.zeros((2, n_dims))
        components[:n_points] = np.concatenate(blocks) - mean
        return components, np.zeros(2), total
    if n_points * n_dims <= _CHUNK_NUMBERS and min(n_points, n_dims) <= 400:
        _, sizes, rows = np.linalg.svd(np.concatenate(blocks) - mean, full_matrices=False)
    elif n_dims <= 400:
        spread = sum((block - mean).T @ (block - mean) for block in blocks)
        values, vectors = np.linalg.eigh(spread)
        sizes, rows = np.sqrt(np.maximum(values[:-3:-1], 0.0)), vectors[:, :-3:-1].T
    else:
        from scipy.sparse.linalg import LinearOperator, svds

        cuts = np.cumsum([len(block) for block in blocks])[:-1]

        # The mean goes off before the product, block by block: afterwards it would take the digits with it.
        def forth(v: Array) -> Array:
            return np.concatenate([(block - mean) @ np.ravel(v) for block in blocks])

        def back(u: Array) -> Array:
            parts = np.split(np.ravel(u), cuts)
            return np.sum([part @ (block - mean) for part, block in zip(parts, blocks, strict=True)], axis=0)

        centred = LinearOperator((n_points, n_dims), matvec=forth, rmatvec=back, dtype=float)
        start = np.random.default_rng(0).standard_normal(min(n_points, n_dims))
        _, sizes, rows = svds(centred, k=2, v0=start)
        order = np.argsort(sizes)[::-1]
        sizes, rows = sizes[order], rows[order]
    components = rows[:2]
    # The sign is arbitrary; fixed here so that the same path gives the same picture everywhere.
    largest = np.abs(components).argmax(axis=1)
    components = components * np.sign(components[[0, 1], largest])[:, None]
    return components, sizes[:2] ** 2, total


def _needs_two(origin: Array) -> None:
    if origin.ndim != 1 or len(origin) < 2:
        raise SingularPlane(
            tr("a plane needs a point (n,) in at least 2 dimensions, not one of shape {shape}", shape=origin.shape)
        )


@dataclass(frozen=True, eq=False)
class Slice:
    """A surface on a plane: ``values`` (B, A) at the coordinates ``a`` (A,) and ``b`` (B,) of the plane.

    ``ls.slice_scene`` draws it.
    """

    plane: Plane
    a: Array = field(repr=False)
    b: Array = field(repr=False)
    values: Array = field(repr=False)


@dataclass(frozen=True, eq=False)
class PlanePath:
    """A path as its plane shows it, and what that hides.

    ``coordinates`` (T, 2) are those of the nearest point on the plane, ``distance`` (T,) how far off it the path is;
    ``loss`` (T,) is the loss on the path, ``plane_loss`` (T,) the loss at that nearest point.
    """

    coordinates: Array
    distance: Array
    loss: Array
    plane_loss: Array


def slice_surface(
    surface: Surface | str, plane: Plane, a: ArrayLike, b: ArrayLike, *, progress: Progress = None
) -> Slice:
    """Return ``surface`` on the grid of the plane's coordinates ``a`` (A,) and ``b`` (B,): values (B, A).

    values[j, i] = f(origin + a[i] directions[0] + b[j] directions[1]), a bounded number of points at a time.
    ``progress`` is told how many of its points are known (``landscape.progress``).

    >>> import landscape as ls
    >>> plane = Plane(np.zeros(2), np.eye(2), "the coordinates themselves")
    >>> slice_surface(ls.formula("x^2 + 10y", ((-1, 1), (-1, 1))), plane, [0, 1, 2], [0, 1]).values.tolist()
    [[0.0, 1.0, 4.0], [10.0, 11.0, 14.0]]
    """
    surface = a_surface(surface)
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    coordinates = np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)
    with telling(progress):
        return Slice(plane, a, b, _values(surface, plane, coordinates).reshape(len(b), len(a)))


def _values(surface: Surface, plane: Plane, coordinates: Array) -> Array:
    """Return f at points of the plane, a bounded number at a time."""
    step, values = max(1, _CHUNK_NUMBERS // surface.n_dims), np.empty(len(coordinates))
    with counting(len(coordinates), tr("points of the plane")) as count:
        for first in range(0, len(coordinates), step):
            some = slice(first, first + step)
            with count.part(len(coordinates[some])):
                values[some] = surface.value(plane.embed(coordinates[some]))
    return values


def path_on_plane(surface: Surface, plane: Plane, points: ArrayLike, loss: ArrayLike | None = None) -> PlanePath:
    """Return the path through ``points`` (T, n) as ``plane`` shows it; ``loss`` (T,) where it is already known."""
    points = surface.points(points)
    coordinates = plane.coordinates(points)
    return PlanePath(
        coordinates,
        plane.distance(points),
        surface.value(points) if loss is None else np.asarray(loss, dtype=float),
        _values(surface, plane, coordinates),
    )


def fitting_axes(
    paths: Sequence[PlanePath], shape: tuple[int, int] = (81, 81), margin: float = 0.15
) -> tuple[Array, Array]:
    """Return coordinates a (A,) and b (B,) of a grid that holds all paths, with a ``margin`` of their extent around.

    A direction in which no path moves gets the extent of the other one.
    """
    coordinates = np.concatenate([path.coordinates for path in paths])
    coordinates = coordinates[np.isfinite(coordinates).all(axis=1)]
    if len(coordinates) == 0:
        raise ValueError(tr("there is no finite point to fit the axes to"))
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    extent = high - low
    widest = extent.max() if extent.max() > 0 else 1.0
    room = np.where(extent > 1e-3 * widest, margin * extent, widest / 2)
    return (
        np.linspace(low[0] - room[0], high[0] + room[0], shape[0]),
        np.linspace(low[1] - room[1], high[1] + room[1], shape[1]),
    )


def share_that_look_like_minima(
    surface: Surface, x: ArrayLike, n_planes: int = 1000, seed: int = 0, *, progress: Progress = None
) -> tuple[float, float]:
    """Return the shares of random lines and of random planes through ``x`` (n,) along which f only curves upwards.

    Measured on Hessian-vector products: a plane counts where its 2 × 2 block of the Hessian is positive definite.
    Hold it against ``landscape.theory.projections.looks_like_a_minimum``.
    """
    x = surface.points(x)
    rng = np.random.default_rng(seed)
    step = max(1, _CHUNK_NUMBERS // (4 * surface.n_dims))
    lines, planes = 0, 0
    with counting(n_planes, tr("random planes"), progress) as count:
        for first in range(0, n_planes, step):
            stopping.check()
            drawn = rng.standard_normal((min(step, n_planes - first), surface.n_dims, 2))
            directions = np.linalg.qr(drawn)[0].swapaxes(1, 2)
            products = surface.hessian_vector_product(np.broadcast_to(x, directions.shape), directions)
            blocks = np.einsum("pai,pbi->pab", directions, products)
            lines += int(np.sum(blocks[:, 0, 0] > 0))
            planes += int(np.sum((blocks[:, 0, 0] > 0) & (np.linalg.det(blocks) > 0)))
            count.advance(len(drawn))
    return lines / n_planes, planes / n_planes
