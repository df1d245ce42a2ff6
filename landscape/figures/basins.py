"""Where every start of a grid ends under each optimizer, with the paths from one start over it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from landscape.analysis.basins import Refinement, cost_of_basins, refine_basins
from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views, run
from landscape.recipe.cost import Demand
from landscape.recipe.starts import Given
from landscape.scene import Scene
from landscape.scenes.basins import basins_scene


def key_of(experiment: Experiment, views: Views) -> Hashable:
    """Return what a map depends on: all of the experiment but the start of the paths."""
    return (
        "basins",
        views["pixels"],
        experiment.replace(starts=Given((experiment.surface.domain.lower,)), title="").to_json(),
    )


def demand(x: Experiment, views: Views) -> Demand:
    """Return what a map takes."""
    pixels = int(views["pixels"])
    return cost_of_basins(x.surface, x.optimizers, (pixels, pixels), x.n_steps)


def versions(x: Experiment, views: Views) -> Iterator[Refinement]:
    """Yield ever finer maps, the whole one last."""
    pixels = int(views["pixels"])
    return refine_basins(x.surface, x.optimizers, (pixels, pixels), x.n_steps, x.schedule, seed=x.seed)


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the whole map with the paths from the experiment's start over it."""

    def refined() -> Refinement:
        *_, last = versions(experiment, views)
        return last

    made = keep(key_of(experiment, views), refined, demand(experiment, views))
    return basins_scene(made.basins, run(experiment, keep))


FIGURE = Figure("basins", draw, Experiment, {"pixels": ("200", "100", "300", "400")})
