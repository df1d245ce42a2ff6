"""Words that agree with their numbers."""

from __future__ import annotations


def count(n: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, in the plural where it is not 1.

    >>> count(1, "start"), count(0, "start"), count(12, "axis", "axes")
    ('1 start', '0 starts', '12 axes')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"
