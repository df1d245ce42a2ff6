"""Two matrices as one point: the first, then the second, row by row."""

from __future__ import annotations

import math

import numpy as np

from landscape.surfaces.base import Array

Shape = tuple[int, int]


def split(x: Array, first: Shape, second: Shape) -> tuple[Array, Array]:
    """Return the two matrices (..., *first) and (..., *second) of the points (..., n)."""
    cut, batch = math.prod(first), x.shape[:-1]
    return x[..., :cut].reshape(*batch, *first), x[..., cut:].reshape(*batch, *second)


def join(a: Array, b: Array) -> Array:
    """Return the points (..., n) of two matrices."""
    flat = [m.reshape(*m.shape[:-2], m.shape[-2] * m.shape[-1]) for m in (a, b)]
    return np.concatenate(flat, axis=-1)
