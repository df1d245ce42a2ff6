"""Text to cells: what parts them, which lines are none of the table's, and a frame of texts."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape.language import listed, mark, tr, trn
from landscape.surfaces.networks.data import MAX_ROWS
from landscape.surfaces.networks.reading import DELIMITERS
from landscape.surfaces.networks.tables.numbers import FAILED, is_number

if TYPE_CHECKING:
    from pandas import Series

MAX_COLUMNS = 1_000
"""The most columns that a table may have."""

MAX_CELLS = 5_000_000
"""The most cells that a table may have: some 0.5 GB while it is read."""

_SAMPLE_LINES, _SAMPLE = 100, 200_000
_MARKUP = {
    "JSON": re.compile(r"\s*(\{|\[\s*[{\[])"),
    mark("HTML or XML"): re.compile(r"\s*<(!|\?|html|table)", re.IGNORECASE),
    mark("LIBSVM's sparse format"): re.compile(r"\s*[-+\d.,]+( +\d+:[-+\d.eE]+)+\s*$", re.MULTILINE),
    "ARFF": re.compile(r"(\s*%.*\n)*\s*@relation\b", re.IGNORECASE),
}
_COMMENT = re.compile(rf"(?i:\s*((?!{FAILED}\s*[,;|\t])#|%|//))")
_DIRECTIVE = re.compile(r'(?i:"?sep=(.)"?\s*)')


@dataclass(frozen=True)
class Cells:
    """The cells of a table as texts without blanks round them, empty rows left out.

    ``texts`` (columns * rows,) stand column after column, so that what is asked of every cell is asked once.
    ``lines`` (rows,) are the numbers of the lines in the file, from 1. ``short_first`` says that the first line has
    one cell less than the others, as R writes names above rows that have names of their own. ``skipped`` are the
    numbers of the lines that are titles or comments.
    """

    texts: Series[Any]
    lines: NDArray[np.int64]
    delimiter: str
    short_first: bool
    skipped: tuple[int, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows, that of the names among them."""
        return len(self.lines)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.texts) // self.n_rows


@dataclass(frozen=True)
class _Split:
    """One way to part lines: a character, and what is done to a line before."""

    delimiter: str
    prepare: Callable[[str], str] = str

    def rows(self, lines: Sequence[str]) -> list[list[str]]:
        text = "\n".join(map(self.prepare, lines))
        return [row for row in csv.reader(io.StringIO(text), delimiter=self.delimiter, skipinitialspace=True) if row]


def _one_tab(line: str) -> str:
    return re.sub("\t+", "\t", line.strip())


def _one_space(line: str) -> str:
    return re.sub("[ \t]+", " ", line.strip())


# Where two fit equally well the first is taken: a comma may be a decimal sign.
_SPLITS = (_Split(";"), _Split("\t"), _Split("\t", _one_tab), _Split("|"), _Split(" ", _one_space), _Split(","))


def cells_of(text: str, delimiter: str | None = None) -> Cells:
    """Return the cells of a text; ``delimiter`` is one of ``DELIMITERS``, found out where it is not given.

    Raises ``ValueError`` for a text that is no table, for lines of different lengths, and for too many rows, columns
    or cells, before memory is taken for them.
    """
    if delimiter is not None and delimiter not in DELIMITERS:
        raise ValueError(
            tr(
                "a delimiter is one of {delimiters}, not {given!r}",
                delimiters=", ".join(map(repr, DELIMITERS)),
                given=delimiter,
            )
        )
    if "\x00" in text:
        raise ValueError(tr("the text holds a zero byte, so it is no table"))
    markup = next((kind for kind, start in _MARKUP.items() if start.match(text)), None)
    if markup:
        raise ValueError(
            tr("this is {format}, not a table of lines and columns; save the table as CSV first", format=tr(markup))
        )
    lines = text.rstrip("\x1a").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    skipped = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    directive = _DIRECTIVE.fullmatch(lines[skipped]) if skipped < len(lines) else None
    if directive:
        lines[skipped] = ""
        delimiter = delimiter or (directive[1] if directive[1] in DELIMITERS else None)
    n_lines = sum(map(bool, lines))
    if n_lines > MAX_ROWS + _SAMPLE_LINES:
        raise ValueError(tr("the table has more than {most:,} rows; leave some out", most=MAX_ROWS))
    said = {i: lines[i] for i in _comments(lines)}
    for i in said:
        lines[i] = ""
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise ValueError(tr("the table has no rows"))
    longest = max(range(len(lines)), key=lambda i: len(lines[i]))
    _refuse_wide(lines[longest], longest + 1)
    sample = _sample(lines[first:])
    split, width = _best(sample, delimiter)
    if _counts(split.rows(lines[first : first + 1])[0], n_lines - len(said) - 1, width):
        said[first] = lines[first]
        lines[first] = ""
        first = next(i for i, line in enumerate(lines) if line.strip())
    above = max((i for i in said if i < first), default=None)
    names = None if above is None else _names_in(said[above], split, width)
    if above is not None and names is not None:
        lines[above], first = names, above
        del said[above]
    head = len(split.rows(lines[first : first + 1])[0])
    width = max(width, head)
    _refuse_large(n_lines, width)
    cells = _framed(lines, first, split, width, head)
    return replace(cells, skipped=tuple(sorted([*cells.skipped, *(i + 1 for i in said)])))


