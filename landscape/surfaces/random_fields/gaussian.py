"""Gaussian random landscapes as sums of random waves, on flat space and on the torus."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import mark, tr
from landscape.parameter import parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import MAX_BYTES, Family

MAX_WAVES = 200_000
"""The most waves that a field on the torus is made of."""

REACH = 4.5
"""Waves whose share of the variance is below exp(-REACH^2 / 2) of the largest are left out on the torus."""


@dataclass(frozen=True)
class WaveField(Family):
    """f(x) = sum_m a_m cos(w_m . x) + b_m sin(w_m . x) with Gaussian amplitudes a, b, (m = 1 .. M)."""

    seed: int = parameter(0, 0, 1000, mark("which field"), integer=True, minimum=0)
    std: float = parameter(1.0, 0.1, 10.0, mark("standard deviation of f"), log=True, minimum=1e-300)

    @abstractmethod
    def _waves(self) -> tuple[Array, Array, Array]:
        """Return wave vectors w (M, n) and amplitudes a, b (M,)."""

    @cached_property
    def waves(self) -> tuple[Array, Array, Array]:
        """Wave vectors w (M, n) and amplitudes a, b (M,)."""
        return self._waves()

    @property
    def gradient_cost(self) -> float:
        """What one gradient costs: all waves are read, and their sines and cosines taken."""
        return self.n_dims + self.held / 5

    @property
    def held(self) -> float:
        return float(self.n_dims * len(self.waves[0]))

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        w, a, b = self.waves
        angle = self.points(x) @ w.T
        cosine, sine = np.cos(angle), np.sin(angle)
        return cosine @ a + sine @ b, (cosine * b - sine * a) @ w

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        w, a, b = self.waves
        angle = self.points(x) @ w.T
        return -((a * np.cos(angle) + b * np.sin(angle)) * (np.asarray(v, dtype=float) @ w.T)) @ w


@dataclass(frozen=True)
class GaussianField(WaveField):
    """An isotropic Gaussian field with covariance std^2 exp(-|x - y|^2 / (2 length^2)), by random Fourier features.

    The wave vectors are drawn from N(0, I / length^2), the amplitudes from N(0, std^2 / M): given the waves the field
    is exactly Gaussian and stationary; averaged over them its covariance is exactly the one above. With M waves a
    single field's covariance differs from it by about 1 / sqrt(M). Reference: Rahimi and Recht, Random features for
    large-scale kernel machines, 2007.
    """

    n_dims: int = 2
    length: float = parameter(1.0, 0.1, 10.0, mark("correlation length"), log=True, minimum=1e-6)
    n_waves: int = parameter(300, 50, 2000, mark("number of waves M"), integer=True, minimum=1)

    key, label = "gaussian_field", mark("Gaussian random field")
    teaches = mark("The null model of a landscape: in high dimensions nearly all its critical points are saddles.")
    reference = "A. Rahimi and B. Recht, Random features for large-scale kernel machines, NeurIPS 2007"

    @property
    def held(self) -> float:
        """The waves, known before they are drawn."""
        return float(self.n_dims * self.n_waves)

    def _check(self) -> None:
        if 8 * self.n_dims * self.n_waves > MAX_BYTES:
            raise ValueError(
                tr(
                    "{waves} waves in {dims} dimensions do not fit in memory; up to {most} dimensions do",
                    waves=self.n_waves,
                    dims=self.n_dims,
                    most=MAX_BYTES // (8 * self.n_waves),
                )
            )

    @property
    def box(self) -> tuple[float, float]:
        return -4 * self.length, 4 * self.length

    def latex(self) -> str:
        return (
            rf"\sum_{{m=1}}^{{{self.n_waves}}} a_m \cos(w_m \cdot x) + b_m \sin(w_m \cdot x),"
            rf"\quad w_m \sim N(0, {self.length:g}^{{-2}} I)"
        )

    def _waves(self) -> tuple[Array, Array, Array]:
        rng = np.random.default_rng([self.seed, 11])
        w = rng.standard_normal((self.n_waves, self.n_dims)) / self.length
        a, b = rng.standard_normal((2, self.n_waves)) * self.std / math.sqrt(self.n_waves)
        return w, a, b


@dataclass(frozen=True)
class TorusField(WaveField):
    """A Gaussian field that repeats with period 2 pi along every axis, with every wave that matters in it.

    All integer wave vectors k within ``REACH`` x ``wave_number`` carry independent Gaussian amplitudes of variance
    proportional to exp(-|k|^2 / (2 wave_number^2)). Its covariance is the periodic sum of
    exp(-wave_number^2 r^2 / 2): from ``wave_number`` 1 on isotropic but for a few millionths as far as slopes and
    curvatures at a point are concerned, which is all that the count of critical points depends on.
    """

    n_dims: int = 2
    wave_number: float = parameter(
        1.5, 1.0, 50.0, mark("waves around the torus, root mean square an axis"), minimum=0.5, maximum=100.0
    )

    key, label = "torus_field", mark("Gaussian field on the torus")
    teaches = mark(
        "A landscape with no edge: all its critical points can be found, and the Euler sum shows that none is missing."
    )
    reference = "A. J. Bray and D. S. Dean, Statistics of critical points of Gaussian fields, Phys. Rev. Lett. 98, 2007"
    box = 0.0, 2 * np.pi

    def _check(self) -> None:
        """Count the lattice points within reach, one axis after the other, and stop where they are too many."""
        squares = [k * k for k in range(-int(self._reach), int(self._reach) + 1)]
        most = int(self._reach**2)
        counts = np.zeros(most + 1)  # of lattice points by squared length
        counts[0] = 1.0
        for n_dims in range(1, self.n_dims + 1):
            longer = np.zeros(most + 1)
            for square in squares:
                longer[square:] += counts[: most + 1 - square]
            counts = longer
            if counts.sum() / 2 > MAX_WAVES:
                raise ValueError(
                    tr(
                        "a field on the torus in {dims} dimensions has more than {waves} waves and does not fit; at "
                        "wave_number {wave_number:g} up to {most} dimensions do",
                        dims=self.n_dims,
                        waves=MAX_WAVES,
                        wave_number=self.wave_number,
                        most=n_dims - 1,
                    )
                )

    @property
    def _reach(self) -> float:
        return REACH * self.wave_number

    def latex(self) -> str:
        return (
            r"\sum_k a_k \cos(k \cdot x) + b_k \sin(k \cdot x),\quad k \in \mathbb{Z}^n,"
            rf"\ \operatorname{{Var}} \propto e^{{-|k|^2 / (2 \cdot {self.wave_number:g}^2)}}"
        )

    def _waves(self) -> tuple[Array, Array, Array]:
        axis = np.arange(-int(self._reach), int(self._reach) + 1.0)
        vectors = np.empty((1, 0))
        for _ in range(self.n_dims):  # an axis at a time, so that the corners of the cube are never all there
            vectors = np.concatenate([np.repeat(vectors, len(axis), 0), np.tile(axis, len(vectors))[:, None]], axis=1)
            vectors = vectors[(vectors**2).sum(axis=1) <= self._reach**2]
        # one of each pair k, -k, and not k = 0: the first coordinate that is not zero is positive
        first = vectors[np.arange(len(vectors)), np.argmax(vectors != 0, axis=1)]
        k = np.ascontiguousarray(vectors[first > 0])
        share = np.exp(-(k**2).sum(axis=1) / (2 * self.wave_number**2))
        a, b = np.random.default_rng([self.seed, 13]).standard_normal((2, len(k)))
        size = self.std * np.sqrt(share / share.sum())
        return k, a * size, b * size

    @cached_property
    def _tensor(self) -> NDArray[np.complex128]:
        """Coefficients c_k, f = Re sum c_k exp(i k . x), on the half cube of all wave vectors within reach.

        Of each pair k, -k one is there, and none has a negative first coordinate: the first axis starts at 0.
        """
        k, a, b = self.waves
        reach = int(self._reach)
        tensor = np.zeros((reach + 1,) + (2 * reach + 1,) * (self.n_dims - 1), dtype=complex)
        tensor[tuple(k.astype(int).T + reach * (np.arange(self.n_dims) > 0)[:, None])] = a - 1j * b
        return tensor

    def value_gradient_hessian(self, x: ArrayLike) -> tuple[Array, Array, Array]:
        """Return f (S,), gradient (S, n) and Hessian (S, n, n) at the points (S, n) in one pass.

        The waves are products over the axes, so that the sum is done axis after axis: for few dimensions many times
        quicker than wave by wave.
        """
        x, n = self.points(x), self.n_dims
        reach = int(self._reach)
        k = np.arange(-reach, reach + 1)
        orders = [np.exp(1j * x[..., None] * k)]  # (S, n, K), then its first and second derivative
        orders += [orders[0] * (1j * k), orders[0] * -(k**2)]
        # part of the sum over the first axes, by how often it is differentiated along each of them
        sums: dict[tuple[int, ...], NDArray[np.complex128]] = {
            (d,): factor[:, 0, reach:] @ self._tensor.reshape(reach + 1, -1) for d, factor in enumerate(orders)
        }
        for axis in range(1, n):
            sums = {
                (*before, d): np.matmul(factor[:, axis, None, :], part.reshape(len(x), len(k), -1))[:, 0]
                for before, part in sums.items()
                for d, factor in enumerate(orders)
                if sum(before) + d <= 2
            }
        unit = np.eye(n, dtype=int)
        gradient = np.stack([sums[tuple(unit[i])][:, 0].real for i in range(n)], axis=-1)
        hessian = np.empty((*x.shape, n))
        for i, j in np.ndindex(n, n):
            hessian[:, i, j] = sums[tuple(unit[i] + unit[j])][:, 0].real
        return sums[(0,) * n][:, 0].real, gradient, hessian

    def gradient_grid(self, n_points: int) -> Array:
        """Return the gradient on the grid of ``n_points`` an axis from 0, (*(n_points,) * n, n), by Fourier transform.

        ``n_points`` is at least 2 ``wave_number`` x ``REACH`` + 1, so that every wave has its place.
        """
        reach, n = int(self._reach), self.n_dims
        if n_points <= 2 * reach:
            raise ValueError(
                tr(
                    "this field needs a grid of at least {least} points an axis, not {n}",
                    least=2 * reach + 1,
                    n=n_points,
                )
            )
        every = [np.arange(0 if axis == 0 else -reach, reach + 1) for axis in range(n)]
        place = np.ix_(*(k % n_points for k in every))
        gradient = np.empty((n_points,) * n + (n,))
        for axis, k in enumerate(every):
            spread = np.zeros((n_points,) * n, dtype=complex)
            along = k.reshape((-1,) + (1,) * (n - 1 - axis))
            spread[place] = 1j * along * self._tensor
            gradient[..., axis] = np.fft.ifftn(spread).real * n_points**n
        return gradient
