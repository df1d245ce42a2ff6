"""The tab Critical points of the main page: what is drawn over the map, and the table of what was found."""

from __future__ import annotations

from collections import Counter
from math import isfinite

import streamlit as st

from app import frame, work
from app.ask.controls import lasting
from app.page import Shown
from app.state import Desk
from app.text import number, plain, point, sentence
from landscape.experiment import Experiment
from landscape.figures.descent import points
from landscape.language import mark, tr, trn
from landscape.scenes.marks import KINDS
from landscape.surfaces.base import Kind

OVERLAYS = {"off": mark("Run only"), "critical": mark("+ critical points"), "manifolds": mark("+ manifolds")}
COLORS = {
    "log": mark("Log loss"),
    "linear": mark("Linear loss"),
    "gradient": mark("Gradient norm"),
    "curvature": mark("Smallest curvature"),
}
_ROUND = {
    "minimum": mark("degenerate, minimum by samples"),
    "maximum": mark("degenerate, maximum by samples"),
    "saddle": mark("degenerate, saddle by samples"),
    "degenerate": mark("degenerate, not certain"),
}
"""Words for a point whose Hessian is singular, by what values round it show."""


def show(shown: Shown[Experiment]) -> None:
    """Show the switches of the map and, once they are asked for, the critical points of the surface."""
    desk = shown.desk
    surface = desk.recipe.surface
    if surface.n_dims == 2:
        with st.container(horizontal=True, vertical_alignment="center"):
            frame.switch(desk, "overlay", mark("Over the map"), OVERLAYS)
            _colors(desk)
        if desk.view("overlay") == "manifolds":
            st.caption(
                tr("Manifolds: the lines along which descent comes to a saddle (stable) and leaves it (unstable).")
            )
    made = lasting(desk, "critical.search", False)
    if desk.view("overlay") == "off" and not st.toggle(tr("List all critical points"), **made):
        return
    found = points(surface, work.result)
    kinds = [_counted(kind, n) for kind, n in found.counts.items()] or [tr("no isolated critical point")]
    kinds += [_counted_lines(kind, n) for kind, n in Counter(found.line_kinds).items()]
    counted = tr("Found: {kinds}.", kinds=plain(", ".join(kinds)))
    st.markdown(f"**{counted}** {plain(sentence(found.statement), 1000)}")
    if len(found):
        st.caption(tr("The index is the number of directions in which the surface falls: 0 at a minimum."))
        st.dataframe(
            [
                {
                    tr("point"): point(tuple(one.x.tolist())),
                    tr("kind"): _kind(one.kind, kind, surface.n_dims),
                    tr("index"): tr("not certain") if one.kind == "degenerate" else str(one.index),
                    tr("loss"): number(one.value, 6),
                    "‖∇f‖": number(one.gradient_norm, 2),
                    tr("Hessian eigenvalues"): ", ".join(
                        number(e) if isfinite(e) else tr("not finite") for e in one.eigenvalues
                    ),
                    tr("near zero"): tr("yes") if one.kind == "degenerate" else tr("none"),
                }
                for one, kind in zip(found, found.kinds_round, strict=True)
            ],
            hide_index=True,
            width="stretch",
        )


def _counted(kind: str, n: int) -> str:
    """Return how many points there are of a kind."""
    if kind == "minimum":
        return trn("{n} minimum", "{n} minima", n)
    if kind == "maximum":
        return trn("{n} maximum", "{n} maxima", n)
    return trn("{n} saddle", "{n} saddles", n) if kind == "saddle" else trn("{n} degenerate", "{n} degenerate", n)


def _counted_lines(kind: str, n: int) -> str:
    """Return how many lines of critical points there are of a kind."""
    if kind == "minimum":
        return trn("{n} line (minimum)", "{n} lines (minimum)", n)
    if kind == "maximum":
        return trn("{n} line (maximum)", "{n} lines (maximum)", n)
    if kind == "saddle":
        return trn("{n} line (saddle)", "{n} lines (saddle)", n)
    return trn("{n} line (degenerate)", "{n} lines (degenerate)", n)


def _kind(kind: Kind, around: Kind, n_dims: int) -> str:
    """Return what a point is called; ``around`` is what values round it show, where its Hessian is singular."""
    if kind != "degenerate":
        return tr(KINDS[kind])
    inflection = around == "saddle" and n_dims == 1
    return tr("degenerate, inflection by samples") if inflection else tr(_ROUND[around])


def _colors(desk: Desk[Experiment]) -> None:
    """Offer all colours of the map, under a key of its own: the heading has a switch for two of them."""
    key = desk.key("critical.color")
    now = desk.view("color")
    st.segmented_control(
        tr("Colour of the map"),
        list(COLORS),
        required=True,
        format_func=lambda color: tr(COLORS[color]),
        label_visibility="collapsed",
        **desk.asking(key, now, lambda chosen: desk.set_view("color", chosen), default=now),
    )
