"""The landscape of a PyTorch module: its loss as a function of all its parameters. Needs torch, which we do not."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.surfaces.base import Array, Domain
from landscape.surfaces.callables import Functions, from_functions


def from_torch(
    module: Any,
    loss: Callable[[Any], Any],
    *,
    domain: Domain | Sequence[Any] | None = None,
    title: str = "",
) -> Functions:
    """Return the surface x -> ``loss(module)`` with the module's trainable parameters set to x, in their order.

    ``loss`` takes a module and returns a scalar tensor, as ``lambda m: cross_entropy(m(inputs), labels)`` does; it
    is given a float64 copy of ``module``, so ``inputs`` must be float64 too. The module itself is not touched.
    Gradient and Hessian-vector products are autograd's, exact to rounding. ``domain`` is by default the box of half
    width 1 round the module's present parameters: its middle, ``surface.domain.center``, is the module as it is.

    Raises ``ImportError`` without torch; ``ValueError`` for a module without trainable parameters, for a loss that
    is not one number, and for one that is random (dropout: call ``module.eval()`` first).
    """
    import torch

    model = copy.deepcopy(module).cpu().double()
    parameters = [p for p in model.parameters() if p.requires_grad]
    if not parameters:
        raise ValueError("this module has no trainable parameters")
    start = torch.cat([p.detach().reshape(-1) for p in parameters]).numpy().copy()

    def at(x: Array) -> Any:
        with torch.no_grad():
            for p, part in zip(parameters, _parts(x, parameters), strict=True):
                p.copy_(torch.from_numpy(part.reshape(p.shape)))
        result = loss(model)
        if not isinstance(result, torch.Tensor) or result.numel() != 1:
            raise ValueError("the loss must be a tensor with one number, such as cross_entropy(module(inputs), labels)")
        return result.reshape(())

    def flat(tensors: Sequence[Any]) -> Array:
        filled = (t if t is not None else torch.zeros_like(p) for t, p in zip(tensors, parameters, strict=True))
        return np.concatenate([t.detach().double().numpy().ravel() for t in filled])

    def value(x: Array) -> float:
        with torch.no_grad():
            return float(at(x))

    def value_and_gradient(x: Array) -> tuple[float, Array]:
        result = at(x)
        return float(result.detach()), flat(torch.autograd.grad(result, parameters, allow_unused=True))

    def product(x: Array, v: Array) -> Array:
        gradient = torch.autograd.grad(at(x), parameters, create_graph=True, allow_unused=True)
        used = [
            (g * torch.from_numpy(part.reshape(p.shape))).sum()
            for g, p, part in zip(gradient, parameters, _parts(v, parameters), strict=True)
            if g is not None and g.requires_grad
        ]
        if not used:
            return np.zeros_like(x)
        return flat(torch.autograd.grad(torch.stack(used).sum(), parameters, allow_unused=True))

    if value(start) != value(start):
        raise ValueError("the loss is random or not a number: two calls at one point differ (dropout? call eval())")
    box = Domain(tuple((start - 1.0).tolist()), tuple((start + 1.0).tolist())) if domain is None else domain
    return from_functions(
        value,
        lambda x: value_and_gradient(x)[1],
        start.size,
        domain=box,
        hessian_vector_product=product,
        value_and_gradient=value_and_gradient,
        title=title or type(module).__name__,
        latex=rf"f(\theta) = \text{{loss of {type(module).__name__}}}",
    )


def _parts(x: NDArray[np.float64], parameters: Sequence[Any]) -> list[NDArray[np.float64]]:
    """Return the pieces of a flat vector that belong to the parameters."""
    return np.split(x, np.cumsum([p.numel() for p in parameters])[:-1])
