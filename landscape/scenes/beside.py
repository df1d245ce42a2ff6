"""Two scenes on one playhead: the same run with one thing changed, beside the one that it was before."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from landscape.language import tr
from landscape.picture.scene import (
    Axis,
    Event,
    Layer,
    MovingField,
    MovingLine,
    MovingPoints,
    Panel,
    Path,
    Points,
    Spans,
    Tangent,
    Track,
    nothing,
)
from landscape.scene import Scene

HELD = "before"


def beside(held: Scene, now: Scene) -> Scene:
    """Return ``held`` and ``now`` as one scene: the map of each for itself, whatever runs over steps together.

    Tracks of ``held`` have the hue of their twins in ``now``, another dash, and "before" in their name. A run that is
    shorter than the other stands still at its end.
    """
    earlier = _renamed(held)
    shared = [panel.key for panel in now.panels if _of_steps(panel)]
    shared = [key for key in shared if any(panel.key == key for panel in held.panels)]
    n_steps = max(held.n_steps, now.n_steps)
    before = [_named(panel) for panel in earlier if panel.key not in shared]
    after = [panel for panel in now.panels if panel.key not in shared]
    both = [_together(next(p for p in earlier if p.key == key), now.panel(key), n_steps) for key in shared]
    columns = tuple(tuple(panel.key for panel in column) for column in ([*before, *both[::2]], [*after, *both[1::2]]))
    return replace(
        now,
        panels=(*before, *after, *both),
        tracks=(*now.tracks, *(_before(track) for track in held.tracks)),
        n_steps=n_steps,
        columns=tuple(column for column in columns if column),
        widths=(1.0, 1.0) if all(columns) else (1.0,),
        caption="\n".join((now.caption, tr("Before: {caption}", caption=held.caption))),
        notes=tuple(dict.fromkeys((*now.notes, *(tr("Before: {note}", note=note) for note in held.notes)))),
        live=nothing,
        events=partial(_events, held, now),
    )


def _events(held: Scene, now: Scene) -> tuple[Event, ...]:
    names = {track.id: _before(track).id for track in held.tracks}
    return (*now.events(), *(event._replace(track=names[event.track]) for event in held.events()))


def _named(panel: Panel) -> Panel:
    return replace(panel, key=f"{HELD}-{panel.key}", title=tr("{panel}, before", panel=panel.title))


def _of_steps(panel: Panel) -> bool:
    return panel.kind == "plane" and panel.x.name == "step"


def _before(track: Track) -> Track:
    label, group = (tr("{path}, before", path=name) for name in (track.label, track.group))
    return replace(track, id=f"{track.id}, {HELD}", label=label, group=group, variant=track.variant + 1)


def _renamed(scene: Scene) -> list[Panel]:
    """Return the panels of a scene whose tracks are renamed."""
    names = {track.id: _before(track).id for track in scene.tracks}

    def layer(one: Layer) -> Layer:
        if isinstance(one, Points):
            return replace(one, tracks=tuple(names[track] for track in one.tracks))
        if isinstance(one, Path | Spans | Tangent | MovingField | MovingLine | MovingPoints) and one.track:
            return replace(one, track=names[one.track])
        return one

    return [replace(panel, layers=tuple(map(layer, panel.layers)), clickable=False) for panel in scene.panels]


def _together(held: Panel, now: Panel, n_steps: int) -> Panel:
    """Return the layers of both over one pair of axes."""
    x = replace(now.x, range=(0.0, float(max(n_steps, 1))))
    return replace(now, x=x, y=_axis(held.y, now.y), layers=(*held.layers, *now.layers))


def _axis(held: Axis, now: Axis) -> Axis:
    """Return the axis that holds what both hold; what one of them cannot show on a logarithmic scale decides."""
    wider = next((axis for axis in (now, held) if axis.scale == "symlog"), now)
    ends = [end for axis in (held, now) if axis.range is not None for end in axis.range]
    fixed = held.range is not None and now.range is not None and held.scale == now.scale
    return replace(
        wider,
        range=(min(ends), max(ends)) if fixed else None,
        linear_within=min(axis.linear_within for axis in (held, now)),
    )
