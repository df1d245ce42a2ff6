"""Surfaces whose point is one matrix: a quadratic of chosen condition, and a linear layer on data."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.parameter import check_fields, parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family
from landscape.surfaces.networks.blocks import Block

START = 0.01
"""Standard deviation of the entries of a matrix to start from."""


@runtime_checkable
class OverMatrix(Protocol):
    """A surface that says which matrix its points stand for, and which one is best."""

    @property
    def target(self) -> Array:
        """The matrix at the lowest loss, (rows, columns)."""

    def matrix_of(self, x: Array) -> Array:
        """Return the matrices (..., rows, columns) that the points (..., n) stand for."""


def _rows(default: int) -> Any:
    return parameter(default, 2, 32, mark("rows of the matrix"), integer=True, minimum=1, maximum=1000)


def _cols(default: int) -> Any:
    return parameter(default, 2, 32, mark("columns of the matrix"), integer=True, minimum=1, maximum=1000)


@dataclass(frozen=True)
class MatrixFamily(Family):
    """A surface over the entries of one matrix X (rows x cols), row by row, quadratic in X with its least value at T.

    A final class has the fields ``rows`` and ``cols``, ``target``, and ``bend``, which turns a difference from T into
    the gradient there: it is linear.
    """

    n_dims: int = field(init=False)

    box = -1.5, 1.5

    def __post_init__(self) -> None:
        check_fields(self)  # whole numbers may come as floats, from a URL
        object.__setattr__(self, "n_dims", self.rows * self.cols)  # type: ignore[attr-defined]
        super().__post_init__()

    @property
    @abstractmethod
    def target(self) -> Array:
        """T, (rows, cols)."""

    @property
    @abstractmethod
    def floor(self) -> float:
        """The loss at T."""

    @abstractmethod
    def bend(self, away: Array) -> Array:
        """Return the gradients (..., rows, cols) where X is ``away`` from T."""

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The one matrix."""
        return (Block("X", 0, self.target.shape, "weights"),)

    def matrix_of(self, x: Array) -> Array:
        return self.blocks[0].of(x)

    def starts(self, n: int, seed: int = 0) -> Array:
        """Return ``n`` points with Gaussian entries of deviation ``START``, each from its own seed."""
        rngs = (np.random.default_rng([seed, i]) for i in range(n))
        return START * np.array([rng.standard_normal(self.n_dims) for rng in rngs])

    def _declared(self) -> tuple[Array, Array]:
        return self.target.reshape(1, -1), np.empty((0, self.n_dims))

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        away = self.matrix_of(self.points(x)) - self.target
        slope = self.bend(away)
        return self.floor + 0.5 * (away * slope).sum(axis=(-1, -2)), slope.reshape(*slope.shape[:-2], self.n_dims)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        points, along = np.broadcast_arrays(self.points(x), self.points(v))
        return self.bend(self.matrix_of(along)).reshape(points.shape)


@dataclass(frozen=True)
class MatrixQuadratic(MatrixFamily):
    """f(X) = 1/2 tr (X - T)' A (X - T), A with eigenvalues from 1 down to 1 / ``condition``, evenly spaced in log.

    T has the singular values k, ..., 2, 1 over k, k = min(rows, cols); its singular vectors and A's axes are drawn by
    ``seed``, apart from each other. Gradient descent at rate 1 takes about ``condition`` steps; steps of the same
    length in every direction of X take as many as T is long.
    """

    rows: int = _rows(6)
    cols: int = _cols(6)
    condition: float = parameter(
        1000.0, 1.0, 1e4, mark("largest over smallest curvature"), log=True, minimum=1.0, maximum=1e12
    )
    seed: int = parameter(0, 0, 1000, mark("which matrices"), integer=True, minimum=0)

    key, label = "matrix_quadratic", mark("Matrix quadratic")
    teaches = mark(
        "One matrix to be found, in a long valley: steps of equal singular values do not feel its condition."
    )
    reference = mark("a convex quadratic over matrices, as in V. Gupta, T. Koren, Y. Singer, Shampoo, ICML 2018")

    floor = 0.0

    def latex(self) -> str:
        return (
            r"\tfrac12 \operatorname{tr}\, (X - T)^\top A\, (X - T),\quad X \in \mathbb{R}^{"
            + rf"{self.rows} \times {self.cols}}},\ \kappa(A) = {self.condition:g}"
        )

    @cached_property
    def target(self) -> Array:
        k = min(self.rows, self.cols)
        rng = np.random.default_rng([self.seed, 31])
        u, _ = np.linalg.qr(rng.standard_normal((self.rows, k)))
        v, _ = np.linalg.qr(rng.standard_normal((self.cols, k)))
        return (u * (np.arange(k, 0.0, -1.0) / k)) @ v.T

    @cached_property
    def curvature(self) -> Array:
        """A, (rows, rows)."""
        axes, _ = np.linalg.qr(np.random.default_rng([self.seed, 37]).standard_normal((self.rows, self.rows)))
        return (axes * np.geomspace(1.0, 1.0 / self.condition, self.rows)) @ axes.T

    def bend(self, away: Array) -> Array:
        return self.curvature @ away


