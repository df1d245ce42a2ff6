"""Layers of a panel as Plotly traces: plain dicts whose arrays are NumPy's, each tagged in ``meta``.

The tracks of one legend group share one trace a panel, with a gap between them: two hundred starts then cost as many
traces as one. ``meta["tracks"]`` names them, ``meta["first"]`` and ``meta["count"]`` say where each lies, and
``meta["steps"]`` is the step of every point where that is not simply its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.language import tr
from landscape.picture.axes import called
from landscape.picture.glyphs import glyph, track_glyph
from landscape.picture.key import Group, has_ground, mark_thinness, signs_of, span_parts, thinness
from landscape.picture.scene import (
    Array,
    Field,
    Labels,
    Line,
    MovingField,
    MovingLine,
    MovingPoints,
    Panel,
    Path,
    Points,
    Samples,
    Spans,
    Tangent,
)
from landscape.picture.sharing import Stretch, arranged, is_critical
from landscape.picture.strokes import line_style
from landscape.render.screen.data import (
    labels_trace,
    moving_field_trace,
    moving_line_trace,
    moving_points_trace,
    samples_traces,
)
from landscape.render.screen.field import field_traces
from landscape.render.screen.pen import Columns, Pen, Seat, compact, drawn, plotly_dash, rgba, safe, steps_of

# What Plotly can draw in space of the markers that it has on the plane.
SPACE_SYMBOLS = {
    "triangle-up": "diamond",
    "triangle-down": "diamond-open",
    "pentagon": "circle",
    "star": "diamond",
    "hexagon": "circle-open",
}


def traces(seat: Seat, pen: Pen) -> Iterator[dict[str, Any]]:
    """Yield the traces of a panel, lowest first; the paths of a group stand where the first of them does."""
    panel, shared = arranged(seat.panel, pen.scene)
    seat = replace(seat, panel=panel)
    done: set[str] = set()
    for layer in seat.panel.layers:
        if isinstance(layer, Path):
            group = pen.group_of[layer.track]
            if group.name not in done:
                done.add(group.name)
                yield from path_traces(seat, pen, group, shared)
        elif isinstance(layer, Field):
            yield from field_traces(seat, pen, layer)
        elif isinstance(layer, Line):
            yield line_trace(seat, pen, layer)
        elif isinstance(layer, Points):
            yield from points_traces(seat, pen, layer)
        elif isinstance(layer, Spans):
            yield from spans_traces(seat, pen, layer)
        elif isinstance(layer, Tangent):
            yield tangent_trace(seat, pen, layer)
        elif isinstance(layer, Samples):
            yield from samples_traces(seat, pen, layer)
        elif isinstance(layer, Labels):
            yield labels_trace(seat, pen, layer)
        elif isinstance(layer, MovingLine):
            yield moving_line_trace(seat, pen, layer)
        elif isinstance(layer, MovingPoints):
            yield moving_points_trace(seat, pen, layer)
        elif isinstance(layer, MovingField):
            yield moving_field_trace(seat, pen, layer)


def path_traces(
    seat: Seat, pen: Pen, group: Group, shared_with: Mapping[str, tuple[Stretch, ...]]
) -> Iterator[dict[str, Any]]:
    """Yield the line of a group's tracks, over a ground with its casing below it, and the heads at their ends.

    Where some of them stand back, all are drawn so, and those in full once more above them.
    """
    panel, space = seat.panel, seat.panel.kind == "space"
    members = {track.id: k for k, track in enumerate(group.tracks)}
    paths = [layer for layer in panel.layers if isinstance(layer, Path) and layer.track in members]
    columns: dict[str, list[Array]] = {}
    first, count, at = [], [], 0
    every = []
    for path in paths:
        steps = steps_of(path)
        rows = np.flatnonzero(np.isin(steps, pen.kept[path.track]))
        every.append(np.append(steps[rows], -1))
        first.append(at)
        count.append(len(rows))
        at += len(rows) + 1
        x, y = drawn(panel.x, path.x)[rows], drawn(panel.y, path.y)[rows]
        pieces = {
            # One NaN breaks the line; x stays whole so that steps can travel as integers.
            "x": np.append(x, x[-1:] if len(x) else 0.0),
            "y": np.append(y, np.nan),
            **({} if path.z is None else {"z": np.append(np.asarray(path.z)[rows], np.nan)}),
            "step": np.append(steps[rows], steps[rows][-1:] if len(rows) else 0),
            "number": np.full(len(rows) + 1, members[path.track] + 1),
            **{f"hover {name}": np.append(np.asarray(values)[rows], np.nan) for name, values in path.hover.items()},
        }
        for name, values in pieces.items():
            columns.setdefault(name, []).append(values)
    coordinates = {
        letter: compact(np.concatenate(columns.pop(letter)), linear=axis is None or axis.scale != "log")
        for letter, axis in (("x", panel.x), ("y", panel.y), ("z", panel.z))
        if letter in columns
    }
    # What the coordinates say already is not sent twice.
    if panel.x.name == "step" and panel.x.scale == "linear":
        del columns["step"]
    if len(paths) == 1:
        del columns["number"]
    if panel.y.scale != "symlog":
        columns.pop(f"hover {panel.y.name}", None)
    custom = {
        name: compact(np.concatenate(parts), linear=name in ("hover x", "hover y")) for name, parts in columns.items()
    }
    meta = {"role": "path", "panel": panel.key, "group": group.name, "tracks": [p.track for p in paths]}
    names = {"x": panel.x.name, "y": panel.y.name} if panel.y.scale != "symlog" else {"x": panel.x.name}
    headed = any(path.head for path in paths)
    told = {"names": names, "columns": [name.removeprefix("hover ") for name in custom], "headed": headed}
    if any(not np.array_equal(steps[:-1], np.arange(len(steps) - 1)) for steps in every):
        told["steps"] = compact(np.concatenate(every))
    if not group.stroke.dash and any(path.track in shared_with for path in paths):
        told["shared"] = [shared_with.get(path.track, ()) for path in paths]
    shared = {
        "type": "scatter3d" if space else "scatter",
        **seat.axes,
        "name": safe(group.name),
        "legendgroup": safe(group.name),
        "showlegend": False,
    }
    line = pen.line(group, space)
    full = [k for k, path in enumerate(paths) if path.track in pen.leaders]
    every_one = {
        **shared,
        **coordinates,
        "mode": "lines",
        "line": line if len(full) == len(paths) else pen.quiet(group, space),
        "customdata": Columns(tuple(custom.values())),
        "hovertemplate": _hover(group, panel, list(custom)),
        "meta": {**meta, "first": first, "count": count, **told},
    }
    above: dict[str, Any] = {**shared, **coordinates, "mode": "lines", "line": line, "hoverinfo": "skip"}
    if len(full) < len(paths):
        yield every_one
        rows = np.concatenate([np.arange(first[k], first[k] + count[k] + 1) for k in full] or [np.arange(0)])
        above |= {letter: values[rows] for letter, values in coordinates.items()}
    in_full = {**meta, "tracks": [paths[k].track for k in full]}
    for color, wider in pen.casing() if has_ground(panel) else ():
        under = line | {"color": color, "width": line["width"] + wider}
        yield {**above, "line": under, "meta": in_full | {"role": "casing"}}
    yield every_one if len(full) == len(paths) else {**above, "meta": in_full | {"role": "leader"}}
    ends = {letter: _ends(values, first, count) for letter, values in coordinates.items()}
    if headed:
        symbol = group.stroke.marker
        yield {
            **shared,
            **ends,
            "mode": "markers",
            "marker": {
                "symbol": SPACE_SYMBOLS.get(symbol, symbol) if space else symbol,
                "size": pen.theme.head_size * thinness(pen.scene) * (0.5 if space else 0.85),
                "color": group.stroke.color,
                "line": {"color": pen.theme.outline, "width": 1.5},
            },
            **({} if space else {"cliponaxis": True}),
            "hoverinfo": "skip",
            "meta": {**meta, "role": "head"},
        }


def _ends(values: NDArray[Any], first: Sequence[int], count: Sequence[int]) -> NDArray[Any]:
    """Return the last finite value of each track; NaN for one that has none."""
    ends = []
    for a, n in zip(first, count, strict=True):
        finite = np.flatnonzero(np.isfinite(values[a : a + n]))
        ends.append(float(values[a + finite[-1]]) if finite.size else np.nan)
    return np.array(ends, dtype=values.dtype if values.dtype.kind == "f" else float)


def _hover(group: Group, panel: Panel, custom: Sequence[str]) -> str:
    """Return the template of a path's hover label: step, coordinates, then what ``hover`` names."""
    place = {name: f"customdata[{k}]" for k, name in enumerate(custom)}
    shown = {name: f"%{{{where}}}" for name, where in {"step": "x", **place}.items()}
    name = f"<b>{safe(group.name)}</b>"
    if "number" in place:
        name = tr("{optimizer}, path {number}", optimizer=name, number=shown["number"])
    lines = [name, tr("step {number}", number=shown["step"])]
    # On a symmetric logarithm the coordinate is not the number; ``hover`` has that one.
    lines += [
        f"{safe(called(panel, own))} %{{{letter}:.4~g}}"
        for letter, own in (("x", panel.x), ("y", panel.y))
        if own.name != "step" and own.scale != "symlog"
    ]
    lines += [
        f"{safe(tr(name.removeprefix('hover ')))} %{{{where}:.4~g}}"
        for name, where in place.items()
        if "hover " in name
    ]
    return "<br>".join(lines) + "<extra></extra>"


