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
from landscape.language import mark, tr, trn
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

    key, title = "constant", mark("Constant")

    def factors(self, n_steps: int) -> Array:
        return np.ones(n_steps)


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Falls by a factor every so many steps: gamma^floor((t - 1) / every), as ``torch``'s ``StepLR``.

    >>> StepDecay(every=2, gamma=0.5).factors(5)
    array([1.  , 1.  , 0.5 , 0.5 , 0.25])
    """

    every: int = parameter(100, 1, 1000, mark("steps between two falls"), integer=True, minimum=1)
    gamma: float = parameter(0.1, 0.01, 1.0, mark("factor of each fall"), minimum=0.0, maximum=1.0)

    key, title = "step", mark("Step decay")

    def factors(self, n_steps: int) -> Array:
        return self.gamma ** np.floor_divide(np.arange(n_steps), self.every).astype(float)


@dataclass(frozen=True)
class Exponential(Schedule):
    """Falls by the same factor at every step: gamma^(t - 1), as ``torch``'s ``ExponentialLR``.

    >>> Exponential(gamma=0.5).factors(4)
    array([1.   , 0.5  , 0.25 , 0.125])
    """

    gamma: float = parameter(0.99, 0.9, 1.0, mark("factor of each step"), minimum=0.0, maximum=1.0)

    key, title = "exponential", mark("Exponential")

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

    final: float = parameter(
        0.0, 0.0, 1.0, mark("share of the learning rate left at the end"), minimum=0.0, maximum=1.0
    )

    key, title = "cosine", mark("Cosine")

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

    warmup: float = parameter(0.1, 0.0, 0.5, mark("share of the steps that warm up"), minimum=0.0, maximum=1.0)
    start: float = parameter(
        0.01, 0.0, 1.0, mark("share of the learning rate at the first step"), minimum=0.0, maximum=1.0
    )
    final: float = parameter(
        0.0, 0.0, 1.0, mark("share of the learning rate left at the end"), minimum=0.0, maximum=1.0
    )

    key, title = "warmup_cosine", mark("Warm-up, then cosine")

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

    warmup: float = parameter(0.3, 0.05, 0.95, mark("share of the steps that rise"), minimum=0.0, maximum=1.0)
    divisor: float = parameter(25.0, 1.0, 100.0, mark("peak over start"), minimum=1.0)
    final_divisor: float = parameter(1e4, 1.0, 1e6, mark("start over end"), log=True, minimum=1.0)

    key, title = "one_cycle", mark("One cycle")

    def factors(self, n_steps: int) -> Array:
        steps = np.arange(float(n_steps))
        peak, last = self.warmup * n_steps - 1.0, n_steps - 1.0
        first, end = 1.0 / self.divisor, 1.0 / (self.divisor * self.final_divisor)
        # A phase without length has at most its end point in it.
        rise = np.divide(steps, peak, out=np.ones_like(steps), where=peak > 0.0)
        fall = np.divide(steps - peak, last - peak, out=np.ones_like(steps), where=last > peak)
        return np.where(steps <= peak, _half_cosine(first, 1.0, rise), _half_cosine(1.0, end, fall))


@dataclass(frozen=True)
class WarmupStableDecay(Schedule):
    """Rises on a line, stays, and falls on a line at the end (WSD): w = round(warmup n), d = round(decay n) steps.

        t <= w:          start + (1 - start) (t - 1) / w
        w < t <= n - d:  1
        t > n - d:       1 - (1 - final) (t - 1 - (n - d)) / d

    ``torch``'s ``SequentialLR`` of ``LinearLR(start, total_iters=w)``, ``ConstantLR(1)`` and ``LinearLR(1, final,
    total_iters=d)``; ``final`` would be reached one step after the last. Where both do not fit, warm-up comes first.

    Reference: S. Hu et al., "MiniCPM: Unveiling the Potential of Small Language Models with Scalable Training
    Strategies", 2024, section 4.

    >>> WarmupStableDecay(warmup=0.25, start=0.5, decay=0.5).factors(8)
    array([0.5 , 0.75, 1.  , 1.  , 1.  , 0.75, 0.5 , 0.25])
    """

    warmup: float = parameter(0.05, 0.0, 0.5, mark("share of the steps that warm up"), minimum=0.0, maximum=1.0)
    start: float = parameter(
        0.01, 0.0, 1.0, mark("share of the learning rate at the first step"), minimum=0.0, maximum=1.0
    )
    decay: float = parameter(0.2, 0.0, 0.5, mark("share of the steps that decay"), minimum=0.0, maximum=1.0)
    final: float = parameter(
        0.0, 0.0, 1.0, mark("share of the learning rate left at the end"), minimum=0.0, maximum=1.0
    )

    key, title = "wsd", mark("Warm-up, stable, decay")

    def factors(self, n_steps: int) -> Array:
        warm = round(self.warmup * n_steps)
        cool = min(round(self.decay * n_steps), n_steps - warm)
        rise = self.start + (1.0 - self.start) * np.arange(warm) / max(warm, 1)
        fall = 1.0 - (1.0 - self.final) * np.arange(cool) / max(cool, 1)
        return np.concatenate([rise, np.ones(n_steps - warm - cool), fall])


@dataclass(frozen=True)
class Cyclical(Schedule):
    """Goes up and down between ``base`` and 1 on lines, ``half`` steps each way; with ``halved`` ever less far.

        c = floor(1 + (t - 1) / (2 half)),  z = |(t - 1) / half - 2 c + 1|
        base + (1 - base) max(0, 1 - z) / (2^(c - 1) with ``halved``, else 1)

    ``torch``'s ``CyclicLR`` in mode "triangular", or "triangular2", with base_lr = base learning_rate.

    Reference: L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017.

    >>> Cyclical(base=0.0, half=2).factors(6)
    array([0. , 0.5, 1. , 0.5, 0. , 0.5])
    """

    base: float = parameter(0.1, 0.0, 1.0, mark("share of the learning rate at the bottom"), minimum=0.0, maximum=1.0)
    half: int = parameter(50, 1, 1000, mark("steps up, and steps down"), integer=True, minimum=1)
    halved: bool = parameter(False, 0, 1, mark("each cycle goes half as high as the last"), boolean=True)

    key, title = "cyclical", mark("Cyclical")

    def factors(self, n_steps: int) -> Array:
        step = np.arange(float(n_steps))
        cycle = np.floor(1.0 + step / (2.0 * self.half))
        height = np.maximum(0.0, 1.0 - np.abs(step / self.half - 2.0 * cycle + 1.0))
        return self.base + (1.0 - self.base) * height / (2.0 ** (cycle - 1.0) if self.halved else 1.0)


@dataclass(frozen=True)
class WarmRestarts(Schedule):
    """Falls along half a cosine from 1 to ``final``, and begins anew: after ``first`` steps, then ever later.

        final + (1 - final) (1 + cos(pi s / p)) / 2,  s steps since the restart, p = first, longer first, ...

    ``torch``'s ``CosineAnnealingWarmRestarts`` with T_0 = first, T_mult = longer.

    Reference: I. Loshchilov and F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, equation (5).

    >>> WarmRestarts(first=2, longer=2).factors(6).round(6)
    array([1.      , 0.5     , 1.      , 0.853553, 0.5     , 0.146447])
    """

    first: int = parameter(50, 1, 1000, mark("steps of the first fall"), integer=True, minimum=1)
    longer: int = parameter(2, 1, 5, mark("factor of each next one"), integer=True, minimum=1, maximum=1000)
    final: float = parameter(0.0, 0.0, 1.0, mark("share of the learning rate at its bottom"), minimum=0.0, maximum=1.0)

    key, title = "warm_restarts", mark("Warm restarts")

    def factors(self, n_steps: int) -> Array:
        shares: list[Array] = []
        left, period = n_steps, self.first
        while left > 0:
            taken = min(left, period)
            shares.append(np.arange(taken) / period)
            left, period = left - taken, period * self.longer
        return _half_cosine(1.0, self.final, np.concatenate(shares) if shares else np.empty(0))


@dataclass(frozen=True)
class Polynomial(Schedule):
    """Falls to 0 as a power of what is left of the run: (1 - (t - 1) / n_steps)^power.

    ``torch``'s ``PolynomialLR`` with total_iters = n_steps; power 1 is a line. 0 would be reached one step after the
    last.

    >>> Polynomial(power=2.0).factors(4)
    array([1.    , 0.5625, 0.25  , 0.0625])
    """

    power: float = parameter(1.0, 0.1, 5.0, mark("power of the share of steps that is left"), minimum=0.0)

    key, title = "polynomial", mark("Polynomial")

    def factors(self, n_steps: int) -> Array:
        return (1.0 - np.arange(n_steps) / max(n_steps, 1)) ** self.power


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
            trn(
                "the schedule {schedule!r} gives an array of shape {shape} and type {type} for {n} step; a number for "
                "each of them is needed",
                "the schedule {schedule!r} gives an array of shape {shape} and type {type} for {n} steps; a number for "
                "each of them is needed",
                n_steps,
                schedule=schedule.title,
                shape=found.shape,
                type=found.dtype,
            )
        )
    if not np.isfinite(found).all():
        place = int(np.argmin(np.isfinite(found)))
        raise ValueError(
            tr(
                "the schedule {schedule!r} gives {factor} at step {step}",
                schedule=schedule.title,
                factor=found[place],
                step=place + 1,
            )
        )
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
                raise TypeError(
                    tr(
                        "{schedule} must give a number for each step; at step {step} it gives {given!r:.40}",
                        schedule=self.title,
                        step=t,
                        given=number,
                    )
                )
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
    mark("schedule"),
    Schedule,
    (
        Constant,
        StepDecay,
        Exponential,
        Cosine,
        WarmupCosine,
        OneCycle,
        WarmupStableDecay,
        Cyclical,
        WarmRestarts,
        Polynomial,
    ),
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
