"""What pages have in common: refusals, switches between views, ways to the projector and to the main page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st

from app.controls import show
from app.state import Desk
from app.text import plain, sentence
from landscape.experiment import Experiment

D = TypeVar("D", bound=Desk[Any])


def refused(desk: Desk[Any]) -> None:
    """List what the address asked for and could not get."""
    if not desk.refused:
        return
    listed = "\n".join(f"- {plain(sentence(problem))}" for problem in desk.refused)
    st.warning(f"Not everything in the address could be used; defaults stand in for it.\n{listed}")


def ask(desk: D, asked: Iterable[tuple[str, str, Callable[[D], None]]]) -> None:
    """Show questions of the sidebar, each folded to the line that says its answer: (question, answer, widgets)."""
    for question, answer, widgets in asked:
        with st.container(gap="xxsmall"):
            st.caption(question)
            # With a key of its own it stays open when the answer, its label, changes.
            with st.expander(plain(answer), key=desk.key(f"ask.{question}")):
                widgets(desk)


def switch(desk: Desk[Any], name: str, label: str, titles: Mapping[str, str]) -> None:
    """Show a segmented control for one of the desk's views; ``titles`` names its choices."""
    key = desk.key(f"view.{name}")
    show(key, desk.view(name))
    st.segmented_control(
        label,
        list(titles),
        key=key,
        required=True,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: desk.set_view(name, st.session_state[key]),
    )


def present_button(desk: Desk[Any]) -> None:
    """Show the link to the same picture alone, for a projector."""
    st.link_button("Present", f"{desk.link()}&present=1", icon=":material/fullscreen:", type="tertiary")


def open_in_descent(experiment: Experiment) -> None:
    """Go to the main page with this experiment on its desk. Not for callbacks: call it where a button was pressed."""
    from app.sitemap import pages

    st.switch_page(pages()[0], query_params=experiment.to_query())
