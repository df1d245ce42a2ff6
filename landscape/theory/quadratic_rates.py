"""How fast first-order methods contract on a quadratic whose curvatures lie between mu and L = condition mu.

Along an eigenvector of curvature c each method is a linear recurrence with the characteristic polynomial

    gradient descent   s - (1 - learning_rate c)
    heavy ball         s^2 - (1 + momentum - learning_rate c) s + momentum
    Nesterov           s^2 - (1 + momentum) (1 - learning_rate c) s + momentum (1 - learning_rate c)

and contracts by the largest |s| a step in the long run. The tuned values below make the worst c in [mu, L] as good as
can be. Where the two roots of the slowest direction coincide (heavy ball and Nesterov with 1/L at c = mu) the error
is (1 + a k) rate^k, so that a run takes more steps than the rate alone says: to a millionth at condition 100, the
heavy ball 95 instead of 69 and Nesterov 157 instead of 131.

Sources: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; L. Lessard, B. Recht,
A. Packard, "Analysis and Design of Optimization Algorithms via Integral Quadratic Constraints", 2016, proposition 1.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass

from landscape.language import tr


@dataclass(frozen=True)
class Tuning:
    """Learning rate and momentum for curvatures between 1/condition and 1, with the rate that they reach.

    For curvatures between L / condition and L divide the learning rate by L.
    """

    learning_rate: float
    momentum: float
    rate: float


def gradient_descent(condition: float) -> Tuning:
    """Return the best learning rate 2 / (L + mu) of gradient descent; rate (condition - 1) / (condition + 1).

    >>> round(gradient_descent(100.0).rate, 6)
    0.980198
    """
    _check(condition)
    return Tuning(2.0 / (1.0 + 1.0 / condition), 0.0, (condition - 1.0) / (condition + 1.0))


def heavy_ball(condition: float) -> Tuning:
    """Return the best learning rate and momentum of the heavy ball; rate (sqrt(condition) - 1) / (sqrt(condition) + 1).

    learning_rate = 4 / (sqrt(L) + sqrt(mu))^2 and momentum = rate^2: the two roots then have product momentum and
    equal modulus for every curvature in between.

    >>> tuned = heavy_ball(100.0)
    >>> round(tuned.rate, 6), round(tuned.momentum, 6)
    (0.818182, 0.669421)
    """
    _check(condition)
    root = math.sqrt(condition)
    rate = (root - 1.0) / (root + 1.0)
    return Tuning(4.0 / (1.0 + 1.0 / root) ** 2, rate * rate, rate)


def nesterov(condition: float) -> Tuning:
    """Return Nesterov's own choice: learning_rate = 1 / L; rate 1 - 1 / sqrt(condition).

    momentum = (sqrt(condition) - 1) / (sqrt(condition) + 1) makes the two roots at c = mu coincide.

    >>> round(nesterov(100.0).rate, 6)
    0.9
    """
    _check(condition)
    root = math.sqrt(condition)
    return Tuning(1.0, (root - 1.0) / (root + 1.0), 1.0 - 1.0 / root)


def nesterov_tuned(condition: float) -> Tuning:
    """Return what is best for Nesterov's method on quadratics: rate 1 - 2 / sqrt(3 condition + 1).

    learning_rate = 4 / (3 L + mu) balances c = mu (double root) against c = L (real roots of opposite sign).

    >>> round(nesterov_tuned(100.0).rate, 6)
    0.884722
    """
    _check(condition)
    root = math.sqrt(3.0 * condition + 1.0)
    return Tuning(4.0 / (3.0 + 1.0 / condition), (root - 2.0) / (root + 2.0), 1.0 - 2.0 / root)


def steps_to(share: float, rate: float) -> float:
    """Return the steps after which rate^k has fallen to ``share``: ln(share) / ln(rate), not rounded.

    >>> [round(steps_to(1e-6, method(100.0).rate)) for method in (gradient_descent, heavy_ball, nesterov)]
    [691, 69, 131]
    """
    if not (0.0 < share < 1.0 and 0.0 < rate < 1.0):
        raise ValueError(tr("share and rate must lie between 0 and 1, not {share} and {rate}", share=share, rate=rate))
    return math.log(share) / math.log(rate)


def heavy_ball_contraction(learning_rate: float, momentum: float, curvature: float) -> float:
    """Return the largest |s| of the heavy ball along one curvature; momentum 0 is gradient descent.

    >>> heavy_ball_contraction(0.1, 0.0, 2.0)
    0.8
    """
    return _largest_root(1.0 + momentum - learning_rate * curvature, momentum)


def nesterov_contraction(learning_rate: float, momentum: float, curvature: float) -> float:
    """Return the largest |s| of Nesterov's method along one curvature.

    >>> round(nesterov_contraction(1.0, 9 / 11, 0.01), 6)
    0.9
    """
    q = 1.0 - learning_rate * curvature
    return _largest_root((1.0 + momentum) * q, momentum * q)


def _largest_root(b: float, c: float) -> float:
    """Return the larger modulus of the roots of s^2 - b s + c."""
    root = cmath.sqrt(b * b / 4.0 - c)
    return max(abs(b / 2.0 + root), abs(b / 2.0 - root))


def _check(condition: float) -> None:
    """Raise ``ValueError`` where ``condition`` is not the ratio of a larger to a smaller curvature."""
    if not 1.0 < condition < math.inf:
        raise ValueError(tr("condition must be above 1, not {condition}", condition=condition))
