"""The main picture: paths over the map (or relief, or curve), their loss and their gradient norm, in step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from landscape.descent.outcome import SMALL_GRADIENT, Outcome
from landscape.language import mark, tr, trn
from landscape.live.offer import offer
from landscape.picture.scene import Array, Axis, Layer, Panel, Path, Spans
from landscape.scene import Scene
from landscape.scenes.ground import ground_panels
from landscape.scenes.in_numbers import steps_in_numbers
from landscape.scenes.marks import below_notes, beyond_notes, top_marks, zero_marks
from landscape.scenes.paths import PathInfo, events_of, gather, group_labels, names_of
from landscape.scenes.scales import LOSS, NORM, loss_axis, norm_axis
from landscape.surfaces.base import Domain
from landscape.version import __version__

if TYPE_CHECKING:
    from landscape.experiment import Run
    from landscape.recipe.recipe import Recipe


def descent_scene(
    run: Run,
    *,
    relief: bool = False,
    log_color: bool = True,
    grid: int = 121,
    threshold: float = SMALL_GRADIENT,
    relative: bool = False,
    dashed: bool = False,
) -> Scene:
    """Return the scene of a run: where every path goes, its loss and its gradient norm.

    One dimension: the curve with the tangent at the playhead. Two: the map, or with ``relief`` the surface in space.
    More: loss and gradient norm alone, for a plane through such a surface is another picture and says so.
    ``grid`` is the number of points an axis of the field, ``log_color`` scales its colours logarithmically where
    the losses span orders of magnitude, ``threshold`` is the gradient norm below which a plateau is shaded, with
    ``relative`` the share of the largest one on the path. ``dashed`` gives each optimizer's paths a dash of their own.
    """
    if grid < 2:
        raise ValueError(tr("grid must be at least 2, not {grid}", grid=grid))
    experiment, surface = run.experiment, run.experiment.surface
    infos = gather(run, threshold, relative=relative)
    curves, notes = loss_and_norm(infos, run.experiment.n_steps, surface.domain, plateau_words(threshold, relative))
    ground = ground_panels(surface, infos, relief, log_color, grid)
    panels = (*ground, *curves)
    below = tuple(panel.key for panel in curves)
    return Scene(
        title=experiment.title or surface.title,
        panels=panels,
        tracks=tuple(info.track for info in infos),
        n_steps=experiment.n_steps,
        columns=((ground[0].key,), below) if ground else tuple((key,) for key in below),
        widths=(1.1, 1.0) if ground else (1.0, 1.0),
        caption=caption(run),
        recipe=experiment.recipe(),
        query=experiment.link(),
        notes=tuple(notes),
        live=partial(offer, experiment),
        in_numbers=steps_in_numbers(experiment, [info.track for info in infos]),
        dashed=dashed,
        events=partial(events_of, run, infos),
    )


def plateau_words(threshold: float, relative: bool = False) -> str:
    """Return what is shaded as a plateau, in words."""
    if relative:
        return tr("plateau: gradient norm below {threshold:g} of the path's largest", threshold=threshold)
    return tr("plateau: gradient norm below {threshold:g}", threshold=threshold)


def caption(run: Run) -> str:
    """Return the recipe of a run in words."""
    return recipe_words(run.experiment)


def recipe_words(x: Recipe) -> str:
    """Return a recipe in words."""

    settings = ", ".join(f"{tr(name)} = {value:g}" for name, value in x.surface.settings.items())
    parts = [
        f"{x.surface.title}{f' ({settings})' if settings else ''}",
        ", ".join(group_labels(x.optimizers)),
        ", ".join((trn("{n} start", "{n} starts", x.n_starts), trn("{n} step", "{n} steps", x.n_steps))),
        *([tr("schedule: {schedule}", schedule=x.schedule.title)] if x.schedule else []),
        *([tr("{noise}, seed {seed}", noise=x.noise.words, seed=x.seed)] if x.noise else []),
        f"landscape {__version__}",
    ]
    return " · ".join(parts)


def loss_and_norm(
    infos: Sequence[PathInfo], n_steps: int, domain: Domain | None, plateau: str
) -> tuple[tuple[Panel, Panel], list[str]]:
    """Return the panels of loss and of gradient norm, and what is to be said of them.

    Both end where paths inside ``domain`` need no more; ``plateau`` names what is shaded.
    """
    values, norms = np.array([i.values for i in infos]), np.array([i.norms for i in infos])
    inside = None if domain is None else np.array([i.inside(domain) for i in infos])
    step = Axis.of(mark("step"), range=(0.0, float(max(n_steps, 1))))
    shading = [Spans(i.track.id, i.plateaus, plateau) for i in infos if i.plateaus]
    panels: list[Panel] = []
    notes: list[str] = []
    for key, title, axis, data, under in (
        ("loss", tr("Loss"), loss_axis(values, inside), values, []),
        ("gradient_norm", tr("Gradient norm"), norm_axis(norms, inside), norms, shading),
    ):
        paths = [_against_steps(i, _shown(row, axis)) for i, row in zip(infos, data, strict=True)]
        zeros, zero_notes = zero_marks([i.track for i in infos], data, axis, axis.label)
        layers: tuple[Layer, ...] = (*under, *paths, *zeros, *top_marks(infos, data, axis))
        panels.append(Panel(key, title, step, axis, layers))
        notes += [*zero_notes, *below_notes(infos, data, axis), *beyond_notes(infos, data, axis)]
    lost = [
        tr(said, paths=names_of(tracks))
        for outcome, said in (
            (Outcome.DIVERGED, mark("Diverged: {paths}.")),
            (Outcome.BROKE_OFF, mark("Broke off: {paths}.")),
        )
        if (tracks := [i.track for i in infos if i.outcome is outcome])
    ]
    if lost:
        notes.append(" ".join([*lost, tr("A cross (+) is where such a path leaves a panel for good.")]))
    return (panels[0], panels[1]), notes


def _shown(values: Array, axis: Axis) -> Array:
    """Return values as the axis can show them: on a logarithmic one zero is a gap (with a marker: ``zero_marks``)."""
    return np.where(values > 0, values, np.nan) if axis.scale == "log" else values


def _against_steps(info: PathInfo, row: Array) -> Path:
    """Return ``row`` (T+1,) against the steps at which it is known; points are told where each of these has one."""
    steps = np.arange(len(row)) if info.value_steps is None else info.value_steps
    hover = {LOSS: info.values[steps], NORM: info.norms[steps]}
    if len(info.points) == len(steps) and info.points.shape[1] <= 2:
        hover = {"xy"[k]: info.points[:, k] for k in range(info.points.shape[1])} | hover
    return Path(info.track.id, steps.astype(float), row[steps], steps=info.value_steps, hover=hover)
