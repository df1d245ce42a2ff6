"""Finding a critical point next to a given point, certifying it, and telling what a degenerate one is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import stopping
from landscape.curvature.newton import certified_many
from landscape.curvature.point import NEAR, CriticalPoint, eigensystem
from landscape.language import tr
from landscape.surfaces.base import Array, Kind, Surface

_LONGEST_STEP = 0.05
_SINGULAR = 1e-13
_MOST_DAMPING = 1e6

_CHORD_STEPS = 8
_ULPS = 64
_ROUNDS, _TRIES = 10, 24
_FAR_STEPS, _FOLLOWED = 12, 4
_PLACED = 1e-11
_NODES = (4, 6)
_GROWTH = 5.0  # from one distance to the next, 3.16 times as far; a slope grows by 3.16, the smallest curvature by 10


def polish(surface: Surface, x: ArrayLike, max_steps: int = 60) -> CriticalPoint | None:
    """Return the critical point that damped Newton reaches from ``x`` (n,), or ``None`` where there is none.

    Each step is p = -H^-1 g, shortened until H^-1 g falls; where that fails, p = -H (H^2 + d^2)^-1 g with the least
    damping d that makes |g| fall. Both lead to saddles and maxima as well as to minima, and a singular Hessian is no
    obstacle: directions without curvature are left alone.

    A small gradient is not enough: minimizing |g| also stops where g lies in the kernel of the Hessian and is not
    zero (gradient-flat points; Frye et al. 2021, Neural Computation 33, "Critical point-finding methods reveal
    gradient-flat regions of deep network losses"), and in the tail of a saturated function every gradient is small.
    ``landscape.curvature.newton.certified_many`` certifies what is critical.

    >>> import landscape.surfaces as ground
    >>> point = polish(ground.surface("escaping_saddle"), [0.1, 1.2])
    >>> point.kind, point.x.round(6).tolist(), point.value
    ('minimum', [0.0, 1.414214], -1.0)
    """
    x = surface.points(x)
    if x.ndim != 1:
        raise ValueError(tr("polish takes one point, not an array of shape {shape}", shape=x.shape))
    with np.errstate(all="ignore"):
        x = _newton(surface, x, max_steps)
    if not certified_many(surface, x[None])[0]:
        return None
    return CriticalPoint.at(surface, x)


def _newton(surface: Surface, x: Array, max_steps: int) -> Array:
    """Return where Newton's method ends."""
    damping = 0.0
    gradient = surface.gradient(x)
    for _ in range(max_steps):
        stopping.check()
        (eigenvalues,), (directions,) = eigensystem(surface, x[None])
        if not (np.isfinite(eigenvalues).all() and 0 < _norm(gradient) < math.inf):
            break
        largest = float(np.max(np.abs(eigenvalues), initial=0.0))
        kept = np.abs(eigenvalues) > _SINGULAR * largest
        if largest == 0.0:
            break
        inverse = np.divide(1.0, eigenvalues, where=kept, out=np.zeros_like(eigenvalues))
        step = -directions @ (inverse * (directions.T @ gradient))
        for share in (1.0, 0.5, 0.25, 0.125):
            candidate = _moved(surface, x, share * step)
            new_gradient = surface.gradient(candidate)
            left = _norm(inverse * (directions.T @ new_gradient))
            if left <= (1 - share / 4) * _norm(step):
                damping = 0.0
                break
        else:
            norm = _norm(gradient)
            damping = max(damping, 1e-3 * largest)
            while damping < _MOST_DAMPING * largest:
                inverse = np.divide(
                    eigenvalues, eigenvalues**2 + damping**2, where=kept, out=np.zeros_like(eigenvalues)
                )
                candidate = _moved(surface, x, -directions @ (inverse * (directions.T @ gradient)))
                new_gradient = surface.gradient(candidate)
                if _norm(new_gradient) < norm:
                    break
                damping *= 4
            else:
                break  # nothing lowers |g| any more: either it is zero to rounding, or x is gradient-flat
            damping /= 8
        x, gradient = candidate, new_gradient
    return x


def _moved(surface: Surface, x: Array, step: Array) -> Array:
    """Return ``x`` + ``step``, the step shortened to what still counts as near."""
    longest, length = _LONGEST_STEP * surface.domain.diagonal, _norm(step)
    x = x + step * min(1.0, longest / length) if length > 0 else x
    return surface.retract(x)


def _norm(vector: Array) -> float:
    """Return the length of one vector as ``np.linalg.norm`` does, at a quarter of its time."""
    return math.sqrt(vector.dot(vector))


@dataclass(frozen=True, eq=False)
class _Ground:
    """The surface along the directions that the Hessian of a critical point leaves open, whose curvature may be zero.

    ``flat`` (n, k) are these directions, ``curved`` (n, m) the others, with the curvatures (m,) along them.
    """

    surface: Surface
    point: CriticalPoint
    flat: Array
    curved: Array
    curvatures: Array

    @classmethod
    def of(cls, surface: Surface, point: CriticalPoint) -> _Ground:
        _, (directions,) = eigensystem(surface, point.x[None])
        open_ = point.signs == 0
        return cls(surface, point, directions[:, open_], directions[:, ~open_], point.eigenvalues[~open_])

    def places(self, start: Array, shift: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Return the places straight at ``start`` + ``shift`` (..., n), those on the curved surface, and which count.

        From the straight ones a few steps of Newton's method along the curved directions, with the curvatures of the
        point, lead to where f has no slope there, so that a curved valley is not missed by straight lines. Where they
        lead further away than ``shift`` does, the place does not count.
        """
        straight = self.surface.retract(start + shift)
        places = straight
        for _ in range(_CHORD_STEPS if self.curved.size else 0):
            places = self.surface.retract(places - self.off(places))
        return straight, places, np.linalg.norm(places - straight, axis=-1) <= np.linalg.norm(shift, axis=-1)

    def off(self, places: Array) -> Array:
        """Return how far ``places`` (..., n) are off the curved surface, (..., n), by the curvatures of the point."""
        return (self.surface.gradient(places) @ self.curved / self.curvatures) @ self.curved.T

    def change(self, shift: Array) -> Array:
        """Return by how much f differs from the point near it (R, m), on the curved surface at ``shift`` (R, m, n).

        0 where that is within rounding, which is held against the largest difference at the same distance. Where
        values differ by more, the slope added up on the way there has to agree; where they do not, it may still tell:
        1 + x^12 is 1 to rounding though its slope is not 0.
        """
        with np.errstate(all="ignore"):
            straight, places, counts = self.places(self.point.x, shift)
            by_value, told = self.by_value(straight, places, counts)
            if not self.surface.info.smooth or self.surface.sphere is not None:
                return np.where(told, by_value, 0.0)
            way = places - self.point.x
            coarse, fine = (self._by_slope(way, n) for n in _NODES)
            agree = (coarse[0] * fine[0] > 0) & (np.abs(coarse[0] - fine[0]) <= 0.1 * np.abs(fine[0]))
            agree &= np.abs(fine[0]) > _ULPS * np.finfo(float).eps * fine[1].max(axis=1, keepdims=True)
            agree &= np.abs(fine[0]) > self._rounding[1] * np.linalg.norm(way, axis=-1)
            agree &= np.abs(fine[0]) > self._off_ground(places)
            same = (by_value * fine[0] > 0) & (np.abs(by_value - fine[0]) <= 0.5 * np.abs(by_value))
            below = ~told & (np.abs(fine[0]) <= self._resolved(straight, places))
            return np.where(counts & agree & ((told & same) | below), fine[0], 0.0)

    def _off_ground(self, places: Array) -> Array:
        """Return how far f at ``places`` (..., n) is off its curved surface because no nearer numbers exist, (...)."""
        steepest = float(np.max(np.abs(self.curvatures), initial=0.0))
        return _ULPS * steepest * (np.spacing(np.abs(places)) ** 2).sum(axis=-1)

    def by_value(self, straight: Array, places: Array, counts: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
        """Return the differences of values (...) to the point, and where they are more than rounding."""
        change = self.surface.value(places) - self.point.value
        return change, counts & np.isfinite(change) & (np.abs(change) > self._resolved(straight, places))

    def _resolved(self, straight: Array, places: Array) -> Array:
        """Return how large a difference of values at places (..., n) has to be, by the largest of axis 1, if any."""
        sizes = np.abs(self.surface.value(np.stack([straight, places])) - self.point.value)
        sizes = np.where(np.isfinite(sizes), sizes, 0.0).max(axis=0)
        largest = sizes.max(axis=1, keepdims=True) if sizes.ndim > 1 else sizes
        return np.maximum(_ULPS * np.finfo(float).eps * (abs(self.point.value) + largest), self._rounding[0])

    def _by_slope(self, way: Array, n_nodes: int) -> tuple[Array, Array]:
        """Return the slope summed from the point along ``way`` (..., n) by Gauss, (...), and the size of its terms."""
        nodes, weights = np.polynomial.legendre.leggauss(n_nodes)
        shares = ((nodes + 1) / 2).reshape(-1, *(1,) * way.ndim)
        terms = self.surface.gradient(self.point.x + shares * way) * way
        by_node = np.stack([terms.sum(axis=-1), np.abs(terms).sum(axis=-1)], axis=-1)
        summed = np.tensordot(weights / 2, by_node, 1)
        return summed[..., 0], summed[..., 1]

    @cached_property
    def _rounding(self) -> tuple[float, float]:
        """How far values and gradients next to the point are apart, where f is level: what rounding makes of them."""
        shifts = np.random.default_rng(1).standard_normal((32, self.point.x.size))
        near = self.surface.retract(self.point.x + 1e-13 * self.surface.domain.diagonal * shifts)
        value, gradient = self.surface.value_and_gradient(near)
        slope = gradient @ self.flat
        apart = np.abs(value - self.point.value), np.linalg.norm(slope - slope.mean(axis=0), axis=-1)
        values, slopes = (4 * float(np.max(sizes, where=np.isfinite(sizes), initial=0.0)) for sizes in apart)
        return values, slopes


def kind_by_sampling(surface: Surface, point: CriticalPoint) -> Kind:
    """Return what a critical point is: by its Hessian where that tells, otherwise by values around it.

    Where the certain curvatures are all of one sign, the point is what f is on the curved ground over the open
    directions where f has no slope along the certain ones (the splitting lemma; T. Poston and I. Stewart, "Catastrophe
    Theory and its Applications", 1978, section 4.6). So the origin of (y - x^2)(y - 3 x^2), which every straight line
    takes for a minimum, is a saddle: on y = 2 x^2 it falls. Over one open direction both sides are looked at, over
    more some hundred directions, from which the lowest and the highest are sought at each of nine distances; what
    counts is the smallest distance at which f differs from the point by more than rounding.

    Rising everywhere it rises or falls at all: a minimum, though perhaps one of a whole valley of them, which then is
    followed both ways through the domain. "degenerate" is what samples cannot tell: a flat part, its rim, the tail of
    a saturated function, which is level to rounding and rises or falls on one side only. In one dimension a
    "saddle" is a horizontal inflection. This is evidence, not proof.

    >>> import landscape.surfaces as ground
    >>> flat = ground.formula("x^4 + y^4")
    >>> kind_by_sampling(flat, CriticalPoint.at(flat, [0.0, 0.0]))
    'minimum'
    """
    if point.kind != "degenerate":
        return point.kind
    ground = _Ground.of(surface, point)
    ways = _ways(ground.flat.shape[1])
    radii = surface.domain.diagonal * np.logspace(-6, -2, 9)[:, None, None]
    shifts = radii * (ways @ ground.flat.T)
    change = ground.change(shifts)
    lowest, highest = change.min(axis=1), change.max(axis=1)
    if len(ways) > 2:
        lowest, highest = _sought(ground, radii, ways, change)
    growth = _GROWTH if surface.info.smooth else 1.0
    first = _first_sign(change, growth)
    one, other = np.split(first, 2)  # a way and its opposite
    low, high = float(_first_sign(lowest, growth)), float(_first_sign(highest, growth))
    curved = float(np.sign(point.signs.sum()))
    if low < 0 < high:
        return "saddle"
    one_sided = np.count_nonzero((one == 0) != (other == 0)) > np.count_nonzero(one * other)
    if one_sided:
        return "degenerate"
    sign = high if high > 0 else min(low, 0.0)
    if sign and curved and sign != curved:
        return "saddle"
    sign = sign or curved
    level = np.flatnonzero((one == 0) & (other == 0))
    # With kinks a part may well be exactly level.
    level = level[: len(level) if surface.info.smooth else 0]
    if sign == 0 or (len(level) and _ends(ground, ways[level[:: max(1, len(level) // _FOLLOWED)]], sign)):
        return "degenerate"
    if _refuted(ground, radii, sign, growth):
        return "degenerate"
    return "minimum" if sign > 0 else "maximum"


def _refuted(ground: _Ground, radii: Array, sign: float, growth: float) -> bool:
    """Tell whether f falls round what would be a minimum (rises round a maximum: ``sign`` is -1) on straight lines.

    Beside the origin of x^3 y^3 a curvature of 1e-27 has a certain sign across the diagonal, and along the curved
    ground that it is taken to span nothing can be followed; yet f rises along the diagonal.
    """
    surface, x = ground.surface, ground.point.x
    with np.errstate(all="ignore"):
        places = surface.retract(x + radii * _ways(x.size))
        change, told = ground.by_value(places, places, np.ones(places.shape[:-1], dtype=bool))
    against = np.where(told, -sign * change, 0.0).max(axis=1)
    return bool(_first_sign(against, growth) > 0)


def _ways(k: int) -> Array:
    """Return unit vectors (m, k), all of the first half with their opposites in the second."""
    if k == 1:
        return np.array([[1.0], [-1.0]])
    if k == 2:
        angles = np.linspace(0, np.pi, 180, endpoint=False)
        half = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    else:
        half = np.concatenate([np.eye(k), np.random.default_rng(0).standard_normal((256, k))])
        half /= np.linalg.norm(half, axis=-1, keepdims=True)
    return np.concatenate([half, -half])


def _sought(ground: _Ground, radii: Array, ways: Array, change: Array) -> tuple[Array, Array]:
    """Return the lowest and the highest change (R,) at each distance (R, 1, 1), sought from the best of ``ways``.

    And from the opposite of that one: to one side of the y axis (x^2 - y^3) (x^2 - 2 y^3) falls between two curves that
    touch it, and on the axis both sides are as low.
    """
    rng = np.random.default_rng(0)
    ends = []
    for sign in (1.0, -1.0):
        best = np.argmin(sign * change, axis=1)
        found = change[np.arange(len(change)), best]
        for way in (ways[best], -ways[best]):
            here = _sought_from(ground, radii, way, sign, 2.0 / len(ways) ** (1 / max(1, ways.shape[1] - 1)), rng)
            found = np.where(sign * here < sign * found, here, found)
        ends.append(found)
    return ends[0], ends[1]


def _sought_from(
    ground: _Ground, radii: Array, way: Array, sign: float, spread: float, rng: np.random.Generator
) -> Array:
    """Return the lowest change (R,), the highest where ``sign`` is -1, met from the ways (R, k) on, ever nearer."""
    lowest = ground.change(radii * (way[:, None] @ ground.flat.T))[:, 0]
    for _ in range(_ROUNDS):
        near = way[:, None] + spread * rng.standard_normal((1, _TRIES, way.shape[1]))
        near /= np.linalg.norm(near, axis=-1, keepdims=True)
        found = ground.change(radii * (near @ ground.flat.T))
        best = np.argmin(sign * found, axis=1)
        value = found[np.arange(len(found)), best]
        better = sign * value < sign * lowest
        lowest = np.where(better, value, lowest)
        way = np.where(better[:, None], near[np.arange(len(best)), best], way)
        spread *= 0.5
    return lowest


def _ends(ground: _Ground, ways: Array, sign: float) -> bool:
    """Tell whether a level part that is followed along ``ways`` (w, k) ends otherwise than a valley or a floor does.

    A valley is level as far as the domain goes, a floor rises on both sides (falls, on a ridge: ``sign`` is -1). Level
    to one side and not to the other, or falling from a minimum, is the tail of something.
    """
    domain = ground.surface.domain
    heading = np.concatenate([ways, -ways]) @ ground.flat.T
    places = np.repeat(ground.point.x[None], len(heading), axis=0)
    ended, there = np.zeros(len(heading)), np.ones(len(heading), dtype=bool)
    step = NEAR * domain.diagonal
    # What f is above the bottom of the valley where that is known to ``_PLACED`` only.
    bottom = 10 * float(np.max(np.abs(ground.curvatures), initial=0.0)) * (_PLACED * domain.diagonal) ** 2
    for _ in range(_FAR_STEPS):
        with np.errstate(all="ignore"):
            straight, reached, counts = ground.places(places, step * heading)
            counts &= np.linalg.norm(ground.off(reached), axis=-1) <= _PLACED * domain.diagonal
            change, told = ground.by_value(straight, reached, counts)
            told &= np.abs(change) > bottom
        moved = reached - places
        length = np.linalg.norm(moved, axis=-1)
        there &= counts & (length > 0.5 * step) & domain.contains(reached)
        ended = np.where(there & told, np.sign(change), ended)
        there &= ended == 0
        if not there.any():
            break
        heading = np.where(there[:, None], moved / np.where(length > 0, length, 1.0)[:, None], heading)
        places = np.where(there[:, None], reached, places)
        step *= 1.5
    one, other = np.split(sign * ended, 2)
    return bool(np.any((one < 0) | (other < 0) | ((one == 0) != (other == 0))))


def _first_sign(change: Array, growth: float) -> Array:
    """Return the signs of changes (R, ...) where they first keep it over three distances, growing each time, (...).

    0 where they nowhere do: what rounding makes comes and goes, and beside a critical point that is known less well
    than the distance f changes only as the distance does.
    """
    sizes, signs = np.abs(change), np.sign(change)
    grows = (signs[:-1] == signs[1:]) & (growth * sizes[:-1] <= sizes[1:]) & (signs[:-1] != 0)
    keeps = grows[:-1] & grows[1:]
    first = np.argmax(keeps, axis=0)
    return np.where(keeps.any(axis=0), np.take_along_axis(signs, first[None], axis=0)[0], 0.0)


@lru_cache(maxsize=64)
def declared_points(surface: Surface) -> tuple[CriticalPoint, ...]:
    """Return the declared critical points, classified by their Hessian; degenerate ones by the values around them."""
    points = (CriticalPoint.at(surface, x) for x in surface.known_points)
    return tuple(replace(p, kind=kind_by_sampling(surface, p)) for p in points)
