"""What a projection shows by chance alone: the null models for slices and for principal components."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr

Array = NDArray[np.float64]


def looks_like_a_minimum(n_plus: int, n_minus: int, slice_dims: int = 1) -> float:
    """Return the probability that a random slice through a saddle curves upwards only.

    The Hessian has ``n_plus`` eigenvalues +1 and ``n_minus`` eigenvalues -1. Along a random direction
    (``slice_dims`` 1) the curvature is positive with probability P(Beta(n_plus/2, n_minus/2) > 1/2). A random plane
    (``slice_dims`` 2) shows a minimum where both eigenvalues of I - 2 B are positive, B a 2 × 2 matrix-variate
    Beta(n_minus/2, n_plus/2), whose eigenvalues u > v have the density (u - v) w(u) w(v) with
    w(t) = t^((n_minus - 3)/2) (1 - t)^((n_plus - 3)/2). Reference: Boettcher and Wheeler, arXiv 2208.13219.

    Raises ``ValueError`` for negative counts, none at all, or another number of slice dimensions.

    >>> round(looks_like_a_minimum(7, 3), 4), round(looks_like_a_minimum(70, 30), 4)
    (0.8395, 0.9981)
    >>> round(looks_like_a_minimum(70, 30, slice_dims=2), 3)
    0.989
    """
    from scipy.integrate import quad
    from scipy.special import betainc, betaln

    if n_plus < 0 or n_minus < 0 or n_plus + n_minus < slice_dims:
        raise ValueError(
            tr(
                "a slice of {slice_dims} dimensions needs as many eigenvalues, not {n_plus} and {n_minus}",
                slice_dims=slice_dims,
                n_plus=n_plus,
                n_minus=n_minus,
            )
        )
    if slice_dims not in (1, 2):
        raise ValueError(tr("slice_dims must be 1 or 2, not {slice_dims}", slice_dims=slice_dims))
    if n_minus == 0:
        return 1.0
    if n_plus < slice_dims:
        return 0.0
    if slice_dims == 1:
        return float(1 - betainc(n_plus / 2, n_minus / 2, 0.5))
    if n_minus == 1:
        # B has rank one: its only eigenvalue that is not 0 is the squared length of the projected direction.
        return float(betainc(1.0, (n_plus - 1) / 2, 0.5))
    a, b = (n_minus - 1) / 2, (n_plus - 1) / 2
    # With w as a Beta(a, b) density and its distribution function I: the inner integral over v < u.
    mean = a / (a + b)

    def outer(u: float) -> float:
        log_density = (a - 1) * np.log(u) + (b - 1) * np.log1p(-u) - betaln(a, b)
        return float(np.exp(log_density) * (u * betainc(a, b, u) - mean * betainc(a + 1, b, u)))

    # The integrand is a bump near the mean: the quadrature is told where.
    spread = np.sqrt(mean * (1 - mean) / (a + b + 1))
    marks = [t for t in (mean - 4 * spread, mean, mean + 4 * spread) if 0 < t < 1]
    below = quad(outer, 0.0, 0.5, points=[t for t in marks if t < 0.5] or None, limit=200, epsabs=1e-13)[0]
    above = quad(outer, 0.5, 1.0, points=[t for t in marks if t > 0.5] or None, limit=200, epsabs=1e-13)[0]
    return float(below / (below + above))


def random_walk_shares(n_components: int, n_steps: int | None = None, n_walks: int = 1) -> Array:
    """Return the shares of variance that principal components of pure random walks explain, (n_components,).

    For a walk of many steps in very many dimensions the k-th is 6 / (pi^2 k^2); with ``n_steps`` the exact shares for
    that many steps, proportional to 1 / sin^2(pi k / (2 (n_steps + 1))). Paths whose components explain no more than
    this need not follow any plane. Reference: Antognini and Sohl-Dickstein, PCA of high dimensional random walks with
    comparison to neural network training, 2018, eq. 8.

    Several walks from one start, taken together, share their mean only: their average walk has the components above,
    and what they differ by, ``n_walks`` - 1 times over, those of a walk that is not centred, proportional to
    1 / sin^2(pi (2 k - 1) / (2 (2 n_steps + 1))). ``n_steps`` is then needed.

    >>> random_walk_shares(2).round(3).tolist(), random_walk_shares(2, 300, n_walks=4).round(3).tolist()
    ([0.608, 0.152], [0.243, 0.243])
    """
    if n_components < 1:
        raise ValueError(tr("n_components must be at least 1, not {n_components}", n_components=n_components))
    if n_walks < 1 or (n_walks > 1 and n_steps is None):
        raise ValueError(
            tr(
                "n_walks must be at least 1, and several need n_steps; not {n_walks} and {n_steps}",
                n_walks=n_walks,
                n_steps=n_steps,
            )
        )
    k = np.arange(1, n_components + 1)
    if n_steps is None:
        return 6 / (np.pi * k) ** 2
    if n_steps < 1:
        raise ValueError(tr("a walk needs at least 1 step, not {n_steps}", n_steps=n_steps))
    # The centred path of n_steps + 1 points: cosine modes of the second difference.
    modes = np.arange(1, n_steps + 1)
    every = 1 / np.sin(np.pi * modes / (2 * (n_steps + 1))) ** 2
    if n_walks > 1:
        apart = 1 / np.sin(np.pi * (2 * modes - 1) / (2 * (2 * n_steps + 1))) ** 2
        every = np.sort(np.concatenate([every, np.repeat(apart, n_walks - 1)]))[::-1]
    shares = np.zeros(n_components)
    shares[: min(n_components, len(every))] = (every / every.sum())[:n_components]
    return shares
