"""A run over matrices: singular values of each optimizer side by side, alignment, loss and gradient norm."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from landscape.analysis.matrix_study import MatrixStudy
from landscape.language import mark, tr, trn
from landscape.picture.scene import Array, Axis, Layer, Line, Panel, Path
from landscape.scene import Scene
from landscape.scenes.descent import caption
from landscape.scenes.paths import events_of, gather
from landscape.scenes.scales import loss_axis, norm_axis

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

    def panel(key: str, title: str, axis: Axis, rows: list[Array]) -> Panel:
        layers = tuple(
            Path(
                info.track.id,
                np.arange(float(len(row))),
                np.where(row > 0, row, np.nan) if axis.scale == "log" else row,
            )
            for info, row in zip(infos, rows, strict=True)
        )
        return Panel(key, title, step, axis, layers)

    values, norms = [info.values for info in infos], [info.norms for info in infos]
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
    others = (
        panel("loss", tr("Loss"), loss_axis(np.array(values)), values),
        panel("gradient_norm", tr("Gradient norm"), norm_axis(np.array(norms)), norms),
        aligned,
    )
    columns = [sizes[::2], sizes[1::2], list(others)]
    left_out = len(walkers) - SIDE_BY_SIDE
    told = [
        caption(run),
        trn(
            "The singular values of {n} further optimizer are not shown.",
            "The singular values of {n} further optimizers are not shown.",
            left_out,
        ),
    ]
    return Scene(
        title=experiment.title or experiment.surface.title,
        panels=(*sizes, *others),
        tracks=tuple(info.track for info in infos),
        n_steps=experiment.n_steps,
        columns=tuple(tuple(p.key for p in column) for column in columns if column),
        widths=(1.0,) * sum(bool(column) for column in columns),
        caption=" ".join(told[: 1 + (left_out > 0)]),
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
