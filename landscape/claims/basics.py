"""The rest of the lecture: softmax regression, batch normalization, the first program (THEORY 22 to 24)."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from landscape.claims.base import Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import GRAPHS, chart, line, numbers
from landscape.language import mark, tr
from landscape.optimizers.adam import Adam
from landscape.optimizers.first_order import SGD
from landscape.picture.scene import Axis, Panel
from landscape.recipe.starts import Given
from landscape.scene import Scene


def _softmax(seed: int, progress: Share, settings: Settings) -> Measurement:
    """The lecture's example, the gradient by differences, two classes as logistic regression, the Hessian."""
    from landscape.surfaces.networks import Logistic, Softmax, blobs
    from landscape.theory import softmax as theory

    rng = np.random.default_rng([seed, 22])
    classes = settings["classes"]
    model = Softmax(blobs(n_classes=classes, n=60, seed=seed))
    x = rng.standard_normal(model.n_dims)
    eigenvalues = np.linalg.eigvalsh(model.hessian(x))
    z, h = rng.standard_normal(classes), 1e-20
    # dL/dz of the loss itself, by complex steps; the label is the last class
    steps = z + 1j * h * np.eye(classes)
    losses = np.log(np.exp(steps).sum(axis=1)) - steps[:, -1]
    two = blobs(n_classes=2, n=60, seed=seed)
    pair, single = Softmax(two), Logistic(two)
    w = rng.standard_normal((2, 3))
    theta = np.concatenate([w[:, :2].ravel(), w[:, 2]])
    normal, offset = theory.as_logistic(w[:, :2], w[:, 2])
    # on the straight line where two scores agree, two probabilities must
    line, at = theory.boundary(w[:, :2], w[:, 2], 0, 1)
    along = np.array([-line[1], line[0]]) * rng.standard_normal((50, 1)) - at * line / (line @ line)
    shares = theory.softmax(along @ w[:, :2].T + w[:, 2])
    board = theory.arithmetic(theory.scores_of([0.3, 0.2, 0.1, 0.4]), label=1)
    return Measurement(
        {
            mark("loss of the example"): board.loss,
            mark("dL/dz less a − y"): float(np.abs(losses.imag / h - theory.arithmetic(z, classes - 1).dz).max()),
            mark("softmax of two less logistic"): float(
                abs(pair.value(theta) - single.value(np.append(normal, offset)))
            ),
            mark("probabilities apart on the line"): float(np.abs(shares[:, 0] - shares[:, 1]).max()),
            mark("smallest eigenvalue"): float(min(eigenvalues[0], 0.0)),
            mark("zero eigenvalues"): float((np.abs(eigenvalues) < 1e-12 * eigenvalues[-1]).sum()),
            mark("softmax at T = .01 less hardmax"): float(
                np.abs(theory.softmax([5.0, 2.0, -1.0, 3.0], 0.01) - theory.hardmax([5.0, 2.0, -1.0, 3.0])).max()
            ),
        },
        details={"eigenvalues": eigenvalues},
    )


def _softmax_scene(result: Result) -> tuple[Panel, ...]:
    values = result.details["eigenvalues"]
    spectrum = chart(
        "spectrum",
        tr("eigenvalues of the Hessian: none negative, three zero"),
        Axis(tr("number of the eigenvalue")),
        Axis(tr("eigenvalue")),
        (np.arange(1, len(values) + 1), values),
        ([1, len(values)], [0.0, 0.0]),
    )
    temperatures = np.geomspace(0.05, 20, 100)
    from landscape.theory.softmax import softmax

    shares = np.array([softmax([5.0, 2.0, -1.0, 3.0], t) for t in temperatures])
    lines = [line(temperatures, shares[:, k], tr("class {number}", number=k + 1), GRAPHS[k]) for k in range(4)]
    warmth = chart(
        "temperature",
        tr("softmax of z / T: hardmax at 0, equal shares at infinity"),
        Axis("T", "log"),
        Axis(tr("probability")),
        more=lines,
    )
    return spectrum, warmth


