"""From saddle to saddle: when a network of products learns which weight (S. Pesme, N. Flammarion 2023)."""

from __future__ import annotations

import math

import numpy as np

from landscape.claims.base import Claim, Measurement, Named, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import GRAPHS, chart, line
from landscape.language import mark, tr
from landscape.optimizers.first_order import SGD
from landscape.picture.scene import Axis, Panel

TARGET = np.array([3.0, -1.5, 0.75, 0.0, 0.0])
RATE = 0.01
"""Learning rate: small enough that steps add little to the times, which are those of gradient flow."""

NEAREST = mark("largest distance at which a saddle is passed")


def _problem(correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """Return Hessian and slope of least squares whose five inputs correlate the less the further apart they stand."""
    places = np.arange(len(TARGET))
    hessian = correlation ** np.abs(places[:, None] - places).astype(float)
    return hessian, hessian @ TARGET


def _jump(k: int) -> str:
    return Named(mark("time of jump {number}"), number=k)


def _visited(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Descend the loss of w = u^2 - v^2 from u = v = alpha; when is each saddle left, and how near was it passed?"""
    from landscape.descent import descend
    from landscape.surfaces.callables import from_functions
    from landscape.theory.saddle_to_saddle import visits

    hessian, slope = _problem(settings["correlation"])
    n, alpha = len(slope), 10.0 ** -settings["smallness"]
    unit = math.log(1.0 / alpha) / 2.0

    def loss(w: np.ndarray) -> np.ndarray:
        return np.asarray(np.einsum("...i,ij,...j->...", w, hessian, w) / 2.0 - w @ slope)

    def weights(x: np.ndarray) -> np.ndarray:
        return np.asarray(x[..., :n] ** 2 - x[..., n:] ** 2)

    def gradient(x: np.ndarray) -> np.ndarray:
        along = weights(x) @ hessian - slope
        return np.concatenate([2.0 * x[..., :n] * along, -2.0 * x[..., n:] * along], axis=-1)

    surface = from_functions(lambda x: loss(weights(x)), gradient, 2 * n, domain=((-3.0, 3.0),) * (2 * n))
    times, saddles = visits(hessian, slope)
    n_steps = int(1.2 * times[-1] * unit / RATE)
    run = descend(surface, SGD(RATE), np.full((1, 2 * n), alpha), n_steps)
    progress(0.8)
    path, heights = weights(run.points[0]), loss(saddles)
    halfway = (heights[1:] + heights[:-1]) / 2.0
    when = np.array([np.argmax(run.values[0] < height) for height in halfway]) * RATE / unit
    nearest = [np.linalg.norm(path - saddle, axis=1).min() for saddle in saddles]
    return Measurement(
        {**{_jump(k): float(time) for k, time in enumerate(when, start=1)}, NEAREST: float(max(nearest))},
        details={"path": path, "times": np.arange(n_steps + 1) * RATE / unit},
    )


def _visits_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.saddle_to_saddle import visits

    times, _ = visits(*_problem(settings["correlation"]))
    return {**{_jump(k): float(time) for k, time in enumerate(times[1:], start=1)}, NEAREST: 0.0}


def _visited_scene(result: Result) -> Panel:
    from landscape.theory.saddle_to_saddle import visits

    jumps, saddles = visits(*_problem(result.settings["correlation"]))
    times, path = result.details["times"], result.details["path"]
    keep = np.linspace(0, len(times) - 1, 800).astype(int)
    corners = np.append(np.repeat(jumps, 2)[1:], times[-1])
    lines = [
        line(corners, np.repeat(saddles[:, k], 2), tr("theory: a very small start") if k == 0 else "", "theory")
        for k in range(len(TARGET))
    ]
    named = (tr("first weight"), tr("second weight"), tr("third weight"), tr("two that are 0 in the end"))
    lines += [line(times[keep], path[keep, k], named[k], GRAPHS[k]) for k in range(4)]
    return chart(
        "weights",
        tr("one weight after the other"),
        Axis(tr("time in units of ln(1/α) / 2")),
        Axis(tr("weight u² − v²")),
        more=lines,
    )


SADDLE_TO_SADDLE = Claim(
    key="saddle_to_saddle",
    title=mark("A network learns by going from saddle to saddle"),
    statement=mark(
        "From a small start gradient descent on a network of products stays at one saddle after the other; where "
        "they are, and when each is left, follows from the least squares problem alone."
    ),
    point="(b)",
    measuring=_visited,
    expecting=_visits_theory,
    tolerance=Tolerance("relative", 0.06),
    tolerances={NEAREST: Tolerance("absolute", 0.005)},
    drawing=_visited_scene,
    question=Question(
        mark(
            "The start of a network is made a million times smaller. What happens to the saddles that its training "
            "visits on the way?"
        ),
        lambda result: result.measured[NEAREST],
        {
            mark("it passes them in another order"): 1.0,
            mark("it visits the same ones, passes nearer and waits longer"): 1e-5,
            mark("it visits none"): 100.0,
        },
    ),
    explanation=(
        mark(
            "The weights are u² − v², coordinate by coordinate, as in a network of two diagonal layers. While a weight "
            "is near 0 its logarithm grows at four times the pull on it, so it appears once the pull, summed over "
            "time, is ln(1/α) / 2. Then the others feel another pull. Between two jumps the loss is a plateau."
        ),
        mark(
            "The saddles are points of least squares with some weights held at 0: early stopping is selection of "
            "weights. The smaller the start, the sharper the jumps; steps and the time that a jump takes are what is "
            "off here."
        ),
    ),
    references=(
        "S. Pesme, N. Flammarion, Saddle-to-saddle dynamics in diagonal linear networks, 2023",
        "A. Jacot et al., Saddle-to-saddle dynamics in deep linear networks, 2021",
    ),
    cost="seconds",
    parameters=(
        number("smallness", 10, 6, 20, mark("zeros after the point of the start α"), integer=True),
        number("correlation", 0.4, 0.0, 0.6, mark("correlation of neighbouring inputs")),
    ),
)
