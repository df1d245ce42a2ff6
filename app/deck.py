"""The component that mounts ``landscape/lecture/deck.js`` over the whole window and tells when it is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.player import LOST, PLOTLY
from app.session import value_of
from landscape.language import tr
from landscape.lecture.deck import deck_css, deck_script
from landscape.render.files import text_of
from landscape.render.player.payload import MORE, player_css, player_script

# Slides come while others are shown: any of them may hold a swarm, or a map.
_mount = st.components.v2.component(
    "landscape_deck",
    js=player_script(MORE) + deck_script() + text_of("app", "plotly.js") + text_of("app", "deck.js"),
    css=player_css() + deck_css() + text_of("app", "deck.css"),
    isolate_styles=False,
)
_give = st.components.v2.component("landscape_slide", js=text_of("app", "slide.js"))


def deck(data: dict[str, Any], *, key: str, on_leave: Callable[[], None]) -> None:
    """Show the data of ``landscape.lecture.deck.deck_data``; ``left_at(key)`` is the slide at which it was left."""
    _mount(key=key, data={"deck": data, "plotly": PLOTLY.address, "lost": tr(LOST)}, on_leave_change=on_leave)


def give(number: int, slide: dict[str, Any], *, key: str) -> None:
    """Give the deck on the screen a slide (``number`` from 0) of which it has the words alone."""
    _give(key=key, data={"number": number, "slide": slide})


def left_at(key: str) -> int | None:
    """Return the number of the slide (from 0) that was shown when the deck was left in this run, or ``None``."""
    left = getattr(value_of(key), "leave", None)
    return int(left["slide"]) if isinstance(left, dict) and "slide" in left else None
