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
