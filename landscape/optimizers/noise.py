"""What stands between the gradient of the surface and the one that an optimizer sees, all of it seeded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from landscape.declared import Declared, Registry, name_of, of_function
from landscape.language import mark, tr, trn
from landscape.parameter import parameter

Array = NDArray[np.float64]

# Numbers drawn at a time, for all starts together: 2 MB.
CHUNK = 2**18


def generators(seed: int, n_starts: int, lane: int = 0) -> list[np.random.Generator]:
    """Return one Generator a start, seeded [seed, start, lane], so that no start depends on its neighbours.

    Lane 0 is the noise on the gradient and lane 2 the order of minibatches; an optimizer that draws takes lane 1,
    else its steps and the noise would be the same numbers.
    """
    return [np.random.default_rng([seed, start, lane]) for start in range(n_starts)]


@dataclass(frozen=True)
class Noise(Declared, ABC):
    """What changes the gradient that an optimizer sees, and never what is recorded."""

    @abstractmethod
    def view(self, surface: Any, seed: int, n_starts: int, n_steps: int) -> Callable[[Array, Array], Array]:
        """Return what turns points (S, n) and gradients (S, n) into the gradients seen, called once a step."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What it is, with its numbers, for captions."""


class SeenThrough:
    """A noise as a run meets it: within a step every look at the surface sees the same draw, or the same examples.

    A view draws anew whenever it is called. So each look of a step has a view of its own, all of them of one seed.
    """

    def __init__(self, view: Callable[[], Callable[[Array, Array], Array]]) -> None:
        self._view = view
        self._views = [view()]
        self._drawn = [0]
        self._step = self._looks = 0

    def begin_step(self) -> None:
        self._step, self._looks = self._step + 1, 0

    def __call__(self, x: Array, gradients: Array) -> Array:
        """Return the gradients (S, n) at the points (S, n) as this step lets them be seen."""
        look = self._looks
        self._looks += 1
        if look == len(self._views):
            self._views.append(self._view())
            self._drawn.append(0)
        while self._drawn[look] < self._step:  # a rule need not look as often at every step
            seen = self._views[look](x, gradients)
            self._drawn[look] += 1
        return seen


