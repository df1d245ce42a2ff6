"""Start points: drawn at random, laid on a grid, or put next to the edge between two fates."""

from __future__ import annotations

import numpy as np

from landscape.surfaces.base import Array, Domain


def random_starts(domain: Domain, n: int, seed: int = 0) -> Array:
    """Return ``n`` points drawn uniformly from ``domain``, (n, n_dims); the same ``seed`` gives the same points."""
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    return domain.sample(np.random.default_rng(seed), n)


def grid_starts(domain: Domain, n: int) -> Array:
    """Return ``n`` points an axis at the middles of equal cells of ``domain``, (n ** n_dims, n_dims).

    >>> grid_starts(Domain.of((0, 4)), 2).ravel().tolist()
    [1.0, 3.0]
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    share = (np.arange(n) + 0.5) / n
    axes = [low + width * share for low, width in zip(domain.lower, domain.widths, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, domain.n_dims)
