"""The component that mounts the player (``landscape/render/player``) in a page and hands back the points clicked."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import streamlit as st

from landscape.render.player.payload import player_css, player_script

PLOTLY_FILE = f"vendor/plotly-{version('plotly')}.min.js"
"""Where ``app.main`` serves plotly.js, seen from any page: they all stand one step below the app's root."""

# Plotly arrives once for all pages, from our own route.
LOADER = """
function loadPlotly(url) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  if (!window.__landscapePlotly) {
    window.__landscapePlotly = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        delete window.__landscapePlotly;
        script.remove();
        reject(new Error("plotly.js did not load from " + url));
      };
      document.head.appendChild(script);
    });
  }
  return window.__landscapePlotly;
}
"""

# Streamlit calls the default export again whenever the data change; the mounted player then takes the new payload and
# keeps camera, zoom and playhead.
_GLUE = """
// Out of the present mode again: Escape, or a quiet cross in the corner.
function leaveButton(parentElement) {
  const address = new URL(window.location.href);
  for (const name of ["present", "embed"]) address.searchParams.delete(name);
  const cross = document.createElement("a");
  cross.className = "player-leave";
  cross.href = address.href;
  cross.title = "Back to the page (Esc)";
  cross.setAttribute("aria-label", "Back to the page");
  cross.textContent = "\\u2715";
  parentElement.appendChild(cross);
  const key = (event) => {
    if (event.key === "Escape") window.location.assign(address.href);
  };
  document.addEventListener("keydown", key);
  return () => {
    document.removeEventListener("keydown", key);
    cross.remove();
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const seat = parentElement.__seat || (parentElement.__seat = { root: null, player: null, gone: false });
  if (!seat.root) {
    seat.root = document.createElement("div");
    seat.root.className = "player-root";
    parentElement.appendChild(seat.root);
  }
  seat.gone = false;
  seat.data = data;
  seat.pick = (point) => setTriggerValue("pick", { ...point, nonce: Date.now() + Math.random() });
  seat.root.classList.toggle("player-present", Boolean(data.present));
  if (seat.player) {
    seat.player.update(data.payload);
  } else if (!seat.waiting) {
    seat.waiting = true;
    loadPlotly(data.plotly).then((Plotly) => {
      seat.waiting = false;
      if (seat.gone || seat.player) return;
      seat.player = mountPlayer(seat.root, seat.data.payload, {
        Plotly,
        present: Boolean(seat.data.present),
        onPick: (point) => seat.pick(point),
      });
    }).catch((error) => {
      seat.waiting = false;
      seat.root.textContent = error.message;
    });
  }
  if (data.present && !seat.leave) seat.leave = leaveButton(parentElement);
  return () => {
    seat.gone = true;
    if (seat.leave) seat.leave();
    seat.leave = null;
    if (seat.player) seat.player.destroy();
    seat.player = null;
    if (seat.root) seat.root.remove();
    seat.root = null;
  };
}
"""

_CSS = """
.player-present { position: fixed; inset: 0; z-index: 999991; overflow: auto; }
.player-leave {
  position: fixed; top: 4px; right: 8px; z-index: 999992; padding: 4px 8px;
  color: var(--st-text-color); text-decoration: none; opacity: 0.25;
}
.player-leave:hover, .player-leave:focus-visible { opacity: 1; }
"""


_mount = st.components.v2.component(
    "landscape_player", js=player_script() + LOADER + _GLUE, css=player_css() + _CSS, isolate_styles=False
)


def player(
    payload: dict[str, Any], *, key: str, present: bool = False, on_pick: Callable[[], None] = lambda: None
) -> None:
    """Show what ``render.player.payload.player_payload`` returned; ``picked(key)`` is the point last clicked."""
    _mount(
        key=key,
        data={"payload": payload, "present": present, "plotly": PLOTLY_FILE},
        on_pick_change=on_pick,
    )


def picked(key: str) -> tuple[float, ...] | None:
    """Return the coordinates of the click that caused this run, or ``None``."""
    pick = st.session_state[key].pick if key in st.session_state else None
    if not isinstance(pick, dict):
        return None
    return tuple(float(pick[axis]) for axis in ("x", "y") if axis in pick)
