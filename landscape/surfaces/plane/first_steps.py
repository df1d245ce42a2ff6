"""First steps: surfaces on which everything can be worked out by hand."""

from __future__ import annotations

from functools import partial

from landscape.parameter import Parameter
from landscape.surfaces.formula import declare

_surface = partial(declare, group="first_steps")

FIRST_STEPS = (
    _surface(
        "framework_example",
        "The lecture's parabola",
        "a*w^2 + b*w + c",
        ((-5, 25),),
        variables=("w",),
        parameters=(
            Parameter("a", 1, 0.1, 5, "coefficient of w^2", minimum=1e-6),
            Parameter("b", -20, -40, 40, "coefficient of w"),
            Parameter("c", 100, 0, 200, "constant; no gradient feels it"),
        ),
        minima=[("-b/(2*a)",)],
        reference="Ng, Deep Learning Specialization, course 2, week 3: the framework example",
        teaches="With learning rate 0.01 each step of gradient descent leaves 98 percent of the way to w = 10.",
    ),
    _surface(
        "sphere",
        "Sphere",
        "x^2 + y^2",
        ((-2, 2), (-2, 2)),
        minima=[(0, 0)],
        reference="Jamil & Yang 2013, no. 137",
        teaches="All directions are curved alike: gradient descent goes straight to the minimum.",
    ),
)
