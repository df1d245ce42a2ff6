"""From a typed formula to SymPy, by way of ``ast`` and a whitelist: nothing typed is ever evaluated as code."""

from __future__ import annotations

import ast
import bisect
import difflib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from landscape.errors import FormulaError

MAX_LENGTH = 500
"""Characters that a user's formula may have."""
MAX_DEPTH = 30
"""Parentheses, signs and powers that may be nested."""
MAX_EXPONENT = 100
"""Largest size of a constant exponent over a variable."""
MAX_NUMBER = 1e100
"""Largest size of a number, typed or computed from typed ones; 1 / MAX_NUMBER is the smallest."""
VARIABLE_SETS = (("x",), ("w",), ("z",), ("x", "y"), ("w", "b"), ("w1", "w2"), ("x1", "x2"))
"""The variables that a user's formula may have: the first set that holds all of its names is taken."""

_CONSTANTS = {"pi": math.pi, "e": math.e}


class _Function(NamedTuple):
    """A function that may be called: how it is built, its meaning for floats, and how many arguments it takes."""

    build: Callable[..., Any]
    number: Callable[..., float]
    n_arguments: tuple[int, int] = (1, 1)


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

    from landscape.surfaces import functions as own

    def folded(pair: Callable[[Any, Any], Any]) -> Callable[..., Any]:
        def build(first: Any, *rest: Any) -> Any:
            for u in rest:
                first = pair(first, u)
            return first

        return build

    return {
        "sin": _Function(sp.sin, math.sin),
        "cos": _Function(sp.cos, math.cos),
        "tan": _Function(sp.tan, math.tan),
        "asin": _Function(sp.asin, math.asin),
        "acos": _Function(sp.acos, math.acos),
        "atan": _Function(sp.atan, math.atan),
        "sinh": _Function(sp.sinh, math.sinh),
        "cosh": _Function(sp.cosh, math.cosh),
        "tanh": _Function(own.tanh, math.tanh),
        "exp": _Function(sp.exp, _exp),
        "log": _Function(sp.log, math.log),
        "ln": _Function(sp.log, math.log),
        "log10": _Function(lambda u: sp.log(u) / sp.log(10), math.log10),
        "log2": _Function(lambda u: sp.log(u) / sp.log(2), math.log2),
        "sqrt": _Function(own.square_root, math.sqrt),
        "hypot": _Function(lambda *u: own.square_root(sp.Add(*(v**2 for v in u))), math.hypot, (2, 4)),
        "abs": _Function(own.absolute, abs),
        "sign": _Function(own.signum, lambda u: float((u > 0) - (u < 0))),
        "sigmoid": _Function(own.sigmoid, _expit),
        "softplus": _Function(own.softplus, lambda u: u if u > 40 else math.log1p(_exp(u))),
        "relu": _Function(own.relu, lambda u: max(u, 0.0)),
        "erf": _Function(sp.erf, math.erf),
        "max": _Function(folded(own.larger), max, (2, 4)),
        "min": _Function(folded(own.smaller), min, (2, 4)),
    }


FUNCTIONS = (
    *("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log", "ln", "log10", "log2"),
    *("sqrt", "hypot", "abs", "sign", "sigmoid", "softplus", "relu", "erf", "max", "min"),
)
"""Names of the functions that a formula may call; ``log`` and ``ln`` are both the natural logarithm."""


@dataclass(frozen=True)
class Parsed:
    """A formula as a SymPy expression, with the names of its variables in order.

    ``derivative_size`` is an upper bound on the operations of its second derivative, multiplied out.
    """

    expression: Any
    variables: tuple[str, ...]
    derivative_size: int


@lru_cache(maxsize=512)
def parse(
    text: str,
    variables: tuple[str, ...] | None = None,
    parameters: tuple[str, ...] = (),
    max_length: int = MAX_LENGTH,
) -> Parsed:
    """Return the SymPy expression of ``text``; raise ``FormulaError`` that says what is refused, and where.

    Accepted are + - * / ** ^ (which is **), parentheses, numbers, pi, e, the functions of ``FUNCTIONS``, and a
    number before a name or a parenthesis as a product ("20w"). ``variables`` are the names that count as
    coordinates; ``None`` takes the first of ``VARIABLE_SETS`` that fits. All symbols are real.

    >>> parse("w^2 - 20w + 100").expression
    w**2 - 20*w + 100
    """
    tokens = _tokens(text, max_length)
    known = {name for group in (VARIABLE_SETS if variables is None else (variables,)) for name in group}
    known |= set(parameters)
    tokens = _with_products(tokens, known)
    chosen = _chosen([t for t in tokens if t.kind == "name" and t.text in known]) if variables is None else variables
    tree, places = _syntax_tree(tokens, text)
    expression = _Builder({*chosen, *parameters}, places).build(tree.body).expression
    if variables is None and not chosen:
        raise FormulaError("the formula has no variable; write it in x and y, in x alone or in w")
    if variables is None and not expression.free_symbols:
        raise FormulaError("this formula is constant: its variables cancel out")
    from landscape.surfaces.functions import as_own

    return Parsed(as_own(expression), chosen, _derivative_size(expression))


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


