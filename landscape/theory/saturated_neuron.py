"""How long one saturated neuron needs: sigma(z) is to be 1, z starts far below 0, gradient flow dz/dt = -dL/dz.

    squared error  L = (sigma(z) - 1)^2 / 2:   dz/dt = sigma (1 - sigma)^2
    cross-entropy  L = -ln sigma(z):           dz/dt = 1 - sigma

With 1 / sigma = 1 + e^-z and 1 / (1 - sigma) = 1 + e^z the time is an elementary integral over z:

    squared error  dt = (1 + e^-z) (1 + e^z)^2 dz = (e^-z + 3 + 3 e^z + e^2z) dz
    cross-entropy  dt = (1 + e^z) dz

The flat part of the squared error costs e^-z0, exponentially much; with cross-entropy the time is about -z0.
"""

from __future__ import annotations

import math

from landscape.language import tr


def squared_error_time(z0: float, z1: float = 0.0) -> float:
    """Return the time of gradient flow from ``z0`` to ``z1`` on the squared error, z0 <= z1.

    To 0: 5/2 + e^-z0 - 3 z0 - 3 e^z0 - e^(2 z0) / 2.

    >>> round(squared_error_time(-8.0), 2)
    3007.46
    """
    _check(z0, z1)
    return _squared_error_integral(z1) - _squared_error_integral(z0)


def cross_entropy_time(z0: float, z1: float = 0.0) -> float:
    """Return the time of gradient flow from ``z0`` to ``z1`` on the cross-entropy.

    To 0: 1 - z0 - e^z0.

    >>> round(cross_entropy_time(-8.0), 4)
    8.9997
    """
    _check(z0, z1)
    return (z1 + math.exp(z1)) - (z0 + math.exp(z0))


def _squared_error_integral(z: float) -> float:
    return -math.exp(-z) + 3.0 * z + 3.0 * math.exp(z) + math.exp(2.0 * z) / 2.0


def _check(z0: float, z1: float) -> None:
    """Raise ``ValueError`` where the flow, which only rises, does not lead from z0 to z1."""
    if not z0 <= z1:
        raise ValueError(tr("z only rises: z0 must be at most z1, not {z0} and {z1}", z0=z0, z1=z1))
