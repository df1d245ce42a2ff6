"""Draws the layers of flat panels with Matplotlib: one function for each type of layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.picture.axes import axis_of, scaled
from landscape.picture.glyphs import Glyph, glyph, track_glyph
from landscape.picture.key import has_ground, mark_thinness, span_parts
from landscape.picture.scene import Array, Field, Line, Panel, Path, Points, Spans, Tangent
from landscape.picture.shading import hill_shade, shaded
from landscape.picture.sharing import GAP, critical_points, is_critical
from landscape.picture.strokes import line_style
from landscape.picture.themes import CONTOUR_OPACITY
from landscape.render.paper.axes import named_ticks
from landscape.render.paper.pen import Pen
from landscape.render.paper.trails import Moving, Strand, Trail

HEADS = 1000.0
"""zorder of heads: over every layer."""


def draw_field(ax: Any, field: Field, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw heat in the light of the sun, contour lines and the colour bar. Where it is not finite the paper shows."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    color = np.ma.masked_invalid(field.colored)
    heat = ScalarMappable(Normalize(*field.color_ends), pen.colors(field.palette))
    painted = heat.to_rgba(color, alpha=field.opacity)
    painted[..., 3] = np.where(np.ma.getmaskarray(color), 0.0, field.opacity)
    shade = hill_shade(field)
    if shade is not None:
        painted[..., :3] = shaded(painted[..., :3], shade)
    if _even(field.x) and _even(field.y):
        # Each grid point is the middle of its cell.
        dx, dy = (abs(a[-1] - a[0]) / (len(a) - 1) / 2 for a in (field.x, field.y))
        rows = painted if field.y[0] < field.y[-1] else painted[::-1]
        ax.imshow(
            rows if field.x[0] < field.x[-1] else rows[:, ::-1],
            extent=(field.x.min() - dx, field.x.max() + dx, field.y.min() - dy, field.y.max() + dy),
            origin="lower",
            interpolation="nearest" if field.cells else "bilinear",
            aspect="auto",
            zorder=zorder,
        )
    else:
        ax.pcolormesh(field.x, field.y, painted, shading="nearest", zorder=zorder, rasterized=True)
    if field.contours and not field.cells:
        levels = contour_levels(color)
        if levels.size and min(color.shape) > 1:
            ax.contour(
                field.x,
                field.y,
                color,
                levels=levels,
                colors=pen.theme.contour,
                linewidths=pen.points(0.8),
                linestyles="solid",
                alpha=CONTOUR_OPACITY,
                zorder=zorder + 0.5,
            )
    color_bar(ax, heat, field, pen)


def contour_levels(color: Any, most: int = 14) -> Array:
    """Return round levels strictly inside the range of the values; none where they are all the same."""
    from matplotlib.ticker import MaxNLocator

    values = np.ma.masked_invalid(color).compressed()
    if not values.size or not values.min() < values.max():
        return np.zeros(0)
    low, high = float(values.min()), float(values.max())
    levels = np.asarray(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high), dtype=float)
    return levels[(levels > low) & (levels < high)]


def color_bar(ax: Any, heat: Any, field: Field, pen: Pen) -> None:
    """Draw a thin colour bar at the right of ``ax``, as high as it. Its marks are those that the field names."""
    from matplotlib import ticker

    box = ax.inset_axes([1.025, 0.0, 0.03, 1.0])
    bar = ax.figure.colorbar(heat, cax=box)
    bar.solids.set_rasterized(True)
    bar.outline.set_visible(False)
    bar.minorticks_off()
    if field.color_ticks:
        named_ticks(box.yaxis, [(at, pen.text(text)) for at, text in field.color_ticks])
    else:
        bar.locator = ticker.MaxNLocator(5, steps=[1, 2, 5, 10])
        bar.update_ticks()
    box.tick_params(
        labelsize=pen.font_size * 0.85,
        labelcolor=pen.theme.muted,
        color=pen.theme.line,
        width=pen.points(0.8),
        length=pen.points(3),
        pad=pen.points(2.5),
    )
    named_z = field.color is None or field.color_ticks
    label = field.label if named_z else field.color_label or field.label
    bar.set_label(
        pen.text(label),
        labelpad=pen.points(4),
        fontsize=pen.font_size * 0.9,
        color=pen.theme.muted,
        parse_math=False,
    )


def draw_path(ax: Any, path: Path, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw a track up to the playhead, with its marker as the head."""
    x, y, steps = path_data(path)
    places = reachable(x, y)
    # A head on the very edge is shown whole, one beyond it not at all.
    heads = np.where((places >= 0) & within(panel, x, y, pen)[places], places, -1)
    return trail(ax, path, panel, pen, zorder, (x, y), steps, heads).moving()


