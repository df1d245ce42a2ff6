"""Sums of one function of each coordinate: all critical points are products of those of one axis."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark
from landscape.parameter import parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family

MAX_LISTED = 1000
"""The most critical points that a separable surface lists; beyond it only the global minimum is."""


@dataclass(frozen=True)
class Separable(Family):
    """f(x) = sum_i phi_i(x_i): a diagonal Hessian, and exact counts of critical points.

    With a minima and b maxima on an axis there are C(n, k) a^(n-k) b^k critical points of index k, (a + b)^n in all.
    """

    @abstractmethod
    def terms(self, x: Array) -> tuple[Array, Array, Array]:
        """Return phi_i(x_i), its slope and its curvature at the points (..., n), each (..., n)."""

    @property
    @abstractmethod
    def axis_points(self) -> tuple[Array, Array]:
        """The minima (deepest first) and the maxima of phi on one axis within the domain."""

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        value, slope, _ = self.terms(self.points(x))
        return value.sum(axis=-1), slope

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return the Hessian times ``v``, (..., n): the curvatures times the coordinates of ``v``."""
        return self.terms(self.points(x))[2] * np.asarray(v, dtype=float)

    def counts(self) -> tuple[int, ...]:
        """Return the exact number of critical points in the domain of index 0, 1, ..., n.

        >>> StyblinskiTang(n_dims=3).counts()
        (8, 12, 6, 1)
        """
        n, (minima, maxima) = self.n_dims, self.axis_points
        return tuple(comb(n, k) * len(minima) ** (n - k) * len(maxima) ** k for k in range(n + 1))

    def _declared(self) -> tuple[Array, Array]:
        lowest, highest = self.axis_points
        every = np.concatenate([lowest, highest])
        if not _few(len(lowest), self.n_dims):
            return np.full((1, self.n_dims), lowest[0]), self._one_saddle(lowest, highest)
        minima = _products(lowest, self.n_dims)
        minima = minima[np.argsort(self.value(minima), kind="stable")]
        if not _few(len(every), self.n_dims):
            return minima, self._one_saddle(lowest, highest)
        points = _products(every, self.n_dims)
        return minima, points[np.isin(points, highest).any(axis=-1)]

    def _one_saddle(self, lowest: Array, highest: Array) -> Array:
        """Return one of more saddles than can be listed, (1, n): a third of the coordinates sit on a maximum."""
        if not len(highest):
            return np.empty((0, self.n_dims))
        saddle = np.full((1, self.n_dims), lowest[0])
        saddle[0, : max(1, self.n_dims // 3)] = highest[0]
        return saddle


def _few(n_points: int, n_dims: int) -> bool:
    return n_points == 1 or n_dims * np.log(n_points) <= np.log(MAX_LISTED)


def _products(axis: Array, n_dims: int) -> Array:
    return np.full((1, n_dims), axis[0]) if len(axis) == 1 else np.array(list(product(axis, repeat=n_dims)))


@dataclass(frozen=True)
class Rastrigin(Separable):
    """f = A n + sum x^2 - A cos(2 pi x): 11 minima and 10 maxima an axis within 5.12 of 0 where A is 10."""

    amplitude: float = parameter(10.0, 0.0, 20.0, mark("depth of the ripples"), minimum=0.0)

    key, label = "rastrigin", mark("Rastrigin")
    teaches = mark("Of 21ⁿ critical points only one is the global minimum, and most are saddles.")
    reference = mark("L. A. Rastrigin, Systems of Extremal Control, 1974; n-dimensional form: Muehlenbein et al. 1991")
    box = -5.12, 5.12

    def latex(self) -> str:
        a = f"{self.amplitude:g}"
        return rf"{a} n + \sum_i \left[x_i^2 - {a} \cos(2 \pi x_i)\right]"

    def terms(self, x: Array) -> tuple[Array, Array, Array]:
        turn, a = 2 * np.pi, self.amplitude
        cosine = np.cos(turn * x)
        return a + x**2 - a * cosine, 2 * x + a * turn * np.sin(turn * x), 2 + a * turn**2 * cosine

    @cached_property
    def axis_points(self) -> tuple[Array, Array]:
        """The minima and the maxima of x^2 - A cos(2 pi x) within 5.12 of 0, found by bracketing the slope."""
        from scipy.optimize import brentq

        def slope(x: float) -> float:
            return x + self.amplitude * np.pi * np.sin(2 * np.pi * x)

        # Between neighbouring zeros of the slope's curvature the slope is monotonic: at most one zero each.
        share = 1 / (2 * np.pi**2 * self.amplitude) if self.amplitude else np.inf
        edges = [0.0, 5.12]
        if share < 1:
            bend = np.arccos(-share) / (2 * np.pi)
            edges += [e for k in range(7) for e in (k + bend, k - bend) if 0 < e < 5.12]
        edges.sort()
        found = [0.0]
        for low, high in pairwise(edges):
            if low > 0 and slope(low) * slope(high) < 0:
                found.append(brentq(slope, low, high, xtol=1e-15))
        points = np.array(found)
        curvature = 1 + 2 * np.pi**2 * self.amplitude * np.cos(2 * np.pi * points)
        minima, maxima = points[curvature > 0], points[curvature < 0]
        both_sides = np.concatenate([[0.0], *([m, -m] for m in minima if m > 0)])
        return both_sides, np.concatenate([[m, -m] for m in maxima]) if len(maxima) else maxima


@dataclass(frozen=True)
class StyblinskiTang(Separable):
    """f = 1/2 sum (x^4 - 16 x^2 + 5 x): 3^n critical points, a (2/3)^n share of them minima."""

    key, label = "styblinski_tang", mark("Styblinski-Tang")
    teaches = mark("Two wells and one hump an axis: the share of minima among the critical points falls like (2/3)ⁿ.")
    reference = "M. A. Styblinski and T.-S. Tang, Experiments in nonconvex optimization, Neural Networks 3, 1990"
    box = -5.0, 5.0

    def latex(self) -> str:
        return r"\frac{1}{2} \sum_i \left(x_i^4 - 16 x_i^2 + 5 x_i\right)"

    def terms(self, x: Array) -> tuple[Array, Array, Array]:
        return (x**4 - 16 * x**2 + 5 * x) / 2, 2 * x**3 - 16 * x + 2.5, 6 * x**2 - 16

    @property
    def axis_points(self) -> tuple[Array, Array]:
        """The roots of 2 x^3 - 16 x + 5/2: the outer ones are minima, the middle one is a maximum."""
        low, middle, high = np.sort(np.roots([2.0, 0.0, -16.0, 2.5]).real)
        return np.array([low, high]), np.array([middle])


@dataclass(frozen=True)
class SumOfCosines(Separable):
    """f = sum cos(x): on one period C(n, k) critical points of index k, one minimum and one maximum among 2^n."""

    key, label = "sum_of_cosines", mark("Sum of cosines")
    teaches = mark(
        "The share of critical points of index k is binomial: nearly all are saddles with half the directions down."
    )
    reference = mark("the simplest Morse function on the n-torus")
    box = -np.pi / 2, 3 * np.pi / 2

    def latex(self) -> str:
        return r"\sum_i \cos x_i"

    def terms(self, x: Array) -> tuple[Array, Array, Array]:
        cosine = np.cos(x)
        return cosine, -np.sin(x), -cosine

    @property
    def axis_points(self) -> tuple[Array, Array]:
        """The minimum at pi and the maximum at 0."""
        return np.array([np.pi]), np.array([0.0])


@dataclass(frozen=True)
class Levy(Family):
    """f = sin^2(pi w_1) + sum_{i<n} (w_i - 1)^2 (1 + 10 sin^2(pi w_i + 1)) + (w_n - 1)^2 (1 + sin^2(2 pi w_n)).

    w = 1 + (x - 1) / 4. Separable as well, but the first and the last coordinate have their own terms. The global
    minimum is (1, ..., 1).
    """

    key, label = "levy", mark("Levy")
    teaches = mark("Ripples on a bowl: a separable surface whose many minima stay shallow near the global one.")
    reference = "A. V. Levy and A. Montalvo, The tunneling algorithm, SIAM J. Sci. Stat. Comput. 6, 1985"
    box = -10.0, 10.0
    least = 1.0

    def latex(self) -> str:
        return (
            r"\sin^2(\pi w_1) + \sum_{i<n} (w_i-1)^2 \left[1 + 10 \sin^2(\pi w_i + 1)\right]"
            r" + (w_n-1)^2 \left[1 + \sin^2(2 \pi w_n)\right],\quad w_i = 1 + \frac{x_i - 1}{4}"
        )

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        value, slope, _ = self._terms(self.points(x))
        return value.sum(axis=-1), slope

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        return self._terms(self.points(x))[2] * np.asarray(v, dtype=float)

    def _terms(self, x: Array) -> tuple[Array, Array, Array]:
        w = 1 + (x - 1) / 4
        u = w - 1
        share = np.full(self.n_dims, 10.0)
        rate = np.full(self.n_dims, np.pi)
        shift = np.ones(self.n_dims)
        share[-1], rate[-1], shift[-1] = 1.0, 2 * np.pi, 0.0
        angle = 2 * (rate * w + shift)
        # sin^2 = (1 - cos of the doubled angle) / 2
        ripple = 1 + share * (1 - np.cos(angle)) / 2
        ripple1, ripple2 = share * rate * np.sin(angle), 2 * share * rate**2 * np.cos(angle)
        value = u**2 * ripple
        slope = 2 * u * ripple + u**2 * ripple1
        curvature = 2 * ripple + 4 * u * ripple1 + u**2 * ripple2
        first = 2 * np.pi * w[..., 0]
        value[..., 0] += (1 - np.cos(first)) / 2
        slope[..., 0] += np.pi * np.sin(first)
        curvature[..., 0] += 2 * np.pi**2 * np.cos(first)
        return value, slope / 4, curvature / 16
