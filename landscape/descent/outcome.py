"""How a path ended, and the one sentence that says so with numbers in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from landscape.curvature.critical import kind_by_sampling, polish
from landscape.curvature.definite import EXACT, ROUNDING
from landscape.curvature.newton import jumps_between
from landscape.curvature.point import NEAR, ZERO_EIGENVALUE, CriticalPoint
from landscape.curvature.spectrum import NotConverged, extreme_eigenvalues
from landscape.surfaces.base import Surface
from landscape.words import count

if TYPE_CHECKING:
    from landscape.descent.trajectory import Trajectory

SMALL_GRADIENT = 1e-3
"""Gradient norm below which a point counts as nearly critical, where nobody chose another threshold."""

NEARBY = 0.05
"""A critical point belongs to the end of a path when it lies within this share of the domain's diagonal."""


AT = 0.005
"""Nearer than this share of the diagonal a path is said to be at a minimum, further off how far from it."""

_HUGE = 1e12  # times its loss at the start a path is on its way beyond floating point

_TOLD = 1e-6  # share of the curvatures round a point below which one whose sign is not certain counts as zero

_SUSTAINED = 16  # steps of a run below which nothing is called sustained growth
_SLOWER = 0.2  # share by which the growth of one quarter may fall short of that of the quarter before

SEARCHED_DIMS = 60
"""Up to this many dimensions Newton's method looks for the critical point next to the end of a path."""


class Outcome(Enum):
    """How a path ended. A small gradient norm alone decides nothing: the Hessian does.

    The value of a member is its sentence, ``word`` it in a word or two.

    >>> Outcome.PLATEAU.word
    'plateau'
    """

    MINIMUM = "It is at a minimum: small gradient and no direction of negative curvature."
    SADDLE = "It is on a saddle: small gradient, but the surface falls in some direction."
    MAXIMUM = "It sits on a maximum: small gradient, and the surface falls in every direction."
    PLATEAU = "It is on a plateau: small gradient, and no minimum, saddle or maximum was found nearby."
    MOVING = "It is still moving: the gradient at its last step is not small."
    OUTSIDE = "It is outside the picture and not at rest; whether it comes back the run does not tell."
    DIVERGED = "It diverged: its loss grew ever faster, up to the last step or beyond all numbers."
    BROKE_OFF = "It broke off: a step led to where the surface has no finite value or no finite gradient."
    UNDEFINED = "It never started: the surface has no finite value or gradient at its start."

    @property
    def word(self) -> str:
        """The outcome in a word or two, in lower case."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Verdict:
    """The outcome of one path, its sentence, and the critical point it was held against, if one was found.

    ``near_since`` is the step from which on a path that ends at a minimum stayed near it (``AT``; of a path that is not
    yet near, the step after its last one): before that step a small gradient is a plateau, not rest. ``above`` is how
    far the minimum lies above the lowest one known, ``away`` how far from it a path rests that is not ``AT`` it.
    """

    outcome: Outcome
    sentence: str
    critical_point: CriticalPoint | None = None
    near_since: int = 0
    above: float = 0.0
    away: float = 0.0

    @property
    def end(self) -> str:
        """The word of the outcome, "local minimum" where a lower one is known."""
        return "local minimum" if self.above else self.outcome.word


OUTCOMES = tuple(Outcome)
CODE = {outcome: place for place, outcome in enumerate(OUTCOMES)}
"""Outcomes as whole numbers, for those of very many paths."""

OF_KIND = {"minimum": Outcome.MINIMUM, "saddle": Outcome.SADDLE, "maximum": Outcome.MAXIMUM}
"""What rest at a critical point of a kind is called; at one that stays undecided it is a plateau."""


class PathEnds(NamedTuple):
    """How S paths of ``n_steps`` steps began and ended: what decides their outcomes before the Hessian is asked.

    ``points`` (S, n), ``values`` (S,) and ``norms`` (S,) of the gradient belong to the last finite step ``last`` (S,),
    -1 where not even the start was; ``first_values`` and ``first_norms`` (S,) to the start; ``quarter_values`` (S, 3)
    are the losses at the steps ``quarters(n_steps)``.
    """

    n_steps: int
    first_values: np.ndarray
    first_norms: np.ndarray
    quarter_values: np.ndarray
    points: np.ndarray
    values: np.ndarray
    norms: np.ndarray
    last: np.ndarray


def fate_at(surface: Surface, x: np.ndarray, point: CriticalPoint, kind: str) -> Outcome:
    """Return what rest at ``x`` (n,) is called, the critical point there being of ``kind`` by the values round it.

    The slope of a maximum is rest only on it: further off than ``AT`` a flat part is all that is certain.
    """
    if kind == "maximum" and not np.linalg.norm(point.x - x) <= AT * surface.domain.diagonal:
        return Outcome.PLATEAU
    return OF_KIND.get(kind, Outcome.PLATEAU)


def fates(surface: Surface, ends: PathEnds, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how paths ended, (S,) of places in ``OUTCOMES``, and which are at rest, on a plateau until looked at."""
    fate = np.full(len(ends.points), CODE[Outcome.MOVING])
    outside = ~surface.domain.contains(ends.points)
    if surface.n_dims <= 2:  # beyond the plane nothing is drawn whose edge a path could cross
        fate[outside] = CODE[Outcome.OUTSIDE]
    grew = climbs(surface, ends.n_steps, ends.first_values, ends.quarter_values, ends.values)
    fate[outside & grew] = CODE[Outcome.DIVERGED]
    started = np.isfinite(ends.first_values) & np.isfinite(ends.first_norms) & (ends.last >= 0)
    at_rest = started & (ends.last == ends.n_steps) & (ends.norms < threshold)
    fate[at_rest] = CODE[Outcome.PLATEAU]
    is_short = ends.last < ends.n_steps
    fate[is_short] = CODE[Outcome.BROKE_OFF]
    fate[is_short & blows_up(ends.first_values, ends.values)] = CODE[Outcome.DIVERGED]
    fate[~started] = CODE[Outcome.UNDEFINED]
    return fate, at_rest


