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
from landscape.language import Later, later, later_n, mark, tr
from landscape.surfaces.base import Surface

if TYPE_CHECKING:
    from landscape.descent.trajectory import Trajectory

SMALL_GRADIENT = 1e-3
"""Gradient norm below which a point counts as nearly critical, where nobody chose another threshold."""

NEARBY = 0.05
"""A critical point belongs to the end of a path when it lies within this share of the domain's diagonal."""


AT = 0.005
"""Nearer than this share of the diagonal a path is said to be at a minimum, further off how far from it."""

HUGE = 1e12  # times its loss at the start a path is on its way beyond floating point

_TOLD = 1e-6  # share of the curvatures round a point below which one whose sign is not certain counts as zero

SUSTAINED = 16  # steps of a run below which nothing is called sustained growth
SLOWER = 0.2  # share by which the growth of one quarter may fall short of that of the quarter before

SEARCHED_DIMS = 60
"""Up to this many dimensions Newton's method looks for the critical point next to the end of a path."""


class Outcome(Enum):
    """How a path ended. A small gradient norm alone decides nothing: the Hessian does.

    The value of a member is its ``sentence`` in English, and ``word`` its name in data, for programs. ``title`` and
    ``sentence`` are for people, in the language of the moment.

    >>> Outcome.PLATEAU.word
    'plateau'
    """

    MINIMUM = mark("It is at a minimum: small gradient and no direction of negative curvature.")
    SADDLE = mark("It is on a saddle: small gradient, but the surface falls in some direction.")
    MAXIMUM = mark("It sits on a maximum: small gradient, and the surface falls in every direction.")
    PLATEAU = mark("It is on a plateau: small gradient, and no minimum, saddle or maximum was found nearby.")
    MOVING = mark("It is still moving: the gradient at its last step is not small.")
    OUTSIDE = mark("It is outside the picture and not at rest; whether it comes back the run does not tell.")
    DIVERGED = mark("It diverged: its loss grew ever faster, up to the last step or beyond all numbers.")
    BROKE_OFF = mark("It broke off: a step led to where the surface has no finite value or no finite gradient.")
    UNDEFINED = mark("It never started: the surface has no finite value or gradient at its start.")

    @property
    def word(self) -> str:
        """The outcome in an English word or two, in lower case: in data, and for programs to compare."""
        return self.name.lower().replace("_", " ")

    @property
    def title(self) -> str:
        """The outcome in a word or two."""
        return tr(_TITLES[self.word])

    @property
    def sentence(self) -> str:
        """The outcome in a sentence."""
        return tr(self.value)


_LOCAL_MINIMUM = "local minimum"

_TITLES = {
    "minimum": mark("minimum"),
    _LOCAL_MINIMUM: mark("local minimum"),
    "saddle": mark("saddle"),
    "maximum": mark("maximum"),
    "plateau": mark("plateau"),
    "moving": mark("moving"),
    "outside": mark("outside"),
    "diverged": mark("diverged"),
    "broke off": mark("broke off"),
    "undefined": mark("undefined"),
}


@dataclass(frozen=True)
class Verdict:
    """The outcome of one path, what is said of it, and the critical point it was held against, if one was found.

    ``ending`` says how it ended, ``details`` are what bears it out, a clause each. ``near_since`` is the step
    from which on a path that ends at a minimum stayed near it (``AT``; of a path that is not yet near, the step after
    its last one): before that step a small gradient is a plateau, not rest. ``above`` is how far the minimum lies above
    the lowest one known, ``away`` how far from it a path rests that is not ``AT`` it.
    """

    outcome: Outcome
    ending: Later
    details: tuple[Later, ...]
    critical_point: CriticalPoint | None = None
    near_since: int = 0
    above: float = 0.0
    away: float = 0.0

    @property
    def brief(self) -> str:
        """How the path ended, without the numbers that bear it out."""
        return str(self.ending)

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        return tr("{brief}: {details}", brief=self.brief, details="; ".join(map(str, self.details)))

    @property
    def end(self) -> str:
        """The word of the outcome, "local minimum" where a lower one is known: for programs to compare."""
        return _LOCAL_MINIMUM if self.above else self.outcome.word

    @property
    def title(self) -> str:
        """The end in a word or two, for people."""
        return tr(_TITLES[self.end])


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
        no_value = later("the surface has no finite value at this start")
        no_gradient = later("the surface has no finite gradient at this start")
        return Verdict(fate, later("never started"), (no_gradient if np.isfinite(values[0]) else no_value,))
    if at_rest:
        return _at_rest(trajectory, start, threshold)
    if fate is Outcome.BROKE_OFF:
        brief = later("broke off after step {step}, where the loss was {loss:.3g}", step=last, loss=value)
        return Verdict(
            fate, brief, (later("the next step led to where the surface has no finite value or no finite gradient"),)
        )
    if fate is Outcome.DIVERGED and last < n_steps:
        beyond = later("beyond floating point after step {step}, where the loss was {loss:.3g}", step=last, loss=value)
        return Verdict(fate, later("diverged"), (beyond,))
    if fate is Outcome.DIVERGED:
        grown = later(
            "loss {start:.3g} at the start, {quarter:.3g} at step {quarter_step}, {half:.3g} at step {half_step}, "
            "{late:.3g} at step {late_step}, {end:.3g} at step {end_step}, outside the picture",
            start=values[0],
            end=values[n_steps],
            end_step=n_steps,
            **dict(zip(("quarter", "half", "late"), values[looks], strict=True)),
            **dict(zip(("quarter_step", "half_step", "late_step"), looks.tolist(), strict=True)),
        )
        return Verdict(fate, later("diverged"), (grown,))
    numbers = later("loss {loss:.4g}, gradient norm {norm:.2g}", loss=value, norm=norm)
    if fate is Outcome.OUTSIDE:
        return Verdict(fate, _last_inside(trajectory, start), (numbers,))
    near = nearby_critical_point(surface, x) if surface.n_dims <= SEARCHED_DIMS else None
    details: list[Later] = [numbers]
    if near is not None:
        details.append(_from(surface, near, float(np.linalg.norm(near.x - x))))
    if not surface.info.smooth:
        details.append(later("this surface has kinks, beside which a gradient need not be small"))
    return Verdict(Outcome.MOVING, _going(trajectory, start), tuple(details), near)


