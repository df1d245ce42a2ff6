"""Softmax regression, and logistic regression, which it is for two classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from landscape.language import mark, tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.base import Network
from landscape.surfaces.networks.data import Data
from landscape.surfaces.networks.datasets import blobs
from landscape.surfaces.networks.layers import Activation, Affine, Layer
from landscape.surfaces.networks.losses import LogisticCrossEntropy, Loss, SoftmaxCrossEntropy, SquaredError
from landscape.surfaces.networks.penalty import l2_penalty, penalty_latex

LogisticLoss = Literal["cross_entropy", "squared_error"]


@dataclass(frozen=True)
class Softmax(Network):
    """Softmax regression: z = W x + b, a = e^z / sum e^z, loss -sum y log a, mean over the data, plus l2 |W|^2 / 2.

    Convex. Adding one vector to the weights of all classes changes nothing, so d + 1 eigenvalues of the Hessian are
    zero everywhere (d features) unless ``l2`` lifts d of them. With b left out of the penalty the minimum is that of
    scikit-learn's LogisticRegression at C = 1 / (m l2).

    >>> model = Softmax(blobs(n_classes=4))
    >>> model.n_dims, round(float(model.value([0.0] * 12)), 6)  # all classes alike: ln 4
    (12, 1.386294)
    """

    key = "softmax"
    teaches = mark("Convex: one valley and no bad minima. Its slow directions, not its minima, are what costs steps.")
    reference = "Bridle 1990, Probabilistic interpretation of feedforward classification network outputs"

    data: Data = field(default_factory=lambda: blobs())
    l2: float = l2_penalty()

    def check(self) -> None:
        need_classes(self.data)

    @property
    def layers(self) -> tuple[Layer, ...]:
        return (Affine(self.data.n_features, len(self.data.classes)),)

    @property
    def loss(self) -> Loss:
        return SoftmaxCrossEntropy()

    @property
    def architecture(self) -> dict[str, Any]:
        return {}

    @property
    def headline(self) -> str:
        return tr("Softmax regression on {data}", data=self.data.title)

    def latex(self) -> str:
        return (
            r"f(W, b) = -\frac{1}{m}\sum_{i=1}^{m} \log \frac{e^{w_{y_i}^\top x_i + b_{y_i}}}"
            r"{\sum_k e^{w_k^\top x_i + b_k}}" + penalty_latex(self.l2)
        )


@dataclass(frozen=True)
class Logistic(Network):
    """Logistic regression on two classes: z = w x + b, a = 1 / (1 + e^-z), a the probability of class 1.

    ``loss_name`` "cross_entropy" gives -y log a - (1-y) log(1-a): convex, and softmax regression with two classes for
    w = w_1 - w_0. "squared_error" gives (a - y)^2 / 2: not convex, and flat wherever the neuron is saturated, on the
    right side or on the wrong one.

    >>> model = Logistic(blobs(n_classes=2))
    >>> model.n_dims, round(float(model.value([0.0] * 3)), 6)
    (3, 0.693147)
    """

    key = "logistic"
    teaches = mark("Softmax regression with two classes. Under squared error a saturated neuron sits on a plateau.")
    reference = "Cox 1958, The regression analysis of binary sequences"

    data: Data = field(default_factory=lambda: blobs(n_classes=2))
    loss_name: LogisticLoss = "cross_entropy"
    l2: float = l2_penalty()

    def check(self) -> None:
        """Refuse data that have not two classes, and an unknown loss."""
        need_classes(self.data)
        if len(self.data.classes) != 2:
            raise ValueError(
                tr(
                    "logistic regression tells two classes apart; these data have {n}. Use Softmax",
                    n=len(self.data.classes),
                )
            )
        if self.loss_name not in ("cross_entropy", "squared_error"):
            raise ValueError(
                tr("loss_name must be 'cross_entropy' or 'squared_error', not {given!r}", given=self.loss_name)
            )

    @property
    def targets(self) -> Array:
        """One row: 1 for class 1, else 0."""
        return self.data.targets[1:]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """One affine layer to a single z; with squared error the sigmoid is a layer of its own."""
        affine = Affine(self.data.n_features, 1)
        return (affine,) if self.loss_name == "cross_entropy" else (affine, Activation("sigmoid"))

    @property
    def loss(self) -> Loss:
        """Cross-entropy of the sigmoid, or squared error."""
        return LogisticCrossEntropy() if self.loss_name == "cross_entropy" else SquaredError()

    @property
    def architecture(self) -> dict[str, Any]:
        return {"loss_name": self.loss_name}

    @property
    def headline(self) -> str:
        if self.loss_name == "cross_entropy":
            return tr("Logistic regression on {data}", data=self.data.title)
        return tr("Logistic regression, squared error on {data}", data=self.data.title)

    def latex(self) -> str:
        if self.loss_name == "cross_entropy":
            each = r"\left[-y_i \log a_i - (1 - y_i) \log(1 - a_i)\right]"
        else:
            each = r"\tfrac{1}{2}(a_i - y_i)^2"
        return (
            r"f(w, b) = \frac{1}{m}\sum_{i=1}^{m} " + each + penalty_latex(self.l2)
            + r",\quad a_i = \frac{1}{1 + e^{-(w^\top x_i + b)}}"
        )  # fmt: skip


def need_classes(data: Data) -> None:
    """Raise ``ValueError`` for data with values to fit and no classes."""
    if not data.classes:
        raise ValueError(tr("{data!r} has values to fit and no classes to tell apart", data=data.title))
