"""Two layers, one example: loss and sharpness under gradient descent with a large step, exactly.

f = u . v / sqrt(m) with the loss f^2 / 2 and sharpness l = (|u|^2 + |v|^2) / m. A step of gradient descent gives

    f <- (1 - eta l + eta^2 f^2 / m) f,    l <- l + (eta f^2 / m) (eta l - 4).

Where 2 < eta l < 4 the loss first grows, which lowers l until eta l < 2, and only then falls: it is thrown to flatter
ground. A. Lewkowycz et al., "The large learning rate phase of deep learning: the catapult mechanism", 2020, section 2.
"""

from __future__ import annotations


def step(f: float, sharpness: float, learning_rate: float, m: int) -> tuple[float, float]:
    """Return f and sharpness after one step of gradient descent.

    >>> step(1.0, 3.0, 1.0, 4)
    (-1.75, 2.75)
    """
    square = f * f / m
    return (
        (1.0 - learning_rate * sharpness + learning_rate**2 * square) * f,
        sharpness + learning_rate * square * (learning_rate * sharpness - 4.0),
    )