def _comments(lines: Sequence[str]) -> list[int]:
    """Return the places of comments: lines that begin with a sign for one, unless most lines do."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    marked = [i for i in filled if _COMMENT.match(lines[i])]
    top = next((k for k, i in enumerate(filled) if not _COMMENT.match(lines[i])), 0)
    among = [i for i in marked if i >= filled[top]] if filled else []
    return marked if 2 * len(among) < len(filled) - top else filled[:top]


def _refuse_wide(line: str, number: int) -> None:
    """Refuse a line of too many cells by counting what may part them."""
    most = 1 + max(line.count(delimiter) for delimiter in DELIMITERS if delimiter != " ")
    most = max(most, len(line.split()))
    if most > MAX_COLUMNS:
        raise ValueError(
            tr(
                "line {line} has {cells:,} cells; a table may have at most {most:,} columns here",
                line=number,
                cells=most,
                most=MAX_COLUMNS,
            )
        )


def _refuse_large(n_lines: int, width: int) -> None:
    if width < 2:
        raise ValueError(_one_column())
    if n_lines * width > MAX_CELLS:
        raise ValueError(
            tr(
                "{lines:,} lines of {cells:,} cells are more than the {most:,} cells that are read; leave rows or "
                "columns out",
                lines=n_lines,
                cells=width,
                most=MAX_CELLS,
            )
        )


def _sample(lines: Sequence[str]) -> list[str]:
    """Return the first lines that are not blank."""
    found: list[str] = []
    size = 0
    for line in lines:
        if line.strip():
            found.append(line)
            size += len(line)
            if len(found) == _SAMPLE_LINES or size > _SAMPLE:
                break
    return found


def _best(sample: list[str], delimiter: str | None) -> tuple[_Split, int]:
    """Return the split under which most lines have the same number of cells and most cells are numbers."""
    best: tuple[float, _Split, int] | None = None
    long = False  # whether a cell is too long for the parser
    for split in _SPLITS:
        if delimiter not in (None, split.delimiter):
            continue
        try:
            rows = split.rows(sample)
        except csv.Error:
            long = True
            continue
        width = Counter(map(len, rows[1:] or rows)).most_common(1)[0][0]
        if width < 2 and delimiter is None:
            continue
        texts = [cell.strip() for row in rows for cell in row]
        share = sum(map(_for_or_against, texts)) / len(texts)
        alike = sum(len(row) == width for row in rows) / len(rows)
        score = alike * max(share, 1e-3)
        if best is None or score > best[0]:
            best = score, split, width
    if best is None:
        most = csv.field_size_limit()
        raise ValueError(
            tr("a cell of this table is longer than {most:,} letters", most=most) if long else _one_column()
        )
    return best[1:]


def _for_or_against(cell: str) -> int:
    """Return 1 for a number, -1 for a text in which another delimiter is left, 0 for another text."""
    if is_number(cell):
        return 1
    return -any(delimiter in cell for delimiter in DELIMITERS if delimiter != " ")


def _counts(cells: Sequence[str], n_rows: int, width: int) -> bool:
    """Tell whether a first line counts rows and features and names the classes, as in scikit-learn's files."""
    counts, names = cells[:2], cells[2:]
    return counts == [str(n_rows), str(width - 1)] and len(names) > 1 and not any(map(is_number, names))


