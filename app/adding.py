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
    """Offer to add what a page shows; ``slide`` makes the slide once it is wanted.

    Which lecture it is for is asked unless there is one alone: somebody's own that is open, and no other kept.
    """
    if st.button("Add to the lecture", icon=":material/playlist_add:", type="tertiary", key=desk.key("to.lecture")):
        st.session_state.pop(_DONE, None)
        talks = lecture_desk()
        if talks is not None and _is_whole(talks.recipe) and not kept.others(talks):
            _add(talks, talks.recipe, slide, _named(talks.recipe.lecture.title))
        else:
            _ask(desk, slide)
    _say()


def _is_whole(talk: Talk) -> bool:
    """Tell whether this is a lecture of somebody's own that is here."""
    return bool(talk.own) and not talk.elsewhere


def _named(title: str) -> str:
    return plain(title, 60) or "Untitled"


def _add(talks: Desk[Talk], to: Talk | None, slide: Callable[[], Slide], title: str) -> None:
    refused = kept.add(talks, to, slide())
    done = (f"Not added. {plain(refused, 400)}", "error") if refused else (f"Added to “{title}”", "playlist_add_check")
    st.session_state[_DONE] = done


def _say() -> None:
    """Say once what came of adding.

    Not in the callback of a dialog: what that shows takes the place of the dialog, and the page may break.
    """
    if _DONE in st.session_state:
        words, icon = st.session_state.pop(_DONE)
        st.toast(words, icon=f":material/{icon}:")


@st.dialog("Add to which lecture?")
def _ask(desk: Desk[Any], slide: Callable[[], Slide]) -> None:
    if _DONE in st.session_state:
        st.rerun()  # closes it
    talks = lecture_desk()
    if talks is None:
        talks = st.session_state[_DESK] = Desk(lectures.PAGE, lectures.RULES, lectures.RULES.first())
    talk = talks.recipe

    def add(to: Talk | None, title: str) -> None:
        _add(talks, to, slide, title)

    def button(name: str, label: str, to: Talk | None, says: str) -> None:
        key = desk.key(f"to.lecture.{name}")
        st.button(label, key=key, width="stretch", help=says, on_click=add, args=(to, label))

    if not talk.elsewhere:
        says = "A copy of it becomes yours" if talk.name else count(len(talk.lecture), "slide")
        button("open", _named(talk.lecture.title), talk, says)
    for own, title in kept.others(talks):
        button(own, _named(title), Talk(lectures.ELSEWHERE, own=own), "Kept in this browser")
    button("new", "A new lecture", None, "It begins with this slide")
    if not talk.own:
        kept.ask(talks)


def keep() -> None:
    """Let the browser keep the session's own lecture, on whatever page one is."""
    talks = lecture_desk()
    if talks is not None and talks.recipe.own:
        kept.keep(talks)
