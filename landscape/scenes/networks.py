"""Pictures of networks: plateaus of deep linear ones with Saxe's curve, and the loss between two trained ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from landscape.analysis.connectivity import LossPath
from landscape.analysis.network_studies import EdgeStudy
from landscape.errors import returned
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Layer, Line, Panel, Path
from landscape.scene import Scene
from landscape.scenes.descent import descent_scene
from landscape.scenes.paths import gather
from landscape.scenes.scales import loss_axis
from landscape.surfaces.networks import DeepLinear
from landscape.theory import deep_linear as theory

if TYPE_CHECKING:
    from landscape.experiment import Run


def deep_linear_scene(run: Run) -> Scene:
    """Return the strengths of the modes of a deep linear network against step, with Saxe's curve for each.

    The theory curve starts from the strength that the first path starts with; a mode that starts at 0 or above its
    target has none. Time is step times learning rate, so the curve is that of gradient descent. Raises ``TypeError``
    for another surface.
    """
    model, n_steps = run.experiment.surface, run.experiment.n_steps
    if not isinstance(model, DeepLinear):
        raise TypeError(tr("the modes are those of a deep linear network"))
    base = descent_scene(run)
    sizes = np.linalg.svd(model.target_map, compute_uv=False)
    sizes = sizes[sizes > 1e-9 * sizes[0]]
    steps = np.arange(n_steps + 1, dtype=float)
    layers: list[Layer] = []
    for number, trajectory in enumerate(run.trajectories):
        for start in range(trajectory.n_starts):
            u = model.strengths(trajectory.points[start])
            at = trajectory.point_steps
            layers += [
                Path(
                    f"{number}-{start}",
                    at.astype(float),
                    u[:, mode],
                    steps=at,
                    hover={mark("target"): np.full(len(at), s)},
                )
                for mode, s in enumerate(sizes)
            ]
    first = run.trajectories[0]
    began, depth = model.strengths(first.points[0, 0]), len(model.blocks)
    for mode, s in enumerate(sizes):
        if 0.0 < began[mode] < s:
            t = np.concatenate([[0.0], np.cumsum(first.learning_rates)])
            curve = theory.strength(t, float(s), float(began[mode]), depth)
            layers.append(Line(steps, curve, tr("theory, strongest mode first"), "theory"))
    panel = Panel(
        "modes",
        tr("Strength of each mode"),
        Axis.of(mark("step"), range=(0.0, float(max(n_steps, 1)))),
        Axis.of(mark("strength u")),
        tuple(layers),
    )
    columns = (("modes",), tuple(p.key for p in base.panels))
    return replace(base, panels=(panel, *base.panels), columns=columns, widths=(1.0, 1.0))


def connectivity_scene(straight: LossPath, bezier: LossPath, title: str = "") -> Scene:
    """Return the loss along the straight line and along the bent curve between two points, with both barriers.

    Each is one pair, values (N,); nothing in it moves. Raises ``ValueError`` for several pairs at once.

    >>> import landscape as ls
    >>> wells = ls.formula("(x^2 - 1)^2 + 5(y - 1 + x^2)^2", ((-2, 2), (-1, 2)))
    >>> ends = ([-1.0, 0.0], [1.0, 0.0])
    >>> scene = connectivity_scene(ls.straight_path(wells, *ends), ls.bezier_path(wells, *ends))
    >>> [line.label for line in scene.panels[0].layers]
    ['straight: barrier 6', 'Bezier: barrier 1']
    """
    returned("straight", straight, LossPath, "ls.straight_path")
    returned("bezier", bezier, LossPath, "ls.bezier_path")
    if straight.values.ndim != 1 or bezier.values.ndim != 1:
        raise ValueError(tr("the picture shows one pair of points: values (N,), not several pairs at once"))
    title = title or tr("From one minimum to another")
    lines = tuple(
        Line(path.t, path.values, tr(label, barrier=float(path.barrier)), role)
        for path, label, role in (
            (straight, mark("straight: barrier {barrier:.3g}"), "graph"),
            (bezier, mark("Bezier: barrier {barrier:.3g}"), "theory"),
        )
    )
    axis = loss_axis(np.stack([straight.values, np.interp(straight.t, bezier.t, bezier.values)]))
    panel = Panel("path", tr("Loss along the way"), Axis.of(mark("position t"), range=(0.0, 1.0)), axis, lines)
    return Scene(title, (panel,), (), 0, (("path",),), (1.0,), caption=title)


def sharpness_scene(run: Run, study: Sequence[EdgeStudy]) -> Scene:
    """Return loss and gradient norm with two panels more: sharpness × learning rate / 2, and effective smoothness.

    The first is the largest Hessian eigenvalue on the scale on which gradient descent is unstable above 1. The second
    is the largest change of the gradient per distance moved. ``study`` is ``ls.edge_study(run.trajectories)``; raises
    ``ValueError`` where it is not one of each path.
    """
    n_steps = run.experiment.n_steps
    base = descent_scene(run)
    gauges: list[Layer] = []
    betas: list[Layer] = []
    for info, found in zip(gather(run), study, strict=True):
        at, track = found.steps.astype(float), info.track.id
        gauges.append(Path(track, at, found.gauge, steps=found.steps, hover={mark("sharpness"): found.sharpness}))
        betas.append(Path(track, at, found.betas, steps=found.steps))
    x = Axis.of(mark("step"), range=(0.0, float(max(n_steps, 1))))
    edge = Line(
        np.array([0.0, float(max(n_steps, 1))]), np.ones(2), tr("edge of stability of gradient descent"), "threshold"
    )
    sharp = Panel(
        "sharpness",
        tr("Sharpness × learning rate / 2"),
        x,
        Axis.of(mark("sharpness × rate / 2")),
        (edge, *gauges),
    )
    smoothness = Panel("smoothness", tr("Change of the gradient per distance"), x, Axis("beta", "log"), tuple(betas))
    columns = (tuple(p.key for p in base.panels), ("sharpness", "smoothness"))
    return replace(base, panels=(*base.panels, sharp, smoothness), columns=columns, widths=(1.0, 1.0))
