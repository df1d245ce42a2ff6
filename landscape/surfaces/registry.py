"""Every surface that can be asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from landscape.errors import lookup
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula, formula
from landscape.surfaces.plane import GALLERY, GROUPS

__all__ = ["BUILDERS", "GROUPS", "SCALABLE", "SURFACES", "from_recipe", "surface"]

SURFACES: dict[str, Formula] = {s.name: s for group in GROUPS for s in GALLERY[group]}
"""The gallery: name -> surface with its default settings, in the order to show."""

SCALABLE: dict[str, Callable[..., Surface]] = {}
"""Surfaces of any dimension: name -> callable(n_dims, **settings), ``n_dims`` None for the usual one."""

BUILDERS: dict[str, Callable[[Mapping[str, Any]], Surface]] = {}
"""Surfaces that need more than that: name -> callable(recipe)."""


def surface(name: str, n_dims: int | None = None, **settings: float) -> Surface:
    """Return the surface of this name with the given settings, the others at their defaults.

    ``n_dims`` may be left out: it is then that of the gallery's entry, or the usual one of a surface that comes in
    any number of dimensions. Raises ``UnknownName`` with close matches for an unknown name or setting,
    ``ValueError`` for a dimension that the surface does not have.

    >>> surface("rosenbrock", b=10).minima.tolist()
    [[1.0, 1.0]]
    """
    lookup({**SURFACES, **SCALABLE}, name, "surface")
    shown = SURFACES.get(name)
    if shown is not None and n_dims in (None, shown.n_dims):
        return shown.with_settings(**settings) if settings else shown
    if name in SCALABLE:
        return SCALABLE[name](n_dims, **settings)
    has = f"{shown.n_dims} dimension{'s' if shown.n_dims > 1 else ''}" if shown else ""
    raise ValueError(f"{name!r} has {has}; there is no version of it with {n_dims!r}")


def from_recipe(recipe: Mapping[str, Any]) -> Surface:
    """Return the surface that ``Surface.recipe`` described; raise ``ValueError`` or ``TypeError`` where it is none.

    A formula of a user's own is ``{"formula": text, "domain": ..., "title": ...}``, a gallery surface
    ``{"name": ..., "settings": ..., "domain": ...}``; all but the first of each may be missing.
    """
    if not isinstance(recipe, Mapping):
        raise TypeError(f"the recipe of a surface is an object, not {recipe!r}")
    if "formula" in recipe:
        title = recipe.get("title", "")
        if not isinstance(title, str):
            raise TypeError(f"the title of a formula is text, not {title!r}")
        return formula(recipe["formula"], recipe.get("domain"), title)
    if "name" not in recipe:
        raise ValueError("the recipe of a surface needs a name or a formula")
    name, settings = recipe["name"], recipe.get("settings", {})
    if name in BUILDERS:
        return BUILDERS[name](recipe)
    if not isinstance(settings, Mapping):
        raise TypeError(f"the settings of a surface are an object, not {settings!r}")
    built = surface(name, recipe.get("n_dims"), **settings)
    if "domain" not in recipe:
        return built
    if not isinstance(built, Formula):
        raise ValueError(f"{name!r} has no other domain than its own")
    return built.with_domain(recipe["domain"])
