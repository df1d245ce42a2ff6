"""Saddles of a chosen index and spectrum in any number of dimensions, and a plateau with a floor of chosen slope."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import mark, tr, trn
from landscape.parameter import parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family

MAX_LISTED_INDEX = 4
"""Up to this index all 3^index critical points are listed; beyond it the saddle and two of the minima."""


@dataclass(frozen=True)
class SpectralSaddle(Family):
    """f = 1/2 sum_i l_i z_i^2 + wall/4 sum_i z_i^4 with z = Q x: a critical point at 0 with the eigenvalues l.

    The first ``index`` eigenvalues are negative. Along them the wall ends the fall at z_i = +-sqrt(-l_i / wall), where
    the curvature is -2 l_i: with k = ``index`` and no zero eigenvalue there are 3^k critical points, C(k, j) 2^(k-j)
    of index j, and 2^k minima. With ``wall`` 0 the surface falls without end.

    Q is the identity, or with ``rotated`` an orthogonal map that mixes all coordinates: random signs drawn from
    ``seed``, then the orthonormal cosine transform, so that it costs n log n and no matrix.
    """

    wall: float = parameter(1.0, 0.0, 10.0, mark("quartic wall that ends the fall (0: none)"), minimum=0.0)
    rotated: bool = parameter(False, 0, 1, mark("turn the axes away from the coordinates"), boolean=True)
    seed: int = parameter(0, 0, 100, mark("which rotation"), integer=True, minimum=0)

    smooth = True

    @abstractmethod
    def _spectrum(self) -> Array:
        """Return the eigenvalues at 0, (n,), the negative ones first."""

    @cached_property
    def eigenvalues(self) -> Array:
        """Eigenvalues of the Hessian at 0, (n,), the negative ones first, in the order of ``modes``."""
        spectrum = self._spectrum()
        spectrum.setflags(write=False)
        return spectrum

    @cached_property
    def _signs(self) -> Array:
        return np.random.default_rng([self.seed, 7]).choice([-1.0, 1.0], size=self.n_dims)

    def modes(self, x: ArrayLike) -> Array:
        """Return Q x: the coordinates of ``x`` (..., n) along the eigenvectors at 0, (..., n)."""
        x = self.points(x)
        if not self.rotated:
            return x
        from scipy.fft import dct

        return dct(self._signs * x, norm="ortho", axis=-1)

    def from_modes(self, z: ArrayLike) -> Array:
        """Return the points (..., n) that have the coordinates ``z`` (..., n) along the eigenvectors at 0."""
        z = self.points(z)
        if not self.rotated:
            return z
        from scipy.fft import idct

        return self._signs * idct(z, norm="ortho", axis=-1)

    def unstable(self) -> NDArray[np.bool_]:
        """Return the mask (n,) of the modes that fall at 0."""
        return self.eigenvalues < 0

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        z = self.modes(x)
        square = z * z
        value = square @ (self.eigenvalues / 2) + self.wall / 4 * np.einsum("...i,...i", square, square)
        return value, self.from_modes((self.eigenvalues + self.wall * square) * z)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        return self.from_modes((self.eigenvalues + 3 * self.wall * self.modes(x) ** 2) * self.modes(v))

    @property
    def box(self) -> tuple[float, float]:
        lowest = float(self.eigenvalues.min())
        reach = math.sqrt(-lowest / self.wall) if self.wall and lowest < 0 else 1.0
        return -1.5 * reach, 1.5 * reach

    def _declared(self) -> tuple[Array, Array]:
        n = self.n_dims
        falling = np.flatnonzero(self.eigenvalues < 0)
        k = len(falling)
        flat = bool(np.any(self.eigenvalues == 0))
        if k == 0:
            origin = np.zeros((1, n))
            return (np.empty((0, n)), origin) if flat and not self.wall else (origin, np.empty((0, n)))
        if not self.wall:
            return np.empty((0, n)), np.zeros((1, n))
        patterns = np.array(
            list(product((1, 0, -1), repeat=k)) if k <= MAX_LISTED_INDEX else [[1] * k, [0] * k, [-1] * k]
        )
        z = np.zeros((len(patterns), n))
        z[:, falling] = patterns * np.sqrt(-self.eigenvalues[falling] / self.wall)
        resting = np.all(patterns != 0, axis=1)
        points = self.from_modes(z)
        return points[resting], points[~resting]

    def latex(self) -> str:
        where = r"z = Q x" if self.rotated else r"z = x"
        wall = rf" + \frac{{{self.wall:g}}}{{4}} \sum_i z_i^4" if self.wall else ""
        k = int(np.sum(self.unstable()))
        return rf"\frac12 \sum_i \lambda_i z_i^2{wall},\quad {where},\ \lambda_1 \dots \lambda_{{{k}}} < 0"


def _check_index(index: int, n_dims: int) -> None:
    if index > n_dims:
        raise ValueError(
            tr("a saddle in {n} dimensions has an index of at most {n}, not {index}", n=n_dims, index=index)
        )


_REFERENCE = mark("Y. Dauphin et al., Identifying and attacking the saddle point problem, NeurIPS 2014, section 2")


@dataclass(frozen=True)
class TwoPointSaddle(SpectralSaddle):
    """A spectrum of two values: ``index`` eigenvalues at ``-falling``, the others at ``rising``."""

    n_dims: int = 10
    index: int = parameter(3, 0, 10_000, mark("number of directions that fall"), integer=True, minimum=0)
    falling: float = parameter(1.0, 1e-3, 10.0, mark("size of the negative eigenvalues"), log=True, minimum=1e-300)
    rising: float = parameter(1.0, 1e-3, 10.0, mark("size of the positive eigenvalues"), log=True, minimum=0.0)

    key, label = "two_point_saddle", mark("Saddle, two curvatures")
    teaches = mark(
        "How long a saddle holds a path depends on how little of it lies along the falling directions at the start."
    )
    reference = _REFERENCE

    def _check(self) -> None:
        _check_index(self.index, self.n_dims)

    def _spectrum(self) -> Array:
        return np.where(np.arange(self.n_dims) < self.index, -self.falling, self.rising)


@dataclass(frozen=True)
class PowerLawSaddle(SpectralSaddle):
    """Sizes j^(-exponent), j = 1, 2, ... on either side of zero: ``index`` negative ones, n - ``index`` positive."""

    n_dims: int = 10
    index: int = parameter(3, 0, 10_000, mark("number of directions that fall"), integer=True, minimum=0)
    exponent: float = parameter(1.0, 0.0, 3.0, mark("how fast the eigenvalues fall off"), minimum=0.0)

    key, label = "power_law_saddle", mark("Saddle, power-law spectrum")
    teaches = mark(
        "A few steep directions and very many nearly flat ones, as networks have: a saddle that looks like a plateau."
    )
    reference = _REFERENCE

    def _check(self) -> None:
        _check_index(self.index, self.n_dims)

    def _spectrum(self) -> Array:
        falling = np.arange(1.0, self.index + 1) ** -self.exponent
        rising = np.arange(1.0, self.n_dims - self.index + 1) ** -self.exponent
        return np.concatenate([-falling, rising])


@dataclass(frozen=True)
class SemicircleSaddle(SpectralSaddle):
    """The quantiles of Wigner's semicircle of ``radius``, shifted so that exactly ``index`` of them are negative."""

    n_dims: int = 10
    index: int = parameter(3, 0, 10_000, mark("number of directions that fall"), integer=True, minimum=0)
    radius: float = parameter(1.0, 0.1, 10.0, mark("radius of the semicircle"), log=True, minimum=1e-300)

    key, label = "semicircle_saddle", mark("Saddle, semicircle spectrum")
    teaches = mark(
        "The spectrum of a random symmetric matrix: energy shifts it, and the index is what lies left of zero."
    )
    reference = "A. J. Bray and D. S. Dean, Statistics of critical points of Gaussian fields, Phys. Rev. Lett. 98, 2007"

    def _check(self) -> None:
        _check_index(self.index, self.n_dims)

    def _spectrum(self) -> Array:
        from scipy.special import betaincinv

        def quantile(share: ArrayLike) -> Array:
            return self.radius * (2 * betaincinv(1.5, 1.5, share) - 1)  # a semicircle is a stretched Beta(3/2, 3/2)

        return quantile((np.arange(self.n_dims) + 0.5) / self.n_dims) - quantile(self.index / self.n_dims)


