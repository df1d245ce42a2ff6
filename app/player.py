"""The component that mounts the player (``landscape/render/player``) in a page and hands back what is done in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from landscape.render.files import text_of
from landscape.render.player.payload import has_swarm, player_css, player_script, plotly_script

PLOTLY_FILE = f"vendor/plotly-{hashlib.sha256(plotly_script().encode('utf-8')).hexdigest()[:16]}.min.js"
"""Where ``app.main`` serves plotly.js, seen from any page: they all stand one step below the app's root."""

_MOUNTS = {
    swarm: st.components.v2.component(
        f"landscape_{'swarm' if swarm else 'player'}",
        js=player_script(swarm) + text_of("app", "plotly.js") + text_of("app", "player.js"),
        css=player_css() + text_of("app", "player.css"),
        isolate_styles=False,
    )
    for swarm in (False, True)
}
"""The component, by whether it can show a swarm."""


def player(
    payload: dict[str, Any],
    *,
    key: str,
    question: str | None = None,
    on_pick: Callable[[], None] = lambda: None,
    on_change: Callable[[], None] | None = None,
) -> None:
    """Show what ``render.player.payload.player_payload`` returned.

    With a ``question`` it fills the window, for a projector, under that question and over how the paths ended.
    ``picked(key)`` is the point last clicked, ``changed(key)`` what was changed in the picture; without ``on_change``
    that stays there.
    """
    _MOUNTS[has_swarm(payload)](
        key=key,
        data={"payload": payload, "question": question, "plotly": PLOTLY_FILE, "tells": on_change is not None},
        on_pick_change=on_pick,
        on_change_change=on_change or (lambda: None),
    )


def picked(key: str) -> tuple[float, ...] | None:
    """Return the coordinates of the click that caused this run, or ``None``."""
    pick = st.session_state[key].pick if key in st.session_state else None
    if not isinstance(pick, dict):
        return None
    return tuple(float(pick[axis]) for axis in ("x", "y") if axis in pick)


def changed(key: str) -> Mapping[str, Any] | None:
    """Return the change in the picture that caused this run (``landscape.live.change``), or ``None``."""
    change = st.session_state[key].change if key in st.session_state else None
    return change if isinstance(change, dict) else None
