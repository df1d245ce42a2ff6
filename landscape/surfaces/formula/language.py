"""The language of formulas: from typed text to a tree, by precedence (Pratt, "Top down operator precedence", 1973).

Read is what has one meaning. What people read in two ways (1/2x, e^2x, |x|y|z|) is refused, and both readings shown.
Nothing typed is ever run.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from landscape.errors import FormulaError
from landscape.surfaces.formula import names as _names
from landscape.surfaces.formula.characters import plain, refuse

MAX_LENGTH = 500
"""Characters that a user's formula may have."""
MAX_DEPTH = 30
"""Parentheses, signs and powers that may be nested."""
CONSTANTS = ("pi", "e")
FUNCTIONS = {
    **dict.fromkeys(("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"), (1, 1)),
    **dict.fromkeys(("exp", "log", "ln", "log10", "log2", "sqrt"), (1, 1)),
    "hypot": (2, 4),
    **dict.fromkeys(("abs", "sign", "sigmoid", "softplus", "relu", "erf"), (1, 1)),
    **dict.fromkeys(("max", "min"), (2, 4)),
}
"""Functions that a formula may call and how many arguments each takes (from, to); ``log`` and ``ln`` are the same."""
_ALIASES = {
    **{f"arc{f}": f"a{f}" for f in ("sin", "cos", "tan")},
    **{f"log_{base}": f"log{base}" for base in ("2", "10")},
    "sgn": "sign",
    "tg": "tan",
    "arctg": "atan",
    "maximum": "max",
    "minimum": "min",
}
_INVERSES = {f: f"a{f}" for f in ("sin", "cos", "tan")}
_SAID = {
    "lg": "lg can be read in two ways: log10( ) or log2( )",
    "LOG": "LOG can be read in two ways: log10( ), as in a spreadsheet, or ln( )",
    "i": "i, the imaginary unit, is not accepted: a formula is a real number",
    **dict.fromkeys(("pow", "power", "square"), "a power is written with ^: x^2"),
    **{f: f"{f} is not accepted; write 1/{of}( )" for f, of in (("cot", "tan"), ("sec", "cos"), ("csc", "sin"))},
}


# The tree -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A number as it was typed, in Python's notation."""

    text: str
    place: int


@dataclass(frozen=True)
class Name:
    """A coordinate, a parameter or a constant."""

    name: str
    place: int


@dataclass(frozen=True)
class Call:
    """A function of its arguments."""

    function: str
    arguments: tuple[Node, ...]
    place: int


@dataclass(frozen=True)
class Negative:
    """The negative of its operand."""

    operand: Node
    place: int


@dataclass(frozen=True)
class Operation:
    """``left operator right``, the operator one of + - * / ^; ``place`` is where the left operand begins."""

    operator: str
    left: Node
    right: Node
    place: int


Node = Number | Name | Call | Negative | Operation

_STRENGTH = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 30}
_SIGN = 25
_SINGLE = 40


def written(node: Node) -> str:
    """Return a tree as text with every product sign, and no parentheses but those that it needs.

    >>> written(read("x³−3xy²", ("x", "y")).tree)
    'x^3 - 3*x*y^2'
    """
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    """Return the text of a node and how strongly it holds together."""
    if isinstance(node, Number):
        return node.text, _SINGLE
    if isinstance(node, Name):
        return _names.shown(node.name), _SINGLE
    if isinstance(node, Call):
        return f"{node.function}({', '.join(map(written, node.arguments))})", _SINGLE
    if isinstance(node, Negative):
        return f"-{_held(_written(node.operand), _SIGN)}", _SIGN
    chain = []  # a long sum leans to the left
    while isinstance(node, Operation) and node.operator != "^":
        chain.append(node)
        node = node.left
    if not chain:
        assert isinstance(node, Operation)
        exponent, strength = _written(node.right)
        inner = node.right.operand if isinstance(node.right, Negative) else node.right
        least = _SINGLE if isinstance(inner, Operation) else _SIGN  # e^(-x^2) shows where the exponent ends
        return f"{_held(_written(node.left), 31)}^{_held((exponent, strength), least)}", 30
    text, strength = _written(node)
    for operation in reversed(chain):
        own = _STRENGTH[operation.operator]
        sign = f" {operation.operator} " if own == 10 else operation.operator
        text = f"{_held((text, strength), own)}{sign}{_held(_written(operation.right), own + 1)}"
        strength = own
    return text, strength


