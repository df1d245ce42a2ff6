"""Ravines: steep across, nearly flat along."""

from __future__ import annotations

from functools import partial

from landscape.parameter import Parameter
from landscape.surfaces.formula import declare

_surface = partial(declare, group="ravines")

RAVINES = (
    _surface(
        "rosenbrock",
        "Rosenbrock's valley",
        "(a - x)^2 + b*(y - x^2)^2",
        ((-2, 2), (-1, 3)),
        parameters=(
            Parameter("a", 1, -1.2, 1.2, "x of the minimum"),
            Parameter("b", 100, 1, 200, "steepness of the walls", log=True, minimum=1e-6),
        ),
        minima=[("a", "a^2")],
        reference="Rosenbrock 1960, The Computer Journal 3, 175-184",
        teaches="Finding the valley takes a few steps, following its bend takes thousands.",
    ),
)
