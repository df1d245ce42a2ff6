"""A river in a valley: f = -c x + k y^2 / 2 with noise of standard deviation s on every gradient.

Along the river every step gains eta c. Across it the height follows v <- (1 - eta k)^2 v + eta^2 s^2, where v is the
variance of y, so that at a constant rate the loss of the hill is k v / 2 = eta s^2 / (2 (2 - eta k)), and a falling
rate takes it down at once: that is what the decay of "warm-up, stable, decay" shows. K. Wen et al., "Understanding
warmup-stable-decay learning rates: a river valley loss landscape perspective", 2024.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import tr


def hill_loss(learning_rate: float, curvature: float, noise: float) -> float:
    """Return the mean of k y^2 / 2 at a constant rate after long: eta s^2 / (2 (2 - eta k)).

    Raise ``ValueError`` where eta k is not between 0 and 2 and there is no such mean.

    >>> round(hill_loss(0.05, curvature=10.0, noise=1.0), 6)
    0.016667
    """
    if not 0.0 < learning_rate * curvature < 2.0:
        raise ValueError(tr("learning_rate times curvature must be above 0 and below 2, else the swing grows for ever"))
    return learning_rate * noise**2 / (2.0 * (2.0 - learning_rate * curvature))


def hill_losses(learning_rates: ArrayLike, curvature: float, noise: float, y0: float = 0.0) -> NDArray[np.float64]:
    """Return the mean of k y^2 / 2 before the first and after each step at these rates (T,), as (T + 1,).

    >>> hill_losses([0.1, 0.0], curvature=10.0, noise=1.0)
    array([0.  , 0.05, 0.05])
    """
    square, losses = y0 * y0, [curvature * y0 * y0 / 2.0]
    for rate in np.asarray(learning_rates, dtype=float):
        square = (1.0 - rate * curvature) ** 2 * square + (rate * noise) ** 2
        losses.append(curvature * square / 2.0)
    return np.array(losses)
