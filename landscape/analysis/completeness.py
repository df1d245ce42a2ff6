"""How many critical points there must be, judged cell by cell, and the sentence that says how it was judged."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.winding import Windings, winding_round
from landscape.curvature.point import NEAR, CriticalPoint
from landscape.language import tr, trn
from landscape.surfaces.base import Array
from landscape.surfaces.counted import Counted, Spent


def flat_cells(turned: Windings) -> NDArray[np.bool_]:
    """Tell which cells lie on or next to flat parts, where the gradient is exactly zero at all four corners."""
    zero = (turned.gradients == 0).all(axis=-1)
    flat = zero[:-1, :-1] & zero[1:, :-1] & zero[:-1, 1:] & zero[1:, 1:]
    grown = np.pad(flat, 1)
    rows, columns = flat.shape
    return np.any([grown[i : i + rows, j : j + columns] for i in range(3) for j in range(3)], axis=0)


def unexplained_cells(surface: Counted, turned: Windings, points: list[CriticalPoint], lines: list[Array]) -> Array:
    """Return the middles of the cells whose winding number the points found there do not explain, (K, 2)."""
    expected = np.zeros(turned.cells.shape, dtype=np.int64)
    known = turned.known.copy()
    for point in points:
        (i,), (j,) = turned.cell_of(point.x[None])
        index = _poincare_index(surface, turned, point)
        if index is None:
            known[i, j] = False
        else:
            expected[i, j] += index
    for line in lines:
        i, j = turned.cell_of(line)
        for di in (-1, 0, 1):
            for dj in (-1, 0, 1):
                known[np.clip(i + di, 0, len(known) - 1), np.clip(j + dj, 0, known.shape[1] - 1)] = False
    return turned.centers()[known & (expected != turned.cells)]


def judged(
    surface: Counted,
    turned: Windings,
    points: list[CriticalPoint],
    lines: list[Array],
    loose: Array,
) -> tuple[bool | None, str]:
    """Return whether the points are all there are, as far as was judged, and the sentence that says how.

    ``loose`` (L, 2) are places on the grid where the gradient vanishes and that belong to no line.
    """
    cell = f"{turned.x[1] - turned.x[0]:.2g} × {turned.y[1] - turned.y[0]:.2g}"
    total = turned.cells.size
    blind = total - int(np.count_nonzero(turned.known))
    unexplained = unexplained_cells(surface, turned, points, lines)
    doubts = cut_short(surface)
    if lines:
        slope = 0.0
        with suppress(Spent):
            slope = float(np.linalg.norm(surface.gradient(np.concatenate(lines)), axis=-1).max())
        doubts.append(_filled(len(lines), slope))
    places = np.array([point.x for point in points]).reshape(-1, 2)
    apart = np.linalg.norm(loose[:, None] - places, axis=-1).min(axis=1, initial=np.inf)
    stray = int(np.count_nonzero(apart > NEAR * surface.domain.diagonal))
    if stray and not lines:
        doubts.append(
            trn(
                "at one place on the grid the gradient is zero to within rounding, as on a line that is too short to "
                "follow",
                "at {n} places on the grid the gradient is zero to within rounding, as on a line that is too short to "
                "follow",
                stray,
            )
        )
    flat = int(np.count_nonzero(flat_cells(turned)))
    if flat:
        doubts.append(
            tr(
                "{share:.3g}% of the box is flat to within rounding: any point there may be critical",
                share=100 * flat / total,
            )
        )
    elif blind and not lines:
        share = 100 * blind / total
        uncounted = tr(
            "in {share:.3g}% of the cells the gradient vanishes along an edge, jumps or is not finite, and there is no "
            "count",
            share=share,
        )
        not_followed = tr(
            "in {share:.3g}% of the cells the gradient vanishes along an edge, jumps or is not finite, or was not "
            "followed, and there is no count",
            share=share,
        )
        doubts.append(not_followed if surface.n_refused else uncounted)
    if not surface.info.smooth:
        doubts.append(tr("the surface has kinks, where a minimum need not have a zero gradient"))
    crowded = _crowded(turned, points)
    if crowded:
        doubts.append(
            tr(
                "{points} points share one cell of {cell}, where more could cancel out: search a smaller domain, or "
                "give a higher resolution",
                points=crowded,
                cell=cell,
            )
        )
    if len(unexplained):
        where = ", ".join(f"{c:.4g}" for c in unexplained[0])
        doubts.append(
            trn(
                "round one cell (at {where}) the gradient turns otherwise than the points found there explain: a pole, "
                "a kink or points that are missing",
                "round {n} cells (one at {where}) the gradient turns otherwise than the points found there explain: a "
                "pole, a kink or points that are missing",
                len(unexplained),
                where=where,
            )
        )
    if doubts:
        return False if len(unexplained) and surface.info.smooth else None, at_least(doubts)
    slope = max((point.gradient_norm for point in points if point.kind == "degenerate"), default=0.0)
    parts = [
        _turns_round_cells(total) if blind else _turns_round_the_box(int(turned.cells.sum()), total),
        tr(
            "only points that cancel out within one cell of {cell}, or a line that is shorter, could be missing",
            cell=cell,
        ),
    ]
    if slope:
        parts.append(tr("the degenerate ones are critical to within a slope of {slope:.1g}", slope=slope))
    return True, "; ".join(parts)


def _turns_round_cells(cells: int) -> str:
    return tr(
        "complete, judged by winding numbers: the gradient turns round each of the {cells} cells as often as the "
        "points found there explain, and along no line of the grid does it dip to zero",
        cells=cells,
    )


def _turns_round_the_box(turns: int, cells: int) -> str:
    return trn(
        "complete, judged by winding numbers: the gradient turns {n} time round the searched box, and round each of "
        "the {cells} cells as often as the points found there explain, and along no line of the grid does it dip to "
        "zero",
        "complete, judged by winding numbers: the gradient turns {n} times round the searched box, and round each of "
        "the {cells} cells as often as the points found there explain, and along no line of the grid does it dip to "
        "zero",
        turns,
        cells=cells,
    )


def _filled(n_lines: int, slope: float) -> str:
    """Say that there are lines of critical points, and to within which slope: rounding's, or one that there is."""
    if not slope:
        return trn(
            "critical points fill a line, and no count can judge whether there are more",
            "critical points fill {n} lines, and no count can judge whether there are more",
            n_lines,
        )
    return trn(
        "critical points fill a line to within a slope of {slope:.1g}, and no count can judge whether there are more",
        "critical points fill {n} lines to within a slope of {slope:.1g}, and no count can judge whether there are "
        "more",
        n_lines,
        slope=slope,
    )


def cut_short(surface: Counted) -> list[str]:
    """Return what there is to say where the search was stopped by the count of its operations."""
    if not surface.n_refused:
        return []
    return [
        tr(
            "the search was stopped after {millions:.0f} million counted operations",
            millions=surface.operations / 1e6,
        )
    ]


def at_least(doubts: list[str]) -> str:
    """Return the sentence that says why what was found need not be all."""
    return tr("at least these, not known to be complete: {doubts}", doubts="; ".join(doubts))


def _crowded(turned: Windings, points: list[CriticalPoint]) -> int:
    """Return the largest number of points in one cell, 0 where each has a cell of its own."""
    if not points:
        return 0
    columns, rows = turned.cell_of(np.array([p.x for p in points]))
    most = max(Counter(zip(columns.tolist(), rows.tolist(), strict=True)).values())
    return most if most > 1 else 0


def _poincare_index(surface: Counted, turned: Windings, point: CriticalPoint) -> int | None:
    if point.kind != "degenerate":
        return -1 if point.kind == "saddle" else 1
    cell = np.array([turned.x[1] - turned.x[0], turned.y[1] - turned.y[0]])
    return winding_round(surface, point.x, 0.2 * float(cell.min()))
