"""What every optimizer is: an immutable recipe with ``init`` and ``update``; its state is separate."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from landscape.parameter import Parameter, check_fields, parameter, parameters_of

Array = NDArray[np.float64]
State = tuple[Any, ...]


class Oracle(Protocol):
    """What an optimizer beyond first order may ask of the surface. Each call is counted against its budget."""

    def value_and_gradient(self, x: Array) -> tuple[Array, Array]:
        """Return f (S,) and gradient (S, n) at the points (S, n)."""

    def hessian(self, x: Array) -> Array:
        """Return the Hessians (S, n, n)."""

    def hessian_vector_product(self, x: Array, v: Array) -> Array:
        """Return the Hessians times ``v``, (S, n)."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """An update rule with its hyperparameters. Fields carry their ranges (``landscape.parameter.parameter``)."""

    learning_rate: float = parameter(0.01, 1e-5, 1.0, "step size", log=True, minimum=0.0)

    key: ClassVar[str]
    title: ClassVar[str]

    def __post_init__(self) -> None:
        check_fields(self)

    @abstractmethod
    def init(self, x: Array) -> State:
        """Return the state before the first step for points (S, n)."""

    @abstractmethod
    def update(
        self,
        x: Array,
        g: Array,
        state: State,
        t: int,
        learning_rate: float,
        rngs: Sequence[np.random.Generator],
        oracle: Oracle,
    ) -> tuple[Array, State]:
        """Return the points after step ``t`` = 1, 2, ... and the new state.

        ``x`` (S, n) are the points, ``g`` (S, n) the gradients there (noise included), ``learning_rate`` is the
        scheduled one for this step. ``rngs`` (one a start, so that a start's draws do not
        depend on its neighbours) and ``oracle`` are for rules that draw or look again at the surface.
        """

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The hyperparameters with their ranges, in the order of the fields."""
        return parameters_of(self)

    def recipe(self) -> dict[str, Any]:
        """Return key and hyperparameters as plain JSON data."""
        return {"name": self.key} | {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def label(self) -> str:
        """Name with learning rate, as legends show it."""
        return f"{self.title} (lr {self.learning_rate:g})"


# (x, g, t, learning_rate, slots, hyper) -> (new x, new slots); see ElementwiseOptimizer.
Rule = Callable[[Any, Any, int, float, tuple[Any, ...], tuple[float, ...]], tuple[Any, tuple[Any, ...]]]


@dataclass(frozen=True)
class ElementwiseOptimizer(Optimizer):
    """An optimizer whose rule treats every coordinate alone.

    ``rule(x, g, t, learning_rate, slots, hyper)`` returns the new ``x`` and the new ``slots``. It is plain
    arithmetic with NumPy ufuncs, so that the same function runs on whole arrays here and, compiled, on scalars in
    ``landscape.ensemble``. ``slots`` are ``n_slots`` accumulators of the shape of ``x`` that start at
    ``slot_start``; ``hyper`` are the fields after ``learning_rate``, in their order, as numbers; ``t`` = 1, 2, ...
    A rule may branch on ``t`` and ``hyper``, which are the same for all coordinates, never on ``x``, ``g`` or slots.
    It never changes its arguments in place.
    """

    n_slots: ClassVar[int] = 0
    slot_start: ClassVar[float] = 0.0
    rule: ClassVar[Rule]

    @property
    def hyper(self) -> tuple[float, ...]:
        """The hyperparameters after ``learning_rate`` as floats, in the order of the fields."""
        return tuple(float(getattr(self, f.name)) for f in fields(self)[1:])

    def init(self, x: Array) -> State:
        """Return ``n_slots`` accumulators of the shape of ``x``, each at ``slot_start``."""
        return tuple(np.full_like(x, self.slot_start) for _ in range(self.n_slots))

    def update(
        self,
        x: Array,
        g: Array,
        state: State,
        t: int,
        learning_rate: float,
        rngs: Sequence[np.random.Generator],
        oracle: Oracle,
    ) -> tuple[Array, State]:
        """Apply ``rule`` to whole arrays."""
        return type(self).rule(x, g, t, learning_rate, state, self.hyper)
