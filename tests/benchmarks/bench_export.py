"""Time and size of every export of the descent scene with 8 paths x 3 panels x 1000 steps; memory of 4K films.

Run: python tests/benchmarks/bench_export.py [repetitions]

Times are medians in a process that has saved once before ("warm"); "first" is the first one of a fresh process,
imports included. Memory is the peak of a fresh process that writes nothing but the film.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import landscape as ls
from landscape.lecture import LECTURES, save
from landscape.scene import Scene

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "nadam", "lion")

# Title, file, options, seconds at most, bytes at most.
CASES: tuple[tuple[str, str, dict[str, Any], float | None, float | None], ...] = (
    ("PDF", "f.pdf", {}, 1.5, None),
    ("SVG", "f.svg", {}, None, None),
    ("PNG, 200 to the inch", "f.png", {}, None, None),
    ("MP4, 1080p, 5 s at 30/s", "f.mp4", {"size": "1080p", "seconds": 5, "fps": 30, "hold": 0}, 6.0, None),
    ("GIF, 720p, 60 frames", "f.gif", {"size": "720p", "seconds": 3, "fps": 20, "hold": 0}, 4.0, 1.5e6),
    ("PDF, 20 pages", "f.steps.pdf", {"pages": 20}, 3.0, 2e6),
    ("Beamer, 20 overlays", "f.beamer.zip", {"pages": 20}, None, None),
    ("PowerPoint slide", "f.pptx", {}, None, None),
    ("live slide", "f.html", {}, None, 5.5e6),
    ("CSV", "f.csv", {}, None, None),
    ("NPZ", "f.npz", {}, None, None),
)

MEMORY = """
import resource, sys
sys.path.insert(0, {here!r})
from bench_export import scene_of
seconds = float(sys.argv[1])
scene = scene_of()
if seconds:
    scene.save({file!r}, size="4K", seconds=seconds, fps=30, hold=0)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""

FIRST = """
import sys, time
sys.path.insert(0, {here!r})
from bench_export import scene_of
scene = scene_of()
began = time.perf_counter()
scene.save({file!r})
print(time.perf_counter() - began)
"""


def scene_of(relief: bool = False) -> Scene:
    """Return the scene: eight optimizers from one start beside a saddle."""
    return ls.Experiment("escaping_saddle", OPTIMIZERS, [(1.0, 1e-3)], 1000).run().scene(relief=relief)


def median_seconds(scene: Scene, path: Path, options: dict[str, Any], repeats: int) -> float:
    """Return the median seconds of saving, after one save that does not count."""
    seconds = []
    for _ in range(repeats + 1):
        began = time.perf_counter()
        scene.save(path, **options)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def fresh(code: str, *arguments: str) -> float:
    """Run code in a fresh interpreter and return the number it prints."""
    command = [sys.executable, "-c", code, *arguments]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main(repeats: int = 5) -> None:
    """Print the table."""
    print(f"{len(OPTIMIZERS)} paths x 3 panels x 1000 steps, median of {repeats}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as directory:
        for relief in (False, True):
            scene = scene_of(relief)
            for title, name, options, limit, most in CASES if not relief else CASES[:6]:
                path = Path(directory) / name
                seconds = median_seconds(scene, path, options, repeats)
                size = path.stat().st_size
                asked = [f"< {limit:g} s" if limit else "", f"< {most / 1e6:g} MB" if most else ""]
                shown = f"{title}, relief" if relief else title
                print(f"  {shown:32s} {seconds:6.2f} s  {size / 1e6:7.3f} MB   {' '.join(filter(None, asked))}")
        path = Path(directory) / "lecture.pptx"
        began = time.perf_counter()
        save(LECTURES["local_optima"](), path)
        seconds, size = time.perf_counter() - began, path.stat().st_size
        print(f"  {'PowerPoint, lecture of ten':32s} {seconds:6.2f} s  {size / 1e6:7.3f} MB   < 60 s < 30 MB")
        here = str(Path(__file__).parent)
        first = fresh(FIRST.format(here=here, file=str(Path(directory) / "f.pdf")))
        print(f"  {'PDF, first of a process':32s} {first:6.2f} s")
        film = MEMORY.format(here=here, file=str(Path(directory) / "f.mp4"))
        base = fresh(film, "0")
        for seconds in (1.0, 4.0, 16.0):
            print(f"  4K film of {seconds:4.0f} s: peak {fresh(film, str(seconds)):5.0f} MB (before it {base:.0f} MB)")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
