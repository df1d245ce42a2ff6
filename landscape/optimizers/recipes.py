"""Building a declared object from its name and settings, with clear words for what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from landscape.errors import UnknownName

T = TypeVar("T")


def build(cls: type[T], settings: Mapping[str, Any]) -> T:
    """Return ``cls(**settings)``; raise ``UnknownName`` with all the names there are for one that is no field."""
    names = [f.name for f in dataclasses.fields(cls)]  # type: ignore[arg-type]
    for name in settings:
        if name not in names:
            raise UnknownName(f"{cls.__name__} has no parameter {name!r}; it has: {', '.join(names) or 'none'}")
    return cls(**settings)


def name_and_settings(recipe: Mapping[str, Any], what: str) -> tuple[str, dict[str, Any]]:
    """Split {"name": ..., **settings}; raise ``TypeError`` or ``ValueError`` where it is not of that form."""
    if not isinstance(recipe, Mapping) or not all(isinstance(key, str) for key in recipe):
        raise TypeError(f"the recipe of a {what} must be a mapping of names to values, not {recipe!r}")
    if not isinstance(recipe.get("name"), str):
        raise ValueError(f"the recipe of a {what} needs a name in words, not {recipe.get('name')!r}")
    settings = dict(recipe)
    return settings.pop("name"), settings
