"""Very many starts at once, counted step by step: still on a flat stretch, at a saddle, at each minimum, gone.

The survival curves of an ensemble: which share of the starts has not yet left the plateau after so many steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.analysis.critical_points import CriticalPoints, critical_points
from landscape.descent.outcome import NEARBY, SMALL_GRADIENT
from landscape.ensemble.threads import processors
from landscape.ensemble.walk import Moment, flow
from landscape.language import Later, later, tr
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.progress import Progress, counting
from landscape.recipe.cost import Demand, of_ensemble_step
from landscape.recipe.given import a_schedule, a_surface, optimizers_of, whole
from landscape.recipe.query import MAX_RANDOM
from landscape.recipe.starts import Starts, start_points
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.formula import Formula

if TYPE_CHECKING:
    from landscape.optimizers.schedules import Schedule

Whole = NDArray[np.int64]
FateKind = Literal["moving", "flat", "saddle", "maximum", "minimum", "gone"]

MAX_SWARM = MAX_RANDOM
"""The most starts of a swarm: as many as an address may ask for."""

MOST_LOOKS = 1000
"""Steps after which a swarm is counted: all of a run of so many, evenly spaced ones of a longer run."""

_PER_COUNT = 4.0  # work of counting a start once
_SAME_HEIGHT = 1e-7
_AT_ONCE = 2**22  # distances
_FEW = 32  # centers that are asked for one by one


@dataclass(frozen=True)
class Fate:
    """Where a start of a swarm can be."""

    kind: FateKind
    said: Later

    @property
    def words(self) -> str:
        """Where the starts are, in words that can stand alone: "at a saddle"."""
        return str(self.said)


MOVING = Fate("moving", later("still moving"))
FLAT = Fate("flat", later("on a flat stretch"))
SADDLE = Fate("saddle", later("at a saddle"))
MAXIMUM = Fate("maximum", later("at a maximum"))
GONE = Fate("gone", later("gone"))


@dataclass(frozen=True, eq=False)
class Places:
    """The balls round critical points inside which a start with a small gradient is said to be at one.

    ``fates`` (C,) are all that can be said of a start: moving, flat, saddle and maximum first, then each minimum, gone
    last. ``centers`` (P, n), ``radii`` (P,) and ``fate`` (P,), a place in ``fates``, are the balls. Balls of different
    fates do not overlap.
    """

    fates: tuple[Fate, ...]
    centers: Array
    radii: Array
    fate: Whole

    @classmethod
    def of(cls, found: CriticalPoints) -> Places:
        """Return the places of critical points and of lines of them; of a line every so often a point stands for it.

        A ball reaches as far as ``NEARBY`` of the domain's diagonal, or half the way to the next one of another fate.
        What is degenerate by the values round it too has no place: there is flat ground.
        """
        reach = NEARBY * found.surface.domain.diagonal
        fates, centers, numbers = [MOVING, FLAT, SADDLE, MAXIMUM], [], []
        heights: dict[float, int] = {}
        for kind, points, is_line in _groups_of(found, reach / 4):
            if kind == "degenerate":
                continue
            if kind == "minimum":
                said, height = _minimum(found.surface, points[0], is_line)
                number = heights.get(height, len(fates)) if is_line else len(fates)
                if is_line:
                    heights[height] = number
                if number == len(fates):
                    fates.append(Fate("minimum", said))
            else:
                number = 2 if kind == "saddle" else 3
            centers.append(points)
            numbers += [number] * len(points)
        where = np.concatenate(centers) if centers else np.empty((0, found.surface.n_dims))
        fate = np.array(numbers, dtype=np.int64)
        return cls((*fates, GONE), where, _radii(where, fate, reach), fate)

    def at(self, x: Array) -> Whole:
        """Return for each of the points (S, n) the number of a ball that it is in, (S,); -1 for none."""
        ball = np.full(len(x), -1)
        if not len(self.centers):
            return ball
        near = np.arange(len(x))
        if len(self.centers) > _FEW:
            # Whatever is further from every center than the largest ball reaches is in none.
            away, _ = self._tree.query(x, distance_upper_bound=float(self.radii.max()) * (1 + 1e-9))
            near = np.flatnonzero(np.isfinite(away))
        size = max(_AT_ONCE // len(self.centers), 1)
        for first in range(0, len(near), size):
            part = near[first : first + size]
            within = _squared(x[part, None] - self.centers) <= self.radii**2
            ball[part] = np.where(within.any(axis=1), within.argmax(axis=1), -1)
        return ball

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import KDTree

        return KDTree(self.centers)


def _groups_of(found: CriticalPoints, spacing: float) -> Iterator[tuple[str, Array, bool]]:
    """Yield kind and places (P, n) of each critical point, then of each line, and whether it is one."""
    for point, kind in zip(found.points, found.kinds_round, strict=True):
        yield kind, point.x[None], False
    for line, kind in zip(found.lines, found.line_kinds, strict=True):
        along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=-1))])
        kept = np.unique(np.searchsorted(along, np.arange(0.0, along[-1] + spacing, spacing)).clip(max=len(line) - 1))
        yield kind, line[kept], True


def _minimum(surface: Surface, x: Array, is_line: bool) -> tuple[Later, float]:
    """Return what a minimum is called, and its height rounded, by which parts of one flat valley are known."""
    value = float(surface.value(x))
    height = round(value / (_SAME_HEIGHT * max(1.0, abs(value)))) * _SAME_HEIGHT * max(1.0, abs(value))
    if is_line:
        return later("in a valley of minima, loss {loss:.3g}", loss=value + 0.0), height
    where = ", ".join(f"{c + 0.0 if abs(c) > 1e-9 else 0.0:.3g}" for c in x)
    point = f"({where})" if len(x) > 1 else where
    return later("at the minimum {point}", point=point), height


def _radii(centers: Array, fate: Whole, reach: float) -> Array:
    """Return how far each place reaches, (P,)."""
    radii = np.full(len(centers), reach)
    size = max(_AT_ONCE // max(len(centers), 1), 1)
    for first in range(0, len(centers), size):
        part = slice(first, first + size)
        away = np.sqrt(_squared(centers[part, None] - centers))
        away[fate[part, None] == fate] = np.inf
        radii[part] = np.minimum(radii[part], away.min(axis=1, initial=np.inf) / 2)
    return radii


def _squared(differences: Array) -> Array:
    """Return squared lengths, summed as the browser does."""
    total = differences[..., 0] * differences[..., 0]
    for d in range(1, differences.shape[-1]):
        total = total + differences[..., d] * differences[..., d]
    return total


@dataclass(frozen=True, eq=False)
class Survival:
    """How many of S starts are where, step by step, for K optimizers.

    ``looks`` (L,) are the steps after which they were counted, ``counts`` (K, L, C) how many were of each of
    ``places.fates`` then. ``filmed`` are the numbers of P of the starts, evenly taken, whose ``points`` (K, F, P, n)
    and ``values`` (K, F, P) after each of the steps ``frames`` (F,) are kept; NaN where one is gone.
    """

    surface: Surface
    optimizers: tuple[Optimizer, ...]
    n_starts: int
    n_steps: int
    threshold: float
    found: CriticalPoints = field(repr=False)
    places: Places = field(repr=False)
    looks: Whole = field(repr=False)
    counts: Whole = field(repr=False)
    filmed: Whole = field(repr=False)
    frames: Whole = field(repr=False)
    points: Array = field(repr=False)
    values: Array = field(repr=False)

    @property
    def fates(self) -> tuple[Fate, ...]:
        """What can be said of a start."""
        return self.places.fates

    @cached_property
    def shares(self) -> Array:
        """The counts as shares of all starts, (K, L, C); over C they sum to 1."""
        return self.counts / self.n_starts

    def share(self, kind: FateKind) -> Array:
        """Return the share of the starts that are of one kind, at any of its places, (K, L)."""
        return self.shares[..., [fate.kind == kind for fate in self.fates]].sum(axis=-1)


def survival(
    surface: Surface | str,
    optimizers: Optimizer | str | Sequence[Optimizer | str],
    starts: Starts | ArrayLike,
    n_steps: int,
    schedule: Schedule | Callable[[int], float] | str | None = None,
    *,
    threshold: float = SMALL_GRADIENT,
    found: CriticalPoints | None = None,
    n_frames: int = 0,
    n_filmed: int = 0,
    progress: Progress = None,
) -> Survival:
    """Count, step by step, where very many starts are under each optimizer (survival curves of an ensemble).

    After t steps a start is *gone* if a number of it (point, loss or gradient norm) was not finite by then. It is *at*
    a saddle, maximum or minimum if its gradient norm is below ``threshold`` and it lies near that critical point:
    within 5% of the domain's diagonal, or half the way to the next one of another kind or place, where that is less.
    It is *on a flat stretch* if its gradient norm is below ``threshold`` anywhere else, and *moving* otherwise.
    Critical points are those that ``found`` lists, by default all that ``critical_points`` finds.

    The starts (S, n), at most ``MAX_SWARM``, run as in ``ensemble``: by the compiled loop, all at once, and only their
    present places are held. Of ``n_filmed`` starts the points after ``n_frames`` steps are kept, for pictures.
    ``progress`` is told every look at them (``landscape.progress``).

    Raises ``ValueError`` for surfaces that are no formula of one or two dimensions, for optimizers whose rule is not
    elementwise, for more starts, and otherwise as ``ensemble``.

    >>> import landscape as ls
    >>> s = survival("sphere", ls.SGD(learning_rate=0.1), ls.Grid(20), 100)
    >>> s.n_starts, s.share("minimum")[0, [0, -1]].tolist()
    (400, [0.0, 1.0])
    """
    surface, walkers, schedule = a_surface(surface), optimizers_of(optimizers), a_schedule(schedule)
    n_steps, n_frames, n_filmed = whole("n_steps", n_steps), whole("n_frames", n_frames), whole("n_filmed", n_filmed)
    surface, walkers = check_swarm(surface, walkers)
    if not threshold > 0:
        raise ValueError(tr("threshold must be above 0, not {threshold}", threshold=threshold))
    x = start_points(surface, starts)
    if len(x) > MAX_SWARM:
        raise ValueError(tr("a swarm has at most {most:,} starts, not {n_starts:,}", most=MAX_SWARM, n_starts=len(x)))
    found = critical_points(surface) if found is None else found
    places = Places.of(found)
    looks, frames = evenly(n_steps, MOST_LOOKS), evenly(n_steps, n_frames)
    filmed = np.unique(np.linspace(0, len(x) - 1, min(n_filmed, len(x))).round().astype(np.int64))
    counts = np.zeros((len(walkers), len(looks), len(places.fates)), dtype=np.int64)
    points = np.full((len(walkers), len(frames), len(filmed), surface.n_dims), np.nan)
    values = np.full(points.shape[:-1], np.nan)
    every = np.union1d(looks, frames)
    with counting(len(walkers) * len(every), tr("survival"), progress) as told:
        for number, optimizer in enumerate(walkers):
            counter = _Counter(places, threshold, len(x))
            rates = optimizer.rates(n_steps, schedule)
            for moment in flow(surface, optimizer, x, rates, every.tolist(), processors()):
                look, frame = np.searchsorted(looks, moment.step), np.searchsorted(frames, moment.step)
                if look < len(looks) and looks[look] == moment.step:
                    counts[number, look] = counter.count(moment)
                told.advance()
                if frame < len(frames) and frames[frame] == moment.step:
                    there = ~moment.gone[filmed]
                    points[number, frame, there] = moment.points[filmed[there]]
                    values[number, frame, there] = moment.values[filmed[there]]
    return Survival(
        surface, walkers, len(x), n_steps, threshold, found, places, looks, counts, filmed, frames, points, values
    )


def check_swarm(surface: Surface, optimizers: Sequence[Optimizer]) -> tuple[Formula, tuple[ElementwiseOptimizer, ...]]:
    """Return both; raise ``ValueError`` where no swarm can be: it needs a formula and elementwise rules."""
    if not optimizers:
        raise ValueError(tr("a swarm needs at least one optimizer"))
    if not isinstance(surface, Formula) or surface.n_dims > 2:
        no_formula = tr(
            "a swarm flows over formulas of one or two dimensions; {surface} is no formula", surface=surface.title
        )
        too_high = tr(
            "a swarm flows over formulas of one or two dimensions; {surface} is a surface of {n_dims:,}",
            surface=surface.title,
            n_dims=surface.n_dims,
        )
        raise ValueError(no_formula if surface.n_dims <= 2 else too_high)
    for one in optimizers:
        if not isinstance(one, ElementwiseOptimizer):
            raise ValueError(
                tr(
                    "a swarm flows by rules that move each coordinate by its own gradient; {optimizer} asks for more",
                    optimizer=one.title,
                )
            )
    return surface, tuple(one for one in optimizers if isinstance(one, ElementwiseOptimizer))


def cost_of_survival(
    surface: Surface, optimizers: Sequence[Optimizer], n_starts: int, n_steps: int, n_frames: int, n_filmed: int
) -> Demand:
    """Return what ``survival`` takes, without the search for critical points."""
    looks = min(n_steps, MOST_LOOKS) + 1
    # Each look ends a stretch, and the surface is asked once more there.
    steps = sum(of_ensemble_step(surface, one, n_starts) for one in optimizers) * (n_steps + looks)
    kept = n_frames * n_filmed * (surface.n_dims + 1) * len(optimizers)
    return Demand(steps + _PER_COUNT * n_starts * looks * len(optimizers), kept + 40 * n_starts)


def evenly(n_steps: int, most: int) -> Whole:
    """Return the steps from 0 to ``n_steps``, both included; of more than ``most`` + 1 so many, evenly spaced."""
    if not most:
        return np.empty(0, dtype=np.int64)
    return np.unique(np.linspace(0, n_steps, min(n_steps, most) + 1).round().astype(np.int64))


class _Counter:
    """Counts the starts of one optimizer; who was in a ball is looked for there first, who did not move not again."""

    def __init__(self, places: Places, threshold: float, n_starts: int) -> None:
        self.places, self.threshold = places, threshold
        self.ball = np.full(n_starts, -1)
        self.seen = np.full((n_starts, places.centers.shape[1]), np.nan)

    def count(self, moment: Moment) -> Whole:
        """Return how many are of each fate, (C,)."""
        places, n_fates = self.places, len(self.places.fates)
        quiet = np.flatnonzero((moment.norms < self.threshold) & ~moment.gone)
        x, ball = moment.points[quiet], self.ball[quiet]
        if len(places.centers):
            there = (ball >= 0) & (_squared(x - places.centers[ball]) <= places.radii[ball] ** 2)
            left = ~(there | (x == self.seen[quiet]).all(axis=-1))
            ball[left] = places.at(x[left])
            self.ball[quiet], self.seen[quiet] = ball, x
        counts = np.bincount(np.append(places.fate, 1)[ball], minlength=n_fates)  # in no ball: on a flat stretch
        counts[-1] = np.count_nonzero(moment.gone)
        counts[0] = len(moment.gone) - len(quiet) - counts[-1]
        return counts
