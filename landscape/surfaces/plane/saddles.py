"""Saddles: zero gradient, and yet a way down."""

from __future__ import annotations

from functools import partial

from landscape.language import mark
from landscape.parameter import Parameter
from landscape.surfaces.formula import declare
from landscape.surfaces.lesson import Lesson, by

_surface = partial(declare, group="saddles")

# The roots of x^3 - x + tilt/4, from the largest to the smallest, as Viete wrote them.
_ROOTS = [f"2/sqrt(3)*cos(acos(-tilt*3*sqrt(3)/8)/3 - 2*pi*{k}/3)" for k in range(3)]

# Minima of the sequential saddles: |x| = sqrt(1 -+ sqrt(v)), |y| = sqrt(1 + 2 v - 4 v^2) where v is a root of
# 32 v^3 - 24 v^2 - 4 v + 3/2; by Viete v = 1/4 + u with 32 u^3 - 10 u - 1/2 = 0.
_V = "(1/4 + 2*sqrt(5/48)*cos(acos(3/40*sqrt(48/5))/3 - 2*pi/3))"
_NEAR, _FAR = f"sqrt(1 - sqrt{_V})", f"sqrt(1 + sqrt{_V})"
_OUT = f"sqrt(1 + 2*{_V} - 4*{_V}^2)"

