"""Low-rank matrix factorization: non-convex, yet every critical point that is not a minimum is a strict saddle."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.parameter import check_fields, parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family
from landscape.surfaces.networks.blocks import Block
from landscape.surfaces.random_fields.matrices import join, split

START = 0.1
"""Standard deviation of the entries to start from: beside the saddle in the middle."""

MAX_LISTED = 64
"""The most critical points that are listed."""


@dataclass(frozen=True)
class MatrixFactorization(Family):
    """f(A, B) = 1/2 |A B' - M|_F^2, A rows x rank, B cols x rank; M has the singular values ``true_rank``, ..., 2, 1.

    A point is A, then B, row by row. A choice of at most ``rank`` of M's singular pairs gives a critical point (and,
    turned by invertible rank x rank matrices, a whole family); it is a minimum exactly where the largest are chosen.
    ``n_dims`` is (rows + cols) x rank. Reference: Ge, Jin, Zheng, No spurious local minima in nonconvex low rank
    problems, 2017.
    """

    n_dims: int = field(init=False)
    rows: int = parameter(5, 2, 30, mark("rows of the matrix"), integer=True, minimum=1, maximum=5000)
    cols: int = parameter(4, 2, 30, mark("columns of the matrix"), integer=True, minimum=1, maximum=5000)
    rank: int = parameter(2, 1, 10, mark("columns of each factor"), integer=True, minimum=1, maximum=1000)
    true_rank: int = parameter(3, 1, 10, mark("rank of the matrix"), integer=True, minimum=1, maximum=1000)
    seed: int = parameter(0, 0, 1000, mark("which matrix"), integer=True, minimum=0)

    key, label = "matrix_factorization", mark("Low-rank factorization")
    teaches = mark("Non-convex without bad minima: at every other critical point some direction still falls.")
    reference = "R. Ge, C. Jin, Y. Zheng, No spurious local minima in nonconvex low rank problems, ICML 2017"
    box = -1.5, 1.5

    def __post_init__(self) -> None:
        check_fields(self)  # whole numbers may come as floats, from a URL
        object.__setattr__(self, "n_dims", (self.rows + self.cols) * self.rank)
        super().__post_init__()

    def _check(self) -> None:
        if self.true_rank > min(self.rows, self.cols):
            raise ValueError(
                tr(
                    "a {rows} × {cols} matrix cannot have rank {true_rank}",
                    rows=self.rows,
                    cols=self.cols,
                    true_rank=self.true_rank,
                )
            )

    def latex(self) -> str:
        return (
            rf"\tfrac12 \|A B^\top - M\|_F^2,\quad A \in \mathbb{{R}}^{{{self.rows} \times {self.rank}}},"
            rf"\ B \in \mathbb{{R}}^{{{self.cols} \times {self.rank}}},\ \operatorname{{rank}} M = {self.true_rank}"
        )

    @cached_property
    def pairs(self) -> tuple[Array, Array, Array]:
        """Singular vectors and values of M: U (rows, r), s (r,), V (cols, r), r = ``true_rank``, s falling."""
        rng = np.random.default_rng([self.seed, 19])
        u, _ = np.linalg.qr(rng.standard_normal((self.rows, self.true_rank)))
        v, _ = np.linalg.qr(rng.standard_normal((self.cols, self.true_rank)))
        return u, np.arange(float(self.true_rank), 0.0, -1.0), v

    @cached_property
    def matrix(self) -> Array:
        """The matrix M, (rows, cols)."""
        u, s, v = self.pairs
        return (u * s) @ v.T

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The factors A and B."""
        shapes = (self.rows, self.rank), (self.cols, self.rank)
        return tuple(Block(*one, "weights") for one in zip("AB", (0, self.rows * self.rank), shapes, strict=True))

    @property
    def target(self) -> Array:
        """M, the matrix that A B' is to become."""
        return self.matrix

    def matrix_of(self, x: Array) -> Array:
        """Return A B', (..., rows, cols)."""
        a, b = self.split(x)
        return a @ b.swapaxes(-1, -2)

    def starts(self, n: int, seed: int = 0) -> Array:
        """Return ``n`` points with Gaussian entries of deviation ``START``, each from its own seed."""
        rngs = (np.random.default_rng([seed, i]) for i in range(n))
        return START * np.array([rng.standard_normal(self.n_dims) for rng in rngs])

    def split(self, x: Array) -> tuple[Array, Array]:
        """Return the factors A (..., rows, rank) and B (..., cols, rank) of the points (..., n)."""
        return split(x, (self.rows, self.rank), (self.cols, self.rank))

    def critical_point(self, chosen: tuple[int, ...]) -> Array:
        """Return the balanced critical point (n,) made of these singular pairs, at most ``rank`` of them."""
        u, s, v = self.pairs
        a, b = np.zeros((self.rows, self.rank)), np.zeros((self.cols, self.rank))
        for column, pair in enumerate(chosen):
            a[:, column] = np.sqrt(s[pair]) * u[:, pair]
            b[:, column] = np.sqrt(s[pair]) * v[:, pair]
        return join(a, b)

    def _declared(self) -> tuple[Array, Array]:
        most = min(self.rank, self.true_rank)
        sizes = itertools.chain.from_iterable(
            itertools.combinations(range(self.true_rank), size) for size in range(most, -1, -1)
        )
        points = np.array([self.critical_point(chosen) for chosen in itertools.islice(sizes, MAX_LISTED)])
        return points[:1], points[1:]

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        a, b = self.split(self.points(x))
        rest = a @ b.swapaxes(-1, -2) - self.matrix
        return (rest**2).sum(axis=(-1, -2)) / 2, join(rest @ b, rest.swapaxes(-1, -2) @ a)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        a, b = self.split(self.points(x))
        va, vb = self.split(np.asarray(v, dtype=float))
        rest = a @ b.swapaxes(-1, -2) - self.matrix
        change = va @ b.swapaxes(-1, -2) + a @ vb.swapaxes(-1, -2)
        return join(change @ b + rest @ vb, change.swapaxes(-1, -2) @ a + rest.swapaxes(-1, -2) @ va)
