"""A run in many dimensions on a plane, or slices through the saddle that it leaves."""

from __future__ import annotations

import json

from landscape.analysis.high_dims import PLANES, cost_of_study, high_dims_study
from landscape.analysis.slices_study import slices_study
from landscape.experiment import Experiment, Run
from landscape.figures.base import Figure, Keep, Views
from landscape.figures.base import run as kept_run
from landscape.recipe.cost import Demand
from landscape.scene import Scene
from landscape.scenes.high_dims import high_dims_scene
from landscape.scenes.slices import slices_scene

MOST_NUMBERS = 16_000_000
"""Coordinates of points that are kept of a run: 8 bytes each, and as much again to look at them."""


def kept(experiment: Experiment) -> int:
    """Return how many points of each path are kept: all of them where they are few."""
    return max(2, MOST_NUMBERS // (len(experiment.optimizers) * experiment.surface.n_dims))


def demand(experiment: Experiment) -> Demand:
    """Return what looking at the run takes."""
    n_points = min(kept(experiment), experiment.n_steps + 1)
    return cost_of_study(experiment.surface, len(experiment.optimizers), n_points)


def run(experiment: Experiment, keep: Keep) -> Run:
    """Return the run with as many points of each path as are kept."""
    return kept_run(experiment, keep, kept(experiment))


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the run on a plane, or slices through the saddle."""
    seed, surface, takes = experiment.seed, experiment.surface, demand(experiment)
    if views["show"] == "slices":
        ground = ("slices", json.dumps(surface.recipe()), seed)
        return slices_scene(keep(ground, lambda: slices_study(surface, seed=seed), takes))
    made, plane = run(experiment, keep), views["plane"]
    key = ("high dimensions", experiment.to_json(), plane)
    study = keep(key, lambda: high_dims_study(made.trajectories, plane, seed=seed), takes)
    return high_dims_scene(made, study, relief=views["view"] == "relief", details=views["panels"] == "all")


FIGURE = Figure(
    "high_dimensions",
    draw,
    Experiment,
    {"show": ("paths", "slices"), "plane": tuple(PLANES), "view": ("map", "relief"), "panels": ("few", "all")},
)
