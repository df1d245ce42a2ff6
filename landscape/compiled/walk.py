"""Many starts through many steps by a compiled kernel; only where and how each one ends is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landscape.compiled.kernels import LANES, STRIDE, TICK, Kernel, Rows, kernel, knows_time, rows_of
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.surfaces.base import Array
from landscape.surfaces.formula import Formula

Whole = NDArray[np.int64]

# Steps between two looks at which starts are done: few at first, where most that diverge do.
_FIRST_STRETCH = 16
_LONGEST_STRETCH = 128


@dataclass(frozen=True, eq=False)
class Ends:
    """The last finite point of each start with value and gradient norm, and when it came there.

    ``last`` (S,) is the number of that step. ``quiet_from`` (S,) is the step from which on the gradient norm stayed
    below the threshold up to the end, ``last + 1`` where it was not below it there.
    """

    points: Array
    values: Array
    gradient_norms: Array
    last: Whole
    quiet_from: Whole

    @classmethod
    def empty(cls, n_starts: int, n_dims: int) -> Ends:
        """Return room for so many starts, NaN and 0."""
        nan = np.full(n_starts, np.nan)
        zero = np.zeros(n_starts, dtype=np.int64)
        return cls(np.full((n_starts, n_dims), np.nan), nan, nan.copy(), zero, zero.copy())

    def put(self, where: Whole | slice, other: Ends) -> None:
        """Write the starts of ``other`` to the places ``where``."""
        for name in ("points", "values", "gradient_norms", "last", "quiet_from"):
            getattr(self, name)[where] = getattr(other, name)


def walk(surface: Formula, optimizer: ElementwiseOptimizer, starts: Array, rates: Array, threshold: float) -> Ends:
    """Take ``starts`` (S, n) through a step for each of ``rates`` (T,).

    Starts that are done drop out: those that are no longer finite, and those at rest for good, where neither the
    point nor the optimizer's memory changed in a step and the rule does not know the time.
    """
    return _Walk(surface, optimizer, rates, threshold).run(starts)


class _Walk:
    def __init__(self, surface: Formula, optimizer: ElementwiseOptimizer, rates: Array, threshold: float) -> None:
        self.kernel: Kernel = kernel(surface, optimizer)
        self.rows: Rows = rows_of(surface.n_dims, optimizer.n_slots)
        self.n_dims = surface.n_dims
        self.rates = np.ascontiguousarray(rates, dtype=float)
        self.n_steps = len(rates)
        self.threshold = threshold
        self.settings = np.array([*surface.settings.values(), 0.0], dtype=float)
        self.hyper = np.array([*optimizer.hyper, 0.0], dtype=float)
        self.constants = (self.settings.ctypes.data, self.hyper.ctypes.data, self.rates.ctypes.data)
        changes = np.flatnonzero(np.diff(self.rates))
        steady = int(changes[-1]) + 1 if len(changes) else 0
        self.settles_from = self.n_steps if knows_time(optimizer) else steady

    def run(self, starts: Array) -> Ends:
        """Return where the starts end."""
        ends = Ends.empty(len(starts), self.n_dims)
        last = np.full(len(starts), self.n_steps)
        who = np.arange(len(starts))
        blocks = self._first(starts)
        t, stretch = 0, _FIRST_STRETCH
        while len(who):
            begin, t, stretch = t, min(t + stretch, self.n_steps), min(2 * stretch, _LONGEST_STRETCH)
            settled = self._advance(blocks, begin, t)[: len(who)]
            lost = ~(_row(blocks, self.rows.squared, len(who)) < np.inf)
            done = lost | settled | (t == self.n_steps)
            if 4 * np.count_nonzero(done) < len(who):
                continue  # too few to be worth closing the ranks
            if lost.any():
                last[who[lost]] = np.maximum(_row(blocks, self.rows.clock, len(who))[lost] % TICK, 0)
            arrived = np.flatnonzero(done & ~lost)
            ends.put(who[arrived], self._ends(blocks, arrived, self.n_steps))
            who, stay = who[~done], np.flatnonzero(~done)
            blocks = _chosen(blocks, stay)
        self._replay(starts, last, ends)
        return ends

    def _advance(self, blocks: Array, begin: int, end: int) -> NDArray[np.bool_]:
        """Take all lanes from step ``begin`` to ``end``; tell for each whether it is at rest for good."""
        if begin < self.settles_from or end - begin < 2:
            self._steps(blocks, begin, end)
            return np.zeros(len(blocks) * LANES, dtype=bool)
        self._steps(blocks, begin, end - 1)
        moving = blocks[:, : self.rows.clock, :LANES]
        before = moving.copy()
        self._steps(blocks, end - 1, end)
        return (moving == before).all(axis=1).ravel()

    def _steps(self, blocks: Array, begin: int, end: int) -> None:
        self.kernel(blocks.ctypes.data, *self.constants, begin, end, len(blocks), self.threshold**2)

    def _replay(self, starts: Array, last: Whole, ends: Ends) -> None:
        """Take those that did not last again to their last finite step: the kernel went on and forgot it."""
        who = np.flatnonzero(last < self.n_steps)
        lanes = np.arange(len(who))
        blocks, t = self._first(starts[who]), 0
        for step in np.unique(last[who]).tolist():
            self._steps(blocks, t, step)
            t = step
            there = last[who] == step
            ends.put(who[there], self._ends(blocks, lanes[there], step))
            who, lanes = who[~there], lanes[~there]
            if 2 * len(who) < len(blocks) * LANES:
                blocks, lanes = _chosen(blocks, lanes), np.arange(len(who))

    def _first(self, starts: Array) -> Array:
        blocks = np.zeros((-(-len(starts) // LANES), self.rows.n_rows, STRIDE))
        for d in range(self.n_dims):
            _fill(blocks, d, starts[:, d])
        blocks[:, self.rows.clock] = -1.0
        return blocks

    def _ends(self, blocks: Array, lanes: Whole, step: int) -> Ends:
        """Return what these lanes hold after ``step``."""
        norms = np.sqrt(_row(blocks, self.rows.squared)[lanes])
        clock = np.maximum(_row(blocks, self.rows.clock)[lanes], 0.0)
        quiet_from = np.where(norms < self.threshold, clock // TICK, step + 1).astype(np.int64)
        points = np.stack([_row(blocks, d)[lanes] for d in range(self.n_dims)], axis=-1)
        return Ends(points, _row(blocks, self.rows.value)[lanes], norms, np.full(len(lanes), step), quiet_from)


def _row(blocks: Array, row: int, n_lanes: int | None = None) -> Array:
    """Return one row of all blocks, (lanes,)."""
    return blocks[:, row, :LANES].ravel()[:n_lanes]


def _fill(blocks: Array, row: int, numbers: Array) -> None:
    """Write ``numbers`` (S,) to one row of all blocks; the last one fills up the last block."""
    whole = len(numbers) // LANES
    blocks[:whole, row, :LANES] = numbers[: whole * LANES].reshape(whole, LANES)
    if whole < len(blocks):
        blocks[whole, row, :LANES] = numbers[-1]
        blocks[whole, row, : len(numbers) - whole * LANES] = numbers[whole * LANES :]


def _chosen(blocks: Array, lanes: Whole) -> Array:
    """Return new blocks of these lanes only."""
    chosen = np.empty((-(-len(lanes) // LANES), *blocks.shape[1:]))
    for row in range(blocks.shape[1] - 2):  # value and squared gradient norm are written anew by every call
        _fill(chosen, row, _row(blocks, row)[lanes])
    return chosen
