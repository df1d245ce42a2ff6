"""The layout of a scene's Plotly figure: template, axes, headings, and where each panel sits."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from landscape.picture.axes import apart, limits, scaled, symlog_ticks
from landscape.picture.camera import BOX, eye_and_center
from landscape.picture.key import has_ground
from landscape.picture.scene import Axis, Field, Panel, Picture, Spans
from landscape.picture.themes import Theme
from landscape.render.screen.pen import Pen, Seat, safe

# A figure without a player is this high, and laid out for this width; it stretches with its container.
WIDTH, HEIGHT = 1100, 600
MARGIN = {"l": 60, "r": 24, "t": 56, "b": 92}
# Shares of its plot area that stay free: between columns, between rows, for a colour bar beside its panel.
COLUMN_GAP, ROW_GAP, BAR = 0.07, 0.17, 0.085


def seats(scene: Picture) -> tuple[Seat, ...]:
    """Return the Plotly axes of each panel: a pair on the plane (and lanes for shaded spans), a scene in space."""
    found = []
    planes = spaces = 0
    for panel in scene.panels:
        if panel.kind == "space":
            spaces += 1
            found.append(Seat(panel, {"scene": f"scene{spaces if spaces > 1 else ''}"}))
            continue
        planes += 1
        n = str(planes) if planes > 1 else ""
        lanes = f"y{50 + planes}" if any(isinstance(layer, Spans) for layer in panel.layers) else ""
        found.append(Seat(panel, {"xaxis": f"x{n}", "yaxis": f"y{n}"}, lanes))
    return tuple(found)


def layout(pen: Pen) -> dict[str, Any]:
    """Return the layout of the whole figure, as plain data."""
    scene, theme = pen.scene, pen.theme
    places = _places(scene)
    whole: dict[str, Any] = {
        "template": template(theme),
        "autosize": True,
        "height": HEIGHT,
        "margin": MARGIN | {"t": MARGIN["t"] + (26 if _needs_title(scene) else 0)},
        "uirevision": "landscape",
        "hovermode": "closest",
        "dragmode": "zoom",
        "annotations": [],
        "legend": {
            "orientation": "h",
            "x": 0.01,
            "xref": "container",
            "xanchor": "left",
            "y": 0.01,
            "yref": "container",
            "yanchor": "bottom",
        },
        "meta": {"panels": [panel.key for panel in scene.panels], "n_steps": scene.n_steps},
    }
    if _needs_title(scene):
        whole["title"] = {"text": safe(scene.title), "x": 0.01, "xanchor": "left"}
    shared = _shared_below(scene)
    for seat in seats(scene):
        whole |= _axes_of(seat, places[seat.panel.key], theme)
        if seat.panel.key in shared:
            whole[f"xaxis{seat.axes['xaxis'][1:]}"].pop("title", None)
        whole["annotations"].append(heading(seat, places[seat.panel.key], theme))
    return whole


def template(theme: Theme) -> dict[str, Any]:
    """Return the explicit template of every figure: Plotly's default depends on what else was imported."""
    text = {"color": theme.muted, "size": theme.font_size * 0.92}
    axis = {
        "showgrid": True,
        "gridcolor": theme.grid,
        "zeroline": False,
        "showline": True,
        "linecolor": theme.line,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": theme.line,
        "tickfont": text,
        "exponentformat": "power",
        "minexponent": 4,
        "nticks": 7,
        "title": {"font": text, "standoff": 6},
    }
    space = {
        "backgroundcolor": theme.surface,
        "gridcolor": theme.line,
        "linecolor": theme.line,
        "zeroline": False,
        "showspikes": False,
        "nticks": 5,
        "tickangle": 0,
        "tickfont": {"color": theme.ink, "size": theme.font_size},
        "title": {"font": {"color": theme.ink, "size": theme.font_size}},
    }
    return {
        "layout": {
            "font": {"family": theme.font_family, "size": theme.font_size, "color": theme.ink},
            "title": {"font": {"size": theme.title_size * 1.2, "color": theme.ink}},
            "paper_bgcolor": theme.background,
            "plot_bgcolor": theme.background,
            "colorway": [theme.ink],
            "xaxis": axis,
            "yaxis": axis,
            "scene": {"xaxis": space, "yaxis": space, "zaxis": space, "bgcolor": theme.background},
            "hoverlabel": {
                "bgcolor": theme.background,
                "bordercolor": theme.line,
                "align": "left",
                "font": {"family": theme.font_family, "size": theme.font_size, "color": theme.ink},
            },
            "legend": {"bgcolor": "rgba(0,0,0,0)", "font": {"color": theme.ink}},
        }
    }


