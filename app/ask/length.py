"""How long, and how noisy? Steps, schedule, noise and seed."""

from __future__ import annotations

import dataclasses

from app.ask.controls import choice, number, numbers, slider_of
from app.limits import MAX_SEED
from app.state import Desk
from landscape.experiment import Experiment
from landscape.language import mark, tr, trn
from landscape.optimizers import NOISES, SCHEDULES, Noise, Schedule, schedule
from landscape.parameter import Parameter
from landscape.surfaces.base import Surface

STEPS = Parameter("steps", 400, 10, 20_000, mark("steps of each optimizer"), log=True, integer=True, minimum=1)
SEED = Parameter(
    "seed", 0, 0, 100, mark("of the noise and of optimizers that draw"), integer=True, minimum=0, maximum=MAX_SEED
)
CONSTANT, NO_NOISE = "constant", "none"

Bench = Desk[Experiment]


def counted(desk: Bench) -> str:
    """Return the number of steps in words."""
    return trn("{n} step", "{n} steps", desk.recipe.n_steps)


def words(desk: Bench) -> str:
    """Return steps, schedule and noise in words."""
    recipe = desk.recipe
    parts = [counted(desk)]
    if recipe.schedule is not None and recipe.schedule.key != CONSTANT:
        parts.append(recipe.schedule.title.lower())
    parts.append(tr("no noise") if recipe.noise is None else recipe.noise.words)
    return ", ".join(parts)


def length(desk: Bench) -> None:
    """Ask for all four."""
    pace(desk)
    number(desk, "seed", SEED, desk.recipe.seed, lambda e, value: e.replace(seed=int(value)))


def sliders(desk: Bench) -> dict[str, str]:
    """Return what the slider of the steps sets, by its key."""
    return {slider_of(desk, "steps"): "steps"}


def steps(desk: Bench) -> None:
    """Ask for the steps alone."""
    number(desk, "steps", STEPS, desk.recipe.n_steps, lambda e, value: e.replace(n_steps=int(value)))


def pace(desk: Bench) -> None:
    """Ask for steps, schedule and noise."""
    recipe = desk.recipe
    steps(desk)
    scheduled = CONSTANT if recipe.schedule is None else recipe.schedule.key
    choice(
        desk,
        "schedule",
        tr("Learning rate over time"),
        list(SCHEDULES),
        scheduled,
        lambda name: SCHEDULES[name].title,
        lambda e, name: e.replace(schedule=None if name == CONSTANT else schedule(name)),
    )
    if recipe.schedule is not None:
        _settings(desk, "schedule", recipe.schedule)
    offered = [name for name, kind in NOISES.items() if _fits(kind(), recipe.surface)]
    choice(
        desk,
        "noise",
        tr("Noise on the gradient"),
        [NO_NOISE, *offered],
        NO_NOISE if recipe.noise is None else recipe.noise.key,
        lambda name: tr("None") if name == NO_NOISE else NOISES[name].title,
        lambda e, name: e.replace(noise=None if name == NO_NOISE else NOISES[name]()),
        help=tr("The same draws for every optimizer."),
    )
    if recipe.noise is not None:
        _settings(desk, "noise", recipe.noise)


def _settings(desk: Bench, name: str, part: Schedule | Noise) -> None:
    """Show the numbers of the schedule or the noise."""

    def change(experiment: Experiment, field: str, value: float) -> Experiment:
        return experiment.replace(**{name: dataclasses.replace(part, **{field: value})})

    numbers(desk, f"{name}.{part.key}", part.parameters, part.recipe().__getitem__, change)


def _fits(noise: Noise, surface: Surface) -> bool:
    try:
        noise.view(surface, 0, 1, 1)
    except TypeError:
        return False
    except ValueError:
        return True
    return True
