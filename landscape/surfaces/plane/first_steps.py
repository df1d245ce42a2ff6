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
        reference="the framework example of the lecture: coefficients [[1], [-20], [100]]",
        teaches="With learning rate 0.01 each step of gradient descent leaves 98 percent of the way to w = 10.",
    ),
    _surface(
        "sphere",
        "Sphere",
        "x^2 + y^2",
        ((-2, 2), (-2, 2)),
        minima=[(0, 0)],
        reference="De Jong 1975, An analysis of the behavior of a class of genetic adaptive systems: function F1",
        teaches="All directions are curved alike: gradient descent goes straight to the minimum.",
    ),
    _surface(
        "quadratic",
        "Tilted, rotated quadratic",
        "(cos(angle*pi/180)*x + sin(angle*pi/180)*y)^2/2"
        " + condition*(cos(angle*pi/180)*y - sin(angle*pi/180)*x)^2/2 + tilt*x",
        ((-3, 3), (-3, 3)),
        parameters=(
            Parameter("condition", 25, 1, 1000, "condition number of the Hessian", log=True, minimum=1e-6),
            Parameter("angle", 30, -90, 90, "angle of the flat direction to the x axis, degrees"),
            Parameter("tilt", 0, -1, 1, "slope added along x"),
        ),
        minima=[
            (
                "-tilt*(cos(angle*pi/180)^2 + sin(angle*pi/180)^2/condition)",
                "-tilt*cos(angle*pi/180)*sin(angle*pi/180)*(1 - 1/condition)",
            )
        ],
        reference="Nocedal & Wright 2006, Numerical Optimization, section 3.3",
        teaches="Gradient descent needs about as many steps as the condition number; momentum about its square root.",
    ),
    _surface(
        "linear_regression",
        "A line through three points",
        "((b - 1)^2 + (w + b - 2)^2 + (2*w + b - 4)^2)/3",
        ((-2, 4), (-3, 4)),
        variables=("w", "b"),
        minima=[("3/2", "5/6")],
        reference="least squares over the points (0, 1), (1, 2), (2, 4); minimum from the normal equations",
        teaches="Even the smallest regression has a tilted bowl, because w and b are not independent.",
    ),
    _surface(
        "flat_bottom",
        "Flat bottom",
        "w^4/4",
        ((-2, 2),),
        variables=("w",),
        minima=[(0,)],
        reference="the simplest minimum whose second derivative is zero",
        teaches="The curvature vanishes with the gradient: gradient descent slows down like 1 / sqrt(steps).",
    ),
    _surface(
        "pseudo_huber",
        "Pseudo-Huber bowl",
        "width^2*(sqrt(1 + (x^2 + y^2)/width^2) - 1)",
        ((-4, 4), (-4, 4)),
        parameters=(Parameter("width", 1, 0.1, 4, "radius of the round part", log=True, minimum=1e-6),),
        minima=[(0, 0)],
        reference="Charbonnier et al. 1997, IEEE Transactions on Image Processing 6, 298-311",
        teaches="Far out the gradient keeps its size and only its direction changes: a step is a step, however far.",
    ),
    _surface(
        "absolute_value",
        "Two absolute values",
        "abs(x) + slope*abs(y)",
        ((-2, 2), (-2, 2)),
        parameters=(Parameter("slope", 4, 0.1, 10, "slope along y", log=True, minimum=1e-6),),
        minima=[(0, 0)],
        smooth=False,
        reference="the L1 norm; Shor 1985, Minimization Methods for Non-Differentiable Functions",
        teaches="The gradient never gets smaller, so a constant learning rate ends in a zigzag across the kink.",
    ),
)