def trail(
    ax: Any,
    path: Path,
    panel: Panel,
    pen: Pen,
    zorder: float,
    coordinates: tuple[Array, ...],
    steps: NDArray[np.int64],
    heads: NDArray[np.int64],
) -> Trail:
    """Return the trail of a path with these ``coordinates`` in ``ax``: its lines, casings, head and ring."""
    look = pen.line(path.track)
    nowhere: list[list[float]] = [[] for _ in coordinates]
    strands = []
    for under, held in pen.strands(panel, path, steps):
        dash = (GAP, GAP * under) if under else pen.stroke(path.track).dash
        (line,) = ax.plot(*coordinates, zorder=zorder, **look | ({"linestyle": (0, dash)} if under else {}))
        if has_ground(panel) and path.track in pen.leaders:
            line.set_path_effects(pen.casing(line.get_linewidth()))
        strands.append(Strand(line, dash, held))
    head = ring = beads = None
    spacing = pen.marks(path.track)
    if spacing is not None:
        (beads,) = ax.plot(*nowhere, linestyle="none", zorder=zorder, **pen.marker(path.track, 0.62))
    critical = [pen.critical(panel, points) for points in critical_points(panel)]
    if path.head:
        kept = {"linestyle": "none"} | ({"clip_on": False} if len(coordinates) == 2 else {})
        (head,) = ax.plot(*nowhere, zorder=HEADS, **kept, **pen.head(path.track))
        if critical:
            (ring,) = ax.plot(*nowhere, zorder=HEADS, **kept, **pen.ring(path.track))
            ring.set_path_effects(pen.casing(ring.get_markeredgewidth()))
    places = np.concatenate(critical) if critical else np.zeros((0, len(coordinates)))
    return Trail(tuple(strands), head, ring, coordinates, steps, heads, places, beads, spacing or (0.0, 1.0))


def path_data(path: Path) -> tuple[Array, Array, NDArray[np.int64]]:
    """Return x, y and steps of a path."""
    x, y = np.asarray(path.x, dtype=float), np.asarray(path.y, dtype=float)
    return x, y, np.arange(len(x)) if path.steps is None else np.asarray(path.steps, dtype=np.int64)


def reachable(*coordinates: Array) -> NDArray[np.int64]:
    """Return for each index the last index up to there at which all coordinates are finite; -1 before the first."""
    finite = np.all([np.isfinite(c) for c in coordinates], axis=0)
    return np.maximum.accumulate(np.where(finite, np.arange(finite.size, dtype=np.int64), -1))


def within(panel: Panel, x: Array, y: Array, pen: Pen) -> NDArray[np.bool_]:
    """Tell for each point whether it lies in the panel, edges included."""
    ok = np.ones(np.shape(x), dtype=bool)
    for letter, values in (("x", x), ("y", y)):
        axis = axis_of(panel, letter)
        low, high = scaled(axis, np.array(pen.limits(panel, letter)))
        slack = 1e-9 * (high - low)
        at = scaled(axis, values)
        ok &= (at >= low - slack) & (at <= high + slack)
    return ok


