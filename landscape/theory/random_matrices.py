"""The Gaussian orthogonal ensemble (GOE): the chance of being positive definite, and means over ordered eigenvalues.

GOE(n) here has independent normal entries of variance 1 off the diagonal and 2 on it. Its eigenvalues have the density
prod_{i<j} |l_i - l_j| exp(-sum l_i^2 / 4) / Z(n).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr

Array = NDArray[np.float64]

MAX_ORDER = 60
"""Means over ordered eigenvalues are computed up to this many of them; beyond, double precision runs out."""


def goe(n: int, n_matrices: int, rng: np.random.Generator) -> Array:
    """Return ``n_matrices`` draws from GOE(n), (n_matrices, n, n).

    >>> goe(3, 2, np.random.default_rng(0)).shape
    (2, 3, 3)
    """
    drawn = rng.standard_normal((n_matrices, n, n))
    return (drawn + drawn.swapaxes(1, 2)) / math.sqrt(2)


def log_normalization(n: int) -> float:
    """Return ln Z(n), Z(n) the integral of prod |l_i - l_j| exp(-sum l_i^2 / 4) over R^n (Mehta's integral)."""
    steps = sum(math.lgamma(1 + j / 2) - math.lgamma(1.5) for j in range(1, n + 1))
    return n / 2 * math.log(4 * math.pi) + n * (n - 1) / 4 * math.log(2) + steps


@lru_cache(maxsize=64)
def positive_definite_probability(n: int) -> float:
    """Return the probability that all eigenvalues of a GOE(n) matrix are positive.

    By de Bruijn's formula the integral of prod |x_i - x_j| exp(-sum x_i^2 / 2) over positive x is n! times the
    Pfaffian of A_ij = int int x^i y^j sign(y - x) exp(-(x^2 + y^2) / 2), bordered by the moments where n is odd. In
    polar coordinates every A_ij is a sum of a rational number, one times pi and one times sqrt(2); it is evaluated
    with as many digits as the Pfaffian needs. Its logarithm over n^2 tends to -ln(3) / 4 (Dean and Majumdar, Extreme
    value statistics of eigenvalues of Gaussian random matrices, arXiv 0801.1730), slowly.

    >>> [round(positive_definite_probability(n), 7) for n in (1, 2, 3, 4)]
    [0.5, 0.1464466, 0.0249209, 0.0024567]
    """
    import mpmath

    if n < 1:
        raise ValueError(tr("n must be at least 1, not {n}", n=n))
    with mpmath.workdps(30 + 3 * n):
        size = n + n % 2
        a = mpmath.zeros(size)
        for i in range(n):
            for j in range(i + 1, n):
                radial = mpmath.mpf(2) ** (mpmath.mpf(i + j) / 2) * mpmath.gamma(mpmath.mpf(i + j) / 2 + 1)
                a[i, j] = radial * (_eighth_turn(i, j) - _eighth_turn(j, i))
                a[j, i] = -a[i, j]
        if n % 2:
            for i in range(n):
                a[i, n] = mpmath.mpf(2) ** (mpmath.mpf(i - 1) / 2) * mpmath.gamma(mpmath.mpf(i + 1) / 2)
                a[n, i] = -a[i, n]
        pfaffian = mpmath.sqrt(abs(mpmath.det(a)))
        whole = (2 * mpmath.pi) ** (mpmath.mpf(n) / 2)
        for j in range(1, n + 1):
            whole *= mpmath.gamma(1 + mpmath.mpf(j) / 2) / mpmath.gamma(mpmath.mpf(3) / 2)
        return float(mpmath.factorial(n) * pfaffian / whole)


def _eighth_turn(i: int, j: int) -> Any:
    """Return the integral of sin^i cos^j from 0 to pi/4 in mpmath's present precision, by its recurrences."""
    import mpmath

    root = 1 / mpmath.sqrt(2)  # sine and cosine at the upper end
    if j >= 2:
        return (root ** (i + j) + (j - 1) * _eighth_turn(i, j - 2)) / (i + j)
    if j == 1:
        return root ** (i + 1) / (i + 1)
    if i >= 2:
        return (-(root**i) + (i - 1) * _eighth_turn(i - 2, 0)) / i
    return 1 - root if i == 1 else mpmath.pi / 4


@lru_cache(maxsize=64)
def ordered_means(n: int, c: float) -> tuple[float, ...]:
    """Return E exp(-c l_k^2) for the k-th smallest eigenvalue of GOE(n), k = 1 .. n.

    One eigenvalue is put at x. The other n - 1 then have weights |x - l| exp(-l^2 / 4), and a factor z for each that
    lies below x makes their integral a polynomial in z whose coefficients sort by rank. By de Bruijn's formula it is
    a Pfaffian for each z; it is taken at roots of unity, and its coefficients by a Fourier transform. The integrals
    over l and over x are Gauss-Legendre quadratures of entire functions.

    Raises ``ValueError`` for n outside 1 to ``MAX_ORDER`` or a negative c.

    >>> np.round(ordered_means(2, 0.0), 12).tolist()
    [1.0, 1.0]
    """
    if not 1 <= n <= MAX_ORDER:
        raise ValueError(tr("n must be 1 to {most}, not {n}", most=MAX_ORDER, n=n))
    if not c >= 0:
        raise ValueError(tr("c must not be negative, not {c}", c=c))
    reach = 2 * math.sqrt(n) + 12
    nodes, weights = np.polynomial.legendre.leggauss(60 + 6 * n)
    x, weight = reach * nodes, reach * weights * np.exp(-(0.25 + c) * (reach * nodes) ** 2)
    if n == 1:
        return (float(weight.sum() * math.exp(-log_normalization(1))),)
    kept = weight > 1e-40
    x, weight = x[kept], weight[kept]
    below, above, u, v = _pair_integrals(n - 1, x, reach)
    z = np.exp(2j * np.pi * np.arange(n) / n)[:, None, None, None]
    across = u[:, :, None] * v[:, None, :]
    a = z**2 * below + z * (across - across.swapaxes(1, 2)) + above
    if (n - 1) % 2:
        border = (z[..., 0] * u + v)[..., None]
        a = np.concatenate([a, border], axis=-1)
        last = np.concatenate([-border.swapaxes(-1, -2), np.zeros((n, len(x), 1, 1))], axis=-1)
        a = np.concatenate([a, last], axis=-2)
    pfaffians = pfaffian(a)
    by_rank = (np.fft.fft(pfaffians, axis=0) / n).real @ weight  # coefficient of z^k: k of the others below x
    # the Hermite functions are normalized: leading coefficients 1 / sqrt(sqrt(2 pi) i!)
    leading = sum(math.log(2 * math.pi) / 4 + math.lgamma(i + 1) / 2 for i in range(n - 1))
    scale = math.exp(leading + math.lgamma(n) + math.log(n) - log_normalization(n))
    # The sign of a Pfaffian depends on the order of rows; the integral is positive.
    return tuple((np.sign(by_rank.sum()) * by_rank * scale).tolist())


def _pair_integrals(m: int, x: Array, reach: float) -> tuple[Array, Array, Array, Array]:
    """Return for each x the double integrals of f_i(l) f_j(l') sign(l' - l) with both below, both above x, and singles.

    f_i(l) = |x - l| times the i-th Hermite function, i < m. Shapes (X, m, m) twice, then (X, m) twice.
    """
    t, w = np.polynomial.legendre.leggauss(60 + 4 * m)
    # cumulative[q, r]: integral from -1 to t_q of the polynomial that is 1 at node r and 0 at the others
    legendre = np.polynomial.legendre.legvander(t, len(t))
    integral = np.empty((len(t), len(t)))
    integral[:, 0] = (legendre[:, 1] + 1) / 2
    integral[:, 1:] = (legendre[:, 2:] - legendre[:, :-2]) / 2
    cumulative = integral @ legendre[:, :-1].T * w
    doubles, singles = [], []
    far = reach + np.abs(x)
    for low, high in ((-far, x), (x, far)):
        half = ((high - low) / 2)[:, None]
        at = low[:, None] + half * (t + 1)  # (X, Q)
        f = _hermite_functions(m, at) * np.abs(x[:, None] - at)[..., None]  # (X, Q, m)
        running = half[..., None] * (cumulative @ f)
        weighted = f * (half * w)[..., None]
        single = weighted.sum(axis=1)
        doubles.append(np.einsum("xqi,xqj->xij", 2 * running - single[:, None, :], weighted, optimize=True))
        singles.append(single)
    skew = [(d - d.swapaxes(1, 2)) / 2 for d in doubles]
    return skew[0], skew[1], singles[0], singles[1]


def _hermite_functions(m: int, x: Array) -> Array:
    """Return He_i(x) exp(-x^2 / 4) / sqrt(sqrt(2 pi) i!) for i < m in a new last axis."""
    out = np.empty((*x.shape, m))
    out[..., 0] = np.exp(-(x**2) / 4) / (2 * np.pi) ** 0.25
    if m > 1:
        out[..., 1] = x * out[..., 0]
    for i in range(2, m):
        out[..., i] = (x * out[..., i - 1] - math.sqrt(i - 1) * out[..., i - 2]) / math.sqrt(i)
    return out


def pfaffian(a: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return the Pfaffians of skew-symmetric matrices (..., 2m, 2m), (...), by Parlett-Reid elimination with pivots.

    Reference: Wimmer, Efficient numerical computation of the Pfaffian, ACM Trans. Math. Softw. 38, 2012, section 3.

    >>> a = np.array([[0, 2, 3, 5], [0, 0, 7, 11], [0, 0, 0, 13], [0, 0, 0, 0]], dtype=complex)
    >>> round(float(pfaffian(a - a.T).real), 12)
    28.0
    """
    shape, size = a.shape[:-2], a.shape[-1]
    a = np.array(a, dtype=complex).reshape(-1, size, size)
    batch = np.arange(len(a))
    result = np.ones(len(a), dtype=complex)
    for k in range(0, size - 1, 2):
        # bring the largest entry of row k next to the diagonal
        pivot = k + 1 + np.abs(a[:, k, k + 1 :]).argmax(axis=1)
        moved = pivot != k + 1
        result[moved] *= -1
        rows = a[batch, pivot].copy()
        a[batch, pivot] = a[:, k + 1]
        a[:, k + 1] = rows
        columns = a[batch, :, pivot].copy()
        a[batch, :, pivot] = a[:, :, k + 1]
        a[:, :, k + 1] = columns
        head = a[:, k, k + 1]
        result *= head
        rest = np.where(head == 0, 0, 1) / np.where(head == 0, 1, head)
        tau = a[:, k, k + 2 :] * rest[:, None]
        column = a[:, k + 2 :, k + 1]
        a[:, k + 2 :, k + 2 :] += tau[:, :, None] * column[:, None, :] - column[:, :, None] * tau[:, None, :]
    return result.reshape(shape)
