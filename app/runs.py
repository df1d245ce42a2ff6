"""Recipes that are runs: an address read as an experiment, on any surface, on one, or on the gallery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.limits import MAX_PATHS, PLANE
from landscape.errors import UnknownName, lookup
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.recipe.query import SETTING, misplaced
from landscape.surfaces import SURFACES

Read = tuple[Experiment, tuple[str, ...]]


def read(query: Mapping[str, str], default: Experiment, allow_surface: Callable[[Any], None]) -> Read:
    """Return the experiment that URL parameters describe, with what was refused; ``default`` stands in for the rest.

    ``allow_surface`` is asked before a surface is built.
    """
    try:
        experiment, problems = Experiment.read_query(query, default, allow_surface)
    except (ValueError, TypeError) as error:
        return default, (str(error),)
    return experiment or default, problems


def on_one(
    name: str, says: str, allow_surface: Callable[[Any], None]
) -> Callable[[Mapping[str, str], Experiment], Read]:
    """Return how a page with one surface reads an address: another one is refused, and it ``says`` so, marked."""

    def only(query: Mapping[str, str], default: Experiment) -> Read:
        if query.get("surface", name) != name or "formula" in query:
            return default, (f"surface: {tr(says)}",)
        return read(query, default, allow_surface)

    return only


def on_gallery(query: Mapping[str, str], default: Experiment) -> Read:
    """Return the experiment on the gallery that URL parameters describe, with what was refused."""
    problems: tuple[str, ...] = ()
    if "surface" in query:
        # Other registered surfaces can be large, and these pages could not draw them: they are not even built.
        try:
            lookup(SURFACES, query["surface"][:100], tr("surface on this page"))
        except UnknownName as error:
            problems = (f"surface: {misplaced('surface', query['surface']) or error}",)
            gone = ("surface", "n_dims", "domain", "start")
            query = {k: v for k, v in query.items() if k not in gone and not k.startswith(SETTING)}
    experiment, more = read(query, default, PLANE.allow_surface)
    return experiment, (*problems, *more)


def from_one_start(experiment: Experiment) -> Experiment:
    """Return the experiment from its first start; one of very many starts as it is, to be refused."""
    many = experiment.n_starts > MAX_PATHS
    return experiment if many or experiment.n_starts == 1 else experiment.replace(starts=experiment.points[:1])
