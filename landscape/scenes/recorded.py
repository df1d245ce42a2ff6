"""Runs made elsewhere, side by side: where they went, as far as that was recorded, their loss and gradient norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from landscape.analysis.slices import Plane, SingularPlane, principal_plane
from landscape.descent.outcome import SMALL_GRADIENT, Outcome
from landscape.descent.trajectory import intervals_below
from landscape.language import mark, tr, trn
from landscape.picture.colors import HUES
from landscape.picture.scene import Array, Axis, Panel, Path, Points, Track
from landscape.scene import Scene
from landscape.scenes.descent import loss_and_norm, plateau_words
from landscape.scenes.ground import ground_panels
from landscape.scenes.paths import PathInfo, names_of
from landscape.scenes.scales import LOSS
from landscape.version import __version__

if TYPE_CHECKING:
    from landscape.recording import Recording

LEAST_PLATEAU = 5
"""So many records in a row with a small gradient are a plateau."""


def recorded_scene(*recordings: Recording, threshold: float = SMALL_GRADIENT, relief: bool = False) -> Scene:
    """Return the scene of runs made elsewhere (``landscape.record``, ``landscape.recorder``), on one playhead.

    Over the surface that all of them were given, where it has one or two dimensions, as a map or as a ``relief``; else
    on the plane of the principal components of all their points, or on the plane of their own projections; beside it
    loss and gradient norm, with plateaus, where the norm stays below ``threshold``, shaded. What cannot be known
    without a surface, without parameters or without gradients is said.

    Raises ``ValueError`` for no recordings, for runs of different numbers of parameters, and where some have points and
    others projections.
    """
    if not recordings:
        raise ValueError(tr("there is nothing to show: give at least one recording"))
    n_steps = int(max(run.steps[-1] for run in recordings))
    infos = [_info(run, track, n_steps, threshold) for run, track in zip(recordings, _tracks(recordings), strict=True)]
    surface = recordings[0].surface
    shared = surface is not None and all(run.surface == surface for run in recordings)
    (loss, norm), notes = loss_and_norm(infos, n_steps, None, plateau_words(threshold))
    below = [loss] if all(run.gradient_norms is None for run in recordings) else [loss, norm]
    ground: tuple[Panel, ...] = ()
    if shared and surface is not None and surface.n_dims <= 2 and all(run.has_points for run in recordings):
        ground = ground_panels(surface, infos, relief, True, 121)
    else:
        panel, said = _plane(recordings, infos)
        ground = () if panel is None else (panel,)
        notes += said
    unknown: dict[str, list[Track]] = {}
    for run, info in zip(recordings, infos, strict=True):
        if run.is_unknown:
            unknown.setdefault(run.verdict, []).append(info.track)
    for words, tracks in unknown.items():
        told = f"{words[0].upper()}{words[1:]}"
        some = len(tracks) < len(recordings)
        notes.append(tr("{said} ({paths}).", said=told, paths=names_of(tracks)) if some else f"{told}.")
    keys = tuple(panel.key for panel in below)
    return Scene(
        title=tr("{run}, recorded", run=recordings[0].label) if len(recordings) == 1 else tr("Recorded runs"),
        panels=(*ground, *below),
        tracks=tuple(info.track for info in infos),
        n_steps=n_steps,
        columns=((ground[0].key,), keys) if ground else tuple((key,) for key in keys),
        widths=(1.1, 1.0) if ground else (1.0,) * len(keys),
        caption=" · ".join([*map(_words, recordings), f"landscape {__version__}"]),
        notes=tuple(notes),
    )


def _words(run: Recording) -> str:
    return trn(
        "{run}: {n} record up to step {step}",
        "{run}: {n} records up to step {step}",
        len(run.steps),
        run=run.label,
        step=run.steps[-1],
    )


def _tracks(recordings: Sequence[Recording]) -> list[Track]:
    """Return a track for each run: in the colour that it asks for, else in the next one that nobody has."""
    asked = {run.color for run in recordings}
    free = [hue for hue in HUES if hue not in asked] or list(HUES)
    tracks: list[Track] = []
    unasked = 0
    for number, run in enumerate(recordings):
        style = run.color or free[unasked % len(free)]
        unasked += not run.color
        twins = sum(other.label == run.label for other in recordings[:number])
        name = f"{run.label} #{twins + 1}" if twins else run.label
        variant = sum(track.style == style for track in tracks)
        told = "" if run.is_unknown else run.verdict  # what nobody knows is said once for all, in the notes
        tracks.append(Track(str(number), name, name, style, int(run.steps[-1]), told, variant))
    return tracks


def _info(run: Recording, track: Track, n_steps: int, threshold: float) -> PathInfo:
    values, norms = (np.full(n_steps + 1, np.nan) for _ in range(2))
    values[run.steps] = run.losses
    runs: tuple[tuple[int, int], ...] = ()
    if run.gradient_norms is not None:
        norms[run.steps] = run.gradient_norms
        runs = intervals_below(run.gradient_norms, threshold, LEAST_PLATEAU)
        if run.outcome in (None, Outcome.MINIMUM):  # small to the end is rest, or nobody knows
            runs = tuple((a, b) for a, b in runs if b < len(run.steps) - 1)
    plateaus = tuple((int(run.steps[a]), int(run.steps[b])) for a, b in runs)
    points = run.points if run.points is not None else np.empty((len(run.steps), 0))
    return PathInfo(track, run.steps, points, values, norms, plateaus, run.outcome, run.steps)


def _plane(recordings: Sequence[Recording], infos: Sequence[PathInfo]) -> tuple[Panel | None, list[str]]:
    """Return the panel of the plane on which the runs are seen, and what it hides; without it why there is none."""
    with_points = [run.points is not None for run in recordings]
    if any(run.projections is not None for run in recordings):
        if any(run.projections is None for run in recordings):
            raise ValueError(tr("some runs have projections and others have not: they lie on no common plane"))
        seen = [np.asarray(run.projections) for run in recordings]
        return _panel(tr("Your projections"), mark("projection {k}"), seen, infos), []
    if not any(with_points):
        return None, []
    if not all(with_points):
        raise ValueError(tr("some runs have points and others have not: they lie on no common plane"))
    paths = _in_one_space(recordings)
    if paths[0].shape[1] < 2:
        return None, []
    try:
        plane = principal_plane(paths)
    except SingularPlane as problem:
        return None, [tr("No map: {why}.", why=problem)]
    seen = [plane.coordinates(path) for path in paths]
    panel = _panel(tr("Plane of the principal components"), mark("principal component {k}"), seen, infos)
    return panel, [_hidden(plane, recordings)]


def _hidden(plane: Plane, recordings: Sequence[Recording]) -> str:
    assert plane.explained is not None, "planes of principal components have shares"
    assert plane.null is not None, "and what chance alone would show"
    words = tr(
        "The map is a projection: its two components explain {explained:.1%} of the variance of the recorded points; "
        "those of as many pure random walks explain {chance:.1%}.",
        explained=sum(plane.explained),
        chance=sum(plane.null),
    )
    lost = max((run.frame.lost for run in recordings if run.frame is not None), default=0.0)
    kept = tr("Of the squared distances from the start {lost:.2%} was not kept.", lost=lost) if lost > 5e-5 else ""
    return f"{words} {kept}".strip()


def _panel(title: str, label: str, seen: Sequence[Array], infos: Sequence[PathInfo]) -> Panel:
    paths = [
        Path(info.track.id, at[:, 0], at[:, 1], steps=info.point_steps, hover={LOSS: info.values_there})
        for info, at in zip(infos, seen, strict=True)
    ]
    starts = np.array([at[0] for at in seen])
    began = Points(starts[:, 0], starts[:, 1], "start", tracks=tuple(info.track.id for info in infos))
    x, y = (Axis(tr(label, k=k), name=label.format(k=k)) for k in (1, 2))
    return Panel("plane", title, x, y, (*paths, began))


def _in_one_space(recordings: Sequence[Recording]) -> list[Array]:
    """Return the points of all runs, (K, m) each, in coordinates in which distances are those of their parameters."""
    frames = [run.frame for run in recordings if run.frame is not None]
    if not frames:
        points = [np.asarray(run.points) for run in recordings]
        _same_size({path.shape[1] for path in points})
        return points
    if len(frames) < len(recordings):
        raise ValueError(tr("runs of a recorder and runs from arrays are not shown on one plane"))
    _same_size({len(frame.origin) for frame in frames})
    first = frames[0].origin
    spanned = np.vstack([*(frame.directions for frame in frames), *(frame.origin - first for frame in frames[1:])])
    axes = np.linalg.qr(spanned.T)[0]
    return [
        (frame.origin - first) @ axes + np.asarray(run.points) @ (frame.directions @ axes)
        for frame, run in zip(frames, recordings, strict=True)
    ]


def _same_size(sizes: set[int]) -> None:
    if len(sizes) > 1:
        numbers = ", ".join(map(str, sorted(sizes)))
        raise ValueError(tr("the runs have different numbers of parameters: {numbers}", numbers=numbers))