def choose(parsed: Parsed, n_dims: int) -> tuple[str, ...]:
    """Return ``n_dims`` variables for a formula that may not mention all of them (x alone over a plane)."""
    for names in VARIABLE_SETS:
        if len(names) == n_dims and set(parsed.variables) <= set(names):
            return names
    raise FormulaError(
        f"a formula in {' and '.join(parsed.variables)} is {len(parsed.variables)}-dimensional; "
        f"the domain has {n_dims} (low, high) pair{'s' if n_dims > 1 else ''}"
    )


# Tokens ---------------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<operator>//|\*\*|[-+*/^(),])|(?P<space>[ \t\r\n]+)"
)

_REFUSED = {
    **dict.fromkeys("'\"`", "text in quotes is not accepted"),
    **dict.fromkeys("[]{}", "square and curly brackets are not accepted; write ( )"),
    **dict.fromkeys("<>", "comparisons are not accepted"),
    "!": "factorials and comparisons are not accepted",
    "=": "an equals sign is not accepted; give the right-hand side alone",
    ".": "a dot outside a number (an attribute) is not accepted",
    "|": "bars are not accepted; write abs( )",
    "%": "a remainder is not accepted",
    ":": "a colon is not accepted",
    "²": "a raised digit is not accepted; write ^2",
    "³": "a raised digit is not accepted; write ^3",
    "√": "a root sign is not accepted; write sqrt( )",
    "π": "write pi by its name",
    **dict.fromkeys("·×∙⋅", "this product sign is not accepted; write *"),
    **dict.fromkeys("−–—", "this minus sign is not accepted; write -"),
    "÷": "this division sign is not accepted; write /",
}


def _refuse(message: str, position: int | None = None) -> NoReturn:
    where = "" if position is None else f" (at character {position + 1})"
    raise FormulaError(message + where, position)


def _tokens(text: object, max_length: int) -> list[_Token]:
    if not isinstance(text, str):
        raise FormulaError(f"a formula is text, not {type(text).__name__}")
    if not text.strip():
        raise FormulaError("the formula is empty")
    if len(text) > max_length:
        _refuse(f"a formula has at most {max_length} characters, this one has {len(text)}", max_length)
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            character = text[position]
            _refuse(_REFUSED.get(character, f"the character {character!r} is not accepted"), position)
        kind = str(match.lastgroup)
        if match[0] == "//":
            _refuse("whole-number division is not accepted; write /", position)
        if kind != "space":
            tokens.append(_Token(kind, match[0], position))
        position = match.end()
    opened: list[int] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token.position)
            if len(opened) > MAX_DEPTH:
                _refuse(f"parentheses are nested more than {MAX_DEPTH} deep", token.position)
        elif token.text == ")":
            if not opened:
                _refuse("this closing parenthesis was never opened", token.position)
            opened.pop()
    if opened:
        _refuse("this parenthesis is never closed", opened[-1])
    return tokens


def _with_products(tokens: Sequence[_Token], known: set[str]) -> list[_Token]:
    """Return the tokens with * where a number stands before a name or parenthesis, all names checked."""
    result: list[_Token] = []
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        called = following is not None and following.text == "("
        if token.kind == "name":
            _check_name(token, called, known)
        result.append(token)
        if following is None or (token.kind == "operator" and token.text != ")"):
            continue
        if following.kind == "operator" and following.text != "(":
            continue
        if token.kind == "name" and called:
            continue
        if token.kind != "number" or following.kind == "number":
            _refuse(f"an operator is missing before {following.text!r}; for a product write *", following.position)
        if i and tokens[i - 1].text == "/":
            _refuse(
                f"{token.text}{following.text} after / can be read in two ways; write * and parentheses",
                token.position,
            )
        result.append(_Token("operator", "*", following.position))
    return result


