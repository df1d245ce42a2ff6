"""Saddles against minima: critical points counted, beside what theory expects of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from app import export, frame
from app.controls import number
from app.player import player
from app.state import Desk, Rules, mirror, open_desk, presenting
from landscape.analysis.counts import SLOW_DIMS, THEORY_DIMS, counts_study
from landscape.parameter import Parameter
from landscape.picture.scene import Scene
from landscape.scenes.counts import counts_scene

DIMS = Parameter("n", 3, 1, THEORY_DIMS, "number of dimensions", integer=True, minimum=1, maximum=THEORY_DIMS)


@dataclass(frozen=True)
class Counted:
    """What is on the desk: the number of dimensions whose indices are shown."""

    n_dims: int = 3


def _read(query: Mapping[str, str]) -> tuple[Counted, tuple[str, ...]]:
    try:
        return Counted(int(DIMS.check(query["n"])) if "n" in query else 3), ()
    except (ValueError, TypeError) as error:
        return Counted(), (f"n: {error}",)


@cache
def rules() -> Rules[Counted]:
    """Return what the desk needs to know of its recipe."""
    return Rules(Counted(), _read, lambda recipe: {"n": str(recipe.n_dims)}, lambda recipe: None)


@st.cache_resource(max_entries=THEORY_DIMS, show_spinner=False)
def _scene(n_dims: int) -> Scene:
    return counts_scene(counts_study(n_dims))


@st.cache_data(max_entries=2 * THEORY_DIMS, show_spinner=False)
def _payload(n_dims: int, theme: str) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(n_dims), theme=theme)


def page() -> None:
    desk: Desk[Counted] = open_desk("saddles", rules())
    theme = st.context.theme.type or "light"
    n_dims = desk.recipe.n_dims
    if presenting():
        player(_payload(n_dims, "dark" if theme == "dark" else "projector"), key=desk.key("present"), present=True)
        return
    with st.sidebar:
        number(desk, "n", DIMS, n_dims, lambda recipe, value: Counted(int(value)), "Dimensions n")
    frame.refused(desk)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("How many critical points are minima?", anchor=False, width="stretch")
        frame.present_button(desk)
    st.markdown(
        "Ever fewer as dimensions grow, for every direction has to rise. On the left the count lies on Kac and Rice's "
        "curve: at most a coin toss for each direction, but far above a random symmetric matrix, whose eigenvalues "
        "push one another apart."
    )
    if n_dims == SLOW_DIMS:
        st.caption("Four dimensions are searched for all of their points too: about a quarter of a minute, once.")
    with st.spinner("Counting critical points of random landscapes", show_time=True):
        payload = _payload(n_dims, theme)
    player(payload, key=desk.key("player"))
    with st.expander("Export"):
        export.panel(desk, lambda: _scene(desk.recipe.n_dims), "landscape-saddles-against-minima")
    mirror(desk)