def judge(trajectory: Trajectory, start: int, threshold: float = SMALL_GRADIENT) -> Verdict:
    """Decide how the path from start number ``start`` ended.

    Where the last gradient norm is below ``threshold``, damped Newton looks for the critical point next to the last
    point (within ``NEARBY`` of the domain's diagonal), and the eigenvalues of its Hessian say what it is; degenerate
    ones are resolved by sampling round them. Without such a point it is a plateau. Above ``SEARCHED_DIMS`` dimensions
    that search would take minutes: there the ends of the spectrum at the last point itself decide, and say so.
    """
    surface, last = trajectory.surface, int(trajectory.last[start])
    values, norms = trajectory.values[start], trajectory.gradient_norms[start]
    n_steps, looks = trajectory.n_steps, quarters(trajectory.n_steps)
    x, value, norm = trajectory.final_points[start], values[last] + 0.0, norms[last]  # no -0
    end = [last]
    ends = PathEnds(
        n_steps, values[:1], norms[:1], values[None, looks], x[None], values[end], norms[end], np.array(end)
    )
    (code,), (at_rest,) = fates(surface, ends, threshold)
    fate = OUTCOMES[code]
    if fate is Outcome.UNDEFINED:
        missing = "gradient" if np.isfinite(values[0]) else "value"
        return Verdict(fate, f"never started: the surface has no finite {missing} at this start")
    if at_rest:
        return _at_rest(trajectory, start, threshold)
    if fate is Outcome.BROKE_OFF:
        where = "the next step led to where the surface has no finite value or no finite gradient"
        return Verdict(fate, f"broke off after step {last}, where the loss was {value:.3g}: {where}")
    if fate is Outcome.DIVERGED and last < n_steps:
        return Verdict(fate, f"diverged: beyond floating point after step {last}, where the loss was {value:.3g}")
    if fate is Outcome.DIVERGED:
        grown = ", ".join(f"{values[step]:.3g} at step {step}" for step in (*looks.tolist(), n_steps))
        return Verdict(fate, f"diverged: loss {values[0]:.3g} at the start, {grown}, outside the picture")
    numbers = f"loss {value:.4g}, gradient norm {norm:.2g}"
    if fate is Outcome.OUTSIDE:
        return Verdict(fate, f"outside the picture, {_last_inside(trajectory, start)}: {numbers}")
    near = nearby_critical_point(surface, x) if surface.n_dims <= SEARCHED_DIMS else None
    where = ""
    if near is not None:
        where = f"; {_length(float(np.linalg.norm(near.x - x)))} from a {_named(surface, near)}"
    rough = "" if surface.info.smooth else "; this surface has kinks, beside which a gradient need not be small"
    return Verdict(Outcome.MOVING, f"{_going(trajectory, start)}: {numbers}{where}{rough}", near)


