"""The tabs of the page Lecture: words and settings of the open slide, and the lecture as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from app import figured, frame
from app.ask.controls import choice, lasted, numbers, say
from app.below import export as files
from app.below.options import title_of_theme
from app.language import fragment, in_callback
from app.lectures import Talk
from app.session import made_with
from app.state import Desk, beside
from app.text import is_public, plain, sentence
from landscape.claims import CLAIMS
from landscape.language import mark, tr
from landscape.lecture import Lecture, Slide, save
from landscape.lecture.files import FORMATS
from landscape.picture.themes import THEMES
from landscape.render import formats
from landscape.render.scratch import scratch

AT_ONCE = {"html": mark("Deck"), "pdf": mark("Handout"), "json": mark("Lecture")}
APART = {"pptx": mark("PowerPoint"), "steps.pdf": mark("PDF, stepped"), "beamer.zip": mark("Beamer")}
"""Files that are made while they are fetched, and those that take longer: the labels of their buttons."""

_SEEN = {"map": mark("Map"), "relief": mark("Relief")}


_WIDTH = 170


def words(desk: Desk[Talk]) -> None:
    """Ask for title, points and notes, and for what can be set about the picture."""
    slide = desk.recipe.slide
    lines = "\n".join(slide.points)
    notes = tr("Notes for you and for the handout")
    _text(desk, "title", tr("Title"), slide.title, st.text_input, lambda text: {"title": text})
    _text(desk, "points", tr("Points, one a line"), lines, st.text_area, lambda text: {"points": _lines(text)})
    _text(desk, "notes", notes, slide.notes, st.text_area, lambda text: {"notes": text})
    if slide.claim:
        _claim(desk, slide)
    elif slide.experiment is not None and not slide.figure and slide.experiment.surface.n_dims == 2:
        choice(
            desk,
            f"view.{desk.recipe.number}",
            tr("Shown as"),
            list(_SEEN),
            "relief" if slide.view.get("relief") else "map",
            lambda name: tr(_SEEN[name]),
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
    if st.button(tr("Open on the page {page}", page=shower.entry.title), key=desk.key("to.page")):
        looks = [{} if is_run else one.view for one in slide.pictures]
        query, *held = ((shower.write(one.made_of), look) for one, look in zip(slide.pictures, looks, strict=True))
        frame.go_to(shower.entry.url, {**query[0], **query[1], **(beside(*held[0]) if held else {})})


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

    def typed(text: str) -> None:
        desk.edit(place, lambda talk: talk.changed(**change(text)))

    widget(label, max_chars=5000, **desk.asking(desk.key(place), value, typed))
    say(desk, place)


def export(desk: Desk[Talk]) -> None:
    """Offer the lecture as a deck, as a handout, as slides for other programs, and as itself; apart from the page."""
    fragment(_export)(desk)


def _export(desk: Desk[Talk]) -> None:
    lecture = desk.recipe.lecture
    for ending, title in AT_ONCE.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                tr(title),
                data=partial(_file, lecture, ending),
                file_name=f"lecture.{ending}",
                icon=":material/download:",
                key=desk.key(f"export.{ending}"),
                on_click="ignore",
                width=_WIDTH,
            )
            st.caption(f"{FORMATS[ending].title}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = _choice(desk, "export.size", tr("Size of slides"), ["16:9", "4:3"], str)
        theme = _choice(desk, "export.theme", tr("Theme"), list(THEMES), title_of_theme)
    for ending, title in APART.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            _apart(desk, lecture, ending, title, {"size": size, "theme": theme})
            st.caption(f"{FORMATS[ending].title}.")
    files.tell_progress(desk)


def _choice(desk: Desk[Talk], place: str, label: str, options: list[str], titles: Callable[[str], str]) -> str:
    value = lasted(desk, place, options[0])
    made = made_with(desk.key(place), value, index=options.index(value))
    return st.selectbox(label, options, format_func=titles, placeholder=label, width=_WIDTH, **made)


def _apart(desk: Desk[Talk], lecture: Lecture, ending: str, title: str, options: dict[str, Any]) -> None:
    """Offer a file that is made apart from the page, and say why it was not begun."""
    refused = desk.key(f"export.refused.{ending}")
    address = desk.link().split("?", 1)[0]
    if is_public(address) and "address" in FORMATS[ending].options:
        options = options | {"address": address}

    def start() -> None:
        in_callback()
        st.session_state[refused] = files.begin(
            f"lecture.{ending}",
            ending,
            lambda path, progress: formats.write(FORMATS, lecture, path, **options, progress=progress),
        )

    st.button(
        tr(title),
        icon=":material/slideshow:",
        key=desk.key(f"export.make.{ending}"),
        on_click=start,
        disabled=files.is_busy(),
        width=_WIDTH,
    )
    if st.session_state.get(refused):
        st.error(plain(sentence(st.session_state[refused])))


def _file(lecture: Lecture, ending: str) -> bytes:
    with scratch() as folder:
        return save(lecture, folder / f"lecture.{ending}").read_bytes()
