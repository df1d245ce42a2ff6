"""How rare minima are among points of zero gradient: random matrices, and random landscapes (THEORY 1 and 2)."""

from __future__ import annotations

import math

import numpy as np

from landscape import stopping
from landscape.claims.base import DRAWN, Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, line
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Panel


def _at_order(order: int) -> str:
    return Named(mark("share at order {order}"), order=order)


def _drawn(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Draw GOE matrices of order 1 to n and count those with positive eigenvalues only."""
    from landscape.theory.random_matrices import goe, positive_definite_probability

    n, draws = settings["order"], settings["draws"]
    rng = np.random.default_rng([seed, 1])
    found, errors = {}, {}
    for order in range(1, n + 1):
        positive = 0
        for first in range(0, draws, 20_000):
            stopping.check()
            matrices = goe(order, min(20_000, draws - first), rng)
            positive += int((np.linalg.eigvalsh(matrices)[:, 0] > 0).sum())
        p = positive_definite_probability(order)
        found[_at_order(order)] = positive / draws
        errors[_at_order(order)] = math.sqrt(p * (1 - p) / draws)
        progress(order / n)
    return Measurement(found, errors)


def _exact(settings: Settings) -> dict[str, float]:
    from landscape.theory.random_matrices import positive_definite_probability

    return {_at_order(n): positive_definite_probability(n) for n in range(1, settings["order"] + 1)}


def _rarity(result: Result) -> Panel:
    from landscape.theory.random_matrices import positive_definite_probability

    orders = np.arange(1, 11)
    shares = [c.measured if c.measured > 0 else math.nan for c in result.checks]
    line = [positive_definite_probability(int(n)) for n in orders]
    return chart(
        "rarity",
        tr("share of random matrices with positive eigenvalues only"),
        Axis(tr("order of the matrix")),
        Axis(tr("share"), "log"),
        (np.arange(1, len(shares) + 1), shares),
        (orders, line),
    )


RARE = Claim(
    key="random_matrices",
    title=mark("A random Hessian is almost never positive definite"),
    statement=mark(
        "The chance that a random symmetric matrix has positive eigenvalues only falls faster than "
        "exponentially with its order."
    ),
    point="(a)",
    measuring=_drawn,
    expecting=_exact,
    tolerance=DRAWN,
    drawing=_rarity,
    question=Question(
        mark(
            "If each of four directions curved up or down by itself, one point in 16 would be a minimum. How large is "
            "the share for a random symmetric matrix of order 4?"
        ),
        lambda result: result.checks[min(3, len(result.checks) - 1)].measured,
        {
            mark("about 1 in 4"): 1 / 4,
            mark("about 1 in 16"): 1 / 16,
            mark("about 1 in 60"): 1 / 60,
            mark("about 1 in 400"): 1 / 400,
        },
    ),
    explanation=(
        mark(
            "Eigenvalues of a random matrix repel each other, so that pushing all of them to one side of zero is far "
            "rarer than as many heads in a row. The exact probability is a Pfaffian, known for every order: 1/2, .146, "
            ".0249, .00246, and one in 44 trillion at order 10."
        ),
        mark(
            "This is the argument that is often quoted for saddles in deep learning. It is an exaggeration: Hessians "
            "at the critical points of a landscape are not drawn from this ensemble. What holds for landscapes is the "
            "next claim, a fall of roughly e⁻ᴺ instead of exp(−N² ln 3 / 4)."
        ),
    ),
    references=(
        mark(
            "D. S. Dean, S. N. Majumdar, Large deviations of extreme eigenvalues of random matrices, 2006 and "
            "arXiv 0801.1730"
        ),
    ),
    cost="seconds",
    parameters=(
        number("order", 4, 2, 6, mark("largest order"), integer=True),
        number("draws", 60_000, 5_000, 200_000, mark("matrices of each order"), integer=True, log=True),
    ),
)


def _of_index(index: int) -> str:
    return Named(mark("share of index {index}"), index=index)


def _counted(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Find all critical points of random fields on the torus, and count them by index."""
    from landscape.analysis.census import torus_census
    from landscape.surfaces.random_fields import TorusField
    from landscape.theory.kac_rice import index_fractions

    n = settings["dimensions"]
    wave, fields = {1: (40.0, 3), 2: (3.0, 4), 3: (1.25, 3)}[n]
    censuses = []
    for k in range(fields):
        censuses.append(torus_census(TorusField(n_dims=n, wave_number=wave, seed=1000 * seed + k), seed=seed))
        progress((k + 1) / fields)
    counts = np.sum([census.counts for census in censuses], axis=0)
    total, theory = counts.sum(), index_fractions(n)
    names = [_of_index(k) for k in range(n + 1)]
    return Measurement(
        dict(zip(names, counts / total, strict=True))
        | {mark("Euler sum"): float(sum(abs(census.euler_sum) for census in censuses))},
        dict(zip(names, np.sqrt(theory * (1 - theory) / total), strict=True)),
        {"counts": counts, "field": 1000 * seed},
    )


def _kac_rice(settings: Settings) -> dict[str, float]:
    from landscape.theory.kac_rice import index_fractions

    return {_of_index(k): float(s) for k, s in enumerate(index_fractions(settings["dimensions"]))} | {"Euler sum": 0.0}


def _shares(result: Result) -> tuple[Panel, ...]:
    from landscape.theory.kac_rice import index_fractions
    from landscape.theory.random_matrices import positive_definite_probability

    n = int(result.settings["dimensions"])
    shares = [c.measured for c in result.checks[: n + 1]]
    by_index = chart(
        "by_index",
        tr("{count} critical points by index", count=int(result.details["counts"].sum())),
        Axis(tr("index: how many directions fall"), ticks=tuple((float(k), str(k)) for k in range(n + 1))),
        Axis(tr("share"), range=(0.0, 0.75)),
        (np.arange(n + 1), shares),
        (np.arange(n + 1), index_fractions(n)),
    )
    dims = np.arange(1, 11)
    goe = np.array([positive_definite_probability(int(d)) for d in dims])
    minima = chart(
        "minima",
        tr("share of minima by dimension (dotted: random matrices)"),
        Axis(tr("dimensions")),
        Axis(tr("share of minima"), "log"),
        ([n], [shares[0]]),
        (dims, [index_fractions(int(d))[0] for d in dims]),
        more=(line(dims.astype(float), goe, tr("random matrices"), "threshold"),),
    )
    return by_index, minima


FIELDS = Claim(
    key="random_landscapes",
    title=mark("In a random landscape most critical points are no minima"),
    statement=mark(
        "Among all points of zero gradient of a random smooth landscape, minima are a share that falls roughly "
        "like e⁻ᴺ with the dimension N."
    ),
    point="(a)",
    measuring=_counted,
    expecting=_kac_rice,
    tolerance=DRAWN,
    tolerances={"Euler sum": Tolerance("absolute", 0.5)},
    drawing=_shares,
    question=Question(
        mark(
            "A smooth random landscape over the plane has hills, hollows and passes. What share of its flat points are "
            "hollows (minima)?"
        ),
        lambda result: result.measured["share of index 0"],
        {mark("one half"): 1 / 2, mark("one quarter"): 1 / 4, mark("one eighth"): 1 / 8, mark("one twentieth"): 1 / 20},
    ),
    explanation=(
        mark(
            "Every critical point of random Fourier fields on a torus is found by Newton's method from many starts. "
            "That none is missing shows in the Euler sum: minima less saddles of index 1 plus those of index 2 and so "
            "on is exactly 0 on a torus. The shares by index follow from the Kac–Rice formula for every isotropic "
            "Gaussian field, whatever its covariance: in three dimensions (29 − 6 √6) / 116 = .123 are minima."
        ),
        mark(
            "The Hessian at a critical point is a random matrix shifted by a random multiple of the identity, and the "
            "shift goes with the height. That is why minima are far less rare than random matrices alone say, and why "
            "they sit low while saddles of high index sit high."
        ),
    ),
    references=(
        "A. J. Bray, D. S. Dean, Statistics of critical points of Gaussian fields on large-dimensional spaces, 2007",
        "J. Bardeen, J. Bond, N. Kaiser, A. Szalay, The statistics of peaks of Gaussian random fields, 1986",
        "Y. Dauphin et al., Identifying and attacking the saddle point problem, 2014",
    ),
    cost="seconds",
    parameters=(number("dimensions", 2, 1, 3, mark("dimensions N"), integer=True),),
)
