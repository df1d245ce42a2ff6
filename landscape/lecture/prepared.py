"""Lectures that are there to be given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from types import MappingProxyType

from landscape.experiment import Experiment
from landscape.language import language, tr
from landscape.lecture.base import Lecture, Slide
from landscape.optimizers import optimizer
from landscape.optimizers.noise import GaussianNoise
from landscape.recipe.starts import Given
from landscape.surfaces import surface


def once_a_language(make: Callable[[], Lecture]) -> Callable[[], Lecture]:
    """Decorate what makes a lecture: it is made once in each language in which it is asked for."""
    made = cache(lambda key: make())
    return wraps(make)(lambda: made(language()))


@once_a_language
def local_optima() -> Lecture:
    """Return "The problem of local optima": ten slides, from the fear to what is to be remembered.

    Its words are text in the language of the moment: who changes or saves it has them so, whatever is spoken later.
    """
    four = (
        optimizer("sgd", learning_rate=0.05),
        optimizer("momentum", learning_rate=0.05, momentum=0.8),
        optimizer("rmsprop", learning_rate=0.02),
        optimizer("adam", learning_rate=0.05),
    )
    plateau = (
        optimizer("sgd", learning_rate=0.2),
        optimizer("momentum", learning_rate=0.2),
        optimizer("rmsprop", learning_rate=0.01),
        optimizer("adam", learning_rate=0.01),
    )
    return Lecture(
        tr("The problem of local optima"),
        (
            Slide(
                tr("Why local minima were feared"),
                (tr("In two dimensions a path can end in the wrong valley."),),
                tr(
                    "Everybody draws this picture first: two valleys, and the path ends in the one where it began. SGD "
                    "and Adam stay in the right valley, which is not the lowest; momentum happens to roll over.\n\n"
                    "Ask the room: how likely is such a valley when there are not two parameters but a million?"
                ),
                Experiment(
                    surface("tilted_double_well"),
                    (optimizer("sgd", learning_rate=0.02), optimizer("momentum", learning_rate=0.02), four[3]),
                    Given(((1.6, 1.2),)),
                    n_steps=200,
                ),
                {"relief": True},
            ),
            Slide(
                tr("What a saddle is"),
                (tr("The gradient is zero, and yet there is a way down."),),
                tr(
                    "Turn the relief. Along one direction the saddle is a valley, along the other a ridge: one Hessian "
                    "eigenvalue is positive, one negative. SGD and momentum come in along the valley floor; RMSprop "
                    "and Adam turn off before they are there.\n\n"
                    "SGD stops with a gradient as small as at a minimum, but a Hessian eigenvalue of −2: a small "
                    "gradient alone does not say where it stopped."
                ),
                Experiment(surface("escaping_saddle"), four, Given(((1.6, 1e-12),)), n_steps=200),
                {"relief": True},
            ),
            Slide(
                tr("The more dimensions, the fewer minima"),
                (tr("A minimum needs every direction to curve up."),),
                tr(
                    "Count the critical points of random landscapes by how many directions go down. In one dimension "
                    "half of them are minima; with every dimension more the share falls by about a half, and then "
                    "faster.\n\n"
                    "The matrix argument (all eigenvalues of a random symmetric matrix positive) falls far too fast: "
                    "the Hessian at a critical point is not such a matrix. The curve is the right one, by Kac and "
                    "Rice. At the right: the higher a critical point lies, the more directions fall."
                ),
                figure="saddles_or_minima",
            ),
            Slide(
                tr("The slice that lies"),
                (tr("A random plane through a saddle mostly shows a bowl."),),
                tr(
                    "A picture of a high-dimensional loss is a slice. With three directions in ten going down, a "
                    "random direction still looks uphill most of the time, because curvatures average. Only the "
                    "eigenvectors at both ends of the spectrum show the truth."
                ),
                claim="slices",
            ),
            Slide(
                tr("The plateau and its price"),
                (tr("One neuron, wrong and sure of it: squared error hardly pushes."),),
                tr(
                    "The neuron says 0 where 1 is wanted. Under squared error its gradient carries the factor σ′(z), "
                    "which is nearly zero there, so that gradient descent waits. Cross-entropy cancels this factor. "
                    "Nothing else differs."
                ),
                claim="saturated_neuron",
            ),
            Slide(
                tr("Four optimizers on a plateau"),
                (tr("The same floor, the same start: hundreds of steps, two thousand, or twenty thousand."),),
                tr(
                    "The floor falls by nine in ten thousand. SGD's step is learning rate times gradient: it would "
                    "need 19,560 steps to the edge and is not there when the picture ends. Momentum's step is ten "
                    "times that, and it leaves after 1,978. RMSprop and Adam divide by the size of the gradients that "
                    "they have seen, so their steps keep their length on a floor as flat as this one: 239 and 368."
                ),
                Experiment(surface("plateau").with_settings(slope=9e-4), plateau, Given(((-1.5, 0.4),)), n_steps=2400),
            ),
            Slide(
                tr("Noise"),
                (tr("Exactly on the line into the saddle: without noise for ever, with noise for a moment."),),
                tr(
                    "The start lies exactly on the line that leads into the saddle. Without noise gradient descent "
                    "would never leave. Noise like that of minibatches, here of size .01, is enough."
                ),
                Experiment(
                    surface("escaping_saddle"),
                    (four[0], four[1]),
                    Given(((1.6, 0.0),)),
                    n_steps=250,
                    noise=GaussianNoise(scale=0.01),
                    seed=1,
                ),
            ),
            Slide(
                tr("Width"),
                (tr("With one or two neurons more than needed, hardly any start gets stuck."),),
                tr(
                    "Students of three widths learn the same data from 24 starts each. With 8 neurons five of them are "
                    "still stuck at the end; with one or two neurons more none is. The claim on width tells being "
                    "stuck from being slow, with a teacher whose weights are known."
                ),
                figure="networks",
                view={"view": "widths"},
            ),
            Slide(
                tr("Batch normalization"),
                (
                    tr(
                        "The same network from the same weights: its loss falls sooner, its gradient keeps its "
                        "direction."
                    ),
                ),
                tr(
                    "Watch which loss falls first, and on the right how far the gradient turns within a step. "
                    "Normalizing subtracts from the gradient what would only move the mean and the scale of the "
                    "activations. The weights in front may be three times as long: the loss is the same, the gradient "
                    "a third, the sharpness a ninth."
                ),
                figure="networks",
            ),
            Slide(
                tr("What to remember"),
                (
                    tr("In many dimensions nearly every point of zero gradient is a saddle."),
                    tr("A small gradient is not a minimum: look at the Hessian."),
                    tr("Plateaus cost the time, not local minima."),
                    tr("Momentum, RMSprop and Adam help to get off them."),
                    tr("A network that is large enough seldom gets stuck."),
                ),
                tr("Let them say it first."),
            ),
        ),
    )


LECTURES: Mapping[str, Callable[[], Lecture]] = MappingProxyType({"local_optima": local_optima})
"""Prepared lectures: key -> what makes it."""
