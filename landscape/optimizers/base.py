"""What every optimizer is: an immutable recipe with ``init`` and ``update``; its state is separate."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from inspect import getattr_static
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from landscape.declared import Declared, fill_parts
from landscape.errors import RuleError
from landscape.language import mark, tr
from landscape.optimizers.rules import check_rule
from landscape.optimizers.schedules import SCHEDULES, OfStep, Rate, Schedule, factors_of, schedule_of
from landscape.parameter import check_fields

Array = NDArray[np.float64]
State = tuple[Any, ...]


class Block(Protocol):
    """One of the arrays that a point is made of: ``x[..., slice]`` reshaped to ``shape``."""

    @property
    def slice(self) -> slice:
        """Where it stands in the point."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""


class Oracle(Protocol):
    """What an optimizer beyond first order may ask of the surface. Each call is counted against its budget.

    ``rows`` (R,) are the starts that ask, to whom the points (R, n) belong; without it all do.
    """

    def value_and_gradient(self, x: Array, rows: NDArray[np.int64] | None = None) -> tuple[Array, Array]:
        """Return f (R,) and gradient (R, n) at the points (R, n)."""

    def hessian(self, x: Array, rows: NDArray[np.int64] | None = None) -> Array:
        """Return the Hessians (R, n, n)."""

    def hessian_vector_product(self, x: Array, v: Array, rows: NDArray[np.int64] | None = None) -> Array:
        """Return the Hessians times ``v``, (R, n)."""


class Step(NamedTuple):
    """What an optimizer is given at one step t = 1, 2, ...

    ``x`` (S, n) are the points, ``gradient`` (S, n) the gradients where the optimizer looks (``Optimizer.looks_at``,
    noise included), ``learning_rate`` is the scheduled one: a number, or (S, 1) where each start has its own.
    ``rngs`` (one a start, so that a start's draws do not depend on its neighbours) and ``oracle`` are for rules that
    draw or look again at the surface; ``value`` (S,) is f at ``x``, and ``blocks`` are the arrays that a point is made
    of, none where it is one plain vector. ``seen`` turns points and gradients (S, n) into the gradients that this step
    lets be seen there: what noise or clipping did to ``gradient``; ``None`` where nothing did.
    """

    x: Array
    gradient: Array
    t: int
    learning_rate: Any
    rngs: Sequence[np.random.Generator] = ()
    oracle: Oracle | None = None
    value: Array | None = None
    blocks: Sequence[Block] = ()
    seen: Callable[[Array, Array], Array] | None = None

    @property
    def asked(self) -> Oracle:
        """The oracle; ``ValueError`` where there is none."""
        if self.oracle is None:
            raise ValueError(tr("this optimizer looks at the surface beyond the gradient: its step needs an oracle"))
        return self.oracle

    @property
    def loss(self) -> Array:
        """f at the points, (S,): as given, or asked for and counted."""
        return self.asked.value_and_gradient(self.x)[0] if self.value is None else self.value

    def gradient_at(self, x: Array) -> Array:
        """Return the gradients at other points, (S, n), counted, and as this step lets them be seen."""
        g = self.asked.value_and_gradient(x)[1]
        return g if self.seen is None else self.seen(x, g)


