"""What of a page runs in the browser: Streamlit's components, each a script of its own in this folder."""

from __future__ import annotations

from typing import Any

import streamlit as st

from landscape.render.files import text_of
from landscape.render.player.payload import bare


def component(name: str, *others: str, css: str = "") -> Any:
    """Return what mounts ``name``.js, which calls ``component`` of calls.js, with what it needs of ``others``."""
    script = "".join(text_of("app", f"{part}.js") for part in ("calls", *others, name))
    return st.components.v2.component(f"landscape_{name}", js=bare(script), css=css, isolate_styles=False)
