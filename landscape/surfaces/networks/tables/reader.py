"""A user's own table as data: what the file does not say is guessed, recorded, and can be said instead."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import lookup, of_kind
from landscape.language import Later, later, mark, tr, translated
from landscape.surfaces.networks.data import MAX_CLASSES, YOURS, Data, refuse_constant_columns
from landscape.surfaces.networks.reading import DECIMALS, Reading
from landscape.surfaces.networks.tables import columns as decide
from landscape.surfaces.networks.tables.cells import cells_of
from landscape.surfaces.networks.tables.columns import Column
from landscape.surfaces.networks.tables.encodings import decode
from landscape.surfaces.networks.tables.numbers import INFINITE

MAX_SIZE = 50_000_000
"""Longer texts, and larger files, are refused unread."""

_NARROW = str.maketrans("０１２３４５６７８９．＋－", "0123456789.+-", "\u00ad\u200b\u200e\u200f\u2060\ufeff")
"""Digits and signs as keyboards of East Asia give them, and marks without width, which pasted cells have round them.
What may part cells is none of the former: it stands in words too."""

MAX_CLASS = 80
"""The longest name of a class."""


def read_table(path: str | Path, title: str = "", **said: Any) -> Data:
    """Return the data in a file; see ``parse_table``. Raises ``OSError`` where it cannot be read."""
    path = Path(of_kind(path, (str, os.PathLike), tr("path must be text or a path")))
    if path.stat().st_size > MAX_SIZE:
        raise ValueError(tr("{name} is too large: at most {most:,} bytes are read", name=path.name, most=MAX_SIZE))
    return parse_table(path.read_bytes(), title or path.name, **said)


def parse_table(
    table: str | bytes,
    title: str = YOURS,
    *,
    target: str | None = None,
    features: Sequence[str] | None = None,
    header: bool | None = None,
    decimal: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Data:
    """Return the data in a table, one example a line; ``reading`` of what is returned says how it was understood.

    What is not said is found out: ``target``, the column of the class; ``features``, the columns to learn from;
    ``header``, whether the first line names the columns (else they are x1, x2, ...); ``decimal``, "." or ",";
    ``delimiter``, one of ``reading.DELIMITERS``; ``encoding`` of bytes, a codec. Unless ``features`` are named, what
    numbers the rows, words, dates and columns with one value are left out. Classes may be words or numbers and are
    numbered in their sorted order. Rows with missing cells are left out.

    Raises ``ValueError`` that names line and column for text where a number belongs and for lines of different
    lengths; and for a single class, a single row, and tables that are too large. ``UnknownName`` for a column that
    there is not.

    >>> data = parse_table("id;width;height;kind\\n1;1,5;2;round\\n2;3;4;square\\n3;5;1,25;round")
    >>> data.classes, data.labels.tolist(), data.features
    (('round', 'square'), [0, 1, 0], ('width', 'height'))
    >>> data.reading.decimal, data.reading.left_out
    (',', (('id', 'it numbers the rows'),))
    """
    of_kind(table, (str, bytes), tr("table must be text or bytes, as they stand in a file"))
    if len(table) > MAX_SIZE:
        raise ValueError(
            tr("the table is too long: {n:,} characters; at most {most:,} are read", n=len(table), most=MAX_SIZE)
        )
    if decimal is not None:
        lookup(DECIMALS, decimal, tr("decimal sign"))
    text, codec = decode(table, encoding) if isinstance(table, bytes) else (table.removeprefix("\ufeff"), "")
    cells = cells_of(unicodedata.normalize("NFC", text).translate(_NARROW), delimiter)
    columns, named = decide.columns_of(cells, decimal or decide.decimal_of(cells), header)
    lines = cells.lines[int(named) :]
    if not len(lines):
        raise ValueError(tr("the table has names of columns but no rows"))
    if len(lines) < 2:
        raise ValueError(tr("data need at least 2 rows, not {rows}", rows=1))
    by_name = {column.name: column for column in columns}
    goal = decide.class_of(columns) if target is None else lookup(by_name, target, tr("column"))
    chosen, left_out = _chosen(columns, goal, named, features)
    data, rows_left_out = _data(chosen, goal, lines, title)
    notes: Any = tuple(decide.doubts(chosen, goal, data.classes))
    constant = data.constant_columns  # it may be the rows without missing cells alone that are alike
    if features is not None:
        refuse_constant_columns(data)
    elif constant:
        left_out += [(name, mark("one value in the rows that are whole")) for name in constant]
        _need_features(len(constant) < data.n_features, left_out)
        data = data.select([k for k, name in enumerate(data.features) if name not in constant])
    reading = Reading(
        encoding=codec,
        delimiter=cells.delimiter,
        decimal=goal.decimal,
        header=named,
        target=goal.name,
        left_out=tuple(left_out),  # type: ignore[arg-type]  # said later
        header_line=int(cells.lines[0]) if named else 1,
        n_skipped=len(cells.skipped),
        first_skipped=cells.skipped[0] if cells.skipped else 0,
        notes=notes,
        **rows_left_out,
    )
    return replace(data, reading=reading)


def _chosen(
    columns: Sequence[Column], goal: Column, named: bool, features: Sequence[str] | None
) -> tuple[list[Column], list[tuple[str, str | Later]]]:
    """Return the columns to learn from, and those left out with the reason."""
    others = [column for column in columns if column is not goal]
    if features is not None:
        by_name = {column.name: column for column in others}
        chosen = [lookup(by_name, name, tr("column")) for name in dict.fromkeys(features)]
        _need_features(bool(chosen), [])
        return chosen, [(column.name, mark("not asked for")) for column in others if column not in chosen]
    reasons: dict[str, str | Later | None] = {
        column.name: decide.why_no_feature(column, goal, place=place, header=named)
        for place, column in enumerate(columns)
        if column is not goal
    }
    by_name = {column.name: column for column in columns}
    for column in others:
        if column.called and column.name != column.called and column.texts.equals(by_name[column.called].texts):
            reasons[column.name] = later("it is {column!r} again", column=column.called)
    if not any(reason is None for reason in reasons.values()):
        # The only column of numbers is what there is to learn from, even if it happens to count evenly.
        reasons |= dict.fromkeys([name for name, why in reasons.items() if why == decide.COUNTS], None)
    left_out = [(name, why) for name, why in reasons.items() if why is not None]
    chosen = [column for column in others if reasons[column.name] is None]
    _need_features(bool(chosen), left_out)
    return chosen, left_out


def _need_features(some: bool, left_out: Sequence[tuple[str, str | Later]]) -> None:
    if some:
        return
    if not left_out:
        raise ValueError(tr("no column of numbers is left to learn from"))
    gone = "; ".join(tr("column {name!r}: {reason}", name=name, reason=translated(why)) for name, why in left_out)
    raise ValueError(tr("no column of numbers is left to learn from: {reasons}", reasons=gone))


def _data(chosen: Sequence[Column], goal: Column, lines: NDArray[np.int64], title: str) -> tuple[Data, dict[str, Any]]:
    """Return the rows without missing cells, and what ``Reading`` says of those with some."""
    inputs = np.column_stack([_numbers(column, lines) for column in chosen])
    words, given = decide.classes_of(goal)
    gaps = np.column_stack([*(column.is_missing for column in chosen), ~given])
    kept = ~gaps.any(axis=1)
    left_out: dict[str, Any] = {}
    if not kept.all():
        row, place = np.argwhere(gaps)[0]
        first = later("line {line}, column {column!r}", line=int(lines[row]), column=[*chosen, goal][place].name)
        left_out = {"n_left_out": int((~kept).sum()), "first_left_out": first}
    if kept.sum() < 2:
        said = [tr("data need at least 2 rows, not {rows}", rows=kept.sum())]
        if left_out:
            places = {"n": left_out["n_left_out"], "first": left_out["first_left_out"]}
            said.append(tr("{n:,} with missing cells are left out, the first: {first}", **places))
        raise ValueError("; ".join(said))
    classes, labels = _classes(words[kept], lines[kept], goal)
    names = tuple(column.name for column in chosen)
    return Data("table", title, inputs[kept], labels=labels, classes=classes, features=names), left_out


def _numbers(column: Column, lines: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the values of a column, NaN where a cell is missing; raise ``ValueError`` for words among them."""
    if column.mixed:
        places = {"name": column.name, "problem": translated(column.mixed)}
        raise ValueError(tr("column {name!r}: {problem}; write them in one unit", **places))
    wrong = ~column.is_number & ~column.is_missing
    wrong |= np.isinf(column.values)
    if wrong.any():
        row = int(np.argmax(wrong))
        cell = str(column.texts.iloc[row])
        infinite = column.is_number[row] or INFINITE.fullmatch(cell)
        places = {"line": lines[row], "column": column.name, "cell": cell[:40]}
        if infinite:
            raise ValueError(tr("line {line}, column {column!r}: {cell!r} is not a finite number", **places))
        raise ValueError(tr("line {line}, column {column!r}: {cell!r} is not a number", **places))
    return column.values


def _classes(
    words: NDArray[np.object_], lines: NDArray[np.int64], goal: Column
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the names of the classes in order and the number of each row's own."""
    lengths = np.array([len(word) for word in words])
    if lengths.max() > MAX_CLASS:
        raise ValueError(
            tr(
                "line {line}: a class of {n} characters; at most {most} may be. Is {column!r} the column of the class?",
                line=lines[lengths.argmax()],
                n=lengths.max(),
                most=MAX_CLASS,
                column=goal.name,
            )
        )
    found, labels = np.unique(words.astype(str), return_inverse=True)
    if len(found) > MAX_CLASSES:
        raise ValueError(
            tr(
                "the column of the class, {column!r}, has {n:,} different values, at most {most} may be; name "
                "another column",
                column=goal.name,
                n=len(found),
                most=MAX_CLASSES,
            )
        )
    if len(found) == 1:
        raise ValueError(tr("every row has the class {name!r}; there is nothing to tell apart", name=str(found[0])))
    if goal.counted and len(goal.units) < 2:
        order = np.argsort(found.astype(float), kind="stable")
        found, labels = found[order], np.argsort(order)[labels]
    return tuple(map(str, found)), labels
