"""Whether the ensemble ends where ``descend`` ends, for every pair of a surface and an optimizer: run it, it tells.

    python tests/benchmarks/check_ensemble.py

Each compiled pair costs most of a second, so the tests take each surface with one rule only, in turn.
The bound is that of the tests, 1e-12 relative to the numbers of the run.
"""

from __future__ import annotations

import time

import numpy as np

import landscape as ls
from landscape.optimizers import fitting
from landscape.surfaces.families import FAMILIES, family
from landscape.surfaces.networks import NETWORKS, network

N_STEPS = 12


def every_surface() -> dict[str, ls.Surface]:
    """Return the gallery, the families in as many dimensions as they have unless told, and the networks."""
    return {
        **ls.SURFACES,
        **{f"{name}, a family": family(name) for name in FAMILIES},
        **{f"{name}, in 40 dimensions": family(name, 40) for name in ("rosenbrock", "levy", "ackley", "powell")},
        **{name: network(name) for name in NETWORKS},
    }


def worst(surface: ls.Surface, rule: ls.Optimizer) -> float:
    """Return the largest difference of points, values and gradient norms, relative to the largest of the run."""
    starts = surface.domain.sample(np.random.default_rng(3), 5)
    e, t = ls.ensemble(surface, rule, starts, N_STEPS), ls.descend(surface, rule, starts, N_STEPS)
    if not np.array_equal(e.last, t.last):
        return np.inf
    pairs = (
        (e.points, t.final_points, t.final_points),
        (e.values, t.final_values, t.values[:, 0]),
        (e.gradient_norms, t.final_gradient_norms, t.gradient_norms[:, 0]),
    )
    return max(float(np.abs(a - b).max() / (1.0 + np.abs(scale).max())) for a, b, scale in pairs)


def main() -> None:
    """Print every pair beyond the bound, and how many there are."""
    begin, beyond, largest, n_pairs = time.perf_counter(), 0, 0.0, 0
    for name, surface in every_surface().items():
        for key in fitting(surface.blocks):
            difference = worst(surface, ls.optimizer(key, learning_rate=1e-3))
            n_pairs, largest = n_pairs + 1, max(largest, difference)
            if not difference <= 1e-12:
                beyond += 1
                print(f"{key} on {name}: {difference:.1e}", flush=True)
    print(f"{n_pairs} pairs in {time.perf_counter() - begin:.0f} s: {beyond} beyond 1e-12, largest {largest:.1e}")


if __name__ == "__main__":
    main()
