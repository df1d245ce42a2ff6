"""What leaves the page: formulas to read, files to keep, the recipe to pass on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from app.controls import say
from app.state import Desk
from app.text import number, plain, point
from landscape.experiment import Experiment
from landscape.scenes.base import Scene
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula

FORMATS = {
    "html": ("Live slide", "One HTML file with the player in it; it needs no network.", ":material/slideshow:"),
    "csv": ("Data", "A CSV table with one row a step.", ":material/table:"),
}
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


def export(desk: Desk[Any], scene: Callable[[], Scene]) -> None:
    """Show the downloads. A file is made when its button is pressed, apart from the page."""
    name = _file_name(desk)
    for ending, (title, says, icon) in FORMATS.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                title,
                data=partial(_saved_scene, scene, ending),
                file_name=f"{name}.{ending}",
                icon=icon,
                key=desk.key(f"export.{ending}"),
                on_click="ignore",
                width=150,
            )
            st.caption(says)
    _files(desk)


def _files(desk: Desk[Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Recipe",
            data=desk.recipe.to_json(),
            file_name=f"{_file_name(desk)}.json",
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


def _saved_scene(scene: Callable[[], Scene], ending: str) -> bytes:
    return saved(scene(), ending)


def saved(scene: Scene, ending: str) -> bytes:
    """Return the bytes of a file that holds the scene."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"scene.{ending}"
        scene.save(path)
        return path.read_bytes()


def recipe(desk: Desk[Experiment]) -> None:
    """Show the link that brings all of this back, and the Python script that makes the same figure."""
    st.caption("The link that opens this run again:")
    st.code(desk.link(), language=None, wrap_lines=True)
    st.caption("The same figure in Python:")
    st.code(desk.recipe.to_script(), language="python")


def _file_name(desk: Desk[Any]) -> str:
    return f"landscape-{desk.recipe.surface.name.replace('_', '-')}"
