"""How long it takes to find all critical points: ``python -m tests.benchmarks.bench_critical_points``."""

from __future__ import annotations

import time

import landscape as ls

ASKED = {"himmelblau": (9, 1.0), "six_hump_camel": (15, 1.0), "mueller_brown": (5, 1.0), "rastrigin": (441, 10.0)}


def main() -> None:
    print(f"{'surface':16} {'found':>5} {'asked':>5} {'first':>8} {'again':>8} {'at most':>8}   complete")
    for name, (count, limit) in ASKED.items():
        surface = ls.surface(name)
        times = []
        for _ in range(2):  # the first one derives gradient and Hessian
            begin = time.perf_counter()
            found = ls.critical_points(surface)
            times.append(time.perf_counter() - begin)
        print(
            f"{name:16} {len(found):5} {count:5} {times[0]:6.2f} s {times[1]:6.2f} s {limit:6.2f} s   {found.complete}"
        )


if __name__ == "__main__":
    main()
