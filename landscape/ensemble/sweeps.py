"""A recorded surface as loops over its coordinates.

Value and gradient become a few sweeps over the point: each adds up what the next ones need (a sum over all coordinates,
say), and the last one has the gradient, coordinate by coordinate, with which the kernel takes its step at once. A
sweep is cut into stretches in which every coordinate has the same formula, its numbers apart: the source of a kernel
depends neither on how many coordinates there are nor on the settings of the surface.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from landscape.ensemble.recorded import (
    Constant,
    Elementwise,
    Node,
    NotRecorded,
    Pieces,
    Places,
    Point,
    Reduced,
    record,
)
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.callables import Functions
from landscape.surfaces.family import Family

_UNITS = (1, 2, 3, 4)  # coordinates in a turn of a loop: more than one where blocks of so many are alike
_MOST_STRETCHES = 8
_MOST_TERMS = 2000
_DEEPEST = 200
_FARTHEST_BACK = 4
_WRITTEN = {*range(-4, 9), 0.5, -0.5, 0.25}  # numbers that stand in the source; others are settings of the kernel

Term = tuple[Any, ...]
"""A number for each coordinate, or one for the whole point: its kind and what that takes.

("x", k): the coordinate k places on; ("number", k), ("written", u): a constant; ("table", k): one for each turn of a
stretch; ("reduced", k): the sum or product of this number; (an operation of ``recorded.CODE``, terms by their number).
"""


class Stretch(NamedTuple):
    """So many turns of a loop, from a coordinate on, in which all formulas stay the same.

    ``gradient`` are the terms of the coordinates of a turn, ``reduced`` what is added to which sums.
    """

    first: int
    turns: int
    gradient: tuple[int, ...]
    reduced: dict[int, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Sweeps:
    """Value and gradient of a surface as terms, ``value`` and those of the ``stretches``.

    ``level`` says of each term after how many sweeps it can be computed, ``whole`` whether it is one for the point and
    not constant. ``reductions`` are names, "add" or "multiply".
    """

    n_dims: int
    unit: int
    terms: tuple[Term, ...]
    level: tuple[int, ...]
    whole: tuple[bool, ...]
    value: int
    stretches: tuple[Stretch, ...]
    reductions: tuple[str, ...]
    numbers: tuple[float, ...]
    tables: tuple[Array, ...]

    def same_as(self, other: Sweeps | None) -> bool:
        """Tell whether these are the same loops with the same numbers."""
        return (
            other is not None
            and (self.terms, self.value, self.stretches, self.numbers)
            == (other.terms, other.value, other.stretches, other.numbers)
            and all(map(np.array_equal, self.tables, other.tables))
        )


def sweeps_of(surface: Surface) -> Sweeps | None:
    """Return the loops of a surface; ``None`` where there are none, so that it goes through NumPy."""
    if not isinstance(surface, Family | Functions) or surface.sphere is not None:
        return None
    try:
        once, again = record(surface), record(surface)
    except NotRecorded:
        return None
    sweeps = _read(*once)
    return sweeps if sweeps is not None and sweeps.same_as(_read(*again)) else None


def _read(value: Node, gradient: Node) -> Sweeps | None:
    for unit in _UNITS:
        cuts = {0, gradient.size // unit}
        while gradient.size % unit == 0 and len(cuts) <= _MOST_STRETCHES + 1:
            try:
                return _Reader(gradient.size, unit, cuts).read(value, gradient)
            except _Cut as cut:
                cuts |= cut.turns
            except NotRecorded:
                break
    return None


class _Cut(Exception):
    """A formula changes at these turns: there a new stretch has to begin."""

    def __init__(self, turns: set[int]) -> None:
        super().__init__(turns)
        self.turns = turns


class _Sum(NamedTuple):
    """A reduction of ``terms``, of which each turn from ``first`` to before ``last`` has so many."""

    name: str
    terms: Node
    first: int
    last: int
    each: int


class _Reader:
    """Reads recorded arrays element by element, for all turns of a stretch at once."""

    def __init__(self, n_dims: int, unit: int, cuts: set[int]) -> None:
        self.n_dims, self.unit = n_dims, unit
        self.cuts = sorted(cuts)
        self.terms: dict[Term, int] = {}
        self.numbers: dict[float, int] = {}
        self.tables: dict[bytes, tuple[int, Array]] = {}
        self.sums: dict[tuple[int, int], tuple[int, _Sum]] = {}
        self.known: dict[tuple[int, int, bytes], int] = {}

    def read(self, value: Node, gradient: Node) -> Sweeps:
        """Return the loops; raise ``_Cut`` where there have to be more stretches."""
        place = np.zeros(1, dtype=np.int64)
        of_value = self.element(value, place, None)
        ranges = list(zip(self.cuts[:-1], self.cuts[1:], strict=True))
        bases = [self.unit * np.arange(first, last) for first, last in ranges]
        slopes = [tuple(self.element(gradient, base + k, base) for k in range(self.unit)) for base in bases]
        parts: list[dict[int, tuple[int, ...]]] = [{} for _ in ranges]
        for number, one in self._all_sums():
            for (first, last), base, part in zip(ranges, bases, parts, strict=True):
                if one.first <= first and last <= one.last:
                    places = (base // self.unit - one.first) * one.each
                    part[number] = tuple(self.element(one.terms, places + k, base) for k in range(one.each))
                elif first < one.last and one.first < last:
                    raise _Cut({one.first, one.last})
        level, whole = self._levels(parts)
        stretches = tuple(
            Stretch(self.unit * first, last - first, slope, part)
            for (first, last), slope, part in zip(ranges, slopes, parts, strict=True)
        )
        names = tuple(one.name for _, one in self.sums.values())
        return Sweeps(
            self.n_dims, self.unit, tuple(self.terms), level, whole, of_value, stretches, names, tuple(self.numbers),
            tuple(table for _, table in self.tables.values()),
        )  # fmt: skip

    def _all_sums(self) -> Any:
        """Yield each reduction with its number; reading one may bring forth others."""
        done = 0
        while done < len(self.sums):
            yield list(self.sums.values())[done]
            done += 1

    def element(self, node: Node, places: Places, base: Places | None, depth: int = 0) -> int:
        """Return the term for the elements ``places`` (turns,) of ``node``, in turns that begin at ``base`` (turns,).

        Without ``base`` it is one number for the whole point.
        """
        if depth > _DEEPEST or len(self.terms) > _MOST_TERMS:
            raise NotRecorded("a formula too long for a loop")
        key = id(node), -1 if base is None else int(base[0]), blake2b(places.tobytes()).digest()
        if key not in self.known:
            self.known[key] = self._element(node, places, base, depth + 1)
        return self.known[key]

    def _element(self, node: Node, places: Places, base: Places | None, depth: int) -> int:
        if node.size == 1:
            places = np.zeros_like(places)
        match node:
            case Constant(numbers=numbers):
                return self._constant(numbers.ravel()[places])
            case Point():
                return self._coordinate(node, places, base)
            case Elementwise(name=name, operands=operands):
                return self._term(name, *(self.element(operand, places, base, depth) for operand in operands))
            case Pieces(sources=sources, which=which, places=there):
                chosen = which[places]
                changes = np.flatnonzero(np.diff(chosen))
                if len(changes) and base is not None:
                    raise _Cut(set((base[changes + 1] // self.unit).tolist()))
                return self.element(sources[chosen[0]], there[places], base, depth)
            case Reduced(name=name, terms=terms):
                return self._sum(name, terms)
        raise NotRecorded(type(node).__name__)

    def _term(self, *term: Any) -> int:
        return self.terms.setdefault(term, len(self.terms))

    def _constant(self, numbers: Array) -> int:
        first = float(numbers[0])
        if not (numbers == first).all():
            if np.isnan(numbers).all():
                return self._term("written", "np.nan")
            number, _ = self.tables.setdefault(numbers.tobytes(), (len(self.tables), numbers))
            return self._term("table", number)
        if first in _WRITTEN:
            return self._term("written", f"({first!r})")
        return self._term("number", self.numbers.setdefault(first, len(self.numbers)))

    def _coordinate(self, node: Node, places: Places, base: Places | None) -> int:
        if base is not None:
            ahead = places - base
            if (ahead == ahead[0]).all() and ahead[0] >= -_FARTHEST_BACK:
                return self._term("x", int(ahead[0]))
        if (places != places[0]).any():
            raise NotRecorded("coordinates that are far from each other meet")
        turn = int(places[0]) // self.unit
        one = Pieces((1,), (node,), np.zeros(1, dtype=np.int64), places[:1])
        return self._reduced((id(node), int(places[0])), _Sum("add", one, turn, turn + 1, 1))

    def _sum(self, name: str, terms: Node) -> int:
        turns = self.n_dims // self.unit
        if self.unit == 1 and terms.size <= turns:
            one = _Sum(name, terms, 0, terms.size, 1)
        elif terms.size in (turns, self.n_dims):
            one = _Sum(name, terms, 0, turns, terms.size // turns)
        else:
            raise NotRecorded(f"a sum of {terms.size} terms over {self.n_dims} coordinates")
        return self._reduced((id(terms), -1), one)

    def _reduced(self, key: tuple[int, int], one: _Sum) -> int:
        number, _ = self.sums.setdefault(key, (len(self.sums), one))
        return self._term("reduced", number)

    def _levels(self, parts: list[dict[int, tuple[int, ...]]]) -> tuple[tuple[int, ...], tuple[bool, ...]]:
        """Return of each term after how many sweeps it is known, and whether it is one number for the point."""
        fixed: list[bool] = []
        whole: list[bool] = []
        for kind, *of in self.terms:
            leaf = kind in _LEAVES
            fixed.append(kind in ("number", "written") if leaf else all(fixed[part] for part in of))
            alike = kind == "reduced" if leaf else all(whole[part] or fixed[part] for part in of)
            whole.append(alike and not fixed[-1])
        known = [1] * len(self.sums)
        while True:
            level: list[int] = []
            for kind, *of in self.terms:
                level.append(
                    known[of[0]] if kind == "reduced" else max((level[k] for k in of if kind not in _LEAVES), default=0)
                )
            then = [1 + max(level[k] for part in parts for k in part.get(number, ())) for number in range(len(known))]
            if then == known:
                return tuple(level), tuple(whole)
            known = then


_LEAVES = ("x", "number", "written", "table", "reduced")
