"""Steps of a run's paths in numbers, for whoever prints them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from landscape.descent import descend
from landscape.descent.one_step import one_step
from landscape.language import tr
from landscape.live.operations import Untranslatable
from landscape.live.told import account
from landscape.optimizers.base import Optimizer
from landscape.picture.numbers import number
from landscape.picture.scene import Array, InNumbers, Track

if TYPE_CHECKING:
    from landscape.experiment import Experiment

MAX_DIMS = 2
"""Beyond these a picture has no room for a column a coordinate; ``landscape.one_step`` tells them all."""


def steps_in_numbers(experiment: Experiment, tracks: Sequence[Track]) -> Mapping[str, Callable[[int], InNumbers]]:
    """Return, by the id of each track whose steps can be told, what tells the one that begins at a step.

    The tracks come optimizer by optimizer and start by start. Those of noisy runs are not told, nor those of rules
    that have no lines (``live.told.account``).
    """
    surface, noise = experiment.surface, experiment.noise
    if noise is not None or surface.sphere is not None or surface.n_dims > MAX_DIMS or experiment.n_steps == 0:
        return {}
    told = {}
    for place, track in enumerate(tracks):
        optimizer, start = divmod(place, experiment.n_starts)
        if _is_told(experiment.optimizers[optimizer]):
            told[track.id] = partial(_step, experiment, optimizer, start, track.label)
    return told


def _is_told(optimizer: Optimizer) -> bool:
    try:
        account(type(optimizer))
    except Untranslatable:
        return False
    return True


def _step(experiment: Experiment, optimizer: int, start: int, label: str, step: int) -> InNumbers:
    """Return the step of a path from where the playhead stands, or its last one where it has ended."""
    points, n_steps = experiment.points[[start]], experiment.n_steps
    path = descend(experiment.surface, experiment.optimizers[optimizer], points, n_steps, experiment.schedule)
    last = int(path.last[0])
    told = one_step(path, min(step, last, n_steps - 1) + 1)
    when = tr("Nothing is finite after it.") if told.t > last else tr("It was the last one.") if step >= told.t else ""
    head = tr(
        "Step {step} of {path}, from {point}, where the gradient is {gradient}, at learning rate {rate}.",
        step=told.t,
        path=label,
        point=_point(told.x),
        gradient=_point(told.gradient),
        rate=number(told.learning_rate),
    )
    columns = [told.rows(k) for k in range(len(told.x))]
    rows = tuple((row[0][0], tuple((put, result) for _, put, result in row)) for row in zip(*columns, strict=True))
    return InNumbers(f"{head} {when}".strip(), told.names, rows, told.text(), told.latex())


def _point(x: Array) -> str:
    numbers = ", ".join(number(value) for value in x)
    return f"({numbers})" if len(x) > 1 else numbers
