"""How fast the ensemble is beside a jitted Optax scan on the same work: run it, it prints a table.

    python tests/benchmarks/bench_ensemble.py [repetitions]

Needs jax and optax (the extra ``bench``). The two take turns, so that both meet the same machine; times are medians,
in float64, of 65,536 starts x 200 steps in the plane, of 1000 starts x 100 steps in 1000 dimensions, and of a
2-20-20-2 network on 400 points, 200 starts x 50 steps; all is compiled before. Cold and cached times are those of
fresh processes; so are those of a map of basins, 400 x 400 pixels for four optimizers and up to 1000 steps, whose
kernels lie on disk.

Beside the ratio of the medians stand that of the quickest runs and that of the processors' work: on a machine with
other work to do the first says little. Optax's scan keeps to one processor (jax 0.10), ours takes all: by the clock
of an idle machine with two it has half the ratio of the work. A network is BLAS and NumPy here as there: of a gradient
a good part is its hyperbolic tangents.

What is left of the work for Adam and RMSprop is the processor's divider: each coordinate of each step takes a square
root and a division, 27 cycles for eight numbers on a Zen 4, both sides alike. Its time alone is half of what Optax
takes for RMSprop on Rosenbrock, so that 0.5 of the work cannot be passed there with as many roots and quotients.
(Measured: roots or quotients by Newton steps from an estimate, all or every other one, are bit for bit the same and
save 4 to 12% of the kernel where every other one is taken; all of them are slower. Not worth code for one processor.)

Momentum on Himmelblau takes 1.1 ns of work a start and step: 0.8 in the kernel, 0.15 at both ends. The same loop
without value, norm and clock takes 0.55. In 1000 dimensions a step of SGD on Styblinski and Tang's function is 0.45 ns
a coordinate, of which Optax, which asks neither for the value nor for the norm, spends 0.25.

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
from landscape.surfaces.networks import Perceptron, moons

PLANE = 65_536, 200  # starts, steps
MANY_DIMS = 1000, 100
NETWORK = 200, 50

RATES = {"sgd": 1e-4, "momentum": 1e-5, "adam": 0.01}

CASES = (
    *(
        (name, ls.optimizer(key, learning_rate=rate))
        for name in ("himmelblau", "rosenbrock", "ackley")
        for key, rate in RATES.items()
    ),
    ("rosenbrock", ls.RMSprop(learning_rate=0.01)),
    *(
        (f"{name} of 1000", ls.optimizer(key, learning_rate=0.1 * rate))
        for name in ("rosenbrock", "rastrigin", "styblinski_tang")
        for key, rate in RATES.items()
    ),
    *(("network", ls.optimizer(key, learning_rate=rate)) for key, rate in (("sgd", 0.1), ("adam", 0.01))),
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
    import jax
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
        "rastrigin of 1000": lambda p: jnp.sum(10 + p**2 - 10 * jnp.cos(2 * jnp.pi * p), axis=0),
        "styblinski_tang of 1000": lambda p: jnp.sum((p**4 - 16 * p**2 + 5 * p) / 2, axis=0),
        "network": jax.vmap(network_loss, in_axes=1),
    }


def network() -> Perceptron:
    """Return the network: 522 parameters."""
    return Perceptron(moons(n=400), widths=(20, 20))


def network_loss(p: Any) -> Any:
    """Return the loss of the network for JAX."""
    import jax
    import jax.numpy as jnp

    net = network()
    arrays = [p[block.slice].reshape(block.shape) for block in net.blocks]
    *hidden, (last, bias) = zip(arrays[::2], arrays[1::2], strict=True)
    a = jnp.asarray(net.data.inputs.T)
    for weights, shift in hidden:
        a = jnp.tanh(weights @ a + shift[:, None])
    z = last @ a + bias[:, None]
    return -jnp.sum(net.targets * jax.nn.log_softmax(z, axis=0)) / net.n_rows


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

    n_starts, n_steps = NETWORK if name == "network" else MANY_DIMS if name.endswith("1000") else PLANE
    surface: ls.Surface
    if name == "network":
        surface = network()
        starts = surface.starts(n_starts)
    else:
        surface = ls.surface(name.split()[0], *([1000] if name.endswith("1000") else []))
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
    environment = os.environ | {"LANDSCAPE_CACHE": cache, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
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
    print(f"{'':34}{'ours ms':>9}{'optax ms':>9}{'ratio':>7}{'least':>7}{'work':>7}{'ns':>7}{'same end':>10}")
    for name, optimizer in CASES:
        r = compare(name, optimizer, repetitions)
        print(
            f"{r['case']:34}{r['ours_ms']:9.1f}{r['optax_ms']:9.1f}{r['ratio']:7.2f}{r['least']:7.2f}{r['work']:7.2f}"
            f"{r['ours_ns_per_coordinate_and_step']:7.2f}{r['same_end']:10.4f}"
        )


if __name__ == "__main__":
    main()
