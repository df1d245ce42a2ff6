"""The whole recipe of a picture as data: it goes to and from JSON, a URL and a Python script, and runs nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from numpy.typing import ArrayLike

from landscape import optimizers as walkers
from landscape import surfaces as ground
from landscape.declared import Members
from landscape.language import ENGLISH, speaking, tr
from landscape.optimizers.base import Optimizer
from landscape.optimizers.noise import Noise
from landscape.optimizers.schedules import Schedule
from landscape.recipe import lesson, plain, query, script
from landscape.recipe.given import a_noise, a_schedule, a_surface, optimizers_of, words
from landscape.recipe.starts import STARTS, Given, Starts, a_rule, start_points, starts_from_recipe
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.formula import Formula
from landscape.surfaces.formula.surface import OWN

FORMAT = 2
"""Version of the JSON layout, written into every file. The first had the starts as a list of points."""

READ = (1, 2)
"""The formats that are read."""

LONGEST_TITLE = 20_000


@dataclass(frozen=True)
class Recipe:
    """Surface, optimizers, starts, steps, schedule, noise and seed: all that a run depends on.

    ``surface`` and ``schedule`` may be given as names, ``optimizers`` as keys or instances, ``starts`` as a rule
    (``landscape.recipe.starts``) or as anything that makes an (S, n) array, which is kept as ``Given``. The rule is
    what a recipe keeps and compares; ``points`` are what it makes here.
    """

    surface: Surface
    optimizers: tuple[Optimizer, ...]
    starts: Starts
    n_steps: int
    schedule: Schedule | None = None
    noise: Noise | None = None
    seed: int = 0
    title: str = ""

    if TYPE_CHECKING:  # what may be given is more than what is kept

        def __init__(
            self,
            surface: Surface | str,
            optimizers: Optimizer | str | Iterable[Optimizer | str],
            starts: Starts | ArrayLike,
            n_steps: int,
            schedule: Schedule | Callable[[int], float] | str | None = None,
            noise: Noise | Callable[..., Any] | None = None,
            seed: int = 0,
            title: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        surface, built = a_surface(self.surface), optimizers_of(self.optimizers)
        if not built:
            raise ValueError(tr("an experiment needs at least one optimizer"))
        for one in built:
            one.check_blocks(surface.blocks)
        for name in ("n_steps", "seed"):
            number = getattr(self, name)
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                places = {"name": name, "number": number}
                raise ValueError(tr("{name} must be a whole number, 0 or more, not {number!r}", **places))
        words("title", self.title, LONGEST_TITLE)
        object.__setattr__(self, "surface", surface)
        object.__setattr__(self, "optimizers", built)
        object.__setattr__(self, "schedule", a_schedule(self.schedule))
        object.__setattr__(self, "noise", a_noise(self.noise))
        object.__setattr__(self, "starts", a_rule(self.starts, surface))

    @classmethod
    def from_lesson(cls, surface: Surface | str) -> Self:
        """Return the recipe that a surface, or the one of this name, opens with (``landscape.recipe.lesson``)."""
        meant = a_surface(surface)
        return cls(meant, **lesson.parts(meant))

    @property
    def n_starts(self) -> int:
        """How many points the rule for starts makes, known without making them."""
        return self.starts.count(self.surface)

    @cached_property
    def points(self) -> Array:
        """The start points, (S, n); on a surface that lives on a sphere they are moved to it."""
        made = start_points(self.surface, self.starts)
        made.setflags(write=False)
        return made

    def replace(self, **changes: Any) -> Self:
        """Return this recipe with some fields changed."""
        return dataclasses.replace(self, **changes)

    @property
    def only_here(self) -> str:
        """Why no file and no link can hold this recipe: a part that nobody has registered. Empty where all can."""
        rates = (optimizer.of_step for optimizer in self.optimizers)
        parts: list[tuple[Members[Any], Any]] = [
            *((walkers.OPTIMIZERS, optimizer) for optimizer in self.optimizers),
            *((walkers.SCHEDULES, schedule) for schedule in (self.schedule, *rates)),
            (walkers.NOISES, self.noise),
            (STARTS, None if isinstance(self.starts, Given) else self.starts),
        ]
        for registry, part in parts:
            known = registry.get(part.key) if part is not None else None
            if part is not None and (known is None or registry.origin_of(known) != registry.origin_of(type(part))):
                return tr(
                    "the {what} {title!r} is known here alone: define it by a name of its own and call ls.register "
                    "with it",
                    what=tr(registry.what),
                    title=part.title,
                )
        surface = self.surface
        if isinstance(surface, Formula) and surface.name != OWN:
            known = ground.SURFACES.get(surface.name)
            if known is None or (known.expression, known.info) != (surface.expression, surface.info):
                return tr("the surface {title!r} is known here alone: call ls.register with it", title=surface.title)
        return ""

    def recipe(self) -> dict[str, Any]:
        """Return the recipe as plain JSON data; with ``only_here`` where that is all that can be done with it."""
        only_here = {"only_here": self.only_here} if self.only_here else {}
        return only_here | {
            "format": FORMAT,
            "title": self.title,
            "surface": self.surface.recipe(),
            "optimizers": [optimizer.recipe() for optimizer in self.optimizers],
            "starts": self.starts.recipe(),
            "n_steps": self.n_steps,
            "schedule": None if self.schedule is None else self.schedule.recipe(),
            "noise": None if self.noise is None else self.noise.recipe(),
            "seed": self.seed,
        }

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any], ask: Callable[[Any], None] | None = None) -> Self:
        """Build a recipe from what ``recipe`` returned; raise ``ValueError`` or ``TypeError`` where it cannot.

        ``ask`` is shown the recipe of the surface before that is built, and raises where it is too large.
        """
        if not isinstance(recipe, Mapping):
            raise TypeError(tr("a recipe is a JSON object, not {given}", given=type(recipe).__name__))
        if isinstance(recipe.get("format"), bool) or recipe.get("format", FORMAT) not in READ:
            places = {"given": recipe["format"], "latest": FORMAT}
            raise ValueError(tr("this recipe has format {given!r}; this version reads 1 and {latest}", **places))
        if recipe.get("only_here"):
            raise ValueError(recipe["only_here"])
        missing = [key for key in ("surface", "optimizers", "starts", "n_steps") if key not in recipe]
        if missing:
            raise ValueError(tr("the recipe lacks {names}", names=", ".join(missing)))
        unknown = sorted(set(recipe) - {"format"} - {field.name for field in dataclasses.fields(cls)})
        if unknown:
            raise ValueError(tr("the recipe has entries that nobody knows: {names}", names=", ".join(unknown)))
        listed = recipe["optimizers"]
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            raise TypeError(tr("optimizers must be a list"))
        schedule, noise = recipe.get("schedule"), recipe.get("noise")
        if ask is not None:
            ask(recipe["surface"])
        return cls(
            surface=ground.from_recipe(recipe["surface"]),
            optimizers=tuple(walkers.OPTIMIZERS.from_recipe(one) for one in listed),
            starts=starts_from_recipe(recipe["starts"]),
            n_steps=recipe["n_steps"],
            schedule=None if schedule is None else walkers.SCHEDULES.from_recipe(schedule),
            noise=None if noise is None else walkers.NOISES.from_recipe(noise),
            seed=recipe.get("seed", 0),
            title=recipe.get("title", ""),
        )

    def to_json(self) -> str:
        """Return the recipe as JSON text; floats come back bit for bit.

        Like the others that write it down, it raises ``ValueError`` where a part is ``only_here``.
        """
        self._refuse_what_is_only_here()
        return json.dumps(self.recipe(), indent=2, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str, ask: Callable[[Any], None] | None = None) -> Self:
        """Build a recipe from JSON text, as ``from_recipe`` does; what is wrong in it is said in a sentence."""
        return cls.from_recipe(plain.read(text, tr("a recipe")), ask)

    def to_query(self) -> dict[str, str]:
        """Return the recipe as the parameters of a URL query, unescaped (``landscape.recipe.query``)."""
        self._refuse_what_is_only_here()
        return query.write(self.recipe())

    def link(self) -> str:
        """Return the query of a URL, escaped; empty where there is none."""
        return "" if self.only_here else urlencode(self.to_query())

    def _refuse_what_is_only_here(self) -> None:
        if self.only_here:
            raise ValueError(self.only_here)

    @classmethod
    def from_query(cls, parameters: Mapping[str, str]) -> Self:
        """Build a recipe from URL parameters; raise ``ValueError`` listing everything that is wrong."""
        made, problems = cls.read_query(parameters)
        if made is None or problems:
            raise ValueError("; ".join(problems))
        return made

    @classmethod
    def read_query(
        cls, parameters: Mapping[str, str], default: Self | None = None, ask: Callable[[Any], None] | None = None
    ) -> tuple[Self | None, tuple[str, ...]]:
        """Return what URL parameters describe and what was refused (``landscape.recipe.query.read``)."""
        fields, problems = query.read(parameters, default, ask)
        return None if fields is None else cls(**fields), problems

    def to_script(self, **view: bool) -> str:
        """Return a Python script that makes this experiment, runs it and shows its figure.

        ``view`` are switches of its scene (``relief``, ``log_color``, ``dashed``); see ``landscape.recipe.script``.
        """
        self._refuse_what_is_only_here()
        with speaking(ENGLISH):  # as the words of Python are
            return script.write(self.recipe(), self.surface.title, **view)
