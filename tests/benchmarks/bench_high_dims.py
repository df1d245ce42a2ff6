"""Time and memory in many dimensions. Run: python tests/benchmarks/bench_high_dims.py"""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

import landscape as ls
from landscape.analysis.census import p_spin_census, torus_census
from landscape.curvature.spectrum import extreme_eigenvalues
from landscape.surfaces.random_fields import SphericalPSpin, TorusField

LONG = """
import resource, time
import numpy as np
import landscape as ls
from landscape.analysis.slices import principal_plane
ten = np.random.default_rng(0).uniform(-1, 1, (10, 10_000))
begun = time.perf_counter()
t = ls.descend(ls.surface("rosenbrock", 10_000), ls.Adam(), ten, 10_000, keep=512)
took = time.perf_counter() - begun
principal_plane([t.points])
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9)
"""


def seconds(work, repeats=3):
    """Return the median duration of ``work()``."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def main():
    n = 10_000
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

    done = subprocess.run([sys.executable, "-c", LONG], capture_output=True, text=True, check=True, timeout=1800)
    took, peak = map(float, done.stdout.split())
    print(
        f"Adam, 10 paths x 10,000 steps x {n} dimensions, 512 points kept: {took:.0f} s, peak of the whole process "
        f"{peak:.2f} GB (asked: 1 GB)"
    )


if __name__ == "__main__":
    main()
