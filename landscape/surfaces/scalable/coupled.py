"""Classics where every coordinate meets every other, through one sum or one product: O(n) all the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark
from landscape.parameter import parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family


def _dot(a: Array, b: Array) -> Array:
    """Return the scalar products over the last axis, kept as an axis of length 1."""
    return np.einsum("...i,...i", a, b)[..., None]


@dataclass(frozen=True)
class Ackley(Family):
    """f = -a exp(-b sqrt(mean x^2)) - exp(mean cos(c x)) + a + e, least (0) at 0, where it has a kink.

    At 0 the gradient is given as 0, which belongs to the subdifferential; second derivatives there are NaN.
    """

    a: float = parameter(20.0, 1.0, 50.0, mark("depth of the funnel"), minimum=0.0)
    b: float = parameter(0.2, 0.01, 1.0, mark("steepness of the funnel"), log=True, minimum=0.0)
    c: float = parameter(2 * np.pi, 0.0, 15.0, mark("wave number of the ripples"), minimum=0.0)

    key, label = "ackley", mark("Ackley")
    teaches = mark(
        "Nearly flat far out, a funnel in the middle: the higher the dimension, the smaller the gradient on the way."
    )
    reference = "D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987"
    smooth = False
    box = -32.768, 32.768
    least = 0.0

    def latex(self) -> str:
        a, b, c = (f"{number:.6g}" for number in (self.a, self.b, self.c))
        return (
            rf"-{a} \exp\left(-{b} \sqrt{{\tfrac1n \sum_i x_i^2}}\right)"
            rf" - \exp\left(\tfrac1n \sum_i \cos {c} x_i\right) + {a} + e"
        )

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        n = self.n_dims
        r = np.sqrt(_dot(x, x) / n)
        funnel = self.a * np.exp(-self.b * r)
        ripple = np.exp(np.cos(self.c * x).mean(axis=-1, keepdims=True))
        away = np.divide(x, r, out=np.zeros_like(x), where=r > 0)
        gradient = (self.b * funnel * away + self.c * ripple * np.sin(self.c * x)) / n
        return (self.a + np.e - funnel - ripple)[..., 0], gradient

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        x, v = self.points(x), np.asarray(v, dtype=float)
        n = self.n_dims
        r = np.sqrt(_dot(x, x) / n)
        r = np.where(r > 0, r, np.nan)  # a kink has no second derivative
        slope = self.a * self.b * np.exp(-self.b * r)
        ripple = np.exp(np.cos(self.c * x).mean(axis=-1, keepdims=True))
        sine = np.sin(self.c * x)
        funnel_part = slope / r * (v - x * _dot(x, v) * (1 / r + self.b) / (n * r))
        ripple_part = self.c**2 * ripple * (np.cos(self.c * x) * v - sine * _dot(sine, v) / n)
        return (funnel_part + ripple_part) / n


@dataclass(frozen=True)
class Griewank(Family):
    """f = 1 + sum x_i^2 / 4000 - prod cos(x_i / sqrt(i)), least (0) at 0."""

    key, label = "griewank", mark("Griewank")
    teaches = mark("It gets easier with dimension: the product of cosines vanishes and a bowl is left.")
    reference = "A. O. Griewank, Generalized descent for global optimization, J. Optim. Theory Appl. 34, 1981"
    box = -10.0, 10.0
    least = 0.0

    def latex(self) -> str:
        return r"1 + \sum_i \frac{x_i^2}{4000} - \prod_i \cos\frac{x_i}{\sqrt{i}}"

    def _product(self, x: Array) -> tuple[Array, Array, Array]:
        """Return the product of cosines (..., 1), and tan(x_i / sqrt(i)) / sqrt(i) and 1 / i, which are (..., n), (n,).

        No floating-point number is a zero of the cosine, so that the tangents are finite.
        """
        scale = 1 / np.sqrt(np.arange(1.0, self.n_dims + 1))
        angle = x * scale
        return np.cos(angle).prod(axis=-1, keepdims=True), np.tan(angle) * scale, scale**2

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        product, tangent, _ = self._product(x)
        return 1 + _dot(x, x)[..., 0] / 4000 - product[..., 0], x / 2000 + product * tangent

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return the Hessian, I / 2000 + P (diag(1/i + t^2) - t t'), times ``v``, (..., n).

        Where a cosine is nearly zero its tangent is huge and t_i^2 v_i would cancel: the sum leaves i out instead.
        """
        v = np.asarray(v, dtype=float)
        product, tangent, share = self._product(self.points(x))
        each = tangent * v
        others = np.zeros(each.shape)
        others[..., 1:] += np.cumsum(each, axis=-1)[..., :-1]
        others[..., :-1] += np.cumsum(each[..., ::-1], axis=-1)[..., -2::-1]
        return v / 2000 + product * (share * v - tangent * others)


@dataclass(frozen=True)
class Zakharov(Family):
    """f = sum x_i^2 + s^2 + s^4 with s = 1/2 sum i x_i, convex, least (0) at 0."""

    key, label = "zakharov", mark("Zakharov")
    teaches = mark("One single steep direction among n gentle ones: a condition number that grows with n³.")
    reference = "L. A. Rastrigin and Yu. A. Zakharov; Rahnamayan et al., Soft Computing 11, 2007"
    box = -5.0, 10.0
    least = 0.0

    def latex(self) -> str:
        return r"\sum_i x_i^2 + s^2 + s^4,\quad s = \tfrac12 \sum_i i\, x_i"

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        slope = np.arange(1.0, self.n_dims + 1) / 2
        s = _dot(x, slope)
        return (_dot(x, x) + s**2 + s**4)[..., 0], 2 * x + (2 * s + 4 * s**3) * slope

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        x, v = self.points(x), np.asarray(v, dtype=float)
        slope = np.arange(1.0, self.n_dims + 1) / 2
        return 2 * v + (2 + 12 * _dot(x, slope) ** 2) * _dot(v, slope) * slope
