"""Time of `import landscape`, and of one NumPy step of each optimizer on a 2-D surface, recording included.

Run: python tests/benchmarks/bench_core.py
"""

import statistics
import subprocess
import sys
import time

import landscape as ls
from landscape.optimizers import fitting

TIMER = "import time; t = time.perf_counter(); import landscape; print(time.perf_counter() - t)"


def import_seconds(repeats: int = 9) -> float:
    """Median seconds that a fresh interpreter spends in `import landscape`."""
    command = [sys.executable, "-c", TIMER]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(repeats + 1)]
    return statistics.median(float(run.stdout) for run in runs[1:])  # the first one warms the disk cache


def step_microseconds(key: str, n_starts: int = 4, n_steps: int = 500, repeats: int = 9) -> float:
    """Median microseconds a step of one optimizer from ``n_starts`` starts on Himmelblau's function."""
    surface, optimizer = ls.surface("himmelblau"), ls.optimizer(key, learning_rate=1e-3)
    starts = ls.random_starts(surface.domain, n_starts)
    ls.descend(surface, optimizer, starts, 5)
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        ls.descend(surface, optimizer, starts, n_steps)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) / n_steps * 1e6


def main() -> None:
    """Print the table."""
    print(f"import landscape: {import_seconds():.3f} s (median of 9)")
    print("one step, 4 starts on Himmelblau, recording included, microseconds (median of 9 runs of 500 steps):")
    for key in fitting():
        print(f"  {key:20s} {step_microseconds(key):6.1f}")


if __name__ == "__main__":
    main()
