"""A user's own table: comma-separated text whose last column is the class."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from landscape.surfaces.networks.data import MAX_CLASSES, MAX_ROWS, Data, table

MAX_CHARACTERS = 50_000_000
"""Longer texts are refused unread."""

MAX_CLASS = 80
"""The longest name of a class."""

MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-"))


def read_table(path: str | Path, title: str = "") -> Data:
    """Return the data in a file; see ``parse_table``. Raises ``OSError`` where it cannot be read."""
    path = Path(path)
    if path.stat().st_size > 4 * MAX_CHARACTERS:
        raise ValueError(f"{path.name} is too large: at most {MAX_CHARACTERS:,} characters are read")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not text in UTF-8") from None
    return parse_table(text, title or path.name)


def parse_table(text: str, title: str = "your data") -> Data:
    """Return the data in a text: one example a line, cells parted by comma, semicolon or tab, the class last.

    A first line without a number before its last cell is taken for the names of the columns. Classes may be words or
    numbers; they are numbered in their sorted order.

    Raises ``ValueError`` that names line and column for a missing value, for text where a number belongs, for lines
    of different lengths; and for one class, one row, a constant column, more than ``MAX_ROWS`` rows.

    >>> data = parse_table("width,height,kind\\n1,2,round\\n3,4,square\\n5,1,round")
    >>> data.classes, data.labels.tolist(), data.features
    (('round', 'square'), [0, 1, 0], ('width', 'height'))
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"the text is too long: {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
    if "\x00" in text:
        raise ValueError("the text holds a zero byte, so it is no table")
    names, rows, lines = _cells(text.removeprefix("\ufeff"))
    n_columns = len(rows[0])
    if n_columns < 2:
        raise ValueError("a table needs at least two columns, the last one the class; cells are parted by commas")
    features = names[:-1] if names else [f"x{i}" for i in range(1, n_columns)]
    numbers = [
        [_number(cell, line, name) for cell, name in zip(row[:-1], features, strict=True)]
        for row, line in zip(rows, lines, strict=True)
    ]
    words = [_class(row[-1], line) for row, line in zip(rows, lines, strict=True)]
    classes = _sorted(set(words))
    if len(classes) > MAX_CLASSES:
        raise ValueError(
            f"the last column must be the class; it has {len(classes):,} different values, at most {MAX_CLASSES} may be"
        )
    if len(classes) == 1 and len(rows) > 1:
        raise ValueError(f"every row has the class {classes[0]!r}; there is nothing to tell apart")
    number = {name: index for index, name in enumerate(classes)}
    return table(numbers, [number[word] for word in words], classes=classes, features=features, title=title)


def _cells(text: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the names (or none), the rows and the line that each row stands on."""
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    names: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if not any(row):
                continue
            if not names and not rows and not any(_is_number(cell) for cell in row[:-1]):
                names = row
                continue
            width = len(names or (rows[0] if rows else row))
            if len(row) != width:
                raise ValueError(f"line {reader.line_num} has {len(row)} cells; the lines before it have {width}")
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) > MAX_ROWS:
                raise ValueError(f"the table has more than {MAX_ROWS:,} rows; leave some out")
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} is no line of a table: {error}") from None
    if not rows:
        raise ValueError("the table has no rows" if not names else "the table has names of columns but no rows")
    return names, rows, lines


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell and cell.lower() not in MISSING


def _number(cell: str, line: int, column: str) -> float:
    where = f"line {line}, column {column!r}"
    if cell.lower() in MISSING:
        raise ValueError(f"{where}: the value is missing; fill it in or leave the line out")
    if not _is_number(cell):
        raise ValueError(f"{where}: {cell[:40]!r} is not a number; only the last column, the class, may be text")
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(f"{where}: {cell[:40]!r} is not a finite number")
    return number


def _class(cell: str, line: int) -> str:
    if cell.lower() in MISSING:
        raise ValueError(f"line {line}: the class is missing; it stands in the last column")
    if len(cell) > MAX_CLASS:
        raise ValueError(f"line {line}: a class of {len(cell)} characters; at most {MAX_CLASS} may be. It stands last")
    return cell


def _sorted(words: set[str]) -> list[str]:
    if all(_is_number(word) for word in words):
        return sorted(words, key=lambda word: (float(word), word))
    return sorted(words)