def line_trace(seat: Seat, pen: Pen, line: Line) -> dict[str, Any]:
    """Return a curve that stands still."""
    look, panel = line_style(line.role, pen.theme), seat.panel
    space = panel.kind == "space" and line.z is not None
    width = pen.theme.line_width * look.width
    return {
        "type": "scatter3d" if space else "scatter",
        **seat.axes,
        "x": compact(drawn(panel.x, line.x)),
        "y": compact(drawn(panel.y, line.y)),
        **({"z": compact(line.z)} if space else {}),
        "mode": "lines",
        "line": {
            "color": look.color,
            "width": width * (1.6 if space else 1.0),
            "dash": look.dash_name if space else plotly_dash(look.dash, width),
        },
        "name": safe(line.label),
        "showlegend": False,
        "hoverinfo": "name" if line.label else "skip",
        "meta": {"role": "line", "panel": panel.key, "line": line.role},
    }


def points_traces(seat: Seat, pen: Pen, points: Points) -> Iterator[dict[str, Any]]:
    """Yield the markers of a layer: one trace, or one for each group whose tracks they belong to."""
    panel, theme = seat.panel, pen.theme
    space = panel.kind == "space" and points.z is not None
    owners: list[Group | None] = [pen.group_of[track] for track in points.tracks] or [None] * len(points.x)
    for owner in dict.fromkeys(owners):
        rows = np.array([k for k, other in enumerate(owners) if other is owner])
        look = glyph(points.kind, theme) if owner is None else track_glyph(points.kind, owner.stroke, theme)
        labels = [safe(points.labels[k]) for k in rows] if points.labels else []
        steps = [] if points.steps is None else [int(points.steps[k]) for k in rows]
        yield {
            "type": "scatter3d" if space else "scatter",
            **seat.axes,
            "x": compact(drawn(panel.x, points.x)[rows]),
            "y": compact(drawn(panel.y, points.y)[rows]),
            **({"z": compact(np.asarray(points.z)[rows])} if space else {}),
            "mode": "markers",
            "marker": {
                "symbol": SPACE_SYMBOLS.get(look.symbol, look.symbol) if space else look.symbol,
                "size": theme.point_size * look.size * mark_thinness(points, pen.scene) * (0.55 if space else 1.0),
                "color": look.color,
                "line": {"color": look.outline, "width": 1.0 if space else 1.6},
            },
            "hovertext": labels,
            "hoverinfo": "text" if labels else "skip",
            "name": safe(look.title),
            "showlegend": False,
            **({} if owner is None else {"legendgroup": safe(owner.name)}),
            # A mark on the edge of a panel is shown whole.
            **({} if space else {"cliponaxis": points.kind != "diverged"}),
            "meta": {
                "role": "points",
                "panel": panel.key,
                "kind": points.kind,
                "symbol": look.symbol,
                **({} if owner is None else {"group": owner.name, "tracks": [points.tracks[k] for k in rows]}),
                **({"steps": steps} if steps else {}),
                **({"critical": True} if is_critical(points) else {}),
            },
        }


