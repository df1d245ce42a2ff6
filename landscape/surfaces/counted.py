"""A surface that counts the operations asked of it, and refuses what goes beyond those allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from landscape import stopping
from landscape.language import tr
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.formula import Formula
from landscape.surfaces.formula.build import FUNCTION_COST

_OF_A_MOVE = 4.0  # operations in the time of what ``Surface.gradient_cost`` counts in
_OF_A_CALL, _OF_AN_ARRAY = 40_000.0, 150.0  # what a call and its surroundings take beside the numbers
_BESIDE = (20.0, 50.0, 500.0)  # what is done with a value, a gradient, a Hessian (its eigenvectors) afterwards


class Spent(Exception):
    """More operations were asked for than are allowed; what is known by then stays known."""


class Counted(Surface):
    """A surface with the same values, which raises ``Spent`` instead of counting more than ``allowed`` operations.

    An operation is an addition, some 2 ns in long arrays; a function counts ``FUNCTION_COST``, and what a call takes
    however few its points are counts as well. So whoever uses it stops after the same work on any machine, and after
    about the same time on this one. ``n_refused`` is how often that was. ``on`` is told the share that was asked for.
    """

    def __init__(self, surface: Surface, allowed: float, on: Callable[[float], None] | None = None) -> None:
        self.surface = surface
        self.info, self.domain = surface.info, surface.domain
        self.settings, self.sphere = surface.settings, surface.sphere
        self.allowed, self.on = allowed, on
        self.operations = 0.0
        self.n_refused = 0
        self._limit = allowed

    @contextmanager
    def within(self, share: float) -> Iterator[None]:
        """Leave this block, ``Spent`` and all, when it has taken that share of the operations that are left."""
        outer, self._limit = self._limit, self.operations + share * (self._limit - self.operations)
        try:
            with suppress(Spent):
                yield
        finally:
            self._limit = outer

    def value(self, x: ArrayLike) -> Array:
        self._count(x, 0)
        return self.surface.value(x)

    def value_and_gradient(self, x: ArrayLike) -> tuple[Array, Array]:
        self._count(x, 1)
        return self.surface.value_and_gradient(x)

    def hessian(self, x: ArrayLike) -> Array:
        self._count(x, 2)
        return self.surface.hessian(x)

    def hessian_vector_product(self, x: ArrayLike, v: ArrayLike) -> Array:
        self._count(x, 2)
        return self.surface.hessian_vector_product(x, v)

    def cost(self, order: int, n_points: int) -> float:
        """Return how many operations it takes to ask for values (order 0), gradients (1) or Hessians (2) at once."""
        calls, each = self._costs[order]
        return calls + each * n_points

    def _count(self, x: ArrayLike, order: int) -> None:
        stopping.check()
        asked = self.cost(order, self.points(x).size // self.n_dims)
        if self.operations + asked > self._limit:
            self.n_refused += 1
            raise Spent(
                tr("{more:.3g} operations more than {done:.3g} are not allowed", more=asked, done=self.operations)
            )
        self.operations += asked
        if self.on is not None:
            self.on(self.operations / self.allowed)

    @cached_property
    def _costs(self) -> tuple[tuple[float, float], ...]:
        """What a call of each order takes, and what it takes at each point."""
        return tuple(_cost(self.surface, order) for order in range(3))

    def with_settings(self, **settings: float) -> Surface:
        return self.surface.with_settings(**settings)

    def recipe(self) -> dict[str, Any]:
        return self.surface.recipe()

    def latex(self) -> str:
        return self.surface.latex()

    @property
    def known_points(self) -> Array:
        return self.surface.known_points

    @property
    def minima(self) -> Array:
        return self.surface.minima

    @property
    def variables(self) -> tuple[str, ...]:
        return self.surface.variables


def _cost(surface: Surface, order: int) -> tuple[float, float]:
    """Return what a call takes and what each of its points takes."""
    if isinstance(surface, Formula):
        tape = surface.tape(order)
        calls = _OF_AN_ARRAY * tape.n_arrays
        each = float(tape.n_arrays + (FUNCTION_COST - 1) * tape.n_functions)
    else:
        calls = _OF_A_MOVE * surface.call_cost
        each = _OF_A_MOVE * (surface.hessian_cost if order == 2 else surface.gradient_cost)
    return _OF_A_CALL + calls, each + _BESIDE[order]
