"""Time the server's part of a changed slider on the page High dimensions at n = 1000.

Run: python tests/benchmarks/bench_high_dims_page.py
"""

from __future__ import annotations

import time

from app.ask.family import with_setting
from app.pages.high_dimensions import allow, first
from landscape.analysis.high_dims import PLANES, high_dims_study
from landscape.render.player.payload import player_payload
from landscape.scenes.high_dims import high_dims_scene


def main() -> None:
    """Print the seconds from a new index to the payload, the best of three, for every plane."""
    for plane in PLANES:
        times = []
        for index in (301, 302, 303):
            begun = time.perf_counter()
            experiment = with_setting(first(), "index", index)
            allow(experiment)
            experiment.to_query()
            run = experiment.run()
            study = high_dims_study(run.trajectories, plane)
            player_payload(high_dims_scene(run, study), theme="light")
            times.append(time.perf_counter() - begun)
        print(f"n = 1000, plane {plane}: {min(times):.2f} s (worst {max(times):.2f} s; asked: under 1 s)")


if __name__ == "__main__":
    main()
