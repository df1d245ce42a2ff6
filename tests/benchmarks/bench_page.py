"""Time from a changed slider to the new picture, the server's part: 4 optimizers x 4 starts x 500 steps on Rosenbrock.

    python tests/benchmarks/bench_page.py [repeats] [another checkout]

The whole script of the page runs in Streamlit's AppTest with a new value of the slider each time: controls, run,
verdicts, scene, payload, tabs. The payload is counted as the JSON bytes that go to the browser. English, Korean and,
where there is one, English in another checkout take turns; what they take of a processor is compared, which the other
programs of a machine hardly change.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parents[2]
QUERY = {
    "surface": "rosenbrock",
    "opt": "sgd,learning_rate:0.001;momentum,learning_rate:0.001;rmsprop,learning_rate:0.01;adam,learning_rate:0.02",
    "start": "-1.5,2.0;-0.5,-0.5;1.5,2.5;0.5,1.5",
    "steps": "500",
}


def changes(language: str) -> None:
    """Change the slider once for each line that comes; answer with seconds, those of a processor, and bytes."""
    from streamlit.testing.v1 import AppTest

    import app
    from app.player import NAME

    if language != "en":  # AppTest finds what is chosen by its label
        from landscape.language import speak

        speak(language)
    page = AppTest.from_file(Path(app.__file__).parent / "script" / "router.py", default_timeout=120)
    page.query_params.update(QUERY | {"lang": language})
    page.run()
    for k, _ in enumerate(sys.stdin):
        box = page.text_input(key="descent.surface.rosenbrock.b.box")
        began, busy = time.perf_counter(), time.process_time()
        box.input(str(50 + k)).run()
        taken = time.perf_counter() - began, time.process_time() - busy
        assert not page.exception
        (shown,) = (one for one in page.get("bidi_component") if one.proto.component_name == NAME)
        print(*taken, len(shown.proto.bytes), flush=True)


def main(repeats: int, other: Path | None) -> None:
    """Print the median and the largest time, the size of the payload, and how the others compare."""
    pages = [("English", HERE, "en"), ("Korean", HERE, "ko"), *([("English there", other, "en")] if other else [])]
    workers = {
        name: subprocess.Popen(
            [sys.executable, __file__, "--changes", language],
            env=os.environ | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for name, root, language in pages
    }
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in workers}
    for _ in range(repeats + 2):
        for name, worker in workers.items():
            assert worker.stdin is not None
            assert worker.stdout is not None
            print(file=worker.stdin, flush=True)
            taken, of_processor, size = map(float, worker.stdout.readline().split())
            found[name].append((taken, of_processor, size))
    for worker in workers.values():
        worker.communicate()
    seconds, _, sizes = ([one[k] for one in found["English"][2:]] for k in range(3))
    print(f"server part of a changed slider: median {1000 * statistics.median(seconds):.0f} ms, ", end="")
    print(f"most {1000 * max(seconds):.0f} ms of {len(seconds)}   < 150 ms")
    print(f"payload: {max(sizes) / 1000:.0f} kB   < 400 kB")
    for name, one in found.items():
        ratios = [there[1] / here[1] for there, here in zip(one, found["English"], strict=True)][2:]
        mean = 1000 * statistics.median(of_processor for _, of_processor, _ in one[2:])
        print(f"of a processor, {name}: median {mean:.0f} ms, {statistics.median(ratios):.3f} of English")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--changes"]:
        changes(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
