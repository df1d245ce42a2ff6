"""Training with large steps: the edge of stability, and the catapult (THEORY 14 and 15)."""

from __future__ import annotations

import numpy as np

from landscape import stopping
from landscape.claims.base import Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import GRAPHS, chart, line
from landscape.claims.walking import descended
from landscape.language import mark, tr
from landscape.optimizers import Step
from landscape.optimizers.first_order import SGD
from landscape.picture.scene import Axis, Panel

RATES = (0.2, 0.3, 0.4)
"""Slower ones need longer to climb than a lecture lasts; from .5 on some starts diverge."""

ADAM_RATE, ADAM_STEPS, ADAM_WARM = 0.001, 5000, 2500
"""Adam's own training: from step 2500 on every one of 21 starts had reached the edge."""


def _at_rate(rate: float) -> str:
    return Named(mark("sharpness × rate / 2 at rate {rate:g}"), rate=rate)


def _training(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Train a 1-20-20-1 tanh network at three rates side by side and follow its largest Hessian eigenvalue."""
    from landscape.surfaces.networks import Perceptron, chebyshev

    model = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20))
    rates, n_steps = np.array(RATES)[:, None], settings["steps"]
    x = np.repeat(model.starts(1, seed=seed), len(rates), axis=0)
    looks = np.unique(np.linspace(0, n_steps, 25).astype(int))
    gauges = np.full((len(looks), len(rates)), np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(n_steps + 1):
            stopping.check()
            if t in looks:
                finite = np.isfinite(x).all(axis=1)
                sharp = np.linalg.eigvalsh(model.hessian(x[finite]))[:, -1]
                gauges[np.searchsorted(looks, t), finite] = sharp * rates[finite, 0] / 2
                progress(0.7 * t / n_steps)
            x = descended(x, model.gradient(x), rates)  # one learning rate a row
    adam_steps, adam_gauge = _adam(seed)
    adam_late = adam_gauge[adam_steps >= ADAM_WARM]
    late = gauges[looks > n_steps / 2]
    found = {_at_rate(r): float(late[:, k].mean()) for k, r in enumerate(RATES)}
    found |= {ADAM_MEAN: float(adam_late.mean()), ADAM_HIGHEST: float(adam_late.max())}
    details = {"steps": looks, "gauges": gauges, "adam steps": adam_steps, "adam gauge": adam_gauge}
    return Measurement(found, details=details)


ADAM_MEAN = mark("Adam: preconditioned sharpness × rate / 38")
ADAM_HIGHEST = mark("Adam: the highest of it")


def _adam(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Train the same network by Adam; return steps, every 100th at the edge, and its sharpness × rate / 38 there."""
    from landscape.analysis.smoothness import preconditioned_sharpness
    from landscape.optimizers.adam import Adam
    from landscape.surfaces.networks import Perceptron, chebyshev

    model, adam = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20)), Adam(learning_rate=ADAM_RATE)
    x = model.starts(1, seed=seed)
    state, gauge = adam.init(x), []
    looks = np.concatenate([np.arange(100, ADAM_WARM, 600), np.arange(ADAM_WARM, ADAM_STEPS + 1, 100)])
    for t in range(1, ADAM_STEPS + 1):
        stopping.check()
        x, state = adam.update(Step(x, model.gradient(x), t, ADAM_RATE), state)
        if t in looks:
            scale = np.sqrt(state[1][0] / (1 - adam.b2**t)) + adam.eps
            gauge.append(preconditioned_sharpness(model, x[0], scale) * ADAM_RATE / 38)
    return looks, np.array(gauge)


def _training_scene(result: Result) -> Panel:
    steps, gauges = result.details["steps"], result.details["gauges"]
    lines = [line(steps, gauges[:, k], tr("learning rate {rate:g}", rate=r), GRAPHS[k]) for k, r in enumerate(RATES)]
    lines.append(
        line(result.details["adam steps"], result.details["adam gauge"], tr("Adam, preconditioned"), "threshold")
    )
    edge = ([0, max(steps[-1], ADAM_STEPS)], [1.0, 1.0])
    return chart(
        "edge",
        tr("sharpness climbs to its edge, 2 / learning rate, and stays"),
        Axis(tr("step")),
        Axis(tr("sharpness × learning rate / 2 (Adam: / 38)")),
        theory=edge,
        more=lines,
    )


