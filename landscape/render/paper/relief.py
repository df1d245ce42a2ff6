"""The relief of a field in space: facets and contour lines, sorted together from back to front."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.picture.axes import axis_of, scaled
from landscape.picture.camera import BOX, View, towards
from landscape.picture.scene import Array, Field, Panel, Path
from landscape.picture.shading import shaded
from landscape.picture.themes import CONTOUR_OPACITY
from landscape.render.paper.pen import Pen
from landscape.render.paper.plane import contour_levels

# The most facets of a relief in each direction: more cannot be told apart on a page.
FINEST = 100
# How far a contour line is drawn towards the eye, in widths of a facet, lest it sink into its facet.
NEARER = 2.0
LAMP = np.array([-0.5, 0.45, 0.74])
LAMP = LAMP / np.linalg.norm(LAMP)
"""The unit vector to the lamp."""


def draw_field(ax: Any, field: Field, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw the relief: height z, colour ``color``, lit from the side so that its form can be read."""
    from matplotlib.colors import to_rgba
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    x, y, z, color = _grid(field, panel)
    low, high = scaled(axis_of(panel, "z"), np.array(pen.limits(panel, "z")))
    facets, shades = _facets(x, y, z, _painted(x, y, z, color, field, pen, (low, high), (ax.elev, ax.azim)))
    edges = shades
    _floor(ax, field, panel, pen, (x, y, z), low)
    if field.contours:
        lines = _contour_facets(x, y, z)
        lines = lines + NEARER / max(z.shape) * _towards_eye(ax, panel, pen)
        facets = np.concatenate([facets, lines])
        edges = np.concatenate([shades, np.tile(to_rgba(pen.theme.contour, CONTOUR_OPACITY), (len(lines), 1))])
        shades = np.concatenate([shades, np.zeros((len(lines), 4))])
    if not len(facets):
        return
    ax.add_collection3d(
        Poly3DCollection(
            facets,
            facecolors=shades,
            edgecolors=edges,
            linewidths=pen.points(0.6),
            zorder=zorder,
            # Ten thousand facets are a picture, not shapes to be edited: inside a PDF they stay pixels.
            rasterized=True,
        ),
        autolim=False,
    )


def _floor(ax: Any, field: Field, panel: Panel, pen: Pen, grid: tuple[Array, Array, Array], low: float) -> None:
    """Draw the contour lines on the floor of the box, and the paths' shadows: whatever the relief leaves to be seen."""
    x, y, z = grid
    levels = contour_levels(z)
    if field.contours and levels.size and min(z.shape) >= 2:
        look = {
            "colors": pen.theme.contour,
            "linewidths": pen.points(0.7),
            "alpha": CONTOUR_OPACITY,
            "linestyles": "solid",
        }
        ax.contour(x, y, np.ma.masked_invalid(z), levels=levels, offset=low, zorder=0.2, **look)
    for path in (layer for layer in panel.layers if isinstance(layer, Path)):
        places = inside(panel, pen, path.x, path.y, np.zeros_like(path.x) if path.z is None else path.z)
        there = np.where(np.isfinite(places[2]), low, np.nan)
        ax.plot(
            *places[:2], there, color=pen.theme.muted, alpha=0.5, linewidth=pen.line_width * pen.thinness, zorder=0.3
        )


def inside(panel: Panel, pen: Pen, x: Array, y: Array, z: Array) -> tuple[Array, Array, Array]:
    """Return the coordinates in the box's own scales, NaN where a point lies outside the box."""
    placed, ok = [], np.ones(np.shape(x), dtype=bool)
    for letter, values in zip("xyz", (x, y, z), strict=True):
        axis = axis_of(panel, letter)
        at = scaled(axis, values)
        low, high = scaled(axis, np.array(pen.limits(panel, letter)))
        slack = 1e-6 * (high - low)
        ok &= (at >= low - slack) & (at <= high + slack)
        placed.append(at)
    first, second, third = (np.where(ok, at, np.nan) for at in placed)
    return first, second, third


