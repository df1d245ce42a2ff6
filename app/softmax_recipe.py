"""What the page Softmax regression may have on its desk: softmax regression over data with classes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.recipe.starts import Random
from landscape.surfaces.base import Array
from landscape.surfaces.networks import Data, Logistic, Softmax
from landscape.surfaces.networks.datasets import data as make
from landscape.surfaces.networks.datasets import rule

OFFERED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "iris": ("Iris, petal length and width", "iris", {"columns": (2, 3)}),
    "iris4": ("Iris, all four measures", "iris", {}),
    "digits": ("Handwritten digits", "digits", {}),
    "blobs": ("Blobs", "blobs", {}),
    "spirals": ("Spirals", "spirals", {}),
    "moons": ("Two moons", "moons", {}),
}
"""What is offered: a title, the name of the data in ``DATA`` and the settings that differ from its own."""

TITLES = {name: title for name, (title, _, _) in OFFERED.items()}

COUNTED = ("blobs", "spirals")
"""Data of which the number of classes can be chosen."""

MOST_WORK = 40_000_000
"""Rows times classes times steps times optimizers that this page computes."""

MOST_PRODUCTS = 3_000_000_000
"""Rows times parameters times steps times optimizers that this page computes: the same with the features."""


def data_of(name: str, n_classes: int = 4) -> Data:
    """Return the data that a name of ``OFFERED`` stands for."""
    _, key, settings = OFFERED[name]
    return make(key, **settings, **({"n_classes": n_classes} if name in COUNTED else {}))


def name_of(data: Data) -> str | None:
    """Return the name under which data are offered, by the rule they carry; ``None`` for others."""
    for name, (_, key, settings) in OFFERED.items():
        if data.name == key:
            free = {"n_classes": len(data.classes)} if name in COUNTED else {}
            if rule(key, **settings, **free) == data.recipe():
                return name
    return None


@cache
def first() -> Experiment:
    """Return the run that the page opens with."""
    model = Softmax(data_of("iris"))
    return Experiment(
        model,
        (optimizer("sgd", learning_rate=0.1), optimizer("adam", learning_rate=0.05)),
        Random(1),
        n_steps=300,
    )


def on_data(experiment: Experiment, data: Data) -> Experiment:
    """Return the experiment on other data, from a start drawn for them."""
    surface = experiment.surface
    assert isinstance(surface, Softmax), "what this page has on its desk"
    model = dataclasses.replace(surface, data=data)
    return experiment.replace(surface=model, starts=Random(1, experiment.seed))


def read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment that URL parameters describe, with what was refused."""
    if query.get("surface", "softmax") != "softmax":
        return first(), (f"surface: this page trains softmax, not {query['surface'][:40]!r}",)
    try:
        experiment, problems = Experiment.read_query(query, first())
    except (ValueError, TypeError) as error:
        return first(), (str(error),)
    return experiment or first(), problems


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` or ``TypeError`` where this page cannot compute an experiment."""
    model = experiment.surface
    if not isinstance(model, Softmax):
        raise TypeError("this page trains softmax regression")
    if not 1 <= experiment.n_steps <= 5_000:
        raise ValueError(f"this page trains 1 to 5,000 steps, not {experiment.n_steps:,}")
    if experiment.n_starts > 4:
        raise ValueError(f"this page trains from at most 4 starts, not {experiment.n_starts}")
    work = model.data.n_rows * len(model.data.classes) * experiment.n_steps * len(experiment.optimizers)
    if work > MOST_WORK:
        raise ValueError(
            f"{model.data.n_rows:,} rows, {len(model.data.classes)} classes, {experiment.n_steps:,} steps and "
            f"{len(experiment.optimizers)} optimizers are more than this page computes; fewer steps will do"
        )
    if model.data.n_features < 2:
        raise ValueError(f"this page draws two features; {model.data.title} has one")
    if model.data.n_rows * model.n_dims * experiment.n_steps * len(experiment.optimizers) > MOST_PRODUCTS:
        raise ValueError(
            f"{model.data.n_rows:,} rows, {model.n_dims:,} weights, {experiment.n_steps:,} steps and "
            f"{len(experiment.optimizers)} optimizers are more than this page computes; fewer steps will do"
        )
    if experiment.noise is not None:
        experiment.noise.view(model, experiment.seed, 1, 1)


def twin(experiment: Experiment, point: Array) -> float:
    """Return the largest difference between the probabilities of two-class softmax and those of its logistic twin."""
    from landscape.theory.softmax import as_logistic

    model = experiment.surface
    assert isinstance(model, Softmax), "what this page has on its desk"
    if len(model.data.classes) != 2:
        raise ValueError(f"logistic regression has two classes, not {len(model.data.classes)}")
    w, b = as_logistic(model.block("W1").of(point), model.block("b1").of(point))
    logistic = Logistic(model.data)
    return float(abs(model.probabilities(point) - logistic.probabilities([*w, b])).max())
