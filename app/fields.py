"""Recipes that are nothing but their fields: a frozen dataclass that checks itself, tied to address and widgets.

Its fields carry parameters (``landscape.parameter.parameter``), or are texts, which the page asks for itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from app.ask.controls import number
from app.state import Desk, Rules
from landscape.language import tr
from landscape.parameter import parameters_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


def rules(default: R, views: Mapping[str, tuple[str, ...]] | None = None) -> Rules[R]:
    """Return what a desk needs to know of recipes like ``default``: whatever can be made is allowed."""
    return Rules(lambda: default, read, write, views=views or {})


def read(query: Mapping[str, str], default: R) -> tuple[R, tuple[str, ...]]:
    """Return the recipe that URL parameters describe, with what was refused."""
    recipe, problems = default, []
    parameters = {p.name: p for p in parameters_of(default)}
    for field in dataclasses.fields(default):
        if field.name in query:
            try:
                read = parameters[field.name].read if field.name in parameters else str
                recipe = dataclasses.replace(recipe, **{field.name: read(query[field.name][:100])})
            except (ValueError, TypeError) as error:
                problems.append(f"{field.name}: {error}" if field.name not in parameters else str(error))
    return recipe, tuple(problems)


def write(recipe: Any) -> dict[str, str]:
    """Return the URL parameters of a recipe."""
    return {field.name: str(getattr(recipe, field.name)) for field in dataclasses.fields(recipe)}


def ask(desk: Desk[Any], *names: str, **labels: str) -> None:
    """Show widgets for the fields ``names``, or for all that are numbers; ``labels``, marked, of those with others."""
    parameters = {p.name: p for p in parameters_of(desk.recipe)}
    for name in names or parameters:

        def change(recipe: R, value: float, name: str = name) -> R:
            return dataclasses.replace(recipe, **{name: value})

        number(desk, name, parameters[name], getattr(desk.recipe, name), change, tr(labels.get(name, "")))
