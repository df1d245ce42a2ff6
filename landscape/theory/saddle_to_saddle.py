"""From saddle to saddle: which coordinates a diagonal linear network learns, in which order and when.

With weights w = u^2 - v^2 (coordinate by coordinate) gradient flow on L(w) = w.H w / 2 - c.w from u = v = alpha stays
at w = 0 for a time of order ln(1 / alpha), then jumps from one saddle to the next: u = alpha exp(2 s) and
v = alpha exp(-2 s), with s the integral of the pull - grad L(w). In the limit of a small alpha, with time and s counted
in units of ln(1 / alpha) / 2:

    |s_i| <= 1;  w_i may differ from 0 only where |s_i| = 1, with the sign of s_i,

and between two jumps w stays at the point that is lowest under these conditions, a saddle of the loss of the network.
A coordinate joins when its s_i arrives at +-1. S. Pesme, N. Flammarion, "Saddle-to-saddle dynamics in diagonal linear
networks", 2023, algorithm 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

Array = NDArray[np.float64]
_SAME = 1e-9
"""Integrals and slopes nearer than this to 1 and 0 count as such: they are sums of a few numbers of order 1."""


def visits(hessian: ArrayLike, slope: ArrayLike) -> tuple[Array, Array]:
    """Return when each saddle is reached, (K,) in units of ln(1 / alpha) / 2, and the weights there, (K, n).

    ``hessian`` is H (n, n), positive definite, and ``slope`` c (n,): the loss is w.H w / 2 - c.w.

    >>> times, weights = visits(np.eye(2), [2.0, 0.5])
    >>> times.tolist(), weights.tolist()
    ([0.0, 0.5, 2.0], [[0.0, 0.0], [2.0, 0.0], [2.0, 0.5]])
    """
    h, c = np.asarray(hessian, dtype=float), np.asarray(slope, dtype=float)
    root = np.linalg.cholesky(h)
    integral, w, now = np.zeros(len(c)), np.zeros(len(c)), 0.0
    times, weights = [now], [w]
    while True:
        pull = c - h @ w
        held = (np.abs(pull) < _SAME) | ((np.abs(integral) > 1.0 - _SAME) & (integral * pull > 0.0))
        if held.all():
            return np.array(times), np.array(weights)
        waits = np.full(len(c), np.inf)
        waits[~held] = (np.sign(pull[~held]) - integral[~held]) / pull[~held]
        now += waits.min()
        integral = integral + waits.min() * pull
        active = np.abs(integral) > 1.0 - _SAME
        integral[active] = np.sign(integral[active])
        w = _lowest(root, c, np.where(active, integral, 0.0))
        times.append(now)
        weights.append(w)


def _lowest(root: Array, c: Array, signs: Array) -> Array:
    """Return the lowest w with the ``signs`` +-1, and 0 where they are 0: nonnegative least squares in root^T w."""
    active = np.flatnonzero(signs)
    lengths, _ = nnls(root.T[:, active] * signs[active], np.linalg.solve(root, c))
    w = np.zeros(len(c))
    w[active] = signs[active] * lengths
    return w