def draw_line(ax: Any, line: Line, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw a curve that stands still."""
    look = line_style(line.role, pen.theme)
    ax.plot(
        line.x,
        line.y,
        color=look.color,
        linewidth=pen.line_width * look.width,
        linestyle=(0, look.dash) if look.dash else "-",
        zorder=zorder,
    )


def draw_points(ax: Any, points: Points, panel: Panel, pen: Pen, zorder: float) -> Moving | None:
    """Draw markers that stand still, or appear at their step, in the colour of their track where they have one."""
    x, y = np.asarray(points.x, dtype=float), np.asarray(points.y, dtype=float)
    seen = within(panel, x, y, pen)
    x, y = np.where(seen, x, np.nan), np.where(seen, y, np.nan)
    marks = []
    for rows, look in looks(points, pen):
        (mark,) = ax.plot(x[rows], y[rows], zorder=zorder, clip_on=False, **look)
        marks.append((mark, rows))
    if points.steps is None:
        return above(points, [mark for mark, _ in marks])
    steps = np.asarray(points.steps)

    def show(step: int) -> None:
        for mark, rows in marks:
            due = rows[steps[rows] <= step]
            mark.set_data(x[due], y[due])

    return Moving([mark for mark, _ in marks], show)


def above(points: Points, marks: Sequence[Any]) -> Moving | None:
    """Return marks of critical points as what is drawn anew over everything that moves; others stand still."""
    if not is_critical(points):
        return None
    for mark in marks:
        mark.set_zorder(HEADS + 1)
    return Moving((), lambda step: None, marks)


def looks(points: Points, pen: Pen) -> Iterator[tuple[NDArray[np.intp], dict[str, Any]]]:
    """Yield the rows of markers that look the same, with Matplotlib's keywords for them."""
    thinness = mark_thinness(points, pen.scene)
    rows: dict[Glyph, list[int]] = {}
    for row in range(len(points.x)):
        of = pen.stroke(points.tracks[row]) if points.tracks else None
        look = glyph(points.kind, pen.theme) if of is None else track_glyph(points.kind, of, pen.theme)
        rows.setdefault(look, []).append(row)
    for look, those in rows.items():
        yield np.array(those), pen.still(look.symbol, look.color, look.outline, look.size * thinness)


def draw_spans(ax: Any, spans: Spans, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Shade intervals of the x axis up to the playhead: a bar under the top edge, and a faint band below it."""
    from matplotlib.collections import PolyCollection

    parts = span_parts(panel, spans.track, pen.theme)
    shades = [
        PolyCollection(
            [],
            facecolor=pen.stroke(spans.track).color,
            edgecolor="none",
            alpha=alpha,
            transform=ax.get_xaxis_transform(),
            zorder=zorder,
        )
        for _, _, alpha in parts
    ]
    for shade in shades:
        ax.add_collection(shade, autolim=False)

    def show(step: int) -> None:
        shown = [(a, min(b, step)) for a, b in spans.intervals if a <= step]
        for shade, (low, high, _) in zip(shades, parts, strict=True):
            shade.set_verts([[(a, low), (b, low), (b, high), (a, high)] for a, b in shown])

    return Moving(tuple(shades), show)


def draw_tangent(ax: Any, tangent: Tangent, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw the tangent at the playhead."""
    (line,) = ax.plot(
        [],
        [],
        color=pen.stroke(tangent.track).color,
        linewidth=pen.line_width * pen.thinness * 0.7,
        solid_capstyle="round",
        zorder=zorder,
    )
    places = reachable(tangent.x, tangent.y, tangent.slope)
    reach = np.array([-tangent.half_width, tangent.half_width])

    def show(step: int) -> None:
        at = places[min(step, len(places) - 1)] if len(places) else -1
        if at >= 0:
            line.set_data(tangent.x[at] + reach, tangent.y[at] + tangent.slope[at] * reach)
        else:
            line.set_data([], [])

    return Moving((line,), show)


def _even(values: Array) -> bool:
    """Tell whether a grid's coordinates are evenly spaced."""
    if len(values) < 2:
        return False
    gaps = np.diff(values)
    return bool(gaps[0] != 0 and np.allclose(gaps, gaps[0], rtol=1e-6, atol=0))


Drawer = Callable[[Any, Any, Panel, Pen, float], "Moving | None"]

PLANE: dict[type, Drawer] = {
    Field: draw_field,
    Path: draw_path,
    Line: draw_line,
    Points: draw_points,
    Spans: draw_spans,
    Tangent: draw_tangent,
}
