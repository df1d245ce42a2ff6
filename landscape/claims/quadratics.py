"""Rates and edges of stability on quadratics (THEORY 12 and 13)."""

from __future__ import annotations

import numpy as np

from landscape import stopping
from landscape.claims.base import Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import GRAPHS, chart, line, numbers
from landscape.language import mark, tr
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.first_order import SGD, Momentum, Nesterov
from landscape.picture.scene import Axis, Panel

STEPS = 6000


def _errors(walker: ElementwiseOptimizer, curvatures: np.ndarray, n_steps: int) -> np.ndarray:
    """Return the largest |x| after each step on sum c x^2 / 2 from x = 1, (n_steps + 1,)."""
    x, errors = np.ones(len(curvatures)), [1.0]
    slots = tuple(np.zeros_like(x) for _ in range(walker.n_slots))
    for t in range(1, n_steps + 1):
        stopping.check()
        x, slots = walker.rule(x, curvatures * x, t, walker.constant_rate, slots, walker.hyper)
        errors.append(float(np.abs(x).max()))
        if errors[-1] < 1e-250:
            break
    return np.array(errors)


def _tuned(condition: float) -> dict[str, ElementwiseOptimizer]:
    from landscape.theory import quadratic_rates as rates

    plain, heavy = rates.gradient_descent(condition), rates.heavy_ball(condition)
    look, best = rates.nesterov(condition), rates.nesterov_tuned(condition)
    return {
        mark("gradient descent"): SGD(plain.learning_rate),
        mark("heavy ball"): Momentum(heavy.learning_rate, heavy.momentum),
        "Nesterov": Nesterov(look.learning_rate, look.momentum),
        mark("Nesterov, tuned"): Nesterov(best.learning_rate, best.momentum),
    }


def _rate_of(method: str) -> str:
    return Named(mark("rate of {method}"), method=method)


