"""Critical points counted, beside what theory expects of them."""

from __future__ import annotations

from dataclasses import dataclass

from landscape.analysis.counts import THEORY_DIMS, counts_study
from landscape.figures.base import Figure, Keep, Views
from landscape.parameter import check_fields, parameter
from landscape.scene import Scene
from landscape.scenes.counts import counts_scene


@dataclass(frozen=True)
class Counted:
    """The number of dimensions whose indices are shown."""

    n: int = parameter(3, 1, THEORY_DIMS, "number of dimensions", integer=True, minimum=1, maximum=THEORY_DIMS)

    def __post_init__(self) -> None:
        check_fields(self)


def draw(recipe: Counted, views: Views, keep: Keep) -> Scene:
    """Return the shares of minima and saddles, and index against energy."""
    return counts_scene(counts_study(recipe.n))


FIGURE = Figure("saddles_or_minima", draw, Counted)
