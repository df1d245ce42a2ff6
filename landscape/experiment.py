"""A recipe that runs itself, and what the run gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.descent import descend
from landscape.descent.outcome import Verdict
from landscape.descent.trajectory import Trajectory
from landscape.language import mark, tr, trn
from landscape.progress import Progress, counting
from landscape.recipe.recipe import Recipe

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
        with counting(self.n_steps * len(self.optimizers), tr("descent"), progress) as count:
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
    "minimum": mark("at a minimum"),
    "local minimum": mark("at a local minimum"),
    "saddle": mark("on a saddle"),
    "maximum": mark("on a maximum"),
    "plateau": mark("on a plateau"),
    "moving": mark("still moving"),
    "outside": mark("outside the picture"),
    "diverged": mark("diverged"),
    "broke off": mark("broke off"),
    "undefined": mark("never started"),
}
"""How a path ended, by ``Verdict.end``, in a word or two, marked."""

_ENDED = {
    "minimum": mark("{paths} at a minimum"),
    "local minimum": mark("{paths} at a local minimum"),
    "saddle": mark("{paths} on a saddle"),
    "maximum": mark("{paths} on a maximum"),
    "plateau": mark("{paths} on a plateau"),
    "moving": mark("{paths} still moving"),
    "outside": mark("{paths} outside the picture"),
    "diverged": mark("{paths} diverged"),
    "broke off": mark("{paths} broke off"),
    "undefined": mark("{paths} never started"),
}
"""How paths ended, by ``Verdict.end``."""

_BESIDE = {
    "minimum": mark("{paths} beside a minimum"),
    "local minimum": mark("{paths} beside a local minimum"),
}


def _end(verdict: Verdict) -> str:
    return _BESIDE[verdict.end] if verdict.away else _ENDED[verdict.end]


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
                some = tr("{optimizer} {n} of {all}", optimizer=optimizer.label, n=n, all=n_starts)
                ended.setdefault(end, []).append(some if n < n_starts else optimizer.label)
        said = "; ".join(tr(end, paths=", ".join(paths)) for end, paths in ended.items())
        return trn("After {n} step: {ends}.", "After {n} steps: {ends}.", steps, ends=said)

    def scene(self, **options: Any) -> Scene:
        """Return the descent scene of this run; the options are those of ``landscape.scenes.descent_scene``."""
        from landscape.scenes.descent import descent_scene

        return descent_scene(self, **options)
