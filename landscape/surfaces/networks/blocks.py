"""Where the parameter arrays of a network stand in its flat vector, and how they are filled to start with."""

from __future__ import annotations

import builtins
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landscape.language import tr
from landscape.surfaces.base import Array
from landscape.surfaces.networks.layers import Activation, Layer, Role

MAX_PARAMETERS = 1_000_000
"""The largest parameter vector that a network may have."""


@dataclass(frozen=True)
class Block:
    """One parameter array inside the flat vector: ``x[..., start:stop]`` reshaped to ``shape``.

    ``role`` is "weights" (one row a neuron: a filter), "bias", or batch normalization's "scale" and "shift".

    >>> block = Block("W1", start=4, shape=(2, 3), role="weights")
    >>> block.slice, block.filters
    (slice(4, 10, None), (slice(4, 7, None), slice(7, 10, None)))
    """

    name: str
    start: int
    shape: tuple[int, ...]
    role: Role

    @property
    def size(self) -> int:
        """Number of parameters."""
        return math.prod(self.shape)

    @property
    def stop(self) -> int:
        """First index after the block."""
        return self.start + self.size

    @property
    def slice(self) -> builtins.slice:
        """Where the block stands in the flat vector."""
        return slice(self.start, self.stop)

    @property
    def filters(self) -> tuple[builtins.slice, ...]:
        """For weights the slice of each row, that is of the weights into one neuron; else none."""
        if self.role != "weights":
            return ()
        rows, width = self.shape
        return tuple(slice(self.start + r * width, self.start + (r + 1) * width) for r in range(rows))

    def of(self, x: Array) -> Array:
        """Return the block of the parameter vectors ``x`` (..., n) as a view (..., *shape)."""
        return x[..., self.start : self.stop].reshape(x.shape[:-1] + self.shape)


def lay_out(layers: Sequence[Layer]) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks of each layer, named W1, b1, gamma1, beta1, W2, ...; a number for each array of weights.

    Raises ``ValueError`` above ``MAX_PARAMETERS``.
    """
    start, number, found = 0, 0, []
    for layer in layers:
        blocks: list[Block] = []
        number += any(shape.role == "weights" for shape in layer.shapes)
        for shape in layer.shapes:
            blocks.append(Block(f"{shape.name}{number}", start, shape.shape, shape.role))
            start = blocks[-1].stop
        found.append(tuple(blocks))
    if start > MAX_PARAMETERS:
        raise ValueError(
            tr("this network has {n:,} parameters; at most {most:,} are allowed", n=start, most=MAX_PARAMETERS)
        )
    return tuple(found)


def random_parameters(layers: Sequence[Layer], n: int, seed: int = 0, scale: float = 1.0) -> Array:
    """Return ``n`` parameter vectors (n, n_dims) as networks are usually started.

    Weights are Gaussian with variance ``scale``^2 times 2 / (fan in + fan out) (Glorot and Bengio 2010), or times
    2 / fan in where a relu follows (He et al. 2015); biases and shifts are 0, scales 1. Start i depends on ``seed``
    and i alone.
    """
    if n < 1:
        raise ValueError(tr("{name} must be at least {least}, not {number}", name="n", least=1, number=n))
    blocks = lay_out(layers)
    flat = [block for of_layer in blocks for block in of_layer]
    x = np.zeros((n, flat[-1].stop))
    rngs = [np.random.default_rng([seed, i]) for i in range(n)]
    for number, of_layer in enumerate(blocks):
        following = next((layer for layer in layers[number:] if isinstance(layer, Activation)), None)
        for block in of_layer:
            if block.role == "weights":
                fan_out, fan_in = block.shape
                relu = following is not None and following.name == "relu"
                deviation = scale * math.sqrt(2.0 / (fan_in if relu else fan_in + fan_out))
                x[:, block.slice] = [deviation * rng.standard_normal(block.size) for rng in rngs]
            elif block.role == "scale":
                x[:, block.slice] = 1.0
    return x
