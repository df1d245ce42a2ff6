"""Networks as surfaces: the loss over data as a function of the flat parameter vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape.declared import Registry
from landscape.language import mark, tr
from landscape.surfaces.networks.autoencoder import Autoencoder
from landscape.surfaces.networks.base import Network
from landscape.surfaces.networks.blocks import Block
from landscape.surfaces.networks.data import Data, table
from landscape.surfaces.networks.datasets import (
    DATA,
    blobs,
    chebyshev,
    data,
    digits,
    iris,
    linear_map,
    moons,
    spirals,
)
from landscape.surfaces.networks.datasets import from_recipe as data_from_recipe
from landscape.surfaces.networks.deep_linear import DeepLinear
from landscape.surfaces.networks.perceptron import Perceptron
from landscape.surfaces.networks.reading import Reading
from landscape.surfaces.networks.softmax import Logistic, Softmax
from landscape.surfaces.networks.tables.reader import parse_table, read_table
from landscape.surfaces.networks.teacher import TeacherStudent

__all__ = [
    "DATA",
    "NETWORKS",
    "Autoencoder",
    "Block",
    "Data",
    "DeepLinear",
    "Logistic",
    "Network",
    "Perceptron",
    "Reading",
    "Softmax",
    "TeacherStudent",
    "blobs",
    "chebyshev",
    "data",
    "data_from_recipe",
    "digits",
    "from_recipe",
    "iris",
    "linear_map",
    "moons",
    "network",
    "parse_table",
    "read_table",
    "spirals",
    "table",
]

NETWORKS: Registry[Network] = Registry(
    mark("network"), Network, (Softmax, Logistic, Perceptron, DeepLinear, Autoencoder)
)
"""Name -> class, in the order to show them. Each can be made without arguments."""


def network(name: str, **fields: Any) -> Network:
    """Return a network by name; raise ``UnknownName`` for a name or a field that there is not.

    >>> network("perceptron", data=moons(n=100), widths=(4,)).n_dims
    22
    """
    return NETWORKS.make(name, **fields)


def from_recipe(recipe: Mapping[str, Any]) -> Network:
    """Return the network that ``Network.recipe`` described; raise ``ValueError`` or ``TypeError`` where it cannot.

    >>> from_recipe(Softmax().recipe()) == Softmax()
    True
    """
    fields = {key: value for key, value in recipe.items() if key not in ("name", "data", "settings")}
    settings = recipe.get("settings", {})
    if not isinstance(settings, Mapping):
        raise TypeError(tr("settings must be an object, not {given!r}", given=settings))
    if "data" in recipe:
        fields["data"] = data_from_recipe(recipe["data"])
    return network(recipe["name"], **fields, **settings)
