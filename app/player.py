"""The component that mounts the player (``landscape/render/player``) in a page and hands back the points clicked."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import streamlit as st

from landscape.render.files import text_of
from landscape.render.player.payload import player_css, player_script

PLOTLY_FILE = f"vendor/plotly-{version('plotly')}.min.js"
"""Where ``app.main`` serves plotly.js, seen from any page: they all stand one step below the app's root."""

_mount = st.components.v2.component(
    "landscape_player",
    js=player_script() + text_of("app", "plotly.js") + text_of("app", "player.js"),
    css=player_css() + text_of("app", "player.css"),
    isolate_styles=False,
)


def player(
    payload: dict[str, Any], *, key: str, question: str | None = None, on_pick: Callable[[], None] = lambda: None
) -> None:
    """Show what ``render.player.payload.player_payload`` returned; ``picked(key)`` is the point last clicked.

    With a ``question`` it fills the window, for a projector, under that question and over how the paths ended.
    """
    _mount(
        key=key,
        data={"payload": payload, "question": question, "plotly": PLOTLY_FILE},
        on_pick_change=on_pick,
    )


def picked(key: str) -> tuple[float, ...] | None:
    """Return the coordinates of the click that caused this run, or ``None``."""
    pick = st.session_state[key].pick if key in st.session_state else None
    if not isinstance(pick, dict):
        return None
    return tuple(float(pick[axis]) for axis in ("x", "y") if axis in pick)
