"""Time and memory in many dimensions. Run: python tests/benchmarks/bench_high_dims.py"""

from __future__ import annotations

import resource
import time

import numpy as np

import landscape as ls
from landscape.analysis.census import p_spin_census, torus_census
from landscape.analysis.spectrum import extreme_eigenvalues
from landscape.surfaces.random_fields import SphericalPSpin, TorusField


def seconds(work, repeats=3):
    """Return the median duration of ``work()``."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def main():
    n, steps = 10_000, 200
    rosenbrock = ls.surface("rosenbrock", n)
    one = np.full((1, n), 0.5)
    ls.descend(rosenbrock, ls.Adam(), one, 5)
    took = seconds(lambda: ls.descend(rosenbrock, ls.Adam(), one, 1000, keep=512))
    print(f"Adam, 1 path, n = {n}, 1000 steps, 512 points kept: {took:.2f} s (asked: 0.5 s)")
    took = seconds(lambda: ls.descend(rosenbrock, ls.Adam(), one, 1000))
    print(f"Adam, 1 path, n = {n}, 1000 steps, all points kept: {took:.2f} s (asked: 0.5 s)")

    x = np.random.default_rng(0).uniform(-1, 1, n)
    took = seconds(lambda: extreme_eigenvalues(rosenbrock, x))
    print(f"extreme eigenvalues, n = {n}: {took:.2f} s (asked: 1 s)")

    begun = time.perf_counter()
    census = torus_census(TorusField(n_dims=3))
    took = time.perf_counter() - begun
    print(f"census of a 3-D torus field, Euler sum {census.euler_sum}: {took:.1f} s (asked: 10 s)")
    begun = time.perf_counter()
    for seed in range(6):
        p_spin_census(SphericalPSpin(n_dims=40, p=3, seed=seed))
    print(f"p-spin, N = 40, 6 instances: {time.perf_counter() - begun:.1f} s (asked: 5 s)")

    # Shortened to a fiftieth; what the whole run keeps beyond it (values, norms, 311 more points a path) is added.
    keep = 200
    ten = np.random.default_rng(0).uniform(-1, 1, (10, n))
    ls.descend(rosenbrock, ls.Adam(), ten, steps, keep=keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"10 paths x {steps} steps x {n} dimensions, {keep} points kept: process peak {peak:.2f} GiB")
    further = 10 * 9_800 * 8 * 2 / 2**30 + 10 * 311 * n * 8 / 2**30
    print(f"10,000 steps with 512 points, extrapolated: {peak + further:.2f} GiB (asked: 1 GB)")


if __name__ == "__main__":
    main()
