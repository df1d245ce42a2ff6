"""The multilayer perceptron, with and without batch normalization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from landscape.errors import lookup
from landscape.language import mark, tr
from landscape.surfaces.networks.base import Network
from landscape.surfaces.networks.data import Data
from landscape.surfaces.networks.datasets import moons
from landscape.surfaces.networks.layers import ACTIVATIONS, Activation, Affine, BatchNorm, Layer
from landscape.surfaces.networks.losses import Loss, SoftmaxCrossEntropy, SquaredError
from landscape.surfaces.networks.penalty import l2_penalty, penalty_latex

MAX_WIDTH = 10_000
"""The widest hidden layer."""

MAX_DEPTH = 50
"""The most hidden layers."""

ActivationName = Literal["tanh", "relu", "sigmoid"]


@dataclass(frozen=True)
class Perceptron(Network):
    """A network d - widths - k: an affine layer and an activation for each hidden layer, and an affine layer to z.

    Data with classes are measured by the cross-entropy of softmax, values to fit by half the squared error. With
    ``batch_norm`` each hidden layer is normalized between its weights and its activation; it then has no bias, which
    the normalization would take off again. ``eps`` is added to the variance there.

    Raises ``ValueError`` for widths that are not between 1 and ``MAX_WIDTH``, for more than ``MAX_DEPTH`` hidden
    layers or ``MAX_PARAMETERS`` parameters, and with batch normalization for data of a single row.

    >>> Perceptron(moons(n=400), widths=(20, 20)).n_dims
    522
    """

    key = "perceptron"
    teaches = mark("Not convex: hidden neurons can be swapped, so each minimum comes many times over.")
    reference = "Rumelhart, Hinton, Williams 1986, Learning representations by back-propagating errors"

    data: Data = field(default_factory=lambda: moons())
    widths: tuple[int, ...] = (8,)
    activation: ActivationName = "tanh"
    batch_norm: bool = False
    eps: float = 1e-5
    l2: float = l2_penalty()

    def check(self) -> None:
        object.__setattr__(self, "widths", checked_widths(self.widths))
        object.__setattr__(self, "batch_norm", bool(self.batch_norm))
        checked_activation(self.activation)
        if not 0.0 <= self.eps <= 1.0:
            raise ValueError(tr("eps must be between 0 and 1, not {given}", given=self.eps))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Affine, normalization where it is asked for, activation; and the last affine layer."""
        made: list[Layer] = []
        sizes = (self.data.n_features, *self.widths)
        for n_in, n_out in pairwise(sizes):
            made.append(Affine(n_in, n_out, bias=not self.batch_norm))
            if self.batch_norm:
                made.append(BatchNorm(n_out, self.eps))
            made.append(Activation(self.activation))
        return (*made, Affine(sizes[-1], self.data.n_outputs))

    @property
    def loss(self) -> Loss:
        """Cross-entropy of softmax for classes, squared error for values."""
        return SoftmaxCrossEntropy() if self.data.classes else SquaredError()

    @property
    def architecture(self) -> dict[str, Any]:
        return {
            "widths": list(self.widths),
            "activation": self.activation,
            "batch_norm": self.batch_norm,
            "eps": self.eps,
        }

    @property
    def headline(self) -> str:
        sizes = "-".join(map(str, (self.data.n_features, *self.widths, self.data.n_outputs)))
        places = {"sizes": sizes, "activation": self.activation, "data": self.data.title}
        if self.batch_norm:
            return tr("{sizes} {activation} network with batch normalization on {data}", **places)
        return tr("{sizes} {activation} network on {data}", **places)

    def latex(self) -> str:
        g = {"tanh": r"\tanh", "relu": r"\operatorname{relu}", "sigmoid": r"\sigma"}[self.activation]
        inner = "a_{l-1}"
        hidden = f"W_l {inner}" if self.batch_norm else f"W_l {inner} + b_l"
        hidden = rf"\operatorname{{BN}}({hidden})" if self.batch_norm else hidden
        layer = rf"a_l = {g}({hidden})"
        depth = len(self.widths)
        z = rf"z = W_{{{depth + 1}}} a_{{{depth}}} + b_{{{depth + 1}}}"
        return loss_latex(self) + rf",\quad {z},\quad {layer},\quad a_0 = x"


def loss_latex(network: Network) -> str:
    """Return the mean loss over z, cross-entropy or squared error, in LaTeX."""
    if network.data.classes:
        each = r"-\frac{1}{m}\sum_{i=1}^{m} \log \frac{e^{z_{y_i}(x_i)}}{\sum_k e^{z_k(x_i)}}"
    else:
        each = r"\frac{1}{2m}\sum_{i=1}^{m} \lVert z(x_i) - y_i \rVert^2"
    return "f = " + each + penalty_latex(network.l2)


def checked_widths(widths: Sequence[int], least: int = 1) -> tuple[int, ...]:
    """Return ``widths`` as a tuple; raise ``TypeError`` or ``ValueError`` for what is no list of layer widths."""
    if isinstance(widths, int | np.integer):
        raise TypeError(tr("widths must be a list of whole numbers, one a hidden layer: ({width},)", width=widths))
    made = tuple(widths)
    if not least <= len(made) <= MAX_DEPTH:
        raise ValueError(
            tr("a network has {least} to {most} hidden layers, not {n}", least=least, most=MAX_DEPTH, n=len(made))
        )
    for width in made:
        if isinstance(width, bool) or not isinstance(width, int | np.integer):
            raise TypeError(tr("a width must be a whole number, not {given!r}", given=width))
        if not 1 <= width <= MAX_WIDTH:
            raise ValueError(tr("a width must be between 1 and {most:,}, not {given:,}", most=MAX_WIDTH, given=width))
    return tuple(map(int, made))


def checked_activation(name: str) -> None:
    """Raise ``UnknownName`` where no activation has this name."""
    lookup(ACTIVATIONS, name, tr("activation"))
