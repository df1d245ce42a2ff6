"""What a trained softmax regression says of one input, and that with two classes it is logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from landscape.language import tr
from landscape.surfaces.networks import Logistic, Softmax
from landscape.theory.softmax import Arithmetic, arithmetic, as_logistic


def arithmetic_of(
    model: Softmax, point: ArrayLike, inputs: Sequence[float], features: Sequence[int] = (0, 1)
) -> Arithmetic:
    """Return the arithmetic of one input at the weights ``point`` (n,): its class is that of the nearest row.

    ``inputs`` are the values of ``features``; the others are at their mean. Nearest is meant in ``features`` alone.
    """
    data, point = model.data, model.points(point)
    whole, columns = data.inputs.mean(axis=0), list(features)
    whole[columns] = inputs
    nearest = int(((data.inputs[:, columns] - inputs) ** 2).sum(axis=1).argmin())
    assert data.labels is not None, "data with classes have labels"
    w, b = model.block("W1").of(point), model.block("b1").of(point)
    return arithmetic(w @ whole + b, int(data.labels[nearest]))


def logistic_difference(model: Softmax, point: ArrayLike) -> float:
    """Return the largest difference, over all rows, between the probabilities of ``model`` and of its logistic twin.

    Raises ``ValueError`` where there are not two classes.
    """
    if len(model.data.classes) != 2:
        n_classes = len(model.data.classes)
        raise ValueError(tr("logistic regression has two classes, not {n_classes}", n_classes=n_classes))
    point = model.points(point)
    w, b = as_logistic(model.block("W1").of(point), model.block("b1").of(point))
    twin = Logistic(model.data)
    return float(abs(model.probabilities(point) - twin.probabilities([*w, b])).max())
