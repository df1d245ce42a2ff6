"""Which way a surface curves: eigenvalues of the Hessian, dense for few dimensions and by products alone for many.

For losses over data the same of the Gauss-Newton and of the empirical Fisher matrix (``MATRICES``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.curvature.lanczos import Tridiagonal, lanczos
from landscape.curvature.point import ZERO_EIGENVALUE, zero_tolerance
from landscape.errors import lookup
from landscape.language import Later, later, later_n, mark, tr, trn
from landscape.progress import Progress, counting, tells
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface

DENSE_DIMS = 300
"""Up to this many dimensions the ends of a spectrum are those of the dense Hessian."""

COUNTED_DIMS = 2000
"""Up to this many dimensions eigenvalues are counted, all of them computed; beyond, their number is bounded."""

Matrix = Literal["hessian", "gauss_newton", "fisher"]

MATRICES: Mapping[str, str] = MappingProxyType(
    {
        "hessian": mark("Hessian"),
        "gauss_newton": mark("Gauss-Newton matrix"),
        "fisher": mark("empirical Fisher matrix"),
    }
)
"""The symmetric matrices whose eigenvalues are told, by name: the Hessian H of every surface, and of a loss over data

    f = (1/m) sum_i loss(z_i, y_i):    G = (1/m) sum_i J_i' L_i J_i,    F = (1/m) sum_i g_i g_i',

with J_i = d z_i / d x, L_i the loss's second derivative by z_i and g_i the gradient of example i's loss. H - G comes
from the curvature of the network. Where the loss is a negative log likelihood in its natural parameters (cross-entropy,
half the squared error), G is the Fisher information; F, with the labels of the data and not the model's own, is not.
Penalties on the weights count in H and G. References: Martens, New insights and perspectives on the natural gradient
method, 2020, sections 8 and 9; Kunstner, Balles, Hennig, Limitations of the empirical Fisher approximation, 2019.
"""

PROBES, STEPS = 4, 120
"""Of a histogram along a path: few probes seen sharply, since what a quadrature cannot resolve is wider than their
spread."""

_TOLERANCE = 1e-4  # of an end of the spectrum, relative to its width

_LOOK = 20  # steps of a first look at how wide a spectrum is

_SIGMAS = 2.576  # 99 in 100 of a normal distribution


class NotConverged(ArithmeticError):
    """An eigenvalue that Lanczos did not find within the products it was given: there is no number to show."""


@dataclass(frozen=True)
class Estimate:
    """A measured mean with its standard error, and how many Hessian-vector products it took."""

    value: float
    standard_error: float
    n_products: int


@dataclass(frozen=True, eq=False)
class Extremes:
    """The smallest and the largest eigenvalue of a Hessian with their eigenvectors (n,), of length 1.

    Each eigenvalue lies within its ``_error``, the norm of A v - l v, of a true one; 0 where the Hessian was dense.
    """

    smallest: float
    largest: float
    smallest_vector: Array
    largest_vector: Array
    smallest_error: float
    largest_error: float
    n_products: int


@dataclass(frozen=True, eq=False)
class Ends:
    """The k ``smallest`` and the k ``largest`` eigenvalues (k,), rising, with eigenvectors (k, n), of length 1.

    Each eigenvalue l lies within its ``_errors`` (k,), the norm of A v - l v, of a true one. Of eigenvalues that are
    equal to within rounding some may be missing, for all that starts from one vector sees each of them once.
    """

    smallest: Array
    largest: Array
    smallest_vectors: Array
    largest_vectors: Array
    smallest_errors: Array
    largest_errors: Array
    n_products: int


@dataclass(frozen=True)
class Interval:
    """A number that lies between ``low`` and ``high``, 99 times in 100, and how many products that took."""

    low: float
    high: float
    n_products: int

    @property
    def value(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def error(self) -> float:
        """Half the width."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, eq=False)
