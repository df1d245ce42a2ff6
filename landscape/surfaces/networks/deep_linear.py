"""The deep linear network: no activations, and yet not convex, with plateaus that have closed forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import mark, tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.base import Network
from landscape.surfaces.networks.data import Data
from landscape.surfaces.networks.datasets import linear_map
from landscape.surfaces.networks.layers import Affine, Layer
from landscape.surfaces.networks.losses import Loss, SquaredError
from landscape.surfaces.networks.penalty import l2_penalty, penalty_latex
from landscape.surfaces.networks.perceptron import checked_widths


@dataclass(frozen=True)
class DeepLinear(Network):
    """z = W_L ... W_2 W_1 x without biases, half the squared error, mean over the data.

    The function is linear, the loss in the parameters is not convex: all weights zero is a saddle, and the singular
    values of the target are learned one after the other, the strong ones first (Saxe, McClelland, Ganguli 2014).
    ``widths`` are those of the hidden layers; none gives linear regression.

    >>> DeepLinear(linear_map(), widths=(20,)).n_dims
    240
    """

    key = "deep_linear"
    teaches = mark("Plateaus without any activation: each mode of the target waits its turn, the strong ones first.")
    reference = (
        "Saxe, McClelland, Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep linear networks"
    )

    data: Data = field(default_factory=lambda: linear_map())
    widths: tuple[int, ...] = (20,)
    l2: float = l2_penalty()

    def check(self) -> None:
        object.__setattr__(self, "widths", checked_widths(self.widths, least=0))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Affine layers without biases."""
        sizes = (self.data.n_features, *self.widths, self.data.n_outputs)
        return tuple(Affine(n_in, n_out, bias=False) for n_in, n_out in pairwise(sizes))

    @property
    def loss(self) -> Loss:
        return SquaredError()

    @property
    def architecture(self) -> dict[str, Any]:
        return {"widths": list(self.widths)}

    def matrix(self, x: ArrayLike) -> Array:
        """Return the product W_L ... W_1 of the parameter vectors (..., n), shape (..., k, d)."""
        points = self.points(x)
        made = self.blocks[0].of(points)
        for block in self.blocks[1:]:
            made = block.of(points) @ made
        return made

    def balanced_start(self, strength: float, seed: int = 0) -> Array:
        """Return the start of Saxe's solution: every mode of the data has ``strength``, shared evenly by the layers.

        With W_l = R_l D R_{l-1}^T, D^L = strength and R_0, R_L the singular vectors of the data's map, the modes stay
        apart for ever and each follows its own scalar equation. The bases in between are random orthonormal ones.
        """
        if not strength > 0.0:
            raise ValueError(tr("strength must be above 0, not {given}", given=strength))
        left, s, right = np.linalg.svd(self.target_map)
        rank = int(np.sum(s > 1e-12 * s[0]))
        if min(self.widths, default=rank) < rank:
            raise ValueError(
                tr("a hidden layer narrower than {rank}, the rank of the map, cannot hold its modes", rank=rank)
            )
        rng = np.random.default_rng(seed)
        inner = [np.linalg.qr(rng.standard_normal((width, rank)))[0] for width in self.widths]
        bases = [right[:rank].T, *inner, left[:, :rank]]
        share = strength ** (1.0 / len(self.blocks))
        return np.concatenate([(share * out @ into.T).ravel() for into, out in pairwise(bases)])

    @property
    def target_map(self) -> Array:
        """The correlation of values with inputs, (1/m) Y X^T, (k, d): what the product of the weights is to become."""
        return self.targets @ self.data.inputs / self.n_rows

    def strengths(self, x: ArrayLike) -> Array:
        """Return u = left^T (W_L ... W_1) right for each mode of the data, (..., modes): 0 unlearned, s learned."""
        left, _, right = np.linalg.svd(self.target_map, full_matrices=False)
        return np.einsum("km,...kd,md->...m", left, self.matrix(x), right)

    @property
    def headline(self) -> str:
        sizes = "-".join(map(str, (self.data.n_features, *self.widths, self.data.n_outputs)))
        return tr("{sizes} linear network on {data}", sizes=sizes, data=self.data.title)

    def latex(self) -> str:
        product = " ".join(f"W_{{{i}}}" for i in range(len(self.blocks), 0, -1))
        return rf"f = \frac{{1}}{{2m}}\sum_{{i=1}}^{{m}} \lVert {product} x_i - y_i \rVert^2" + penalty_latex(self.l2)