TRAINING_EDGE = Claim(
    key="edge_of_stability",
    title=mark("Training climbs to the edge of stability"),
    statement=mark(
        "A small network trained by full-batch gradient descent grows sharper up to 2 / learning rate and stays "
        "there; under Adam it has an edge of its own."
    ),
    point="(c)",
    measuring=_training,
    expecting=lambda settings: {
        **{_at_rate(r): 1.0 for r in RATES},
        ADAM_MEAN: 1.0,
        ADAM_HIGHEST: 1.0,
    },
    tolerance=Tolerance("absolute", 0.04),
    # Adam's is a saw: it has to pass the edge to be thrown back, by a tenth or so, and the mean is a little below
    tolerances={ADAM_MEAN: Tolerance("absolute", 0.12), ADAM_HIGHEST: Tolerance("at least", 1e-12)},
    drawing=_training_scene,
    question=Question(
        mark(
            "A network is trained with learning rate .2, so that valleys sharper than 10 are unstable. How sharp is "
            "the valley where it spends the second half of the training?"
        ),
        lambda result: result.measured["sharpness × rate / 2 at rate 0.2"],
        {
            mark("1: it finds a flat valley"): 0.1,
            "5": 0.5,
            mark("10: right at the edge"): 1.0,
            mark("20: it bears it"): 2.0,
        },
    ),
    explanation=(
        mark(
            "While the loss falls, the largest Hessian eigenvalue rises, until the iterates begin to swing across the "
            "valley. The swing lowers the sharpness again through the third derivative, and the two balance at "
            "2 / learning rate. The network has 481 weights and fits 20 points of a Chebyshev polynomial."
        ),
        mark(
            "So a quadratic picture with a fixed curvature is wrong for this training: the curvature adapts to the "
            "step. A much larger rate leaves no room for this: from .5 on runs from some starts diverge. Adam divides "
            "each weight's step, and the sharpness so divided climbs to (2 + 2 b1) / (1 − b1) = 38 over its rate: it "
            "passes the edge, is thrown back by a tenth or so and climbs again."
        ),
    ),
    references=(
        "J. Cohen et al., Gradient descent on neural networks typically occurs at the edge of stability, 2021",
        "J. Cohen et al., Adaptive gradient methods at the edge of stability, 2022",
    ),
    cost="seconds",
    parameters=(number("steps", 4000, 3000, 12000, mark("steps of training"), integer=True),),
)


