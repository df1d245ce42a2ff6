"""The loop of ``walk`` in NumPy, for surfaces that no loop is written for and rules that are not elementwise."""

from __future__ import annotations

import numpy as np

from landscape import stopping
from landscape.descent.loop import CountingOracle
from landscape.descent.outcome import quarters
from landscape.ensemble.threads import run_all
from landscape.ensemble.walk import Ends
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer, Step
from landscape.progress import counting
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
    n_threads: int = 1,
) -> None:
    """Take ``starts`` (S, n) through a step for each of ``rates`` (T,), as ``walk`` does and as ``descend`` does.

    ``first`` is the number of the first start among all of the ensemble: a rule that draws draws by it. As many go
    together as the surface evaluates best at once (``Surface.batch``), from their first step to their last.
    """

    def through(begin: int) -> None:
        part = slice(begin, begin + surface.batch)
        _walk_together(surface, optimizer, starts[part], rates, threshold, ends.part(part), seed, first + begin)

    run_all(through, range(0, len(starts), surface.batch), n_threads if surface.threads else 1)


def _walk_together(
    surface: Surface,
    optimizer: Optimizer,
    starts: Array,
    rates: Array,
    threshold: float,
    ends: Ends,
    seed: int,
    first: int,
) -> None:
    """Write where a few starts end. Those that are no longer finite drop out where the rule is elementwise."""
    n_steps = len(rates)
    looks = quarters(n_steps)
    who, going = np.arange(len(starts)), np.ones(len(starts), dtype=bool)
    x, state = starts.copy(), optimizer.init(starts.copy())
    rngs = [np.random.default_rng([seed, first + i, 1]) for i in range(len(starts))] if optimizer.draws else []
    oracle = CountingOracle(surface, len(starts))
    ends.quiet_from[:] = 0
    ends.quarter_values[:] = np.nan

    def write(those: Array, x: Array, values: Array, norms: Array, last: int) -> None:
        at = who[those]
        ends.points[at], ends.values[at], ends.gradient_norms[at], ends.last[at] = (
            x[those], values[those], norms[those], last,
        )  # fmt: skip

    # Overflow ends a path here; what is not finite is looked for at every step.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"), counting(n_steps, optimizer.label) as count:
        for t in range(n_steps + 1):
            stopping.check()
            values, g = surface.value_and_gradient(x)
            norms = np.linalg.norm(g, axis=-1)
            finite = np.isfinite(values) & np.isfinite(norms) & np.isfinite(x).all(axis=-1)
            if t == 0:
                before = x, values, norms  # a start is a point even where the surface has no value
                ends.quiet_from[~finite] = 1
            if not finite.all():
                write(going & ~finite, *before, max(t - 1, 0))
                going &= finite
            ends.quiet_from[who[going & ~(norms < threshold)]] = t + 1
            for quarter in np.flatnonzero(looks == t):
                ends.quarter_values[who[going], quarter] = values[going]
            if t == n_steps or not going.any():
                break
            if isinstance(optimizer, ElementwiseOptimizer) and 2 * np.count_nonzero(going) < len(who):
                who, x, values, norms, g = who[going], x[going], values[going], norms[going], g[going]
                state, going = tuple(slot[going] for slot in state), np.ones(len(who), dtype=bool)
            before = x, values, norms
            looked = optimizer.looks_at(x, state, t + 1, rates[t])
            if looked is not x:
                g = surface.gradient(looked)
            x, state = optimizer.stepped(Step(x, g, t + 1, rates[t], rngs, oracle, values, surface.blocks), state)
            x = surface.retract(x)
            count.advance()
        write(going, x, values, norms, n_steps)
