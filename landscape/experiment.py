"""The whole recipe of a picture: it runs itself and goes to and from JSON, a URL and a Python script."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape import optimizers as walkers
from landscape import surfaces as ground
from landscape.descent import descend, start_points
from landscape.given import a_noise, a_schedule, a_surface, optimizers_of
from landscape.optimizers.base import Optimizer
from landscape.optimizers.noise import Noise
from landscape.optimizers.schedules import Schedule
from landscape.surfaces.base import Surface
from landscape.trajectory import Trajectory

if TYPE_CHECKING:
    from landscape.picture.scene import Scene

FORMAT = 1
"""Version of the JSON layout, written into every file."""


@dataclass(frozen=True)
class Experiment:
    """Surface, optimizers, starts, steps, schedule, noise and seed: all that a run depends on.

    ``surface`` and ``schedule`` may be given as names, ``optimizers`` as keys or instances, ``starts`` as anything that
    makes an (S, n) array. Every optimizer gets the same starts, the same number of steps, the same schedule and the
    same noise; what its steps cost is in ``Trajectory.spent``.

    >>> x = Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-4)], n_steps=50)
    >>> Experiment.from_json(x.to_json()) == x
    True
    """

    surface: Surface
    optimizers: tuple[Optimizer, ...]
    starts: tuple[tuple[float, ...], ...]
    n_steps: int
    schedule: Schedule | None = None
    noise: Noise | None = None
    seed: int = 0
    title: str = ""

    def __post_init__(self) -> None:
        surface, built = a_surface(self.surface), optimizers_of(self.optimizers)
        if not built:
            raise ValueError("an experiment needs at least one optimizer")
        for name in ("n_steps", "seed"):
            number = getattr(self, name)
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                raise ValueError(f"{name} must be a whole number, 0 or more, not {number!r}")
        points = start_points(surface, self.starts)
        object.__setattr__(self, "surface", surface)
        object.__setattr__(self, "optimizers", built)
        object.__setattr__(self, "schedule", a_schedule(self.schedule))
        object.__setattr__(self, "noise", a_noise(self.noise))
        object.__setattr__(self, "starts", tuple(map(tuple, points.tolist())))

    def run(self, keep: int | None = None) -> Run:
        """Descend with every optimizer from every start; in many dimensions ``keep`` so many points of each path."""
        return Run(
            self,
            tuple(
                descend(self.surface, optimizer, self.starts, self.n_steps, self.schedule, self.noise, self.seed, keep)
                for optimizer in self.optimizers
            ),
        )

    def replace(self, **changes: Any) -> Experiment:
        """Return this experiment with some fields changed."""
        return dataclasses.replace(self, **changes)

    def recipe(self) -> dict[str, Any]:
        """Return the experiment as plain JSON data."""
        return {
            "format": FORMAT,
            "title": self.title,
            "surface": self.surface.recipe(),
            "optimizers": [optimizer.recipe() for optimizer in self.optimizers],
            "starts": [list(start) for start in self.starts],
            "n_steps": self.n_steps,
            "schedule": None if self.schedule is None else self.schedule.recipe(),
            "noise": None if self.noise is None else self.noise.recipe(),
            "seed": self.seed,
        }

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any]) -> Experiment:
        """Build an experiment from what ``recipe`` returned; raise ``ValueError`` or ``TypeError`` where it cannot."""
        if not isinstance(recipe, Mapping):
            raise TypeError(f"a recipe is a JSON object, not {type(recipe).__name__}")
        if recipe.get("format", FORMAT) != FORMAT:
            raise ValueError(f"this recipe has format {recipe['format']!r}; this version reads format {FORMAT}")
        missing = [key for key in ("surface", "optimizers", "starts", "n_steps") if key not in recipe]
        if missing:
            raise ValueError(f"the recipe lacks {', '.join(missing)}")
        unknown = sorted(set(recipe) - {"format"} - {field.name for field in dataclasses.fields(cls)})
        if unknown:
            raise ValueError(f"the recipe has entries that nobody knows: {', '.join(unknown)}")
        listed = recipe["optimizers"]
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            raise TypeError("optimizers must be a list")
        schedule, noise = recipe.get("schedule"), recipe.get("noise")
        return cls(
            surface=ground.from_recipe(recipe["surface"]),
            optimizers=tuple(walkers.OPTIMIZERS.from_recipe(one) for one in listed),
            starts=recipe["starts"],
            n_steps=recipe["n_steps"],
            schedule=None if schedule is None else walkers.SCHEDULES.from_recipe(schedule),
            noise=None if noise is None else walkers.NOISES.from_recipe(noise),
            seed=recipe.get("seed", 0),
            title=str(recipe.get("title", "")),
        )

    def to_json(self) -> str:
        """Return the recipe as JSON text; floats come back bit for bit."""
        return json.dumps(self.recipe(), indent=2, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Experiment:
        """Build an experiment from JSON text; raise ``ValueError`` or ``TypeError`` that says what is wrong in it."""
        try:
            recipe = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
        except RecursionError:
            raise ValueError("not a recipe: nested too deeply") from None
        return cls.from_recipe(recipe)

    def to_query(self) -> dict[str, str]:
        """Return the experiment as the parameters of a URL query, unescaped (``landscape.query``)."""
        from landscape.query import to_query

        return to_query(self)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Experiment:
        """Build an experiment from URL parameters; raise ``ValueError`` listing everything that is wrong."""
        from landscape.query import read_query

        experiment, problems = read_query(query)
        if experiment is None or problems:
            raise ValueError("; ".join(problems))
        return experiment

    def to_script(self) -> str:
        """Return a Python script that makes this experiment, runs it and shows its figure (``landscape.script``)."""
        from landscape.script import to_script

        return to_script(self)


@dataclass(frozen=True, eq=False)
class Run:
    """An experiment with the trajectories it gave, one for each of its optimizers, in their order."""

    experiment: Experiment
    trajectories: tuple[Trajectory, ...]

    def scene(self, **options: Any) -> Scene:
        """Return the descent scene of this run; the options are those of ``landscape.scenes.descent_scene``."""
        from landscape.scenes.descent import descent_scene

        return descent_scene(self, **options)
