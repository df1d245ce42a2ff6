"""Lanczos tridiagonalization of many symmetric operators at once, for spectra and optimizers that need no matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape import stopping
from landscape.language import tr
from landscape.progress import counting

Array = NDArray[np.float64]

BREAKDOWN = 1e-12
"""A new direction shorter than this share of the largest entry so far ends the Krylov space."""


_FAR = 1e6  # a Radau rule whose free entry is larger than so many times the others has lost its digits


@dataclass(frozen=True, eq=False)
class Tridiagonal:
    """Tridiagonal matrices T, (B, m, m), with ``diagonal`` (B, m) and ``beside`` (B, m).

    ``beside[:, j]`` couples steps j and j + 1; the last one is the length of the direction that was not taken any
    more, which bounds the error. Where a Krylov space ended early the rest of its row is zero.
    """

    diagonal: Array
    beside: Array

    def ritz(self) -> tuple[Array, Array]:
        """Return the eigenvalues of T, (B, m), rising, and its eigenvectors in columns, (B, m, m).

        Both are NaN for an operator whose products were not finite.
        """
        return _decomposed(self.diagonal, self.beside[:, :-1])

    def weight_below(self, at: float) -> tuple[Array, Array]:
        """Return how much of the start's squared length lies on eigenvalues below ``at``: at least (B,), at most (B,).

        The bounds hold for every distribution with the 2m moments that T knows, and some distribution reaches them:
        the Gauss-Radau rule with a node at ``at``, its weights below that node and then with it (Chebyshev, Markov,
        Stieltjes). Reference: Golub and Meurant, Matrices, Moments and Quadrature with Applications, 2010, 6.2.

        >>> spectrum = np.array([0.0, 0.0, 0.01, 1.0, 5.0])
        >>> krylov = lanczos(lambda v: spectrum * v, np.ones((1, 5)), 3)
        >>> [bound.round(3).tolist() for bound in krylov.weight_below(0.005)]  # 0.4 in truth
        [[0.069], [0.6]]
        """
        values, vectors = self.ritz()
        rows, k = np.arange(len(values)), (values < at).sum(axis=1)
        sums = np.pad(np.cumsum(vectors[:, 0] ** 2, axis=1), ((0, 0), (1, 0)))
        ended = self.beside[:, -1] == 0.0  # then the rule is the distribution itself
        low = np.where(ended, sums[rows, k], sums[rows, np.maximum(k - 1, 0)])
        high = np.where(ended, sums[rows, k], sums[rows, np.minimum(k + 1, values.shape[1])])
        with np.errstate(divide="ignore", invalid="ignore"):
            free = at + self.beside[:, -1] ** 2 * (vectors[:, -1] ** 2 / (values - at)).sum(axis=1)
        good = ~ended & (np.abs(free) <= _FAR * np.abs(values).max(axis=1))
        _, vectors = _decomposed(np.column_stack([self.diagonal, free])[good], self.beside[good])
        # Its nodes interlace with those of T: ``at`` is the one with k below it.
        sums = np.pad(np.cumsum(vectors[:, 0] ** 2, axis=1), ((0, 0), (1, 0)))
        rows, k = np.arange(len(sums)), k[good]
        low[good], high[good] = np.maximum(low[good], sums[rows, k]), np.minimum(high[good], sums[rows, k + 1])
        return low, high


@dataclass(frozen=True, eq=False)
class Krylov(Tridiagonal):
    """What Lanczos leaves: T = basis A basis' and the ``basis`` (B, m, n)."""

    basis: Array


def _decomposed(diagonal: Array, beside: Array) -> tuple[Array, Array]:
    """Return eigenvalues (B, m) and eigenvectors (B, m, m) from ``diagonal`` (B, m) and ``beside`` (B, m - 1)."""
    n_rows, m = diagonal.shape
    t = np.zeros((n_rows, m, m))
    i = np.arange(m)
    t[:, i, i] = diagonal
    t[:, i[1:], i[:-1]] = t[:, i[:-1], i[1:]] = beside
    values, vectors = np.full((n_rows, m), np.nan), np.full((n_rows, m, m), np.nan)
    sound = np.isfinite(t).all(axis=(1, 2))
    values[sound], vectors[sound] = np.linalg.eigh(t[sound])
    return values, vectors


def lanczos(product: Callable[[Array], Array], start: Array, n_steps: int) -> Krylov:
    """Run ``n_steps`` steps of Lanczos with full reorthogonalization from each of the vectors ``start`` (B, n).

    ``product`` maps (B, n) to (B, n), row b by the b-th symmetric operator; it is called once a step. At most n steps
    are taken. Reference: Golub and Van Loan, Matrix Computations, 4th ed., section 10.3.

    >>> spectrum = np.array([1.0, 2.0, 5.0])
    >>> values, _ = lanczos(lambda v: spectrum * v, np.ones((1, 3)), 3).ritz()
    >>> values.round(12).tolist()
    [[1.0, 2.0, 5.0]]
    """
    n_rows, n_dims = start.shape
    m = min(n_steps, n_dims)
    diagonal, beside = np.zeros((n_rows, m)), np.zeros((n_rows, m))
    basis = np.zeros((n_rows, m, n_dims))
    length = np.linalg.norm(start, axis=1)
    q = start / np.where(length > 0, length, 1.0)[:, None]
    largest = np.zeros(n_rows)
    with counting(m, tr("Lanczos steps")) as count:
        for j in range(m):
            stopping.check()
            basis[:, j] = q
            r = product(q)
            diagonal[:, j] = np.einsum("bi,bi->b", q, r)
            done = basis[:, : j + 1]
            for _ in range(2):  # once is not enough in floating point, twice is (Kahan and Parlett)
                shares = done @ r[:, :, None]  # (B, j, 1): matrix products, which einsum would not make of it
                r = r - (shares.swapaxes(1, 2) @ done)[:, 0]
            beside[:, j] = np.linalg.norm(r, axis=1)
            largest = np.maximum(largest, np.maximum(np.abs(diagonal[:, j]), beside[:, j]))
            going = beside[:, j] > BREAKDOWN * largest
            beside[~going, j] = 0.0
            q = np.where(going[:, None], r / np.where(going, beside[:, j], 1.0)[:, None], 0.0)
            count.advance()
    return Krylov(diagonal, beside, basis)
