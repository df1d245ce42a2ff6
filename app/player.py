"""The component that mounts the player (``landscape/render/player``) in a page and hands back what is done in it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app import served
from app.components import component
from app.parcel import Parcel
from app.session import value_of
from app.state import embedded
from landscape.language import mark, tr
from landscape.render.files import text_of
from landscape.render.player.payload import MORE, PUBLIC, bare, player_css, player_script, plotly_script

PLOTLY = served.file("plotly", "js", plotly_script().encode())
"""Plotly.js, which all pages share."""

_SCRIPTS = {
    more: served.file("player", "js", f"{player_script(more)}export {PUBLIC};".encode())
    for more in map(frozenset, [(), *((part,) for part in MORE)])
}
"""The player as a module, by what else it can show."""

_PICTURE = served.file(
    "picture", "js", bare("".join(text_of("app", f"{name}.js") for name in ("files", "sliders", "picture"))).encode()
)

_CSS = served.file("player", "css", (player_css() + text_of("app", "player.css")).encode())

FILES = (
    (PLOTLY, "script", ""),
    (_SCRIPTS[frozenset()], "script", " crossorigin"),
    (_PICTURE, "script", " crossorigin"),
    (_CSS, "style", ""),
)
"""What a page will ask for before its first picture, as what, and how a module is asked for."""

LOST = mark("What the picture needs did not load from {address}.")
"""Said in the place of a picture that cannot be shown."""

HELD = 5
"""Pictures of a player whose fields a session holds: some seconds of one that is refined."""

NAME = "landscape_player"
_mount = component("player")


def player(
    parcel: Parcel,
    *,
    key: str,
    mark: tuple[float, ...] | None = None,
    question: str | None = None,
    on_pick: Callable[[], None] = lambda: None,
    on_change: Callable[[], None] | None = None,
    on_theme: Callable[[], None] = lambda: None,
    sliders: Mapping[str, Any] | None = None,
) -> None:
    """Show a packed payload, with a ring round the point ``mark`` where there is one.

    With a ``question`` it fills the window, for a projector, under that question and over how the paths ended.
    ``picked(key)`` is the point last clicked, ``changed(key)`` what was changed in the picture; without ``on_change``
    that stays there. ``on_theme`` is told when the system turned light or dark. ``sliders`` are keys of sliders on the
    page that the paths follow at once, with what they set (``sliders.js``).
    """
    # Fields are served for as long as they are held, and a slow browser asks for them when others came already.
    st.session_state.setdefault(f"{key}.parcels", deque(maxlen=HELD)).append(parcel)
    told = {
        "name": parcel.name,
        "mark": mark,
        "question": question,
        "tells": on_change is not None,
        "embed": embedded(),
        "words": {"wait": tr("How each path ends is said after the last step."), "lost": tr(LOST)},
        "sliders": sliders or {},
        "files": {
            "plotly": PLOTLY.address,
            "player": _SCRIPTS[parcel.more].address,
            "picture": _PICTURE.address,
            "css": _CSS.address,
        },
    }
    _mount(
        key=key,
        data=json.dumps(told).encode("ascii") + b"\n" + parcel.body,
        on_pick_change=on_pick,
        on_change_change=on_change or (lambda: None),
        on_theme_change=on_theme,
    )


def picked(key: str) -> tuple[float, ...] | None:
    """Return the coordinates of the click that caused this run, or ``None``."""
    pick = getattr(value_of(key), "pick", None)
    if not isinstance(pick, dict):
        return None
    return tuple(float(pick[axis]) for axis in ("x", "y") if axis in pick)


def changed(key: str) -> Mapping[str, Any] | None:
    """Return the change in the picture that caused this run (``landscape.live.change``), or ``None``."""
    change = getattr(value_of(key), "change", None)
    return change if isinstance(change, dict) else None