SOFTMAX = Claim(
    key="softmax",
    title=mark("Softmax regression: convex, with flat directions"),
    statement=mark(
        "The gradient of the loss in the scores is a − y; the loss is convex, and at least d + 1 "
        "directions change nothing."
    ),
    point="softmax",
    measuring=_softmax,
    expecting=lambda settings: {
        "loss of the example": -math.log(0.2),
        "dL/dz less a − y": 0.0,
        "softmax of two less logistic": 0.0,
        "probabilities apart on the line": 0.0,
        "smallest eigenvalue": 0.0,
        "zero eigenvalues": 3.0,
        "softmax at T = .01 less hardmax": 0.0,
    },
    tolerance=Tolerance("absolute", 1e-12),
    drawing=_softmax_scene,
    question=Question(
        mark("Softmax says (.3, .2, .1, .4) and the second class is right. How large is the loss?"),
        lambda result: result.measured["loss of the example"],
        {"0.2": 0.2, "0.8": 0.8, "1.609": 1.609, "5": 5.0},
    ),
    explanation=(
        mark(
            "a = eᶻ / Σ eᶻ and L = −Σ y log a give dL/dz = a − y, checked here by complex steps. With two classes "
            "this is logistic regression in w₁ − w₀. Two classes are equally probable where two linear scores agree, "
            "so that boundaries are straight. For example (.3, .2, .1, .4) and the second class, L = −ln .2 = 1.609."
        ),
        mark(
            "The Hessian is a mean of products of two positive semidefinite matrices, so no direction ever falls. "
            "Adding the same vector to the weights of all classes changes no probability: d + 1 = 3 eigenvalues are 0, "
            "no more here. Columns that are constant or depend on each other add some (digits 0, 1, 2: 83, not 65). "
            "Divided by a temperature that goes to 0, softmax becomes hardmax."
        ),
    ),
    references=("J. S. Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990",),
    parameters=(number("classes", 4, 3, 8, mark("number of classes"), integer=True),),
)


