"""First-order optimizers without adaptation: plain, with momentum, with a look ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landscape.optimizers.base import ElementwiseOptimizer
from landscape.parameter import BELOW_ONE, parameter


@dataclass(frozen=True)
class SGD(ElementwiseOptimizer):
    """Gradient descent: x <- x - learning_rate * g (Cauchy 1847; with noisy g, Robbins and Monro 1951)."""

    weight_decay: float = parameter(0.0, 0.0, 0.1, "L2 penalty added to the gradient", minimum=0.0)

    key = "sgd"
    title = "SGD"

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        """Apply one step."""
        (weight_decay,) = hyper
        return x - learning_rate * (g + weight_decay * x), slots


@dataclass(frozen=True)
class Momentum(ElementwiseOptimizer):
    """Heavy ball (Polyak 1964): v <- momentum v + g;  x <- x - learning_rate v.

    With ``averaged`` the course's form: v <- momentum v + (1 - momentum) g, whose steps are 1 - momentum times as
    long at the same learning rate. ``torch.optim.SGD`` has the two as dampening 0 and (but for its first step)
    dampening = momentum.
    """

    momentum: float = parameter(0.9, 0.0, 0.99, "share of the velocity kept", minimum=0.0, maximum=BELOW_ONE)
    averaged: bool = parameter(False, 0, 1, "weigh the gradient by 1 - momentum", boolean=True)
    weight_decay: float = parameter(0.0, 0.0, 0.1, "L2 penalty added to the gradient", minimum=0.0)

    key = "momentum"
    title = "Momentum"
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        """Apply one step."""
        momentum, averaged, weight_decay = hyper
        (v,) = slots
        v = momentum * v + (1.0 - averaged * momentum) * (g + weight_decay * x)
        return x - learning_rate * v, (v,)
