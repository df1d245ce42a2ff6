"""Phase retrieval: find a vector from the sizes of its projections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.parameter import parameter
from landscape.surfaces.base import Array
from landscape.surfaces.family import MAX_BYTES, Family


@dataclass(frozen=True)
class PhaseRetrieval(Family):
    """f(x) = 1/(4m) sum_j ((a_j . x)^2 - (a_j . z)^2)^2, a_j standard normal, z a random unit vector, m = ratio n.

    The minima are z and -z; 0 is a critical point, and with enough measurements all others are strict saddles
    (Sun, Qu, Wright, A geometric analysis of phase retrieval, 2018, real case).
    """

    n_dims: int = 10
    ratio: float = parameter(6.0, 1.0, 20.0, mark("measurements for each dimension"), minimum=0.1)
    seed: int = parameter(0, 0, 1000, mark("which measurements"), integer=True, minimum=0)

    key, label = "phase_retrieval", mark("Phase retrieval")
    teaches = mark("Two equal minima and a ring of saddles between them: random starts fall off it, slowly at first.")
    reference = "J. Sun, Q. Qu, J. Wright, A geometric analysis of phase retrieval, Found. Comput. Math. 18, 2018"
    box = -1.5, 1.5

    def _check(self) -> None:
        if 8 * self.n_dims * self.n_measurements > MAX_BYTES:
            most = int((MAX_BYTES / (8 * self.ratio)) ** 0.5)
            raise ValueError(
                tr(
                    "{n} measurements in {dims} dimensions take {size:.1f} GB; up to {most} dimensions fit",
                    n=self.n_measurements,
                    dims=self.n_dims,
                    size=8e-9 * self.n_dims * self.n_measurements,
                    most=most,
                )
            )

    @property
    def gradient_cost(self) -> float:
        """What one gradient costs: all measurements are read."""
        return self.n_dims + self.n_dims * self.n_measurements / 20

    @property
    def held(self) -> float:
        return float(self.n_dims * self.n_measurements)

    @property
    def n_measurements(self) -> int:
        """The number m of measurements."""
        return max(1, round(self.ratio * self.n_dims))

    @cached_property
    def data(self) -> tuple[Array, Array, Array]:
        """Measurement vectors a (m, n), squared measurements (m,) and the vector z (n,) that gave them."""
        rng = np.random.default_rng([self.seed, 23])
        z = rng.standard_normal(self.n_dims)
        z /= np.linalg.norm(z)
        a = rng.standard_normal((self.n_measurements, self.n_dims))
        return a, (a @ z) ** 2, z

    def _declared(self) -> tuple[Array, Array]:
        z = self.data[2]
        return np.array([z, -z]), np.zeros((1, self.n_dims))

    def latex(self) -> str:
        m = self.n_measurements
        return rf"\frac{{1}}{{4 \cdot {m}}} \sum_{{j=1}}^{{{m}}} \left[(a_j \cdot x)^2 - (a_j \cdot z)^2\right]^2"

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        a, y, _ = self.data
        seen = self.points(x) @ a.T
        rest = seen**2 - y
        return (rest**2).mean(axis=-1) / 4, (rest * seen) @ a / len(a)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        a, y, _ = self.data
        seen = self.points(x) @ a.T
        return ((3 * seen**2 - y) * (np.asarray(v, dtype=float) @ a.T)) @ a / len(a)
