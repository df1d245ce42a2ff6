"""Add to the lecture: what any page shows becomes a slide of the open lecture, of one that is kept, or of a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app import kept, lectures
from app.language import dialog, in_callback
from app.lectures import Talk
from app.state import Desk
from app.text import plain
from landscape.language import mark, tr, trn
from landscape.lecture import Slide

_DESK = f"{lectures.PAGE}.desk"
_DONE = "to.lecture.done"


def lecture_desk() -> Desk[Talk] | None:
    """Return what this session has on its desk on the page Lecture, ``None`` until it has anything there."""
    desk: Desk[Talk] | None = st.session_state.get(_DESK)
    if desk is not None:
        desk.recipe = lectures.translated(desk.recipe)
    return desk


def offer(desk: Desk[Any], slide: Callable[[], Slide]) -> None:
    """Offer to add what a page shows; ``slide`` makes the slide once it is wanted.

    Which lecture it is for is asked unless there is one alone: somebody's own that is open, and no other kept.
    """
    if st.button(tr("Add to the lecture"), icon=":material/playlist_add:", type="tertiary", key=desk.key("to.lecture")):
        st.session_state.pop(_DONE, None)
        talks = lecture_desk()
        if talks is not None and _is_whole(talks.recipe) and not kept.others(talks):
            _add(talks, talks.recipe, slide, kept.called(talks.recipe.lecture.title))
        else:
            dialog(mark("Add to which lecture?"), _ask)(desk, slide)
    _say()


def _is_whole(talk: Talk) -> bool:
    """Tell whether this is a lecture of somebody's own that is here."""
    return bool(talk.own) and not talk.elsewhere


def _add(talks: Desk[Talk], to: Talk | None, slide: Callable[[], Slide], title: str) -> None:
    refused = kept.add(talks, to, slide())
    if refused is not None:
        st.session_state[_DONE] = tr("Not added. {why}", why=plain(refused.sentence, 400)), "error"
    else:
        st.session_state[_DONE] = tr("Added to “{lecture}”", lecture=title), "playlist_add_check"


def _say() -> None:
    """Say once what came of adding.

    Not in the callback of a dialog: what that shows takes the place of the dialog, and the page may break.
    """
    if _DONE in st.session_state:
        words, icon = st.session_state.pop(_DONE)
        st.toast(words, icon=f":material/{icon}:")


def _ask(desk: Desk[Any], slide: Callable[[], Slide]) -> None:
    if _DONE in st.session_state:
        st.rerun()  # closes it
    talks = lecture_desk()
    if talks is None:
        talks = st.session_state[_DESK] = Desk(lectures.PAGE, lectures.RULES, lectures.RULES.first())
    talk = talks.recipe

    def add(to: Talk | None, title: str) -> None:
        in_callback()
        _add(talks, to, slide, title)

    def button(name: str, label: str, to: Talk | None, says: str) -> None:
        key = desk.key(f"to.lecture.{name}")
        st.button(label, key=key, width="stretch", help=says, on_click=add, args=(to, label))

    if not talk.elsewhere:
        says = tr("A copy of it becomes yours") if talk.name else trn("{n} slide", "{n} slides", len(talk.lecture))
        button("open", kept.called(talk.lecture.title), talk, says)
    for own, title in kept.others(talks):
        button(own, kept.called(title), Talk(lectures.ELSEWHERE, own=own), tr("Kept in this browser"))
    button("new", tr("A new lecture"), None, tr("It begins with this slide"))
    if not talk.own:
        kept.ask(talks)


def keep() -> None:
    """Let the browser keep the session's own lecture, on whatever page one is."""
    talks = lecture_desk()
    if talks is not None and talks.recipe.own:
        kept.keep(talks)
