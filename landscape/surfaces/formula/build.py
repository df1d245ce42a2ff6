"""From the tree of a formula to SymPy: every constant is computed as a float first, and the work is counted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from landscape.errors import FormulaError
from landscape.language import listed, tr, trn
from landscape.surfaces.formula import language, names
from landscape.surfaces.formula.characters import refuse
from landscape.surfaces.formula.tree import Call, Negative, Node, Number, Operation, parts_of

MAX_EXPONENT = 100
"""Largest size of a constant exponent over a variable."""
MAX_NUMBER = 1e100
"""Largest size of a number, typed or computed from typed ones; 1 / MAX_NUMBER is the smallest."""
MAX_OPERATIONS = 300
"""Operations that a user's formula may take at each point; see ``count_operations``."""
FUNCTION_COST = 10
"""Arithmetic operations in the time of one sine, exponential or power that is no whole one."""
MAX_NESTED = 2
"""Functions and powers in one another from which on typed ones get a name, so that SymPy never sees more at once.

What SymPy asks about signs takes time that grows exponentially with the nesting.
"""

_CONSTANTS = {"pi": math.pi, "e": math.e}


class _Function(NamedTuple):
    """A function that may be called: how it is built, its meaning for floats, and what is known of its sign."""

    build: Callable[..., Any]
    number: Callable[..., float]
    sign: str = ""


class _Underflow(ValueError):
    """A positive number below the smallest float."""


def _pow(u: float, v: float) -> float:
    power = math.pow(u, v)
    if power == 0.0 and u != 0.0:
        raise _Underflow
    return power


def _exp(u: float) -> float:
    return _pow(math.e, u)


def _expit(u: float) -> float:
    return 1 / (1 + _exp(-u)) if u >= 0 else _exp(u) / (1 + _exp(u))


@lru_cache(maxsize=1)
def _functions() -> dict[str, _Function]:
    import sympy as sp

    from landscape.surfaces.formula import functions as own

    def folded(pair: Callable[[Any, Any], Any]) -> Callable[..., Any]:
        def build(first: Any, *rest: Any) -> Any:
            for u in rest:
                first = pair(first, u)
            return first

        return build

    def hypotenuse(*u: Any) -> Any:
        return own.square_root(sp.Add(*(v**2 for v in u)))

    return {
        "sin": _Function(sp.sin, math.sin),
        "cos": _Function(sp.cos, math.cos),
        "tan": _Function(sp.tan, math.tan),
        "asin": _Function(sp.asin, math.asin),
        "acos": _Function(sp.acos, math.acos, "nonnegative"),
        "atan": _Function(sp.atan, math.atan),
        "sinh": _Function(sp.sinh, math.sinh),
        "cosh": _Function(sp.cosh, math.cosh, "positive"),
        "tanh": _Function(own.tanh, math.tanh),
        "exp": _Function(sp.exp, _exp, "positive"),
        "log": _Function(sp.log, math.log),
        "ln": _Function(sp.log, math.log),
        "log10": _Function(lambda u: sp.log(u) / sp.log(10), math.log10),
        "log2": _Function(lambda u: sp.log(u) / sp.log(2), math.log2),
        "sqrt": _Function(own.square_root, math.sqrt, "nonnegative"),
        "hypot": _Function(hypotenuse, math.hypot, "nonnegative"),
        "abs": _Function(own.absolute, abs, "nonnegative"),
        "sign": _Function(own.signum, lambda u: float((u > 0) - (u < 0))),
        "sigmoid": _Function(own.sigmoid, _expit, "positive"),
        "softplus": _Function(own.softplus, lambda u: u if u > 40 else math.log1p(_exp(u)), "positive"),
        "relu": _Function(own.relu, lambda u: max(u, 0.0), "nonnegative"),
        "erf": _Function(sp.erf, math.erf),
        "max": _Function(folded(own.larger), max),
        "min": _Function(folded(own.smaller), min),
    }


