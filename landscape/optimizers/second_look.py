"""First-order rules that look at the surface a second time: beside the point, or at its curvature axis by axis.

What they ask is counted, start by start. Noise reaches the gradient that they are given; what they ask is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landscape.language import mark, tr
from landscape.optimizers.base import Array, Optimizer, State, Step
from landscape.optimizers.fields import decay, decoupled_decay, epsilon, step_size
from landscape.optimizers.second_order import MAX_DENSE
from landscape.parameter import parameter


@dataclass(frozen=True)
class SAM(Optimizer):
    """Gradient descent by the gradient a little way uphill: minima that are sharp on that scale do not hold it.

        y = x + radius g / |g|
        x <- x - learning_rate grad f(y)

    Sharpness-aware minimization over gradient descent. A step costs two gradients, which see the same noise, and the
    same examples of a minibatch. In a valley of curvature l it does
    not come to rest but bounces to and fro, learning_rate l radius / (2 - learning_rate l) to each side.

    Reference: P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur, "Sharpness-Aware Minimization for Efficiently Improving
    Generalization", 2021, equation (2) and algorithm 1; the bounce: P. L. Bartlett, P. M. Long, O. Bousquet, "The
    Dynamics of Sharpness-Aware Minimization", 2022.

    >>> import landscape as ls
    >>> t = ls.descend(ls.formula("2 x^2", (-1, 1)), ls.SAM(learning_rate=0.1, radius=0.05), [[0.3]], 400)
    >>> sorted(t.points[0, -2:, 0].round(12).tolist())  # curvature 4
    [-0.0125, 0.0125]
    >>> t.gradients.tolist()
    [800]
    """

    learning_rate: float = step_size(0.01)
    radius: float = parameter(0.05, 1e-3, 1.0, mark("how far uphill it looks"), log=True, minimum=0.0)

    key, title, group = "sam", "SAM", mark("second look")
    look = ("green", 6)

    def init(self, x: Array) -> State:
        return ()

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, g = step.x, step.gradient
        size = np.linalg.norm(g, axis=-1, keepdims=True)
        uphill = g / np.where(size > 0, size, 1.0)
        return x - step.learning_rate * step.gradient_at(x + self.radius * uphill), state


@dataclass(frozen=True)
class Sophia(Optimizer):
    """Momentum divided by the curvature along each axis, and clipped, so that no coordinate moves by more than a rate.

        m <- b1 m + (1 - b1) g,  from m = 0
        x <- x - learning_rate (clip(m / (1 - b1^t) / max(scale h, eps), -1, 1) + weight_decay x)
        h <- b2 h + (1 - b2) diag(H(x)) at the steps 1, 1 + every, 1 + 2 every, ...,  from h = 0

    As ``optax.contrib.sophia``, which takes h one step later than the paper and corrects m, which the paper does not;
    with the exact diagonal of the Hessian in place of an estimate by a random vector: in each of these steps it costs
    as much as n gradients. Where curvature is negative, and before it is known, a step is
    a signed one. Decoupled weight decay. Raises ``ValueError`` above ``second_order.MAX_DENSE`` dimensions.

    Reference: H. Liu, Z. Li, D. Hall, P. Liang, T. Ma, "Sophia: A Scalable Stochastic Second-order Optimizer for
    Language Model Pre-training", 2023, algorithm 3.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", ls.Sophia(learning_rate=0.1, weight_decay=0.0), [[3.0, -4.0]], 20)
    >>> t.points[0, 1].round(12).tolist(), t.hessians.tolist(), t.evaluations.tolist()
    ([2.9, -3.9], [2], [24])
    """

    learning_rate: float = step_size(0.001)
    b1: float = decay(0.965, mark("share of the average gradient kept"))
    b2: float = decay(0.99, mark("share of the average curvature kept"))
    eps: float = epsilon(1e-8)
    scale: float = parameter(
        0.01, 1e-4, 1.0, mark("factor of the curvature: the smaller, the more is clipped"), log=True, minimum=0.0
    )
    every: int = parameter(
        10, 1, 100, mark("steps from one look at the curvature to the next"), integer=True, minimum=1
    )
    weight_decay: float = decoupled_decay(1e-4)

    key, title, group = "sophia", "Sophia", mark("second look")
    look = ("grey", 3)

    def init(self, x: Array) -> State:
        """Return m and h, (S, n) each."""
        if x.shape[-1] > MAX_DENSE:
            raise ValueError(
                tr(
                    "Sophia takes the diagonal of the whole Hessian here, which fits in at most {most} dimensions, "
                    "not {n_dims}",
                    most=MAX_DENSE,
                    n_dims=x.shape[-1],
                )
            )
        return np.zeros_like(x), np.zeros_like(x)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, t = step.x, step.t
        m, h = state
        m = self.b1 * m + (1.0 - self.b1) * step.gradient
        way = m / (1.0 - self.b1 ** float(t)) / np.maximum(self.scale * h, self.eps)
        new = x - step.learning_rate * (np.clip(way, -1.0, 1.0) + self.weight_decay * x)
        if (t - 1) % self.every == 0:
            h = self.b2 * h + (1.0 - self.b2) * np.diagonal(step.asked.hessian(x), axis1=-2, axis2=-1)
        return new, (m, h)
