"""Python expressions spelled for people, as text and in LaTeX, with places where names stand or numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from landscape.picture.numbers import number, number_latex

LOOSEST, SUM, SIGN, PRODUCT, POWER, ATOM = 0, 6, 7, 8, 9, 10
"""How strongly a spelling holds together: what is weaker than its place stands in parentheses."""


class Leaf(NamedTuple):
    """A name in an expression, and the place of its number among those told."""

    name: str
    place: int


Parts = tuple[str | Leaf, ...]
"""An expression as text, leaf, text, ..., text: it begins and ends with a text, which may be empty."""


class Operator(NamedTuple):
    """How an operation is spelled, how strongly that holds together, and how strongly its operands have to."""

    form: str
    strength: int
    operands: tuple[int, ...]


@dataclass(frozen=True)
class Style:
    """A way to spell: operators, functions of one argument, all others, parentheses, and names."""

    operators: dict[type, Operator]
    functions: dict[str, str]
    call: Callable[[str, str], str]
    parentheses: str
    name: Callable[[str], str]
    number: Callable[[float], str]


def _latex_name(name: str) -> str:
    r"""Return a name as LaTeX sets it.

    >>> _latex_name("b1"), _latex_name("learning_rate"), _latex_name("beta")
    ('b_{1}', '\\mathrm{learning\\_rate}', '\\beta')
    """
    numbered = re.fullmatch(r"([^\W\d_]+)_?(\d+)", name)
    letter, number = numbered.groups() if numbered else (name, "")
    if letter not in _GREEK and len(letter) > 1:
        return rf"\mathrm{{{_escaped(name)}}}"
    return ("\\" if letter in _GREEK else "") + letter + (f"_{{{number}}}" if number else "")


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi"),
    *("rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
)

_COMPARED: dict[type, tuple[str, str]] = {
    ast.Lt: ("<", "<"),
    ast.LtE: ("<=", r"\leq"),
    ast.Gt: (">", ">"),
    ast.GtE: (">=", r"\geq"),
    ast.Eq: ("==", "="),
    ast.NotEq: ("!=", r"\neq"),
}
_BOTH: dict[type, Operator] = {
    ast.Add: Operator("{} + {}", SUM, (SUM, PRODUCT)),
    ast.Sub: Operator("{} - {}", SUM, (SUM, PRODUCT)),
    ast.USub: Operator("-{}", SIGN, (PRODUCT,)),
    ast.UAdd: Operator("{}", SIGN, (PRODUCT,)),
}
TEXT = Style(
    operators={
        **_BOTH,
        ast.Mult: Operator("{} * {}", PRODUCT, (PRODUCT, POWER)),
        ast.Div: Operator("{} / {}", PRODUCT, (PRODUCT, POWER)),
        ast.FloorDiv: Operator("{} // {}", PRODUCT, (PRODUCT, POWER)),
        ast.Mod: Operator("{} % {}", PRODUCT, (PRODUCT, POWER)),
        ast.Pow: Operator("{}^{}", POWER, (ATOM, POWER)),
        ast.Not: Operator("not {}", 4, (4,)),
        ast.Invert: Operator("not {}", 4, (4,)),
        ast.BitAnd: Operator("{} and {}", 3, (4, 4)),
        ast.BitOr: Operator("{} or {}", 2, (3, 3)),
        ast.BitXor: Operator("{} xor {}", 2, (3, 3)),
        ast.And: Operator(" and ", 3, (4,)),
        ast.Or: Operator(" or ", 2, (3,)),
        ast.IfExp: Operator("{1} if {0} else {2}", 1, (2, 2, 1)),
        **{kind: Operator(f" {signs[0]} ", 5, (SUM,)) for kind, signs in _COMPARED.items()},
    },
    functions={},
    call="{}({})".format,
    parentheses="({})",
    name=str,
    number=number,
)
LATEX = Style(
    operators={
        **_BOTH,
        ast.Mult: Operator(r"{} \cdot {}", PRODUCT, (PRODUCT, POWER)),
        ast.Div: Operator(r"\frac{{{}}}{{{}}}", POWER, (LOOSEST, LOOSEST)),
        ast.FloorDiv: Operator(r"\left\lfloor \frac{{{}}}{{{}}} \right\rfloor", ATOM, (LOOSEST, LOOSEST)),
        ast.Mod: Operator(r"{} \,\mathrm{{mod}}\, {}", PRODUCT, (PRODUCT, POWER)),
        ast.Pow: Operator("{}^{{{}}}", POWER, (ATOM, LOOSEST)),
        ast.Not: Operator(r"\neg {}", 4, (4,)),
        ast.Invert: Operator(r"\neg {}", 4, (4,)),
        ast.BitAnd: Operator(r"{} \wedge {}", 3, (4, 4)),
        ast.BitOr: Operator(r"{} \vee {}", 2, (3, 3)),
        ast.BitXor: Operator(r"{} \oplus {}", 2, (3, 3)),
        ast.And: Operator(r" \wedge ", 3, (4,)),
        ast.Or: Operator(r" \vee ", 2, (3,)),
        ast.IfExp: Operator(r"{1} \text{{ if }} {0} \text{{ else }} {2}", 1, (2, 2, 1)),
        **{kind: Operator(f" {signs[1]} ", 5, (SUM,)) for kind, signs in _COMPARED.items()},
    },
    functions={"sqrt": r"\sqrt{{{}}}", "abs": r"\left|{}\right|", "exp": r"e^{{{}}}"},
    call=lambda name, inside: rf"\operatorname{{{_escaped(name)}}}\left({inside}\right)",
    parentheses=r"\left({}\right)",
    name=_latex_name,
    number=number_latex,
)

_SHORT = {"maximum": "max", "minimum": "min", "absolute": "abs", "fabs": "abs"}
_SILENT = ("float", "float64", "positive")
"""Functions that give what they are given."""

_FIRST, _LAST = 0xE000, 0xF8FF
"""Letters for private use, which no program text holds, mark the places of leaves while an expression is spelled."""


class Speller:
    """Spells one expression in a style.

    ``place(node)`` returns where the number of a name stands among those told, ``None`` for a name without one;
    ``is_setting(node)`` tells whether an expression depends on nothing but settings.
    """

    def __init__(
        self, style: Style, place: Callable[[ast.expr], int | None], is_setting: Callable[[ast.expr], bool]
    ) -> None:
        self._style, self._place, self._is_setting = style, place, is_setting
        self._leaves: list[Leaf] = []

    def parts(self, node: ast.expr) -> Parts:
        """Return the expression with its leaves."""
        marked = self._spelled(node)[0]
        return tuple(
            self._leaves[ord(piece) - _FIRST] if k % 2 else piece
            for k, piece in enumerate(re.split(f"([{chr(_FIRST)}-{chr(_LAST)}])", marked))
        )

    def _leaf(self, name: str, node: ast.expr) -> str:
        place = self._place(node)
        if place is None or len(self._leaves) > _LAST - _FIRST:
            return name
        self._leaves.append(Leaf(name, place))
        return chr(_FIRST + len(self._leaves) - 1)

    def _in(self, node: ast.expr, least: int) -> str:
        """Return an expression as an operand, in parentheses where it does not hold together strongly enough.

        What depends on settings alone and stands in parentheses is one number: (1 - b1) is 0.1, not (1 - 0.9).
        """
        text, strength = self._spelled(node)
        if strength >= least:
            return text
        if not self._is_setting(node):
            return self._style.parentheses.format(text)
        parts = Speller(self._style, self._place, lambda _: False).parts(node)
        return self._leaf(self._style.parentheses.format(with_names(parts)), node)

    def _spelled(self, node: ast.expr) -> tuple[str, int]:
        """Return an expression and how strongly it holds together."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return self._style.number(float(value)), ATOM
            case ast.Name(id=name):
                return self._leaf(self._style.name(name), node), ATOM
            case ast.Attribute(attr=name):
                return self._leaf(self._style.name(name), node), ATOM
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return self._leaf(f"{self._style.name(name)}[{ast.unparse(index)}]", node), ATOM
            case ast.UnaryOp(op=op, operand=operand):
                return self._operation(op, operand)
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(op, left, right)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._operation(node, test, body, orelse)
            case ast.BoolOp(op=op, values=values):
                form, strength, (least,) = self._style.operators[type(op)]
                return form.join(self._in(value, least) for value in values), strength
            case ast.Compare(left=left, ops=ops, comparators=others):
                text = self._in(left, SUM)
                for sign, other in zip(ops, others, strict=True):
                    text += self._style.operators[type(sign)].form + self._in(other, SUM)
                return text, 5
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return ", ".join(self._in(element, 1) for element in elements), LOOSEST
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments):
                return self._call(_SHORT.get(name, name), arguments)
        return ast.unparse(node), LOOSEST

    def _operation(self, op: ast.AST, *operands: ast.expr) -> tuple[str, int]:
        form, strength, least = self._style.operators[type(op)]
        return form.format(*(self._in(one, need) for one, need in zip(operands, least, strict=True))), strength

    def _call(self, name: str, arguments: Sequence[ast.expr]) -> tuple[str, int]:
        if name in _SILENT and len(arguments) == 1:
            return self._spelled(arguments[0])
        form = self._style.functions.get(name) if len(arguments) == 1 else None
        inside = ", ".join(self._in(argument, 1) for argument in arguments)
        return form.format(inside) if form else self._style.call(name, inside), ATOM


def with_names(parts: Parts) -> str:
    """Return an expression as it stands."""
    return "".join(part.name if isinstance(part, Leaf) else part for part in parts)


def with_numbers(parts: Parts, numbers: Sequence[str]) -> str:
    """Return an expression with numbers put in, by their places; negative ones in parentheses where they need them."""
    text = ""
    for before, leaf, after in zip(parts[:-2:2], parts[1::2], parts[2::2], strict=True):
        assert isinstance(leaf, Leaf)
        assert isinstance(before, str)
        assert isinstance(after, str)
        put = numbers[leaf.place]
        text += before
        negative = put[0] in "-−"
        begins = not text or text.endswith(("(", "{", "|", ", "))
        raised = after.startswith("^") and (negative or "e" in put or "^" in put)
        text += f"({put})" if raised or (negative and not begins) else put
    last = parts[-1]
    assert isinstance(last, str)
    return text + last
