"""Classics whose neighbours in a chain of coordinates are coupled: banded Hessians."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.parameter import parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family


def _tridiagonal(diagonal: Array, beside: Array, v: Array) -> Array:
    """Return the symmetric matrix with this diagonal (..., n) and these neighbours (..., n-1), times ``v`` (..., n)."""
    product = diagonal * v
    product[..., :-1] += beside * v[..., 1:]
    product[..., 1:] += beside * v[..., :-1]
    return product


@dataclass(frozen=True)
class Rosenbrock(Family):
    """f = sum_{i<n} b (x_{i+1} - x_i^2)^2 + (a - x_i)^2: one curved valley through all dimensions.

    The minimum is (1, ..., 1) where a is 1 and (a, a^2) where n is 2; otherwise it is not listed. From n = 4 on there
    is a second one near (-1, 1, ..., 1) (Kok and Sandrock 2009), which is not listed either.

    >>> import numpy as np
    >>> value, gradient = Rosenbrock(n_dims=3).value_and_gradient([0.0, 0.0, 2.0])
    >>> float(value), gradient.tolist()
    (402.0, [-2.0, -2.0, 400.0])
    """

    a: float = parameter(1.0, 0.0, 2.0, mark("place of the minimum on the first axis"))
    b: float = parameter(100.0, 1.0, 1000.0, mark("steepness of the walls"), log=True, minimum=0.0)

    key, label = "rosenbrock", mark("Rosenbrock")
    teaches = mark(
        "A curved valley: down the walls at once, along the floor hardly at all, in any number of dimensions."
    )
    reference = "H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960"
    min_dims = 2
    box = -2.0, 2.0

    def _declared(self) -> tuple[Array, Array]:
        none = np.empty((0, self.n_dims))
        if self.n_dims == 2:
            return np.array([[self.a, self.a**2]]), none
        return (np.ones((1, self.n_dims)) if self.a == 1 else none), none

    def latex(self) -> str:
        return rf"\sum_{{i<n}} \left[{self.b:g} (x_{{i+1}} - x_i^2)^2 + ({self.a:g} - x_i)^2\right]"

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        head = x[..., :-1]
        rise, rest = x[..., 1:] - head**2, self.a - head
        value = np.einsum("...i,...i", rise, rise) * self.b + np.einsum("...i,...i", rest, rest)
        gradient = np.empty_like(x)
        push = 2 * self.b * rise
        gradient[..., 0] = 0.0
        gradient[..., 1:] = push
        gradient[..., :-1] -= 2 * (head * push + rest)
        return value, gradient

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        x = self.points(x)
        head = x[..., :-1]
        diagonal = np.zeros_like(x)
        diagonal[..., 1:] = 2 * self.b
        diagonal[..., :-1] += self.b * (12 * head**2 - 4 * x[..., 1:]) + 2
        return _tridiagonal(diagonal, -4 * self.b * head, self.points(v))


@dataclass(frozen=True)
class DixonPrice(Family):
    """f = (x_1 - 1)^2 + sum_{i>1} i (2 x_i^2 - x_{i-1})^2, least (0) at x_i = 2^(2^(1-i) - 1) and with -x_n."""

    key, label = "dixon_price", mark("Dixon-Price")
    teaches = mark("A chain of valleys with weights that grow along it; two mirror-image global minima.")
    reference = "L. C. W. Dixon and R. C. Price, Truncated Newton method, J. Optim. Theory Appl. 60, 1989"
    min_dims = 2
    box = -10.0, 10.0

    def _declared(self) -> tuple[Array, Array]:
        i = np.arange(1, self.n_dims + 1)
        minimum = 2.0 ** (2.0 ** (1.0 - i) - 1)
        mirrored = minimum.copy()
        mirrored[-1] *= -1
        return np.array([minimum, mirrored]), np.empty((0, self.n_dims))

    def latex(self) -> str:
        return r"(x_1 - 1)^2 + \sum_{i=2}^n i \left(2 x_i^2 - x_{i-1}\right)^2"

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        tail, weight = x[..., 1:], np.arange(2.0, self.n_dims + 1)
        rise = 2 * tail**2 - x[..., :-1]
        first = x[..., 0] - 1
        gradient = np.zeros_like(x)
        gradient[..., 1:] = 8 * weight * rise * tail
        gradient[..., :-1] -= 2 * weight * rise
        gradient[..., 0] += 2 * first
        return first**2 + (weight * rise**2).sum(axis=-1), gradient

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        x = self.points(x)
        tail, weight = x[..., 1:], np.arange(2.0, self.n_dims + 1)
        diagonal = np.zeros_like(x)
        diagonal[..., 1:] = weight * (48 * tail**2 - 8 * x[..., :-1])
        diagonal[..., :-1] += 2 * weight
        diagonal[..., 0] += 2
        return _tridiagonal(diagonal, -8 * weight * tail, self.points(v))


@dataclass(frozen=True)
class Trid(Family):
    """f = sum (x_i - 1)^2 - sum x_i x_{i-1}, convex, least at x_i = i (n + 1 - i), where f = -n (n+4) (n-1) / 6."""

    key, label = "trid", mark("Trid")
    teaches = mark(
        "A convex quadratic whose condition number grows like n²: slow without a saddle or a second minimum."
    )
    reference = "A. Neumaier; R. Adorio, MVF - Multivariate Test Functions Library in C, 2005"

    @property
    def box(self) -> tuple[float, float]:
        return -(float(self.n_dims) ** 2), float(self.n_dims) ** 2

    def _declared(self) -> tuple[Array, Array]:
        i = np.arange(1.0, self.n_dims + 1)
        return (i * (self.n_dims + 1 - i))[None], np.empty((0, self.n_dims))

    def latex(self) -> str:
        return r"\sum_i (x_i - 1)^2 - \sum_{i>1} x_i x_{i-1}"

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        x = self.points(x)
        gradient = self.hessian_vector_product(x, x) - 2
        value = ((x - 1) ** 2).sum(axis=-1) - np.einsum("...i,...i", x[..., 1:], x[..., :-1])
        return value, gradient

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return the Hessian, tridiagonal with 2 and -1 everywhere, times ``v``, (..., n)."""
        v = self.points(v)
        shape = np.broadcast_shapes(self.points(x).shape, v.shape)
        return _tridiagonal(np.full(shape, 2.0), np.array(-1.0), v)


