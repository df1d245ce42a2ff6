"""Where gradient descent with one learning rate a parameter converges, on least squares: inside a smooth curve.

x <- x - D grad f, D = diag(rates), converges from every start on f = x.H x / 2 exactly where all eigenvalues of
sqrt(D) H sqrt(D) are below 2. They grow with every rate, so the curve is where the largest is 2: it has dimension 1.
The boundary of a network's trainability has no such form. J. Sohl-Dickstein, "The boundary of neural network
trainability is fractal", 2024.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def converges(hessian: ArrayLike, rates: ArrayLike) -> NDArray[np.bool_]:
    """Tell for ``rates`` (..., n) whether gradient descent converges on x.H x / 2, with H (n, n) positive definite.

    >>> converges(np.diag([1.0, 4.0]), [[1.9, 0.4], [1.9, 0.6], [2.1, 0.4]]).tolist()
    [True, False, False]
    """
    roots = np.sqrt(np.asarray(rates, dtype=float))
    scaled = roots[..., :, None] * np.asarray(hessian, dtype=float) * roots[..., None, :]
    return np.asarray(np.linalg.eigvalsh(scaled)[..., -1] < 2.0)
