"""A student network that learns a teacher network: the loss over all Gaussian inputs, in closed form."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark
from landscape.parameter import check_fields, parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family

# Above this |cos| the sine is not taken from 1 - cos^2, which has lost three digits there.
NEARLY_PARALLEL = 0.999


@dataclass(frozen=True)
class TeacherStudent(Family):
    """f(W) = E (sum_i relu(w_i x) - sum_j relu(v_j x))^2 / 2 over x ~ N(0, I), teacher v_j the unit vectors of R^k.

    With g(w, u) = E relu(w x) relu(u x) = |w| |u| (sin t + (pi - t) cos t) / 2 pi, t the angle between them,
    f = sum_ij g(w_i, w_j) / 2 - sum_ij g(w_i, v_j) + sum_ij g(v_i, v_j) / 2: no sampling. Every minimum of value 0
    has the teacher's vectors as its rows, or splits of them; for k = 6 and above with as many neurons as the teacher
    has there are others, and one neuron more makes them rare. A point is the rows w_1, w_2, ... in R^k.

    I. Safran and O. Shamir, "Spurious Local Minima are Common in Two-Layer ReLU Neural Networks", ICML 2018, eq. (4).
    """

    n_dims: int = field(init=False)
    teacher: int = parameter(8, 2, 20, mark("neurons of the teacher, and inputs"), integer=True, minimum=1, maximum=500)
    neurons: int = parameter(8, 2, 24, mark("neurons of the student"), integer=True, minimum=1, maximum=500)

    key, label = "teacher_student", mark("Teacher and student")
    teaches = mark("Bad local minima exist, and a little more width than is needed removes them.")
    reference = "I. Safran and O. Shamir, Spurious local minima are common in two-layer ReLU neural networks, ICML 2018"
    box = -1.5, 1.5

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "n_dims", self.teacher * self.neurons)
        super().__post_init__()

    def latex(self) -> str:
        return (
            r"\tfrac12\, \mathbb{E}_{x \sim \mathcal{N}(0, I)} \Big(\sum_{i=1}^{" + str(self.neurons)
            + r"} [w_i^\top x]_+ - \sum_{j=1}^{" + str(self.teacher) + r"} [x_j]_+\Big)^2"
        )  # fmt: skip

    def starts(self, n: int, seed: int = 0) -> Array:
        """Return ``n`` points with Gaussian entries of variance 1 / k (Xavier's), each from its own seed."""
        rngs = (np.random.default_rng([seed, i]) for i in range(n))
        return np.array([rng.standard_normal(self.n_dims) for rng in rngs]) / np.sqrt(self.teacher)

    def _declared(self) -> tuple[Array, Array]:
        """The teacher itself, where the student has as many neurons or more: the spare ones share its first vector."""
        if self.neurons < self.teacher:
            return np.empty((0, self.n_dims)), np.empty((0, self.n_dims))
        spare = self.neurons - self.teacher
        rows = np.eye(self.teacher)[[*range(self.teacher), *[0] * spare]]
        rows[rows[:, 0] > 0] /= 1 + spare
        return rows.reshape(1, -1), np.empty((0, self.n_dims))

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        w = self._rows(x)
        v = np.eye(self.teacher)
        among, towards = _Pairs(w, w), _Pairs(w, v)
        k = self.teacher
        own = k / 2 + k * (k - 1) / (2 * np.pi)  # sum of g over the teacher's pairs, which are orthonormal
        value = 0.5 * among.g().sum(axis=(-1, -2)) - towards.g().sum(axis=(-1, -2)) + 0.5 * own
        gradient = among.slope() - towards.slope()
        return value, gradient.reshape(*w.shape[:-2], self.n_dims)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        w, r_w = np.broadcast_arrays(self._rows(x), self._rows(v))
        teacher = np.eye(self.teacher)
        product = _Pairs(w, w).slope_tangent(r_w, r_w) - _Pairs(w, teacher).slope_tangent(r_w, np.zeros_like(teacher))
        return product.reshape(*w.shape[:-2], self.n_dims)

    def _rows(self, x: ArrayLike) -> Array:
        points = self.points(x)
        return points.reshape(*points.shape[:-1], self.neurons, self.teacher)


class _Pairs:
    """Lengths, angles and unit vectors of all pairs of rows of ``w`` (..., n, k) with rows of ``u`` (..., q, k)."""

    def __init__(self, w: Array, u: Array) -> None:
        self.w, self.u = w, u
        self.w_length, self.u_length = (np.linalg.norm(a, axis=-1, keepdims=True) for a in (w, u))
        self.w_hat, self.u_hat = w / self.w_length, u / self.u_length
        self.cos = self.w_hat @ self.u_hat.swapaxes(-1, -2)
        self.sin = self._sine()
        self.angle = np.arctan2(self.sin, self.cos)

    def _sine(self) -> Array:
        """Return |u_hat - cos w_hat| where 1 - cos^2 would cancel, its root elsewhere."""
        sine = np.sqrt(np.maximum((1.0 - self.cos) * (1.0 + self.cos), 0.0))
        near = np.nonzero(np.abs(self.cos) > NEARLY_PARALLEL)
        *outer, i, j = near
        w_hat = self.w_hat[(*outer, i)]
        u_hat = self.u_hat[(*outer, j) if self.u_hat.ndim == self.cos.ndim else (j,)]
        sine[near] = np.linalg.norm(u_hat - self.cos[near][:, None] * w_hat, axis=-1)
        return sine

    def across(self) -> Array:
        """Return the part of each u_hat across each w_hat, (..., n, q, k); its length is the sine."""
        return self.u_hat[..., None, :, :] - self.cos[..., None] * self.w_hat[..., :, None, :]

    def g(self) -> Array:
        """Return E relu(w x) relu(u x) of each pair, (..., n, q)."""
        lengths = self.w_length * self.u_length.swapaxes(-1, -2)
        return lengths * (self.sin + (np.pi - self.angle) * self.cos) / (2 * np.pi)

    def slope(self) -> Array:
        """Return sum_j dg(w_i, u_j)/dw_i = sum_j (|u_j| sin t w_i/|w_i| + (pi - t) u_j) / 2 pi, (..., n, k)."""
        along = self.sin @ self.u_length
        return (along * self.w_hat + (np.pi - self.angle) @ self.u) / (2 * np.pi)

    def slope_tangent(self, r_w: Array, r_u: Array) -> Array:
        """Return the derivative of ``slope`` as w moves by ``r_w`` and u by ``r_u``.

        d sin t = cos t dt and dt = -d cos t / sin t come together as -d cos t |u| (cos t w/|w| - u/|u|) / sin t, where
        the fraction is a unit vector: at t = 0, where it has no direction, d cos t is 0 and so is the product.
        """
        w_hat_moves = _unit_tangent(self.w_hat, self.w_length, r_w)
        u_hat_moves = _unit_tangent(self.u_hat, self.u_length, r_u)
        cos_moves = w_hat_moves @ self.u_hat.swapaxes(-1, -2) + self.w_hat @ u_hat_moves.swapaxes(-1, -2)
        sin, across = self.sin[..., None], self.across()
        side = np.divide(across, sin, out=np.zeros_like(across), where=sin > 0.0)
        u_length = self.u_length.swapaxes(-1, -2)
        turned = np.einsum("...nq,...nqk->...nk", cos_moves * u_length, side)
        u_length_moves = np.sum(self.u_hat * r_u, axis=-1, keepdims=True)
        along, along_moves = self.sin @ self.u_length, self.sin @ u_length_moves
        rest = along_moves * self.w_hat + along * w_hat_moves + (np.pi - self.angle) @ r_u
        return (turned + rest) / (2 * np.pi)


def _unit_tangent(hat: Array, length: Array, r: Array) -> Array:
    """Return the derivative of r / |r| as the vector with this direction and length moves by ``r``."""
    return (r - hat * np.sum(hat * r, axis=-1, keepdims=True)) / length
