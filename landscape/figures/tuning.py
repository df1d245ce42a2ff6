"""Every optimizer at every learning rate of one grid, with the same gradients to spend."""

from __future__ import annotations

from landscape.analysis.tuning import Tuning, cost_of_tuning, default_rates, tuning
from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views
from landscape.recipe.cost import Demand
from landscape.scene import Scene
from landscape.scenes.tuning import tuning_scene

MEMORIES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
"""Values of momentum, or b1, in the maps."""


def demand(x: Experiment, maps: bool) -> Demand:
    """Return what a comparison takes, with ``maps`` over momentum too."""
    n_memories = len(MEMORIES) if maps else 0
    return cost_of_tuning(x.surface, x.optimizers, x.n_starts, x.n_steps, len(default_rates()), n_memories)


def compared(experiment: Experiment, maps: bool, keep: Keep) -> Tuning:
    """Return what the optimizers of an experiment reach at every rate, with ``maps`` over momentum too."""
    x, memories = experiment, MEMORIES if maps else None
    return keep(
        ("tuning", x.to_json(), maps),
        lambda: tuning(x.surface, x.optimizers, x.starts, x.n_steps, None, memories, x.schedule, seed=x.seed),
        demand(x, maps),
    )


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the picture of the comparison."""
    return tuning_scene(compared(experiment, views["maps"] == "on", keep), experiment.link())


FIGURE = Figure("tuning", draw, Experiment, {"maps": ("off", "on")})