def _held(part: tuple[str, int], least: int) -> str:
    text, strength = part
    return text if strength >= least else f"({text})"


class Reading(NamedTuple):
    """The tree of a formula, and the names of its coordinates in order: those given, or those that it mentions."""

    tree: Node
    variables: tuple[str, ...]

    @property
    def understood(self) -> str:
        """The formula with every product sign, which is read alike: x₂ alone is x_2, as x2 might be a power."""
        text, lone = written(self.tree), _names.lone(self.names())
        return re.sub(rf"\b{''.join(lone)}\b", "_".join(lone), text) if lone else text

    def names(self) -> set[str]:
        """Return the names that stand in the formula."""
        found, rest = set(), [self.tree]
        while rest:
            node = rest.pop()
            if isinstance(node, Name):
                found.add(node.name)
            rest += parts_of(node)
        return found - {*CONSTANTS}


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Negative):
        return (node.operand,)
    return (node.left, node.right) if isinstance(node, Operation) else ()


def read(
    text: str,
    variables: Sequence[str] | None = None,
    parameters: Sequence[str] = (),
    max_length: int = MAX_LENGTH,
) -> Reading:
    """Return the tree of a formula; raise ``FormulaError`` that says what is refused, where, and what is allowed.

    ``variables`` and ``parameters`` are the names that it may have; with ``None`` these are those of
    ``names.together``.
    """
    if not isinstance(text, str):
        raise FormulaError(f"a formula is text, not {type(text).__name__}")
    if not text.strip():
        raise FormulaError("the formula is empty; write one such as x^2 - y^2")
    if len(text) > max_length:
        refuse(f"a formula has at most {max_length} characters, this one has {len(text)}", max_length)
    tokens = _tokens(text)
    if not tokens:
        raise FormulaError("the formula is empty; write one such as x^2 - y^2")
    if variables is None:
        tokens, chosen = _typed_names(tokens)
    else:
        tokens, chosen = _declared_names(tokens, {*variables, *parameters}), tuple(variables)
    return Reading(_Parser(_with_calls_for_bars(tokens), text).whole(), chosen)


# Tokens ---------------------------------------------------------------------------------------------------------


class _Token(NamedTuple):
    """``kind`` is number, word (before names are told apart), name, function, operator or end.

    ``glued`` tells that nothing stands between the token and the one before it.
    """

    kind: str
    text: str
    place: int
    end: int
    glued: bool


_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<space> +|(?:np|numpy|math|Math|torch)\.(?=[^\W\d]))"
    r"|(?P<word>[^\W\d]\w*)|(?P<operator>//|\*\*|[-+*/^(),|√])"
)


def _tokens(text: str) -> list[_Token]:
    characters, places = plain(text)
    tokens: list[_Token] = []
    position, glued = 0, False
    while position < len(characters):
        match = _TOKEN.match(characters, position)
        if match is None:
            what = "a dot outside a number (an attribute)" if characters[position] == "." else "this line or digit"
            refuse(f"{what} is not accepted; names begin with a letter, decimals have a digit", places[position])
        kind, piece, place = str(match.lastgroup), match[0], places[position]
        if piece == "//":
            refuse("whole-number division is not accepted; write /", place)
        if kind != "space":
            tokens.append(_Token(kind, "^" if piece == "**" else piece, place, places[match.end() - 1] + 1, glued))
        position, glued = match.end(), kind != "space"
    _check_parentheses(tokens)
    return tokens


def _check_parentheses(tokens: Sequence[_Token]) -> None:
    opened: list[int] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token.place)
            if len(opened) > MAX_DEPTH:
                refuse(f"parentheses are nested more than {MAX_DEPTH} deep", token.place)
        elif token.text == ")":
            if not opened:
                refuse("this closing parenthesis was never opened", token.place)
            opened.pop()
    if opened:
        refuse("this parenthesis is never closed", opened[-1])


# Names ----------------------------------------------------------------------------------------------------------


def _text_at(tokens: Sequence[_Token], i: int) -> str:
    return tokens[i].text if i < len(tokens) else ""


