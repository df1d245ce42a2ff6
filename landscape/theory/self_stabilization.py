"""Gradient descent at the edge of stability, in the smallest model that has it.

On f(x, y) = y (x^2 / 2 - a) the coordinate y is the sharpness across the valley x = 0, and -a is its slope: without a
swing in x gradient descent would sharpen the valley for ever. With one,

    x <- x (1 - eta y),    y <- y + eta (a - x^2 / 2),

so x grows by turning from side to side as soon as y is above 2 / eta, and a large x brings y down again. Summing the
second line over T steps gives, exactly,

    mean of x^2 = 2 a - 2 (y_T - y_0) / (eta T),

and as long as the orbit stays bounded the mean of ln |1 - eta y| is 0, so that the mean of eta y / 2 is near 1.
A. Damian, E. Nichani, J. Lee, "Self-stabilization: the implicit bias of gradient descent at the edge of stability",
2023; J. Cohen et al., "Understanding optimization in deep learning with central flows", 2024.
"""

from __future__ import annotations


def mean_square(slope: float, first: float, last: float, learning_rate: float, n_steps: int) -> float:
    """Return the mean of x^2 over the steps, from the sharpness at the ``first`` and after the ``last``.

    ``slope`` is a. The numbers are without units, and the identity holds for every orbit.

    >>> mean_square(1e-4, first=10.0, last=10.0, learning_rate=0.2, n_steps=1000)
    0.0002
    """
    return 2.0 * slope - 2.0 * (last - first) / (learning_rate * n_steps)
