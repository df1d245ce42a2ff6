"""The linear autoencoder: all critical points known, exactly one class of minima."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.parameter import check_fields, parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import Family
from landscape.surfaces.random_fields.matrices import join, split

MAX_LISTED = 200
"""The most critical classes that are listed."""


@dataclass(frozen=True)
class LinearAutoencoder(Family):
    """f(A, B) = 1/2 tr (I - A B) C (I - A B)' with covariance C = diag(n, ..., 2, 1), A n x p, B p x n.

    n is ``inputs`` and p is ``hidden``. A point is the decoder A, then the encoder B, row by row. The critical classes
    are the sets of at most p eigenvectors of C that are kept: the loss is half the sum of the eigenvalues that are
    not; only the p largest make a minimum (Baldi and Hornik 1989).
    """

    n_dims: int = field(init=False)
    inputs: int = parameter(5, 2, 20, mark("inputs"), integer=True, minimum=1, maximum=2000)
    hidden: int = parameter(2, 1, 10, mark("hidden units"), integer=True, minimum=1, maximum=2000)

    key, label = "linear_autoencoder", mark("Linear autoencoder")
    teaches = mark(
        "Principal components by descent: every wrong choice of components is a saddle, and each has its own loss."
    )
    reference = "P. Baldi and K. Hornik, Neural networks and principal component analysis, Neural Networks 2, 1989"
    box = -1.2, 1.2

    def __post_init__(self) -> None:
        check_fields(self)  # whole numbers may come as floats, from a URL
        object.__setattr__(self, "n_dims", 2 * self.inputs * self.hidden)
        super().__post_init__()

    def _check(self) -> None:
        if self.hidden > self.inputs:
            raise ValueError(
                tr(
                    "{inputs} inputs need at most {inputs} hidden units, not {hidden}",
                    inputs=self.inputs,
                    hidden=self.hidden,
                )
            )

    @property
    def covariance(self) -> Array:
        """Eigenvalues of the inputs' covariance, (n,), falling: n, ..., 2, 1."""
        return np.arange(float(self.inputs), 0.0, -1.0)

    def latex(self) -> str:
        return (
            r"\tfrac12 \operatorname{tr}\, (I - A B)\, C\, (I - A B)^\top,\quad"
            rf" C = \operatorname{{diag}}({self.inputs}, \dots, 1),"
            rf"\ A \in \mathbb{{R}}^{{{self.inputs} \times {self.hidden}}}"
        )

    def split(self, x: Array) -> tuple[Array, Array]:
        """Return decoder A (..., n, p) and encoder B (..., p, n) of the points."""
        return split(x, (self.inputs, self.hidden), (self.hidden, self.inputs))

    def critical_point(self, kept: tuple[int, ...]) -> Array:
        """Return the critical point that keeps these components (0: the largest), unused units at zero."""
        a, b = np.zeros((self.inputs, self.hidden)), np.zeros((self.hidden, self.inputs))
        for unit, component in enumerate(kept):
            a[component, unit] = b[unit, component] = 1.0
        return join(a, b)

    def classes(self) -> list[tuple[int, ...]]:
        """Return the critical classes as sets of kept components, the fullest and largest first."""
        sizes = (itertools.combinations(range(self.inputs), size) for size in range(self.hidden, -1, -1))
        return list(itertools.islice(itertools.chain.from_iterable(sizes), MAX_LISTED))

    def _declared(self) -> tuple[Array, Array]:
        points = np.array([self.critical_point(kept) for kept in self.classes()])
        return points[:1], points[1:]

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        a, b = self.split(self.points(x))
        rest = a @ b - np.eye(self.inputs)
        weighted = rest * self.covariance
        value = (weighted * rest).sum(axis=(-1, -2)) / 2
        return value, join(weighted @ b.swapaxes(-1, -2), a.swapaxes(-1, -2) @ weighted)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        a, b = self.split(self.points(x))
        va, vb = self.split(np.asarray(v, dtype=float))
        weighted = (a @ b - np.eye(self.inputs)) * self.covariance
        change = (va @ b + a @ vb) * self.covariance
        return join(
            change @ b.swapaxes(-1, -2) + weighted @ vb.swapaxes(-1, -2),
            a.swapaxes(-1, -2) @ change + va.swapaxes(-1, -2) @ weighted,
        )
