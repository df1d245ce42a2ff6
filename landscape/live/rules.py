"""Update rules as lists of operations, read from their source."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import inspect
import math
import textwrap
import types
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import numpy as np

from landscape.language import tr
from landscape.live.operations import Program, Untranslatable, Value, Writer
from landscape.live.reader import Meaning, Reader
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer

R = TypeVar("R", bound=Reader)

_ASSUMED = ("init", "update", "looks_at", "hyper")
"""What a list takes from ``ElementwiseOptimizer``; an optimizer with one of its own does something else."""


def rule_program(optimizer: type[Optimizer]) -> Program:
    """Return the rule of an elementwise optimizer as a list, for one coordinate of a path or for all of many.

    Inputs: x, g, t, learning_rate, then the slots, then ``hyper``. Outputs: the new x and the new slots. Raises
    ``Untranslatable`` for other optimizers, where the source cannot be read, and where it holds what no list says.

    >>> from landscape.optimizers import SGD
    >>> rule_program(SGD)(1.0, 4.0, 1, 0.1, 0.0)
    [np.float64(0.6)]
    """
    return _program(optimizer)


@cache
def _program(optimizer: type[Optimizer]) -> Program:
    reader, outputs = read_rule(optimizer, Reader)
    return reader.writer.program(outputs)


def ahead_program(optimizer: type[Optimizer]) -> Program | None:
    """Return where the rule takes its gradient as a list with the inputs of ``rule_program``; None where that is x.

    Its one output is the coordinate there. Raises as ``rule_program``.
    """
    return _ahead(optimizer)


@cache
def _ahead(optimizer: type[Optimizer]) -> Program | None:
    kind = _elementwise(optimizer)
    if kind.ahead is None:
        return None
    names, body = _source(kind, "ahead", 5)
    writer, (x, _, *given) = _inputs(kind)
    outcome = Reader(writer, _Names(kind.ahead)).run(body, dict(zip(names, (x, *given), strict=True)))
    if not isinstance(outcome, Value):
        raise Untranslatable(tr("{name}.ahead does not return a coordinate", name=optimizer.__name__))
    return writer.program([outcome])


def _inputs(optimizer: type[ElementwiseOptimizer]) -> tuple[Writer, tuple[Any, ...]]:
    """Return a writer, and its inputs as the arguments of a rule."""
    writer = Writer(4 + optimizer.n_slots + len(dataclasses.fields(optimizer)) - 1)
    x, g, t, rate, *rest = writer.inputs
    return writer, (x, g, t, rate, tuple(rest[: optimizer.n_slots]), tuple(rest[optimizer.n_slots :]))


def _elementwise(optimizer: type[Optimizer]) -> type[ElementwiseOptimizer]:
    """Return an elementwise optimizer; raise ``Untranslatable`` for others, and for more than a rule."""
    if not issubclass(optimizer, ElementwiseOptimizer):
        raise Untranslatable(tr("{name} takes whole points or looks at the surface itself", name=optimizer.__name__))
    for name in _ASSUMED:
        if inspect.getattr_static(optimizer, name) is not inspect.getattr_static(ElementwiseOptimizer, name):
            raise Untranslatable(tr("{name} has {method} of its own", name=optimizer.__name__, method=name))
    return optimizer


def read_rule(optimizer: type[Optimizer], make: Callable[[Writer, Meaning], R]) -> tuple[R, list[Value]]:
    """Return a reader of this kind that has read the rule of an optimizer, and the outputs (``rule_program``)."""
    kind = _elementwise(optimizer)
    arguments, body = _source(kind, "rule", 6)
    writer, given = _inputs(kind)
    reader = make(writer, _Names(kind.rule))
    returned = reader.run(body, dict(zip(arguments, given, strict=True)))
    match returned:
        case (Value() as new, tuple(slots)) if not isinstance(slots, Value) and len(slots) == kind.n_slots:
            if all(isinstance(slot, Value) for slot in slots):
                return reader, [new, *slots]
    places = {"name": kind.__name__, "n": kind.n_slots}
    raise Untranslatable(tr("{name}.rule does not return the new x and {n} slots", **places))


def _source(optimizer: type[ElementwiseOptimizer], name: str, n_arguments: int) -> tuple[list[str], list[ast.stmt]]:
    """Return the names of the arguments of a rule, or of ``ahead``, and its statements."""
    rule, called = getattr(optimizer, name), f"{optimizer.__name__}.{name}"
    # Something wrapped is not what its source says.
    if not isinstance(rule, types.FunctionType) or hasattr(rule, "__wrapped__"):
        raise Untranslatable(tr("{name} is no plain function", name=called))
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(rule)))
    except (OSError, SyntaxError):
        said = tr("the source of {name} cannot be read", name=called)
        raise Untranslatable(said) from None
    match tree.body:
        case [
            ast.FunctionDef(
                args=ast.arguments(posonlyargs=[], args=arguments, vararg=None, kwonlyargs=[], kwarg=None),
                body=body,
                decorator_list=[] | [ast.Name(id="staticmethod")],
            )
        ] if len(arguments) == n_arguments:
            return [argument.arg for argument in arguments], body
    places = {"name": called, "n": n_arguments}
    raise Untranslatable(tr("{name} is not a function of {n} arguments", **places))


class _Names:
    """What the names in a function mean that are not its own: numbers, and functions of NumPy, ``math`` and Python."""

    def __init__(self, function: Any) -> None:
        seen = inspect.getclosurevars(function)
        self._seen: dict[str, Any] = {**vars(builtins), **seen.globals, **seen.nonlocals}

    def __call__(self, node: ast.expr) -> float | str:
        """Return the number, or the name of the function."""
        found = self._found(node)
        if isinstance(found, bool | int | float | np.number):
            return float(found)
        name = getattr(found, "__name__", "")
        if callable(found) and any(getattr(room, name, None) is found for room in (np, math, builtins)):
            return str(name)
        raise Untranslatable(ast.unparse(node))

    def _found(self, node: ast.expr) -> Any:
        match node:
            case ast.Name(id=name) if name in self._seen:
                return self._seen[name]
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                if isinstance(self._seen.get(module), types.ModuleType):
                    return getattr(self._seen[module], name, None)
        raise Untranslatable(ast.unparse(node))