@dataclass(frozen=True)
class Parsed:
    """A formula as a SymPy expression, with the names of its variables in order.

    ``parts`` are the meanings of symbols that stand for its most deeply nested parts, each in terms of those before.
    ``understood`` is the formula with every product sign and no parentheses but those it needs. ``derivative_size`` is
    an upper bound on the operations of its second derivative, multiplied out.
    """

    expression: Any
    variables: tuple[str, ...]
    parts: Mapping[Any, Any]
    understood: str
    derivative_size: int


@lru_cache(maxsize=512)
def understand(text: str) -> language.Reading:
    """Return the tree and the variables of a typed formula, which takes no SymPy; raise ``FormulaError``.

    Besides what the language refuses, this refuses a formula that takes more than ``MAX_OPERATIONS``.
    """
    reading = language.read(text)
    if not reading.variables:
        parse(text, ())  # a fault of one of its numbers is said first
        raise FormulaError("; ".join([tr("the formula has no variable"), tr(names.ALLOWED)]))
    operations = count_operations(reading.tree)
    if operations > MAX_OPERATIONS:
        raise FormulaError(
            tr(
                "this formula takes {operations} operations a point, a function counting {cost}; at most {most} "
                "are accepted",
                operations=operations,
                cost=FUNCTION_COST,
                most=MAX_OPERATIONS,
            )
        )
    return reading


@lru_cache(maxsize=512)
def parse(
    text: str,
    variables: tuple[str, ...] | None = None,
    parameters: tuple[str, ...] = (),
    max_length: int = language.MAX_LENGTH,
    max_nested: int = MAX_NESTED,
) -> Parsed:
    """Return the SymPy expression of ``text``; raise ``FormulaError`` that says what is refused, and where.

    Accepted are + - * / ** ^ (which is **), parentheses, bars, numbers, pi, e, the functions of ``words.FUNCTIONS``,
    the same as signs that are pasted (− · × ÷ ² ½ π √ θ), and products without a sign where they have one meaning
    (20w, xy, x(y+1)). ``variables`` are the names that count as coordinates; ``None`` takes those that go together, see
    ``names.together``. Functions and powers nested ``max_nested`` deep become ``parts``. All symbols are real.

    >>> parse("w² − 20w + 100").expression
    w**2 - 20*w + 100
    """
    reading = understand(text) if variables is None else language.read(text, variables, parameters, max_length)
    builder = _Builder({*reading.variables, *parameters}, max_nested)
    expression = builder.build(reading.tree).expression
    from landscape.surfaces.formula.functions import as_own

    parts = {symbol: as_own(meaning) for symbol, meaning in builder.parts.items()}
    return Parsed(as_own(expression), reading.variables, parts, reading.understood, _derivative_size(expression))


def choose(reading: language.Reading, n_dims: int) -> tuple[str, ...]:
    """Return ``n_dims`` variables for a formula that may not mention all of them (x alone over a plane)."""
    if len(reading.variables) == n_dims:
        return reading.variables
    chosen = names.together(reading.names(), n_dims)
    if chosen is not None:
        return chosen
    raise FormulaError(
        trn(
            "a formula in {variables} is {dims}-dimensional; the domain has {n} (low, high) pair",
            "a formula in {variables} is {dims}-dimensional; the domain has {n} (low, high) pairs",
            n_dims,
            variables=listed(map(names.shown, reading.variables)),
            dims=len(reading.variables),
        )
    )


def count_operations(tree: Node) -> int:
    """Return how many operations a formula takes at one point: an addition 1, a whole power 2, a function 10.

    >>> count_operations(language.read("x^2 + 3 sin(y)").tree)
    14
    """
    count, rest = 0, [tree]
    while rest:
        node = rest.pop()
        if isinstance(node, Call):
            count += FUNCTION_COST * max(len(node.arguments) - 1, 1)
        elif isinstance(node, Operation):
            is_whole = isinstance(node.right, Number) and node.right.text.isdigit()
            count += 1 if node.operator != "^" else 2 if is_whole else FUNCTION_COST
        rest += parts_of(node)
    return count


