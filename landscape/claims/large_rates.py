"""What a large learning rate does by itself: swings that steady themselves, the path about which they swing, cycles and
chaos (THEORY 25 and 26)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from landscape import stopping
from landscape.claims.base import DRAWN, Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, line
from landscape.claims.walking import descended
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Field, Panel

STABILIZED_STEPS = 200_000
"""How long the smallest model is run."""
TURNS = 2
"""So many turns of the slow circle are shown: a swing grows, sharpness falls, the swing dies, sharpness climbs."""

MEAN_SQUARE, IDENTITY, AT_THE_EDGE, GROWTH = (
    mark("mean of x² / 2a"),
    mark("mean of x² less 2a − 2 (y_T − y_0) / (η T)"),
    mark("mean of learning rate × sharpness / 2"),
    mark("mean growth of ln |x| per step"),
)


def _stabilized(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Run gradient descent on f = y (x^2 / 2 - a) from beside the edge."""
    from landscape.theory.self_stabilization import mean_square

    rate, slope = settings["learning_rate"], settings["slope"]
    # Beside the swing sqrt(2 a), which once there would neither grow nor die.
    x, y = 2.0 * math.sqrt(slope), 2.0 / rate
    path = np.empty((STABILIZED_STEPS + 1, 2))
    path[0] = x, y
    for t in range(1, STABILIZED_STEPS + 1):
        if t % 1000 == 0:
            stopping.check()
        x, y = descended(x, x * y, rate), descended(y, x * x / 2.0 - slope, rate)
        path[t] = x, y
    squares, sharpness = path[:-1, 0] ** 2, path[:, 1]
    square = float(squares.mean())
    told = mean_square(slope, sharpness[0], sharpness[-1], rate, STABILIZED_STEPS)
    return Measurement(
        {
            MEAN_SQUARE: square / (2.0 * slope),
            IDENTITY: (square - told) / (2.0 * slope),
            AT_THE_EDGE: float(rate * sharpness[:-1].mean() / 2.0),
            GROWTH: float(np.log(np.abs(1.0 - rate * sharpness[:-1])).mean()),
        },
        details={"path": path},
    )


def _stabilized_scene(result: Result) -> tuple[Panel, ...]:
    path, rate = result.details["path"], result.settings["learning_rate"]
    balance = math.sqrt(2.0 * result.settings["slope"])
    shown = round(TURNS * 2.0 * math.pi / (rate * balance))
    steps = np.unique(np.linspace(0, shown, 2000).astype(int))
    beyond = rate * path[:, 1] / 2.0 - 1.0
    return (
        chart(
            "sharpness",
            tr("sharpness goes to and fro about 2 / learning rate"),
            Axis(tr("step")),
            Axis(tr("learning rate × sharpness / 2 − 1")),
            theory=([0, shown], [0.0, 0.0]),
            more=(line(steps, beyond[steps], tr("measured")),),
        ),
        chart(
            "swing",
            tr("the swing across the valley wakes and sleeps"),
            Axis(tr("step")),
            Axis("|x|", "log"),
            theory=([0, shown], [balance] * 2),
            more=(line(steps, np.abs(path[steps, 0]), tr("measured")),),
        ),
    )


