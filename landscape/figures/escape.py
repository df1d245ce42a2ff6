"""Steps to leave a saddle, measured beside the closed forms, down to offsets of 1e-12."""

from __future__ import annotations

from dataclasses import dataclass

from landscape.analysis.escape_study import CURVATURES, OFFSETS, EscapeStudy, escape_study
from landscape.figures.base import Figure, Keep, Views
from landscape.language import mark
from landscape.parameter import check_fields, parameter
from landscape.scene import Scene
from landscape.scenes.escape import escape_scene


@dataclass(frozen=True)
class Escaping:
    """The saddle's negative curvature, and how far beside its stable manifold the paths start."""

    offset: float = parameter(
        1e-4,
        OFFSETS[-1],
        1.0,
        mark("y of the start; the table below has exactly 0 too"),
        log=True,
        minimum=OFFSETS[-1],
        maximum=OFFSETS[0],
    )
    curvature: float = parameter(
        1.0, *CURVATURES, mark("how steeply the saddle falls"), log=True, minimum=CURVATURES[0], maximum=CURVATURES[1]
    )

    def __post_init__(self) -> None:
        check_fields(self)


def study(recipe: Escaping, keep: Keep) -> EscapeStudy:
    """Return what every optimizer does there."""
    return keep(("escape", recipe), lambda: escape_study(recipe.curvature, recipe.offset))


def draw(recipe: Escaping, views: Views, keep: Keep) -> Scene:
    """Return the picture of it."""
    return escape_scene(study(recipe, keep))


FIGURE = Figure("escape", draw, Escaping)
