"""The tab Critical points of the main page: what is drawn over the map, and the table of what was found."""

from __future__ import annotations

from collections import Counter
from math import isfinite

import streamlit as st

from app import frame, work
from app.ask.controls import lasting
from app.page import Shown
from app.state import Desk
from app.text import number, plain, point
from landscape.experiment import Experiment
from landscape.figures.descent import points
from landscape.surfaces.base import Kind
from landscape.words import count

OVERLAYS = {"off": "Run only", "critical": "+ critical points", "manifolds": "+ manifolds"}
COLORS = {"log": "Log loss", "linear": "Linear loss", "gradient": "Gradient norm", "curvature": "Smallest curvature"}


def show(shown: Shown[Experiment]) -> None:
    """Show the switches of the map and, once they are asked for, the critical points of the surface."""
    desk = shown.desk
    surface = desk.recipe.surface
    if surface.n_dims == 2:
        with st.container(horizontal=True, vertical_alignment="center"):
            frame.switch(desk, "overlay", "Over the map", OVERLAYS)
            _colors(desk)
        if desk.view("overlay") == "manifolds":
            st.caption("Manifolds: the lines along which descent comes to a saddle (stable) and leaves it (unstable).")
    key = lasting(desk, "critical.search", False)
    if desk.view("overlay") == "off" and not st.toggle("List all critical points", key=key):
        return
    found = points(surface, work.result)
    plural = {"minimum": "minima", "maximum": "maxima", "degenerate": "degenerate"}
    counted = [count(n, kind, plural.get(kind)) for kind, n in found.counts.items()]
    kinds = ", ".join(counted) or "no isolated critical point"
    lines = [count(n, f"line ({kind})", f"lines ({kind})") for kind, n in Counter(found.line_kinds).items()]
    kinds = ", ".join([kinds, *lines])
    st.markdown(f"**Found: {plain(kinds)}.** {plain(found.statement[:1].upper() + found.statement[1:], 1000)}\\.")
    if len(found):
        st.caption("The index is the number of directions in which the surface falls: 0 at a minimum.")
        st.dataframe(
            [
                {
                    "point": point(tuple(one.x.tolist())),
                    "kind": one.kind if one.kind != "degenerate" else _by_samples(kind, surface.n_dims),
                    "index": "not certain" if one.kind == "degenerate" else str(one.index),
                    "loss": number(one.value, 6),
                    "‖∇f‖": number(one.gradient_norm, 2),
                    "Hessian eigenvalues": ", ".join(
                        number(e) if isfinite(e) else "not finite" for e in one.eigenvalues
                    ),
                    "near zero": "yes" if one.kind == "degenerate" else "none",
                }
                for one, kind in zip(found, found.kinds_round, strict=True)
            ],
            hide_index=True,
            width="stretch",
        )


def _by_samples(kind: Kind, n_dims: int) -> str:
    """Return the words for a point whose Hessian is singular, by what values round it show."""
    if kind == "degenerate":
        return "degenerate, not certain"
    return f"degenerate, {'inflection' if kind == 'saddle' and n_dims == 1 else kind} by samples"


def _colors(desk: Desk[Experiment]) -> None:
    """Offer all colours of the map, under a key of its own: the heading has a switch for two of them."""
    key = desk.key("critical.color")
    desk.show(key, desk.view("color"))
    st.segmented_control(
        "Colour of the map",
        list(COLORS),
        key=key,
        required=True,
        format_func=COLORS.__getitem__,
        label_visibility="collapsed",
        on_change=desk.on_set(key, lambda chosen: desk.set_view("color", chosen)),
    )