def _check_name(token: _Token, called: bool, known: set[str]) -> None:
    name = token.text
    if name in FUNCTIONS:
        if not called:
            _refuse(f"{name} needs its argument in parentheses: {name}( )", token.position)
    elif name in known or name in _CONSTANTS:
        if called:
            _refuse(f"{name} is not a function; for a product write {name}*( )", token.position)
    else:
        candidates = FUNCTIONS if called else [*known, *_CONSTANTS, *FUNCTIONS]
        near = difflib.get_close_matches(name, candidates, n=3, cutoff=0.6)
        shown = name if len(name) <= 40 else name[:40] + "..."
        what = "function" if called else "name"
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        _refuse(f"unknown {what} {shown!r}{hint}", token.position)


def _chosen(used: Iterable[_Token]) -> tuple[str, ...]:
    first = {t.text: t.position for t in reversed(list(used))}
    if not first:
        return ()
    for names in VARIABLE_SETS:
        if first.keys() <= set(names):
            return names
    allowed = ", ".join(" and ".join(names) for names in VARIABLE_SETS)
    _refuse(
        f"these variables do not go together: {', '.join(sorted(first, key=first.__getitem__))}; "
        f"a formula is written in one of: {allowed}",
        sorted(first.values())[1],
    )


# Syntax tree ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Places:
    """Where the tokens of the translated text stood in the typed one."""

    translated: list[int]
    typed: list[int]

    def __getitem__(self, offset: int) -> int:
        return self.typed[bisect.bisect_right(self.translated, offset) - 1]


def _syntax_tree(tokens: Sequence[_Token], text: str) -> tuple[ast.Expression, _Places]:
    """Return the tree of the tokens written as Python, and how to get back from its offsets to the typed text."""
    pieces, offsets, offset = [], [], 0
    for token in tokens:
        piece = "**" if token.text == "^" else token.text
        if piece.isdigit():
            piece = piece.lstrip("0") or "0"  # Python refuses 007
        pieces.append(piece)
        offsets.append(offset)
        offset += len(piece) + 1
    places = _Places(offsets, [t.position for t in tokens])
    try:
        return ast.parse(" ".join(pieces), mode="eval"), places
    except SyntaxError as error:
        at = (error.offset or 1) - 1
        if at >= offset - 1 or error.offset in (None, 0):
            _refuse("the formula ends too early", len(text.rstrip()) - 1)
        token = next(t for t in reversed(tokens) if t.position <= places[at])
        _refuse(f"{token.text!r} does not fit here", token.position)
    except (RecursionError, MemoryError):
        _refuse("the formula is nested too deeply")


class _Built(NamedTuple):
    """A SymPy expression, with its value where it is constant."""

    expression: Any
    number: float | None


