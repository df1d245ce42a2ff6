"""Fair comparison: what every optimizer reaches with the same gradients over one grid of learning rates."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.descent import descend
from landscape.descent.outcome import blows_up, climbs, quarters
from landscape.ensemble import ensemble
from landscape.language import mark, tr, trn
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.optimizers.perturbed import PerturbedGD
from landscape.picture.numbers import typeset
from landscape.progress import Progress, counting
from landscape.recipe.cost import Demand, of_ensemble_step, of_step
from landscape.recipe.given import a_schedule, a_surface, optimizers_of, whole
from landscape.recipe.starts import Starts, start_points
from landscape.surfaces.base import Array, Surface

if TYPE_CHECKING:
    from landscape.optimizers.schedules import Schedule

MEMORIES = ("momentum", "b1")
"""Fields that say which share of the past gradients an optimizer keeps; the first that it has is swept."""

MOST_RATES = 400

_PER_STEP = 8  # numbers of a recorded step beside its point
_PER_DESCENT = 250_000.0  # work before the first step, some two milliseconds


LOST_FROM = {
    "diverges": mark("diverges from {rate}"),
    "breaks off": mark("breaks off from {rate}"),
    "diverges or breaks off": mark("diverges or breaks off from {rate}"),
}
"""What is said of an optimizer that is lost from a learning rate on, by ``Tuning.ways_lost``."""

_LOST_AT_ALL = {
    "diverges": mark("none: it diverges at every rate"),
    "breaks off": mark("none: it breaks off at every rate"),
    "diverges or breaks off": mark("none: it diverges or breaks off at every rate"),
}


@dataclass(frozen=True, eq=False)
class Tuning:
    """Loss after ``n_steps`` gradients' worth of questions for every optimizer and learning rate of one grid.

    ``losses`` (optimizers, rates) are medians over the starts; infinity where the median start was lost.
    ``diverged`` (optimizers, rates) is the share of starts that diverged, ``broke_off`` (optimizers, rates) of those
    that a step led to where the surface has no value: both are lost. ``left`` (optimizers, rates) is the share that
    ended outside the domain otherwise: a loss there may say only that the surface falls without end. ``maps`` holds for
    each optimizer the losses (memories, rates) over the grid ``memories`` of its own field ``memory_of``, or ``None``
    where it has no such field or none was asked for.
    """

    surface: Surface
    optimizers: tuple[Optimizer, ...]
    starts: Array = field(repr=False)
    n_steps: int
    learning_rates: Array = field(repr=False)
    losses: Array = field(repr=False)
    diverged: Array = field(repr=False)
    broke_off: Array = field(repr=False)
    left: Array = field(repr=False)
    memories: Array = field(repr=False)
    maps: tuple[Array | None, ...] = field(repr=False)
    schedule: Schedule | None = None
    seed: int = 0

    def best(self, index: int) -> int | None:
        """Return the place in the grid of the best rate of an optimizer, the smallest of equals; else ``None``.

        ``None`` stands for an optimizer whose median start was lost at every rate.
        """
        place = int(np.argmin(self.losses[index]))
        return place if math.isfinite(self.losses[index, place]) else None

    def best_cell(self, index: int) -> tuple[int, int] | None:
        """Return the places (memory, rate) of the lowest loss in the map of an optimizer, where there is one."""
        losses = self.maps[index]
        if losses is None or not np.isfinite(losses).any():
            return None
        row, column = np.unravel_index(int(np.argmin(losses)), losses.shape)
        return int(row), int(column)

    def lost_from(self, index: int) -> float | None:
        """Return the rate from which on the median start is lost up to the end of the grid, or ``None``."""
        finite = np.flatnonzero(np.isfinite(self.losses[index]))
        first = int(finite[-1]) + 1 if len(finite) else 0
        return float(self.learning_rates[first]) if first < len(self.learning_rates) else None

    def ways_lost(self, index: int) -> str:
        """Return what starts of an optimizer do at the rates where the median one is lost, a key of ``LOST_FROM``.

        "" stands for an optimizer that is lost at none.
        """
        lost = ~np.isfinite(self.losses[index])
        ways = {"diverges": self.diverged, "breaks off": self.broke_off}
        return " or ".join(word for word, shares in ways.items() if shares[index, lost].any())

    def tuned(self) -> tuple[Optimizer, ...]:
        """Return the optimizers at their best rates; as it was where one was lost at every rate."""
        places = [self.best(index) for index in range(len(self.optimizers))]
        return tuple(
            one if place is None else dataclasses.replace(one, learning_rate=float(self.learning_rates[place]))
            for one, place in zip(self.optimizers, places, strict=True)
        )

    @property
    def words(self) -> str:
        """What each optimizer had to spend, and at which rates."""
        low, high = (typeset(f"{rate:.4g}") for rate in self.learning_rates[[0, -1]])
        spent = trn(
            "For every optimizer {n} gradient from each start, at {rates} learning rates from {low} to {high}.",
            "For every optimizer {n} gradients from each start, at {rates} learning rates from {low} to {high}.",
            self.n_steps,
            rates=len(self.learning_rates),
            low=low,
            high=high,
        )
        if all(map(asks_for_gradients_only, self.optimizers)):
            return spent
        dearer = tr(
            "Who asks for more takes fewer steps: a Hessian costs {hessian}, a product with it 1.",
            hessian=self.surface.n_dims,
        )
        return f"{spent} {dearer}"

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Return a head, and for each optimizer in words its best learning rate and from where on it is lost."""
        rows = []
        for index, one in enumerate(self.optimizers):
            best, gone, how = self.best(index), self.lost_from(index), self.ways_lost(index)
            rate, loss, too_large = "–", "–", "–"
            if best is None:
                rate = tr(_LOST_AT_ALL[how])
            else:
                rate = typeset(f"{self.learning_rates[best]:.3g}")
                loss = typeset(f"{self.losses[index, best]:.3g}")
                if self.left[index, best] > 0.5:
                    loss = tr("{loss} (outside the picture)", loss=loss)
            if gone is not None:
                too_large = tr(LOST_FROM[how], rate=typeset(f"{gone:.3g}"))
            rows.append([one.title, rate, loss, too_large])
        return [tr("optimizer"), tr("best learning rate"), tr("loss there"), tr("too large")], rows

    def recipe(self) -> dict[str, Any]:
        """Return what was compared as plain JSON data."""
        return {
            "surface": self.surface.recipe(),
            "optimizers": [one.recipe() for one in self.optimizers],
            "from": self.starts.tolist(),
            "n_steps": self.n_steps,
            "learning_rates": self.learning_rates.tolist(),
            "memories": self.memories.tolist(),
            "schedule": None if self.schedule is None else self.schedule.recipe(),
            "seed": self.seed,
        }


