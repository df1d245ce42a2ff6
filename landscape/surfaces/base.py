"""What every surface is: a cost function with its derivatives, its domain and what is known about it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike, NDArray

from landscape.errors import lookup, of_kind
from landscape.language import reads_translated, tr
from landscape.parameter import Parameter

if TYPE_CHECKING:
    from landscape.surfaces.lesson import Lesson
    from landscape.surfaces.networks.blocks import Block

Array = NDArray[np.float64]
Kind = Literal["minimum", "saddle", "maximum", "degenerate"]

_IN_CACHE, _MANY = 12_000, 2**20  # numbers
_MATRICES = 16  # times the numbers of a point: what holds more holds matrices


@dataclass(frozen=True)
class Domain:
    """The box ``lower`` (n,) to ``upper`` (n,) that is drawn and that random starts are from; a path may leave it.

    Raises ``ValueError`` for no axis, for bounds that are not finite, and where low is not below high.

    >>> box = Domain.of(((-2, 2), (0, 1)))
    >>> box.n_dims, box.center.tolist(), bool(box.contains([2.0, 0.5]))
    (2, [0.0, 0.5], True)
    """

    lower: tuple[float, ...]
    upper: tuple[float, ...]

    def __post_init__(self) -> None:
        for bounds in (self.lower, self.upper):
            of_kind(bounds, (tuple, list), tr("lower and upper bounds of a domain must each be a tuple of numbers"))
        if len(self.lower) != len(self.upper) or not self.lower:
            raise ValueError(tr("a domain needs one (low, high) pair for each dimension"))
        for axis, (low, high) in enumerate(zip(self.lower, self.upper, strict=True)):
            if not (math.isfinite(low) and math.isfinite(high)):
                raise ValueError(
                    tr("domain of axis {axis} must be finite, not ({low}, {high})", axis=axis, low=low, high=high)
                )
            if not low < high:
                raise ValueError(
                    tr(
                        "domain of axis {axis} must have low < high, not ({low:g}, {high:g})",
                        axis=axis,
                        low=low,
                        high=high,
                    )
                )

    @classmethod
    def of(cls, bounds: Domain | Sequence[Any]) -> Domain:
        """Return a domain from ``((low, high), ...)``, from ``(low, high)`` in one dimension, or as it is."""
        if isinstance(bounds, Domain):
            return bounds
        pairs = np.asarray(bounds, dtype=float)
        if pairs.ndim == 1:
            pairs = pairs[None]
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise ValueError(tr("a domain is given as ((low, high), ...), one pair for each dimension"))
        return cls(tuple(pairs[:, 0].tolist()), tuple(pairs[:, 1].tolist()))

    @property
    def n_dims(self) -> int:
        """Number of dimensions."""
        return len(self.lower)

    @property
    def bounds(self) -> tuple[tuple[float, float], ...]:
        """The (low, high) pair of each axis."""
        return tuple(zip(self.lower, self.upper, strict=True))

    @property
    def widths(self) -> Array:
        """Length of each side, (n,)."""
        return np.subtract(self.upper, self.lower)

    @property
    def center(self) -> Array:
        """Middle of the box, (n,)."""
        return np.add(self.lower, self.upper) / 2

    @cached_property
    def diagonal(self) -> float:
        """Length of the diagonal."""
        return float(np.linalg.norm(self.widths))

    def contains(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each point (..., n) whether it lies in the box, edges included."""
        x = np.asarray(x, dtype=float)
        return np.all((x >= self.lower) & (x <= self.upper), axis=-1)

    def sample(self, rng: np.random.Generator, n: int) -> Array:
        """Return ``n`` points drawn uniformly from the box, (n, n_dims)."""
        return rng.uniform(self.lower, self.upper, size=(n, self.n_dims))

    def axes(self, shape: Sequence[int]) -> tuple[Array, ...]:
        """Return for each axis its evenly spaced coordinates, ``shape[axis]`` of them, both ends included."""
        return tuple(np.linspace(low, high, n) for (low, high), n in zip(self.bounds, shape, strict=True))

    def grid(self, shape: Sequence[int]) -> Array:
        """Return the points of a regular grid, (*shape, n_dims); axis i of the array runs along coordinate i."""
        return np.stack(np.meshgrid(*self.axes(shape), indexing="ij"), axis=-1)