def _catapult(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Descend (u.v)^2 / 2m from a start of chosen sharpness; hold each step against the exact map."""
    from landscape.descent import descend
    from landscape.surfaces.callables import from_functions
    from landscape.theory.catapult import step

    m, n_steps, rate = settings["width"], 150, 1.0
    root = np.sqrt(m)

    def output(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.sum(x[..., :m] * x[..., m:], axis=-1) / root)

    def gradient(x: np.ndarray) -> np.ndarray:
        turned = np.concatenate([x[..., m:], x[..., :m]], axis=-1)
        return np.asarray(output(x)[..., None] * turned / root)

    surface = from_functions(lambda x: output(x) ** 2 / 2, gradient, 2 * m, domain=((-5.0, 5.0),) * (2 * m))
    drawn = np.random.default_rng([seed, 15]).standard_normal((2, 2 * m))
    squares = (drawn**2).sum(axis=1, keepdims=True)
    starts = drawn * np.sqrt(m * np.array([[settings["sharpness"]], [4.4]]) / squares)
    # f = 1 / 2 at the start, so that the divergence of the second does not depend on a draw near 0
    starts = np.array([_with_output(x, 0.5, m) for x in starts])
    run = descend(surface, SGD(rate), starts, n_steps)
    path = run.points[0]
    f, sharpness = output(path), (path**2).sum(axis=-1) / m
    ahead = np.array([step(*pair, rate, m) for pair in zip(f[:-1], sharpness[:-1], strict=True)])
    off = np.abs(ahead - np.stack([f, sharpness], axis=1)[1:]) / np.maximum(1.0, np.abs(ahead))
    return Measurement(
        {
            mark("largest error of the map"): float(off.max()),
            mark("sharpness × rate at the end"): float(rate * sharpness[-1]),
            mark("loss at the end"): float(run.values[0, -1]),
            mark("starts above 4 that diverge"): float(run.last[1] < n_steps),
        },
        details={"loss": run.values[0], "sharpness": rate * sharpness},
    )


def _with_output(x: np.ndarray, f: float, m: int) -> np.ndarray:
    """Return a point with the same length and u . v = f sqrt(m): in u + v and u - v the lengths alone matter."""
    plus, minus = x[:m] + x[m:], x[:m] - x[m:]
    square, product = x @ x, f * np.sqrt(m)
    plus = plus * np.sqrt((square + 2 * product) / (plus @ plus))
    minus = minus * np.sqrt((square - 2 * product) / (minus @ minus))
    return np.concatenate([plus + minus, plus - minus]) / 2


def _catapult_scene(result: Result) -> tuple[Panel, ...]:
    loss, sharpness = result.details["loss"], result.details["sharpness"]
    steps = np.arange(len(loss))[:60]
    left = chart(
        "loss",
        tr("the loss is thrown up before it falls"),
        Axis(tr("step")),
        Axis(tr("loss"), "log"),
        more=(line(steps, np.maximum(loss[:60], 1e-30), tr("loss"), "graph"),),
    )
    right = chart(
        "sharpness",
        tr("sharpness × learning rate falls below 2"),
        Axis(tr("step")),
        Axis(tr("sharpness × rate"), range=(0.0, 4.2)),
        theory=(steps[[0, -1]], [2.0, 2.0]),
        more=(line(steps, sharpness[:60], tr("measured"), "graph"),),
    )
    return left, right


CATAPULT = Claim(
    key="catapult",
    title=mark("The catapult: too large a step finds a flatter valley"),
    statement=mark(
        "With learning rate × sharpness between 2 and 4 the loss of a two-layer model first grows and then "
        "converges where it is flatter; above 4 it diverges."
    ),
    point="(c)",
    measuring=_catapult,
    expecting=lambda settings: {
        "largest error of the map": 0.0,
        "sharpness × rate at the end": 2.0,
        "loss at the end": 0.0,
        "starts above 4 that diverge": 1.0,
    },
    tolerance=Tolerance("absolute", 1e-11),
    tolerances={
        "sharpness × rate at the end": Tolerance("at most", 1e-9),
        "loss at the end": Tolerance("absolute", 1e-3),
    },
    drawing=_catapult_scene,
    question=Question(
        mark("Sharpness × learning rate is 3, above the limit of 2 for a quadratic. What does gradient descent do?"),
        lambda result: 1 if result.measured["loss at the end"] < 1e-3 else 0,
        {mark("it diverges"): 0, mark("the loss grows first, then converges"): 1},
    ),
    explanation=(
        mark(
            "For f = u.v / √m and the loss f² / 2 the output and the sharpness follow an exact map of two numbers: "
            "f ← (1 − η l + η² f² / m) f and l ← l + (η f² / m)(η l − 4). As long as η l < 4, a large "
            "f lowers the sharpness; once η l < 2 the loss falls."
        ),
        mark(
            "A too large learning rate is therefore not always the end: it may carry the run out of a sharp valley "
            "into a flat one. The quadratic model knows nothing of this."
        ),
    ),
    references=("A. Lewkowycz et al., The large learning rate phase of deep learning: the catapult mechanism, 2020",),
    parameters=(
        number("sharpness", 3.0, 2.5, 3.8, mark("sharpness × learning rate at the start")),
        number("width", 20, 4, 100, mark("width m"), integer=True, log=True),
    ),
)