SELF_STABILIZATION = Claim(
    key="self_stabilization",
    title=mark("Gradient descent steadies itself at the edge of stability"),
    statement=mark(
        "Where going on would make the valley sharper than 2 / learning rate, a swing across it grows until it "
        "has made the valley flatter again: in the mean the swing cancels the drift exactly."
    ),
    point="learning rates",
    measuring=_stabilized,
    expecting=lambda settings: {MEAN_SQUARE: 1.0, IDENTITY: 0.0, AT_THE_EDGE: 1.0, GROWTH: 0.0},
    tolerance=Tolerance("absolute", 1e-3),
    tolerances={MEAN_SQUARE: Tolerance("absolute", 0.05), IDENTITY: Tolerance("absolute", 1e-8)},
    drawing=_stabilized_scene,
    question=Question(
        mark(
            "Along the floor of a valley gradient descent drifts to where it is ever sharper. What happens once "
            "sharpness × learning rate passes 2, where every swing across the valley grows?"
        ),
        lambda result: result.measured[AT_THE_EDGE],
        {
            mark("it diverges"): 100.0,
            mark("it turns round and goes back to half of that sharpness"): 0.5,
            mark("it stays about that sharpness"): 1.0,
            mark("it goes on to twice that sharpness"): 2.0,
        },
    ),
    explanation=(
        mark(
            "The loss is y (x²/2 − a): y is the sharpness of the valley x = 0 and grows by η a a step. Once η y passes "
            "2, x turns from side to side and grows, and the gradient of the sharpness, x²/2, pushes y down again: x "
            "← x (1 − η y), y ← y + η (a − x²/2). Summing the second line gives the mean of x² exactly."
        ),
        mark(
            "That is why full-batch training stays at the edge of stability and its loss falls all the same. It needs "
            "a slow drift: with a = 0.01 and η = 0.5 one swing throws the run out, and it diverges."
        ),
    ),
    references=(
        "A. Damian, E. Nichani, J. Lee, Self-stabilization: the implicit bias of gradient descent at the edge of "
        "stability, 2023",
        "J. Cohen et al., Understanding optimization in deep learning with central flows, 2024",
    ),
    parameters=(
        number("learning_rate", 0.2, 0.05, 0.3, mark("learning rate η"), log=True),
        number("slope", 1e-4, 2e-5, 2e-4, mark("slope a of the valley's floor"), log=True),
    ),
)


FLOW_RATE, FLOW_STEPS, FLOW_MEAN = 0.6, 1200, 200
"""Learning rate and steps of the network's training, and over how many of the last ones is averaged."""

APART, SHARPNESS, LOSS = (
    mark("distance to the central flow / distance to gradient flow"),
    mark("learning rate × sharpness / 2 on the central flow"),
    mark("mean loss of gradient descent / loss that the central flow foretells"),
)