def _derivative_size(expression: Any) -> int:
    """Return an upper bound on the operations of the second derivative of an expression, without deriving it.

    A node f(u_1, .., u_k) has the derivative sum_i f_i u_i', each f_i about as large as the node itself, and so on
    once more: sizes grow like powers of the nesting.
    """
    known: dict[Any, tuple[int, int, int]] = {}

    def sizes(node: Any) -> tuple[int, int, int]:
        if not node.free_symbols:
            return 1, 0, 0
        if node not in known:
            parts = [s for s in map(sizes, node.args) if s[1]]
            own = 1 + sum(sizes(a)[0] for a in node.args)
            if not parts:
                known[node] = (1, 1, 0)
            elif node.is_Add:
                known[node] = (own, sum(p[1] for p in parts), sum(p[2] for p in parts))
            else:
                once = sum(own + p[1] for p in parts)
                twice = sum(own + p[2] for p in parts) + sum(own + p[1] + q[1] for p in parts for q in parts)
                known[node] = (own, once, twice)
        return known[node]

    return sizes(expression)[2]


class _Built(NamedTuple):
    """A SymPy expression, its value where it is constant, and how many functions and powers are in one another."""

    expression: Any
    number: float | None
    nested: int = 0


class _Builder:
    """Builds SymPy node by node, and computes every constant with floats first, so that none can be huge.

    ``parts`` are the symbols that it gave to nested parts, with what they stand for.
    """

    def __init__(self, known: set[str], max_nested: int) -> None:
        import sympy

        self._max_nested = max_nested
        self._sp = sympy
        self._symbols = {name: sympy.Symbol(name, real=True) for name in known}
        self._named: dict[Any, Any] = {}
        self.parts: dict[Any, Any] = {}

    def build(self, node: Node) -> _Built:
        """Return the expression of ``node``."""
        if isinstance(node, Operation):
            return self._chain(node)
        if isinstance(node, Negative):
            u = self.build(node.operand)
            return self._checked(lambda: -u.expression, lambda: -self._float(u), [u], node.place)
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, Call):
            return self._call(node)
        if node.name in self._symbols:
            return _Built(self._symbols[node.name], None)
        return _Built(self._sp.pi if node.name == "pi" else self._sp.E, _CONSTANTS[node.name])

    def _chain(self, node: Operation) -> _Built:
        # A long sum leans to the left: it is walked in a loop.
        rest: list[Operation] = []
        left: Node = node
        while isinstance(left, Operation):
            rest.append(left)
            left = left.left
        built = self.build(left)
        for operation in reversed(rest):
            built = self._operation(operation, built, self.build(operation.right))
        return built

    def _operation(self, node: Operation, u: _Built, v: _Built) -> _Built:
        a, b, place = u.expression, v.expression, node.right.place
        if node.operator == "+":
            return self._checked(lambda: a + b, lambda: self._float(u) + self._float(v), [u, v], place)
        if node.operator == "-":
            return self._checked(lambda: a - b, lambda: self._float(u) - self._float(v), [u, v], place)
        if node.operator == "*":
            return self._checked(lambda: a * b, lambda: self._float(u) * self._float(v), [u, v], place)
        if node.operator == "/":
            if v.number == 0 or b.is_zero:
                refuse(tr("this divides by zero"), place)
            return self._checked(lambda: a / b, lambda: self._float(u) / self._float(v), [u, v], place)
        return self._power(u, v, place)

    def _power(self, u: _Built, v: _Built, place: int) -> _Built:
        a, b = u.expression, v.expression
        if u.number is None and v.number is not None and abs(v.number) > MAX_EXPONENT:
            refuse(tr("an exponent is at most {most}", most=MAX_EXPONENT), place)
        if v.number is None and u.number is not None and u.number <= 0:
            refuse(tr("the base of a power with a variable exponent must be positive"), place)
        if u.number is None and not b.is_integer and a.is_nonpositive:
            refuse(
                tr("this is not a real number: the base is nowhere positive and the exponent is no whole number"), place
            )
        if v.number is not None and b.is_Float and (2 * v.number).is_integer():
            b = self._sp.Rational(round(2 * v.number), 2)
        from landscape.surfaces.formula.functions import with_roots

        power = self._checked(lambda: with_roots(a**b), lambda: _pow(self._float(u), self._float(v)), [u, v], place)
        if b == 2 or (b.is_Integer and u.nested == 0):  # about these SymPy asks little
            return power
        return self._nested(power, [u, v], "" if b.is_Integer else "nonnegative")

    def _call(self, node: Call) -> _Built:
        function = _functions()[node.function]
        arguments = [self.build(argument) for argument in node.arguments]
        called = self._checked(
            lambda: function.build(*(a.expression for a in arguments)),
            lambda: function.number(*(self._float(a) for a in arguments)),
            arguments,
            node.place,
        )
        return self._nested(called, arguments, function.sign)

    def _nested(self, built: _Built, inner: Sequence[_Built], sign: str) -> _Built:
        """Return what was built, as a symbol that stands for it where too much is in one another."""
        nested = 1 + max(part.nested for part in inner)
        if nested < self._max_nested or built.expression.is_Atom:
            return built._replace(nested=nested)
        if built.number is not None:
            return built._replace(expression=self._sp.Float(built.number), nested=0)
        if built.expression not in self._named:
            known = {sign: True} if sign else {}
            symbol = self._sp.Symbol(f"_n{len(self.parts)}", real=True, **known)
            self._named[built.expression], self.parts[symbol] = symbol, built.expression
        return _Built(self._named[built.expression], None)

    def _number(self, node: Number) -> _Built:
        number = float(node.text)
        if number == 0.0 and re.match(r"[0.]*[1-9]", node.text):  # 1e-400
            refuse(tr("a number below {least:g} is too small", least=1 / MAX_NUMBER), node.place)
        self._check_size(number, node.place)
        if number.is_integer() and abs(number) < 2**53:
            return _Built(self._sp.Integer(int(number)), number)
        return _Built(self._sp.Float(number), number)

    def _checked(
        self, build: Callable[[], Any], compute: Callable[[], float], parts: Sequence[_Built], place: int
    ) -> _Built:
        """Compute the value where all parts are constant, and build only what has a reasonable one."""
        number = None
        if all(part.number is not None for part in parts):
            try:
                number = float(compute())
            except ZeroDivisionError:
                refuse(tr("this divides by zero"), place)
            except _Underflow:
                refuse(tr("a number below {least:g} is too small", least=1 / MAX_NUMBER), place)
            except ValueError:
                refuse(tr("this is not a real number"), place)
            except OverflowError:
                number = math.inf
            if number == 0.0:
                return _Built(self._sp.S.Zero, 0.0)
            self._check_size(number, place)
        expression = build()
        sp = self._sp
        if expression.has(sp.zoo, sp.oo, -sp.oo, sp.nan):
            refuse(tr("this divides by zero"), place)
        if expression.has(sp.I) or any(
            p.base.is_number and p.base.is_negative and not p.exp.is_integer for p in expression.atoms(sp.Pow)
        ):
            refuse(tr("this is not a real number"), place)
        for atom in expression.atoms(sp.Number):
            self._check_size(float(atom), place)
        if number is None and not expression.free_symbols:
            number = float(expression)
        return _Built(expression, number, max(part.nested for part in parts))

    @staticmethod
    def _float(part: _Built) -> float:
        if part.number is None:
            raise AssertionError("only constants are computed")
        return part.number

    @staticmethod
    def _check_size(number: float, place: int) -> None:
        if math.isnan(number):
            refuse(tr("this is not a real number"), place)
        if abs(number) > MAX_NUMBER:
            refuse(tr("a number above {most:g} is too large", most=MAX_NUMBER), place)
        if 0 < abs(number) < 1 / MAX_NUMBER:
            refuse(tr("a number below {least:g} is too small", least=1 / MAX_NUMBER), place)
