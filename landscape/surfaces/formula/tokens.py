"""From characters to tokens: numbers, words, signs; bars become calls of abs( )."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from landscape.language import tr
from landscape.surfaces.formula.characters import plain, refuse

MAX_DEPTH = 30
"""Parentheses, signs and powers that may be nested."""


class Token(NamedTuple):
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
    r"|(?P<word>[^\W\d]\w*)|(?P<operator>//|\*\*|[-+*/^(),|√\[\]])"
)


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of what was typed; raise ``FormulaError`` for a sign that is none."""
    characters, places = plain(text)
    tokens: list[Token] = []
    position, glued = 0, False
    while position < len(characters):
        match = _TOKEN.match(characters, position)
        if match is None:
            names = tr("names begin with a letter, decimals have a digit")
            if characters[position] == ".":
                refuse(
                    "; ".join([tr("a dot outside a number (an attribute) is not accepted"), names]), places[position]
                )
            refuse("; ".join([tr("this line or digit is not accepted"), names]), places[position])
        kind, piece, place = str(match.lastgroup), match[0], places[position]
        if piece == "//":
            refuse(tr("whole-number division is not accepted; write /"), place)
        if kind != "space":
            tokens.append(Token(kind, "^" if piece == "**" else piece, place, places[match.end() - 1] + 1, glued))
        position, glued = match.end(), kind != "space"
    _check_parentheses(tokens)
    return tokens


def _check_parentheses(tokens: Sequence[Token]) -> None:
    opened: list[int] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token.place)
            if len(opened) > MAX_DEPTH:
                refuse(tr("parentheses are nested more than {most} deep", most=MAX_DEPTH), token.place)
        elif token.text == ")":
            if not opened:
                refuse(tr("this closing parenthesis was never opened"), token.place)
            opened.pop()
    if opened:
        refuse(tr("this parenthesis is never closed"), opened[-1])


# Names ----------------------------------------------------------------------------------------------------------


def text_at(tokens: Sequence[Token], i: int) -> str:
    """Return the text of a token, nothing behind the last."""
    return tokens[i].text if i < len(tokens) else ""


def with_calls_for_bars(tokens: Sequence[Token]) -> list[Token]:
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


def _opening(tokens: Sequence[Token], bars: Sequence[int]) -> set[int]:
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
        refuse(tr("these bars do not pair; write abs( )"), tokens[bars[0]].place)
    if count > 1:
        refuse(tr("these bars can be paired in more than one way; write abs( )"), tokens[bars[0]].place)
    return set(complete[0][1]) if complete else set()
