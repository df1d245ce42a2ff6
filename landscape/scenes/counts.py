"""Saddles against minima: critical points counted on random fields, and index against energy on a glass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.counts import SLOW_DIMS, THEORY_DIMS, CountsStudy
from landscape.language import mark, tr, trn
from landscape.picture.scene import Array, Axis, Line, Panel, PointKind, Points, Samples
from landscape.scene import Scene
from landscape.theory.kac_rice import index_fractions
from landscape.theory.p_spin import index_share
from landscape.theory.random_matrices import positive_definite_probability


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
    return Line(np.repeat(x.astype(float), 3), ends.ravel(), tr("two standard errors"), "boundary")


def counts_scene(study: CountsStudy) -> Scene:
    """Return the share of minima against n, the index fractions in n dimensions, and index against energy.

    Theory: Kac-Rice, a coin toss for each direction, the probability that GOE(n) is positive definite, and the p-spin's
    share of falling directions.
    """
    n_dims, measured = study.n_dims, study.shares
    dims = np.arange(1, THEORY_DIMS + 1)
    counted = np.array(list(measured), dtype=float)
    minima_shares = np.array([shares[0] for shares, _ in measured.values()])
    n = Axis.of(mark("dimensions n"), range=(0.5, THEORY_DIMS + 0.5))
    minima = Panel(
        "minima",
        tr("Share of minima among critical points"),
        n,
        Axis.of(mark("share"), "log"),
        (
            Line(dims.astype(float), np.array([index_fractions(d)[0] for d in dims.tolist()]), "Kac-Rice", "theory"),
            Line(
                dims.astype(float),
                np.array([positive_definite_probability(d) for d in dims.tolist()]),
                tr("a random symmetric matrix: GOE"),
                "threshold",
            ),
            Line(dims.astype(float), 0.5 ** dims.astype(float), tr("a coin toss for each direction: 2⁻ⁿ"), "graph"),
            _error_bars(counted, minima_shares, np.array([n for _, n in measured.values()])),
            Points(
                counted,
                minima_shares,
                "minimum",
                tuple(
                    tr(
                        "{points} counted in {dimensions}",
                        points=trn("{n} critical point", "{n} critical points", n),
                        dimensions=trn("{n} dimension", "{n} dimensions", d),
                    )
                    for d, (_, n) in measured.items()
                ),
            ),
        ),
    )
    k, fractions = np.arange(n_dims + 1.0), index_fractions(n_dims)
    found = measured.get(n_dims)
    of_counted: tuple[Line | Points, ...] = ()
    if found is not None:
        shares, total = found
        of_counted = (_error_bars(k, shares, np.full(len(k), total)), *_by_kind(k, shares, k / n_dims, tr("counted")))
    highest = 1.25 * float(max(np.max(fractions), 0.0 if found is None else np.max(found[0])))
    indices = Panel(
        "indices",
        tr("Index of critical points, n = {n}", n=n_dims),
        Axis.of(mark("index"), range=(-0.5, n_dims + 0.5)),
        Axis.of(mark("share"), range=(-0.06 * highest, highest)),
        (
            Line(k, fractions, "Kac-Rice", "theory"),
            *of_counted,
        ),
    )
    u = np.linspace(-1.9, 1.9, 191)
    x, y = study.energies, study.falling
    energy = Panel(
        "energy",
        tr("The higher, the more directions fall"),
        Axis.of(mark("energy per spin")),
        Axis.of(mark("share of falling directions")),
        (
            Samples(x, y, np.zeros(len(x), dtype=np.int64), (tr("of a glass, N = {n}", n=40),)),
            Line(u, index_share(u, 3), tr("theory, N to infinity"), "theory"),
        ),
    )
    places = {"fields": study.n_fields, "glasses": study.n_instances, "size": 40, "slow": SLOW_DIMS}
    points = sum(n for _, n in measured.values())
    return Scene(
        title=tr("Saddles against minima"),
        panels=(minima, indices, energy),
        tracks=(),
        n_steps=0,
        columns=(("minima",), ("indices", "energy")),
        widths=(1.1, 1.0),
        caption=(
            tr(
                "{fields} torus fields each in 1, 2 and 3 dimensions, one in {slow}; {glasses} 3-spin glasses, N = "
                "{size}",
                **places,
            )
            if SLOW_DIMS in measured
            else tr(
                "{fields} torus fields each in 1, 2 and 3 dimensions; {glasses} 3-spin glasses, N = {size}", **places
            )
        ),
        notes=(
            tr(
                "{points} critical points counted on complete censuses; {others} on glasses.",
                points=points,
                others=len(x),
            ),
        ),
    )