def default_rates() -> Array:
    """Return 25 learning rates from 1e-4 to 1, six a decade."""
    return np.geomspace(1e-4, 1.0, 25)


def memory_of(optimizer: Optimizer) -> str | None:
    """Return the name of the field that ``other`` sweeps (momentum, or Adam's b1), ``None`` where it has none.

    >>> import landscape as ls
    >>> memory_of(ls.Momentum()), memory_of(ls.Adam()), memory_of(ls.SGD())
    ('momentum', 'b1', None)
    """
    names = [p.name for p in optimizer.parameters]
    return next((name for name in MEMORIES if name in names), None)


def tuning(
    surface: Surface | str,
    optimizers: Optimizer | str | Sequence[Optimizer | str],
    starts: Starts | ArrayLike,
    n_steps: int,
    learning_rates: ArrayLike | None = None,
    other: ArrayLike | None = None,
    schedule: Schedule | Callable[[int], float] | str | None = None,
    *,
    seed: int = 0,
    progress: Progress = None,
) -> Tuning:
    """Descend with every optimizer at every learning rate of one grid, ``n_steps`` gradients each from every start.

    An optimizer that asks for more than a gradient a step takes fewer steps: as many as ``n_steps`` gradients pay for,
    where a Hessian-vector product costs one and a Hessian n (``Trajectory.last_within``).

    ``learning_rates`` (25 from 1e-4 to 1 unless told) replace the optimizers' own; all else about them stays.
    ``other`` are values of momentum, or of ``b1`` where an optimizer has that: with it ``maps`` are computed as well.
    ``progress`` is told each rate (``landscape.progress``).
    A start has diverged where its loss blew up (``landscape.descent.outcome.blows_up``) before loss or gradient became
    infinite or NaN, or where it ended outside the domain and climbs (``landscape.descent.outcome.climbs``). Where loss
    or gradient became infinite or NaN otherwise it broke off.

    Raises ``ValueError`` for an empty, unsorted or non-positive grid, for starts where the surface has no finite value
    or gradient, and for a budget that does not pay for a first step.

    >>> import landscape as ls
    >>> t = tuning(ls.surface("sphere"), [ls.SGD()], [[1.0, 1.0]], 20, learning_rates=[0.01, 0.1, 10.0])
    >>> t.best(0), t.lost_from(0), t.ways_lost(0)
    (1, 10.0, 'diverges')
    """
    surface, chosen, schedule = a_surface(surface), optimizers_of(optimizers), a_schedule(schedule)
    n_steps = whole("n_steps", n_steps, 1)
    if not chosen:
        raise ValueError(tr("a comparison needs at least one optimizer"))
    rates = _grid("learning_rates", default_rates() if learning_rates is None else learning_rates)
    if rates[0] <= 0:
        raise ValueError(tr("learning_rates must be above 0, not {rate:g}", rate=rates[0]))
    memories = np.zeros(0) if other is None else _grid("other", other)
    x = start_points(surface, starts)
    with np.errstate(all="ignore"):
        values, gradients = surface.value_and_gradient(x)
    no_value = mark("start {start}: the surface has no finite value there")
    no_gradient = mark("start {start}: the surface has no finite gradient there")
    for wrong, numbers in ((no_value, values), (no_gradient, np.linalg.norm(gradients, axis=-1))):
        bad = np.flatnonzero(~np.isfinite(numbers))
        if len(bad):
            raise ValueError(tr(wrong, start=int(bad[0])))

    def row(one: Optimizer) -> Array:
        losses_and_shares = np.empty((4, len(rates)))
        for k, rate in enumerate(rates.tolist()):
            at_rate = dataclasses.replace(one, learning_rate=rate)
            with told.part(what=one.label):
                if asks_for_gradients_only(one):
                    ends = ensemble(surface, at_rate, x, n_steps, schedule, seed=seed)
                    broke, taken, points = ends.last < n_steps, np.full(len(x), n_steps), ends.points
                    losses, between = ends.values, ends.quarter_values
                else:
                    broke, taken, points, losses, between = _within_budget(surface, at_rate, x, n_steps, schedule, seed)
            grew, outside = climbs(surface, taken, values, between, losses), ~surface.domain.contains(points)
            diverged = np.where(broke, blows_up(values, losses), grew & outside)
            lost = broke | diverged
            median = np.median(np.where(lost, np.inf, losses))
            losses_and_shares[:, k] = median, diverged.mean(), (broke & ~diverged).mean(), (outside & ~lost).mean()
        return losses_and_shares

    def over_memories(one: Optimizer) -> Array | None:
        name = memory_of(one)
        if name is None or not len(memories):
            return None
        return np.array([row(dataclasses.replace(one, **{name: value}))[0] for value in memories.tolist()])

    n_rows = sum(1 + (memory_of(one) is not None) * len(memories) for one in chosen)
    with counting(n_rows * len(rates), tr("learning rates"), progress) as told:
        losses, diverged, broke_off, left = np.swapaxes([row(one) for one in chosen], 0, 1)
        maps = tuple(over_memories(one) for one in chosen)
    return Tuning(
        surface,
        chosen,
        x,
        n_steps,
        rates,
        losses,
        diverged,
        broke_off,
        left,
        memories,
        maps,
        schedule,
        seed,
    )


