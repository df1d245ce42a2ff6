"""Very many starts at once: only where each one ends is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.curvature.critical import kind_by_sampling, polish
from landscape.curvature.newton import certified_many, distinct, jumps_between, newton_many
from landscape.curvature.point import CriticalPoint
from landscape.descent.outcome import CODE, NEARBY, OUTCOMES, SMALL_GRADIENT, PathEnds, fate_at, fates
from landscape.ensemble.parts import PART, PartFailed, do_all
from landscape.ensemble.walk import Ends
from landscape.language import tr
from landscape.optimizers.base import Optimizer
from landscape.progress import Progress, counting
from landscape.recipe.given import a_schedule, a_surface, an_optimizer, whole
from landscape.recipe.points import MAX_STARTS
from landscape.recipe.starts import Starts, start_points
from landscape.surfaces.base import Array, Kind, Surface

if TYPE_CHECKING:
    from landscape.optimizers.schedules import Schedule

MAX_STEPS = 2**24 - 1

_MOST_POLISHED = 64
_CONVERGED = 1e-9
_SAME = 1e-6
_SAME_DEGENERATE = 5e-3
SAME_HEIGHT = 1e-7


class EnsembleError(RuntimeError):
    """A part of an ensemble failed, in a worker of an executor most likely.

    ``partial`` is the ensemble of all starts; ``finished`` (S,) tells which are there. The others have NaN and a last
    step of -1, and count as never started.
    """

    def __init__(self, message: str, partial: Ensemble, finished: NDArray[np.bool_]) -> None:
        super().__init__(message)
        self.partial = partial
        self.finished = finished


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Where S starts end after at most ``n_steps`` steps of one optimizer.

    ``points`` (S, n), ``values`` (S,) and ``gradient_norms`` (S,) belong to the last step with finite data, whose
    number is ``last`` (S,). ``quiet_from`` (S,) is the step from which on the gradient norm stayed below
    ``threshold`` up to the end; ``last + 1`` where it is not below it there. ``quarter_values`` (S, 3) are the losses
    after a quarter, half and three quarters of the steps, NaN where a start was no longer finite by then.
    """

    surface: Surface
    optimizer: Optimizer
    starts: Array = field(repr=False)
    n_steps: int
    points: Array = field(repr=False)
    values: Array = field(repr=False)
    gradient_norms: Array = field(repr=False)
    last: NDArray[np.int64] = field(repr=False)
    quiet_from: NDArray[np.int64] = field(repr=False)
    quarter_values: Array = field(repr=False)
    threshold: float = SMALL_GRADIENT

    @property
    def steps(self) -> NDArray[np.int64]:
        """Steps until each start came to rest (its gradient norm stayed small); all that it took where it did not."""
        return np.minimum(self.quiet_from, self.last)

    @property
    def outcomes(self) -> NDArray[np.object_]:
        """How each start ended, (S,), each an ``Outcome``: decided as for a ``Trajectory``."""
        return np.array(OUTCOMES, dtype=object)[self.codes]

    @property
    def codes(self) -> NDArray[np.int64]:
        """The outcomes as their places in ``tuple(Outcome)``, (S,): quicker where there are very many."""
        return self._fates[0]

    @property
    def reached(self) -> NDArray[np.int64]:
        """Which of ``critical_points`` each start came to rest at, (S,); -1 for none."""
        return self._fates[1]

    @property
    def critical_points(self) -> tuple[CriticalPoint, ...]:
        """The critical points at which at least one start came to rest, the lowest first."""
        return self._fates[2]

    @cached_property
    def _fates(self) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[CriticalPoint, ...]]:
        return _decide(self)


