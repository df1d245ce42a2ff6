"""Time the networks: run `python tests/benchmarks/bench_networks.py`; it prints medians and asserts nothing about time.

BLAS is held to one thread: its threads cost more than they give on matrices of this size.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import platform
import statistics
import time
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import landscape as ls
from landscape.analysis.slices import filter_normalized_plane, slice_surface

REPEATS = 5
RECORDED = Path(__file__).parents[1] / "oracles" / "networks" / "sklearn.json"


def median_of(work):
    """Return the median and the best of some runs, in seconds, after one that warms up."""
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), min(times)


def report(what, target, work):
    median, best = median_of(work)
    print(f"{what:64} median {median:6.3f} s   best {best:6.3f} s   target {target}")


def main():
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, NumPy {np.__version__}"
    )

    digits = ls.Softmax(ls.data("digits"), l2=1e-3)
    start = np.zeros((1, digits.n_dims))
    report(
        "softmax on digits, 200 full-batch steps of momentum",
        "0.5 s",
        lambda: ls.descend(digits, ls.Momentum(learning_rate=0.5), start, 200),
    )
    expected = next(row["loss"] for row in json.loads(RECORDED.read_text())["digits"] if row["l2"] == 1e-3)
    found = minimize(
        digits.value_and_gradient,
        start[0],
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-15, "gtol": 1e-9},
    )
    print(f"  run to convergence: loss {found.fun:.9f}, scikit-learn {expected:.9f}, apart {found.fun - expected:.1e}")

    network = ls.Perceptron(ls.data("moons", n=400), widths=(20, 20))
    x = network.starts(1)
    optimizers = [ls.optimizer(name, learning_rate=0.01) for name in ("sgd", "momentum", "rmsprop", "adam")]
    report(
        "2-20-20-2 network, 400 points, 1000 steps of 4 optimizers",
        "2 s",
        lambda: [ls.descend(network, optimizer, x, 1000) for optimizer in optimizers],
    )
    end = ls.descend(network, optimizers[-1], x, 300).final_points[0]
    plane, axis = filter_normalized_plane(end, network.filters), np.linspace(-1, 1, 61)
    report("its filter-normalized slice, 61 x 61", "1 s", lambda: slice_surface(network, plane, axis, axis))
    report("its Hessian, 522 x 522", "-", lambda: network.hessian(end))
    normed = ls.Perceptron(ls.data("moons", n=400), widths=(20, 20), batch_norm=True)
    report(
        "the same with batch normalization, 1000 steps of Adam",
        "-",
        lambda: ls.descend(normed, optimizers[-1], normed.starts(1), 1000),
    )


if __name__ == "__main__":
    main()