def heading(seat: Seat, place: tuple[float, float, float, float], theme: Theme) -> dict[str, Any]:
    """Return the title of a panel, above its top left corner."""
    left, _, _, top = place
    where: dict[str, Any] = {"xref": "paper", "yref": "paper", "x": left, "y": top}
    if "xaxis" in seat.axes:
        where = {"xref": f"{seat.axes['xaxis']} domain", "yref": f"{seat.axes['yaxis']} domain", "x": 0, "y": 1}
    return where | {
        "text": f"<b>{safe(seat.panel.title)}</b>",
        "name": seat.panel.key,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "yshift": 7,
        "font": {"size": theme.title_size, "color": theme.ink},
    }


def _shared_below(scene: Picture) -> set[str]:
    """Return the flat panels whose x axis is named by the panel below them in the same column."""
    shared = set()
    for keys in scene.columns:
        for upper, lower in itertools.pairwise(keys):
            one, other = scene.panel(upper), scene.panel(lower)
            if one.equal_aspect and other.equal_aspect:
                continue  # the player may put them side by side
            if one.kind == other.kind == "plane" and (one.x.label, one.x.range) == (other.x.label, other.x.range):
                shared.add(upper)
    return shared


def _needs_title(scene: Picture) -> bool:
    return bool(scene.title) and all(scene.title != panel.title for panel in scene.panels)


def _places(scene: Picture) -> dict[str, tuple[float, float, float, float]]:
    """Return (left, right, bottom, top) of each panel as shares of the plot area."""
    places = {}
    panels = {panel.key: panel for panel in scene.panels}
    height = (HEIGHT - MARGIN["t"] - MARGIN["b"]) / (WIDTH - MARGIN["l"] - MARGIN["r"])
    room = 1 - COLUMN_GAP * (len(scene.columns) - 1)
    widths = [room * width / sum(scene.widths) for width in scene.widths]
    for k, keys in enumerate(scene.columns):
        # A panel with one scale on both axes needs no more width than its height gives it; the others get the rest.
        ratio = aspect(panels[keys[0]]) if len(keys) == 1 else None
        needed = widths[k] if ratio is None else ratio * height + BAR * has_bar(panels[keys[0]])
        if needed < widths[k] and len(widths) > 1:
            spare = (widths[k] - needed) / (len(widths) - 1)
            widths = [needed if i == k else width + spare for i, width in enumerate(widths)]
    left = 0.0
    for keys, width in zip(scene.columns, widths, strict=True):
        rows = (1 - ROW_GAP * (len(keys) - 1)) / max(1, len(keys))
        for k, key in enumerate(keys):
            top = 1 - k * (rows + ROW_GAP)
            bar = BAR if has_bar(panels[key]) else 0.0
            places[key] = (left, left + width - bar, max(0.0, top - rows), top)
        left += width + COLUMN_GAP
    return places


def aspect(panel: Panel) -> float | None:
    """Return width over height of a panel whose axes share one scale; ``None`` for others."""
    if not panel.equal_aspect or panel.x.range is None or panel.y.range is None:
        return None
    return abs(panel.x.range[1] - panel.x.range[0]) / abs(panel.y.range[1] - panel.y.range[0])


def has_bar(panel: Panel) -> bool:
    """Tell whether a colour bar stands beside the panel."""
    return panel.kind == "plane" and any(isinstance(layer, Field) for layer in panel.layers)


def bar_place(whole: dict[str, Any], x: str, y: str) -> dict[str, Any]:
    """Return where the colour bar of a panel with these axes stands: at its right edge, as high as it."""
    left, bottom = (whole[f"{name[0]}axis{name[1:]}"]["domain"] for name in (x, y))
    height = bottom[1] - bottom[0]
    return {
        "x": left[1] + 0.008,
        "xanchor": "left",
        "y": bottom[0],
        "yanchor": "bottom",
        "len": height,
        "xpad": 0,
        "ypad": 0,
    }


