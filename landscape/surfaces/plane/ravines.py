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
    _surface(
        "beale",
        "Beale",
        "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        ((-4.5, 4.5), (-4.5, 4.5)),
        minima=[(3, 0.5)],
        saddles=[(0, 1)],
        reference="Beale 1958, technical report 25, Statistical Techniques Research Group, Princeton",
        teaches="Long flat arms meet steep corners: one learning rate is too large here and too small there.",
    ),
    _surface(
        "booth",
        "Booth",
        "(x + 2y - 7)^2 + (2x + y - 5)^2",
        ((-10, 10), (-10, 10)),
        minima=[(1, 3)],
        reference="Jamil & Yang 2013, arXiv:1308.4008",
        teaches="Two equations in two unknowns, solved by going downhill; the condition number is 9.",
    ),
    _surface(
        "matyas",
        "Matyas",
        "0.26*(x^2 + y^2) - 0.48*x*y",
        ((-10, 10), (-10, 10)),
        minima=[(0, 0)],
        reference="Matyas 1965, Automation and Remote Control 26, 246-253; Jamil & Yang 2013, arXiv:1308.4008",
        teaches="Along the diagonal the slope is 25 times weaker than across it, and the coordinate axes show neither.",
    ),
    _surface(
        "zakharov",
        "Zakharov",
        "x^2 + y^2 + (0.5x + y)^2 + (0.5x + y)^4",
        ((-5, 5), (-5, 5)),
        minima=[(0, 0)],
        reference="Jamil & Yang 2013, arXiv:1308.4008",
        teaches="The walls grow with the fourth power: what is stable near the minimum diverges from far away.",
    ),
    _surface(
        "curved_valley",
        "Winding valley",
        "walls*(y - sin(bends*x))^2 + x^2/10",
        ((-4, 4), (-2.5, 2.5)),
        parameters=(
            Parameter("walls", 5, 0.5, 50, "steepness of the walls", log=True, minimum=1e-6),
            Parameter("bends", 1.5, 0, 3, "how often the valley bends", minimum=0),
        ),
        minima=[(0, 0)],
        reference="a parabola bent along a sine; its only critical point is the minimum",
        teaches="Momentum that helps along a straight valley throws the path against the wall of a bent one.",
    ),
    _surface(
        "scalar_product",
        "Two layers of one weight",
        "(w1*w2 - 1)^2",
        ((-3, 3), (-3, 3)),
        variables=("w1", "w2"),
        minima=[(1, 1), (-1, -1)],
        saddles=[(0, 0)],
        reference="the two-layer linear network of Saxe et al. 2014, arXiv:1312.6120, with one weight in each layer",
        teaches="All of the hyperbola w1 w2 = 1 is a minimum, but parts of it are sharp: no large step rests there.",
    ),
)
