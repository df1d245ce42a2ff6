"""A picture that comes bit by bit: shown as far as it is, and again until it is whole; the page beside it stays."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import streamlit as st

from app import work
from app.below import export
from app.language import fragment
from app.page import Shown
from app.parcel import pack
from app.player import changed, picked, player
from app.state import Desk
from app.text import plain, sentence
from landscape.figures.base import Views
from landscape.language import tr
from landscape.recipe.cost import Demand
from landscape.render.player.payload import raw_payload
from landscape.scene import Scene

R = TypeVar("R")


class Version(Protocol):
    """What is drawn as far as it is: the share that is done, and how far that is in words."""

    @property
    def share(self) -> float:
        """From 0 to 1."""
        ...

    @property
    def words(self) -> str:
        """For people."""
        ...


T = TypeVar("T", bound=Version)

EVERY = 0.4
"""Seconds between two looks at a picture in the making."""


@dataclass(frozen=True)
class Live(Generic[R, T]):
    """What a ``Page`` has for ``picture`` where what it draws is refined.

    ``versions(recipe, views)`` yields what is drawn, better every time; ``name(recipe, views)`` says all that they
    depend on, ``takes(recipe, views)`` how much they take; ``allow(recipe, views)`` raises ``ValueError`` where the
    page does not make them. ``draw(recipe, views, made)`` returns the picture of a version, ``under(desk, made)``
    shows what stands below. ``on_pick`` is told of a click into the picture, ``on_change`` of what was changed in it;
    ``sliders`` returns those that the picture follows at once, as ``Page`` has them.
    """

    allow: Callable[[R, Views], None]
    name: Callable[[R, Views], Hashable]
    takes: Callable[[R, Views], Demand]
    versions: Callable[[R, Views], Iterator[T]]
    draw: Callable[[R, Views, T], Scene]
    under: Callable[[Desk[R], T], None]
    on_pick: Callable[[Desk[R], tuple[float, ...]], None]
    on_change: Callable[[Desk[R], Mapping[str, Any]], None]
    sliders: Callable[[Desk[R]], Mapping[str, Any]]

    def making(self, recipe: R, views: Views) -> work.Job[T]:
        """Return the job once there is something to see of it; it goes on while it is looked at."""
        return work.look(self.name(recipe, views), lambda: self._last(recipe, views))

    def export(self, shown: Shown[R]) -> None:
        """Show the tab Export, once the picture is whole."""
        if self.making(shown.desk.recipe, shown.desk.looks()).finished:
            export.show(shown)
        else:
            st.caption(tr("Files are made once the picture is whole."))

    def _last(self, recipe: R, views: Views) -> T:
        with work.turn(self.takes(recipe, views)):
            for latest in self.versions(recipe, views):
                work.tell(latest)
        return latest

    def __call__(self, desk: Desk[R], theme: str, question: str | None) -> bool:
        """Show the picture as far as it is, or say why there is none."""
        try:
            self.allow(desk.recipe, desk.looks())
        except ValueError as error:
            st.error(plain(sentence(error)))
            return False
        # Looks at a job see it go on: whether it was whole when the page was run is noted here.
        whole = self.making(desk.recipe, desk.looks()).finished

        def look() -> None:
            if st.session_state.pop(desk.key("again"), False):
                st.rerun()  # the address, the other tabs and the theme are those of the whole page
            now = self.making(desk.recipe, desk.looks())
            self._show(desk, now, theme, question)
            if now.finished and not whole:
                st.rerun()

        fragment(look, run_every=None if whole else EVERY)()
        return True

    def _show(self, desk: Desk[R], made: work.Job[T], theme: str, question: str | None) -> None:
        if made.error:
            st.error(plain(tr("This could not be computed: {why}", why=made.error)))
        # A slide or a file may have had it made, without a word of how far it is: then what came of it is all there is.
        latest = made.latest if made.value is None else made.value
        if latest is None:
            if not made.error:
                st.info(tr("The first picture is still being computed."))
            return
        key = desk.key("player" if question is None else "present")

        def pick() -> None:
            point = picked(key)
            if point is not None:
                again()
                self.on_pick(desk, point)

        def change() -> None:
            told = changed(key)
            if told is not None:
                again()
                self.on_change(desk, told)

        def again() -> None:
            st.session_state[desk.key("again")] = True

        scene = self.draw(desk.recipe, desk.looks(), latest)
        parcel = pack(raw_payload(scene, theme=theme))
        sliders = self.sliders(desk)
        player(parcel, key=key, question=question, on_pick=pick, on_change=change, on_theme=again, sliders=sliders)
        if question is not None:
            return
        if not made.finished:
            st.progress(latest.share, text=latest.words)
        self.under(desk, latest)