def _grid(field: Field, panel: Panel) -> tuple[Array, Array, Array, Array]:
    """Return x, y, z and colour over a grid of at most ``FINEST`` facets a side, in the box's own scales."""
    color = np.asarray(field.colored, dtype=float)
    every = (max(1, -(-(n - 1) // FINEST)) for n in color.shape)
    rows, columns = (np.unique(np.r_[0:n:k, n - 1]) for n, k in zip(color.shape, every, strict=True))
    x, y = np.meshgrid(scaled(panel.x, field.x)[columns], scaled(panel.y, field.y)[rows])
    pick = np.ix_(rows, columns)
    return x, y, scaled(axis_of(panel, "z"), field.z)[pick], color[pick]


def _painted(
    x: Array, y: Array, z: Array, color: Array, field: Field, pen: Pen, ends: tuple[float, float], view: View
) -> Array:
    """Return the colour (rows, columns, 4) of each grid point in the light of a lamp at the upper left."""
    from matplotlib.colors import Normalize

    shown = pen.colors(field.palette)(Normalize(*field.color_ends)(np.ma.masked_invalid(color)))
    shown[..., 3] = field.opacity
    if min(z.shape) >= 2:
        height = BOX[2] * (z - ends[0]) / (ends[1] - ends[0])
        spans = [float(np.ptp(a)) or 1.0 for a in (x, y)]
        with np.errstate(divide="ignore", invalid="ignore"):  # beside a hole there is no slope: unlit
            slope_x = np.gradient(height, axis=1) / np.gradient(x / spans[0], axis=1)
            slope_y = np.gradient(height, axis=0) / np.gradient(y / spans[1], axis=0)
            normal = np.stack([-slope_x, -slope_y, np.ones_like(slope_x)], axis=-1)
            normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        facing = np.nan_to_num(normal @ LAMP, nan=LAMP[2])
        # Half way between lamp and eye lies the way in which a polished surface shines (Blinn 1977).
        half = LAMP + towards(view)
        shine = np.nan_to_num(np.clip(normal @ (half / np.linalg.norm(half)), 0.0, 1.0), nan=0.0) ** 24
        shown[..., :3] = shaded(shown[..., :3], 0.5 * np.minimum(facing - LAMP[2], 0.0) + 0.14 * shine)
    return np.asarray(shown, dtype=float)


def _facets(x: Array, y: Array, z: Array, shown: Array) -> tuple[Array, Array]:
    """Return the corners (k, 4, 3) and colours (k, 4) of the facets whose corners are all finite."""
    points = np.stack([x, y, z], axis=-1)
    corners = np.stack([points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]], axis=2).reshape(-1, 4, 3)
    shades = (shown[:-1, :-1] + shown[:-1, 1:] + shown[1:, 1:] + shown[1:, :-1]).reshape(-1, 4) / 4
    whole = np.all(np.isfinite(corners), axis=(1, 2))
    return corners[whole], shades[whole]


def _contour_facets(x: Array, y: Array, z: Array) -> Array:
    """Return the pieces of the contour lines of z as facets without area, (k, 4, 3)."""
    from contourpy import contour_generator

    if min(z.shape) < 2:
        return np.zeros((0, 4, 3))
    generator: Any = contour_generator(x, y, np.ma.masked_invalid(z))
    pieces = [np.zeros((0, 4, 3))]
    for level in contour_levels(z):
        for line in generator.lines(level):
            spatial = np.column_stack([line, np.full(len(line), level)])
            pieces.append(np.stack([spatial[:-1], spatial[1:], spatial[1:], spatial[:-1]], axis=1))
    return np.concatenate(pieces)


def _towards_eye(ax: Any, panel: Panel, pen: Pen) -> Array:
    """Return the way from the box towards the eye, as long as the box, in its own scales."""
    elevation, azimuth = np.deg2rad([ax.elev, ax.azim])
    way = np.array(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], dtype=float
    )
    spans = [np.ptp(scaled(axis_of(panel, letter), np.array(pen.limits(panel, letter)))) for letter in "xyz"]
    return way / BOX * spans