def _going(trajectory: Trajectory, start: int) -> Later:
    """Say that a path is still moving, or since when its steps changed nothing."""
    points, n_steps = trajectory.points[start], trajectory.n_steps
    if not n_steps:
        return later("at its start, no step taken")
    if len(points) == n_steps + 1:  # a lean run does not know what happened between the points that it kept
        moved = np.flatnonzero(np.any(points != points[-1], axis=-1))
        arrived = int(moved[-1]) + 1 if len(moved) else 0
        if arrived < n_steps:
            return later("in one place from step {step} on, where the gradient is not small", step=arrived)
    return later_n("still moving after {n} step", "still moving after {n} steps", n_steps)


def _last_inside(trajectory: Trajectory, start: int) -> Later:
    """Say at which step a path that ended outside the domain was last seen in it."""
    inside = np.flatnonzero(trajectory.surface.domain.contains(trajectory.points[start]))
    if not len(inside):
        first = trajectory.values[start, 0]
        return later("outside the picture, as at the start, where the loss was {loss:.4g}", loss=first)
    step = int(trajectory.point_steps[inside[-1]])
    return later("outside the picture, last seen in it at step {step}", step=step)


def _at_rest(trajectory: Trajectory, start: int, threshold: float) -> Verdict:
    surface, last = trajectory.surface, int(trajectory.last[start])
    x = trajectory.final_points[start]
    value, norm = trajectory.values[start, last] + 0.0, trajectory.gradient_norms[start, last]
    quiet = quiet_tail(trajectory.gradient_norms[start, : last + 1], threshold)
    # n steps have n + 1 points; a run that is calm from its start was calm for all n.
    calm = min(quiet, trajectory.n_steps)
    quietly = later("gradient norm {norm:.2g}", norm=norm)
    if calm:
        quietly = later_n(
            "gradient norm below {threshold:g} for the last {n} step of {all}",
            "gradient norm below {threshold:g} for the last {n} steps of {all}",
            calm,
            threshold=threshold,
            all=trajectory.n_steps,
        )
    if surface.n_dims > SEARCHED_DIMS:
        return _by_the_ends_of_the_spectrum(surface, x, norm, quietly, _near_since(trajectory, start, x))
    loss = later("loss {loss:.4g}", loss=value)
    near = nearby_critical_point(surface, x)
    if near is None:
        unknown = later("{calm}, and no critical point could be certified nearby", calm=quietly)
        if not np.isfinite(surface.hessian(x)).all():
            unknown = later(
                "{calm}, and the Hessian there is not finite, so that it does not tell what the point is", calm=quietly
            )
        return Verdict(Outcome.PLATEAU, later("on a plateau"), (unknown, loss))
    kind = kind_by_sampling(surface, near)
    lowest = _lowest_eigenvalue(surface, near)
    away = float(np.linalg.norm(near.x - x))
    if kind == "minimum":
        at = away <= AT * surface.domain.diagonal
        near_since = _near_since(trajectory, start, near.x)
        arrived = max(trajectory.n_steps - quiet + 1, near_since if at else 0)
        above = _above(surface, near)
        numbers = {"loss": value, "norm": norm, "curvature": lowest}
        there = later("loss {loss:.4g}, gradient norm {norm:.2g}, {curvature}", **numbers)
        beside = later("loss {loss:.4g}, gradient norm {norm:.2g}, at that minimum {curvature}", **numbers)
        return Verdict(
            Outcome.MINIMUM,
            _at_a_minimum(arrived, above) if at else _beside_a_minimum(arrived, above, away),
            (there if at else beside,),
            near,
            near_since,
            above,
            0.0 if at else away,
        )
    if kind == "saddle":
        return Verdict(Outcome.SADDLE, _on_a_saddle(surface, near), (quietly, lowest), near)
    if kind == "maximum":
        if fate_at(surface, x, near, kind) is not Outcome.MAXIMUM:
            beside = later("on a flat stretch {distance:.2g} from a maximum", distance=away)
            return Verdict(Outcome.PLATEAU, beside, (quietly, loss), near)
        sampled = later("{curvature}, and at no place sampled round it does it rise", curvature=lowest)
        every = later("every Hessian eigenvalue is negative")
        why = every if near.kind == "maximum" else sampled
        return Verdict(Outcome.MAXIMUM, later("on a maximum"), (quietly, why), near)
    unknown = later(
        "{curvature}, and samples round it cannot tell a minimum from the rim or the tail of a flat stretch",
        curvature=lowest,
    )
    return Verdict(Outcome.PLATEAU, later("on a flat stretch"), (quietly, unknown, loss), near)


