"""Signs as people paste them, put into the plain characters of the language, each with its place in what was typed."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, NoReturn

from landscape.errors import FormulaError
from landscape.language import mark, tr


class Plain(NamedTuple):
    """A text of the language's own characters; ``places[i]`` is where character i stood in what was typed."""

    text: str
    places: tuple[int, ...]


PRODUCT, MINUS, QUOTIENT, PLUS, BAR = "·×∙⋅•∗✕✖⨯⁎\u2062", "−–—‒‐‑➖", "÷∕⁄➗", "➕", "∣❘ǀ│"
_SIGNS = {
    **dict.fromkeys(PRODUCT, "*"),
    **dict.fromkeys(MINUS, "-"),
    **dict.fromkeys(QUOTIENT, "/"),
    **dict.fromkeys(PLUS, "+"),
    **dict.fromkeys(BAR, "|"),
}
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸ", "0123456789+-()nxy", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_INDEX = re.compile(r"\{[0-9]+\}")
_NOT_SEEN = "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2063\ufeff\u00ad\ufe0e\ufe0f"
"""Characters without width, which copying leaves between others."""

_QUOTED, _COMPARED = mark("text in quotes is not accepted"), mark("comparisons are not accepted; give one formula")
_REFUSED = {
    **dict.fromkeys("'\"`‘’“”", _QUOTED),
    **dict.fromkeys("[]{}", mark("square and curly brackets are not accepted; write ( ), and x1 for an index")),
    **dict.fromkeys("′″‴", mark("a prime is not accepted: the derivatives are worked out, write the formula itself")),
    **dict.fromkeys("<>≤≥≠≈", _COMPARED),
    "!": mark("factorials and comparisons are not accepted"),
    "=": mark("an equals sign is not accepted; give the right-hand side alone"),
    "%": mark("a remainder or a percent sign is not accepted; write /100"),
    ":": mark("a colon is not accepted; for a quotient write /"),
    ";": mark("a semicolon is not accepted; arguments are separated by commas"),
    "\\": mark("a backslash (LaTeX) is not accepted; write (x + 1)/2, sqrt(x), sin(x)"),
    "∞": mark("infinity is not accepted: a formula is made of finite numbers"),
    "∛": mark("a cube root sign is not accepted; write ( )^(1/3), which is real where its base is not negative"),
    "±": mark("a sign with two meanings is not accepted; write + or -"),
    "‖": mark("double bars are not accepted; write sqrt(x^2 + y^2)"),
    **dict.fromkeys("∫∑∏∂∇", mark("integrals, sums, products and derivatives are not accepted; write them out")),
}

ALLOWED_SIGNS = mark("allowed are Latin and Greek letters, digits, + - * / ^ ( ) | , and √")


def refuse(message: str, place: int | None = None) -> NoReturn:
    """Raise ``FormulaError`` with the message and the place it is about."""
    if place is not None:
        message = tr("{refusal} (at character {place})", refusal=message, place=place + 1)
    raise FormulaError(message, place)


def plain(typed: str) -> Plain:
    """Return the typed text in plain characters; raise ``FormulaError`` for one that has no place in a formula.

    Raised characters become ^( ), lowered ones the index of a name, fractions ½ quotients [1/2] (1½ is [1+1/2]), the
    signs of products, differences and quotients * - /, bars | and √ stay, and full-width and styled letters become the
    usual ones. Characters without width are left out.

    >>> plain("2·x₁² − ½").text
    '2*x_1^(2) - [1/2]'
    """
    written: list[tuple[str, int]] = []
    raised = lowered = False
    closing: list[str] = []  # what each open brace of LaTeX closes with

    def write(characters: str, place: int) -> None:
        written.extend((c, place) for c in characters)

    for place, character in enumerate(typed):
        if character in _NOT_SEEN:
            continue
        ended = False  # whether an index in braces ends here
        if raised and character not in _RAISED:
            write(")", place - 1)
        if lowered and character.isdecimal():
            refuse(tr("an operator is missing behind this index; for a product write *"), place)
        if character in _RAISED:
            write(_RAISED[character] if raised else f"^({_RAISED[character]}", place)
        elif character in _LOWERED:
            write(_LOWERED[character] if lowered else f"_{_LOWERED[character]}", place)
        elif character == "{" and written and written[-1][0] == "^":  # x^{2}, as in LaTeX
            closing.append(")")
            write("(", place)
        elif written and written[-1][0] == "_" and _INDEX.match(typed, place):  # x_{1}
            closing.append("")
        elif character == "}" and closing:
            write(closing.pop(), place)
            ended = written[-1][0].isdecimal()
        else:
            _write_one(written, character, place)
        raised, lowered = character in _RAISED, character in _LOWERED or ended
    if raised:
        write(")", len(typed) - 1)
    return Plain("".join(c for c, _ in written), tuple(place for _, place in written))


def _write_one(written: list[tuple[str, int]], character: str, place: int) -> None:
    """Write a character that is neither raised nor lowered."""
    if character in _SIGNS:
        written.append((_SIGNS[character], place))
        return
    usual = unicodedata.normalize("NFKC", character)
    if "⁄" in usual and len(usual) > 1:  # a fraction in one character
        _write_fraction(written, usual.replace("⁄", "/"), place)
        return
    for c in usual:
        c = _SIGNS.get(c, c)
        if c in _REFUSED:
            refuse(tr(_REFUSED[c]), place)
        if not (c.isspace() or c in "+-*/^(),|√_." or (c.isascii() and c.isdigit()) or is_letter(c)):
            name = unicodedata.name(character, "").lower() or tr("without a name")
            said = tr("the character {character!r} ({name}) is not accepted", character=character, name=name)
            refuse("; ".join([said, tr(ALLOWED_SIGNS)]), place)
        written.append((" " if c.isspace() else c, place))


def _write_fraction(written: list[tuple[str, int]], fraction: str, place: int) -> None:
    """Write a fraction in square brackets, together with the whole number before it.

    Nobody types these, so ½ is one number of the grammar and no parentheses that somebody closed: e^½x, sin½x.
    """
    end = len(written)
    while end and written[end - 1][0] == " ":
        end -= 1
    start = end
    while start and written[start - 1][0].isdigit():
        start -= 1
    if start == end:
        written.extend((c, place) for c in f"[{fraction}]")
        return
    if start and (written[start - 1][0] in "._^" or is_letter(written[start - 1][0])):
        refuse(tr("a fraction behind this number can be read in more than one way; write + or *"), place)
    written.insert(start, ("[", written[start][1]))
    written.extend((c, place) for c in f"+{fraction}]")


def is_letter(c: str) -> bool:
    """Tell whether names may be made of a character: the Latin letters of ASCII, and Greek ones."""
    return (c.isascii() and c.isalpha()) or ("α" <= c <= "ω") or ("Α" <= c <= "Ω")