@dataclass(frozen=True)
class QuadraticSaddle(SpectralSaddle):
    """A spectrum given number by number: ``eigenvalues_given`` in any order.

    Raises ``ValueError`` for an empty spectrum or one with NaN or infinity.

    >>> QuadraticSaddle.of([2.0, -1.0, 0.5]).eigenvalues.tolist()
    [-1.0, 0.5, 2.0]
    """

    n_dims: int = field(init=False)
    spectrum: tuple[float, ...] = (-1.0, 1.0)

    key, label = "quadratic_saddle", mark("Saddle, chosen spectrum")
    teaches = mark("The eigenvalues of the Hessian say everything about a quadratic: choose them and see.")
    reference = _REFERENCE

    def __post_init__(self) -> None:
        try:
            given = np.sort(np.asarray(self.spectrum, dtype=float).ravel())
        except (TypeError, ValueError):
            raise TypeError(tr("a spectrum is a list of numbers, not {given}", given=repr(self.spectrum))) from None
        if given.size == 0:
            raise ValueError(tr("a spectrum needs at least one eigenvalue"))
        if not np.isfinite(given).all():
            raise ValueError(
                trn(
                    "a spectrum must be finite; {n} of its values is not",
                    "a spectrum must be finite; {n} of its values are not",
                    int(np.sum(~np.isfinite(given))),
                )
            )
        object.__setattr__(self, "spectrum", tuple(given.tolist()))
        object.__setattr__(self, "n_dims", given.size)
        super().__post_init__()

    @classmethod
    def of(cls, spectrum: ArrayLike, **settings: Any) -> QuadraticSaddle:
        """Return the saddle with these eigenvalues."""
        return cls(spectrum=spectrum, **settings)  # type: ignore[arg-type]

    def _spectrum(self) -> Array:
        return np.array(self.spectrum)

    def recipe(self) -> dict[str, Any]:
        return {"name": self.key, "settings": {"spectrum": list(self.spectrum)} | dict(self.settings)}


