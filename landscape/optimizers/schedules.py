"""Schedules: what the learning rate is multiplied by, step by step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from landscape.declared import Declared, Registry, name_of, of_function
from landscape.parameter import parameter

Array = NDArray[np.float64]

Rate: TypeAlias = "float | Callable[[int], float] | Schedule"
"""A learning rate: a number, or a function of the step t = 1, 2, ..."""


@dataclass(frozen=True)
class Schedule(Declared, ABC):
    """A multiplier of the learning rate for every step of a run. Immutable; fields carry their ranges.

    Step t = 1 has the multiplier that ``torch.optim.lr_scheduler`` has before its first ``step()``.
    """

    @abstractmethod
    def factors(self, n_steps: int) -> Array:
        """Return the multipliers at the steps t = 1 .. ``n_steps``, (n_steps,)."""

    def check(self) -> None:
        for n_steps in (0, 1, 7):
            factors_of(self, n_steps)


@dataclass(frozen=True)
class Constant(Schedule):
    """The same learning rate throughout: factor 1.

    >>> Constant().factors(3)
    array([1., 1., 1.])
    """

    key, title = "constant", "Constant"

    def factors(self, n_steps: int) -> Array:
        return np.ones(n_steps)


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Falls by a factor every so many steps: gamma^floor((t - 1) / every), as ``torch``'s ``StepLR``.

    >>> StepDecay(every=2, gamma=0.5).factors(5)
    array([1.  , 1.  , 0.5 , 0.5 , 0.25])
    """

    every: int = parameter(100, 1, 1000, "steps between two falls", integer=True, minimum=1)
    gamma: float = parameter(0.1, 0.01, 1.0, "factor of each fall", minimum=0.0, maximum=1.0)

    key, title = "step", "Step"

    def factors(self, n_steps: int) -> Array:
        return self.gamma ** np.floor_divide(np.arange(n_steps), self.every).astype(float)


@dataclass(frozen=True)
class Exponential(Schedule):
    """Falls by the same factor at every step: gamma^(t - 1), as ``torch``'s ``ExponentialLR``.

    >>> Exponential(gamma=0.5).factors(4)
    array([1.   , 0.5  , 0.25 , 0.125])
    """

    gamma: float = parameter(0.99, 0.9, 1.0, "factor of each step", minimum=0.0, maximum=1.0)

    key, title = "exponential", "Exponential"

    def factors(self, n_steps: int) -> Array:
        return self.gamma ** np.arange(float(n_steps))


@dataclass(frozen=True)
class Cosine(Schedule):
    """Falls from 1 along half a cosine: final + (1 - final) (1 + cos(pi (t - 1) / n_steps)) / 2.

    ``torch``'s ``CosineAnnealingLR`` with T_max = n_steps and eta_min = final learning_rate; ``final`` itself would be
    reached one step after the last (Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts",
    2017, equation (5), one period).

    >>> Cosine().factors(4).round(6)
    array([1.      , 0.853553, 0.5     , 0.146447])
    """

    final: float = parameter(0.0, 0.0, 1.0, "share of the learning rate left at the end", minimum=0.0, maximum=1.0)

    key, title = "cosine", "Cosine"

    def factors(self, n_steps: int) -> Array:
        return _half_cosine(1.0, self.final, np.arange(n_steps) / max(n_steps, 1))


