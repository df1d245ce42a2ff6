"""The tabs of the page Lecture: words and settings of the open slide, and the lecture as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from app import figured, frame
from app.ask.controls import choice, numbers, say
from app.lectures import Talk
from app.state import Desk, beside, show
from landscape.claims import CLAIMS
from landscape.lecture import Lecture, Slide, save
from landscape.render.scratch import scratch

KINDS = {"deck": ("Deck", "html", "One HTML file with all slides; it needs no network. The arrow keys turn them."),
         "handout": ("Handout", "pdf", "A PDF with each picture and the notes below it."),
         "lecture": ("Lecture", "json", "The lecture itself, to open here again.")}  # fmt: skip


def words(desk: Desk[Talk]) -> None:
    """Ask for title, points and notes, and for what can be set about the picture."""
    slide = desk.recipe.slide
    lines = "\n".join(slide.points)
    _text(desk, "title", "Title", slide.title, st.text_input, lambda text: {"title": text})
    _text(desk, "points", "Points, one a line", lines, st.text_area, lambda text: {"points": _lines(text)})
    _text(desk, "notes", "Notes for you and for the handout", slide.notes, st.text_area, lambda text: {"notes": text})
    if slide.claim:
        _claim(desk, slide)
    elif slide.experiment is not None and not slide.figure and slide.experiment.surface.n_dims == 2:
        choice(
            desk,
            f"view.{desk.recipe.number}",
            "Shown as",
            ["map", "relief"],
            "relief" if slide.view.get("relief") else "map",
            str.capitalize,
            lambda talk, name: talk.changed(view={**talk.slide.view, "relief": name == "relief"}),
        )
    _back(desk, slide)


def _claim(desk: Desk[Talk], slide: Slide) -> None:
    claim = CLAIMS[slide.claim]
    defaults = {p.name: p.default for p in claim.parameters}
    numbers(
        desk,
        f"claim.{desk.recipe.number}.{slide.claim}",
        claim.parameters,
        lambda name: slide.settings.get(name, defaults[name]),
        lambda talk, name, value: talk.changed(settings={**talk.slide.settings, name: value}),
    )


def _back(desk: Desk[Talk], slide: Slide) -> None:
    """Offer the page on which the picture can be changed."""
    is_run = slide.experiment is not None and not slide.figure
    shower = figured.PAGES.get("descent" if is_run else slide.figure)
    if shower is None or (is_run and slide.made_of.surface.n_dims > 2):
        return
    if st.button(f"Open on the page {shower.title}", key=desk.key("to.page")):
        looks = [{} if is_run else one.view for one in slide.pictures]
        query, *held = ((shower.write(one.made_of), look) for one, look in zip(slide.pictures, looks, strict=True))
        frame.go_to(shower.url, {**query[0], **query[1], **(beside(*held[0]) if held else {})})


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _text(
    desk: Desk[Talk],
    name: str,
    label: str,
    value: str,
    widget: Callable[..., Any],
    change: Callable[[str], dict[str, Any]],
) -> None:
    place = f"words.{desk.recipe.number}.{name}"
    key = desk.key(place)
    show(key, value)

    def typed() -> None:
        desk.edit(place, lambda talk: talk.changed(**change(st.session_state[key])))

    widget(label, key=key, on_change=typed, max_chars=5000)
    say(desk, place)


def export(desk: Desk[Talk]) -> None:
    """Offer the lecture as a deck, as a handout and as itself."""
    lecture = desk.recipe.lecture
    for title, ending, says in KINDS.values():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                title,
                data=partial(_file, lecture, ending),
                file_name=f"lecture.{ending}",
                icon=":material/download:",
                key=desk.key(f"export.{ending}"),
                on_click="ignore",
                width=150,
            )
            st.caption(says)


def _file(lecture: Lecture, ending: str) -> bytes:
    with scratch() as folder:
        return save(lecture, folder / f"lecture.{ending}").read_bytes()
