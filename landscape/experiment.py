"""A recipe that runs itself, and what the run gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.descent import descend
from landscape.descent.trajectory import Trajectory
from landscape.recipe.recipe import Recipe

if TYPE_CHECKING:
    from landscape.scene import Scene


@dataclass(frozen=True)
class Experiment(Recipe):
    """Surface, optimizers, starts, steps, schedule, noise and seed, ready to run (``landscape.recipe.recipe``).

    Every optimizer gets the same starts, the same number of steps, the same schedule and the same noise; what its
    steps cost is in ``Trajectory.spent``.

    >>> x = Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-4)], n_steps=50)
    >>> Experiment.from_json(x.to_json()) == x
    True
    """

    def run(self, keep: int | None = None) -> Run:
        """Descend with every optimizer from every start; in many dimensions ``keep`` so many points of each path."""
        return Run(
            self,
            tuple(
                descend(self.surface, optimizer, self.points, self.n_steps, self.schedule, self.noise, self.seed, keep)
                for optimizer in self.optimizers
            ),
        )


@dataclass(frozen=True, eq=False)
class Run:
    """An experiment with the trajectories it gave, one for each of its optimizers, in their order."""

    experiment: Experiment
    trajectories: tuple[Trajectory, ...]

    def scene(self, **options: Any) -> Scene:
        """Return the descent scene of this run; the options are those of ``landscape.scenes.descent_scene``."""
        from landscape.scenes.descent import descent_scene

        return descent_scene(self, **options)
