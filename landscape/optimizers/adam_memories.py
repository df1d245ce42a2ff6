"""Later relatives of Adam, which differ in what they remember: a second momentum, a square of before, a difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, decoupled_decay, epsilon, step_size, switch
from landscape.parameter import parameter


@dataclass(frozen=True)
class AdEMAMix(ElementwiseOptimizer):
    """Adam with a second, far slower momentum beside the first: gradients of long ago still count.

        m <- b1 m + (1 - b1) g,    from m = 0
        s <- b3 s + (1 - b3) g,    from s = 0
        v <- b2 v + (1 - b2) g^2,  from v = 0
        x <- x - learning_rate ((m / (1 - b1^t) + alpha s) / (sqrt(v / (1 - b2^t)) + eps) + weight_decay x)

    As ``optax.contrib.ademamix`` with constant alpha and b3 (the paper warms both up); s is not corrected, so that it
    fills itself slowly. Decoupled weight decay.

    Reference: M. Pagliardini, P. Ablin, D. Grangier, "The AdEMAMix Optimizer: Better, Faster, Older", 2024,
    algorithm 1.

    >>> x, (m, s, v) = AdEMAMix.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0, 0.0), AdEMAMix(b3=0.5).hyper)
    >>> print(f"{x:.6f} {m:.6f} {s} {v:.6f}")  # 1 - .1 (4 + 5 * 2) / 4
    0.650000 0.400000 2.0 0.016000
    """

    learning_rate: float = step_size(0.001)
    b1: float = decay(0.9, mark("share of the fast average kept"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    b3: float = decay(0.9999, mark("share of the slow average kept"))
    alpha: float = parameter(5.0, 0.0, 20.0, mark("weight of the slow average"), minimum=0.0)
    eps: float = epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.0)

    key, title, group = "ademamix", "AdEMAMix", mark("both moments")
    look = ("purple", 3)
    n_slots = 3

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, b3, alpha, eps, weight_decay = hyper
        m, s, v = slots
        m = b1 * m + (1.0 - b1) * g
        s = b3 * s + (1.0 - b3) * g
        v = b2 * v + (1.0 - b2) * (g * g)
        size = np.sqrt(v / (1.0 - b2 ** float(t))) + eps
        way = (m / (1.0 - b1 ** float(t)) + alpha * s) / size
        if weight_decay != 0.0:
            way = way + weight_decay * x
        return x - learning_rate * way, (m, s, v)


@dataclass(frozen=True)
class ADOPT(ElementwiseOptimizer):
    """Adam that divides a gradient by the squares before it, not by one that it is part of: any b2 converges.

        t = 1:  v <- g^2;  x stays
        t > 1:  u = g / max(sqrt(v), eps);  with ``clipped`` u is clipped to (t - 1)^(1/4) on both sides
                m <- b1 m + (1 - b1) u,  from m = 0
                x <- x - learning_rate m
                v <- b2 v + (1 - b2) g^2

    As ``optax.contrib.adopt``. The first gradient is spent on v alone.

    Reference: S. Taniguchi et al., "ADOPT: Modified Adam Can Converge with Any beta2 with the Optimal Rate", 2024,
    algorithm 2.

    >>> x, (m, v) = ADOPT.rule(1.0, 4.0, 2, 0.1, (0.0, 64.0), ADOPT(b2=0.5).hyper)  # u = 4 / 8
    >>> print(f"{x:.6f} {m:.6f} {v}")
    0.995000 0.050000 40.0
    """

    learning_rate: float = step_size(0.001)
    b1: float = decay(0.9, mark("share of the average step kept"))
    b2: float = decay(0.9999, mark("share of the average square kept"))
    eps: float = epsilon(1e-6)
    clipped: bool = switch(True, mark("clip early steps"))

    key, title, group = "adopt", "ADOPT", mark("both moments")
    look = ("green", 3)
    variants = (("clipped", False, mark("not clipped")),)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, clipped = hyper
        m, v = slots
        if t == 1:
            return x - 0.0 * m, (m, g * g)
        u = g / np.maximum(np.sqrt(v), eps)
        if clipped != 0.0:
            most = (float(t) - 1.0) ** 0.25
            u = np.minimum(np.maximum(u, -most), most)
        m = b1 * m + (1.0 - b1) * u
        v = b2 * v + (1.0 - b2) * (g * g)
        return x - learning_rate * m, (m, v)


@dataclass(frozen=True)
class Adan(ElementwiseOptimizer):
    """Adam with Nesterov's look ahead made of gradients alone: how the gradient changes is remembered too.

        d = g - h,  h the gradient of the last step; 0 at the first
        m <- b1 m + (1 - b1) g,                from m = 0
        v <- b2 v + (1 - b2) d,                from v = 0
        n <- b3 n + (1 - b3) (g + b2 d)^2,     from n = 0
        u = (m / (1 - b1^t) + b2 v / (1 - b2^t)) / (sqrt(n / (1 - b3^t)) + eps)
        x <- (x - learning_rate u) / (1 + learning_rate weight_decay)

    The authors' code, whose b's are one minus the paper's. Weight decay is a proximal step.

    Reference: X. Xie, P. Zhou, H. Li, Z. Lin, S. Yan, "Adan: Adaptive Nesterov Momentum Algorithm for Faster
    Optimizing Deep Models", 2022, algorithm 1.

    >>> x, (m, v, n, h) = Adan.rule(1.0, 4.0, 1, 0.1, (0.0, 0.0, 0.0, 0.0), Adan().hyper)
    >>> print(f"{x:.6f} {m:.6f} {v} {n:.6f} {h}")
    0.900000 0.080000 0.0 0.160000 4.0
    """

    learning_rate: float = step_size(0.001)
    b1: float = decay(0.98, mark("share of the average gradient kept"))
    b2: float = decay(0.92, mark("share of the average difference kept"))
    b3: float = decay(0.99, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = decoupled_decay(0.0)

    key, title, group = "adan", "Adan", mark("both moments")
    look = ("gold", 3)
    n_slots = 4

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, b3, eps, weight_decay = hyper
        m, v, n, h = slots
        if t == 1:
            h = g
        d = g - h
        m = b1 * m + (1.0 - b1) * g
        v = b2 * v + (1.0 - b2) * d
        ahead = g + b2 * d
        n = b3 * n + (1.0 - b3) * (ahead * ahead)
        size = np.sqrt(n / (1.0 - b3 ** float(t))) + eps
        u = (m / (1.0 - b1 ** float(t)) + b2 * v / (1.0 - b2 ** float(t))) / size
        x = x - learning_rate * u
        if weight_decay != 0.0:
            x = x / (1.0 + learning_rate * weight_decay)
        return x, (m, v, n, g)
