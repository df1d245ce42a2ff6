"""What people paste before the equals sign of a formula: ``f(x, y) =``, ``z =``, or nothing, as in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from landscape.language import tr
from landscape.surfaces.formula import names
from landscape.surfaces.formula.characters import refuse


class LeftSide(NamedTuple):
    """The name of the function ("" where there is none), its coordinates in order, and where the formula begins.

    ``of_spreadsheet`` tells that the equals sign stands alone.
    """

    name: str
    arguments: tuple[str, ...]
    end: int
    of_spreadsheet: bool


_LEFT = re.compile(r"\s*(?:(?P<name>[^\W\d_])\s*(?:\((?P<arguments>[^()=]*)\)\s*)?)?=(?!=)")


def left_side(text: str) -> LeftSide | None:
    """Return what stands before the one equals sign of a text, ``None`` without a left-hand side of such a form.

    Raises ``FormulaError`` for coordinates that do not go together.

    >>> left_side("f(x, y) = x^2"), left_side("x^2 + y^2 = 1")
    (LeftSide(name='f', arguments=('x', 'y'), end=9, of_spreadsheet=False), None)
    """
    match = _LEFT.match(text)
    if match is None or "=" in text[match.end() :]:
        return None
    arguments: tuple[str, ...] | None = ()
    if match["arguments"] is not None:
        given = [names.canonical(part.strip()) for part in unicodedata.normalize("NFKC", match["arguments"]).split(",")]
        known = [name for name in given if name is not None]
        arguments = names.together(known, len(known)) if len(known) == len(given) else None
        if not arguments:
            place = match.start("arguments")
            refuse("; ".join([tr("these coordinates do not go together"), tr(names.ALLOWED)]), place)
    name = match["name"]
    return LeftSide(names.canonical(name or "") or "", arguments or (), match.end(), name is None)
