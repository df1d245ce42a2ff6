"""Time from a changed slider to the new picture, the server's part: 4 optimizers x 4 starts x 500 steps on Rosenbrock.

    python tests/benchmarks/bench_page.py [repeats]

The whole script of the page runs in Streamlit's AppTest with a new value of the slider each time: controls, run,
verdicts, scene, payload, tabs. The payload is counted as the JSON bytes that go to the browser.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROUTER = Path(__file__).parents[2] / "app" / "script" / "router.py"
QUERY = {
    "surface": "rosenbrock",
    "opt": "sgd,learning_rate:0.001;momentum,learning_rate:0.001;rmsprop,learning_rate:0.01;adam,learning_rate:0.02",
    "start": "-1.5,2.0;-0.5,-0.5;1.5,2.5;0.5,1.5",
    "steps": "500",
}


def main(repeats: int) -> None:
    """Print the median and the largest time, and the size of the payload."""
    page = AppTest.from_file(ROUTER, default_timeout=120)
    page.query_params.update(QUERY)
    page.run()
    seconds, sizes = [], []
    for k in range(repeats + 2):
        box = page.text_input(key="descent.surface.rosenbrock.b.box")
        began = time.perf_counter()
        box.input(str(50 + k)).run()
        seconds.append(time.perf_counter() - began)
        assert not page.exception
        (element,) = page.get("bidi_component")
        sizes.append(len(element.proto.bytes))
    kept = seconds[2:]
    print(f"server part of a changed slider: median {1000 * statistics.median(kept):.0f} ms, ", end="")
    print(f"most {1000 * max(kept):.0f} ms of {len(kept)}   < 150 ms")
    print(f"payload: {max(sizes) / 1000:.0f} kB   < 400 kB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
