"""The autoencoder: a network that learns to return its input through a narrow middle."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from landscape.language import mark, tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.base import Network
from landscape.surfaces.networks.data import Data
from landscape.surfaces.networks.datasets import moons
from landscape.surfaces.networks.layers import Activation, Affine, Layer
from landscape.surfaces.networks.losses import Loss, SquaredError
from landscape.surfaces.networks.penalty import l2_penalty, penalty_latex
from landscape.surfaces.networks.perceptron import ActivationName, checked_activation, checked_widths


@dataclass(frozen=True)
class Autoencoder(Network):
    """A network that is to return its input through narrow ``widths``: half the squared error, mean over the data.

    With ``activation`` "linear" there are no activations, only affine layers: its loss is that of principal component
    analysis, its critical points other than the minimum are saddles (Baldi and Hornik 1989).
    """

    key = "autoencoder"
    teaches = mark("The linear one has many saddles and one minimum, up to a change of basis in the middle.")
    reference = "Baldi, Hornik 1989, Neural networks and principal component analysis"

    data: Data = field(default_factory=lambda: moons())
    widths: tuple[int, ...] = (1,)
    activation: ActivationName | Literal["linear"] = "tanh"
    l2: float = l2_penalty()

    def check(self) -> None:
        object.__setattr__(self, "widths", checked_widths(self.widths))
        if self.activation != "linear":
            checked_activation(self.activation)

    @property
    def targets(self) -> Array:
        """The inputs themselves, (d, m)."""
        return self.data.inputs.T

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Affine and activation for each width, and an affine layer back to the inputs."""
        made: list[Layer] = []
        sizes = (self.data.n_features, *self.widths)
        for n_in, n_out in pairwise(sizes):
            made.append(Affine(n_in, n_out))
            if self.activation != "linear":
                made.append(Activation(self.activation))
        return (*made, Affine(sizes[-1], self.data.n_features))

    @property
    def loss(self) -> Loss:
        return SquaredError()

    @property
    def architecture(self) -> dict[str, Any]:
        return {"widths": list(self.widths), "activation": self.activation}

    @property
    def headline(self) -> str:
        sizes = "-".join(map(str, (self.data.n_features, *self.widths, self.data.n_features)))
        places = {"sizes": sizes, "activation": self.activation, "data": self.data.title}
        return tr("{sizes} {activation} autoencoder on {data}", **places)

    def latex(self) -> str:
        g = {"tanh": r"\tanh", "relu": r"\operatorname{relu}", "sigmoid": r"\sigma", "linear": ""}[self.activation]
        depth = len(self.widths)
        return (
            r"f = \frac{1}{2m}\sum_{i=1}^{m} \lVert z(x_i) - x_i \rVert^2" + penalty_latex(self.l2)
            + rf",\quad z = W_{{{depth + 1}}} a_{{{depth}}} + b_{{{depth + 1}}},"
            + rf"\quad a_l = {g}(W_l a_{{l-1}} + b_l),\quad a_0 = x"
        )  # fmt: skip
