"""What the page Lecture edits: a lecture open at one of its slides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from landscape.errors import UnknownName, lookup
from landscape.experiment import Experiment
from landscape.lecture import LECTURES, Lecture, Slide

DEFAULT = "local_optima"


@dataclass(frozen=True)
class Talk:
    """A lecture, open at a slide (from 0); ``name`` is its key in ``LECTURES`` as long as nothing in it is changed."""

    lecture: Lecture
    number: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.number < len(self.lecture):
            raise ValueError(f"there is no slide {self.number + 1}; the lecture has {len(self.lecture)}")

    @property
    def slide(self) -> Slide:
        """The slide at which the lecture is open."""
        return self.lecture.slides[self.number]

    def at(self, number: int) -> Talk:
        """Return the lecture open at another slide, the first or the last one where there is no such number."""
        return dataclasses.replace(self, number=min(max(number, 0), len(self.lecture) - 1))

    def changed(self, **changes: object) -> Talk:
        """Return the talk with some fields of its slide changed."""
        # Which fields there are, and of what kind, the slide checks itself.
        slide = dataclasses.replace(self.slide, **changes)  # type: ignore[arg-type]
        return Talk(self.lecture.with_slide(self.number, slide), self.number)

    def moved(self, by: int) -> Talk:
        """Return the talk with its slide ``by`` places further on; the same slide stays open."""
        to = min(max(self.number + by, 0), len(self.lecture) - 1)
        return Talk(self.lecture.moved(self.number, to), to)

    def with_added(self, slide: Slide) -> Talk:
        """Return the talk with a slide added after the open one, and open at it."""
        return Talk(self.lecture.with_added(slide, self.number + 1), self.number + 1)

    def without(self) -> Talk:
        """Return the talk without its open slide."""
        left = self.lecture.without(self.number)
        return Talk(left, min(self.number, len(left) - 1))


def read(query: Mapping[str, str]) -> tuple[Talk, tuple[str, ...]]:
    """Return the talk that URL parameters name, with what was refused."""
    problems: list[str] = []
    name = query.get("lecture", DEFAULT)
    try:
        lookup(LECTURES, name[:100], "lecture")
    except UnknownName as error:
        problems.append(f"lecture: {error}")
        name = DEFAULT
    text = query.get("slide", "1")
    talk = prepared(name)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= len(talk.lecture)):
        problems.append(f"slide: must be a whole number from 1 to {len(talk.lecture)}, not {text[:40]!r}")
        text = "1"
    return talk.at(int(text[:9]) - 1), tuple(problems)


def write(talk: Talk) -> dict[str, str]:
    """Return the URL parameters of a talk. A lecture of somebody's own has no address: it is kept as a file."""
    return {"slide": str(talk.number + 1)} | ({"lecture": talk.name} if talk.name else {})


def prepared(name: str) -> Talk:
    """Return a prepared lecture, open at its first slide."""
    return Talk(LECTURES[name](), name=name)


def blank() -> Talk:
    """Return a lecture that somebody begins to write."""
    return Talk(Lecture("My lecture", (Slide("The first slide", notes="What you say here goes into the handout."),)))


def from_experiment(experiment: Experiment, view: Mapping[str, bool]) -> Slide:
    """Return a slide that shows an experiment under its own title."""
    teaches = experiment.surface.info.teaches
    return Slide(experiment.title or experiment.surface.title, notes=teaches, experiment=experiment, view=dict(view))