@dataclass(frozen=True)
class Optimizer(Declared, ABC):
    """An update rule with its hyperparameters. Fields carry their ranges (``landscape.optimizers.fields``).

    ``learning_rate`` is a number or a plain function of the step t = 1, 2, ..., as ``ls.SGD(learning_rate=lambda t:
    0.1 / t)``; recipes keep a function that is registered, by its name. Every final class declares it again, with its
    own default, and after it its other hyperparameters. ``variants`` names in words what a legend must not hide:
    entries (field, value, words), shown where the field has that value. ``draws`` tells whether ``update`` takes random
    numbers from ``rngs``. ``look`` is the hue (``picture.colors.HUES``) and the number of the dash of its paths, read
    from the class itself, not from those above it; one that names none, or another's, gets a look that is free.
    ``group`` is the heading under which menus have it.
    """

    learning_rate: Rate

    def __post_init__(self) -> None:
        rate: Any = self.learning_rate
        if isinstance(rate, str) and issubclass(SCHEDULES.get(rate, Schedule), OfStep):
            rate = SCHEDULES[rate]()
        elif callable(rate) and not isinstance(rate, type):
            rate = schedule_of(rate)
        is_function = isinstance(rate, OfStep)
        check_fields(self, but=("learning_rate",) if is_function else ())
        if is_function:
            object.__setattr__(self, "learning_rate", rate)
        fill_parts(self)

    variants: ClassVar[tuple[tuple[str, Any, str], ...]] = ()
    draws: ClassVar[bool] = False
    look: ClassVar[tuple[str, int] | None] = None
    group: ClassVar[str] = mark("your own")

    def check_blocks(self, blocks: Sequence[Block]) -> None:
        """Raise ``ValueError`` where this rule is none for points that are made of these arrays."""

    def looks_at(self, x: Array, state: State, t: int, learning_rate: Any) -> Array:
        """Return where the gradient of step t is taken, (S, n): ``x`` itself unless a rule looks elsewhere."""
        return x

    @abstractmethod
    def init(self, x: Array) -> State:
        """Return the state before the first step for points (S, n)."""

    @abstractmethod
    def update(self, step: Step, state: State) -> tuple[Array, State]:
        """Return the points (S, n) after ``step`` and the new state."""

    def stepped(self, step: Step, state: State) -> tuple[Array, State]:
        """Return what ``update`` does; raise ``ValueError`` where that is not a point for each of the points (S, n)."""
        returned = self.update(step, state)
        if not (isinstance(returned, tuple) and len(returned) == 2 and np.shape(returned[0]) == step.x.shape):
            raise ValueError(
                tr(
                    "{optimizer}.update must return the new points, of shape {shape} as the old ones, and the new "
                    "state",
                    optimizer=type(self).__name__,
                    shape=step.x.shape,
                )
            )
        return returned

    @property
    def of_step(self) -> OfStep | None:
        """The function of the step that the learning rate is; ``None`` where it is a number."""
        return self.learning_rate if isinstance(self.learning_rate, OfStep) else None

    @property
    def constant_rate(self) -> float:
        """The learning rate; ``ValueError`` where it is a function of the step."""
        if not isinstance(self.learning_rate, float | int):
            raise ValueError(
                tr(
                    "the learning rate of {optimizer} must be a number here, not a function of the step",
                    optimizer=self.label,
                )
            )
        return self.learning_rate

    def rates(self, n_steps: int, schedule: Schedule | None = None) -> Array:
        """Return the learning rates at the steps t = 1 .. ``n_steps``, (n_steps,).

        Raises ``TypeError`` or ``ValueError`` where a function or a schedule gives no finite number at some step.
        """
        factors = factors_of(schedule, n_steps)
        if self.of_step is None:
            return self.constant_rate * factors
        own = factors_of(self.of_step, n_steps)
        if (own < 0.0).any():
            place = int((own < 0.0).argmax())
            raise ValueError(
                tr(
                    "the learning rate of {optimizer} is {rate:g} at step {step}",
                    optimizer=self.label,
                    rate=own[place],
                    step=place + 1,
                )
            )
        return own * factors

    def recipe(self) -> dict[str, Any]:
        return super().recipe() | ({} if self.of_step is None else {"learning_rate": self.of_step.key})

    @property
    def label(self) -> str:
        """Name with variant and learning rate, as legends show it: "Adam, no bias correction (lr 0.01)"."""
        if self.of_step is None:
            return tr("{optimizer} (lr {rate:g})", optimizer=self.named, rate=self.constant_rate)
        return tr("{optimizer} (lr {rate})", optimizer=self.named, rate=self.of_step.title)

    @property
    def named(self) -> str:
        """Title and variant: "Adam, no bias correction"."""
        return ", ".join([self.title, *(tr(words) for name, on, words in self.variants if getattr(self, name) == on)])


@dataclass(frozen=True)
class ElementwiseOptimizer(Optimizer):
    """An optimizer whose rule treats every coordinate alone.

    ``rule(x, g, t, learning_rate, slots, hyper)`` returns the new ``x`` and the new ``slots``. It is plain
    arithmetic with NumPy's functions of single numbers (``optimizers.rules.KNOWN``), so that the same function runs
    on whole arrays here and, compiled by ``numba.njit(error_model="numpy")``, on scalars in ``landscape.ensemble``.
    ``slots`` are ``n_slots`` accumulators of the shape of ``x`` that start at 0; ``hyper`` are the fields after
    ``learning_rate``, in their order, as floats (a switch is 0.0 or 1.0); ``t`` = 1, 2, ... A rule may branch on
    ``t`` and ``hyper``, which are the same for all coordinates, never on ``x``, ``g`` or slots. It never changes
    its arguments in place and calls no function of ours. Powers are written ``b ** float(t)``: compiled, an integer
    exponent would be a loop with other rounding. What it holds against this is refused before its first step
    (``check``).

    A rule that takes its gradient elsewhere than at ``x`` has ``ahead(x, t, learning_rate, slots, hyper)``, written
    likewise, which returns where; ``g`` is then the gradient there, while ``x`` is what is shown and judged.
    """

    n_slots: ClassVar[int] = 0
    ahead: ClassVar[Callable[..., Any] | None] = None

    @staticmethod
    @abstractmethod
    def rule(x: Any, g: Any, t: int, learning_rate: float, slots: Any, hyper: Any) -> Any:
        """Return the new ``x`` and the tuple of new slots after step ``t``."""

    def check(self) -> None:
        """Raise ``RuleError`` where the rule holds what it may not, or where more than the rule is written anew."""
        for name in ("init", "update", "looks_at", "hyper"):
            if getattr_static(type(self), name) is not getattr_static(ElementwiseOptimizer, name):
                raise RuleError(
                    tr(
                        "{optimizer} has {method} of its own, where an elementwise optimizer is its rule alone: derive "
                        "from ls.Optimizer",
                        optimizer=type(self).__name__,
                        method=name,
                    )
                )
        check_rule(self)

    @cached_property
    def hyper(self) -> tuple[float, ...]:
        """The hyperparameters after ``learning_rate`` as floats, in the order of the fields."""
        return tuple(float(getattr(self, f.name)) for f in fields(self)[1:])

    def init(self, x: Array) -> State:
        """Return ``n_slots`` accumulators of the shape of ``x``, all zero."""
        return tuple(np.zeros_like(x) for _ in range(self.n_slots))

    def looks_at(self, x: Array, state: State, t: int, learning_rate: Any) -> Array:
        return x if self.ahead is None else self.ahead(x, t, learning_rate, state, self.hyper)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        return self.rule(step.x, step.gradient, step.t, step.learning_rate, state, self.hyper)
