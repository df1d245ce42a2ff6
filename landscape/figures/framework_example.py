"""A run of the framework example in double precision, beside the same one in single precision."""

from __future__ import annotations

from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views, run
from landscape.scene import Scene
from landscape.scenes.framework_example import framework_scene


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the picture of a run of the example."""
    return framework_scene(run(experiment, keep))


FIGURE = Figure("framework_example", draw, Experiment)
