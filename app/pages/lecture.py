"""Lecture: slides made, reordered, saved, opened, walked with the arrow keys, taken home as deck and handout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from app import frame, kept, lectures, slides
from app.ask.slides import ask
from app.below.slide import export, words
from app.deck import deck, give, left_at
from app.figured import Entry
from app.leave import leave
from app.lectures import Talk
from app.page import OwnPage
from app.parcel import pack
from app.player import player
from app.state import PRESENT, Desk, browser_theme, mirror, open_desk, presenting
from app.text import plain, sentence
from landscape.language import mark, tr
from landscape.lecture.deck import deck_data, words_data

QUESTION = mark("What would you show them, and in which order?")
LOOK = mark(
    "A lecture is a list of pictures with words: what any page shows (“Add to the lecture”), claims that are measured "
    "anew, and words alone. Present it and walk with the arrow keys, with your notes in a window of their own, or take "
    "it home as one HTML file and as a handout."
)


def _show() -> None:
    desk = open_desk(lectures.PAGE, lectures.RULES)
    desk.recipe = lectures.translated(desk.recipe)
    if desk.recipe.elsewhere:
        st.caption(tr("Your lecture is being looked for in this browser"))
        mirror(desk)
    elif presenting():
        _present(desk)
    else:
        _write(desk)
        mirror(desk)
    kept.keep(desk)


def _write(desk: Desk[Talk]) -> None:
    with st.sidebar:
        ask(desk)
    frame.refused(desk)
    kept.say(desk)
    _slide(desk)
    shown: dict[str, Callable[[], None]] = {
        mark("Words"): partial(words, desk),
        mark("Export"): partial(export, desk),
        mark("About"): _about,
    }
    frame.tabs(desk, shown)


def _about() -> None:
    st.markdown(f"**{tr(QUESTION)}** {tr(LOOK)}")


def _present(desk: Desk[Talk]) -> None:
    lecture, first, key = desk.recipe.lecture, desk.recipe.number, desk.key("deck")
    theme = browser_theme(present=True)

    def left() -> None:
        number = left_at(key)
        if number is not None:
            desk.edit("turn", lambda talk: talk.at(number))
        # A second Escape may come before the page has been seen to change.
        st.query_params.pop(PRESENT, None)

    with (waiting := st.empty()).container():
        leave(desk.key("leave"), left)
        with st.spinner(tr("Drawing the first slide …")):
            shown = slides.slide_data(desk.recipe.slide, theme)
    waiting.empty()
    words = [words_data(slide) for slide in lecture.slides]
    data = deck_data(lecture, [*words[:first], shown, *words[first + 1 :]], theme)
    deck(data | {"start": first}, key=key, on_leave=left)
    # The rest is made while the first is talked about: what comes next before what would be gone back to.
    for number in (*range(first + 1, len(lecture)), *reversed(range(first))):
        give(number, slides.slide_data(lecture.slides[number], theme), key=f"{key}.{number}")


def _slide(desk: Desk[Talk]) -> None:
    talk = desk.recipe
    slide = talk.slide
    frame.heading(desk, plain(slide.title) or tr("Untitled"), _walk, present=_presenter)
    st.markdown("\n".join(f"- {plain(point, 1000)}" for point in slide.points))
    try:
        with st.spinner(tr("Measuring …") if slide.claim else tr("Drawing …"), show_time=True):
            made = slides.payload(slide, browser_theme())
        if made is not None:
            player(pack(made), key=desk.key(f"player.{talk.number}"))
    except (ValueError, TypeError, ArithmeticError) as error:
        st.error(plain(sentence(error)))
    for paragraph in slide.notes.split("\n\n"):
        st.caption(plain(paragraph, 5000))


def _walk(desk: Desk[Talk]) -> None:
    _step(desk, "back", tr("Back"), -1, "Left")
    st.markdown(f"{desk.recipe.number + 1} / {len(desk.recipe.lecture)}")
    _step(desk, "on", tr("Next"), 1, "Right")


def _presenter(desk: Desk[Talk]) -> None:
    # In this session, not by a link: a browser that keeps nothing has the lecture nowhere else.
    st.button(
        tr("Present"),
        key=desk.key("present"),
        icon=":material/fullscreen:",
        type="tertiary",
        on_click=lambda: st.query_params.update({PRESENT: "1"}),
    )


def _step(desk: Desk[Talk], place: str, label: str, by: int, shortcut: str) -> None:
    there = 0 <= desk.recipe.number + by < len(desk.recipe.lecture)
    st.button(
        label,
        key=desk.key(place),
        type="tertiary",
        disabled=not there,
        shortcut=shortcut,
        on_click=lectures.edit,
        args=(desk, "turn", lambda talk: talk.at(talk.number + by)),
    )


page = OwnPage(Entry(lectures.PAGE, mark("Lecture"), ":material/co_present:", "give-a-lecture"), lectures.RULES, _show)