def _function(word: str) -> str | None:
    """Return the function that a word names, in capitals or not; LOG is a spreadsheet's, of base 10."""
    lower = word.lower() if word != "LOG" else word
    name = _ALIASES.get(lower, lower)
    return name if name in FUNCTIONS else None


def _constant(word: str) -> str | None:
    name = "pi" if word in ("π", "Pi", "PI") else word
    return name if name in CONSTANTS else None


def _declared_names(tokens: Sequence[_Token], known: set[str]) -> list[_Token]:
    """Return the tokens with every word told apart into names that are known, constants and functions."""
    result = []
    for i, token in enumerate(tokens):
        parts = [token]
        if token.kind == "word":
            exact = [token._replace(kind="name")] if token.text in known else []
            parts = exact or _whole(token) or _product(token, _text_at(tokens, i + 1))
            if not parts or any(_is_coordinate(part) and part.text not in known for part in parts):
                _refuse_word(token, _text_at(tokens, i + 1) == "(", sorted(known))
        result += parts
    return result


def _typed_names(tokens: Sequence[_Token]) -> tuple[list[_Token], tuple[str, ...]]:
    """Return the tokens with every word told apart, and the coordinates that they name.

    A word that is no name is a product of names where these go together with all others: xy is x*y.
    """
    split: dict[int, list[_Token]] = {}
    named: dict[str, int] = {}  # coordinate -> where it first stands
    for i, token in enumerate(tokens):
        if token.kind == "word" and (parts := _whole(token)):
            split[i] = parts
            named.update({p.text: p.place for p in parts if _is_coordinate(p) and p.text not in named})
    for i, token in enumerate(tokens):
        if token.kind != "word" or i in split:
            continue
        parts = _product(token, _text_at(tokens, i + 1))
        found = {p.text: p.place for p in parts if _is_coordinate(p)}
        if not parts or ((found or named) and _names.together([*found, *named]) is None):
            first = next(iter(found), "")
            is_product = bool(found.keys() & named.keys()) or first[-1:].isdigit()
            is_product &= not token.text.startswith(tuple(FUNCTIONS))
            every = {**found, **named} if is_product else named
            clash = _clash(every)
            if clash is not None and every[clash] < token.end:
                _refuse_names(clash, every)
            _refuse_word(token, _text_at(tokens, i + 1) == "(", [*named])
        split[i] = parts
        named.update({name: place for name, place in found.items() if name not in named})
    clash = _clash(named)
    if clash is not None:
        _refuse_names(clash, named)
    if (lone := _names.lone(named)) and not any("_" in token.text for token in tokens):
        stem, index = lone
        refuse(f"{stem}{index} can be read in two ways: {stem}_{index} or {stem}^{index}", *named.values())
    return [part for i, token in enumerate(tokens) for part in split.get(i, [token])], _names.together(named) or ()


def _clash(named: dict[str, int]) -> str | None:
    in_order = sorted(named, key=named.__getitem__)
    return None if not named or _names.together(named) else _names.misfit(in_order)


def _refuse_names(clash: str, named: dict[str, int]) -> NoReturn:
    others = [_names.shown(name) for name in sorted(named, key=named.__getitem__) if name != clash]
    refuse(
        f"the name {_names.shown(clash)} does not go together with {' and '.join(others[:5])}; "
        f"a formula is written {_names.ALLOWED}",
        named[clash],
    )


def _is_coordinate(token: _Token) -> bool:
    return token.kind == "name" and token.text not in CONSTANTS


def _whole(token: _Token) -> list[_Token]:
    """Return a word as the one name or function that it is; nothing where it is none."""
    if function := _function(token.text):
        return [token._replace(kind="function", text=function)]
    if name := _constant(token.text) or _names.canonical(token.text):
        return [token._replace(kind="name", text=name)]
    return []


_PART = re.compile(
    "(?:" + "|".join(sorted([*_names.SPELLED, "pi"], key=len, reverse=True)) + r"|[^\W\d_])(?:_?[0-9]+)?"
)


