"""What pages have in common: refusals, the heading, switches between views, ways to the projector and elsewhere."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from app.state import PRESENT, Desk
from app.text import plain, sentence
from landscape.experiment import Experiment
from landscape.figures.base import DASHED, LINES
from landscape.language import tr

D = TypeVar("D", bound=Desk[Any])

_PAGES = "frame.pages"
MAIN = "watch"
"""The address of the page on which runs are watched."""


def refused(desk: Desk[Any]) -> None:
    """List what the address asked for and could not get."""
    if not desk.refused:
        return
    listed = "\n".join(f"- {plain(sentence(problem))}" for problem in desk.refused)
    says = tr("Not everything in the address could be used; defaults stand in for it.")
    st.warning(f"{says}\n{listed}")


def heading(desk: D, text: str, *beside: Callable[[D], None], present: Callable[[D], None] | None = None) -> None:
    """Show a heading with what stands ``beside`` it; last the way to the projector, ``present`` or a link."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="heading"):
        st.title(text, anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            for one in (*beside, present or present_button):
                one(desk)


def switch(desk: Desk[Any], name: str, label: str, titles: Mapping[str, str]) -> None:
    """Show a segmented control for one of the desk's views; label and ``titles`` of its choices are marked."""
    now = desk.view(name)
    st.segmented_control(
        tr(label),
        list(titles),
        required=True,
        format_func=lambda choice: tr(titles[choice]),
        label_visibility="collapsed",
        **desk.asking(desk.key(f"view.{name}"), now, lambda chosen: desk.set_view(name, chosen), default=now),
    )


def tabs(desk: Desk[Any], shown: Mapping[str, Callable[[], None]]) -> None:
    """Show tabs by their marked titles; what cannot be computed is said in its tab.

    Only the open one is made: the others ask nothing and compute nothing until then.
    """
    if not shown:
        return
    key, titles = desk.key("tabs"), list(map(tr, shown))
    # To Streamlit tabs with other labels are other ones: the open one is opened again in each language.
    was = desk.lasting.get("tabs")
    if was in shown and st.session_state.get(key) not in titles:
        st.session_state[key] = tr(str(was))
    tabs = st.tabs(titles, key=key, on_change="rerun")
    for title, tab, show_it in zip(shown, tabs, shown.values(), strict=True):
        if tab.open:
            desk.lasting["tabs"] = title
            with tab:
                try:
                    show_it()
                except (ValueError, ArithmeticError) as error:
                    st.error(plain(sentence(error)))


def skip_link() -> None:
    """Show, to those who come by the keyboard, a link to the picture past all that stands over it."""
    label = tr("Skip to the picture")
    st.html(f'<a class="skip" href="#picture">{html.escape(label)}</a>')


def hold_button(desk: Desk[Any]) -> None:
    """Show what keeps the run that is shown beside the next one, or lets go of it."""
    if desk.held is None:
        label, press = tr("Hold beside"), desk.hold
        help_ = tr("Keep this run beside the next: change one thing, and watch both on one playhead")
    else:
        label, help_, press = tr("Let go"), tr("Show this run alone again"), desk.let_go
    st.button(label, key=desk.key("hold"), icon=":material/compare:", type="tertiary", help=help_, on_click=press)


def lines_button(desk: Desk[Any]) -> None:
    """Show, where paths are drawn, what gives each of them a dash of its own, or takes it away."""
    if LINES not in desk.rules.views:
        return
    if desk.view(LINES) == DASHED:
        label, help_, chosen = tr("No dashes"), tr("Tell paths apart by colour alone"), ""
    else:
        label, chosen = tr("Dashes"), DASHED
        help_ = tr("Give each path a dash of its own, so that nobody needs colour to tell them apart")
    icon = ":material/line_style:"
    pressed = partial(desk.set_view, LINES, chosen)
    st.button(label, key=desk.key("lines"), icon=icon, type="tertiary", help=help_, on_click=pressed)


def present_button(desk: Desk[Any], **how: str) -> None:
    """Show the link to the same picture alone, for a projector; ``how`` are parameters that say more of it."""
    address = f"{desk.link()}&{urlencode({PRESENT: '1', **how})}"
    st.link_button(tr("Present"), address, icon=":material/fullscreen:", type="tertiary")


def remember(pages: Mapping[str, StreamlitPage]) -> None:
    """Remember the pages of this run of the script by their addresses; the router says so."""
    st.session_state[_PAGES] = pages


def go_to(url: str, query: Mapping[str, str]) -> None:
    """Go to a page with this on its desk. Not for callbacks: call it where a button was pressed."""
    st.switch_page(st.session_state[_PAGES][url], query_params=dict(query))


def open_in_descent(experiment: Experiment) -> None:
    """Go to the main page with this experiment on its desk, as ``go_to`` does."""
    go_to(MAIN, experiment.to_query())
