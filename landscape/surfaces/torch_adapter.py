"""The landscape of a PyTorch module: its loss as a function of all its parameters. Needs torch, which we do not."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.language import mark, tr
from landscape.surfaces.base import Array, Domain, Info
from landscape.surfaces.callables import MAX_DENSE, Own
from landscape.surfaces.torch_given import device_of, dtype_of, loss_of, module_of, rows_of, start_of
from landscape.surfaces.torch_machine import Machine


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

    place, kind = device_of(device), dtype_of(dtype)
    module, trained = module_of(module)
    loss = loss_of(loss, data is not None)
    model = copy.deepcopy(module).to(device=place, dtype=kind)
    for part in model.modules():  # training with them changes what no derivative and no vmap may change
        if isinstance(part, torch.nn.modules.batchnorm._NormBase) and part.training:
            part.running_mean = part.running_var = part.num_batches_tracked = None
            part.track_running_stats = False
    rows = None if data is None else rows_of(data, kind, place)
    machine = Machine(model, loss, rows, kind, place)
    start = start_of(trained)
    machine.check(start, trained)
    box = Domain(tuple((start - 1.0).tolist()), tuple((start + 1.0).tolist())) if domain is None else Domain.of(domain)
    if box.n_dims != len(start):
        raise ValueError(tr("the domain has {axes} axes and the module {n} parameters", axes=box.n_dims, n=len(start)))
    name = type(module).__name__
    info = Info("module", title or name, "own", mark("A network of your own."), "")
    made = ModuleLoss if rows is None else ModuleLossOverData
    return made(info, box, machine, name)


@dataclass(frozen=True, eq=False, repr=False)
class ModuleLoss(Own):
    """A surface made by ``from_torch``. Two are equal only if they are the same object."""

    info: Info
    domain: Domain
    machine: Machine
    module: str

    @property
    def formula(self) -> str:  # type: ignore[override]  # words, said in the language of the moment
        """The loss by the name of the module, in LaTeX."""
        said = tr("loss of {module}", module=self.module)
        return rf"f(\theta) = \text{{{said}}}"

    @property
    def filters(self) -> tuple[NDArray[np.int64], ...]:
        """The coordinates that belong together: each filter of a convolution, each row of another matrix of weights.

        Biases, the scales and shifts of normalizations, and other vectors are in none.
        """
        return self.machine.filters

    @property
    def minima(self) -> Array:
        return np.empty((0, self.n_dims))

    @property
    def gradient_cost(self) -> float:
        return 2.0 * self.machine.made

    @property
    def call_cost(self) -> float:
        return 60_000.0

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
            raise ValueError(
                tr("a Hessian of {n} × {n} is not written down; hessian_vector_product works without it", n=n)
            )
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


@dataclass(frozen=True, eq=False, repr=False)
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
            raise ValueError(tr("this loss is a sum over the examples; minibatches need their mean: reduction='mean'"))
        if chosen.shape[-1] < self.smallest_batch:
            raise ValueError(
                tr("a batch needs at least {least} examples, not {n}", least=self.smallest_batch, n=chosen.shape[-1])
            )
        return self.machine.gradients(points, np.broadcast_to(chosen, (len(points), chosen.shape[-1])))

    def gauss_newton_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return J' L J v, with J the derivative of the outputs and L the loss's second one by them, (..., n)."""
        return self._product("gauss_newton", x, v)

    def fisher_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return (1/m) sum_i g_i (g_i . v), with g_i the gradient of example i's loss: the empirical Fisher matrix.

        Raises ``ValueError`` for a loss that is not the mean of those of its examples.
        """
        return self._product("fisher", x, v)
