"""A list of operations: what a surface or an update rule does, as data that any reader can carry out.

A row is ``[operation, out, a, b, ...]`` over numbered registers: first the inputs, then the constants, then one for
each row, in their order. A register is written once, before it is read, and holds a column of float64, one number a
path. Nothing branches: a choice is an operation too. The reader in the browser is ``render/player/live.js``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.special
from numpy.typing import NDArray

from landscape.language import tr

Array = NDArray[np.float64]

MAX_ROWS = 1000
"""The longest list that is made or carried out."""


class Untranslatable(ValueError):
    """Something that no list of operations says; the message names it."""


class Operation(NamedTuple):
    """How many operands an operation takes, and what it does to columns."""

    n_operands: int
    does: Callable[..., Any]


def _choose(condition: Any, yes: Any, no: Any) -> Any:
    return np.where(condition != 0.0, yes, no)


def _step(u: Any) -> Any:
    return np.heaviside(u, 0.0)


def _softplus(u: Any) -> Any:
    return np.logaddexp(0.0, u)


_OF_TWO: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "pow": np.power,
    "mod": np.mod,
    "max": np.maximum,
    "min": np.minimum,
    "atan2": np.arctan2,
    "lt": lambda a, b: np.asarray(np.less(a, b), dtype=float),
    "le": lambda a, b: np.asarray(np.less_equal(a, b), dtype=float),
    "eq": lambda a, b: np.asarray(np.equal(a, b), dtype=float),
}

_OF_ONE: dict[str, Callable[..., Any]] = {
    "neg": np.negative,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erf": scipy.special.erf,
    "sigmoid": scipy.special.expit,
    "softplus": _softplus,
    "step": _step,
}

OPERATIONS: dict[str, Operation] = {
    **{name: Operation(2, does) for name, does in _OF_TWO.items()},
    **{name: Operation(1, does) for name, does in _OF_ONE.items()},
    "choose": Operation(3, _choose),
}
"""Name -> operation. Comparisons give 1 or 0; ``choose(c, a, b)`` is a where c is not 0, else b. All but ``choose``
hand NaN on, but that NaN compares as 0 (false)."""


_QUICK = {"add", "sub", "mul", "div", "max", "min", "neg", "abs", "sqrt", "lt", "le", "eq", "choose"}


def effort(name: str) -> int:
    """Return how many additions take a browser about as long as one number of an operation."""
    return 1 if name in _QUICK else 400 if name == "erf" else 20


@dataclass(frozen=True)
class Program:
    """A list of operations with its ``n_inputs``, its ``constants``, its ``rows`` and the ``outputs``, by register."""

    n_inputs: int
    constants: tuple[float, ...]
    rows: tuple[tuple[str, int, tuple[int, ...]], ...]
    outputs: tuple[int, ...]

    def __call__(self, *inputs: Any) -> list[Any]:
        """Return the outputs for inputs that are numbers or arrays of one shape; overflow comes without a warning."""
        registers: list[Any] = [*inputs, *self.constants]
        with np.errstate(all="ignore"):
            for name, _, operands in self.rows:
                registers.append(OPERATIONS[name].does(*[registers[k] for k in operands]))
        return [registers[k] for k in self.outputs]

    def data(self) -> dict[str, Any]:
        """Return the list as plain JSON data: an operation stands in a row as its place among the ``operations``."""
        names = list(dict.fromkeys(name for name, _, _ in self.rows))
        return {
            "inputs": self.n_inputs,
            "constants": list(self.constants),
            "operations": names,
            "rows": [[names.index(name), out, *operands] for name, out, operands in self.rows],
            "outputs": list(self.outputs),
        }


class Value(NamedTuple):
    """What a number is while a list is written: an "input" or a "row" by its place, a "constant" by its text."""

    kind: str
    what: int | str


class Writer:
    """Writes a list row by row: constants are computed at once, and what was written before is not written again."""

    def __init__(self, n_inputs: int) -> None:
        self.inputs: tuple[Value, ...] = tuple(Value("input", k) for k in range(n_inputs))
        self._rows: list[tuple[str, tuple[Value, ...]]] = []
        self._written: dict[tuple[str, tuple[Value, ...]], Value] = {}

    def constant(self, number: float) -> Value:
        """Return a constant; one that is not finite is computed, for JSON has no word for it."""
        number = float(number)
        if np.isfinite(number):
            return Value("constant", repr(number))
        return self._add("div", (self.constant(0.0 if np.isnan(number) else np.sign(number)), self.constant(0.0)))

    def do(self, name: str, *operands: Value) -> Value:
        """Return what an operation gives."""
        if name == "choose" and operands[0].kind == "constant":
            return operands[1] if float(operands[0].what) != 0.0 else operands[2]
        if name == "choose" and operands[1] == operands[2]:
            return operands[1]
        if all(operand.kind == "constant" for operand in operands):
            with np.errstate(all="ignore"):
                number = float(OPERATIONS[name].does(*(np.float64(operand.what) for operand in operands)))
            if np.isfinite(number):
                return self.constant(number)
        return self._add(name, operands)

    def _add(self, name: str, operands: tuple[Value, ...]) -> Value:
        row = (name, operands)
        if row not in self._written:
            if len(self._rows) >= MAX_ROWS:
                raise Untranslatable(tr("a list of more than {most} operations", most=MAX_ROWS))
            self._written[row] = Value("row", len(self._rows))
            self._rows.append(row)
        return self._written[row]

    def program(self, outputs: Sequence[Value]) -> Program:
        """Return the list of what the outputs need, and nothing else."""
        needed = set(outputs)
        for k in range(len(self._rows) - 1, -1, -1):
            if Value("row", k) in needed:
                needed.update(self._rows[k][1])
        constants = sorted((value for value in needed if value.kind == "constant"), key=lambda value: float(value.what))
        rows = [k for k in range(len(self._rows)) if Value("row", k) in needed]
        order = [*self.inputs, *constants, *(Value("row", k) for k in rows)]
        register = {value: number for number, value in enumerate(order)}
        first = len(order) - len(rows)
        return Program(
            len(self.inputs),
            tuple(float(value.what) for value in constants),
            tuple(
                (self._rows[k][0], first + number, tuple(register[value] for value in self._rows[k][1]))
                for number, k in enumerate(rows)
            ),
            tuple(register[value] for value in outputs),
        )