class _Builder:
    """Builds SymPy node by node, and computes every constant with floats first, so that none can be huge."""

    def __init__(self, names: set[str], places: _Places) -> None:
        import sympy

        self._sp = sympy
        self._symbols = {name: sympy.Symbol(name, real=True) for name in names}
        self._places = places

    def build(self, node: ast.expr, depth: int = 0) -> _Built:
        """Return the expression of ``node``."""
        position = self._places[node.col_offset]
        if depth > MAX_DEPTH:
            _refuse(f"the formula is nested more than {MAX_DEPTH} deep", position)
        if isinstance(node, ast.BinOp):
            return self._chain(node, depth)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            u = self.build(node.operand, depth + 1)
            if isinstance(node.op, ast.UAdd):
                return u
            return self._checked(lambda: -u.expression, lambda: -self._float(u), [u], position)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return self._number(node.value, position)
        if isinstance(node, ast.Name):
            if node.id in self._symbols:
                return _Built(self._symbols[node.id], None)
            if node.id in _CONSTANTS:
                return _Built(self._sp.pi if node.id == "pi" else self._sp.E, _CONSTANTS[node.id])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            return self._call(node, node.func.id, position, depth)
        kind = {ast.Tuple: "a list of values (a comma)", ast.Starred: "a starred argument"}.get(type(node))
        _refuse(f"{kind or type(node).__name__} is not accepted", position)

    def _chain(self, node: ast.BinOp, depth: int) -> _Built:
        # A long sum leans to the left: walked in a loop, it does not count as nesting.
        rest, left = [], node
        while True:
            rest.append((left.op, left.right))
            if not isinstance(left.left, ast.BinOp):
                break
            left = left.left
        built = self.build(left.left, depth + 1)
        for op, operand in reversed(rest):
            built = self._binary(op, built, self.build(operand, depth + 1), self._places[operand.col_offset])
        return built

    def _binary(self, op: ast.operator, u: _Built, v: _Built, position: int) -> _Built:
        a, b = u.expression, v.expression
        if isinstance(op, ast.Add):
            return self._checked(lambda: a + b, lambda: self._float(u) + self._float(v), [u, v], position)
        if isinstance(op, ast.Sub):
            return self._checked(lambda: a - b, lambda: self._float(u) - self._float(v), [u, v], position)
        if isinstance(op, ast.Mult):
            return self._checked(lambda: a * b, lambda: self._float(u) * self._float(v), [u, v], position)
        if isinstance(op, ast.Div):
            if v.number == 0 or b.is_zero:
                _refuse("this divides by zero", position)
            return self._checked(lambda: a / b, lambda: self._float(u) / self._float(v), [u, v], position)
        if isinstance(op, ast.Pow):
            if u.number is None and v.number is not None and abs(v.number) > MAX_EXPONENT:
                _refuse(f"an exponent is at most {MAX_EXPONENT}", position)
            if v.number is None and u.number is not None and u.number <= 0:
                _refuse("the base of a power with a variable exponent must be positive", position)
            if v.number is not None and b.is_Float and (2 * v.number).is_integer():
                b = self._sp.Rational(round(2 * v.number), 2)
            from landscape.surfaces.functions import with_roots

            return self._checked(
                lambda: with_roots(a**b), lambda: _pow(self._float(u), self._float(v)), [u, v], position
            )
        _refuse(f"the operator {type(op).__name__} is not accepted", position)

    def _call(self, node: ast.Call, name: str, position: int, depth: int) -> _Built:
        if node.keywords:
            _refuse(f"{name} takes no named arguments", position)
        function = _functions()[name]
        low, high = function.n_arguments
        if not low <= len(node.args) <= high:
            wanted = "one argument" if high == 1 else f"{low} to {high} arguments"
            _refuse(f"{name} takes {wanted}, not {len(node.args)}", position)
        arguments = [self.build(argument, depth + 1) for argument in node.args]
        return self._checked(
            lambda: function.build(*(a.expression for a in arguments)),
            lambda: function.number(*(self._float(a) for a in arguments)),
            arguments,
            position,
        )

    def _number(self, value: float, position: int) -> _Built:
        number = float(value) if abs(value) <= MAX_NUMBER else math.inf
        self._check_size(number, position)
        if number.is_integer() and abs(number) < 2**53:
            return _Built(self._sp.Integer(int(number)), number)
        return _Built(self._sp.Float(number), number)

    def _checked(
        self, build: Callable[[], Any], compute: Callable[[], float], parts: Sequence[_Built], position: int
    ) -> _Built:
        """Compute the value where all parts are constant, and build only what has a reasonable one."""
        number = None
        if all(part.number is not None for part in parts):
            try:
                number = float(compute())
            except ZeroDivisionError:
                _refuse("this divides by zero", position)
            except _Underflow:
                _refuse(f"a number below {1 / MAX_NUMBER:g} is too small", position)
            except ValueError:
                _refuse("this is not a real number", position)
            except OverflowError:
                number = math.inf
            if number == 0.0:
                return _Built(self._sp.S.Zero, 0.0)
            self._check_size(number, position)
        expression = build()
        sp = self._sp
        if expression.has(sp.zoo, sp.oo, -sp.oo, sp.nan):
            _refuse("this divides by zero", position)
        if expression.has(sp.I):
            _refuse("this is not a real number", position)
        for atom in expression.atoms(sp.Number):
            self._check_size(float(atom), position)
        if number is None and not expression.free_symbols:
            number = float(expression)
        return _Built(expression, number)

    @staticmethod
    def _float(part: _Built) -> float:
        if part.number is None:
            raise AssertionError("only constants are computed")
        return part.number

    @staticmethod
    def _check_size(number: float, position: int) -> None:
        if math.isnan(number):
            _refuse("this is not a real number", position)
        if abs(number) > MAX_NUMBER:
            _refuse(f"a number above {MAX_NUMBER:g} is too large", position)
        if 0 < abs(number) < 1 / MAX_NUMBER:
            _refuse(f"a number below {1 / MAX_NUMBER:g} is too small", position)
