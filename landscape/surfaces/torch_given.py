"""What somebody gives for a PyTorch module, its data, type and device: read, or refused in a sentence."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from landscape.language import mark, tr
from landscape.surfaces.base import Array


def module_of(given: Any) -> tuple[Any, list[Any]]:
    """Return a module and those of its parameters that are trained; raise ``TypeError`` or ``ValueError``."""
    import torch

    if not isinstance(given, torch.nn.Module):
        if isinstance(given, type):
            raise TypeError(
                tr("from_torch takes a torch.nn.Module, not the class {given}: give an instance", given=given.__name__)
            )
        raise TypeError(tr("from_torch takes a torch.nn.Module, not {given}", given=type(given).__name__))
    trained = [p for p in given.parameters() if p.requires_grad]
    if not trained:
        raise ValueError(tr("this module has no trainable parameters"))
    if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in trained):
        raise ValueError(tr("this module is lazy and has no parameters yet: pass inputs through it once"))
    if any(p.is_complex() for p in trained):
        raise TypeError(tr("this module has complex parameters; a landscape is a function of real ones"))
    if any(p.is_meta for p in trained):
        raise ValueError(tr("this module is on the device meta, where parameters have no values: load them first"))
    if not all(bool(torch.isfinite(p).all()) for p in trained):
        raise ValueError(tr("this module has parameters that are not finite numbers"))
    if not any(p.numel() for p in trained):
        raise ValueError(tr("the parameters of this module are empty"))
    return given, trained


def loss_of(given: Any, over_data: bool) -> Any:
    """Return a loss, of outputs and targets ``over_data``, else of the module; raise ``TypeError`` for what is none."""
    if isinstance(given, type):
        raise TypeError(tr("the loss is a class; give an instance, {loss}()", loss=given.__name__))
    if not callable(given):
        raise TypeError(
            tr("the loss is a function, such as torch.nn.CrossEntropyLoss(), not {given}", given=type(given).__name__)
        )
    try:  # a criterion that is a module tells in its forward what it takes
        signature = inspect.signature(getattr(given, "forward", given))
    except ValueError:  # written in C
        return given
    try:
        signature.bind(*("outputs", "targets") if over_data else ("module",))
    except TypeError as problem:
        if over_data:
            wanted = tr("with data the loss takes outputs and targets, as torch.nn.CrossEntropyLoss() does")
        else:
            wanted = tr(
                "without data=(inputs, targets) the loss takes the module, as lambda m: mse_loss(m(inputs), targets)"
            )
        raise TypeError(f"{wanted}; {problem}") from None
    return given


def start_of(trained: Sequence[Any]) -> Array:
    """Return the parameters as they are, in their order, (n,)."""
    return np.concatenate([p.detach().cpu().double().reshape(-1).numpy() for p in trained])


def dtype_of(given: Any) -> Any:
    """Return a type of numbers; raise ``ValueError`` for one with too few digits."""
    import torch

    named = {"float64": torch.float64, "float32": torch.float32}
    found = named.get(given, given) if isinstance(given, str) else given
    if found not in named.values():
        raise ValueError(
            tr("dtype must be 'float64' or 'float32', not {given!r}: others have too few digits to curve", given=given)
        )
    return found


def device_of(given: Any) -> Any:
    """Return a device that there is; raise ``ValueError`` for another."""
    import torch

    try:
        device = torch.device(given)
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            tr("there is no device {given!r} here: {error}", given=given, error=str(error).splitlines()[0])
        ) from error
    return device


def rows_of(data: Any, dtype: Any, device: Any) -> tuple[Any, Any]:
    """Return inputs and targets as tensors; raise ``TypeError`` or ``ValueError`` where they are none."""
    import torch

    wanted = tr("data are inputs and targets, (inputs, targets), tensors or arrays with a row for each example")
    if isinstance(data, torch.utils.data.DataLoader):
        loader = tr("of a loader give its dataset, loader.dataset; batches are landscape.Minibatches")
        raise TypeError(f"{wanted}; {loader}")
    if isinstance(data, torch.utils.data.Dataset):
        data = torch.utils.data.default_collate([data[i] for i in range(len(data))])
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(tr("{wanted}, not {given}", wanted=wanted, given=type(data).__name__))
    # Tables of ours cannot be written to, which torch warns of when it takes an array as it is.
    made = [torch.tensor(part) if isinstance(part, np.ndarray) else torch.as_tensor(part) for part in data]
    if any(part.ndim == 0 for part in made) or len(made[0]) != len(made[1]) or len(made[0]) == 0:
        shapes = tr(
            "these have the shapes {inputs} and {targets}", inputs=tuple(made[0].shape), targets=tuple(made[1].shape)
        )
        raise ValueError(f"{wanted}; {shapes}")
    messages = mark("the inputs hold what is not a finite number"), mark("the targets hold what is not a finite number")
    for message, part in zip(messages, made, strict=True):
        if part.is_floating_point() and not bool(torch.isfinite(part).all()):
            raise ValueError(tr(message))
    inputs, targets = (part.to(device, dtype if part.is_floating_point() else part.dtype) for part in made)
    return inputs, targets
