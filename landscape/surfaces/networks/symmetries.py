"""Moves in parameter space that leave the function, and so the loss, as it is: why each minimum comes many times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from landscape.language import tr
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
        raise ValueError(tr("order must be the numbers 0 to {last}, each once", last=blocks[0].shape[0] - 1))
    moved = network.points(x).copy()
    for block in blocks:
        array = block.of(moved)
        array[...] = array[..., places, :] if len(block.shape) == 2 else array[..., places]
    into = after.of(moved)
    into[...] = into[..., places]
    return moved


def flip_hidden(network: Network, x: ArrayLike, layer: int, units: Sequence[int]) -> Array:
    """Return ``x`` (..., n) with all weights of these ``units`` of hidden layer ``layer`` = 1, 2, ... turned in sign.

    tanh(-z) = -tanh(z), so the function stays what it is. Raise ``ValueError`` for a network with another activation or
    with batch normalization.
    """
    if network.architecture.get("activation") != "tanh" or network.architecture.get("batch_norm"):
        raise ValueError(tr("signs can be turned where the activation is tanh and nothing normalizes before it"))
    blocks, after = _hidden(network, layer)
    n_units = blocks[0].shape[0]
    if any(not 0 <= unit < n_units for unit in units):
        raise ValueError(tr("units must be numbers from 0 to {last}", last=n_units - 1))
    signs = np.ones(n_units)
    signs[list(units)] = -1.0
    moved = network.points(x).copy()
    for block in blocks:
        array = block.of(moved)
        array *= signs[:, None] if len(block.shape) == 2 else signs
    into = after.of(moved)
    into *= signs
    return moved


def _hidden(network: Network, layer: int) -> tuple[list[Block], Block]:
    """Return the blocks of a hidden layer and the weights that come after it."""
    names = {block.name: block for block in network.blocks}
    n_hidden = sum(block.role == "weights" for block in network.blocks) - 1
    if not 1 <= layer <= n_hidden:
        raise ValueError(tr("layer must be a hidden layer, 1 to {last}, not {layer}", last=n_hidden, layer=layer))
    present = (f"{kind}{layer}" for kind in ("W", "b", "gamma", "beta"))
    return [names[name] for name in present if name in names], names[f"W{layer + 1}"]