def _central(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Train a 1-10-1 tanh network by gradient descent; follow central flow and gradient flow from the same start."""
    from landscape.surfaces.networks import Perceptron, chebyshev
    from landscape.theory.central_flow import central_flow

    model = Perceptron(chebyshev(degree=4, n=20), widths=(10,))
    start = model.starts(1, seed=seed)[0]
    central, lift = central_flow(model, start, FLOW_RATE, FLOW_STEPS, between=1)
    progress(0.8)
    descent, flow = [start], [start]
    for _ in range(FLOW_STEPS):
        stopping.check()
        descent.append(descended(descent[-1], model.gradient(descent[-1]), FLOW_RATE))
        x = flow[-1]
        for _ in range(4):
            x = x - FLOW_RATE / 4 * model.gradient(x)
        flow.append(x)
    late = slice(-FLOW_MEAN, None)

    def apart(path: np.ndarray) -> float:
        return float(np.linalg.norm(np.mean(descent[late], axis=0) - path[late].mean(axis=0)))

    losses, foretold = model.value(np.array(descent)), model.value(central) + lift
    flows = np.array(flow)
    return Measurement(
        {
            APART: apart(central) / apart(flows),
            SHARPNESS: FLOW_RATE / 2 * float(np.linalg.eigvalsh(model.hessian(central[-1]))[-1]),
            LOSS: float(losses[late].mean() / foretold[late].mean()),
        },
        details={"descent": losses, "foretold": foretold, "flow": model.value(flows)},
    )


def _central_scene(result: Result) -> Panel:
    steps = np.arange(0, FLOW_STEPS + 1, 2)
    shown = {
        tr("gradient descent"): ("descent", "boundary"),
        tr("gradient flow"): ("flow", "threshold"),
        tr("what the central flow foretells"): ("foretold", "theory"),
    }
    return chart(
        "loss",
        tr("loss of a small network"),
        Axis(tr("step")),
        Axis(tr("loss"), "log"),
        more=[line(steps, result.details[name][steps], label, role) for label, (name, role) in shown.items()],
    )


CENTRAL_FLOW = Claim(
    key="central_flow",
    title=mark("Behind the swings runs a smooth path"),
    statement=mark(
        "At the edge of stability gradient descent swings about a path of its own, the central flow, which can "
        "be computed without a swing, and not about gradient flow."
    ),
    point="learning rates",
    measuring=_central,
    expecting=lambda settings: {APART: 0.18, SHARPNESS: 1.0, LOSS: 1.0},
    tolerance=Tolerance("absolute", 0.15),
    tolerances={APART: Tolerance("at most", 1e-12), SHARPNESS: Tolerance("absolute", 0.01)},
    drawing=_central_scene,
    question=Question(
        mark(
            "Trained with a large learning rate, a network swings. Take the mean of the swings away: is what is left "
            "the path that a tiny learning rate would have taken?"
        ),
        lambda result: 1.0 if result.measured[APART] > 0.5 else 0.1,
        {mark("yes: the swings are noise about it"): 1.0, mark("no: it goes where the valley is less sharp"): 0.1},
    ),
    explanation=(
        mark(
            "Gradient flow is the limit of small steps; it goes on to where the curvature is above 2 / learning rate. "
            "The central flow adds to the loss half the trace of Hessian times the covariance of the swing, and takes "
            "that covariance just large enough for no curvature to pass the edge. Nothing is fitted."
        ),
        mark(
            "It foretells the mean of the weights and that of the loss, which lies above the loss in the middle of the "
            "valley. Held against it are the last 200 of 1,200 steps of a 1-10-1 tanh network; where two curvatures "
            "come to the edge together, both are held."
        ),
    ),
    references=("J. Cohen et al., Understanding optimization in deep learning with central flows, 2024",),
    cost="seconds",
)


ONE_TO_TWO, TWO_TO_FOUR, DIVERGES, CHAOS, LOWER, UPPER = (
    mark("rate from which two points are visited"),
    mark("rate from which four points are visited"),
    mark("rate from which starts diverge"),
    mark("growth of ln |error| per step at rate 2"),
    mark("lowest point visited"),
    mark("highest point visited"),
)
SETTLING, WATCHED, SLOWEST = 4000, 64, 40_000
"""Steps until an orbit counts as settled, how many of it are then looked at, and the steps that one may need which is
looked at alone: at a rate of exactly 1 the error falls with the root of the steps only."""


def _orbits(rates: np.ndarray, x: np.ndarray, kept: int, settling: int = SETTLING) -> np.ndarray:
    """Return ``kept`` points (kept, n) of gradient descent on (x^2 - 1)^2 / 4, after ``settling`` steps."""
    points = []
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(settling + kept):
            stopping.check()
            x = descended(x, x * (x * x - 1.0), rates)
            if t >= settling:
                points.append(x)
    return np.array(points)


def _periods(orbits: np.ndarray) -> np.ndarray:
    """Return how many points each orbit (k, n) visits: 1, 2, 4, 8 or more as 0, none as -1 where it diverges."""
    found = np.zeros(orbits.shape[1], dtype=int)
    for period in (8, 4, 2, 1):
        with np.errstate(invalid="ignore"):
            found[(np.abs(orbits[period:] - orbits[:-period]) < 1e-4).all(axis=0)] = period
    found[~np.isfinite(orbits).all(axis=0)] = -1
    return found


def _first(starts: np.random.Generator, low: float, high: float, passed: Callable[[int], bool]) -> float:
    """Return the lowest learning rate whose period is ``passed``, to a 1000th of the interval."""
    for _ in range(2):
        rates = np.linspace(low, high, 41)
        orbits = _orbits(rates, starts.uniform(0.1, 0.9, len(rates)), WATCHED)
        k = int(np.argmax([passed(period) for period in _periods(orbits)]))
        low, high = rates[max(k - 1, 0)], rates[k]
    return (low + high) / 2.0


def _doubling(seed: int, progress: Share, settings: Settings) -> Measurement:
    starts = np.random.default_rng([seed, 26])
    found = {
        ONE_TO_TWO: _first(starts, 0.5, 1.5, lambda period: period not in (1,)),
        TWO_TO_FOUR: _first(starts, 0.5, 1.5, lambda period: period not in (1, 2)),
        DIVERGES: _first(starts, 1.5, 2.5, lambda period: period == -1),
    }
    progress(0.5)
    # A hair below 2, where rounding cannot carry a point out of the interval that is visited.
    chaotic = _orbits(np.array(2.0 - 1e-12), starts.uniform(0.1, 0.9, 400), 1000, 100)
    growth = np.log(np.abs(3.0 - 6.0 * chaotic**2)).mean(axis=0)
    settled = np.abs(_orbits(np.array([settings["learning_rate"]]), np.array([0.5]), WATCHED, SLOWEST))
    found |= {CHAOS: float(growth.mean()), LOWER: float(settled.min()), UPPER: float(settled.max())}
    rates = np.linspace(0.8, 2.0, 481)
    drawn = _orbits(rates, np.full(len(rates), 0.3), 400, 600)
    error = float(growth.std(ddof=1) / np.sqrt(len(growth)))
    return Measurement(found, {CHAOS: error}, {"rates": rates, "orbits": drawn})


def _doubling_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory import period_doubling as theory

    rate = settings["learning_rate"]
    lower, upper = theory.pair(rate) if rate > theory.ENDS[1] else (1.0, 1.0)
    return {
        ONE_TO_TWO: theory.ENDS[1],
        TWO_TO_FOUR: theory.ENDS[2],
        DIVERGES: theory.LARGEST,
        CHAOS: theory.growth_at_the_end(),
        LOWER: lower,
        UPPER: upper,
    }


def _doubling_scene(result: Result) -> Panel:
    rates, orbits = result.details["rates"], result.details["orbits"]
    heights = np.linspace(-1.45, 1.45, 291)
    edges = np.append(heights, 2 * heights[-1] - heights[-2]) - (heights[1] - heights[0]) / 2
    share = np.stack([np.histogram(column, edges)[0] / len(column) for column in orbits.T], axis=1)
    never = 0.5 / len(orbits)
    seen = np.log10(np.maximum(share, never))
    named = ((never, tr("never")), (0.01, "0.01"), (0.1, "0.1"), (1, "1"))
    ticks = tuple((float(np.log10(s)), text) for s, text in named)
    visited = Field(rates, heights, seen, tr("share of the steps"), color_ticks=ticks, cells=True)
    marks = [
        line([result.expected[name]] * 2, heights[[0, -1]], label, "threshold")
        for name, label in (
            (ONE_TO_TWO, tr("from which two points are visited")),
            (TWO_TO_FOUR, tr("from which four points are visited")),
        )
    ]
    return Panel(
        "orbits",
        tr("where gradient descent ends, by its learning rate"),
        Axis(tr("learning rate")),
        Axis("x"),
        (visited, *marks),
    )


PERIODS = Claim(
    key="period_doubling",
    title=mark("From rest to chaos in one learning rate"),
    statement=mark(
        "On (x² − 1)² / 4 gradient descent rests up to a learning rate of 1, then jumps between two points, from "
        "√5 − 1 on between four, then eight, and so on to chaos; above 2 it diverges."
    ),
    point="learning rates",
    measuring=_doubling,
    expecting=_doubling_theory,
    tolerance=Tolerance("absolute", 2e-3),
    tolerances={CHAOS: DRAWN},
    drawing=_doubling_scene,
    question=Question(
        mark("A minimum bears learning rates up to 2 / curvature, here 1. What does gradient descent do at 1.1?"),
        lambda result: 2.0 if result.measured[ONE_TO_TWO] < 1.1 < result.measured[TWO_TO_FOUR] else 0.0,
        {
            mark("it diverges"): 0.0,
            mark("it converges more slowly"): 1.0,
            mark("it jumps between two points for ever"): 2.0,
        },
    ),
    explanation=(
        mark(
            "A quadratic diverges above 2 / curvature. Here the walls steepen and throw the step back: two points "
            "follow each other, with x y = 1 / η and (x + y)² = 1 + 3 / η. An error on their way round is multiplied "
            "by 7 − 4 η − 2 η², which is −1 at √5 − 1: there the pair doubles in its turn."
        ),
        mark(
            "At learning rate 2 the step is the third Chebyshev polynomial in disguise, and an error grows by ln 3 "
            "a step in its logarithm: chaos in one dimension, with windows of short cycles on the way there. “Not "
            "converged” need not mean “diverged”: the loss of such a run is bounded and never settles."
        ),
    ),
    references=(
        "R. May, Simple mathematical models with very complicated dynamics, 1976",
        "L. Chen, J. Bruna, Beyond the edge of stability via two-step gradient updates, 2023",
    ),
    cost="seconds",
    parameters=(number("learning_rate", 1.1, 0.2, 1.22, mark("learning rate whose points are looked at")),),
)
