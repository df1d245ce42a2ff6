"""A field of losses as Plotly draws it: heat with contour lines on the plane, a relief in space."""

from __future__ import annotations

from typing import Any

import numpy as np

from landscape.picture.scene import Field, ends_of
from landscape.render.screen.pen import Pen, Seat, compact, safe


def field_trace(seat: Seat, pen: Pen, field: Field) -> dict[str, Any]:
    """Return heat with contour lines, or the relief."""
    theme = pen.theme
    stops = theme.palette(field.palette)
    color, (low, high) = field.colored, field.color_ends
    # Contour lines follow the field itself, also where its colours are those of a wider range.
    least, most = ends_of(color, field.palette == "diverging")
    size = _round_step((most - least) / 14)
    levels = {"start": float(np.ceil(least / size) * size), "end": most, "size": size}
    colors = {
        "colorscale": [[k / (len(stops) - 1), stop] for k, stop in enumerate(stops)],
        "opacity": field.opacity,
        "hoverinfo": "skip",
        "meta": {"role": "field", "panel": seat.panel.key},
    }
    if seat.panel.kind == "space":
        return {
            "type": "surface",
            **seat.axes,
            "x": compact(field.x),
            "y": compact(field.y),
            "z": compact(field.z),
            **({} if field.color is None else {"surfacecolor": compact(color)}),
            "cmin": low,
            "cmax": high,
            "showscale": False,
            "contours": {"z": {"show": field.contours, "color": theme.contour, "width": 1.5, **levels}},
            "lighting": {"ambient": 0.8, "diffuse": 0.35, "specular": 0.04, "roughness": 0.9, "fresnel": 0.05},
            **colors,
        }
    bar = {
        "thickness": round(theme.font_size * 0.85),
        "outlinewidth": 0,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": theme.line,
        "tickfont": {"color": theme.muted, "size": theme.font_size * 0.9},
        "title": {
            "text": safe(field.label if field.color is None or field.color_ticks else field.color_label or field.label),
            "side": "right",
            "font": {"color": theme.muted, "size": theme.font_size * 0.95},
        },
        "exponentformat": "power",
        "minexponent": 4,
        **(
            {"tickvals": [at for at, _ in field.color_ticks], "ticktext": [safe(t) for _, t in field.color_ticks]}
            if field.color_ticks
            else {"nticks": 6}
        ),
    }
    width = 0.8 if theme.font_size < 16 else 1.2
    grid: dict[str, Any] = {}
    for letter, values in (("x", field.x), ("y", field.y)):
        gaps = np.diff(values)
        if len(values) > 1 and np.allclose(gaps, gaps[0], rtol=1e-6, atol=0):
            grid |= {f"{letter}0": float(values[0]), f"d{letter}": float((values[-1] - values[0]) / (len(values) - 1))}
        else:
            grid[letter] = compact(values)
    return {
        "type": "contour",
        **seat.axes,
        **grid,
        "z": compact(color),
        "zmin": low,
        "zmax": high,
        "zauto": False,
        "autocontour": False,
        "contours": {"coloring": "heatmap", **levels},
        # Over heat, Plotly hides lines by their width only.
        "line": {"color": theme.contour, "width": width if field.contours else 0, "smoothing": 0.6},
        "colorbar": bar,
        **colors,
    }


def _round_step(step: float) -> float:
    """Return the round number (1, 2, 2.5 or 5 times a power of ten) at or above a step."""
    if not step > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(step))
    return float(next((m * power for m in (1.0, 2.0, 2.5, 5.0) if m * power >= step * (1 - 1e-9)), 10 * power))