def _at_a_minimum(step: int, above: float) -> Later:
    if not above:
        return later("at a minimum since step {step}", step=step)
    return later("at a local minimum ({above:.3g} above the lowest known) since step {step}", step=step, above=above)


def _beside_a_minimum(step: int, above: float, away: float) -> Later:
    if not above:
        return later("on a flat stretch {distance:.2g} from a minimum since step {step}", step=step, distance=away)
    return later(
        "on a flat stretch {distance:.2g} from a local minimum ({above:.3g} above the lowest known) since step {step}",
        step=step,
        distance=away,
        above=above,
    )


def quarters(n_steps: Any) -> np.ndarray:
    """Return the steps (..., 3) after a quarter, half and three quarters of ``n_steps`` (...): see ``climbs``."""
    return np.asarray(n_steps)[..., None] * np.arange(1, 4) // 4


def blows_up(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Tell of paths that ended early, from their losses ``first`` and ``last`` (S,), whether they diverge.

    Otherwise they broke off: the next step led to where the surface has no value.
    """
    return np.asarray(np.abs(last) >= HUGE * np.maximum(1.0, np.abs(first)))


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
        slows = np.any(np.diff(growth, axis=-1) < -SLOWER * growth[..., :-1], axis=-1)
    sustained = (np.asarray(n_steps) >= SUSTAINED) & np.all(growth >= 1.0, axis=-1) & ~slows
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
    surface: Surface, x: np.ndarray, norm: float, quietly: Later, near_since: int
) -> Verdict:
    """Decide by the ends of the Hessian's spectrum at ``x``.

    All of one sign and the slope turns one step away: a maximum or a minimum. Some below zero and some not: a saddle.

    On a quadratic with that smallest eigenvalue the minimum is at most |gradient| / eigenvalue away.
    """
    try:
        ends = extreme_eigenvalues(surface, x)
    except (NotConverged, ValueError) as problem:
        return Verdict(Outcome.PLATEAU, later("on a plateau as far as can be told"), (quietly, problem.args[0]))
    numbers = {"smallest": ends.smallest, "largest": ends.largest}
    smallest = later("smallest Hessian eigenvalue at the last point {smallest:.3g}", **numbers)
    zero = max(ends.smallest_error, ZERO_EIGENVALUE * max(1.0, abs(ends.largest)))
    if ends.largest < -zero and _turns_within(surface, x, norm / ends.largest, AT):
        largest = later("largest Hessian eigenvalue {largest:.3g}", **numbers)
        return Verdict(Outcome.MAXIMUM, later("on a maximum"), (quietly, largest))
    if ends.smallest < -zero and ends.largest < -zero:
        down = later(
            "smallest Hessian eigenvalue at the last point {smallest:.3g}, largest {largest:.3g}: every direction "
            "bends down",
            **numbers,
        )
        return Verdict(Outcome.PLATEAU, later("on a slope or beside a maximum"), (quietly, down))
    if ends.smallest < -zero:
        way = later("smallest Hessian eigenvalue at the last point {smallest:.3g}: there is a way down", **numbers)
        return Verdict(Outcome.SADDLE, later("on a saddle, not a minimum"), (quietly, way))
    if ends.smallest > zero and _turns_within(surface, x, norm / ends.smallest, NEARBY):
        reach = later(
            "smallest Hessian eigenvalue at the last point {smallest:.3g}: a minimum within about {distance:.2g}",
            distance=norm / ends.smallest,
            **numbers,
        )
        return Verdict(Outcome.MINIMUM, later("at rest"), (quietly, reach), near_since=near_since)
    if ends.smallest > zero:
        return Verdict(Outcome.PLATEAU, later("on a slope or beside a minimum"), (quietly, smallest))
    flat = later(
        "smallest Hessian eigenvalue at the last point {smallest:.3g}, zero to within {error:.1g}",
        error=zero,
        **numbers,
    )
    return Verdict(Outcome.PLATEAU, later("on a flat stretch"), (quietly, flat))


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


_SADDLES = {
    "saddle": (
        mark("on a saddle, not a minimum"),
        mark("on a saddle (to within a slope of {slope:.1g}), not a minimum"),
    ),
    "degenerate saddle": (
        mark("on a degenerate saddle, not a minimum"),
        mark("on a degenerate saddle (to within a slope of {slope:.1g}), not a minimum"),
    ),
    "horizontal inflection": (
        mark("on a horizontal inflection, not a minimum"),
        mark("on a horizontal inflection (to within a slope of {slope:.1g}), not a minimum"),
    ),
}
"""Of saddles whose Hessian does not tell that they are: what is said of a path there, without and with a slope."""

_DISTANCES = {
    "minimum": mark("{distance:.2g} from a minimum"),
    "maximum": mark("{distance:.2g} from a maximum"),
    "saddle": mark("{distance:.2g} from a saddle"),
    "degenerate saddle": mark("{distance:.2g} from a degenerate saddle"),
    "horizontal inflection": mark("{distance:.2g} from a horizontal inflection"),
    "degenerate": mark("{distance:.2g} from a flat critical point"),
}


def _kind(surface: Surface, point: CriticalPoint) -> str:
    """Return the kind of a critical point, a key of ``_DISTANCES``."""
    kind = kind_by_sampling(surface, point)
    if kind != "saddle" or point.kind == kind:
        return kind
    if surface.n_dims == 1:
        return "horizontal inflection"
    return "saddle" if _lost_in_rounding(point) else "degenerate saddle"


def _on_a_saddle(surface: Surface, point: CriticalPoint) -> Later:
    """Say that a path is on a saddle; on a degenerate one with its slope, which need not be rounding."""
    if point.kind == "saddle":
        return later("on a saddle of index {index}, not a minimum", index=point.index)
    level, sloping = _SADDLES[_kind(surface, point)]
    return Later(sloping, places={"slope": point.gradient_norm}) if point.gradient_norm > 0.0 else Later(level)


def _from(surface: Surface, point: CriticalPoint, distance: float) -> Later:
    """Say how far a path is from a critical point; of a degenerate one with its slope, which need not be rounding."""
    kind = _kind(surface, point)
    said = Later(_DISTANCES[kind], places={"distance": distance})
    if kind not in ("minimum", "maximum") and point.kind != "saddle" and point.gradient_norm > 0.0:
        return later("{clause} (to within a slope of {slope:.1g})", clause=said, slope=point.gradient_norm)
    return said


def _lost_in_rounding(point: CriticalPoint) -> bool:
    """Tell whether an eigenvalue is too small beside the largest for its sign to be certain, and not known to be 0."""
    sizes = np.abs(point.eigenvalues)
    return bool(np.any((point.signs == 0) & (sizes > EXACT * sizes.max()) & (sizes <= ROUNDING * sizes.max())))


def _lowest_eigenvalue(surface: Surface, point: CriticalPoint) -> Later:
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
        return later("a Hessian that is not finite there")
    largest = max(float(np.abs(point.eigenvalues).max()), further)
    if point.signs[0] == 0 and _lost_in_rounding(point):
        within = ROUNDING * float(np.abs(point.eigenvalues).max())
        return later(
            "smallest Hessian eigenvalue 0 to within {within:.2g}, all that can be told beside {largest:.3g}",
            within=within,
            largest=largest,
        )
    if point.signs[0] == 0 and abs(lowest) <= _TOLD * largest:
        return later("smallest Hessian eigenvalue 0 to within rounding")
    return later("smallest Hessian eigenvalue {smallest:.3g}", smallest=lowest)


def _above(surface: Surface, point: CriticalPoint) -> float:
    """Return how far a minimum lies above the lowest declared one, 0 where it is as low."""
    if len(surface.minima) == 0:
        return 0.0
    gap = point.value - float(np.min(surface.value(surface.minima)))
    return gap if gap > 1e-6 * max(1.0, abs(point.value)) else 0.0