def _names_in(comment: str, split: _Split, width: int) -> str | None:
    """Return the line of names in a comment above the table, ``None`` where it has not a cell for each column."""
    own = _COMMENT.sub("", comment, count=1).strip()
    # A lone sign in front of a delimiter is the name of a column, as in #,a,b.
    lines = (comment, own) if own.startswith(split.delimiter) else (own,)
    return next((line for line in lines if line and len(split.rows([line])[0]) == width), None)


def _framed(lines: list[str], first: int, split: _Split, width: int, head: int) -> Cells:
    import pandas as pd

    text = "\n".join(map(split.prepare, lines[first:]))
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=split.delimiter,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            skipinitialspace=True,
        )
    except pd.errors.ParserError as error:
        raise ValueError(_explained(str(error), first)) from None
    texts = pd.concat([frame[column] for column in frame], ignore_index=True)
    breaks = texts.str.count("\n").to_numpy(dtype=np.int64).reshape(width, -1).sum(axis=0)
    texts = _bare(texts)
    numbers = first + 1 + np.arange(len(frame)) + np.cumsum(breaks) - breaks
    filled = (texts != "").to_numpy(dtype=bool).reshape(width, -1).T
    if not filled.any():
        raise ValueError(tr("the table has no rows"))
    # Columns that are empty to the end are what a delimiter at the end of lines leaves.
    used = int(np.flatnonzero(filled.any(axis=0))[-1]) + 1
    kept = filled.any(axis=1)
    skipped: list[int] = []
    if used > 2:
        titles = int(np.argmax(filled.sum(axis=1) > 1))  # lines of one cell above the table
        skipped = numbers[:titles][kept[:titles]].tolist()
        kept[:titles] = False
    for row in np.flatnonzero(kept & ~filled[:, used - 1] & (breaks == 0)):
        cells = len(split.rows([lines[numbers[row] - 1]])[0])
        if cells < used and not (row == np.argmax(kept) and cells == used - 1):
            raise ValueError(_other_length(numbers[row], cells, used))
    chosen = np.zeros_like(filled)
    chosen[kept, :used] = True
    texts = texts[chosen.T.ravel()].reset_index(drop=True)
    top = int(np.argmax(kept))
    short = head == used - 1 and kept.sum() > 1 and top == 0 and not filled[0, used - 1]
    return Cells(texts, numbers[kept], split.delimiter, bool(short), tuple(skipped))


def _one_column() -> str:
    return tr(
        "a table needs at least two columns, one of them the class; what parts its cells may be {delimiters}",
        delimiters=listed(map(tr, DELIMITERS.values()), any_of=True),
    )


def _other_length(line: int, cells: int, others: int) -> str:
    return trn(
        "line {line} has {n} cell; the other lines have {others}",
        "line {line} has {n} cells; the other lines have {others}",
        cells,
        line=line,
        others=others,
    )


def _bare(cells: Series[Any]) -> Series[Any]:
    """Return texts without blanks round them, and without what marks a number as text: ="1", '1'."""
    cells = cells.str.strip()
    wrapped = cells.str.startswith(("=", "'"))
    if wrapped.any():
        cells = cells.mask(wrapped, cells.str.replace(r"""^(?:="(.*)"|'(.*)')$""", r"\1\2", regex=True))
    return cells


def _explained(error: str, before: int) -> str:
    """Return what the parser says, with lines counted from the start of the file."""
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", error)
    if found:
        expected, line, saw = map(int, found.groups())
        return _other_length(line + before, saw, expected)
    found = re.search(r"EOF inside string starting at row (\d+)", error)
    if found:
        return tr("line {line} opens a quotation mark that nothing closes", line=int(found[1]) + before + 1)
    return tr("the text is no table: {error}", error=error.strip())
