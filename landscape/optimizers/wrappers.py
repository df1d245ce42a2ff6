"""What can be put round any optimizer: clipping, a look back, averages of its path, a rate that falls on a plateau."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from landscape.declared import part
from landscape.language import mark, tr
from landscape.optimizers.base import Array, Block, Optimizer, State, Step
from landscape.optimizers.fields import decay, step_size, switch
from landscape.parameter import parameter

MOST_NESTED = 3
"""So many may stand one inside the other."""


@dataclass(frozen=True)
class Wrapper(Optimizer):
    """An optimizer round another one, ``of``: an ``Optimizer``, its key, or its recipe.

    There is one learning rate, the wrapper's; ``of`` gives all else and is kept with the default of its own. Where it
    comes with another rate, that is taken over, unless the wrapper is given one too: then ``ValueError``.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        of = self.wrapped
        if nested(of) >= MOST_NESTED:
            raise ValueError(tr("at most {most} optimizers may stand one round the other", most=MOST_NESTED))
        own, usual = usual_rate(type(self)), usual_rate(type(of))
        if of.learning_rate != usual:
            if self.learning_rate not in (own, of.learning_rate):
                raise ValueError(
                    tr(
                        "the learning rate is given twice: {outer_rate} for {outer} and {inner_rate} for {inner} in it",
                        outer_rate=self.learning_rate,
                        outer=self.title,
                        inner_rate=of.learning_rate,
                        inner=of.title,
                    )
                )
            object.__setattr__(self, "learning_rate", of.learning_rate)
            object.__setattr__(self, "of", dataclasses.replace(of, learning_rate=usual))
        object.__setattr__(self, "draws", of.draws)

    @property
    def wrapped(self) -> Optimizer:
        """The optimizer that is wrapped, as it is kept: every final class has it as its last field, ``of``."""
        of: Optimizer = self.of  # type: ignore[attr-defined]
        return of

    @cached_property
    def inner(self) -> Optimizer:
        """The optimizer that is wrapped, at this one's learning rate."""
        return dataclasses.replace(self.wrapped, learning_rate=self.learning_rate)

    @property
    def label(self) -> str:
        """As legends show it: "Lookahead of Adam (lr 0.01)"."""
        return tr("{wrapper} of {optimizer}", wrapper=self.named, optimizer=self.inner.label)

    @abstractmethod
    def within(self, x: Array, state: State, learning_rate: Any) -> tuple[Array, State, Any]:
        """Return point, state and learning rate of the optimizer that is wrapped."""

    def looks_at(self, x: Array, state: State, t: int, learning_rate: Any) -> Array:
        w, inside, rate = self.within(x, state, learning_rate)
        return self.inner.looks_at(w, inside, t, rate)

    def check_blocks(self, blocks: Sequence[Block]) -> None:
        self.inner.check_blocks(blocks)


def usual_rate(kind: type[Optimizer]) -> float:
    """Return the default learning rate of a class."""
    return next(float(f.default) for f in dataclasses.fields(kind) if f.name == "learning_rate")  # type: ignore[arg-type]


def nested(optimizer: Optimizer) -> int:
    """Return how many optimizers stand one inside the other."""
    depth, inner = 1, optimizer
    while isinstance(inner, Wrapper):
        depth, inner = depth + 1, inner.wrapped
    return depth


@dataclass(frozen=True)
class Clipped(Wrapper):
    """Any optimizer with a gradient that is made shorter where it is long.

        g <- g min(1, longest / |g|)                    by its length
        g <- min(max(g, -longest), longest)             with ``by_value``, coordinate by coordinate

    As ``torch.nn.utils.clip_grad_norm_`` (which adds 1e-6 to |g|) and ``clip_grad_value_``. Of a rule that takes two
    gradients a step, as SAM, both are clipped. What is recorded is the gradient of the surface, as it is.

    Reference: R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training Recurrent Neural Networks", 2013,
    algorithm 1.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", Clipped(learning_rate=0.1, longest=5.0), [[3.0, -4.0]], 1)  # g = (6, -8)
    >>> t.points[0, 1].round(12).tolist()
    [2.7, -3.6]
    """

    learning_rate: float = step_size(0.001)
    longest: float = parameter(1.0, 1e-3, 100.0, mark("largest length of the gradient"), log=True, minimum=0.0)
    by_value: bool = switch(False, mark("clip each coordinate"))
    of: Optimizer = part("optimizer", "sgd")

    key, title, group = "clipped", mark("Clipped"), mark("round another")
    look = ("blue", 4)
    variants = (("by_value", True, mark("by value")),)

    def init(self, x: Array) -> State:
        return self.inner.init(x)

    def within(self, x: Array, state: State, learning_rate: Any) -> tuple[Array, State, Any]:
        return x, state, learning_rate

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        before = step.seen

        def seen(x: Array, g: Array) -> Array:
            return self._clip(g if before is None else before(x, g))

        return self.inner.update(step._replace(gradient=self._clip(step.gradient), seen=seen), state)

    def _clip(self, g: Array) -> Array:
        if self.by_value:
            return np.clip(g, -self.longest, self.longest)
        size = np.linalg.norm(g, axis=-1, keepdims=True)
        return g * np.where(size > self.longest, self.longest / np.where(size > 0, size, 1.0), 1.0)


