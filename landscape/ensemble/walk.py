"""Many starts through many steps by a compiled kernel; only where and how each one ends is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landscape import stopping
from landscape.descent.outcome import quarters
from landscape.ensemble.kernels import GROUP, Loop, loop_of
from landscape.ensemble.layout import CLOCK, NORM, QUIET, STATE, TICK, VALUE, Block, X, knows_time
from landscape.ensemble.threads import run_all
from landscape.language import tr
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.surfaces.base import Array, Surface

Whole = NDArray[np.int64]

# Steps between two looks at which starts are done: few at first, where most that diverge do.
_FIRST_STRETCH = 16
_LONGEST_STRETCH = 128

_ROOM = 2**17  # numbers in the blocks that a thread works on at once: 1 MB, which stays in its cache

_THERE = -1  # the last step of a start that is written where it ended


@dataclass(frozen=True, eq=False)
class Ends:
    """The last finite point of each start with value and gradient norm, and when it came there.

    ``last`` (S,) is the number of that step. ``quiet_from`` (S,) is the step from which on the gradient norm stayed
    below the threshold up to the end, ``last + 1`` where it was not below it there. ``quarter_values`` (S, 3) are the
    values after the steps of ``outcome.quarters``, NaN where a start was no longer finite by then.
    """

    points: Array
    values: Array
    gradient_norms: Array
    last: Whole
    quiet_from: Whole
    quarter_values: Array

    @classmethod
    def empty(cls, n_starts: int, n_dims: int) -> Ends:
        """Return room for so many starts; what it holds is not set, as in ``numpy.empty``."""
        # One piece of memory, which the system gives in large pages: a cheap walk feels the small ones.
        widths = (n_dims, 1, 1, 1, 1, 3)
        edges = n_starts * np.cumsum([0, *widths])
        room = np.empty(edges[-1])
        points, values, norms, last, quiet, quarter_values = (room[first:end] for first, end in pairwise(edges))
        return cls(
            points.reshape(n_starts, n_dims), values, norms, last.view(np.int64), quiet.view(np.int64),
            quarter_values.reshape(n_starts, 3),
        )  # fmt: skip

    @classmethod
    def missing(cls, n_starts: int, n_dims: int) -> Ends:
        """Return NaN for so many starts, and a last step of -1: nothing is known of them."""
        ends = cls.empty(n_starts, n_dims)
        for numbers in (ends.points, ends.values, ends.gradient_norms, ends.quarter_values):
            numbers.fill(np.nan)
        ends.last.fill(-1)
        ends.quiet_from.fill(0)
        return ends

    def part(self, where: slice) -> Ends:
        """Return the room of some of the starts: what is written there is written here."""
        return Ends(**{name: getattr(self, name)[where] for name in _KEPT})

    def put(self, where: slice, other: Ends) -> None:
        """Write the starts of ``other`` to the places ``where``."""
        for name in _KEPT:
            getattr(self, name)[where] = getattr(other, name)


_KEPT = tuple(kept.name for kept in fields(Ends))


def walk(
    loop: Loop,
    optimizer: ElementwiseOptimizer,
    starts: Array,
    rates: Array,
    threshold: float,
    ends: Ends,
    n_threads: int = 1,
) -> None:
    """Take ``starts`` (S, n) through a step for each of ``rates`` (T,) and write where they end into ``ends``.

    Starts that are done drop out: those that are no longer finite, and those at rest for good, where a step changes
    neither the point nor the optimizer's memory and the rule does not know the time. Each thread takes some of the
    starts from their first step to their last: what it works on stays in its cache, and none waits for another.
    """
    walker = _Walk(loop, optimizer, rates, threshold)
    parts = _divided(len(starts), walker.block, n_threads)
    rooms: list[Array] = []  # the blocks of threads that are done with a part: fresh memory is slow at first

    def through(part: slice) -> None:
        room = rooms.pop() if rooms else walker.blocks(part.stop - part.start)
        walker.run(starts[part], ends.part(part), room)
        rooms.append(room)

    run_all(through, parts, n_threads)


def _divided(n_starts: int, block: Block, n_threads: int) -> list[slice]:
    """Divide the starts so that each part has about ``_ROOM`` numbers or fewer, and each thread equally many parts."""
    most, blocks = _ROOM // (block.n_rows * block.stride), -(-n_starts // block.lanes)
    rounds = -(-blocks // (n_threads * max(most, GROUP)))
    size = block.lanes * max(-(-blocks // max(n_threads * rounds, 1)), min(GROUP, max(most, 1)))
    return [slice(first, min(first + size, n_starts)) for first in range(0, n_starts, size)]


class Moment(NamedTuple):
    """All starts after ``step`` steps: ``points`` (S, n), ``values`` and ``norms`` of the gradient (S,).

    ``gone`` (S,) are those that had a number that is not finite by then; what is said of their places means nothing.
    """

    step: int
    points: Array
    values: Array
    norms: Array
    gone: NDArray[np.bool_]


def flow(
    surface: Surface,
    optimizer: ElementwiseOptimizer,
    starts: Array,
    rates: Array,
    looks: Sequence[int],
    n_threads: int = 1,
) -> Iterator[Moment]:
    """Take ``starts`` (S, n) through a step for each of ``rates`` (T,), and yield all of them after each of ``looks``.

    ``looks`` are numbers of steps, rising, T at the most. Nothing but the present place of each start is held.
    """
    loop = loop_of(surface, optimizer)
    if loop is None:
        raise TypeError(tr("{surface!r} goes through NumPy, where nothing flows", surface=surface.name))
    return _Walk(loop, optimizer, rates, np.inf).moments(starts, looks, n_threads)


class _Walk:
    def __init__(self, loop: Loop, optimizer: ElementwiseOptimizer, rates: Array, threshold: float) -> None:
        self.kernel, self.block, self.settings, n_scratch = loop
        self.scratch = n_scratch * self.block.lanes
        self.n_steps = len(rates)
        self.rates = np.append(rates, rates[-1:] if len(rates) else 0.0)  # after the last step it goes on as before
        self.threshold = threshold
        self.hyper = np.array([*optimizer.hyper, 0.0], dtype=float)
        self.constants = (self.settings.ctypes.data, self.hyper.ctypes.data, self.rates.ctypes.data)
        changes = np.flatnonzero(np.diff(rates))
        steady = int(changes[-1]) + 1 if len(changes) else 0
        self.settles_from = self.n_steps if knows_time(type(optimizer)) else steady

    def run(self, starts: Array, ends: Ends, room: Array) -> None:
        """Write where the starts end; ``room`` are blocks for so many of them or more."""
        last: Whole | None = None  # the last finite step of starts that did not last; all did so far
        who: Whole | None = None  # which start each lane is; none dropped out yet
        n_left = len(starts)
        blocks = self._first(starts, room)
        t, stretch, looks = 0, _FIRST_STRETCH, quarters(self.n_steps)
        ends.quarter_values[:, (looks == 0) & (self.n_steps > 0)] = np.nan  # there is no such step among so few
        while n_left:
            stop = min([*looks[looks > t].tolist(), self.n_steps])
            begin, t = t, t + stretch if t + 2 * stretch < stop else stop
            stretch = min(2 * stretch, _LONGEST_STRETCH)
            self._steps(blocks, begin, t)
            state = self._lanes(blocks, STATE)
            lost = state < 0.0
            any_lost = lost.any()
            for quarter in np.flatnonzero(looks == t):
                values = self._lanes(blocks, VALUE)
                values = (np.where(lost, np.nan, values) if any_lost else values).ravel()
                ends.quarter_values[slice(None) if who is None else who, quarter] = values[:n_left]
            done = state != 0.0 if t >= self.settles_from else lost
            if t < self.n_steps and 4 * np.count_nonzero(done) < done.size:
                continue  # compacting the blocks would cost more than it saves
            if t == self.n_steps and who is None and not any_lost:
                self._write(ends, slice(None), blocks, slice(n_left), t)
                return
            lost, done = lost.ravel()[:n_left], done.ravel()[:n_left] | (t == self.n_steps)
            who = np.arange(n_left) if who is None else who
            if any_lost:  # a clock of -1 has never run: not even the start was finite
                clock = np.maximum(self._numbers(blocks, CLOCK)[:n_left][lost], 0)
                last = np.full(len(starts), _THERE) if last is None else last
                last[who[lost]] = clock % TICK
            arrived, stay = np.flatnonzero(done & ~lost), np.flatnonzero(~done)
            self._write(ends, who[arrived], blocks, arrived, self.n_steps)
            ends.quarter_values[np.ix_(who[arrived], looks > t)] = ends.values[who[arrived], None]
            ends.quarter_values[np.ix_(who[lost], looks > t)] = np.nan
            who, n_left, blocks = who[stay], len(stay), self._chosen(blocks, stay)
        if last is not None:
            self._replay(starts, last, ends)

    def moments(self, starts: Array, looks: Sequence[int], n_threads: int) -> Iterator[Moment]:
        """Yield all starts after each of so many steps."""
        blocks, t = self._first(starts, self.blocks(len(starts))), 0

        def row(number: int) -> Array:
            return self._numbers(blocks, number)[: len(starts)]

        size = max(-(-len(blocks) // n_threads), GROUP)
        pieces = [blocks[first : first + size] for first in range(0, len(blocks), size)]
        for look in looks:
            run_all(partial(self._steps, begin=t, end=look), pieces, n_threads)
            t = look
            points = self._numbers(blocks, self.block.coordinates)[: len(starts)]
            yield Moment(t, points, row(VALUE), row(NORM), row(STATE) < 0.0)

    def _steps(self, blocks: Array, begin: int, end: int) -> None:
        stopping.check()
        scratch = np.empty(self.scratch)
        self.kernel(blocks.ctypes.data, scratch.ctypes.data, *self.constants, begin, end, len(blocks), self.threshold)

    def _replay(self, starts: Array, last: Whole, ends: Ends) -> None:
        """Take those that did not last again to their last finite step: the kernel went on and forgot it."""
        who = np.flatnonzero(last != _THERE)
        lanes = np.arange(len(who))
        blocks, t = self._first(starts[who], self.blocks(len(who))), 0
        for step in np.unique(last[who]).tolist():
            self._steps(blocks, t, step)
            t = step
            there = last[who] == step
            self._write(ends, who[there], blocks, lanes[there], step)
            who, lanes = who[~there], lanes[~there]
            if 2 * len(who) < len(blocks) * self.block.lanes:
                blocks, lanes = self._chosen(blocks, lanes), np.arange(len(who))

    def blocks(self, n_starts: int) -> Array:
        """Return blocks with room for so many starts; what they hold is not set."""
        return np.empty((-(-n_starts // self.block.lanes), self.block.n_rows, self.block.stride))

    def _first(self, starts: Array, room: Array) -> Array:
        """Return the first of these blocks, with the starts before their first step."""
        blocks = room[: -(-len(starts) // self.block.lanes)]
        blocks[:, X:] = 0.0
        self._fill(blocks, self.block.coordinates, starts)
        blocks[:, CLOCK] = -1.0
        return blocks

    def _chosen(self, blocks: Array, lanes: Whole) -> Array:
        """Return new blocks of these lanes only."""
        chosen = self.blocks(len(lanes))
        kept = slice(CLOCK, None)  # what comes before it is written anew by every call
        self._fill(chosen, kept, self._numbers(blocks, kept)[lanes])
        return chosen

    def _write(self, ends: Ends, where: Whole | slice, blocks: Array, lanes: Whole | slice, step: int) -> None:
        """Write to the places ``where`` of ``ends`` what these lanes hold after ``step``."""
        ends.points[where] = self._numbers(blocks, self.block.coordinates)[lanes]
        ends.values[where] = self._numbers(blocks, VALUE)[lanes]
        ends.gradient_norms[where] = self._numbers(blocks, NORM)[lanes]
        ends.last[where] = step
        ends.quiet_from[where] = self._numbers(blocks, QUIET)[lanes]  # cut to a whole number

    def _lanes(self, blocks: Array, row: int) -> Array:
        """Return one row of all blocks, (blocks, lanes)."""
        return blocks[:, row, : self.block.lanes]

    def _numbers(self, blocks: Array, rows: int | slice) -> Array:
        """Return one row, (lanes,), or some, (lanes, rows), of all blocks."""
        taken = blocks[:, rows, : self.block.lanes]
        return taken.ravel() if taken.ndim == 2 else taken.swapaxes(1, 2).reshape(-1, taken.shape[1])

    def _fill(self, blocks: Array, rows: slice, numbers: Array) -> None:
        """Write ``numbers`` (S, rows) to these rows of all blocks; the last one fills up the last block."""
        lanes = self.block.lanes
        whole, over = divmod(len(numbers), lanes)
        blocks[:whole, rows, :lanes] = numbers[: whole * lanes].reshape(whole, lanes, numbers.shape[1]).swapaxes(1, 2)
        if over:
            blocks[whole, rows, :lanes] = numbers[-1][:, None]
            blocks[whole, rows, :over] = numbers[whole * lanes :].T