def _batch_norm(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Send a gradient back through a normalization; then make all weights before it longer."""
    from landscape.surfaces.networks import Perceptron, moons
    from landscape.surfaces.networks.layers import BatchNorm
    from landscape.theory import batch_norm as theory

    rng = np.random.default_rng([seed, 23])
    m, factor = settings["batch"], settings["factor"]
    y, g = rng.normal(size=(2, 5, m))
    gamma, beta = rng.normal(size=(2, 5))
    layer = BatchNorm(5, eps=0.0)
    _, kept = layer.forward((gamma, beta), y)
    dy, _ = layer.backward((gamma, beta), kept, g, first=False)
    identity = theory.squared_gradient_norm(g, kept[0], gamma, y.std(axis=-1))
    scale = float(np.sum((gamma[:, None] * g / y.std(axis=-1)[:, None]) ** 2))

    model = Perceptron(moons(n=40), widths=(5, 4), batch_norm=True, eps=0.0)
    x = model.starts(1, seed=seed)[0]
    hidden = np.zeros(model.n_dims, dtype=bool)
    for name in ("W1", "W2"):
        hidden[model.block(name).slice] = True
    longer = np.where(hidden, factor * x, x)
    norms = [float(np.linalg.norm(model.gradient(point)[hidden])) for point in (x, longer)]
    sharp = [float(np.linalg.eigvalsh(model.hessian(point)[np.ix_(hidden, hidden)])[-1]) for point in (x, longer)]
    return Measurement(
        {
            mark("error of the gradient's norm"): float(np.abs(np.sum(dy**2, axis=-1) - identity).max() / scale),
            mark("loss ratio"): float(model.value(longer) / model.value(x)),
            mark("gradient ratio"): norms[1] / norms[0],
            mark("sharpness ratio"): sharp[1] / sharp[0],
        }
    )


def _scaled(settings: Settings) -> dict[str, float]:
    from landscape.theory.batch_norm import scaled

    value, gradient, curvature = scaled(settings["factor"])
    return {
        "error of the gradient's norm": 0.0,
        "loss ratio": value,
        "gradient ratio": gradient,
        "sharpness ratio": curvature,
    }


def _batch_norm_scene(result: Result) -> Panel:
    ratios = [c.name for c in result.checks[1:]]
    return numbers(result, ratios, tr("what longer weights change"), log=True)


BATCH_NORM = Claim(
    key="batch_norm",
    title=mark("Batch normalization: the length of the weights does not matter"),
    statement=mark(
        "Behind a normalization the loss ignores the length of the weights: c times as long, the gradient is 1/c "
        "and the sharpness 1/c²."
    ),
    point="batch normalization",
    measuring=_batch_norm,
    expecting=_scaled,
    tolerance=Tolerance("relative", 1e-7),
    tolerances={"error of the gradient's norm": Tolerance("absolute", 1e-12)},
    drawing=_batch_norm_scene,
    question=Question(
        mark(
            "All weights before a batch normalization become 3 times as long. What happens to the largest Hessian "
            "eigenvalue in those weights?"
        ),
        lambda result: result.measured["sharpness ratio"] ** (math.log(3) / math.log(result.settings["factor"])),
        {mark("9 times as large"): 9, mark("the same"): 1, mark("a third"): 1 / 3, mark("a ninth"): 1 / 9},
    ),
    explanation=(
        mark(
            "f(c w) = f(w) for every c above 0; differentiating gives 1/c for the gradient and 1/c² for the Hessian. A "
            "step that is too long makes the weights longer (the gradient is at right angles to them), and so the "
            "next steps shorter in effect: the network tunes its own learning rate."
        ),
        mark(
            "Through the normalization the gradient becomes |grad_y|² = (γ² / σ²)(|g|² − (1.g)²/m − "
            "(g.ŷ)²/m): what lies along the mean and along the output is taken off. The identity holds to rounding, "
            "where the paper has an inequality."
        ),
    ),
    references=(
        mark(
            "S. Santurkar, D. Tsipras, A. Ilyas, A. Madry, How does batch normalization help optimization?, 2018, "
            "theorem 4.1"
        ),
    ),
    parameters=(
        number("factor", 3.0, 1.5, 10.0, mark("how many times as long the weights become")),
        number("batch", 40, 4, 400, mark("examples in the batch"), integer=True, log=True),
    ),
)


def _framework(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Run the lecture's first program in float64 and in float32, and with Adam."""
    from landscape.theory.framework_example import MINIMUM, points
    from landscape.theory.frameworks import walk

    rate = settings["learning_rate"]
    fine = walk(SGD(learning_rate=rate), 1000)
    coarse = walk(SGD(learning_rate=rate), 9000, dtype=np.float32)
    adam = walk(Adam(learning_rate=0.1), 3000)
    off = np.flatnonzero(np.abs(adam - MINIMUM) >= 1e-3)
    return Measurement(
        {
            mark("w after one step"): float(fine[1]),
            mark("w after 1000 steps"): float(fine[-1]),
            mark("largest distance from the formula"): float(np.abs(fine - points(np.arange(1001), rate)).max()),
            mark("distance at which float32 stalls"): MINIMUM - float(coarse[-1]),
            mark("Adam within .001 from step"): float(off[-1] + 1),
        },
        details={"fine": fine, "coarse": coarse.astype(float)[:1001], "adam": adam[:1001]},
    )


def _framework_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.framework_example import points, stall_distance

    rate = settings["learning_rate"]
    first, last = points([1, 1000], rate)
    return {
        "w after one step": float(first),
        "w after 1000 steps": float(last),
        "largest distance from the formula": 0.0,
        "distance at which float32 stalls": stall_distance(np.float32, rate),
        # recorded for this project: |w - 10| is .00104 at step 309
        "Adam within .001 from step": 310.0,
    }


def _framework_scene(result: Result) -> Scene:
    """The run itself on w^2 - 20 w + 100, so that it can be played."""
    from landscape.experiment import Experiment
    from landscape.surfaces import SURFACES

    experiment = Experiment(
        surface=SURFACES["framework_example"],
        optimizers=(SGD(learning_rate=result.settings["learning_rate"]), Adam(learning_rate=0.1)),
        starts=Given(((0.0,),)),
        n_steps=600,
    )
    return dataclasses.replace(
        experiment.run().scene(),
        title=FRAMEWORK.title,
        query=f"claim={FRAMEWORK.key}",
        notes=tuple(
            tr(
                "{number}: measured {measured:.9g}, expected {expected:.9g}",
                number=c.title,
                measured=c.measured,
                expected=c.expected,
            )
            for c in result.checks
        ),
    )


FRAMEWORK = Claim(
    key="framework_example",
    title=mark("The first program: w² − 20 w + 100"),
    statement=mark(
        "Gradient descent on w² − 20 w + 100 from w = 0 is at wₖ = 10 (1 − .98ᵏ); in float32 it stalls before "
        "it arrives."
    ),
    point="frameworks",
    measuring=_framework,
    expecting=_framework_theory,
    tolerance=Tolerance("absolute", 1e-11),
    tolerances={
        "distance at which float32 stalls": Tolerance("absolute", 2 * float(np.spacing(np.float32(10.0)))),
    },
    drawing=_framework_scene,
    question=Question(
        mark(
            "The program runs 1000 steps at learning rate .01, once in float64 and once in float32 as frameworks do. "
            "How close does float32 come to 10?"
        ),
        lambda result: result.measured["distance at which float32 stalls"],
        {
            mark("as close as float64: 2e−8"): 1e-9,
            mark("it stalls 2e−5 away"): 2.4e-5,
            mark("it stalls 0.01 away"): 1e-2,
        },
    ),
    explanation=(
        mark(
            "The error w − 10 shrinks by 1 − 2 η a step, so that w₁ = .2 and w₁₀₀₀ = 9.99999998. In float32 numbers "
            "near 10 are 9.5e−7 apart; once a step is less than half of that it rounds to nothing, and w stays where "
            "it is, 2.3e−5 short of 10. More steps do not help; a larger learning rate does."
        ),
        mark(
            "The coefficients [[1], [-20], [100]] are fed in as data, as a training set would be. Adam at .1 "
            "overshoots, swings and stays within .001 of 10 from step 310 on."
        ),
    ),
    references=(mark("the lecture's own example; the step of Adam is recorded for this project"),),
    parameters=(number("learning_rate", 0.01, 0.005, 0.05, mark("learning rate of gradient descent"), log=True),),
)
