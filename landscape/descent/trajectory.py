"""What a run leaves behind: points, values and gradient norms of every path, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.descent.outcome import SMALL_GRADIENT, Outcome, Verdict, judge
from landscape.errors import of_kind
from landscape.language import tr
from landscape.optimizers.base import Optimizer
from landscape.recipe.given import whole
from landscape.surfaces.base import Array, Surface

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MOST_COLUMNS = 16
"""Up to so many coordinates stand in a table unless it is asked for them."""

__all__ = ["SMALL_GRADIENT", "Outcome", "Trajectory", "Verdict", "intervals_below"]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The paths of one optimizer from S starts over T steps of an n-dimensional surface.

    ``points`` (S, T+1, n), ``values`` (S, T+1) and ``gradient_norms`` (S, T+1) at step t belong together: f and
    |grad f| are those of the surface at that very point, without noise. ``last`` (S,) is the last step at which all
    three are finite; beyond it they are NaN. ``learning_rates`` (T,) are the scheduled ones.

    What each path asked of the surface in order to move is counted: ``gradients``, ``hessian_vector_products`` and
    ``hessians`` (S,). ``spent`` (S, T+1) is the sum of it up to each step, in gradients: a product counts one, a
    Hessian n. It is what makes steps of different optimizers comparable.

    A lean run (``descend(..., keep=K)``) holds the points of the steps ``point_steps`` (K,) alone, ``points`` being
    (S, K, n); all else is whole. ``projections`` (S, T+1, D) are those on the directions that ``descend`` was given.
    """

    surface: Surface
    optimizer: Optimizer
    points: Array = field(repr=False)
    values: Array = field(repr=False)
    gradient_norms: Array = field(repr=False)
    last: NDArray[np.int64]
    learning_rates: Array = field(repr=False)
    spent: NDArray[np.int64] = field(repr=False)
    gradients: NDArray[np.int64] = field(repr=False)
    hessian_vector_products: NDArray[np.int64] = field(repr=False)
    hessians: NDArray[np.int64] = field(repr=False)
    point_steps: NDArray[np.int64] = field(repr=False)
    projections: Array = field(repr=False)
    thinned_final: Array | None = field(default=None, repr=False)
    _judged: tuple[Verdict, ...] = field(default=(), init=False, repr=False)

    @property
    def n_starts(self) -> int:
        """Number of paths S."""
        return len(self.values)

    @property
    def n_steps(self) -> int:
        """Number of steps T."""
        return self.values.shape[1] - 1

    @property
    def evaluations(self) -> NDArray[np.int64]:
        """What each path had asked when it came to its last point, in gradients, (S,)."""
        return self.spent[np.arange(self.n_starts), self.last]

    def last_within(self, budget: int) -> NDArray[np.int64]:
        """Return the last step of each path that at most ``budget`` gradients pay for, (S,).

        >>> import landscape as ls
        >>> t = ls.descend(ls.surface("himmelblau"), ls.Newton(), [[1.0, 2.0]], 5)  # a gradient and a Hessian a step
        >>> t.spent[0].tolist(), t.last_within(10).tolist()
        ([0, 3, 6, 9, 12, 15], [3])
        """
        within = (self.spent <= budget).sum(axis=1) - 1
        return np.minimum(within, self.last)

    def known(self, start: int, steps: ArrayLike) -> tuple[NDArray[np.int64], Array]:
        """Return steps (K,) and points (K, n) of a path: of each of ``steps``, or of the last one kept before it.

        What two of them share comes once, and what lies after the path's last finite step is left out.

        >>> import landscape as ls
        >>> lean = ls.descend("himmelblau", "sgd", [[1.0, 2.0]], 100, keep=11)
        >>> lean.known(0, [0, 34, 38, 41, 100])[0].tolist()
        [0, 30, 40, 100]
        """
        wanted = np.asarray(steps, dtype=np.int64)
        places = np.searchsorted(self.point_steps, wanted[wanted <= self.last[start]], side="right") - 1
        kept = np.unique(places)
        return self.point_steps[kept], self.points[start, kept]

    @property
    def final_points(self) -> Array:
        """The last finite point of each path, (S, n), exact in a lean run too."""
        if self.thinned_final is not None:
            return self.thinned_final
        return self.points[np.arange(self.n_starts), self.last]

    @property
    def final_values(self) -> Array:
        """The loss at the last finite point of each path, (S,)."""
        return self.values[np.arange(self.n_starts), self.last]

    @property
    def final_gradient_norms(self) -> Array:
        """The gradient norm at the last finite point of each path, (S,)."""
        return self.gradient_norms[np.arange(self.n_starts), self.last]

    @property
    def judgements(self) -> tuple[Verdict, ...]:
        """Outcome, sentence and critical point of each path."""
        # No cached_property: until Python 3.12 that has one lock for all trajectories, and judging may take seconds.
        if not self._judged:
            object.__setattr__(self, "_judged", tuple(judge(self, start) for start in range(self.n_starts)))
        return self._judged

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How each path ended."""
        return tuple(verdict.outcome for verdict in self.judgements)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """One sentence a path, with numbers in it."""
        return tuple(verdict.sentence for verdict in self.judgements)

    def plateaus(
        self, threshold: float | Array = SMALL_GRADIENT, min_steps: int | None = None
    ) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return for each path the (first, last) steps of its plateaus.

        A plateau is a run of at least ``min_steps`` steps (default: a fiftieth of the run, 5 at the least) with a
        gradient norm below ``threshold``, one for all paths or one each, (S,). What is quiet once the path has come
        to stay near the minimum where it ends is rest, or the turning points of a path that circles there: no plateau.
        """
        min_steps = max(5, self.n_steps // 50) if min_steps is None else whole("min_steps", min_steps, 1)
        found = []
        thresholds = np.broadcast_to(threshold, self.n_starts)
        for norms, verdict, flat in zip(self.gradient_norms, self.judgements, thresholds, strict=True):
            runs = intervals_below(norms, float(flat), min_steps)
            if verdict.outcome is Outcome.MINIMUM:
                before = [(a, min(b, verdict.near_since - 1)) for a, b in runs]
                runs = tuple((a, b) for a, b in before if b - a + 1 >= min_steps)
            found.append(runs)
        return tuple(found)

    def to_pandas(self, points: bool | None = None) -> pd.DataFrame:
        """Return a table with a row for each start and step: start, step, loss, gradient_norm, and the coordinates.

        ``points`` asks for the coordinates, a column each (a lean run has those of the steps that it kept, NaN
        elsewhere); by default up to ``MOST_COLUMNS`` of them.
        """
        import pandas as pd

        n_starts, n_points = self.values.shape
        columns: dict[str, NDArray[Any]] = {
            "start": np.repeat(np.arange(n_starts), n_points),
            "step": np.tile(np.arange(n_points), n_starts),
            "loss": self.values.ravel(),
            "gradient_norm": self.gradient_norms.ravel(),
        }
        if points or (points is None and self.surface.n_dims <= MOST_COLUMNS):
            every = np.full((n_starts, n_points, self.surface.n_dims), np.nan)
            every[:, self.point_steps] = self.points
            columns |= dict(zip(self.surface.variables, every.reshape(-1, self.surface.n_dims).T, strict=True))
        return pd.DataFrame(columns)

    def to_xarray(self) -> xr.Dataset:
        """Return losses and gradient norms (start, step) and points (start, point_step, dimension); needs xarray."""
        import xarray as xr

        return xr.Dataset(
            {
                "loss": (("start", "step"), self.values),
                "gradient_norm": (("start", "step"), self.gradient_norms),
                "point": (("start", "point_step", "dimension"), self.points),
            },
            {
                "step": np.arange(self.n_steps + 1),
                "point_step": self.point_steps,
                "dimension": list(self.surface.variables),
                "outcome": ("start", [outcome.word for outcome in self.outcomes]),
            },
            {"surface": self.surface.title, "optimizer": self.optimizer.label},
        )

    def steps_to_leave(
        self, threshold: float | Array = SMALL_GRADIENT, min_steps: int | None = None
    ) -> tuple[int | None, ...]:
        """Return for each path the step at which it left its last plateau, 0 without one, ``None`` if it never did."""
        return tuple(
            0 if not runs else None if runs[-1][1] == last else runs[-1][1] + 1
            for runs, last in zip(self.plateaus(threshold, min_steps), self.last, strict=True)
        )


def trajectories_of(given: Trajectory | Iterable[Trajectory]) -> tuple[Trajectory, ...]:
    """Return one trajectory or several as a tuple; raise ``TypeError`` for others and ``ValueError`` for none."""
    if isinstance(given, Trajectory):
        return (given,)
    if not isinstance(given, Iterable):
        raise TypeError(
            tr(
                "trajectories are those of a run, run.trajectories, or of ls.descend, not {type}",
                type=type(given).__name__,
            )
        )
    found = tuple(given)
    for one in found:
        of_kind(one, Trajectory, tr("trajectories are those of a run, run.trajectories, or of ls.descend"))
    if not found:
        raise ValueError(tr("there is no trajectory to look at"))
    return found


def intervals_below(values: Array, threshold: float, min_steps: int = 1) -> tuple[tuple[int, int], ...]:
    """Return the (first, last) indices of the runs of at least ``min_steps`` values below ``threshold``; NaN is not.

    >>> intervals_below(np.array([2.0, 0.1, 0.2, 3.0, 0.1]), 1.0)
    ((1, 2), (4, 4))
    """
    below = np.concatenate([[False], values < threshold, [False]])
    edges = np.flatnonzero(below[1:] != below[:-1]).reshape(-1, 2)
    return tuple((int(a), int(b) - 1) for a, b in edges if b - a >= min_steps)
