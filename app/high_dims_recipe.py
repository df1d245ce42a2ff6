"""What the page High dimensions may have on its desk: a surface of any dimension and a start that a seed draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache

import numpy as np

from landscape.errors import lookup
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.optimizers.base import Optimizer
from landscape.optimizers.second_order import EXACT_DIMS, Newton, SaddleFreeNewton
from landscape.parameter import parameters_of
from landscape.recipe.points import known_saddle
from landscape.recipe.query import SETTING, read_starts
from landscape.recipe.starts import Beside, Random, Starts
from landscape.surfaces.base import Surface
from landscape.surfaces.families import FAMILIES, family

MOST_NUMBERS = 16_000_000
"""Coordinates of points that this page keeps: 8 bytes each, and as much again to look at them."""

MOST_MOVES = 600_000_000
"""Coordinates of all steps of all paths: a few seconds' work."""

MOST_DIMS = 10_000
OFFSET = 0.01

OFFERED = {name: kind for name, kind in FAMILIES.items() if name not in ("quadratic_saddle", "teacher_student")}
"""The surfaces to choose from: those whose settings are numbers."""


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
        raise ValueError(f"this page goes up to {MOST_DIMS:,} dimensions, not {n_dims:,}")
    return placed(experiment, family(old.name, n_dims, **dict(old.settings)), offset_of(experiment))


@cache
def first() -> Experiment:
    """Return the run that the page opens with: four optimizers beside a saddle of index 300 in 1000 dimensions."""
    surface = family("two_point_saddle", n_dims=1000, index=300)
    return Experiment(
        surface,
        (
            optimizer("sgd", learning_rate=0.05),
            optimizer("momentum", learning_rate=0.05, momentum=0.8),
            optimizer("rmsprop", learning_rate=0.01),
            optimizer("adam", learning_rate=0.01),
        ),
        Beside(OFFSET),
        n_steps=300,
    )


def read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment that URL parameters describe, with what was refused."""
    try:
        surface = _read_surface(query)
        rest = {k: v for k, v in query.items() if k in ("opt", "steps", "schedule", "noise", "seed", "title")}
        found, problems = Experiment.read_query(rest, first())
        if found is None:
            return first(), problems
        found = placed(found, surface, OFFSET)
        return found.replace(starts=_read_start(query["start"], found)) if "start" in query else found, problems
    except (ValueError, TypeError) as error:
        return first(), (str(error),)


def _read_start(text: str, experiment: Experiment) -> Starts:
    """Return the rule of a link. Links of the first format left out what is usual: one start, the experiment's seed."""
    name, _, numbers = text.partition(":")
    if name not in (Random.key, Beside.key):
        raise ValueError(f"start: must be random or beside: and an offset, not {text[:40]!r}")
    if "seed:" not in numbers:
        text = f"{name}:{numbers or 1},seed:{experiment.seed}"
    return read_starts(text, experiment.surface)


def _read_surface(query: Mapping[str, str]) -> Surface:
    """Return the surface of URL parameters. Its name means a family here, whatever else has that name."""
    if "surface" not in query:
        return first().surface
    kind = lookup(dict(OFFERED), query["surface"][:100], "surface on this page")
    n_dims = int(query["n_dims"]) if "n_dims" in query else None
    if n_dims is not None and n_dims > MOST_DIMS:
        raise ValueError(f"n_dims: this page goes up to {MOST_DIMS:,}, not {n_dims:,}")
    known = {p.name: p for p in parameters_of(kind)}
    settings = {
        key.removeprefix(SETTING): lookup(known, key.removeprefix(SETTING)[:100], "setting").read(text)
        for key, text in query.items()
        if key.startswith(SETTING)
    }
    return family(kind.key, n_dims, **settings)


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` or ``TypeError`` where this page cannot compute an experiment."""
    surface, walkers = experiment.surface, len(experiment.optimizers)
    if surface.n_dims < 2:
        raise ValueError("one dimension has no plane; this page takes at least 2")
    if surface.n_dims > MOST_DIMS:
        raise ValueError(f"this page goes up to {MOST_DIMS:,} dimensions, not {surface.n_dims:,}")
    if not isinstance(experiment.starts, Beside | Random) or experiment.n_starts > 1:
        raise ValueError("this page starts from one point, drawn at random or beside the saddle")
    if not 1 <= experiment.n_steps <= 20_000:
        raise ValueError(f"this page runs 1 to 20,000 steps, not {experiment.n_steps:,}")
    for one in experiment.optimizers:
        one.init(np.zeros((1, surface.n_dims)))  # refuses what it has no room for
    each = sum(cost(surface, one) for one in experiment.optimizers)
    most = int(MOST_MOVES / each)
    if experiment.n_steps > most:
        raise ValueError(
            f"{experiment.n_steps:,} steps of {walkers} optimizers on {surface.title} in {surface.n_dims:,} dimensions "
            f"take this page too long; {most:,} steps do not; fewer dimensions or optimizers allow more"
        )
    if experiment.noise is not None:
        experiment.noise.view(surface, experiment.seed, 1, 1)


def cost(surface: Surface, optimizer: Optimizer) -> float:
    """Return what a step costs, in coordinates moved: 8 ns each, and as measured within a factor of about five."""
    n, look = float(surface.n_dims), surface.gradient_cost + 2000
    if isinstance(optimizer, Newton) or (isinstance(optimizer, SaddleFreeNewton) and n <= EXACT_DIMS):
        return look * (1 + n / 10) + n**3 / 100
    looks = {"saddle_free_newton": 40, "trust_region": 15, "lbfgs": 4}.get(optimizer.key, 1)
    return look * looks


def kept(experiment: Experiment) -> int:
    """Return how many points of each path are kept: all of them where they are few."""
    return max(2, MOST_NUMBERS // (len(experiment.optimizers) * experiment.surface.n_dims))


def with_setting(experiment: Experiment, name: str, value: float) -> Experiment:
    """Return the experiment with one setting of its surface changed."""
    return placed(experiment, experiment.surface.with_settings(**{name: value}), offset_of(experiment))


def chooses_dims(surface: Surface) -> bool:
    """Return whether the number of dimensions is free, not made by the other settings."""
    return next(f for f in dataclasses.fields(OFFERED[surface.name]) if f.name == "n_dims").init
