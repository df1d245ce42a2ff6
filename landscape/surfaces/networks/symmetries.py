"""Moves in parameter space that leave the function, and so the loss, as it is: why each minimum comes many times."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from landscape.surfaces.base import Array
from landscape.surfaces.networks.base import Network
from landscape.surfaces.networks.blocks import Block


def permute_hidden(network: Network, x: ArrayLike, layer: int, order: Sequence[int]) -> Array:
    """Return ``x`` (..., n) with the neurons of hidden layer ``layer`` = 1, 2, ... put in another ``order``.

    The neuron at place i was at ``order[i]``: rows of W, b, gamma and beta of the layer and columns of the next W move
    together. A layer of h neurons makes h! points of one and the same loss out of one.
    """
    blocks, after = _hidden(network, layer)
    places = [int(i) for i in order]
    if sorted(places) != list(range(blocks[0].shape[0])):
        raise ValueError(f"order must be the numbers 0 to {blocks[0].shape[0] - 1}, each once")
    moved = network.points(x).copy()
    for block in blocks:
        array = block.of(moved)
        array[...] = array[..., places, :] if len(block.shape) == 2 else array[..., places]
    into = after.of(moved)
    into[...] = into[..., places]
    return moved


def flip_hidden(network: Network, x: ArrayLike, layer: int, neurons: Sequence[int]) -> Array:
    """Return ``x`` (..., n) with the signs of all weights into and out of some ``neurons`` of a hidden layer changed.

    Since tanh(-z) = -tanh(z) the function stays as it is; h neurons make 2^h such points. Raises ``ValueError`` for
    another activation.
    """
    if getattr(network, "activation", None) not in ("tanh", "linear"):
        raise ValueError("signs can be changed only where the activation is odd: tanh, or none")
    blocks, after = _hidden(network, layer)
    chosen = list(neurons)
    if not all(0 <= i < blocks[0].shape[0] for i in chosen):
        raise ValueError(f"neurons are numbers from 0 to {blocks[0].shape[0] - 1}, not {chosen}")
    moved = network.points(x).copy()
    scales = [block for block in blocks if block.role in ("scale", "shift")]
    # a normalization takes any sign off the weights before it: there gamma and beta carry the sign
    for block in scales or blocks:
        array = block.of(moved)
        if len(block.shape) == 2:
            array[..., chosen, :] *= -1.0
        else:
            array[..., chosen] *= -1.0
    after.of(moved)[..., chosen] *= -1.0
    return moved


def _hidden(network: Network, layer: int) -> tuple[list[Block], Block]:
    """Return the blocks of a hidden layer and the weights that come after it."""
    names = {block.name: block for block in network.blocks}
    n_hidden = sum(block.role == "weights" for block in network.blocks) - 1
    if not 1 <= layer <= n_hidden:
        raise ValueError(f"layer must be a hidden layer, 1 to {n_hidden}, not {layer}")
    present = (f"{kind}{layer}" for kind in ("W", "b", "gamma", "beta"))
    return [names[name] for name in present if name in names], names[f"W{layer + 1}"]
