"""The source of the kernel of a surface that is sweeps over its coordinates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from landscape.ensemble.layout import CLOCK, NORM, QUIET, STATE, TICK, VALUE, X, hyperparameters, knows_time, tupled
from landscape.ensemble.recorded import CODE
from landscape.ensemble.sweeps import Stretch, Sweeps
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.surfaces.base import Array

LANES = 32
"""Starts in a block. A coordinate of all is few vectors, so that a block of many coordinates stays in the cache, and
enough of them that what LLVM asks before a loop (whether arrays overlap) takes no time."""


class SweepSource:
    """Writes the kernel, and what it takes: its ``settings`` and how many rows of ``scratch``."""

    def __init__(self, sweeps: Sweeps, optimizer: ElementwiseOptimizer) -> None:
        self.sweeps, self.optimizer = sweeps, optimizer
        self.width = 1 + optimizer.n_slots
        self.rows: dict[object, int] = {}  # what lies in the rows of scratch
        level = sweeps.level
        self.of_sum = [
            max(level[k] for s in sweeps.stretches for k in s.reduced.get(r, ())) for r in range(len(sweeps.reductions))
        ]
        self.last = max([*self.of_sum, *(level[k] for s in sweeps.stretches for k in s.gradient)])
        self.back = max((-of[0] for kind, *of in sweeps.terms if kind == "x"), default=0)
        self.text = "\n".join(self._lines()) + "\n"

    @property
    def n_scratch(self) -> int:
        """How many rows of scratch the kernel writes."""
        return len(self.rows)

    @property
    def settings(self) -> Array:
        """What the kernel is given: rows of a block, stretches, numbers, and the tables with where they begin."""
        s = self.sweeps
        head = [X + s.n_dims * self.width, *(u for stretch in s.stretches for u in (stretch.first, stretch.turns))]
        begin = len(head) + len(s.numbers) + len(s.tables) + np.cumsum([0, *map(len, s.tables)])
        return np.concatenate([head, s.numbers, begin[:-1], *s.tables]).astype(float)

    def _lines(self) -> Iterator[str]:
        s, timely = self.sweeps, knows_time(type(self.optimizer))
        yield "def kernel(blocks, scratch, settings, hyper, rates, first, last, n_blocks, threshold):"
        yield f"    h = {hyperparameters(self.optimizer)}"
        yield "    limit = threshold * threshold"
        yield "    size = int(settings[0])"
        names = [f"{name}{k}" for k in range(len(s.stretches)) for name in ("first", "turns")]
        names += [f"p{k}" for k in range(len(s.numbers))] + [f"table{k}" for k in range(len(s.tables))]
        for k, name in enumerate(names, 1):
            yield f"    {name} = settings[{k}]" if name[0] == "p" else f"    {name} = int(settings[{k}])"
        yield "    for block in range(n_blocks):"
        yield f"        start = block * size * {LANES}"
        yield "        for t in range(first, last):"
        yield "            now = float(t)"
        yield f"            loud = (now + 1.0) * {TICK!r} + now"
        yield "            rate = rates[t]"
        yield from (f"            {line}" for line in self._sweeps(step=True))
        yield from (f"            {line}" for line in self._lanes([
            *self._finish(),
            f"clock = {self._row(CLOCK)}",
            "quiet = clock + 1.0 if q < limit else loud",
            f"{self._row(CLOCK)} = quiet if q < np.inf else clock",
            f"{self._row(X)} = {self._row(X)} if q < np.inf else np.nan",
        ]))  # fmt: skip
        yield "        now = float(last)"
        yield "        rate = rates[last]"
        yield from (f"        {line}" for line in self._sweeps(step=False))
        yield from (f"        {line}" for line in self._lanes([
            *self._finish(),
            "norm = np.sqrt(q)",
            f"quiet = max({self._row(CLOCK)}, 0.0) * {1 / TICK!r}",
            f"{self._row(VALUE)} = value",
            f"{self._row(NORM)} = norm",
            f"{self._row(QUIET)} = quiet if norm < threshold else last + 1.0",
            f"{self._row(STATE)} = {'0.0' if timely else self.scratch('rest')} if q < np.inf else -1.0",
        ]))  # fmt: skip

    def _lanes(self, lines: list[str]) -> Iterator[str]:
        if lines:
            yield f"for i in range({LANES}):"
            yield from (f"    {line}" for line in lines)

    def _row(self, number: int) -> str:
        return f"blocks[start + {number * LANES} + i]"

    def scratch(self, *what: object) -> str:
        """Return the row of scratch for this."""
        return f"scratch[{self.rows.setdefault(what, len(self.rows)) * LANES} + i]"

    def _finish(self) -> list[str]:
        """Return the lines that tell the value and the squared gradient norm, NaN or infinite where anything is."""
        body = _Body(self)
        value = body.name(self.sweeps.value)
        return [*body.lines, f"value = {value}", f"q = {self.scratch('q')} + 0.0 * value"]

    def _sweeps(self, step: bool) -> Iterator[str]:
        """Yield all sweeps; with ``step`` the last one moves the points, else it tells which are at rest."""
        s = self.sweeps
        begin = [f"{self.scratch('sum', r)} = {_NEUTRAL[name]}" for r, name in enumerate(s.reductions)]
        yield from self._lanes([*begin, f"{self.scratch('q')} = 0.0", f"{self.scratch('rest')} = 1.0"])
        for level in range(self.last + 1):
            bodies = [self._turn(stretch, level, step) for stretch in s.stretches]
            ahead = _Body(self)
            needed = dict.fromkeys(k for body in bodies for k in body.hoisted)
            made = [f"{self.scratch('term', k)} = {ahead.name(k)}" for k in needed]
            yield from self._lanes([*ahead.lines, *made])
            for number, body in enumerate(bodies):
                if body.lines:
                    yield f"for turn in range(turns{number}):"
                    yield f"    at = start + ({X} + (first{number} + turn * {s.unit}) * {self.width}) * {LANES}"
                    yield from (f"    {line}" for line in body.ahead)
                    yield from (f"    {line}" for line in self._lanes(body.lines))

    def _turn(self, stretch: Stretch, level: int, step: bool) -> _Body:
        """Return what a turn of a stretch does in the sweep of this number: all is read before anything is written."""
        s, last = self.sweeps, level == self.last
        back = self.back if last and step else 0
        body, after = _Body(self, turn=True, back=back > 0), []
        for r, terms in stretch.reduced.items():
            if self.of_sum[r] == level:
                sign = {"add": " + ", "multiply": " * "}[s.reductions[r]]
                row = self.scratch("sum", r)
                after.append(f"{row} = {row}{sign}({sign.join(map(body.name, terms))})")
        if last:
            gradient = [body.name(term) for term in stretch.gradient]
            squares = " + ".join(f"{g} * {g} + 0.0 * {body.x(k)}" for k, g in enumerate(gradient))
            after.append(f"{self.scratch('q')} = {self.scratch('q')} + ({squares})")
            for j in range(1, back + 1):
                after.append(f"{self.scratch('back', j)} = {body.x(s.unit - j)}")
            for k, g in enumerate(gradient):
                after += self._move(k, body.x(k), g) if step else self._compare(k, body.x(k), g)
        body.lines += after
        return body

    def _slots(self, k: int) -> list[str]:
        """Return coordinate ``k`` of a turn and its slots, where they lie."""
        return [f"blocks[at + {(k * self.width + slot) * LANES} + i]" for slot in range(self.width)]

    def _new(self) -> list[str]:
        return ["y", *(f"s[{slot}]" for slot in range(self.width - 1))]

    def _move(self, k: int, x: str, g: str) -> list[str]:
        old = self._slots(k)
        rule = f"y, s = rule({x}, {g}, now + 1.0, rate, {tupled(old[1:])}, h)"
        return [rule, *(f"{row} = {name}" for row, name in zip(old, self._new(), strict=True))]

    def _compare(self, k: int, x: str, g: str) -> list[str]:
        """Return the lines that tell whether one more step would change the coordinate or its slots."""
        if knows_time(type(self.optimizer)):
            return []
        old, rest = [x, *self._slots(k)[1:]], self.scratch("rest")
        same = [f"rest = rest if {new} == {was} else 0.0" for new, was in zip(self._new(), old, strict=True)]
        rule = f"y, s = rule({x}, {g}, now + 1.0, rate, {tupled(old[1:])}, h)"
        return [rule, f"rest = {rest}", *same, f"{rest} = rest"]


class _Body:
    """The lines of a loop over the lanes, in which each term is computed once.

    In a ``turn`` of a loop over coordinates those that are one number for the point are read; they are ``hoisted``,
    and so are constants, in the lines ``ahead`` of the lanes. With ``back`` coordinates that were already moved are
    read from where they were kept.
    """

    def __init__(self, source: SweepSource, turn: bool = False, back: bool = False) -> None:
        self.source, self.turn, self.back = source, turn, back
        self.names: dict[object, str] = {}
        self.ahead: list[str] = []
        self.lines: list[str] = []
        self.hoisted: list[int] = []

    def name(self, k: int) -> str:
        """Return the name, or the code, of a term, after the lines that make it."""
        kind, *of = self.source.sweeps.terms[k]
        if kind == "x":
            return self.x(of[0])
        if kind == "written":
            return of[0]
        if kind == "number":
            return f"p{of[0]}"
        if kind == "table":
            return self._once(k, f"c{of[0]}", f"settings[table{of[0]} + turn]", self.ahead)
        if kind == "reduced":
            return self._once(k, f"sum{of[0]}", self.source.scratch("sum", of[0]), self.lines)
        if self.turn and self.source.sweeps.whole[k]:
            if k not in self.names:
                self.hoisted.append(k)
            return self._once(k, f"w{k}", self.source.scratch("term", k), self.lines)
        return self._once(k, f"v{k}", CODE[kind].format(*map(self.name, of)), self.lines)

    def x(self, ahead: int) -> str:
        """Return the name of the coordinate so many places on."""
        if ahead < 0 and self.back:
            return self._once(("x", ahead), f"b{-ahead}", self.source.scratch("back", -ahead), self.lines)
        name = f"x{ahead}" if ahead >= 0 else f"b{-ahead}"
        return self._once(("x", ahead), name, f"blocks[at + {ahead * self.source.width * LANES} + i]", self.lines)

    def _once(self, key: object, name: str, code: str, lines: list[str]) -> str:
        if key not in self.names:
            self.names[key] = name
            lines.append(f"{name} = {code}")
        return name


_NEUTRAL = {"add": "0.0", "multiply": "1.0"}
