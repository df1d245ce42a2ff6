"""Very many starts released at once, and the shares of them that are still where."""

from __future__ import annotations

from landscape.analysis.survival import Survival, cost_of_survival, survival
from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views
from landscape.figures.descent import points
from landscape.recipe.cost import Demand
from landscape.scene import Scene
from landscape.scenes.swarm import swarm_scene

FRAMES, FILMED = 240, 2000
"""Frames of a film, and the points in them: what a file shows of a swarm."""


def demand(x: Experiment) -> Demand:
    """Return what counting takes."""
    return cost_of_survival(x.surface, x.optimizers, x.n_starts, x.n_steps, FRAMES, FILMED)


def counted(x: Experiment, views: Views, keep: Keep) -> Survival:
    """Return the swarm of an experiment, counted step by step."""
    found = points(x.surface, keep)

    def count() -> Survival:
        return survival(
            x.surface,
            x.optimizers,
            x.points,
            x.n_steps,
            x.schedule,
            threshold=float(views["flat"]),
            found=found,
            n_frames=FRAMES,
            n_filmed=FILMED,
        )

    return keep(("survival", x.to_json(), views["flat"]), count, demand(x))


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the picture of it."""
    return swarm_scene(counted(experiment, views, keep), experiment)


FIGURE = Figure("swarm", draw, Experiment, {"flat": ("1e-3", "1e-1", "1e-2", "1e-4", "1e-5", "1e-6")})
