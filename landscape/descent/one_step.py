"""One step of a path in numbers: what its rule was given, line by line, and where it led."""

from __future__ import annotations

import numpy as np

from landscape.descent.trajectory import Trajectory
from landscape.errors import returned
from landscape.language import tr, trn
from landscape.live.operations import Untranslatable
from landscape.live.told import Told, account
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.recipe.given import whole


def one_step(trajectory: Trajectory, step: int, start: int = 0) -> Told:
    """Return step ``step`` = 1, 2, ... of a path in numbers: the one that leads from ``points[start, step - 1]``.

    Its ``lines`` are the statements of the optimizer's ``rule`` with what was put in and what came out, for every
    coordinate; ``text()`` and ``latex()`` spell them. A path that diverged has the step that broke it too. What
    the rule remembers is followed from the start, and the outcome is held against what was recorded.

    Raises ``ValueError`` where there is no such step or start, where the rule takes whole points or cannot be read
    (``live.told.account``), where a lean run has not kept all points, and where the path did not go by its rule
    and the surface's own gradient alone: with noise, or on a surface that moves points back to it.

    >>> import landscape as ls
    >>> t = ls.descend("himmelblau", ls.Momentum(learning_rate=0.01), [[1.0, 2.0]], 50)
    >>> print(ls.one_step(t, 2))
    x, step 2: x = 1.36, g = −37.67, learning_rate = 0.01
    v ← momentum · v + g = 0.9 · (−36) + (−37.67) = −70.07
    x ← x − learning_rate · v = 1.36 − 0.01 · (−70.07) = 2.061
    <BLANKLINE>
    y, step 2: x = 2.32, g = −16.05, learning_rate = 0.01
    v ← momentum · v + g = 0.9 · (−32) + (−16.05) = −44.85
    x ← x − learning_rate · v = 2.32 − 0.01 · (−44.85) = 2.769
    """
    returned("trajectory", trajectory, Trajectory, "ls.descend")
    start = whole("start", start)
    if start >= trajectory.n_starts:
        raise ValueError(tr("start must be below {most}, not {start}", most=trajectory.n_starts, start=start))
    most = min(int(trajectory.last[start]) + 1, trajectory.n_steps)
    step = whole("step", step, 1)
    if step > most:
        raise ValueError(
            trn(
                "this path took {n} step; step must be at most that, not {step}",
                "this path took {n} steps; step must be at most that, not {step}",
                most,
                step=step,
            )
        )
    if len(trajectory.point_steps) <= trajectory.n_steps:
        raise ValueError(tr("a lean run has not kept the points that its steps came from"))
    optimizer = trajectory.optimizer
    try:
        told = account(type(optimizer))
    except Untranslatable as error:
        raise ValueError(
            tr("the steps of {optimizer} are not told in numbers: {problem}", optimizer=optimizer.title, problem=error)
        ) from None
    assert isinstance(optimizer, ElementwiseOptimizer)
    points, surface, rates = trajectory.points[start, :step], trajectory.surface, trajectory.learning_rates
    slots = optimizer.init(points[0])
    with np.errstate(all="ignore"):
        gradients = surface.value_and_gradient(points)[1]
        for t, (x, rate) in enumerate(zip(points, rates, strict=False), 1):
            looked = optimizer.looks_at(x, slots, t, rate)
            if looked is not x:
                gradients[t - 1] = surface.gradient(looked)
            if t < step:
                _, slots = optimizer.rule(x, gradients[t - 1], t, rate, slots, optimizer.hyper)
    found = told.at(optimizer, step, float(rates[step - 1]), points[-1], gradients[-1], slots, surface.variables)
    if step <= trajectory.last[start] and not np.allclose(
        found.new, trajectory.points[start, step], rtol=1e-12, atol=1e-12
    ):
        raise ValueError(
            tr("this path saw another gradient than the surface's, or was moved after its step: noise, say")
        )
    return found
