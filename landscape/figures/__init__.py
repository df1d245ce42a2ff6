"""Pictures that are known by name: what a page shows, and what a slide of a lecture keeps of it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landscape.figures import (
    basins,
    counts,
    descent,
    escape,
    framework_example,
    high_dims,
    networks,
    softmax,
    tuning,
)
from landscape.figures.base import Figure

FIGURES: Mapping[str, Figure[Any]] = MappingProxyType(
    {
        module.FIGURE.key: module.FIGURE
        for module in (descent, softmax, networks, framework_example, high_dims, basins, tuning, escape, counts)
    }
)
"""Name -> figure, in the order of the pages."""