@dataclass(frozen=True)
class Powell(Family):
    """Powell's singular function: per block of four (a + 10 b)^2 + 5 (c - d)^2 + (b - 2 c)^4 + 10 (a - d)^4.

    The only minimum is 0, where half of the Hessian's eigenvalues are zero. n is a multiple of 4.
    """

    n_dims: int = 4

    key, label = "powell", mark("Powell singular")
    teaches = mark("A minimum with a singular Hessian: near it every method slows down, and eigenvalues say 'flat'.")
    reference = "M. J. D. Powell, An iterative method for finding stationary values, Computer Journal 5, 1962"
    min_dims = 4
    box = -4.0, 5.0
    least = 0.0

    def _check(self) -> None:
        if self.n_dims % 4:
            raise ValueError(tr("'powell' needs a multiple of 4 dimensions, not {n}", n=self.n_dims))

    def latex(self) -> str:
        return (
            r"\sum_{\text{blocks}} (x_1 + 10 x_2)^2 + 5 (x_3 - x_4)^2 + (x_2 - 2 x_3)^4 + 10 (x_1 - x_4)^4,"
            r"\quad \text{blocks of four}"
        )

    def _blocks(self, x: Array) -> tuple[Array, Array, Array, Array]:
        blocks = x.reshape(*x.shape[:-1], self.n_dims // 4, 4)
        return blocks[..., 0], blocks[..., 1], blocks[..., 2], blocks[..., 3]

    def _join(self, sum_ab: Array, diff_cd: Array, diff_bc: Array, diff_ad: Array) -> Array:
        """Return the derivative by (a, b, c, d) from those by a + 10 b, c - d, b - 2 c and a - d."""
        parts = [sum_ab + diff_ad, 10 * sum_ab + diff_bc, diff_cd - 2 * diff_bc, -diff_cd - diff_ad]
        joined = np.stack(parts, axis=-1)
        return joined.reshape(*joined.shape[:-2], self.n_dims)

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        a, b, c, d = self._blocks(self.points(x))
        p, q, r, s = a + 10 * b, c - d, b - 2 * c, a - d
        value = (p**2 + 5 * q**2 + r**4 + 10 * s**4).sum(axis=-1)
        return value, self._join(2 * p, 10 * q, 4 * r**3, 40 * s**3)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        a, b, c, d = self._blocks(self.points(x))
        va, vb, vc, vd = self._blocks(np.asarray(v, dtype=float))
        return self._join(
            2 * (va + 10 * vb),
            10 * (vc - vd),
            12 * (b - 2 * c) ** 2 * (vb - 2 * vc),
            120 * (a - d) ** 2 * (va - vd),
        )
