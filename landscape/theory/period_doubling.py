"""Gradient descent on (x^2 - 1)^2 / 4 as the learning rate grows: rest, two points, four, chaos, divergence.

A step is x <- x - eta x (x^2 - 1). The minima +-1 have curvature 2 and repel above eta = 1. Two points x, y > 0 that
follow each other have (x + y)^2 = 1 + 3 / eta and x y = 1 / eta, and errors along them are multiplied by
(1 - eta (3 x^2 - 1)) (1 - eta (3 y^2 - 1)) = 7 - 4 eta - 2 eta^2 every two steps: 1 at eta = 1, where they are born,
and -1 at eta = sqrt(5) - 1, where four points take over. At eta = 2 the step is x <- 3 x - 2 x^3, which
x = sqrt(2) cos(theta) turns into cos(theta) <- -cos(3 theta): the whole interval [-sqrt(2), sqrt(2)] is visited and an
error grows by ln 3 a step. Above 2 almost every start diverges.
"""

from __future__ import annotations

import math

from landscape.language import tr

ENDS = {1: 1.0, 2: math.sqrt(5.0) - 1.0}
"""Up to which learning rate a cycle of so many points attracts: 1 / curvature times 2 for the minimum itself."""

LARGEST = 2.0
"""Above this learning rate almost every start diverges."""


def pair(learning_rate: float) -> tuple[float, float]:
    """Return the two points, the lower one first, between which gradient descent jumps for 1 <= learning_rate.

    They attract up to ``ENDS[2]``. Raise ``ValueError`` below 1, where there is no such pair.

    >>> pair(1.0)
    (1.0, 1.0)
    >>> x, y = pair(1.2)
    >>> abs(x - 1.2 * x * (x * x - 1) - y) < 1e-15
    True
    """
    if not learning_rate >= 1.0:
        raise ValueError(
            tr(
                "below a learning rate of 1 there is no pair of points, and {learning_rate:g} is below",
                learning_rate=learning_rate,
            )
        )
    total = math.sqrt(1.0 + 3.0 / learning_rate)
    apart = math.sqrt(max(1.0 - 1.0 / learning_rate, 0.0))
    return (total - apart) / 2.0, (total + apart) / 2.0


def multiplier(learning_rate: float) -> float:
    """Return by what an error is multiplied on the way round the pair, two steps: 7 - 4 eta - 2 eta^2.

    >>> multiplier(1.0), round(multiplier(ENDS[2]), 12)
    (1.0, -1.0)
    """
    return 7.0 - 4.0 * learning_rate - 2.0 * learning_rate**2


def growth_at_the_end() -> float:
    """Return the growth of the logarithm of an error per step at eta = 2, the Lyapunov exponent: ln 3."""
    return math.log(3.0)
