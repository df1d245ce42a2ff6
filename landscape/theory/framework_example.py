"""The lecture's first program: gradient descent on w^2 - 20 w + 100 = (w - 10)^2 from w = 0.

g = 2 w - 20, so the error w - 10 shrinks by 1 - 2 learning_rate a step: w_k = 10 (1 - (1 - 2 learning_rate)^k).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MINIMUM = 10.0


def points(k: ArrayLike, learning_rate: float = 0.01) -> NDArray[np.float64]:
    """Return w after ``k`` steps (any shape) of gradient descent from w = 0.

    >>> points([0, 1, 2, 1000]).round(8).tolist()
    [0.0, 0.2, 0.396, 9.99999998]
    """
    return MINIMUM * (1.0 - (1.0 - 2.0 * learning_rate) ** np.asarray(k, dtype=float))


def stall_distance(dtype: type[np.floating] = np.float32, learning_rate: float = 0.01) -> float:
    """Return how far from 10 gradient descent comes to rest in floating point of this type, its rounding aside.

    Near 10 neighbouring numbers are ``np.spacing(10)`` apart below; a step 2 learning_rate |w - 10| that is less than
    half of that rounds to nothing, hence |w - 10| < spacing / (4 learning_rate).

    >>> round(stall_distance(np.float32), 9), stall_distance(np.float64) < 1e-13
    (2.3842e-05, True)
    """
    return float(np.spacing(dtype(MINIMUM))) / (4.0 * learning_rate)