@dataclass(frozen=True)
class WarmupCosine(Schedule):
    """Rises on a line, then falls along half a cosine, w = round(warmup n_steps) steps before the top.

        t <= w:  start + (1 - start) (t - 1) / w
        t > w:   final + (1 - final) (1 + cos(pi (t - 1 - w) / (n_steps - w))) / 2

    ``torch``'s ``SequentialLR`` of ``LinearLR(start_factor=start, total_iters=w)`` and ``CosineAnnealingLR`` with
    T_max = n_steps - w (the warm-up of Goyal et al., "Accurate, Large Minibatch SGD", 2017).

    >>> WarmupCosine(warmup=0.5, start=0.2).factors(8).round(6)
    array([0.2     , 0.4     , 0.6     , 0.8     , 1.      , 0.853553,
           0.5     , 0.146447])
    """

    warmup: float = parameter(0.1, 0.0, 0.5, "share of the steps that warm up", minimum=0.0, maximum=1.0)
    start: float = parameter(0.01, 0.0, 1.0, "share of the learning rate at the first step", minimum=0.0, maximum=1.0)
    final: float = parameter(0.0, 0.0, 1.0, "share of the learning rate left at the end", minimum=0.0, maximum=1.0)

    key, title = "warmup_cosine", "Warm-up, then cosine"

    def factors(self, n_steps: int) -> Array:
        warm = round(self.warmup * n_steps)
        rise = self.start + (1.0 - self.start) * np.arange(warm) / max(warm, 1)
        cool = n_steps - warm
        return np.concatenate([rise, _half_cosine(1.0, self.final, np.arange(cool) / max(cool, 1))])


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Rises along half a cosine to the learning rate itself, then falls along another far below the start.

        peak at t - 1 = warmup n_steps - 1, last step at t - 1 = n_steps - 1
        rise from 1 / divisor to 1, fall from 1 to 1 / (divisor final_divisor)

    ``torch``'s ``OneCycleLR`` in two phases with cosine annealing; max_lr is the learning rate. Momentum stays as it
    is (torch's cycle_momentum off). Reference: L. N. Smith and N. Topin, "Super-Convergence: Very Fast Training of
    Neural Networks Using Large Learning Rates", 2018.

    >>> OneCycle(warmup=0.6, divisor=10, final_divisor=10).factors(5).round(6)
    array([0.1  , 0.55 , 1.   , 0.505, 0.01 ])
    """

    warmup: float = parameter(0.3, 0.05, 0.95, "share of the steps that rise", minimum=0.0, maximum=1.0)
    divisor: float = parameter(25.0, 1.0, 100.0, "peak over start", minimum=1.0)
    final_divisor: float = parameter(1e4, 1.0, 1e6, "start over end", log=True, minimum=1.0)

    key, title = "one_cycle", "One cycle"

    def factors(self, n_steps: int) -> Array:
        steps = np.arange(float(n_steps))
        peak, last = self.warmup * n_steps - 1.0, n_steps - 1.0
        first, end = 1.0 / self.divisor, 1.0 / (self.divisor * self.final_divisor)
        # A phase without length has at most its end point in it.
        rise = np.divide(steps, peak, out=np.ones_like(steps), where=peak > 0.0)
        fall = np.divide(steps - peak, last - peak, out=np.ones_like(steps), where=last > peak)
        return np.where(steps <= peak, _half_cosine(first, 1.0, rise), _half_cosine(1.0, end, fall))


def _half_cosine(start: float, end: float, share: Array) -> Array:
    """Return the way from ``start`` (share 0) to ``end`` (share 1) along half a cosine."""
    return end + (start - end) * (1.0 + np.cos(np.pi * share)) / 2.0


def factors_of(schedule: Schedule | None, n_steps: int) -> Array:
    """Return the multipliers at the steps t = 1 .. ``n_steps``, (n_steps,): 1 without a schedule.

    Raises ``ValueError`` where a schedule gives something else.
    """
    if schedule is None:
        return np.ones(n_steps)
    found = np.asarray(schedule.factors(n_steps))
    if found.shape != (n_steps,) or found.dtype.kind not in "iuf":
        raise ValueError(
            f"the schedule {schedule.title!r} gives an array of shape {found.shape} and type {found.dtype} for "
            f"{n_steps} steps; a number for each of them is needed"
        )
    if not np.isfinite(found).all():
        place = int(np.argmin(np.isfinite(found)))
        raise ValueError(f"the schedule {schedule.title!r} gives {found[place]} at step {place + 1}")
    return found.astype(float)


@dataclass(frozen=True)
class OfStep(Schedule):
    """A plain function of the step t = 1, 2, ..., called once for each."""

    @abstractmethod
    def called(self) -> Callable[[int], float]:
        """Return the function."""

    def factors(self, n_steps: int) -> Array:
        found, function = np.empty(n_steps), self.called()
        for t in range(1, n_steps + 1):
            number = function(t)
            if np.ndim(number) != 0 or isinstance(number, str | bytes | bool) or not np.isreal(number):
                raise TypeError(f"{self.title} must give a number for each step; at step {t} it gives {number!r:.40}")
            found[t - 1] = number
        return found


@dataclass(frozen=True)
class Plain(OfStep):
    """A function that nobody has registered: it runs, and no recipe can name it."""

    function: Callable[[int], float]

    key = "function"

    def called(self) -> Callable[[int], float]:
        return self.function

    @property
    def title(self) -> str:  # type: ignore[override]
        return name_of(self.function)


SCHEDULES: Registry[Schedule] = Registry(
    "schedule",
    Schedule,
    (Constant, StepDecay, Exponential, Cosine, WarmupCosine, OneCycle),
    of_function=partial(of_function, OfStep),
    n_given=1,
)
"""Key -> class, in the order to show them."""


def schedule_of(function: Callable[[int], float]) -> OfStep:
    """Return a function of the step as a schedule, the registered one where it is that."""
    known = SCHEDULES.get(getattr(function, "__name__", ""))
    made = known() if known is not None and issubclass(known, OfStep) else None
    return made if made is not None and made.called() is function else Plain(function)


def schedule(key: str, **settings: Any) -> Schedule:
    """Return the schedule ``key`` with these parameters (``Registry.make`` says what it raises).

    >>> schedule("step", every=10)
    StepDecay(every=10, gamma=0.1)
    """
    return SCHEDULES.make(key, **settings)
