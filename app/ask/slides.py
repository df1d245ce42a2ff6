"""The sidebar of the page Lecture: which lecture, its slides in order, and what to add."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from app import kept, lectures
from app.ask import upload
from app.ask.controls import say
from app.language import in_callback
from app.lectures import Talk
from app.session import value_of
from app.state import Desk
from app.text import plain
from landscape.claims import CLAIMS
from landscape.language import tr
from landscape.lecture import LECTURES, Slide


def ask(desk: Desk[Talk]) -> None:
    """Ask which lecture, in which order, and what comes next."""
    with st.container(gap="xxsmall"):
        st.caption(tr("Which lecture?"))
        with st.expander(plain(desk.recipe.lecture.title) or tr("Untitled"), key=desk.key("ask.lecture")):
            _lecture(desk)
    with st.container(gap="xxsmall"):
        st.caption(tr("In which order?"))
        _slides(desk)
        with st.container(horizontal=True, gap="xxsmall", key=desk.key("arrange.icons")):
            _arrange(desk, "up", ":material/arrow_upward:", tr("Move this slide up"), lambda t: t.moved(-1))
            _arrange(desk, "down", ":material/arrow_downward:", tr("Move this slide down"), lambda t: t.moved(1))
            _arrange(desk, "remove", ":material/delete:", tr("Remove this slide"), lambda t: t.without())
        say(desk, "arrange")
    with st.container(gap="xxsmall"):
        st.caption(tr("What comes next?"))
        with st.expander(tr("Add a slide"), key=desk.key("ask.add")):
            _add(desk)


def _slides(desk: Desk[Talk]) -> None:
    key, slides = desk.key("slide"), desk.recipe.lecture.slides
    here = desk.recipe.number

    def chosen(number: int) -> None:
        lectures.edit(desk, "turn", lambda talk: talk.at(number))

    st.radio(
        tr("Slides"),
        range(len(slides)),
        format_func=lambda number: f"{number + 1}. {plain(slides[number].title, 60)}",
        label_visibility="collapsed",
        **desk.asking(key, here, chosen, index=here),
    )


def _arrange(desk: Desk[Talk], place: str, icon: str, label: str, change: Callable[[Talk], Talk]) -> None:
    act = partial(lectures.edit, desk, "arrange", change)
    st.button(label, icon=icon, key=desk.key(place), help=label, type="tertiary", on_click=act)


def _lecture(desk: Desk[Talk]) -> None:
    key = desk.key("title")

    def renamed(title: str) -> None:
        desk.edit("title", lambda talk: talk.renamed(title))

    st.text_input(tr("Title"), max_chars=200, **desk.asking(key, desk.recipe.lecture.title, renamed))
    say(desk, "title")
    for name in LECTURES:
        talk = lectures.prepared(name)
        st.button(
            plain(talk.lecture.title),
            key=desk.key(f"prepared.{name}"),
            width="stretch",
            on_click=desk.put,
            args=(talk,),
        )
    kept.choose(desk)
    st.button(tr("A new lecture"), key=desk.key("new"), width="stretch", on_click=_begin, args=(desk,))
    upload.ask(desk, tr("Open a lecture"), 2, partial(_open, desk))


def _begin(desk: Desk[Talk]) -> None:
    in_callback()
    desk.put(lectures.blank())


def _open(desk: Desk[Talk], raw: bytes) -> None:
    upload.put(desk, raw, lectures.LARGEST, lambda text: lectures.opened(text, lectures.new_name()))


def _add(desk: Desk[Talk]) -> None:
    key = desk.key("add.claim")

    def claim() -> None:
        in_callback()
        chosen = value_of(key)
        if chosen is not None:
            slide = Slide(CLAIMS[chosen].statement, claim=chosen)
            desk.edit("add", lambda talk: talk.with_added(slide))
        st.session_state[key] = None

    st.selectbox(
        tr("A claim"),
        list(CLAIMS),
        index=None,
        key=key,
        format_func=lambda name: CLAIMS[name].statement,
        placeholder=tr("A claim"),
        label_visibility="collapsed",
        on_change=claim,
    )
    st.button(
        tr("Words alone"),
        key=desk.key("add.words"),
        width="stretch",
        on_click=lectures.edit,
        args=(desk, "add", lambda talk: talk.with_added(Slide(tr("A new slide"), (tr("A short line"),)))),
    )
    say(desk, "add")
    st.caption(tr("On every other page, “Add to the lecture” beside its heading makes a slide of what it shows."))
