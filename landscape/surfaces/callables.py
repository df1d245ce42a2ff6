"""A surface from a user's own Python functions: value, gradient, and, if there is one, the Hessian's product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from landscape.errors import UnknownName
from landscape.language import mark, tr, trn
from landscape.surfaces.base import Array, Domain, Info, Settings, Surface

Function = Callable[[Array], Any]

# The error of a central difference is smallest with a step of about the cube root of the rounding error.
_STEP = float(np.finfo(float).eps) ** (1 / 3)

MAX_DENSE = 3000
"""The largest number of dimensions for which the full matrix of second derivatives is made (72 MB)."""


YOURS = mark("your function")


def from_functions(
    value: Function,
    gradient: Function,
    n_dims: int,
    *,
    domain: Domain | Sequence[Any] | None = None,
    hessian_vector_product: Callable[[Array, Array], Any] | None = None,
    value_and_gradient: Function | None = None,
    hessian: Function | None = None,
    minima: ArrayLike = (),
    batched: bool = False,
    smooth: bool = True,
    title: str = YOURS,
    latex: str = "f(x)",
) -> Functions:
    """Return a surface from functions of one point: ``value(x)`` a number, ``gradient(x)`` (n,), for x (n,) float64.

    ``hessian_vector_product(x, v)`` (n,) is taken by central differences of the gradient where it is not given, with
    a relative error of about 1e-10 on a smooth surface. ``value_and_gradient(x)`` may return both in one pass, and
    ``hessian(x)`` (n, n) all second derivatives, where that is quicker than n products. With
    ``batched`` the functions take points (..., n) and are called once for all of them, else once a point. ``domain``
    is the box to draw, (-1, 1) on each axis unless given.

    The functions are tried once, at the middle of the domain. Raises ``TypeError`` for what cannot be called or does
    not return numbers, ``ValueError`` for results of another shape. ``Functions.gradient_error`` checks a gradient.

    >>> bowl = from_functions(lambda x: x @ x / 2, lambda x: x, n_dims=3)
    >>> float(bowl.value([1.0, 2.0, 2.0])), bowl.hessian_vector_product([0, 0, 0], [0, 1, 0]).tolist()
    (4.5, [0.0, 1.0, 0.0])
    """
    if isinstance(n_dims, bool) or not isinstance(n_dims, int | np.integer):
        raise TypeError(tr("n_dims must be a whole number, not {given}", given=repr(n_dims)))
    if not 1 <= n_dims <= 10_000_000:
        raise ValueError(tr("n_dims must be between 1 and 10,000,000, not {n_dims:,}", n_dims=n_dims))
    box = Domain((-1.0,) * n_dims, (1.0,) * n_dims) if domain is None else Domain.of(domain)
    if box.n_dims != n_dims:
        raise ValueError(tr("the domain has {axes} axes and n_dims is {n}", axes=box.n_dims, n=n_dims))
    given: dict[str, Any] = {"value": value, "gradient": gradient}
    given |= {"hessian_vector_product": hessian_vector_product} if hessian_vector_product is not None else {}
    given |= {"value_and_gradient": value_and_gradient} if value_and_gradient is not None else {}
    given |= {"hessian": hessian} if hessian is not None else {}
    for name, function in given.items():
        if not callable(function):
            raise TypeError(tr("{name} must be a function, not {given!r}", name=name, given=function))
    known = np.asarray(minima, dtype=float).reshape(-1, n_dims)
    info = Info("functions", title, "own", mark("A function of your own."), "", smooth=smooth)
    return Functions(
        info, box, value, gradient, hessian_vector_product, value_and_gradient, hessian, known, bool(batched), latex
    )


class Own(Surface):
    """A surface from a user's own code, which has a ``formula`` in LaTeX and nothing to set or to write down."""

    formula: str
    settings = Settings()

    def __repr__(self) -> str:
        return trn(
            "<surface of your own {title!r}: {n} dimension>",
            "<surface of your own {title!r}: {n} dimensions>",
            self.n_dims,
            title=self.info.title,
        )

    def gradient_error(self, x: ArrayLike, seed: int = 0) -> float:
        """Return how far the gradient at ``x`` (n,) is from what the values say, as a share of its length.

        The slope along five random directions is compared with a central difference of the value. About 1e-9 is
        right; 1 is a gradient that has nothing to do with the function.
        """
        point, rng = self.points(x), np.random.default_rng(seed)
        directions = rng.standard_normal((5, self.n_dims))
        directions /= np.linalg.norm(directions, axis=-1, keepdims=True)
        step = _STEP * max(1.0, float(np.linalg.norm(point)))
        slopes = (self.value(point + step * directions) - self.value(point - step * directions)) / (2.0 * step)
        claimed = directions @ self.gradient(point)
        scale = max(float(np.linalg.norm(slopes)), float(np.linalg.norm(claimed)))
        return float(np.linalg.norm(slopes - claimed)) / scale if scale else 0.0

    def with_settings(self, **settings: float) -> Self:
        """Return the surface itself; it has no parameters, so any name raises ``UnknownName``."""
        for name in settings:
            raise UnknownName(tr("a surface of your own has no parameter {name!r}", name=name))
        return self

    def recipe(self) -> dict[str, Any]:
        """Return a note for captions: code cannot be written down, and nothing builds this surface again."""
        return {"name": self.name, "title": self.title, "n_dims": self.n_dims}

    def latex(self) -> str:
        return self.formula

    @property
    def known_points(self) -> Array:
        return self.minima

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(f"x{i}" for i in range(1, self.n_dims + 1))


