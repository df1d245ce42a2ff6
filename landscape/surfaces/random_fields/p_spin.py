"""The spherical p-spin glass: the landscape whose index is known as a function of its height."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.parameter import parameter
from landscape.surfaces.base import Array, Sphere
from landscape.surfaces.family import MAX_BYTES, Family


@dataclass(frozen=True)
class SphericalPSpin(Family):
    """H(s) = N^(-(p-1)/2) sum J_{i1..ip} s_i1 ... s_ip on the sphere |s|^2 = N, J independent standard normal.

    N is ``n_dims``; H has variance N. Off the sphere f(x) = H(sqrt(N) x / |x|), so that the gradient on the sphere is
    the tangent one and the tangent block of the Hessian is the Riemannian one, P (H'' - p H / N) P. NaN at x = 0.
    Reference: Auffinger, Ben Arous, Cerny, Random matrices and complexity of spin glasses, 2013, eq. 1.1.

    Raises ``ValueError`` where the N^p couplings do not fit in memory.
    """

    n_dims: int = 40
    p: int = parameter(3, 2, 5, mark("spins that meet in one term"), integer=True, minimum=2, maximum=8)
    seed: int = parameter(0, 0, 1000, mark("which couplings"), integer=True, minimum=0)

    key, label = "p_spin", mark("Spherical p-spin glass")
    teaches = mark(
        "Height and index go together: high up every critical point is a saddle, the minima are all near the bottom."
    )
    reference = "A. Auffinger, G. Ben Arous, J. Cerny, Random matrices and complexity of spin glasses, CPAM 66, 2013"
    min_dims = 2
    box = -1.0, 1.0

    def _check(self) -> None:
        if 8 * self.n_dims**self.p > MAX_BYTES:
            most = int((MAX_BYTES / 8) ** (1 / self.p) + 1e-9)
            raise ValueError(
                tr(
                    "the couplings of a {p}-spin glass in {dims} dimensions take {size:.1f} GB; up to {most} "
                    "dimensions fit",
                    p=self.p,
                    dims=self.n_dims,
                    size=8e-9 * self.n_dims**self.p,
                    most=most,
                )
            )
        object.__setattr__(self, "sphere", Sphere(math.sqrt(self.n_dims)))

    def latex(self) -> str:
        spins = " ".join(f"s_{{i_{k}}}" for k in range(1, self.p + 1))
        indices = " ".join(f"i_{k}" for k in range(1, self.p + 1))
        return rf"{self.n_dims}^{{-{self.p - 1}/2}} \sum J_{{{indices}}} {spins},\quad |s|^2 = {self.n_dims}"

    @property
    def gradient_cost(self) -> float:
        """What one gradient costs: all couplings are read."""
        return self.n_dims + self.n_dims**self.p / 20

    @property
    def held(self) -> float:
        """The couplings as they are drawn, and made symmetric."""
        return 2.0 * self.n_dims**self.p

    @cached_property
    def couplings(self) -> Array:
        """The couplings as a symmetric tensor, (N,) * p, the factor N^(-(p-1)/2) in it."""
        rng = np.random.default_rng([self.seed, 17])
        drawn = rng.standard_normal((self.n_dims,) * self.p)
        orders = list(itertools.permutations(range(self.p)))
        symmetric = np.zeros_like(drawn)
        for order in orders:
            symmetric += drawn.transpose(order)
        symmetric /= len(orders) * self.n_dims ** ((self.p - 1) / 2)
        return symmetric

    def _matrices(self, x: Array) -> Array:
        """Return J x^(p-2), the couplings with all but two slots filled, for the points (S, N): (S, N, N)."""
        n = self.n_dims
        if self.p == 2:
            return np.broadcast_to(self.couplings, (len(x), n, n))
        filled = x @ self.couplings.reshape(n, -1)
        for _ in range(self.p - 3):
            filled = np.einsum("si,sij->sj", x, filled.reshape(len(x), n, filled.shape[1] // n))
        return filled.reshape(len(x), n, n)

    def _jet(self, x: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Return H, its flat gradient, J x^(p-2), |x|^2 and r^(-p) with r = |x| / sqrt(N), for points (S, N)."""
        square = np.einsum("si,si->s", x, x)[:, None]
        square = np.where(square > 0, square, np.nan)
        matrices = self._matrices(x)
        row = np.einsum("sij,sj->si", matrices, x)
        value = np.einsum("si,si->s", row, x)[:, None]
        return value, self.p * row, matrices, square, (square / self.n_dims) ** (-self.p / 2)

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        flat = x.reshape(math.prod(x.shape[:-1]), self.n_dims)
        value, gradient, _, square, scale = self._jet(flat)
        gradient = scale * (gradient - self.p * value * flat / square)
        return (scale * value).reshape(x.shape[:-1]), gradient.reshape(x.shape)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        x, v = self.points(x), np.asarray(v, dtype=float)
        flat = x.reshape(math.prod(x.shape[:-1]), self.n_dims)
        # One set of matrices a point, however many vectors it meets.
        parts = [part.reshape(*x.shape[:-1], *part.shape[1:]) for part in self._jet(flat)]
        value, gradient, matrices, square, scale = parts
        p = self.p
        bent = p * (p - 1) * np.einsum("...ij,...j->...i", matrices, v)
        xv = np.einsum("...i,...i->...", x, v)[..., None]
        gv = np.einsum("...i,...i->...", gradient, v)[..., None]
        tangent = gradient - p * value * x / square
        product = bent - p * (gv * x + value * v) / square + 2 * p * value * xv * x / square**2
        return scale * (product - p * xv / square * tangent)

    def value_gradient_hessian(self, x: ArrayLike) -> tuple[Array, Array, Array]:
        """Return H (S,), tangent gradient (S, N) and Riemannian Hessian (S, N, N) at points (S, N) of the sphere.

        The Hessian is P (H'' - p H / N) P with P the projection along the sphere: zero across it.
        """
        x = self.points(x)
        value, gradient, matrices, _, _ = self._jet(x)
        n, p = self.n_dims, self.p
        gradient = gradient - p * value * x / n
        hessian = p * (p - 1) * matrices - (p * value[..., None] / n) * np.eye(n)
        hessian = hessian - np.einsum("sij,sj,sk->sik", hessian, x, x, optimize=True) / n
        hessian = hessian - np.einsum("sj,sjk,si->sik", x, hessian, x, optimize=True) / n
        return value[:, 0], gradient, hessian