@dataclass(frozen=True)
class GaussianNoise(Noise):
    """Isotropic Gaussian noise on the gradient: g + scale / t^decay * xi at step t = 1, 2, ..., xi ~ N(0, I).

    ``scale`` is the standard deviation in each coordinate at the first step. The annealed noise of Neelakantan et al.
    has variance eta / (1 + k)^gamma at k = 0, 1, ...: scale = sqrt(eta), decay = gamma / 2, with k = t - 1; they take
    gamma .55, which is decay .275. Decay 0 is constant noise, as of a minibatch whose spread does not change.

    Reference: A. Neelakantan et al., "Adding Gradient Noise Improves Learning for Very Deep Networks", 2015,
    equation (1).

    >>> for noise in GaussianNoise(scale=0.5).stream(seed=0, n_starts=2, n_dims=2, n_steps=1):
    ...     print(noise.round(3))
    [[ 0.063 -0.066]
     [ 0.051 -0.49 ]]
    """

    scale: float = parameter(0.1, 0.0, 10.0, mark("standard deviation at the first step"), minimum=0.0)
    decay: float = parameter(0.0, 0.0, 2.0, mark("power of the step by which it falls"), minimum=0.0)

    key, title = "gaussian", mark("Gaussian")

    def stream(self, seed: int, n_starts: int, n_dims: int, n_steps: int) -> Iterator[Array]:
        """Yield for the steps t = 1 .. ``n_steps`` what is added to the gradients, (n_starts, n_dims).

        Start i draws from its own Generator seeded [seed, i]: its noise depends neither on the other starts nor on
        the optimizer, and a longer run begins with the same numbers.
        """
        rngs = generators(seed, n_starts)
        rows = max(1, CHUNK // max(1, n_starts * n_dims))
        for first in range(0, n_steps, rows):
            steps = np.arange(first + 1, min(first + rows, n_steps) + 1)
            drawn = np.stack([rng.standard_normal((steps.size, n_dims)) for rng in rngs], axis=1)
            drawn *= (self.scale / steps**self.decay)[:, None, None]
            yield from drawn

    def view(self, surface: Any, seed: int, n_starts: int, n_steps: int) -> Callable[[Array, Array], Array]:
        stream = self.stream(seed, n_starts, surface.n_dims, n_steps)
        return lambda x, g: g + next(stream)

    @property
    def words(self) -> str:
        """Scale, and decay where there is any."""
        if not self.decay:
            return tr("gradient noise: scale {scale:g}", scale=self.scale)
        return tr("gradient noise: scale {scale:g}, decay {decay:g}", scale=self.scale, decay=self.decay)


@runtime_checkable
class OverData(Protocol):
    """A surface that is a mean over examples, as far as minibatches need it."""

    @property
    def n_rows(self) -> int:
        """Number of examples m."""

    @property
    def smallest_batch(self) -> int:
        """The fewest examples that a gradient can be taken over."""

    def minibatch_value_and_gradient(self, x: Array, rows: NDArray[np.int64]) -> tuple[Array, Array]:
        """Return loss (S,) and gradient (S, n) over the examples ``rows`` (S, B)."""


@dataclass(frozen=True)
class Minibatches(Noise):
    """The optimizer sees the gradient over ``size`` examples; what is recorded stays that of all of them.

    Each start goes through the data in an order of its own, drawn anew every epoch, and meets every example at most
    once an epoch: the examples that do not fill a last batch sit that epoch out (``drop_last`` in PyTorch). All
    optimizers meet the same batches. Use only with a surface over data (``landscape.surfaces.networks``).

    >>> for rows in Minibatches(size=2).rows(seed=0, n_starts=1, n_rows=4, n_steps=2):
    ...     print(rows.tolist())
    [[1, 2]]
    [[3, 0]]
    """

    size: int = parameter(32, 1, 512, mark("examples in each gradient"), log=True, integer=True, minimum=1)

    key, title = "minibatches", mark("Minibatches")

    def rows(self, seed: int, n_starts: int, n_rows: int, n_steps: int) -> Iterator[NDArray[np.int64]]:
        """Yield for the steps t = 1 .. ``n_steps`` the examples that each start looks at, (n_starts, size)."""
        rngs = generators(seed, n_starts, lane=2)
        batches = n_rows // self.size
        for step in range(n_steps):
            if step % batches == 0:
                order = np.stack([rng.permutation(n_rows)[: batches * self.size] for rng in rngs])
            first = step % batches * self.size
            yield order[:, first : first + self.size]

    def view(self, surface: Any, seed: int, n_starts: int, n_steps: int) -> Callable[[Array, Array], Array]:
        """Return what turns points (S, n) and their gradients into the gradients seen at the next step.

        Raises ``TypeError`` for a surface without data, ``ValueError`` for a size that is more than the data have or
        less than the network can use.
        """
        if not isinstance(surface, OverData):
            raise TypeError(
                tr("minibatches need a surface over data; {surface!r} has no examples", surface=surface.name)
            )
        if self.size > surface.n_rows:
            raise ValueError(
                trn(
                    "a minibatch of {size} is more than the {n} example of the data",
                    "a minibatch of {size} is more than the {n} examples of the data",
                    surface.n_rows,
                    size=self.size,
                )
            )
        if self.size < surface.smallest_batch:
            raise ValueError(
                tr(
                    "a minibatch of {size} is too small: batch normalization needs at least {least} examples, since "
                    "over one every normalized value is 0 whatever the weights",
                    size=self.size,
                    least=surface.smallest_batch,
                )
            )
        rows = self.rows(seed, n_starts, surface.n_rows, n_steps)
        return lambda x, g: surface.minibatch_value_and_gradient(x, next(rows))[1]

    @property
    def words(self) -> str:
        return tr("minibatches of {size}", size=self.size)


@dataclass(frozen=True)
class OfDraw(Noise):
    """A plain function of (rng, gradient, t): the gradient (n,) that one start sees at step t = 1, 2, ...

    ``rng`` is the start's own generator, seeded by the run's seed and its number, ``gradient`` (n,) the surface's.
    """

    @abstractmethod
    def called(self) -> Callable[[np.random.Generator, Array, int], Array]:
        """Return the function."""

    def view(self, surface: Any, seed: int, n_starts: int, n_steps: int) -> Callable[[Array, Array], Array]:
        rngs, steps = generators(seed, n_starts), count(1)

        def seen(x: Array, gradients: Array) -> Array:
            t = next(steps)
            return np.array([self._of_one(rng, g.copy(), t) for rng, g in zip(rngs, gradients, strict=True)])

        return seen

    def _of_one(self, rng: np.random.Generator, gradient: Array, t: int) -> Array:
        given = np.asarray(self.called()(rng, gradient, t))
        if given.shape != gradient.shape or given.dtype.kind not in "iuf":
            raise TypeError(
                tr(
                    "the noise {noise!r} must give a gradient of {n_dims} numbers; at step {step} it gives an array "
                    "of shape {shape} and type {type}",
                    noise=self.title,
                    n_dims=len(gradient),
                    step=t,
                    shape=given.shape,
                    type=given.dtype,
                )
            )
        return given

    @property
    def words(self) -> str:
        return tr("gradient noise: {noise}", noise=self.title)


@dataclass(frozen=True)
class Plain(OfDraw):
    """A function that nobody has registered: it runs, and no recipe can name it."""

    function: Callable[[np.random.Generator, Array, int], Array]

    key = "function"

    def called(self) -> Callable[[np.random.Generator, Array, int], Array]:
        return self.function

    @property
    def title(self) -> str:  # type: ignore[override]
        return name_of(self.function)


NOISES: Registry[Noise] = Registry(
    mark("noise"),
    Noise,
    (GaussianNoise, Minibatches),
    of_function=partial(of_function, OfDraw),
    n_given=3,
)
"""Key -> class, in the order to show them."""


def noise_of(function: Callable[[np.random.Generator, Array, int], Array]) -> OfDraw:
    """Return a function as a noise, the registered one where it is that."""
    known = NOISES.get(getattr(function, "__name__", ""))
    made = known() if known is not None and issubclass(known, OfDraw) else None
    return made if made is not None and made.called() is function else Plain(function)
