"""Cells to columns: decimal sign, names, the class, and what is no feature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from landscape.language import Later, later, mark, tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.data import MAX_CLASSES
from landscape.surfaces.networks.tables.cells import Cells
from landscape.surfaces.networks.tables.numbers import (
    exactly,
    to_numbers,
    units_in,
    which_missing,
    which_numbers,
    which_with_units,
)

if TYPE_CHECKING:
    from pandas import Series

CLASS_NAMES = frozenset(
    (
        *("class", "classes", "classname", "label", "labels", "target", "targetname", "species", "kind", "category"),
        *("variety", "outcome", "diagnosis", "survived", "klasse", "sorte", "classe", "espece", "espèce", "categorie"),
        *(
            "catégorie",
            "especie",
            "clase",
            "클래스",
            "분류",
            "종류",
            "품종",
            "라벨",
            "레이블",
            "クラス",
            "種類",
            "分類",
        ),
        *("種別", "品種", "类别", "标签"),
    )
)
"""How a column of classes is called, in lower case, letters and digits only."""

LOOSE_NAMES = frozenset(("y", "k", "type", "group", "result", "quality", "grade", "art", "typ", "gruppe", "종"))
"""How columns of classes are called, and others too."""

ROW_NAMES = frozenset(
    (
        *("", "id", "ids", "index", "idx", "row", "rows", "rowid", "rowname", "rownames", "rownumber", "rownum", "nr"),
        *("no", "number", "num", "key", "uid", "uuid", "obs", "observation", "unnamed0", "lfdnr", "nummer", "numero"),
        *("numéro", "번호", "연번", "순번", "일련번호", "番号", "编号", "序号"),
    )
)
"""How a column that numbers the rows is called."""

FEW = 20
"""A column of whole numbers with more different values than this is not taken for classes unasked."""

MIN_COUNTED = 5
"""Evenly spaced numbers are taken for numbers of rows in tables of at least so many."""

MIN_UNNAMED_IDS = 20
"""Different whole numbers in a first column without a name are taken for IDs in tables of at least so many rows."""

COUNTS = mark("it counts the rows")
"""Why a column of evenly spaced numbers is left out, whatever its name."""

_TRUTH = ("true", "false", "yes", "no")
"""Words that programs write in capitals or not, and mean the same."""

_CODE = "0[0-9]+"
"""A whole number whose leading zeros somebody meant."""

_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"

_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{1,2}\.\d{1,2}\.|\d{4}[-/]\d{1,2}|\d{1,3}:\d{2}(?::\d{2})?.*"

_DATE_NAMES = frozenset(
    ("date", "dates", "day", "datetime", "timestamp", "datum", "fecha", "날짜", "일자", "日付", "日期")
)


@dataclass(frozen=True)
class Column:
    """One column: its name, its texts (rows,), which of them are numbers and which stand for nothing, and the values.

    ``called`` is what the table calls it, empty where it has no name for it; ``name`` is no other column's.
    ``values`` are NaN where there is no number.
    """

    name: str
    called: str
    texts: Series[Any]
    is_number: NDArray[np.bool_]
    is_missing: NDArray[np.bool_]
    values: Array
    decimal: str

    @property
    def n_given(self) -> int:
        """Number of cells that stand for something."""
        return int((~self.is_missing).sum())

    @property
    def numeric(self) -> bool:
        """Whether at least half of what is given are numbers."""
        return 0 < self.n_given <= 2 * int((self.is_number & ~self.is_missing).sum())

    @cached_property
    def given(self) -> Array:
        """The numbers that are given."""
        return self.values[self.is_number]

    @property
    def whole(self) -> bool:
        """Whether all that is given are whole numbers."""
        return self.counted and bool((self.given == np.floor(self.given)).all())

    @property
    def counted(self) -> bool:
        """Whether all that is given are finite numbers."""
        return self.numeric and self.n_given == len(self.given) and bool(np.isfinite(self.given).all())

    @cached_property
    def n_different(self) -> int:
        """Number of different values: of the numbers in a numeric column, else of the texts but for empty ones."""
        if not self.numeric:
            return int(self.texts[self.texts != ""].nunique())
        if self.coded or len(self.units) > 1:
            return int(self.texts[self.is_number].nunique())
        finite = self.given[np.isfinite(self.given)]
        if np.abs(finite).max(initial=0.0) < 2.0**53:
            return len(np.unique(self.given))
        return len(set(exactly(self.texts[self.is_number], self.decimal)))

    @cached_property
    def coded(self) -> bool:
        """Whether its whole numbers are codes, whose leading zeros count: 01067 is not 1067."""
        return self.whole and bool(self.texts[self.is_number].str.fullmatch(_CODE).any())

    @cached_property
    def units(self) -> tuple[str, ...]:
        """What stands beside its numbers, see ``units_in``."""
        return units_in(self.texts[self.is_number])

    @property
    def mixed(self) -> str | Later:
        """Why its numbers cannot be compared, empty where they can: a bare one is in the one currency of the others."""
        currencies = [unit for unit in self.units if unit not in ("%", "")]
        if len(currencies) > 1:
            places = {"first": ", ".join(currencies[:-1]), "last": currencies[-1]}
            return later("its numbers are in several currencies, {first} and {last}", **places)
        return mark("its numbers are partly percentages") if "%" in self.units[:-1] else ""


def decimal_of(cells: Cells) -> str:
    """Return the decimal sign under which most cells are numbers.

    Where all are numbers under both, as 1,234 is, the comma is decimal in a table that is not parted by commas.
    """
    names = np.arange(len(cells.texts)) % cells.n_rows == 0
    with_comma = cells.texts[cells.texts.str.contains(",", regex=False).to_numpy(dtype=bool) & ~names]
    if not len(with_comma):
        return "."
    with_point = cells.texts[cells.texts.str.contains(".", regex=False).to_numpy(dtype=bool) & ~names]
    points, commas = (
        sum(int(which_numbers(texts, sign).sum()) for texts in (with_comma, with_point)) for sign in (".", ",")
    )
    if points == commas:
        return "," if cells.delimiter != "," and which_numbers(with_comma, ",").any() else "."
    return "," if commas > points else "."


def columns_of(cells: Cells, decimal: str, header: bool | None) -> tuple[list[Column], bool]:
    """Return the columns and whether the first row names them; ``header`` says so where it is known."""
    signs, gaps = which_numbers(cells.texts, decimal), which_missing(cells.texts)
    values = np.full(len(cells.texts), np.nan)
    values[signs] = to_numbers(cells.texts[signs], decimal)
    size = cells.n_rows

    def cut(k: int, first: int, name: str = "", called: str = "") -> Column:
        part = slice(k * size + first, (k + 1) * size)
        texts = cells.texts.iloc[part].reset_index(drop=True)
        return Column(name, called, texts, signs[part], gaps[part], values[part], decimal)

    top = [cut(k, 0) for k in range(cells.n_columns)]
    if header is None:
        header = cells.short_first or _is_header(top, [cut(k, 1) for k in range(cells.n_columns)])
    names = [" ".join(str(column.texts.iloc[0]).split()) for column in top] if header else [""] * len(top)
    if header and cells.short_first:
        names = ["", *names[:-1]]
    told = zip(_different(names), names, strict=True)
    return [cut(k, int(header), name, called) for k, (name, called) in enumerate(told)], header


def _different(names: Sequence[str]) -> list[str]:
    """Return a name for each column, none of them twice: x1, x2, ... where there is none."""
    made: dict[str, None] = {}
    for i, name in enumerate(names, start=1):
        name = name or f"x{i}"
        again, count = name, 1
        while again in made:
            count += 1
            again = f"{name} ({count})"
        made[again] = None
    return list(made)


def _is_header(whole: Sequence[Column], below: Sequence[Column]) -> bool:
    """Tell whether the first row names the columns, which are given ``whole`` and without it.

    Words above numbers are names. Numbers above numbers are names where they count evenly, as a frame without names
    numbers its columns, and the class beside them is none of the classes below.
    """
    n_below = len(below[0].texts)
    if not n_below:
        return not any(column.is_number[0] for column in whole)
    first = [str(column.texts.iloc[0]) for column in whole]
    numeric = [k for k, column in enumerate(below) if column.numeric]
    words = [k for k in numeric if not whole[k].is_number[0] and not whole[k].is_missing[0]]
    counts = [k for k in numeric if whole[k].is_number[0]]
    texts = [k for k in range(len(below)) if k not in numeric]
    new = all(first[k] and not (below[k].texts == first[k]).any() for k in texts)
    if words and not counts:
        return True
    if words:  # names among which some are numbers, as years; or a misprint in the first row
        return new if texts else len(words) > len(counts)
    if new and any(plain_name(first[k]) in CLASS_NAMES | LOOSE_NAMES for k in texts):
        return True
    numbers = np.array([whole[k].values[0] for k in counts])
    from_zero = len(numbers) > 1 and numbers[0] in (0.0, 1.0) and bool((np.diff(numbers) == 1.0).all())
    even = len(numbers) > 2 and _even(numbers) and numbers[1] > numbers[0]
    odd = any(not (below[k].given == number).any() for k, number in zip(counts, numbers, strict=True))
    if not texts:  # a frame that numbers its columns, and its rows in a column without a name
        numbered = not first[0] and _even(below[0].given)
        return len(counts) == len(below) - numbered >= 3 - numbered and from_zero and odd
    told = any(below[k].n_different < n_below for k in texts)
    return new and (not counts or (told and odd and (from_zero or even)))


def plain_name(name: str) -> str:
    """Return a name in lower case, its letters and digits only."""
    return "".join(char for char in name.lower() if char.isalnum())


def class_of(columns: Sequence[Column]) -> Column:
    """Return the column that is most likely the class.

    In this order: words under a name for classes; whole numbers under one that means nothing else; words that come
    again; whole numbers under a loose name; a last column of words; the last column, or else the first, that holds
    few whole numbers; the last one of whole numbers, or else the first in which they come again. Where two are
    equally likely it is the last column, else the first of them. Raises ``ValueError`` where none looks like a class.
    """
    rows = len(columns[0].texts)
    told = [column for column in columns if 2 <= column.n_different <= MAX_CLASSES]
    words = [column for column in told if not column.numeric]
    whole = [column for column in told if column.whole]
    named, loose = ([c for c in whole if plain_name(c.name) in names] for names in (CLASS_NAMES, LOOSE_NAMES))
    called = [column for column in words if plain_name(column.name) in CLASS_NAMES | LOOSE_NAMES]
    again = [column for column in words if 2 * column.n_different <= max(4, rows)]
    last = [] if columns[-1].numeric else [columns[-1]]
    few = [column for column in whole if column.n_different <= max(2, min(FEW, rows // 2))]
    end = [columns[-1]] if columns[-1].whole else []
    twice = [column for column in whole if column.n_different < rows]
    for choice in (called, named, again, loose, last, words, few, end, twice):
        if choice:
            return choice[-1] if choice[-1] is columns[-1] else choice[0]
    if columns[-1].counted and 2 * columns[-1].n_different > rows:
        raise ValueError(
            tr(
                "no column looks like a class: the last, {column!r}, has {n} different numbers in {rows} rows; a "
                "class is a word, or a whole number that comes again",
                column=columns[-1].name,
                n=columns[-1].n_different,
                rows=rows,
            )
        )
    return columns[-1]


def why_no_feature(column: Column, target: Column, *, place: int, header: bool) -> str | Later | None:
    """Return why a column is left out unless it is asked for, or ``None`` for a feature."""
    rows = len(column.texts)
    names_rows = header and (_names_rows(column.called) if column.called else place == 0)
    if not column.n_given:
        return mark("it is empty")
    distinct = column.n_different == column.n_given
    if not column.numeric:
        other = "." if column.decimal == "," else ","
        if (which_numbers(column.texts, other) & ~column.is_number).any():
            return later("its decimal sign is another, {sign!r}", sign=other)
        given = column.texts[~column.is_missing]
        if given.str.fullmatch(_DATE).all():
            return mark("dates or times")
        if (column.is_number | which_with_units(column.texts, column.decimal))[~column.is_missing].all():
            cell = given[~column.is_number].iloc[0][:40]
            return later("units stand in its cells, as {cell!r}", cell=cell)
        if distinct and names_rows:
            return mark("it names the rows")
        return mark("words, different in every row") if distinct else mark("words")
    if 2 * column.n_given < rows:
        return mark("most of its cells are missing")
    if column.mixed:
        return column.mixed
    if not column.counted:
        return None  # that a word stands among its numbers is for the reader to say
    if column.n_different == 1:
        cell = column.texts[column.is_number].iloc[0][:40]
        if column.n_given == rows:
            return later("{cell} in every row", cell=cell)
        return later("{cell} wherever it is given", cell=cell)
    if column.n_different > len(np.unique(column.given)):
        return mark("without leading zeros and digits beyond the 16th some of its numbers are the same")
    if _dates(column):
        return mark("dates written as numbers")
    if not column.whole and not _even(column.given):
        return None
    if names_rows and column.n_different >= 0.9 * column.n_given:
        return mark("it numbers the rows")
    if distinct and column.n_given == rows >= MIN_COUNTED and (_even(column.given) or _shuffled(column, place)):
        return COUNTS
    ids = not header and place == 0 and rows >= MIN_UNNAMED_IDS and column.n_different >= 0.9 * rows
    if ids and column.whole and column.given.max() >= 10 * rows and (column.given % 10 != 0).any():
        return mark("it seems to be an ID")
    return later("it says {column!r} again", column=target.name) if _says_again(column, target) else None


def _names_rows(name: str) -> bool:
    words = re.sub("([a-z])([A-Z])", r"\1 \2", name).lower().replace("_", " ").replace("-", " ").split()
    return plain_name(name) in ROW_NAMES or (bool(words) and words[-1] in ("id", "index", "no.", "nr."))


def _even(values: Array) -> bool:
    steps = np.diff(values)
    return bool(len(steps)) and steps[0] != 0.0 and bool(np.allclose(steps, steps[0], rtol=1e-9, atol=0.0))


def _shuffled(column: Column, place: int) -> bool:
    """Tell whether the first column holds the whole numbers from 0 or 1 on in another order, each once."""
    n = len(column.given)
    return place == 0 and column.whole and n >= 20 and column.given.min() in (0, 1) and np.ptp(column.given) == n - 1


def _dates(column: Column) -> bool:
    """Tell whether all its numbers are as 20240131, 202401 or 01.02, or are called so and count days or seconds."""
    given, texts = column.given, column.texts
    if not column.whole:
        days = given.max() < 32.0 and texts[column.is_number].str.fullmatch(rf"{_DAY}\.{_MONTH}").all()
        return bool(days) and bool(texts.str.startswith("0").any())
    if given.min() >= 10_000.0 and plain_name(column.name) in _DATE_NAMES:
        return True
    # most columns need not be looked at as texts
    days = given.min() >= 190_001.0 and given.max() <= 20_991_231.0
    return bool(days) and bool(texts[column.is_number].str.fullmatch(f"(?:19|20)[0-9]{{2}}{_MONTH}(?:{_DAY})?").all())


def _says_again(column: Column, target: Column) -> bool:
    """Tell whether a column is the class in other words: each class has one value of it, and its name says so."""
    name, goal = plain_name(column.name), plain_name(target.name)
    again = name in CLASS_NAMES | LOOSE_NAMES
    codes = column.called != "" and (column.called == target.called or (len(goal) > 1 and name.startswith(goal)))
    one = not target.numeric and bool((target.texts == column.name).any())
    if not (again or codes or one):
        return False
    pairs = set(zip(column.texts.tolist(), target.texts.tolist(), strict=True))
    n_classes, n_values = len({b for _, b in pairs}), len({a for a, _ in pairs})
    if len(pairs) != n_classes:
        return False
    return (again and n_values == n_classes) or ((codes or one) and n_classes < len(target.texts))


def classes_of(target: Column) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the name of the class of each row (rows,), and where it is given.

    Where all are numbers, 0 and 0.0 are one class, but 01067 and 1067 are two, and so are numbers that no float tells
    apart. TRUE and True are one class, and so are Yes and yes; of other words A and a are two. Words that elsewhere
    stand for a missing value, as none or -, are classes; where the others are numbers they are not.
    """
    names = target.texts.str.split().str.join(" ").to_numpy(dtype=object, copy=True)
    if not target.counted or len(target.units) > 1:
        told = target.texts[target.texts != ""].str.lower()
        if told.isin(_TRUTH).all() and told.nunique() < target.n_different:
            names = target.texts.str.capitalize().to_numpy(dtype=object)
        return names, names != ""
    given = target.is_number & ~target.is_missing
    exact = exactly(target.texts[given], target.decimal)
    made = [_number_name(x, d) for x, d in zip((target.values[given] + 0.0).tolist(), exact, strict=True)]
    names[given] = np.where(target.texts[given].str.fullmatch(_CODE), names[given], np.array(made, dtype=object))
    return names, given