@dataclass(frozen=True)
class LinearLayer(MatrixFamily):
    """f(W) = 1 / (2 m) |W Z - Y|_F^2: linear regression from ``cols`` inputs to ``rows`` outputs over m examples.

    The inputs Z are Gaussian with variances from 1 down to 1 / ``condition``, evenly spaced in log along axes that
    ``seed`` draws; Y = T Z + noise, T as in ``MatrixQuadratic``. ``target`` is the least-squares solution.
    """

    rows: int = _rows(6)
    cols: int = _cols(6)
    examples: int = parameter(200, 50, 1000, mark("examples"), integer=True, minimum=1, maximum=100_000)
    condition: float = parameter(
        100.0, 1.0, 1e4, mark("largest over smallest variance of the inputs"), log=True, minimum=1.0, maximum=1e12
    )
    noise: float = parameter(0.01, 0.0, 1.0, mark("standard deviation of the noise on the outputs"), minimum=0.0)
    seed: int = parameter(0, 0, 1000, mark("which data"), integer=True, minimum=0)

    key, label = "linear_layer", mark("Linear layer on data")
    teaches = mark(
        "The same matrix learned from examples: inputs that vary little make directions that are learned late."
    )
    reference = mark("linear least squares; A. M. Saxe, J. L. McClelland, S. Ganguli, Exact solutions, ICLR 2014")

    def _check(self) -> None:
        if self.examples < self.cols:
            raise ValueError(
                tr("{n} examples do not determine {cols} columns; it takes as many", n=self.examples, cols=self.cols)
            )

    def latex(self) -> str:
        return (
            r"\tfrac{1}{2m} \|W Z - Y\|_F^2,\quad W \in \mathbb{R}^{"
            + rf"{self.rows} \times {self.cols}}},\ m = {self.examples}"
        )

    @cached_property
    def data(self) -> tuple[Array, Array]:
        """Inputs Z (cols, m) and outputs Y (rows, m)."""
        rng = np.random.default_rng([self.seed, 41])
        axes, _ = np.linalg.qr(rng.standard_normal((self.cols, self.cols)))
        sizes = np.sqrt(np.geomspace(1.0, 1.0 / self.condition, self.cols))
        inputs = (axes * sizes) @ rng.standard_normal((self.cols, self.examples))
        teacher = MatrixQuadratic(rows=self.rows, cols=self.cols, seed=self.seed).target
        return inputs, teacher @ inputs + self.noise * rng.standard_normal((self.rows, self.examples))

    @cached_property
    def covariance(self) -> Array:
        """Z Z' / m, (cols, cols)."""
        inputs, _ = self.data
        return inputs @ inputs.T / self.examples

    @cached_property
    def target(self) -> Array:
        inputs, outputs = self.data
        return np.asarray(np.linalg.lstsq(inputs.T, outputs.T, rcond=None)[0].T, dtype=float)

    @cached_property
    def floor(self) -> float:
        inputs, outputs = self.data
        return float(np.sum((self.target @ inputs - outputs) ** 2) / (2 * self.examples))

    def bend(self, away: Array) -> Array:
        return away @ self.covariance
