"""The landscape of a PyTorch module: its loss as a function of all its parameters. Needs torch, which we do not."""

from __future__ import annotations

import copy
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import stopping
from landscape.surfaces.base import Array, Domain, Info
from landscape.surfaces.callables import MAX_DENSE, Own

SMALL = 1000
"""Up to this many parameters a module is worked on by one thread; several would mostly wait for each other."""

_AT_ONCE = 2**20  # numbers of activations that are made at once: 8 MB; a module that makes more goes point by point

_ROWS = 64  # vectors that are multiplied with a matrix of second derivatives at once

_alone = threading.RLock()  # parameters are put into the module, and the number of threads is the whole process's


def from_torch(
    module: Any,
    loss: Callable[..., Any],
    data: Any = None,
    *,
    dtype: Any = "float64",
    device: Any = "cpu",
    domain: Domain | Sequence[Any] | None = None,
    title: str = "",
) -> ModuleLoss:
    """Return the surface of a module's loss over its trainable parameters x, in the order of ``module.parameters()``.

    With ``data`` it is x -> ``loss(module(inputs), targets)``, as with ``torch.nn.CrossEntropyLoss()``: ``data`` are
    inputs and targets, tensors or arrays with one row an example, or a dataset of such pairs. The surface then has
    minibatches (``landscape.Minibatches``), a Gauss-Newton matrix and an empirical Fisher matrix. Without ``data`` it
    is x -> ``loss(module)``, a scalar tensor, as of ``lambda m: cross_entropy(m(inputs), labels)``.

    The module is copied and stays as it is. The copy, and all that the loss uses, is brought to ``dtype``, "float64" or
    "float32", and to ``device``; points and results are float64 arrays all the same. Many points go through the module
    together (``torch.func.vmap``) where it is small and can do it, else one after the other. Gradient and
    Hessian-vector products are autograd's. Modules of at most ``SMALL`` parameters are worked on by one thread;
    torch's own number is put back each time. ``filters`` are the blocks for ``filter_normalized_plane``.
    ``domain`` is by default the box of half width 1 round the present parameters: its middle, ``domain.center``, is the
    module as it is.

    Raises ``ImportError`` without torch; ``TypeError`` for complex parameters and where whole numbers stand for
    floating ones in the loss, or the reverse; ``ValueError`` for a module without trainable parameters, for a loss
    that is not one number, that is random (dropout: call ``module.eval()`` first), that has no gradient, or that uses
    the module outside in place of the one that it is given, and for data, types and devices that there are not.
    """
    import torch

    place, kind = _device(device), _dtype(dtype)
    trained = [p for p in module.parameters() if p.requires_grad]
    if not trained:
        raise ValueError("this module has no trainable parameters")
    if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in trained):
        raise ValueError("this module is lazy and has no parameters yet: pass inputs through it once")
    if any(p.is_complex() for p in trained):
        raise TypeError("this module has complex parameters; a landscape is a function of real ones")
    if any(p.is_meta for p in trained):
        raise ValueError("this module is on the device meta, where parameters have no values: load them first")
    model = copy.deepcopy(module).to(device=place, dtype=kind)
    for part in model.modules():  # training with them changes what no derivative and no vmap may change
        if isinstance(part, torch.nn.modules.batchnorm._NormBase) and part.training:
            part.running_mean = part.running_var = part.num_batches_tracked = None
            part.track_running_stats = False
    rows = None if data is None else _rows(data, kind, place)
    machine = _Machine(model, loss, rows, kind, place)
    start = np.concatenate([p.detach().cpu().double().reshape(-1).numpy() for p in trained])
    machine.check(start, trained)
    box = Domain(tuple((start - 1.0).tolist()), tuple((start + 1.0).tolist())) if domain is None else Domain.of(domain)
    if box.n_dims != len(start):
        raise ValueError(f"the domain has {box.n_dims} axes and the module {len(start)} parameters")
    name = type(module).__name__
    info = Info("module", title or name, "own", "A network of your own.", "")
    made = ModuleLoss if rows is None else ModuleLossOverData
    return made(info, box, machine, rf"f(\theta) = \text{{loss of {name}}}")