def _product(token: _Token, following: str) -> list[_Token]:
    """Return a word as a product of names, a function behind them; nothing where it is none."""
    word = token.text
    head, function = word, ""
    if following in ("(", "^"):
        for start in range(1, len(word)):
            if _function(word[start:]) and not word[start - 1].isdigit():
                head, function = word[:start], word[start:]
                break
    parts: list[_Token] = []
    position = 0
    while position < len(head):
        match = _PART.match(head, position)
        name = match and (_constant(match[0]) or _names.canonical(match[0]))
        if match is None or name is None:
            return []
        place = token.place + position
        parts.append(_Token("name", name, place, place + len(match[0]), position > 0 or token.glued))
        position = match.end()
    if function:
        parts.append(_Token("function", str(_function(function)), token.place + len(head), token.end, True))
    return parts


def _refuse_word(token: _Token, called: bool, known: Sequence[str]) -> NoReturn:
    name = token.text
    if name in _SAID:
        refuse(_SAID[name], token.place)
    if base := re.fullmatch(r"log_?([0-9]+)", name):
        refuse(f"logarithms are log, which is ln, log2 and log10; write log( )/log({base[1]})", token.place)
    shown = name if len(name) <= 40 else name[:40] + "..."
    what = "function" if called else "name"
    near = difflib.get_close_matches(name.lower(), [*FUNCTIONS] if called else [*known, *CONSTANTS, *FUNCTIONS], 3, 0.6)
    begun = [f for f in (*FUNCTIONS, *_ALIASES) if name.startswith(f) and len(name) > len(f)]
    hint = ""
    if begun and not called:
        function = max(begun, key=len)
        hint = f"; a function has its argument in parentheses: {function}({name[len(function) :][:40]})"
    elif near:
        hint = f"; did you mean {' or '.join(near)}?"
    allowed = f"functions are {', '.join(FUNCTIONS)}" if called else f"a formula is written {_names.ALLOWED}"
    refuse(f"unknown {what} {shown!r}{hint}; {allowed}", token.place)


# Bars -----------------------------------------------------------------------------------------------------------


def _with_calls_for_bars(tokens: Sequence[_Token]) -> list[_Token]:
    """Return the tokens with abs( ) for | |; refuse bars that can be paired in more than one way.

    A bar opens or closes. Behind an operator it opens, before one it closes, and between two operands it may do
    either; counted is how many ways leave every parenthesis with all its bars in pairs.
    """
    groups: list[list[int]] = [[]]
    finished = []
    for i, token in enumerate(tokens):
        if token.text == "(":
            groups.append([])
        elif token.text == ")":
            finished.append(groups.pop())
        elif token.text == "|":
            groups[-1].append(i)
    opens: set[int] = set()
    for group in [*finished, *groups]:
        opens |= _opening(tokens, group)
    result = []
    for i, token in enumerate(tokens):
        if token.text != "|":
            result.append(token)
        elif i in opens:
            result += [token._replace(kind="function", text="abs"), token._replace(text="(", glued=True)]
        else:
            result.append(token._replace(text=")"))
    return result


def _opening(tokens: Sequence[_Token], bars: Sequence[int]) -> set[int]:
    """Return which of the bars of one group open."""
    before, behind = ("", *"+-*/^(,√"), ("", *"+-*/^),")
    text = {-1: "", len(tokens): ""} | {i: token.text for i, token in enumerate(tokens)}
    # Ways to read the first bars, by how many are open and whether the last one opened: (number of ways, one of them).
    ways: dict[tuple[int, bool], tuple[int, tuple[int, ...]]] = {(0, False): (1, ())}
    for i in bars:
        further: dict[tuple[int, bool], tuple[int, tuple[int, ...]]] = {}
        for (depth, opened), (n, opening) in ways.items():
            # What stands to the left of this bar is an operand, unless it is an operator or a bar that opens.
            operand = not opened if text[i - 1] == "|" else text[i - 1] not in before
            may_open = text[i + 1] not in behind or (text[i + 1] in ("+", "-") and not operand)
            may_close = operand and depth > 0 and (text[i + 1] == "|" or text[i + 1] in behind or operand)
            for may, step in ((may_open, 1), (may_close, -1)):
                if may:
                    key = (depth + step, step > 0)
                    m, kept = further.get(key, (0, ()))
                    further[key] = (m + n, kept or ((*opening, i) if step > 0 else opening))
        ways = further
    complete = [way for (depth, _), way in ways.items() if depth == 0]
    count = sum(n for n, _ in complete)
    if bars and count == 0:
        refuse("these bars do not pair; write abs( )", tokens[bars[0]].place)
    if count > 1:
        refuse("these bars can be paired in more than one way; write abs( )", tokens[bars[0]].place)
    return set(complete[0][1]) if complete else set()


