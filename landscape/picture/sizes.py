"""Sizes by name: pages for print, screens for video."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.errors import lookup
from landscape.language import mark, reads_translated, tr

# Bounds on what is asked for in inches, pixels a side (Agg's own) and pixels in all (4 bytes each).
SMALLEST_INCHES, LARGEST_INCHES = 1.5, 120.0
LARGEST_SIDE, LARGEST_PIXELS = 2**16 - 1, 150_000_000


@reads_translated("title")
@dataclass(frozen=True)
class Size:
    """A page: width and height in inches, and the type size in points that reads well on it."""

    title: str
    width: float
    height: float
    font: float


PAGES: dict[str, Size] = {
    "16:9": Size(mark("16:9 slide"), 40 / 3, 7.5, 15.0),
    "4:3": Size(mark("4:3 slide"), 10.0, 7.5, 13.5),
    "square": Size(mark("Square"), 7.5, 7.5, 12.0),
    "column": Size(mark("One text column"), 3.5, 4.6, 7.0),
    "two columns": Size(mark("Two text columns"), 7.2, 3.9, 7.5),
    "poster": Size(mark("Poster"), 24.0, 16.0, 27.0),
}

SCREENS: dict[str, tuple[int, int]] = {
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "4K": (3840, 2160),
}

PageSize = str | Size | Sequence[float]
ScreenSize = str | Sequence[int]


def page(size: PageSize) -> Size:
    """Return the page that a name of ``PAGES`` or a pair (width, height) in inches stands for.

    Raises ``UnknownName`` for another name, ``ValueError`` for a pair that is not two lengths of 1.5 to 120 inches.

    >>> page("4:3").width
    10.0
    >>> page((8, 5)).height
    5.0
    """
    if isinstance(size, Size):
        return size
    if isinstance(size, str):
        return lookup(PAGES, size, tr("size"))
    width, height = _pair(size, tr("a size in inches"))
    for side in (width, height):
        if not SMALLEST_INCHES <= side <= LARGEST_INCHES:
            raise ValueError(
                tr(
                    "a side must be {least:g} to {most:g} inches long, not {side:g}",
                    least=SMALLEST_INCHES,
                    most=LARGEST_INCHES,
                    side=side,
                )
            )
    # Type grows with the root of the page: a poster is read from farther away, yet has room for more.
    title = tr("{width:g} × {height:g} inches", width=width, height=height)
    return Size(title, width, height, 4.1 * math.sqrt(min(width, 16 / 9 * height)))


def screen(size: ScreenSize) -> tuple[int, int]:
    """Return (width, height) in pixels of a name of ``SCREENS`` or of a pair; odd numbers are made even.

    H.264 with yuv420p has one colour sample for 2 × 2 pixels, so its frames have even sides.

    >>> screen("720p"), screen((321, 180))
    ((1280, 720), (322, 180))
    """
    if isinstance(size, str):
        return lookup(SCREENS, size, tr("video size"))
    width, height = _pair(size, tr("a video size in pixels"))
    for side in (width, height):
        if side != int(side) or not 64 <= side <= 8192:
            raise ValueError(
                tr("a side of a video must be a whole number of 64 to 8192 pixels, not {side:g}", side=side)
            )
    return int(width) + int(width) % 2, int(height) + int(height) % 2


def check_dpi(dpi: float, size: Size) -> float:
    """Return ``dpi`` as a number; raise ``ValueError`` where it is not one or the picture would not fit in memory."""
    if isinstance(dpi, bool) or not isinstance(dpi, int | float) or not math.isfinite(dpi) or dpi < 10:
        raise ValueError(tr("dpi must be a number of at least 10, not {dpi!r}", dpi=dpi))
    width, height = size.width * dpi, size.height * dpi
    if max(width, height) > LARGEST_SIDE or width * height > LARGEST_PIXELS:
        most = min(LARGEST_SIDE / max(size.width, size.height), math.sqrt(LARGEST_PIXELS / (size.width * size.height)))
        raise ValueError(
            tr(
                "{width:.0f} × {height:.0f} pixels are too many; at this size dpi may be at most {most:.0f}",
                width=width,
                height=height,
                most=most,
            )
        )
    return float(dpi)


def _pair(size: Sequence[float], what: str) -> tuple[float, float]:
    try:
        width, height = (float(side) for side in size)
    except (TypeError, ValueError):
        raise ValueError(tr("{what} is a pair of numbers or a name, not {size!r}", what=what, size=size)) from None
    if not (math.isfinite(width) and math.isfinite(height)):
        raise ValueError(tr("{what} must be finite, not {width} × {height}", what=what, width=width, height=height))
    return width, height
