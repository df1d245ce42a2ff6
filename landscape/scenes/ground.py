"""What paths run over: a curve, a map, or a relief in space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landscape.language import tr
from landscape.picture.camera import best_view
from landscape.picture.scene import Array, Axis, Field, Line, Panel, Path, Points, Tangent
from landscape.scenes.marks import critical_marks, exit_marks, start_marks
from landscape.scenes.paths import PathInfo
from landscape.scenes.scales import LOSS, NORM, LossScale
from landscape.surfaces.base import Surface

# Sides of a domain may differ by this factor and still share one scale: contours then meet gradients at right angles.
MOST_OBLONG = 2.0
# A path is lifted off the relief by this share of its height, so that it does not sink into the facets.
LIFT = 0.012


def ground_panels(
    surface: Surface, infos: Sequence[PathInfo], relief: bool, log_color: bool, grid: int, marked: bool = True
) -> tuple[Panel, ...]:
    """Return the panel that paths run over in a tuple: curve in one dimension, map or relief in two, none beyond.

    Critical points are ``marked`` in it, unless somebody draws without them: their Hessians take longer than the rest.
    """
    marks = tuple(critical_marks(surface)) if marked and surface.n_dims <= 2 else ()
    if surface.n_dims == 1:
        return (_curve(surface, infos, marks),)
    if surface.n_dims != 2:
        return ()
    x, y = surface.domain.axes((grid, grid))
    with np.errstate(all="ignore"):  # what is not finite there becomes a gap
        losses = np.asarray(surface.value(surface.domain.grid((grid, grid)))).T
    if not relief:
        return (_map(surface, infos, marks, LossScale.fit(losses, log_color).field(x, y, losses)),)
    inside = [i.values_there[surface.domain.contains(i.points)] for i in infos]
    scale = LossScale.fit(losses, log_color, also=np.concatenate(inside) if inside else None)
    return (_relief(surface, infos, marks, x, y, losses, scale),)


def _map(surface: Surface, infos: Sequence[PathInfo], marks: Sequence[Points], field: Field) -> Panel:
    domain = surface.domain
    paths = [Path(i.track.id, i.points[:, 0], i.points[:, 1], steps=i.shown_steps, hover=there(i)) for i in infos]
    wide, high = domain.widths
    return Panel(
        "map",
        surface.title,
        Axis(surface.variables[0], range=domain.bounds[0]),
        Axis(surface.variables[1], range=domain.bounds[1]),
        (field, *marks, *paths, *start_marks(infos), *exit_marks(infos, domain)),
        equal_aspect=bool(1 / MOST_OBLONG <= wide / high <= MOST_OBLONG),
        clickable=True,
    )


def there(info: PathInfo) -> dict[str, Array]:
    """Return what is told at each point of a path."""
    return {LOSS: info.values_there, NORM: info.norms_there}


def _relief(
    surface: Surface,
    infos: Sequence[PathInfo],
    marks: Sequence[Points],
    x: Array,
    y: Array,
    losses: Array,
    scale: LossScale,
) -> Panel:
    """Return the surface in space. Paths end at the walls of the box: outside it there is no surface to lie on."""
    height = scale(losses)
    finite = height[np.isfinite(height)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    lift = LIFT * ((high - low) or 1.0)

    def on_top(points: Array, values: Array) -> Array:
        return np.where(surface.domain.contains(points), scale(values) + lift, np.nan)

    paths = [
        Path(
            i.track.id,
            i.points[:, 0],
            i.points[:, 1],
            z=on_top(i.points, i.values_there),
            steps=i.shown_steps,
            hover=there(i),
        )
        for i in infos
    ]
    lifted = [
        replace(still, z=on_top(np.stack([still.x, still.y], axis=-1), surface.value(np.stack([still.x, still.y], -1))))
        for still in (*marks, *start_marks(infos))
    ]
    field = Field(x, y, height, tr(LOSS), color_label=scale.label, color_ticks=scale.ticks)
    drawn: tuple[Points | Path, ...] = (*lifted, *paths)
    on_relief = [np.stack([p.x, p.y, p.z], axis=-1) for p in drawn if p.z is not None]
    return Panel(
        "relief",
        surface.title,
        Axis(surface.variables[0], range=surface.domain.bounds[0]),
        Axis(surface.variables[1], range=surface.domain.bounds[1]),
        (field, *lifted, *paths),
        kind="space",
        z=Axis.of(LOSS, ticks=scale.ticks),
        view=best_view(field, [places[:: max(1, len(places) // 20)] for places in on_relief]),
    )


def _curve(surface: Surface, infos: Sequence[PathInfo], marks: Sequence[Points]) -> Panel:
    """Return the graph of a surface of one dimension with the tangent at the playhead."""
    (x,) = surface.domain.axes((601,))
    with np.errstate(all="ignore"):
        f = np.asarray(surface.value(x[:, None]))
    f = np.where(np.isfinite(f), f, np.nan)
    low, high = (float(np.nanmin(f)), float(np.nanmax(f))) if np.any(np.isfinite(f)) else (0.0, 1.0)
    margin = 0.07 * ((high - low) or 1.0)
    tangents, paths = [], []
    for i in infos:
        if i.shown_steps is None:  # a tangent needs the point of every step
            slopes = np.full(len(i.values), np.nan)
            slopes[: i.track.last + 1] = surface.gradient(i.points[: i.track.last + 1])[:, 0]
            half_width = 0.11 * float(surface.domain.widths[0])
            tangents.append(Tangent(i.track.id, i.points[:, 0], i.values, slopes, half_width))
        hover = {NORM: i.norms_there}
        paths.append(Path(i.track.id, i.points[:, 0], i.values_there, steps=i.shown_steps, hover=hover))
    still = [replace(points, y=surface.value(points.x[:, None])) for points in (*marks, *start_marks(infos))]
    return Panel(
        "curve",
        surface.title,
        Axis(surface.variables[0], range=surface.domain.bounds[0]),
        Axis.of(LOSS, range=(low - margin, high + margin)),
        (Line(x, f, label=tr(LOSS), role="graph"), *tangents, *paths, *still),
        clickable=True,
    )


def stamp(surface: Surface, side: int) -> Panel:
    """Return the bare panel of a surface of one or two dimensions, fine enough for ``side`` pixels."""
    return ground_panels(surface, (), False, True, side, marked=False)[0]
