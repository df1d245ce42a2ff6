"""Leaving a saddle: paths from beside its stable manifold, and steps against offset over the closed forms."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import numpy as np

from landscape.analysis.escape import straight_saddle
from landscape.analysis.escape_study import OFFSETS, RATE, EscapeStudy, Walk
from landscape.language import mark, tr, trn
from landscape.picture.scene import Array, Axis, Line, Panel, Path, Points, Track
from landscape.scene import Scene
from landscape.scenes.marks import zero_marks
from landscape.scenes.paths import group_labels
from landscape.scenes.scales import LossScale


def escape_scene(study: EscapeStudy) -> Scene:
    """Return the map with every path until it leaves, |y| step by step, and steps against offset."""
    labels = [
        tr("Sign descent (lr {rate:g})", rate=RATE) if walk.found.optimizer.key == "lion" else label
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
        title=tr("Escape from a saddle"),
        panels=(_map(study, tracks, points), distance, _steps(study, tracks)),
        tracks=tracks,
        n_steps=n_steps,
        columns=(("map",), ("distance", "steps")),
        widths=(1.0, 1.0),
        caption=tr(
            "f = x²/2 − {curvature:g} y²/2 from (1, {offset:g}); steps until |y| is at least 1",
            curvature=study.curvature,
            offset=study.offset,
        ),
        recipe={"curvature": study.curvature, "offset": study.offset},
        query=urlencode({"curvature": repr(study.curvature), "offset": repr(study.offset)}),
        notes=(tr("A start exactly on the stable manifold, y = 0, never leaves without noise."), *zero_notes),
    )


def _verdict(walk: Walk) -> str:
    if walk.measured is None:
        return trn("still there after {n} step", "still there after {n} steps", walk.found.n_steps)
    return trn("leaves after {n} step", "leaves after {n} steps", walk.measured)


def _map(study: EscapeStudy, tracks: tuple[Track, ...], points: Sequence[Array]) -> Panel:
    surface = straight_saddle(study.curvature)
    x, y = surface.domain.axes((81, 81))
    losses = np.asarray(surface.value(surface.domain.grid((81, 81)))).T
    paths = [Path(t.id, path[:, 0], path[:, 1]) for t, path in zip(tracks, points, strict=True)]
    saddle = Points(np.zeros(1), np.zeros(1), "saddle", (tr("saddle"),))
    return Panel(
        "map",
        tr("A saddle of curvatures 1 and −{curvature:g}", curvature=study.curvature),
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
    title, across = tr("Distance from the stable manifold"), Axis.of(mark("step"), range=(0.0, steps[-1]))
    return Panel("distance", title, across, axis, (*paths, *zeros)), notes


def _steps(study: EscapeStudy, tracks: tuple[Track, ...]) -> Panel:
    offsets = np.array(OFFSETS)
    curves, marks = [], []
    for track, walk in zip(tracks, study.walks, strict=True):
        theory, measured = _positive(walk.found.theory), _positive(walk.found.measured)
        if np.isfinite(theory).any():
            curves.append(Line(offsets, theory, tr("closed form"), "theory"))
        shown = np.isfinite(measured)
        labels = tuple(
            trn(
                "{path}: {n} step from {offset:g}",
                "{path}: {n} steps from {offset:g}",
                int(steps),
                path=track.label,
                offset=offset,
            )
            for offset, steps in zip(offsets[shown], measured[shown], strict=True)
        )
        marks.append(Points(offsets[shown], measured[shown], "measured", labels, tracks=(track.id,) * int(shown.sum())))
    return Panel(
        "steps",
        tr("Steps to leave by offset, on closed forms"),
        Axis.of(mark("offset from the stable manifold"), "log"),
        Axis.of(mark("steps"), "log"),
        (*curves, *marks),
    )


def _positive(steps: tuple[int | None, ...]) -> Array:
    """Return steps as numbers; none, and 0, which a logarithmic axis does not have, are gaps."""
    return np.array([float(one) if one else np.nan for one in steps])
