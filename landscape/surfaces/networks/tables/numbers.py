"""Numbers as people write them: decimal commas, thousands, signs from slides, percent and currencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape.surfaces.base import Array

if TYPE_CHECKING:
    from pandas import Series

MISSING = frozenset(
    (
        *("", "na", "n/a", "n.a.", "<na>", "nan", "-nan", "nat", "null", "(null)", "none", "nil", "missing", "unknown"),
        *("k.a.", "k. a.", "n. a.", "n.d.", "?", "-", "--", "---", "–", "—", ".", "..", "...", "\\n", "(blank)"),
        *("1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "nan(ind)", "-nan(ind)"),
    )
)
"""What stands for no number, in lower case. For a class only an empty cell does: the others may be its name."""

FAILED = r"#(?:n/?[av]|[¡¿]?[^\W\d_]+(?:/0)?[!?])"
"""What a spreadsheet writes for no value in some language, in lower case: #n/a, #div/0!, #wert!, #name?"""

_SIGN = "[-+−–]"
_BLANKS = " \u00a0\u2009\u202f"
_CURRENCY = "$€£¥₩"


def _pattern(point: str, grouping: str) -> str:
    """Return the pattern of a number with this decimal sign and one of these between thousands."""
    grouped = "|".join(f"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+" for sign in grouping)
    # A point may end a number; a comma there parts it from the next.
    rest = r"\.[0-9]*" if point == "." else f"{point}[0-9]+"
    size = rf"(?:(?:{grouped}|[0-9]+)(?:{rest})?|{re.escape(point)}[0-9]+)(?:[eE]{_SIGN}?[0-9]+)?"
    return rf"{_SIGN}?(?:[{_CURRENCY}][{_BLANKS}]?)?{size}[{_BLANKS}]?[%{_CURRENCY}]?"


PATTERNS = {".": _pattern(".", ",'’" + _BLANKS), ",": _pattern(",", ".'’" + _BLANKS)}
"""Decimal sign -> what a number looks like."""

_EITHER = re.compile("|".join(PATTERNS.values()))

INFINITE = re.compile(rf"{_SIGN}?inf(?:inity)?", re.IGNORECASE)
"""What stands for an infinite number, which is no value."""


def is_number(cell: str) -> bool:
    """Tell whether a text is a number under one of the decimal signs."""
    return _EITHER.fullmatch(cell) is not None


def which_numbers(column: Series[Any], decimal: str) -> NDArray[np.bool_]:
    """Return for each text whether it is a number, (rows,)."""
    return column.str.fullmatch(PATTERNS[decimal]).to_numpy(dtype=bool)


def which_missing(column: Series[Any]) -> NDArray[np.bool_]:
    """Return for each text whether it stands for no number, (rows,)."""
    lower = column.str.lower()
    return (lower.isin(MISSING) | lower.str.fullmatch(FAILED)).to_numpy(dtype=bool)


def which_with_units(column: Series[Any], decimal: str) -> NDArray[np.bool_]:
    """Return for each text whether it is a number with something behind it that is none, as 5 cm or 3k, (rows,)."""
    return column.str.fullmatch(rf"(?:{PATTERNS[decimal]})[{_BLANKS}]?[^-+\d\s.,:;/][^\d\s]{{0,9}}").to_numpy(
        dtype=bool
    )


def units_in(column: Series[Any]) -> tuple[str, ...]:
    """Return what stands beside texts that are numbers: % and signs of currencies, "" where others stand bare.

    A bare 0 is 0 in any unit.
    """
    text = "".join(column)
    found = tuple(sign for sign in f"%{_CURRENCY}" if sign in text)
    if not found:
        return ()
    bare = column.str.contains("[1-9]") & ~column.str.contains(f"[{''.join(found)}]")
    return (*found, "") if bare.any() else found


def _plain(column: Series[Any], decimal: str) -> Series[Any]:
    """Return texts that are numbers in Python's notation, without what stands beside them."""
    plain = column.str.replace("[−–]", "-", regex=True)
    plain = plain.str.replace(rf"[{_BLANKS}{_CURRENCY}%'’{'.' if decimal == ',' else ','}]", "", regex=True)
    return plain.str.replace(",", ".", regex=False)


def exactly(column: Series[Any], decimal: str) -> Sequence[Decimal]:
    """Return the values of texts that are numbers with all their digits, 0 for what is too small for a float.

    9007199254740993 is no float.
    """
    all_digits = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
    pairs = zip(_plain(column, decimal), column.str.endswith("%"), strict=True)
    return [
        Decimal(text).scaleb(-2 if is_percent else 0, all_digits) if float(text) else Decimal(0)
        for text, is_percent in pairs
    ]


def to_numbers(column: Series[Any], decimal: str) -> Array:
    """Return the values (rows,) of texts that are numbers; 12 % is 0.12."""
    values = _plain(column, decimal).to_numpy(dtype=object).astype(float)
    return np.where(column.str.endswith("%").to_numpy(dtype=bool), values / 100.0, values)
