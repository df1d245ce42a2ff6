"""Surfaces: cost functions with value, gradient and Hessian."""

from landscape.parameter import Parameter
from landscape.surfaces.base import Domain, Info, Settings, Surface
from landscape.surfaces.formula import Formula, declare, formula
from landscape.surfaces.registry import GROUPS, SURFACES, from_recipe, groups, surface

__all__ = [
    "GROUPS",
    "SURFACES",
    "Domain",
    "Formula",
    "Info",
    "Parameter",
    "Settings",
    "Surface",
    "declare",
    "formula",
    "from_recipe",
    "groups",
    "surface",
]