SADDLES = (
    _surface(
        "saddle",
        mark("Saddle"),
        "x^2 - y^2",
        ((-2, 2), (-2, 2)),
        saddles=[(0, 0)],
        reference=mark("the standard form of a nondegenerate saddle (Morse lemma)"),
        teaches=mark("A start off the x axis by any amount, however small, leaves the saddle, and ever faster."),
        lesson=Lesson(
            mark("How do they leave a saddle?"),
            mark(
                "SGD and Momentum first run to the middle, where the gradient is small, and leave slowly. RMSprop"
                " and Adam scale up the weak slope along y and leave at once."
            ),
            starts=((1.7, 0.001),),
            walks=(
                by("sgd", "moving", learning_rate=0.05),
                by("momentum", "moving", learning_rate=0.02, momentum=0.8),
                by("rmsprop", "moving", learning_rate=0.01),
                by("adam", "moving", learning_rate=0.03),
            ),
            n_steps=48,
            relief=True,
        ),
    ),
    _surface(
        "escaping_saddle",
        mark("Saddle with two ways out"),
        "x^2 - y^2 + y^4/4",
        ((-2, 2), (-2.5, 2.5)),
        minima=[(0, "sqrt(2)"), (0, "-sqrt(2)")],
        saddles=[(0, 0)],
        reference=mark("the saddle x² − y², closed by a quartic"),
        teaches=mark("The loss looks settled while the path passes the saddle; then it falls again."),
        lesson=Lesson(
            mark("Why does SGD stop here?"),
            mark(
                "SGD, which without noise is plain gradient descent, ends on the saddle as if it were a minimum, for"
                " its steps shrink with the gradient; the others have found the way down. It is not at rest: all four"
                " start a trillionth off the line that leads into the saddle, and with 400 steps SGD leaves it as"
                " well."
            ),
            starts=((1.6, 1e-12),),
            walks=(
                by("sgd", "saddle", learning_rate=0.05),
                by("momentum", "minimum", learning_rate=0.05, momentum=0.8),
                by("rmsprop", "minimum", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.05),
            ),
        ),
    ),
    _surface(
        "curvature_saddle",
        mark("Saddle of chosen curvature"),
        "x^2/2 + ratio*(y^4/4 - y^2/2)",
        ((-1.5, 1.5), (-1.5, 1.5)),
        parameters=(
            Parameter("ratio", 0.1, 0.001, 10, mark("downward over upward curvature"), log=True, minimum=1e-9),
        ),
        minima=[(0, 1), (0, -1)],
        saddles=[(0, 0)],
        reference=mark("the saddle of Ge, Huang, Jin & Yuan 2015, arXiv:1503.02101, in two dimensions"),
        teaches=mark(
            "Gradient descent takes ln(r/d) / ln(1 + learning rate × ratio) steps to get from distance d to r: a weak"
            " way down is slow."
        ),
        lesson=Lesson(
            mark("What does a weak way down cost?"),
            mark(
                "The surface falls ten times more weakly than it rises, so SGD needs hundreds of steps to leave"
                " the saddle. Momentum adds its small steps up, RMSprop and Adam enlarge them, and all three are"
                " at a minimum."
            ),
            starts=((1.3, 0.001),),
            walks=(
                by("sgd", "moving", learning_rate=0.1),
                by("momentum", "minimum", learning_rate=0.1, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.01),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=400,
        ),
    ),
    _surface(
        "monkey_saddle",
        mark("Monkey saddle"),
        "x^3 - 3*x*y^2",
        ((-1.5, 1.5), (-1.5, 1.5)),
        saddles=[(0, 0)],
        reference="Hilbert & Cohn-Vossen 1932, Geometry and the Imagination",
        teaches=mark("Three ways down and no curvature: the Hessian says nothing, and Newton's method slows down."),
        lesson=Lesson(
            mark("Where to from a point without any curvature?"),
            mark(
                "Three valleys lead down from the middle and three ridges up. All four start near a ridge and"
                " turn off into the same valley, SGD last."
            ),
            starts=((1.2, 0.05),),
            walks=(
                by("sgd", "moving", learning_rate=0.01),
                by("momentum", "moving", learning_rate=0.005, momentum=0.8),
                by("rmsprop", "moving", learning_rate=0.005),
                by("adam", "moving", learning_rate=0.02),
            ),
            n_steps=50,
            relief=True,
        ),
    ),
    _surface(
        "degenerate_saddle",
        mark("Degenerate saddle"),
        "x^2 - y^4/4 + y^6/24",
        ((-2, 2), (-3, 3)),
        minima=[(0, 2), (0, -2)],
        saddles=[(0, 0)],
        reference=mark("a saddle whose downward curvature is zero"),
        teaches=mark("Without negative curvature the escape is not exponential: it takes about 1 / distance² steps."),
        lesson=Lesson(
            mark("What if the way down has no curvature either?"),
            mark(
                "Along y the surface falls with the fourth power only, so SGD has hardly left after 400 steps."
                " The other three are at a minimum."
            ),
            starts=((1.7, 0.15),),
            walks=(
                by("sgd", "moving", learning_rate=0.05),
                by("momentum", "minimum", learning_rate=0.05, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=400,
        ),
    ),
    _surface(
        "sequential_saddles",
        mark("One saddle after another"),
        "(x^2 - 1)^2/4 + (4*(x^2 - 1)^4 - 2*(x^2 - 1)^2 - 1)*y^2/2 + y^4/4",
        ((-1.6, 1.6), (-1.6, 1.6)),
        saddles=[(0, 0), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)],
        minima=[(f"{s}{x}", f"{t}{_OUT}") for x in (_NEAR, _FAR) for s in ("", "-") for t in ("", "-")],
        reference=mark("after Du et al. 2017, arXiv:1705.10412, closed up in two dimensions"),
        teaches=mark(
            "From near the y axis the path passes three saddles; each presses it closer to the next one's ridge."
        ),
        lesson=Lesson(
            mark("How often does one path get stuck?"),
            mark(
                "SGD passes three saddles, each a flat stretch of the loss, before it comes to rest. Momentum"
                " passes them faster; RMSprop and Adam turn off before the first."
            ),
            starts=((1e-06, 1.3),),
            walks=(
                by("sgd", "minimum", learning_rate=0.05),
                by("momentum", "minimum", learning_rate=0.02, momentum=0.8),
                by("rmsprop", "minimum", learning_rate=0.01),
                by("adam", "minimum", learning_rate=0.03),
            ),
            n_steps=500,
        ),
    ),
    _surface(
        "tilted_hat",
        mark("Tilted hat"),
        "(x^2 + y^2 - 1)^2 + tilt*x",
        ((-1.6, 1.6), (-1.6, 1.6)),
        parameters=(Parameter("tilt", 0.4, 0.02, 1.5, mark("slope added along x"), minimum=0.0, maximum=1.5),),
        minima=[(_ROOTS[2], 0)],
        saddles=[(_ROOTS[0], 0)],
        maxima=[(_ROOTS[1], 0)],
        reference=mark("the sombrero of Goldstone 1961, Il Nuovo Cimento 19, 154-164, tilted"),
        teaches=mark(
            "The saddle sits at the far side of the brim: a slow path that arrives there must go half way round."
        ),
        lesson=Lesson(
            mark("Which way round the brim?"),
            mark(
                "All four come down beside the saddle on the brim. Momentum shoots over the top, Adam goes round,"
                " RMSprop is halfway, and SGD has hardly left the saddle."
            ),
            starts=((1.5, 0.02),),
            walks=(
                by("sgd", "moving", learning_rate=0.02),
                by("momentum", "minimum", learning_rate=0.02, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.01),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "mueller_brown",
        mark("Müller-Brown potential"),
        "-200*exp(-(x - 1)^2 - 10*y^2) - 100*exp(-x^2 - 10*(y - 0.5)^2)"
        " - 170*exp(-6.5*(x + 0.5)^2 + 11*(x + 0.5)*(y - 1.5) - 6.5*(y - 1.5)^2)"
        " + 15*exp(0.7*(x + 1)^2 + 0.6*(x + 1)*(y - 1) + 0.7*(y - 1)^2)",
        ((-1.6, 1.2), (-0.4, 2)),
        minima=[
            (-0.558223634633024, 1.441725841804669),
            (0.623499404930877, 0.028037758528686),
            (-0.050010822998206, 0.466694104871972),
        ],
        saddles=[(0.212486582000662, 0.292988325107368), (-0.822001558732732, 0.624312802814871)],
        reference="Müller & Brown 1979, Theoretica Chimica Acta 53, 75-93",
        teaches=mark(
            "Chemists look for the saddles: they are the passes between three valleys, and the path bends twice."
        ),
        lesson=Lesson(
            mark("Three valleys and two passes: who ends where?"),
            mark(
                "From one start SGD rests in the middle valley, RMSprop and Adam in the right one. Momentum runs"
                " past both and rests in the deepest."
            ),
            starts=((1.1, 0.95),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.0002),
                by("momentum", "minimum", learning_rate=0.0003, momentum=0.9),
                by("rmsprop", "local minimum", learning_rate=0.01),
                by("adam", "local minimum", learning_rate=0.03),
            ),
            n_steps=300,
        ),
    ),
)
