"""Finding a critical point next to a given point, certifying it, and telling what a degenerate one is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from landscape import stopping
from landscape.surfaces.base import NEAR, Array, CriticalPoint, Kind, Surface, zero_tolerance

CERTIFIED = 1e-9
"""Share of those gradients below which a gradient counts as zero."""

ROUNDING = 1e-13
"""Share of the largest of them that rounding may leave."""

_LONGEST_STEP = 0.05
_SINGULAR = 1e-13
_MOST_DAMPING = 1e6


def polish(surface: Surface, x: ArrayLike, max_steps: int = 60) -> CriticalPoint | None:
    """Return the critical point that damped Newton reaches from ``x`` (n,), or ``None`` where there is none.

    Each step is p = -H^-1 g, shortened until H^-1 g falls; where that fails, p = -H (H^2 + d^2)^-1 g with the least
    damping d that makes |g| fall. Both lead to saddles and maxima as well as to minima, and a singular Hessian is no
    obstacle: directions without curvature are left alone.

    A small gradient is not enough: minimizing |g| also stops where g lies in the kernel of the Hessian and is not
    zero (gradient-flat points; Frye et al. 2021, Neural Computation 33, "Critical point-finding methods reveal
    gradient-flat regions of deep network losses"), and in the tail of a saturated function every gradient is small.
    A point is certified where along each eigenvector of the Hessian the gradient is below ``CERTIFIED`` times what
    it grows to at the distance ``NEAR`` of the domain's diagonal (or zero to ``ROUNDING``). On a slope or in a tail
    it stays what it was.

    >>> import landscape.surfaces as ground
    >>> point = polish(ground.surface("escaping_saddle"), [0.1, 1.2])
    >>> point.kind, point.x.round(6).tolist(), point.value
    ('minimum', [0.0, 1.414214], -1.0)
    """
    x = surface.points(x)
    if x.ndim != 1:
        raise ValueError(f"polish takes one point, not an array of shape {x.shape}")
    with np.errstate(all="ignore"):
        x = _newton(surface, x, max_steps)
        if not _is_critical(surface, x):
            return None
    return CriticalPoint.at(surface, x)


def _newton(surface: Surface, x: Array, max_steps: int) -> Array:
    """Return where Newton's method ends."""
    damping = 0.0
    gradient = surface.gradient(x)
    for _ in range(max_steps):
        stopping.check()
        decomposed = _decomposed(surface, x)
        if decomposed is None or not 0 < np.linalg.norm(gradient) < math.inf:
            break
        eigenvalues, directions = decomposed
        largest = float(np.max(np.abs(eigenvalues), initial=0.0))
        kept = np.abs(eigenvalues) > _SINGULAR * largest
        if largest == 0.0:
            break
        inverse = np.divide(1.0, eigenvalues, where=kept, out=np.zeros_like(eigenvalues))
        step = -directions @ (inverse * (directions.T @ gradient))
        for share in (1.0, 0.5, 0.25, 0.125):
            candidate = _moved(surface, x, share * step)
            new_gradient = surface.gradient(candidate)
            left = np.linalg.norm(inverse * (directions.T @ new_gradient))
            if left <= (1 - share / 4) * np.linalg.norm(step):
                damping = 0.0
                break
        else:
            norm = np.linalg.norm(gradient)
            damping = max(damping, 1e-3 * largest)
            while damping < _MOST_DAMPING * largest:
                inverse = np.divide(
                    eigenvalues, eigenvalues**2 + damping**2, where=kept, out=np.zeros_like(eigenvalues)
                )
                candidate = _moved(surface, x, -directions @ (inverse * (directions.T @ gradient)))
                new_gradient = surface.gradient(candidate)
                if np.linalg.norm(new_gradient) < norm:
                    break
                damping *= 4
            else:
                break  # nothing lowers |g| any more: either it is zero to rounding, or x is gradient-flat
            damping /= 8
        x, gradient = candidate, new_gradient
    return x


def _moved(surface: Surface, x: Array, step: Array) -> Array:
    """Return ``x`` + ``step``, the step shortened to what still counts as near."""
    longest, length = _LONGEST_STEP * surface.domain.diagonal, float(np.linalg.norm(step))
    x = x + step * min(1.0, longest / length) if length > 0 else x
    return surface.retract(x)


def _is_critical(surface: Surface, x: Array) -> bool:
    """Tell whether the gradient at ``x`` is zero against what it is nearby, along each eigenvector."""
    decomposed = _decomposed(surface, x)
    if decomposed is None:
        return False
    eigenvalues, directions = decomposed
    along = np.abs(directions.T @ surface.gradient(x))
    radius = NEAR * surface.domain.diagonal
    grown = radius * np.abs(eigenvalues)
    allowed = np.maximum(CERTIFIED * grown, ROUNDING * np.max(grown, initial=0.0))
    for i in np.flatnonzero(~(along <= allowed)):  # too little curvature to tell: see how far off it does grow
        around = surface.retract(x + radius * directions[:, i] * np.array([[1.0], [-1.0]]))
        growth = np.abs(surface.gradient(around) @ directions[:, i])
        if not along[i] <= CERTIFIED * np.max(growth, where=np.isfinite(growth), initial=0.0):
            return False
    return True


def kind_by_sampling(surface: Surface, point: CriticalPoint) -> Kind:
    """Return what a degenerate critical point is, from values around it.

    Along each of some hundred straight lines (the Hessian's eigenvectors, random ones, and random ones without
    curvature) the value is compared with that at the point, at the smallest distance where they differ by more than
    rounding. Rising everywhere it rises or falls at all: a minimum, though perhaps one of a whole valley of them.
    Rising and falling: a saddle. Nowhere different, or falling to one side only: "degenerate", flat ground. This is
    evidence, not proof: a way down that is curved and narrow may lie between the lines.

    >>> import landscape.surfaces as ground
    >>> flat = ground.formula("x^4 + y^4")
    >>> kind_by_sampling(flat, CriticalPoint.at(flat, [0.0, 0.0]))
    'minimum'
    """
    directions = _directions(surface, point)
    radii = surface.domain.diagonal * np.array([1e-6, 1e-5, 1e-4, 1e-3])
    around = surface.retract(point.x + radii[:, None, None] * directions)
    with np.errstate(all="ignore"):
        change = surface.value(around) - point.value
        largest = float(np.max(np.abs(change), where=np.isfinite(change), initial=0.0))
        resolved = np.abs(change) > 64 * np.finfo(float).eps * (abs(point.value) + largest)
    first = np.argmax(resolved, axis=0)
    verdicts = np.where(np.any(resolved, axis=0), np.sign(change[first, np.arange(len(directions))]), 0)
    rises, falls = bool(np.any(verdicts > 0)), bool(np.any(verdicts < 0))
    if falls and not rises:
        one, other = np.split(verdicts, 2)  # a direction and its opposite
        if np.count_nonzero((one == 0) != (other == 0)) > np.count_nonzero((one < 0) & (other < 0)):
            return "degenerate"  # the rim of flat ground, which falls to one side only
    if rises and falls:
        return "saddle"
    if rises:
        return "minimum"
    return "maximum" if falls else "degenerate"


def _decomposed(surface: Surface, x: Array) -> tuple[Array, Array] | None:
    """Return eigenvalues (k,) and directions (n, k) of the Hessian, along the sphere if there is one."""
    hessian = surface.hessian(x)
    if not np.isfinite(hessian).all():
        return None
    if surface.sphere is None:
        eigenvalues, directions = np.linalg.eigh(hessian)
        return eigenvalues, directions
    basis = surface.sphere.tangent_basis(x)
    eigenvalues, directions = np.linalg.eigh(basis.T @ hessian @ basis)
    return eigenvalues, basis @ directions


def _directions(surface: Surface, point: CriticalPoint) -> Array:
    """Return unit vectors (m, n), each with its opposite."""
    n = surface.n_dims
    rng = np.random.default_rng(0)
    if n <= 2:
        angles = np.linspace(0, np.pi, 360, endpoint=False)
        rows = [np.stack([np.cos(angles), np.sin(angles)], axis=-1)[:, :n]] if n == 2 else [np.ones((1, 1))]
    else:
        rows = [rng.standard_normal((256, n))]
    decomposed = _decomposed(surface, point.x)
    if decomposed is not None:
        eigenvalues, directions = decomposed
        flat = directions[:, np.abs(eigenvalues) <= zero_tolerance(eigenvalues)]
        rows.append(directions.T)
        if flat.shape[1]:
            rows.append(rng.standard_normal((256, flat.shape[1])) @ flat.T)
    units = _unit(np.concatenate(rows))
    if surface.sphere is not None:
        basis = surface.sphere.tangent_basis(point.x)
        units = _unit(units @ basis @ basis.T)
    return np.concatenate([units, -units])


def _unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
