"""How the eigenvalues of very many dimensions are distributed, from products with random vectors alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from landscape.curvature.lanczos import Tridiagonal, lanczos
from landscape.curvature.products import Matrix, Products
from landscape.language import tr
from landscape.progress import Progress, counting, tells
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.registry import a_surface

_SIGMAS = 2.576  # 99 in 100 of a normal distribution


@dataclass(frozen=True)
class Estimate:
    """A measured mean with its standard error, and how many Hessian-vector products it took."""

    value: float
    standard_error: float
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
    products = Products(surface, x, matrix)
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
    products = Products(surface, x, matrix)
    rng = np.random.default_rng(seed)
    each = np.empty(n_probes)
    block = max(1, 2_000_000 // surface.n_dims)
    with counting(n_probes, "trace", progress) as count:
        for first in range(0, n_probes, block):
            z = rng.choice([-1.0, 1.0], size=(min(block, n_probes - first), surface.n_dims))
            each[first : first + len(z)] = np.einsum("pi,pi->p", z, products(z))
            count.advance(len(z))
    return Estimate(float(each.mean()), float(each.std(ddof=1) / math.sqrt(n_probes)), products.n_products)
