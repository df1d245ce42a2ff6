"""What a figure is: a picture known by a name and by plain data, for whatever page or file asks for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from landscape.descent.trajectory import Trajectory
from landscape.errors import lookup
from landscape.experiment import Experiment, Run
from landscape.language import tr
from landscape.optimizers import Optimizer
from landscape.recipe.cost import NOTHING, Demand, of_run
from landscape.scene import Scene

R = TypeVar("R")
T = TypeVar("T")
Views = Mapping[str, str]

LINES, DASHED = "lines", "dashed"
"""The view of every figure that gives each path a dash of its own."""


class Keep(Protocol):
    """Returns what ``make`` makes, or what it made under the same ``key`` before; the key says all it depends on.

    What ``takes`` much may have to wait until there is room for it, so ``make`` calls no ``Keep`` itself.
    """

    def __call__(self, key: Hashable, make: Callable[[], T], takes: Demand = NOTHING) -> T:
        """Return it."""
        ...


def at_once(key: Hashable, make: Callable[[], T], takes: Demand = NOTHING) -> T:
    """Make it and keep nothing."""
    return make()


def run(experiment: Experiment, keep: Keep, points: int | None = None) -> Run:
    """Return the trajectories of an experiment and how they ended, each once for all who ask for it.

    At most so many ``points`` of each path are kept. The optimizers do not know of one another, so that where one of
    them is changed the others are not run anew.
    """

    def alone(optimizer: Optimizer) -> Trajectory:
        one = replace(experiment, optimizers=(optimizer,))

        def make() -> Trajectory:
            (made,) = one.run(points).trajectories
            _ = made.judgements  # everybody tells them, and here the search that they take can be stopped
            return made

        return keep(("run", one.to_json(), points), make, of_run(one, points))

    return Run(experiment, tuple(alone(optimizer) for optimizer in experiment.optimizers))


@dataclass(frozen=True)
class Figure(Generic[R]):
    """A picture by its name: what it is made of, how it may be looked at, and what draws it.

    ``recipe`` is the type of what it is made of: an ``Experiment``, or a frozen dataclass of plain fields that checks
    itself. ``views`` are the ways to look at it: a name with its choices, the usual one first; how lines are told apart
    (``LINES``) comes with every figure. ``draw(recipe, views, keep)`` measures and returns the scene; what is slow it
    hands to ``keep``.
    """

    key: str
    draw: Callable[[R, Views, Keep], Scene]
    recipe: type[R]
    views: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "views", MappingProxyType({**self.views, LINES: ("coloured", DASHED)}))

    def scene(self, recipe: R, views: Views | None = None, keep: Keep = at_once) -> Scene:
        """Return the picture; raise ``UnknownName`` or ``ValueError`` for a view that there is not."""
        looks = self.looks(views or {})
        return self.seen(self.draw(recipe, looks, keep), looks)

    def seen(self, scene: Scene, looks: Views) -> Scene:
        """Return what was drawn with the lines that are chosen."""
        return replace(scene, dashed=looks[LINES] == DASHED)

    def looks(self, views: Views) -> dict[str, str]:
        """Return the choice for every view, the usual one where ``views`` says nothing."""
        for name, chosen in views.items():
            if not isinstance(chosen, str):
                raise TypeError(
                    tr(
                        "the view {view} of {figure} is chosen by a word, not by {given!r}",
                        view=name,
                        figure=self.key,
                        given=chosen,
                    )
                )
            lookup(dict.fromkeys(lookup(self.views, name, tr("view of {figure}", figure=self.key))), chosen, name)
        return {name: views.get(name, choices[0]) for name, choices in self.views.items()}

    @property
    def of_experiment(self) -> bool:
        """Whether it shows an experiment."""
        return issubclass(self.recipe, Experiment)

    def made(self, settings: Mapping[str, Any]) -> R:
        """Return the recipe of these settings; raise ``UnknownName`` for one that it does not have."""
        known = dict.fromkeys(one.name for one in dataclasses.fields(self.recipe))  # type: ignore[arg-type]
        for name in settings:
            lookup(known, name, tr("setting of {owner}", owner=self.key))
        return self.recipe(**settings)

    def settings(self, recipe: R) -> dict[str, Any]:
        """Return a recipe that is no experiment as the settings of which it is made."""
        return {one.name: getattr(recipe, one.name) for one in dataclasses.fields(recipe)}  # type: ignore[arg-type]
