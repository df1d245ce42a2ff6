"""Which surface of many dimensions, how many, and from where: beside its saddle or at a random point."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import streamlit as st

from app.ask.controls import choice, number, numbers
from app.ask.length import SEED
from app.ask.surface import teaches
from app.runs import Read
from app.state import Desk
from landscape.errors import lookup
from landscape.experiment import Experiment
from landscape.language import mark, tr
from landscape.parameter import Parameter, parameters_of
from landscape.recipe.points import known_saddle
from landscape.recipe.query import SETTING, read_starts
from landscape.recipe.starts import Beside, Random, Starts
from landscape.surfaces.base import Surface
from landscape.surfaces.families import FAMILIES, family
from landscape.surfaces.family import Family

MOST_DIMS = 10_000
OFFSET = 0.01

OFFERED = {name: kind for name, kind in FAMILIES.items() if name not in ("quadratic_saddle", "teacher_student")}
"""The surfaces to choose from: those whose settings are numbers."""

DIMS = Parameter("n", 1000, 2, MOST_DIMS, mark("number of dimensions"), log=True, integer=True, minimum=2)
OFFSETS = Parameter("offset", OFFSET, 1e-6, 10, mark("distance from the saddle"), log=True, minimum=1e-12)
_STARTS = {"beside": mark("Beside the saddle"), "random": mark("At a random point")}

Bench = Desk[Experiment]


def offset_of(experiment: Experiment) -> float | None:
    """Return how far beside the saddle the start is, ``None`` for a start that is a random point."""
    return experiment.starts.offset if isinstance(experiment.starts, Beside) else None


def placed(experiment: Experiment, surface: Surface, offset: float | None) -> Experiment:
    """Return the experiment on ``surface``, beside its saddle where one is known and ``offset`` is given."""
    if offset is None or known_saddle(surface) is None:
        return experiment.replace(surface=surface, starts=Random(1, experiment.seed))
    return experiment.replace(surface=surface, starts=Beside(offset, experiment.seed))


def reseeded(experiment: Experiment, seed: int) -> Experiment:
    """Return the experiment with another seed, and the start that it draws."""
    return placed(experiment.replace(seed=seed), experiment.surface, offset_of(experiment))


def resized(experiment: Experiment, n_dims: int) -> Experiment:
    """Return the experiment in ``n_dims`` dimensions."""
    old = experiment.surface
    if n_dims > MOST_DIMS:
        raise ValueError(tr("this page goes up to {most:,} dimensions, not {n:,}", most=MOST_DIMS, n=n_dims))
    return placed(experiment, family(old.name, n_dims, **dict(old.settings)), offset_of(experiment))


def with_setting(experiment: Experiment, name: str, value: float) -> Experiment:
    """Return the experiment with one setting of its surface changed."""
    return placed(experiment, experiment.surface.with_settings(**{name: value}), offset_of(experiment))


def chooses_dims(surface: Surface) -> bool:
    """Return whether the number of dimensions is free, not made by the other settings."""
    return next(f for f in dataclasses.fields(OFFERED[surface.name]) if f.name == "n_dims").init


def read(query: Mapping[str, str], default: Experiment) -> Read:
    """Return the experiment that URL parameters describe, with what was refused."""
    try:
        surface = _read_surface(query, default.surface)
        rest = {k: query[k] for k in ("opt", "steps", "schedule", "noise", "seed", "title") if k in query}
        found, problems = Experiment.read_query(rest, default)
        if found is None:
            return default, problems
        found = placed(found, surface, OFFSET)
        return found.replace(starts=_read_start(query["start"], found)) if "start" in query else found, problems
    except (ValueError, TypeError) as error:
        return default, (str(error),)


def _read_start(text: str, experiment: Experiment) -> Starts:
    """Return the rule of a link. Links of the first format left out what is usual: one start, the experiment's seed."""
    name, _, numbers = text.partition(":")
    if name not in (Random.key, Beside.key):
        raise ValueError(tr("start: must be random or beside: and an offset, not {text!r}", text=text[:40]))
    if "seed:" not in numbers:
        text = f"{name}:{numbers or 1},seed:{experiment.seed}"
    return read_starts(text, experiment.surface)


def _read_surface(query: Mapping[str, str], default: Surface) -> Surface:
    """Return the surface of URL parameters. Its name means a family here, whatever else has that name."""
    if "surface" not in query:
        return default
    kind = lookup(dict(OFFERED), query["surface"][:100], tr("surface on this page"))
    n_dims = int(query["n_dims"]) if "n_dims" in query else None
    if n_dims is not None and n_dims > MOST_DIMS:
        raise ValueError(tr("n_dims: this page goes up to {most:,}, not {n:,}", most=MOST_DIMS, n=n_dims))
    known = {p.name: p for p in parameters_of(kind)}
    settings = {
        key.removeprefix(SETTING): lookup(known, key.removeprefix(SETTING)[:100], tr("setting")).read(query[key])
        for key in query
        if key.startswith(SETTING)
    }
    return family(kind.key, n_dims, **settings)


def choose(
    desk: Bench, offered: Mapping[str, type[Family]], changed: Callable[[Experiment, str], Experiment]
) -> Surface:
    """Ask which of the families that are ``offered``, say what the chosen one teaches, and return it."""
    surface = desk.recipe.surface
    choice(
        desk,
        "surface",
        tr("Surface"),
        list(offered),
        surface.name,
        lambda name: offered[name].label,
        changed,
        label_visibility="collapsed",
    )
    st.caption(teaches(desk))
    return surface


def which(desk: Bench) -> None:
    """Ask which surface, in how many dimensions."""
    surface = choose(desk, OFFERED, lambda e, name: placed(e, family(name), OFFSET))
    if chooses_dims(surface):
        number(desk, "n_dims", DIMS, surface.n_dims, lambda e, value: resized(e, int(value)), tr("Dimensions n"))
    numbers(desk, f"surface.{surface.name}", surface.parameters, lambda name: surface.settings[name], with_setting)


def start(desk: Bench) -> None:
    """Ask where the path begins."""
    recipe = desk.recipe
    offset = offset_of(recipe)
    choice(
        desk,
        "start",
        tr("Start"),
        list(_STARTS),
        "random" if offset is None else "beside",
        lambda name: tr(_STARTS[name]),
        lambda e, name: e.replace(starts=Random(1, e.seed) if name == "random" else Beside(OFFSET, e.seed)),
        label_visibility="collapsed",
    )
    if offset is not None:
        number(desk, "offset", OFFSETS, offset, lambda e, v: e.replace(starts=Beside(v, e.seed)))
    number(desk, "start.seed", SEED, recipe.seed, lambda e, value: reseeded(e, int(value)))