class SpectralDensity:
    """An estimate of the distribution of ``n_eigenvalues`` eigenvalues, from P random probes.

    ``tridiagonal`` holds what Lanczos made of each probe. Its ``nodes`` (P, m), with ``weights`` (P, m) that sum to 1,
    stand for whole crowds of eigenvalues: a node beside 0 does not say on which side of 0 its crowd lies.
    """

    tridiagonal: Tridiagonal
    n_eigenvalues: int
    n_products: int

    @cached_property
    def _rule(self) -> tuple[Array, Array]:
        nodes, vectors = self.tridiagonal.ritz()
        return nodes, vectors[:, 0, :] ** 2

    @property
    def nodes(self) -> Array:
        """The nodes of each probe's Gauss quadrature, (P, m), rising."""
        return self._rule[0]

    @property
    def weights(self) -> Array:
        """Their weights, (P, m)."""
        return self._rule[1]

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The smallest and the largest node, and by how much an eigenvalue may be away from each, at the most.

        An eigenvalue lies within the norm of A y - l y of l, which is that of the step that was not taken times the
        last component of T's eigenvector; rounding comes to that. Infinite where a Krylov space ended before its last
        step, as where all eigenvalues are equal. Reference: Parlett, The Symmetric Eigenvalue Problem, 1998, section
        13.2.
        """
        nodes, vectors = self.tridiagonal.ritz()
        ended = (self.tridiagonal.beside[:, :-1] == 0.0).any()
        rounding = np.inf if ended else self.n_eigenvalues * np.finfo(float).eps * float(np.abs(nodes).max())
        errors = np.abs(self.tridiagonal.beside[:, -1:] * vectors[:, -1]) + rounding
        low, high = int(nodes[:, 0].argmin()), int(nodes[:, -1].argmax())
        return (
            (float(nodes[low, 0]), float(nodes[high, -1])),
            (float(errors[low, 0]), float(errors[high, -1])),
        )

    def share_below(self, threshold: float = 0.0) -> Interval:
        """Return between which bounds the share of eigenvalues below ``threshold`` lies: times n, the saddle index.

        Each probe bounds what it sees (``Tridiagonal.weight_below``), which is exact; and what a random direction sees
        of k of n eigenvalues follows a Beta distribution of mean p = k/n and variance 2 p (1 - p) / (n + 2). The
        means of the bounds over the probes, less and plus 2.576 standard deviations (Wilson's interval), are rounded
        outwards to whole eigenvalues.
        """
        n = self.n_eigenvalues
        low, high = self._seen_below(threshold)
        low, high = self._wilson(low)[0], self._wilson(high)[1]
        return Interval(math.floor(low * n) / n, math.ceil(high * n) / n, self.n_products)

    def shares(self, edges: ArrayLike) -> tuple[Array, Array]:
        """Return the share of eigenvalues between neighbouring ``edges`` (B+1,), (B,), and its largest error (B,).

        The error is to the farther end of an interval as that of ``share_below``.
        """
        edges = np.asarray(edges, dtype=float)
        each = [np.histogram(n, edges, weights=w)[0] for n, w in zip(self.nodes, self.weights, strict=True)]
        share = np.mean(each, axis=0)
        below = np.array([self._seen_below(edge) for edge in edges])
        low = [self._wilson(max(b - a, 0.0))[0] for a, b in zip(below[:-1, 1], below[1:, 0], strict=True)]
        high = [self._wilson(min(b - a, 1.0))[1] for a, b in zip(below[:-1, 0], below[1:, 1], strict=True)]
        return share, np.maximum(share - low, high - share)

    def _seen_below(self, threshold: float) -> tuple[float, float]:
        low, high = self.tridiagonal.weight_below(threshold)
        return float(low.mean()), float(high.mean())

    def _wilson(self, share: float) -> tuple[float, float]:
        """Return the two p that are ``_SIGMAS`` of their own standard deviations away from a mean over the probes."""
        z = 2 * _SIGMAS**2 / (len(self.nodes) * (self.n_eigenvalues + 2))
        middle, half = share + z / 2, math.sqrt(max(z * share * (1 - share) + z * z / 4, 0.0))
        return max((middle - half) / (1 + z), 0.0), min((middle + half) / (1 + z), 1.0)

    def density(self, at: ArrayLike, width: float) -> Array:
        """Return the density at the numbers ``at`` (K,), every node spread to a Gaussian of this ``width``, (K,)."""
        at = np.asarray(at, dtype=float)
        away = (at[:, None] - self.nodes.ravel()) / width
        bells = np.exp(-(away**2) / 2) / (width * np.sqrt(2 * np.pi))
        return bells @ self.weights.ravel() / len(self.nodes)


@runtime_checkable
class OverOutputs(Protocol):
    """A loss over data, as far as its other matrices need it."""

    def gauss_newton_vector_product(self, x: Array, v: Array) -> Array:
        """Return the Gauss-Newton matrix at ``x`` (..., n) times ``v`` (..., n)."""

    def fisher_vector_product(self, x: Array, v: Array) -> Array:
        """Return the empirical Fisher matrix at ``x`` (..., n) times ``v`` (..., n)."""


class _Products:
    """Products (B, n) -> (B, n) with a matrix at one point, counted; along the sphere where there is one.

    On a sphere the direction across it is given the eigenvalue ``across`` in place of 0, so that it can be kept
    inside the spectrum of the others, where it is never an extreme one.
    """

    def __init__(self, surface: Surface, x: ArrayLike, matrix: Matrix) -> None:
        self.title = Later(lookup(MATRICES, matrix, tr("matrix")))
        if matrix != "hessian" and not isinstance(surface, OverOutputs):
            raise TypeError(
                tr(
                    "the {matrix} is that of a loss over data; {surface!r} has no examples",
                    matrix=self.title,
                    surface=surface.name,
                )
            )
        self._multiplied = getattr(surface, f"{matrix}_vector_product")
        self.x = surface.points(x)
        if self.x.ndim != 1:
            raise ValueError(
                tr("a spectrum is taken at one point (n,), not at an array of shape {shape}", shape=self.x.shape)
            )
        if not np.isfinite(self.x).all():
            raise ValueError(tr("a spectrum needs a finite point"))
        self.n_products = 0
        self.across = 0.0
        self.normal = None if surface.sphere is None else self.x / np.linalg.norm(self.x)

    def tangent(self, v: Array) -> Array:
        return v if self.normal is None else v - (v @ self.normal)[..., None] * self.normal

    def __call__(self, v: Array) -> Array:
        stopping.check()
        self.n_products += len(v)
        flat = self.tangent(v)
        product = self._multiplied(np.broadcast_to(self.x, v.shape), flat)
        if not np.isfinite(product).all():
            raise ValueError(later("the {matrix} at this point is not finite", matrix=self.title))
        if self.normal is None:
            return product
        return self.tangent(product) + self.across * (v - flat)


def hessian_eigenvalues(surface: Surface | str, x: ArrayLike, matrix: Matrix = "hessian") -> Array:
    """Return all eigenvalues of the Hessian, or another of ``MATRICES``, at ``x`` (n,), rising: (n,).

    Of a surface on a sphere the n-1 along it. Raises ``ValueError`` where a dense matrix does not fit in memory, or is
    not finite, and ``TypeError`` for another matrix of a surface that is no loss over data.

    >>> import landscape as ls
    >>> hessian_eigenvalues(ls.formula("x^2 - 3y^2", ((-1, 1), (-1, 1))), [0, 0]).tolist()
    [-6.0, 2.0]
    """
    surface = a_surface(surface)
    dense, _ = _dense(surface, x, matrix)
    return np.asarray(np.linalg.eigvalsh(dense), dtype=float)


def _dense(surface: Surface, x: ArrayLike, matrix: Matrix) -> tuple[Array, Array | None]:
    """Return the matrix (n, n); along a sphere that in a basis (n, n-1) of the directions in it, and the basis."""
    products = _Products(surface, x, matrix)  # checks the point
    if matrix != "hessian":
        rows = products(np.eye(surface.n_dims))
        return (rows + rows.T) / 2, None
    hessian = surface.hessian(products.x)
    if not np.isfinite(hessian).all():
        raise ValueError(later("the {matrix} at this point is not finite", matrix=Later(MATRICES["hessian"])))
    if surface.sphere is None:
        return hessian, None
    basis = surface.sphere.tangent_basis(products.x)
    return basis.T @ hessian @ basis, basis


def extreme_eigenvalues(
    surface: Surface | str,
    x: ArrayLike,
    tolerance: float = _TOLERANCE,
    max_products: int = 4000,
    seed: int = 0,
    dense_dims: int = DENSE_DIMS,
    *,
    progress: Progress = None,
) -> Extremes:
    """Return the smallest and the largest eigenvalue of the Hessian at ``x`` (n,): ``top_eigenvalues`` with k = 1.

    >>> import landscape as ls
    >>> ends = extreme_eigenvalues(ls.formula("x^2 - 3y^2", ((-1, 1), (-1, 1))), [0, 0])
    >>> ends.smallest, ends.largest
    (-6.0, 2.0)
    """
    ends = top_eigenvalues(surface, x, 1, tolerance=tolerance, max_products=max_products, seed=seed,
                           dense_dims=dense_dims, progress=progress)  # fmt: skip
    return Extremes(
        float(ends.smallest[0]),
        float(ends.largest[0]),
        ends.smallest_vectors[0],
        ends.largest_vectors[0],
        float(ends.smallest_errors[0]),
        float(ends.largest_errors[0]),
        ends.n_products,
    )


def top_eigenvalues(
    surface: Surface | str,
    x: ArrayLike,
    k: int = 5,
    matrix: Matrix = "hessian",
    *,
    tolerance: float = _TOLERANCE,
    max_products: int = 4000,
    seed: int = 0,
    dense_dims: int = DENSE_DIMS,
    progress: Progress = None,
) -> Ends:
    """Return the ``k`` smallest and the ``k`` largest eigenvalues of the Hessian, or another matrix, at ``x`` (n,).

    Up to ``dense_dims`` dimensions from the dense matrix; beyond, by implicitly restarted Lanczos at both ends
    (``scipy.sparse.linalg.eigsh``) on products with it. Power iteration would find the largest in size and
    could miss negative curvature. Each end is shifted away from 0, so that ``tolerance`` is relative to the width of
    the spectrum and not to an eigenvalue that may be nearly zero. ``progress`` is told how many products were made of
    those allowed (``landscape.progress``).

    Raises ``NotConverged`` where one end took more than ``max_products`` products, ``ValueError`` for a k that is not
    between 1 and the number of eigenvalues, and else as ``hessian_eigenvalues``.

    >>> import landscape as ls
    >>> ends = top_eigenvalues(ls.formula("x^2 - 3y^2", ((-1, 1), (-1, 1))), [0, 0], k=1)
    >>> ends.smallest.tolist(), ends.largest.tolist()
    ([-6.0], [2.0])
    """
    surface = a_surface(surface)
    n_eigenvalues = surface.n_dims - (surface.sphere is not None)
    if not 1 <= k <= n_eigenvalues:
        raise ValueError(
            tr("k must be between 1 and the number of eigenvalues, {most}, not {k}", most=n_eigenvalues, k=k)
        )
    with counting(2 * max_products + _LOOK, tr("extreme eigenvalues"), progress) as count:
        if surface.n_dims <= max(dense_dims, k + 2):  # ARPACK needs room for more vectors than it looks for
            dense, basis = _dense(surface, x, matrix)
            values = np.asarray(np.linalg.eigvalsh(dense), dtype=float)  # the numbers of ``hessian_eigenvalues``
            vectors = np.linalg.eigh(dense)[1]
            rows = (vectors if basis is None else basis @ vectors).T
            rounding = np.full(k, _rounding(values))
            return Ends(values[:k], values[-k:], rows[:k], rows[-k:], rounding, rounding, surface.n_dims)
        products, rng = _Products(surface, x, matrix), np.random.default_rng(seed)
        start = products.tangent(rng.standard_normal((1, surface.n_dims)))
        with count.part(_LOOK):
            look = lanczos(products, start, _LOOK)
        values = look.ritz()[0][0]
        radius = float(np.max(np.abs(values)) + look.beside[0, -1])
        products.across = float(np.median(values))
        start = look.basis[0, 0]
        if look.beside[0, 0] == 0.0:  # all eigenvalues are equal, or the random start would have seen another
            equal, exact = np.full(k, float(look.diagonal[0, 0])), np.zeros(k)
            more = products.tangent(rng.standard_normal((k - 1, surface.n_dims)))
            rows = np.linalg.qr(np.vstack([start[None], more]).T)[0].T
            return Ends(equal, equal, rows, rows, exact, exact, products.n_products)
        with count.part(max_products):
            low, low_vectors, low_errors = _one_end(products, start, k, -radius, tolerance, max_products)
        with count.part(max_products):
            high, high_vectors, high_errors = _one_end(products, start, k, radius, tolerance, max_products)
        return Ends(low, high, low_vectors, high_vectors, low_errors, high_errors, products.n_products)


def _rounding(eigenvalues: Array) -> float:
    """Return by how much rounding may move eigenvalues of a dense matrix, about."""
    return float(len(eigenvalues) * np.finfo(float).eps * np.max(np.abs(eigenvalues)))


def _one_end(
    products: _Products, start: Array, k: int, shift: float, tolerance: float, max_products: int
) -> tuple[Array, Array, Array]:
    """Return the k eigenvalues of largest size of A + ``shift``, less that, rising, their vectors and residuals."""
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    n_dims = len(start)
    n_lanczos = min(max(40, 2 * k + 20), n_dims)

    def product(v: Array) -> Array:
        count.advance()
        v = v.reshape(1, -1)
        return (products(v) + shift * v)[0]

    operator = LinearOperator((n_dims, n_dims), matvec=product, dtype=np.float64)
    try:
        with counting(max_products, tr("largest eigenvalues") if shift > 0 else tr("smallest eigenvalues")) as count:
            values, vectors = eigsh(
                operator,
                k=k,
                which="LA" if shift > 0 else "SA",
                v0=start,
                ncv=n_lanczos,
                tol=tolerance,
                maxiter=max(1, max_products // n_lanczos),
            )
    except ArpackNoConvergence:
        places = {"most": max_products, "matrix": products.title, "tolerance": tolerance}
        raise NotConverged(_not_the_largest(k, places) if shift > 0 else _not_the_smallest(k, places)) from None
    order = np.argsort(values)
    values, rows = values[order], vectors.T[order]
    residuals = products(rows) + (shift - values)[:, None] * rows
    return values - shift, rows, np.linalg.norm(residuals, axis=1)


def _not_the_largest(k: int, places: dict[str, Any]) -> Later:
    return later_n(
        "the largest eigenvalue did not converge within {most} {matrix}-vector products (tolerance {tolerance:g}): "
        "there is a crowd of nearly equal ones. Give it more, or a larger tolerance",
        "the largest {n} eigenvalues did not converge within {most} {matrix}-vector products (tolerance "
        "{tolerance:g}): there is a crowd of nearly equal ones. Give it more, or a larger tolerance",
        k,
        **places,
    )


def _not_the_smallest(k: int, places: dict[str, Any]) -> Later:
    return later_n(
        "the smallest eigenvalue did not converge within {most} {matrix}-vector products (tolerance {tolerance:g}): "
        "there is a crowd of nearly equal ones. Give it more, or a larger tolerance",
        "the smallest {n} eigenvalues did not converge within {most} {matrix}-vector products (tolerance "
        "{tolerance:g}): there is a crowd of nearly equal ones. Give it more, or a larger tolerance",
        k,
        **places,
    )


@tells
def spectral_density(
    surface: Surface | str,
    x: ArrayLike,
    n_probes: int = 8,
    n_steps: int = 60,
    seed: int = 0,
    matrix: Matrix = "hessian",
    *,
    progress: Progress = None,
) -> SpectralDensity:
    """Estimate the distribution of the eigenvalues of the Hessian, or another matrix, at ``x`` (n,).

    By stochastic Lanczos quadrature.

    Each of ``n_probes`` Gaussian vectors gives, through ``n_steps`` Lanczos steps, a Gauss quadrature of the
    distribution that it sees: moments up to 2 n_steps - 1 are exact for that vector. Reference: Ghorbani, Krishnan,
    Xiao, An investigation into neural net optimization via Hessian eigenvalue density, 2019, section 2. Raises
    ``ValueError`` for fewer than one vector or step, ``TypeError`` for another matrix of a surface that is no loss over
    data. ``progress`` is told how far it is (``landscape.progress``).

    >>> import landscape as ls
    >>> found = spectral_density(ls.surface("two_point_saddle", 100, index=30), np.zeros(100), n_steps=2)
    >>> sorted(set(found.nodes.round(9).ravel().tolist()))
    [-1.0, 1.0]
    """
    surface = a_surface(surface)
    if n_probes < 1 or n_steps < 1:
        raise ValueError(
            tr(
                "n_probes and n_steps must be at least 1, not {n_probes} and {n_steps}",
                n_probes=n_probes,
                n_steps=n_steps,
            )
        )
    products = _Products(surface, x, matrix)
    start = products.tangent(np.random.default_rng(seed).standard_normal((n_probes, surface.n_dims)))
    krylov = lanczos(products, start, n_steps)
    n_eigenvalues = surface.n_dims - (products.normal is not None)
    return SpectralDensity(Tridiagonal(krylov.diagonal, krylov.beside), n_eigenvalues, products.n_products)


def hessian_trace(
    surface: Surface | str,
    x: ArrayLike,
    n_probes: int = 100,
    seed: int = 0,
    matrix: Matrix = "hessian",
    *,
    progress: Progress = None,
) -> Estimate:
    """Estimate the trace of the Hessian, or another matrix, at ``x`` (n,) by Hutchinson's method, with its error.

    The mean of z' A z over random signs z; its variance is 2 (|A|_F^2 - sum a_ii^2) / n_probes, so that a diagonal
    Hessian's trace is exact. Reference: Hutchinson, A stochastic estimator of the trace of the influence matrix, 1990.
    ``progress`` is told how far it is (``landscape.progress``). Raises ``ValueError`` for fewer than two probes, which
    show no error.
    """
    surface = a_surface(surface)
    if n_probes < 2:
        raise ValueError(tr("an estimate with an error needs at least 2 probes, not {n_probes}", n_probes=n_probes))
    products = _Products(surface, x, matrix)
    rng = np.random.default_rng(seed)
    each = np.empty(n_probes)
    block = max(1, 2_000_000 // surface.n_dims)
    with counting(n_probes, "trace", progress) as count:
        for first in range(0, n_probes, block):
            z = rng.choice([-1.0, 1.0], size=(min(block, n_probes - first), surface.n_dims))
            each[first : first + len(z)] = np.einsum("pi,pi->p", z, products(z))
            count.advance(len(z))
    return Estimate(float(each.mean()), float(each.std(ddof=1) / math.sqrt(n_probes)), products.n_products)


@dataclass(frozen=True, eq=False)
class SpectrumPath:
    """Spectra at some ``steps`` (K,) of a path.

    ``smallest`` and ``largest`` (K,) are NaN where Lanczos did not converge or the Hessian was not finite, ``smallest``
    is 0 where its error is as large as it is; ``notes`` say so. ``index`` (K,) counts the negative eigenvalues, to
    within ``index_error``: 0 where all were computed, else half an interval (``SpectralDensity.share_below``) of which
    ``index`` is the middle. ``shares`` (K, B) is the share of eigenvalues between the ``edges`` (B+1,).
    ``gauge`` (K,) is largest x learning rate / 2: gradient
    descent is unstable above 1.
    """

    steps: Array
    smallest: Array
    largest: Array
    index: Array
    index_error: Array
    gauge: Array
    edges: Array
    shares: Array
    n_products: int
    notes: tuple[str, ...]


def spectrum_along(
    surface: Surface | str,
    points: ArrayLike,
    steps: ArrayLike,
    learning_rate: float | ArrayLike,
    n_bins: int = 41,
    seed: int = 0,
    dense_dims: int = COUNTED_DIMS,
    *,
    n_probes: int = PROBES,
    n_lanczos: int = STEPS,
    progress: Progress = None,
) -> SpectrumPath:
    """Return spectra at the ``points`` (K, n) that a path passed at ``steps`` (K,), rising.

    ``learning_rate`` is one number, or (K,) the rates of those steps. Up to ``dense_dims`` dimensions every
    eigenvalue is computed; beyond, stochastic Lanczos quadrature with ``n_probes`` vectors of ``n_lanczos`` steps gives
    the histogram, bounds for the index, and the ends where it found them to 1e-4 of the width; else these are found
    by ``extreme_eigenvalues``.
    Points that are not finite are left out, with a note; ``ValueError`` is raised for points or steps of another shape.
    ``progress`` is told each point (``landscape.progress``).
    """
    surface = a_surface(surface)
    points, steps = _path(surface, points), np.asarray(steps)
    n_points = len(points)
    if steps.shape != (n_points,):
        raise ValueError(
            trn(
                "there is {n} point and steps of shape {shape}",
                "there are {n} points and steps of shape {shape}",
                n_points,
                shape=steps.shape,
            )
        )
    smallest, largest = np.full(n_points, np.nan), np.full(n_points, np.nan)
    index, error = np.full(n_points, np.nan), np.full(n_points, np.nan)
    found: list[tuple[Array, Array] | None] = []
    notes, n_products = [], 0
    with counting(n_points, tr("spectra"), progress) as count:
        for k, x in enumerate(points):
            stopping.check()
            found.append(None)
            try:
                if surface.n_dims <= dense_dims:
                    values = hessian_eigenvalues(surface, x)
                    found[k] = values, np.full(len(values), 1 / len(values))
                    smallest[k], largest[k] = values[0], values[-1]
                    low_error = _rounding(values)
                    index[k], error[k] = np.sum(values < -zero_tolerance(values)), 0.0
                    n_products += surface.n_dims
                else:
                    spread = spectral_density(surface, x, n_probes, n_lanczos, seed)
                    found[k] = spread.nodes.ravel(), spread.weights.ravel() / len(spread.nodes)
                    below = spread.share_below(-zero_tolerance(spread.nodes.ravel()))
                    index[k], error[k] = below.value * spread.n_eigenvalues, below.error * spread.n_eigenvalues
                    n_products += spread.n_products
                    (low, high), (low_error, high_error) = spread.ends
                    if max(low_error, high_error) > _TOLERANCE * (high - low):
                        ends = extreme_eigenvalues(surface, x, seed=seed, dense_dims=dense_dims)
                        low, high, low_error = ends.smallest, ends.largest, ends.smallest_error
                        n_products += ends.n_products
                    smallest[k], largest[k] = low, high
                if low_error >= abs(smallest[k]):  # not even its sign is known
                    smallest[k] = 0.0
                    if low_error > ZERO_EIGENVALUE:
                        notes.append(
                            tr(
                                "step {step}: the smallest eigenvalue is zero to within {error:.2g}, all that can be "
                                "told beside the largest, {largest:.2g}",
                                step=steps[k],
                                error=low_error,
                                largest=largest[k],
                            )
                        )
            except (NotConverged, ValueError) as problem:
                notes.append(tr("step {step}: {problem}", step=steps[k], problem=problem))
            count.advance()
    edges = _edges([pair[0] for pair in found if pair is not None], n_bins)
    shares = np.full((n_points, n_bins), np.nan)
    for k, pair in enumerate(found):
        if pair is not None:
            shares[k] = np.histogram(pair[0], edges, weights=pair[1])[0]
    gauge = largest * np.broadcast_to(np.asarray(learning_rate, dtype=float), (n_points,)) / 2
    return SpectrumPath(steps, smallest, largest, index, error, gauge, edges, shares, n_products, tuple(notes))


def _path(surface: Surface, points: ArrayLike) -> Array:
    """Return points along a path, (K, n); raise ``ValueError`` for another shape."""
    along = surface.points(points)
    if along.ndim != 2:
        raise ValueError(tr("the points along a path are an array (K, n), not one of shape {shape}", shape=along.shape))
    return along


def sharpness_along(surface: Surface | str, points: ArrayLike, seed: int = 0, *, progress: Progress = None) -> Array:
    """Return the largest eigenvalue of the Hessian at the ``points`` (K, n), (K,), as along a path.

    NaN where there is no number: where Lanczos did not converge, or the Hessian is not finite. Raises ``ValueError``
    for points of another shape. Gradient descent is
    unstable along that eigenvector where it is above 2 / learning rate. ``progress`` is told each point
    (``landscape.progress``).

    >>> import landscape as ls
    >>> sharpness_along(ls.formula("x^4 + y^2", ((-2, 2), (-2, 2))), [[0.0, 1.0], [1.0, 1.0]]).tolist()
    [2.0, 12.0]
    """
    surface = a_surface(surface)
    points = _path(surface, points)
    sharpness = np.full(len(points), np.nan)
    with counting(len(sharpness), "sharpness", progress) as count:
        for k, x in enumerate(points):
            with suppress(NotConverged, ValueError):
                sharpness[k] = extreme_eigenvalues(surface, x, seed=seed).largest
            count.advance()
    return sharpness


def _edges(spectra: list[Array], n_bins: int) -> Array:
    """Return the edges of ``n_bins`` equal bins that hold all of the spectra."""
    if not spectra:
        return np.linspace(-1.0, 1.0, n_bins + 1)
    low, high = min(s.min() for s in spectra), max(s.max() for s in spectra)
    room = 1e-9 * max(abs(low), abs(high), 1e-300) if high > low else max(abs(low), 1.0) / 2
    return np.linspace(low - room, high + room, n_bins + 1)
