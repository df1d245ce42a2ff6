"""From tokens to a tree, by precedence (Pratt, "Top down operator precedence", 1973)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeGuard

from landscape.language import tr
from landscape.surfaces.formula import names as _names
from landscape.surfaces.formula.characters import refuse
from landscape.surfaces.formula.tokens import MAX_DEPTH, Token
from landscape.surfaces.formula.tree import (
    SIGN,
    SINGLE,
    STRENGTH,
    Call,
    Name,
    Negative,
    Node,
    Number,
    Operation,
    held,
    names_in,
    parts_of,
    with_strength,
    written,
)
from landscape.surfaces.formula.words import CONSTANTS, FUNCTIONS, INVERSES, is_coordinate

_NO_BLANK = re.compile(r"[\n\r\t\v\f\x85\u2028\u2029]")
"""Ends of lines and of cells, which part formulas and stand for no product."""


class Parser:
    """Takes the tokens one by one; ``_at`` is the next one.

    ``of_spreadsheet`` refuses what a spreadsheet reads otherwise: there -x^2 is (-x)^2, 2^x^2 is (2^x)^2, and log is of
    base 10.
    """

    def __init__(self, tokens: Sequence[Token], text: str, of_spreadsheet: bool = False) -> None:
        last = len(text.rstrip()) - 1
        self._tokens = [*tokens, Token("end", "", max(last, 0), last, False)]
        self._text = text
        self._of_spreadsheet = of_spreadsheet
        self._at = 0
        self._depth = 0
        self._group = (-1, -1)  # the last parentheses that were read: their first token, and the one behind them
        self._power: tuple[int, Operation] | None = None  # the token behind the last power, and that power
        self._closed = -1  # the token behind the last exponent of the form -( )
        self._root = -1  # the token behind the last operand of a root sign that has no parentheses

    def whole(self) -> Node:
        """Return the tree of all tokens."""
        tree = self._expression(0)
        if self._next.text == ",":
            refuse(
                tr(
                    "a list of values (a comma) is not accepted; the decimal sign is a dot, and max and min take "
                    "several arguments"
                ),
                self._next.place,
            )
        if self._next.kind != "end":
            self._refuse_next()
        return tree

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _refuse_next(self) -> NoReturn:
        token = self._next
        if token.kind == "end":
            refuse(tr("the formula ends too early: an operand is missing"), token.place)
        shown = self._text[token.place : max(token.end, token.place + 1)][:40]
        refuse(
            tr("{text!r} does not fit here; an operand is a number, a name, a function or ( )", text=shown), token.place
        )

    def _expression(self, least: int) -> Node:
        """Return what binds at least as strongly as ``least``."""
        begun = self._next.place
        left = self._operand()
        is_divided = False  # whether the last sign was that of a quotient
        while True:
            token = self._next
            is_sign = token.kind == "operator" and token.text in STRENGTH
            if not is_sign and token.kind not in ("number", "name", "function") and token.text not in ("(", "[", "√"):
                break
            if (STRENGTH[token.text] if is_sign else STRENGTH["*"]) < least:
                break
            left = self._operation(left, begun) if is_sign else self._implied_product(left, begun, is_divided)
            is_divided = token.text == "/"
        return left

    def _deeper(self, read: Callable[[], Node]) -> Node:
        """Return what ``read`` does, one sign, power or root further inside; parentheses are counted before."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            refuse(tr("signs, powers and roots are nested more than {most} deep", most=MAX_DEPTH), self._next.place)
        node = read()
        self._depth -= 1
        return node

    def _operand(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(token.text, token.place)
        if token.kind == "name":
            return Name(token.text, token.place)
        if token.kind == "function":
            return self._call(token)
        if token.text == "(":
            return self._parenthesis()
        if token.text == "[":  # a fraction in one character
            fraction = self._expression(0)
            self._take()
            return fraction
        if token.text == "√":
            return self._root_of(token)
        if token.text in ("+", "-") and token.kind == "operator":
            start = self._at
            operand = self._deeper(lambda: self._expression(SIGN))
            if token.text == "-" and self._is_open_power(operand, start):
                negative = Negative(operand.left, token.place)
                otherwise = Operation("^", negative, operand.right, token.place)
                self._refuse_power(otherwise, f"-({written(operand)})")
            return operand if token.text == "+" else Negative(operand, token.place)
        self._at -= 1
        return self._refuse_next()

    def _is_open_power(self, node: Node, start: int) -> TypeGuard[Operation]:
        """Tell whether a node that began at a token is a power without parentheses in a formula of a spreadsheet."""
        is_power = isinstance(node, Operation) and node.operator == "^"
        return self._of_spreadsheet and is_power and self._group != (start, self._at)

    def _refuse_power(self, otherwise: Operation, usual: str) -> NoReturn:
        first, second = _cut(written(otherwise)), _cut(usual)
        refuse(
            tr(
                "a spreadsheet reads this power otherwise: {first}, not {second}; write parentheses",
                first=first,
                second=second,
            ),
            otherwise.place,
        )

    def _parenthesis(self) -> Node:
        """Return what stands in parentheses whose opening one is taken."""
        first = self._at - 1
        inside = self._expression(0)
        if self._next.text == ",":
            refuse(tr("a list of values (a comma) is not accepted; the decimal sign is a dot"), self._next.place)
        self._close()
        self._group = (first, self._at)
        return inside

    def _close(self) -> None:
        if self._next.text != ")":
            self._refuse_next()
        self._take()

    def _root_of(self, token: Token) -> Node:
        """Return the root of what follows its sign: one operand."""
        start = self._at
        if self._next.text in ("+", "-"):
            refuse(tr("a root sign needs parentheses here: √( )"), token.place)
        operand = self._deeper(self._operand)
        if self._group != (start, self._at):
            self._root = self._at
            if self._next.text == "^":
                inner = _cut(held(with_strength(operand), SINGLE))
                refuse(
                    tr("√{inner}^ can be read in two ways: sqrt({inner}^ ) or sqrt({inner})^", inner=inner),
                    token.place,
                )
        return Call("sqrt", (operand,), token.place)

    def _call(self, token: Token) -> Node:
        name = token.text
        if self._of_spreadsheet and name == "log":
            refuse(tr("log can be read in two ways: log10( ), as in a spreadsheet, or ln( )"), token.place)
        raised = self._raised_function(token) if self._next.text == "^" else None
        if self._next.text != "(":
            refuse(tr("{function} needs its argument in parentheses: {function}( )", function=name), token.place)
        self._take()
        arguments = [self._expression(0)]
        while self._next.text == ",":
            self._take()
            arguments.append(self._expression(0))
        self._close()
        low, high = FUNCTIONS[name]
        if not low <= len(arguments) <= high:
            if high == 1:
                refuse(tr("{function} takes one argument, not {n}", function=name, n=len(arguments)), token.place)
            places = {"function": name, "low": low, "high": high, "n": len(arguments)}
            refuse(tr("{function} takes {low} to {high} arguments, not {n}", **places), token.place)
        call = Call(name, tuple(arguments), token.place)
        if raised is None:
            return call
        if self._next.text == "^":
            refuse(tr("a power of a power needs parentheses: (sin(x)^2)^3"), self._next.place)
        return Operation("^", call, raised, token.place)

    def _raised_function(self, token: Token) -> Node:
        """Return the exponent of sin^2(x), which stands before the argument."""
        self._take()
        start = self._at
        exponent = self._operand()
        if isinstance(exponent, Negative) and token.text in INVERSES:
            inverse = INVERSES[token.text]
            refuse(
                tr(
                    "{function}^-1 can be read in two ways: {inverse}( ) or 1/{function}( )",
                    function=token.text,
                    inverse=inverse,
                ),
                token.place,
            )
        if not (isinstance(exponent, Number) and exponent.text.isdigit()):
            refuse(
                tr("behind {function}^ stands a whole number; else write {function}( )^( )", function=token.text),
                token.place,
            )
        if start + 1 == self._at and self._next.text != "(":
            refuse(
                tr(
                    "{function} needs its argument in parentheses: {function}^{exponent}( )",
                    function=token.text,
                    exponent=exponent.text,
                ),
                token.place,
            )
        return exponent

    def _operation(self, left: Node, begun: int) -> Node:
        power = self._power[1] if self._power is not None and self._power[0] == self._at else None
        is_tight = self._next.glued and self._closed != self._at
        operator = self._take().text
        is_tight &= self._next.glued
        if operator != "^":
            right = self._expression(STRENGTH[operator] + 1)
            # Blanks round the sign show where the exponent ends: e^-x^2 - y^2.
            if power is not None and operator in "+-" and is_tight and _goes_on(power, right):
                exponent = Operation(operator, power.right, right, power.right.place)
                first = Operation(operator, power, right, power.place)
                self._refuse_readings(first, Operation("^", power.left, exponent, power.place))
            return Operation(operator, left, right, begun)
        start = self._at
        power = Operation("^", left, self._deeper(lambda: self._expression(SIGN)), begun)
        if self._group == (start, self._at):
            return power  # an exponent in parentheses ends where they do
        if self._is_open_power(power.right, start):
            inner = Operation("^", left, power.right.left, begun)
            self._refuse_power(Operation("^", inner, power.right.right, begun), written(power))
        self._power = (self._at, power)
        if self._group == (start + 1, self._at):
            self._closed = self._at
        # x^2/2 is read in one way; x^1/2, e^-x/2 and e^-x^2/2 are not.
        is_one = isinstance(power.right, Number) and power.right.text == "1"
        if self._next.text == "/" and (is_one or _is_signed_or_raised(power.right)):
            self._take()
            fraction = Operation("/", power.right, self._operand(), power.right.place)
            self._refuse_readings(Operation("/", power, fraction.right, begun), Operation("^", left, fraction, begun))
        return power

    def _implied_product(self, left: Node, begun: int, is_divided: bool) -> Node:
        """Return the product of ``left`` and the operand that follows without a sign, if that is its one meaning."""
        last, token = self._tokens[self._at - 1], self._next
        if token.kind == "number" or _NO_BLANK.search(self._text, last.end, token.place):
            refuse(tr("an operator is missing before {text!r}; for a product write *", text=token.text), token.place)
        if last.kind == "name" and last.text == "e" and token.text in ("(", "["):
            refuse(tr("e( ) can be read in two ways; write e*( ) or exp( )"), last.place)
        power = self._power[1] if self._power is not None and self._power[0] == self._at else None
        is_root = self._root == self._at
        opening, inside, closing = [*self._tokens[self._at : self._at + 3], token, token][:3]
        if is_coordinate(last) and opening.text == "(" and inside.text.isdigit() and closing.text == ")":
            name, index = _names.shown(last.text), inside.text
            refuse(
                tr("{name}({index}) can be read in two ways: {name}*{index} or {name}_{index}", name=name, index=index),
                last.place,
            )
        right = self._expression(SIGN)

        def times(one: Node) -> Operation:
            return Operation("*", one, right, one.place)

        product = Operation("*", left, right, begun)
        if is_divided and isinstance(left, Operation):
            self._refuse_readings(product, Operation("/", left.left, times(left.right), begun))
        if is_root:
            refuse(tr("what stands under this root sign can be read in two ways; write √( )"), last.place)
        if power is not None and not _is_monomial(power, right):
            self._refuse_readings(times(power), Operation("^", power.left, times(power.right), power.place))
        if last.kind == "number" and token.glued and re.fullmatch(r"(?!1e)[0-9]+e[+-][0-9]+", last.text):
            digits, exponent = last.text.split("e")
            first = Operation("*", Number(digits, last.place), Name("e", last.place), last.place)
            second = times(Number(exponent[1:], last.place))
            self._refuse_readings(
                times(Number(last.text, last.place)), Operation(exponent[0], first, second, last.place)
            )
        return product

    def _refuse_readings(self, first: Operation, second: Operation) -> NoReturn:
        """Refuse what was typed from where the first reading begins up to here, and show both readings."""
        readings = [_cut(_with_order(first)), _cut(written(second))]
        typed = _cut(" ".join(self._text[first.place : self._tokens[self._at - 1].end].split()))
        refuse(
            tr(
                "{typed} can be read in two ways: {first} or {second}; write * and parentheses",
                typed=typed,
                first=readings[0],
                second=readings[1],
            ),
            first.place,
        )


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _with_order(operation: Operation) -> str:
    """Return a product or a quotient as text, with parentheses that show what comes first."""
    strength = STRENGTH[operation.operator]
    if strength < STRENGTH["*"]:
        return written(operation)
    least = SINGLE if isinstance(operation.left, Operation) else strength
    right = held(with_strength(operation.right), strength + 1)
    return f"{held(with_strength(operation.left), least)}{operation.operator}{right}"


def _is_signed_or_raised(exponent: Node) -> bool:
    """Tell whether an exponent that was typed without parentheses is more than one operand: -x, x^2."""
    return isinstance(exponent, Negative) or (isinstance(exponent, Operation) and exponent.operator == "^")


def _goes_on(power: Operation, following: Node) -> bool:
    """Tell whether an exponent may be meant to go on behind a sign, as in e^-x^2-y^2 but not in e^-x+e^-y."""
    is_exponential = not _varies(power.left) and _varies(power.right)
    return is_exponential and _is_signed_or_raised(power.right) and not _holds_exponential(following)


def _holds_exponential(node: Node) -> bool:
    """Tell whether a power of a constant base with a variable exponent stands in a tree."""
    rest = [node]
    while rest:
        node = rest.pop()
        if isinstance(node, Operation) and node.operator == "^" and not _varies(node.left) and _varies(node.right):
            return True
        rest += parts_of(node)
    return False


def _is_monomial(power: Operation, following: Node) -> bool:
    """Tell whether a power and what follows it are read as a product by everybody, like x^2y.

    Its base varies, its exponent is a whole number, and what follows is neither a constant nor the base once more.
    """
    first = following
    while isinstance(first, Operation):
        first = first.left
    is_whole = isinstance(power.right, Number) and power.right.text.isdigit()
    base = power.left.name if isinstance(power.left, Name) else ""
    again = isinstance(first, Name) and first.name in (*CONSTANTS, base)
    return is_whole and _varies(power.left) and not again


def _varies(node: Node) -> bool:
    """Tell whether a coordinate or a parameter stands in a tree."""
    return bool(names_in(node) - {*CONSTANTS})
