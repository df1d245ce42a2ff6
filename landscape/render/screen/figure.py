"""A scene as one Plotly figure: for notebooks as it is, for the player as tagged traces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.picture.scene import Picture
from landscape.picture.themes import Theme, theme_of
from landscape.render.screen.layout import bar_place, layout, seats
from landscape.render.screen.pen import Columns, Pen
from landscape.render.screen.traces import key_traces, traces

if TYPE_CHECKING:
    import plotly.graph_objects as go


def to_plotly(scene: Picture, theme: str | Theme = "light") -> go.Figure:
    """Return the complete picture: every path to its end, the whole key, all panels in one figure.

    Each trace says in ``meta`` what it is: its role ("field", "path", "head", "points", "line", "spans", "tangent",
    "legend", "samples", "moving_line", "moving_field"), its panel, and the group and tracks that it belongs to. Of
    paths with very many steps some points are left out (``landscape.picture.thinning``); those drawn carry the step
    they belong to.
    """
    import plotly.graph_objects as go

    data, whole = figure(scene, theme)
    # The key hangs on a flat panel where there is one: Plotly lists entries of space in another style.
    places = sorted(seats(scene), key=lambda seat: seat.panel.kind == "plane")
    data += [trace for seat in places[-1:] for trace in key_traces(seat, Pen(scene, theme_of(theme)))]
    for trace in data:
        if isinstance(trace.get("customdata"), Columns):
            trace["customdata"] = trace["customdata"].table()
        if "steps" in trace["meta"]:
            trace["meta"]["steps"] = [int(step) for step in trace["meta"]["steps"]]
        # The frames are the player's.
        for name in ("frames", "x", "y"):
            trace["meta"].pop(name, None)
    return go.Figure({"data": data, "layout": whole})


def figure(scene: Picture, theme: str | Theme = "light") -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return traces and layout as plain dicts whose arrays are NumPy's and whose tables are ``Columns``."""
    pen = Pen(scene, theme_of(theme))
    whole = layout(pen)
    data = [trace for seat in seats(scene) for trace in traces(seat, pen)]
    for trace in data:
        if "colorbar" in trace:
            trace["colorbar"] |= bar_place(whole, trace["xaxis"], trace["yaxis"])
    return data, whole
