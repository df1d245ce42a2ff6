"""First-order optimizers without adaptation: plain, with momentum, with a look ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, l2_penalty, step_size, switch
from landscape.optimizers.schedules import Rate


@dataclass(frozen=True)
class SGD(ElementwiseOptimizer):
    """Gradient descent: a step against the gradient, as long as the gradient is steep.

        g <- g + weight_decay x
        x <- x - learning_rate g

    As ``torch.optim.SGD`` without momentum, its learning rate 0.001 included. Stochastic where the gradient is:
    give ``descend`` a noise.

    References: A. Cauchy, "Methode generale pour la resolution des systemes d'equations simultanees", 1847;
    H. Robbins and S. Monro, "A Stochastic Approximation Method", 1951.

    >>> SGD.rule(1.0, 4.0, 1, 0.1, (), SGD().hyper)
    (0.6, ())
    """

    learning_rate: Rate = step_size(0.001)
    weight_decay: float = l2_penalty()

    key, title, group = "sgd", "SGD", mark("momentum")
    look = ("blue", 0)

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        (weight_decay,) = hyper
        if weight_decay != 0.0:
            g = g + weight_decay * x
        return x - learning_rate * g, slots


@dataclass(frozen=True)
class Momentum(ElementwiseOptimizer):
    """Gradient descent with a velocity that keeps part of itself from step to step (heavy ball).

        g <- g + weight_decay x
        v <- momentum v + g                       heavy ball, from v = 0
        v <- momentum v + (1 - momentum) g        with ``averaged``, from v = 0
        x <- x - learning_rate v

    The averaged form, taught in some courses, takes steps 1 - momentum times as long at the same learning rate; it
    is the heavy ball with learning rate (1 - momentum) learning_rate. ``torch.optim.SGD`` has the heavy ball as
    ``momentum`` with dampening 0, and the averaged form as dampening = momentum, but that torch starts from v = g,
    so that its first step is 1 / (1 - momentum) times as long. Defaults: learning rate of ``torch.optim.SGD``,
    momentum .9 as everybody takes it (torch: 0).

    Reference: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.

    >>> Momentum.rule(1.0, 4.0, 2, 0.1, (2.0,), Momentum(momentum=0.5).hyper)
    (0.5, (5.0,))
    >>> Momentum.rule(1.0, 4.0, 2, 0.1, (2.0,), Momentum(momentum=0.5, averaged=True).hyper)
    (0.7, (3.0,))
    """

    learning_rate: Rate = step_size(0.001)
    momentum: float = decay(0.9, mark("share of the velocity kept"), high=0.99)
    averaged: bool = switch(False, mark("weigh the gradient by 1 - momentum"))
    weight_decay: float = l2_penalty()

    key, title, group = "momentum", mark("Momentum"), mark("momentum")
    look = ("orange", 0)
    variants = (("averaged", True, mark("averaged")),)
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        momentum, averaged, weight_decay = hyper
        (v,) = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        if averaged != 0.0:
            g = (1.0 - momentum) * g
        v = momentum * v + g
        return x - learning_rate * v, (v,)


@dataclass(frozen=True)
class Nesterov(ElementwiseOptimizer):
    """Accelerated gradient: momentum that takes its gradient where the velocity is about to carry it.

        g <- g + weight_decay x
        v <- momentum v + g,  from v = 0
        x <- x - learning_rate (g + momentum v)

    The form of ``torch.optim.SGD(nesterov=True)``: ``x`` is the point looked ahead to, so that the gradient belongs
    to the point that is shown. It is Nesterov's method with constant momentum in the notation of Sutskever et al.
    Defaults: learning rate of ``torch.optim.SGD``, momentum .9.

    References: Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)", 1983;
    I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and momentum in deep
    learning", 2013, equations (3) and (4).

    >>> Nesterov.rule(1.0, 4.0, 2, 0.1, (2.0,), Nesterov(momentum=0.5).hyper)
    (0.35, (5.0,))
    """

    learning_rate: Rate = step_size(0.001)
    momentum: float = decay(0.9, mark("share of the velocity kept"), high=0.99)
    weight_decay: float = l2_penalty()

    key, title, group = "nesterov", "Nesterov", mark("momentum")
    look = ("vermillion", 0)
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        momentum, weight_decay = hyper
        (v,) = slots
        if weight_decay != 0.0:
            g = g + weight_decay * x
        v = momentum * v + g
        return x - learning_rate * (g + momentum * v), (v,)


@dataclass(frozen=True)
class NesterovAsWritten(ElementwiseOptimizer):
    """Accelerated gradient as Nesterov wrote it: the gradient is taken where the velocity is about to carry the point.

        y = x + momentum v,  from v = 0
        v <- momentum v - learning_rate g,  g taken at y
        x <- x + v

    Shown and judged is x, not y. In exact arithmetic y walks the path of ``Nesterov``, which shows the points at which
    it looks; here both are told apart.

    Reference: I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the importance of initialization and momentum in deep
    learning", 2013, equations (3) and (4), after Y. Nesterov, 1983.

    >>> NesterovAsWritten.rule(1.0, 4.0, 2, 0.1, (2.0,), NesterovAsWritten(momentum=0.5).hyper)
    (1.6, (0.6,))
    """

    learning_rate: float = step_size(0.001)
    momentum: float = decay(0.9, mark("share of the velocity kept"), high=0.99)

    key, title, group = "nesterov_as_written", mark("Nesterov, as written"), mark("momentum")
    look = ("vermillion", 3)
    n_slots = 1

    @staticmethod
    def ahead(x: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        (momentum,) = hyper
        (v,) = slots
        return x + momentum * v

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        (momentum,) = hyper
        (v,) = slots
        v = momentum * v - learning_rate * g
        return x + v, (v,)
