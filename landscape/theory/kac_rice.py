"""How many critical points of each index an isotropic Gaussian field has (Kac and Rice).

At a critical point the Hessian of such a field is not a GOE matrix: it is one shifted by a random multiple of the
identity, and weighted by the size of its determinant. The shift makes minima far more frequent than GOE says.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr
from landscape.theory.random_matrices import goe, log_normalization, ordered_means

Array = NDArray[np.float64]


def index_fractions(n_dims: int) -> Array:
    """Return the shares of critical points of index 0, 1, ..., ``n_dims`` of an isotropic Gaussian field.

    f_k = E exp(-l_{k+1}^2 / 4) / sum_j E exp(-l_j^2 / 4), l the sorted eigenvalues of GOE(n_dims + 1). The same for
    every isotropic covariance that is smooth enough. Reference: Bray and Dean, Statistics of critical points of
    Gaussian fields on large-dimensional spaces, Phys. Rev. Lett. 98, 2007; for 3 dimensions Bardeen, Bond, Kaiser,
    Szalay, The statistics of peaks of Gaussian random fields, 1986.

    >>> index_fractions(4).round(3).tolist()
    [0.06, 0.25, 0.38, 0.25, 0.06]
    """
    means = np.array(ordered_means(n_dims + 1, 0.25))
    return means / means.sum()


def drawn_index_fractions(n_dims: int, n_matrices: int = 100_000, seed: int = 0) -> tuple[Array, Array]:
    """Return the same shares from drawn GOE matrices, with standard errors: a second route to ``index_fractions``."""
    eigenvalues = np.linalg.eigvalsh(goe(n_dims + 1, n_matrices, np.random.default_rng(seed)))
    weights = np.exp(-(eigenvalues**2) / 4)
    means, total = weights.mean(axis=0), weights.sum(axis=1).mean()
    shares = means / total
    # the error of a ratio of means
    spread = (weights - shares * weights.sum(axis=1, keepdims=True)).std(axis=0, ddof=1)
    return shares, spread / (total * math.sqrt(n_matrices))


def critical_point_density(n_dims: int, length: float) -> Array:
    """Return the mean number of critical points of index 0 .. ``n_dims`` in a unit of volume.

    For the covariance exp(-r^2 / (2 ``length``^2)): (2 pi length^2)^(-n/2) Z(n+1) / ((n+1) Z(n) sqrt(2 pi)) times
    E exp(-l_{k+1}^2 / 4). On a line the total is sqrt(3) / (pi length) (Rice 1945).

    >>> bool(np.isclose(critical_point_density(1, 2.0).sum(), np.sqrt(3) / (2 * np.pi)))
    True
    """
    if not length > 0:
        raise ValueError(tr("length must be positive, not {length}", length=length))
    ratio = log_normalization(n_dims + 1) - log_normalization(n_dims) - math.log(n_dims + 1)
    size = -n_dims / 2 * math.log(2 * math.pi * length**2) + ratio - math.log(2 * math.pi) / 2
    return math.exp(size) * np.array(ordered_means(n_dims + 1, 0.25))
