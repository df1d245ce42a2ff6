"""What was decided when a table was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from landscape.language import Later, mark, reads_translated, tr, trn

DELIMITERS = {",": mark("commas"), ";": mark("semicolons"), "\t": mark("tabs"), "|": mark("bars"), " ": mark("spaces")}
"""What may part the cells of a line, with its name."""

DECIMALS = {".": mark("point"), ",": mark("comma")}
"""The decimal signs, with their names."""

_DECIMALS_SAID = {".": mark("decimal point"), ",": mark("decimal comma")}


@reads_translated("first_left_out", "left_out", "notes")
@dataclass(frozen=True, eq=False)
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
            places = {"delimiter": self.delimiter, "decimal": self.decimal}
            raise ValueError(tr("a table has no delimiter {delimiter!r} or no decimal sign {decimal!r}", **places))
        texts = (self.encoding, self.target, self.first_left_out)
        numbers = (self.n_left_out, self.header_line, self.n_skipped, self.first_skipped)
        if not all(isinstance(text, str) for text in texts) or not all(isinstance(n, int) for n in numbers):
            raise TypeError(tr("how a table was read is said in texts and numbers of lines"))
        pairs = tuple((str(name), _text(reason)) for name, reason in vars(self)["left_out"])
        object.__setattr__(self, "left_out", pairs)
        object.__setattr__(self, "notes", tuple(map(_text, vars(self)["notes"])))
        object.__setattr__(self, "header", bool(self.header))

    def __eq__(self, other: object) -> bool:
        return self.recipe() == other.recipe() if isinstance(other, Reading) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.encoding, self.delimiter, self.decimal, self.target))

    @property
    def sentence(self) -> str:
        """All of it in one line.

        >>> Reading("utf-8", ";", ",", True, "kind", (("id", "it numbers the rows"),), 2, "line 7").sentence
        "Read as utf-8: semicolons, decimal comma, names in the first line, class 'kind'. \
Left out: column 'id' (it numbers the rows); 2 rows with missing cells (the first: line 7)."
        """
        delimiter, decimal = tr(DELIMITERS[self.delimiter]), tr(_DECIMALS_SAID[self.decimal])
        how = ", ".join([delimiter, decimal, self._header, tr("class {name!r}", name=self.target)])
        encoded = tr("Read as {encoding}: {how}.", encoding=self.encoding, how=how)
        said = [encoded if self.encoding else tr("Read: {how}.", how=how)]
        if gone := "; ".join(self._gone()):
            said.append(tr("Left out: {things}.", things=gone))
        if self.notes:
            said.append(tr("Note: {notes}.", notes="; ".join(self.notes)))
        return " ".join(said)

    @property
    def _header(self) -> str:
        if not self.header:
            return tr("no line of names")
        if self.header_line == 1:
            return tr("names in the first line")
        return tr("names in line {line:,}", line=self.header_line)

    def _gone(self) -> Iterator[str]:
        """Yield what was left out: columns, rows, lines."""
        columns = ", ".join(f"{name!r} ({reason})" for name, reason in self.left_out)
        if columns:
            yield trn("column {columns}", "columns {columns}", len(self.left_out), columns=columns)
        if self.n_left_out:
            yield trn(
                "{n:,} row with missing cells (the first: {first})",
                "{n:,} rows with missing cells (the first: {first})",
                self.n_left_out,
                first=self.first_left_out,
            )
        if self.n_skipped:
            yield trn(
                "{n:,} line of titles or comments (the first: line {first:,})",
                "{n:,} lines of titles or comments (the first: line {first:,})",
                self.n_skipped,
                first=self.first_skipped,
            )

    def recipe(self) -> dict[str, Any]:
        """Return plain JSON data from which ``from_recipe`` makes the same record again."""
        return asdict(self) | {"left_out": [list(pair) for pair in self.left_out], "notes": list(self.notes)}

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any]) -> Reading:
        """Return what ``recipe`` described; raise ``TypeError`` or ``ValueError`` where it cannot."""
        if not isinstance(recipe, Mapping):
            raise TypeError(tr("how a table was read is an object"))
        return cls(**recipe)


def _text(given: object) -> str | Later:
    """Return text as it is, or said later, else what it is as text."""
    return given if isinstance(given, str | Later) else str(given)
