"""What is minimized: three losses over the last layer's z, alike in the one line that backpropagation starts from.

Each turns z (..., k, m) into an output ``a`` of the same shape and measures it against ``y`` (k, m). They are
paired so that d loss / d z is a - y for all three, as the lecture derives for softmax; that line stands in
``base.Network``, not here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from landscape.surfaces.base import Array
from landscape.surfaces.networks.layers import sigmoid


@dataclass(frozen=True)
class Loss(ABC):
    """A loss summed over the examples, with the output function that belongs to it."""

    @abstractmethod
    def output(self, z: Array) -> Array:
        """Return a = a(z), (..., k, m)."""

    @abstractmethod
    def forward(self, z: Array, y: Array) -> tuple[Array, Array]:
        """Return the loss summed over the examples, (...), and a."""

    @abstractmethod
    def output_tangent(self, a: Array, r_z: Array) -> Array:
        """Return the derivative of a as z moves by ``r_z``."""


class SoftmaxCrossEntropy(Loss):
    """a = e^z / sum e^z over the classes; loss -sum y log a for one-hot y."""

    def output(self, z: Array) -> Array:
        """Return the probabilities. The largest z is taken off first, so e^z never overflows."""
        e = np.exp(z - z.max(axis=-2, keepdims=True))
        return e / e.sum(axis=-2, keepdims=True)

    def forward(self, z: Array, y: Array) -> tuple[Array, Array]:
        """Return the loss, from log a = z - log sum e^z, and a."""
        z = z - z.max(axis=-2, keepdims=True)
        a = np.exp(z)
        total = a.sum(axis=-2, keepdims=True)
        a /= total
        # sum_k y_k log a_k with sum_k y_k = 1; a itself may round to 0 where its logarithm is fine
        of_the_class = np.einsum("...km,...km->...", y, z)
        return np.log(total).sum(axis=(-2, -1)) - of_the_class, a

    def output_tangent(self, a: Array, r_z: Array) -> Array:
        """Return a (R z - sum a R z)."""
        return a * (r_z - np.sum(a * r_z, axis=-2, keepdims=True))


class LogisticCrossEntropy(Loss):
    """a = sigmoid(z); loss -y log a - (1 - y) log(1 - a), summed over the outputs (one for logistic regression)."""

    def output(self, z: Array) -> Array:
        return sigmoid(z)

    def forward(self, z: Array, y: Array) -> tuple[Array, Array]:
        """Return the loss as log(1 + e^z) - y z, and a."""
        return (np.logaddexp(0.0, z) - y * z).sum(axis=(-2, -1)), sigmoid(z)

    def output_tangent(self, a: Array, r_z: Array) -> Array:
        """Return a (1 - a) R z."""
        return a * (1.0 - a) * r_z


class SquaredError(Loss):
    """a = z; loss sum (a - y)^2 / 2."""

    def output(self, z: Array) -> Array:
        return z

    def forward(self, z: Array, y: Array) -> tuple[Array, Array]:
        error = z - y
        return 0.5 * np.einsum("...km,...km->...", error, error), z

    def output_tangent(self, a: Array, r_z: Array) -> Array:
        return r_z
