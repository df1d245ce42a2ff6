"""All critical points of one variable: where the derivative changes sign on a fine grid, and where it touches zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.completeness import at_least, cut_short
from landscape.analysis.critical_search import (
    SAME,
    SAME_DEGENERATE,
    Found,
    all_polished,
    certified,
    kinds_round,
    once,
    sorted_out,
    thinned,
    widened,
)
from landscape.analysis.winding import gradients_where_defined
from landscape.curvature.point import CriticalPoint
from landscape.language import tr, trn
from landscape.surfaces.base import Array, Domain
from landscape.surfaces.counted import Counted

_MOST_TIPS = 100


def search(surface: Counted, box: Domain, resolution: int) -> Found:
    """Return the critical points of a surface of one variable, searched for in ``resolution`` cells."""
    wide = widened(box)
    (x,) = wide.axes((resolution + 1,))
    g = gradients_where_defined(surface, x[:, None])[:, 0]
    finite = np.isfinite(g)
    change = np.flatnonzero(finite[:-1] & finite[1:] & (np.sign(g[:-1]) != np.sign(g[1:])))
    size = np.where(finite, np.abs(g), np.inf)
    dips = 1 + np.flatnonzero((size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:]) & np.isfinite(size[1:-1]))
    seeds = np.concatenate([(x[change] + x[change + 1]) / 2, x[change], thinned(x[dips]), x[:: resolution // 50]])
    points, lines = list[CriticalPoint](), list[Array]()
    with surface.within(0.8):
        points, lines = sorted_out(surface, certified(surface, seeds[:, None]), wide)
        points += _on_tips(surface, points, x, change)
    kinds = kinds_round(surface, points)
    touching = np.array([kind in ("saddle", "degenerate") for kind in kinds], dtype=bool)
    places = np.array([p.x[0] for p in points])
    cells = np.clip(np.searchsorted(x, places) - 1, 0, resolution - 1)
    for number in np.flatnonzero(~touching & np.array([p.kind == "degenerate" for p in points], dtype=bool)):
        # A multiple root is known to some cells only: it is where the sign changes.
        off = np.abs(change - cells[number])
        if len(off) and (x[1] - x[0]) * off.min() <= SAME_DEGENERATE * surface.domain.diagonal:
            cells[number] = change[off.argmin()]
    turns = np.bincount(cells[~touching], minlength=resolution)
    expected = np.bincount(change, minlength=resolution)
    crowded = np.flatnonzero(np.bincount(cells, minlength=resolution) > 1)
    missed = [i for i in change if g[i] != 0 and g[i + 1] != 0 and turns[i] == 0]
    hidden = np.flatnonzero((turns == 1) & (expected == 0) & (g[:-1] != 0) & (g[1:] != 0) & finite[:-1] & finite[1:])
    inside = [p for p in points if box.contains(p.x)]
    doubts, width = cut_short(surface), f"{x[1] - x[0]:.2g}"
    if lines or np.count_nonzero(g == 0) > len(points) + 2:
        doubts.append(tr("the derivative is zero to within rounding along whole intervals"))
    if not finite.all():
        doubts.append(
            tr(
                "f or its derivative is not finite at {n_bad} of {n_places} places",
                n_bad=np.count_nonzero(~finite),
                n_places=len(x),
            )
        )
    if not surface.info.smooth:
        doubts.append(tr("the surface has kinks, where a minimum need not have a zero derivative"))
    if len(crowded):
        doubts.append(
            tr(
                "near {place:.4g} points share one cell of {width}: give a higher resolution",
                place=x[crowded[0]],
                width=width,
            )
        )
    if len(hidden):
        doubts.append(
            tr(
                "near {place:.4g} an extremum was found where the derivative has the same sign on both sides of its "
                "cell of {width}, so that another one lies in it: give a higher resolution",
                place=x[hidden[0]],
                width=width,
            )
        )
    if missed:
        doubts.append(
            tr(
                "the derivative changes sign near {place:.4g}, and no extremum could be certified there: a multiple "
                "zero, a sharp bend, a kink, a jump or a pole",
                place=x[missed[0]],
            )
        )
    if doubts:
        return Found(inside, lines, None, at_least(doubts))
    touched = [p for p, touches in zip(points, touching, strict=True) if touches]
    judged = tr(
        "complete, judged by signs: the derivative changes sign in {changes} of {cells} cells, and each has its point",
        changes=len(change),
        cells=resolution,
    )
    missing = tr("only an even number of points within one cell of {width} could be missing", width=width)
    return Found(inside, lines, True, "; ".join([judged, *_touching(touched), missing]))


def _on_tips(surface: Counted, points: list[CriticalPoint], x: Array, change: NDArray[np.int64]) -> list[CriticalPoint]:
    """Return the critical points in the cells, of those that the derivative ``change`` s sign in, that hold none yet.

    On a sharp tip Newton's steps lead from side to side; damped ones are shortened until they do not.
    """
    places = np.array([p.x[0] for p in points])
    empty = change[~np.isin(change, np.searchsorted(x, places) - 1)][:_MOST_TIPS]
    known = np.array([p.x[0] for p in points if p.kind == "degenerate"])
    apart = SAME_DEGENERATE * surface.domain.diagonal
    tips = []
    for i in empty:
        for p in all_polished(surface, [(x[[i]] + x[[i + 1]]) / 2]):
            if x[i] <= p.x[0] <= x[i + 1] and np.abs(known - p.x[0]).min(initial=np.inf) > apart:
                tips.append(p)
    return once(tips, SAME * surface.domain.diagonal)


def _touching(points: list[CriticalPoint]) -> list[str]:
    if not points:
        return []
    slope = max(p.gradient_norm for p in points)
    if slope:
        return [
            trn(
                "at {n} place it touches zero, or comes as near to it as {slope:.1g}, and keeps its sign",
                "at {n} places it touches zero, or comes as near to it as {slope:.1g}, and keeps its sign",
                len(points),
                slope=slope,
            )
        ]
    return [
        trn(
            "at {n} place it touches zero, as nearly as rounding lets one tell, and keeps its sign",
            "at {n} places it touches zero, as nearly as rounding lets one tell, and keeps its sign",
            len(points),
        )
    ]
