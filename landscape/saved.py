"""Runs and recipes kept in files, and read again: arrays without pickles, and the recipe that they belong to."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import surfaces as ground
from landscape.descent.trajectory import Trajectory
from landscape.errors import lookup, of_kind
from landscape.experiment import Experiment, Run
from landscape.language import mark, tr
from landscape.optimizers import OPTIMIZERS
from landscape.recipe import plain
from landscape.recipe.given import a_surface
from landscape.recording import Frame, Recording, record
from landscape.render.files import atomic
from landscape.surfaces.base import Surface
from landscape.surfaces.callables import Own

FORMAT = 1
ENDINGS = {"npz": mark("arrays of NumPy"), "csv": mark("a table"), "json": mark("a recipe")}
"""What is read, by the ending of a file's name."""

PICKLES = ("pkl", "pickle", "pt", "pth", "joblib", "ckpt", "bin", "npy")

_ABOUT = "about"

Arrays = dict[str, NDArray[Any]]


def save(thing: Experiment | Run | Trajectory | Recording, path: str | os.PathLike[str]) -> Path:
    """Write a run to ``path``, whole or not at all, so that ``load`` gives it back bit for bit; return the path.

    A ``Trajectory``, a ``Recording`` or a ``Run`` becomes .npz, an ``Experiment`` .json. Of a surface of your own
    (``from_functions``, ``from_torch``, ``from_jax``) nothing can be written down but its title: ``load`` asks for it.

    Raises ``TypeError`` for anything else, ``ValueError`` for another ending, and the system's ``OSError``.

    >>> import landscape as ls, pathlib, tempfile
    >>> run = ls.descend("himmelblau", "adam", [[1.0, 2.0]], 20)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = ls.load(ls.save(run, pathlib.Path(folder, "run.npz")))
    >>> bool((again.points == run.points).all()), again.optimizer == run.optimizer
    (True, True)
    """
    if not isinstance(thing, Experiment | Run | Trajectory | Recording):
        raise TypeError(
            tr(
                "an Experiment, a Run, a Trajectory or a Recording is saved, not {given}; a picture is saved by its "
                "scene: scene.save(path)",
                given=type(thing).__name__,
            )
        )
    target, ending = Path(path), "json" if isinstance(thing, Experiment) else "npz"
    if target.suffix.lower() != f".{ending}":
        raise ValueError(tr("this is saved as .{ending}, and {file!r} ends otherwise", ending=ending, file=target.name))
    if isinstance(thing, Experiment):
        data = (thing.to_json() + "\n").encode()
    else:
        about, arrays = _written(thing)
        packed = io.BytesIO()
        text = json.dumps({"format": FORMAT} | about, ensure_ascii=False)
        np.savez_compressed(packed, **{_ABOUT: np.array(text)} | arrays)  # type: ignore[arg-type]
        data = packed.getvalue()
    with atomic(target) as part:
        part.write_bytes(data)
    return target


def load(path: str | os.PathLike[str], *, surface: Surface | str | None = None) -> Any:
    """Return what was saved at ``path``.

    .npz of ``save`` gives the ``Trajectory``, ``Recording`` or ``Run``; .json the ``Experiment``, of ``save`` or of a
    scene; .npz or .csv of a scene its paths, a ``Recording`` each: one, or a tuple of them. ``surface`` is the one that
    the run was on where that is one of your own, and that of recordings.

    Pickles are never read, since reading one may run anything. Raises ``ValueError`` for one, for another ending and
    for a file that holds something else, and the system's ``OSError``.
    """
    source = Path(of_kind(path, (str, os.PathLike), tr("path must be text or a path")))
    ending = source.suffix.lower().removeprefix(".")
    if ending in PICKLES:
        message = tr("{file} may hold a pickle, and pickles are never read: they may run anything", file=source.name)
        raise ValueError(message)
    lookup(ENDINGS, ending, tr("ending of a file to load"))
    given = None if surface is None else a_surface(surface)
    try:
        if ending == "json":
            return Experiment.from_json(source.read_text(encoding="utf-8"))
        if ending == "csv":
            return _of_table(source, given)
        return _of_arrays(_arrays(source), given)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{source.name}: {error}") from None


