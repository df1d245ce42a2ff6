"""Networks: what the ground under a small network is like, with and without batch normalization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal, cast

import streamlit as st

from app import fields, frame, work
from app.ask import questions
from app.ask.controls import choice
from app.below import export
from app.page import Page, Views
from app.state import Desk, Rules
from landscape.analysis.network_studies import (
    Pair,
    edge_study,
    pair_slices,
    pair_smoothness,
    pair_spectra,
    students,
    train_pair,
    two_minima,
)
from landscape.errors import lookup
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.parameter import check_fields, parameter
from landscape.recipe.starts import Given, Random
from landscape.scene import Scene
from landscape.scenes import network_studies as studies
from landscape.scenes.networks import deep_linear_scene, sharpness_scene
from landscape.surfaces.networks import Data, DeepLinear, Perceptron, blobs, chebyshev, iris, moons, spirals
from landscape.version import __version__
from landscape.words import count

VIEWS = {
    "norm": "Batch normalization",
    "slices": "Slices",
    "spectrum": "Spectrum",
    "sharpness": "Sharpness",
    "minima": "Minima",
    "widths": "Widths",
    "plateaus": "Plateaus",
}
QUESTIONS = {
    "norm": (
        "What does batch normalization change?",
        "The same network on the same data, from the same weights, without and with batch normalization. Watch which "
        "loss falls first, and on the right how well the gradient predicts itself one step ahead: better with it is "
        "what is often said. The medians below say whether it holds here; it depends on network, data and seed.",
    ),
    "slices": (
        "What does the ground round the last point look like?",
        "Above, a random plane with filters normalized; below, the plane of the smallest and the largest curvature. "
        "Where the curvatures differ in sign, the plane below shows a way down that a random plane may hide.",
    ),
    "spectrum": (
        "How many directions curve down?",
        "All eigenvalues of the Hessian, smallest first, at the last look before the playhead. Most lie near 0, "
        "a few are large, and those below the line are ways down.",
    ),
    "sharpness": (
        "Why does the sharpness stop rising?",
        "A 1-20-20-1 network learns a Chebyshev polynomial by gradient descent at two learning rates. Sharpness times "
        "learning rate over 2 settles near 1, where a quadratic would become unstable.",
    ),
    "minima": (
        "Is there a pass between two trained networks?",
        "Two trainings from different starts: the straight way between them mostly crosses a ridge, and a bent one "
        "finds a way round. On the right the same network with its neurons in another order: another point, the same "
        "loss.",
    ),
    "widths": (
        "Does a wider network get stuck less often?",
        "A teacher with 8 neurons, and 24 students each with 8, 9 and 10. A line that stays high is a student in a "
        "bad minimum, or one that is still on a plateau. The wider students have not stopped at their last loss: their "
        "minima are flat valleys, in which descent slows, and 3200 steps take them hundreds of times lower.",
    ),
    "plateaus": (
        "Why does the loss fall in steps?",
        "A deep linear network learns a map of four modes, the strong ones first; between them the loss stands on a "
        "plateau. The theory of Saxe, McClelland and Ganguli lies over what is measured.",
    ),
}

OWN_NETWORK = ("norm", "slices", "spectrum", "minima")
"""Views of the network that the questions describe; the others have settings of their own."""

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
        return (
            f"gradient descent, learning rate {self.learning_rate:g}, {count(self.n_steps, 'step')}, seed {self.seed}"
        )


def data_of(name: str) -> Data:
    """Return the data that a name of ``TITLES`` stands for."""
    made: dict[str, Callable[[], Data]] = {
        "moons": moons,
        "spirals": spirals,
        "blobs": blobs,
        "iris": lambda: iris(columns=(2, 3)),
    }
    return made[name]()


Bench = Desk[Study]


@cache
def rules() -> Rules[Study]:
    """Return what the desk needs to know of studies: whatever can be made is small enough to be computed."""
    return fields.rules(Study(), {"view": (*VIEWS,)})


def _pair(study: Study) -> Pair:
    """Return the trained networks, which several views look at."""
    made = partial(train_pair, study.model, study.learning_rate, study.n_steps, study.seed)
    return work.result(("networks", study), made)


def _sharpness(study: Study) -> Scene:
    model = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20))
    walkers = tuple(optimizer("sgd", learning_rate=rate) for rate in (0.2, 0.4))
    run = Experiment(model, walkers, Random(1, study.seed), 5000).run()
    return sharpness_scene(run, edge_study(run.trajectories, looks=12))


def _plateaus(study: Study) -> Scene:
    model = DeepLinear(widths=(20,))
    start = model.balanced_start(1e-3, study.seed)
    return deep_linear_scene(
        Experiment(model, (optimizer("sgd", learning_rate=0.005),), Given((tuple(start.tolist()),)), n_steps=2000).run()
    )


_SCENES: dict[str, Callable[[Study], Scene]] = {
    "norm": lambda study: studies.norm_scene(pair_smoothness(_pair(study))),
    "slices": lambda study: studies.slices_of_pair(pair_slices(_pair(study), seed=study.seed)),
    "spectrum": lambda study: studies.spectrum_of_pair(pair_spectra(_pair(study))),
    "minima": lambda study: studies.minima_scene(
        two_minima(study.model, study.learning_rate, study.n_steps, study.seed)
    ),
    "sharpness": _sharpness,
    "widths": lambda study: studies.widths_scene(students(seed=study.seed)),
    "plateaus": _plateaus,
}


def scene(study: Study, views: Views) -> Scene:
    """Return one view of a study."""
    view = views["view"]
    if view not in OWN_NETWORK:
        # As far as the view depends on it, so that the same picture is not computed twice.
        return work.result(("networks", view, study.seed), lambda: _SCENES[view](Study(seed=study.seed)))
    made = _SCENES[view](study)
    return replace(made, caption=f"{made.title} · {study.words} · landscape {__version__}")


def _ask(desk: Bench) -> None:
    study = desk.recipe
    if desk.view("view") not in OWN_NETWORK:
        st.caption("This view has a network of its own; only the start can be drawn anew.")
        fields.ask(desk, "seed")
        return
    sizes = "-".join([str(study.width)] * study.depth)
    asked = (
        ("Which data?", TITLES[study.data], _data),
        ("Which network?", f"{sizes} {study.activation}", _network),
        ("From where?", f"start {study.seed}", lambda desk: fields.ask(desk, "seed")),
        (
            "How long?",
            f"{count(study.n_steps, 'step')}, learning rate {study.learning_rate:g}",
            lambda desk: fields.ask(desk, "n_steps", "learning_rate"),
        ),
    )
    questions.fold(desk, asked)


def _data(desk: Bench) -> None:
    choice(
        desk,
        "data",
        "Data",
        list(TITLES),
        desk.recipe.data,
        TITLES.__getitem__,
        lambda study, name: replace(study, data=name),
        label_visibility="collapsed",
    )


def _network(desk: Bench) -> None:
    choice(
        desk,
        "activation",
        "Activation",
        ACTIVATIONS,
        desk.recipe.activation,
        str,
        lambda study, name: replace(study, activation=name),
    )
    fields.ask(desk, "width", "depth")


page = Page(
    key="networks",
    title="Networks",
    icon=":material/hub:",
    url="trained-networks",
    rules=rules,
    above=lambda desk: frame.switch(desk, "view", "View", VIEWS),
    question=lambda desk: QUESTIONS[desk.view("view")][0],
    look=lambda desk: QUESTIONS[desk.view("view")][1],
    ask=_ask,
    scene=scene,
    tabs={"Export": export.show},
    wait="Computing this view ...",
    file=lambda desk: f"landscape-networks-{desk.view('view')}",
)
