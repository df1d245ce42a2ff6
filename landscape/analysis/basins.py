"""Basins of attraction: where the start at every pixel of a plane ends up, and how many steps it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landscape.curvature.newton import CERTIFIED
from landscape.curvature.point import NEAR, CriticalPoint
from landscape.descent.outcome import AT, HUGE, NEARBY, SLOWER, SMALL_GRADIENT, SUSTAINED, Outcome
from landscape.ensemble.loop import SAME_HEIGHT, Ensemble, EnsembleError, Met, ensemble
from landscape.language import tr, trn
from landscape.optimizers.base import Optimizer
from landscape.picture.numbers import typeset
from landscape.progress import Count, Progress, counting
from landscape.recipe.cost import Demand, of_ensemble_step
from landscape.recipe.given import a_schedule, a_surface, optimizers_of, whole
from landscape.surfaces.base import Array, Surface

if TYPE_CHECKING:
    from landscape.optimizers.schedules import Schedule

Whole = NDArray[np.int64]

MAX_PIXELS = 4_000_000
"""The most pixels of a map; times optimizers, the most starts."""

COARSEST = 64
"""Pixels on the longer side of the first, coarse map, about."""

OUTCOMES = tuple(Outcome)
"""The outcomes by their number in ``Basins.codes``."""

_SAME, _SAME_DEGENERATE = 1e-5, 5e-3
JUDGE: Mapping[str, float] = {
    "threshold": SMALL_GRADIENT,
    "nearby": NEARBY,
    "at": AT,
    "near": NEAR,
    "certified": CERTIFIED,
    "same": _SAME,
    "flat": SAME_HEIGHT,
    "huge": HUGE,
    "slower": SLOWER,
    "sustained": SUSTAINED,
}
"""The numbers that decide where a start ends, for who decides it elsewhere (``landscape.live.maps``)."""

_PER_PIXEL = 20  # numbers: where it ended, what it reached, and the ends of one round of them


@dataclass(frozen=True)
class Summary:
    """How the starts of one optimizer fared: the share of each outcome, and the median steps to a minimum.

    ``median_steps`` is NaN where no start came to rest at a minimum.
    """

    optimizer: Optimizer
    shares: dict[Outcome, float]
    median_steps: float


@dataclass(frozen=True, eq=False)
class Basins:
    """Where each start of a grid ends, for K optimizers side by side.

    ``x`` (nx,) and ``y`` (ny,) are the coordinates of the starts. ``labels`` (K, ny, nx) says at which of ``minima``
    each came to rest, -1 where at none; ``minima`` are those that some start reached, the lowest first. Minima that
    fill lines of one height count as one, "degenerate".
    ``codes`` (K, ny, nx) are places in ``OUTCOMES``. ``steps`` (K, ny, nx) is how many it took to come to rest, all
    of them where it did not.
    """

    surface: Surface
    optimizers: tuple[Optimizer, ...]
    n_steps: int
    x: Array = field(repr=False)
    y: Array = field(repr=False)
    minima: tuple[CriticalPoint, ...]
    labels: Whole = field(repr=False)
    codes: Whole = field(repr=False)
    steps: Whole = field(repr=False)

    def ended(self, outcome: Outcome) -> NDArray[np.bool_]:
        """Tell which starts ended so, (K, ny, nx)."""
        return self.codes == OUTCOMES.index(outcome)

    @property
    def summary(self) -> tuple[Summary, ...]:
        """Shares of outcomes and median steps, one entry an optimizer."""
        found = []
        for number, optimizer in enumerate(self.optimizers):
            shares = {outcome: float(self.ended(outcome)[number].mean()) for outcome in OUTCOMES}
            took = self.steps[number][self.labels[number] >= 0]
            found.append(Summary(optimizer, shares, float(np.median(took)) if took.size else float("nan")))
        return tuple(found)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Return a head, and for each optimizer in words how the starts fared: shares of the ends that occur."""
        fared = self.summary
        ends = [outcome for outcome in fared[0].shares if any(one.shares[outcome] for one in fared)]
        rows = [
            [
                one.optimizer.label,
                *(f"{one.shares[outcome]:.1%}" for outcome in ends),
                "–" if np.isnan(one.median_steps) else typeset(f"{one.median_steps:.4g}"),
            ]
            for one in fared
        ]
        return [tr("optimizer"), *(outcome.title for outcome in ends), tr("median steps to a minimum")], rows


@dataclass(frozen=True, eq=False)
class Refinement:
    """A map on its way: the finest one there is so far, and how many of all starts are done."""

    basins: Basins
    done: int
    total: int

    @property
    def share(self) -> float:
        """The part of all starts that is done, 0 to 1."""
        return self.done / self.total

    @property
    def words(self) -> str:
        """How far it is."""
        x, y = len(self.basins.x), len(self.basins.y)
        return tr("{share:.0%} of all starts, {x} × {y} pixels shown", share=self.share, x=x, y=y)


