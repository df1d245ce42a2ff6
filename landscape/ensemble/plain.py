"""The loop of ``walk`` in NumPy, for surfaces that are no expression and rules that are not elementwise."""

from __future__ import annotations

import numpy as np

from landscape import stopping
from landscape.descent.loop import CountingOracle
from landscape.descent.outcome import quarters
from landscape.ensemble.walk import Ends
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer, Step
from landscape.surfaces.base import Array, Surface


def walk_plainly(
    surface: Surface,
    optimizer: Optimizer,
    starts: Array,
    rates: Array,
    threshold: float,
    ends: Ends,
    seed: int = 0,
    first: int = 0,
) -> None:
    """Take ``starts`` (S, n) through a step for each of ``rates`` (T,), as ``walk`` does and as ``descend`` does.

    ``first`` is the number of the first start among all of the ensemble: a rule that draws draws by it. Starts that
    are no longer finite drop out where the rule is elementwise.
    """
    n_steps = len(rates)
    ends.last[:] = -1
    ends.quiet_from[:] = 0
    looks = quarters(n_steps)
    who, x, state = np.arange(len(starts)), starts.copy(), optimizer.init(starts.copy())
    rngs = [np.random.default_rng([seed, first + i, 1]) for i in range(len(starts))] if optimizer.draws else []
    oracle = CountingOracle(surface, len(starts))
    # Overflow ends a path here; what is not finite is looked for at every step.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for t in range(n_steps + 1):
            stopping.check()
            values, g = surface.value_and_gradient(x)
            norms = np.linalg.norm(g, axis=-1)
            alive = np.isfinite(values) & np.isfinite(norms) & np.isfinite(x).all(axis=-1)
            alive &= ends.last[who] == t - 1
            if t == 0:
                ends.points[:], ends.values[:], ends.gradient_norms[:] = x, values, norms
                ends.quiet_from[~alive] = 1
            at = who[alive]
            ends.points[at], ends.values[at], ends.gradient_norms[at] = x[alive], values[alive], norms[alive]
            ends.last[at] = t
            ends.quarter_values[np.ix_(at, looks == t)] = values[alive, None]
            loud = ~(norms[alive] < threshold)
            ends.quiet_from[at[loud]] = t + 1
            if t == n_steps or not alive.any():
                break
            if isinstance(optimizer, ElementwiseOptimizer) and 2 * np.count_nonzero(alive) < len(who):
                who, x, g, state = at, x[alive], g[alive], tuple(slot[alive] for slot in state)
            x, state = optimizer.update(Step(x, g, t + 1, rates[t], rngs, oracle), state)
            x = surface.retract(x)
    np.maximum(ends.last, 0, out=ends.last)
