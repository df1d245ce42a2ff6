"""Lecture: slides made, reordered, saved, opened, walked with the arrow keys, taken home as deck and handout."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st

from app import frame, kept, lectures, work
from app.ask.controls import choice, numbers, say, show
from app.deck import deck, left_at
from app.lectures import Talk
from app.limits import FILE
from app.page import Entry, OwnPage
from app.player import player
from app.state import PRESENT, Desk, Rules, mirror, open_desk, presenting
from app.text import plain
from landscape.claims import CLAIMS
from landscape.experiment import Experiment
from landscape.lecture import LECTURES, Lecture, Slide, save
from landscape.lecture.deck import deck_data
from landscape.render.player.payload import player_payload
from landscape.render.scratch import scratch
from landscape.scene import Scene

Bench = Desk[Talk]

LARGEST_FILE = 4_000_000
QUESTION = "What would you show them, and in which order?"
LOOK = (
    "A lecture is a list of pictures with words: runs from the main page, and claims that are measured anew. "
    "Present it and walk with the arrow keys, or take it home as one HTML file and as a handout."
)
KINDS = {"deck": ("Deck", "html", "One HTML file with every slide in it; it needs no network. Arrow keys walk."),
         "handout": ("Handout", "pdf", "A PDF with each picture and the notes below it."),
         "lecture": ("Lecture", "json", "The lecture itself, to open here again.")}  # fmt: skip


@cache
def first() -> Talk:
    """Return the lecture that the page opens with."""
    return lectures.read({})[0]


rules = Rules(first, lambda query, default: lectures.read(query), lectures.write, lectures.allow)


def _edit(desk: Bench, place: str, change: Callable[[Talk], Talk]) -> None:
    desk.edit(place, change)


def _show() -> None:
    desk = open_desk("lecture", rules)
    if desk.recipe.elsewhere:
        st.caption("Your lecture is being looked for in this browser")
        mirror(desk)
    elif presenting():
        _present(desk)
    else:
        _write(desk)
        mirror(desk)
    kept.keep(desk)


def _write(desk: Bench) -> None:
    with st.sidebar:
        _ask(desk)
    frame.refused(desk)
    kept.say(desk)
    _slide(desk)
    frame.tabs(desk, {"Words": partial(_words, desk), "Export": partial(_export, desk), "About": _about})


def _about() -> None:
    st.markdown(f"**{QUESTION}** {LOOK}")


def _present(desk: Bench) -> None:
    lecture, key = desk.recipe.lecture, desk.key("deck")
    dark = st.context.theme.type == "dark"

    def left() -> None:
        number = left_at(key)
        if number is not None:
            desk.edit("turn", lambda talk: talk.at(number))
            del st.query_params[PRESENT]

    bar = st.progress(0.0, "Running every slide, so that nothing has to be waited for later")
    for number, slide in enumerate(lecture.slides):
        _scene(slide)
        bar.progress((number + 1) / len(lecture), plain(slide.title))
    bar.empty()
    data = _deck(lecture, "dark" if dark else "projector", desk.recipe.number)
    deck(data, key=key, on_leave=left)


# The picture


def _key(slide: Slide) -> str:
    """Return what a slide's picture depends on: not its points and notes."""
    recipe = {name: value for name, value in slide.recipe().items() if name not in ("points", "notes")}
    return json.dumps(recipe, ensure_ascii=False)


def _scene(slide: Slide) -> Scene | None:
    """Return the scene of a slide, ``None`` for words alone."""
    return work.result(("slide", _key(slide)), slide.scene)


def _payload(slide: Slide, theme: str) -> dict[str, Any] | None:
    """Return what the player needs to show a slide, ``None`` for words alone."""

    def made() -> dict[str, Any] | None:
        scene = _scene(slide)
        return None if scene is None else player_payload(scene, theme)

    return work.result(("slide payload", _key(slide), theme), made)