def _written(thing: Run | Trajectory | Recording) -> tuple[dict[str, Any], Arrays]:
    """Return what is said of a run, as JSON data, and its arrays."""
    if isinstance(thing, Run):
        each = [_written(one) for one in thing.trajectories]
        arrays = {f"{k}_{name}": array for k, (_, one) in enumerate(each) for name, array in one.items()}
        if isinstance(thing.experiment.surface, Own):
            raise ValueError(tr("a run on a surface of your own has no recipe: save its trajectories one by one"))
        return {"kind": "run", "experiment": thing.experiment.recipe(), "each": [about for about, _ in each]}, arrays
    arrays = {}
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, np.ndarray):
            arrays[field.name] = value
    if isinstance(thing, Trajectory):
        if thing.optimizer.key not in OPTIMIZERS:
            raise ValueError(tr("{label!r} is a recorded run: save the recording", label=thing.optimizer.label))
        return {"kind": "trajectory", "optimizer": thing.optimizer.recipe(), **_of(thing.surface)}, arrays
    if thing.frame is not None:
        arrays |= {"frame_origin": thing.frame.origin, "frame_directions": thing.frame.directions}
    lost = None if thing.frame is None else thing.frame.lost
    said = {"label": thing.label, "color": thing.color, "broke_at": thing.broke_at, "lost": lost}
    return {"kind": "recording", **said, **_of(thing.surface)}, arrays


def _of(surface: Surface | None) -> dict[str, Any]:
    """Return what can be written down of a surface."""
    if surface is None:
        return {"surface": None}
    return {"own" if isinstance(surface, Own) else "surface": surface.recipe()}


def _surface(about: Mapping[str, Any], given: Surface | None) -> Surface | None:
    """Return the surface of a run; raise ``ValueError`` where it has to be given, or is not the one."""
    if "own" not in about:
        told = about.get("surface")
        return given if told is None else ground.from_recipe(told)
    own = about["own"]
    if given is None:
        raise ValueError(
            tr("this run was on a surface of your own, {title!r}: give it, load(path, surface=...)", title=own["title"])
        )
    if given.n_dims != own["n_dims"]:
        raise ValueError(
            tr(
                "this run was on a surface of {n} dimensions, and this one has {given}",
                n=own["n_dims"],
                given=given.n_dims,
            )
        )
    return given


def _arrays(source: Path) -> Arrays:
    """Return the arrays of an archive; raise ``ValueError`` for one with pickles and for what is none."""
    data = source.read_bytes()
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise ValueError(tr("this is one array, not an archive of them"))
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, EOFError, OSError, KeyError) as error:
        raise ValueError(tr("this is no archive of NumPy arrays ({error})", error=error)) from None
    except ValueError as error:
        if "pickle" in str(error).lower() or "object array" in str(error).lower():
            raise ValueError(
                tr("it holds pickled objects, and pickles are never read: they may run anything")
            ) from None
        raise


def _of_arrays(arrays: Arrays, given: Surface | None) -> Any:
    if _ABOUT not in arrays:
        return _of_scene(arrays, given)
    about = plain.read(str(arrays.pop(_ABOUT)), tr("a saved run"))
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ValueError(tr("it was saved by another version: this one reads format {latest}", latest=FORMAT))
    kinds = {"run": _run, "trajectory": _trajectory, "recording": _recording}
    try:
        return lookup(kinds, about.get("kind", ""), tr("kind of run"))(about, arrays, given)
    except KeyError as error:
        raise ValueError(tr("it lacks {name}", name=error)) from None


