"""When a deep linear network learns each mode of its target: Saxe's solution of the gradient flow.

From a balanced start the modes stay apart, and the strength u of a mode of size s under L layers obeys

    du/dt = L u^(2 - 2/L) (s - u),   u(0) = u0.

(Each of the L layers has the share a = u^(1/L), da/dt = a^(L-1) (s - a^L).) For u0 near 0 nothing seems to happen for
a long time, the longer the weaker the mode and the deeper the network; then it is learned almost at once.

A. Saxe, J. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
networks", 2014, equations (6) and (10), with time in units of 1 / learning rate steps of the mean loss / 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import tr

Array = NDArray[np.float64]


def strength(t: ArrayLike, s: float, u0: float, depth: int = 2) -> Array:
    """Return u at the times ``t`` (any shape, from 0 on) for a network of ``depth`` layers, 0 < u0 < s.

    In closed form for one layer, u = s - (s - u0) e^-t, and for two, u = s e^(2st) / (e^(2st) - 1 + s/u0); else by
    integrating the equation to 1e-10.

    >>> strength([0.0, 1.0367], s=4.0, u0=0.001).round(3).tolist()
    [0.001, 2.0]
    """
    _check(s, u0, depth)
    t = np.asarray(t, dtype=float)
    if not (np.isfinite(t) & (t >= 0.0)).all():
        raise ValueError(tr("times must be finite and 0 or more"))
    if depth == 1:
        return s - (s - u0) * np.exp(-t)
    if depth == 2:
        # divided by e^(2st), so that nothing overflows
        fading = np.exp(-2.0 * s * t)
        return s / (1.0 + (s / u0 - 1.0) * fading)
    return _integrated(t, s, u0, depth)


def learning_time(s: float, u0: float, depth: int = 2, share: float = 0.5) -> float:
    """Return the time at which u reaches ``share`` of s, between u0/s and 1: for two layers and a half ln(s/u0 - 1)/2s.

    >>> [round(learning_time(1.0, 1e-3, depth), 3) for depth in (1, 2, 3, 4)]
    [0.692, 3.453, 9.145, 15.529]
    """
    _check(s, u0, depth)
    u = share * s
    if not u0 <= u < s:
        raise ValueError(tr("share must be between u0 / s = {least:g} and 1, not {share:g}", least=u0 / s, share=share))
    if depth == 1:
        return float(np.log((s - u0) / (s - u)))
    if depth == 2:
        return float(np.log(u * (s - u0) / (u0 * (s - u))) / (2.0 * s))
    from scipy.integrate import quad

    # dt = du / (L u^(2-2/L) (s - u)), in log u, where the integrand is tame
    def integrand(log_u: float) -> float:
        here = np.exp(log_u)
        return float(here ** (2.0 / depth - 1.0) / (depth * (s - here)))

    return float(quad(integrand, np.log(u0), np.log(u), epsrel=1e-11, limit=200)[0])


def _integrated(t: Array, s: float, u0: float, depth: int) -> Array:
    from scipy.integrate import solve_ivp

    def rate(_: float, log_u: Array) -> Array:
        u = np.exp(log_u)
        return depth * u ** (1.0 - 2.0 / depth) * (s - u)

    moments, back = np.unique(t.ravel(), return_inverse=True)
    span = (0.0, max(float(moments[-1]), 1e-9)) if len(moments) else (0.0, 1.0)
    solved = solve_ivp(rate, span, [np.log(u0)], method="LSODA", t_eval=moments, rtol=1e-10, atol=1e-12)
    if not solved.success:
        raise ArithmeticError(tr("the equation could not be integrated: {problem}", problem=solved.message))
    return np.exp(solved.y[0])[back].reshape(t.shape)


def _check(s: float, u0: float, depth: int) -> None:
    if not 0.0 < u0 < s < np.inf:
        raise ValueError(tr("a mode grows from u0 above 0 to s above u0; u0 = {u0:g} and s = {s:g} do not", u0=u0, s=s))
    if isinstance(depth, bool) or not isinstance(depth, int | np.integer) or depth < 1:
        raise ValueError(tr("depth must be a whole number of layers, 1 or more, not {depth!r}", depth=depth))