def _deck(lecture: Lecture, theme: str, start: int) -> dict[str, Any]:
    """Return what the deck needs to show a lecture from the slide ``start`` (from 0) on."""
    return deck_data(lecture, [_scene(slide) for slide in lecture.slides], theme) | {"start": start}


def _slide(desk: Bench) -> None:
    talk = desk.recipe
    slide = talk.slide
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(plain(slide.title) or "Untitled", anchor=False, width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            _step(desk, "back", "Back", -1, "Left")
            st.markdown(f"{talk.number + 1} / {len(talk.lecture)}")
            _step(desk, "on", "Next", 1, "Right")
            st.button(
                "Present",
                key=desk.key("present"),
                icon=":material/fullscreen:",
                type="tertiary",
                on_click=lambda: st.query_params.update({PRESENT: "1"}),
            )
    st.markdown("\n".join(f"- {plain(point, 1000)}" for point in slide.points))
    theme = st.context.theme.type or "light"
    if slide.claim:
        with st.spinner("Measuring …", show_time=True):
            made = _payload(slide, theme)
    else:
        made = _payload(slide, theme)
    if made is not None:
        player(made, key=desk.key(f"player.{talk.number}"))
    if slide.notes:
        for paragraph in slide.notes.split("\n\n"):
            st.caption(plain(paragraph, 5000))


def _step(desk: Bench, place: str, label: str, by: int, shortcut: str) -> None:
    there = 0 <= desk.recipe.number + by < len(desk.recipe.lecture)
    st.button(
        label,
        key=desk.key(place),
        type="tertiary",
        disabled=not there,
        shortcut=shortcut,
        on_click=_edit,
        args=(desk, "turn", lambda talk: talk.at(talk.number + by)),
    )


# The list of slides


def _ask(desk: Bench) -> None:
    talk = desk.recipe
    with st.container(gap="xxsmall"):
        st.caption("Which lecture?")
        with st.expander(plain(talk.lecture.title) or "Untitled", key=desk.key("ask.lecture")):
            _lecture(desk)
    with st.container(gap="xxsmall"):
        st.caption("In which order?")
        _slides(desk)
        with st.container(horizontal=True, gap="xxsmall"):
            _arrange(desk, "up", ":material/arrow_upward:", "Move this slide up", lambda t: t.moved(-1))
            _arrange(desk, "down", ":material/arrow_downward:", "Move this slide down", lambda t: t.moved(1))
            _arrange(desk, "remove", ":material/delete:", "Remove this slide", lambda t: t.without())
        say(desk, "arrange")
    with st.container(gap="xxsmall"):
        st.caption("What comes next?")
        with st.expander("Add a slide"):
            _add(desk)


def _slides(desk: Bench) -> None:
    key, slides = desk.key("slide"), desk.recipe.lecture.slides
    show(key, desk.recipe.number)
    st.radio(
        "Slides",
        range(len(slides)),
        key=key,
        format_func=lambda number: f"{number + 1}. {plain(slides[number].title, 60)}",
        label_visibility="collapsed",
        on_change=lambda: _edit(desk, "turn", lambda talk: talk.at(st.session_state[key])),
    )


def _arrange(desk: Bench, place: str, icon: str, label: str, change: Callable[[Talk], Talk]) -> None:
    st.button(icon, key=desk.key(place), help=label, type="tertiary", on_click=_edit, args=(desk, "arrange", change))


def _lecture(desk: Bench) -> None:
    key = desk.key("title")
    show(key, desk.recipe.lecture.title)

    def renamed() -> None:
        title = st.session_state[key]
        desk.edit("title", lambda talk: talk.renamed(title))

    st.text_input("Title", key=key, on_change=renamed, max_chars=200)
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
    st.button("A new lecture", key=desk.key("new"), width="stretch", on_click=lambda: desk.put(lectures.blank()))
    upload = desk.key("open")

    def opened() -> None:
        file = st.session_state[upload]
        if file is not None:
            _open(desk, file.getvalue())

    st.file_uploader("Open a lecture", type="json", key=upload, on_change=opened, max_upload_size=2)
    say(desk, "open")


def _open(desk: Bench, raw: bytes) -> None:
    try:
        if len(raw) > LARGEST_FILE:
            raise ValueError(f"a file of {len(raw):,} bytes is no lecture; they have at most {LARGEST_FILE:,}")
        desk.put(Talk(Lecture.from_json(raw.decode("utf-8"), FILE.allow_surface), own=lectures.new_name()))
    except UnicodeDecodeError:
        desk.refuse("open", "the file is not UTF-8 text, so it is no lecture")
    except (ValueError, TypeError, KeyError) as error:
        desk.refuse("open", str(error))


def _add(desk: Bench) -> None:
    other: Desk[Experiment] | None = st.session_state.get("descent.desk")
    key = desk.key("add.claim")

    def run() -> None:
        assert other is not None
        view = {"relief": other.view("view") == "relief"}
        desk.edit("add", lambda talk: talk.with_added(lectures.from_experiment(other.recipe, view)))

    def claim() -> None:
        chosen = st.session_state[key]
        st.session_state[key] = None
        if chosen is not None:
            slide = Slide(CLAIMS[chosen].statement, claim=chosen)
            desk.edit("add", lambda talk: talk.with_added(slide))

    st.button(
        "The run on the main page",
        key=desk.key("add.run"),
        width="stretch",
        disabled=other is None,
        help="What the page Watch the descent shows now" if other else "Open the page Watch the descent first",
        on_click=run,
    )
    st.selectbox(
        "A claim",
        list(CLAIMS),
        index=None,
        key=key,
        format_func=lambda name: CLAIMS[name].statement,
        placeholder="A claim",
        label_visibility="collapsed",
        on_change=claim,
    )
    st.button(
        "Words alone",
        key=desk.key("add.words"),
        width="stretch",
        on_click=_edit,
        args=(desk, "add", lambda talk: talk.with_added(Slide("A new slide", ("A short line",)))),
    )
    say(desk, "add")


# Words and settings of the slide


def _words(desk: Bench) -> None:
    number, slide = desk.recipe.number, desk.recipe.slide
    _text(desk, "title", "Title", slide.title, st.text_input, lambda text: {"title": text})
    lines = "\n".join(slide.points)
    _text(desk, "points", "Points, one a line", lines, st.text_area, lambda text: {"points": _lines(text)})
    _text(desk, "notes", "Notes for you and for the handout", slide.notes, st.text_area, lambda text: {"notes": text})
    if slide.claim:
        claim = CLAIMS[slide.claim]
        defaults = {p.name: p.default for p in claim.parameters}
        numbers(
            desk,
            f"claim.{number}.{slide.claim}",
            claim.parameters,
            lambda name: slide.settings.get(name, defaults[name]),
            lambda talk, name, value: talk.changed(settings={**talk.slide.settings, name: value}),
        )
    if slide.experiment is not None:
        if slide.experiment.surface.n_dims == 2:
            choice(
                desk,
                f"view.{number}",
                "Ground",
                ["map", "relief"],
                "relief" if slide.view.get("relief") else "map",
                str.capitalize,
                lambda talk, name: talk.changed(view={**talk.slide.view, "relief": name == "relief"}),
            )
        if slide.experiment.surface.n_dims <= 2 and st.button("Open on the main page", key=desk.key("to.main")):
            frame.open_in_descent(slide.experiment)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _text(
    desk: Bench, name: str, label: str, value: str, widget: Callable[..., Any], change: Callable[[str], dict[str, Any]]
) -> None:
    place = f"words.{desk.recipe.number}.{name}"
    key = desk.key(place)
    show(key, value)

    def typed() -> None:
        desk.edit(place, lambda talk: talk.changed(**change(st.session_state[key])))

    widget(label, key=key, on_change=typed, max_chars=5000)
    say(desk, place)


# What leaves the page


def _export(desk: Bench) -> None:
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


page = OwnPage(Entry("lecture", "Lecture", ":material/co_present:", "give-a-lecture"), _show)
