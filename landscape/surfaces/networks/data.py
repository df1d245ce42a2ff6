"""What a network learns from: inputs with a class, or with values to fit, and checks that say what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import ENGLISH, mark, reads_translated, speaking, tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.reading import Reading

MAX_ROWS = 100_000
"""The most examples that data may have."""

MAX_CLASSES = 100
"""The most classes that data may have."""


@reads_translated("title", "features")
@dataclass(frozen=True, eq=False)
class Data:
    """Examples, one a row: ``inputs`` (m, d) with ``labels`` (m,) in 0..C-1, or with ``values`` (m, k) to fit.

    ``classes`` are the names of the C classes (empty where values are fitted), ``features`` those of the d columns.
    ``settings`` are what the function ``name`` in ``datasets.DATA`` needs to make the same data again; data that no
    function makes are called "table" and carry themselves along. ``image`` is the shape of an input that is a
    picture. ``reading`` says how a file was understood that the data were read from; it does not tell data apart.

    Raises ``ValueError`` for fewer than two rows or more than ``MAX_ROWS``, for what is not finite, for labels that
    are not 0..C-1, for a single class and for a class without an example.
    """

    name: str
    title: str
    inputs: Array = field(repr=False)
    labels: NDArray[np.int64] | None = field(default=None, repr=False)
    values: Array | None = field(default=None, repr=False)
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    source: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    image: tuple[int, int] | None = None
    reading: Reading | None = None

    def __post_init__(self) -> None:
        inputs = _matrix("inputs", self.inputs)
        rows, width = inputs.shape
        if rows < 2:
            raise ValueError(tr("data need at least 2 rows, not {rows}", rows=rows))
        if rows > MAX_ROWS:
            raise ValueError(tr("data may have at most {most:,} rows, not {rows:,}", most=MAX_ROWS, rows=rows))
        if (self.labels is None) == (self.values is None):
            raise ValueError(tr("data need either labels or values to fit, one of the two"))
        features = vars(self)["features"] or tuple(f"x{i}" for i in range(1, width + 1))
        if len(features) != width:
            raise ValueError(tr("there are {n} names for {columns} columns", n=len(features), columns=width))
        self._store(inputs=inputs, features=tuple(features))
        if self.values is not None:
            values = _matrix("values", np.asarray(self.values, dtype=float).reshape(rows, -1))
            self._store(values=values, classes=())
        else:
            labels = _labels(self.labels, rows)
            classes = self.classes or tuple(str(c) for c in range(int(labels.max()) + 1))
            _check_classes(labels, classes)
            self._store(labels=labels, classes=tuple(classes))

    def _store(self, **fields: Any) -> None:
        for name, value in fields.items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            object.__setattr__(self, name, value)

    @property
    def n_rows(self) -> int:
        """Number of examples m."""
        return len(self.inputs)

    @property
    def n_features(self) -> int:
        """Number of columns d."""
        return self.inputs.shape[1]

    @property
    def n_outputs(self) -> int:
        """Number of classes C, or of values to fit."""
        return len(self.targets)

    @cached_property
    def targets(self) -> Array:
        """What a network is measured against, (k, m): a 1 in the row of the class, or the values."""
        if self.values is not None:
            return self.values.T
        assert self.labels is not None, "checked when the data were made"
        return (self.labels == np.arange(len(self.classes))[:, None]).astype(float)

    @property
    def constant_columns(self) -> tuple[str, ...]:
        """Names of the columns that have one value in all rows."""
        same = (self.inputs == self.inputs[0]).all(axis=0)
        return tuple(name for name, constant in zip(self.features, same, strict=True) if constant)

    def standardized(self) -> Data:
        """Return the data with each column moved to mean 0 and scaled to standard deviation 1.

        Raises ``ValueError`` for a column that has the same value in every row.
        """
        refuse_constant_columns(self)
        # A power of two changes no digit; without it the squares of 1e200 or of 1e-200 are none.
        inputs = np.ldexp(self.inputs, -np.frexp(np.abs(self.inputs).max(axis=0))[1])
        scaled = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)
        return dataclasses.replace(self, name="table", settings={}, inputs=scaled)

    def select(self, columns: Sequence[int]) -> Data:
        """Return the data with only these columns, in this order; ``ValueError`` for a number that is none."""
        chosen = [int(c) for c in columns]
        if not chosen or not all(0 <= c < self.n_features for c in chosen):
            raise ValueError(
                tr("columns are numbers from 0 to {last}, not {given}", last=self.n_features - 1, given=list(columns))
            )
        names = tuple(vars(self)["features"][c] for c in chosen)
        inputs = self.inputs[:, chosen]
        return dataclasses.replace(self, name="table", settings={}, inputs=inputs, features=names, image=None)

    def recipe(self) -> dict[str, Any]:
        """Return plain JSON data from which ``datasets.from_recipe`` makes the same data again."""
        if self.name != "table":
            return {"name": self.name, **self.settings}
        written: dict[str, Any] = {"name": "table", "title": self.title, "inputs": self.inputs.tolist()}
        if self.labels is not None:
            written |= {"labels": self.labels.tolist(), "classes": list(self.classes)}
        if self.values is not None:
            written["values"] = self.values.tolist()
        if self.reading is not None:
            written["reading"] = self.reading.recipe()
        return written | {"features": list(self.features), "source": self.source}

    @property
    def _names(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """What tells data apart beside their numbers, whatever is spoken."""
        with speaking(ENGLISH):
            return self.title, self.classes, self.features

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Data):
            return NotImplemented
        return self is other or (
            self._names == other._names
            and np.array_equal(self.inputs, other.inputs)
            and np.array_equal(self.targets, other.targets)
        )

    @cached_property
    def _hash(self) -> int:
        return hash((*self._names, self.inputs.tobytes()))

    def __hash__(self) -> int:
        return self._hash


YOURS = mark("your data")


def table(
    inputs: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    values: ArrayLike | None = None,
    classes: Sequence[str] = (),
    features: Sequence[str] = (),
    title: str = YOURS,
    source: str = "",
    reading: Mapping[str, Any] | None = None,
) -> Data:
    """Return data from arrays: ``inputs`` (m, d) with ``labels`` (m,) in 0..C-1 or with ``values`` (m,) or (m, k).

    ``reading`` is what ``Reading.recipe`` gave for data that were read from a file.

    Raises ``ValueError`` as ``Data`` does, and for a column that is constant.

    >>> table([[0.0, 1.0], [1.0, 0.0], [2.0, 5.0]], [0, 1, 1]).targets.tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]
    """
    made = Data(
        name="table",
        title=title if isinstance(title, str) else str(title),
        inputs=np.array(inputs, dtype=float),
        labels=None if labels is None else np.array(labels),
        values=None if values is None else np.array(values, dtype=float),
        classes=tuple(str(name) for name in classes),
        features=tuple(str(name) for name in features),
        source=str(source),
        reading=None if reading is None else Reading.from_recipe(reading),
    )
    refuse_constant_columns(made)
    return made


def refuse_constant_columns(data: Data) -> None:
    """Raise ``ValueError`` where a column has the same value in every row."""
    constant = data.constant_columns
    if constant:
        first = data.inputs[0, data.features.index(constant[0])]
        places = {"name": constant[0], "value": first, "others": len(constant) - 1}
        if len(constant) == 1:
            said = tr("column {name!r} is {value:g} in every row: it tells no two rows apart; leave it out", **places)
        else:
            said = tr(
                "column {name!r} (and {others} more) is {value:g} in every row: it tells no two rows apart; leave it "
                "out",
                **places,
            )
        raise ValueError(said)


def _matrix(what: str, array: ArrayLike) -> Array:
    made = np.array(array, dtype=float, order="C")
    if made.ndim != 2 or made.shape[1] == 0:
        raise ValueError(
            tr(
                "{name} must have one row an example and at least one column; the shape is {shape}",
                name=what,
                shape=made.shape,
            )
        )
    finite = np.isfinite(made)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise ValueError(
            tr(
                "{name} must be finite numbers; row {row}, column {column} (from 0) is {value}",
                name=what,
                row=row,
                column=column,
                value=made[row, column],
            )
        )
    return made


def _labels(labels: ArrayLike | None, rows: int) -> NDArray[np.int64]:
    given = np.asarray(labels)
    if given.shape != (rows,):
        raise ValueError(
            tr(
                "there are {rows} rows and labels of shape {shape}; one label a row is needed",
                rows=rows,
                shape=given.shape,
            )
        )
    if given.dtype.kind not in "iufb" or not np.isfinite(given).all() or (given != np.floor(given)).any():
        raise ValueError(tr("labels must be the whole numbers 0..C-1; np.unique(..., return_inverse=True) makes them"))
    whole = given.astype(np.int64)
    if whole.min() < 0:
        raise ValueError(tr("labels must be the whole numbers 0..C-1, not {number}", number=whole.min()))
    if whole.max() >= MAX_CLASSES:
        raise ValueError(
            tr(
                "labels must be the whole numbers 0..C-1 with at most {most} classes: {number}",
                most=MAX_CLASSES,
                number=whole.max(),
            )
        )
    return whole


def _check_classes(labels: NDArray[np.int64], classes: Sequence[str]) -> None:
    if labels.max() >= len(classes):
        raise ValueError(
            tr("label {label} has no name; there are {n} classes, counted from 0", label=labels.max(), n=len(classes))
        )
    present = np.bincount(labels, minlength=len(classes))
    if np.count_nonzero(present) < 2:
        raise ValueError(tr("all rows have one class; there is nothing to tell apart"))
    if (present == 0).any():
        missing = int(np.flatnonzero(present == 0)[0])
        raise ValueError(
            tr("labels must be the whole numbers 0..C-1, each used: class {label} has no row", label=missing)
        )
