"""Optimizers that look at the sign of the gradient alone: how steep it is does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.fields import decay, decoupled_decay, step_size
from landscape.parameter import parameter


@dataclass(frozen=True)
class Rprop(ElementwiseOptimizer):
    """Every coordinate has a step of its own, which grows while its gradient keeps its sign and shrinks when it turns.

        s = sign(g h),  h the gradient of the last step, from h = 0
        d <- d up      where s > 0,  from d = learning_rate
        d <- d down    where s < 0;  g <- 0 there
        d <- min(max(d, shortest), longest)    at the first step too: rates outside of it are none
        x <- x - sign(g) d
        h <- g

    As ``torch.optim.Rprop``: after a turn a coordinate rests for one step, and nothing is taken back (iRprop-). The
    learning rate is the first step's length alone; a schedule changes nothing after that. It needs the gradient of all
    data: with noise its signs say little.

    Reference: M. Riedmiller and H. Braun, "A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP
    Algorithm", 1993.

    >>> x, (d, h) = Rprop.rule(1.0, 4.0, 2, 0.1, (0.5, 3.0), Rprop().hyper)
    >>> print(f"{x:.6f} {d} {h}")  # 1 - .5 * 1.2
    0.400000 0.6 4.0
    """

    learning_rate: float = step_size(0.01)
    up: float = parameter(1.2, 1.0, 2.0, mark("factor of a step that goes on"), minimum=1.0)
    down: float = parameter(0.5, 0.1, 1.0, mark("factor of a step that turns"), minimum=0.0, maximum=1.0)
    shortest: float = parameter(1e-6, 1e-12, 1e-2, mark("least step"), log=True, minimum=0.0)
    longest: float = parameter(50.0, 1e-2, 100.0, mark("largest step"), log=True, minimum=0.0)

    key, title, group = "rprop", "Rprop", mark("signs")
    look = ("blue", 5)
    n_slots = 2

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        up, down, shortest, longest = hyper
        d, h = slots
        if t == 1:
            d = 0.0 * h + learning_rate
        s = np.sign(g * h)
        goes_on, turns = np.maximum(s, 0.0), np.maximum(-s, 0.0)
        d = np.minimum(np.maximum(d * (up * goes_on + down * turns + (1.0 - goes_on - turns)), shortest), longest)
        h = g * (1.0 - turns)
        return x - np.sign(h) * d, (d, h)


@dataclass(frozen=True)
class Signum(ElementwiseOptimizer):
    """The sign of an averaged momentum: every coordinate moves by the learning rate, until its average turns.

        m <- momentum m + (1 - momentum) g,  from m = 0
        x <- x - learning_rate (sign(m) + weight_decay x)

    Decoupled weight decay. With momentum 0 it is signed gradient descent, which ends on two points that are
    learning_rate apart, one on each side of a minimum: half of that away in the mean. Lion weighs step and memory
    apart; this one does not.

    Reference: J. Bernstein, Y.-X. Wang, K. Azizzadenesheli, A. Anandkumar, "signSGD: Compressed Optimisation for
    Non-Convex Problems", 2018, algorithm 2.

    >>> x, (m,) = Signum.rule(1.0, 4.0, 2, 0.1, (-8.0,), Signum(momentum=0.75).hyper)  # m = -6 + 1
    >>> print(f"{x:.6f} {m}")
    1.100000 -5.0
    """

    learning_rate: float = step_size(0.001)
    momentum: float = decay(0.9, mark("share of the average gradient kept"), high=0.99)
    weight_decay: float = decoupled_decay(0.0)

    key, title, group = "signum", "Signum", mark("signs")
    look = ("orange", 6)
    n_slots = 1

    @staticmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        momentum, weight_decay = hyper
        (m,) = slots
        m = momentum * m + (1.0 - momentum) * g
        direction = np.sign(m)
        if weight_decay != 0.0:
            direction = direction + weight_decay * x
        return x - learning_rate * direction, (m,)
