"""The recipe to pass on: as a file that is kept and opened again, as a link, as a Python script."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.ask.controls import say
from app.limits import FILE
from app.page import Shown
from app.state import Desk
from landscape.experiment import Experiment

LARGEST_RECIPE = 1_000_000


def files(shown: Shown[Any]) -> None:
    """Offer the recipe as a file, and take one back."""
    desk = shown.desk
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Recipe",
            data=desk.recipe.to_json(),
            file_name=f"{shown.file}.json",
            mime="application/json",
            icon=":material/description:",
            key=desk.key("export.json"),
            on_click="ignore",
            width=150,
        )
        st.caption("A JSON file that opens the same run again.")
    key = desk.key("open")

    def opened() -> None:
        file = st.session_state[key]
        if file is not None:
            open_recipe(desk, file.getvalue())

    st.file_uploader("Open a recipe", type="json", key=key, on_change=opened, max_upload_size=1)
    say(desk, "open")


def open_recipe(desk: Desk[Experiment], raw: bytes) -> None:
    """Put the recipe of a JSON file on the desk, or say why it cannot be."""
    try:
        if len(raw) > LARGEST_RECIPE:
            raise ValueError(f"a file of {len(raw):,} bytes is no recipe; they have at most {LARGEST_RECIPE:,}")
        desk.put(Experiment.from_json(raw.decode("utf-8"), FILE.allow_surface))
    except UnicodeDecodeError:
        desk.refuse("open", "the file is not UTF-8 text, so it is no recipe")
    except (ValueError, TypeError, KeyError) as error:
        desk.refuse("open", str(error))


def show(shown: Shown[Experiment], what: str = "run", script: str | None = None) -> None:
    """Show the link that brings all of this back, and the Python script that makes the same figure."""
    desk = shown.desk
    st.caption(f"The link that opens this {what} again:")
    st.code(desk.link(), language=None, wrap_lines=True)
    st.caption("The same figure in Python:")
    st.code(desk.recipe.to_script() if script is None else script, language="python")
