"""Escape from a saddle: steps to leave it, measured beside the closed forms, down to offsets of 1e-12."""

from __future__ import annotations

import dataclasses
from functools import cache

import streamlit as st

from app import export, frame
from app.compute_escape import CURVATURE, OFFSET, Escaping, payload, read, scene, study, write
from app.controls import number
from app.player import player
from app.state import Desk, Rules, mirror, open_desk, presenting
from app.text import plain

LOOK = (
    "Start at (1, offset), almost on the line y = 0 that leads into the saddle. Each time the offset is divided by "
    "ten, gradient descent and momentum wait as much longer again; Adam, RMSprop and sign descent hardly notice."
)
NEVER = (
    "A start exactly on the stable manifold, offset 0, never leaves: the gradient has no part along y, and no rule "
    "makes one; Newton's method even looks for the saddle, from everywhere. Only the random steps of perturbed "
    "gradient descent get away. Until its gradient is small it is gradient descent: its marks leave that line where "
    "noise comes first. Adam and sign descent, 20 steps each from a small offset, share theirs."
)


@cache
def rules() -> Rules[Escaping]:
    """Return what the desk needs to know of its recipe."""
    return Rules(Escaping(), read, write, lambda recipe: None)


def page() -> None:
    desk: Desk[Escaping] = open_desk("escape", rules())
    theme = st.context.theme.type or "light"
    if presenting():
        shown = payload(desk.recipe, "dark" if theme == "dark" else "projector")
        player(shown, key=desk.key("present"), present=True)
        return
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("How long does it take to leave a saddle?", anchor=False, width="stretch")
        frame.present_button(desk)
    st.markdown(LOOK)
    player(payload(desk.recipe, theme), key=desk.key("player"))
    below = st.tabs(["Steps", "Export"])
    with below[0]:
        st.markdown(_table(desk.recipe))
        st.caption(NEVER)
    with below[1]:
        export.panel(desk, lambda: scene(desk.recipe), "landscape-escape")
    mirror(desk)


def _ask(desk: Desk[Escaping]) -> None:
    def curved(recipe: Escaping, value: float) -> Escaping:
        return dataclasses.replace(recipe, curvature=value)

    def moved(recipe: Escaping, value: float) -> Escaping:
        return dataclasses.replace(recipe, offset=value)

    number(desk, "offset", OFFSET, desk.recipe.offset, moved, "Offset of the start")
    number(desk, "curvature", CURVATURE, desk.recipe.curvature, curved, "Negative curvature")


def _table(recipe: Escaping) -> str:
    """Return the steps of every optimizer as a Markdown table."""
    found = study(recipe)
    rows = [["Optimizer", "Measured", "Closed form", "From offset 0"], ["---", "--:", "--:", "--:"]]
    for walk, track in zip(found.walks, scene(recipe).tracks, strict=True):
        late = f"not in {walk.found.n_steps}"
        closed = "none" if walk.theory is None else str(walk.theory)
        limit = "" if walk.found.exact or walk.theory is None else " (limit of a small offset)"
        rows.append(
            [
                plain(track.label),
                late if walk.measured is None else str(walk.measured),
                closed + limit,
                "never" if walk.held else late if walk.on_manifold is None else str(walk.on_manifold),
            ]
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
