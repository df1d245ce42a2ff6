"""The data of a scene: tidy CSV for any program, NPZ for NumPy."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr
from landscape.picture.axes import called
from landscape.picture.scene import Array, Field, Line, Panel, Path, Picture, Points
from landscape.render.words.caption import SOFTWARE, caption_of, recipe_text
from landscape.words import clean

Steps = NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """What all paths of a scene say, step by step.

    ``columns`` maps a name to an array (tracks, n_steps + 1), NaN where a track has nothing; ``units`` maps it to
    what it is and in which unit.
    """

    columns: Mapping[str, Array]
    units: Mapping[str, str]


def table_of(scene: Picture) -> Table:
    """Gather every coordinate and hover value of every path; what several panels show is there once."""
    row_of = {track.id: row for row, track in enumerate(scene.tracks)}
    columns: dict[str, Array] = {}
    units: dict[str, str] = {}

    def put(name: str, unit: str, panel: Panel, row: int, steps: Steps, values: Array) -> None:
        values = np.asarray(values, dtype=float)
        own = f"{_key(panel.key)}_{name}"
        # A track may have many lines in one panel, as a matrix has singular values.
        for key in (name, own, *(f"{own}_{k}" for k in range(2, len(panel.layers) + 2))):
            column = columns.get(key)
            if column is None:
                column = columns[key] = np.full((len(scene.tracks), scene.n_steps + 1), np.nan)
                units[key] = unit
            there = column[row, steps]
            # A gap in one panel (a zero on a logarithmic axis) is filled from another; a contradiction is kept apart.
            if np.all(np.isnan(there) | np.isnan(values) | (there == values)):
                column[row, steps] = np.where(np.isnan(values), there, values)
                return
        said = {"panel": panel.key, "column": name}
        raise ValueError(tr("panel {panel!r} has two different columns called {column!r} for one track", **said))

    for panel in scene.panels:
        for path in panel.layers:
            if not isinstance(path, Path):
                continue
            steps = np.arange(len(path.x)) if path.steps is None else np.asarray(path.steps, dtype=np.int64)
            for name, unit, values in _columns_of(path, panel, steps):
                put(name, unit, panel, row_of[path.track], steps, values)
    return Table(columns, units)


def _columns_of(path: Path, panel: Panel, steps: Steps) -> list[tuple[str, str, Array]]:
    found = []
    axes = [(panel.x, path.x), (panel.y, path.y)]
    if path.z is not None and panel.z is not None and not panel.z.ticks:
        axes.append((panel.z, path.z))
    for axis, values in axes:
        # The horizontal axis of a curve over steps repeats what every row has.
        if axis is not panel.x or not np.array_equal(values, steps):
            found.append((_key(axis.name or panel.title), clean(called(panel, axis) or panel.title), values))
    found += [(_key(name), clean(tr(name)), values) for name, values in path.hover.items() if _key(name) != "step"]
    return found


def _key(label: str) -> str:
    """Return a column's name from a label: letters, digits and single underscores."""
    return "_".join("".join(c if c.isalnum() else " " for c in clean(label).casefold()).split()) or "value"


def write_csv(scene: Picture, path: FilePath, *, comments: bool = False, address: str = "") -> Sequence[str]:
    """Write one row for each track and step up to the track's last finite one, in UTF-8.

    ``pandas.read_csv(path)`` reads it, and numbers come back bit for bit. With ``comments`` lines before the head start
    with ``#``: title, what the columns are, how each track ended, the recipe as JSON, the link; then it is
    ``pandas.read_csv(path, comment="#")``. A scene without paths has a row for each point of its curves and points:
    the key of the panel, which curve or kind of point, x and y.
    """
    table = table_of(scene)
    with path.open("w", encoding="utf-8", newline="") as file:
        if comments:
            _head(scene, table, file, address)
        writer = csv.writer(file, lineterminator="\n")
        if not scene.tracks:
            writer.writerow(["panel", "curve", "x", "y"])
            writer.writerows(_standing(scene))
            return []
        writer.writerow(["track", "optimizer", "path", "step", *table.columns])
        for row, track in enumerate(scene.tracks):
            names = [_cell(track.id), _cell(track.group), _cell(track.label)]
            data = np.array([column[row] for column in table.columns.values()]).T.tolist() or [[]] * (scene.n_steps + 1)
            last = min(max(track.last, 0), scene.n_steps)
            writer.writerows(
                [*names, step, *("" if math.isnan(value) else value for value in data[step])]
                for step in range(last + 1)
            )
    return []


