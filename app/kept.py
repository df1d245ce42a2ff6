"""Lectures of somebody's own, kept in their browser: written as they are changed, found again after a reload."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from app import lectures
from app.components import component
from app.language import in_callback
from app.lectures import Talk
from app.session import value_of
from app.state import Desk, Problem
from app.text import plain
from landscape.language import mark, tr
from landscape.lecture import Slide

MOST_LISTED = 20

_mount = component("kept")


@dataclasses.dataclass
class Kept:
    """What one session knows of the lectures in its browser.

    ``session`` tells the browser who asks; ``listed`` are the names and titles that it told; ``said`` tells what
    happened, in the language of the moment, with the talk that it is about; ``adding`` waits for a lecture that the
    browser has yet to tell.
    """

    session: str = dataclasses.field(default_factory=lambda: secrets.token_hex(8))
    listed: dict[str, str] = dataclasses.field(default_factory=dict)
    problem: str = ""
    forget: str = ""
    said: tuple[Talk, Callable[[], str]] | None = None
    adding: list[Slide] = dataclasses.field(default_factory=list)


def _kept(desk: Desk[Talk]) -> Kept:
    kept: Kept = st.session_state.setdefault(desk.key("kept.known"), Kept())
    return kept


def keep(desk: Desk[Talk]) -> None:
    """Let the browser keep the lecture of the desk, where it is somebody's own, or tell one that the desk waits for."""
    kept, talk = _kept(desk), desk.recipe
    save = None
    if talk.own and not talk.elsewhere:
        save = {"own": talk.own, "title": talk.lecture.title, "text": talk.lecture.to_json()}
        kept.listed[talk.own] = talk.lecture.title
    _mounted(desk, "kept", {"wanted": talk.own if talk.elsewhere else "", "save": save, "forget": kept.forget})


def ask(desk: Desk[Talk]) -> None:
    """Let the browser tell what it keeps, where ``keep`` is not there to hear of it."""
    _mounted(desk, "kept.list", {"wanted": "", "save": None, "forget": ""})


def _mounted(desk: Desk[Talk], place: str, asked: dict[str, Any]) -> None:
    kept, key = _kept(desk), desk.key(place)

    def told(name: str) -> dict[str, Any]:
        value = getattr(value_of(key), name)
        return value if isinstance(value, dict) else {}

    _mount(
        key=key,
        data={"session": kept.session} | asked,
        on_found_change=lambda: _found(desk, told("found")),
        on_problem_change=lambda: setattr(kept, "problem", str(told("problem").get("name", ""))),
        on_forked_change=lambda: _forked(desk, told("forked")),
    )


def say(desk: Desk[Talk]) -> None:
    """Say where the lecture came from, and where the browser does not keep it."""
    kept = _kept(desk)
    if kept.said is not None and lectures.translated(kept.said[0]) == desk.recipe:
        st.info(plain(kept.said[1](), 1000))
    if kept.problem and desk.recipe.own:
        full = kept.problem == "QuotaExceededError"
        why = tr("its storage is full") if full else tr("it refuses ({error})", error=kept.problem)
        st.warning(
            plain(
                tr(
                    "This browser does not keep your lecture: {why}. Save it as a file, under Export, before you "
                    "leave.",
                    why=why,
                )
            )
        )


def others(desk: Desk[Talk]) -> list[tuple[str, str]]:
    """Return names and titles of the lectures that the browser keeps, but for the one on the desk."""
    listed = _kept(desk).listed.items()
    return [(own, title) for own, title in listed if own != desk.recipe.own][:MOST_LISTED]


def add(desk: Desk[Talk], to: Talk | None, slide: Slide) -> Problem | None:
    """Add a slide at the end of a lecture and open that, be it one that the browser has yet to tell; or begin one.

    Return why it was refused, ``None`` where it was not.
    """
    if to is not None and to.elsewhere:
        _kept(desk).adding.append(slide)
        desk.put(to)
        return None

    def longer(_: Talk) -> Talk:
        return lectures.begun(slide) if to is None else to.at(len(to.lecture) - 1).with_added(slide)

    return None if desk.edit("add", longer) else desk.problems.pop("add")


def called(title: str) -> str:
    """Return the title of a lecture or a slide on a button, as Markdown."""
    return plain(title, 60) or tr("Untitled")


def choose(desk: Desk[Talk]) -> None:
    """Show the lectures that the browser keeps: to open, and to remove."""
    for own, title in others(desk):
        with st.container(horizontal=True, gap="xxsmall"):
            st.button(
                called(title), key=desk.key(f"kept.{own}"), width="stretch", on_click=_open,
                args=(desk, own), help=tr("Kept in this browser"),
            )  # fmt: skip
            with st.container(key=desk.key(f"kept.{own}.icons"), width="content"):
                st.button(
                    tr("Remove {lecture} from this browser", lecture=called(title)), icon=":material/delete:",
                    key=desk.key(f"kept.{own}.remove"), help=tr("Remove it from this browser"),
                    type="tertiary", on_click=_remove, args=(desk, own),
                )  # fmt: skip


def _open(desk: Desk[Talk], own: str) -> None:
    desk.put(Talk(lectures.ELSEWHERE, own=own))


def _remove(desk: Desk[Talk], own: str) -> None:
    kept = _kept(desk)
    kept.forget = own
    kept.listed.pop(own, None)


def _found(desk: Desk[Talk], answer: dict[str, Any]) -> None:
    """Take what the browser keeps, and the lecture that was waited for."""
    in_callback()
    kept, talk = _kept(desk), desk.recipe
    entries = answer.get("kept")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and lectures.is_name(entry.get("own")):
            kept.listed.setdefault(entry["own"], str(entry.get("title", ""))[:200])
    if not talk.elsewhere or answer.get("own") != talk.own:
        return

    def opened() -> Talk:
        text = answer.get("text")
        if not isinstance(text, str):
            if "problem" in answer:
                error = answer["problem"]
                raise ValueError(
                    tr("this browser does not keep the lecture that the address names ({error})", error=error)
                )
            raise ValueError(tr("this browser does not keep the lecture that the address names"))
        found = lectures.opened(text, talk.own).at(talk.number)
        lectures.allow(found)
        return found

    found = desk.tried("kept", opened)
    if found is None:
        problem = desk.problems.pop("kept")
        desk.put(lectures.prepared(lectures.DEFAULT))
        kept.said = desk.recipe, lambda: tr("Your lecture could not be restored. {why}", why=problem.sentence)
    else:
        desk.put(found)
        refused = [add(desk, desk.recipe, slide) for slide in kept.adding]
        kept.said = desk.recipe, partial(_restored, [one for one in refused if one is not None])
    kept.adding.clear()


def _restored(refused: Sequence[Problem]) -> str:
    """Say that a lecture was restored, and which slides were not added to it."""
    said = [tr("This lecture was restored from what your browser keeps.")]
    return " ".join([*said, *(tr("A slide was not added. {why}", why=one.sentence) for one in refused)])


def _forked(desk: Desk[Talk], told: dict[str, Any]) -> None:
    """Keep this lecture under a name of its own: another tab wrote the one that it began as."""
    if told.get("own") == desk.recipe.own:
        in_callback()
        desk.put(dataclasses.replace(desk.recipe, own=lectures.new_name()))
        said = mark("Another tab changed this lecture as well. Both are kept; this is yours.")
        _kept(desk).said = desk.recipe, partial(tr, said)