def _axes_of(seat: Seat, place: tuple[float, float, float, float], theme: Theme) -> dict[str, Any]:
    left, right, bottom, top = place
    panel = seat.panel
    if panel.kind == "space":
        assert panel.z is not None
        return {
            seat.axes["scene"]: {
                "domain": {"x": [left, right], "y": [bottom, top]},
                "aspectmode": "manual",
                "aspectratio": dict(zip("xyz", BOX, strict=True)),
                "camera": {
                    name: dict(zip("xyz", np.round(place, 4).tolist(), strict=True))
                    for name, place in zip(("eye", "center"), eye_and_center(panel), strict=True)
                },
                "uirevision": _revision(panel),
                **{
                    f"{letter}axis": _space_axis(axis)
                    for letter, axis in zip("xyz", (panel.x, panel.y, panel.z), strict=True)
                },
            }
        }
    x, y = seat.axes["xaxis"], seat.axes["yaxis"]
    across = {"domain": [left, right], "anchor": y, **axis(panel, "x", theme)}
    up = {"domain": [bottom, top], "anchor": x, **axis(panel, "y", theme)}
    if has_ground(panel):
        # The map is the picture there; a grid over it would only cut it up.
        across["showgrid"] = up["showgrid"] = False
    if panel.equal_aspect:
        up |= {"scaleanchor": x, "constrain": "domain", "constraintoward": "top"}
        across |= {"constrain": "domain", "constraintoward": "left"}
    axes: dict[str, Any] = {f"xaxis{x[1:]}": across, f"yaxis{y[1:]}": up}
    if seat.lanes:
        axes[f"yaxis{seat.lanes[1:]}"] = {
            "overlaying": y,
            "anchor": x,
            "range": [0, 1],
            "fixedrange": True,
            "visible": False,
        }
    return axes


def axis(panel: Panel, letter: str, theme: Theme) -> dict[str, Any]:
    """Return scale, range, title and ticks of a flat axis."""
    own: Axis = panel.x if letter == "x" else panel.y
    low, high = limits(panel, letter, margin=0.04)
    ends = [float(v) for v in scaled(own, np.array([low, high]))]
    found: dict[str, Any] = {
        "type": "log" if own.scale == "log" else "linear",
        "range": ends,
        "uirevision": _revision(panel),
    }
    # A heading that already names the quantity is not said again along the axis.
    if own.label.casefold() != panel.title.casefold():
        found["title"] = {"text": safe(own.label)}
    if own.ticks:
        texts = ["<br>".join(map(safe, text.split("\n"))) for _, text in own.ticks]
        found |= {"tickvals": [at for at, _ in own.ticks], "ticktext": texts}
    elif own.scale == "symlog":
        values = symlog_ticks(own, low, high, 9)
        found |= {
            "tickvals": [float(v) for v in scaled(own, np.array(values))],
            "ticktext": [power_text(v) for v in values],
        }
    elif own.scale == "log":
        # Plotly sets powers of ten a quarter larger than other marks.
        found["tickfont"] = {"size": theme.font_size * 0.8}
        found |= {"dtick": max(1, round((ends[1] - ends[0]) / 6))} if ends[1] - ends[0] > 2 else {}
    return found


def power_text(value: float) -> str:
    """Return a number as the label of a mark: short ones in full, others as a power of ten.

    >>> power_text(-100.0), power_text(1e-6)
    ('−100', '10<sup>−6</sup>')
    """
    if value == 0 or 0.01 <= abs(value) <= 1000:
        return f"{value:g}".replace("-", "−")
    mantissa, exponent = f"{value:e}".split("e")
    factor = f"{float(mantissa):g}"
    text = {"1": "", "-1": "-"}.get(factor, f"{factor}×") + f"10<sup>{int(exponent)}</sup>"
    return text.replace("-", "−")


def _space_axis(own: Axis) -> dict[str, Any]:
    found: dict[str, Any] = {"title": {"text": safe(own.label)}}
    if own.range is not None:
        found["range"] = list(own.range)
    if own.ticks:
        ticks = apart(own.ticks, 0.2)
        found |= {"tickvals": [at for at, _ in ticks], "ticktext": [safe(text) for _, text in ticks]}
    return found


def _revision(panel: Panel) -> str:
    """Return what a zoom belongs to: it is kept as long as this stays the same."""
    return f"{panel.key} {panel.x.range} {panel.y.range if panel.clickable else ''} {panel.y.scale}"
