"""Width: students that get stuck, and passes between minima (THEORY 16 and 17)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from landscape import stopping
from landscape.claims.base import DRAWN, Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, line
from landscape.language import mark, tr
from landscape.optimizers.first_order import SGD
from landscape.picture.scene import Axis, Panel

if TYPE_CHECKING:
    from landscape.surfaces.networks import Perceptron

STUCK = {6: 0.0, 8: 0.133, 10: 0.357}
"""Share of stuck students with as many neurons as the teacher, of 300 each, recorded for this project."""

RECORDED = 300


def _final_losses(teacher: int, neurons: int, starts: int, seed: int, n_steps: int) -> np.ndarray:
    """Return the losses of all students after gradient descent; those below 1e-3 are done and left alone."""
    from landscape.surfaces.networks import TeacherStudent

    model = TeacherStudent(teacher=teacher, neurons=neurons)
    x, walker = model.starts(starts, seed=seed), SGD(0.4)
    losses, rows = np.zeros(starts), np.arange(starts)
    for t in range(1, n_steps + 1):
        stopping.check()
        value, gradient = model.value_and_gradient(x)
        losses[rows] = value
        keep = ~(value <= 1e-3)  # NaN is not done
        rows = rows[keep]
        if len(rows) == 0:
            break
        x, _ = walker.rule(x[keep], gradient[keep], t, walker.constant_rate, (), walker.hyper)
    return losses


def _students(seed: int, progress: Share, settings: Settings) -> Measurement:
    k, starts = 2 * settings["half_teacher"], settings["students"]
    losses = []
    for extra in range(3):
        losses.append(_final_losses(k, k + extra, starts, seed, 2000))
        progress((extra + 1) / 3)
    shares = [float((~(loss <= 1e-3)).mean()) for loss in losses]
    p = max(STUCK[k], 1 / RECORDED)
    # both shares were counted: ours and the recorded one
    spread = math.sqrt(p * (1 - p) * (1 / starts + 1 / RECORDED))
    names = (
        mark("stuck with as many neurons"),
        mark("stuck with one neuron more"),
        mark("stuck with two neurons more"),
    )
    return Measurement(
        dict(zip(names, shares, strict=True)),
        {"stuck with as many neurons": spread},
        {"losses": losses, "shares": shares},
    )


def _students_scene(result: Result) -> Panel:
    from landscape.picture.scene import Samples

    losses = result.details["losses"]
    x = np.concatenate([np.arange(len(loss)) / len(loss) * 0.8 + k - 0.4 for k, loss in enumerate(losses)])
    y = np.concatenate([np.sort(np.maximum(loss, 1e-4)) for loss in losses])
    groups = (y > 1e-3).astype(np.int64)
    as_many, one_more, two_more = result.details["shares"]
    ticks = (
        (0.0, tr("as many: {share:.0%} stuck", share=as_many)),
        (1.0, tr("one more: {share:.0%} stuck", share=one_more)),
        (2.0, tr("two more: {share:.0%} stuck", share=two_more)),
    )
    return chart(
        "students",
        tr("each student's loss when it was stopped, at 1e−3 or after all steps"),
        Axis(tr("neurons of the student"), ticks=ticks, range=(-0.6, 2.6)),
        Axis(tr("loss"), "log"),
        more=(Samples(x, y, groups, (tr("done: stopped at 1e-3"), tr("stuck"))),),
    )


STUDENTS = Claim(
    key="width",
    title=mark("One neuron too many frees nearly all"),
    statement=mark(
        "A student network as wide as its teacher gets stuck in bad minima now and then; a neuron or two more, "
        "and hardly any is."
    ),
    point="(d)",
    measuring=_students,
    expecting=lambda settings: {
        "stuck with as many neurons": STUCK[2 * settings["half_teacher"]],
        "stuck with one neuron more": 0.04,
        "stuck with two neurons more": 0.03,
    },
    tolerance=Tolerance("at most", 1e-12),
    tolerances={"stuck with as many neurons": DRAWN},
    drawing=_students_scene,
    question=Question(
        mark(
            "A teacher has 8 neurons. Of students with 8 neurons, about 13 in 100 end in a bad minimum. And of those "
            "with 9?"
        ),
        lambda result: 0.005 + result.measured["stuck with one neuron more"],
        {
            mark("none, or nearly"): 0.005,
            mark("about 6"): 0.06,
            mark("about 13 as well"): 0.13,
            mark("more: there is more to learn"): 0.2,
        },
    ),
    explanation=(
        mark(
            "The loss over all Gaussian inputs has a closed form, so nothing is sampled. With as many neurons as the "
            "teacher two of them may share one of its vectors while a third stands between two others: a true minimum "
            "with a loss above zero. Recorded for this project, of 300 starts: 13.3% at 8 neurons, 35.7% at 10, none "
            "at 6."
        ),
        mark(
            "A spare neuron turns these minima into saddles: it can split off where it is missing. This is the claim "
            "in small: bad minima exist, and here width removes nearly all. It is not a theorem about every network."
        ),
    ),
    references=(
        "I. Safran, O. Shamir, Spurious local minima are common in two-layer ReLU neural networks, ICML 2018",
        mark("shares of stuck students: recorded for this project, 300 starts each"),
    ),
    cost="seconds",
    parameters=(
        number("half_teacher", 4, 3, 5, mark("half the number of the teacher's neurons"), integer=True),
        number("students", 300, 40, 300, mark("students of each width"), integer=True),
    ),
)


PAIRS = 6
NARROW, JOINED = 3, 8
"""At the first of these widths the bent path has a barrier too; from the second on it has hardly any."""

CURVE_RATE = 0.05
"""At .02 the curve is still on its way down after 600 steps: it then meets more than the pass has."""


def _trained(width: int, seed: int) -> tuple[Perceptron, np.ndarray]:
    """Return a network of one hidden layer and the ends of its training from 12 starts, half of them first ends."""
    import landscape as ls
    from landscape.surfaces.networks import Perceptron, moons

    model = Perceptron(moons(n=200), widths=(width,))
    run = ls.descend(model, ls.Adam(learning_rate=0.03), model.starts(2 * PAIRS, seed=seed), 800)
    return model, run.final_points


def _connected(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Train pairs of networks; the barrier between the two of each, straight and along a trained Bezier curve."""
    from landscape.analysis.connectivity import bezier_path, straight_path
    from landscape.surfaces.networks.symmetries import permute_hidden

    width = settings["width"]
    small, ends = _trained(NARROW, seed)
    narrow = bezier_path(small, ends[:PAIRS], ends[PAIRS:], seed=seed, learning_rate=CURVE_RATE)
    progress(0.2)
    model, x = _trained(width, seed)
    progress(0.5)
    straight = straight_path(model, x[:PAIRS], x[PAIRS:])
    curve = bezier_path(model, x[:PAIRS], x[PAIRS:], seed=seed, learning_rate=CURVE_RATE)
    progress(0.9)
    order = [*range(1, width), 0]
    twin = permute_hidden(model, x[0], 1, order)
    return Measurement(
        {
            mark("median barrier straight"): float(np.median(straight.barrier)),
            mark("median barrier of the curve"): float(np.median(curve.barrier)),
            mark("median barrier of the curve at width 3"): float(np.median(narrow.barrier)),
            mark("loss of a permuted copy less its own"): float(np.abs(model.value(twin) - model.value(x[0]))),
            mark("straight barrier to the copy"): float(straight_path(model, x[0], twin).barrier),
        },
        details={"t": straight.t, "straight": straight.values, "curve": curve.values},
    )


