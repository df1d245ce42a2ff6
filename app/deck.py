"""The component that mounts ``landscape/lecture/deck.js`` over the whole window and tells when it is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.player import LOADER, PLOTLY_FILE
from landscape.lecture.deck import deck_css, deck_script
from landscape.render.player.payload import player_css, player_script

# The deck lives in this session, lecture and all: it is left by telling the server, not by another address.
_OWN = """
export default function ({ data, parentElement, setTriggerValue }) {
  const seat = parentElement.__seat || (parentElement.__seat = { root: null, deck: null, gone: false });
  const tell = (name, value) => setTriggerValue(name, { ...value, nonce: Date.now() + Math.random() });
  const key = (event) => {
    if (event.key === "Escape") tell("leave", { slide: seat.deck ? seat.deck.state.slide : data.deck.start });
  };
  if (!seat.root) {
    seat.root = document.createElement("div");
    seat.root.className = "deck-window";
    parentElement.appendChild(seat.root);
    document.addEventListener("keydown", key);
    seat.gone = false;
    loadPlotly(data.plotly).then((Plotly) => {
      if (seat.gone) return;
      seat.deck = mountDeck(seat.root, data.deck, { Plotly, onLeave: (slide) => tell("leave", { slide }) });
    }).catch((error) => {
      seat.root.textContent = error.message;
    });
    seat.stop = () => document.removeEventListener("keydown", key);
  }
  return () => {
    seat.gone = true;
    seat.stop?.();
    if (seat.deck) seat.deck.destroy();
    if (seat.root) seat.root.remove();
    parentElement.__seat = null;
  };
}
"""

_CSS = ".deck-window { position: fixed; inset: 0; z-index: 999991; }"

_mount = st.components.v2.component(
    "landscape_deck",
    js=player_script() + deck_script() + LOADER + _OWN,
    css=player_css() + deck_css() + _CSS,
    isolate_styles=False,
)


def deck(data: dict[str, Any], *, key: str, on_leave: Callable[[], None]) -> None:
    """Show the data of ``landscape.lecture.deck.deck_data``; ``left_at(key)`` is the slide at which it was left."""
    _mount(key=key, data={"deck": data, "plotly": PLOTLY_FILE}, on_leave_change=on_leave)


def left_at(key: str) -> int | None:
    """Return the number of the slide (from 0) that was shown when the deck was left in this run, or ``None``."""
    left = st.session_state[key].leave if key in st.session_state else None
    return int(left["slide"]) if isinstance(left, dict) and "slide" in left else None
