"""First steps: surfaces on which everything can be worked out by hand."""

from __future__ import annotations

from functools import partial

from landscape.language import mark
from landscape.parameter import Parameter
from landscape.surfaces.formula import declare
from landscape.surfaces.lesson import Lesson, by

_surface = partial(declare, group="first_steps")

FIRST_STEPS = (
    _surface(
        "framework_example",
        mark("The lecture's parabola"),
        "a*w^2 + b*w + c",
        ((-5, 25),),
        variables=("w",),
        parameters=(
            Parameter("a", 1, 0.1, 5, mark("coefficient of w²"), minimum=1e-6),
            Parameter("b", -20, -40, 40, mark("coefficient of w")),
            Parameter("c", 100, 0, 200, mark("constant; no gradient feels it")),
        ),
        minima=[("-b/(2*a)",)],
        reference=mark("the framework example of the lecture: coefficients [[1], [-20], [100]]"),
        teaches=mark("With learning rate 0.01 each step of gradient descent leaves 98 percent of the way to w = 10."),
        lesson=Lesson(
            mark("How long does gradient descent take to w = 10?"),
            mark(
                "SGD, which without noise is gradient descent, leaves 98 percent of the way at each step, so 200"
                " steps are not enough. Momentum and Adam arrive, after swinging past the minimum and back."
            ),
            starts=(0,),
            walks=(
                by("sgd", "moving", learning_rate=0.01),
                by("momentum", "minimum", learning_rate=0.01, momentum=0.9),
                by("adam", "minimum", learning_rate=0.5),
            ),
        ),
    ),
    _surface(
        "sphere",
        mark("Sphere"),
        "x^2 + y^2",
        ((-2, 2), (-2, 2)),
        minima=[(0, 0)],
        reference=mark("De Jong 1975, An analysis of the behavior of a class of genetic adaptive systems: function F1"),
        teaches=mark("All directions are curved alike: gradient descent goes straight to the minimum."),
        lesson=Lesson(
            mark("Do all four go straight to the minimum?"),
            mark(
                "SGD and Momentum follow the gradient, which points to the minimum everywhere. RMSprop and Adam"
                " divide each coordinate by its own average, start along the diagonal and arrive in a bend."
            ),
            starts=((1.7, 0.8),),
            walks=(
                by("sgd", "minimum", learning_rate=0.05),
                by("momentum", "minimum", learning_rate=0.05, momentum=0.8),
                by("rmsprop", "minimum", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.1),
            ),
        ),
    ),
    _surface(
        "quadratic",
        mark("Tilted, rotated quadratic"),
        "(cos(angle*pi/180)*x + sin(angle*pi/180)*y)^2/2"
        " + condition*(cos(angle*pi/180)*y - sin(angle*pi/180)*x)^2/2 + tilt*x",
        ((-3, 3), (-3, 3)),
        parameters=(
            Parameter("condition", 25, 1, 1000, mark("condition number of the Hessian"), log=True, minimum=1e-6),
            Parameter("angle", 30, -90, 90, mark("angle of the flat direction to the x axis, degrees")),
            Parameter("tilt", 0, -1, 1, mark("slope added along x")),
        ),
        minima=[
            (
                "-tilt*(cos(angle*pi/180)^2 + sin(angle*pi/180)^2/condition)",
                "-tilt*cos(angle*pi/180)*sin(angle*pi/180)*(1 - 1/condition)",
            )
        ],
        reference=mark("Nocedal & Wright 2006, Numerical Optimization, section 3.3"),
        teaches=mark(
            "Gradient descent needs about as many steps as the condition number; momentum about its square root."
        ),
        lesson=Lesson(
            mark("What does a valley that lies askew do to each of them?"),
            mark(
                "SGD crosses the valley at once and then crawls along it; Momentum swings across and is the first"
                " to arrive. RMSprop and Adam scale x and y apart, which is of little help where the valley"
                " follows neither axis."
            ),
            starts=((-2.2, 1.8),),
            walks=(
                by("sgd", "minimum", learning_rate=0.035),
                by("momentum", "minimum", learning_rate=0.035, momentum=0.8),
                by("rmsprop", "moving", learning_rate=0.03),
                by("adam", "minimum", learning_rate=0.15),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "linear_regression",
        mark("A line through three points"),
        "((b - 1)^2 + (w + b - 2)^2 + (2*w + b - 4)^2)/3",
        ((-2, 4), (-3, 4)),
        variables=("w", "b"),
        minima=[("3/2", "5/6")],
        reference=mark("least squares over the points (0, 1), (1, 2), (2, 4); minimum from the normal equations"),
        teaches=mark("Even the smallest regression has a tilted bowl, because w and b are not independent."),
        lesson=Lesson(
            mark("Which way do weight and bias go together?"),
            mark(
                "The valley is tilted, for a larger weight asks for a smaller bias. All four arrive at the least"
                " squares line, Momentum first."
            ),
            starts=((-1.5, 3.2),),
            walks=(
                by("sgd", "minimum", learning_rate=0.1),
                by("momentum", "minimum", learning_rate=0.05, momentum=0.85),
                by("rmsprop", "minimum", learning_rate=0.03),
                by("adam", "minimum", learning_rate=0.2),
            ),
        ),
    ),
    _surface(
        "flat_bottom",
        mark("Flat bottom"),
        "w^4/4",
        ((-2, 2),),
        variables=("w",),
        minima=[(0,)],
        reference=mark("the simplest minimum whose second derivative is zero"),
        teaches=mark("The curvature vanishes with the gradient: gradient descent slows down like 1 / √steps."),
        lesson=Lesson(
            mark("Is a small gradient the same as being there?"),
            mark(
                "SGD and Momentum end with a gradient norm below 0.001 and are still well off w = 0. The"
                " curvature vanishes with the gradient, so every further step is shorter than the last."
            ),
            starts=(1.8,),
            walks=(
                by("sgd", "minimum", learning_rate=0.1),
                by("momentum", "minimum", learning_rate=0.03, momentum=0.9),
                by("adam", "moving", learning_rate=0.05),
            ),
            n_steps=600,
        ),
    ),
    _surface(
        "pseudo_huber",
        mark("Pseudo-Huber bowl"),
        "width^2*(sqrt(1 + (x^2 + y^2)/width^2) - 1)",
        ((-4, 4), (-4, 4)),
        parameters=(Parameter("width", 1, 0.1, 4, mark("radius of the round part"), log=True, minimum=1e-6),),
        minima=[(0, 0)],
        reference="Charbonnier et al. 1997, IEEE Transactions on Image Processing 6, 298-311",
        teaches=mark(
            "Far out the gradient keeps its size and only its direction changes: a step is a step, however far."
        ),
        lesson=Lesson(
            mark("Does it matter how far out they start?"),
            mark(
                "Far out the gradient is as long as anywhere else, so SGD moves at a steady pace and slows down"
                " only near the bottom. Momentum and Adam gather speed on the way and swing past."
            ),
            starts=((-3.6, 2.4),),
            walks=(
                by("sgd", "minimum", learning_rate=0.15),
                by("momentum", "minimum", learning_rate=0.04, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.03),
                by("adam", "minimum", learning_rate=0.1),
            ),
        ),
    ),
    _surface(
        "absolute_value",
        mark("Two absolute values"),
        "abs(x) + slope*abs(y)",
        ((-2, 2), (-2, 2)),
        parameters=(Parameter("slope", 4, 0.1, 10, mark("slope along y"), log=True, minimum=1e-6),),
        minima=[(0, 0)],
        smooth=False,
        reference=mark("the L1 norm; Shor 1985, Minimization Methods for Non-Differentiable Functions"),
        teaches=mark("The gradient never gets smaller, so a constant learning rate ends in a zigzag across the kink."),
        lesson=Lesson(
            mark("Can steps of one length come to rest in a kink?"),
            mark(
                "The gradient never gets smaller, so all four go on jumping from one side to the other. Only a"
                " learning rate that falls would bring them to rest."
            ),
            starts=((-1.6, 1.1),),
            walks=(
                by("sgd", "moving", learning_rate=0.04),
                by("momentum", "moving", learning_rate=0.01, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "moving", learning_rate=0.05),
            ),
            n_steps=120,
        ),
    ),
)
