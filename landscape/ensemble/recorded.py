"""What a surface of many dimensions computes at one point, recorded from its own NumPy code.

``record`` calls ``value_and_gradient`` with a stand-in for the point (n,) that notes every operation. What comes out is
the same formula as data: a tree of whole arrays, each of which tells where its elements come from. What the stand-in
does not know (matrices, a branch on a number) raises ``NotRecorded``: such a surface goes through NumPy. So does one
that is not the same twice, such as a gradient with noise of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from landscape.surfaces.base import Array, Surface

Places = NDArray[np.int64]


class NotRecorded(Exception):
    """The surface does something at a point that no loop over its coordinates is written for."""


@dataclass(frozen=True, eq=False)
class Node:
    """An array of this shape; its elements are numbered in C order."""

    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


@dataclass(frozen=True, eq=False)
class Point(Node):
    """The coordinates of the point."""


@dataclass(frozen=True, eq=False)
class Constant(Node):
    """Numbers that do not depend on the point."""

    numbers: Array


@dataclass(frozen=True, eq=False)
class Elementwise(Node):
    """``name``, one of ``CODE``, of the elements of operands that all have this shape or a single element."""

    name: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Pieces(Node):
    """Element i is element ``places[i]`` of ``sources[which[i]]``."""

    sources: tuple[Node, ...]
    which: Places
    places: Places


@dataclass(frozen=True, eq=False)
class Reduced(Node):
    """The sum or the product, as ``name`` ("add" or "multiply") says, of all elements of ``terms``."""

    name: str
    terms: Node


CODE: dict[str, str] = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "divide": "{} / {}",
    "negative": "-{}",
    "square": "{0} * {0}",
    "power": "{} ** {}",
    "absolute": "abs({})",
    "maximum": "np.maximum({}, {})",
    "minimum": "np.minimum({}, {})",
    **{name: f"np.{name}({{}})" for name in ("sqrt", "exp", "log", "sin", "cos", "tanh", "sign")},
    "tan": "np.sin({0}) / np.cos({0})",  # of these two there are functions of whole vectors
    "greater": "{} > {}",
    "greater_equal": "{} >= {}",
    "less": "{} < {}",
    "less_equal": "{} <= {}",
    "equal": "{} == {}",
    "not_equal": "{} != {}",
    "where": "{1} if {0} else {2}",
}
"""The ufuncs that are recorded (and ``np.where``), and what each is for single numbers in a kernel."""

_WHOLE_POWERS = 8  # up to here a power is a product


def record(surface: Surface) -> tuple[Node, Node]:
    """Return the value, a single element, and the gradient (n,) of a surface at a point; or raise ``NotRecorded``."""
    point = _Recorder(Point((surface.n_dims,)), fixed=True)
    try:
        with np.errstate(all="ignore"):
            value, gradient = map(_node, surface.value_and_gradient(point))
    except NotRecorded:
        raise
    except Exception as error:  # it wants a real array; what is wrong with it otherwise shows when it is given one
        raise NotRecorded(f"{type(error).__name__}: {error}") from error
    if value.size != 1 or gradient.shape != (surface.n_dims,):
        raise NotRecorded(f"value and gradient of one point have the shapes {value.shape} and {gradient.shape}")
    return value, gradient


class _Memory:
    """The elements of one array, which all of its slices share."""

    def __init__(self, node: Node, fixed: bool) -> None:
        self.node, self.fixed = node, fixed
        self.places = np.arange(node.size).reshape(node.shape)


class _Recorder(NDArrayOperatorsMixin):
    """Stands in for an array: operations give further stand-ins, and writing into one is noted as well.

    It is the elements ``places`` of a memory: the same slice of its numbered elements as NumPy would have of the
    numbers, so that what shares memory there shares it here. What is ``fixed`` is not written to.
    """

    dtype = np.dtype(float)

    def __init__(self, node: Node, fixed: bool = False, part: tuple[_Memory, Places] | None = None) -> None:
        self._memory = _Memory(node, fixed) if part is None else part[0]
        self._places = self._memory.places if part is None else part[1]

    @property
    def node(self) -> Node:
        """What the elements are now."""
        memory = self._memory
        return memory.node if self._places is memory.places else _taken(memory.node, self._places)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._places.shape

    @property
    def ndim(self) -> int:
        return self._places.ndim

    @property
    def size(self) -> int:
        return self._places.size

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # what NumPy asks of any object
        raise NotRecorded(f"an array's {name}")

    def _refused(self, *_: Any, **__: Any) -> Any:
        raise NotRecorded("the numbers themselves are asked for")

    __array__ = __bool__ = __float__ = __int__ = __index__ = __len__ = __iter__ = _refused

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = (), where: Any = True, **options: Any
    ) -> Any:
        if ufunc is np.matmul and method == "__call__" and not options:
            return _dot("...i,...i", *inputs)
        if method == "reduce" and not out and where is True:
            return _reduced(ufunc.__name__, *inputs, **options)
        if method != "__call__" or options:
            raise NotRecorded(f"{ufunc.__name__}.{method}")
        made = _elementwise(ufunc.__name__, *map(_node, inputs))
        if where is not True:
            if not out:
                raise NotRecorded(f"{ufunc.__name__} with a mask and no array for the rest")
            made = _elementwise("where", _node(where), made, _node(out[0]))
        if not out:
            return _Recorder(made)
        (target,) = out
        if not isinstance(target, _Recorder) or made.shape != target.shape:
            raise NotRecorded("an array that is no copy is written to")
        target[...] = _Recorder(made)
        return target

    def __array_function__(self, function: Callable[..., Any], types: Any, arguments: Any, options: Any) -> Any:
        if function not in _FUNCTIONS:
            raise NotRecorded(f"np.{function.__name__}")
        return _FUNCTIONS[function](*arguments, **options)

    def __getitem__(self, key: Any) -> _Recorder:
        return self._part(np.asarray(self._places[_basic(key)]))

    def __setitem__(self, key: Any, given: Any) -> None:
        memory, places, values = self._memory, np.asarray(self._places[_basic(key)]), _node(given)
        if memory.fixed:
            raise NotRecorded("an array that is no copy is written to")
        spread = _spread(values, places.shape)
        which, source = np.zeros(memory.node.size, dtype=np.int64), np.arange(memory.node.size)
        which[places], source[places] = 1, _numbered(spread)
        memory.node = Pieces(memory.node.shape, (memory.node, spread), which, source)

    def reshape(self, *shape: Any) -> _Recorder:
        places = self._places.reshape(*shape)
        return self._part(places) if np.may_share_memory(places, self._places) else _Recorder(_taken(self.node, places))

    def _part(self, places: Places) -> _Recorder:
        return _Recorder(self._memory.node, part=(self._memory, places))

    def copy(self) -> _Recorder:
        return _Recorder(self.node)

    def astype(self, dtype: Any, **_: Any) -> _Recorder:
        if dtype not in (float, np.float64):
            raise NotRecorded(f"numbers of type {dtype}")
        return self.copy()

    def sum(self, **options: Any) -> _Recorder:
        return _reduced("add", self, **options)

    def prod(self, **options: Any) -> _Recorder:
        return _reduced("multiply", self, **options)

    def mean(self, **options: Any) -> _Recorder:
        return self.sum(**options) / self.shape[-1]


def _basic(key: Any) -> Any:
    """Return what an array is indexed by, if it makes a slice that shares its elements."""
    parts = key if isinstance(key, tuple) else (key,)
    if not all(part is None or part is Ellipsis or isinstance(part, int | np.integer | slice) for part in parts):
        raise NotRecorded("elements chosen by numbers or masks")
    return key


def _node(given: Any) -> Node:
    if isinstance(given, _Recorder):
        return given.node
    numbers = np.asarray(given)
    if numbers.dtype.kind not in "fiub":
        raise NotRecorded(f"numbers of type {numbers.dtype}")
    return Constant(numbers.shape, numbers.astype(float))


def _numbered(node: Node) -> Places:
    return np.arange(node.size).reshape(node.shape)


def _taken(node: Node, places: Places) -> Node:
    """Return the elements ``places`` (...) of ``node``, (...)."""
    return Pieces(places.shape, (node,), np.zeros(places.size, dtype=np.int64), places.ravel())


def _spread(node: Node, shape: tuple[int, ...]) -> Node:
    return node if node.shape == shape else _taken(node, np.broadcast_to(_numbered(node), shape))


def _elementwise(name: str, *operands: Node) -> Node:
    if name not in CODE:
        raise NotRecorded(f"np.{name}")
    shape = np.broadcast_shapes(*(operand.shape for operand in operands))
    spread = tuple(operand if operand.size == 1 else _spread(operand, shape) for operand in operands)
    return _power(shape, *spread) if name == "power" else Elementwise(shape, name, spread)


def _power(shape: tuple[int, ...], base: Node, exponent: Node) -> Node:
    """Return a power whose exponent is a constant; a whole one is a product, which the processor does in no time."""
    if not (isinstance(exponent, Constant) and exponent.size == 1):
        return Elementwise(shape, "power", (base, exponent))
    k = float(exponent.numbers.item())
    if not (k.is_integer() and 1 <= k <= _WHOLE_POWERS):
        return Elementwise(shape, "power", (base, exponent))
    made = None
    while k:
        if k % 2:
            made = base if made is None else Elementwise(shape, "multiply", (made, base))
        k //= 2
        base = Elementwise(shape, "square", (base,))
    assert made is not None
    return made


def _reduced(
    name: str, given: Any, axis: Any = 0, keepdims: bool = False, dtype: Any = None, **others: Any
) -> _Recorder:
    terms = _node(given)
    if name not in ("add", "multiply") or len(terms.shape) != 1 or axis not in (-1, 0, (-1,), None):
        raise NotRecorded(f"np.{name}.reduce over an array of shape {terms.shape}")
    if dtype is not None or any(other is not None and other is not np._NoValue for other in others.values()):
        raise NotRecorded(f"np.{name}.reduce with options")
    return _total(name, terms, (1,) if keepdims is True else ())


def _total(name: str, terms: Node, shape: tuple[int, ...] = ()) -> _Recorder:
    empty = Constant(shape, np.full(shape, 0.0 if name == "add" else 1.0))
    return _Recorder(Reduced(shape, name, terms) if terms.size else empty)


def _dot(subscripts: str, *vectors: Any) -> _Recorder:
    nodes = [_node(vector) for vector in vectors]
    if subscripts.replace("->...", "") != "...i,...i" or any(len(node.shape) != 1 for node in nodes):
        raise NotRecorded("a product of matrices")
    return _total("add", _elementwise("multiply", *nodes))


def _joined(arrays: Sequence[Any], axis: int, join: Callable[..., Any]) -> _Recorder:
    nodes = [_node(array) for array in arrays]
    which = join([np.full(node.shape, i) for i, node in enumerate(nodes)], axis=axis)
    places = join([_numbered(node) for node in nodes], axis=axis)
    return _Recorder(Pieces(which.shape, tuple(nodes), which.ravel(), places.ravel()))


def _stack(arrays: Sequence[Any], axis: int = 0) -> _Recorder:
    return _joined(arrays, axis, np.stack)


def _concatenate(arrays: Sequence[Any], axis: int = 0) -> _Recorder:
    return _joined(arrays, axis, np.concatenate)


def _filled(number: float, like: Any, dtype: Any = None) -> _Recorder:
    return _Recorder(Constant(like.shape, np.full(like.shape, number)))


def _norm(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.sqrt(_reduced("add", x * x, axis=axis, keepdims=keepdims))


def _where(condition: Any, yes: Any, no: Any) -> _Recorder:
    return _Recorder(_elementwise("where", *map(_node, (condition, yes, no))))


_FUNCTIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.einsum: _dot,
    np.vecdot: partial(_dot, "...i,...i"),
    np.dot: partial(_dot, "...i,...i"),
    np.stack: _stack,
    np.concatenate: _concatenate,
    np.zeros_like: partial(_filled, 0.0),
    np.ones_like: partial(_filled, 1.0),
    np.empty_like: partial(_filled, math.nan),  # what is not written is not a number
    np.full_like: lambda like, number: _filled(number, like),
    np.linalg.norm: _norm,
    np.where: _where,
    np.shape: lambda x: x.shape,
    np.sum: lambda x, **options: _reduced("add", x, **options),
    np.prod: lambda x, **options: _reduced("multiply", x, **options),
    np.mean: lambda x, **options: x.mean(**options),
}