@dataclass(frozen=True, eq=False)
class ModuleLoss(Own):
    """A surface made by ``from_torch``. Two are equal only if they are the same object."""

    info: Info
    domain: Domain = field(repr=False)
    machine: _Machine = field(repr=False)
    formula: str = field(repr=False)

    @property
    def filters(self) -> tuple[NDArray[np.int64], ...]:
        """The coordinates that belong together: each filter of a convolution, each row of another matrix of weights.

        Biases, the scales and shifts of normalizations, and other vectors are in none.
        """
        return self.machine.filters

    @property
    def minima(self) -> Array:
        return np.empty((0, self.n_dims))

    def value(self, x: ArrayLike) -> Array:
        points = self.points(x)
        return self.machine.values(points.reshape(-1, self.n_dims)).reshape(points.shape[:-1])

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        points = self.points(x)
        values, gradients = self.machine.gradients(points.reshape(-1, self.n_dims))
        return values.reshape(points.shape[:-1]), gradients.reshape(points.shape)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        return self._product("hessian", x, v)

    def hessian(self, x: ArrayLike) -> Array:
        """Return the Hessian (..., n, n), averaged with its transpose; ``ValueError`` for n above ``MAX_DENSE``."""
        points, n = self.points(x), self.n_dims
        if n > MAX_DENSE:
            raise ValueError(f"a Hessian of {n} x {n} is not written down; hessian_vector_product works without it")
        units = np.eye(n)
        rows = np.array([self.machine.products("hessian", point, units) for point in points.reshape(-1, n)])
        rows = rows.reshape(*points.shape, n)
        return 0.5 * (rows + rows.swapaxes(-1, -2))

    def _product(self, matrix: str, x: ArrayLike, v: ArrayLike) -> Array:
        points, directions = np.broadcast_arrays(self.points(x), self.points(v))
        made = np.empty(points.shape)
        if points.size and not any(points.strides[:-1]):  # all directions at one point
            one = points[(0,) * (points.ndim - 1)]
            return self.machine.products(matrix, one, directions.reshape(-1, self.n_dims)).reshape(points.shape)
        for index in np.ndindex(points.shape[:-1]):
            made[index] = self.machine.products(matrix, points[index], directions[index][None])[0]
        return made


@dataclass(frozen=True, eq=False)
class ModuleLossOverData(ModuleLoss):
    """A surface made by ``from_torch`` with data: a mean over examples, that batches can be taken of."""

    @property
    def n_rows(self) -> int:
        """Number of examples m."""
        return len(self.machine.data[0])

    @property
    def smallest_batch(self) -> int:
        """The fewest examples that a gradient can be taken over: 2 with batch normalization, else 1."""
        return self.machine.smallest_batch

    def minibatch_value_and_gradient(self, x: ArrayLike, rows: ArrayLike) -> tuple[Array, Array]:
        """Return loss (S,) and gradient (S, n) over the examples ``rows`` (S, B), or (B,) for all points ``x`` (S, n).

        Raises ``ValueError`` for a loss that is a sum over the examples: over fewer of them it is another function.
        """
        points, chosen = self.points(x), np.asarray(rows)
        if self.machine.sums:
            raise ValueError("this loss is a sum over the examples; minibatches need their mean: reduction='mean'")
        if chosen.shape[-1] < self.smallest_batch:
            raise ValueError(f"a batch needs at least {self.smallest_batch} examples, not {chosen.shape[-1]}")
        return self.machine.gradients(points, np.broadcast_to(chosen, (len(points), chosen.shape[-1])))

    def gauss_newton_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return J' L J v, with J the derivative of the outputs and L the loss's second one by them, (..., n)."""
        return self._product("gauss_newton", x, v)

    def fisher_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return (1/m) sum_i g_i (g_i . v), with g_i the gradient of example i's loss: the empirical Fisher matrix.

        Raises ``ValueError`` for a loss that is not the mean of those of its examples.
        """
        return self._product("fisher", x, v)