def _run(about: Mapping[str, Any], arrays: Arrays, given: Surface | None) -> Run:
    each = []
    for k, one in enumerate(about["each"]):
        of_one = {name.removeprefix(f"{k}_"): array for name, array in arrays.items() if name.startswith(f"{k}_")}
        each.append(_trajectory(one, of_one, given))
    return Run(Experiment.from_recipe(about["experiment"]), tuple(each))


def _trajectory(about: Mapping[str, Any], arrays: Arrays, given: Surface | None) -> Trajectory:
    surface = _surface(about, given)
    names = [field.name for field in dataclasses.fields(Trajectory) if field.init]
    kept = {name: arrays[name] for name in names if name not in ("surface", "optimizer", "thinned_final")}
    made = Trajectory(
        **kept,
        surface=surface,  # type: ignore[arg-type]
        optimizer=OPTIMIZERS.from_recipe(about["optimizer"]),
        thinned_final=arrays.get("thinned_final"),
    )
    wanted = (made.n_starts, len(made.point_steps), made.surface.n_dims)
    if made.points.shape != wanted or made.gradient_norms.shape != made.values.shape:
        raise ValueError(
            tr(
                "its arrays do not go together: points of shape {shape}, not {wanted}",
                shape=made.points.shape,
                wanted=wanted,
            )
        )
    return made


def _recording(about: Mapping[str, Any], arrays: Arrays, given: Surface | None) -> Recording:
    frame = None
    if "frame_origin" in arrays:
        frame = Frame(arrays["frame_origin"], arrays["frame_directions"], about["lost"])
    names = ("gradient_norms", "points", "projections", "end")
    return Recording(
        about["label"],
        arrays["steps"],
        arrays["losses"],
        **{name: arrays.get(name) for name in names},
        surface=_surface(about, given),
        color=about["color"],
        frame=frame,
        broke_at=about["broke_at"],
    )


def _of_scene(arrays: Arrays, given: Surface | None) -> Any:
    """Return the paths that a scene wrote (``landscape.render.words.tables.write_npz``)."""
    if not {"path", "step", "last", "loss"} <= set(arrays):
        raise ValueError(tr("it holds no run: neither one that was saved nor the paths of a scene with a loss"))
    found = []
    for row, label in enumerate(arrays["path"].tolist()):
        columns: Arrays = {name: arrays[name][row] for name in ("loss", "gradient_norm", "x", "y") if name in arrays}
        found.append(_path(label, arrays["step"], columns, given))
    return found[0] if len(found) == 1 else tuple(found)


def _of_table(source: Path, given: Surface | None) -> Any:
    """Return the paths of a table of a scene (``landscape.render.words.tables.write_csv``)."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    if not rows or not {"path", "step", "loss"} <= set(rows[0]):
        raise ValueError(tr("it is no table of a scene: columns path, step and loss are needed"))
    found = []
    for label in dict.fromkeys((row.get("track"), row["path"]) for row in rows):
        mine = [row for row in rows if (row.get("track"), row["path"]) == label]
        columns = {
            name: np.array([float(row[name] or "nan") for row in mine])
            for name in ("loss", "gradient_norm", "x", "y")
            if name in mine[0]
        }
        found.append(_path(label[1], np.array([int(row["step"]) for row in mine]), columns, given))
    return found[0] if len(found) == 1 else tuple(found)


def _path(label: str, steps: NDArray[Any], columns: Mapping[str, NDArray[Any]], given: Surface | None) -> Recording:
    """Return one path as a recording: at the steps that have a loss."""
    there = np.isfinite(columns["loss"])
    known = {name: column[there] for name, column in columns.items() if np.isfinite(column[there]).all()}
    if "loss" not in known or not there.any():
        raise ValueError(tr("path {label!r} has no finite loss", label=label))
    places = [known[name] for name in ("x", "y") if name in known]
    points = np.stack(places, axis=-1) if places and (given is None or given.n_dims == len(places)) else None
    return record(points, known["loss"], known.get("gradient_norm"), label=label, steps=steps[there], surface=given)
