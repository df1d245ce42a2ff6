"""Ravines: steep across, nearly flat along."""

from __future__ import annotations

from functools import partial

from landscape.language import mark
from landscape.parameter import Parameter
from landscape.surfaces.formula import declare
from landscape.surfaces.lesson import Lesson, by

_surface = partial(declare, group="ravines")

RAVINES = (
    _surface(
        "rosenbrock",
        mark("Rosenbrock's valley"),
        "(a - x)^2 + b*(y - x^2)^2",
        ((-2, 2), (-1, 3)),
        parameters=(
            Parameter("a", 1, -1.2, 1.2, mark("x of the minimum")),
            Parameter("b", 100, 1, 200, mark("steepness of the walls"), log=True, minimum=1e-6),
        ),
        minima=[("a", "a^2")],
        reference="Rosenbrock 1960, The Computer Journal 3, 175-184",
        teaches=mark("Finding the valley takes a few steps; following its bend takes gradient descent thousands."),
        lesson=Lesson(
            mark("Who gets through the valley?"),
            mark(
                "All four are in the valley within a few steps; then its floor falls so gently that only Adam is"
                " at the minimum after 2000. Momentum is close, SGD still far away."
            ),
            starts=((-1.5, 2),),
            walks=(
                by("sgd", "moving", learning_rate=0.0008),
                by("momentum", "moving", learning_rate=0.0007, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.005),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=2000,
        ),
    ),
    _surface(
        "beale",
        mark("Beale"),
        "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        ((-4.5, 4.5), (-4.5, 4.5)),
        minima=[(3, 0.5)],
        saddles=[(0, 1)],
        reference=mark("Beale 1958, technical report 25, Statistical Techniques Research Group, Princeton"),
        teaches=mark("Long flat arms meet steep corners: one learning rate is too large here and too small there."),
        lesson=Lesson(
            mark("Which arm of the valley do they take?"),
            mark(
                "SGD and Momentum turn right, where the minimum lies, and Momentum has come near it. RMSprop and"
                " Adam turn left into an arm that falls for ever and leads nowhere."
            ),
            starts=((1, 2.1),),
            walks=(
                by("sgd", "moving", learning_rate=0.001),
                by("momentum", "moving", learning_rate=0.001, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.01),
                by("adam", "moving", learning_rate=0.05),
            ),
            n_steps=800,
        ),
    ),
    _surface(
        "booth",
        mark("Booth"),
        "(x + 2y - 7)^2 + (2x + y - 5)^2",
        ((-10, 10), (-10, 10)),
        minima=[(1, 3)],
        reference="Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark("Two equations in two unknowns, solved by going downhill; the condition number is 9."),
        lesson=Lesson(
            mark("How does each cope with a bowl nine times as steep one way as the other?"),
            mark(
                "SGD and Momentum need about as many steps, on different ways. RMSprop and Adam start with equal"
                " steps in x and y, whatever the slopes."
            ),
            starts=((-8, 6),),
            walks=(
                by("sgd", "minimum", learning_rate=0.05),
                by("momentum", "minimum", learning_rate=0.02, momentum=0.8),
                by("rmsprop", "minimum", learning_rate=0.1),
                by("adam", "minimum", learning_rate=0.5),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "matyas",
        mark("Matyas"),
        "0.26*(x^2 + y^2) - 0.48*x*y",
        ((-10, 10), (-10, 10)),
        minima=[(0, 0)],
        reference="Matyas 1965, Automation and Remote Control 26, 246-253; Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark(
            "Along the diagonal the slope is 25 times weaker than across it, and the coordinate axes show neither."
        ),
        lesson=Lesson(
            mark("Why is the second half of the way so long?"),
            mark(
                "The steep direction across the diagonal is settled first; along it the curvature is 25 times"
                " weaker. Momentum and Adam arrive, SGD and RMSprop are still on the way."
            ),
            starts=((-8.5, -3.5),),
            walks=(
                by("sgd", "moving", learning_rate=0.5),
                by("momentum", "minimum", learning_rate=0.3, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.1),
                by("adam", "minimum", learning_rate=0.5),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "zakharov",
        mark("Zakharov"),
        "x^2 + y^2 + (0.5x + y)^2 + (0.5x + y)^4",
        ((-5, 5), (-5, 5)),
        minima=[(0, 0)],
        reference="Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark("The walls grow with the fourth power: what is stable near the minimum diverges from far away."),
        lesson=Lesson(
            mark("Is a learning rate that works here safe over there?"),
            mark(
                "At the same rate SGD comes to rest from the near start and diverges from the far one, where the"
                " walls are steeper. Adam, whose steps do not grow with the gradient, arrives from both."
            ),
            starts=(
                (-1.5, 1.2),
                (-2, 4.5),
            ),
            walks=(
                by("sgd", "minimum", "diverged", learning_rate=0.05),
                by("momentum", "minimum", learning_rate=0.002, momentum=0.9),
                by("rmsprop", "minimum", "moving", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.2),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "curved_valley",
        mark("Winding valley"),
        "walls*(y - sin(bends*x))^2 + x^2/10",
        ((-4, 4), (-2.5, 2.5)),
        parameters=(
            Parameter("walls", 5, 0.5, 50, mark("steepness of the walls"), log=True, minimum=1e-6),
            Parameter("bends", 1.5, 0, 3, mark("how often the valley bends"), minimum=0),
        ),
        minima=[(0, 0)],
        reference=mark("a parabola bent along a sine; its only critical point is the minimum"),
        teaches=mark("Momentum that helps along a straight valley throws the path against the wall of a bent one."),
        lesson=Lesson(
            mark("Is momentum of use where the valley bends?"),
            mark(
                "Momentum swings from wall to wall at first and is still the first at the minimum. SGD takes its"
                " time in every bend, and RMSprop rattles."
            ),
            starts=((-3.6, 1.6),),
            walks=(
                by("sgd", "moving", learning_rate=0.03),
                by("momentum", "minimum", learning_rate=0.02, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.03),
                by("adam", "minimum", learning_rate=0.1),
            ),
            n_steps=600,
        ),
    ),
    _surface(
        "scalar_product",
        mark("Two layers of one weight"),
        "(w1*w2 - 1)^2",
        ((-3, 3), (-3, 3)),
        variables=("w1", "w2"),
        minima=[(1, 1), (-1, -1)],
        saddles=[(0, 0)],
        reference=mark(
            "the two-layer linear network of Saxe et al. 2014, arXiv:1312.6120, with one weight in each layer"
        ),
        teaches=mark(
            "All of the hyperbola w1 w2 = 1 is a minimum, but parts of it are sharp: no large step rests there."
        ),
        lesson=Lesson(
            mark("If every point of a curve is a minimum, which one is reached?"),
            mark(
                "All four end on the curve w1 w2 = 1, each at another place. The gradient is zero there but the"
                " curvature is not the same: the farther from the middle, the sharper the valley."
            ),
            starts=((-2.2, 1.3),),
            walks=(
                by("sgd", "minimum", learning_rate=0.02),
                by("momentum", "minimum", learning_rate=0.005, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.03),
                by("adam", "minimum", learning_rate=0.1),
            ),
            n_steps=250,
        ),
    ),
)
