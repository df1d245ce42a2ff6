"""A run over matrices: singular values of each optimizer side by side, alignment, loss and gradient norm."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from landscape.analysis.matrix_study import MatrixStudy
from landscape.descent.outcome import SMALL_GRADIENT
from landscape.language import mark, tr, trn
from landscape.picture.scene import Axis, Layer, Line, Panel, Path
from landscape.scene import Scene
from landscape.scenes.descent import caption, loss_and_norm, plateau_words
from landscape.scenes.paths import events_of, gather

if TYPE_CHECKING:
    from landscape.experiment import Run

SIDE_BY_SIDE = 4
"""Optimizers with a panel of their own; the singular values of further ones are left out."""


def matrices_scene(run: Run, study: MatrixStudy) -> Scene:
    """Return the scene of a run over matrices.

    All panels of singular values have one scale, on which thin lines are those of the target.
    """
    experiment, infos = run.experiment, gather(run)
    step = Axis.of(mark("step"), range=(0.0, float(max(experiment.n_steps, 1))))
    ends = np.array(step.range)
    n_starts, walkers = experiment.n_starts, experiment.optimizers
    most = _top(study)
    size = Axis.of(mark("singular value"), range=(0.0, most))
    targets: tuple[Layer, ...] = tuple(
        Line(ends, np.full(2, s), tr("target") if k == 0 else "", "threshold") for k, s in enumerate(study.target)
    )
    sizes = []
    for number, walker in enumerate(walkers[:SIDE_BY_SIDE]):
        own = range(number * n_starts, (number + 1) * n_starts)
        layers = tuple(
            Path(infos[k].track.id, path.steps.astype(float), column, steps=path.steps)
            for k, path in ((k, study.paths[k]) for k in own)
            for column in np.where(path.singular_values <= most, path.singular_values, np.nan).T
        )
        title = tr("Singular values: {optimizer}", optimizer=walker.title)
        sizes.append(Panel(f"singular_{number}", title, step, size, (*targets, *layers)))

    (loss, norm), notes = loss_and_norm(infos, experiment.n_steps, None, plateau_words(SMALL_GRADIENT))
    aligned = Panel(
        "alignment",
        tr("Alignment with the target"),
        step,
        Axis.of(mark("cosine"), range=(min(-0.05, _least(study)), 1.05)),
        tuple(
            Path(info.track.id, path.steps.astype(float), path.alignment, steps=path.steps)
            for info, path in zip(infos, study.paths, strict=True)
        ),
    )
    others = (loss, norm, aligned)
    columns = [sizes[::2], sizes[1::2], list(others)]
    left_out = len(walkers) - SIDE_BY_SIDE
    if left_out > 0:
        notes.append(
            trn(
                "The singular values of {n} further optimizer are not shown.",
                "The singular values of {n} further optimizers are not shown.",
                left_out,
            )
        )
    return Scene(
        title=experiment.title or experiment.surface.title,
        panels=(*sizes, *others),
        tracks=tuple(info.track for info in infos),
        n_steps=experiment.n_steps,
        columns=tuple(tuple(p.key for p in column) for column in columns if column),
        widths=(1.0,) * sum(bool(column) for column in columns),
        caption=caption(run),
        notes=tuple(notes),
        events=partial(events_of, run, infos),
    )


def _top(study: MatrixStudy) -> float:
    """Return the end of the scale: the target's largest, or what the paths reach, but no more than twice that."""
    reached = max(float(path.singular_values.max(initial=0.0)) for path in study.paths)
    target = float(study.target.max(initial=0.0)) or reached or 1.0
    return 1.1 * min(max(reached, target), 2.0 * target)


def _least(study: MatrixStudy) -> float:
    lowest = [float(np.nanmin(path.alignment)) for path in study.paths if not np.isnan(path.alignment).all()]
    return 1.05 * min(lowest, default=0.0)
