"""What one looks at in a small network, each as a question, words and a picture: the views of the page Networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, cast

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
from landscape.language import mark, reads_translated, tr, trn
from landscape.optimizers.first_order import SGD
from landscape.parameter import check_fields, parameter
from landscape.recipe.cost import Demand, of_step
from landscape.recipe.starts import Given, Random
from landscape.scene import Scene
from landscape.scenes import network_studies as studies
from landscape.scenes.networks import deep_linear_scene, sharpness_scene
from landscape.surfaces.networks import DeepLinear, Perceptron, chebyshev
from landscape.surfaces.networks.datasets import data
from landscape.version import __version__

TITLES = {
    "moons": mark("Two moons"),
    "spirals": mark("Spirals"),
    "blobs": mark("Blobs"),
    "iris": mark("Iris, petal length and width"),
}
"""Data that fit into one picture, by name."""

Activation = Literal["tanh", "relu", "sigmoid"]
ACTIVATIONS: tuple[Activation, ...] = ("tanh", "relu", "sigmoid")


@dataclass(frozen=True)
class Study:
    """A perceptron on one of ``TITLES``, trained by plain gradient descent on all rows.

    Raises ``UnknownName`` for other data or activations, ``ValueError`` or ``TypeError`` for numbers out of range.
    """

    data: str = "spirals"
    activation: str = "relu"
    width: int = parameter(8, 2, 16, mark("neurons of each hidden layer"), integer=True, minimum=1, maximum=16)
    depth: int = parameter(3, 1, 3, mark("hidden layers"), integer=True, minimum=1, maximum=3)
    learning_rate: float = parameter(1.0, 0.01, 5.0, mark("step size"), log=True, minimum=1e-6, maximum=100.0)
    n_steps: int = parameter(400, 10, 1000, mark("steps"), integer=True, minimum=1, maximum=1000)
    seed: int = parameter(0, 0, 20, mark("which start is drawn"), integer=True, minimum=0, maximum=1_000_000)

    def __post_init__(self) -> None:
        lookup(TITLES, self.data, tr("data of this study"))
        lookup(dict.fromkeys(ACTIVATIONS), self.activation, tr("activation"))
        check_fields(self)

    @property
    def model(self) -> Perceptron:
        """The network without batch normalization."""
        learned = data(self.data, **({"columns": (2, 3)} if self.data == "iris" else {}))
        return Perceptron(learned, widths=(self.width,) * self.depth, activation=cast(Activation, self.activation))

    def train(self) -> Pair:
        """Return the network trained without and with batch normalization."""
        return train_pair(self.model, self.learning_rate, self.n_steps, self.seed)

    @property
    def demand(self) -> Demand:
        """What training both networks takes."""
        return Demand(moves=2 * self.n_steps * of_step(self.model, SGD()))

    @property
    def words(self) -> str:
        """The recipe in words."""
        return trn(
            "gradient descent, learning rate {rate:g}, {n} step, seed {seed}",
            "gradient descent, learning rate {rate:g}, {n} steps, seed {seed}",
            self.n_steps,
            rate=self.learning_rate,
            seed=self.seed,
        )


@reads_translated("title", "question", "look")
@dataclass(frozen=True)
class View:
    """One way to look at a study: its ``title``, the ``question`` that it answers, and ``look``, what to look for.

    ``draw(study, pair)`` returns the picture; ``pair()`` the trained networks. A view ``of_its_own`` has a network of
    its own: of the study only the seed matters to it.
    """

    title: str
    question: str
    look: str
    draw: Callable[[Study, Callable[[], Pair]], Scene]
    of_its_own: bool = False

    def scene(self, study: Study, pair: Callable[[], Pair] | None = None) -> Scene:
        """Return the picture; ``pair`` where the networks are trained already."""
        made = self.draw(study, pair or study.train)
        if self.of_its_own:
            return made
        return replace(made, caption=f"{made.title} · {study.words} · landscape {__version__}")


def _minima(study: Study, pair: Callable[[], Pair]) -> Scene:
    return studies.minima_scene(two_minima(study.model, study.learning_rate, study.n_steps, study.seed))


def _sharpness(study: Study, pair: Callable[[], Pair]) -> Scene:
    model = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20))
    walkers = tuple(SGD(learning_rate=rate) for rate in (0.2, 0.4))
    run = Experiment(model, walkers, Random(1, study.seed), 5000).run()
    return sharpness_scene(run, edge_study(run.trajectories, looks=12))


def _plateaus(study: Study, pair: Callable[[], Pair]) -> Scene:
    model = DeepLinear(widths=(20,))
    start = Given((tuple(model.balanced_start(1e-3, study.seed).tolist()),))
    return deep_linear_scene(Experiment(model, (SGD(learning_rate=0.005),), start, n_steps=2000).run())


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "norm": View(
            mark("Batch normalization"),
            mark("What does batch normalization change?"),
            mark(
                "The same network on the same data, from the same weights, without and with batch normalization. "
                "Watch which loss falls first, and on the right how well the gradient predicts itself one step ahead: "
                "better with it is what is often said. The medians below say whether it holds here; it depends on "
                "network, data and seed."
            ),
            lambda study, pair: studies.norm_scene(pair_smoothness(pair())),
        ),
        "slices": View(
            mark("Slices"),
            mark("What does the loss look like round the last point?"),
            mark(
                "Above, a random plane with filters normalized; below, the plane of the smallest and the largest "
                "curvature. Where the curvatures differ in sign, the plane below shows a way down that a random plane "
                "may hide."
            ),
            lambda study, pair: studies.slices_of_pair(pair_slices(pair(), seed=study.seed)),
        ),
        "spectrum": View(
            mark("Spectrum"),
            mark("How many directions curve down?"),
            mark(
                "All eigenvalues of the Hessian, smallest first, at the last look before the playhead. Most lie near "
                "0, a few are large, and those below the line are ways down."
            ),
            lambda study, pair: studies.spectrum_of_pair(pair_spectra(pair())),
        ),
        "sharpness": View(
            mark("Sharpness"),
            mark("Why does the sharpness stop rising?"),
            mark(
                "A 1-20-20-1 network learns a Chebyshev polynomial by gradient descent at two learning rates. "
                "Sharpness times learning rate over 2 settles near 1, where a quadratic would become unstable."
            ),
            _sharpness,
            of_its_own=True,
        ),
        "minima": View(
            mark("Minima"),
            mark("Is there a pass between two trained networks?"),
            mark(
                "Two trainings from different starts: the straight way between them mostly crosses a ridge, and a "
                "bent one finds a way round. On the right the same network with its neurons in another order: another "
                "point, the same loss."
            ),
            _minima,
        ),
        "widths": View(
            mark("Widths"),
            mark("Does a wider network get stuck less often?"),
            mark(
                "A teacher with 8 neurons, and 24 students each with 8, 9 and 10. A line that stays high is a student "
                "in a bad minimum, or one that is still on a plateau. The wider students have not stopped at their "
                "last loss: their minima are flat valleys, in which descent slows, and 3200 steps take them hundreds "
                "of times lower."
            ),
            lambda study, pair: studies.widths_scene(students(seed=study.seed)),
            of_its_own=True,
        ),
        "plateaus": View(
            mark("Plateaus"),
            mark("Why does the loss fall in steps?"),
            mark(
                "A deep linear network learns a map of four modes, the strong ones first; between them the loss "
                "stands on a plateau. The theory of Saxe, McClelland and Ganguli lies over what is measured."
            ),
            _plateaus,
            of_its_own=True,
        ),
    }
)
