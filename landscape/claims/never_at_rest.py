"""Runs that a learning rate keeps from the minimum: the noise of a river's hillside (THEORY 27), and the bounce of
sharpness-aware minimization and of sign descent (THEORY 28)."""

from __future__ import annotations

import math

import numpy as np

from landscape import stopping
from landscape.claims.base import DRAWN, Claim, Measurement, Question, Result, Settings, Share, Tolerance, number
from landscape.claims.pictures import chart, line
from landscape.claims.walking import descended
from landscape.language import mark, tr
from landscape.picture.scene import Axis, Panel

RUNS, STABLE_STEPS, DECAY_STEPS = 20_000, 120, 40
"""How many runs, for how long the learning rate stays, and in how many steps it then falls to 0."""

DOWNHILL = 0.05
"""Slope c along the river."""

STABLE, DECAYED, RIVER = (
    mark("loss of the hill at the constant rate"),
    mark("loss of the hill after the decay"),
    mark("way along the river / sum of rates × slope"),
)


def _rates(learning_rate: float) -> np.ndarray:
    falling = np.linspace(1.0, 0.0, DECAY_STEPS + 1)[1:]
    return learning_rate * np.concatenate([np.ones(STABLE_STEPS), falling])


def _river(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Run gradient descent with noise on f = -c x + k y^2 / 2 and follow the loss of the hill, k y^2 / 2."""
    curvature, noise = settings["curvature"], settings["noise"]
    rng = np.random.default_rng([seed, 27])
    rates = _rates(settings["learning_rate"])
    places = np.zeros((RUNS, 2))
    hill = np.zeros((len(rates) + 1, RUNS))
    for t, rate in enumerate(rates, start=1):
        stopping.check()
        gradient = np.stack([np.full(RUNS, -DOWNHILL), curvature * places[:, 1]], axis=1)
        gradient += noise * rng.standard_normal(gradient.shape)
        places = descended(places, gradient, rate)
        hill[t] = curvature * places[:, 1] ** 2 / 2.0
        progress(t / len(rates))
    last = {STABLE: hill[STABLE_STEPS], DECAYED: hill[-1], RIVER: places[:, 0] / (rates.sum() * DOWNHILL)}
    return Measurement(
        {name: float(values.mean()) for name, values in last.items()},
        {name: float(values.std(ddof=1) / np.sqrt(RUNS)) for name, values in last.items()},
        {"hill": hill.mean(axis=1)},
    )


def _river_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.river_valley import hill_loss, hill_losses

    rate, curvature, noise = settings["learning_rate"], settings["curvature"], settings["noise"]
    return {
        STABLE: hill_loss(rate, curvature, noise),
        DECAYED: float(hill_losses(_rates(rate), curvature, noise)[-1]),
        RIVER: 1.0,
    }


def _river_scene(result: Result) -> tuple[Panel, ...]:
    from landscape.theory.river_valley import hill_losses

    rates = _rates(result.settings["learning_rate"])
    steps, measured = np.arange(len(rates) + 1), result.details["hill"]
    theory = hill_losses(rates, result.settings["curvature"], result.settings["noise"])
    loss = chart(
        "loss",
        tr("loss of the hill: it falls as the rate does"),
        Axis(tr("step")),
        Axis(tr("mean of k y² / 2")),
        (steps[::4], measured[::4]),
        (steps, theory),
    )
    rate = chart(
        "rate",
        tr("learning rate"),
        Axis(tr("step")),
        Axis(tr("learning rate")),
        more=(line(steps[1:], rates, tr("rate")),),
    )
    return loss, rate


RIVER_VALLEY = Claim(
    key="river_valley",
    title=mark("Why the loss falls when the learning rate does"),
    statement=mark(
        "On a river with steep banks a large rate carries far along the river and keeps the run on the bank; "
        "once the rate decays most of the bank's loss is gone, and the way stays."
    ),
    point="learning rates",
    measuring=_river,
    expecting=_river_theory,
    tolerance=DRAWN,
    drawing=_river_scene,
    question=Question(
        mark(
            "With a warm-up, stable, decay schedule the loss hardly falls for most of the training, then at once "
            "during the decay. When was most of the way made?"
        ),
        lambda result: 1.0 if result.measured[STABLE] > 2.0 * result.measured[DECAYED] else 0.0,
        {mark("during the decay: that is where the loss falls"): 0.0, mark("while the loss hardly fell"): 1.0},
    ),
    explanation=(
        mark(
            "Across the river noise and curvature balance: the height's variance follows v ← (1 − η k)² v + η² s², and "
            "the loss of the hill is η s² / (2 (2 − η k)), proportional to the rate for small ones. Along the river "
            "every step gains η c, hidden under it."
        ),
        mark(
            "The decay takes the hill's part away in a few steps and adds little to the way. A run that is judged by "
            "its loss before the decay looks worse than a slow one that is nearer to where it began."
        ),
    ),
    references=(
        "K. Wen et al., Understanding warmup-stable-decay learning rates: a river valley loss landscape perspective, "
        "2024",
    ),
    parameters=(
        number("learning_rate", 0.05, 0.02, 0.15, mark("learning rate η"), log=True),
        number("curvature", 10.0, 4.0, 12.0, mark("curvature k across the river"), log=True),
        number("noise", 1.0, 0.2, 2.0, mark("standard deviation s of each gradient's noise"), log=True),
    ),
)


BOUNCE_STEPS, LAST = 600, 40
"""Steps of each rule, and over how many of the last is averaged: an even number of them."""
BEGIN = math.sqrt(0.5)
"""Where both begin: no whole number of steps of sign descent leads from there onto the minimum itself."""

SHARP, SIGN = mark("mean distance of sharpness-aware minimization"), mark("mean distance of sign descent")


def _bounced(seed: int, progress: Share, settings: Settings) -> Measurement:
    """Run both rules on l x^2 / 2 and tell how far from the minimum they stay."""
    import landscape as ls

    rate, curvature = settings["learning_rate"], settings["curvature"]
    surface = ls.formula(f"{curvature!r} x^2 / 2", ((-2.0, 2.0),))
    rules = {SHARP: ls.SAM(rate, radius=settings["radius"]), SIGN: ls.Signum(rate, momentum=0.0)}
    paths = {name: ls.descend(surface, rule, [[BEGIN]], BOUNCE_STEPS).points[0, :, 0] for name, rule in rules.items()}
    return Measurement(
        {name: float(np.abs(path[-LAST:]).mean()) for name, path in paths.items()}, details={"paths": paths}
    )


def _bounces_theory(settings: Settings) -> dict[str, float]:
    from landscape.theory.two_cycles import sam_amplitude, sign_amplitude

    rate = settings["learning_rate"]
    return {SHARP: sam_amplitude(rate, settings["curvature"], settings["radius"]), SIGN: sign_amplitude(rate)}


def _bounces_scene(result: Result) -> tuple[Panel, ...]:
    steps = np.arange(BOUNCE_STEPS + 1 - LAST, BOUNCE_STEPS + 1)

    def panel(key: str, title: str, name: str) -> Panel:
        amplitude = next(check.expected for check in result.checks if check.name == name)
        ends = steps[[0, -1]]
        edges = [line(ends, [side * amplitude] * 2, tr("theory") if side > 0 else "", "theory") for side in (1.0, -1.0)]
        path = result.details["paths"][name][-LAST:]
        return chart(key, title, Axis(tr("step")), Axis("x"), more=[*edges, line(steps, path, tr("measured"))])

    return (
        panel("sharp", tr("sharpness-aware minimization, its last steps"), SHARP),
        panel("sign", tr("sign descent, its last steps"), SIGN),
    )


BOUNCES = Claim(
    key="bounces",
    title=mark("Some rules never come to rest"),
    statement=mark(
        "Sharpness-aware minimization bounces about a minimum at η l ρ / (2 − η l), sign descent at η / 2 in the "
        "mean, without any noise: only a falling learning rate ends it."
    ),
    point="learning rates",
    measuring=_bounced,
    expecting=_bounces_theory,
    tolerance=Tolerance("relative", 1e-6),
    drawing=_bounces_scene,
    question=Question(
        mark(
            "In a bowl of curvature 4, gradient descent at learning rate 0.1 converges to the minimum. Sharpness-aware "
            "minimization takes the same step with the gradient of a point 0.05 uphill. Where does it end?"
        ),
        lambda result: result.measured[SHARP],
        {
            mark("at the minimum"): 0.0,
            mark("0.0125 to both sides of it, for ever"): 0.0125,
            mark("0.05 uphill of it"): 0.05,
            mark("it diverges"): 9.0,
        },
    ),
    explanation=(
        mark(
            "The gradient at x + ρ sign x is l (x + ρ sign x), which does not vanish as x goes to 0: the step is at "
            "least η l ρ. Two points ±A follow each other where A = η l (A + ρ) − A. A valley narrower than that "
            "cannot hold the rule, and that is what it is for."
        ),
        mark(
            "A sign has no size at all: from x the step is η, and the run ends on two points η apart, one on each "
            "side. Where exactly depends on the start; the mean distance, η / 2, does not. Only from a whole number of "
            "steps away it lands on the minimum itself and rests. With momentum, as in Lion and Signum, a sign turns "
            "late: they may go round more points than two and come further off, Signum with momentum "
            "0.9 up to about 3.5 η."
        ),
    ),
    references=(
        "P. Foret et al., Sharpness-aware minimization for efficiently improving generalization, 2021",
        "P. Bartlett, P. Long, O. Bousquet, The dynamics of sharpness-aware minimization, 2023",
    ),
    parameters=(
        number("learning_rate", 0.1, 0.02, 0.2, mark("learning rate η"), log=True),
        number("curvature", 4.0, 1.0, 8.0, mark("curvature l of the bowl"), log=True),
        number("radius", 0.05, 0.01, 0.2, mark("radius ρ"), log=True),
    ),
)
