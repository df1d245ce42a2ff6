"""A page as data, and the one way in which every page is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Generic, TypeVar

import streamlit as st

from app import adding, figured, frame, work
from app.ask.controls import say
from app.figured import Entry
from app.leave import leave
from app.parcel import Parcel, pack
from app.player import changed, picked, player
from app.state import Desk, Rules, browser_theme, embedded, mirror, open_desk, presenting
from app.text import plain, sentence, spoken
from landscape.figures.base import Figure, Views
from landscape.language import tr
from landscape.lecture import Slide
from landscape.render.player.payload import raw_payload
from landscape.scene import Scene
from landscape.scenes.beside import beside

R = TypeVar("R")

LARGE = "<style>html { font-size: clamp(16px, 1.9vw, 32px); }</style>"
"""What is asked on a projector is read from the last row."""


def opening(
    says: str, later: Callable[[Desk[R]], str], is_first: Callable[[Desk[R]], bool] = lambda desk: desk.is_first
) -> Callable[[Desk[R]], str]:
    """Return words, which are marked, over what a page opens with, and those over everything else."""
    return lambda desk: tr(says) if is_first(desk) else later(desk)


def figure_slide(title: str, words: str, figure: Figure[Any], recipe: Any, view: Views) -> Slide:
    """Return the slide of a figure with these words for the lecturer."""
    return Slide.of(title, figure.key, recipe, view, notes=words)


def nothing(desk: Desk[Any]) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Shown(Generic[R]):
    """What is on the screen, for what stands below it: desk, scene, theme, name of its files, and the question."""

    desk: Desk[R]
    scene: Callable[[], Scene]
    theme: str
    file: str
    question: str = ""


@dataclass(frozen=True)
class OwnPage:
    """A page with a body of its own; ``rules`` as a ``Page`` has them."""

    entry: Entry
    rules: Rules[Any]
    show: Callable[[], None]

    def __call__(self) -> None:
        """Show the page: this is what a run of its script does."""
        self.show()


@dataclass(frozen=True)
class Page(Generic[R]):
    """A page: what it asks, and the picture that answers.

    ``rules`` gives what its desk needs to know of recipes. ``question`` and ``look`` return the heading and the words
    under it, as Markdown; ``ask`` shows the widgets of the sidebar, ``switches`` those beside the heading, ``above``
    what stands over it, ``over`` and ``under`` what stands next to the picture.
    ``figure`` draws the picture, once for all sessions that ask for the same. Where it raises ``ValueError`` or
    ``ArithmeticError``, the page says so in its place. A page that shows more than it has ``picture(desk, theme,
    question)``, which tells whether there is one; there is a question on the projector, which shows nothing else.
    ``before`` returns what stands in the place of heading and picture until there is something to show.
    ``limit(recipe, views)`` refuses what this server does not compute, where that depends on the views too;
    ``as_slide`` makes the slide of a lecture, where that is none of its figure. ``tabs`` are shown below, by their
    marked titles. ``on_pick`` is told of a click into the picture, ``on_change`` of what was changed in it
    (``landscape.live.change``), ``mark`` returns the point that a ring stands round there, ``sliders`` those that its
    paths follow at once (``app.player``); ``wait`` is said while it is computed, where that takes long; ``file`` names
    what is exported.
    ``holds`` says that a picture can be held beside the next one; ``present`` shows the way to the projector.
    """

    entry: Entry
    rules: Rules[R]
    question: Callable[[Desk[R]], str]
    look: Callable[[Desk[R]], str]
    ask: Callable[[Desk[R]], None]
    file: Callable[[Desk[R]], str]
    figure: Figure[R]
    picture: Callable[[Desk[R], str, str | None], bool] | None = None
    limit: Callable[[R, Views], None] | None = None
    as_slide: Callable[[str, str, Figure[R], R, Views], Slide] = figure_slide
    before: Callable[[Desk[R]], Callable[[Desk[R]], None] | None] = lambda desk: None
    tabs: Mapping[str, Callable[[Shown[R]], None]] = field(default_factory=dict)
    above: Callable[[Desk[R]], None] = nothing
    switches: Callable[[Desk[R]], None] = nothing
    over: Callable[[Desk[R]], None] = nothing
    under: Callable[[Desk[R]], None] = nothing
    on_pick: Callable[[Desk[R], tuple[float, ...]], None] | None = None
    on_change: Callable[[Desk[R], Mapping[str, Any]], None] | None = None
    mark: Callable[[Desk[R]], tuple[float, ...] | None] = lambda desk: None
    sliders: Callable[[Desk[R]], Mapping[str, Any]] = lambda desk: {}
    wait: str = ""
    holds: bool = False
    present: Callable[[Desk[R]], None] = frame.present_button

    def __post_init__(self) -> None:
        allow = self.limit or (lambda recipe, views: self.rules.allow(recipe))
        figured.PAGES[self.figure.key] = figured.Shower(self.entry, self.rules.write, allow)

    def __call__(self) -> None:
        """Show the page: this is what a run of its script does."""
        desk = open_desk(self.entry.key, self.rules)
        before, picture = self.before(desk), self.picture or self.show
        if presenting() and not embedded():
            leave(desk.key("leave"))
        if presenting():
            if before is None:
                picture(desk, browser_theme(present=True), self.asked(desk))
            else:
                st.html(LARGE)
                before(desk)
            mirror(desk)
            return
        with st.sidebar:
            self.ask(desk)
        frame.refused(desk)
        if before is not None:
            before(desk)
        else:
            self._over(desk)
            if picture(desk, browser_theme(), None):
                self._under(desk)
        mirror(desk)
        adding.keep()

    def _over(self, desk: Desk[R]) -> None:
        """Show all that stands over the picture."""
        frame.skip_link()
        self.above(desk)
        hold = [frame.hold_button] if self.holds else []
        add = partial(adding.offer, slide=partial(self.slide, desk))
        frame.heading(desk, self.question(desk), self.switches, *hold, frame.lines_button, add, present=self.present)
        with st.container(key="of-the-run"):
            st.markdown(self.look(desk))
            self.over(desk)

    def _under(self, desk: Desk[R]) -> None:
        """Show all that stands under it."""
        say(desk, "pick")
        self.under(desk)
        shown = Shown(desk, lambda: self.drawn(desk), browser_theme(), self.file(desk), self.asked(desk))
        frame.tabs(desk, {title: partial(show, shown) for title, show in self.tabs.items()})

    def asked(self, desk: Desk[R]) -> str:
        """Return the question as it is read, not as it is written."""
        return spoken(self.question(desk))

    def slide(self, desk: Desk[R]) -> Slide:
        """Return the slide that shows what is on a desk."""
        asked, words = self.asked(desk), spoken(self.look(desk))

        def of(recipe: R, looks: Views) -> Slide:
            view = {name: chosen for name, chosen in looks.items() if chosen != self.figure.views[name][0]}
            return self.as_slide(asked, words, self.figure, recipe, view)

        held = None if desk.held is None else replace(of(*desk.held), notes="")
        made = of(desk.recipe, desk.looks())
        return made if held is None else replace(made, held=held)

    def drawn(self, desk: Desk[R]) -> Scene:
        """Return the picture of what is on a desk."""
        return self._drawing(desk)()

    def _drawing(self, desk: Desk[R]) -> Callable[[], Scene]:
        """Return what draws the picture of what is on a desk now, whatever is on it by then."""
        draw = partial(self.figure.scene, desk.recipe, desk.looks(), work.result)
        if desk.held is not None:
            now, held = draw, partial(self.figure.scene, *desk.held, work.result)
            return partial(work.result, ("scenes", self.entry.key, desk.address()), lambda: beside(held(), now()))
        return partial(work.result, ("scene", self.entry.key, desk.address()), draw)

    def parcel(self, desk: Desk[R], theme: str) -> Parcel:
        """Return what the player needs to show it."""
        drawing = self._drawing(desk)
        made = ("parcel", self.entry.key, desk.address(), theme)
        return work.result(made, lambda: pack(raw_payload(drawing(), theme=theme)))

    def show(self, desk: Desk[R], theme: str, question: str | None = None) -> bool:
        """Show the picture, on a projector under its ``question``; or say why there is none."""
        try:
            with st.spinner(tr(self.wait), show_time=True) if self.wait else nullcontext():
                parcel = self.parcel(desk, theme)
        except (ValueError, ArithmeticError) as error:
            st.error(plain(sentence(error)))
            return False
        key = desk.key("player" if question is None else "present")
        on_pick, on_change = self.on_pick, self.on_change

        def pick() -> None:
            point = picked(key)
            if on_pick is not None and point is not None:
                on_pick(desk, point)

        def change() -> None:
            told = changed(key)
            if on_change is not None and told is not None:
                on_change(desk, told)

        tells = None if on_change is None else change
        sliders = self.sliders(desk)
        player(parcel, key=key, mark=self.mark(desk), question=question, on_pick=pick, on_change=tells, sliders=sliders)
        return True
