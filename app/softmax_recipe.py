"""What the page Softmax regression may have on its desk: softmax regression over data with classes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache

from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.query import read_query
from landscape.surfaces.base import Array
from landscape.surfaces.networks import Data, Logistic, Softmax, blobs, digits, iris, moons, spirals

TITLES = {
    "iris": "Iris, petal length and width",
    "iris4": "Iris, all four measures",
    "digits": "Handwritten digits",
    "blobs": "Blobs",
    "spirals": "Spirals",
    "moons": "Two moons",
}
COUNTED = ("blobs", "spirals")
"""Data of which the number of classes can be chosen."""

MOST_WORK = 40_000_000
"""Rows times parameters times steps times optimizers that this page computes."""


def data_of(name: str, n_classes: int = 4) -> Data:
    """Return the data that a name of ``TITLES`` stands for."""
    made = {
        "iris": lambda: iris(columns=(2, 3)),
        "iris4": iris,
        "digits": digits,
        "blobs": lambda: blobs(n_classes=n_classes),
        "spirals": lambda: spirals(n_classes=n_classes),
        "moons": moons,
    }
    return made[name]()


def name_of(data: Data) -> str | None:
    """Return the name under which data are offered, ``None`` for somebody's own."""
    n_classes = len(data.classes)
    return next((name for name in TITLES if name != "moons" and _same(data, name, n_classes)), None) or (
        "moons" if data == moons() else None
    )


def _same(data: Data, name: str, n_classes: int) -> bool:
    return (name not in COUNTED or 2 <= n_classes <= 8) and data == data_of(name, n_classes)


@cache
def first() -> Experiment:
    """Return the run that the page opens with."""
    model = Softmax(data_of("iris"))
    return Experiment(
        model,
        (optimizer("sgd", learning_rate=0.1), optimizer("adam", learning_rate=0.05)),
        tuple(map(tuple, model.starts(1).tolist())),
        n_steps=300,
    )


def on_data(experiment: Experiment, data: Data) -> Experiment:
    """Return the experiment on other data, from a start drawn for them."""
    surface = experiment.surface
    assert isinstance(surface, Softmax), "what this page has on its desk"
    model = dataclasses.replace(surface, data=data)
    return experiment.replace(surface=model, starts=tuple(map(tuple, model.starts(1, experiment.seed).tolist())))


def read(query: Mapping[str, str]) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment that URL parameters describe, with what was refused."""
    if query.get("surface", "softmax") != "softmax":
        return first(), (f"surface: this page trains softmax, not {query['surface'][:40]!r}",)
    try:
        experiment, problems = read_query(query, default=first())
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
    if len(experiment.starts) > 4:
        raise ValueError(f"this page trains from at most 4 starts, not {len(experiment.starts)}")
    work = model.data.n_rows * len(model.data.classes) * experiment.n_steps * len(experiment.optimizers)
    if work > MOST_WORK:
        raise ValueError(
            f"{model.data.n_rows:,} rows, {len(model.data.classes)} classes, {experiment.n_steps:,} steps and "
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
