"""A field of losses as Plotly draws it: heat with contour lines on the plane, a relief in space."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from landscape.picture.colors import mixed
from landscape.picture.scene import Array, Field, ends_of
from landscape.picture.shading import DARKEST, hill_shade
from landscape.picture.themes import CONTOUR_OPACITY
from landscape.render.screen.pen import Pen, Seat, compact, rgba, safe

LEVEL = 127
"""The byte that stands for a level place; 0 is the darkest shade, 254 as much light."""


def field_traces(seat: Seat, pen: Pen, field: Field) -> Iterator[dict[str, Any]]:
    """Yield heat with contour lines and over it the light of the sun, or the relief, which Plotly lights itself."""
    yield _field_trace(seat, pen, field)
    shade = None if seat.panel.kind == "space" else hill_shade(field)
    if shade is not None:
        yield _shade_trace(seat, field, shade)


def _shade_trace(seat: Seat, field: Field, shade: Array) -> dict[str, Any]:
    """Return black and white films over the heat. Slopes are smooth: every other grid point and a byte each will do."""
    ny, nx = shade.shape
    step = 2 if nx % 2 and ny % 2 and min(nx, ny) > 60 else 1
    dense = rgba("#000000", -DARKEST), rgba("#FFFFFF", -DARKEST)
    return {
        # Two heat maps would lie under every contour trace.
        "type": "contour",
        **seat.axes,
        **_grid(field.x[::step], field.y[::step]),
        "z": np.rint(LEVEL * (1 - shade[::step, ::step] / DARKEST)).astype(np.uint8),
        "zmin": 0,
        "zmax": 2 * LEVEL,
        "zauto": False,
        "autocontour": False,
        "contours": {"coloring": "heatmap", "start": 0, "end": 0, "size": 1},
        "line": {"width": 0},
        "colorscale": [[0, dense[0]], [0.5, "rgba(0,0,0,0)"], [0.5, "rgba(255,255,255,0)"], [1, dense[1]]],
        "showscale": False,
        "opacity": field.opacity,
        "hoverinfo": "skip",
        "meta": {"role": "shade", "panel": seat.panel.key},
    }


def _field_trace(seat: Seat, pen: Pen, field: Field) -> dict[str, Any]:
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
            # On the relief, and once more on the floor of the box. Lines in space are opaque.
            "contours": {
                "z": {
                    "show": field.contours,
                    "color": mixed(stops[len(stops) // 2], theme.contour, CONTOUR_OPACITY),
                    "width": 1.5,
                    "project": {"z": True},
                    **levels,
                }
            },
            "lighting": {"ambient": 0.5, "diffuse": 0.55, "specular": 0.12, "roughness": 0.55, "fresnel": 0.1},
            "lightposition": {"x": -3e4, "y": 3e4, "z": 6e4},
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
    painted: dict[str, Any] = {"type": "heatmap"}
    if not field.cells:
        painted = {
            "type": "contour",
            "autocontour": False,
            "contours": {"coloring": "heatmap", **levels},
            # Over heat, Plotly hides lines by their width only.
            "line": {
                "color": rgba(theme.contour, CONTOUR_OPACITY),
                "width": width if field.contours else 0,
                "smoothing": 0.6,
            },
        }
    return {
        **painted,
        **seat.axes,
        **_grid(field.x, field.y),
        "z": compact(color),
        "zmin": low,
        "zmax": high,
        "zauto": False,
        "colorbar": bar,
        **colors,
    }


def _grid(across: Array, up: Array) -> dict[str, Any]:
    """Return the coordinates of a grid: first one and gap where they are even."""
    grid: dict[str, Any] = {}
    for letter, values in (("x", across), ("y", up)):
        gaps = np.diff(values)
        if len(values) > 1 and np.allclose(gaps, gaps[0], rtol=1e-6, atol=0):
            grid |= {f"{letter}0": float(values[0]), f"d{letter}": float((values[-1] - values[0]) / (len(values) - 1))}
        else:
            grid[letter] = compact(values)
    return grid


def _round_step(step: float) -> float:
    """Return the round number (1, 2, 2.5 or 5 times a power of ten) at or above a step."""
    if not step > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(step))
    return float(next((m * power for m in (1.0, 2.0, 2.5, 5.0) if m * power >= step * (1 - 1e-9)), 10 * power))
