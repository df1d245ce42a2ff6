"""The framework example on the screen: the parabola with its descent, and how single and double precision end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from landscape.language import mark, tr
from landscape.picture.scene import Axis, Line, Panel
from landscape.scene import Scene
from landscape.scenes.descent import descent_scene
from landscape.theory.frameworks import minimum, walk

if TYPE_CHECKING:
    from landscape.experiment import Run


def framework_scene(run: Run) -> Scene:
    """Return the descent on a w^2 + b w + c with one panel more: |w - minimum| in float32 beside float64.

    Both are the run's first optimizer from its first start, at its own learning rate, all arithmetic in that type.
    Raises ``ValueError`` for another surface.
    """
    experiment = run.experiment
    settings = experiment.surface.settings
    if experiment.surface.name != "framework_example":
        raise ValueError(
            tr("this scene shows the framework example, not {surface!r}", surface=experiment.surface.title)
        )
    coefficients = [[settings[name]] for name in "abc"]
    place, _ = minimum(coefficients)
    first, start = experiment.optimizers[0], float(experiment.points[0, 0])
    steps = np.arange(experiment.n_steps + 1, dtype=float)
    layers = []
    for dtype, role in ((np.float64, "boundary"), (np.float32, "theory")):
        off = np.abs(walk(first, experiment.n_steps, coefficients, dtype, start).astype(float) - place)
        layers.append(Line(steps, np.where(off > 0, off, np.nan), np.dtype(dtype).name, role))
    panel = Panel(
        "precision",
        tr("Distance from the minimum"),
        Axis.of(mark("step"), range=(0.0, float(max(experiment.n_steps, 1)))),
        Axis.of(mark("|w - minimum|"), "log"),
        tuple(layers),
    )
    base = descent_scene(run)
    columns = (base.columns[0], (*base.columns[1], panel.key))
    return replace(base, panels=(*base.panels, panel), columns=columns, widths=(1.0, 1.0))
