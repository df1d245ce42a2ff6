"""Local minima: where the start decides the end."""

from __future__ import annotations

from functools import partial

from landscape.language import mark
from landscape.parameter import Parameter
from landscape.surfaces.formula import declare
from landscape.surfaces.lesson import Lesson, by

_surface = partial(declare, group="local_minima")

# The roots of x^3 - x + tilt/4, from the largest to the smallest, as Viete wrote them.
_ROOTS = [f"2/sqrt(3)*cos(acos(-tilt*3*sqrt(3)/8)/3 - 2*pi*{k}/3)" for k in range(3)]
_TILT = Parameter("tilt", 0.3, -1.5, 1.5, mark("slope added along x"), minimum=-1.5, maximum=1.5)

LOCAL_MINIMA = (
    _surface(
        "double_well",
        mark("Double well"),
        "(x^2 - 1)^2 + tilt*x",
        ((-2, 2),),
        variables=("x",),
        parameters=(_TILT,),
        minima=[(_ROOTS[0],), (_ROOTS[2],)],
        maxima=[(_ROOTS[1],)],
        reference=mark("Landau & Lifshitz, Statistical Physics, section 142: a quartic with two minima, tilted"),
        teaches=mark(
            "Two minima, one deeper: with small steps gradient descent finds the one on its side, whichever it is."
        ),
        lesson=Lesson(
            mark("Which of the two minima do they find?"),
            mark(
                "SGD and Adam rest in the minimum on their side, although the other one is lower. Momentum has"
                " speed enough to roll over the top."
            ),
            starts=(1.8,),
            walks=(
                by("sgd", "local minimum", learning_rate=0.01),
                by("momentum", "minimum", learning_rate=0.01, momentum=0.9),
                by("adam", "local minimum", learning_rate=0.05),
            ),
        ),
    ),
    _surface(
        "sharp_and_wide",
        mark("A sharp and a wide minimum"),
        "1 + w^2/100 - exp(-50*(w + 1)^2) - exp(-(w - 2)^2)",
        ((-3, 5),),
        variables=("w",),
        minima=[(-0.999792627734344,), (1.980190324502969,)],
        maxima=[(-0.607862641119169,)],
        reference=mark("Hochreiter & Schmidhuber 1997, Neural Computation 9, 1-42: flat minima"),
        teaches=mark("A step size above 2 / curvature cannot rest in the sharp minimum, but can in the wide one."),
        lesson=Lesson(
            mark("What keeps a path out of a sharp minimum?"),
            mark(
                "With the small rate SGD rests in the sharp minimum. With the large one it cannot, for the rate"
                " is above 2 / curvature: it is thrown out and rests in the wide one."
            ),
            starts=(-1.3,),
            walks=(
                by("sgd", "minimum", learning_rate=0.01),
                by("sgd", "local minimum", learning_rate=0.15),
                by("adam", "minimum", learning_rate=0.05),
            ),
        ),
    ),
    _surface(
        "tilted_double_well",
        mark("Tilted double well"),
        "(x^2 - 1)^2 + tilt*x + y^2",
        ((-2, 2), (-1.5, 1.5)),
        parameters=(_TILT,),
        minima=[(_ROOTS[0], 0), (_ROOTS[2], 0)],
        saddles=[(_ROOTS[1], 0)],
        reference=mark("the double well in x, a parabola in y"),
        teaches=mark(
            "Momentum, noise or large steps carry a path over the saddle to the deeper well; small ones never do."
        ),
        lesson=Lesson(
            mark("Who crosses the saddle to the lower minimum?"),
            mark(
                "Momentum carries its path over the saddle into the lower well. The other three rest in the well"
                " on their side."
            ),
            starts=((1.7, 1.2),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.02),
                by("momentum", "minimum", learning_rate=0.02, momentum=0.9),
                by("rmsprop", "local minimum", learning_rate=0.02),
                by("adam", "local minimum", learning_rate=0.1),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "himmelblau",
        mark("Himmelblau"),
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        ((-6, 6), (-6, 6)),
        minima=[
            (3, 2),
            (3.584428340330492, -1.848126526964403),
            (-3.779310253377747, -3.28318599128617),
            (-2.805118086952745, 3.131312518250573),
        ],
        saddles=[
            (3.385154183607021, 0.073851879837749),
            (0.086677504555396, 2.884254701174776),
            (-3.07302575076439, -0.081353044287968),
            (-0.12796134673068, -1.953714980244577),
        ],
        maxima=[(-0.270844590667348, -0.923038556479981)],
        reference="Himmelblau 1972, Applied Nonlinear Programming",
        teaches=mark("Four minima of the same depth: which one is reached depends on the start, and on the optimizer."),
        lesson=Lesson(
            mark("From one start, how many minima?"),
            mark(
                "SGD, Momentum and Adam rest in three of the four minima, all of the same depth. Which one it is"
                " depends on the optimizer as much as on the start."
            ),
            starts=((0.5, 5.2),),
            walks=(
                by("sgd", "minimum", learning_rate=0.005),
                by("momentum", "minimum", learning_rate=0.005, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.1),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "styblinski_tang",
        mark("Styblinski-Tang"),
        "(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        ((-5, 5), (-5, 5)),
        minima=[
            (-2.903534027771177, -2.903534027771177),
            (2.746802770990837, -2.903534027771177),
            (-2.903534027771177, 2.746802770990837),
            (2.746802770990837, 2.746802770990837),
        ],
        saddles=[
            (0.15673125678034, -2.903534027771177),
            (-2.903534027771177, 0.15673125678034),
            (0.15673125678034, 2.746802770990837),
            (2.746802770990837, 0.15673125678034),
        ],
        maxima=[(0.15673125678034, 0.15673125678034)],
        reference="Styblinski & Tang 1990, Neural Networks 3, 467-483",
        teaches=mark("3ⁿ critical points and only 2ⁿ of them minima: with every dimension saddles gain on minima."),
        lesson=Lesson(
            mark("Who finds the lowest of four minima?"),
            mark(
                "SGD, RMSprop and Adam rest in the first minimum on their way, the highest of the four. Momentum"
                " runs through it and over the hill to the lowest."
            ),
            starts=((4.8, 4.6),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.01),
                by("momentum", "minimum", learning_rate=0.005, momentum=0.9),
                by("rmsprop", "local minimum", learning_rate=0.03),
                by("adam", "local minimum", learning_rate=0.2),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "three_hump_camel",
        mark("Three-hump camel"),
        "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        ((-2.5, 2.5), (-2.5, 2.5)),
        minima=[(0, 0), (-1.747552345830289, 0.873776172915144), (1.747552345830289, -0.873776172915144)],
        saddles=[(1.07054229182366, -0.53527114591183), (-1.07054229182366, 0.53527114591183)],
        reference="Dixon & Szegö 1978, Towards Global Optimisation 2; Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark("The two outer valleys look like the inner one from inside; only the loss tells them apart."),
        lesson=Lesson(
            mark("Can a path tell a side valley from the main one?"),
            mark(
                "SGD and RMSprop rest in the outer valley, Momentum and Adam in the inner one. Both look the same"
                " from inside: only the loss says that one is higher."
            ),
            starts=((-2.2, -1.6),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.02),
                by("momentum", "minimum", learning_rate=0.01, momentum=0.9),
                by("rmsprop", "local minimum", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.1),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "six_hump_camel",
        mark("Six-hump camel"),
        "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
        ((-2.2, 2.2), (-1.4, 1.4)),
        minima=[
            (0.089842013100318, -0.71265640302074),
            (-0.089842013100318, 0.71265640302074),
            (-1.703606714969981, 0.796083568672625),
            (1.703606714969981, -0.796083568672625),
            (1.607104752920197, 0.568651454884131),
            (-1.607104752920198, -0.568651454884131),
        ],
        saddles=[
            (0, 0),
            (1.109205336804786, -0.76826809250954),
            (-1.109205336804786, 0.76826809250954),
            (1.638067984189779, 0.228674069044394),
            (-1.638067984189779, -0.228674069044394),
            (1.296070267167109, 0.605084388038658),
            (-1.296070267167109, -0.605084388038658),
        ],
        maxima=[(-1.230229876516652, -0.162334584458995), (1.230229876516652, 0.162334584458995)],
        reference="Dixon & Szegö 1978, Towards Global Optimisation 2; Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark("Six minima in mirrored pairs, with saddles between them that starts on the ridges run into."),
        lesson=Lesson(
            mark("Two lowest minima: who goes to which?"),
            mark(
                "SGD, RMSprop and Adam rest in the nearer one. Momentum crosses the middle and rests in its"
                " mirror image, at the same loss."
            ),
            starts=((1.1, 1.2),),
            walks=(
                by("sgd", "minimum", learning_rate=0.01),
                by("momentum", "minimum", learning_rate=0.01, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.01),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=250,
        ),
    ),
    _surface(
        "goldstein_price",
        mark("Goldstein-Price"),
        "(1 + (x + y + 1)^2*(19 - 14x + 3x^2 - 14y + 6*x*y + 3y^2))"
        "*(30 + (2x - 3y)^2*(18 - 32x + 12x^2 + 48y - 36*x*y + 27y^2))",
        ((-2, 2), (-2, 2)),
        minima=[(0, -1), (-0.6, -0.4), (1.8, 0.2), (1.2, 0.8)],
        saddles=[(-0.4, -0.6), (1.2, -0.2), (1.4, 0.6), (0.6, 0.4)],
        maxima=[(0.8, 0.2)],
        reference="Goldstein & Price 1971, Mathematics of Computation 25, 569-574",
        teaches=mark(
            "The loss spans six orders of magnitude: a learning rate for the walls is far too small on the floor."
        ),
        lesson=Lesson(
            mark("Can one learning rate serve walls and floor?"),
            mark(
                "On the walls the gradient is a hundred thousand times as long as on the floor, so SGD's rate"
                " must be tiny and its pace dies. Momentum lingers beside a saddle; RMSprop and Adam, which scale"
                " the gradient, near a local minimum."
            ),
            starts=((-1.4, 0.7),),
            walks=(
                by("sgd", "moving", learning_rate=1e-06),
                by("momentum", "moving", learning_rate=1e-06, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.01),
                by("adam", "moving", learning_rate=0.05),
            ),
            n_steps=600,
        ),
    ),
    _surface(
        "rastrigin",
        mark("Rastrigin"),
        "2*amplitude + x^2 + y^2 - amplitude*(cos(2*pi*x) + cos(2*pi*y))",
        ((-5.12, 5.12), (-5.12, 5.12)),
        parameters=(Parameter("amplitude", 10, 0, 20, mark("height of the ripples"), minimum=0),),
        minima=[(0, 0)],
        reference="Rastrigin 1974, Systems of Extremal Control; Mühlenbein, Schomisch & Born 1991",
        teaches=mark(
            "A bowl under 121 dimples: descent ends in the next one, and only noise or large steps see the bowl."
        ),
        lesson=Lesson(
            mark("How far down do they get among 121 dimples?"),
            mark(
                "SGD rests in the first dimple and RMSprop stays in it. Momentum and the long steps of Adam cross"
                " some rims and end lower, but none gets to the bottom of the bowl."
            ),
            starts=((-4.4, 2.3),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.002),
                by("momentum", "local minimum", learning_rate=0.004, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.03),
                by("adam", "local minimum", learning_rate=0.8),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "ackley",
        mark("Ackley"),
        "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + e",
        ((-5, 5), (-5, 5)),
        minima=[(0, 0)],
        smooth=False,
        reference="Ackley 1987, A Connectionist Machine for Genetic Hillclimbing",
        teaches=mark(
            "Nearly flat and dimpled outside, a steep funnel with a pointed tip inside, where the gradient jumps."
        ),
        lesson=Lesson(
            mark("Who sees past the ripples?"),
            mark(
                "SGD and Adam rest in the dimple beside the start. Momentum rolls over the ripples most of the"
                " way to the middle and is caught in the last ring."
            ),
            starts=((4.5, -1.3),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.02),
                by("momentum", "local minimum", learning_rate=0.03, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.03),
                by("adam", "local minimum", learning_rate=0.3),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "griewank",
        mark("Griewank"),
        "1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))",
        ((-10, 10), (-10, 10)),
        minima=[
            (0, 0),
            (3.14002263389554, -4.438444480920714),
            (3.14002263389554, 4.438444480920714),
            (-3.14002263389554, -4.438444480920714),
            (-3.14002263389554, 4.438444480920714),
            (6.280045279379904, 0),
            (-6.280045279379904, 0),
            (0, 8.876888929095657),
            (0, -8.876888929095655),
            (-9.420067886213593, 4.438444437201061),
            (9.420067886213593, -4.438444437201061),
            (9.420067886213593, 4.438444437201061),
            (-9.420067886213593, -4.438444437201061),
            (6.280045217550294, 8.87688888537455),
            (6.280045217550294, -8.87688888537455),
            (-6.280045217550294, -8.87688888537455),
            (-6.280045217550294, 8.87688888537455),
        ],
        reference="Griewank 1981, Journal of Optimization Theory and Applications 34, 11-39",
        teaches=mark(
            "From afar a parabola, from nearby all ripples: what a surface looks like depends on the distance."
        ),
        lesson=Lesson(
            mark("Does the ripple or the bowl decide?"),
            mark(
                "Nearby the ripples decide: SGD and Momentum rest in one local minimum, Adam in another. The"
                " lowest, at the middle, is not even the nearest."
            ),
            starts=((-2.7, -7.9),),
            walks=(
                by("sgd", "local minimum", learning_rate=1.0),
                by("momentum", "local minimum", learning_rate=1.0, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.2),
                by("adam", "local minimum", learning_rate=0.5),
            ),
            n_steps=400,
        ),
    ),
    _surface(
        "levy",
        mark("Levy"),
        "sin(pi*(3 + x)/4)^2 + ((x - 1)/4)^2*(1 + 10*sin(pi*(3 + x)/4 + 1)^2)"
        " + ((y - 1)/4)^2*(1 + sin(pi*(3 + y)/2)^2)",
        ((-10, 10), (-10, 10)),
        minima=[(1, 1)],
        reference=mark("Laguna & Martí 2005, Journal of Global Optimization 33, 235-255, function 17, for n = 2"),
        teaches=mark("Parallel ripples: across them a slow path is caught, along them it slides freely."),
        lesson=Lesson(
            mark("Who gets across the ripples to the lowest minimum?"),
            mark(
                "Momentum runs across all of them, turns at the far slope and rests in the lowest minimum. The"
                " others are caught: RMSprop and Adam in the first ripple, SGD in the next."
            ),
            starts=((-9.5, 5.5),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.1),
                by("momentum", "minimum", learning_rate=0.05, momentum=0.9),
                by("rmsprop", "local minimum", learning_rate=0.05),
                by("adam", "local minimum", learning_rate=0.5),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "schaffer_2",
        mark("Schaffer 2"),
        "0.5 + (sin(x^2 - y^2)^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2",
        ((-4, 4), (-4, 4)),
        minima=[(0, 0)],
        reference="Schaffer et al. 1989, ICGA 3, 51-60; Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark(
            "Ripples that grow finer outwards: the same step that descends near the centre jumps blindly far out."
        ),
        lesson=Lesson(
            mark("Is the middle the lowest point, and who gets there?"),
            mark(
                "SGD and Momentum, with long steps, jump the ripple and settle on a flat stretch beside the lowest"
                " point. RMSprop and Adam stay in the ring where they began."
            ),
            starts=((2.1, 0.1),),
            walks=(
                by("sgd", "minimum", learning_rate=0.3),
                by("momentum", "minimum", learning_rate=0.1, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "local minimum", learning_rate=0.1),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "easom",
        mark("Easom"),
        "-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)",
        ((0, 6), (0, 6)),
        minima=[("pi", "pi")],
        reference=mark("Easom 1990, A survey of global optimization techniques (thesis, Louisville)"),
        teaches=mark(
            "A single hole in a plain: away from it the slope is next to nothing; gradient descent hardly moves."
        ),
        lesson=Lesson(
            mark("Who finds the only hole in the plain?"),
            mark(
                "RMSprop and Adam walk into it, for they scale even a tiny gradient up; Momentum gathers speed"
                " and follows. SGD's steps are as small as the slope, so it is still out on the plain."
            ),
            starts=((1.5, 1.8),),
            walks=(
                by("sgd", "moving", learning_rate=0.21),
                by("momentum", "minimum", learning_rate=0.1, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.01),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=350,
        ),
    ),
    _surface(
        "eggholder",
        mark("Eggholder"),
        "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - y - 47)))",
        ((-512, 512), (-512, 512)),
        minima=[
            (482.3533104647885, 432.8789989454835),
            (439.48099726945344, 453.97743475400256),
            (-465.6941515451357, 385.71669978348035),
            (347.32697297384874, 499.41539845004286),
        ],
        smooth=False,
        reference=mark(
            "Whitley et al. 1996, Artificial Intelligence 85, 245-276; its published minimum −959.6407 at"
            " (512, 404.2319) is only the lowest point of the border"
        ),
        teaches=mark("Deep pockets and coordinates in the hundreds: the scale of the steps has to fit the surface."),
        lesson=Lesson(
            mark("How much of such a surface does a path get to see?"),
            mark(
                "SGD and Momentum rest in pockets nearby, RMSprop and Adam keep stirring in theirs. The deepest"
                " pockets lie far off, at the border."
            ),
            starts=((-168, -358),),
            walks=(
                by("sgd", "local minimum", learning_rate=2.0),
                by("momentum", "local minimum", learning_rate=2.0, momentum=0.9),
                by("rmsprop", "moving", learning_rate=5.0),
                by("adam", "moving", learning_rate=40.0),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "cross_in_tray",
        mark("Cross-in-tray"),
        "-0.0001*(abs(sin(x)*sin(y)*exp(abs(100 - sqrt(x^2 + y^2)/pi))) + 1)^0.1",
        ((-10, 10), (-10, 10)),
        minima=[
            (1.349406617153911, -1.349406617153911),
            (-1.349406617153911, -1.349406617153911),
            (1.349406617153911, 1.349406617153911),
            (-1.349406617153911, 1.349406617153911),
        ],
        smooth=False,
        reference="Mishra 2006, SSRN 926132; Jamil & Yang 2013, arXiv:1308.4008",
        teaches=mark("Four equal minima between sharp walls along the axes, on which the gradient jumps."),
        lesson=Lesson(
            mark("What does a wall do to a path beside it?"),
            mark(
                "From beside the wall SGD and Adam roll into the nearest of many trays. Momentum runs through it"
                " and rests in the next one, which is higher."
            ),
            starts=((5.2, -0.1),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.5),
                by("momentum", "local minimum", learning_rate=1, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.1),
                by("adam", "local minimum", learning_rate=0.4),
            ),
        ),
    ),
    _surface(
        "bukin_6",
        mark("Bukin 6"),
        "100*sqrt(abs(y - 0.01*x^2)) + 0.01*abs(x + 10)",
        ((-15, -5), (-3, 3)),
        minima=[(-10, 1)],
        smooth=False,
        reference="Bukin 1997, New minimization strategies for non-smooth functions, Novosibirsk",
        teaches=mark(
            "Not smooth: the floor is a cusp where the gradient becomes infinite, so every step overshoots it."
        ),
        lesson=Lesson(
            mark("Why does nobody follow the valley floor?"),
            mark(
                "The floor is a cusp, beside which the gradient grows without bound, so every step jumps across"
                " it. All four reach it, and bounce across it instead of moving along it."
            ),
            starts=((-6, 2),),
            walks=(
                by("sgd", "moving", learning_rate=0.0005),
                by("momentum", "moving", learning_rate=0.0001, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.005),
                by("adam", "moving", learning_rate=0.03),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "drop_wave",
        mark("Drop wave"),
        "-(1 + cos(12*sqrt(x^2 + y^2)))/(2 + (x^2 + y^2)/2)",
        ((-5.12, 5.12), (-5.12, 5.12)),
        minima=[(0, 0)],
        reference="Molga & Smutnicki 2005, Test functions for optimization needs",
        teaches=mark("Ring after ring of equal height: each is a valley whose whole floor is a minimum along the way."),
        lesson=Lesson(
            mark("How many rings inwards does each of them get?"),
            mark(
                "SGD rests in the ring where it started, Momentum one ring further in, Adam two. Each ring is a"
                " minimum all round, so there is no slope towards the middle."
            ),
            starts=((1.2, -2.6),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.01),
                by("momentum", "local minimum", learning_rate=0.08, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "local minimum", learning_rate=0.4),
            ),
            n_steps=300,
        ),
    ),
    _surface(
        "gaussian_wells",
        mark("Five Gaussian wells"),
        "(x^2 + y^2)/20 - exp(-((x - 1.5)^2 + (y - 1)^2)/0.5) - 1.5*exp(-((x + 1.5)^2 + (y + 1)^2)/0.3)"
        " - 0.8*exp(-((x - 1)^2 + (y + 1.5)^2)/0.8) - 1.2*exp(-((x + 1)^2 + (y - 1.8)^2)/0.2)"
        " - 0.6*exp(-(x^2 + y^2)/0.4)",
        ((-3, 3), (-3, 3)),
        minima=[
            (-1.484820204876663, -0.990018131663674),
            (-0.991715320025615, 1.785089021865442),
            (1.462712589192674, 0.97475752932621),
            (0.951059850736674, -1.426563540600581),
            (0.014930479111012, -0.016218703801037),
        ],
        saddles=[
            (0.444501989898381, -0.662457035459663),
            (0.690991163989952, 0.431754728160019),
            (-0.706042518508256, -0.500161307054827),
            (-0.571918604362236, 1.035595869337992),
        ],
        reference=mark("five wells of different depth and width in a shallow bowl"),
        teaches=mark("The deepest well is not the widest: more starts end in the wide one."),
        lesson=Lesson(
            mark("Five wells: who finds the deepest?"),
            mark(
                "Nobody: SGD rests in the second deepest, the others in shallower ones. The deepest, on the lower"
                " left, lies off their way."
            ),
            starts=((-2.2, 1.2),),
            walks=(
                by("sgd", "local minimum", learning_rate=0.05),
                by("momentum", "local minimum", learning_rate=0.1, momentum=0.9),
                by("rmsprop", "local minimum", learning_rate=0.02),
                by("adam", "local minimum", learning_rate=0.1),
            ),
            n_steps=250,
        ),
    ),
)
