"""What every network is: a surface over its flat parameter vector, its loss taken over data."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import stopping
from landscape.errors import lookup
from landscape.language import tr
from landscape.parameter import check_fields, parameters_of
from landscape.surfaces.base import Array, Domain, Info, Surface
from landscape.surfaces.networks.blocks import Block, lay_out, random_parameters
from landscape.surfaces.networks.data import Data
from landscape.surfaces.networks.layers import Activation, BatchNorm, Layer
from landscape.surfaces.networks.losses import Loss
from landscape.surfaces.networks.threads import in_threads

MAX_DENSE = 3000
"""The largest number of parameters for which the full matrix of second derivatives is made (72 MB)."""

# Activations that are worked on at once are kept to about this many bytes, so that they stay in the cache.
_CHUNK_BYTES = 2**21

Passed = list[tuple[Layer, tuple[Array, ...], Any]]


class Network(Surface):
    """The mean loss of a network over data, plus l2 |W|^2 / 2, as a function of its flat parameter vector.

        f(x) = (1/m) sum_i loss(z(input_i; x), y_i) + (l2/2) sum of squared weights

    The gradient is backpropagation; Hessian-vector products are exact (R-operator), batch normalization included.
    A concrete network is a frozen dataclass with the fields ``data`` and ``l2`` that names its ``layers`` and its
    ``loss``; everything else stands here.
    """

    key: ClassVar[str]
    teaches: ClassVar[str]
    reference: ClassVar[str]
    data: Data
    l2: float

    def __post_init__(self) -> None:
        check_fields(self)
        if not isinstance(self.data, Data):
            raise TypeError(
                tr(
                    "data must be a Data (landscape.surfaces.networks.data), not {given}",
                    given=type(self.data).__name__,
                )
            )
        self.check()
        if self.n_rows < self.smallest_batch:
            raise ValueError(self._too_small(self.n_rows))

    def check(self) -> None:
        """Raise ``ValueError`` for fields that do not go together, before anything is built from them."""

    @property
    @abstractmethod
    def layers(self) -> tuple[Layer, ...]:
        """The layers from the data to z."""

    @property
    @abstractmethod
    def loss(self) -> Loss:
        """What z is measured with."""

    @property
    @abstractmethod
    def architecture(self) -> dict[str, Any]:
        """The fields beside ``data`` and ``l2`` as plain JSON data."""

    @property
    def targets(self) -> Array:
        """What z is measured against, (k, m): one row a class, 1 for the example's own; or the values to fit."""
        return self.data.targets

    # -- the parameters --------------------------------------------------------------------------------------------

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The parameter arrays in their order in the flat vector, named W1, b1, gamma1, beta1, W2, ..."""
        return tuple(block for blocks in lay_out(self.layers) for block in blocks)

    @cached_property
    def filters(self) -> tuple[slice, ...]:
        """For each neuron the slice of the weights into it: what a filter-normalized plane scales one by one."""
        return tuple(place for block in self.blocks for place in block.filters)

    @cached_property
    def _plan(self) -> tuple[tuple[Layer, tuple[tuple[slice, tuple[int, ...]], ...]], ...]:
        """Each layer with slice and shape of its parameter arrays."""
        layers = self.layers
        places = (tuple((block.slice, block.shape) for block in blocks) for blocks in lay_out(layers))
        return tuple(zip(layers, places, strict=True))

    @cached_property
    def penalized(self) -> NDArray[np.bool_]:
        """Which parameters the l2 penalty counts: the weights, (n,)."""
        return np.concatenate([np.full(block.size, block.role == "weights") for block in self.blocks])

    def block(self, name: str) -> Block:
        """Return the block with this name; raise ``UnknownName`` where there is none."""
        return lookup({block.name: block for block in self.blocks}, name, tr("block"))

    def pack(self, **arrays: ArrayLike) -> Array:
        """Return the flat vector (n,) made of arrays given by block name; a block that is not given is zero."""
        x = np.zeros(self.n_dims)
        for name, array in arrays.items():
            block = self.block(name)
            given = np.asarray(array, dtype=float)
            if given.shape != block.shape:
                raise ValueError(
                    tr("{name} has shape {wanted}, not {shape}", name=name, wanted=block.shape, shape=given.shape)
                )
            x[block.slice] = given.ravel()
        return x

    def starts(self, n: int, seed: int = 0, scale: float = 1.0) -> Array:
        """Return ``n`` random parameter vectors (n, n_dims) as networks are usually started (Glorot; He for relu)."""
        return random_parameters(self.layers, n, seed, scale)

    @property
    def gradient_cost(self) -> float:
        """What one gradient costs: every weight meets every row, forwards and backwards."""
        return self.n_dims * (1 + self.n_rows / 4)

    @property
    def call_cost(self) -> float:
        """What one call costs however few the rows are: some arrays are made for every layer."""
        return 3000.0 * (1 + len(self.layers))

    @property
    def hessian_cost(self) -> float:
        """What a Hessian costs: a product, of one gradient and a half, for every weight."""
        return 1.5 * self.n_dims * self.gradient_cost

    @property
    def held(self) -> float:
        """The inputs, and the activations of all layers over them."""
        return float(2 * self.data.inputs.size + self.n_dims)

    @property
    def batch(self) -> int:
        return self._chunk

    @property
    def threads(self) -> bool:
        return True

    # -- value and derivatives -------------------------------------------------------------------------------------

    def value(self, x: ArrayLike) -> Array:
        return self._in_chunks(lambda p: (self._value(p),), self.points(x))[0]

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        """Return the loss (...) and its gradient (..., n) by one forward and one backward pass."""
        value, gradient = self._in_chunks(lambda p: self._gradient(p, self._inputs, self._targets), self.points(x))
        return value, gradient

    def minibatch_value_and_gradient(self, x: ArrayLike, rows: ArrayLike) -> tuple[Array, Array]:
        """Return loss and gradient over some examples only: ``rows`` (B,) for all points, or (S, B) for x (S, n).

        The l2 penalty is added in full. Batch normalization uses the mean and variance of these rows. Raises
        ``ValueError`` for fewer rows than ``smallest_batch``.
        """
        points, chosen = self.points(x), np.asarray(rows)
        if chosen.shape[-1] < self.smallest_batch:
            raise ValueError(self._too_small(chosen.shape[-1]))
        inputs, targets = (columns.T[chosen].swapaxes(-1, -2) for columns in (self._inputs, self._targets))
        return self._gradient(points, inputs, targets)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return the Hessian at ``x`` (..., n) times ``v`` (..., n), exact to rounding, shape (..., n)."""
        points, directions = np.broadcast_arrays(self.points(x), self.points(v))
        if points.size and not any(points.strides[:-1]):
            one = points[(0,) * (points.ndim - 1)]  # all directions at one point: its forward pass is done once
            return self._in_chunks(lambda d: (self._product(one, d),), directions)[0]
        return self._in_chunks(lambda p, d: (self._product(p, d),), points, directions)[0]

    def hessian(self, x: ArrayLike) -> Array:
        """Return the Hessian (..., n, n): exact products with the n unit vectors, averaged with its transpose.

        Raises ``ValueError`` above ``MAX_DENSE`` parameters.
        """
        points, n = self.points(x), self.n_dims
        if n > MAX_DENSE:
            raise ValueError(
                tr("a Hessian of {n} × {n} is not written down; hessian_vector_product works without it", n=n)
            )
        unit, flat = np.eye(n), points.reshape(-1, n)
        made = np.empty((len(flat), n, n))
        together = self._chunk // n
        if together > 1:  # small enough for the forward passes of several points in one go
            for i in range(0, len(flat), together):
                stopping.check()
                made[i : i + together] = self._product(flat[i : i + together, None, :], unit)
        else:
            for i, point in enumerate(flat):
                made[i] = self.hessian_vector_product(point, unit)
        return (0.5 * (made + made.swapaxes(-1, -2))).reshape((*points.shape, n))

    def gauss_newton_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return G at ``x`` (..., n) times ``v`` (..., n), as ``landscape.curvature.products.MATRICES`` defines it."""
        points, directions = np.broadcast_arrays(self.points(x), self.points(v))
        made = self._in_chunks(lambda p, d: (self._outer_product(p, d, newton=True),), points, directions)[0]
        return made + self.l2 * self.penalized * directions

    def fisher_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return F at ``x`` (..., n) times ``v`` (..., n), the empirical one, without the l2 penalty."""
        points, directions = np.broadcast_arrays(self.points(x), self.points(v))
        return self._in_chunks(lambda p, d: (self._outer_product(p, d, newton=False),), points, directions)[0]

    @property
    def n_rows(self) -> int:
        """Number of examples m."""
        return self.data.n_rows

    @property
    def smallest_batch(self) -> int:
        """The fewest examples that a gradient can be taken over: 2 with batch normalization, else 1."""
        return 2 if any(isinstance(layer, BatchNorm) for layer in self.layers) else 1

    def _too_small(self, rows: int) -> str:
        if self.smallest_batch == 1 or rows == 0:
            return tr("a batch needs at least one example")
        return tr(
            "batch normalization needs a batch of at least 2 examples: in a batch of one every normalized "
            "value is 0, whatever the weights, and nothing before it can learn"
        )

    def _in_chunks(self, function: Callable[..., tuple[Array, ...]], *arrays: Array) -> tuple[Array, ...]:
        """Apply ``function`` to as many points (of all leading axes) at once as keep their activations in the cache."""
        leading = arrays[0].shape[:-1]
        count, size = math.prod(leading), self._chunk
        if count <= size:
            return function(*arrays)
        flat = [array.reshape(count, self.n_dims) for array in arrays]
        parts = in_threads(lambda i: function(*(array[i : i + size] for array in flat)), range(0, count, size))
        joined = (np.concatenate(part) for part in zip(*parts, strict=True))
        return tuple(array.reshape(leading + array.shape[1:]) for array in joined)

    @cached_property
    def _chunk(self) -> int:
        width = sum(block.shape[0] for block in self.blocks if block.role == "weights")
        return max(1, _CHUNK_BYTES // (8 * 3 * width * self.n_rows))

    @cached_property
    def _inputs(self) -> Array:
        """The inputs as columns, (d, m)."""
        return np.ascontiguousarray(self.data.inputs.T)

    @cached_property
    def _targets(self) -> Array:
        return np.ascontiguousarray(self.targets)

    def _split(self, x: Array) -> Iterator[tuple[Layer, tuple[Array, ...]]]:
        """Give each layer with its parameters, views of ``x`` (..., n)."""
        leading = x.shape[:-1]
        for layer, places in self._plan:
            yield layer, tuple([x[..., place].reshape(leading + shape) for place, shape in places])

    def _join(self, leading: tuple[int, ...], gradients: list[tuple[Array, ...]]) -> Array:
        """Return parameter gradients, listed from the last layer to the first, as flat vectors (*leading, n)."""
        flat = np.empty((*leading, self.n_dims))
        for (_, places), arrays in zip(self._plan, reversed(gradients), strict=True):
            for (place, shape), array in zip(places, arrays, strict=True):
                flat[..., place] = array.reshape((*array.shape[: array.ndim - len(shape)], place.stop - place.start))
        return flat

    def _penalty(self, x: Array) -> Array:
        w = x[..., self.penalized]
        return 0.5 * self.l2 * np.einsum("...i,...i->...", w, w)

    def _forward(self, x: Array, inputs: Array) -> tuple[Array, Passed]:
        """Return z and, for each layer, its parameters and what it kept."""
        a, passed = inputs, []
        for layer, p in self._split(x):
            a, kept = layer.forward(p, a)
            passed.append((layer, p, kept))
        return a, passed

    def _value(self, x: Array) -> Array:
        z, _ = self._forward(x, self._inputs)
        loss, _ = self.loss.forward(z, self._targets)
        return loss / self.n_rows + (self._penalty(x) if self.l2 else 0.0)

    def _gradient(self, x: Array, inputs: Array, y: Array) -> tuple[Array, Array]:
        """Backpropagation as the lecture writes it: from dz = a - y down through the layers."""
        z, passed = self._forward(x, inputs)
        loss, a = self.loss.forward(z, y)

        dz = a - y
        gradients = []
        for number, (layer, p, kept) in reversed(list(enumerate(passed))):
            dz, of_parameters = layer.backward(p, kept, dz, first=number == 0)
            gradients.append(of_parameters)

        m = y.shape[-1]
        value, gradient = loss / m, self._join(x.shape[:-1], gradients) / m
        if self.l2:
            value = value + self._penalty(x)
            gradient += self.l2 * self.penalized * x
        return value, gradient

    def _product(self, x: Array, v: Array) -> Array:
        """Forward over reverse: the derivative of every line of ``_gradient`` as x moves by v."""
        z, passed = self._forward(x, self._inputs)
        _, a = self.loss.forward(z, self._targets)
        r_a: Array | None = None
        moved = []
        for (layer, p, kept), (_, r_p) in zip(passed, self._split(v), strict=True):
            r_a, r_kept = layer.forward_tangent(p, kept, r_p, r_a)
            moved.append((r_p, r_kept))
        assert r_a is not None, "a network has at least one layer"

        dz, r_dz = a - self._targets, self.loss.output_tangent(a, r_a)
        products = []
        for number, (layer, p, kept) in reversed(list(enumerate(passed))):
            r_p, r_kept = moved[number]
            r_dz, of_parameters = layer.backward_tangent(p, kept, r_p, r_kept, dz, r_dz, first=number == 0)
            dz, _ = layer.backward(p, kept, dz, first=number == 0)
            products.append(of_parameters)

        product = self._join(np.broadcast_shapes(x.shape[:-1], v.shape[:-1]), products) / self.n_rows
        return product + self.l2 * self.penalized * v if self.l2 else product

    def _outer_product(self, x: Array, v: Array, newton: bool) -> Array:
        """Return (1/m) sum J' M J v: forwards with v, and back with M times that; M = L, or (a - y)(a - y)'."""
        z, passed = self._forward(x, self._inputs)
        _, a = self.loss.forward(z, self._targets)
        r_a: Array | None = None
        for (layer, p, kept), (_, r_p) in zip(passed, self._split(v), strict=True):
            r_a, _ = layer.forward_tangent(p, kept, r_p, r_a)
        assert r_a is not None, "a network has at least one layer"
        slope = a - self._targets
        dz = self.loss.output_tangent(a, r_a) if newton else slope * np.sum(slope * r_a, axis=-2, keepdims=True)
        products = []
        for number, (layer, p, kept) in reversed(list(enumerate(passed))):
            dz, of_parameters = layer.backward(p, kept, dz, first=number == 0)
            products.append(of_parameters)
        return self._join(x.shape[:-1], products) / self.n_rows

    # -- what the network says -------------------------------------------------------------------------------------

    def outputs(self, x: ArrayLike, inputs: ArrayLike | None = None) -> Array:
        """Return z for ``inputs`` (k, d), or for the data, at the parameter vectors (..., n): (..., k, width out).

        Batch normalization uses the mean and variance that the data have, whatever ``inputs`` are.
        """
        points = self.points(x)
        z, passed = self._forward(points, self._inputs)
        if inputs is not None:
            given = np.asarray(inputs, dtype=float)
            if given.ndim != 2 or given.shape[1] != self.data.n_features:
                raise ValueError(
                    tr("inputs must have shape (k, {n}), not {shape}", n=self.data.n_features, shape=given.shape)
                )
            z = given.T
            for layer, p, kept in passed:
                z = layer.apply(p, kept, z)
        return z.swapaxes(-1, -2)

    def predictions(self, x: ArrayLike, inputs: ArrayLike | None = None) -> Array:
        """Return a: the outputs z after the loss's own function (softmax, sigmoid or none), (..., k, width out)."""
        return self.loss.output(self.outputs(x, inputs).swapaxes(-1, -2)).swapaxes(-1, -2)

    def probabilities(self, x: ArrayLike, inputs: ArrayLike | None = None) -> Array:
        """Return the probability of each of the C classes, (..., k, C); ``ValueError`` for data without classes."""
        if not self.data.classes:
            raise ValueError(tr("{data!r} has values to fit and no classes", data=self.data.title))
        a = self.predictions(x, inputs)
        return np.concatenate([1.0 - a, a], axis=-1) if a.shape[-1] == 1 else a

    def accuracy(self, x: ArrayLike) -> Array:
        """Return the share of the data whose own class comes out largest, (...)."""
        chosen = self.probabilities(x).argmax(axis=-1)
        return np.mean(chosen == self.data.labels, axis=-1)

    # -- what every surface has ------------------------------------------------------------------------------------

    @cached_property
    def domain(self) -> Domain:  # type: ignore[override]
        """The box [-2, 2]^n, for pictures; ``starts`` draws the starts."""
        n = self.blocks[-1].stop
        return Domain((-2.0,) * n, (2.0,) * n)

    @property
    def info(self) -> Info:  # type: ignore[override]
        """What a person is told about this network."""
        smooth = not any(isinstance(layer, Activation) and layer.name == "relu" for layer in self.layers)
        parameters = parameters_of(self)
        return Info(self.key, self.headline, "networks", self.teaches, self.reference, parameters, smooth)

    @property
    @abstractmethod
    def headline(self) -> str:
        """What it is, of which widths and on which data, in a few words."""

    @property
    def settings(self) -> Mapping[str, float]:  # type: ignore[override]
        """The one number that can be set: l2."""
        return {"l2": self.l2}

    def with_settings(self, **settings: float) -> Self:
        """Return the same network with another ``l2``; another name raises ``UnknownName``."""
        for name in settings:
            lookup(self.settings, name, tr("setting of {owner!r}", owner=self.name))
        return replace(self, **settings)  # type: ignore[type-var]

    def recipe(self) -> dict[str, Any]:
        return {"name": self.name, "data": self.data.recipe(), **self.architecture, "settings": dict(self.settings)}

    @property
    def known_points(self) -> Array:
        return np.empty((0, self.n_dims))

    @property
    def minima(self) -> Array:
        return np.empty((0, self.n_dims))

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Each parameter by block and index, as W1[0,2] or b1[3]."""
        return tuple(
            f"{block.name}[{','.join(map(str, index))}]" for block in self.blocks for index in np.ndindex(block.shape)
        )