class BasinsError(RuntimeError):
    """A part of a map failed, in a worker of an executor most likely.

    ``partial`` is the map as far as it came: what is missing counts as never started.
    """

    def __init__(self, message: str, partial: Basins) -> None:
        super().__init__(message)
        self.partial = partial


def basins(
    surface: Surface | str,
    optimizers: Optimizer | str | Sequence[Optimizer | str],
    shape: tuple[int, int] = (300, 300),
    n_steps: int = 1000,
    schedule: Schedule | Callable[[int], float] | str | None = None,
    executor: Executor | None = None,
    *,
    seed: int = 0,
    threshold: float = SMALL_GRADIENT,
    progress: Progress = None,
) -> Basins:
    """Return which minimum the start at every pixel of the domain reaches, for one optimizer or several.

    ``shape`` is the number of pixels along (x, y), edges included. Every optimizer gets the same starts and at most
    ``n_steps`` steps; a start rests where its gradient norm stays below ``threshold``, and is at a minimum only where
    the Hessian there says so (``landscape.descent.outcome``). ``schedule``, ``executor`` and ``seed`` are those of
    ``landscape.ensemble``. ``progress`` is told how many pixels are known (``landscape.progress``).

    Raises ``ValueError`` for a surface that is not two-dimensional, for fewer than 2 pixels a side, and for more than
    ``MAX_PIXELS``; ``BasinsError``, which holds what is done, where the executor failed; otherwise as
    ``landscape.ensemble``.

    >>> import landscape as ls
    >>> b = basins(ls.surface("himmelblau"), ls.SGD(learning_rate=0.01), shape=(40, 40), n_steps=300)
    >>> len(b.minima), b.labels.shape, b.summary[0].shares[Outcome.MINIMUM]
    (4, (1, 40, 40), 1.0)
    """
    canvas = _canvas(surface, optimizers, shape, n_steps)
    with counting(canvas.n_starts, tr("basins"), progress) as count:
        *_, last = _refine(canvas, None, a_schedule(schedule), executor, seed, threshold, count)
    return last.basins


def refine_basins(
    surface: Surface | str,
    optimizers: Optimizer | str | Sequence[Optimizer | str],
    shape: tuple[int, int] = (300, 300),
    n_steps: int = 1000,
    schedule: Schedule | Callable[[int], float] | str | None = None,
    executor: Executor | None = None,
    *,
    seed: int = 0,
    threshold: float = SMALL_GRADIENT,
    coarsest: int | None = COARSEST,
) -> Iterator[Refinement]:
    """Yield maps as ``basins`` makes them, a coarse one first and the whole one last.

    A coarser map has every 2nd, 4th, ... pixel of the whole one; what it computed is not computed again. It is yielded
    anew after each optimizer, so that progress can be told; whoever stops asking stops the work. The first has about
    ``coarsest`` pixels on its longer side (``None``: the whole map at once).
    """
    canvas = _canvas(surface, optimizers, shape, n_steps)
    return _refine(canvas, coarsest, a_schedule(schedule), executor, seed, threshold)


def _canvas(
    surface: Surface | str,
    optimizers: Optimizer | str | Sequence[Optimizer | str],
    shape: tuple[int, int],
    n_steps: int,
) -> _Canvas:
    surface, listed = a_surface(surface), optimizers_of(optimizers)
    nx, ny = _checked(surface, listed, shape)
    return _Canvas(surface, listed, nx, ny, whole("n_steps", n_steps))


def cost_of_basins(surface: Surface, optimizers: Sequence[Optimizer], shape: tuple[int, int], n_steps: int) -> Demand:
    """Return what ``basins`` takes."""
    pixels = shape[0] * shape[1]
    moves = n_steps * sum(of_ensemble_step(surface, one, pixels) for one in optimizers)
    return Demand(moves, _PER_PIXEL * pixels * len(optimizers) + 3 * n_steps)


def _checked(surface: Surface, optimizers: Sequence[Optimizer], shape: tuple[int, int]) -> tuple[int, int]:
    if surface.n_dims != 2:
        raise ValueError(
            tr(
                "a map of basins needs a surface of two dimensions; {surface} has {n_dims}",
                surface=surface.title,
                n_dims=surface.n_dims,
            )
        )
    if not optimizers:
        raise ValueError(tr("a map of basins needs at least one optimizer"))
    if len(shape) != 2:
        raise ValueError(tr("shape is the number of pixels along (x, y), not {shape!r}", shape=shape))
    nx, ny = (whole(tr("pixels a side"), n) for n in shape)
    if min(nx, ny) < 2:
        raise ValueError(tr("a map of basins has at least 2 × 2 pixels, not {nx} × {ny}", nx=nx, ny=ny))
    if nx * ny * len(optimizers) > MAX_PIXELS:
        raise ValueError(
            trn(
                "{nx:,} × {ny:,} pixels for {n} optimizer are {starts:,} starts; a map of basins has at most {most:,}",
                "{nx:,} × {ny:,} pixels for {n} optimizers are {starts:,} starts; a map of basins has at most {most:,}",
                len(optimizers),
                nx=nx,
                ny=ny,
                starts=nx * ny * len(optimizers),
                most=MAX_PIXELS,
            )
        )
    return nx, ny


