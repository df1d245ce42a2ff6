"""Every surface that can be asked for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from landscape.errors import lookup
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula, formula
from landscape.surfaces.plane import GALLERY, GROUPS

__all__ = ["BUILDERS", "GROUPS", "SCALABLE", "SURFACES", "from_recipe", "surface"]

SURFACES: dict[str, Surface] = {s.name: s for group in GROUPS for s in GALLERY[group]}
"""The gallery: name -> surface with its default settings, in the order to show."""

SCALABLE: dict[str, Callable[..., Surface]] = {}
"""Surfaces of any dimension: name -> callable(n_dims, **settings)."""

BUILDERS: dict[str, Callable[[Mapping[str, Any]], Surface]] = {
    "formula": lambda recipe: formula(recipe["expression"], recipe.get("domain"), recipe.get("title", "")),
}
"""Surfaces that are neither: the name in a recipe -> callable(recipe)."""


def surface(name: str, n_dims: int | None = None, **settings: float) -> Surface:
    """Return the surface of this name with the given settings, the others at their defaults.

    ``n_dims`` may be left out for the gallery's one- and two-dimensional surfaces. Raises ``UnknownName`` with close
    matches for an unknown name or setting, ``ValueError`` for a dimension that the surface does not have.

    >>> surface("rosenbrock", b=10).minima.tolist()
    [[1.0, 1.0]]
    """
    entry = lookup({**SCALABLE, **SURFACES}, name, "surface")
    if name in SURFACES and n_dims in (None, SURFACES[name].n_dims):
        return SURFACES[name].with_settings(**settings) if settings else SURFACES[name]
    if name in SCALABLE:
        if n_dims is None:
            raise ValueError(f"{name!r} needs n_dims, the number of dimensions")
        return SCALABLE[name](n_dims, **settings)
    raise ValueError(f"{name!r} has {getattr(entry, 'n_dims', '?')} dimensions; there is no version with {n_dims!r}")


def from_recipe(recipe: Mapping[str, Any]) -> Surface:
    """Return the surface that ``Surface.recipe`` described."""
    name = recipe["name"]
    if name in BUILDERS:
        return BUILDERS[name](recipe)
    built = surface(name, recipe.get("n_dims"), **recipe.get("settings", {}))
    if "domain" in recipe and isinstance(built, Formula):
        return built.with_domain(recipe["domain"])
    return built
