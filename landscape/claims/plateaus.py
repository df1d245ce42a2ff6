"""Plateaus and what they cost: one saturated neuron, a deep linear network (THEORY 8 and 9)."""

from __future__ import annotations

import numpy as np

from landscape import stopping
from landscape.claims.base import Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, line
from landscape.language import mark, tr
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.picture.scene import Axis, Panel


def _walk(walker: ElementwiseOptimizer, squared: bool, z0: float) -> np.ndarray:
    """Return z after each step until it is 0 or more: sigma(z) is to be 1."""
    import math

    z, slots, t, path = z0, (0.0,) * walker.n_slots, 0, [z0]
    while z < 0 and t < 400_000:
        stopping.check()
        t += 1
        s = 1.0 / (1.0 + math.exp(-z))
        slope = -((1 - s) ** 2) * s if squared else -(1 - s)
        z, slots = walker.rule(z, slope, t, walker.constant_rate, slots, walker.hyper)
        path.append(z)
    return np.array(path)


def _neuron(seed: int, progress: Share, settings: Settings) -> Measurement:
    from landscape.optimizers.adam import Adam
    from landscape.optimizers.first_order import SGD

    rate, z0 = settings["learning_rate"], settings["z0"]
    paths = {
        mark("squared error"): _walk(SGD(rate), True, z0),
        mark("cross-entropy"): _walk(SGD(rate), False, z0),
        mark("squared error, Adam"): _walk(Adam(rate), True, z0),
    }
    return Measurement(
        {
            mark("time with squared error"): rate * (len(paths["squared error"]) - 1),
            mark("time with cross-entropy"): rate * (len(paths["cross-entropy"]) - 1),
            mark("steps of Adam with squared error"): float(len(paths["squared error, Adam"]) - 1),
        },
        details={"paths": paths},
    )


def _neuron_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.saturated_neuron import cross_entropy_time, squared_error_time

    return {
        "time with squared error": squared_error_time(settings["z0"]),
        "time with cross-entropy": cross_entropy_time(settings["z0"]),
        # while the slope grows every step of Adam is at least the learning rate
        "steps of Adam with squared error": -settings["z0"] / settings["learning_rate"],
    }


def _neuron_scene(result: Result) -> Panel:
    lines = []
    for label, path in result.details["paths"].items():
        keep = np.unique(np.geomspace(1, len(path), 400).astype(int)) - 1
        role = {"squared error": "graph", "cross-entropy": "theory"}.get(label, "threshold")
        lines.append(line(keep + 1.0, path[keep], tr(label), role))
    return chart(
        "neuron",
        tr("the neuron's input z on its way to 0"),
        Axis(tr("step + 1"), "log"),
        Axis("z"),
        more=lines,
    )


NEURON = Claim(
    key="saturated_neuron",
    title=mark("The price of a plateau: one saturated neuron"),
    statement=mark(
        "A neuron that is wrong and saturated needs a time that grows like exp |z₀| under squared error, and "
        "like |z₀| under cross-entropy."
    ),
    point="(b)",
    measuring=_neuron,
    expecting=_neuron_theory,
    tolerance=Tolerance("relative", 0.03),
    tolerances={"steps of Adam with squared error": Tolerance("at most", 1.0)},
    drawing=_neuron_scene,
    question=Question(
        mark(
            "A neuron should say 1 and says 0.0003 (z = −8). Gradient descent on cross-entropy frees it in 90 steps. "
            "How many does it need on the squared error?"
        ),
        lambda result: result.measured["time with squared error"] / result.measured["time with cross-entropy"],
        {mark("about 200"): 2, mark("about 1,000"): 10, mark("about 4,000"): 40, mark("about 30,000"): 334},
    ),
    explanation=(
        mark(
            "Under gradient flow dz/dt = σ (1 − σ)² for the squared error: the factor σ is eᶻ far below 0, and the "
            "time is 5/2 + exp(−z₀) − 3 z₀ − 3 exp(z₀) − exp(2 z₀) / 2. Cross-entropy takes the factor away, and 1 − "
            "z₀ − exp(z₀) is left. From z₀ = −8 that is 3007.46 against 9.00; steps times learning rate agree."
        ),
        mark(
            "Nothing is stuck here and there is no minimum anywhere near: the slope is only small. That is a plateau. "
            "Adam divides by the size of the slope and crosses the same plateau in 61 steps of .1."
        ),
    ),
    references=("X. Glorot, Y. Bengio, Understanding the difficulty of training deep feedforward networks, 2010",),
    parameters=(
        number("z0", -8.0, -9.0, -3.0, mark("where the neuron starts")),
        number("learning_rate", 0.1, 0.05, 0.2, mark("learning rate")),
    ),
)

MODES = (4.0, 2.0, 1.0, 0.5)
DEPTHS = (1, 2, 3, 4)
RATE = 0.005


def _half_time(u: np.ndarray, s: float, times: np.ndarray) -> float:
    """Return when the strength u first is s / 2, between two steps by a straight line; inf where it never is."""
    k = int(np.argmax(u >= s / 2))
    return float(np.interp(s / 2, u[k - 1 : k + 1], times[k - 1 : k + 1])) if u[k] >= s / 2 else float("inf")


def _chain(depth: int, u0: float) -> tuple[np.ndarray, np.ndarray]:
    """Descend a chain of ``depth`` layers with one mode of strength 1; return its strength and the times."""
    import landscape as ls
    from landscape.surfaces.networks import DeepLinear, linear_map
    from landscape.theory.deep_linear import learning_time

    model = DeepLinear(linear_map((1.0,), n=2), widths=(1,) * (depth - 1))
    n_steps = int(1.15 * learning_time(1.0, u0, depth) / RATE)
    run = ls.descend(model, ls.SGD(learning_rate=RATE), model.balanced_start(u0), n_steps)
    return model.strengths(run.points[0])[:, 0], RATE * np.arange(n_steps + 1)


