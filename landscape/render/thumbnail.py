"""A picture as small as a stamp: the map of a panel in a few even colours, or its curve, as PNG."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr
from landscape.picture.scene import Field, Line, Panel
from landscape.picture.themes import Theme, theme_of

BANDS = 18
"""Colours of a map: their borders read as contour lines, and few colours make a small file."""

STROKE = 2
"""Thickness of a curve in pixels."""


def thumbnail(panel: Panel, side: int, theme: str | Theme = "light") -> bytes:
    """Return a PNG of ``side`` x ``side`` pixels that shows the first field of a panel, or else its first line.

    Raises ``ValueError`` for a panel with neither.
    """
    theme = theme_of(theme)
    ground = next((layer for layer in panel.layers if isinstance(layer, Field | Line)), None)
    if ground is None:
        raise ValueError(tr("the panel {panel} has no surface to show", panel=panel.key))
    if isinstance(ground, Line):
        return _png(_curve(ground, side), (theme.background, theme.field[0], theme.accent))
    colors = theme.palette(ground.palette)
    picked = [colors[round(k * (len(colors) - 1) / (BANDS - 1))] for k in range(BANDS)]
    return _png(_bands(ground, side), (*picked, theme.background))


def _bands(field: Field, side: int) -> NDArray[np.uint8]:
    """Return the band of every pixel, rows from above; ``BANDS`` where there is no value."""
    rows, columns = (np.linspace(0, n - 1, side).round().astype(int) for n in field.colored.shape)
    values = field.colored[rows[::-1]][:, columns]
    low, high = field.color_ends
    with np.errstate(invalid="ignore"):
        share = np.clip((values - low) / (high - low if high > low else 1.0), 0.0, 1.0)
    return np.where(np.isfinite(values), np.floor(share * (BANDS - 1e-9)), BANDS).astype(np.uint8)


def _curve(line: Line, side: int) -> NDArray[np.uint8]:
    """Return 2 on the curve, 1 below it and 0 above, rows from above."""
    columns = np.linspace(float(np.nanmin(line.x)), float(np.nanmax(line.x)), side)
    heights = np.interp(columns, line.x, line.y)
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    # From the tenth to the ninth tenth of the height, counted from below.
    tops = (0.1 + 0.8 * (heights - low) / (high - low if high > low else 1.0)) * (side - 1)
    above = np.arange(side)[::-1, None] - tops[None, :]
    # A steep curve covers every row that it passes on its way to the next column.
    reach = np.maximum(np.abs(np.gradient(tops)) / 2, STROKE / 2)
    return np.where(np.abs(above) <= reach, 2, above < 0).astype(np.uint8)


def _png(pixels: NDArray[np.uint8], colors: tuple[str, ...]) -> bytes:
    """Return an indexed PNG (W3C, "Portable Network Graphics", second edition, 2003)."""
    height, width = pixels.shape
    palette = b"".join(bytes.fromhex(color[1:]) for color in colors)
    rows = np.insert(pixels, 0, 0, axis=1).tobytes()  # each row begins with its filter: none

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"PLTE", palette) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
