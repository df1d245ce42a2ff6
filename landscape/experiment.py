"""A recipe that runs itself, and what the run gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.descent import descend
from landscape.descent.outcome import Verdict
from landscape.descent.trajectory import Trajectory
from landscape.progress import Progress, counting
from landscape.recipe.recipe import Recipe
from landscape.words import count

if TYPE_CHECKING:
    from landscape.scene import Scene


@dataclass(frozen=True, init=False)  # made as every recipe, from what that takes
class Experiment(Recipe):
    """Surface, optimizers, starts, steps, schedule, noise and seed, ready to run (``landscape.recipe.recipe``).

    Every optimizer gets the same starts, the same number of steps, the same schedule and the same noise; what its
    steps cost is in ``Trajectory.spent``.

    >>> x = Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-4)], n_steps=50)
    >>> Experiment.from_json(x.to_json()) == x
    True
    """

    def run(self, keep: int | None = None, *, progress: Progress = None) -> Run:
        """Descend with every optimizer from every start; in many dimensions ``keep`` so many points of each path.

        ``progress`` is told every step (``landscape.progress``).
        """
        made = []
        with counting(self.n_steps * len(self.optimizers), "descent", progress) as count:
            for optimizer in self.optimizers:
                with count.part(self.n_steps, optimizer.label):
                    made.append(
                        descend(
                            self.surface,
                            optimizer,
                            self.points,
                            self.n_steps,
                            self.schedule,
                            self.noise,
                            self.seed,
                            keep,
                        )
                    )
        return Run(self, tuple(made))


ENDS = {
    "minimum": "at a minimum",
    "local minimum": "at a local minimum",
    "saddle": "on a saddle",
    "maximum": "on a maximum",
    "plateau": "on a plateau",
    "moving": "still moving",
    "outside": "outside the picture",
    "undefined": "never started",
}
"""How a path ended, by ``Verdict.end``, in words that follow "is"; others stand for themselves."""


def _end(verdict: Verdict) -> str:
    return f"beside a {verdict.end}" if verdict.away else ENDS.get(verdict.end, verdict.end)


@dataclass(frozen=True, eq=False)
class Run:
    """An experiment with the trajectories it gave, one for each of its optimizers, in their order.

    >>> run = Experiment("saddle", ("sgd", "adam"), [(1.0, 0.0)], n_steps=50).run()
    >>> [path.optimizer.key for path in run.trajectories], run.words
    (['sgd', 'adam'], 'After 50 steps: SGD (lr 0.001), Adam (lr 0.001) still moving.')
    """

    experiment: Experiment
    trajectories: tuple[Trajectory, ...]

    @property
    def words(self) -> str:
        """How the paths ended, in one sentence."""
        steps, n_starts = self.experiment.n_steps, self.experiment.n_starts
        ended: dict[str, list[str]] = {}
        for optimizer, trajectory in zip(self.experiment.optimizers, self.trajectories, strict=True):
            for end, n in Counter(_end(v) for v in trajectory.judgements).items():
                ended.setdefault(end, []).append(optimizer.label + (f" {n} of {n_starts}" if n < n_starts else ""))
        said = "; ".join(f"{', '.join(labels)} {end}" for end, labels in ended.items())
        return f"After {count(steps, 'step')}: {said}."

    def scene(self, **options: Any) -> Scene:
        """Return the descent scene of this run; the options are those of ``landscape.scenes.descent_scene``."""
        from landscape.scenes.descent import descent_scene

        return descent_scene(self, **options)
