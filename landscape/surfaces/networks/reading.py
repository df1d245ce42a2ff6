"""What was decided when a table was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
"""What may part the cells of a line, with its name."""

DECIMALS = {".": "point", ",": "comma"}
"""The decimal signs, with their names."""


@dataclass(frozen=True)
class Reading:
    """How a table was read: which text it is, what its columns are, and what was left out.

    ``encoding`` is the name of a codec, empty where the table was given as text. ``target`` is the column of the
    class. ``left_out`` are the columns that are no features, each with the reason; ``n_left_out`` counts the rows
    that were left out for a missing cell, the first of them at ``first_left_out``. ``header_line`` is where the names
    stand, from 1; ``n_skipped`` counts the titles and comments that are no rows, the first in line ``first_skipped``.
    ``notes`` are clauses on what could have been meant otherwise.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: bool
    target: str
    left_out: tuple[tuple[str, str], ...] = ()
    n_left_out: int = 0
    first_left_out: str = ""
    header_line: int = 1
    n_skipped: int = 0
    first_skipped: int = 0
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.delimiter not in DELIMITERS or self.decimal not in DECIMALS:
            raise ValueError(f"a table has no delimiter {self.delimiter!r} or no decimal sign {self.decimal!r}")
        texts = (self.encoding, self.target, self.first_left_out)
        numbers = (self.n_left_out, self.header_line, self.n_skipped, self.first_skipped)
        if not all(isinstance(text, str) for text in texts) or not all(isinstance(n, int) for n in numbers):
            raise TypeError("how a table was read is said in texts and numbers of lines")
        pairs = tuple((str(name), str(reason)) for name, reason in self.left_out)
        object.__setattr__(self, "left_out", pairs)
        object.__setattr__(self, "notes", tuple(map(str, self.notes)))
        object.__setattr__(self, "header", bool(self.header))

    @property
    def sentence(self) -> str:
        """All of it in one line.

        >>> Reading("utf-8", ";", ",", True, "kind", (("id", "it numbers the rows"),), 2, "line 7").sentence
        "Read as utf-8: semicolons, decimal comma, names in the first line, class 'kind'. \
Left out: column 'id' (it numbers the rows); 2 rows with missing cells (the first: line 7)."
        """
        where = "the first line" if self.header_line == 1 else f"line {self.header_line:,}"
        names = f"names in {where}" if self.header else "no line of names"
        how = f"{DELIMITERS[self.delimiter]}, decimal {DECIMALS[self.decimal]}, {names}, class {self.target!r}"
        gone = ", ".join(f"{name!r} ({reason})" for name, reason in self.left_out)
        left_out = [f"column{'s' * (len(self.left_out) > 1)} {gone}"] if gone else []
        if self.n_left_out:
            rows = "1 row" if self.n_left_out == 1 else f"{self.n_left_out:,} rows"
            left_out.append(f"{rows} with missing cells (the first: {self.first_left_out})")
        if self.n_skipped:
            skipped = f"{self.n_skipped:,} line{'s' * (self.n_skipped > 1)} of titles or comments"
            left_out.append(f"{skipped} (the first: line {self.first_skipped:,})")
        read = f"Read as {self.encoding}: " if self.encoding else "Read: "
        gone, notes = "; ".join(left_out), "; ".join(self.notes)
        return f"{read}{how}." + f" Left out: {gone}." * bool(gone) + f" Note: {notes}." * bool(notes)

    def recipe(self) -> dict[str, Any]:
        """Return plain JSON data from which ``from_recipe`` makes the same record again."""
        return asdict(self) | {"left_out": [list(pair) for pair in self.left_out], "notes": list(self.notes)}

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any]) -> Reading:
        """Return what ``recipe`` described; raise ``TypeError`` or ``ValueError`` where it cannot."""
        if not isinstance(recipe, Mapping):
            raise TypeError("how a table was read is an object")
        return cls(**recipe)
