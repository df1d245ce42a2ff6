"""How fast the ensemble is beside a jitted Optax scan on the same work: run it, it prints a table.

    python tests/benchmarks/bench_ensemble.py [repetitions]

Needs jax and optax (the extra ``bench``). The two take turns, so that both meet the same machine; times are medians,
in float64, of 65,536 starts x 200 steps in the plane and of 1000 starts x 100 steps in 1000 dimensions, where the
surface is no expression and goes through NumPy; all is compiled before. Cold and cached times are those of fresh
processes; so are those of a map of basins, 400 x 400 pixels for four optimizers and up to 1000 steps, whose kernels
lie on disk.

Beside the ratio of the medians stand that of the quickest runs and that of the processors' work: on a machine with
other work to do the first says little. Optax's scan keeps to one processor (jax 0.10), ours takes all: by the clock
of an idle machine with two it has half the ratio of the work.

What is left of the work for Adam and RMSprop is the processor's divider: each coordinate of each step takes a square
root and a division, 27 cycles for eight numbers on a Zen 4, both sides alike. Its time alone is half of what Optax
takes for RMSprop on Rosenbrock, so that 0.5 of the work cannot be passed there with as many roots and quotients.
(Measured: roots or quotients by Newton steps from an estimate, all or every other one, are bit for bit the same and
save 4 to 12 % of the kernel where every other one is taken; all of them are slower. Not worth code for one processor.)

The last column says which share of the starts ends within 1e-6 of Optax. RMSprop's is below 1 with a reason: as v
forgets the gradients of the way, the step at a minimum grows past 2 / curvature, and the last bits decide when a
start leaves it again. After 100 steps all agree.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import landscape as ls

N_STARTS, N_STEPS = 65_536, 200
MANY_DIMS = 1000, 1000, 100  # dimensions, starts, steps

RATES = {"sgd": 1e-4, "momentum": 1e-5, "adam": 0.01}

CASES = (
    *(
        (name, ls.optimizer(key, learning_rate=rate))
        for name in ("himmelblau", "rosenbrock", "ackley")
        for key, rate in RATES.items()
    ),
    ("rosenbrock", ls.RMSprop(learning_rate=0.01)),
    *(("rosenbrock of 1000", ls.optimizer(key, learning_rate=0.1 * rate)) for key, rate in RATES.items()),
)

FRESH = """
import time
begin = time.perf_counter()
import numpy as np, landscape as ls
surface, optimizer = ls.surface("himmelblau"), ls.Adam(learning_rate=0.01)
starts = surface.domain.sample(np.random.default_rng(0), 65_536)
ready = time.perf_counter()
e = ls.ensemble(surface, optimizer, starts, 200)
print([ready - begin, time.perf_counter() - ready])
"""

BASINS = """
import time
import landscape as ls
from landscape.analysis.basins import refine_basins
optimizers = (
    ls.SGD(learning_rate=0.01), ls.Momentum(learning_rate=0.01), ls.RMSprop(learning_rate=0.01),
    ls.Adam(learning_rate=0.1),
)
begin = time.perf_counter()
times = []
for refinement in refine_basins(ls.surface("himmelblau"), optimizers, (400, 400), 1000):
    times.append(time.perf_counter() - begin)
