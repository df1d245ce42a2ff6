"""Newton's method on the gradient from many points at once, fast and undamped, and which points are critical."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import stopping
from landscape.curvature.point import NEAR, eigensystem
from landscape.language import tr
from landscape.progress import counting
from landscape.surfaces.base import Array, Surface

CERTIFIED = 1e-9
"""Share of the gradients nearby below which a gradient counts as zero."""

ROUNDING = 1e-13
"""Share of the largest of them that rounding may leave."""

_SINGULAR = 1e-13
_LONGEST_STEP = 0.05
_CONVERGED = 1e-11
_SLOW = 1e-4

_JUMP_WITHIN, _WAYS_ROUND = 1e-5, 8
_STEEPER = 10.0  # times what the slopes on the way explain; at the tip of |x|^p they explain the share p
_ULPS = 64


def newton_many(
    surface: Surface, starts: Array, max_steps: int = 50, rest: float = _SLOW, singular: float = _SINGULAR
) -> tuple[Array, NDArray[np.bool_]]:
    """Return where Newton's method leads from ``starts`` (S, n), (S, n), and whether it came to rest there, (S,).

    Directions without curvature, below the share ``singular`` of the largest, are left alone, and no step is longer
    than a twentieth of the domain's diagonal. Rest is a last step of at most the share ``rest`` of that diagonal: by
    default steps that are short but not yet tiny, as near a degenerate point, count too. It tells nothing yet about
    the gradient: see ``certified_many``.
    """
    x = np.array(surface.points(starts))
    at_rest = np.zeros(len(x), dtype=bool)
    active = np.arange(len(x))
    diagonal = surface.domain.diagonal
    with np.errstate(all="ignore"), counting(max_steps, tr("Newton steps")) as count:
        for _ in range(max_steps):
            stopping.check()
            step = _step(surface, x[active], singular)
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
            count.advance()
    return x, at_rest


def certified_many(surface: Surface, x: Array) -> NDArray[np.bool_]:
    """Tell for many points (S, n) whether they are critical, (S,).

    f has to have a value there and no jump within the share ``_JUMP_WITHIN`` of the diagonal. At the tip of |x|^1.5
    the Hessian is not finite: there the gradient has to be exactly zero. Elsewhere along each eigenvector of
    the Hessian the gradient has to be below ``CERTIFIED`` times what it grows to at the distance ``NEAR`` of the
    domain's diagonal, or zero to ``ROUNDING``. The tail of a saturated function passes neither: where along an
    eigenvector the gradient has one sign and goes one way through the point, on both sides and at two distances, it is
    a slope, however small.
    """
    points, certain = x, np.zeros(len(x), dtype=bool)
    with np.errstate(all="ignore"):
        value, gradient = surface.value_and_gradient(x)
        eigenvalues, directions = eigensystem(surface, x)
        finite = np.isfinite(value) & np.isfinite(gradient).all(axis=-1) & np.isfinite(eigenvalues).all(axis=-1)
        usable = np.flatnonzero(finite)
        x, eigenvalues, directions = x[usable], eigenvalues[usable], directions[usable]
        radius = NEAR * surface.domain.diagonal
        along = np.einsum("...ij,...i->...j", directions, gradient[usable])
        grown = radius * np.abs(eigenvalues)
        good = np.abs(along) <= CERTIFIED * grown
        rounded = np.abs(along) <= ROUNDING * grown.max(axis=-1, initial=0.0, keepdims=True)
        for k in range(good.shape[1]):
            rest = np.flatnonzero(~good[:, k] & (along[:, k] != 0.0))
            good[along[:, k] == 0.0, k] = True
            if not len(rest):
                continue
            direction = directions[rest, :, k]
            shifts = radius * np.array([-1.0, -0.25, 0.25, 1.0])[:, None, None]
            around = np.einsum("psi,si->ps", surface.gradient(surface.retract(x[rest] + shifts * direction)), direction)
            growth = np.where(np.isfinite(around), np.abs(around), 0.0).max(axis=0)
            through = np.insert(around, 2, along[rest, k], axis=0)
            one_sign = (through > 0.0).all(axis=0) | (through < 0.0).all(axis=0)
            steps = np.diff(through, axis=0)
            one_way = (steps > 0.0).all(axis=0) | (steps < 0.0).all(axis=0)
            small = (np.abs(along[rest, k]) <= CERTIFIED * growth) | rounded[rest, k]
            sloped = np.flatnonzero(small & one_sign & one_way)
            if len(sloped):
                here = rest[sloped]
                small[sloped] = _beside(surface, x[here], along[here], eigenvalues[here], directions[here], k)
            good[rest, k] = small
    certain[usable] = good.all(axis=1)
    tips = np.isfinite(value) & (gradient == 0.0).all(axis=-1) & ~finite
    certain |= tips
    rough = tips if surface.info.smooth else certain
    if rough.any():
        certain[rough] = ~_jumps(surface, points[rough])
    return certain


def _jumps(surface: Surface, x: Array) -> NDArray[np.bool_]:
    """Tell at which points (S, n) f has a jump next to it, (S,): a difference that no slope on the way to it explains.

    Looked at along the axes and a few other ways, both ways each: sign(x y) jumps at the origin, but on no axis. A
    jump counts for nothing where it begins at the point itself, goes up to all sides that it goes to, and f falls to
    none (or the other way round): the origin is the minimum of sign(x)^2 + x^2.
    """
    n_dims = x.shape[-1]
    ways = np.concatenate([np.eye(n_dims), np.random.default_rng(0).standard_normal((_WAYS_ROUND, n_dims))])
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    ways = np.concatenate([ways, -ways])[:, None]
    shifts = np.array([0.5, 1.0])[:, None, None, None] * _JUMP_WITHIN * surface.domain.diagonal * ways
    next_to = _ULPS * np.spacing(np.abs(x).max(axis=-1, keepdims=True)) * ways
    with np.errstate(all="ignore"):
        jumps, rises = jumps_between(surface, x, surface.retract(x + shifts[1]), surface.retract(x + shifts[0]))
        beside = surface.value(surface.retract(x + next_to)) - surface.value(x)
        at_once = 2 * np.abs(beside) >= np.abs(rises)
        at_rest = (surface.gradient(x) == 0.0).all(axis=-1)
    stands_out = (rises >= 0.0).all(axis=0) | (rises <= 0.0).all(axis=0)
    return np.asarray(jumps.any(axis=0) & ~(stands_out & at_rest & (at_once | ~jumps).all(axis=0)))


def jumps_between(surface: Surface, one: Array, other: Array, middle: Array | None = None) -> tuple[Any, Array]:
    """Tell whether f jumps between places (..., n), (...), and by how much it is higher at the ``other``, (...).

    0 where that is within rounding. ``middle`` (..., n) is a place on the way where the slope is looked at too.
    """
    places = np.stack(np.broadcast_arrays(one, (one + other) / 2 if middle is None else middle, other))
    with np.errstate(all="ignore"):
        value, gradient = surface.value_and_gradient(places)
        slope = np.linalg.norm(gradient, axis=-1).max(axis=0)
        rise = value[-1] - value[0]
        rise = np.where(np.abs(rise) > _ULPS * np.finfo(float).eps * np.abs(value).max(axis=0), rise, 0.0)
        explained = _STEEPER * np.linalg.norm(places[-1] - places[0], axis=-1) * slope
    return np.abs(rise) > explained, rise


def _beside(
    surface: Surface, x: Array, along: Array, eigenvalues: Array, directions: Array, k: int
) -> NDArray[np.bool_]:
    """Tell where the slope along direction ``k`` is there only because the points lie beside a line of critical ones.

    It is where it changes by half within ten times the Newton step along the curved directions. The slope of a tail
    stays what it is.
    """
    curved = np.abs(eigenvalues) > 1e-3 * np.abs(eigenvalues).max(axis=-1, keepdims=True)
    curved[:, k] = False
    step = np.einsum("sij,sj->si", directions, np.divide(along, eigenvalues, where=curved, out=np.zeros_like(along)))
    around = surface.gradient(surface.retract(x + np.array([10.0, -10.0])[:, None, None] * step))
    slope = np.einsum("psi,si->ps", around, directions[:, :, k])
    return (np.abs(slope - along[:, k]) > 0.5 * np.abs(along[:, k])).any(axis=0)


def _step(surface: Surface, x: Array, singular: float) -> Array:
    """Return -H^+ g at the points (S, n); NaN where the Hessian is not finite."""
    gradient, hessian = surface.gradient(x), surface.hessian(x)
    if surface.sphere is not None:
        basis = surface.sphere.tangent_basis(x)
        along = np.einsum("...ij,...i->...j", basis, gradient)
        inner = _solved(np.swapaxes(basis, -1, -2) @ hessian @ basis, along, singular)
        return -np.einsum("...ij,...j->...i", basis, inner)
    return -_solved(hessian, gradient, singular)


def _solved(hessian: Array, gradient: Array, singular: float) -> Array:
    """Return H^+ g, leaving out eigenvalues below the share ``singular`` of the largest."""
    finite = np.all(np.isfinite(hessian).all(axis=-1) & np.isfinite(gradient), axis=-1, keepdims=True)
    eigenvalues, directions = np.linalg.eigh(np.where(finite[..., None], hessian, 0.0))
    largest = np.abs(eigenvalues).max(axis=-1, keepdims=True)
    kept = np.abs(eigenvalues) > singular * largest
    inverse = np.divide(1.0, eigenvalues, where=kept, out=np.zeros_like(eigenvalues))
    along = np.einsum("...ij,...i->...j", directions, gradient)
    solved = np.einsum("...ij,...j->...i", directions, inverse * along)
    return np.where(finite, solved, np.nan)


def distinct(points: Array, distance: float) -> tuple[Array, NDArray[np.int64]]:
    """Return one of each group of ``points`` (S, n) that agree to about ``distance``, and the group of each, (S,)."""
    if not len(points):
        return points, np.zeros(0, dtype=np.int64)
    with np.errstate(over="ignore"):
        cells = np.round(points / distance) + 0.0  # no integers: paths run far off; no -0
    _, first, group = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    return points[first], group.ravel()
