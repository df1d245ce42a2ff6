"""What the page Networks may have on its desk: a small perceptron on data of the plane, and how it is trained."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from landscape.errors import lookup
from landscape.parameter import check_fields, parameter, parameters_of
from landscape.surfaces.networks import Data, Perceptron, blobs, iris, moons, spirals

TITLES = {"moons": "Two moons", "spirals": "Spirals", "blobs": "Blobs", "iris": "Iris, petal length and width"}
Activation = Literal["tanh", "relu", "sigmoid"]
ACTIVATIONS: tuple[Activation, ...] = ("tanh", "relu", "sigmoid")


@dataclass(frozen=True)
class Study:
    """A perceptron on one of ``TITLES``, trained by plain gradient descent on all rows.

    Raises ``UnknownName`` for other data or activations, ``ValueError`` or ``TypeError`` for numbers out of range.
    """

    data: str = "spirals"
    activation: str = "relu"
    width: int = parameter(8, 2, 16, "neurons of each hidden layer", integer=True, minimum=1, maximum=16)
    depth: int = parameter(3, 1, 3, "hidden layers", integer=True, minimum=1, maximum=3)
    learning_rate: float = parameter(1.0, 0.01, 5.0, "step size", log=True, minimum=1e-6, maximum=100.0)
    n_steps: int = parameter(400, 10, 1000, "steps", integer=True, minimum=1, maximum=1000)
    seed: int = parameter(0, 0, 20, "which start is drawn", integer=True, minimum=0, maximum=1_000_000)

    def __post_init__(self) -> None:
        lookup(TITLES, self.data, "data on this page")
        lookup(dict.fromkeys(ACTIVATIONS), self.activation, "activation")
        check_fields(self)

    @property
    def model(self) -> Perceptron:
        """The network without batch normalization."""
        activation = cast(Activation, self.activation)
        return Perceptron(data_of(self.data), widths=(self.width,) * self.depth, activation=activation)

    @property
    def words(self) -> str:
        """The recipe in words."""
        return f"gradient descent, learning rate {self.learning_rate:g}, {self.n_steps} steps, seed {self.seed}"

    def replace(self, **changes: Any) -> Study:
        """Return a study with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_query(self) -> dict[str, str]:
        """Return the URL parameters that describe it."""
        return {field.name: str(getattr(self, field.name)) for field in dataclasses.fields(self)}


PARAMETERS = parameters_of(Study)


def data_of(name: str) -> Data:
    """Return the data that a name of ``TITLES`` stands for."""
    made: dict[str, Callable[[], Data]] = {
        "moons": moons,
        "spirals": spirals,
        "blobs": blobs,
        "iris": lambda: iris(columns=(2, 3)),
    }
    return made[name]()


def read(query: Mapping[str, str]) -> tuple[Study, tuple[str, ...]]:
    """Return the study that URL parameters describe, with what was refused."""
    study, problems = Study(), []
    fields = [field.name for field in dataclasses.fields(Study)]
    for name in fields:
        if name in query:
            try:
                study = study.replace(**{name: query[name][:100]})
            except (ValueError, TypeError) as error:
                problems.append(f"{name}: {error}")
    return study, tuple(problems)
