"""Rules for matrices: they turn the gradient of a whole matrix, and are nothing of their own on a vector.

Networks have vectors beside their matrices (biases, a single row or column of weights): those are moved by Adam, as
``Adam()`` is set, at the same learning rate.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from landscape.language import mark, tr
from landscape.optimizers.adam import Adam
from landscape.optimizers.base import Array, Block, Optimizer, State, Step
from landscape.optimizers.fields import decay, decoupled_decay, epsilon, step_size, switch
from landscape.parameter import parameter

NEWTON_SCHULZ = 3.4445, -4.7750, 2.0315
"""The coefficients of p(s) = a s + b s^3 + c s^5 (K. Jordan, 2024): five times it takes [.01, 1] into .68 to 1.14."""


@dataclass(frozen=True)
class MatrixOptimizer(Optimizer):
    """An optimizer whose rule is one for matrices (S, rows, columns), both sides at least 2.

    ``begin`` returns what it remembers of each, and ``turn`` takes a step. Where a start's point or gradient is not
    finite its path ends, and ``turn`` is given zeros in their place. ``alone`` is a clause
    that says what the rule would be on a column.
    """

    alone: ClassVar[str]

    @abstractmethod
    def begin(self, x: Array) -> State:
        """Return the state before the first step, for matrices (S, rows, columns)."""

    @abstractmethod
    def turn(self, x: Array, g: Array, t: int, learning_rate: Any, state: State) -> tuple[Array, State]:
        """Return the matrices after step t and the new state; ``learning_rate`` is a number or (S, 1, 1)."""

    def check_blocks(self, blocks: Sequence[Block]) -> None:
        if not any(map(_is_matrix, blocks)):
            raise ValueError(
                tr(
                    "{optimizer} is a rule for matrices: {alone}. Take a surface whose point is a matrix, 2 x 2 or "
                    "larger, or a network; or an optimizer for vectors",
                    optimizer=self.title,
                    alone=tr(self.alone),
                )
            )

    def init(self, x: Array) -> State:
        """Return nothing yet: the first step knows the arrays."""
        return ()

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        self.check_blocks(step.blocks)
        sound = np.asarray(np.isfinite(step.x).all(axis=-1) & np.isfinite(step.gradient).all(axis=-1))
        x, g = (np.where(sound[:, None], whole, 0.0) for whole in (step.x, step.gradient))
        rate = step.learning_rate if np.ndim(step.learning_rate) == 0 else step.learning_rate[..., None]
        if not state:
            state = tuple(self.begin(_of(x, b)) if _is_matrix(b) else _VECTORS.init(x[:, b.slice]) for b in step.blocks)
        new, kept = np.full_like(x, np.nan), []
        for block, own in zip(step.blocks, state, strict=True):
            if _is_matrix(block):
                moved, own = self.turn(_of(x, block), _of(g, block), step.t, rate, own)
                new[:, block.slice] = moved.reshape(len(x), -1)
            else:
                alone = step._replace(x=x[:, block.slice], gradient=g[:, block.slice])
                new[:, block.slice], own = _VECTORS.update(alone, own)
            kept.append(own)
        new[~sound] = np.nan
        return new, tuple(kept)


_VECTORS = Adam()


def _is_matrix(block: Block) -> bool:
    return len(block.shape) == 2 and min(block.shape) > 1


def _of(x: Array, block: Block) -> Array:
    return x[:, block.slice].reshape(len(x), *block.shape)


@dataclass(frozen=True)
class Muon(MatrixOptimizer):
    """Momentum with all of its singular values made about 1: every direction of a matrix moves as far as every other.

        b <- momentum b + (1 - momentum) g,  from b = 0
        u = (1 - momentum) g + momentum b  with ``nesterov``,  u = b  without
        o = p(p(... u / max(|u|, eps))),  ``iterations`` times,
            p(X) = a X + b (X X') X + c (X X')^2 X,  a, b, c = 3.4445, -4.7750, 2.0315       (Newton-Schulz)
        X <- (1 - learning_rate weight_decay) X - learning_rate sqrt(max(1, rows / columns)) o

    As ``torch.optim.Muon``, its weight_decay .1 included, but in double precision, where torch takes bfloat16. o is not
    the polar factor U V' of u but has singular values from .68 to 1.14 where those of u / |u| are above .01; smaller
    ones grow 485-fold. Default learning rate of torch.

    Reference: K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024.

    >>> import landscape as ls
    >>> t = ls.descend("matrix_quadratic", ls.Muon(learning_rate=0.1, weight_decay=0.0), np.zeros((1, 36)), 1)
    >>> s = np.linalg.svd(t.points[0, 1].reshape(6, 6), compute_uv=False)
    >>> round(float(s.max() / s.min()), 1)  # of the gradient: 906
    2.5
    """

    learning_rate: float = step_size(0.001)
    momentum: float = decay(0.95, mark("share of the average gradient kept"), high=0.99)
    nesterov: bool = switch(True, mark("look ahead by the gradient itself"))
    iterations: int = parameter(
        5, 1, 10, mark("times that the singular values are pressed towards 1"), integer=True, minimum=1, maximum=100
    )
    eps: float = epsilon(1e-7)
    weight_decay: float = decoupled_decay(0.1)

    key, title, group = "muon", "Muon", mark("matrices")
    look = ("orange", 3)
    variants = (("nesterov", False, mark("without Nesterov")),)
    alone = mark(
        "on a column it is 0.6964 g/|g| but for a factor and momentum, a step of one length whatever the gradient"
    )

    def begin(self, x: Array) -> State:
        """Return the average gradient."""
        return (np.zeros_like(x),)

    def turn(self, x: Array, g: Array, t: int, learning_rate: Any, state: State) -> tuple[Array, State]:
        (b,) = state
        b = self.momentum * b + (1.0 - self.momentum) * g
        u = (1.0 - self.momentum) * g + self.momentum * b if self.nesterov else b
        rows, columns = x.shape[1:]
        o = orthogonalized(u, self.iterations, self.eps)
        x = (1.0 - learning_rate * self.weight_decay) * x
        return x - learning_rate * math.sqrt(max(1.0, rows / columns)) * o, (b,)


def orthogonalized(u: Array, iterations: int = 5, eps: float = 1e-7) -> Array:
    """Return matrices (..., rows, columns) with their singular values pressed towards 1 by Newton and Schulz."""
    a, b, c = NEWTON_SCHULZ
    wide = u.shape[-2] <= u.shape[-1]
    x = u if wide else u.swapaxes(-1, -2)
    x = x / np.maximum(np.linalg.norm(x, axis=(-2, -1), keepdims=True), eps)
    for _ in range(iterations):
        square = x @ x.swapaxes(-1, -2)
        x = a * x + (b * square + c * (square @ square)) @ x
    return x if wide else x.swapaxes(-1, -2)


@dataclass(frozen=True)
class Shampoo(MatrixOptimizer):
    """AdaGrad for matrices: the gradient is divided by roots of what it was so far, on its left and on its right.

        L <- L + g g',  R <- R + g' g,  from L = eps I, R = eps I
        X <- X - learning_rate L^(-1/4) g R^(-1/4)

    The paper's algorithm. The first step is the polar factor U V' of the gradient, as far as eps is small beside it:
    every direction moves by the learning rate. In directions that no gradient ever had there is rounding alone; eps
    divides it, and where eps is small and the learning rate large it grows until it is seen.

    Reference: V. Gupta, T. Koren, Y. Singer, "Shampoo: Preconditioned Stochastic Tensor Optimization", 2018,
    algorithm 1.

    >>> import landscape as ls
    >>> t = ls.descend("matrix_quadratic", ls.Shampoo(learning_rate=0.1), np.zeros((1, 36)), 1)
    >>> np.linalg.svd(t.points[0, 1].reshape(6, 6), compute_uv=False).round(6).tolist()
    [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    """

    learning_rate: float = step_size(0.01)
    eps: float = epsilon(1e-12, low=1e-16)

    key, title, group = "shampoo", "Shampoo", mark("matrices")
    look = ("green", 5)
    alone = mark(
        "on a column it is g divided by the root of the sum of all |g|^2 so far, one number for all coordinates"
    )

    def begin(self, x: Array) -> State:
        """Return L and R."""
        n, rows, columns = x.shape
        return tuple(np.tile(self.eps * np.eye(side), (n, 1, 1)) for side in (rows, columns))

    def turn(self, x: Array, g: Array, t: int, learning_rate: Any, state: State) -> tuple[Array, State]:
        left, right = state
        left, right = left + g @ g.swapaxes(-1, -2), right + g.swapaxes(-1, -2) @ g
        return x - learning_rate * (_root(left) @ g @ _root(right)), (left, right)


def _root(square: Array) -> Array:
    """Return square^(-1/4) of positive matrices (S, k, k); 0 where they are 0 to rounding, NaN where not finite."""
    sound = np.asarray(np.isfinite(square).all(axis=(-2, -1)))
    values, v = np.linalg.eigh(np.where(sound[:, None, None], square, 0.0))
    rounding = square.shape[-1] * np.finfo(float).eps * values[:, -1:]
    there = values > rounding
    roots = np.where(there, np.where(there, values, 1.0) ** -0.25, 0.0)
    roots[~sound] = np.nan
    return (v * roots[:, None, :]) @ v.swapaxes(-1, -2)


@dataclass(frozen=True)
class SOAP(MatrixOptimizer):
    """Adam in the axes of Shampoo: each entry is divided by its own size there, where the gradient is least mixed.

        t = 1:  L = (1 - b2) g g',  R = (1 - b2) g' g;  P, Q their eigenvectors;  X stays
        t > 1:  m <- b1 m + (1 - b1) g,            from m = 0
                v <- b2 v + (1 - b2) (P' g Q)^2,   from v = 0
                c1 = 1 - b1^(t-1),  c2 = 1 - b2^(t-1)
                X <- X - learning_rate P ((P' m Q / c1) / (sqrt(v / c2) + eps')) Q',  eps' = eps / sqrt(c2)
                X <- (1 - learning_rate weight_decay) X
                L <- b2 L + (1 - b2) g g',  R likewise
                every ``every`` steps:  P <- QR(L P), its columns by falling p'L p, Q likewise; v goes along

    As the authors' code, in double precision. The first gradient is spent on the axes alone. In directions that no
    gradient ever had (there are some where rows and columns differ in number) rounding is divided by its own size, so
    that they move as far as any other: no two machines do that alike.

    Reference: N. Vyas et al., "SOAP: Improving and Stabilizing Shampoo using Adam", 2024, algorithm 3.

    >>> import landscape as ls
    >>> soap = ls.SOAP(learning_rate=0.1, weight_decay=0.0)
    >>> t = ls.descend("matrix_quadratic", soap, np.zeros((1, 36)), 2)
    >>> np.linalg.svd(t.points[0, 2].reshape(6, 6), compute_uv=False).round(3).tolist()
    [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    """

    learning_rate: float = step_size(0.003)
    b1: float = decay(0.95, mark("share of the average gradient kept"))
    b2: float = decay(0.95, mark("share of the average square, and of the axes, kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.01)
    every: int = parameter(10, 1, 100, mark("steps from one turn of the axes to the next"), integer=True, minimum=1)

    key, title, group = "soap", "SOAP", mark("matrices")
    look = ("orange", 5)
    alone = mark("on a column it is Adam in axes that no second side turns")

    def begin(self, x: Array) -> State:
        """Return m, v, L, R, P and Q."""
        n, rows, columns = x.shape
        squares = [np.zeros((n, side, side)) for side in (rows, columns)]
        return np.zeros_like(x), np.zeros_like(x), *squares, *squares

    def turn(self, x: Array, g: Array, t: int, learning_rate: Any, state: State) -> tuple[Array, State]:
        m, v, left, right, p, q = state
        if t > 1:
            c1, c2 = 1.0 - self.b1 ** float(t - 1), 1.0 - self.b2 ** float(t - 1)
            m = self.b1 * m + (1.0 - self.b1) * g
            v = self.b2 * v + (1.0 - self.b2) * (p.swapaxes(-1, -2) @ g @ q) ** 2
            way = (p.swapaxes(-1, -2) @ m @ q) / (np.sqrt(v) + self.eps)
            x = x - learning_rate * math.sqrt(c2) / c1 * (p @ way @ q.swapaxes(-1, -2))
            x = (1.0 - learning_rate * self.weight_decay) * x
        left = self.b2 * left + (1.0 - self.b2) * (g @ g.swapaxes(-1, -2))
        right = self.b2 * right + (1.0 - self.b2) * (g.swapaxes(-1, -2) @ g)
        if t == 1:
            p, q = _axes(left), _axes(right)
        elif (t - 1) % self.every == 0:
            p, order = _turned(left, p)
            v = np.take_along_axis(v, order[:, :, None], axis=1)
            q, order = _turned(right, q)
            v = np.take_along_axis(v, order[:, None, :], axis=2)
        return x, (m, v, left, right, p, q)


def _axes(square: Array) -> Array:
    """Return the eigenvectors (S, k, k) of symmetric matrices, the largest eigenvalue first."""
    sound = np.isfinite(square).all(axis=(-2, -1), keepdims=True)
    return np.linalg.eigh(np.where(sound, square, 0.0))[1][..., ::-1]


def _turned(square: Array, axes: Array) -> tuple[Array, Any]:
    """Return axes (S, k, k) one step of power iteration nearer to the eigenvectors, and the order they were put in."""
    moved = square @ axes
    order = np.argsort(-np.einsum("sij,sij->sj", axes, moved), axis=-1, kind="stable")
    moved = np.take_along_axis(moved, order[:, None, :], axis=2)
    sound = np.isfinite(moved).all(axis=(-2, -1), keepdims=True)
    return np.linalg.qr(np.where(sound, moved, 0.0))[0], order


@dataclass(frozen=True)
class Adafactor(MatrixOptimizer):
    """RMSprop for matrices that remembers row and column means of squares in place of a square for every entry.

        k = t^(-decay_power)
        r <- (1 - k) r + k mean of g^2 over each row,  c likewise over each column,  from 0
        v = r c' / mean(r)
        u = g / sqrt(v);  u <- u / max(1, rms(u) / clip)
        X <- (1 - learning_rate weight_decay) X - min(learning_rate, 1 / sqrt(t)) max(least, rms(X)) u

    As ``torch.optim.Adafactor``: the step is as long, in parts of the weights, as the learning rate says; ``least``
    stands for weights that are smaller. v and mean(r) are kept from 0 by the machine epsilon (squared for v).

    Reference: N. Shazeer and M. Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018,
    algorithm 6.

    >>> import landscape as ls
    >>> t = ls.descend("matrix_quadratic", ls.Adafactor(learning_rate=0.1), np.ones((1, 36)), 1)
    >>> bool(np.sqrt(np.mean((t.points[0, 1] - t.points[0, 0]) ** 2)) <= 0.1)
    True
    """

    learning_rate: float = step_size(0.01)
    decay_power: float = parameter(0.8, 0.1, 1.0, mark("how fast old squares fade: t to this power"), minimum=0.0)
    clip: float = parameter(1.0, 0.1, 10.0, mark("largest root mean square of a step"), log=True, minimum=1e-300)
    least: float = parameter(1e-3, 1e-6, 1.0, mark("smallest size that weights count as"), log=True, minimum=0.0)
    weight_decay: float = decoupled_decay(0.0)

    key, title, group = "adafactor", "Adafactor", mark("matrices")
    look = ("purple", 4)
    alone = mark("on a column it is RMSprop with clipped steps: there is nothing to factor")

    def begin(self, x: Array) -> State:
        """Return r (S, rows, 1) and c (S, 1, columns)."""
        n, rows, columns = x.shape
        return np.zeros((n, rows, 1)), np.zeros((n, 1, columns))

    def turn(self, x: Array, g: Array, t: int, learning_rate: Any, state: State) -> tuple[Array, State]:
        r, c = state
        k, tiny = float(t) ** -self.decay_power, float(np.finfo(float).eps)
        square = g * g
        r = r + k * (square.mean(axis=-1, keepdims=True) - r)
        c = c + k * (square.mean(axis=-2, keepdims=True) - c)
        v = r * c / np.maximum(r.mean(axis=-2, keepdims=True), tiny)
        u = g / np.sqrt(np.maximum(v, tiny * tiny))
        rate = np.minimum(learning_rate, 1.0 / math.sqrt(t)) * np.maximum(_rms(x), self.least)
        x = (1.0 - learning_rate * self.weight_decay) * x
        return x - rate / np.maximum(1.0, _rms(u) / self.clip) * u, (r, c)


def _rms(x: Array) -> Array:
    """Return the root mean square of the entries of each matrix, (S, 1, 1)."""
    return np.sqrt(np.mean(x * x, axis=(-2, -1), keepdims=True))
