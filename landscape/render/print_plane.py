"""Draws the layers of flat panels with Matplotlib: one function for each type of layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from landscape.render.pen import Moving, Pen
from landscape.render.style import glyph, line_style
from landscape.scenes.base import Array, Field, Line, Panel, Path, Points, Spans, Tangent

HEADS = 1000.0
"""zorder of heads: over every layer."""


def draw_field(ax: Any, field: Field, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw heat, contour lines and the colour bar. Where the field is not finite the paper shows."""
    color = np.ma.masked_invalid(field.z if field.color is None else field.color)
    low, high = color_range(color, field.palette)
    colors = pen.colors(field.palette)
    if _even(field.x) and _even(field.y):
        # Each grid point is the middle of its cell.
        dx, dy = (abs(a[-1] - a[0]) / (len(a) - 1) / 2 for a in (field.x, field.y))
        rows = color if field.y[0] < field.y[-1] else color[::-1]
        rows = rows if field.x[0] < field.x[-1] else rows[:, ::-1]
        heat = ax.imshow(
            rows,
            extent=(field.x.min() - dx, field.x.max() + dx, field.y.min() - dy, field.y.max() + dy),
            origin="lower",
            interpolation="bilinear",
            aspect="auto",
            cmap=colors,
            vmin=low,
            vmax=high,
            alpha=field.opacity,
            zorder=zorder,
        )
    else:
        heat = ax.pcolormesh(
            field.x,
            field.y,
            color,
            shading="nearest",
            cmap=colors,
            vmin=low,
            vmax=high,
            alpha=field.opacity,
            zorder=zorder,
            rasterized=True,
        )
    if field.contours:
        levels = contour_levels(color)
        if levels.size and min(color.shape) > 1:
            ax.contour(
                field.x,
                field.y,
                color,
                levels=levels,
                colors=pen.theme.contour,
                linewidths=pen.points(0.7),
                linestyles="solid",
                alpha=0.75,
                zorder=zorder + 0.5,
            )
    color_bar(ax, heat, field, pen, [1.025, 0.0, 0.03, 1.0])


def color_range(color: Any, palette: str) -> tuple[float, float]:
    """Return the values at both ends of the palette; those of a diverging one lie evenly about zero."""
    values = np.ma.masked_invalid(color).compressed()
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if palette == "diverging":
        end = max(abs(low), abs(high)) or 1.0
        return -end, end
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def contour_levels(color: Any, most: int = 14) -> Array:
    """Return round levels strictly inside the range of the values; none where they are all the same."""
    from matplotlib.ticker import MaxNLocator

    values = np.ma.masked_invalid(color).compressed()
    if not values.size or not values.min() < values.max():
        return np.zeros(0)
    low, high = float(values.min()), float(values.max())
    levels = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return levels[(levels > low) & (levels < high)]


def color_bar(ax: Any, heat: Any, field: Field, pen: Pen, place: list[float]) -> None:
    """Draw a thin colour bar in the box ``place`` (left, bottom, width, height, as shares of ``ax``)."""
    from matplotlib import ticker

    box = ax.inset_axes(place)
    bar = ax.figure.colorbar(heat, cax=box)
    bar.solids.set_rasterized(True)
    bar.outline.set_edgecolor(pen.theme.line)
    bar.outline.set_linewidth(pen.points(0.6))
    bar.locator = ticker.MaxNLocator(5, steps=[1, 2, 5, 10])
    bar.update_ticks()
    box.tick_params(
        labelsize=pen.font_size * 0.85,
        labelcolor=pen.theme.muted,
        color=pen.theme.line,
        width=pen.points(0.6),
        length=pen.points(2.5),
        pad=pen.points(2.5),
    )
    label = field.color_label if field.color is not None and field.color_label else field.label
    box.set_ylabel(pen.text(label), fontsize=pen.font_size * 0.9, color=pen.theme.muted, parse_math=False)


def draw_path(ax: Any, path: Path, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw a track up to the playhead, with its marker as the head."""
    x, y, steps = path_data(path, pen)
    thin = thinness(pen)
    look = pen.line(path.track) | {"linewidth": pen.line_width * thin}
    (line,) = ax.plot(x, y, zorder=zorder, **look)
    if panel.clickable or any(isinstance(layer, Field) for layer in panel.layers):
        line.set_path_effects(pen.halo(pen.line_width * thin))
    if pen.theme.monochrome and thin == 1.0:
        # On grey paper small markers along the line tell tracks apart; each track starts at another place.
        line.set(markevery=(0.03 + 0.035 * (pen.order[path.track] % 5), 0.19), **pen.marker(path.track, 0.62))
    head = None
    if path.head:
        (head,) = ax.plot([], [], linestyle="none", zorder=HEADS, **pen.marker(path.track, thin))
    places = reachable(x, y)

    def show(step: int) -> None:
        n = int(np.searchsorted(steps, step, side="right"))
        line.set_data(x[:n], y[:n])
        if head is not None:
            at = places[:n].max() if n else -1
            head.set_data(([x[at]], [y[at]]) if at >= 0 else ([], []))

    return Moving((line,), show, () if head is None else (head,))


def thinness(pen: Pen) -> float:
    """Return the factor for widths of tracks: 1 up to a dozen of them, then less, so that many stay legible."""
    n = len(pen.scene.tracks)
    return 1.0 if n <= 12 else max(0.35, (12 / n) ** 0.4)


def path_data(path: Path, pen: Pen) -> tuple[Array, Array, Array]:
    """Return x, y and steps of a path as float arrays."""
    x, y = np.asarray(path.x, dtype=float), np.asarray(path.y, dtype=float)
    return x, y, np.arange(len(x)) if path.steps is None else np.asarray(path.steps)


def reachable(*coordinates: Array) -> Array:
    """Return for each index the last index up to there at which all coordinates are finite; -1 before the first."""
    finite = np.all([np.isfinite(c) for c in coordinates], axis=0)
    return np.maximum.accumulate(np.where(finite, np.arange(len(finite)), -1)) if finite.size else np.zeros(0, int)


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


def draw_points(ax: Any, points: Points, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw markers that stand still."""
    look = glyph(points.kind, pen.theme)
    size = look.size * (thinness(pen) if points.kind == "start" else 1.0)
    ax.plot(points.x, points.y, zorder=zorder, **pen.still(look.symbol, look.color, look.outline, size))


def draw_spans(ax: Any, spans: Spans, panel: Panel, pen: Pen, zorder: float) -> None:
    """Shade intervals of the x axis in the colour of their track."""
    for low, high in spans.intervals:
        ax.axvspan(
            low, high, color=pen.stroke(spans.track).color, alpha=pen.theme.span_opacity, linewidth=0, zorder=zorder
        )


def draw_tangent(ax: Any, tangent: Tangent, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw the tangent at the playhead."""
    (line,) = ax.plot(
        [],
        [],
        color=pen.stroke(tangent.track).color,
        linewidth=pen.line_width * 0.7,
        linestyle=(0, (5.0, 2.0)),
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