@dataclass(frozen=True)
class FlatFloor(Family):
    """A plateau: where |s| < ``length`` and r < ``radius`` sqrt(n) the gradient norm is ``slope`` everywhere.

    s is the coordinate of x along the diagonal (1, ..., 1) / sqrt(n), r the distance from that line. The floor is a
    plane, f = -slope s, its Hessian 0. Behind its end there is a drop, ``depth`` deep at most, to the minimum; at its
    other end and beyond its radius a cubic wall rises. f is twice continuously differentiable.

    With u = s - length > 0 the drop is -depth (4 u^3 - 3 u^4) + c u^3 r^2 / 2, c = depth / (n radius^2): it narrows to
    one minimum on the line, at u = 1 where the slope is 0.
    """

    n_dims: int = 10
    slope: float = parameter(1e-3, 1e-6, 1.0, mark("gradient norm on the floor"), log=True, minimum=0.0)
    length: float = parameter(1.0, 0.1, 10.0, mark("half length of the floor"), minimum=0.0)
    radius: float = parameter(1.0, 0.1, 10.0, mark("radius of the floor, over sqrt(n)"), minimum=1e-6)
    depth: float = parameter(1.0, 0.1, 10.0, mark("depth of the drop behind it"), minimum=1e-300)

    key, label = "flat_floor", mark("Plateau in n dimensions")
    teaches = mark(
        "A small gradient and no critical point: gradient descent needs the floor's length / (learning rate × slope)"
        " steps to cross it."
    )
    reference = mark("the plateau of the lecture, with a gradient norm that can be chosen")

    @property
    def box(self) -> tuple[float, float]:
        reach = max(self.radius, self.length / math.sqrt(self.n_dims))
        return -reach, reach + 2 / math.sqrt(self.n_dims)

    def _declared(self) -> tuple[Array, Array]:
        # slope of the drop: 12 depth u^2 (u - 1) - slope = 0, with one root beyond u = 1
        roots = np.roots([12 * self.depth, -12 * self.depth, 0.0, -self.slope])
        u = float(max(roots[np.abs(roots.imag) < 1e-9].real))
        return np.full((1, self.n_dims), (self.length + u) / math.sqrt(self.n_dims)), np.empty((0, self.n_dims))

    def latex(self) -> str:
        return (
            rf"-{self.slope:g} s - {self.depth:g} (4 u_+^3 - 3 u_+^4) + (-s - {self.length:g})_+^3"
            rf" + (r - {self.radius:g} \sqrt n)_+^3 + \tfrac{{c}}{{2}} u_+^3 r^2,\quad u = s - {self.length:g},"
            rf"\ s = \tfrac{{1}}{{\sqrt n}} \sum_i x_i,\ r^2 = |x|^2 - s^2,\ c = {self._narrowing:.3g}"
        )

    @property
    def _narrowing(self) -> float:
        return self.depth / (self.n_dims * self.radius**2)

    def _parts(self, x: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Return s, u_+, how far behind the other end, x across the line (..., n) and its length r."""
        s = x.sum(axis=-1, keepdims=True) / math.sqrt(self.n_dims)
        across = x - s / math.sqrt(self.n_dims)
        r = np.linalg.norm(across, axis=-1, keepdims=True)
        return s, np.maximum(s - self.length, 0), np.maximum(-s - self.length, 0), across, r

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        s, u, back, across, r = self._parts(self.points(x))
        out = np.maximum(r - self.radius * math.sqrt(self.n_dims), 0)
        c = self._narrowing
        value = -self.slope * s - self.depth * u**3 * (4 - 3 * u) + back**3 + out**3 + c / 2 * u**3 * r**2
        along = -self.slope - 12 * self.depth * u**2 * (1 - u) - 3 * back**2 + 1.5 * c * u**2 * r**2
        outward = np.divide(across, r, out=np.zeros_like(across), where=r > 0)
        return value[..., 0], along / math.sqrt(self.n_dims) + 3 * out**2 * outward + c * u**3 * across

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        v = np.asarray(v, dtype=float)
        _, u, back, across, r = self._parts(self.points(x))
        out = np.maximum(r - self.radius * math.sqrt(self.n_dims), 0)
        v_along = v.sum(axis=-1, keepdims=True) / math.sqrt(self.n_dims)
        v_across = v - v_along / math.sqrt(self.n_dims)
        outward = np.divide(across, r, out=np.zeros_like(across), where=r > 0)
        radial = (outward * v_across).sum(axis=-1, keepdims=True)
        bend = np.divide(3 * out**2, r, out=np.zeros_like(r), where=r > 0)
        c = self._narrowing
        along = (36 * self.depth * u**2 - 24 * self.depth * u + 6 * back + 3 * c * u * r**2) * v_along
        along += 3 * c * u**2 * r * radial
        sideways = 6 * out * radial * outward + bend * (v_across - radial * outward)
        sideways += c * u**2 * (u * v_across + 3 * v_along * across)
        return along / math.sqrt(self.n_dims) + sideways
