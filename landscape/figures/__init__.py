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
    matrices,
    networks,
    softmax,
    swarm,
    tuning,
)
from landscape.figures.base import Figure
from landscape.language import tr

_FIGURES: dict[str, Figure[Any]] = {
    module.FIGURE.key: module.FIGURE
    for module in (
        descent,
        softmax,
        networks,
        framework_example,
        high_dims,
        matrices,
        basins,
        swarm,
        tuning,
        escape,
        counts,
    )
}
FIGURES: Mapping[str, Figure[Any]] = MappingProxyType(_FIGURES)
"""Name -> figure, in the order of the pages; then those that were registered."""


def register(figure: Figure[Any]) -> Figure[Any]:
    """Let slides keep a figure that stands elsewhere, in the file of a page of one's own; return it.

    Raises ``ValueError`` where another one has its key.
    """
    if _FIGURES.setdefault(figure.key, figure) is not figure:
        raise ValueError(tr("there is a figure {figure} already", figure=figure.key))
    return figure