def _rates(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Let every method run; its rate is that of the last half, freed of the factor k of a double root."""
    condition = settings["condition"]
    curvatures = np.geomspace(1 / condition, 1.0, 9)
    found, runs = {}, {}
    for name, walker in _tuned(condition).items():
        errors = _errors(walker, curvatures, STEPS)
        double = name != "gradient descent"  # the error of a double root is about k rate^k
        last, half = len(errors) - 1, len(errors) // 2
        # the maximum of a few steps: an error that changes its sign passes through small values
        late, early = errors[last - 4 : last + 1].max(), errors[half - 4 : half + 1].max()
        slope = np.log(late / early) - (np.log(last / half) if double else 0.0)
        found[_rate_of(name)] = float(np.exp(slope / (last - half)))
        runs[name] = errors
    reached = runs["gradient descent"] <= 1e-6 * (1 + 1e-9)
    found[mark("steps of gradient descent to a millionth")] = float(np.argmax(reached)) if reached.any() else np.inf
    return Measurement(found, details={"runs": runs})


def _rate_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory import quadratic_rates as rates

    condition = settings["condition"]
    return {
        "rate of gradient descent": rates.gradient_descent(condition).rate,
        "rate of heavy ball": rates.heavy_ball(condition).rate,
        "rate of Nesterov": rates.nesterov(condition).rate,
        "rate of Nesterov, tuned": rates.nesterov_tuned(condition).rate,
        "steps of gradient descent to a millionth": rates.steps_to(1e-6, rates.gradient_descent(condition).rate),
    }


def _rates_scene(result: Result) -> tuple[Panel, ...]:
    lines = []
    for role, (name, errors) in zip(GRAPHS, result.details["runs"].items(), strict=True):
        shown = errors[: int(np.argmax(errors < 1e-8)) or len(errors)]
        lines.append(line(np.arange(len(shown)), shown, tr(name), role))
    panel = chart(
        "errors", tr("the largest error, step by step"), Axis(tr("step")), Axis(tr("error"), "log"), more=lines
    )
    return panel, numbers(result, [c.name for c in result.checks[:4]], tr("rate a step"), panels=2)


RATES = Claim(
    key="quadratic_rates",
    title=mark("What momentum buys: the root of the condition number"),
    statement=mark(
        "On a quadratic of condition k gradient descent contracts by (k − 1)/(k + 1) a step and the heavy ball "
        "by (√k − 1)/(√k + 1)."
    ),
    point="(c)",
    measuring=_rates,
    expecting=_rate_theory,
    tolerance=Tolerance("relative", 2e-3),
    tolerances={"steps of gradient descent to a millionth": Tolerance("absolute", 1.0)},
    drawing=_rates_scene,
    question=Question(
        mark(
            "A valley is 100 times as steep across as along. Gradient descent needs 691 steps to a millionth. By which "
            "factor is the rate of the best heavy ball better?"
        ),
        lambda result: (
            np.log(result.measured["rate of heavy ball"]) / np.log(result.measured["rate of gradient descent"])
        ),
        {"1.5": 1.5, "3": 3, "10": 10, "100": 100},
    ),
    explanation=(
        mark(
            "Along every eigenvector a method with momentum is a recurrence of two terms. Tuned, both roots have "
            "modulus (√k − 1) / (√k + 1) for the heavy ball; the momentum that does it is this rate squared. "
            "Nesterov's choice gives 1 − 1 / √k, the best one for quadratics 1 − 2 / √(3 k + 1)."
        ),
        mark(
            "At the slowest eigenvector the two roots coincide, and the error is k rateᵏ: to a millionth at condition "
            "100 the heavy ball really takes 95 steps, not the 69 of the rate alone. The measured rate is freed of "
            "that k."
        ),
    ),
    references=(
        "B. T. Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
        mark(
            "L. Lessard, B. Recht, A. Packard, Analysis and design of optimization algorithms via integral quadratic "
            "constraints, 2016, proposition 1"
        ),
    ),
    cost="seconds",
    parameters=(number("condition", 100.0, 5.0, 400.0, mark("condition number k"), log=True),),
)


def _edge(walker: ElementwiseOptimizer, learning_rate: float) -> float:
    """Return the largest curvature at which the method does not grow, by bisection over runs of 3000 steps."""
    low, high = 1e-2 / learning_rate, 1e2 / learning_rate
    for _ in range(6):  # each round looks at 40 curvatures at once
        curvatures = np.linspace(low, high, 40)
        x = np.full(40, 1e-100)
        slots = tuple(np.zeros_like(x) for _ in range(walker.n_slots))
        with np.errstate(over="ignore", invalid="ignore"):
            for t in range(1, 3001):
                stopping.check()
                x, slots = walker.rule(x, curvatures * x, t, learning_rate, slots, walker.hyper)
        grown = ~(np.abs(x) < 1e-100)
        if not grown.any():
            return float("inf")
        first = int(np.argmax(grown))
        low, high = curvatures[max(first - 1, 0)], curvatures[first]
    return float((low + high) / 2)


def _edge_of(method: str) -> str:
    return Named(mark("edge of {method} × learning rate"), method=method)


def _edges(seed: int, progress: Share, settings: Settings) -> Measurement:
    rate, momentum = settings["learning_rate"], settings["momentum"]
    walkers = {
        mark("gradient descent"): SGD(rate),
        mark("heavy ball"): Momentum(rate, momentum),
        "Nesterov": Nesterov(rate, momentum),
        mark("averaged momentum"): Momentum(rate, momentum, averaged=True),
    }
    found = {}
    for k, (name, walker) in enumerate(walkers.items()):
        found[_edge_of(name)] = rate * _edge(walker, rate)
        progress((k + 1) / 4)
    return Measurement(found)


def _edge_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory import stability_edge as edge

    rate, momentum = settings["learning_rate"], settings["momentum"]
    return {
        "edge of gradient descent × learning rate": rate * edge.gradient_descent(rate),
        "edge of heavy ball × learning rate": rate * edge.heavy_ball(rate, momentum),
        "edge of Nesterov × learning rate": rate * edge.nesterov(rate, momentum),
        "edge of averaged momentum × learning rate": rate * edge.averaged_momentum(rate, momentum),
    }


def _edges_scene(result: Result) -> Panel:
    return numbers(result, title=tr("largest stable sharpness × learning rate"), log=True)


EDGES = Claim(
    key="stability_edges",
    title=mark("How sharp a valley each optimizer bears"),
    statement=mark(
        "Sharpness times learning rate may be 2 for gradient descent, 2 + 2b for the heavy ball with momentum b, "
        "(2 + 2b)/(1 + 2b) for Nesterov."
    ),
    point="(c)",
    measuring=_edges,
    expecting=_edge_theory,
    tolerance=Tolerance("relative", 2e-3),
    drawing=_edges_scene,
    question=Question(
        mark(
            "Gradient descent diverges where sharpness × learning rate is above 2. Where does the heavy ball with "
            "momentum .9 diverge?"
        ),
        lambda result: result.measured["edge of heavy ball × learning rate"],
        {
            mark("above 0.2: ten times as soon"): 0.2,
            mark("above 1.36"): 1.36,
            mark("above 2 as well"): 2.0,
            mark("above 3.8"): 3.8,
        },
    ),
    explanation=(
        mark(
            "What gives way first is the root −1 of the characteristic polynomial: the iterates jump from side to "
            "side. Setting s = −1 gives 2 / η for gradient descent, (2 + 2b) / η for the heavy ball, (2 + 2b) / ((1 + "
            "2b) η) for Nesterov and (2 + 2b) / ((1 − b) η), 38 / η, for averaged momentum."
        ),
        mark(
            "The edge is found here by bisection, from runs alone: 3000 steps that shrink or grow. Training with a "
            "full batch drifts to this edge and stays there, which is another claim."
        ),
    ),
    references=("J. Cohen et al., Adaptive gradient methods at the edge of stability, arXiv 2207.14484",),
    cost="seconds",
    parameters=(
        number("learning_rate", 0.01, 1e-3, 1.0, mark("learning rate"), log=True),
        number("momentum", 0.9, 0.0, 0.95, mark("momentum b")),
    ),
)