@dataclass(frozen=True)
class Lookahead(Wrapper):
    """Any optimizer that is called back every few steps, to a point on the way from where it was called last.

        x <- a step of ``of``
        every ``every`` steps:  s <- s + share (x - s);  x <- s,  from s = x

    Shown is the fast point x, which jumps back to s. As ``optax.lookahead``: what ``of`` remembers is kept.

    Reference: M. R. Zhang, J. Lucas, G. Hinton, J. Ba, "Lookahead Optimizer: k steps forward, 1 step back", 2019,
    algorithm 1.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", Lookahead(learning_rate=0.25, every=2, of="sgd"), [[4.0, 0.0]], 2)  # 4, 2, 1 and 2.5
    >>> t.points[0, :, 0].tolist()
    [4.0, 2.0, 2.5]
    """

    learning_rate: float = step_size(0.001)
    every: int = parameter(5, 1, 100, mark("steps from one call to the next"), integer=True, minimum=1)
    share: float = parameter(0.5, 0.0, 1.0, mark("share of the way that is kept"), minimum=0.0, maximum=1.0)
    of: Optimizer = part("optimizer", "adam")

    key, title, group = "lookahead", "Lookahead", mark("round another")
    look = ("green", 4)

    def init(self, x: Array) -> State:
        """Return the state of ``of`` and the slow point."""
        return self.inner.init(x), x.copy()

    def within(self, x: Array, state: State, learning_rate: Any) -> tuple[Array, State, Any]:
        return x, state[0], learning_rate

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        inside, slow = state
        x, inside = self.inner.update(step, inside)
        if step.t % self.every == 0:
            slow = slow + self.share * (x - slow)
            x = slow.copy()
        return x, (inside, slow)


@dataclass(frozen=True)
class Averaging(Wrapper):
    """An optimizer of which an average x of its points w is shown; it walks on from w, and never hears of x."""

    def init(self, x: Array) -> State:
        """Return the state of ``of`` and its point."""
        return self.inner.init(x), x.copy()

    def within(self, x: Array, state: State, learning_rate: Any) -> tuple[Array, State, Any]:
        inside, w = state
        return w, inside, learning_rate

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        # What is known of the loss is known at the average, not at w.
        w, inside = self.inner.update(step._replace(x=state[1], value=None), state[0])
        return self.mean(step.x, w, step.t), (inside, w)

    @abstractmethod
    def mean(self, x: Array, w: Array, t: int) -> Array:
        """Return the average after step t, from the one before and the new point; an array of its own."""


@dataclass(frozen=True)
class MovingAverage(Averaging):
    """Any optimizer, of whose path a fading average is shown: its own path is that of ``of`` alone, beside it.

        w <- a step of ``of`` from w,  from w = x, with the gradient at w
        x <- kept x + (1 - kept) w

    As ``torch.optim.swa_utils.AveragedModel`` with ``get_ema_multi_avg_fn(kept)``, but that torch begins with the first
    new point and this with the start. The walker never hears of the average: it does not change where it goes.

    Reference: B. T. Polyak and A. B. Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", MovingAverage(learning_rate=0.25, kept=0.5), [[4.0, 0.0]], 2)  # w = 4, 2, 1
    >>> t.points[0, :, 0].tolist()
    [4.0, 3.0, 2.0]
    """

    learning_rate: float = step_size(0.001)
    kept: float = decay(0.99, mark("share of the average kept"))
    of: Optimizer = part("optimizer", "sgd")

    key, title, group = "moving_average", mark("Moving average"), mark("averages")
    look = ("blue", 6)

    def mean(self, x: Array, w: Array, t: int) -> Array:
        return self.kept * x + (1.0 - self.kept) * w


