"""Which way a surface curves: eigenvalues of the Hessian, dense for few dimensions and by products alone for many.

For losses over data the same of the Gauss-Newton and of the empirical Fisher matrix (``MATRICES``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from landscape.curvature.lanczos import lanczos
from landscape.curvature.products import Matrix, Products, dense
from landscape.language import Later, later_n, tr
from landscape.progress import Progress, counting
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface

DENSE_DIMS = 300
"""Up to this many dimensions the ends of a spectrum are those of the dense Hessian."""

TOLERANCE = 1e-4
"""Of an end of the spectrum, relative to its width."""

_LOOK = 20  # steps of a first look at how wide a spectrum is


class NotConverged(ArithmeticError):
    """An eigenvalue that Lanczos did not find within the products it was given: there is no number to show."""


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


def hessian_eigenvalues(surface: Surface | str, x: ArrayLike, matrix: Matrix = "hessian") -> Array:
    """Return all eigenvalues of the Hessian, or another of ``MATRICES``, at ``x`` (n,), rising: (n,).

    Of a surface on a sphere the n-1 along it. Raises ``ValueError`` where a dense matrix does not fit in memory, or is
    not finite, and ``TypeError`` for another matrix of a surface that is no loss over data.

    >>> import landscape as ls
    >>> hessian_eigenvalues(ls.formula("x^2 - 3y^2", ((-1, 1), (-1, 1))), [0, 0]).tolist()
    [-6.0, 2.0]
    """
    surface = a_surface(surface)
    whole, _ = dense(surface, x, matrix)
    return np.asarray(np.linalg.eigvalsh(whole), dtype=float)


def extreme_eigenvalues(
    surface: Surface | str,
    x: ArrayLike,
    tolerance: float = TOLERANCE,
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
    tolerance: float = TOLERANCE,
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
            whole, basis = dense(surface, x, matrix)
            values = np.asarray(np.linalg.eigvalsh(whole), dtype=float)  # the numbers of ``hessian_eigenvalues``
            vectors = np.linalg.eigh(whole)[1]
            rows = (vectors if basis is None else basis @ vectors).T
            rounding = np.full(k, rounding_of(values))
            return Ends(values[:k], values[-k:], rows[:k], rows[-k:], rounding, rounding, surface.n_dims)
        products, rng = Products(surface, x, matrix), np.random.default_rng(seed)
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


def rounding_of(eigenvalues: Array) -> float:
    """Return by how much rounding may move eigenvalues of a dense matrix, about."""
    return float(len(eigenvalues) * np.finfo(float).eps * np.max(np.abs(eigenvalues)))


def _one_end(
    products: Products, start: Array, k: int, shift: float, tolerance: float, max_products: int
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
