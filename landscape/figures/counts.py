"""Critical points counted, beside what theory expects of them."""

from __future__ import annotations

from dataclasses import dataclass

from landscape.analysis.counts import SLOW_DIMS, THEORY_DIMS, counts_study
from landscape.figures.base import Figure, Keep, Views
from landscape.language import mark
from landscape.parameter import check_fields, parameter
from landscape.recipe.cost import of_seconds
from landscape.scene import Scene
from landscape.scenes.counts import counts_scene


@dataclass(frozen=True)
class Counted:
    """The number of dimensions whose indices are shown."""

    n: int = parameter(3, 1, THEORY_DIMS, mark("number of dimensions"), integer=True, minimum=1, maximum=THEORY_DIMS)

    def __post_init__(self) -> None:
        check_fields(self)


def draw(recipe: Counted, views: Views, keep: Keep) -> Scene:
    """Return the shares of minima and saddles, and index against energy."""
    takes = of_seconds(15.0 if recipe.n == SLOW_DIMS else 1.0)
    return counts_scene(keep(("counts", recipe.n), lambda: counts_study(recipe.n), takes))


FIGURE = Figure("saddles_or_minima", draw, Counted)
