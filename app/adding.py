"""Add to the lecture: what any page shows becomes a slide of the open lecture, of one that is kept, or of a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app import kept, lectures
from app.lectures import Talk
from app.state import Desk
from app.text import plain
from landscape.lecture import Slide
from landscape.words import count

_DESK = f"{lectures.PAGE}.desk"
_DONE = "to.lecture.done"


def lecture_desk() -> Desk[Talk] | None:
    """Return what this session has on its desk on the page Lecture, ``None`` until it has anything there."""
    desk: Desk[Talk] | None = st.session_state.get(_DESK)
    return desk


def offer(desk: Desk[Any], slide: Callable[[], Slide]) -> None:
    """Offer to add what a page shows; ``slide`` makes the slide once it is wanted."""
    if st.button("Add to the lecture", icon=":material/playlist_add:", type="tertiary", key=desk.key("to.lecture")):
        st.session_state.pop(_DONE, None)
        _ask(desk, slide)


@st.dialog("Add to which lecture?")
def _ask(desk: Desk[Any], slide: Callable[[], Slide]) -> None:
    if st.session_state.pop(_DONE, False):
        st.rerun()  # closes it
    talks = lecture_desk()
    if talks is None:
        talks = st.session_state[_DESK] = Desk(lectures.PAGE, lectures.RULES, lectures.RULES.first())
    talk = talks.recipe

    def add(to: Talk | None, title: str) -> None:
        kept.add(talks, to, slide())
        st.session_state[_DONE] = True
        st.toast(f"Added to “{title}”", icon=":material/playlist_add_check:")

    def button(name: str, label: str, to: Talk | None, says: str) -> None:
        key = desk.key(f"to.lecture.{name}")
        st.button(label, key=key, width="stretch", help=says, on_click=add, args=(to, label))

    if not talk.elsewhere:
        says = "A copy of it becomes yours" if talk.name else count(len(talk.lecture), "slide")
        button("open", plain(talk.lecture.title, 60) or "Untitled", talk, says)
    for own, title in kept.others(talks):
        button(own, plain(title, 60) or "Untitled", Talk(lectures.ELSEWHERE, own=own), "Kept in this browser")
    button("new", "A new lecture", None, "It begins with this slide")
    if not talk.own:
        kept.ask(talks)


def keep() -> None:
    """Let the browser keep the session's own lecture, on whatever page one is."""
    talks = lecture_desk()
    if talks is not None and talks.recipe.own:
        kept.keep(talks)