def in_order(points: Sequence[CriticalPoint], chosen: Sequence[int], same: float) -> list[int]:
    """Return which points are ``chosen``, the lowest first, those of one height from left to right and up.

    Heights and places that differ by rounding alone, places by less than ``same``, count as the same: else the numbers
    of minima of one height would change with the run that came to them.
    """
    left: dict[int, tuple[float, float]] = {i: (round(points[i].x[0] / same), points[i].x[1]) for i in chosen}
    rising = sorted(chosen, key=lambda i: points[i].value)
    levels: list[list[int]] = []
    for i in rising:
        if levels and points[i].value - points[levels[-1][0]].value <= SAME_HEIGHT * max(1.0, abs(points[i].value)):
            levels[-1].append(i)
        else:
            levels.append([i])
    return [i for level in levels for i in sorted(level, key=left.__getitem__)]


class _Canvas:
    """The whole map while it fills."""

    def __init__(self, surface: Surface, optimizers: tuple[Optimizer, ...], nx: int, ny: int, n_steps: int) -> None:
        self.surface, self.optimizers, self.n_steps = surface, optimizers, n_steps
        self.x, self.y = surface.domain.axes((nx, ny))
        size = (len(optimizers), ny, nx)
        self.reached = np.full(size, -1, dtype=np.int64)
        self.codes = np.full(size, OUTCOMES.index(Outcome.UNDEFINED))
        self.steps = np.zeros(size, dtype=np.int64)
        self.met = Met(surface)

    @property
    def n_starts(self) -> int:
        """All pixels, for each optimizer."""
        return len(self.x) * len(self.y) * len(self.optimizers)

    def starts(self, rows: Whole, columns: Whole) -> Array:
        """Return the starts of these pixels, (S, 2)."""
        return np.stack([self.x[columns], self.y[rows]], axis=-1)

    def put(self, number: int, rows: Whole, columns: Whole, ends: Ensemble) -> None:
        """Enter where the starts of these pixels ended under an optimizer."""
        diagonal = self.surface.domain.diagonal
        radii = [(_SAME_DEGENERATE if p.kind == "degenerate" else _SAME) * diagonal for p in ends.critical_points]
        places = [self.met.place(p, r) for p, r in zip(ends.critical_points, radii, strict=True)]
        place = np.array([*places, -1])
        self.reached[number, rows, columns] = place[ends.reached]
        self.codes[number, rows, columns] = ends.codes
        self.steps[number, rows, columns] = ends.steps

    def view(self, stride: int) -> Basins:
        """Return every ``stride``-th pixel as a map of its own."""
        cut = (slice(None), slice(None, None, stride), slice(None, None, stride))
        codes, reached = self.codes[cut].copy(), self.reached[cut]
        at_minimum = codes == OUTCOMES.index(Outcome.MINIMUM)
        found = self.met.points
        used = in_order(found, np.unique(reached[at_minimum]).tolist(), _SAME * self.surface.domain.diagonal)
        place = np.full(len(found) + 1, -1)
        place[used] = np.arange(len(used))
        return Basins(
            self.surface,
            self.optimizers,
            self.n_steps,
            self.x[::stride],
            self.y[::stride],
            tuple(found[i] for i in used),
            np.where(at_minimum, place[reached], -1),
            codes,
            self.steps[cut].copy(),
        )


def _refine(
    canvas: _Canvas,
    coarsest: int | None,
    schedule: Schedule | None,
    executor: Executor | None,
    seed: int,
    threshold: float,
    count: Count | None = None,
) -> Iterator[Refinement]:
    nx, ny, n_optimizers = len(canvas.x), len(canvas.y), len(canvas.optimizers)
    stride = 1
    while coarsest is not None and max(nx, ny) > coarsest * stride and min(nx, ny) > 2 * stride:
        stride *= 2
    done, total = 0, canvas.n_starts
    shown: Basins | None = None
    fresh = np.ones((ny, nx), dtype=bool)
    while stride >= 1:
        rows, columns = (stride * part for part in np.nonzero(fresh[::stride, ::stride]))
        starts = canvas.starts(rows, columns)
        for number, optimizer in enumerate(canvas.optimizers):
            try:
                with nullcontext() if count is None else count.part(len(rows), optimizer.label):
                    ends = ensemble(
                        canvas.surface,
                        optimizer,
                        starts,
                        canvas.n_steps,
                        schedule,
                        executor,
                        seed=seed,
                        threshold=threshold,
                    )
            except EnsembleError as error:
                canvas.put(number, rows, columns, error.partial)
                raise BasinsError(
                    tr("{optimizer}: {problem}", optimizer=optimizer.title, problem=error), canvas.view(stride)
                ) from error
            canvas.put(number, rows, columns, ends)
            done += len(rows)
            if shown is not None and number < n_optimizers - 1:
                yield Refinement(shown, done, total)
        fresh[rows, columns] = False
        shown = canvas.view(stride)
        yield Refinement(shown, done, total)
        stride //= 2
