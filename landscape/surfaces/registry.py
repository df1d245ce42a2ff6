"""Every surface that can be asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape.declared import Members, load_entry_points
from landscape.errors import lookup, of_kind
from landscape.language import mark, tr, translated, trn
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula, formula
from landscape.surfaces.formula.surface import OWN
from landscape.surfaces.plane import GALLERY, GROUPS

__all__ = ["GROUPS", "SURFACES", "a_surface", "from_recipe", "groups", "surface"]


class Gallery(Members[Formula]):
    """Name -> declared surface with its default settings."""

    def check(self, member: Formula) -> None:
        """Raise ``TypeError`` or ``ValueError`` where a surface cannot be a member."""
        if member.name == OWN:
            raise ValueError(
                tr("a typed formula has no name: ls.declare(name, title, formula, domain, ...) gives it one")
            )
        super().check(member)
        if self.ours:  # what follows loads more, and reads the formula
            from landscape.surfaces.families import FAMILIES
            from landscape.surfaces.networks import NETWORKS

            if member.name in FAMILIES or member.name in NETWORKS:
                raise ValueError(
                    tr("the key {key!r} belongs to {owner}: take another", key=member.name, owner="landscape")
                )
            member.value_and_gradient(member.domain.center)


SURFACES: Members[Formula] = Gallery(mark("surface"), Formula, (s for group in GROUPS for s in GALLERY[group]))
"""The gallery: name -> surface with its default settings, in the order to show."""


def groups() -> dict[str, str]:
    """Return the groups with their titles in the language of the moment, in the order to show.

    Those that registered surfaces name for themselves come last, and their titles are their keys.
    """
    own = {one.info.group: one.info.group for one in SURFACES.values() if one.info.group not in GROUPS}
    return translated(GROUPS) | own


def surface(name: str, n_dims: int | None = None, **settings: Any) -> Surface:
    """Return the surface of this name with the given settings, the others at their defaults.

    The name is one of the gallery (``SURFACES``, one- and two-dimensional), of ``families.FAMILIES`` (any number of
    dimensions) or of ``networks.NETWORKS``. ``n_dims`` may be left out: it is then that of the gallery's entry, or
    the usual one of a family; another number takes the family of the same name. Raises ``UnknownName`` with close
    matches for an unknown name or setting, ``ValueError`` for a dimension that the surface does not have.

    >>> surface("rosenbrock", b=10).minima.tolist()
    [[1.0, 1.0]]
    >>> surface("rosenbrock", 10).n_dims
    10
    """
    of_kind(name, str, tr("name must be that of a surface, as text"))
    shown = SURFACES.get(name)
    if shown is not None and n_dims in (None, shown.n_dims):
        return shown.with_settings(**settings) if settings else shown
    from landscape.surfaces.families import FAMILIES, family

    if name in FAMILIES:
        return family(name, n_dims, **settings)
    if shown is not None:
        raise ValueError(
            trn(
                "{name!r} has one dimension; there is no version of it with {given!r}",
                "{name!r} has {n} dimensions; there is no version of it with {given!r}",
                shown.n_dims,
                name=name,
                given=n_dims,
            )
        )
    from landscape.surfaces.networks import NETWORKS, network

    if name not in NETWORKS:
        problems = load_entry_points()
        if name in SURFACES or name in FAMILIES:
            return surface(name, n_dims, **settings)
        lookup(dict.fromkeys([*SURFACES, *FAMILIES, *NETWORKS]), name, tr("surface"), problems)
    if n_dims is not None:
        raise ValueError(
            tr("the dimensions of {name!r} follow from its layers and data; n_dims is not taken", name=name)
        )
    return network(name, **settings)


def from_recipe(recipe: Mapping[str, Any]) -> Surface:
    """Return the surface that ``Surface.recipe`` described; raise ``ValueError`` or ``TypeError`` where it is none.

    A formula of a user's own is ``{"formula": text, "domain": ..., "title": ...}``, a gallery surface
    ``{"name": ..., "settings": ..., "domain": ...}``; all but the first of each may be missing.
    """
    if not isinstance(recipe, Mapping):
        raise TypeError(tr("the recipe of a surface is an object, not {given!r}", given=recipe))
    if "formula" in recipe:
        title = recipe.get("title", "")
        if not isinstance(title, str):
            raise TypeError(tr("the title of a formula is text, not {given!r}", given=title))
        return formula(recipe["formula"], recipe.get("domain"), title)
    if "name" not in recipe:
        raise ValueError(tr("the recipe of a surface needs a name or a formula"))
    name, settings = recipe["name"], recipe.get("settings", {})
    if not isinstance(name, str):
        raise TypeError(tr("the name of a surface is text, not {given!r}", given=name))
    if not isinstance(settings, Mapping):
        raise TypeError(tr("the settings of a surface are an object, not {given!r}", given=settings))
    if name not in SURFACES:
        from landscape.surfaces import networks

        if name in networks.NETWORKS:
            return networks.from_recipe(recipe)
    built = surface(name, recipe.get("n_dims"), **settings)
    if "domain" not in recipe:
        return built
    if not isinstance(built, Formula):
        raise ValueError(tr("{name!r} has no other domain than its own", name=name))
    return built.with_domain(recipe["domain"])


def a_surface(given: Surface | str) -> Surface:
    """Return a surface, or the registered one of this name; raise ``TypeError`` for anything else."""
    meant = surface(given) if isinstance(given, str) else given
    return of_kind(meant, Surface, tr("surface must be a Surface or a registered name"))