def _standing(scene: Picture) -> Iterator[tuple[str, str, float | str, float | str]]:
    """Yield panel, curve, x and y of each point of what stands still in flat panels."""
    for panel in scene.panels:
        for layer in panel.layers:
            if isinstance(layer, Line | Points) and layer.z is None:
                curve = _cell(layer.label if isinstance(layer, Line) else layer.kind)
                x, y = np.broadcast_arrays(np.asarray(layer.x, dtype=float), np.asarray(layer.y, dtype=float))
                for one in zip(x.tolist(), y.tolist(), strict=True):
                    first, second = ("" if math.isnan(value) else value for value in one)
                    yield _cell(panel.key), curve, first, second


def _head(scene: Picture, table: Table, file: TextIO, address: str) -> None:
    caption = caption_of(scene, address)
    said = [
        caption.title,
        caption.body,
        caption.formula,
        caption.details,
        tr("Columns: track (id), optimizer, path, step (optimizer steps, 0 is the start; whole number)")
        if scene.tracks
        else tr("Columns: panel (key), curve (or kind of point), x, y (as on the axes of the panel)"),
        *(
            "  " + tr("{column}: {quantity} (dimensionless)", column=name, quantity=unit)
            for name, unit in table.units.items()
        ),
        *([tr("Rows of a track end at its last step with finite data.")] if scene.tracks else []),
        tr("An empty cell is a number that is not finite."),
        *(
            tr("Track {id} ({path}): {verdict}", id=clean(t.id), path=clean(t.label), verdict=clean(t.verdict))
            for t in scene.tracks
            if t.verdict
        ),
        tr("Recipe: {recipe}", recipe=recipe_text(scene)) if scene.recipe else "",
        tr("Link: {link}", link=caption.link) if caption.link else "",
        tr("Made with {software}", software=SOFTWARE),
    ]
    file.writelines(f"# {line}\n" for line in said if line)


def _cell(text: str) -> str:
    """Return a text for a cell: no comment sign, and no first letter that a spreadsheet takes for a formula."""
    text = clean(text).replace("#", "No. ")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def write_npz(scene: Picture, path: FilePath, *, address: str = "") -> Sequence[str]:
    """Write the arrays for ``numpy.load(path)``, no pickle needed.

    ``track``, ``optimizer``, ``path``, ``verdict`` (tracks,) texts, ``last`` (tracks,) last finite steps, ``step``
    (n_steps + 1,); each column of ``table_of`` (tracks, n_steps + 1); ``<panel>_field_x``, ``_y``, ``_z`` of each
    field; ``units``, ``recipe``, ``caption`` texts, the first two as JSON.
    """
    table = table_of(scene)
    arrays: dict[str, np.ndarray] = {
        "track": _texts([t.id for t in scene.tracks]),
        "optimizer": _texts([t.group for t in scene.tracks]),
        "path": _texts([t.label for t in scene.tracks]),
        "verdict": _texts([t.verdict for t in scene.tracks]),
        "last": np.array([t.last for t in scene.tracks], dtype=np.int64),
        "step": np.arange(scene.n_steps + 1),
        "units": np.array(json.dumps(dict(table.units), ensure_ascii=False)),
        "recipe": np.array(recipe_text(scene)),
        "caption": np.array(caption_of(scene, address).text()),
    }
    for name, column in table.columns.items():
        arrays[name if name not in arrays else f"{name}_value"] = column
    for panel in scene.panels:
        fields = [layer for layer in panel.layers if isinstance(layer, Field)]
        for number, field in enumerate(fields):
            stem = f"{_key(panel.key)}_field{number + 1 if number else ''}"
            arrays |= {f"{stem}_x": field.x, f"{stem}_y": field.y, f"{stem}_z": field.z}
    # Packed in memory: given a name, NumPy would append its own ending, and on a full disk its archive closes twice.
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    path.write_bytes(packed.getvalue())
    return []


def _texts(texts: Sequence[str]) -> np.ndarray:
    return np.array(texts, dtype=np.str_)