class Settings(Mapping[str, float]):
    """Parameter values by name: a mapping that does not change, so that a surface can be hashed and compared."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, float] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Settings({self._values!r})"

    def updated(self, changes: Mapping[str, Any], parameters: Sequence[Parameter], owner: str) -> Settings:
        """Return a copy with ``changes`` checked against ``parameters``; an unknown name raises ``UnknownName``."""
        by_name = {p.name: p for p in parameters}
        checked = {
            name: lookup(by_name, name, tr("parameter of {owner!r}", owner=owner)).check(value)
            for name, value in changes.items()
        }
        return Settings({**self._values, **checked})


@dataclass(frozen=True)
class Sphere:
    """The sphere of ``radius`` round 0: where the points of a constrained surface live.

    Such a surface is extended off the sphere by f(x) = f(radius x / |x|). On the sphere its gradient is then the
    tangent one, and the tangent block of its Hessian is the Riemannian Hessian.
    """

    radius: float

    def retract(self, x: ArrayLike) -> Array:
        """Return the nearest points of the sphere to ``x`` (..., n), (..., n); NaN for 0, which has none."""
        x = np.asarray(x, dtype=float)
        norm = np.linalg.norm(x, axis=-1, keepdims=True)
        return x * (self.radius / np.where(norm > 0, norm, np.nan))

    def tangent_basis(self, x: ArrayLike) -> Array:
        """Return orthonormal bases (..., n, n-1) of the directions along the sphere at ``x`` (..., n)."""
        x = np.asarray(x, dtype=float)
        u = x / np.linalg.norm(x, axis=-1, keepdims=True)
        # The reflection that takes the first axis to -+u takes the others to a basis of what is across u.
        u[..., 0] += np.where(u[..., 0] < 0, -1.0, 1.0)
        u /= np.linalg.norm(u, axis=-1, keepdims=True)
        return np.eye(x.shape[-1])[:, 1:] - 2 * u[..., :, None] * u[..., None, 1:]


@reads_translated("title", "teaches", "reference")
@dataclass(frozen=True)
class Info:
    """What a person is told about a surface: name, group, what it teaches, source, and the parameters it can be given.

    ``domain`` is the box that a declaration gives; a surface shown in another one says so in its recipe. ``lesson`` is
    the run that it opens with.
    """

    name: str
    title: str
    group: str
    teaches: str
    reference: str
    parameters: tuple[Parameter, ...] = ()
    smooth: bool = True
    domain: Domain | None = None
    lesson: Lesson | None = None


class Surface(ABC):
    """A cost function f: R^n -> R, twice differentiable almost everywhere.

    The last axis of a point array is the dimension and every leading axis is a batch: points (..., n) give values
    (...), gradients (..., n) and Hessians (..., n, n), all float64. A concrete surface is an immutable dataclass
    with the fields ``info``, ``domain`` and ``settings`` (the values of its parameters by name). ``sphere`` is there
    where its points are held on one: ``descend`` then retracts after every step.
    """

    info: Info
    domain: Domain
    settings: Mapping[str, float]
    sphere: Sphere | None = None

    @abstractmethod
    def value(self, x: ArrayLike) -> Array:
        """Return f at the points (..., n), shape (...)."""

    @abstractmethod
    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        """Return f (...) and its gradient (..., n) at the points (..., n) in one pass."""

    @abstractmethod
    def hessian(self, x: ArrayLike) -> Array:
        """Return the matrix of second derivatives at the points (..., n), shape (..., n, n)."""

    @abstractmethod
    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return the Hessian at ``x`` (..., n) times ``v`` (..., n), shape (..., n)."""

    @abstractmethod
    def with_settings(self, **settings: float) -> Surface:
        """Return the same surface with other parameter values; an unknown name raises ``UnknownName``."""

    @abstractmethod
    def recipe(self) -> dict[str, Any]:
        """Return what ``landscape.surfaces.from_recipe`` needs to build this surface again, as plain JSON data."""

    @abstractmethod
    def latex(self) -> str:
        """Return the formula of f in LaTeX, the present parameter values put in."""

    @property
    @abstractmethod
    def known_points(self) -> Array:
        """Declared critical points, (K, n): exact where a closed form exists. May be empty."""

    @property
    @abstractmethod
    def variables(self) -> tuple[str, ...]:
        """Names of the coordinates, for axes and tables."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The arrays that a point is made of, in their order; none where a point is one plain vector."""
        return ()

    @property
    def gradient_cost(self) -> float:
        """What one gradient at one point costs, in coordinates moved once (some 8 ns each), as measured, about."""
        return float(self.n_dims)

    @property
    def hessian_cost(self) -> float:
        """What one dense Hessian at one point costs, in the same unit: its products go over many vectors at once."""
        return self.gradient_cost * self.n_dims / 10

    @property
    def call_cost(self) -> float:
        """What one call costs however few the points are, in the same unit."""
        return 2000.0

    @property
    def held(self) -> float:
        """How many float64 numbers the surface holds once it is used, at the most while they are made."""
        return 2.0 * self.n_dims

    @property
    def batch(self) -> int:
        """How many points are evaluated best at once, where very many have to be.

        A few, whose arrays are smaller than the 128 kB from which on memory is fetched from the system each time
        anew; many where the surface holds matrices with which all points are multiplied.
        """
        return max(1, (_MANY if self.held > _MATRICES * self.n_dims else _IN_CACHE) // self.n_dims)

    @property
    def threads(self) -> bool:
        """Whether several threads may evaluate it at once, and gain by it: products with matrices have their own."""
        return self.held <= _MATRICES * self.n_dims

    def retract(self, x: Array) -> Array:
        """Return the points (..., n) moved to the sphere that the surface lives on; as they are where it has none."""
        return x if self.sphere is None else self.sphere.retract(x)

    def gradient(self, x: ArrayLike) -> Array:
        """Return the gradient at the points (..., n), shape (..., n)."""
        return self.value_and_gradient(x)[1]

    @property
    @abstractmethod
    def minima(self) -> Array:
        """Declared minima, (K, n), the global ones first. May be empty."""

    @property
    def n_dims(self) -> int:
        """Number of dimensions n."""
        return self.domain.n_dims

    @property
    def name(self) -> str:
        """Key in the registry, or "formula"."""
        return self.info.name

    @property
    def title(self) -> str:
        """Name for people."""
        return self.info.title

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that ``with_settings`` takes."""
        return self.info.parameters

    def points(self, x: ArrayLike) -> Array:
        """Return ``x`` as float64 points (..., n); raise ``ValueError`` where the last axis is not n."""
        array = x if isinstance(x, NDArrayOperatorsMixin) else np.asarray(x, dtype=float)  # a stand-in stays one
        if array.ndim == 0 or array.shape[-1] != self.n_dims:
            raise ValueError(
                tr(
                    "points of {name!r} need a last axis of length {dims}; this array has shape {shape}",
                    name=self.name,
                    dims=self.n_dims,
                    shape=array.shape,
                )
            )
        return array
