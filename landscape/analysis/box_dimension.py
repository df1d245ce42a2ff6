"""The dimension of a boundary between two kinds of pixels, by counting boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import tr


def boundary(inside: ArrayLike) -> NDArray[np.bool_]:
    """Return the pixels of ``inside`` (n, m), True or False, whose right or upper neighbour is of the other kind.

    >>> boundary([[False, False], [False, True]]).tolist()
    [[False, True], [True, False]]
    """
    kind = np.asarray(inside, dtype=bool)
    edge = np.zeros_like(kind)
    edge[:-1] |= kind[:-1] != kind[1:]
    edge[:, :-1] |= kind[:, :-1] != kind[:, 1:]
    return edge


def box_dimension(pixels: ArrayLike) -> float:
    """Return the box-counting dimension of the True ``pixels`` (n, n), n a power of 2; NaN where there are none.

    Boxes of 1, 2, 4, ... n / 8 pixels are counted; the dimension is minus the slope of ln(count) over ln(size), by
    least squares: near 1 for a smooth curve, 2 for an area. On a grid a curve is read as 0.9 to 1.05.

    >>> round(box_dimension(np.eye(64)), 12), round(box_dimension(np.ones((64, 64))), 12)
    (1.0, 2.0)
    """
    drawn = np.asarray(pixels, dtype=bool)
    n = len(drawn)
    if drawn.shape != (n, n) or n < 16 or n & (n - 1):
        raise ValueError(
            tr("pixels must be a square whose side is a power of 2 from 16 on, not {shape}", shape=drawn.shape)
        )
    if not drawn.any():
        return float("nan")
    sizes = 2 ** np.arange(n.bit_length() - 3)
    counts = [drawn.reshape(n // k, k, n // k, k).any(axis=(1, 3)).sum() for k in sizes.tolist()]
    return float(-np.polyfit(np.log(sizes), np.log(counts), 1)[0])