def _going(trajectory: Trajectory, start: int) -> str:
    """Say that a path is still moving, or since when its steps changed nothing."""
    points, n_steps = trajectory.points[start], trajectory.n_steps
    if not n_steps:
        return "at its start, no step taken"
    if len(points) == n_steps + 1:  # a lean run does not know what happened between the points that it kept
        moved = np.flatnonzero(np.any(points != points[-1], axis=-1))
        arrived = int(moved[-1]) + 1 if len(moved) else 0
        if arrived < n_steps:
            return f"in one place from step {arrived} on, where the gradient is not small"
    return f"still moving after {count(n_steps, 'step')}"


def _last_inside(trajectory: Trajectory, start: int) -> str:
    """Say at which step a path that ended outside the domain was last seen in it."""
    inside = np.flatnonzero(trajectory.surface.domain.contains(trajectory.points[start]))
    if not len(inside):
        return f"as at the start, where the loss was {trajectory.values[start, 0]:.4g}"
    return f"last seen in it at step {trajectory.point_steps[inside[-1]]}"


def _at_rest(trajectory: Trajectory, start: int, threshold: float) -> Verdict:
    surface, last = trajectory.surface, int(trajectory.last[start])
    x = trajectory.final_points[start]
    value, norm = trajectory.values[start, last] + 0.0, trajectory.gradient_norms[start, last]
    quiet = quiet_tail(trajectory.gradient_norms[start, : last + 1], threshold)
    # n steps have n + 1 points; a run that is calm from its start was calm for all n.
    calm = min(quiet, trajectory.n_steps)
    quietly = (
        f"below {threshold:g} for the last {count(calm, 'step')} of {trajectory.n_steps}" if calm else f"{norm:.2g}"
    )
    quietly = f"gradient norm {quietly}"
    if surface.n_dims > SEARCHED_DIMS:
        return _by_the_ends_of_the_spectrum(surface, x, norm, quietly, _near_since(trajectory, start, x))
    near = nearby_critical_point(surface, x)
    if near is None:
        unknown = "no critical point could be certified nearby"
        if not np.isfinite(surface.hessian(x)).all():
            unknown = "the Hessian there is not finite, so that it does not tell what the point is"
        return Verdict(Outcome.PLATEAU, f"on a plateau: {quietly}, and {unknown}; loss {value:.4g}")
    kind = kind_by_sampling(surface, near)
    lowest = _lowest_eigenvalue(surface, near)
    away = float(np.linalg.norm(near.x - x))
    if kind == "minimum":
        at = away <= AT * surface.domain.diagonal
        near_since = _near_since(trajectory, start, near.x)
        arrived = max(trajectory.n_steps - quiet + 1, near_since if at else 0)
        above = _above(surface, near)
        what = f"local minimum ({above:.3g} above the lowest known)" if above else "minimum"
        return Verdict(
            Outcome.MINIMUM,
            f"{'at' if at else f'on a flat stretch {_length(away)} from'} a {what} since step {arrived}: "
            f"loss {value:.4g}, gradient norm {norm:.2g}, {'' if at else 'at that minimum '}{lowest}",
            near,
            near_since,
            above,
            0.0 if at else away,
        )
    if kind == "saddle":
        what = f"saddle of index {near.index}" if near.kind == kind else _named(surface, near)
        return Verdict(Outcome.SADDLE, f"on a {what}, not a minimum: {quietly}; {lowest}", near)
    if kind == "maximum":
        if fate_at(surface, x, near, kind) is not Outcome.MAXIMUM:
            where = f"on a flat stretch {_length(away)} from a maximum"
            return Verdict(Outcome.PLATEAU, f"{where}: {quietly}; loss {value:.4g}", near)
        sampled = f"{lowest}, and at no place sampled round it does it rise"
        why = "every Hessian eigenvalue is negative" if near.kind == "maximum" else sampled
        return Verdict(Outcome.MAXIMUM, f"on a maximum: {quietly}; {why}", near)
    unknown = "samples round it cannot tell a minimum from the rim or the tail of a flat stretch"
    return Verdict(Outcome.PLATEAU, f"on a flat stretch: {quietly}; {lowest}, and {unknown}; loss {value:.4g}", near)


def quarters(n_steps: Any) -> np.ndarray:
    """Return the steps (..., 3) after a quarter, half and three quarters of ``n_steps`` (...): see ``climbs``."""
    return np.asarray(n_steps)[..., None] * np.arange(1, 4) // 4


