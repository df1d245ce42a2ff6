"""What leaves the page: formulas to read, files to keep, the recipe to pass on."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.controls import say
from app.state import Desk
from app.text import number, plain, point
from landscape.experiment import Experiment
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula

LARGEST_RECIPE = 1_000_000


def formula(surface: Surface) -> None:
    """Show f, its gradient and its Hessian, what the surface teaches, and its critical points."""
    arguments = ", ".join(surface.variables)
    st.latex(rf"f({arguments}) = {surface.latex()}")
    if isinstance(surface, Formula):
        left, right = st.columns(2)
        left.latex(rf"\nabla f = {surface.gradient_latex()}")
        right.latex(rf"\nabla^2 f = {surface.hessian_latex()}")
    st.markdown(plain(surface.info.teaches, 1000))
    if not surface.info.smooth:
        st.caption("This surface is not smooth everywhere: derivatives are those beside the kinks.")
    if surface.info.reference:
        st.caption(plain(f"Source: {surface.info.reference}", 1000))
    if surface.critical_points:
        st.dataframe(
            [
                {
                    "critical point": point(tuple(critical.x.tolist())),
                    "kind": critical.kind,
                    "loss": number(critical.value, 6),
                    "Hessian eigenvalues": ", ".join(number(e) for e in critical.eigenvalues),
                }
                for critical in surface.critical_points
            ],
            hide_index=True,
            width="stretch",
        )


def files(desk: Desk[Any]) -> None:
    """Offer the recipe as a file, and take one back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Recipe",
            data=desk.recipe.to_json(),
            file_name=f"{file_name(desk)}.json",
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
        desk.put(Experiment.from_json(raw.decode("utf-8")))
    except UnicodeDecodeError:
        desk.refuse("open", "the file is not UTF-8 text, so it is no recipe")
    except (ValueError, TypeError, KeyError) as error:
        desk.refuse("open", str(error))


def recipe(desk: Desk[Experiment]) -> None:
    """Show the link that brings all of this back, and the Python script that makes the same figure."""
    st.caption("The link that opens this run again:")
    st.code(desk.link(), language=None, wrap_lines=True)
    st.caption("The same figure in Python:")
    st.code(desk.recipe.to_script(), language="python")


def file_name(desk: Desk[Any]) -> str:
    """Return what the page's files are called, without their endings."""
    return f"landscape-{desk.recipe.surface.name.replace('_', '-')}"