def _deep_linear(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Train linear networks by gradient descent; when is a mode half learned, by its strength and by the depth?"""
    import landscape as ls
    from landscape.surfaces.networks import DeepLinear, linear_map
    from landscape.theory.deep_linear import learning_time

    u0 = settings["start"]
    model = DeepLinear(linear_map(MODES, n=6), widths=(20,))
    n_steps = int(1.15 * learning_time(MODES[-1], u0) / RATE)
    run = ls.descend(model, ls.SGD(learning_rate=RATE), model.balanced_start(u0, seed=seed), n_steps)
    u, times = model.strengths(run.points[0]), RATE * np.arange(n_steps + 1)
    halves = {_of_mode(s): _half_time(u[:, mode], s, times) for mode, s in enumerate(MODES)}
    chains = {depth: _chain(depth, u0) for depth in DEPTHS}
    halves |= {_by_depth(depth): _half_time(chain[0], 1.0, chain[1]) for depth, chain in chains.items()}
    details = {"u": u[:, :4], "times": times, "values": run.values[0], "chains": chains}
    return Measurement(halves, details=details)


def _of_mode(strength: float) -> str:
    return Named(mark("half time of mode {strength:g}"), strength=strength)


def _by_depth(depth: int) -> str:
    if depth == 1:
        return Named(mark("half time of mode 1 under 1 layer"))
    return Named(mark("half time of mode 1 under {depth} layers"), depth=depth)


def _deep_linear_scene(result: Result) -> tuple[Panel, ...]:
    from landscape.theory.deep_linear import strength

    times, u = result.details["times"], result.details["u"]
    keep = np.linspace(0, len(times) - 1, 60).astype(int)
    lines = [
        line(
            times,
            np.asarray(strength(times, s, result.settings["start"])),
            tr("theory, strongest mode first"),
            "theory",
        )
        for s in MODES
    ]
    modes = chart(
        "modes",
        tr("the modes are learned one after the other"),
        Axis(tr("time (steps × learning rate)")),
        Axis(tr("strength of the mode")),
        (np.tile(times[keep], 4), u[keep].T.ravel()),
        more=lines,
    )
    loss = chart(
        "loss",
        tr("the loss: plateaus and cliffs"),
        Axis(tr("time (steps × learning rate)")),
        Axis(tr("loss"), "log"),
        more=(line(times, result.details["values"], tr("loss"), "graph"),),
    )
    layers, dots = [], []
    for depth, (learned, when) in result.details["chains"].items():
        few = np.linspace(0, len(when) - 1, 200).astype(int)
        curve = np.asarray(strength(when[few], 1.0, result.settings["start"], depth))
        layers.append(
            line(
                when[few],
                curve,
                tr("theory, {depth} layers", depth=depth) if depth > 1 else tr("theory, 1 layer"),
                "theory",
            )
        )
        dots.append((when[few[::5]], learned[few[::5]]))
    depths = chart(
        "depths",
        tr("deeper: a longer plateau"),
        Axis(tr("time (steps × learning rate)")),
        Axis(tr("strength of the mode")),
        (np.concatenate([t for t, _ in dots]), np.concatenate([y for _, y in dots])),
        more=layers,
    )
    return modes, loss, depths


def _half_times(settings: Settings) -> dict[str, float]:
    from landscape.theory.deep_linear import learning_time

    u0 = settings["start"]
    by_mode = {_of_mode(s): learning_time(s, u0) for s in MODES}
    return by_mode | {_by_depth(depth): learning_time(1.0, u0, depth) for depth in DEPTHS}


DEEP_LINEAR = Claim(
    key="deep_linear",
    title=mark("A network learns in steps, with plateaus between them"),
    statement=mark(
        "A two-layer linear network learns each mode of its target after a plateau of ln(s/u₀ − 1) / (2s); "
        "with more layers the plateau is longer."
    ),
    point="(b)",
    measuring=_deep_linear,
    expecting=_half_times,
    tolerance=Tolerance("relative", 0.01),
    drawing=_deep_linear_scene,
    question=Question(
        mark("A mode of strength 4 is half learned at time 1. When is a mode of strength 0.5, eight times as weak?"),
        lambda result: result.measured["half time of mode 0.5"] / result.measured["half time of mode 4"],
        {mark("at the same time"): 1, mark("at about 3"): 3, mark("at about 6"): 6, mark("at about 64"): 64},
    ),
    explanation=(
        mark(
            "From small balanced weights the modes of the target do not mix, and each strength follows du/dt = "
            "2 u (s − u): u grows exponentially, unseen, then fills up at once: half time ln(s/u₀ − 1) / (2s). "
            "A real network of 240 weights under gradient descent is within 1% of it."
        ),
        mark(
            "The loss curve shows plateaus that look like convergence, though nothing but the saddle at zero is behind "
            "them. With more layers, du/dt = L u^(2 − 2/L) (s − u), they are longer: 9.1 for three, 15.5 for four, "
            "where two need 3.45 and linear regression .69."
        ),
    ),
    references=(
        "A. Saxe, J. McClelland, S. Ganguli, Exact solutions to the nonlinear dynamics of learning in deep "
        "linear neural networks, 2014",
    ),
    parameters=(number("start", 1e-3, 1e-4, 0.05, mark("strength u0 of every mode at the start"), log=True),),
)
