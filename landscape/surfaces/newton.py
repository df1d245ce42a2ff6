"""Newton's method on the gradient from many points at once: fast and undamped; ``critical.polish`` certifies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landscape import stopping
from landscape.surfaces.base import NEAR, Array, Surface
from landscape.surfaces.critical import CERTIFIED, ROUNDING

_SINGULAR = 1e-13
_LONGEST_STEP = 0.05
_CONVERGED = 1e-11
_SLOW = 1e-4


def newton_many(
    surface: Surface, starts: Array, max_steps: int = 50, rest: float = _SLOW
) -> tuple[Array, NDArray[np.bool_]]:
    """Return where Newton's method leads from ``starts`` (S, n), (S, n), and whether it came to rest there, (S,).

    Directions without curvature are left alone, and no step is longer than a twentieth of the domain's diagonal. Rest
    is a last step of at most the share ``rest`` of that diagonal: by default steps that are short but not yet tiny, as
    near a degenerate point, count too. It tells nothing yet about the gradient: see ``certified_many``.
    """
    x = np.array(surface.points(starts))
    at_rest = np.zeros(len(x), dtype=bool)
    active = np.arange(len(x))
    diagonal = surface.domain.diagonal
    with np.errstate(all="ignore"):
        for _ in range(max_steps):
            stopping.check()
            step = _step(surface, x[active])
            length = np.linalg.norm(step, axis=-1)
            usable = np.isfinite(length)
            active, step, length = active[usable], step[usable], length[usable]
            step *= np.minimum(1.0, _LONGEST_STEP * diagonal / np.maximum(length, 1e-300))[:, None]
            x[active] = surface.retract(x[active] + step)
            small = length <= _CONVERGED * diagonal
            at_rest[active] = length <= rest * diagonal
            active = active[~small]
            if not len(active):
                break
    return x, at_rest


def certified_many(surface: Surface, x: Array) -> NDArray[np.bool_]:
    """Tell for many points (S, n) whether they are critical, (S,), by the measure of ``critical.polish``.

    Along each eigenvector of the Hessian the gradient has to be small against what it is nearby.
    """
    certain = np.zeros(len(x), dtype=bool)
    with np.errstate(all="ignore"):
        gradient, hessian = surface.gradient(x), surface.hessian(x)
        usable = np.flatnonzero(np.isfinite(hessian).all(axis=(-1, -2)) & np.isfinite(gradient).all(axis=-1))
        x, gradient, hessian = x[usable], gradient[usable], hessian[usable]
        if surface.sphere is None:
            eigenvalues, directions = np.linalg.eigh(hessian)
        else:
            basis = surface.sphere.tangent_basis(x)
            eigenvalues, directions = np.linalg.eigh(np.swapaxes(basis, -1, -2) @ hessian @ basis)
            directions = basis @ directions
        radius = NEAR * surface.domain.diagonal
        along = np.abs(np.einsum("...ij,...i->...j", directions, gradient))
        grown = radius * np.abs(eigenvalues)
        good = along <= np.maximum(CERTIFIED * grown, ROUNDING * grown.max(axis=-1, keepdims=True))
        for k in range(good.shape[1]):
            rest = np.flatnonzero(~good[:, k])
            if not len(rest):
                continue
            direction = directions[rest, :, k]
            around = surface.retract(x[rest] + radius * np.array([1.0, -1.0])[:, None, None] * direction)
            growth = np.abs(np.einsum("psi,si->ps", surface.gradient(around), direction))
            growth = np.where(np.isfinite(growth), growth, 0.0).max(axis=0)
            good[rest, k] = along[rest, k] <= CERTIFIED * growth
    certain[usable] = good.all(axis=1)
    return certain


def _step(surface: Surface, x: Array) -> Array:
    """Return -H^+ g at the points (S, n); NaN where the Hessian is not finite."""
    gradient, hessian = surface.gradient(x), surface.hessian(x)
    if surface.sphere is not None:
        basis = surface.sphere.tangent_basis(x)
        inner = _solved(np.swapaxes(basis, -1, -2) @ hessian @ basis, np.einsum("...ij,...i->...j", basis, gradient))
        return -np.einsum("...ij,...j->...i", basis, inner)
    return -_solved(hessian, gradient)


def _solved(hessian: Array, gradient: Array) -> Array:
    """Return H^+ g, leaving out eigenvalues that are zero to rounding."""
    finite = np.all(np.isfinite(hessian).all(axis=-1) & np.isfinite(gradient), axis=-1, keepdims=True)
    eigenvalues, directions = np.linalg.eigh(np.where(finite[..., None], hessian, 0.0))
    largest = np.abs(eigenvalues).max(axis=-1, keepdims=True)
    kept = np.abs(eigenvalues) > _SINGULAR * largest
    inverse = np.divide(1.0, eigenvalues, where=kept, out=np.zeros_like(eigenvalues))
    along = np.einsum("...ij,...i->...j", directions, gradient)
    solved = np.einsum("...ij,...j->...i", directions, inverse * along)
    return np.where(finite, solved, np.nan)


def distinct(points: Array, distance: float) -> tuple[Array, NDArray[np.int64]]:
    """Return one of each group of ``points`` (S, n) that agree to about ``distance``, and the group of each, (S,)."""
    if not len(points):
        return points, np.zeros(0, dtype=np.int64)
    cells = np.round(points / distance).astype(np.int64)
    _, first, group = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    return points[first], group.ravel()
