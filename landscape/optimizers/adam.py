"""Adam and its nearest relatives: both moments of the gradient, kept as running averages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, decoupled_decay, epsilon, l2_penalty, step_size, switch
from landscape.optimizers.schedules import Rate


@dataclass(frozen=True)
class Adam(ElementwiseOptimizer):
    """Momentum on the gradient, divided by the root of the average of its square.

        g <- g + weight_decay x
        m <- b1 m + (1 - b1) g,    from m = 0
        v <- b2 v + (1 - b2) g^2,  from v = 0
        c1 = 1 - b1^t,  c2 = 1 - b2^t;  without ``bias_correction`` c1 = c2 = 1
        x <- x - learning_rate (m / c1) / (sqrt(v / c2) + eps)

    Algorithm 1 of the paper, as ``torch.optim.Adam``; eps stands outside the root and after the correction. Both
    averages start at 0 and are too small at first, v by more than m: without the correction the first step is
    (1 - b1) / sqrt(1 - b2) = 3.2 learning rates long, with it one.

    Reference: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.

    >>> x, (m, v) = Adam.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0), Adam().hyper)
    >>> print(f"{x:.6f} {m:.6f} {v:.6f}")
    0.900000 0.400000 0.016000
    """

    learning_rate: Rate = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = l2_penalty()
    bias_correction: bool = switch(True, mark("undo the averages' start at 0"))

    key, title, group = "adam", "Adam", mark("both moments")
    look = ("purple", 0)
    variants = (("bias_correction", False, mark("no bias correction")),)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay, bias_correction = hyper
        m, v = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        m = b1 * m + (1.0 - b1) * g
        v = b2 * v + (1.0 - b2) * (g * g)
        if bias_correction != 0.0:
            root = (1.0 - b2 ** float(t)) ** 0.5
            learning_rate = learning_rate * root / (1.0 - b1 ** float(t))
            eps = eps * root
        return x - learning_rate * m / (np.sqrt(v) + eps), (m, v)


@dataclass(frozen=True)
class AMSGrad(ElementwiseOptimizer):
    """Adam that divides by the largest average of squares seen so far, so that no step size grows again.

        g <- g + weight_decay x
        m <- b1 m + (1 - b1) g,    from m = 0
        v <- b2 v + (1 - b2) g^2,  from v = 0
        w <- max(w, v),            from w = 0
        c1 = 1 - b1^t,  c2 = 1 - b2^t;  without ``bias_correction`` c1 = c2 = 1
        x <- x - learning_rate (m / c1) / (sqrt(w / c2) + eps)

    As ``torch.optim.Adam(amsgrad=True)``: the maximum is taken before the correction. The paper's algorithm has
    neither correction nor eps.

    Reference: S. J. Reddi, S. Kale, S. Kumar, "On the Convergence of Adam and Beyond", 2018, algorithm 2.

    >>> x, (m, v, w) = AMSGrad.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0, 1.0), AMSGrad(bias_correction=False).hyper)
    >>> print(f"{x:.6f} {m:.6f} {v:.6f} {w}")  # 1 - .1 * .4 / sqrt(1)
    0.960000 0.400000 0.016000 1.0
    """

    learning_rate: Rate = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = l2_penalty()
    bias_correction: bool = switch(True, mark("undo the averages' start at 0"))

    key, title, group = "amsgrad", "AMSGrad", mark("both moments")
    look = ("purple", 1)
    variants = (("bias_correction", False, mark("no bias correction")),)
    n_slots = 3

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay, bias_correction = hyper
        m, v, w = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        m = b1 * m + (1.0 - b1) * g
        v = b2 * v + (1.0 - b2) * (g * g)
        w = np.maximum(w, v)
        if bias_correction != 0.0:
            root = (1.0 - b2 ** float(t)) ** 0.5
            learning_rate = learning_rate * root / (1.0 - b1 ** float(t))
            eps = eps * root
        return x - learning_rate * m / (np.sqrt(w) + eps), (m, v, w)


@dataclass(frozen=True)
class Adamax(ElementwiseOptimizer):
    """Adam with the largest gradient in memory, fading, in place of the root of the average square.

        g <- g + weight_decay x
        m <- b1 m + (1 - b1) g,         from m = 0
        u <- max(b2 u, |g| + eps),      from u = 0
        x <- x - learning_rate / (1 - b1^t) m / u

    As ``torch.optim.Adamax``, which adds eps to |g|; the paper has none.

    Reference: D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 2.

    >>> x, (m, u) = Adamax.rule(1.0, 4.0, 1, 0.1, (0.0, 8.0), Adamax(b1=0.5, b2=0.75).hyper)
    >>> print(f"{x:.6f} {m} {u}")  # 1 - .1 / .5 * 2 / 6
    0.933333 2.0 6.0
    """

    learning_rate: Rate = step_size(0.002)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the largest gradient kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = l2_penalty()

    key, title, group = "adamax", "Adamax", mark("both moments")
    look = ("gold", 1)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay = hyper
        m, u = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        m = b1 * m + (1.0 - b1) * g
        u = np.maximum(b2 * u, np.abs(g) + eps)
        return x - learning_rate / (1.0 - b1 ** float(t)) * m / u, (m, u)


@dataclass(frozen=True)
class AdamW(ElementwiseOptimizer):
    """Adam with weight decay apart from the gradient, so that it is not divided by anything.

        x <- x - learning_rate weight_decay x
        m <- b1 m + (1 - b1) g,    from m = 0
        v <- b2 v + (1 - b2) g^2,  from v = 0
        c1 = 1 - b1^t,  c2 = 1 - b2^t;  without ``bias_correction`` c1 = c2 = 1
        x <- x - learning_rate (m / c1) / (sqrt(v / c2) + eps)

    As ``torch.optim.AdamW``, its weight_decay .01 included: it minimizes a cost that is not quite the surface's.
    The paper multiplies weight_decay by the schedule alone, torch and we by the scheduled learning rate.

    Reference: I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2.

    >>> x, (m, v) = AdamW.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0), AdamW(weight_decay=0.5).hyper)
    >>> print(f"{x:.6f} {m:.6f} {v:.6f}")  # 1 - .1 * .5 - .1
    0.850000 0.400000 0.016000
    """

    learning_rate: Rate = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.01)
    bias_correction: bool = switch(True, mark("undo the averages' start at 0"))

    key, title, group = "adamw", "AdamW", mark("both moments")
    look = ("orange", 1)
    variants = (("bias_correction", False, mark("no bias correction")),)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay, bias_correction = hyper
        m, v = slots
        if weight_decay != 0.0:
            x = (1.0 - learning_rate * weight_decay) * x
        m = b1 * m + (1.0 - b1) * g
        v = b2 * v + (1.0 - b2) * (g * g)
        if bias_correction != 0.0:
            root = (1.0 - b2 ** float(t)) ** 0.5
            learning_rate = learning_rate * root / (1.0 - b1 ** float(t))
            eps = eps * root
        return x - learning_rate * m / (np.sqrt(v) + eps), (m, v)
