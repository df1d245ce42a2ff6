"""Optimizers that give every coordinate its own step size, made from past squared gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, epsilon, l2_penalty, step_size, switch
from landscape.optimizers.schedules import Rate


@dataclass(frozen=True)
class AdaGrad(ElementwiseOptimizer):
    """Divides each coordinate's gradient by the root of the sum of all its squares so far.

        g <- g + weight_decay x
        s <- s + g^2,  from s = 0
        x <- x - learning_rate g / (sqrt(s) + eps)

    The diagonal form, as ``torch.optim.Adagrad`` with lr_decay 0 and initial accumulator 0; eps stands outside the
    root. The sum only grows, so the steps only shrink.

    Reference: J. Duchi, E. Hazan, Y. Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization", 2011.

    >>> x, (s,) = AdaGrad.rule(1.0, 4.0, 2, 0.1, (9.0,), AdaGrad().hyper)  # 1 - .1 * 4 / sqrt(9 + 16)
    >>> print(f"{x:.6f} {s}")
    0.920000 25.0
    """

    learning_rate: Rate = step_size(0.01)
    eps: float = epsilon(1e-10)
    weight_decay: float = l2_penalty()

    key, title, group = "adagrad", "AdaGrad", mark("squares")
    look = ("sky", 0)
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        eps, weight_decay = hyper
        (s,) = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        s = s + g * g
        return x - learning_rate * g / (np.sqrt(s) + eps), (s,)


@dataclass(frozen=True)
class Adadelta(ElementwiseOptimizer):
    """Steps whose unit is that of x: the root of past squared steps over the root of past squared gradients.

        g <- g + weight_decay x
        v <- b2 v + (1 - b2) g^2,  from v = 0
        d <- sqrt(u + eps) / sqrt(v + eps) g
        u <- b2 u + (1 - b2) d^2,  from u = 0
        x <- x - learning_rate d

    As ``torch.optim.Adadelta``, whose rho is ``b2`` here; Zeiler has learning_rate 1. The first step is sqrt(eps)
    long, so it starts slowly.

    Reference: M. D. Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, algorithm 1.

    >>> x, (v, u) = Adadelta.rule(1.0, 2.0, 1, 1.0, (0.0, 0.0), Adadelta(b2=0.75, eps=1.0).hyper)
    >>> print(f"{x:.6f} {v} {u:.6f}")  # d = 2 sqrt(1) / sqrt(1 + 1)
    -0.414214 1.0 0.500000
    """

    learning_rate: Rate = step_size(1.0, high=100.0)
    b2: float = decay(0.9, mark("share of both averages of squares kept"))
    eps: float = epsilon(1e-6)
    weight_decay: float = l2_penalty()

    key, title, group = "adadelta", "Adadelta", mark("squares")
    look = ("sky", 1)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b2, eps, weight_decay = hyper
        v, u = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        v = b2 * v + (1.0 - b2) * (g * g)
        d = np.sqrt((u + eps) / (v + eps)) * g
        u = b2 * u + (1.0 - b2) * (d * d)
        return x - learning_rate * d, (v, u)


@dataclass(frozen=True)
class RMSprop(ElementwiseOptimizer):
    """Divides the gradient by the root of a running average of its square.

        g <- g + weight_decay x
        v <- b2 v + (1 - b2) g^2,  from v = 0
        a <- b2 a + (1 - b2) g,    from a = 0;  kept only with ``centered``, else a = 0
        d <- g / (sqrt(v - a^2) + eps)
        u <- momentum u + d,       from u = 0;  with momentum 0, u = d
        x <- x - learning_rate u

    As ``torch.optim.RMSprop``, whose alpha .99 is ``b2`` here (Hinton's lecture: .9); eps stands outside the root,
    nothing corrects the bias of v towards its start at 0. Where rounding makes the variance v - a^2 negative it
    counts as 0 (torch goes on with NaN).

    References: T. Tieleman and G. Hinton, lecture 6.5 of "Neural Networks for Machine Learning", 2012; centered and
    with momentum: A. Graves, "Generating Sequences With Recurrent Neural Networks", 2013, equations (38) to (45).

    >>> x, (v, _, _) = RMSprop.rule(1.0, 2.0, 1, 0.1, (0.0, 0.0, 0.0), RMSprop(b2=0.75).hyper)
    >>> print(f"{x:.6f} {v}")  # 1 - .1 * 2 / sqrt(1)
    0.800000 1.0
    """

    learning_rate: Rate = step_size(0.01)
    b2: float = decay(0.99, mark("share of the average of squares kept"))
    eps: float = epsilon(1e-8)
    momentum: float = decay(0.0, mark("share of the velocity kept"), high=0.99)
    centered: bool = switch(False, mark("divide by the standard deviation instead"))
    weight_decay: float = l2_penalty()

    key, title, group = "rmsprop", "RMSprop", mark("squares")
    look = ("green", 0)
    variants = (("centered", True, mark("centered")),)
    n_slots = 3

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b2, eps, momentum, centered, weight_decay = hyper
        v, a, u = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        v = b2 * v + (1.0 - b2) * (g * g)
        variance = v
        if centered != 0.0:
            a = b2 * a + (1.0 - b2) * g
            variance = np.maximum(v - a * a, 0.0)
        d = g / (np.sqrt(variance) + eps)
        if momentum != 0.0:
            u = momentum * u + d
            d = u
        return x - learning_rate * d, (v, a, u)
