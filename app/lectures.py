"""What the page Lecture edits: a lecture open at one of its slides."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app import figured, limits
from app.state import Desk, Rules
from landscape.errors import UnknownName, lookup
from landscape.figures.high_dims import MOST_NUMBERS
from landscape.language import tr
from landscape.lecture import LECTURES, Lecture, Slide
from landscape.recipe.cost import NUMBERS, of_run

DEFAULT = "local_optima"

LARGEST = 4_000_000
"""The longest text that is opened as a lecture."""

ELSEWHERE = Lecture("A lecture of somebody's own", (Slide("Not told yet"),))
"""What stands for a lecture that the browser keeps until it has told it."""


@dataclass(frozen=True)
class Talk:
    """A lecture, open at a slide (from 0).

    ``name`` is its key in ``LECTURES`` while it is as it was prepared; once anything in it is changed it is
    somebody's ``own``: the name under which their browser keeps it.
    """

    lecture: Lecture
    number: int = 0
    name: str = ""
    own: str = ""

    def __post_init__(self) -> None:
        if not self.elsewhere and not 0 <= self.number < len(self.lecture):
            raise ValueError(
                tr("there is no slide {number}; the lecture has {n}", number=self.number + 1, n=len(self.lecture))
            )

    @property
    def elsewhere(self) -> bool:
        """Whether the browser has yet to tell the lecture."""
        return self.lecture is ELSEWHERE

    @property
    def slide(self) -> Slide:
        """The slide at which the lecture is open."""
        return self.lecture.slides[self.number]

    def at(self, number: int) -> Talk:
        """Return the lecture open at another slide, the first or the last one where there is no such number."""
        return dataclasses.replace(self, number=min(max(number, 0), len(self.lecture) - 1))

    def with_lecture(self, lecture: Lecture, number: int) -> Talk:
        """Return the talk with its lecture changed, which makes it somebody's own."""
        return Talk(lecture, number, own=self.own or new_name())

    def renamed(self, title: str) -> Talk:
        """Return the talk with another title."""
        return self.with_lecture(dataclasses.replace(self.lecture, title=title), self.number)

    def changed(self, **changes: Any) -> Talk:
        """Return the talk with some fields of its slide changed."""
        # Which fields there are, and of what kind, the slide checks itself.
        slide = dataclasses.replace(self.slide, **changes)
        return self.with_lecture(self.lecture.with_slide(self.number, slide), self.number)

    def moved(self, by: int) -> Talk:
        """Return the talk with its slide ``by`` places further on; the same slide stays open."""
        to = min(max(self.number + by, 0), len(self.lecture) - 1)
        return self.with_lecture(self.lecture.moved(self.number, to), to)

    def with_added(self, slide: Slide) -> Talk:
        """Return the talk with a slide added after the open one, and open at it."""
        return self.with_lecture(self.lecture.with_added(slide, self.number + 1), self.number + 1)

    def without(self) -> Talk:
        """Return the talk without its open slide."""
        left = self.lecture.without(self.number)
        return self.with_lecture(left, min(self.number, len(left) - 1))


def new_name() -> str:
    """Return a name for somebody's own lecture that no other one has."""
    return secrets.token_hex(6)


def is_name(name: object) -> bool:
    """Tell whether ``new_name`` may have returned this."""
    return isinstance(name, str) and re.fullmatch("[0-9a-f]{12}", name) is not None


def allow(talk: Talk) -> None:
    """Raise ``ValueError`` or ``TypeError`` for a lecture with a picture that this server does not compute.

    The projector has the pictures of all slides at once, so their runs have to fit into memory together.
    """
    numbers = 0.0
    for number, slide in enumerate(talk.lecture.slides, 1):
        try:
            for shown in slide.pictures:
                if shown.figure:
                    shower = lookup(figured.PAGES, shown.figure, tr("figure on these pages"))
                    shower.allow(shown.made_of, shown.looks)
                elif shown.experiment is not None:
                    limits.allow(shown.experiment)
                if shown.experiment is not None:
                    numbers += min(of_run(shown.experiment).numbers, MOST_NUMBERS)
            if numbers > NUMBERS:
                raise ValueError(tr("the runs up to this one do not fit in memory together; fewer starts or steps do"))
        except (ValueError, TypeError) as error:
            raise type(error)(tr("slide {number}: {problem}", number=number, problem=error)) from None


def prepared(name: str) -> Talk:
    """Return a prepared lecture, open at its first slide."""
    return Talk(LECTURES[name](), name=name)


def read(query: Mapping[str, str]) -> tuple[Talk, tuple[str, ...]]:
    """Return the talk that URL parameters name, with what was refused."""
    problems: list[str] = []
    own = query.get("own", "")
    if is_name(own):
        slide = query.get("slide", "1")
        return Talk(ELSEWHERE, int(slide) - 1 if re.fullmatch("[1-9][0-9]{0,2}", slide) else 0, own=own), ()
    if own:
        problems.append(tr("own: must be the name of a lecture that your browser keeps, not {name!r}", name=own[:40]))
    name = query.get("lecture", DEFAULT)
    try:
        lookup(LECTURES, name[:100], tr("lecture"))
    except UnknownName as error:
        problems.append(f"lecture: {error}")
        name = DEFAULT
    talk = prepared(name)
    text = query.get("slide", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= len(talk.lecture)):
        n_slides = len(talk.lecture)
        problems.append(tr("slide: must be a whole number from 1 to {n}, not {text!r}", n=n_slides, text=text[:40]))
        text = "1"
    return talk.at(int(text[:9]) - 1), tuple(problems)


def write(talk: Talk) -> dict[str, str]:
    """Return the URL parameters of a talk: an own lecture's address opens it in the browser that keeps it."""
    which = {"lecture": talk.name, "own": talk.own}
    return {"slide": str(talk.number + 1)} | {key: name for key, name in which.items() if name}


def opened(text: str, own: str) -> Talk:
    """Return somebody's own lecture from its text, be it of a file or of their browser; see ``Lecture.from_json``."""
    if len(text) > LARGEST:
        raise ValueError(
            tr("a text of {n:,} letters is no lecture; they have at most {most:,}", n=len(text), most=LARGEST)
        )
    return Talk(Lecture.from_json(text, limits.FILE.allow_surface), own=own)


def begun(slide: Slide) -> Talk:
    """Return a lecture of somebody's own that begins with a slide."""
    return Talk(Lecture(tr("My lecture"), (slide,)), own=new_name())


def blank() -> Talk:
    """Return a lecture that somebody begins to write."""
    return begun(Slide(tr("The first slide"), notes=tr("What you say here goes into the handout.")))


def edit(desk: Desk[Talk], place: str, change: Callable[[Talk], Talk]) -> None:
    """Edit what is on a desk, as the callback of a button does."""
    desk.edit(place, change)


def translated(talk: Talk) -> Talk:
    """Return a lecture as it was prepared in the language of the moment; one of somebody's own as it is."""
    return prepared(talk.name).at(talk.number) if talk.name else talk


def first() -> Talk:
    """Return the lecture that the page opens with."""
    return prepared(DEFAULT)


PAGE = "lecture"
RULES = Rules(first, lambda query, first: read(query), write, allow)
"""What the desk of talks goes by, on its own page and wherever something is added to one."""