def spans_traces(seat: Seat, pen: Pen, spans: Spans) -> Iterator[dict[str, Any]]:
    """Yield the shaded intervals of a track: a bar under the top edge, in a lane of its own, and faint bands below."""
    group = pen.group_of[spans.track]
    shared = {
        "type": "scatter",
        "xaxis": seat.axes["xaxis"],
        "yaxis": seat.lanes,
        "mode": "lines",
        "fill": "toself",
        "line": {"width": 0, "color": group.stroke.color},
        "hoverinfo": "skip",
        "name": safe(spans.label),
        "showlegend": False,
        "legendgroup": safe(group.name),
    }
    for bottom, top, opacity in span_parts(seat.panel, spans.track, pen.theme):
        x = [v for low, high in spans.intervals for v in (low, high, high, low, low, np.nan)]
        y = [v for _ in spans.intervals for v in (bottom, bottom, top, top, bottom, np.nan)]
        yield {
            **shared,
            "x": np.array(x, dtype=np.float32),
            "y": np.array(y, dtype=np.float32),
            "fillcolor": rgba(group.stroke.color, opacity),
            "meta": {
                "role": "spans",
                "panel": seat.panel.key,
                "group": group.name,
                "tracks": [spans.track],
                "intervals": [[float(low), float(high)] for low, high in spans.intervals],
                "lane": [bottom, top],
                "opacity": opacity,
            },
        }


