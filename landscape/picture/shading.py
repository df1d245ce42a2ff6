"""Hill shading: how bright a map is in the light of a low sun, as cartographers draw it. One light for every pen."""

from __future__ import annotations

import numpy as np

from landscape.picture.scene import Array, Field

# The sun of maps since Lehmann: from the upper left, half way up, so that hills look raised, not sunk.
AZIMUTH, ALTITUDE = np.radians(315.0), np.radians(45.0)
HEIGHT = 0.35
"""How high the range of colours stands, as a share of the map's side, to be lit."""
STRENGTH = 0.45
DARKEST = -STRENGTH * float(np.sin(ALTITUDE))
"""The least shade there is: a slope that the sun does not reach. The most is smaller in size."""


def hill_shade(field: Field) -> Array | None:
    """Return how much each grid point (len(y), len(x)) is darkened (< 0) or lit (> 0): 0 on level parts and in gaps.

    A colour c in shade s becomes c (1 + s) where s < 0, and c + s (white - c) where s > 0. Horn (1981), "Hill shading
    and the reflectance map", eq. for a Lambertian ground: STRENGTH (n . sun - sin ALTITUDE) with the unit normal n of
    what the colours show, HEIGHT high over a ground of side 1. ``None`` for a palette about zero, whose colours are no
    heights, for cells, and for a ground of one row or column.
    """
    heights = np.asarray(field.colored, dtype=float)
    if field.cells or field.palette == "diverging" or min(heights.shape) < 2:
        return None
    low, high = field.color_ends
    heights = HEIGHT * (heights - low) / (high - low)
    across, up = (np.asarray(a, dtype=float) for a in (field.x, field.y))
    slope_x = np.gradient(heights, axis=1) / (np.gradient(across) / (abs(across[-1] - across[0]) or 1.0))
    slope_y = np.gradient(heights, axis=0) / (np.gradient(up) / (abs(up[-1] - up[0]) or 1.0))[:, None]
    east, north = np.sin(AZIMUTH) * np.cos(ALTITUDE), np.cos(AZIMUTH) * np.cos(ALTITUDE)
    facing = (np.sin(ALTITUDE) - slope_x * east - slope_y * north) / np.sqrt(1 + slope_x**2 + slope_y**2)
    return np.nan_to_num(STRENGTH * (np.maximum(facing, 0.0) - np.sin(ALTITUDE)), nan=0.0)


def shaded(colors: Array, shade: Array) -> Array:
    """Return colours (..., 3) from 0 to 1 in a shade (...): nearer to black below zero, to white above."""
    light = shade[..., None]
    return np.where(light < 0, colors * (1 + light), colors + light * (1 - colors))
