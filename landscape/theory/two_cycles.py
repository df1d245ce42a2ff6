"""Rules that never come to rest in a parabola f = l x^2 / 2: they jump between two points about its minimum.

Sharpness-aware minimization takes its gradient at a distance rho uphill, x <- x - eta l (x + rho sign x): the points
+-A with A = eta l (A + rho) - A are its end, A = eta l rho / (2 - eta l). It can therefore not tell a minimum that is
narrower than A, which is the point of it. Sign descent, x <- x - eta sign x, ends on two points that lie eta apart on
both sides of 0: the mean of |x| is eta / 2, whatever the curvature. P. Foret et al., "Sharpness-aware minimization for
efficiently improving generalization", 2021; P. Bartlett, P. Long, O. Bousquet, "The dynamics of sharpness-aware
minimization: bouncing across ravines and drifting towards wide minima", 2023.
"""

from __future__ import annotations

from landscape.language import tr


def sam_amplitude(learning_rate: float, curvature: float, rho: float) -> float:
    """Return how far from the minimum sharpness-aware minimization ends: eta l rho / (2 - eta l).

    Raise ``ValueError`` where eta l is not between 0 and 2: it then ends nowhere.

    >>> round(sam_amplitude(0.1, curvature=4.0, rho=0.05), 12)
    0.0125
    """
    if not 0.0 < learning_rate * curvature < 2.0:
        raise ValueError(tr("learning_rate times curvature must be above 0 and below 2"))
    return learning_rate * curvature * rho / (2.0 - learning_rate * curvature)


def sign_amplitude(learning_rate: float) -> float:
    """Return the mean distance from the minimum at which sign descent ends: eta / 2.

    >>> sign_amplitude(0.1)
    0.05
    """
    return learning_rate / 2.0
