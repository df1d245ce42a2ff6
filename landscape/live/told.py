"""One step of an update rule told in numbers: its own statements line by line, with what was put in and what came out.

Read from the source of ``rule`` as its list of operations is, so that a new optimizer has it for nothing. The lines are
data: names, numbers by their places, and what stands between them; ``render/player/arithmetic.js`` puts the numbers in
as ``Told.text`` does.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from landscape.language import tr
from landscape.live.operations import Array, Program, Untranslatable, Value, Writer
from landscape.live.reader import Meaning, Read, Reader
from landscape.live.rules import read_rule
from landscape.live.spelled import LATEX, TEXT, Leaf, Parts, Speller, with_names, with_numbers
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.picture.numbers import number, number_latex

MAX_LINES = 60
"""The longest rule that is told."""

NEXT = "next "
"""Stands before the name of what a rule hands on to its next step without having given it that name."""


class Guard(NamedTuple):
    """A condition under which a line is carried out: the place of its number, and whether that is not 0."""

    place: int
    holds: bool


class Line(NamedTuple):
    """A statement: names on its left, what is on its right as text and in LaTeX, places of the results, conditions."""

    targets: tuple[str, ...]
    text: Parts
    latex: Parts
    results: tuple[int, ...]
    guards: tuple[Guard, ...]

    def data(self) -> list[Any]:
        """Return the line as plain JSON data: targets, results, guards as numbers, then text, name, place, text, ..."""
        spelled = [item for part in self.text for item in ([*part] if isinstance(part, Leaf) else [part])]
        guards = [item for guard in self.guards for item in (guard.place, int(guard.holds))]
        return [", ".join(map(_target, self.targets)), list(self.results), guards, *spelled]


@dataclass(frozen=True)
class Account:
    """The statements of a rule as lines, and a list of operations whose outputs are the numbers in them.

    The inputs of ``program`` are those of ``rule_program``; its outputs are the new x, the ``n_slots`` new slots, and
    then whatever else is told.
    """

    program: Program
    lines: tuple[Line, ...]
    n_slots: int

    def at(
        self,
        optimizer: ElementwiseOptimizer,
        t: int,
        learning_rate: float,
        x: Array,
        g: Array,
        slots: Any,
        names: tuple[str, ...] = ("x", "y"),
    ) -> Told:
        """Return step t = 1, 2, ... from the point x (n,) with this gradient (n,), scheduled rate and slots.

        ``names`` are those of the coordinates.
        """
        told = self.program(x, g, float(t), learning_rate, *slots, *optimizer.hyper)
        fresh = self.program(x, g, 1.0, learning_rate, *(np.zeros_like(x) for _ in slots), *optimizer.hyper)
        values = np.array([np.broadcast_to(value, x.shape) for value in told])
        lines = tuple(
            line for line in self.lines if all((values[place, 0] != 0.0) == holds for place, holds in line.guards)
        )
        with np.errstate(invalid="ignore"):
            return Told(t, learning_rate, x, g, lines, values, fresh[0] - x if self.n_slots else values[0] - x, names)

    def data(self) -> list[Any]:
        """Return the lines as plain JSON data."""
        return [line.data() for line in self.lines]


@dataclass(frozen=True, eq=False)
class Told:
    """One step in numbers: from the point ``x`` (n,) with gradient ``gradient`` (n,) to ``new`` (n,).

    The gradient is the one that the rule was given: taken elsewhere than at x where the rule looks ahead.

    ``t`` = 1, 2, ... is the step's number and ``learning_rate`` its scheduled rate. ``lines`` are the statements that
    were carried out, in their order, the last one giving ``new``; ``values`` (K, n) the numbers in them, a coordinate a
    column. The step ``new - x`` is the sum of ``alone``, the step that the rule would take had it just started here,
    with nothing in memory (t = 1, the same rate), and ``memory``, what its memory adds.
    """

    t: int
    learning_rate: float
    x: Array
    gradient: Array
    lines: tuple[Line, ...]
    values: Array
    alone: Array
    names: tuple[str, ...]

    @property
    def new(self) -> Array:
        """Where the step leads, (n,)."""
        return self.values[0]

    @property
    def step(self) -> Array:
        """The step that is taken, (n,)."""
        return self.new - self.x

    @property
    def memory(self) -> Array:
        """What the memory adds to it, (n,): 0 for a rule without one."""
        return self.step - self.alone

    def results(self, line: Line) -> Array:
        """Return what a line gives, (k, n) for k names on its left."""
        return self.values[list(line.results)]

    def rows(self, coordinate: int = 0) -> tuple[tuple[str, str, str], ...]:
        """Return each line for a coordinate as three texts: the statement, the numbers put in, and what came out.

        The second is empty where it would only repeat the others.
        """
        numbers = [number(value) for value in self.values[:, coordinate]]
        rows = []
        for line in self.lines:
            result = ", ".join(numbers[place] for place in line.results)
            formula, put = _set(with_names(line.text)), _set(with_numbers(line.text, numbers))
            targets = ", ".join(map(_target, line.targets))
            rows.append((f"{targets} ← {formula}", "" if put in (formula, result) else put, result))
        return tuple(rows)

    def text(self) -> str:
        """Return the step as text, a paragraph a coordinate."""
        return "\n\n".join(
            "\n".join(
                [
                    tr("{name}, step {step}: {given}", name=self.names[k], step=self.t, given=self._given(k)),
                    *(" = ".join(part for part in row if part) for row in self.rows(k)),
                ]
            )
            for k in range(len(self.x))
        )

    def __str__(self) -> str:
        return self.text()

    def latex(self) -> str:
        r"""Return the step in LaTeX, an ``align*`` of amsmath for each coordinate."""
        return "\n".join(self._align(k) for k in range(len(self.x)))

    def _given(self, coordinate: int) -> str:
        given = {"x": self.x[coordinate], "g": self.gradient[coordinate], "learning_rate": self.learning_rate}
        return ", ".join(f"{name} = {number(value)}" for name, value in given.items())

    def _align(self, coordinate: int) -> str:
        numbers = [number_latex(value) for value in self.values[:, coordinate]]
        rows = []
        for line in self.lines:
            target = ", ".join(map(_target_latex, line.targets))
            result = ", ".join(numbers[place] for place in line.results)
            formula, put = with_names(line.latex), with_numbers(line.latex, numbers)
            rows.append(rf"  {target} &\leftarrow {formula}")
            sides = [side for side in dict.fromkeys((put, result)) if side != formula]
            rows += [f"  &= {' = '.join(sides)}"] if sides else []
        step = tr("step {step}", step=self.t)
        head = rf"  &{LATEX.name(self.names[coordinate])}\text{{, {step}}} \\"
        return "\n".join([r"\begin{align*}", head, " \\\\\n".join(rows), r"\end{align*}"])


def account(optimizer: type[Optimizer]) -> Account:
    """Return what there is to tell of the steps of an optimizer.

    Raises ``Untranslatable`` where its rule has no list (``rule_program``), or more than ``MAX_LINES`` lines.

    >>> from landscape.optimizers import Momentum
    >>> one = np.ones(1)
    >>> print(account(Momentum).at(Momentum(learning_rate=0.1), 2, 0.1, one, 4.0 * one, [2.0 * one]))
    x, step 2: x = 1, g = 4, learning_rate = 0.1
    v ← momentum · v + g = 0.9 · 2 + 4 = 5.8
    x ← x − learning_rate · v = 1 − 0.1 · 5.8 = 0.42
    """
    return _account(optimizer)


@cache
def _account(optimizer: type[ElementwiseOptimizer]) -> Account:
    teller, outputs = read_rule(optimizer, lambda writer, meaning: _Teller(writer, meaning, optimizer.n_slots))
    teller.values[: len(outputs)] = outputs
    return Account(teller.writer.program(teller.values), tuple(teller.lines), optimizer.n_slots)


class _Teller(Reader):
    """A reader that writes down what each statement says."""

    def __init__(self, writer: Writer, meaning: Meaning, n_slots: int) -> None:
        super().__init__(writer, meaning)
        x, _, _, _, *rest = writer.inputs
        self._slots, self._settings = rest[:n_slots], frozenset(rest[n_slots:])
        self._slot_names = [f"slots[{k}]" for k in range(n_slots)]
        self._guards: list[Guard] = []
        self.lines: list[Line] = []
        # The first places are the outputs', which are known at the end.
        self.values: list[Value] = [x] * (1 + n_slots)

    def branch(self, condition: Value, taken: bool, statements: Sequence[ast.stmt], names: dict[str, Read]) -> Read:
        self._guards.append(Guard(self._place(condition), taken))
        try:
            return super().branch(condition, taken, statements, names)
        finally:
            self._guards.pop()

    def hear(self, target: ast.expr | None, node: ast.expr, value: Read, names: Mapping[str, Read]) -> None:
        if target is None:
            self._returned(node, value, names)
        elif self._is_unpacking(node, value):
            self._named(target, value)
        else:
            targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
            self._tell([ast.unparse(one) for one in targets], node, value, names)

    def _is_unpacking(self, node: ast.expr, value: Read) -> bool:
        """Return whether a statement only gives names to slots or settings, or another name to several values."""
        match node:
            case ast.Name():
                return not isinstance(value, Value)
            case ast.Subscript():
                return value in self._slots or value in self._settings
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return all(self._is_unpacking(part, one) for part, one in zip(parts, value, strict=True))
        return False

    def _named(self, target: ast.expr, value: Read) -> None:
        """Remember what the slots are called."""
        match target:
            case ast.Name(id=name) if value in self._slots:
                self._slot_names[self._slots.index(value)] = name
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part, one in zip(parts, value, strict=False):
                    self._named(part, one)

    def _returned(self, node: ast.expr, value: Read, names: Mapping[str, Read]) -> None:
        """Tell what a rule returns: its slots, where they have not got their names yet, and last the new x."""
        match node, value:
            case ast.Tuple(elts=[x, slots]), (Value() as new, tuple(kept)):
                if isinstance(slots, ast.Tuple | ast.List) and not isinstance(kept, Value):
                    for name, one, own in zip(self._slot_names, slots.elts, kept, strict=False):
                        if not (isinstance(one, ast.Name) and one.id == name):
                            self._tell([NEXT + name], one, own, names)
                if not (isinstance(x, ast.Name) and self.lines and self.lines[-1].targets == (x.id,)):
                    self._tell(["x"], x, new, names)
            case _, (Value() as new, _):
                self._tell(["x"], node, new, names)

    def _tell(self, targets: Sequence[str], node: ast.expr, value: Read, names: Mapping[str, Read]) -> None:
        if len(self.lines) >= MAX_LINES:
            raise Untranslatable(tr("a rule of more than {most} lines", most=MAX_LINES))

        def place(leaf: ast.expr) -> int | None:
            found = self.read(leaf, names)
            return self._place(found) if isinstance(found, Value) else None

        def is_setting(whole: ast.expr) -> bool:
            used = [names[one.id] for one in ast.walk(whole) if isinstance(one, ast.Name) and one.id in names]
            return bool(used) and all(one in self._settings for one in used)

        text, latex = (Speller(style, place, is_setting).parts(node) for style in (TEXT, LATEX))
        results = tuple(self._place(one) for one in _flat(value))
        self.lines.append(Line(tuple(targets), text, latex, results, tuple(self._guards)))

    def _place(self, value: Value) -> int:
        """Return the place of a number among those told."""
        first = 1 + len(self._slots)
        if value not in self.values[first:]:
            self.values.append(value)
        return first + self.values[first:].index(value)


def _flat(value: Read) -> list[Value]:
    return [value] if isinstance(value, Value) else [one for part in value for one in _flat(part)]


def _set(text: str) -> str:
    """Return an expression with the signs that stand in print."""
    return text.replace("*", "·").replace("-", "−")


def _target(name: str) -> str:
    return tr("next {name}", name=name.removeprefix(NEXT)) if name.startswith(NEXT) else name


def _target_latex(name: str) -> str:
    own = LATEX.name(name.removeprefix(NEXT))
    if not name.startswith(NEXT):
        return own
    following = tr("next")
    return rf"\text{{{following} }} {own}"
