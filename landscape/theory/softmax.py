"""Softmax regression worked out: the arithmetic of one example, its relatives, its boundaries and its Hessian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import tr

Array = NDArray[np.float64]

# Beyond this e^z is not shown as it is: it overflows above 709.
LARGEST_SHOWN = 700.0


def softmax(z: ArrayLike, temperature: float = 1.0) -> Array:
    """Return e^(z/T) / sum e^(z/T) over the last axis, T the ``temperature`` above 0; no z overflows.

    T below 1 sharpens towards ``hardmax``, T above 1 flattens towards equal shares.

    >>> softmax([5.0, 2.0, -1.0, 3.0]).round(3).tolist()
    [0.842, 0.042, 0.002, 0.114]
    """
    if not temperature > 0.0:
        raise ValueError(tr("temperature must be above 0, not {temperature}", temperature=temperature))
    scaled = np.asarray(z, dtype=float)
    scaled = (scaled - scaled.max(axis=-1, keepdims=True)) / temperature
    e = np.exp(scaled)
    return e / e.sum(axis=-1, keepdims=True)


def hardmax(z: ArrayLike) -> Array:
    """Return 1 at the largest entry along the last axis (the first of equals) and 0 elsewhere.

    >>> hardmax([5.0, 2.0, -1.0, 3.0]).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    z = np.asarray(z, dtype=float)
    return (z.argmax(axis=-1)[..., None] == np.arange(z.shape[-1])).astype(float)


def cross_entropy(a: ArrayLike, y: ArrayLike) -> Array:
    """Return -sum y log a over the last axis, where 0 log 0 counts as 0.

    >>> round(float(cross_entropy([0.3, 0.2, 0.1, 0.4], [0, 1, 0, 0])), 6)
    1.609438
    """
    a, y = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(y, dtype=float))
    with np.errstate(divide="ignore"):
        log_a = np.log(a)
    return -np.sum(np.where(y == 0.0, 0.0, y * np.where(y == 0.0, 0.0, log_a)), axis=-1)


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """Each step from the scores z (C,) of one example to its loss, as it is written on the board.

    ``e`` is e^(z - shift); ``shift`` is 0 unless e^z would overflow. ``terms`` are -y log a, ``dz`` is a - y.
    """

    z: Array
    y: Array
    shift: float
    e: Array
    total: float
    a: Array
    terms: Array
    loss: float
    dz: Array


def arithmetic(z: ArrayLike, label: int) -> Arithmetic:
    """Return the arithmetic for the scores ``z`` (C,) of an example whose class is ``label``, counted from 0.

    >>> board = arithmetic([5.0, 2.0, -1.0, 3.0], label=0)
    >>> board.e.round(1).tolist(), round(board.total, 1), round(board.loss, 3)
    ([148.4, 7.4, 0.4, 20.1], 176.3, 0.172)
    """
    z = np.array(z, dtype=float)
    if z.ndim != 1 or len(z) < 2 or not np.isfinite(z).all():
        raise ValueError(tr("z must be two or more finite numbers"))
    if not 0 <= label < len(z):
        raise ValueError(tr("label must be between 0 and {most}, not {label}", most=len(z) - 1, label=label))
    y = (np.arange(len(z)) == label).astype(float)
    shift = float(z.max()) if np.abs(z).max() > LARGEST_SHOWN else 0.0
    e = np.exp(z - shift)
    total = float(e.sum())
    a = e / total
    # log a from z itself: a may round to 0 where its logarithm is fine
    terms = y * (np.log(total) + shift - z)
    return Arithmetic(z, y, shift, e, total, a, terms, float(terms.sum()), a - y)


def scores_of(a: ArrayLike) -> Array:
    """Return scores z with softmax(z) = a for probabilities ``a`` (..., C) above 0: z = log a."""
    a = np.asarray(a, dtype=float)
    if not (a > 0.0).all() or not np.allclose(a.sum(axis=-1), 1.0):
        raise ValueError(tr("probabilities must be above 0 and sum to 1"))
    return np.log(a)


def boundary(weights: ArrayLike, biases: ArrayLike, i: int, j: int) -> tuple[Array, float]:
    """Return the hyperplane normal . x + offset = 0 on which the classes i and j are equally probable.

    From a_i = a_j follows z_i = z_j: normal = w_i - w_j, offset = b_i - b_j. Class i is ahead where it is positive.
    ``weights`` is (C, d), ``biases`` (C,).
    """
    w, b = np.asarray(weights, dtype=float), np.asarray(biases, dtype=float)
    return w[i] - w[j], float(b[i] - b[j])


def as_logistic(weights: ArrayLike, biases: ArrayLike) -> tuple[Array, float]:
    """Return w = w_1 - w_0 (d,) and b = b_1 - b_0 of the logistic regression that two classes of softmax are."""
    return boundary(weights, biases, 1, 0)


def hessian(weights: ArrayLike, biases: ArrayLike, inputs: ArrayLike) -> Array:
    """Return the Hessian of the mean loss in (W row by row, b), shape (n, n) with n = C d + C.

    (1/m) sum_i (diag(a_i) - a_i a_i^T) (x) (x_i, 1)(x_i, 1)^T: a Kronecker product of two positive semidefinite
    matrices for each example, so the loss is convex. The labels do not come in.
    """
    w, b, x = (np.asarray(array, dtype=float) for array in (weights, biases, inputs))
    classes, width = w.shape
    a = softmax(x @ w.T + b)
    spread = np.einsum("mk,kl->mkl", a, np.eye(classes)) - np.einsum("mk,ml->mkl", a, a)
    ones = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    blocks = np.einsum("mkl,mi,mj->kilj", spread, ones, ones) / len(x)
    order = np.concatenate(
        [
            (np.arange(classes)[:, None] * (width + 1) + np.arange(width)).ravel(),
            np.arange(classes) * (width + 1) + width,
        ]
    )
    return blocks.reshape(classes * (width + 1), -1)[np.ix_(order, order)]


def flat_directions(classes: int, width: int) -> Array:
    """Return an orthonormal basis (width + 1, n) of the directions that change no probability anywhere.

    One and the same vector is added to the weights (or the bias) of every class; n = C d + C as in ``hessian``.
    """
    along = [np.tile(unit, classes) for unit in np.eye(width)]
    weights = [np.concatenate([direction, np.zeros(classes)]) for direction in along]
    return np.array([*weights, np.concatenate([np.zeros(classes * width), np.ones(classes)])]) / np.sqrt(classes)