def _connected_scene(result: Result) -> Panel:
    found = result.details
    lines = [
        *(
            line(found["t"], values, tr("straight") if k == 0 else "", "threshold")
            for k, values in enumerate(found["straight"])
        ),
        *(line(found["t"], values, tr("curve") if k == 0 else "", "graph") for k, values in enumerate(found["curve"])),
    ]
    return chart(
        "paths",
        tr("the loss between two trained networks (dotted: straight, solid: along a curve)"),
        Axis(tr("from one to the other")),
        Axis(tr("loss")),
        more=lines,
    )


CONNECTED = Claim(
    key="mode_connectivity",
    title=mark("Minima are joined by passes"),
    statement=mark(
        "Between two trained networks the straight line climbs a ridge, yet a bent path between them stays low."
    ),
    point="(d)",
    measuring=_connected,
    expecting=lambda settings: {
        "median barrier straight": 0.05,
        # below the width that joins them only what was recorded at width 3 is a bound
        "median barrier of the curve": 0.05 if settings["width"] >= JOINED else 0.77,
        "median barrier of the curve at width 3": 0.077,
        "loss of a permuted copy less its own": 0.0,
        "straight barrier to the copy": 0.02,
    },
    tolerance=Tolerance("at least", 1e-12),
    tolerances={
        "median barrier of the curve": Tolerance("at most", 1e-12),
        "loss of a permuted copy less its own": Tolerance("absolute", 1e-14),
    },
    drawing=_connected_scene,
    question=Question(
        mark(
            "Two networks of eight hidden neurons are trained from different starts. Is there a path between them on "
            "which the loss stays low all the way?"
        ),
        lambda result: int(result.measured["median barrier of the curve"] < 0.05),
        {mark("no: they are different valleys"): 0, mark("yes, but it is bent"): 1},
    ),
    explanation=(
        mark(
            "The straight line between two minima crosses a barrier; so does the line between a network and a copy of "
            "it with its neurons in another order, which is the same function. A quadratic Bezier curve with one "
            "trained control point goes round: recorded medians over 6 pairs are .606 straight and .016 bent at width "
            "8."
        ),
        mark(
            "At width 3 the bent path has a barrier too (.243): the wider the networks that were tried, the better "
            "their minima were joined. That all minima of a wide network are is not shown by a few pairs."
        ),
    ),
    references=(
        "T. Garipov et al., Loss surfaces, mode connectivity, and fast ensembling of DNNs, 2018",
        "F. Draxler et al., Essentially no barriers in neural network energy landscape, 2018",
        mark("bounds: half an order of magnitude off the medians recorded for this project"),
    ),
    cost="seconds",
    parameters=(number("width", 8, NARROW, 128, mark("neurons of the hidden layer"), integer=True, log=True),),
)


