"""The relief of a field in space: facets and contour lines, sorted together from back to front."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.picture.axes import axis_of, scaled
from landscape.picture.scene import Array, Field, Panel
from landscape.render.paper.pen import Pen
from landscape.render.paper.plane import contour_levels

# The most facets of a relief in each direction: more cannot be told apart on a page.
FINEST = 100
# How far a contour line is drawn towards the eye, in widths of a facet, lest it sink into its facet.
NEARER = 2.0
BOX = (1.0, 1.0, 0.55)
"""Proportions of the box, those of the screen."""


def draw_field(ax: Any, field: Field, panel: Panel, pen: Pen, zorder: float) -> None:
    """Draw the relief: height z, colour ``color``, lit from the side so that its form can be read."""
    from matplotlib.colors import to_rgba
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    x, y, z, color = _grid(field, panel)
    low, high = scaled(axis_of(panel, "z"), np.array(pen.limits(panel, "z")))
    facets, shades = _facets(x, y, z, _painted(x, y, z, color, field, pen, (low, high)))
    edges = shades
    if field.contours:
        lines = _contour_facets(x, y, z)
        lines = lines + NEARER / max(z.shape) * _towards_eye(ax, panel, pen)
        facets = np.concatenate([facets, lines])
        edges = np.concatenate([shades, np.tile(to_rgba(pen.theme.contour, 0.8), (len(lines), 1))])
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


def _grid(field: Field, panel: Panel) -> tuple[Array, Array, Array, Array]:
    """Return x, y, z and colour over a grid of at most ``FINEST`` facets a side, in the box's own scales."""
    color = np.asarray(field.colored, dtype=float)
    every = (max(1, -(-(n - 1) // FINEST)) for n in color.shape)
    rows, columns = (np.unique(np.r_[0:n:k, n - 1]) for n, k in zip(color.shape, every, strict=True))
    x, y = np.meshgrid(scaled(panel.x, field.x)[columns], scaled(panel.y, field.y)[rows])
    pick = np.ix_(rows, columns)
    return x, y, scaled(axis_of(panel, "z"), field.z)[pick], color[pick]


def _painted(x: Array, y: Array, z: Array, color: Array, field: Field, pen: Pen, ends: tuple[float, float]) -> Array:
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
            lamp = np.array([-0.55, 0.25, 0.80])
            facing = (-slope_x * lamp[0] - slope_y * lamp[1] + lamp[2]) / np.sqrt(1 + slope_x**2 + slope_y**2)
        light = np.nan_to_num(0.80 + 0.24 * np.clip(facing, 0.0, 1.0), nan=1.0)
        shown[..., :3] = np.clip(shown[..., :3] * light[..., None], 0.0, 1.0)
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
