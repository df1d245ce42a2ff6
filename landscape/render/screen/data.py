"""Plotly traces of data: samples, and fields and curves that change with the playhead.

What changes is a trace that shows its last frame, as a still picture should; all its frames travel in ``meta``, so that
the player can paint the one that belongs to the playhead. Very many points travel without: the player makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from landscape.picture.glyphs import class_colors, class_glyph
from landscape.picture.key import grain
from landscape.picture.scene import Labels, MovingField, MovingLine, MovingPoints, Samples
from landscape.picture.strokes import line_style
from landscape.render.screen.pen import Pen, Seat, compact, drawn, plotly_dash, safe

WIDTH = 400
"""Pixels that a panel is wide, about: Plotly's marks do not follow its size."""


def samples_traces(seat: Seat, pen: Pen, samples: Samples) -> Iterator[dict[str, Any]]:
    """Yield the markers of each group of samples."""
    x, y = drawn(seat.panel.x, samples.x), drawn(seat.panel.y, samples.y)
    for number, name in enumerate(samples.names):
        rows = np.asarray(samples.groups) == number
        look = class_glyph(number, theme=pen.theme)
        yield {
            "type": "scatter",
            **seat.axes,
            "x": compact(x[rows]),
            "y": compact(y[rows]),
            "mode": "markers",
            "marker": {
                "symbol": look.symbol,
                "size": pen.theme.point_size * look.size,
                "color": look.color,
                "line": {"color": look.outline, "width": 0.8},
            },
            "name": safe(name),
            "showlegend": False,
            "hoverinfo": "x+y+name",
            "meta": {"role": "samples", "panel": seat.panel.key},
        }


def labels_trace(seat: Seat, pen: Pen, labels: Labels) -> dict[str, Any]:
    """Return texts in ink, each in a rim of the outline's colour."""
    theme = pen.theme
    rim = ", ".join(f"{x}px {y}px 1px {theme.outline}" for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)
    return {
        "type": "scatter",
        **seat.axes,
        "x": compact(drawn(seat.panel.x, labels.x)),
        "y": compact(drawn(seat.panel.y, labels.y)),
        "mode": "text",
        "text": [safe(text) for text in labels.texts],
        "textfont": {"color": theme.ink, "size": theme.title_size, "weight": 700, "shadow": rim},
        "showlegend": False,
        "hoverinfo": "skip",
        "meta": {"role": "labels", "panel": seat.panel.key},
    }


def moving_line_trace(seat: Seat, pen: Pen, line: MovingLine) -> dict[str, Any]:
    """Return a curve that changes, as it is in the end."""
    look, panel = line_style(line.role, pen.theme), seat.panel
    width = pen.theme.line_width * look.width
    x, y = compact(drawn(panel.x, line.x)), compact(drawn(panel.y, line.y))
    return {
        "type": "scatter",
        **seat.axes,
        "x": x[-1],
        "y": y[-1],
        "mode": "lines",
        "line": {"color": look.color, "width": width, "dash": plotly_dash(look.dash, width)},
        "name": safe(line.label),
        "showlegend": False,
        "hoverinfo": "name" if line.label else "skip",
        "meta": {
            "role": "moving_line",
            "panel": panel.key,
            **_owner(pen, line.track),
            "steps": compact(np.asarray(line.steps)),
            "x": x,
            "y": y,
            "dash": [length * width for length in look.dash],
        },
    }


def moving_points_trace(seat: Seat, pen: Pen, points: MovingPoints) -> dict[str, Any]:
    """Return very many points as they are in the end; how they came there is no part of a still picture."""
    return {
        "type": "scatter",
        **seat.axes,
        "x": compact(drawn(seat.panel.x, points.x[-1])),
        "y": compact(drawn(seat.panel.y, points.y[-1])),
        "mode": "markers",
        "marker": {
            "size": WIDTH * grain(points.x.shape[1]),
            "color": pen.group_of[points.track].stroke.color,
            "line": {"color": pen.theme.outline, "width": 0.5},
        },
        "hoverinfo": "skip",
        "showlegend": False,
        "meta": {"role": "moving_points", "panel": seat.panel.key, **_owner(pen, points.track)},
    }


def moving_field_trace(seat: Seat, pen: Pen, field: MovingField) -> dict[str, Any]:
    """Return a field that changes, as it is in the end: regions in the colours of their classes, or heat."""
    if field.classes:
        colors = class_colors(len(field.classes), field.levels, field.apart, pen.theme)
        low, high = -0.5, len(colors) - 0.5
        edges = np.repeat(np.linspace(0.0, 1.0, len(colors) + 1), 2)[1:-1]
        scale = [[float(at), color] for at, color in zip(edges, np.repeat(colors, 2).tolist(), strict=True)]
    else:
        colors = list(pen.theme.palette("sequential"))
        finite = field.z[np.isfinite(field.z)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        scale = [[k / (len(colors) - 1), color] for k, color in enumerate(colors)]
    frames = compact(field.z)
    return {
        "type": "heatmap",
        **seat.axes,
        "x": compact(field.x),
        "y": compact(field.y),
        "z": frames[-1],
        "zmin": low,
        "zmax": high,
        "colorscale": scale,
        "showscale": False,
        "opacity": field.opacity,
        "hoverinfo": "skip",
        "meta": {
            "role": "moving_field",
            "panel": seat.panel.key,
            **_owner(pen, field.track),
            "steps": compact(np.asarray(field.steps)),
            "frames": frames.reshape(len(frames), -1),
            "colors": colors,
            "low": low,
            "high": high,
            "smooth": not field.classes,
        },
    }


def _owner(pen: Pen, track: str) -> dict[str, Any]:
    return {"group": pen.group_of[track].name, "tracks": [track]} if track in pen.group_of else {}
