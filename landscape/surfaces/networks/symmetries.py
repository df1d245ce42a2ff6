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


def _hidden(network: Network, layer: int) -> tuple[list[Block], Block]:
    """Return the blocks of a hidden layer and the weights that come after it."""
    names = {block.name: block for block in network.blocks}
    n_hidden = sum(block.role == "weights" for block in network.blocks) - 1
    if not 1 <= layer <= n_hidden:
        raise ValueError(f"layer must be a hidden layer, 1 to {n_hidden}, not {layer}")
    present = (f"{kind}{layer}" for kind in ("W", "b", "gamma", "beta"))
    return [names[name] for name in present if name in names], names[f"W{layer + 1}"]
