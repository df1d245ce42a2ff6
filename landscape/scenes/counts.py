"""Saddles against minima: critical points counted on random fields, and index against energy on a glass."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.census import p_spin_census, torus_census
from landscape.picture.scene import Array, Axis, Line, Panel, PointKind, Points, Samples, Scene
from landscape.surfaces.random_fields import SphericalPSpin, TorusField
from landscape.theory.kac_rice import index_fractions
from landscape.theory.p_spin import index_share
from landscape.theory.random_matrices import positive_definite_probability

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
        raise ArithmeticError(f"no census in {n_dims} dimensions was complete")
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


def _by_kind(x: Array, y: Array, falling: Array, label: str) -> tuple[Points, ...]:
    """Return markers of saddles, minima and maxima, where there are any, by the share of directions that fall."""
    kinds: tuple[tuple[PointKind, NDArray[np.bool_]], ...] = (
        ("saddle", (falling > 0) & (falling < 1)),
        ("minimum", falling == 0),
        ("maximum", falling == 1),
    )
    return tuple(Points(x[of], y[of], kind, (label,) * int(of.sum())) for kind, of in kinds if of.any())


def _error_bars(x: Array, shares: Array, counts: Array) -> Line:
    """Return a stroke of two standard errors either side of each measured share, the counts taken as independent."""
    error = 2 * np.sqrt(shares * (1 - shares) / counts)
    ends = np.stack([np.maximum(shares - error, shares / 10), shares + error, np.full(len(x), np.nan)], axis=-1)
    return Line(np.repeat(x.astype(float), 3), ends.ravel(), "two standard errors", "boundary")


def counts_scene(n_dims: int = 3, n_fields: int = 2, n_instances: int = 6) -> Scene:
    """Return the share of minima against n, the index fractions in ``n_dims`` dimensions, and index against energy.

    Theory: Kac-Rice, a coin toss for each direction, the probability that GOE(n) is positive definite, and the p-spin's
    share of falling directions. Measured: torus fields in ``MEASURED_DIMS`` dimensions, one more in ``SLOW_DIMS`` where
    that is ``n_dims``, and spherical 3-spin glasses of N = 40. Raises ``ValueError`` for an ``n_dims`` outside 1 to
    ``THEORY_DIMS``.
    """
    if not 1 <= n_dims <= THEORY_DIMS:
        raise ValueError(f"the share is known here in 1 to {THEORY_DIMS} dimensions, not {n_dims}")
    dims = np.arange(1, THEORY_DIMS + 1)
    measured = {n: counted_shares(n, n_fields) for n in MEASURED_DIMS}
    if n_dims == SLOW_DIMS:
        measured[SLOW_DIMS] = counted_shares(SLOW_DIMS, 1)
    counted = np.array(list(measured), dtype=float)
    minima_shares = np.array([shares[0] for shares, _ in measured.values()])
    n = Axis("dimensions n", range=(0.5, THEORY_DIMS + 0.5))
    minima = Panel(
        "minima",
        "Share of minima among critical points",
        n,
        Axis("share", "log"),
        (
            Line(dims.astype(float), np.array([index_fractions(d)[0] for d in dims.tolist()]), "Kac-Rice", "theory"),
            Line(
                dims.astype(float),
                np.array([positive_definite_probability(d) for d in dims.tolist()]),
                "a random symmetric matrix: GOE",
                "threshold",
            ),
            Line(dims.astype(float), 0.5 ** dims.astype(float), "a coin toss for each direction: 2^-n", "graph"),
            _error_bars(counted, minima_shares, np.array([count for _, count in measured.values()])),
            Points(
                counted,
                minima_shares,
                "minimum",
                tuple(f"{count} critical points counted in {d} dimensions" for d, (_, count) in measured.items()),
            ),
        ),
    )
    k, fractions = np.arange(n_dims + 1.0), index_fractions(n_dims)
    found = measured.get(n_dims)
    of_counted: tuple[Line | Points, ...] = ()
    if found is not None:
        shares, count = found
        of_counted = (_error_bars(k, shares, np.full(len(k), count)), *_by_kind(k, shares, k / n_dims, "counted"))
    highest = 1.25 * float(max(np.max(fractions), 0.0 if found is None else np.max(found[0])))
    indices = Panel(
        "indices",
        f"Index of critical points, n = {n_dims}",
        Axis("index", range=(-0.5, n_dims + 0.5)),
        Axis("share", range=(-0.06 * highest, highest)),
        (
            Line(k, fractions, "Kac-Rice", "theory"),
            *of_counted,
        ),
    )
    u = np.linspace(-1.9, 1.9, 191)
    x, y = glass_heights(n_instances)
    energy = Panel(
        "energy",
        "The higher, the more directions fall",
        Axis("energy per spin"),
        Axis("share of falling directions"),
        (
            Samples(x, y, np.zeros(len(x), dtype=np.int64), ("of a glass, N = 40",)),
            Line(u, index_share(u, 3), "theory, N to infinity", "theory"),
        ),
    )
    more = f", one in {SLOW_DIMS}" if SLOW_DIMS in measured else ""
    points = sum(count for _, count in measured.values())
    return Scene(
        title="Saddles against minima",
        panels=(minima, indices, energy),
        tracks=(),
        n_steps=0,
        columns=(("minima",), ("indices", "energy")),
        widths=(1.1, 1.0),
        caption=f"{n_fields} torus fields each in 1, 2 and 3 dimensions{more}; {n_instances} 3-spin glasses, N = 40",
        notes=(f"{points} critical points counted on complete censuses; {len(x)} on glasses.",),
    )
