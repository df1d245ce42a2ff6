"""What a lecture is: slides in order, to and from JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from landscape.errors import UnknownName, lookup
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.progress import counting
from landscape.recipe import plain
from landscape.recipe.given import words

if TYPE_CHECKING:
    from landscape.figures.base import Figure, Keep
    from landscape.scene import Scene

FORMAT = 1
"""Version of the JSON layout, written into every file."""

MOST_SLIDES = 200
LONGEST_TEXT = 20_000
SWITCHES = frozenset({"relief", "log_color", "dashed"})


@dataclass(frozen=True)
class Slide:
    """One picture of a lecture with its words.

    ``title`` stands large above it, ``points`` are short lines beneath the title, ``notes`` are what the lecturer
    says; they go into the handout and are hidden in the deck until asked for. The picture is one of these:

    - a ``figure`` by its key in ``landscape.figures.FIGURES``, made of an ``experiment`` or of ``settings``, with
      ``view`` for the ways to look at it;
    - a run: an ``experiment`` alone, with ``view`` for the switches of its scene (``relief``, ``log_color``,
      ``dashed``);
    - a ``claim`` by its key in ``landscape.CLAIMS``, with ``settings`` for its parameters and ``seed`` for its draws.

    A slide with none of them is words alone. A figure and a run may have another of their kind ``held`` beside them,
    on one playhead (``landscape.scenes.beside``): a slide of which the picture alone is shown. Raises ``ValueError``
    or ``TypeError`` for a slide with two of them or with what does not belong to its picture, and ``UnknownName`` for
    a figure, a view or a claim that is not there.
    """

    title: str
    points: tuple[str, ...] = ()
    notes: str = ""
    experiment: Experiment | None = None
    view: Mapping[str, Any] = field(default_factory=dict, hash=False)
    claim: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    seed: int = 0
    figure: str = ""
    held: Slide | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", tuple(self.points))
        words(tr("title of a slide"), self.title, LONGEST_TEXT)
        words(tr("notes of a slide"), self.notes, LONGEST_TEXT)
        for point in self.points:
            words(tr("points of a slide"), point, LONGEST_TEXT)
        if self.claim and self.figure:
            raise ValueError(tr("the slide {title!r} has a figure and a claim; it shows one of them", title=self.title))
        if self.claim and self.experiment is not None:
            raise ValueError(
                tr("the slide {title!r} has an experiment and a claim; it shows one of them", title=self.title)
            )
        if self.figure:
            self._figure()
        elif set(self.view) - SWITCHES or not all(isinstance(on, bool) for on in self.view.values()):
            raise ValueError(
                tr("view has the switches relief, log_color and dashed, not {given}", given=dict(self.view))
            )
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise ValueError(tr("seed must be a whole number, 0 or more, not {given}", given=repr(self.seed)))
        if self.claim:
            from landscape.claims import CLAIMS

            lookup(CLAIMS, self.claim, tr("claim")).settings(**self.settings)
        if self.held is not None:
            self._check_held(self.held)

    def _check_held(self, held: Slide) -> None:
        if not isinstance(held, Slide):
            raise TypeError(tr("what is held beside a slide is a Slide, not a {kind}", kind=type(held).__name__))
        if held.held is not None:
            raise ValueError(tr("what is held beside a slide holds nothing itself"))
        if self.made_of is None or held.made_of is None or held.figure != self.figure:
            raise ValueError(tr("what is held beside a slide shows the same figure, or is a run beside a run"))

    @classmethod
    def of(cls, title: str, figure: str, recipe: Any, view: Mapping[str, str], **words: Any) -> Slide:
        """Return the slide that shows a figure made of this ``recipe``."""
        from landscape.figures import FIGURES

        shown = lookup(FIGURES, figure, tr("figure"))
        made = {"experiment": recipe} if shown.of_experiment else {"settings": shown.settings(recipe)}
        return cls(title, figure=figure, view=dict(view), **made, **words)

    def _figure(self) -> tuple[Figure[Any], Any]:
        """Return the figure that is shown, and what it is made of."""
        from landscape.figures import FIGURES

        figure = lookup(FIGURES, self.figure, tr("figure"))
        figure.looks(self.view)
        if figure.of_experiment and (self.experiment is None or self.settings):
            raise ValueError(tr("the figure {figure} is made of an experiment alone", figure=self.figure))
        if not figure.of_experiment and self.experiment is not None:
            raise ValueError(tr("the figure {figure} is made of settings alone", figure=self.figure))
        return figure, figure.made(self.settings) if self.experiment is None else self.experiment

    @property
    def pictures(self) -> tuple[Slide, ...]:
        """The slides whose pictures it shows: itself, and what is held beside it."""
        return (self,) if self.held is None else (self, self.held)

    @property
    def made_of(self) -> Any:
        """What the figure or the run is made of; ``None`` for a claim and for words alone."""
        return self._figure()[1] if self.figure else self.experiment

    @property
    def looks(self) -> dict[str, str]:
        """How a figure is looked at, every view of it."""
        return self._figure()[0].looks(self.view)

    def scene(self, keep: Keep | None = None) -> Scene | None:
        """Make the picture under the slide's title; ``None`` for words alone.

        ``keep`` (``landscape.figures.base.Keep``) holds what is slow for others who ask for the same.
        """
        from landscape.figures.base import at_once, run

        keep = keep or at_once
        if self.figure:
            figure, recipe = self._figure()
            made = figure.scene(recipe, self.view, keep)
        elif self.experiment is not None:
            made = run(self.experiment, keep).scene(**self.view)
        elif self.claim:
            from landscape.claims import CLAIMS

            claim = CLAIMS[self.claim]
            key = ("claim", self.claim, json.dumps(self.settings, sort_keys=True), self.seed)
            made = claim.scene(keep(key, lambda: claim.run(self.seed, **self.settings), claim.demand))
        else:
            return None
        beside_it = None if self.held is None else self.held.scene(keep)
        if beside_it is not None:
            from landscape.scenes.beside import beside

            made = beside(beside_it, made)
        return dataclasses.replace(made, title=self.title)

    def recipe(self) -> dict[str, Any]:
        """Return the slide as plain JSON data; what is empty is left out."""
        data: dict[str, Any] = {"title": self.title}
        if self.points:
            data["points"] = list(self.points)
        if self.notes:
            data["notes"] = self.notes
        if self.experiment is not None:
            data["experiment"] = self.experiment.recipe()
        if self.figure:
            data |= {"figure": self.figure} | ({"settings": dict(self.settings)} if self.settings else {})
        if self.view:
            data["view"] = dict(self.view)
        if self.claim:
            data |= {"claim": self.claim, "settings": dict(self.settings), "seed": self.seed}
        if self.held is not None:
            data["held"] = self.held.recipe()
        return data

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any], ask: Callable[[Any], None] | None = None) -> Slide:
        """Build a slide from what ``recipe`` returned; raise ``ValueError`` or ``TypeError`` where it cannot.

        ``ask`` is shown the recipe of a surface before that is built, and raises where it is too large.
        """
        if not isinstance(recipe, Mapping):
            raise TypeError(tr("a slide is a JSON object, not {kind}", kind=type(recipe).__name__))
        unknown = sorted(set(recipe) - {f.name for f in dataclasses.fields(cls)})
        if unknown:
            raise ValueError(tr("a slide has entries that nobody knows: {names}", names=", ".join(unknown)))
        if "title" not in recipe:
            raise ValueError(tr("a slide lacks its title"))
        points = recipe.get("points", ())
        if isinstance(points, str) or not isinstance(points, Sequence):
            raise TypeError(tr("points of a slide must be a list of texts"))
        for name in ("view", "settings"):
            if not isinstance(recipe.get(name, {}), Mapping):
                raise TypeError(tr("{field} of a slide must be an object", field=name))
        made = dict(recipe) | {"points": tuple(points)}
        if made.get("experiment") is not None:
            made["experiment"] = Experiment.from_recipe(made["experiment"], ask)
        if made.get("held") is not None:
            made["held"] = cls.from_recipe(made["held"], ask)
        return cls(**made)


@dataclass(frozen=True)
class Lecture:
    """Slides in the order in which they are shown.

    >>> lecture = Lecture("Two words", (Slide("Hello"), Slide("Goodbye", notes="Wave.")))
    >>> Lecture.from_json(lecture.to_json()) == lecture
    True
    >>> [slide.title for slide in lecture.moved(1, 0).slides]
    ['Goodbye', 'Hello']
    """

    title: str
    slides: tuple[Slide, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "slides", tuple(self.slides))
        words(tr("the title of a lecture"), self.title, LONGEST_TEXT)
        _count(self.slides)
        wrong = next((slide for slide in self.slides if not isinstance(slide, Slide)), None)
        if wrong is not None:
            raise TypeError(tr("a lecture is made of Slides, not {kind}", kind=type(wrong).__name__))

    def __len__(self) -> int:
        return len(self.slides)

    def moved(self, number: int, to: int) -> Lecture:
        """Return the lecture with the slide ``number`` (from 0) at the place ``to``."""
        left = [*self.slides[:number], *self.slides[number + 1 :]]
        return dataclasses.replace(self, slides=(*left[:to], self.slides[number], *left[to:]))

    def with_slide(self, number: int, slide: Slide) -> Lecture:
        """Return the lecture with another slide ``number``."""
        return dataclasses.replace(self, slides=(*self.slides[:number], slide, *self.slides[number + 1 :]))

    def with_added(self, slide: Slide, at: int | None = None) -> Lecture:
        """Return the lecture with one more slide, before the present slide ``at`` or at the end."""
        at = len(self) if at is None else at
        return dataclasses.replace(self, slides=(*self.slides[:at], slide, *self.slides[at:]))

    def without(self, number: int) -> Lecture:
        """Return the lecture without one slide; raise ``ValueError`` where it is the last one."""
        return dataclasses.replace(self, slides=(*self.slides[:number], *self.slides[number + 1 :]))

    def scenes(self) -> list[Scene | None]:
        """Return the scene of every slide; each counts as one (``landscape.progress``)."""
        made: list[Scene | None] = []
        with counting(len(self), tr("slides")) as count:
            for slide in self.slides:
                with count.part(what=slide.title):
                    made.append(slide.scene())
        return made

    def to_json(self) -> str:
        """Return the lecture as JSON text; floats come back bit for bit."""
        data = {"format": FORMAT, "lecture": self.title, "slides": [slide.recipe() for slide in self.slides]}
        return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str, ask: Callable[[Any], None] | None = None) -> Lecture:
        """Build a lecture from JSON text; raise ``ValueError`` or ``TypeError`` that says what is wrong, and where.

        ``ask`` is shown the recipe of each surface before that is built, and raises where it is too large.
        """
        data = plain.read(text, tr("a lecture"))
        if not isinstance(data, Mapping) or "slides" not in data:
            raise ValueError(tr("not a lecture: it has no slides"))
        if isinstance(data.get("format"), bool) or data.get("format", FORMAT) != FORMAT:
            raise ValueError(
                tr(
                    "this lecture has format {given}; this version reads format {known}",
                    given=repr(data["format"]),
                    known=FORMAT,
                )
            )
        listed = data["slides"]
        if isinstance(listed, str) or not isinstance(listed, Sequence):
            raise TypeError(tr("slides must be a list"))
        _count(listed)
        slides = []
        for number, recipe in enumerate(listed, 1):
            try:
                slides.append(Slide.from_recipe(recipe, ask))
            except UnknownName as error:
                raise ValueError(tr("slide {number}: {problem}", number=number, problem=error)) from None
            except (ValueError, TypeError) as error:
                raise type(error)(tr("slide {number}: {problem}", number=number, problem=error)) from None
        return cls(data.get("lecture", ""), tuple(slides))


def _count(slides: Sequence[Any]) -> None:
    if not 1 <= len(slides) <= MOST_SLIDES:
        raise ValueError(tr("a lecture has 1 to {most} slides, not {n}", most=MOST_SLIDES, n=len(slides)))
