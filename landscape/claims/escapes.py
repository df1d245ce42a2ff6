"""How optimizers leave saddles: one saddle, and one after the other (THEORY 10 and 11)."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from landscape import stopping
from landscape.claims.base import Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, line, numbers
from landscape.language import mark, tr
from landscape.optimizers.adam import Adam
from landscape.optimizers.adam_variants import Lion
from landscape.optimizers.adaptive import RMSprop
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.optimizers.first_order import SGD, Momentum
from landscape.picture.scene import Axis, Panel
from landscape.recipe.starts import Given
from landscape.scene import Scene

RATE, RADIUS = 0.01, 1.0


def _walkers() -> dict[str, ElementwiseOptimizer]:
    # eps is out of the way: theory has none
    return {
        mark("gradient descent"): SGD(RATE),
        mark("momentum"): Momentum(RATE),
        "RMSprop": RMSprop(RATE, b2=0.9, eps=1e-300),
        "Adam": Adam(RATE, eps=1e-300),
        mark("sign descent"): Lion(RATE, b1=0.0),
    }


def _steps_of(method: str) -> str:
    return Named(mark("steps of {method}"), method=method)


def _escape(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Run every optimizer's own rule on f = -curvature y^2 / 2 until |y| is 1."""
    from landscape.descent import descend
    from landscape.optimizers.second_order import SaddleFreeNewton
    from landscape.surfaces.formula import formula

    curvature, distance = settings["curvature"], settings["distance"]
    found, paths = {}, {}
    for k, (name, walker) in enumerate(_walkers().items()):
        y, slots, path = distance, (0.0,) * walker.n_slots, [distance]
        while abs(y) < RADIUS and len(path) < 300_000:
            stopping.check()
            step = walker.rule(y, -curvature * y, len(path), RATE, slots, walker.hyper)
            y, slots = float(step[0]), step[1]
            path.append(y)
        found[_steps_of(name)], paths[name] = float(len(path) - 1), np.array(path)
        progress((k + 1) / 5)
    ground = formula(f"-{curvature!r}*x**2/2", domain=((-2.0, 2.0),))
    run = descend(ground, SaddleFreeNewton(), [[distance]], 60)
    outside = np.abs(run.points[0, :, 0]) >= RADIUS
    found[_steps_of(mark("saddle-free Newton"))] = float(np.argmax(outside)) if outside.any() else math.inf
    return Measurement(found, details={"paths": paths})


def _escape_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory import escape_times as theory

    curvature, distance = settings["curvature"], settings["distance"]
    return {
        "steps of gradient descent": float(theory.gradient_descent(curvature, distance, RADIUS, RATE)),
        "steps of momentum": float(theory.heavy_ball(curvature, distance, RADIUS, RATE, 0.9)),
        "steps of RMSprop": float(theory.rmsprop(RADIUS, RATE, 0.9)),
        "steps of Adam": float(theory.adam(RADIUS, RATE)),
        "steps of sign descent": float(theory.signed_descent(distance, RADIUS, RATE)),
        "steps of saddle-free Newton": float(theory.saddle_free_newton(distance, RADIUS)),
    }


def _escape_scene(result: Result) -> Scene:
    """The run itself, on the gallery's saddle, so that it can be played; beside it the numbers."""
    from landscape.experiment import Experiment
    from landscape.surfaces.formula import formula

    curvature, distance = result.settings["curvature"], result.settings["distance"]
    surface = formula(
        f"x**2/2 - {curvature!r}*y**2/2 + {curvature!r}*y**4/8",
        domain=((-1.5, 1.5), (-2.0, 2.0)),
        title=tr("a saddle of curvature {curvature:g}", curvature=-curvature),
    )
    longest = int(max(c.measured for c in result.checks))
    experiment = Experiment(
        surface=surface,
        optimizers=(SGD(RATE), Momentum(RATE), RMSprop(RATE, b2=0.9), Adam(RATE)),
        starts=Given(((1.0, distance),)),
        n_steps=min(longest + 100, 4000),
    )
    return dataclasses.replace(
        experiment.run().scene(),
        title=ESCAPE.title,
        query=f"claim={ESCAPE.key}",
        notes=tuple(check.sentence for check in result.checks),
    )


