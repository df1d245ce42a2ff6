"""Leaving a saddle: paths from beside its stable manifold, and steps against offset over the closed forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from landscape.analysis.escape import Escapes, closed_form, escapes, straight_saddle
from landscape.descent import descend
from landscape.optimizers import optimizer
from landscape.optimizers.base import Optimizer
from landscape.picture.scene import Array, Axis, Line, Panel, Path, Points, Scene, Track
from landscape.scenes.marks import zero_marks
from landscape.scenes.paths import group_labels
from landscape.scenes.scales import LossScale

RATE, RADIUS = 0.05, 1.0
OFFSETS = tuple(10.0**-k for k in range(13))
"""Offsets of the chart; from the first one, 1, every path is out before its first step."""

CURVATURES = (0.1, 10.0)
SLACK = 60
"""Steps beyond the closed form that a path gets, so that one that comes late is still seen to leave."""

UNTIL_NOISE = 400
"""Steps for perturbed gradient descent to come so near that it is perturbed, some 135 at ``RATE``, and to spare."""


@dataclass(frozen=True, eq=False)
class Walk:
    """One optimizer: its steps at ``OFFSETS``, at the chosen offset and at 0, and its path from the chosen one.

    ``points`` (T+1, 2) end where the path leaves. ``measured`` and ``on_manifold`` are ``None`` where it had not left
    after ``found.n_steps``; ``held`` tells that from offset 0 y stayed exactly 0 with nothing drawn: it
    never would leave.
    """

    found: Escapes
    measured: int | None
    theory: int | None
    on_manifold: int | None
    held: bool
    points: Array


@dataclass(frozen=True, eq=False)
class EscapeStudy:
    """What every optimizer does on x^2/2 - ``curvature`` y^2/2 from (1, ``offset``)."""

    curvature: float
    offset: float
    walks: tuple[Walk, ...]


def walkers() -> tuple[Optimizer, ...]:
    """Return the optimizers that are compared, all with learning rate ``RATE`` (saddle-free Newton with 1)."""
    return (
        optimizer("sgd", learning_rate=RATE),
        optimizer("momentum", learning_rate=RATE),
        optimizer("nesterov", learning_rate=RATE),
        # eps is out of the way: theory has none
        optimizer("rmsprop", learning_rate=RATE, b2=0.9, eps=1e-300),
        optimizer("adam", learning_rate=RATE, eps=1e-300),
        optimizer("lion", learning_rate=RATE, b1=0.0),
        optimizer("newton"),
        optimizer("saddle_free_newton"),
        optimizer("perturbed_gd", learning_rate=RATE),
    )


def escape_study(curvature: float = 1.0, offset: float = 1e-4) -> EscapeStudy:
    """Measure every optimizer's steps until |y| >= 1, from ``OFFSETS``, from ``offset`` and from the manifold itself.

    Raises ``ValueError`` for an offset outside 1e-12 to 1, or a curvature outside ``CURVATURES``.
    """
    if not OFFSETS[-1] <= offset <= OFFSETS[0]:
        raise ValueError(f"offset must be from {OFFSETS[-1]:g} to {OFFSETS[0]:g}, not {offset:g}")
    low, high = CURVATURES
    if not low <= curvature <= high:
        raise ValueError(f"curvature must be from {low:g} to {high:g}, not {curvature:g}")
    return EscapeStudy(curvature, offset, tuple(_walk(one, curvature, offset) for one in walkers()))


def _walk(one: Optimizer, curvature: float, offset: float) -> Walk:
    known = [steps for steps in closed_form(one, OFFSETS, curvature, RADIUS)[0] if steps is not None]
    # what has no closed form waits for noise first, and then gets the time of the slowest that has one
    slowest = closed_form(walkers()[0], OFFSETS[-1:], curvature, RADIUS)[0][0] or 0
    n_steps = max(known) + SLACK if known else slowest + UNTIL_NOISE
    found = escapes(one, OFFSETS, curvature, RADIUS, n_steps)
    theory = closed_form(one, (offset,), curvature, RADIUS)[0][0]
    run = descend(straight_saddle(curvature), one, [[1.0, offset], [1.0, 0.0]], n_steps)
    outside = np.abs(run.points[:, :, 1]) >= RADIUS
    first = [int(row.argmax()) if row.any() else None for row in outside]
    held = not one.draws and not run.points[1, :, 1].any()
    last = n_steps if first[0] is None else first[0]
    return Walk(found, first[0], theory, first[1], held, run.points[0, : last + 1])


def escape_scene(study: EscapeStudy) -> Scene:
    """Return the map with every path until it leaves, |y| step by step, and steps against offset."""
    labels = [
        f"Sign descent (lr {RATE:g})" if walk.found.optimizer.key == "lion" else label
        for walk, label in zip(study.walks, group_labels([w.found.optimizer for w in study.walks]), strict=True)
    ]
    # Who never leaves is watched until the last of the others has left.
    n_steps = max(1, *(walk.measured or 0 for walk in study.walks))
    shown = [walk.points[: n_steps + 1] for walk in study.walks]
    tracks = tuple(
        Track(str(k), label, label, walk.found.optimizer.key, len(path) - 1, _verdict(walk))
        for k, (walk, path, label) in enumerate(zip(study.walks, shown, labels, strict=True))
    )
    points = [np.pad(path, ((0, n_steps + 1 - len(path)), (0, 0)), constant_values=np.nan) for path in shown]
    distance, zero_notes = _distance(tracks, points)
    return Scene(
        title="Escape from a saddle",
        panels=(_map(study, tracks, points), distance, _steps(study, tracks)),
        tracks=tracks,
        n_steps=n_steps,
        columns=(("map",), ("distance", "steps")),
        widths=(1.0, 1.0),
        caption=f"f = x²/2 - {study.curvature:g} y²/2 from (1, {study.offset:g}); steps until |y| is at least 1",
        recipe={"curvature": study.curvature, "offset": study.offset},
        query=urlencode({"curvature": repr(study.curvature), "offset": repr(study.offset)}),
        notes=("A start exactly on the stable manifold, y = 0, never leaves without noise.", *zero_notes),
    )


def _verdict(walk: Walk) -> str:
    if walk.measured is None:
        return f"still there after {walk.found.n_steps} steps"
    return f"leaves after {walk.measured} steps"


def _map(study: EscapeStudy, tracks: tuple[Track, ...], points: Sequence[Array]) -> Panel:
    surface = straight_saddle(study.curvature)
    x, y = surface.domain.axes((81, 81))
    losses = np.asarray(surface.value(surface.domain.grid((81, 81)))).T
    paths = [Path(t.id, path[:, 0], path[:, 1]) for t, path in zip(tracks, points, strict=True)]
    saddle = Points(np.zeros(1), np.zeros(1), "saddle", ("saddle",))
    return Panel(
        "map",
        f"A saddle of curvatures 1 and −{study.curvature:g}",
        Axis("x", range=surface.domain.bounds[0]),
        Axis("y", range=surface.domain.bounds[1]),
        (LossScale.fit(losses, True).field(x, y, losses), saddle, *paths),
        equal_aspect=True,
    )


def _distance(tracks: tuple[Track, ...], points: Sequence[Array]) -> tuple[Panel, list[str]]:
    """Return the panel of |y|, and the note on those that come to be exactly on the manifold."""
    steps, axis = np.arange(len(points[0]), dtype=float), Axis("|y|", "log")
    off = np.abs(np.array(points)[..., 1])
    paths = [Path(t.id, steps, np.where(row > 0, row, np.nan)) for t, row in zip(tracks, off, strict=True)]
    zeros, notes = zero_marks(tracks, off, axis, axis.label)
    title, across = "Distance from the stable manifold", Axis("step", range=(0.0, steps[-1]))
    return Panel("distance", title, across, axis, (*paths, *zeros)), notes


def _steps(study: EscapeStudy, tracks: tuple[Track, ...]) -> Panel:
    offsets = np.array(OFFSETS)
    curves, marks = [], []
    for track, walk in zip(tracks, study.walks, strict=True):
        theory, measured = _positive(walk.found.theory), _positive(walk.found.measured)
        if np.isfinite(theory).any():
            curves.append(Line(offsets, theory, "closed form", "theory"))
        shown = np.isfinite(measured)
        labels = tuple(
            f"{track.label}: {steps:g} steps from {offset:g}"
            for offset, steps in zip(offsets[shown], measured[shown], strict=True)
        )
        marks.append(Points(offsets[shown], measured[shown], "measured", labels, tracks=(track.id,) * int(shown.sum())))
    return Panel(
        "steps",
        "Steps to leave by offset, on closed forms",
        Axis("offset from the stable manifold", "log"),
        Axis("steps", "log"),
        (*curves, *marks),
    )


def _positive(steps: tuple[int | None, ...]) -> Array:
    """Return steps as numbers; none, and 0, which a logarithmic axis does not have, are gaps."""
    return np.array([float(one) if one else np.nan for one in steps])