def _number_name(x: float, exact: Decimal) -> str:
    """Return a number as the name of a class: a fraction as a float where that is all of it, else every digit."""
    if Decimal(repr(x)) == exact and (x != np.floor(x) or abs(x) >= 1e21):
        return repr(x)
    if abs(exact.adjusted()) > 30:
        return str(exact)
    digits = f"{exact:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def doubts(features: Sequence[Column], target: Column, classes: Sequence[str]) -> Iterator[Later]:
    """Yield a clause on each thing about the columns in use that could have been meant otherwise."""
    for column in (*features, target):
        if column.called not in ("", column.name):
            yield later("{name!r} is another column called {called!r}", name=column.name, called=column.called)
    for column in features:
        if column.units and column.units[-1] == "":
            places = {"name": column.name, "unit": column.units[0]}
            yield later("bare numbers in column {name!r} are taken for {unit}", **places)
        stand_in = _stand_in(column.given)
        if stand_in is not None:
            yield later(
                "{number:g} in column {name!r} is taken for a number, though it may stand for none",
                number=stand_in,
                name=column.name,
            )
    spelled: dict[str, str] = {}
    for name in classes:
        other = spelled.setdefault(name.casefold(), name)
        if other != name:
            yield later("classes {first!r} and {second!r} differ in capitals alone", first=other, second=name)
        stem, sign, _ = name.partition(" # ")
        if sign:
            yield later("class {name!r} may be {stem!r} and a comment", name=name, stem=stem)


def _stand_in(given: Array) -> float | None:
    """Return a number of nines that is far from all others, as programs write for no value, if there is one."""
    for end in (given.min(), given.max()):
        others = given[given != end]
        nines = re.fullmatch("-?99+", f"{end:.0f}") is not None and end == np.floor(end)
        if nines and len(others) and abs(end) >= 10 * np.abs(others).max() and (end > 0 or others.min() >= 0):
            return float(end)
    return None
