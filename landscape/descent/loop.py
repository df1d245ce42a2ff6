"""The one recording loop: many starts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape import stopping
from landscape.descent.trajectory import Trajectory
from landscape.language import tr
from landscape.optimizers.base import Optimizer, Step
from landscape.optimizers.noise import Noise, SeenThrough, generators
from landscape.optimizers.schedules import Schedule
from landscape.progress import Progress, counting
from landscape.recipe.given import a_noise, a_schedule, a_surface, an_optimizer, whole
from landscape.recipe.starts import Starts, start_points
from landscape.surfaces.base import Array, Surface

MAX_NUMBERS = 500_000_000
"""The largest number of float64 that a run may take while it is recorded (4 GB)."""

_PER_STEP = 8
"""Numbers that a step of a path takes beside its points: loss, gradient norm and evaluations, and masks, and all of
them a second time while they are put path by path; its points are then there twice too, and once masked."""

_CHUNK = 256


class CountingOracle:
    """The surface as an optimizer beyond first order may ask it, counting what each start asks, (S,) of each kind.

    ``evaluations`` is their sum in gradients, so far: a Hessian-vector product counts one, a Hessian in n dimensions
    n, as much as the gradient differences that would give it.
    """

    def __init__(self, surface: Surface, n_starts: int) -> None:
        self.surface = surface
        asked = np.zeros((4, n_starts), dtype=np.int64)
        self.evaluations, self.gradients, self.hessian_vector_products, self.hessians = asked

    def value_and_gradient(self, x: Array, rows: NDArray[np.int64] | None = None) -> tuple[Array, Array]:
        """Return f and gradient; counts one for each start that asks."""
        self._count(self.gradients, rows, 1)
        return self.surface.value_and_gradient(x)

    def hessian(self, x: Array, rows: NDArray[np.int64] | None = None) -> Array:
        """Return the Hessians."""
        self._count(self.hessians, rows, self.surface.n_dims)
        return self.surface.hessian(x)

    def hessian_vector_product(self, x: Array, v: Array, rows: NDArray[np.int64] | None = None) -> Array:
        """Return the Hessians times ``v``."""
        self._count(self.hessian_vector_products, rows, 1)
        return self.surface.hessian_vector_product(x, v)

    def _count(self, asked: NDArray[np.int64], rows: NDArray[np.int64] | None, gradients: int) -> None:
        """Count a question of ``rows``, or of all, that is worth so many gradients, and ask whether to go on."""
        stopping.check()
        those = slice(None) if rows is None else rows
        asked[those] += 1
        self.evaluations[those] += gradients


def descend(
    surface: Surface | str,
    optimizer: Optimizer | str,
    starts: Starts | ArrayLike,
    n_steps: int,
    schedule: Schedule | Callable[[int], float] | str | None = None,
    noise: Noise | Callable[..., Any] | None = None,
    seed: int = 0,
    keep: int | None = None,
    directions: ArrayLike | None = None,
    origin: ArrayLike | None = None,
    *,
    progress: Progress = None,
) -> Trajectory:
    """Step ``optimizer`` over ``surface`` from every start and record every step.

    Surface, optimizer and schedule may be given by name. ``starts`` (S, n), (n,) for one, or a rule that makes
    them (``landscape.recipe.starts``). ``schedule`` multiplies
    the learning rate step by step; ``noise`` changes the gradient that the optimizer sees (Gaussian noise is added to
    it, minibatches look at a few examples only), never what is recorded. The same ``seed`` gives the same run, and a
    start's path does not depend on the other starts.
    A path whose point, loss or gradient norm overflows ends at its last finite step; the others go on.

    In many dimensions the points are what fills memory. With ``keep`` = K >= 2 only those of at most K evenly spread
    steps are kept, first and last among them (``Trajectory.point_steps``), and the last finite one of each path; loss
    and gradient norm are recorded at every step as ever. Principal components of the kept points are those of all only
    where a path moves little from one kept point to the next. ``directions`` (D, n) are looked along as it runs:
    ``Trajectory.projections`` (S, T+1, D) are the products of x - ``origin`` with them, at every step, ``origin`` (n,)
    being 0 if not given. ``progress`` is told every step (``landscape.progress``).

    Raises ``ValueError`` for starts of the wrong shape or not finite, for a number of steps that is negative, for
    directions or an origin of the wrong shape or not finite, for a ``keep`` below 2, and for a run too large for
    memory; ``TypeError`` where ``n_steps`` or ``keep`` is not a whole number.

    >>> import landscape as ls
    >>> t = ls.descend(ls.surface("framework_example"), ls.SGD(learning_rate=0.01), [[0.0]], 1000)
    >>> [round(float(t.points[0, k, 0]), 8) for k in (0, 1, 1000)]
    [0.0, 0.2, 9.99999998]
    """
    surface, optimizer = a_surface(surface), an_optimizer(optimizer)
    optimizer.check_blocks(surface.blocks)
    schedule, noise = a_schedule(schedule), a_noise(noise)
    x = start_points(surface, starts)
    n_steps, seed = whole("n_steps", n_steps), whole("seed", seed)
    n_starts, n_dims = x.shape
    along, centre = _looked_along(directions, origin, n_dims)
    _refuse_what_does_not_fit(n_starts, n_steps, n_dims, len(along), keep)
    kept = kept_steps(n_steps, keep)
    rates = optimizer.rates(n_steps, schedule)
    seen_through = None if noise is None else SeenThrough(lambda: noise.view(surface, seed, n_starts, n_steps))
    rngs = generators(seed, n_starts, lane=1) if optimizer.draws else []
    oracle, blocks = CountingOracle(surface, n_starts), surface.blocks

    points = np.full((len(kept), n_starts, n_dims), np.nan)
    projections = np.full((n_steps + 1, n_starts, len(along)), np.nan)
    finite_points = np.zeros((n_steps + 1, n_starts), dtype=bool)
    spent = np.zeros((n_steps + 1, n_starts), dtype=np.int64)
    final, going, at = x.copy(), np.ones(n_starts, dtype=bool), 0
    values = np.full((n_steps + 1, n_starts), np.nan)
    norms = np.full((n_steps + 1, n_starts), np.nan)
    chunk = _CHUNK if keep is None else 1
    gradients = np.empty((chunk, n_starts, n_dims))
    state = optimizer.init(x)
    # Overflow is an outcome here, not a fault: what is not finite is found below and ends its path.
    told = counting(n_steps, optimizer.label, progress)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"), told as count:
        for t in range(n_steps + 1):
            stopping.check()
            slot = t % chunk
            spent[t] = t + oracle.evaluations
            if t == kept[at]:
                points[at] = x
                at += 1
            if len(along):
                projections[t] = (x - centre) @ along.T
            values[t], g = surface.value_and_gradient(x)
            gradients[slot] = g
            if slot == chunk - 1 or t == n_steps:
                since = slice(t - slot, t + 1)
                norms[since] = np.linalg.norm(gradients[: slot + 1], axis=-1)
                finite_points[since] = np.isfinite(x if keep is not None else points[since]).all(axis=-1)
                if not finite_points[t].any():
                    spent[t:] = spent[t]
                    break
            if keep is not None:
                going &= finite_points[t] & np.isfinite(values[t]) & np.isfinite(norms[t])
                final[going] = x[going]
            if t == n_steps:
                break
            looked = optimizer.looks_at(x, state, t + 1, rates[t])
            if looked is not x:
                g = surface.gradient(looked)
            if seen_through is not None:
                seen_through.begin_step()
                g = seen_through(looked, g)
            step = Step(x, g, t + 1, rates[t], rngs, oracle, values[t], blocks, seen_through)
            x, state = optimizer.stepped(step, state)
            x = surface.retract(x)
            count.advance()

    finite = np.isfinite(values) & np.isfinite(norms) & finite_points
    ended = np.logical_or.accumulate(~finite, axis=0)
    last = np.maximum(n_steps - ended.sum(axis=0), 0)
    ended[0] = False  # a start is a point even where the surface has no value
    for recorded in (values, norms, projections):
        recorded[ended] = np.nan
    points[ended[kept]] = np.nan
    return Trajectory(
        surface=surface,
        optimizer=optimizer,
        points=np.ascontiguousarray(points.swapaxes(0, 1)) if keep is None else points.swapaxes(0, 1),
        values=np.ascontiguousarray(values.T),
        gradient_norms=np.ascontiguousarray(norms.T),
        last=last,
        learning_rates=rates,
        spent=np.ascontiguousarray(spent.T),
        gradients=last + oracle.gradients,
        hessian_vector_products=oracle.hessian_vector_products,
        hessians=oracle.hessians,
        point_steps=kept,
        thinned_final=None if keep is None else final,
        projections=projections.swapaxes(0, 1),
    )


def kept_steps(n_steps: int, keep: int | None) -> NDArray[np.int64]:
    """Return the steps whose points are kept: all, or at most ``keep`` evenly spread ones with the first and last.

    >>> kept_steps(10, 4).tolist()
    [0, 3, 7, 10]
    """
    if keep is None:
        return np.arange(n_steps + 1)
    keep = whole("keep", keep)
    if keep < 2:
        raise ValueError(tr("keep must be at least 2, the first and the last point, not {keep}", keep=keep))
    return np.unique(np.rint(np.linspace(0, n_steps, min(keep, n_steps + 1))).astype(np.int64))


def _refuse_what_does_not_fit(n_starts: int, n_steps: int, n_dims: int, n_directions: int, keep: int | None) -> None:
    """Raise ``ValueError`` with the number of steps, and of points kept, that would fit."""
    run = {"starts": n_starts, "steps": n_steps, "dimensions": n_dims}
    room, per_step = MAX_NUMBERS // n_starts, 2 * n_directions + _PER_STEP
    left = room - (n_steps + 1) * per_step
    if keep is None:
        most = max(room // (3 * n_dims + per_step) - 1, 0)
        if n_steps > most:
            if left >= 2 * n_dims:
                raise ValueError(
                    tr(
                        "{starts} starts × {steps} steps in {dimensions} dimensions do not fit in memory; at most "
                        "{most} steps do, or all of them with keep={keep} or less",
                        **run,
                        most=most,
                        keep=left // n_dims,
                    )
                )
            raise ValueError(
                tr(
                    "{starts} starts × {steps} steps in {dimensions} dimensions do not fit in memory; at most {most} "
                    "steps do",
                    **run,
                    most=most,
                )
            )
        return
    if left < 2 * n_dims:
        most = max((room - 2 * n_dims) // per_step - 1, 0)
        raise ValueError(
            tr(
                "{starts} starts × {steps} steps in {dimensions} dimensions do not fit in memory, whatever is kept; "
                "at most {most} steps do",
                **run,
                most=most,
            )
        )
    if min(keep, n_steps + 1) * n_dims > left:
        raise ValueError(
            tr(
                "{starts} starts × {steps} steps in {dimensions} dimensions do not fit in memory; keep at most {most} "
                "points",
                **run,
                most=left // n_dims,
            )
        )


def _looked_along(directions: ArrayLike | None, origin: ArrayLike | None, n_dims: int) -> tuple[Array, Array]:
    """Return directions (D, n) and origin (n,); none are zero rows."""
    along = np.zeros((0, n_dims)) if directions is None else np.atleast_2d(np.asarray(directions, dtype=float))
    centre = np.zeros(n_dims) if origin is None else np.asarray(origin, dtype=float)
    for name, given, shape in (("directions", along, (len(along), n_dims)), ("origin", centre, (n_dims,))):
        if given.shape != shape:
            raise ValueError(
                tr(
                    "{argument} must have {n_dims} coordinates each, but the shape is {shape}",
                    argument=name,
                    n_dims=n_dims,
                    shape=given.shape,
                )
            )
        if not np.isfinite(given).all():
            raise ValueError(tr("{argument} must be finite", argument=name))
    return along, centre
