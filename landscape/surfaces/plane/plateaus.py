"""Plateaus: a gradient near zero for a long time."""

from __future__ import annotations

from functools import partial

from landscape.language import mark
from landscape.parameter import Parameter
from landscape.surfaces.formula import declare
from landscape.surfaces.lesson import Lesson, by

_surface = partial(declare, group="plateaus")

_WIDTH = Parameter("width", 4, 1, 8, mark("length of the floor"), minimum=0)
_SLOPE = Parameter("slope", 0.0005, 0, 0.1, mark("gradient norm on the floor"), minimum=0)
# Beyond the floor -slope x + u^4 - 2 u^3 with u = x - width/2: Cardano's root of 4 u^3 - 6 u^2 - slope.
_HALF = "(1/8 + slope/8)"
_VALLEY = f"width/2 + 1/2 + ({_HALF} + sqrt({_HALF}^2 - 1/64))^(1/3) + ({_HALF} - sqrt({_HALF}^2 - 1/64))^(1/3)"

# A recurrent neuron x <- w sigmoid(x) + b, unrolled.
_state = "0.5"
for _ in range(10):
    _state = f"(w*sigmoid({_state}) + b)"

PLATEAUS = (
    _surface(
        "plateau",
        mark("Plateau"),
        "-slope*x + relu(-x - width/2)^3 + relu(y - 1.5)^3 + relu(-y - 1.5)^3"
        " + relu(x - width/2)^4 - (2 - y^2)*relu(x - width/2)^3",
        ((-5, 7), (-2.5, 2.5)),
        parameters=(_WIDTH, _SLOPE),
        minima=[(_VALLEY, 0)],
        reference=mark("a floor of constant slope whose shoulders are cubes, so that the Hessian is continuous"),
        teaches=mark(
            "On the floor the gradient norm is exactly the slope you set: gradient descent needs"
            " width / (learning rate × slope) steps to cross it."
        ),
        lesson=Lesson(
            mark("Who crosses the plain?"),
            mark(
                "From the plain RMSprop and Adam scale up the tiny gradient and cross; SGD and Momentum hardly"
                " move. From the slope above it is the reverse: Momentum brings its speed along, while RMSprop and"
                " Adam still divide by the steep gradients behind them."
            ),
            starts=(
                (-3.6, 0.8),
                (-1.5, -0.8),
            ),
            walks=(
                by("sgd", "plateau", learning_rate=0.1),
                by("momentum", "minimum", "plateau", learning_rate=0.1, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.01),
                by("adam", "moving", "minimum", learning_rate=0.05),
            ),
            n_steps=400,
        ),
    ),
    _surface(
        "plateau_1d",
        mark("Plateau, in profile"),
        "-slope*x + relu(-x - width/2)^3 + relu(x - width/2)^4 - 2*relu(x - width/2)^3",
        ((-4, 5),),
        variables=("x",),
        parameters=(_WIDTH, _SLOPE),
        minima=[(_VALLEY,)],
        reference=mark("the plateau along y = 0"),
        teaches=mark("The loss curve is flat although nothing is wrong: the way down begins behind the edge."),
        lesson=Lesson(
            mark("Has it converged, or is it on a plateau?"),
            mark(
                "The loss of SGD and Momentum is level although nothing has been reached: the gradient is small,"
                " not zero. RMSprop and Adam divide by it and cross to the minimum."
            ),
            starts=(-1.5,),
            walks=(
                by("sgd", "plateau", learning_rate=0.1),
                by("momentum", "plateau", learning_rate=0.1, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.01),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=400,
        ),
    ),
    _surface(
        "sigmoid_cliff",
        mark("Sigmoid cliff"),
        "sigmoid(-steepness*x) + y^2/20",
        ((-4, 4), (-3, 3)),
        parameters=(Parameter("steepness", 4, 0.5, 20, mark("steepness of the cliff"), log=True, minimum=1e-6),),
        reference=mark("a sigmoid in x, a parabola in y; the loss falls towards 0 for ever and has no minimum"),
        teaches=mark("Before the cliff and after it the gradient vanishes: both look like an arrival, and neither is."),
        lesson=Lesson(
            mark("What comes after the cliff?"),
            mark(
                "All four fall down the cliff, and behind it the surface is level again. There is no minimum:"
                " Momentum and Adam are on a plateau, the others are slowing down."
            ),
            starts=((-1.6, 2.4),),
            walks=(
                by("sgd", "moving", learning_rate=0.3),
                by("momentum", "plateau", learning_rate=0.03, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "plateau", learning_rate=0.1),
            ),
            n_steps=250,
            relief=True,
        ),
    ),
    _surface(
        "saturated_neuron_squared",
        mark("Saturated neuron, squared error"),
        "sigmoid(-z)^2/2",
        ((-10, 6),),
        variables=("z",),
        reference=mark(
            "one sigmoid neuron with target 1: (sigmoid(z) - 1)^2 / 2; Nielsen 2015, Neural Networks and Deep"
            " Learning, chapter 3"
        ),
        teaches=mark(
            "From z = −8 to 0 gradient descent at learning rate 0.1 takes 30078 steps: wrong, and slow to learn."
        ),
        lesson=Lesson(
            mark("Why does a neuron that is quite wrong learn nothing?"),
            mark(
                "At z = −7.5 the neuron is saturated and the squared error passes on almost no gradient: SGD"
                " stays. RMSprop and Adam scale the gradient and get across."
            ),
            starts=(-7.5,),
            walks=(
                by("sgd", "plateau", learning_rate=1),
                by("momentum", "moving", learning_rate=1, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "moving", learning_rate=0.1),
            ),
            n_steps=150,
        ),
    ),
    _surface(
        "saturated_neuron_cross_entropy",
        mark("Saturated neuron, cross-entropy"),
        "softplus(-z)",
        ((-10, 6),),
        variables=("z",),
        reference=mark(
            "one sigmoid neuron with target 1: -ln sigmoid(z); Nielsen 2015, Neural Networks and Deep Learning,"
            " chapter 3"
        ),
        teaches=mark("The same neuron in 90 steps instead of 30078: the logarithm undoes the saturation."),
        lesson=Lesson(
            mark("Does the loss function change how fast a neuron learns?"),
            mark(
                "With cross-entropy the gradient is largest where the neuron is most wrong. All four are past z ="
                " 1 within 150 steps, from a start where the squared error holds SGD fast."
            ),
            starts=(-8,),
            walks=(
                by("sgd", "moving", learning_rate=0.1),
                by("momentum", "moving", learning_rate=0.02, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.05),
                by("adam", "moving", learning_rate=0.1),
            ),
            n_steps=150,
        ),
    ),
    _surface(
        "staircase",
        mark("Round staircase"),
        "x^2 + y^2 + flatness*sin(2*pi*steps*(x^2 + y^2))/(2*pi*steps)",
        ((-1.5, 1.5), (-1.5, 1.5)),
        parameters=(
            Parameter("flatness", 0.95, 0, 1, mark("how flat the treads are; 1 is level"), minimum=0, maximum=1),
            Parameter(
                "steps",
                2,
                1,
                5,
                mark("steps for each unit of x^2 + y^2"),
                integer=True,
                minimum=1,
                words=mark("Steps of the stairs"),
            ),
        ),
        minima=[(0, 0)],
        reference=mark("r^2 with a sine on it, whose slope never turns upwards"),
        teaches=mark("Tread after tread the loss curve seems to settle, and each time the next riser follows."),
        lesson=Lesson(
            mark("Is a level loss curve the end?"),
            mark(
                "Each level stretch of the loss is a tread, and each time a riser follows. SGD and Adam are on"
                " the third tread after 150 steps, and none of the four is at the bottom."
            ),
            starts=((1.25, 0.55),),
            walks=(
                by("sgd", "moving", learning_rate=0.01),
                by("momentum", "moving", learning_rate=0.002, momentum=0.8),
                by("rmsprop", "moving", learning_rate=0.002),
                by("adam", "moving", learning_rate=0.01),
            ),
            n_steps=150,
            relief=True,
            threshold=0.1,
        ),
    ),
    _surface(
        "exploding_gradient_cliff",
        mark("Cliff of a recurrent neuron"),
        f"({_state} - 0.7)^2",
        ((-1, 9), (-5, 2)),
        variables=("w", "b"),
        minima=[(0, 0.7)],
        reference=mark(
            "Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, figure 6: x <- w sigmoid(x) + b from 0.5, here 10"
            " times, target 0.7"
        ),
        teaches=mark(
            "Ten steps through time build a cliff between two plains; one step onto it throws the path far away."
        ),
        lesson=Lesson(
            mark("What does one step on a cliff do?"),
            mark(
                "SGD meets the wall of the gorge and is thrown across the picture in one step; it comes to rest"
                " elsewhere. Adam's and RMSprop's steps do not grow with the gradient, so they stay in the gorge."
            ),
            starts=((5, -2.6),),
            walks=(
                by("sgd", "minimum", learning_rate=0.1),
                by("momentum", "minimum", learning_rate=0.005, momentum=0.9),
                by("rmsprop", "moving", learning_rate=0.02),
                by("adam", "moving", learning_rate=0.1),
            ),
        ),
    ),
    _surface(
        "deep_linear_chain",
        mark("Eight layers of one weight"),
        "(w1^4*w2^4 - 1)^2/2",
        ((-1.6, 1.6), (-1.6, 1.6)),
        variables=("w1", "w2"),
        minima=[(1, 1), (1, -1), (-1, 1), (-1, -1)],
        reference=mark("Saxe, McClelland & Ganguli 2014, arXiv:1312.6120: a linear chain, four layers on each weight"),
        teaches=mark(
            "Small weights are a plateau and large ones a wall: vanishing and exploding gradients in one map."
        ),
        lesson=Lesson(
            mark("Why does a deep network start so slowly?"),
            mark(
                "With small weights the gradient, a product of many of them, is next to nothing: SGD stays on a"
                " plateau. RMSprop and Adam scale it up and are at a minimum."
            ),
            starts=((0.2, 0.35),),
            walks=(
                by("sgd", "plateau", learning_rate=0.02),
                by("momentum", "moving", learning_rate=0.025, momentum=0.9),
                by("rmsprop", "minimum", learning_rate=0.003),
                by("adam", "minimum", learning_rate=0.03),
            ),
            n_steps=400,
        ),
    ),
    _surface(
        "dead_relu",
        mark("Dead rectifier"),
        "((relu(w + b) - 1)^2 + (relu(b - w/2) - 0.2)^2)/2",
        ((-2, 2), (-2, 2)),
        variables=("w", "b"),
        minima=[("8/15", "7/15")],
        smooth=False,
        reference=mark("one rectified neuron over two samples, 1 → 1 and −1/2 → 0.2"),
        teaches=mark(
            "In one corner the neuron is off for all samples: the gradient is exactly zero and no optimizer moves."
        ),
        lesson=Lesson(
            mark("What is left of a neuron that is switched off?"),
            mark(
                "SGD with a rate of 1.3 jumps past the minimum into the corner where the neuron is off for all"
                " samples; the gradient there is zero and it never moves again. The others take shorter steps and"
                " arrive."
            ),
            starts=((0.4, 0.9),),
            walks=(
                by("sgd", "plateau", learning_rate=1.3),
                by("momentum", "minimum", learning_rate=0.05, momentum=0.8),
                by("rmsprop", "minimum", learning_rate=0.02),
                by("adam", "minimum", learning_rate=0.05),
            ),
            n_steps=150,
        ),
    ),
)