def ensemble(
    surface: Surface | str,
    optimizer: Optimizer | str,
    starts: Starts | ArrayLike,
    n_steps: int,
    schedule: Schedule | Callable[[int], float] | str | None = None,
    executor: Executor | None = None,
    *,
    seed: int = 0,
    threshold: float = SMALL_GRADIENT,
    part_size: int = PART,
    progress: Progress = None,
) -> Ensemble:
    """Step ``optimizer`` over ``surface`` from very many starts and keep where each one ends.

    The numbers are those of ``descend`` from ``starts`` (S, n), to rounding. An elementwise update rule on a surface
    that is an expression, or a family or functions of NumPy that can be written as loops over the coordinates
    (``landscape.ensemble.recorded``), runs as machine code on all processors (compiled once, a second or two, and kept
    on disk; see ``landscape.ensemble.store``); everything else, products with matrices above all, runs through NumPy.
    ``executor``, any ``concurrent.futures.Executor`` (Dask's ``Client.get_executor()`` too), does the parts of
    ``part_size`` starts instead; the result is the same bit for bit. ``threshold`` is the gradient norm below which a
    start is at rest. ``progress`` is told how many steps all starts have made (``landscape.progress``).

    Raises ``ValueError`` and ``TypeError`` as ``descend`` does, and ``EnsembleError`` where parts failed in the
    executor; it holds the parts that did not.

    >>> import landscape as ls
    >>> e = ensemble(ls.surface("escaping_saddle"), ls.SGD(learning_rate=0.1), [[1.0, 1e-3], [1.0, 0.0]], 500)
    >>> [outcome.word for outcome in e.outcomes], e.points.round(6).tolist()
    (['minimum', 'saddle'], [[0.0, 1.414214], [0.0, 0.0]])
    """
    surface, optimizer, schedule = a_surface(surface), an_optimizer(optimizer), a_schedule(schedule)
    optimizer.check_blocks(surface.blocks)
    x = start_points(surface, starts)
    n_steps, part_size, seed = whole("n_steps", n_steps), whole("part_size", part_size, 1), whole("seed", seed)
    if n_steps > MAX_STEPS:
        raise ValueError(tr("n_steps must be 0 to {most}, not {n_steps}", most=MAX_STEPS, n_steps=n_steps))
    if len(x) > MAX_STARTS:
        raise ValueError(tr("an ensemble has at most {most} starts, not {n_starts}", most=MAX_STARTS, n_starts=len(x)))
    if executor is not None and not callable(getattr(executor, "submit", None)):
        given = type(executor).__name__
        raise TypeError(tr("executor must be a concurrent.futures.Executor, not {type}", type=given))
    if not threshold > 0:
        raise ValueError(tr("threshold must be above 0, not {threshold}", threshold=threshold))
    rates = optimizer.rates(n_steps, schedule)

    def result(ends: Ends) -> Ensemble:
        return Ensemble(
            surface, optimizer, x, n_steps, ends.points, ends.values, ends.gradient_norms, ends.last, ends.quiet_from,
            ends.quarter_values, threshold,
        )  # fmt: skip

    try:
        with counting(len(x) * n_steps, optimizer.label, progress) as count, count.part(count.total):
            return result(do_all(surface, optimizer, x, rates, threshold, seed, executor, part_size))
    except PartFailed as error:
        raise EnsembleError(str(error), result(error.ends), error.finished) from error.__cause__


def _decide(e: Ensemble) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[CriticalPoint, ...]]:
    """Return outcome (as a place in ``OUTCOMES``) and critical point of each start, as ``outcome.judge`` decides."""
    with np.errstate(all="ignore"):
        first_values, first_gradients = e.surface.value_and_gradient(e.starts)
        first_norms = np.linalg.norm(first_gradients, axis=-1)
        ends = PathEnds(
            e.n_steps, first_values, first_norms, e.quarter_values, e.points, e.values, e.gradient_norms, e.last
        )
        fate, at_rest = fates(e.surface, ends, e.threshold)
    reached = np.full(len(e.points), -1)
    at = np.flatnonzero(at_rest)
    reached[at], points = nearby_critical_points(e.surface, e.points[at])
    for number, point in enumerate(points):
        kind = kind_by_sampling(e.surface, point)
        for start in np.flatnonzero(reached == number):
            fate[start] = CODE[fate_at(e.surface, e.points[start], point, kind)]
    return fate, reached, points


