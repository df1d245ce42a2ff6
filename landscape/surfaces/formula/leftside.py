"""What people paste before the equals sign of a formula: ``f(x, y) =``, ``z =``, or nothing, as in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from landscape.surfaces.formula import names
from landscape.surfaces.formula.characters import MINUS, refuse


class LeftSide(NamedTuple):
    """The name of the function ("" where there is none), its coordinates in order, and where the formula begins."""

    name: str
    arguments: tuple[str, ...]
    end: int


_LEFT = re.compile(r"\s*(?:(?P<name>[^\W\d_])\s*(?:\((?P<arguments>[^()=]*)\)\s*)?)?=(?!=)")
_SIGNED_POWER = re.compile(rf"(?:=|[(,;*/^])\s*[-{MINUS}]\s*\w+\s*\^|\^\s*\w+\s*\^")


def left_side(text: str) -> LeftSide | None:
    """Return what stands before the one equals sign of a text, ``None`` without a left-hand side of such a form.

    Raises ``FormulaError`` for coordinates that do not go together, and for what a spreadsheet reads otherwise: there
    -x^2 is (-x)^2, and 2^x^2 is (2^x)^2.

    >>> left_side("f(x, y) = x^2"), left_side("x^2 + y^2 = 1")
    (LeftSide(name='f', arguments=('x', 'y'), end=9), None)
    """
    match = _LEFT.match(text)
    if match is None or "=" in text[match.end() :]:
        return None
    signed = _SIGNED_POWER.search(text, match.end() - 1) if match["name"] is None else None
    if signed:
        refuse("a spreadsheet reads this power otherwise; leave out = and write parentheses", signed.start())
    arguments: tuple[str, ...] | None = ()
    if match["arguments"] is not None:
        given = [names.canonical(part.strip()) for part in unicodedata.normalize("NFKC", match["arguments"]).split(",")]
        known = [name for name in given if name is not None]
        arguments = names.together(known, len(known)) if len(known) == len(given) else None
        if not arguments:
            place = match.start("arguments")
            refuse(f"these coordinates do not go together; a formula is written {names.ALLOWED}", place)
    return LeftSide(names.canonical(match["name"] or "") or "", arguments or (), match.end())
