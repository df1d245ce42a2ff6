"""What the page High dimensions may have on its desk: a surface of any dimension and a start that a seed draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache

import numpy as np

from landscape.analysis.high_dims import saddle_of
from landscape.errors import lookup
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.optimizers.base import Optimizer
from landscape.optimizers.second_order import EXACT_DIMS, Newton, SaddleFreeNewton
from landscape.parameter import parameters_of
from landscape.query import SETTING, read_query
from landscape.starts import random_starts
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

Starts = tuple[tuple[float, ...], ...]


def beside(surface: Surface, offset: float, seed: int) -> Starts:
    """Return one start, ``offset`` away from the saddle in a direction drawn from ``seed``."""
    saddle = saddle_of(surface)
    if saddle is None:
        raise ValueError(f"no saddle of {surface.title} is known here; start from a random point")
    if not 0 < offset < 100:
        raise ValueError(f"the offset from the saddle must be above 0 and below 100, not {offset:g}")
    offset = float(f"{offset:.9g}")  # as the address has it
    drawn = np.random.default_rng(seed).standard_normal(surface.n_dims)
    return (tuple((saddle + offset / np.linalg.norm(drawn) * drawn).tolist()),)


def anywhere(surface: Surface, seed: int) -> Starts:
    """Return one start drawn from the domain by ``seed``; on the sphere where there is one."""
    return tuple(map(tuple, surface.retract(random_starts(surface.domain, 1, seed)).tolist()))


def offset_of(experiment: Experiment) -> float | None:
    """Return how far beside the saddle the start is, ``None`` for a start that is a random point."""
    saddle = saddle_of(experiment.surface)
    if saddle is None:
        return None
    distance = float(np.linalg.norm(np.array(experiment.starts[0]) - saddle))
    # Far from 0 a small offset comes back with few of its digits: what was typed has fewer still.
    for digits in range(9, 0, -1):
        offset = float(f"{distance:.{digits}g}")
        if 0 < offset < 100 and beside(experiment.surface, offset, experiment.seed) == experiment.starts:
            return offset
    return None


def placed(experiment: Experiment, surface: Surface, offset: float | None) -> Experiment:
    """Return the experiment on ``surface``, beside its saddle where one is known and ``offset`` is given."""
    if offset is None or saddle_of(surface) is None:
        starts = anywhere(surface, experiment.seed)
    else:
        starts = beside(surface, offset, experiment.seed)
    return experiment.replace(surface=surface, starts=starts)


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
        beside(surface, OFFSET, 0),
        n_steps=300,
    )


def write(experiment: Experiment) -> dict[str, str]:
    """Return URL parameters: the start as the rule that draws it, never as thousands of coordinates."""
    offset = offset_of(experiment)
    short = experiment.replace(starts=(tuple([1.0] * experiment.surface.n_dims),))  # any: the rule stands for it
    query = {name: {"True": "1", "False": "0"}.get(text, text) for name, text in short.to_query().items()}
    return query | {"start": "random" if offset is None else f"beside:{offset:.9g}"}


def read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment that URL parameters describe, with what was refused."""
    try:
        surface = _read_surface(query)
        rest = {k: v for k, v in query.items() if k in ("opt", "steps", "schedule", "noise", "seed", "title")}
        found, problems = read_query(rest, default=first())
        if found is None:
            return first(), problems
        start = query.get("start", "")
        if start and start != "random" and not start.startswith("beside:"):
            raise ValueError(f"start: must be random or beside: and an offset, not {start[:40]!r}")
        if start.startswith("beside:"):
            starts = beside(surface, float(start.removeprefix("beside:")), found.seed)
            return found.replace(surface=surface, starts=starts), problems
        return placed(found, surface, None if start else OFFSET), problems
    except (ValueError, TypeError) as error:
        return first(), (str(error),)


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
        key.removeprefix(SETTING): lookup(known, key.removeprefix(SETTING)[:100], "setting").check(text)
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
