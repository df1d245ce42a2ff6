"""Python expressions and statements read into a list of operations.

Nothing is traced: a trace would freeze the branches that a rule takes on the step or on its hyperparameters. The source
is read instead; an ``if`` becomes a choice between values, and both sides of it are computed.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from landscape.language import tr
from landscape.live.operations import OPERATIONS, Untranslatable, Value, Writer

Read = Any
"""What an expression gives: a ``Value``, or a tuple of what expressions give."""

Meaning = Callable[[ast.expr], float | str]

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.FloorDiv: "floor_divide",
    ast.BitAnd: "logical_and",  # of truth values; no formula and no rule has others
    ast.BitOr: "logical_or",
    ast.BitXor: "logical_xor",
}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}

# Names under which NumPy, ``math``, Python and ``surfaces.formula.functions`` know what is one operation here.
_SAME = {name: name for name in OPERATIONS} | {
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "true_divide": "div",
    "power": "pow",
    "float_power": "pow",
    "remainder": "mod",
    "maximum": "max",
    "minimum": "min",
    "larger": "max",
    "negative": "neg",
    "absolute": "abs",
    "fabs": "abs",
    "signum": "sign",
    "where": "choose",
    "less": "lt",
    "less_equal": "le",
    "equal": "eq",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
}

# What takes several operations, by name and number of arguments.
_SEVERAL: dict[tuple[str, int], Callable[..., Value]] = {
    ("greater", 2): lambda w, a, b: w.do("lt", b, a),
    ("greater_equal", 2): lambda w, a, b: w.do("le", b, a),
    ("not_equal", 2): lambda w, a, b: _negated(w, w.do("eq", a, b)),
    ("logical_not", 1): lambda w, a: _negated(w, a),
    ("logical_and", 2): lambda w, a, b: w.do("choose", a, _truth(w, b), w.constant(0.0)),
    ("logical_or", 2): lambda w, a, b: w.do("choose", a, w.constant(1.0), _truth(w, b)),
    ("logical_xor", 2): lambda w, a, b: _negated(w, w.do("eq", _truth(w, a), _truth(w, b))),
    ("floor_divide", 2): lambda w, a, b: w.do("floor", w.do("div", a, b)),
    ("square", 1): lambda w, a: w.do("mul", a, a),
    ("reciprocal", 1): lambda w, a: w.do("div", w.constant(1.0), a),
    ("exp2", 1): lambda w, a: w.do("pow", w.constant(2.0), a),
    ("hypot", 2): lambda w, a, b: w.do("sqrt", w.do("add", w.do("mul", a, a), w.do("mul", b, b))),
    ("heaviside", 2): lambda w, a, b: w.do("choose", w.do("eq", a, w.constant(0.0)), b, w.do("step", a)),
    ("clip", 3): lambda w, a, low, high: w.do("min", w.do("max", a, low), high),
    ("positive", 1): lambda w, a: a,
    ("float", 1): lambda w, a: a,
    ("float64", 1): lambda w, a: a,
    ("zeros_like", 1): lambda w, a: w.constant(0.0),
    ("ones_like", 1): lambda w, a: w.constant(1.0),
    ("relu", 1): lambda w, a: w.do("max", a, w.constant(0.0)),
    ("root", 1): lambda w, a: w.do("add", w.do("sqrt", a), w.constant(1e-60)),
    ("pow", 2): lambda w, a, b: _power(w, a, b),
    ("power", 2): lambda w, a, b: _power(w, a, b),
}


def _truth(writer: Writer, value: Value) -> Value:
    return writer.do("choose", value, writer.constant(1.0), writer.constant(0.0))


def _negated(writer: Writer, value: Value) -> Value:
    return writer.do("choose", value, writer.constant(0.0), writer.constant(1.0))


def _power(writer: Writer, base: Value, exponent: Value) -> Value:
    """Return a power as NumPy computes it: by plain arithmetic where the exponent is one of these."""
    number = float(exponent.what) if exponent.kind == "constant" else math.nan
    if number == 2.0:
        return writer.do("mul", base, base)
    if number == 1.0:
        return base
    if number == 0.5:
        return writer.do("sqrt", base)
    if number == -1.0:
        return writer.do("div", writer.constant(1.0), base)
    return writer.do("pow", base, exponent)


class Reader:
    """Reads expressions and statements into a writer.

    ``meaning`` returns what a name stands for that is no variable: a number, or a function by its name. It raises
    ``Untranslatable`` for others, as the reader does for whatever no list says.
    """

    def __init__(self, writer: Writer, meaning: Meaning) -> None:
        self.writer = writer
        self._meaning = meaning

    def do(self, name: str, *operands: Read) -> Value:
        """Return what a function gives, by any name that it has."""
        if not all(isinstance(operand, Value) for operand in operands):
            raise Untranslatable(tr("{name} of a tuple", name=name))
        if (name, len(operands)) in _SEVERAL:
            return _SEVERAL[name, len(operands)](self.writer, *operands)
        own = _SAME.get(name)
        if own is None or OPERATIONS[own].n_operands != len(operands):
            raise Untranslatable(tr("{name} of {n} arguments", name=name, n=len(operands)))
        return self.writer.do(own, *operands)

    def read(self, node: ast.expr, names: Mapping[str, Read]) -> Read:
        """Return the value of an expression in these variables."""
        match node:
            case ast.Constant(value=bool() | int() | float() as number):
                return self.writer.constant(number)
            case ast.Name(id=name) if name in names:
                return names[name]
            case ast.Name() | ast.Attribute():
                return self._number(node)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self.read(part, names) for part in parts)
            case ast.Subscript(value=whole, slice=ast.Constant(value=int() as place)):
                return self._part(self.read(whole, names), place)
            case ast.Subscript(
                value=whole, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as back))
            ):
                return self._part(self.read(whole, names), -back)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.do("negative", self.read(inner, names))
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.read(inner, names)
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=inner):
                return self.do("logical_not", self.read(inner, names))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return self.do(_BINARY[type(op)], self.read(left, names), self.read(right, names))
            case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARED for op in ops):
                values = [self.read(one, names) for one in (left, *others)]
                pairs = zip(values[:-1], ops, values[1:], strict=True)
                return self._all([self.do(_COMPARED[type(op)], a, b) for a, op, b in pairs])
            case ast.BoolOp(op=ast.And(), values=parts):
                return self._all([self.read(part, names) for part in parts])
            case ast.BoolOp(op=ast.Or(), values=parts):
                first, *rest = (self.read(part, names) for part in parts)
                for value in rest:
                    first = self.choice(first, first, value)
                return first
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.choice(self.read(test, names), self.read(body, names), self.read(orelse, names))
            case ast.Call(func=function, args=arguments, keywords=[]):
                return self.do(self._function(function), *(self.read(argument, names) for argument in arguments))
        raise Untranslatable(ast.unparse(node))

    def choice(self, condition: Read, yes: Read, no: Read) -> Read:
        """Return a choice between two values, or between two tuples place by place."""
        if isinstance(yes, Value) and isinstance(no, Value):
            return self.do("choose", condition, yes, no)
        if isinstance(yes, Value) or isinstance(no, Value) or len(yes) != len(no):
            raise Untranslatable(tr("a choice between values of different shapes"))
        return tuple(self.choice(condition, a, b) for a, b in zip(yes, no, strict=True))

    def run(self, statements: Sequence[ast.stmt], names: dict[str, Read]) -> Read | None:
        """Carry out statements on ``names``; return what they return, ``None`` where they come to their end."""
        for k, statement in enumerate(statements):
            match statement:
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    continue
                case ast.Assign(targets=targets, value=value):
                    self._set(targets, value, names)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._set([target], value, names)
                case ast.AugAssign(target=ast.Name() as target, op=op, value=value):
                    self._set([target], ast.BinOp(ast.Name(target.id), op, value), names)
                case ast.Return(value=ast.expr() as value):
                    read = self.read(value, names)
                    self.hear(None, value, read, names)
                    return read
                case ast.If(test=test, body=body, orelse=orelse):
                    condition, yes, no = self.read(test, names), dict(names), dict(names)
                    if any(isinstance(node, ast.Return) for node in ast.walk(statement)):
                        rest = statements[k + 1 :]
                        ends = (
                            self.branch(condition, True, [*body, *rest], yes),
                            self.branch(condition, False, [*orelse, *rest], no),
                        )
                        if None in ends:
                            raise Untranslatable(tr("a function that may end without returning anything"))
                        return self.choice(condition, *ends)
                    self.branch(condition, True, body, yes)
                    self.branch(condition, False, orelse, no)
                    names.clear()  # what only one branch sets is not there afterwards
                    names.update({name: self.choice(condition, yes[name], no[name]) for name in yes if name in no})
                case _:
                    raise Untranslatable(ast.unparse(statement).splitlines()[0])
        return None

    def branch(self, condition: Value, taken: bool, statements: Sequence[ast.stmt], names: dict[str, Read]) -> Read:
        """Carry out what stands under a condition, or (not ``taken``) under its contrary."""
        return self.run(statements, names)

    def hear(self, target: ast.expr | None, node: ast.expr, value: Read, names: Mapping[str, Read]) -> None:
        """Be told that ``node`` gave ``value``, which goes to ``target`` (``None``: is returned); ``names`` before."""

    def _set(self, targets: Sequence[ast.expr], node: ast.expr, names: dict[str, Read]) -> None:
        value = self.read(node, names)
        for target in targets:
            self.hear(target, node, value, names)
            self._assign(target, value, names)

    def _assign(self, target: ast.expr, value: Read, names: dict[str, Read]) -> None:
        match target:
            case ast.Name(id=name):
                names[name] = value
            case ast.Tuple(elts=parts) | ast.List(elts=parts) if not isinstance(value, Value):
                if len(parts) != len(value):
                    places = {"target": ast.unparse(target), "n": len(value)}
                    raise Untranslatable(tr("{target} = {n} values", **places))
                for part, one in zip(parts, value, strict=True):
                    self._assign(part, one, names)
            case _:
                raise Untranslatable(f"{ast.unparse(target)} = ...")

    def _all(self, values: Sequence[Value]) -> Value:
        """Return the first of the values that is false, else the last, as Python's ``and``."""
        first, *rest = values
        for value in rest:
            first = self.choice(first, value, first)
        return first

    def _part(self, whole: Read, place: int) -> Read:
        if isinstance(whole, Value) or not -len(whole) <= place < len(whole):
            raise Untranslatable(tr("[{place}] of what has no such place", place=place))
        return whole[place]

    def _number(self, node: ast.expr) -> Value:
        number = self._meaning(node)
        if isinstance(number, bool | int | float | np.number):
            return self.writer.constant(float(number))
        raise Untranslatable(tr("{code}, which is no number", code=ast.unparse(node)))

    def _function(self, node: ast.expr) -> str:
        name = self._meaning(node)
        if isinstance(name, str):
            return name
        raise Untranslatable(f"{ast.unparse(node)}(...)")