def nearby_critical_points(surface: Surface, x: Array) -> tuple[NDArray[np.int64], tuple[CriticalPoint, ...]]:
    """Return for each of many points at rest (S, n) which critical point it belongs to, (S,), and these, lowest first.

    -1 stands for none. As ``outcome.nearby_critical_point``, but points whose Newton iterations meet share their
    critical point; degenerate ones, which may fill lines, stand for all of their height and kind (``Met``);
    and the points that are left are looked at in at most ``_MOST_POLISHED`` groups of neighbours.
    """
    belongs = np.full(len(x), -1)
    met = Met(surface)
    diagonal = surface.domain.diagonal
    # Where Newton's method is slow, the point it has come to is not yet the critical one: those are polished below.
    ends, calm = newton_many(surface, x, max_steps=12, rest=_CONVERGED)
    # At a multiple root the Hessian is rounding, and so is where a step leads: what is critical as it is stays.
    strayed = np.flatnonzero(np.linalg.norm(ends - x, axis=-1) > _SAME_DEGENERATE * diagonal)
    strayed = strayed[certified_many(surface, x[strayed])]
    ends[strayed], calm[strayed] = x[strayed], True
    calm &= np.linalg.norm(ends - x, axis=-1) <= NEARBY * diagonal
    close = np.flatnonzero(calm)
    close = close[certified_many(surface, ends[close])]
    for members, candidate in _groups(close, ends[close], _SAME * diagonal):
        point = CriticalPoint.at(surface, candidate)
        radius = (_SAME_DEGENERATE if point.kind == "degenerate" else 2 * _SAME) * diagonal
        belongs[members] = met.place(point, radius)
    left = np.flatnonzero(belongs < 0)
    distance = 1e-3 * diagonal
    while len(distinct(x[left], distance)[0]) > _MOST_POLISHED:
        distance *= 2
    for members, candidate in _groups(left, x[left], distance):
        polished = polish(surface, candidate)
        if polished is not None:
            near = members[np.linalg.norm(x[members] - polished.x, axis=-1) <= NEARBY * diagonal]
            if len(near):
                belongs[near] = met.place(polished, 2 * _SAME * diagonal)
    found = met.points
    if not surface.info.smooth and len(found):
        beyond, _ = jumps_between(surface, x, np.array([point.x for point in found])[belongs])
        belongs[beyond] = -1
    order = sorted(range(len(found)), key=lambda i: (found[i].value, *found[i].x.tolist()))
    place = np.empty(len(found) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(found)), -1
    return place[belongs], tuple(found[i] for i in order)


def _groups(members: NDArray[np.int64], points: Array, distance: float) -> Iterator[tuple[NDArray[np.int64], Array]]:
    """Yield the ``members`` whose ``points`` agree to about ``distance``, group by group, with one of these points."""
    candidates, group = distinct(points, distance)
    order = np.argsort(group, kind="stable")
    cuts = np.cumsum(np.bincount(group, minlength=len(candidates)))[:-1]
    yield from zip(np.split(members[order], cuts) if len(candidates) else (), candidates, strict=True)


class Met:
    """Critical points that paths come to, each once.

    Degenerate ones may fill a line, each of them a point of its own: where kind by sampling, height and certain signs
    of the eigenvalues agree, they are taken for one.
    """

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.points: list[CriticalPoint] = []
        self.kinds: list[Kind] = []
        self._seen: list[tuple[CriticalPoint, int]] = []
        self._places = np.empty((0, surface.n_dims))

    def place(self, point: CriticalPoint, radius: float) -> int:
        """Return the place of a point in ``points``, where it is put if it is none of these to within ``radius``."""
        for near in np.flatnonzero(np.linalg.norm(self._places - point.x, axis=-1) <= radius):
            other, number = self._seen[near]
            if other.kind == point.kind and np.array_equal(other.signs, point.signs):
                return number
        kind = kind_by_sampling(self.surface, point)
        same = (n for n, other in enumerate(self.points) if kind == self.kinds[n] and _level(other, point))
        number = next(same, len(self.points))
        if number == len(self.points):
            self.points.append(point)
            self.kinds.append(kind)
        self._seen.append((point, number))
        self._places = np.concatenate([self._places, point.x[None]])
        return number


def _level(one: CriticalPoint, other: CriticalPoint) -> bool:
    """Tell whether two degenerate points lie where the surface has the same height and with the same certain signs."""
    if not one.kind == other.kind == "degenerate":
        return False
    if not (np.isfinite(one.eigenvalues).all() and np.isfinite(other.eigenvalues).all()):
        return False
    gap = abs(one.value - other.value)
    return np.array_equal(one.signs, other.signs) and gap <= SAME_HEIGHT * max(1.0, abs(one.value))
