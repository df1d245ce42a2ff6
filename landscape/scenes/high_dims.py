"""Paths in many dimensions: on one plane that says what it hides, and what happens off it, in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from landscape.analysis.high_dims import HighDimsStudy, Looks, shown_panels
from landscape.analysis.slices import Plane, PlanePath
from landscape.language import ENGLISH, mark, speaking, tr, trn
from landscape.picture.scene import Array, Axis, Field, Layer, MovingLine, Panel, Path, Points
from landscape.recipe.starts import Given
from landscape.scene import Scene
from landscape.scenes.descent import caption
from landscape.scenes.paths import PathInfo, events_of, gather
from landscape.scenes.scales import LOSS, LossScale, loss_axis, norm_axis

if TYPE_CHECKING:
    from landscape.experiment import Run
    from landscape.surfaces.base import Surface


COLUMNS = (
    ("plane", "spectrum"),
    ("loss", "gradient_norm", "off_plane"),
    ("unstable", "stable", "smallest", "index"),
)
"""Where the panels stand."""


def high_dims_scene(
    run: Run,
    study: HighDimsStudy,
    *,
    relief: bool = False,
    details: bool = True,
    panels: Sequence[str] | None = None,
) -> Scene:
    """Return the scene of a run in many dimensions on the plane of its study, as a map or as a relief.

    Beside it loss, gradient norm and distance from the plane; distance from the saddle along the directions in which
    it falls and in which it rises; smallest eigenvalue, index and spectrum of the Hessian. Without ``details`` only
    what tells when a path leaves: the distance where the saddle falls, large, the index, and the plane. ``panels``
    chooses among those that the study looked at (``landscape.analysis.high_dims.PANELS``).

    Raises ``UnknownName`` for an unknown panel, ``ValueError`` for one that the study did not look at.
    """
    experiment, surface = run.experiment, run.experiment.surface
    infos = gather(run)
    seen = study.seen or (None,) * len(infos)
    wanted = study.panels if panels is None else shown_panels(panels)
    missing = [key for key in wanted if key not in study.panels]
    if missing:
        raise ValueError(
            tr(
                "this study did not look at {panel!r}; it has: {panels}",
                panel=missing[0],
                panels=", ".join(study.panels),
            )
        )
    step = Axis.of(mark("step"), range=(0.0, float(max(experiment.n_steps, 1))))

    def panel(key: str, title: str, axis: Axis, rows: Sequence[Array], *, kept: bool = False) -> Panel:
        """Return ``rows`` against the step: at every one, or at those whose points were ``kept``."""
        layers = []
        for info, path, row in zip(infos, seen, rows, strict=True):
            steps = info.point_steps if kept else np.arange(len(info.values))
            # What points tell is told at each step that has one.
            hover = _hover(path) if path is not None and len(steps) == len(info.point_steps) else {}
            shown = np.where(row > 0, row, np.nan) if axis.scale == "log" else row
            whole = len(steps) == len(info.values)
            layers.append(Path(info.track.id, steps.astype(float), shown, steps=None if whole else steps, hover=hover))
        return Panel(key, title, step, axis, tuple(layers))

    values, norms = np.array([i.values for i in infos]), np.array([i.norms for i in infos])
    made = {
        "loss": panel("loss", tr("True loss"), loss_axis(values), list(values)),
        "gradient_norm": panel("gradient_norm", tr("Gradient norm"), norm_axis(norms), list(norms)),
    }
    notes = []
    if study.plane is not None:
        if len(study.losses):
            made["plane"] = _plane_panel(study, study.plane, infos, relief)
        off = [path.distance for path in study.seen]
        made["off_plane"] = panel("off_plane", tr("Distance from the plane"), Axis.of(mark("distance")), off, kept=True)
        notes = [study.instead, _note(study.plane, study.seen)]
        if any(np.isnan(row[i.point_steps <= i.track.last]).any() for i, row in zip(infos, off, strict=True)):
            notes.append(tr("Where a path is more than a domain's width outside, the map leaves it out."))
    told = [pair for pair in study.apart if pair is not None]
    if told:
        for key, title, k in (
            ("unstable", mark("From the saddle, where it falls"), 1),
            ("stable", mark("From the saddle, where it rises"), 0),
        ):
            rows = [pair[k] for pair in told]
            made[key] = panel(key, tr(title), Axis.of(mark("distance")), rows, kept=True)
    elif {"unstable", "stable"} & set(wanted):
        notes.append(tr("No saddle of this surface is known here, so no distance from one is shown."))
    # Written out, points of many coordinates would drown everything else.
    short = not isinstance(experiment.starts, Given) or surface.n_dims * len(experiment.starts) <= 100
    layout: Sequence[tuple[str, ...]] = COLUMNS
    if not details:
        layout = (("unstable",), ("plane", "index")) if told else (("index",), ("plane", "loss"))
    if study.looks:
        spectra, said = _spectra(study, infos, step)
        made |= {panel.key: panel for panel in spectra}
        notes += [said] if details and {"smallest", "index", "spectrum"} & set(wanted) else []
    chosen = (tuple(key for key in column if key in made and key in wanted) for column in layout)
    columns = tuple(column for column in chosen if column)
    if not columns:
        raise ValueError(tr("nothing of what was asked for can be shown here: no saddle of this surface is known"))
    return Scene(
        title=experiment.title or in_dimensions(surface),
        panels=tuple(made[key] for column in columns for key in column),
        tracks=tuple(info.track for info in infos),
        n_steps=experiment.n_steps,
        columns=columns,
        widths=(1.3, 1.0, 1.0)[: len(columns)],
        caption=caption(run),
        recipe=experiment.recipe() if short else {},
        query=experiment.link() if short else "",
        notes=tuple(note for note in notes if note),
        events=partial(events_of, run, infos),
    )


def _note(plane: Plane, seen: Sequence[PlanePath]) -> str:
    farthest = max(float(np.nanmax(path.distance)) for path in seen)
    gap = max(float(np.nanmax(np.abs(path.loss - path.plane_loss))) for path in seen)
    words = tr(
        "The map is a slice. Paths leave it by up to {distance:.3g}, and the loss shown under them there is off by up "
        "to {error:.3g}.",
        distance=farthest,
        error=gap,
    )
    if plane.explained is None or plane.null is None:
        return words
    variance = tr(
        "The two components explain {explained:.1%} of the paths' variance; those of as many pure random walks explain "
        "{chance:.1%}.",
        explained=sum(plane.explained),
        chance=sum(plane.null),
    )
    return f"{words} {variance}"


def in_dimensions(surface: Surface) -> str:
    """Return the title of a surface with the number of its dimensions."""
    return trn("{surface} in {n} dimension", "{surface} in {n:,} dimensions", surface.n_dims, surface=surface.title)


def plane_axes(plane: Plane, a: Array, b: Array) -> tuple[Axis, Axis]:
    """Return the axes of a plane, named without the shares of variance: these are too long for an axis."""
    if plane.explained is not None:
        called = [(tr("principal component {k}", k=k), f"principal component {k}") for k in (1, 2)]
    else:
        with speaking(ENGLISH):
            names = plane.labels
        called = list(zip(plane.labels, names, strict=True))
    across, up = (
        Axis(label, range=(float(at[0]), float(at[-1])), name=name)
        for (label, name), at in zip(called, (a, b), strict=True)
    )
    return across, up


def _plane_panel(study: HighDimsStudy, plane: Plane, infos: Sequence[PathInfo], relief: bool) -> Panel:
    seen, a, b, losses = study.seen, study.a, study.b, study.losses
    scale = LossScale.fit(losses)
    x, y = plane_axes(plane, a, b)
    if relief:  # in space there is no room for long names
        x, y = (replace(axis, label=tr("direction {k}", k=k)) for k, axis in enumerate((x, y), 1))
    title = tr("Slice: {plane}", plane=plane.title)
    layers: list[Layer] = []
    if relief:
        layers.append(Field(a, b, losses, tr("loss on the plane")))
        for info, path in zip(infos, seen, strict=True):
            at = path.coordinates
            layers.append(Path(info.track.id, at[:, 0], at[:, 1], path.plane_loss, _steps(info), _hover(path)))
        return Panel("plane", title, x, y, tuple(layers), kind="space", z=Axis.of(LOSS))
    layers.append(scale.field(a, b, losses))
    for info, path in zip(infos, seen, strict=True):
        at = path.coordinates
        layers.append(Path(info.track.id, at[:, 0], at[:, 1], steps=_steps(info), hover=_hover(path)))
    starts = np.array([path.coordinates[0] for path in seen])
    layers.append(Points(starts[:, 0], starts[:, 1], "start", tracks=tuple(i.track.id for i in infos)))
    return Panel("plane", title, x, y, tuple(layers))


def _steps(info: PathInfo) -> NDArray[np.int64] | None:
    """Return the steps whose points are there, ``None`` where all are."""
    return None if len(info.point_steps) == len(info.values) else info.point_steps


def _hover(path: PlanePath) -> dict[str, Array]:
    return {
        LOSS: path.loss,
        mark("loss on the plane"): path.plane_loss,
        mark("distance from the plane"): path.distance,
    }


def _bounds(looks: Looks) -> list[Array]:
    """Return the index, or where it is not certain what it is at least and at most."""
    if not np.any(looks.index_error > 0):
        return [looks.index]
    return [looks.index - looks.index_error, looks.index + looks.index_error]


def _spectra(study: HighDimsStudy, infos: Sequence[PathInfo], step: Axis) -> tuple[list[Panel], str]:
    """Return the panels of the Hessian along the paths, and why there are fewer."""
    looks = study.looks
    shown = infos[: len(looks)]
    panels = []
    for key, title, label in (
        ("smallest", tr("Smallest eigenvalue"), mark("eigenvalue")),
        ("index", tr("Falling directions"), mark("index")),
    ):
        layers = tuple(
            Path(i.track.id, one.steps.astype(float), row, steps=one.steps)
            for i, one in zip(shown, looks, strict=True)
            for row in ([one.smallest] if key == "smallest" else _bounds(one))
        )
        panels.append(Panel(key, title, step, Axis.of(label), layers))
    outlines = tuple(
        MovingLine(
            i.track.id,
            np.tile(np.repeat(one.edges, 2)[1:-1], (len(one.steps), 1)),
            np.repeat(one.shares, 2, axis=1),
            one.steps,
            tr("share of eigenvalues"),
            role="graph",
        )
        for i, one in zip(shown[:1], looks[:1], strict=True)
    )
    panels.append(
        Panel(
            "spectrum",
            tr("Hessian spectrum on {optimizer}", optimizer=shown[0].track.group),
            Axis.of(mark("eigenvalue")),
            Axis.of(mark("share")),
            outlines,
        )
    )
    told = tr("The Hessian is that along {path}.", path=shown[0].track.label) if len(shown) < len(infos) else ""
    notes = dict.fromkeys([told, *(note for one in looks for note in one.notes)])
    return panels, " ".join(note for note in notes if note)
