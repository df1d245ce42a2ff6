"""The loss of a PyTorch module at parameter vectors, and its derivatives by autograd."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape import stopping
from landscape.language import tr
from landscape.progress import counting
from landscape.surfaces.base import Array

SMALL = 1000
"""Up to this many parameters a module is worked on by one thread; several would mostly wait for each other."""

_AT_ONCE = 2**20  # numbers of activations that are made at once: 8 MB; a module that makes more goes point by point

_ROWS = 64  # vectors that are multiplied with a matrix of second derivatives at once

_alone = threading.RLock()  # parameters are put into the module, and the number of threads is the whole process's


class Machine:
    """The loss of a module at parameter vectors, and its derivatives by autograd."""

    def __init__(self, model: Any, loss: Callable[..., Any], data: Any, dtype: Any, device: Any) -> None:
        import torch

        class Whole(torch.nn.Module):
            """Module and loss as one, so that parameters can be put into it (``torch.func.functional_call``)."""

            def __init__(self) -> None:
                super().__init__()
                self.model = model

            def forward(self, *rows: Any) -> Any:
                return loss(self.model(rows[0]), rows[1]) if rows else loss(self.model)

        self.model, self.loss, self.data, self.dtype, self.device = model, loss, data, dtype, device
        self._whole = Whole()
        self._named = {f"model.{name}": p for name, p in model.named_parameters() if p.requires_grad}
        self.n_dims = sum(p.numel() for p in self._named.values())
        # The parameters are views of one vector: a point is put in by one copy.
        self._start = torch.cat([p.detach().reshape(-1) for p in self._named.values()])
        self._vector = self._start.clone()
        for name, view in self._parts(self._vector).items():
            self._named[name].data = view
        self._surroundings = _surroundings(dtype, device)
        self._graph: tuple[str, bytes, Any] | None = None

    def check(self, start: Array, outside: Sequence[Any]) -> None:
        """Raise ``ValueError`` for a loss that is random, not finite, without gradient or of the module ``outside``."""
        import torch

        with self._working(), self._surroundings:
            here = self._tensor(start[None], graph=True)
            first = self._losses(here)
            if not first.requires_grad:
                raise ValueError(
                    tr(
                        "the loss has no gradient: it is taken under no_grad, or of numbers instead of tensors "
                        "(detach, item, numpy), or does not use the module that it is given"
                    )
                )
        of_ours = torch.autograd.grad(first.sum(), here, retain_graph=True, allow_unused=True)[0]
        of_theirs = torch.autograd.grad(first.sum(), list(outside), allow_unused=True)
        if any(gradient is not None for gradient in of_theirs):
            raise ValueError(
                tr(
                    "the loss uses the module outside, which stays as it is, so that its gradient here is 0: it must "
                    "use the module that it is given, as lambda m: cross_entropy(m(inputs), labels)"
                )
            )
        if of_ours is None:
            raise ValueError(tr("the loss does not depend on the parameters of the module that it is given"))
        values = [float(first.detach()[0]), *(float(self.values(start[None])[0]) for _ in range(2))]
        if not np.isfinite(values).all():
            raise ValueError(tr("the loss of the module as it is is not a number but {value}", value=values[0]))
        if values[1] != values[2]:
            raise ValueError(
                tr("the loss is random: two calls at one point differ (dropout? call module.eval() first)")
            )

    @cached_property
    def filters(self) -> tuple[NDArray[np.int64], ...]:
        """Where in x the weights into each output of a layer stand."""
        from torch import nn

        norms = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm, nn.RMSNorm)
        scales, groups = set(), {}
        for part in self.model.modules():
            if isinstance(part, norms):
                scales |= {id(p) for p in part.parameters(recurse=False)}
            if isinstance(part, nn.modules.conv._ConvTransposeNd):
                groups[id(part.weight)] = part.groups
        found: list[NDArray[np.int64]] = []
        first = 0
        for p in self._named.values():
            shape, places = tuple(p.shape), np.arange(first, first + p.numel())
            first += p.numel()
            if p.ndim < 2 or id(p) in scales:
                continue
            if id(p) in groups:  # its first axis is that of its inputs
                n = groups[id(p)]
                places = places.reshape(n, shape[0] // n, shape[1], -1).swapaxes(1, 2)
                shape = (n * shape[1],)
            found += list(places.reshape(shape[0], -1))
        return tuple(found)

    @cached_property
    def smallest_batch(self) -> int:
        """2 where batch normalization is trained, else 1."""
        import torch

        norms = torch.nn.modules.batchnorm._BatchNorm
        return 2 if any(isinstance(part, norms) and part.training for part in self.model.modules()) else 1

    @cached_property
    def _whole_and_examples(self) -> tuple[float, Array]:
        """The loss of the module as it is, and those of its examples one by one, (m,)."""
        import torch

        with self._working(), torch.no_grad():
            outputs = self._outputs(self._start)
            examples = self._examples(outputs)
            return float(self.loss(outputs, self.data[1])), examples.cpu().double().numpy()

    @property
    def sums(self) -> bool:
        """Whether the loss is the sum of those of its examples, and not their mean."""
        whole, each = self._whole_and_examples
        return len(each) > 1 and bool(np.isclose(each.sum(), whole, rtol=1e-5) and whole != 0.0)

    # -- values and derivatives ------------------------------------------------------------------------------------

    def values(self, points: Array) -> Array:
        """Return the losses (P,) at ``points`` (P, n)."""
        import torch

        made = np.empty(len(points))
        with self._working(), torch.no_grad(), counting(len(points), tr("points")) as count:
            for some in self._chunks(len(points)):
                if self._together == 1:
                    made[some] = [self._loss_put_in(point) for point in points[some]]
                else:
                    made[some] = self._losses(self._tensor(points[some])).cpu().double().numpy()
                count.reach(some.stop)
        return made

    def _loss_put_in(self, point: Array) -> float:
        """Return the loss at ``point`` (n,), put into the module itself, which is as it was afterwards."""
        import torch

        try:
            self._vector.copy_(torch.from_numpy(point))
            with self._in_our_words():
                return float(self._scalar(self._whole(*(self.data or ()))))
        finally:
            self._vector.copy_(self._start)

    def gradients(self, points: Array, rows: NDArray[Any] | None = None) -> tuple[Array, Array]:
        """Return losses (P,) and gradients (P, n) at ``points`` (P, n), over all examples or ``rows`` (P, B)."""
        import torch

        values, gradients = np.empty(len(points)), np.empty(points.shape)
        with self._working():
            for some in self._chunks(len(points)):
                x = self._tensor(points[some], graph=True)
                losses = self._losses(x, None if rows is None else rows[some])
                values[some] = losses.detach().cpu().double().numpy()
                gradients[some] = torch.autograd.grad(losses.sum(), x)[0].cpu().double().numpy()
        return values, gradients

    def products(self, matrix: str, point: Array, vectors: Array) -> Array:
        """Return a symmetric matrix at ``point`` (n,) times ``vectors`` (B, n): its graph is kept for the next ones."""
        made = np.empty(vectors.shape)
        with self._working():
            key = point.tobytes()
            if self._graph is None or self._graph[:2] != (matrix, key):
                self._graph = None  # before the next one is made: they are large
                self._graph = matrix, key, getattr(self, f"_{matrix}")(self._tensor(point[None], graph=True)[0])
            with counting(len(vectors), tr("products")) as count:
                for first in range(0, len(vectors), _ROWS):
                    stopping.check()
                    some = slice(first, first + _ROWS)
                    made[some] = self._graph[2](self._tensor(vectors[some])).detach().cpu().double().numpy()
                    count.reach(some.stop)
        return made

    def _hessian(self, x: Any) -> Callable[[Any], Any]:
        import torch

        gradient = torch.autograd.grad(self._loss(x), x, create_graph=True)[0]
        return lambda vectors: _backwards(gradient, x, vectors)

    def _gauss_newton(self, x: Any) -> Callable[[Any], Any]:
        import torch

        outputs = self._outputs(x)
        slope = torch.autograd.grad(self._scalar(self.loss(outputs, self.data[1])), outputs, create_graph=True)[0]
        forwards = _forwards(outputs, x)
        return lambda vectors: _backwards(outputs, x, _backwards(slope, outputs, forwards(vectors)))

    def _fisher(self, x: Any) -> Callable[[Any], Any]:
        whole, each = self._whole_and_examples
        if not np.isclose(each.mean(), whole, rtol=1e-5):
            raise ValueError(tr("the empirical Fisher matrix needs a loss that is the mean of those of its examples"))
        losses = self._examples(self._outputs(x))
        forwards = _forwards(losses, x)
        return lambda vectors: _backwards(losses, x, forwards(vectors) / len(each))

    # -- one pass through the module -------------------------------------------------------------------------------

    def _losses(self, points: Any, rows: Any = None) -> Any:
        """Return the losses (P,) at ``points`` (P, n), with P = 1 or all at once."""
        import torch

        together = [points] if rows is None else [points, torch.tensor(rows, device=self.device)]
        if len(points) == 1:
            return self._loss(*(part[0] for part in together))[None]
        return torch.func.vmap(self._loss)(*together)

    def _loss(self, x: Any, rows: Any = None) -> Any:
        from torch.func import functional_call

        given = self.data or ()
        if rows is not None:
            given = [part[rows] for part in given]
        with self._in_our_words():
            return self._scalar(functional_call(self._whole, self._parts(x), tuple(given)))

    def _outputs(self, x: Any) -> Any:
        from torch.func import functional_call

        parts = {name.removeprefix("model."): part for name, part in self._parts(x).items()}
        with self._in_our_words():
            return functional_call(self.model, parts, (self.data[0],))

    def _examples(self, outputs: Any) -> Any:
        """Return the loss of each example, (m,)."""
        import torch

        def loss(output: Any, target: Any) -> Any:
            return self._scalar(self.loss(output[None], target[None]))

        return torch.func.vmap(loss)(outputs, self.data[1])

    def _parts(self, x: Any) -> dict[str, Any]:
        """Return the parameters by name, views of x (n,)."""
        pieces = x.split([p.numel() for p in self._named.values()])
        return {name: piece.view(p.shape) for (name, p), piece in zip(self._named.items(), pieces, strict=True)}

    @staticmethod
    def _scalar(result: Any) -> Any:
        import torch

        if not isinstance(result, torch.Tensor) or result.numel() != 1:
            raise ValueError(
                tr("the loss must be a tensor with one number, such as cross_entropy(module(inputs), labels)")
            )
        return result.reshape(())

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            with self._surroundings if self._surroundings.needed else nullcontext():
                yield
        except RuntimeError as error:
            if "type" not in str(error):
                raise
            raise TypeError(
                tr(
                    "the loss mixes types of numbers ({error}); inputs are floating-point tensors, as inputs.float(), "
                    "and classes whole numbers, as labels.long()",
                    error=error,
                )
            ) from error

    def _tensor(self, array: Array, graph: bool = False) -> Any:
        import torch

        made = torch.tensor(array, dtype=self.dtype, device=self.device)
        return made.requires_grad_() if graph else made

    @contextmanager
    def _working(self) -> Iterator[None]:
        with _alone, _one_thread() if self.n_dims <= SMALL else nullcontext():
            yield

    def _chunks(self, n_points: int) -> Iterator[slice]:
        size = 1 if n_points == 1 else self._together
        for first in range(0, n_points, size):
            stopping.check()
            yield slice(first, first + size)

    @cached_property
    def made(self) -> int:
        """How many numbers are made while one point goes through the module, and its own."""
        import torch

        with self._working(), torch.no_grad(), self._surroundings:
            before = self._surroundings.made
            self._loss(self._start)
            return int(self._surroundings.made - before) + self.n_dims

    @cached_property
    def _together(self) -> int:
        """How many points go through the module together: 1 where they cannot, or one fills the cache by itself."""
        import torch

        size = max(1, _AT_ONCE // self.made)
        if size == 1:
            return 1
        with torch.no_grad():
            at = self._start
            alone = self._loss(at)
        try:
            with torch.no_grad(), warnings.catch_warnings():
                warnings.simplefilter("error")  # torch warns where it would go through the points one by one
                both = self._losses(torch.stack([at, 1.01 * at]))
                other = self._loss(1.01 * at)
        except (RuntimeError, ValueError, TypeError, UserWarning):  # an operation that torch.func cannot do
            return 1
        near = 1e-9 if self.dtype == torch.float64 else 1e-4
        return size if torch.allclose(both, torch.stack([alone, other]), rtol=near, atol=near) else 1


def _backwards(outputs: Any, inputs: Any, vectors: Any) -> Any:
    """Return each of ``vectors`` (B, *shape of outputs) times the derivative of ``outputs`` by ``inputs``."""
    import torch

    if not outputs.requires_grad:  # it does not depend on them
        return vectors.new_zeros((len(vectors), *inputs.shape))

    def grad(v: Any, many: bool) -> Any:
        made = torch.autograd.grad(outputs, inputs, v, retain_graph=True, allow_unused=True, is_grads_batched=many)[0]
        return vectors.new_zeros((*(len(v),) * many, *inputs.shape)) if made is None else made

    if len(vectors) > 1:
        try:
            return grad(vectors, True)
        except RuntimeError:  # an operation of the module that cannot take many vectors at once
            pass
    return torch.stack([grad(one, False) for one in vectors])


def _forwards(outputs: Any, inputs: Any) -> Callable[[Any], Any]:
    """Return the map of vectors (B, n) to the derivative of ``outputs`` by ``inputs`` times each of them.

    The derivative's transpose is linear in what it is applied to; the transpose of that map is asked for.
    """
    import torch

    dual = torch.zeros_like(outputs, requires_grad=True)
    back = torch.autograd.grad(outputs, inputs, dual, create_graph=True)[0]
    return lambda vectors: _backwards(back, dual, vectors)


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


def _surroundings(dtype: Any, device: Any) -> Any:
    """Return a context in which torch takes every tensor in this type on this device.

    ``needed`` tells if it changed any, ``made`` how many numbers were made in it.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    class Surroundings(TorchFunctionMode):
        needed = False
        made = 0

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = function(*self.cast(args), **self.cast(kwargs or {}))
            if isinstance(result, torch.Tensor):
                self.made += result.numel()
            return result

        def cast(self, given: Any) -> Any:
            if isinstance(given, torch.Tensor):
                kind = dtype if given.is_floating_point() else given.dtype
                if given.dtype == kind and given.device == device:
                    return given
                self.needed = True
                return given.to(device, kind)
            if type(given) in (tuple, list):
                return type(given)(self.cast(one) for one in given)
            if type(given) is dict:
                return {name: self.cast(one) for name, one in given.items()}
            return given

    return Surroundings()
