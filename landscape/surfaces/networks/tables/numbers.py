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

MISSING = ("", "na", "n/a", "nan", "null", "none", "?", "-", "--", ".", "nil", "missing", "#n/a", "#nv", "#div/0!")
"""What stands for no number, in lower case. For a class only an empty cell does: the others may be its name."""

_BLANKS = " \u00a0\u2009\u202f"
_CURRENCY = "$€£¥₩"


def _pattern(point: str, grouping: str) -> str:
    """Return the pattern of a number with this decimal sign and one of these between thousands."""
    grouped = "|".join(f"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+" for sign in grouping)
    # A point may end a number; a comma there parts it from the next.
    rest = r"\.[0-9]*" if point == "." else f"{point}[0-9]+"
    size = rf"(?:(?:{grouped}|[0-9]+)(?:{rest})?|{re.escape(point)}[0-9]+)(?:[eE][-+−]?[0-9]+)?"
    return rf"[-+−]?(?:[{_CURRENCY}][{_BLANKS}]?)?{size}[{_BLANKS}]?[%{_CURRENCY}]?"


PATTERNS = {".": _pattern(".", ",'’" + _BLANKS), ",": _pattern(",", ".'’" + _BLANKS)}
"""Decimal sign -> what a number looks like."""

_EITHER = re.compile("|".join(PATTERNS.values()))

INFINITE = re.compile(r"[-+−]?inf(?:inity)?", re.IGNORECASE)
"""What stands for an infinite number, which is no value."""


def is_number(cell: str) -> bool:
    """Tell whether a text is a number under one of the decimal signs."""
    return _EITHER.fullmatch(cell) is not None


def which_numbers(column: Series[Any], decimal: str) -> NDArray[np.bool_]:
    """Return for each text whether it is a number, (rows,)."""
    return column.str.fullmatch(PATTERNS[decimal]).to_numpy(dtype=bool)


def which_missing(column: Series[Any]) -> NDArray[np.bool_]:
    """Return for each text whether it stands for no number, (rows,)."""
    return column.str.lower().isin(MISSING).to_numpy(dtype=bool)


def currencies_in(column: Series[Any]) -> tuple[str, ...]:
    """Return the signs of the currencies that stand in texts which are numbers."""
    return tuple(sign for sign in _CURRENCY if column.str.contains(sign, regex=False).any())


def _plain(column: Series[Any], decimal: str) -> Series[Any]:
    """Return texts that are numbers in Python's notation, without what stands beside them."""
    plain = column.str.replace("−", "-", regex=False)
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
