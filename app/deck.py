"""The component that mounts ``landscape/lecture/deck.js`` over the whole window and tells when it is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app import served
from app.components import component
from app.player import LOST, PLOTLY
from app.session import value_of
from landscape.language import tr
from landscape.lecture.deck import deck_css, deck_script
from landscape.render.files import text_of
from landscape.render.player.payload import MORE, player_css, player_script

# Slides come while others are shown: any of them may hold a swarm, or a map.
_SCRIPT = served.file("deck", "js", f"{player_script(MORE)}{deck_script()}export {{ mountDeck }};".encode())

_mount = component("deck", "files", css=player_css() + deck_css() + text_of("app", "deck.css"))
_give = component("slide")


def deck(data: dict[str, Any], *, key: str, on_leave: Callable[[], None]) -> None:
    """Show the data of ``landscape.lecture.deck.deck_data``; ``left_at(key)`` is the slide at which it was left."""
    _mount(
        key=key,
        data={"deck": data, "plotly": PLOTLY.address, "script": _SCRIPT.address, "lost": tr(LOST)},
        on_leave_change=on_leave,
    )


def give(number: int, slide: dict[str, Any], *, key: str) -> None:
    """Give the deck on the screen a slide (``number`` from 0) of which it has the words alone."""
    _give(key=key, data={"number": number, "slide": slide})


def left_at(key: str) -> int | None:
    """Return the number of the slide (from 0) that was shown when the deck was left in this run, or ``None``."""
    left = getattr(value_of(key), "leave", None)
    return int(left["slide"]) if isinstance(left, dict) and "slide" in left else None