def blows_up(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Tell of paths that ended early, from their losses ``first`` and ``last`` (S,), whether they diverge.

    Otherwise they broke off: the next step led to where the surface has no value.
    """
    return np.asarray(np.abs(last) >= _HUGE * np.maximum(1.0, np.abs(first)))


def climbs(surface: Surface, n_steps: Any, first: Any, between: Any, last: Any) -> Any:
    """Tell of paths that ended outside the domain whether they diverge, from numbers or arrays (...) of losses.

    ``first`` and ``last`` are those of the start and the end, ``between`` (..., 3) those at ``quarters(n_steps)``. From
    quarter to quarter the height above the start grows at least tenfold, and no slower than before, up to more than
    all that the domain has. A few large steps out of the picture, or a path that momentum carries uphill, slow down.
    """
    last = np.asarray(last)
    with np.errstate(all="ignore"):
        heights = np.concatenate([between, last[..., None]], axis=-1) - np.asarray(first)[..., None]
        growth = np.diff(np.log10(heights), axis=-1)
        slows = np.any(np.diff(growth, axis=-1) < -_SLOWER * growth[..., :-1], axis=-1)
    sustained = (np.asarray(n_steps) >= _SUSTAINED) & np.all(growth >= 1.0, axis=-1) & ~slows
    return sustained & (last > _highest_value(surface))


@lru_cache(maxsize=64)
def _highest_value(surface: Surface) -> float:
    """Return the largest of 41 values an axis of the domain; -inf above two dimensions, where there is no such grid."""
    if surface.n_dims > 2:
        return -math.inf
    with np.errstate(all="ignore"):
        values = surface.value(surface.domain.grid((41,) * surface.n_dims))
    return float(np.max(values, where=np.isfinite(values), initial=-math.inf))


def _near_since(trajectory: Trajectory, start: int, place: np.ndarray) -> int:
    """Return the step from which on a path stayed within ``AT`` of ``place``; of a lean run among those kept."""
    steps, last = trajectory.point_steps, int(trajectory.last[start])
    there = steps <= last
    away = np.linalg.norm(trajectory.points[start, there] - place, axis=-1)
    far = np.flatnonzero(~(away <= AT * trajectory.surface.domain.diagonal))
    if not len(far):
        return 0
    return int(steps[there][far[-1] + 1]) if far[-1] + 1 < len(away) else last + 1


def _by_the_ends_of_the_spectrum(
    surface: Surface, x: np.ndarray, norm: float, quietly: str, near_since: int
) -> Verdict:
    """Decide by the ends of the Hessian's spectrum at ``x``.

    All of one sign and the slope turns one step away: a maximum or a minimum. Some below zero and some not: a saddle.

    On a quadratic with that smallest eigenvalue the minimum is at most |gradient| / eigenvalue away.
    """
    try:
        ends = extreme_eigenvalues(surface, x)
    except (NotConverged, ValueError) as problem:
        return Verdict(Outcome.PLATEAU, f"on a plateau as far as can be told: {quietly}; {problem}")
    smallest = f"smallest Hessian eigenvalue at the last point {ends.smallest:.3g}"
    zero = max(ends.smallest_error, ZERO_EIGENVALUE * max(1.0, abs(ends.largest)))
    if ends.largest < -zero and _turns_within(surface, x, norm / ends.largest, AT):
        return Verdict(Outcome.MAXIMUM, f"on a maximum: {quietly}; largest Hessian eigenvalue {ends.largest:.3g}")
    if ends.smallest < -zero and ends.largest < -zero:
        down = f"{smallest}, largest {ends.largest:.3g}: every direction bends down"
        return Verdict(Outcome.PLATEAU, f"on a slope or beside a maximum: {quietly}; {down}")
    if ends.smallest < -zero:
        return Verdict(Outcome.SADDLE, f"on a saddle, not a minimum: {quietly}; {smallest}: there is a way down")
    if ends.smallest > zero and _turns_within(surface, x, norm / ends.smallest, NEARBY):
        reach = f"a minimum within about {norm / ends.smallest:.2g}"
        return Verdict(Outcome.MINIMUM, f"at rest: {quietly}; {smallest}: {reach}", near_since=near_since)
    if ends.smallest > zero:
        return Verdict(Outcome.PLATEAU, f"on a slope or beside a minimum: {quietly}; {smallest}")
    return Verdict(Outcome.PLATEAU, f"on a flat stretch: {quietly}; {smallest}, zero to within {zero:.1g}")


def _turns_within(surface: Surface, x: np.ndarray, reach: float, share: float) -> bool:
    """Tell whether the slope at ``x`` (n,) ends within twice ``reach``, downhill or, where that is negative, uphill.

    ``reach`` is at most a ``share`` of the domain's diagonal. In the tail of a saturated function every curvature has
    one sign too, but its slope never ends.
    """
    gradient = surface.gradient(x)
    norm = float(np.linalg.norm(gradient))
    if norm == 0.0:
        return True
    if abs(reach) > share * surface.domain.diagonal:
        return False
    return bool(surface.gradient(surface.retract(x - 2 * reach * gradient / norm)) @ gradient < 0.0)


def quiet_tail(norms: np.ndarray, threshold: float) -> int:
    """Return for how many steps at the end the gradient norm stayed below ``threshold``."""
    loud = np.flatnonzero(~(norms < threshold))
    return len(norms) - 1 - int(loud[-1]) if len(loud) else len(norms)


def nearby_critical_point(surface: Surface, x: np.ndarray) -> CriticalPoint | None:
    """Return the certified critical point that damped Newton finds from ``x``, if it is near enough to belong to it.

    What lies beyond a jump does not.
    """
    near = polish(surface, x)
    if near is None or np.linalg.norm(near.x - x) > NEARBY * surface.domain.diagonal:
        return None
    return None if not surface.info.smooth and jumps_between(surface, x, near.x)[0] else near


def _named(surface: Surface, point: CriticalPoint) -> str:
    """Name the kind of a critical point for people; of a degenerate one with its slope, which need not be rounding."""
    kind = kind_by_sampling(surface, point)
    slope = f" (to within a slope of {point.gradient_norm:.1g})" if point.gradient_norm > 0.0 else ""
    if kind == "saddle" and point.kind != kind:
        degenerate = "" if _lost_in_rounding(point) else "degenerate "
        return ("horizontal inflection" if surface.n_dims == 1 else f"{degenerate}saddle") + slope
    return f"flat critical point{slope}" if kind == "degenerate" else kind


def _lost_in_rounding(point: CriticalPoint) -> bool:
    """Tell whether an eigenvalue is too small beside the largest for its sign to be certain, and not known to be 0."""
    sizes = np.abs(point.eigenvalues)
    return bool(np.any((point.signs == 0) & (sizes > EXACT * sizes.max()) & (sizes <= ROUNDING * sizes.max())))


def _lowest_eigenvalue(surface: Surface, point: CriticalPoint) -> str:
    """Say what the smallest eigenvalue of the Hessian is, where the gradients round the point bear it out.

    At the tip of |x|^1.5 the second derivative is infinite, and what a formula gives for it is any large number.
    """
    lowest = float(point.eigenvalues[0]) + 0.0  # no -0
    radii = surface.domain.diagonal * np.array([1e-12, 1e-9, 1e-6])
    axes, reach = np.eye(surface.n_dims), NEAR * surface.domain.diagonal
    around = surface.retract(point.x + radii[:, None, None] * np.concatenate([axes, -axes]))
    with np.errstate(all="ignore"):
        change = np.linalg.norm(surface.gradient(around) - surface.gradient(point.x), axis=-1).max(axis=-1)
        further = np.linalg.norm(surface.gradient(surface.retract(point.x + reach * axes)), axis=-1).max() / reach
    if not np.any(abs(lowest) * radii <= 10 * change):
        return "a Hessian that is not finite there"
    largest = max(float(np.abs(point.eigenvalues).max()), further)
    if point.signs[0] == 0 and _lost_in_rounding(point):
        within = ROUNDING * float(np.abs(point.eigenvalues).max())
        return f"smallest Hessian eigenvalue 0 to within {within:.2g}, all that can be told beside {largest:.3g}"
    if point.signs[0] == 0 and abs(lowest) <= _TOLD * largest:
        return "smallest Hessian eigenvalue 0 to within rounding"
    return f"smallest Hessian eigenvalue {lowest:.3g}"


def _above(surface: Surface, point: CriticalPoint) -> float:
    """Return how far a minimum lies above the lowest declared one, 0 where it is as low."""
    if len(surface.minima) == 0:
        return 0.0
    gap = point.value - float(np.min(surface.value(surface.minima)))
    return gap if gap > 1e-6 * max(1.0, abs(point.value)) else 0.0


def _length(distance: float) -> str:
    return f"{distance:.2g}"
