"""Which eigenvalues of a Hessian are certainly not zero, by how the gradient grows on both sides of the point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from landscape.surfaces.base import Surface

ROUNDING = 1e-11
"""Share of the largest eigenvalue below which rounding of the Hessian and of its eigenvectors may have made one."""

EXACT = 1e-15
"""The same where the eigenvector is an axis: then the eigenvalue is an entry of the Hessian, and no sum made it."""

_USUAL = (1e-4, 1e-3)
_ALL = tuple(10.0**k for k in range(-12, -1))
_PLACES = np.array([-1.0, -0.5, 0.5, 1.0])
_SLOPE_WITHIN, _STRAIGHT_WITHIN = 0.5, 0.1
_MOST_NUMBERS = 2_000_000


def certain_signs(surface: Surface, x: NDArray[Any], eigenvalues: NDArray[Any], directions: NDArray[Any]) -> Any:
    """Return the signs (S, k) of ``eigenvalues`` (S, k) at points ``x`` (S, n), 0 where the sign is not certain.

    ``directions`` (S, n, k) are the unit eigenvectors. A point is known to within some error and its gradient to
    within rounding; a double root is found to about the root of that only, which leaves an eigenvalue that is small
    and not zero. An eigenvalue l is certain where the gradient along its eigenvector is l t at four distances t, two
    on each side, to within half of l and a tenth of the largest, for distances up to r and for those up to 10 r: then
    the point's error is below r / 10, the curvature turns nowhere within 10 r, and rounding is below both. r is a
    share of the domain's diagonal, from 1e-12 on. NaN is not certain, nor is what is below ``ROUNDING`` of the largest,
    or along an axis below ``EXACT`` of it.
    """
    largest = np.abs(eigenvalues).max(axis=-1, initial=0.0, keepdims=True)
    along_an_axis = np.count_nonzero(directions, axis=1) == 1
    floor = np.where(along_an_axis, EXACT, ROUNDING) * largest
    eigenvalues = np.where(np.abs(eigenvalues) > floor, eigenvalues, 0.0)
    certain = _straight(surface, x, eigenvalues, directions, _USUAL)
    rest = np.argwhere(~certain & (eigenvalues != 0.0))
    if len(rest):
        s, k = rest.T
        certain[s, k] = _straight(surface, x[s], eigenvalues[s, k, None], directions[s, :, k, None], _ALL)[:, 0]
    return np.where(certain, np.sign(eigenvalues), 0.0)


def _straight(
    surface: Surface, x: NDArray[Any], eigenvalues: NDArray[Any], directions: NDArray[Any], shares: tuple[float, ...]
) -> NDArray[np.bool_]:
    """Tell which eigenvalues (S, k) the gradient grows with, for two distances of ``shares`` that follow another."""
    radii = np.array(shares) * surface.domain.diagonal
    certain = np.zeros(eigenvalues.shape, dtype=bool)
    rows = np.argwhere(eigenvalues != 0.0)
    size = max(1, _MOST_NUMBERS // (radii.size * _PLACES.size * x.shape[-1]))
    for s, k in (rows[i : i + size].T for i in range(0, len(rows), size)):
        v, value = directions[s, :, k][:, None, None], eigenvalues[s, k][:, None]
        here = x[s][:, None, None]
        around = surface.retract(here + radii[:, None, None] * _PLACES[:, None] * v)
        with np.errstate(all="ignore"):
            t = ((around - here) * v).sum(axis=-1)  # what rounding left of the distance
            along = (surface.gradient(around) * v).sum(axis=-1)
            slope = (t * along).sum(axis=-1) / (t * t).sum(axis=-1)
            off = np.abs(along - value[..., None] * t).max(axis=-1)
            bent = np.abs(along - slope[..., None] * t).max(axis=-1)
            good = off <= _SLOPE_WITHIN * np.abs(value) * radii
            good &= bent <= _STRAIGHT_WITHIN * np.abs(slope) * radii
        certain[s, k] = (good[:, :-1] & good[:, 1:]).any(axis=-1)
    return certain
