"""First-order rules that look at the whole point at once: at the length of its gradient, or of its way so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import Array, Optimizer, State, Step
from landscape.optimizers.fields import decay, decoupled_decay, epsilon, step_size
from landscape.parameter import parameter


@dataclass(frozen=True)
class PolyakStep(Optimizer):
    """Gradient descent whose step is as long as the loss above its least value says, if the loss were a straight slope.

        x <- x - learning_rate min((f(x) - least) / |g|^2, longest) g

    ``least`` is the lowest value of f, which somebody has to know; too low a one makes the steps too long. As
    ``optax.polyak_sgd`` with f_min = least and max_learning_rate = longest, which is SPS_max; its scaling stays 1, for
    it measures the gradient after that, and here learning_rate is a factor of the whole step. The loss is the surface's
    own, without noise, and costs nothing beside the gradient.

    Reference: B. T. Polyak, "Introduction to Optimization", 1987, section 5.3; N. Loizou, S. Vaswani, I. Laradji,
    S. Lacoste-Julien, "Stochastic Polyak Step-size for SGD", 2021.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", ls.PolyakStep(), [[3.0, -4.0]], 2)  # f = |x|^2: every step halves the way
    >>> t.points[0].tolist()
    [[3.0, -4.0], [1.5, -2.0], [0.75, -1.0]]
    """

    learning_rate: float = step_size(1.0)
    least: float = parameter(0.0, -100.0, 100.0, mark("the lowest value of f"), minimum=-1e100, maximum=1e100)
    longest: float = parameter(1.0, 1e-3, 100.0, mark("largest factor of the gradient"), log=True, minimum=0.0)

    key, title, group = "polyak", mark("Polyak's step"), mark("whole point")
    look = ("green", 2)

    def init(self, x: Array) -> State:
        return ()

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        g = step.gradient
        above, square = step.loss - self.least, np.einsum("sn,sn->s", g, g)
        there = square > 0
        # Where f lies below ``least`` the best guess is to stay.
        length = np.where(there, np.maximum(above, 0.0) / np.where(there, square, 1.0), 0.0)
        return step.x - step.learning_rate * np.minimum(length, self.longest)[:, None] * g, state


@dataclass(frozen=True)
class Prodigy(Optimizer):
    """Adam that finds its learning rate: the largest distance to a minimum that its own way so far proves.

        a = learning_rate d sqrt(1 - b2^t) / (1 - b1^t),  from d = smallest
        m <- b1 m + (1 - b1) d g,      from m = 0
        v <- b2 v + (1 - b2) d^2 g^2,  from v = 0
        r <- sqrt(b2) r + a d / smallest g.(x_0 - x),  from r = 0
        s <- sqrt(b2) s + a d / smallest g,            from s = 0
        d <- max(d, r / |s|_1)
        x <- x - a weight_decay x - a m / (sqrt(v) + d eps)

    As the authors' code (use_bias_correction) and ``optax.contrib.prodigy``; learning_rate is a factor of the rate that
    is found and stays 1. Decoupled weight decay. |s|_1 is a sum over the whole point: in two dimensions as in many.

    Reference: K. Mishchenko and A. Defazio, "Prodigy: An Expeditiously Adaptive Parameter-Free Learner", 2023,
    algorithm 4.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", ls.Prodigy(), [[3.0, -4.0]], 400)
    >>> bool(t.final_values[0] < 1e-6)
    True
    """

    learning_rate: float = step_size(1.0)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.0)
    smallest: float = parameter(1e-6, 1e-10, 1.0, mark("first guess of the distance"), log=True, minimum=1e-300)

    key, title, group = "prodigy", "Prodigy", mark("whole point")
    look = ("purple", 2)

    def init(self, x: Array) -> State:
        """Return the start, m, v and s (S, n), then r and d (S,)."""
        zero = np.zeros_like(x)
        return x.copy(), zero, zero, zero, np.zeros(len(x)), np.full(len(x), self.smallest)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, g, t = step.x, step.gradient, float(step.t)
        start, m, v, s, r, d = state
        distance = d[:, None]
        root = (1.0 - self.b2**t) ** 0.5 / (1.0 - self.b1**t)
        a = step.learning_rate * distance * root
        grown = a * distance / self.smallest
        m = self.b1 * m + (1.0 - self.b1) * (distance * g)
        v = self.b2 * v + (1.0 - self.b2) * (distance * g) ** 2
        kept = self.b2**0.5
        r = kept * r + grown[:, 0] * np.einsum("sn,sn->s", g, start - x)
        s = kept * s + grown * g
        size = np.abs(s).sum(axis=-1)
        d = np.maximum(d, np.where(size > 0, r / np.where(size > 0, size, 1.0), 0.0))
        way = m / (np.sqrt(v) + d[:, None] * self.eps)
        return x - a * self.weight_decay * x - a * way, (start, m, v, s, r, d)


@dataclass(frozen=True)
class LAMB(Optimizer):
    """Adam whose step in each layer is as long, in parts of that layer's weights, as the learning rate says.

        u = m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps) + weight_decay x,  m and v as in Adam
        x <- x - learning_rate |x| / |u| u     layer by layer; 1 in place of |x| / |u| where either is 0

    A layer is one of the arrays that a point is made of (a network's weights and biases); where it is one plain vector,
    as on every surface of two dimensions, the whole point is one layer. As ``optax.lamb``: nothing is clipped.

    Reference: Y. You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", 2020,
    algorithm 2.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", ls.LAMB(learning_rate=0.1), [[3.0, -4.0]], 1)
    >>> round(float(np.linalg.norm(t.points[0, 1] - t.points[0, 0])), 12)  # a tenth of |x| = 5
    0.5
    """

    learning_rate: float = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-6)
    weight_decay: float = decoupled_decay(0.0)

    key, title, group = "lamb", "LAMB", mark("whole point")
    look = ("blue", 2)

    def init(self, x: Array) -> State:
        """Return m and v, (S, n) each."""
        return np.zeros_like(x), np.zeros_like(x)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        x, g, t = step.x, step.gradient, float(step.t)
        m, v = state
        m = self.b1 * m + (1.0 - self.b1) * g
        v = self.b2 * v + (1.0 - self.b2) * (g * g)
        u = m / (1.0 - self.b1**t) / (np.sqrt(v / (1.0 - self.b2**t)) + self.eps) + self.weight_decay * x
        for layer in [block.slice for block in step.blocks] or [slice(None)]:
            size, way = (np.linalg.norm(whole[:, layer], axis=-1, keepdims=True) for whole in (x, u))
            sound = (size > 0) & (way > 0)
            u[:, layer] *= np.where(sound, size / np.where(sound, way, 1.0), 1.0)
        return x - step.learning_rate * u, (m, v)
