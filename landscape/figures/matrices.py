"""A run over matrices: what each optimizer does to their singular values."""

from __future__ import annotations

from landscape.analysis.matrix_study import cost_of_study, matrix_study
from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views, run
from landscape.scene import Scene
from landscape.scenes.matrices import matrices_scene


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return singular values, alignment, loss and gradient norm by step."""
    made = run(experiment, keep)
    n_paths = experiment.n_starts * len(experiment.optimizers)
    takes = cost_of_study(experiment.surface, n_paths, experiment.n_steps)
    study = keep(("matrices", experiment.to_json()), lambda: matrix_study(made.trajectories), takes)
    return matrices_scene(made, study)


FIGURE = Figure("matrices", draw, Experiment)
