"""Draws data with Matplotlib: samples, and fields and curves that change with the playhead."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.picture.glyphs import class_colors, class_glyph
from landscape.picture.key import grain
from landscape.picture.scene import Labels, MovingField, MovingLine, MovingPoints, Panel, Samples, ends_of
from landscape.picture.strokes import line_style
from landscape.render.paper.pen import Pen
from landscape.render.paper.plane import Drawer
from landscape.render.paper.trails import Moving


def frame_at(steps: Any, step: int) -> int:
    """Return the number of the last frame whose step is not after ``step``, -1 before the first."""
    return int(np.searchsorted(steps, step, side="right")) - 1


def draw_moving_field(ax: Any, field: MovingField, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw the field at the playhead: regions in the colours of their classes, or heat."""
    from matplotlib.colors import ListedColormap

    if field.classes:
        shades = class_colors(len(field.classes), field.levels, field.apart, pen.theme)
        colors, low, high = ListedColormap(shades), -0.5, len(shades) - 0.5
    else:
        colors = pen.colors("sequential")
        low, high = ends_of(field.z)
    dx, dy = (abs(a[-1] - a[0]) / max(len(a) - 1, 1) / 2 for a in (field.x, field.y))
    empty = np.ma.masked_all(field.z.shape[1:])
    image = ax.imshow(
        empty,
        extent=(field.x.min() - dx, field.x.max() + dx, field.y.min() - dy, field.y.max() + dy),
        origin="lower",
        interpolation="nearest" if field.classes else "bilinear",
        aspect="auto",
        cmap=colors,
        vmin=low,
        vmax=high,
        alpha=field.opacity,
        zorder=zorder,
    )

    def show(step: int) -> None:
        k = frame_at(field.steps, step)
        image.set_data(np.ma.masked_invalid(field.z[k]) if k >= 0 else empty)

    return Moving((image,), show)


def draw_moving_line(ax: Any, line: MovingLine, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw the curve at the playhead."""
    look = line_style(line.role, pen.theme)
    (drawn,) = ax.plot(
        [],
        [],
        color=look.color,
        linewidth=pen.line_width * look.width,
        linestyle=(0, look.dash) if look.dash else "-",
        zorder=zorder,
    )

    def show(step: int) -> None:
        k = frame_at(line.steps, step)
        drawn.set_data((line.x[k], line.y[k]) if k >= 0 else ([], []))

    return Moving((drawn,), show)


def draw_moving_points(ax: Any, points: MovingPoints, panel: Panel, pen: Pen, zorder: float) -> Moving:
    """Draw the points at the playhead: dots in the colour of their track, over the rims of all of them."""
    look = {"linestyle": "none", "marker": "o", "markeredgewidth": 0.0, "in_layout": False}
    rims, dots = (
        ax.plot([], [], color=color, zorder=zorder + above, **look)[0]
        for above, color in enumerate((pen.theme.outline, pen.stroke(points.track).color))
    )

    def show(step: int) -> None:
        k = frame_at(points.steps, step)
        size = grain(points.x.shape[1]) * ax.bbox.width * 72 / ax.figure.dpi
        for artist, wider in ((rims, 1.5), (dots, 1.0)):
            artist.set_markersize(wider * size)
            artist.set_data((points.x[k], points.y[k]) if k >= 0 else ([], []))

    return Moving((rims, dots), show)


def draw_samples(ax: Any, samples: Samples, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw a small marker for each sample, its look by its group."""
    for number in range(len(samples.names)):
        rows = np.asarray(samples.groups) == number
        look = class_glyph(number, theme=pen.theme)
        ax.plot(
            np.asarray(samples.x)[rows],
            np.asarray(samples.y)[rows],
            zorder=zorder,
            **pen.still(look.symbol, look.color, look.outline, look.size),
        )


def draw_labels(ax: Any, labels: Labels, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw texts in ink, each in a rim of the outline's colour."""
    from matplotlib.patheffects import withStroke

    rim = [withStroke(linewidth=pen.points(3.0), foreground=pen.theme.outline)]
    for x, y, text in zip(labels.x, labels.y, labels.texts, strict=True):
        ax.text(
            x,
            y,
            pen.text(text),
            ha="center",
            va="center_baseline",
            fontsize=pen.font_size,
            fontweight="bold",
            color=pen.theme.ink,
            path_effects=rim,
            zorder=zorder,
            parse_math=False,
            clip_on=True,
            in_layout=False,
        )


DATA: dict[type, Drawer] = {
    MovingField: draw_moving_field,
    MovingLine: draw_moving_line,
    MovingPoints: draw_moving_points,
    Samples: draw_samples,
    Labels: draw_labels,
}