@dataclass(frozen=True, eq=False, repr=False)
class Functions(Own):
    """A surface made by ``from_functions``. Two are equal only if they are the same object."""

    info: Info
    domain: Domain
    value_function: Function
    gradient_function: Function
    product_function: Callable[[Array, Array], Any] | None
    both_function: Function | None
    hessian_function: Function | None
    declared: Array
    batched: bool
    formula: str

    def __post_init__(self) -> None:
        middle = self.domain.center
        value, gradient = self.value_and_gradient(middle)
        for name, array in (("value", value), ("gradient", gradient)):
            if not np.isfinite(array).all():
                raise ValueError(tr("{name} is not finite at the middle of the domain", name=name))
        self.value(middle)
        self.hessian_vector_product(middle, np.eye(self.n_dims)[0])

    @property
    def threads(self) -> bool:
        """No: what is given may keep something between two calls."""
        return False

    def value(self, x: ArrayLike) -> Array:
        points = self.points(x)
        return self._apply("value", self.value_function, points.shape[:-1], points)

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        points = self.points(x)
        if self.both_function is None:
            return self.value(points), self._apply("gradient", self.gradient_function, points.shape, points)
        if self.batched or points.ndim == 1:
            both = self.both_function(points if self.batched else points.copy())
            return _result("value", both[0], points.shape[:-1]), _result("gradient", both[1], points.shape)
        value, gradient = np.empty(points.shape[:-1]), np.empty(points.shape)
        for index in np.ndindex(points.shape[:-1]):
            one, slope = self.both_function(points[index].copy())
            value[index] = _result("value", one, ())
            gradient[index] = _result("gradient", slope, (self.n_dims,))
        return value, gradient

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        """Return the Hessian at ``x`` (..., n) times ``v`` (..., n): the function given, else central differences.

        The step along v has the length eps^(1/3) max(1, |x|), with eps the rounding error of float64.
        """
        points, directions = (np.ascontiguousarray(a) for a in np.broadcast_arrays(self.points(x), self.points(v)))
        if self.product_function is not None:
            name = "hessian_vector_product"
            return self._apply(name, self.product_function, points.shape, points, directions)
        length = np.linalg.norm(directions, axis=-1, keepdims=True)
        size = np.maximum(1.0, np.linalg.norm(points, axis=-1, keepdims=True))
        step = _STEP * size / np.where(length > 0.0, length, 1.0)
        ahead, behind = (self.gradient(points + sign * step * directions) for sign in (1.0, -1.0))
        return (ahead - behind) / (2.0 * step)

    def hessian(self, x: ArrayLike) -> Array:
        """Return the Hessian (..., n, n), given or from products with the unit vectors, averaged with its transpose.

        Raises ``ValueError`` above ``MAX_DENSE`` dimensions.
        """
        points, n = self.points(x), self.n_dims
        if n > MAX_DENSE:
            raise ValueError(
                tr("a Hessian of {n} × {n} is not written down; hessian_vector_product works without it", n=n)
            )
        if self.hessian_function is not None:
            rows = self._apply("hessian", self.hessian_function, (*points.shape, n), points)
        else:
            rows = self.hessian_vector_product(points[..., None, :], np.eye(n))
        return 0.5 * (rows + rows.swapaxes(-1, -2))

    def _apply(self, name: str, function: Callable[..., Any], shape: tuple[int, ...], *arrays: Array) -> Array:
        if self.batched:
            return _result(name, function(*arrays), shape)
        leading = arrays[0].shape[:-1]
        # Copies: a function that writes into its argument shall not write into ours.
        if not leading:
            return _result(name, function(*(array.copy() for array in arrays)), shape)
        made = np.empty(shape)
        for index in np.ndindex(leading):
            made[index] = _result(name, function(*(array[index].copy() for array in arrays)), shape[len(leading) :])
        return made

    @property
    def minima(self) -> Array:
        return self.declared


def _result(name: str, result: Any, shape: tuple[int, ...]) -> Array:
    """Return what a user's function returned as float64 of this shape; one number may come in an array of size 1."""
    try:
        array: Any = result if isinstance(result, NDArrayOperatorsMixin) else np.asarray(result)  # a stand-in stays one
        if array.dtype.kind not in "fiub":
            raise TypeError
    except (TypeError, ValueError):
        raise TypeError(
            tr("{name} returned {given}, not real numbers", name=name, given=type(result).__name__)
        ) from None
    if shape == () and array.size == 1:
        array = array.reshape(())
    if array.shape != shape:
        places = {"name": name, "shape": array.shape, "wanted": shape}
        if shape:
            raise ValueError(tr("{name} returned shape {shape} where an array of shape {wanted} is needed", **places))
        raise ValueError(tr("{name} returned shape {shape} where one number is needed", **places))
    return array.astype(float)
