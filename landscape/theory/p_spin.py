"""The spherical p-spin glass: index against height, number of critical points, and the levels where they end.

u = H / N is the energy per spin. Reference: Auffinger, Ben Arous, Cerny, Random matrices and complexity of spin
glasses, Comm. Pure Appl. Math. 66, 2013 (theorems 2.5, 2.8, 2.17).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import tr
from landscape.theory.random_matrices import ordered_means

Array = NDArray[np.float64]


def threshold_energy(p: int) -> float:
    """Return E_inf = 2 sqrt((p - 1) / p): below -E_inf critical points have a finite index, above it a share of N.

    >>> round(threshold_energy(3), 6)
    1.632993
    """
    _check(p)
    return 2 * math.sqrt((p - 1) / p)


def index_share(u: ArrayLike, p: int) -> Array:
    """Return the share of negative eigenvalues at critical points of energy ``u`` as N grows.

    The Hessian there is a semicircle shifted by -p u: alpha = 1/2 + (t sqrt(1 - t^2) + arcsin t) / pi with
    t = u / E_inf, 0 below t = -1 and 1 above t = 1.

    >>> index_share([-2.0, 0.0, 2.0], 3).tolist()
    [0.0, 0.5, 1.0]
    """
    t = np.clip(np.asarray(u, dtype=float) / threshold_energy(p), -1.0, 1.0)
    return 0.5 + (t * np.sqrt(1 - t**2) + np.arcsin(t)) / np.pi


def complexity(u: float, p: int, index: int) -> float:
    """Return lim ln(mean number of critical points of this ``index`` and energy near u) / N, for u <= -E_inf.

    ln(p - 1) / 2 - (p - 2) u^2 / (4 (p - 1)) - (index + 1) I(u), with
    I(u) = (2 / E_inf^2) times the integral of sqrt(s^2 - E_inf^2) from E_inf to -u.
    """
    edge = threshold_energy(p)
    if u > -edge:
        raise ValueError(tr("the complexity by index is for energies up to {most:.6g}, not {u:g}", most=-edge, u=u))
    size = -u
    root = math.sqrt(size**2 - edge**2)
    rate = (size * root - edge**2 * math.log((size + root) / edge)) / edge**2
    return 0.5 * math.log(p - 1) - (p - 2) * u**2 / (4 * (p - 1)) - (index + 1) * rate


def lowest_energy(p: int, index: int = 0) -> float:
    """Return E_k: below -E_k there are no critical points of index ``index`` or more; -E_0 is the ground state.

    >>> [round(lowest_energy(3, k), 4) for k in (0, 1, 2)]
    [1.657, 1.6529, 1.6503]
    """
    from scipy.optimize import brentq

    if p == 2:
        raise ValueError(tr("a 2-spin glass has one energy for each index; p must be at least 3"))
    edge = threshold_energy(p)
    return float(brentq(lambda e: complexity(-e, p, index), edge, 2 * edge, xtol=1e-14))


def mean_counts(n_dims: int, p: int) -> Array:
    """Return the mean number of critical points of index 0 .. ``n_dims`` - 1, exact for every N.

    2 sqrt(2/p) (p - 1)^(N/2) E exp(-(p - 2) l_{k+1}^2 / (4 p)), l the sorted eigenvalues of GOE(N).

    >>> mean_counts(3, 3).round(3).tolist()
    [3.138, 4.276, 3.138]
    """
    _check(p)
    size = 2 * math.sqrt(2 / p) * (p - 1) ** (n_dims / 2)
    return size * np.array(ordered_means(n_dims, (p - 2) / (4 * p)))


def _check(p: int) -> None:
    if p < 2:
        raise ValueError(tr("p must be at least 2, not {p}", p=p))