ESCAPE = Claim(
    key="escape",
    title=mark("Four optimizers leave a saddle"),
    statement=mark(
        "Momentum leaves a saddle at most 1/(1 − b) times as fast as gradient descent; the time of RMSprop and "
        "Adam hardly depends on how flat it is."
    ),
    point="(c)",
    measuring=_escape,
    expecting=_escape_theory,
    tolerance=Tolerance("absolute", 1.0),
    drawing=_escape_scene,
    question=Question(
        mark(
            "At learning rate .01 gradient descent needs 926 steps to leave a saddle of curvature −1, from a distance "
            "of 1e−4. How many does Adam need?"
        ),
        lambda result: result.measured["steps of Adam"],
    ),
    explanation=(
        mark(
            "On f = −|l| y² / 2 gradient descent multiplies y by 1 + η |l|: ln(r/d) / ln(1 + η |l|) steps. The heavy "
            "ball is a recurrence of two terms whose growth is that of a rate η / (1 − b): ten times as fast at b = .9 "
            "and no more. RMSprop and Adam divide by the size of the gradient: curvature and distance cancel."
        ),
        mark(
            "At |l| = .01 the numbers are 92109, 9306, 77 (Adam) and 72 (RMSprop). All this is without noise; noise "
            "helps everybody. A method that divides by the curvature itself, saddle-free Newton, doubles y in each "
            "step: 14 steps from 1e−4 to 1, whatever the curvature."
        ),
    ),
    references=(
        "Y. Dauphin et al., Identifying and attacking the saddle point problem, 2014",
        "D. Kingma, J. Ba, Adam: a method for stochastic optimization, 2015",
    ),
    parameters=(
        number("curvature", 1.0, 0.03, 10.0, mark("size of the negative curvature"), log=True),
        number("distance", 1e-4, 1e-8, 5e-4, mark("distance from the saddle at the start"), log=True),
    ),
)


def _steps_at(number: int) -> str:
    return Named(mark("steps at saddle {number}"), number=number)


def _sequential(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Descend a staircase of saddles: the first coordinate below 1 escapes, those after it are drawn back."""
    n, ratio = settings["saddles"], settings["ratio"]
    steep, gentle = ratio, 1.0
    walker = SGD(1.0 / (4.0 * steep))
    x, since, t = np.full(n + 1, 0.5), 0, 0
    slots: tuple[np.ndarray, ...] = ()
    steps: list[int] = []
    left = [x.copy()]
    while len(steps) < n and t < 200_000:
        stopping.check()
        t += 1
        k = len(steps)  # the coordinate that escapes
        gradient = 2.0 * steep * x
        gradient[k] = -2.0 * gentle * x[k]
        gradient[:k] = 2.0 * steep * (x[:k] - 4.0)
        x, slots = walker.rule(x, gradient, t, walker.constant_rate, slots, walker.hyper)
        left.append(x.copy())
        if x[k] >= 1.0 - 1e-12:
            steps.append(t - since)
            since = t
    found = {_steps_at(k + 1): float(s) for k, s in enumerate(steps)}
    missing = {_steps_at(k + 1): math.inf for k in range(len(steps), n)}
    return Measurement(found | missing, details={"path": np.array(left)})


def _sequential_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.sequential_saddles import escape_steps

    steps = escape_steps(settings["saddles"], settings["ratio"])
    return {_steps_at(k + 1): float(s) for k, s in enumerate(steps)}


def _sequential_scene(result: Result) -> tuple[Panel, ...]:
    path = result.details["path"]
    lines = [
        line(np.arange(len(path)), np.where(path[:, k] > 0, path[:, k], np.nan), tr("coordinates, the first leftmost"))
        for k in range(path.shape[1] - 1)
    ]
    distance = chart(
        "distances",
        tr("each coordinate is drawn to its saddle until its turn comes"),
        Axis(tr("step")),
        Axis(tr("coordinate"), "log"),
        more=lines,
    )
    return distance, numbers(result, title=tr("steps at each saddle"), log=True, panels=2)


SEQUENTIAL = Claim(
    key="sequential_saddles",
    title=mark("One saddle after the other takes exponentially long"),
    statement=mark(
        "Where leaving one saddle leads nearer to the next, gradient descent takes a fixed factor longer at "
        "each of them."
    ),
    point="(c)",
    measuring=_sequential,
    expecting=_sequential_theory,
    tolerance=Tolerance("absolute", 1.0),
    drawing=_sequential_scene,
    question=Question(
        mark(
            "Gradient descent spends 2, 6, 16, 43 and 117 steps at the first five saddles of a row. How many at the "
            "seventh?"
        ),
        lambda result: result.checks[-1].measured / result.checks[0].measured,
        {mark("about 120"): 60, mark("about 320"): 160, mark("about 860"): 430, mark("about 10,000"): 5000},
    ),
    explanation=(
        mark(
            "While one coordinate grows by 1 + γ / (2 L) a step, the next one halves. The longer the first takes, the "
            "deeper the next one sits, in proportion: Tᵢ₊₁ / Tᵢ tends to 1 + ln 2 / ln(1 + γ / (2 L)), 2.71 for "
            "L = γ. Soon the coordinate is so small that its step rounds to nothing: gradient descent stays for ever."
        ),
        mark(
            "A little noise in every step keeps each coordinate away from zero, and these times become alike. That is "
            "why perturbed gradient descent is polynomial in the dimension where gradient descent is exponential."
        ),
    ),
    references=(
        mark("S. Du et al., Gradient descent can take exponential time to escape saddle points, 2017 (simplified)"),
    ),
    parameters=(
        number("saddles", 7, 2, 7, mark("saddles in a row"), integer=True),
        number("ratio", 1.0, 0.5, 1.2, mark("L / γ: how strongly waiting coordinates are drawn in")),
    ),
)
