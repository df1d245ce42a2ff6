"""How long it takes to find all critical points: ``python -m tests.benchmarks.bench_critical_points``."""

from __future__ import annotations

import time

import landscape as ls

ASKED = {"himmelblau": (9, 1.0), "six_hump_camel": (15, 1.0), "mueller_brown": (5, 1.0), "rastrigin": (441, 10.0)}

TOO_MUCH = {
    "rings finer than a cell": lambda: ls.surface("schaffer_2").with_domain(((-100, 100), (-100, 100))),
    "20 terms of sin(kxy)^3": lambda: ls.formula("+".join(f"sin({k}*x*y)^3" for k in range(1, 21))),
    "hundreds of lines": lambda: ls.formula("sin(x*y)^2", ((-30, 30), (-30, 30))),
    "valleys of noise": lambda: ls.formula("sin(1e5*x*y)^3"),
}
"""What the search stops by the count of its operations: seconds of processor time."""


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
    for name, make in TOO_MUCH.items():
        surface = make()
        surface.hessian(surface.domain.lower)  # derived and compiled
        begin = time.process_time()
        found = ls.critical_points(surface)
        print(f"{name:24} {len(found):6} points {len(found.lines):4} lines {time.process_time() - begin:6.2f} s")


if __name__ == "__main__":
    main()