@dataclass(frozen=True)
class StochasticWeightAverage(Averaging):
    """Any optimizer, of whose points from some step on the plain mean is shown: its own path is that of ``of`` alone.

        w <- a step of ``of`` from w,  from w = x, with the gradient at w
        t <= begin:  x <- w
        else:        x <- x + (w - x) / (k + 1),  k points in the mean so far, one taken every ``every`` steps

    As ``torch.optim.swa_utils.AveragedModel``, made after step ``begin``. Best with a constant, large rate.

    Reference: P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov, A. G. Wilson, "Averaging Weights Leads to Wider
    Optima and Better Generalization", 2018, algorithm 1.

    >>> import landscape as ls
    >>> t = ls.descend("sphere", StochasticWeightAverage(learning_rate=0.25, begin=1), [[4.0, 0.0]], 3)  # 4 2 1 .5
    >>> t.points[0, :, 0].tolist()
    [4.0, 2.0, 1.0, 0.75]
    """

    learning_rate: float = step_size(0.001)
    begin: int = parameter(100, 0, 10_000, mark("steps before averaging"), integer=True, minimum=0)
    every: int = parameter(1, 1, 100, mark("steps from one point of the mean to the next"), integer=True, minimum=1)
    of: Optimizer = part("optimizer", "sgd")

    key, title, group = "weight_average", mark("Weight average (SWA)"), mark("averages")
    look = ("purple", 5)

    def mean(self, x: Array, w: Array, t: int) -> Array:
        later = t - self.begin - 1  # steps since the mean began
        if later < 0:
            return w.copy()
        if later % self.every:
            return x.copy()
        return x + (w - x) / (later // self.every + 1)


@dataclass(frozen=True)
class ReduceOnPlateau(Wrapper):
    """Any optimizer, whose learning rate falls when the loss has not fallen for some steps; each start has its own.

        x <- a step of ``of`` with learning rate r learning_rate,  from r = 1
        f(x before it) < b - threshold |b|:  b <- that f(x), k <- 0;  else k <- k + 1,  from no b
        k > patience:  r <- r factor, k <- 0

    A schedule that sees the loss, and so no function of the step. As ``torch.optim.lr_scheduler.ReduceLROnPlateau`` in
    mode "min" with threshold_mode "rel" and no cooldown, told the loss of every step; a loss below 0 has to fall by a
    share of its size too. The loss is the surface's own, without noise.

    >>> import landscape as ls
    >>> kinked = ls.formula("abs(x)", (-2, 2))
    >>> t = ls.descend(kinked, ReduceOnPlateau(learning_rate=0.5, patience=2), [[0.8]], 60)
    >>> bool(abs(t.final_points[0, 0]) < 0.01)  # a constant rate goes to and fro for ever
    True
    """

    learning_rate: float = step_size(0.001)
    factor: float = parameter(0.1, 0.01, 1.0, mark("factor of each fall"), minimum=0.0, maximum=1.0)
    patience: int = parameter(10, 0, 1000, mark("steps without a lower loss that are borne"), integer=True, minimum=0)
    threshold: float = parameter(1e-4, 1e-8, 0.1, mark("share by which the loss has to fall"), log=True, minimum=0.0)
    of: Optimizer = part("optimizer", "sgd")

    key, title, group = "reduce_on_plateau", mark("Reduced on plateau"), mark("round another")
    look = ("orange", 4)

    def init(self, x: Array) -> State:
        """Return the state of ``of``, and of each start the best loss, the steps without a better one, and r, (S,)."""
        n = len(x)
        return self.inner.init(x), np.full(n, np.inf), np.zeros(n), np.ones(n)

    def within(self, x: Array, state: State, learning_rate: Any) -> tuple[Array, State, Any]:
        return x, state[0], learning_rate * state[3][:, None]

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        inside, best, idle, share = state
        f = step.loss
        x, inside = self.inner.update(step._replace(learning_rate=step.learning_rate * share[:, None]), inside)
        better = f < best - self.threshold * np.where(np.isfinite(best), np.abs(best), 0.0)
        idle = np.where(better, 0.0, idle + 1.0)
        falls = idle > self.patience
        share = np.where(falls, share * self.factor, share)
        return x, (inside, np.where(better, f, best), np.where(falls, 0.0, idle), share)
