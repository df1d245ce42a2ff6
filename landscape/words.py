"""Words that agree with their numbers, and text that every file takes."""

from __future__ import annotations

import unicodedata

# Control characters, half surrogates, and unassigned code points such as U+FFFE.
_UNPRINTED = {"Cc", "Cs", "Cn"}


def count(n: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, in the plural where it is not 1.

    >>> count(1, "start"), count(0, "start"), count(12, "axis", "axes")
    ('1 start', '0 starts', '12 axes')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"


def clean(text: str) -> str:
    """Return ``text`` on one line, without the control characters and half surrogates that no file format takes.

    >>> clean("a\\nb\\x00 <c>")
    'a b <c>'
    """
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNPRINTED)
    return " ".join(kept.split())


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter that has a direction goes from right to left (Unicode annex 9, rules P2 and P3).

    >>> is_right_to_left("12 אוכף"), is_right_to_left("x > 0")
    (True, False)
    """
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"
