"""What was made of Adam later: a look ahead, a rectified start, the sign alone, other measures of spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, decoupled_decay, epsilon, l2_penalty, step_size, switch
from landscape.optimizers.schedules import Rate
from landscape.parameter import parameter


@dataclass(frozen=True)
class NAdam(ElementwiseOptimizer):
    """Adam with Nesterov's look ahead: the gradient counts at once, the average by its next weight.

        g <- g + weight_decay x
        k = b1 (1 - .96^(t momentum_decay) / 2),  k' the same at t + 1
        q <- k q + (1 - k),        from q = 0;  that is q = 1 - product of all k so far
        m <- b1 m + (1 - b1) g,    from m = 0
        v <- b2 v + (1 - b2) g^2,  from v = 0
        n = (1 - k) g / q + k' m / (k' q + 1 - k')
        x <- x - learning_rate n / (sqrt(v / (1 - b2^t)) + eps)

    As ``torch.optim.NAdam``, with its slowly growing share k of the average; .96 is fixed there and in the report.
    Dozat's first version has k = b1 throughout, which momentum_decay can only come near.

    Reference: T. Dozat, "Incorporating Nesterov Momentum into Adam", 2016.

    >>> x, (m, v, q) = NAdam.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0, 0.0), NAdam(momentum_decay=0.0).hyper)
    >>> print(f"{x:.6f} {m:.6f} {q:.6f}")  # k = .45, n = 4 + .45 * .4 / (1 - .45^2)
    0.894357 0.400000 0.550000
    """

    learning_rate: Rate = step_size(0.002)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = l2_penalty()
    momentum_decay: float = parameter(0.004, 0.0, 0.1, mark("how fast the look ahead grows"), minimum=0.0)

    key, title, group = "nadam", "NAdam", mark("both moments")
    look = ("vermillion", 1)
    n_slots = 3

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay, momentum_decay = hyper
        m, v, q = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        k = b1 * (1.0 - 0.5 * 0.96 ** (t * momentum_decay))
        k_next = b1 * (1.0 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        q = k * q + (1.0 - k)
        m = b1 * m + (1.0 - b1) * g
        v = b2 * v + (1.0 - b2) * (g * g)
        root = (1.0 - b2 ** float(t)) ** 0.5
        look_ahead = (1.0 - k) * g / q + k_next * m / (k_next * q + (1.0 - k_next))
        return x - (learning_rate * root) * look_ahead / (np.sqrt(v) + eps * root), (m, v, q)


@dataclass(frozen=True)
class RAdam(ElementwiseOptimizer):
    """Adam that leaves out the division while too few gradients are in its average of squares.

        g <- g + weight_decay x
        m <- b1 m + (1 - b1) g,    from m = 0
        v <- b2 v + (1 - b2) g^2,  from v = 0
        c1 = 1 - b1^t,  c2 = 1 - b2^t
        p' = 2 / (1 - b2) - 1,  p = p' - 2 t b2^t / c2      (length of the average)
        p > 5:  r = sqrt((p - 4) (p - 2) p' / ((p' - 4) (p' - 2) p))
                x <- x - learning_rate r (m / c1) sqrt(c2) / (sqrt(v) + eps)
        else:   x <- x - learning_rate m / c1

    As ``torch.optim.RAdam``: threshold 5 (the paper: 4) and eps beside the uncorrected root. With b2 = .999 the
    first five steps are momentum steps, as long as the gradient is steep.

    Reference: L. Liu, H. Jiang, P. He, W. Chen, X. Liu, J. Gao, J. Han, "On the Variance of the Adaptive Learning
    Rate and Beyond", 2020, algorithm 2.

    >>> x, (m, v) = RAdam.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0), RAdam().hyper)
    >>> print(f"{x:.6f} {m:.6f} {v:.6f}")  # 1 - .1 * 4
    0.600000 0.400000 0.016000
    """

    learning_rate: Rate = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = l2_penalty()

    key, title, group = "radam", "RAdam", mark("both moments")
    look = ("sky", 2)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay = hyper
        m, v = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        m = b1 * m + (1.0 - b1) * g
        v = b2 * v + (1.0 - b2) * (g * g)
        power = b2 ** float(t)
        learning_rate = learning_rate / (1.0 - b1 ** float(t))
        longest = 2.0 / (1.0 - b2) - 1.0
        length = longest - 2.0 * t * power / (1.0 - power)
        if length > 5.0:
            tractable = (length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length)
            learning_rate = learning_rate * (tractable * (1.0 - power)) ** 0.5
            return x - learning_rate * m / (np.sqrt(v) + eps), (m, v)
        return x - learning_rate * m, (m, v)


@dataclass(frozen=True)
class Lion(ElementwiseOptimizer):
    """The sign of a momentum: every coordinate moves by the learning rate, whatever its gradient.

        c = b1 m + (1 - b1) g
        x <- x - learning_rate (sign(c) + weight_decay x)
        m <- b2 m + (1 - b2) g,    from m = 0

    Decoupled weight decay; b1 weighs the step, b2 the memory. With b1 = 0 it is signed gradient descent. Defaults of
    the authors' code, which advise a learning rate 3 to 10 times smaller than AdamW's.

    Reference: X. Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, algorithm 2.

    >>> x, (m,) = Lion.rule(1.0, 4.0, 1, 0.1, (-1.0,), Lion(b1=0.75, b2=0.5).hyper)  # c = -.75 + 1
    >>> print(f"{x:.6f} {m}")
    0.900000 1.5
    """

    learning_rate: Rate = step_size(0.0001)
    b1: float = decay(0.9, mark("share of the memory in the step"))
    b2: float = decay(0.99, mark("share of the memory kept"))
    weight_decay: float = decoupled_decay(0.0)

    key, title, group = "lion", "Lion", mark("signs")
    look = ("gold", 0)
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, weight_decay = hyper
        (m,) = slots
        direction = np.sign(b1 * m + (1.0 - b1) * g)
        m = b2 * m + (1.0 - b2) * g
        if weight_decay != 0.0:
            direction = direction + weight_decay * x
        return x - learning_rate * direction, (m,)


@dataclass(frozen=True)
class AdaBelief(ElementwiseOptimizer):
    """Adam that divides by how far the gradients stray from their average, not by how large they are.

        g <- g + weight_decay x
        m <- b1 m + (1 - b1) g,                from m = 0
        s <- b2 s + (1 - b2) (g - m)^2 + eps,  from s = 0
        x <- x - learning_rate (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps)

    The paper's algorithm with its eps 1e-8, which enters twice; added at every step, it keeps s above eps / (1 - b2)
    in the long run. Later releases of the authors' package have 1e-16.

    Reference: J. Zhuang, T. Tang, Y. Ding, S. Tatikonda, N. Dvornek, X. Papademetris, J. S. Duncan, "AdaBelief
    Optimizer: Adapting Stepsizes by the Belief in Observed Gradients", 2020.

    >>> x, (m, s) = AdaBelief.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0), AdaBelief().hyper)
    >>> print(f"{x:.6f} {m:.6f} {s:.6f}")  # 1 - .1 * 4 / 3.6, s = .001 * 3.6^2
    0.888889 0.400000 0.012960
    """

    learning_rate: Rate = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("share of the average squared deviation kept"))
    eps: float = epsilon(1e-8, low=1e-16)
    weight_decay: float = l2_penalty()

    key, title, group = "adabelief", "AdaBelief", mark("both moments")
    look = ("vermillion", 2)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay = hyper
        m, s = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        m = b1 * m + (1.0 - b1) * g
        stray = g - m
        s = b2 * s + ((1.0 - b2) * (stray * stray) + eps)
        root = (1.0 - b2 ** float(t)) ** 0.5
        learning_rate = learning_rate * root / (1.0 - b1 ** float(t))
        return x - learning_rate * m / (np.sqrt(s) + eps * root), (m, s)


@dataclass(frozen=True)
class Yogi(ElementwiseOptimizer):
    """Adam whose average of squares moves towards g^2 by a step of size (1 - b2) g^2, however far off it is.

        g <- g + weight_decay x
        m <- b1 m + (1 - b1) g,                     from m = 0
        v <- v - (1 - b2) sign(v - g^2) g^2,        from v = 0
        c1 = 1 - b1^t,  c2 = 1 - b2^t;  without ``bias_correction`` (as in the paper) c1 = c2 = 1
        x <- x - learning_rate (m / c1) / (sqrt(v / c2) + eps)

    The paper's algorithm and its values: learning rate .01, eps .001. Common codes correct the bias as Adam does
    and start v at 1e-6.

    Reference: M. Zaheer, S. J. Reddi, D. Sachan, S. Kale, S. Kumar, "Adaptive Methods for Nonconvex Optimization",
    2018, algorithm 2.

    >>> x, (m, v) = Yogi.rule(1.0, 1.0, 2, 0.1, (1.0, 4.25), Yogi(b2=0.75).hyper)  # v = 4.25 - .25 * 1
    >>> print(f"{x:.6f} {m} {v}")  # 1 - .1 * 1 / (2 + .001)
    0.950025 1.0 4.0
    """

    learning_rate: Rate = step_size(0.01)
    b1: float = decay(0.9, mark("share of the average gradient kept"))
    b2: float = decay(0.999, mark("1 - b2 is how fast the average of squares moves"))
    eps: float = epsilon(1e-3)
    weight_decay: float = l2_penalty()
    bias_correction: bool = switch(False, mark("undo the averages' start at 0"))

    key, title, group = "yogi", "Yogi", mark("both moments")
    look = ("green", 1)
    variants = (("bias_correction", True, mark("bias correction")),)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay, bias_correction = hyper
        m, v = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        m = b1 * m + (1.0 - b1) * g
        square = g * g
        v = v - (1.0 - b2) * (np.sign(v - square) * square)
        if bias_correction != 0.0:
            root = (1.0 - b2 ** float(t)) ** 0.5
            learning_rate = learning_rate * root / (1.0 - b1 ** float(t))
            eps = eps * root
        return x - learning_rate * m / (np.sqrt(v) + eps), (m, v)