# Grammar --------------------------------------------------------------------------------------------------------


class _Parser:
    """Takes the tokens one by one; ``_at`` is the next one."""

    def __init__(self, tokens: Sequence[_Token], text: str) -> None:
        last = len(text.rstrip()) - 1
        self._tokens = [*tokens, _Token("end", "", max(last, 0), last, False)]
        self._text = text
        self._at = 0
        self._depth = 0
        self._group = (-1, -1)  # the last parentheses that were read: their first token, and the one behind them
        self._power: tuple[int, Operation] | None = None  # the token behind the last power, and that power
        self._root = -1  # the token behind the last operand of a root sign that has no parentheses

    def whole(self) -> Node:
        """Return the tree of all tokens."""
        tree = self._expression(0)
        if self._next.text == ",":
            refuse(
                "a list of values (a comma) is not accepted; the decimal sign is a dot, and max and min take several "
                "arguments",
                self._next.place,
            )
        if self._next.kind != "end":
            self._refuse_next()
        return tree

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _refuse_next(self) -> NoReturn:
        token = self._next
        if token.kind == "end":
            refuse("the formula ends too early: an operand is missing", token.place)
        shown = self._text[token.place : max(token.end, token.place + 1)][:40]
        refuse(f"{shown!r} does not fit here; an operand is a number, a name, a function or ( )", token.place)

    def _expression(self, least: int) -> Node:
        """Return what binds at least as strongly as ``least``."""
        begun = self._next.place
        left = self._operand()
        is_divided = False  # whether the last sign was that of a quotient
        while True:
            token = self._next
            is_sign = token.kind == "operator" and token.text in _STRENGTH
            if not is_sign and token.kind not in ("number", "name", "function") and token.text not in ("(", "√"):
                break
            if (_STRENGTH[token.text] if is_sign else _STRENGTH["*"]) < least:
                break
            left = self._operation(left, begun) if is_sign else self._implied_product(left, begun, is_divided)
            is_divided = token.text == "/"
        return left

    def _deeper(self, read: Callable[[], Node]) -> Node:
        """Return what ``read`` does, one sign, power or root further inside; parentheses are counted before."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            refuse(f"signs, powers and roots are nested more than {MAX_DEPTH} deep", self._next.place)
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
        if token.text == "√":
            return self._root_of(token)
        if token.text in ("+", "-") and token.kind == "operator":
            operand = self._deeper(lambda: self._expression(_SIGN))
            return operand if token.text == "+" else Negative(operand, token.place)
        self._at -= 1
        return self._refuse_next()

    def _parenthesis(self) -> Node:
        """Return what stands in parentheses whose opening one is taken."""
        first = self._at - 1
        inside = self._expression(0)
        if self._next.text == ",":
            refuse("a list of values (a comma) is not accepted; the decimal sign is a dot", self._next.place)
        self._close()
        self._group = (first, self._at)
        return inside

    def _close(self) -> None:
        if self._next.text != ")":
            self._refuse_next()
        self._take()

    def _root_of(self, token: _Token) -> Node:
        """Return the root of what follows its sign: one operand."""
        start = self._at
        if self._next.text in ("+", "-"):
            refuse("a root sign needs parentheses here: √( )", token.place)
        operand = self._deeper(self._operand)
        if self._group != (start, self._at):
            self._root = self._at
            if self._next.text == "^":
                inner = _cut(written(operand))
                refuse(f"√{inner}^ can be read in two ways: sqrt({inner}^ ) or sqrt({inner})^ ", token.place)
        return Call("sqrt", (operand,), token.place)

    def _call(self, token: _Token) -> Node:
        name = token.text
        raised = self._raised_function(token) if self._next.text == "^" else None
        if self._next.text != "(":
            refuse(f"{name} needs its argument in parentheses: {name}( )", token.place)
        self._take()
        arguments = [self._expression(0)]
        while self._next.text == ",":
            self._take()
            arguments.append(self._expression(0))
        self._close()
        low, high = FUNCTIONS[name]
        if not low <= len(arguments) <= high:
            wanted = "one argument" if high == 1 else f"{low} to {high} arguments"
            refuse(f"{name} takes {wanted}, not {len(arguments)}", token.place)
        call = Call(name, tuple(arguments), token.place)
        if raised is None:
            return call
        if self._next.text == "^":
            refuse("a power of a power needs parentheses: (sin(x)^2)^3", self._next.place)
        return Operation("^", call, raised, token.place)

    def _raised_function(self, token: _Token) -> Node:
        """Return the exponent of sin^2(x), which stands before the argument."""
        self._take()
        start = self._at
        exponent = self._operand()
        if isinstance(exponent, Negative) and token.text in _INVERSES:
            inverse = _INVERSES[token.text]
            refuse(f"{token.text}^-1 can be read in two ways: {inverse}( ) or 1/{token.text}( )", token.place)
        if not (isinstance(exponent, Number) and exponent.text.isdigit()):
            refuse(f"behind {token.text}^ stands a whole number; else write {token.text}( )^( )", token.place)
        if start + 1 == self._at and self._next.text != "(":
            refuse(f"{token.text} needs its argument in parentheses: {token.text}^{exponent.text}( )", token.place)
        return exponent

    def _operation(self, left: Node, begun: int) -> Node:
        operator = self._take().text
        if operator != "^":
            return Operation(operator, left, self._expression(_STRENGTH[operator] + 1), begun)
        start = self._at
        power = Operation("^", left, self._deeper(lambda: self._expression(_SIGN)), begun)
        if self._group == (start, self._at):
            return power  # an exponent in parentheses ends where they do
        self._power = (self._at, power)
        # x^2/2 is read in one way; x^1/2, e^-x/2 and e^-x^2/2 are not.
        is_one = isinstance(power.right, Number) and power.right.text == "1"
        if self._next.text == "/" and (is_one or isinstance(power.right, Negative | Operation)):
            self._take()
            fraction = Operation("/", power.right, self._operand(), power.right.place)
            self._refuse_readings(Operation("/", power, fraction.right, begun), Operation("^", left, fraction, begun))
        return power

    def _implied_product(self, left: Node, begun: int, is_divided: bool) -> Node:
        """Return the product of ``left`` and the operand that follows without a sign, if that is its one meaning."""
        last, token = self._tokens[self._at - 1], self._next
        if token.kind == "number" or (_is_coordinate(last) and _is_coordinate(token) and not token.glued):
            refuse(f"an operator is missing before {token.text!r}; for a product write *", token.place)
        if last.kind == "name" and last.text == "e" and token.text == "(":
            refuse("e( ) can be read in two ways; write e*( ) or exp( )", last.place)
        power = self._power[1] if self._power is not None and self._power[0] == self._at else None
        is_root = self._root == self._at
        opening, inside, closing = [*self._tokens[self._at : self._at + 3], token, token][:3]
        if _is_coordinate(last) and opening.text == "(" and inside.text.isdigit() and closing.text == ")":
            name, index = _names.shown(last.text), inside.text
            refuse(f"{name}({index}) can be read in two ways: {name}*{index} or {name}_{index}", last.place)
        right = self._expression(_SIGN)

        def times(one: Node) -> Operation:
            return Operation("*", one, right, one.place)

        product = Operation("*", left, right, begun)
        if is_divided and isinstance(left, Operation):
            self._refuse_readings(product, Operation("/", left.left, times(left.right), begun))
        if is_root:
            refuse("what stands under this root sign can be read in two ways; write √( )", last.place)
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
        refuse(f"{typed} can be read in two ways: {readings[0]} or {readings[1]}; write * and parentheses", first.place)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _with_order(operation: Operation) -> str:
    """Return a product or a quotient as text, with parentheses that show what comes first."""
    strength = _STRENGTH[operation.operator]
    if strength < _STRENGTH["*"]:
        return written(operation)
    least = _SINGLE if isinstance(operation.left, Operation) else strength
    right = _held(_written(operation.right), strength + 1)
    return f"{_held(_written(operation.left), least)}{operation.operator}{right}"


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
    return bool(Reading(node, ()).names())
