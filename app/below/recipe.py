"""The recipe to pass on: as a file that is kept and opened again, as a link, as a Python script."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from app.ask import upload
from app.limits import FILE
from app.page import Shown
from app.state import Desk
from landscape.experiment import Experiment
from landscape.language import mark, tr

LARGEST_RECIPE = 1_000_000
RUN = mark("The link that opens this run again:")


def files(shown: Shown[Any]) -> None:
    """Offer the recipe as a file, and take one back."""
    desk = shown.desk
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            tr("Recipe"),
            data=desk.recipe.to_json(),
            file_name=f"{shown.file}.json",
            mime="application/json",
            icon=":material/description:",
            key=desk.key("export.json"),
            on_click="ignore",
            width=150,
        )
        st.caption(tr("A JSON file that opens the same run again."))
    upload.ask(desk, tr("Open a recipe"), 1, partial(open_recipe, desk))


def open_recipe(desk: Desk[Experiment], raw: bytes) -> None:
    """Put the recipe of a JSON file on the desk, or say why it cannot be."""
    upload.put(desk, raw, LARGEST_RECIPE, lambda text: Experiment.from_json(text, FILE.allow_surface))


def show(shown: Shown[Experiment], link: str = RUN, script: str | None = None) -> None:
    """Show the ``link`` that brings all of this back, under these marked words, and the script of the same figure."""
    desk = shown.desk
    st.caption(tr(link))
    st.code(desk.link(), language=None, wrap_lines=True)
    st.caption(tr("The same figure in Python:"))
    st.code(desk.recipe.to_script() if script is None else script, language="python")