SAME, DIFFERENT, SPECTRUM, RIDGES = (
    mark("copies with the loss of the trained network"),
    mark("copies that are points of their own"),
    mark("largest difference of Hessian eigenvalues"),
    mark("copies behind a ridge on the straight line"),
)


def _copied(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Train a small tanh network, make all copies of where it ends, and look at each and at the way to it."""
    import itertools

    import landscape as ls
    from landscape.analysis.connectivity import straight_path
    from landscape.surfaces.networks import Perceptron, chebyshev
    from landscape.surfaces.networks.symmetries import flip_hidden, permute_hidden

    hidden = settings["hidden"]
    model = Perceptron(chebyshev(degree=3, n=20), widths=(hidden,))
    end = ls.descend(model, ls.Adam(learning_rate=0.03), model.starts(1, seed=seed), 1500).final_points[0]
    progress(0.3)
    places = range(hidden)
    turns = [units for n in range(hidden + 1) for units in itertools.combinations(places, n)]
    copies = np.array(
        [
            flip_hidden(model, permute_hidden(model, end, 1, order), 1, units)
            for order in itertools.permutations(places)
            for units in turns
        ]
    )
    progress(0.5)
    loss = model.value(end)
    # One copy of every orbit stands for its curvatures: they are alike up to the order of rows and columns.
    few = copies[:: max(len(copies) // 40, 1)]
    curvatures = np.linalg.eigvalsh(model.hessian(few))
    paths = straight_path(model, np.broadcast_to(end, copies.shape), copies)
    return Measurement(
        {
            SAME: float((np.abs(model.value(copies) - loss) < 1e-13).sum()),
            DIFFERENT: float(len(np.unique(copies, axis=0))),
            SPECTRUM: float(np.abs(curvatures - curvatures[0]).max()),
            RIDGES: float((paths.barrier > 1e-6).sum()),
        },
        details={"t": paths.t, "loss": paths.values, "own": float(loss)},
    )


RIDGED = 0.95
"""Share of the copies behind a ridge that is expected at least: two units that have become alike may change places."""


def _copied_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.symmetries import copies

    n = copies(settings["hidden"])
    return {SAME: float(n), DIFFERENT: float(n), SPECTRUM: 0.0, RIDGES: RIDGED * (n - 1)}


def _copied_scene(result: Result) -> Panel:
    t, loss = result.details["t"], result.details["loss"]
    shown = loss[1 :: max(len(loss) // 24, 1)]
    return chart(
        "ridges",
        tr("loss on straight lines to copies of the same network"),
        Axis(tr("from the network to its copy")),
        Axis(tr("loss")),
        more=[
            *(
                line(t, values, tr("straight line to a copy") if k == 0 else "", "boundary")
                for k, values in enumerate(shown)
            ),
            line(t[[0, -1]], [result.details["own"]] * 2, tr("loss of network and copies"), "theory"),
        ],
    )


COPIES = Claim(
    key="copies",
    title=mark("Each minimum of a network comes many times"),
    statement=mark(
        "Hidden tanh units can change places and signs without changing the network: h! 2ʰ points are one and "
        "the same function, with ridges between nearly all of them."
    ),
    point="(d)",
    measuring=_copied,
    expecting=_copied_theory,
    tolerance=Tolerance("absolute", 0.5),
    tolerances={SPECTRUM: Tolerance("absolute", 1e-10), RIDGES: Tolerance("at least", 1e-12)},
    drawing=_copied_scene,
    question=Question(
        mark(
            "A network with three hidden tanh units has been trained. At how many points of weight space does exactly "
            "the same function have exactly the same loss?"
        ),
        lambda result: result.measured[SAME],
        {mark("at this one only"): 1, mark("at 3"): 3, mark("at 6"): 6, mark("at 48"): 48},
    ),
    explanation=(
        mark(
            "Three units can stand in 3! = 6 orders, and each of them can turn the signs of all its weights, because "
            "tanh is odd: 6 × 8 = 48 points. With eight units there are ten million. All have the same loss and the "
            "same curvatures, and on the straight line from one to another the loss rises, unless two units have "
            "become alike. This is so at every point; copied here is where 1,500 steps of Adam end, which need not be "
            "a minimum yet."
        ),
        mark(
            "A landscape with very many minima is thus no sign of getting stuck: these are all equally good. Counting "
            "minima says little; how high they lie says more."
        ),
    ),
    references=("R. Hecht-Nielsen, On the algebraic structure of feedforward network weight spaces, 1990",),
    cost="seconds",
    parameters=(number("hidden", 3, 2, 4, mark("hidden units h"), integer=True),),
)