def cost_of_tuning(
    surface: Surface, optimizers: Sequence[Optimizer], n_starts: int, n_steps: int, n_rates: int, n_memories: int
) -> Demand:
    """Return what ``tuning`` takes over so many learning rates and values of ``other``."""
    moves = 0.0
    for one in optimizers:
        descents = n_rates * (1 if memory_of(one) is None else 1 + n_memories)
        if asks_for_gradients_only(one):
            moves += descents * (_PER_DESCENT + n_steps * of_ensemble_step(surface, one, n_starts))
        else:
            moves += descents * (n_steps // 2 + 1) * of_step(surface, one, n_starts)
    return Demand(moves, n_steps * (3 + n_starts * (surface.n_dims + _PER_STEP)))


def asks_for_gradients_only(optimizer: Optimizer) -> bool:
    """Tell whether an optimizer asks for one gradient a step and for nothing else."""
    return isinstance(optimizer, ElementwiseOptimizer | PerturbedGD)


def _within_budget(
    surface: Surface, optimizer: Optimizer, x: Array, budget: int, schedule: Schedule | None, seed: int
) -> tuple[NDArray[np.bool_], NDArray[np.int64], Array, Array, Array]:
    """Return whether each path broke off before ``budget`` was spent, and how many steps were paid for.

    And its point and loss then, and its losses (S, 3) at the quarters of these steps.
    """
    # A step costs two gradients at the least; where it costs one, the path is at rest and asks no more.
    run = descend(surface, optimizer, x, budget // 2 + 1, schedule, seed=seed)
    each, at = np.arange(len(x)), run.last_within(budget)
    dearest = int(run.spent[:, 1].max())
    if dearest > budget:
        raise ValueError(
            tr(
                "{optimizer} asks {needed} gradients for its first step here and cannot take it for {budget}",
                optimizer=optimizer.title,
                needed=dearest,
                budget=budget,
            )
        )
    # The step after the last finite one was paid for, and led to no point.
    broke = (at == run.last) & (run.last < run.n_steps)
    broke[broke] = run.spent[each[broke], run.last[broke] + 1] <= budget
    return broke, at, run.points[each, at], run.values[each, at], run.values[each[:, None], quarters(at)]


def _grid(name: str, values: ArrayLike) -> Array:
    grid = np.array(values, dtype=float)
    if grid.ndim != 1 or not 1 <= len(grid) <= MOST_RATES:
        raise ValueError(
            tr(
                "{argument} must be 1 to {most} numbers in a row, not of shape {shape}",
                argument=name,
                most=MOST_RATES,
                shape=grid.shape,
            )
        )
    if not np.isfinite(grid).all() or np.any(np.diff(grid) <= 0):
        raise ValueError(tr("{argument} must be finite and rise from each to the next", argument=name))
    return grid
