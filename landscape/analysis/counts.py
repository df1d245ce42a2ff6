"""Saddles against minima, counted: critical points of random fields by index, and of glasses by energy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landscape.analysis.census import p_spin_census, torus_census
from landscape.language import tr
from landscape.surfaces.base import Array
from landscape.surfaces.random_fields import SphericalPSpin, TorusField

MEASURED_DIMS = (1, 2, 3)
"""Dimensions in which fields are always searched for all of their critical points."""

SLOW_DIMS = 4
"""Where that is done only if the dimension is asked for: about 2000 points on one field, a quarter of a minute."""

THEORY_DIMS = 12


# Counted once: another number of dimensions on the page asks for the same counts again.
@lru_cache(maxsize=32)
def counted_shares(n_dims: int, n_fields: int = 4) -> tuple[Array, int]:
    """Return the shares of critical points of index 0 .. ``n_dims`` on ``n_fields`` torus fields, and their number.

    Only complete censuses count (Euler sum 0); raises ``ArithmeticError`` where there is none.
    """
    counts = np.zeros(n_dims + 1)
    for seed in range(n_fields):
        census = torus_census(TorusField(n_dims=n_dims, seed=seed))
        if census.complete:
            counts += census.counts
    if not counts.any():
        raise ArithmeticError(tr("no census in {n_dims} dimensions was complete", n_dims=n_dims))
    shares = counts / counts.sum()
    shares.setflags(write=False)
    return shares, int(counts.sum())


@lru_cache(maxsize=4)
def glass_heights(n_instances: int, n_spins: int = 40) -> tuple[Array, Array]:
    """Return energy per spin and share of falling directions of the critical points of 3-spin glasses, (K,) each."""
    energies, shares = [], []
    for seed in range(n_instances):
        census = p_spin_census(SphericalPSpin(n_dims=n_spins, seed=seed), seed=seed)
        energies.append(census.values / n_spins)
        shares.append(census.indices / census.manifold_dims)
    x, y = np.concatenate(energies), np.concatenate(shares)
    x.setflags(write=False)
    y.setflags(write=False)
    return x, y


@dataclass(frozen=True, eq=False)
class CountsStudy:
    """What was counted: on ``n_fields`` torus fields a dimension, and on ``n_instances`` 3-spin glasses of N = 40.

    ``shares`` holds for each counted dimension the shares of index 0 .. n and the number of points; ``energies`` and
    ``falling`` (K,) are energy per spin and share of falling directions of the glasses' critical points. ``n_dims`` is
    the dimension that is looked at index by index.
    """

    n_dims: int
    n_fields: int
    n_instances: int
    shares: Mapping[int, tuple[Array, int]]
    energies: Array
    falling: Array


def counts_study(n_dims: int = 3, n_fields: int = 2, n_instances: int = 6) -> CountsStudy:
    """Count in ``MEASURED_DIMS`` dimensions, in ``SLOW_DIMS`` too where that is ``n_dims``, and on the glasses.

    Raises ``ValueError`` for an ``n_dims`` outside 1 to ``THEORY_DIMS``.
    """
    if not 1 <= n_dims <= THEORY_DIMS:
        raise ValueError(
            tr("the share is known here in 1 to {most} dimensions, not {n_dims}", most=THEORY_DIMS, n_dims=n_dims)
        )
    shares = {n: counted_shares(n, n_fields) for n in MEASURED_DIMS}
    if n_dims == SLOW_DIMS:
        shares[SLOW_DIMS] = counted_shares(SLOW_DIMS, 1)
    return CountsStudy(n_dims, n_fields, n_instances, shares, *glass_heights(n_instances))
