"""Draws the layers of panels in space with Matplotlib. Every path lies over the surface, whichever way one looks."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.picture.axes import apart, axis_of, log_ticks, scaled, symlog_ticks, unscaled
from landscape.picture.camera import BOX
from landscape.picture.scene import Field, Line, Panel, Path, Points
from landscape.picture.strokes import line_style
from landscape.render.paper.axes import named_ticks
from landscape.render.paper.pen import Pen
from landscape.render.paper.plane import (
    Drawer,
    above,
    looks,
    path_data,
    reachable,
    trail,
)
from landscape.render.paper.relief import draw_field, inside
from landscape.render.paper.trails import Moving


def set_up(ax: Any, panel: Panel, pen: Pen, view: tuple[float, float]) -> None:
    """Give the box its view, ranges, ticks and quiet walls. Scales are applied to the data: Axes3D has linear ones."""
    from matplotlib import ticker

    # Artists are stacked in the order of their layers, not sorted by depth: no path is ever behind the relief.
    ax.computed_zorder = False
    ax.view_init(elev=view[0], azim=view[1])
    ax.set_box_aspect(BOX)
    theme = pen.theme
    for letter in "xyz":
        axis, own = axis_of(panel, letter), getattr(ax, f"{letter}axis")
        low, high = pen.limits(panel, letter)
        ends = scaled(axis, np.array([low, high]))
        getattr(ax, f"set_{letter}lim")(float(ends[0]), float(ends[1]))
        if axis.ticks:
            places = scaled(axis, np.array([at for at, _ in axis.ticks])).tolist()
            ticks = [(at, pen.text(text)) for at, (_, text) in zip(places, axis.ticks, strict=True)]
            named_ticks(own, apart(ticks, 0.2))
        elif axis.scale == "linear":
            own.set_major_locator(ticker.MaxNLocator(4, steps=[1, 2, 5, 10]))
        else:
            powers = (
                [10.0**k for k in log_ticks(float(ends[0]), float(ends[1]), 4)]
                if axis.scale == "log"
                else symlog_ticks(axis, low, high, 5)
            )
            own.set_major_locator(ticker.FixedLocator(scaled(axis, np.array(powers)).tolist()))
            own.set_major_formatter(ticker.FuncFormatter(lambda at, _, axis=axis: _power(unscaled(axis, at))))
        own.set_pane_color(theme.background)
        own.line.set(color=theme.line, linewidth=pen.points(0.9))
        own._axinfo["grid"].update(color=theme.grid, linewidth=pen.points(0.7))
        own._axinfo["tick"].update(inward_factor=0.0, outward_factor=0.15)
        own.set_tick_params(color=theme.line, labelsize=pen.font_size * 0.9, labelcolor=theme.ink, pad=pen.points(-1.0))
        own.labelpad = pen.points(6.0 if letter == "z" else 1.0)
        own.set_label_text(pen.text(axis.label), fontsize=pen.font_size * 0.9, color=theme.ink, parse_math=False)


def fit(ax: Any, frame: Any) -> None:
    """Make the box, its labels included, as large as the frame allows, in the middle of it."""
    renderer = ax.figure.canvas.get_renderer()
    cell = frame.get_position()
    room = cell.transformed(ax.figure.transSubfigure)
    ax.set_position(cell)
    zoom = 1.0
    for _ in range(3):
        # Labels keep their size while the box grows, so that one step does not do.
        box = _extent(ax, renderer)
        zoom = min(max(zoom * min(room.width / box.width, room.height / box.height), 0.2), 5.0)
        ax.set_box_aspect(BOX, zoom=zoom)
    box = _extent(ax, renderer)
    aside, up = (room.min + room.max - box.min - box.max) / 2
    moved = cell.translated(aside / ax.figure.bbox.width, up / ax.figure.bbox.height)
    ax.set_position([round(v, 7) for v in moved.bounds])


def _extent(ax: Any, renderer: Any) -> Any:
    """Return the box in pixels round the edges of the box in space, its ticks and labels."""
    from matplotlib.transforms import Bbox
    from mpl_toolkits.mplot3d import proj3d

    ax.apply_aspect()
    ax.M = ax.get_proj()
    corners = np.stack(np.meshgrid(ax.get_xlim3d(), ax.get_ylim3d(), ax.get_zlim3d()), axis=-1).reshape(-1, 3)
    x, y, _ = proj3d.proj_transform(*corners.T, ax.M)
    edges = ax.transData.transform(np.column_stack([x, y]))
    labels = [own.get_tightbbox(renderer) for own in (ax.xaxis, ax.yaxis, ax.zaxis)]
    return Bbox.union([Bbox([edges.min(axis=0), edges.max(axis=0)]), *(label for label in labels if label)])


def _power(value: float) -> str:
    return "0" if value == 0 else f"{'−' if value < 0 else ''}$10^{{{round(np.log10(abs(value)))}}}$"


def draw_path(ax: Any, path: Path, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw a track up to the playhead; what lies outside the box is left out."""
    x, y, steps = path_data(path)
    x, y, z = inside(panel, pen, x, y, np.zeros_like(x) if path.z is None else np.asarray(path.z, dtype=float))
    return trail(ax, path, panel, pen, zorder + 100, (x, y, z), steps, reachable(x, y, z)).moving()


def draw_points(ax: Any, points: Points, panel: Panel, pen: Pen, zorder: float) -> Moving | None:
    """Draw markers that stand still, or appear at their step, in the colour of their track where they have one."""
    x, y = np.asarray(points.x, dtype=float), np.asarray(points.y, dtype=float)
    x, y, z = inside(panel, pen, x, y, np.zeros_like(x) if points.z is None else np.asarray(points.z, dtype=float))
    marks = []
    for rows, look in looks(points, pen):
        (mark,) = ax.plot(x[rows], y[rows], z[rows], zorder=zorder + 100, **look)
        marks.append((mark, rows))
    if points.steps is None:
        return above(points, [mark for mark, _ in marks])
    steps = np.asarray(points.steps)

    def show(step: int) -> None:
        for mark, rows in marks:
            due = rows[steps[rows] <= step]
            mark.set_data_3d(x[due], y[due], z[due])

    return Moving([mark for mark, _ in marks], show)


def draw_line(ax: Any, line: Line, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw a curve that stands still."""
    look = line_style(line.role, pen.theme)
    x, y = np.asarray(line.x, dtype=float), np.asarray(line.y, dtype=float)
    places = inside(panel, pen, x, y, np.zeros_like(x) if line.z is None else np.asarray(line.z, dtype=float))
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
