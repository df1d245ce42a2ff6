"""The landscape of a PyTorch module: its loss as a function of all its parameters. Needs torch, which we do not."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.surfaces.base import Array, Domain
from landscape.surfaces.callables import Functions, from_functions

SMALL = 1000
"""Up to this many parameters a module is worked on by one thread; several would mostly wait for each other."""

_ROWS = 64  # of the Hessian that are computed at once

_alone = threading.RLock()  # parameters are written into the module, and the number of threads is the whole process's


def from_torch(
    module: Any,
    loss: Callable[[Any], Any],
    *,
    domain: Domain | Sequence[Any] | None = None,
    title: str = "",
) -> Functions:
    """Return the surface x -> ``loss(module)`` with the module's trainable parameters set to x, in their order.

    ``loss`` takes a module and returns a scalar tensor, as ``lambda m: cross_entropy(m(inputs), labels)`` does; it
    is given a copy of ``module`` in float64 on the CPU, and tensors of its own in fewer digits or elsewhere (inputs in
    float32, say) are brought there whenever it uses them. The module itself is not touched.
    Gradient, Hessian-vector products and Hessian are autograd's, exact to rounding. Modules of at most
    ``SMALL`` parameters are worked on by one thread; torch's own number of threads is put back each time.
    ``domain`` is by default the box of half width 1 round the module's present parameters: its middle,
    ``surface.domain.center``, is the module as it is.

    Raises ``ImportError`` without torch; ``TypeError`` for complex parameters and where whole numbers stand for
    floating ones in the loss, or the reverse; ``ValueError`` for a module without trainable parameters, for a loss
    that is not one number, and for one that is random (dropout: call ``module.eval()`` first).
    """
    import torch

    model = copy.deepcopy(module).cpu().double()
    parameters = [p for p in model.parameters() if p.requires_grad]
    if not parameters:
        raise ValueError("this module has no trainable parameters")
    if any(p.is_complex() for p in parameters):
        raise TypeError("this module has complex parameters; a landscape is a function of real ones")
    start = torch.cat([p.detach().reshape(-1) for p in parameters]).numpy().copy()

    surroundings = _casting()
    few_threads = _one_thread if start.size <= SMALL else nullcontext

    def at(x: Array) -> Any:
        with torch.no_grad():
            for p, part in zip(parameters, _parts(x, parameters), strict=True):
                p.copy_(torch.from_numpy(part.reshape(p.shape)))
        try:
            with surroundings if surroundings.needed else nullcontext():
                result = loss(model)
        except RuntimeError as error:
            if "type" not in str(error):
                raise
            raise TypeError(
                f"the loss mixes types of numbers ({error}); inputs are floating-point tensors, as inputs.float(), and "
                "classes whole numbers, as labels.long()"
            ) from error
        if not isinstance(result, torch.Tensor) or result.numel() != 1:
            raise ValueError("the loss must be a tensor with one number, such as cross_entropy(module(inputs), labels)")
        return result.reshape(()).double()

    def flat(tensors: Sequence[Any]) -> Any:
        filled = (t if t is not None else torch.zeros_like(p) for t, p in zip(tensors, parameters, strict=True))
        return torch.cat([t.reshape(-1) for t in filled])

    def gradient_graph(x: Array) -> Any:
        """Return the gradient (n,) with the graph that leads to it."""
        return flat(torch.autograd.grad(at(x), parameters, create_graph=True, allow_unused=True))

    def rows(gradient: Any, v: Any, many: bool) -> Any:
        """Return the Hessian times ``v`` (n,), or times ``many`` (B, n)."""
        made = torch.autograd.grad(gradient, parameters, v, retain_graph=True, allow_unused=True, is_grads_batched=many)
        filled = (
            t if t is not None else v.new_zeros(*v.shape[:-1], p.numel()) for t, p in zip(made, parameters, strict=True)
        )
        return torch.cat([t.reshape(*v.shape[:-1], -1) for t in filled], -1)

    def value(x: Array) -> float:
        with _alone, few_threads(), torch.no_grad():
            return float(at(x))

    def value_and_gradient(x: Array) -> tuple[float, Array]:
        with _alone, few_threads():
            result = at(x)
            return float(result.detach()), flat(torch.autograd.grad(result, parameters, allow_unused=True)).numpy()

    def product(x: Array, v: Array) -> Array:
        with _alone, few_threads():
            gradient = gradient_graph(x)
            if not gradient.requires_grad:
                return np.zeros_like(x)
            return rows(gradient, torch.from_numpy(v), False).numpy()

    def hessian(x: Array) -> Array:
        with _alone, few_threads():
            gradient = gradient_graph(x)
            if not gradient.requires_grad:
                return np.zeros((start.size, start.size))
            units = torch.eye(start.size, dtype=torch.float64)
            try:
                return torch.cat([rows(gradient, some, True) for some in units.split(_ROWS)]).numpy()
            except RuntimeError:  # an operation of the module that cannot take many vectors at once
                return torch.stack([rows(gradient, one, False) for one in units]).numpy()

    with surroundings:
        first = value(start)
    if value(start) != first:
        raise ValueError("the loss is random or not a number: two calls at one point differ (dropout? call eval())")
    box = Domain(tuple((start - 1.0).tolist()), tuple((start + 1.0).tolist())) if domain is None else domain
    return from_functions(
        value,
        lambda x: value_and_gradient(x)[1],
        start.size,
        domain=box,
        hessian_vector_product=product,
        value_and_gradient=value_and_gradient,
        hessian=hessian,
        title=title or type(module).__name__,
        latex=rf"f(\theta) = \text{{loss of {type(module).__name__}}}",
    )


def _parts(x: NDArray[np.float64], parameters: Sequence[Any]) -> list[NDArray[np.float64]]:
    """Return the pieces of a flat vector that belong to the parameters."""
    return np.split(x, np.cumsum([p.numel() for p in parameters])[:-1])


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch work with one thread in this block."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _casting() -> Any:
    """Return a context in which torch takes every tensor as float64 on the CPU; ``needed`` tells if it changed any."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Casting(TorchFunctionMode):
        needed = False

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return function(*self.cast(args), **self.cast(kwargs or {}))

        def cast(self, given: Any) -> Any:
            if isinstance(given, torch.Tensor):
                dtype = torch.float64 if given.is_floating_point() else given.dtype
                if given.dtype == dtype and given.device.type == "cpu":
                    return given
                self.needed = True
                return given.to("cpu", dtype)
            if type(given) in (tuple, list):
                return type(given)(self.cast(one) for one in given)
            if type(given) is dict:
                return {name: self.cast(one) for name, one in given.items()}
            return given

    return Casting()
