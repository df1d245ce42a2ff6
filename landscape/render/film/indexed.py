"""Frames in 256 colours for GIF: one palette for the whole film, and no noise where nothing moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from landscape.render.film.stage import Pixels

# One entry stays free for "as before", which is what makes a GIF small.
N_COLORS = 255


class Indexed:
    """Maps RGBA frames to indices of one palette.

    ``samples`` are frames that together have the colours of the film, ``kept`` are hex colours that must be there
    exactly. Each pixel gets the nearest palette entry: dithering would move from frame to frame.
    """

    def __init__(self, samples: Sequence[Pixels], kept: Sequence[str]) -> None:
        from scipy.spatial import cKDTree

        exact = [tuple(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in dict.fromkeys(kept)]
        self.colors = _palette(samples, exact)
        self._nearest = cKDTree(self.colors.astype(float))
        # 24-bit colour -> index, filled as colours are met.
        self._known = np.full(1 << 24, -1, dtype=np.int16)
        self._before: NDArray[np.uint32] | None = None
        self._indices: NDArray[np.uint8] | None = None

    def __call__(self, frame: Pixels) -> NDArray[np.uint8]:
        """Return the palette index of each pixel, (height, width). Only pixels that changed are looked up."""
        packed = frame.view(np.uint32)[..., 0]
        if self._before is None or self._indices is None:
            self._indices = self._look_up(frame.reshape(-1, 4)).reshape(packed.shape)
        else:
            changed = packed != self._before
            self._indices = self._indices.copy()
            self._indices[changed] = self._look_up(frame[changed])
        self._before = packed.copy()
        return self._indices

    def _look_up(self, pixels: Pixels) -> NDArray[np.uint8]:
        wide = pixels.astype(np.uint32)
        codes = (wide[:, 0] << 16) | (wide[:, 1] << 8) | wide[:, 2]
        indices = self._known[codes]
        if np.any(indices < 0):
            new = np.unique(codes[indices < 0])
            rgb = np.stack([new >> 16, new >> 8 & 255, new & 255], axis=-1)
            self._known[new] = self._nearest.query(rgb)[1]
            indices = self._known[codes]
        return indices.astype(np.uint8)


def _palette(samples: Sequence[Pixels], exact: Sequence[tuple[int, ...]]) -> NDArray[np.uint8]:
    """Return at most ``N_COLORS`` colours (k, 3): the exact ones, then those that suit the samples best."""
    from PIL import Image

    # Every colour counts once in so many, not as often as it fills the picture: thin lines need theirs too.
    codes, counts = np.unique(np.concatenate([s.reshape(-1, 4) for s in samples]).view(np.uint32), return_counts=True)
    weights = np.minimum(np.ceil(np.sqrt(counts)), 400).astype(int)
    pixels = np.repeat(codes, weights).view(np.uint8).reshape(-1, 4)[:, :3]
    exact = exact[: N_COLORS // 2]
    image = Image.fromarray(np.ascontiguousarray(pixels[None]))
    quantized = image.quantize(N_COLORS - len(exact), method=Image.Quantize.MEDIANCUT, kmeans=1)
    found = np.array(quantized.getpalette(), dtype=np.uint8).reshape(-1, 3)[: N_COLORS - len(exact)]
    together = np.concatenate([np.array(exact, dtype=np.uint8).reshape(-1, 3), found])
    _, first = np.unique(together, axis=0, return_index=True)
    return together[np.sort(first)]