print([times[0], times[-1]])
"""


def surfaces() -> dict[str, Any]:
    """Return the same surfaces for JAX, of coordinates that come first: the layout in which XLA is faster."""
    import jax.numpy as jnp

    return {
        "himmelblau": lambda p: (p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2,
        "rosenbrock": lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
        "ackley": lambda p: (
            -20 * jnp.exp(-0.2 * jnp.sqrt((p[0] ** 2 + p[1] ** 2) / 2))
            - jnp.exp((jnp.cos(2 * jnp.pi * p[0]) + jnp.cos(2 * jnp.pi * p[1])) / 2)
            + jnp.e
            + 20
        ),
        "rosenbrock of 1000": lambda p: jnp.sum((1 - p[:-1]) ** 2 + 100 * (p[1:] - p[:-1] ** 2) ** 2, axis=0),
    }


def optax_run(name: str, optimizer: Any, n_steps: int) -> Callable[[Any], Any]:
    """Return the same descent as a jitted scan over all starts."""
    import jax
    import jax.numpy as jnp
    import optax

    rate = optimizer.learning_rate
    transform = {
        "sgd": lambda: optax.sgd(rate),
        "momentum": lambda: optax.sgd(rate, momentum=optimizer.momentum),
        "rmsprop": lambda: optax.rmsprop(rate, decay=optimizer.b2, eps=optimizer.eps, eps_in_sqrt=False),
        "adam": lambda: optax.adam(rate, b1=optimizer.b1, b2=optimizer.b2, eps=optimizer.eps),
    }[optimizer.key]()
    gradient = jax.grad(lambda points: jnp.sum(surfaces()[name](points)))

    @jax.jit
    def run(x: Any) -> Any:
        def step(carry: Any, _: None) -> Any:
            x, state = carry
            updates, state = transform.update(gradient(x), state, x)
            return (optax.apply_updates(x, updates), state), None

        return jax.lax.scan(step, (x, transform.init(x)), None, length=n_steps)[0][0]

    return lambda x: run(x).block_until_ready()


def seconds(call: Callable[[], Any]) -> tuple[float, float]:
    """Return how long one call takes, by the clock and as the work of all processors together."""
    begin, work = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - begin, time.process_time() - work


def compare(name: str, optimizer: Any, repetitions: int) -> dict[str, Any]:
    """Time the two in turns and see that they agree."""
    import jax.numpy as jnp

    n_dims, n_starts, n_steps = MANY_DIMS if name.endswith("1000") else (2, N_STARTS, N_STEPS)
    surface = ls.surface(name.split()[0], *([n_dims] if n_dims > 2 else []))
    starts = surface.domain.sample(np.random.default_rng(0), n_starts)
    columns = jnp.asarray(starts.T)
    theirs = optax_run(name, optimizer, n_steps)
    ours = ls.ensemble(surface, optimizer, starts, n_steps)
    end = np.asarray(theirs(columns)).T
    both = np.isfinite(end).all(axis=1) & (ours.last == n_steps)
    agree = float(np.mean(np.abs(end - ours.points)[both].max(axis=1) < 1e-6))
    times: dict[str, list[tuple[float, float]]] = {"ours": [], "theirs": []}
    for _ in range(repetitions):
        times["ours"].append(seconds(lambda: ls.ensemble(surface, optimizer, starts, n_steps)))
        times["theirs"].append(seconds(lambda: theirs(columns)))
    (a, work_a), (b, work_b) = (map(statistics.median, zip(*times[who], strict=True)) for who in ("ours", "theirs"))
    least_a, least_b = (min(times[who])[0] for who in ("ours", "theirs"))
    return {
        "case": f"{optimizer.key} on {name}",
        "ours_ms": 1e3 * a,
        "optax_ms": 1e3 * b,
        "ratio": a / b,
        "least": least_a / least_b,
        "work": work_a / work_b,
        "ours_ns_per_coordinate_and_step": 1e9 * a / starts.size / n_steps,
        "same_end": agree,
    }


def fresh(program: str, cache: str) -> list[float]:
    """Return the two times that a program tells, run in a new process with this folder for kernels."""
    environment = os.environ | {"LANDSCAPE_CACHE": cache}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def main() -> None:
    """Print everything."""
    import jax

    jax.config.update("jax_enable_x64", True)
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    cold, cached = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as cache:
            cold.append(fresh(FRESH, cache))
            cached += [fresh(FRESH, cache) for _ in range(3)]
    for what, runs in (("cold", cold), ("cached", cached)):
        imports, first = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{what}: import {imports:.2f} s, first ensemble {first:.2f} s")
    with tempfile.TemporaryDirectory() as cache:
        maps = [fresh(BASINS, cache) for _ in range(4)][1:]
    coarse, whole = (statistics.median(column) for column in zip(*maps, strict=True))
    print(f"basins 400 x 400, kernels on disk: first coarse map {coarse:.2f} s, whole map {whole:.2f} s")
    print(f"{'':26}{'ours ms':>9}{'optax ms':>9}{'ratio':>7}{'least':>7}{'work':>7}{'ns':>7}{'same end':>10}")
    for name, optimizer in CASES:
        r = compare(name, optimizer, repetitions)
        print(
            f"{r['case']:26}{r['ours_ms']:9.1f}{r['optax_ms']:9.1f}{r['ratio']:7.2f}{r['least']:7.2f}{r['work']:7.2f}"
            f"{r['ours_ns_per_coordinate_and_step']:7.2f}{r['same_end']:10.4f}"
        )


if __name__ == "__main__":
    main()
