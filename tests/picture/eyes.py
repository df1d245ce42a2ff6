"""Colours as eyes see them that lack a kind of cone, or without colour. ``python -m tests.picture.eyes IN OUT`` shows a
picture (PNG) as each of them sees it, side by side."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from landscape.picture.colors import to_oklab

Array = NDArray[np.float64]

# What becomes of linear RGB: Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of
# color vision deficiency", severity 1; grey is the luminance of WCAG 2.
EYES: dict[str, Array] = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}


def simulated(srgb: Array, eye: str) -> Array:
    """Return colours (..., 3), sRGB from 0 to 1, as an eye sees them."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ EYES[eye].T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def seen(color: str, eye: str) -> Array:
    """Return a colour as an eye sees it, in Oklab."""
    code = simulated(np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255, eye)
    return np.array(to_oklab("#" + "".join(f"{round(255 * c):02X}" for c in code)))


if __name__ == "__main__":
    from PIL import Image

    with Image.open(sys.argv[1]) as picture:
        pixels = np.asarray(picture.convert("RGB")) / 255
    sheet = np.concatenate([simulated(pixels, eye) for eye in EYES], axis=1)
    Image.fromarray(np.rint(255 * sheet).astype(np.uint8)).save(sys.argv[2])
