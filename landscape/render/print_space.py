"""Draws the layers of panels in space with Matplotlib. Every path lies over the surface, whichever way one looks."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.render.pen import Moving, Pen
from landscape.render.print_axes import axis_of, limits, log_ticks, scaled, symlog_ticks, unscaled
from landscape.render.print_plane import HEADS, Drawer, color_bar, color_range, path_data, reachable, thinness
from landscape.render.style import glyph, line_style
from landscape.scenes.base import Array, Field, Line, Panel, Path, Points

# The most grid lines of a relief in each direction that are drawn: more cannot be told apart on a page.
FINEST = 110


def set_up(ax: Any, panel: Panel, pen: Pen, view: tuple[float, float]) -> None:
    """Give the box its view, ranges, ticks and quiet walls. Scales are applied to the data: Axes3D has linear ones."""
    from matplotlib import ticker

    # Artists are stacked in the order of their layers, not sorted by depth: no path is ever behind the relief.
    ax.computed_zorder = False
    ax.view_init(elev=view[0], azim=view[1])
    ax.set_box_aspect((1.0, 1.0, 0.68), zoom=0.94)
    theme = pen.theme
    for letter in "xyz":
        axis, own = axis_of(panel, letter), getattr(ax, f"{letter}axis")
        low, high = limits(panel, letter, 0.0 if letter != "z" else 0.03)
        ends = scaled(axis, np.array([low, high]))
        getattr(ax, f"set_{letter}lim")(float(ends[0]), float(ends[1]))
        if axis.scale == "linear":
            own.set_major_locator(ticker.MaxNLocator(4, steps=[1, 2, 5, 10]))
        else:
            ticks = (
                [10.0**k for k in log_ticks(float(ends[0]), float(ends[1]), 4)]
                if axis.scale == "log"
                else symlog_ticks(axis, low, high, 5)
            )
            own.set_major_locator(ticker.FixedLocator(scaled(axis, np.array(ticks)).tolist()))
            own.set_major_formatter(
                ticker.FuncFormatter(lambda at, _, axis=axis: _power(unscaled(axis, at)))  # type: ignore[misc]
            )
        own.set_pane_color(theme.background)
        own.line.set_color(theme.line)
        own._axinfo["grid"].update(color=theme.grid, linewidth=pen.points(0.7))
        own._axinfo["tick"].update(color=theme.line, inward_factor=0.0, outward_factor=0.15)
        own.set_tick_params(labelsize=pen.font_size * 0.82, labelcolor=theme.muted, pad=pen.points(-1.0))
        own.labelpad = pen.points(1.0)
        own.set_label_text(
            pen.text(axis.label), fontsize=pen.font_size * 0.9, color=theme.ink, parse_math=False
        )


def _power(value: float) -> str:
    return "0" if value == 0 else f"{'−' if value < 0 else ''}$10^{{{round(np.log10(abs(value)))}}}$"


def draw_field(ax: Any, field: Field, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw the relief: height z, colour ``color``, lit from the side so that its form can be read."""
    from matplotlib.colors import Normalize

    color = np.asarray(field.z if field.color is None else field.color, dtype=float)
    rows, columns = (max(1, -(-n // FINEST)) for n in color.shape)
    pick = np.ix_(*(np.unique(np.r_[0:n:k, n - 1]) for n, k in zip(color.shape, (rows, columns), strict=True)))
    x, y = np.meshgrid(scaled(panel.x, field.x), scaled(panel.y, field.y))
    x, y, z, color = x[pick], y[pick], scaled(axis_of(panel, "z"), field.z)[pick], color[pick]
    low, high = limits(panel, "z")
    ends = scaled(axis_of(panel, "z"), np.array([low, high]))
    # Outside the box there is nothing to see: Axes3D would draw over the page.
    z = np.where((z >= ends[0]) & (z <= ends[1]), z, np.nan)
    heat_range = color_range(color, field.palette)
    norm = Normalize(*heat_range)
    colors = pen.colors(field.palette)
    shown = colors(norm(np.ma.masked_invalid(color)))
    shown[..., :3] *= _light(x, y, z, ends)[..., None]
    ax.plot_surface(
        x,
        y,
        z,
        rstride=1,
        cstride=1,
        facecolors=np.clip(shown, 0.0, 1.0),
        linewidth=0,
        antialiased=False,
        shade=False,
        alpha=field.opacity if field.opacity < 1 else None,
        zorder=zorder,
        rasterized=True,
    )
    from matplotlib.cm import ScalarMappable

    color_bar(ax, ScalarMappable(norm, colors), field, pen, [1.0, 0.16, 0.022, 0.62])


def _light(x: Array, y: Array, z: Array, ends: Array) -> Array:
    """Return for each grid point how bright it is, about 1, with a lamp at the upper left."""
    height = (z - ends[0]) / (ends[1] - ends[0])
    if min(z.shape) < 2:
        return np.ones(z.shape)
    spans = [max(np.ptp(a), 1e-300) for a in (x, y)]
    slope_y = np.gradient(height, axis=0) / np.maximum(np.abs(np.gradient(y / spans[1], axis=0)), 1e-12)
    slope_x = np.gradient(height, axis=1) / np.maximum(np.abs(np.gradient(x / spans[0], axis=1)), 1e-12)
    normal = np.sqrt(1 + slope_x**2 + slope_y**2)
    lamp = np.array([-0.45, 0.35, 0.82])
    facing = (-slope_x * lamp[0] - slope_y * lamp[1] + lamp[2]) / (normal * np.linalg.norm(lamp))
    return np.nan_to_num(0.74 + 0.31 * np.clip(facing, 0.0, 1.0), nan=1.0)


def inside(panel: Panel, x: Array, y: Array, z: Array) -> tuple[Array, Array, Array]:
    """Return the coordinates in the box's own scales, NaN where a point lies outside the box."""
    placed, ok = [], np.ones(np.shape(x), dtype=bool)
    for letter, values in zip("xyz", (x, y, z), strict=True):
        axis = axis_of(panel, letter)
        at = scaled(axis, values)
        low, high = scaled(axis, np.array(limits(panel, letter, 0.0 if letter != "z" else 0.03)))
        slack = 1e-6 * (high - low)
        ok &= (at >= low - slack) & (at <= high + slack)
        placed.append(at)
    first, second, third = (np.where(ok, at, np.nan) for at in placed)
    return first, second, third


def draw_path(ax: Any, path: Path, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw a track up to the playhead; what lies outside the box is left out."""
    x, y, steps = path_data(path, pen)
    x, y, z = inside(panel, x, y, np.zeros_like(x) if path.z is None else np.asarray(path.z, dtype=float))
    thin = thinness(pen)
    (line,) = ax.plot(x, y, z, zorder=zorder + 100, **(pen.line(path.track) | {"linewidth": pen.line_width * thin}))
    line.set_path_effects(pen.halo(pen.line_width * thin))
    head = None
    if path.head:
        (head,) = ax.plot([], [], [], linestyle="none", zorder=HEADS, **pen.marker(path.track, thin))
    places = reachable(x, y, z)

    def show(step: int) -> None:
        n = int(np.searchsorted(steps, step, side="right"))
        line.set_data_3d(x[:n], y[:n], z[:n])
        if head is not None:
            at = places[:n].max() if n else -1
            head.set_data_3d(([x[at]], [y[at]], [z[at]]) if at >= 0 else ([], [], []))

    return Moving((line,), show, () if head is None else (head,))


def draw_points(ax: Any, points: Points, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw markers that stand still."""
    look = glyph(points.kind, pen.theme)
    size = look.size * (thinness(pen) if points.kind == "start" else 1.0)
    x, y = np.asarray(points.x, dtype=float), np.asarray(points.y, dtype=float)
    places = inside(panel, x, y, np.zeros_like(x) if points.z is None else np.asarray(points.z, dtype=float))
    ax.plot(*places, zorder=zorder + 100, **pen.still(look.symbol, look.color, look.outline, size))


def draw_line(ax: Any, line: Line, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw a curve that stands still."""
    look = line_style(line.role, pen.theme)
    x, y = np.asarray(line.x, dtype=float), np.asarray(line.y, dtype=float)
    places = inside(panel, x, y, np.zeros_like(x) if line.z is None else np.asarray(line.z, dtype=float))
    ax.plot(
        *places,
        color=look.color,
        linewidth=pen.line_width * look.width,
        linestyle=(0, look.dash) if look.dash else "-",
        zorder=zorder + 100,
    )


SPACE: dict[type, Drawer] = {
    Field: draw_field,
    Path: draw_path,
    Line: draw_line,
    Points: draw_points,
}
