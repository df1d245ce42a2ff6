"""The sharpest quadratic on which a method is still stable: above the edge every step makes the error larger.

Along curvature c a method with momentum is s^2 - b s + d = 0 (see ``quadratic_rates``), stable while both roots lie
inside the unit circle: |d| < 1 and |b| < 1 + d. What gives way first as c grows is s = -1, where 1 + b + d = 0: the
iterates jump from side to side. Solving that for c gives the edges below.

    heavy ball   1 + (1 + momentum - learning_rate c) + momentum = 0
    Nesterov     1 + (1 + momentum) q + momentum q = 0,  q = 1 - learning_rate c

Full-batch training drifts to its edge and stays there (the "edge of stability"). Source for the averaged form and
Adam: J. Cohen et al., "Adaptive Gradient Methods at the Edge of Stability", 2022 (arXiv 2207.14484).
"""

from __future__ import annotations


def gradient_descent(learning_rate: float) -> float:
    """Return 2 / learning_rate.

    >>> gradient_descent(0.01)
    200.0
    """
    return 2.0 / learning_rate


def heavy_ball(learning_rate: float, momentum: float) -> float:
    """Return (2 + 2 momentum) / learning_rate, for v <- momentum v + g.

    >>> heavy_ball(0.01, 0.9)
    380.0
    """
    return (2.0 + 2.0 * momentum) / learning_rate


def nesterov(learning_rate: float, momentum: float) -> float:
    """Return (2 + 2 momentum) / ((1 + 2 momentum) learning_rate): the look ahead costs stability.

    >>> round(nesterov(0.01, 0.9), 6)
    135.714286
    """
    return (2.0 + 2.0 * momentum) / ((1.0 + 2.0 * momentum) * learning_rate)


def averaged_momentum(learning_rate: float, momentum: float) -> float:
    """Return (2 + 2 momentum) / ((1 - momentum) learning_rate), for v <- momentum v + (1 - momentum) g.

    >>> round(averaged_momentum(0.01, 0.9), 6)
    3800.0
    """
    return (2.0 + 2.0 * momentum) / ((1.0 - momentum) * learning_rate)


def adam(learning_rate: float, b1: float) -> float:
    """Return the edge of Adam in preconditioned sharpness: (2 + 2 b1) / ((1 - b1) learning_rate), 38 / learning_rate.

    Preconditioned sharpness is the largest eigenvalue of P^-1 H with P = diag(sqrt(v / c2) + eps). While v hardly
    changes, Adam is averaged momentum in the coordinates sqrt(P) x.

    >>> round(adam(1e-3, 0.9), 6)
    38000.0
    """
    return averaged_momentum(learning_rate, b1)