def tangent_trace(seat: Seat, pen: Pen, tangent: Tangent) -> dict[str, Any]:
    """Return the tangent of a track at its last step."""
    group, panel = pen.group_of[tangent.track], seat.panel
    finite = np.flatnonzero(np.isfinite(tangent.x) & np.isfinite(tangent.y) & np.isfinite(tangent.slope))
    reach = np.array([-tangent.half_width, tangent.half_width]) if finite.size else np.full(2, np.nan)
    at = finite[-1] if finite.size else 0
    return {
        "type": "scatter",
        **seat.axes,
        "x": drawn(panel.x, tangent.x[at] + reach),
        "y": drawn(panel.y, tangent.y[at] + tangent.slope[at] * reach),
        "mode": "lines",
        "line": {"color": group.stroke.color, "width": pen.line_width * 0.7, "dash": "solid"},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": safe(group.name),
        "meta": {
            "role": "tangent",
            "panel": panel.key,
            "group": group.name,
            "tracks": [tangent.track],
            "half_width": tangent.half_width,
        },
    }


def key_traces(seat: Seat, pen: Pen) -> Iterator[dict[str, Any]]:
    """Yield an empty trace for each entry of the key, for Plotly's legend. The player makes its own of its payload."""
    space = seat.panel.kind == "space"
    nowhere: dict[str, Any] = {
        "type": "scatter3d" if space else "scatter",
        **seat.axes,
        **{letter: [None] for letter in ("xyz" if space else "xy")},
        "hoverinfo": "skip",
    }
    for group in pen.groups:
        yield {
            **nowhere,
            "mode": "lines+markers",
            "line": pen.line(group, space),
            "marker": {"symbol": "circle" if space else group.stroke.marker, "size": 9, "color": group.stroke.color},
            "name": safe(group.name),
            "legendgroup": safe(group.name),
            "meta": {"role": "legend", "group": group.name},
        }
    for sign in signs_of(pen.scene, pen.theme):
        symbol, width = sign.symbol or "square", pen.theme.line_width * sign.width
        look: dict[str, Any] = {
            "symbol": SPACE_SYMBOLS.get(symbol, symbol) if space else symbol,
            "size": 0.8 * pen.theme.point_size,
            "color": sign.color,
            "line": {"color": sign.outline or sign.color, "width": 1.0},
        }
        yield {
            **nowhere,
            "opacity": sign.opacity,
            **(
                {"mode": "lines", "line": {"color": sign.color, "width": width, "dash": plotly_dash(sign.dash, width)}}
                if sign.shape == "line"
                else {"mode": "markers", "marker": look}
            ),
            "name": safe(sign.label),
            # In a group of its own, or all would stand in one column.
            "legendgroup": f"{sign.shape} {safe(sign.label)}",
            "meta": {"role": "legend"},
        }
