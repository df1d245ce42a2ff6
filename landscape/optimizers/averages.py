"""Rules that show an average of the points they walk over: their gradient is taken elsewhere than where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, epsilon, l2_penalty, step_size
from landscape.parameter import parameter


@dataclass(frozen=True)
class ASGD(ElementwiseOptimizer):
    """Gradient descent with falling steps, of which the average point is shown (Polyak and Ruppert).

        r = learning_rate / (1 + shrink learning_rate (t - 1))^power
        w <- (1 - shrink r) w - r (g + weight_decay w),  from w = x,  g taken at w
        x <- x + (w - x) / max(1, t - 1 - begin)

    As ``torch.optim.ASGD``, whose parameters are w and whose ``ax`` is x. torch's ``t0`` = 1e6 never begins to average
    in a run of usual length; here it begins at once.

    Reference: B. T. Polyak and A. B. Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; L. Xu,
    "Towards Optimal One Pass Large Scale Learning with Averaged Stochastic Gradient Descent", 2011.

    >>> x, (w,) = ASGD.rule(1.0, 4.0, 3, 0.1, (2.0,), ASGD(shrink=0.0).hyper)  # w = 2 - .4, x = 1 + .6 / 2
    >>> print(f"{x:.6f} {w:.6f}")
    1.300000 1.600000
    """

    learning_rate: float = step_size(0.01)
    shrink: float = parameter(1e-4, 0.0, 1.0, mark("how soon the steps fall, and pull to 0"), minimum=0.0)
    power: float = parameter(0.75, 0.0, 1.0, mark("power of the step by which they fall"), minimum=0.0)
    begin: int = parameter(0, 0, 1000, mark("steps before averaging"), integer=True, minimum=0)
    weight_decay: float = l2_penalty()

    key, title, group = "asgd", mark("Averaged SGD"), mark("averages")
    look = ("blue", 3)
    n_slots = 1

    @staticmethod
    def ahead(x: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        (w,) = slots
        if t == 1:
            w = x
        return w

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        shrink, power, begin, weight_decay = hyper
        (w,) = slots
        if t == 1:
            w = x
        if weight_decay != 0.0:
            g = g + weight_decay * w
        rate = learning_rate / (1.0 + shrink * learning_rate * (float(t) - 1.0)) ** power
        w = (1.0 - shrink * rate) * w - rate * g
        averaged = float(t) - 1.0 - begin
        if averaged < 1.0:
            averaged = 1.0
        return x + (w - x) / averaged, (w,)


@dataclass(frozen=True)
class ScheduleFreeSGD(ElementwiseOptimizer):
    """Gradient descent without a schedule: an average is shown, and gradients are taken between it and the walker.

        y = momentum x + (1 - momentum) z,  from z = x
        z <- z - learning_rate (g + weight_decay y),  g taken at y
        w <- w + l^2,  l the largest learning rate so far;  c = l^2 / w
        x <- x + c (z - x)

    At a constant learning rate c = 1/t: x is the mean of all z. The authors' code with r = 0 and weight_lr_power = 2,
    whose learning rate of 1 is one for networks with warm-up, which is a schedule's matter here. Shown and judged is x.

    Reference: A. Defazio et al., "The Road Less Scheduled", 2024, equations (3) to (5).

    >>> x, (z, l, w) = ScheduleFreeSGD.rule(1.0, 4.0, 2, 0.5, (3.0, 0.5, 0.25), ScheduleFreeSGD().hyper)
    >>> print(f"{x} {z} {l} {w}")  # z = 3 - 2, c = 1/2
    1.0 1.0 0.5 0.5
    """

    learning_rate: float = step_size(0.01)
    momentum: float = decay(0.9, mark("weight of the average where the gradient is taken"), high=0.99)
    weight_decay: float = l2_penalty()

    key, title, group = "schedule_free_sgd", mark("Schedule-free SGD"), mark("averages")
    look = ("orange", 2)
    n_slots = 3

    @staticmethod
    def ahead(x: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        momentum, _ = hyper
        z, _, _ = slots
        if t == 1:
            z = x
        return momentum * x + (1.0 - momentum) * z

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        momentum, weight_decay = hyper
        z, largest, total = slots
        if t == 1:
            z = x
        if weight_decay != 0.0:
            g = g + weight_decay * (momentum * x + (1.0 - momentum) * z)
        z = z - learning_rate * g
        largest = np.maximum(largest, learning_rate)
        weight = largest * largest
        total = total + weight
        share = weight / np.maximum(total, 1e-300)
        return x + share * (z - x), (z, largest, total)


@dataclass(frozen=True)
class ScheduleFreeAdamW(ElementwiseOptimizer):
    """AdamW without a schedule: an average is shown, and gradients are taken between it and the walker.

        y = b1 x + (1 - b1) z,  from z = x
        v <- b2 v + (1 - b2) g^2,  from v = 0,  g taken at y
        z <- z - learning_rate (g / (sqrt(v / (1 - b2^t)) + eps) + weight_decay y)
        w <- w + l^2,  l the largest learning rate so far;  c = l^2 / w
        x <- x + c (z - x)

    The authors' code with r = 0 and weight_lr_power = 2; b1 stands in place of the first moment. Warm-up is a
    schedule's matter. Shown and judged is x.

    Reference: A. Defazio et al., "The Road Less Scheduled", 2024, algorithm 1.

    >>> slots = (3.0, 0.0, 0.0, 0.0)
    >>> x, (z, v, l, w) = ScheduleFreeAdamW.rule(1.0, 4.0, 1, 0.5, slots, ScheduleFreeAdamW().hyper)
    >>> print(f"{x:.6f} {z:.6f} {v:.6f}")  # z = x at the first step
    0.500000 0.500000 0.016000
    """

    learning_rate: float = step_size(0.0025)
    b1: float = decay(0.9, mark("weight of the average where the gradient is taken"))
    b2: float = decay(0.999, mark("share of the average square kept"))
    eps: float = epsilon(1e-8)
    weight_decay: float = l2_penalty()

    key, title, group = "schedule_free_adamw", mark("Schedule-free AdamW"), mark("averages")
    look = ("sky", 3)
    n_slots = 4

    @staticmethod
    def ahead(x: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, _, _, _ = hyper
        z, _, _, _ = slots
        if t == 1:
            z = x
        return b1 * x + (1.0 - b1) * z

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        b1, b2, eps, weight_decay = hyper
        z, v, largest, total = slots
        if t == 1:
            z = x
        v = b2 * v + (1.0 - b2) * (g * g)
        way = g / (np.sqrt(v / (1.0 - b2 ** float(t))) + eps)
        if weight_decay != 0.0:
            way = way + weight_decay * (b1 * x + (1.0 - b1) * z)
        z = z - learning_rate * way
        largest = np.maximum(largest, learning_rate)
        weight = largest * largest
        total = total + weight
        share = weight / np.maximum(total, 1e-300)
        return x + share * (z - x), (z, v, largest, total)