class _Machine:
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
                    "the loss has no gradient: it is taken under no_grad, or of numbers instead of tensors (detach, "
                    "item, numpy), or does not use the module that it is given"
                )
        of_ours = torch.autograd.grad(first.sum(), here, retain_graph=True, allow_unused=True)[0]
        of_theirs = torch.autograd.grad(first.sum(), list(outside), allow_unused=True)
        if any(gradient is not None for gradient in of_theirs):
            raise ValueError(
                "the loss uses the module outside, which stays as it is, so that its gradient here is 0: it must use "
                "the module that it is given, as lambda m: cross_entropy(m(inputs), labels)"
            )
        if of_ours is None:
            raise ValueError("the loss does not depend on the parameters of the module that it is given")
        values = [float(first.detach()[0]), *(float(self.values(start[None])[0]) for _ in range(2))]
        if not np.isfinite(values).all():
            raise ValueError(f"the loss of the module as it is is not a number but {values[0]}")
        if values[1] != values[2]:
            raise ValueError("the loss is random: two calls at one point differ (dropout? call module.eval() first)")

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
            at = torch.cat([p.reshape(-1) for p in self._named.values()])
            outputs = self._outputs(at)
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
        with self._working(), torch.no_grad():
            for some in self._chunks(len(points)):
                made[some] = self._losses(self._tensor(points[some])).cpu().double().numpy()
        return made

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
            for first in range(0, len(vectors), _ROWS):
                stopping.check()
                some = slice(first, first + _ROWS)
                made[some] = self._graph[2](self._tensor(vectors[some])).detach().cpu().double().numpy()
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
            raise ValueError("the empirical Fisher matrix needs a loss that is the mean of those of its examples")
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
            raise ValueError("the loss must be a tensor with one number, such as cross_entropy(module(inputs), labels)")
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
                f"the loss mixes types of numbers ({error}); inputs are floating-point tensors, as inputs.float(), and "
                "classes whole numbers, as labels.long()"
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
    def _together(self) -> int:
        """How many points go through the module together: 1 where they cannot, or one fills the cache by itself."""
        import torch

        with torch.no_grad(), self._surroundings:
            counted = self._surroundings.made
            at = torch.cat([p.reshape(-1) for p in self._named.values()])
            alone = self._loss(at)
            size = max(1, _AT_ONCE // (self._surroundings.made - counted + self.n_dims))
        if size == 1:
            return 1
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


def _dtype(given: Any) -> Any:
    import torch

    named = {"float64": torch.float64, "float32": torch.float32}
    found = named.get(given, given) if isinstance(given, str) else given
    if found not in named.values():
        raise ValueError(f"dtype must be 'float64' or 'float32', not {given!r}: others have too few digits to curve")
    return found


def _device(given: Any) -> Any:
    import torch

    try:
        device = torch.device(given)
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(f"there is no device {given!r} here: {str(error).splitlines()[0]}") from error
    return device


def _rows(data: Any, dtype: Any, device: Any) -> tuple[Any, Any]:
    """Return inputs and targets as tensors; raise ``TypeError`` or ``ValueError`` where they are none."""
    import torch

    wanted = "data are inputs and targets, (inputs, targets), tensors or arrays with a row for each example"
    if isinstance(data, torch.utils.data.DataLoader):
        raise TypeError(f"{wanted}, or the loader's dataset: give loader.dataset; batches are landscape.Minibatches")
    if isinstance(data, torch.utils.data.Dataset):
        data = torch.utils.data.default_collate([data[i] for i in range(len(data))])
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(f"{wanted}; not {type(data).__name__}")
    # Tables of ours cannot be written to, which torch warns of when it takes an array as it is.
    made = [torch.tensor(part) if isinstance(part, np.ndarray) else torch.as_tensor(part) for part in data]
    if any(part.ndim == 0 for part in made) or len(made[0]) != len(made[1]) or len(made[0]) == 0:
        raise ValueError(f"{wanted}; these have the shapes {tuple(made[0].shape)} and {tuple(made[1].shape)}")
    for name, part in zip(("inputs", "targets"), made, strict=True):
        if part.is_floating_point() and not bool(torch.isfinite(part).all()):
            raise ValueError(f"the {name} hold what is not a finite number")
    inputs, targets = (part.to(device, dtype if part.is_floating_point() else part.dtype) for part in made)
    return inputs, targets


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
