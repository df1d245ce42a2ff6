"""From where a relief is seen: the side that hides least of its paths and marks, as near as it fills its panel."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.picture.scene import Array, Field, Panel

BOX = (1.0, 1.0, 0.45)
"""Proportions of the box round a relief."""
FIELD_OF_VIEW = math.radians(45.0)
"""Angle between the upper and the lower edge of a picture in space: Plotly's."""
FILLED = 0.9
"""Share of a square picture that the relief fills; numbers and names stand where a panel is wider."""

DISTANCE = 1.8
"""About how far the eye is from the middle of the box, in its sides."""

View = tuple[float, float]
"""Elevation and azimuth of the eye in degrees."""
USUAL: View = (35.0, -130.0)
_ELEVATIONS = (35.0, 45.0)
# Over a corner of the box, never along an axis, whose numbers would stand behind the relief.
_AZIMUTHS = tuple(quarter + turn for quarter in (-180, -90, 0, 90) for turn in (30, 50, 70))
_RAY = 0.9 * np.linspace(0.02, 1.0, 40) ** 1.5
TOLERANCE = 0.004
"""Share of its height that a relief may stand over a ray and not hide what is behind: the player's."""


def best_view(field: Field, places: Sequence[Array]) -> View:
    """Return the view from which most of ``places``, each points (n, 3) on or just over a relief, is seen.

    Each of them, a path or the marks of a kind, counts as much as the others. A steeper look shows more and the relief
    less as one: it has to show a bit more. Of sides that show as much the one nearest to the usual is taken.
    """
    axes = (field.x, field.y, field.z)
    heights = BOX[2] * _unit(np.asarray(field.z, dtype=float), field.z)
    boxed = [
        np.stack([BOX[k] * _unit(one[:, k], axis) for k, axis in enumerate(axes)], axis=-1)
        for one in (points[np.all(np.isfinite(points), axis=1)] for points in places)
        if len(one)
    ]
    if not boxed:
        return USUAL
    together = np.concatenate(boxed)
    weights = np.concatenate([np.full(len(one), 1 / len(one)) for one in boxed]) / len(boxed)

    def worth(view: View) -> float:
        turn = abs((view[1] - USUAL[1] + 180.0) % 360.0 - 180.0)
        shown = float(weights @ _seen(together, heights, towards(view)))
        return shown - 0.003 * (view[0] - USUAL[0]) - 0.0006 * turn

    return max(((up, float(around)) for up in _ELEVATIONS for around in _AZIMUTHS), key=worth)


def towards(view: View) -> Array:
    """Return the unit vector (3,) from the middle of the box towards the eye."""
    up, around = np.radians(view)
    return np.array([math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up)])


def _seen(points: Array, heights: Array, way: Array) -> NDArray[np.bool_]:
    """Tell which points (n, 3) no height (rows, columns) of the relief hides from an eye that way."""
    to_eye = np.array([0.5, 0.5, BOX[2] / 2]) + DISTANCE * way - points
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    rays = points[:, None, :] + _RAY[:, None] * to_eye[:, None, :]
    over = np.all((rays[..., :2] >= 0) & (rays[..., :2] <= 1), axis=-1)
    sides = np.array(heights.shape[::-1]) - 1
    at = np.clip(rays[..., :2], 0, 1) * sides
    cell = np.minimum(at.astype(int), np.maximum(sides - 1, 0))
    (i, j), (u, v) = np.moveaxis(cell, -1, 0), np.moveaxis(at - cell, -1, 0)
    k, m = np.minimum(i + 1, sides[0]), np.minimum(j + 1, sides[1])
    height = (1 - v) * ((1 - u) * heights[j, i] + u * heights[j, k]) + v * ((1 - u) * heights[m, i] + u * heights[m, k])
    return ~np.any(over & (height > rays[..., 2] + TOLERANCE * BOX[2]), axis=1)


def _unit(values: Array, axis: Array) -> Array:
    low, high = float(np.nanmin(axis)), float(np.nanmax(axis))
    return (values - low) / ((high - low) or 1.0)


def eye_and_center(panel: Panel) -> tuple[Array, Array]:
    """Return eye and centre of a perspective camera, in a box of the sides ``BOX`` about 0, that fill a square picture.

    The field's points and the floor are to lie inside; without a field, the corners of the box.
    """
    field = next((layer for layer in panel.layers if isinstance(layer, Field)), None)
    x, y, z = np.meshgrid(*(np.linspace(-0.5, 0.5, 2) for _ in range(3)))
    corners = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=-1)
    floor = corners[corners[:, 2] < 0]
    if field is not None and np.any(np.isfinite(field.z)):
        rows, columns = (np.unique(np.linspace(0, n - 1, 25).astype(int)) for n in field.z.shape)
        y, x = np.meshgrid(_unit(field.y, field.y)[rows], _unit(field.x, field.x)[columns], indexing="ij")
        heights = _unit(np.asarray(field.z, dtype=float), field.z)[np.ix_(rows, columns)]
        corners = np.stack([x.ravel(), y.ravel(), heights.ravel()], axis=-1) - 0.5
        corners = np.concatenate([corners[np.isfinite(corners[:, 2])], floor])
    points = corners * BOX
    way = towards(panel.view)
    right = np.array([-way[1], way[0], 0.0]) / math.hypot(way[0], way[1])
    above = np.cross(way, right)
    centre, distance = np.zeros(3), 2.0
    for _ in range(12):
        at = points - centre
        depth = (distance - at @ way) * math.tan(FIELD_OF_VIEW / 2)
        across, up = at @ right / depth, at @ above / depth
        centre = centre + distance * math.tan(FIELD_OF_VIEW / 2) * (
            (across.max() + across.min()) / 2 * right + (up.max() + up.min()) / 2 * above
        )
        distance *= max(float(np.ptp(across)), float(np.ptp(up))) / (2 * FILLED)
    return centre + distance * way, centre
