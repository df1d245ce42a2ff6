"""Make landscape/picture/grounds.py again: pip install cmcrameri, then python assets/make_palettes.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cmcrameri import cm

N_STOPS = 13
# Theme -> its map of Crameri and the lightness L* from the lowest ground to the highest; grey paper has no map.
GROUNDS = {
    "light": ("lapaz", 20.0, 86.0),
    "dark": ("oslo", 4.0, 50.0),
    "projector": ("lapaz", 14.0, 88.0),
    "print": ("", 52.0, 96.0),
}
# Theme -> the map for quantities with a sign, L* at both ends and at zero.
SIGNED = {
    "light": ("vik", 44.0, 91.0),
    "dark": ("berlin", 50.0, 5.0),
    "projector": ("vik", 38.0, 91.0),
    "print": ("", 60.0, 97.0),
}
TARGET = Path(__file__).parents[1] / "landscape" / "picture" / "grounds.py"
HEAD = '''"""The palettes of grounds, from low to high: made by assets/make_palettes.py.

Evenly spaced in CIE lightness along the maps lapaz, oslo, vik and berlin of Crameri (2023), "Scientific colour maps",
version 8, doi 10.5281/zenodo.8409685 (MIT licence): ordered for every kind of eye, and in grey print.
"""
'''


def lightness(colors: np.ndarray) -> np.ndarray:
    """Return CIE L* of sRGB colours (..., 3) from 0 to 1."""
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > (6 / 29) ** 3, 116 * np.cbrt(y) - 16, y * (29 / 3) ** 3)


def even(name: str, low: float, high: float, part: tuple[float, float], n: int) -> list[str]:
    """Return ``n`` colours at evenly spaced lightness from ``low`` to ``high`` along a part of a map."""
    at = np.linspace(*part, 4001)
    colors = np.repeat(at[:, None], 3, axis=1) if not name else np.asarray(cm.cmaps[name](at))[:, :3]
    bright = lightness(colors)
    order = np.argsort(bright, kind="stable")
    wanted = np.linspace(low, high, n)
    shown = np.stack([np.interp(wanted, bright[order], colors[order, k]) for k in range(3)], axis=-1)
    return ["".join(f"{round(255 * v):02X}" for v in color) for color in shown]


def signed(name: str, end: float, middle: float) -> list[str]:
    """Return colours from one end over the middle, which means zero, to the other end."""
    half = N_STOPS // 2 + 1
    below, above = ((0.0, 0.5), (0.5, 1.0)) if name else ((0.0, 1.0), (0.0, 1.0))
    return even(name, end, middle, below, half)[:-1] + even(name, middle, end, above, half)


def table(title: str, rows: dict[str, list[str]]) -> str:
    """Return a table of colours as Python, a line a theme."""
    lines = [f'    "{theme}": "{" ".join(colors)}",' for theme, colors in rows.items()]
    return "\n".join([f"{title}: dict[str, str] = {{", *lines, "}"]) + "\n"


def main() -> None:
    """Write the module."""
    grounds = {theme: even(name, low, high, (0.0, 1.0), N_STOPS) for theme, (name, low, high) in GROUNDS.items()}
    zero = {theme: signed(*spec) for theme, spec in SIGNED.items()}
    TARGET.write_text(HEAD + "\n" + table("GROUNDS", grounds) + table("SIGNED", zero), encoding="utf-8")


if __name__ == "__main__":
    main()
