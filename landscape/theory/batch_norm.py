"""What batch normalization does to gradients: the part along the mean and along the normalized value is taken out."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import tr

Array = NDArray[np.float64]


def squared_gradient_norm(g: ArrayLike, yhat: ArrayLike, gamma: ArrayLike, sigma: ArrayLike) -> Array:
    """Return |dL/dy|^2 of each neuron from the gradient behind its normalization.

    |dL/dy|^2 = (gamma^2 / sigma^2) (|g|^2 - (1.g)^2 / m - (g.yhat)^2 / m)

    with y what is normalized over the m examples of the last axis, yhat = (y - mean) / sigma, sigma^2 the biased
    variance (without eps), and g = dL/d(gamma yhat + beta). ``g`` and ``yhat`` are (..., m), ``gamma`` and ``sigma``
    (...). Both terms taken off are squares: the gradient gets smaller than gamma/sigma times g by what g has along
    the mean and along yhat. S. Santurkar et al., "How Does Batch Normalization Help Optimization?", 2018, theorem
    4.1, which has an inequality for what is the equation here.

    >>> float(squared_gradient_norm([1.0, 1.0], [-1.0, 1.0], gamma=3.0, sigma=0.5))
    0.0
    """
    g, yhat = np.asarray(g, dtype=float), np.asarray(yhat, dtype=float)
    m = g.shape[-1]
    rest = np.sum(g * g, axis=-1) - np.sum(g, axis=-1) ** 2 / m - np.sum(g * yhat, axis=-1) ** 2 / m
    return (np.asarray(gamma, dtype=float) / np.asarray(sigma, dtype=float)) ** 2 * rest


def scaled(factor: float) -> tuple[float, float, float]:
    """Return by what value, gradient and Hessian are multiplied as weights before a normalization become ``factor`` w.

    The loss does not depend on the length of those weights (eps = 0): f(c w) = f(w), so grad f(c w) = grad f(w) / c
    and the Hessian there is that at w divided by c^2. A large step that lengthens w lowers the effective learning
    rate by itself.

    >>> scaled(2.0)
    (1.0, 0.5, 0.25)
    """
    if factor == 0.0:
        raise ValueError(tr("factor must not be 0: zero weights cannot be normalized"))
    return 1.0, 1.0 / factor, 1.0 / factor**2
