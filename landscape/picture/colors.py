"""The hues, and the arithmetic of colours in Oklab. No drawing library is imported here."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Hue:
    """One of the colours that belong to the optimizers: on bright paper, on dark, and the marker that goes with it."""

    color: str
    on_dark: str
    marker: str


# The hues of Okabe and Ito (2008), "Color universal design", lightness and hue moved until all stay apart under the
# three colour deficiencies (Machado, Oliveira and Fernandes 2009) and each has a contrast of at least 3 on white and,
# made brighter, a luminance of at least 0.4 on dark ground; yellow and black, which one of the backgrounds swallows,
# became gold and grey. On grey paper the place in this table becomes a dash, so that hues stay apart there too.
HUES: dict[str, Hue] = {
    "blue": Hue("#2A70D4", "#61B1FF", "circle"),
    "orange": Hue("#D87E00", "#FFBA09", "square"),
    "green": Hue("#09A18C", "#41DBB4", "diamond"),
    "purple": Hue("#AE4C9A", "#EA88DC", "triangle-up"),
    "vermillion": Hue("#BC491A", "#FF8A5F", "triangle-down"),
    "sky": Hue("#2299F5", "#A0EBFF", "pentagon"),
    "gold": Hue("#919A51", "#DCEF9F", "star"),
    "grey": Hue("#777777", "#AAAAAA", "hexagon"),
}


def from_oklab(lightness: float, a: float, b: float) -> str:
    """Return the sRGB colour of a point in Oklab (Ottosson 2020, "A perceptual color space for image processing")."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    srgb = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(255 * min(max(c, 0.0), 1.0)):02X}" for c in srgb)


def to_oklab(color: str) -> tuple[float, float, float]:
    """Return lightness, a and b of an sRGB colour."""
    srgb = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in srgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def mixed(color: str, other: str, share: float) -> str:
    """Return the colour with a ``share`` of the ``other``, as if that lay over it so opaque, mixed in sRGB as pens do.

    >>> mixed("#000000", "#FFFFFF", 0.2)
    '#333333'
    """
    pairs = ((int(one[i : i + 2], 16) for one in (color, other)) for i in (1, 3, 5))
    return "#" + "".join(f"{round((1 - share) * a + share * b):02X}" for a, b in pairs)


def shade(color: str, amount: float) -> str:
    """Return the colour with its Oklab lightness moved by ``amount``."""
    lightness, a, b = to_oklab(color)
    return from_oklab(min(max(lightness + amount, 0.0), 1.0), a, b)
