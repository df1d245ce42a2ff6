"""The tree of a formula, and the tree as text again."""

from __future__ import annotations

from dataclasses import dataclass

from landscape.surfaces.formula import names


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

STRENGTH = {"+": 10, "-": 10, "*": 20, "/": 20, "^": 30}
SIGN = 25
SINGLE = 40


def written(node: Node) -> str:
    """Return a tree as text with every product sign, and no parentheses but those that it needs.

    >>> from landscape.surfaces.formula.language import read
    >>> written(read("x³−3xy²", ("x", "y")).tree)
    'x^3 - 3*x*y^2'
    """
    return with_strength(node)[0]


def with_strength(node: Node) -> tuple[str, int]:
    """Return the text of a node and how strongly it holds together."""
    if isinstance(node, Number):
        return node.text, SINGLE
    if isinstance(node, Name):
        return names.shown(node.name), SINGLE
    if isinstance(node, Call):
        return f"{node.function}({', '.join(map(written, node.arguments))})", SINGLE
    if isinstance(node, Negative):
        return f"-{held(with_strength(node.operand), SIGN)}", SIGN
    chain = []  # a long sum leans to the left
    while isinstance(node, Operation) and node.operator != "^":
        chain.append(node)
        node = node.left
    if not chain:
        assert isinstance(node, Operation)
        exponent, strength = with_strength(node.right)
        inner = node.right.operand if isinstance(node.right, Negative) else node.right
        least = SINGLE if isinstance(inner, Operation) else SIGN  # e^(-x^2) shows where the exponent ends
        return f"{held(with_strength(node.left), 31)}^{held((exponent, strength), least)}", 30
    text, strength = with_strength(node)
    for operation in reversed(chain):
        own = STRENGTH[operation.operator]
        sign = f" {operation.operator} " if own == 10 else operation.operator
        least = SINGLE if operation.operator == "/" and _ends_in_open_power(operation.left) else own
        text = f"{held((text, strength), least)}{sign}{held(with_strength(operation.right), own + 1)}"
        strength = own
    return text, strength


def _ends_in_open_power(node: Node) -> bool:
    """Return whether the text of a node ends in a power that is read in two ways before a slash: x^1/2, e^-x/2."""
    while isinstance(node, Operation) and node.operator in "*/":
        node = node.right
    if not isinstance(node, Operation) or node.operator != "^":
        return isinstance(node, Negative) and _ends_in_open_power(node.operand)
    exponent = node.right
    if isinstance(exponent, Negative):
        return not isinstance(exponent.operand, Operation)
    return isinstance(exponent, Number) and exponent.text == "1"


def held(part: tuple[str, int], least: int) -> str:
    """Return a text, in parentheses where it holds together less than ``least``."""
    text, strength = part
    return text if strength >= least else f"({text})"


def parts_of(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Negative):
        return (node.operand,)
    return (node.left, node.right) if isinstance(node, Operation) else ()


def names_in(tree: Node) -> set[str]:
    """Return the names that stand in a tree."""
    found, rest = set(), [tree]
    while rest:
        node = rest.pop()
        if isinstance(node, Name):
            found.add(node.name)
        rest += parts_of(node)
    return found
