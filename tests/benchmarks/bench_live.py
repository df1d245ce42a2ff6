"""Paths that follow a start under the mouse, in headless Chromium, beside the same by a round trip to the server.

    python tests/benchmarks/bench_live.py [frames]

On a slide opened from disk with the network off and on the page: a start of Himmelblau's function is dragged; each
frame runs all paths anew and draws them on the map, in loss and in norm. A frame's time is what passes from its
beginning until the browser takes the next task after drawing it; where others use the machine, the main thread's own
processor time says what a quiet one would need. The round trip is what passes from letting go until
the picture that Python made stands. Needs playwright and a Chromium.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

import landscape as ls
from landscape.live.offer import offer
from landscape.render.player.payload import player_payload, shipped
from tests.browser.conftest import BROWSERS, FLAGS, serving
from tests.render.player.test_live_scripts import LIVE, TOLD

SIZE = {"width": 1440, "height": 900}

FRAMES = """async (frames) => {
  const handle = document.querySelector(".ls-start");
  const box = document.querySelector(".ls-plot").getBoundingClientRect();
  const center = handle.getBoundingClientRect();
  const [x, y] = [center.left + center.width / 2, center.top + center.height / 2];
  const after = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  const took = [];
  for (let k = 1; k <= frames; k++) {
    const reach = 60 * Math.sin(k / 15);
    const at = { clientX: x + reach, clientY: y + 0.5 * reach + (k % 7), pointerId: 1, isPrimary: true, bubbles: true };
    handle.dispatchEvent(new PointerEvent("pointermove", at));
    const began = await new Promise((frame) => requestAnimationFrame(() => frame(document.timeline.currentTime)));
    await after();
    took.push(performance.now() - began);
  }
  return took;
}"""


def recipe(n_paths: int, n_steps: int) -> ls.Experiment:
    """So many optimizers from one start."""
    kinds = (ls.SGD, ls.Momentum, ls.Nesterov, ls.RMSprop, ls.Adam, ls.AMSGrad, ls.AdaGrad, ls.NAdam)
    rates = (0.002, 0.0005, 0.0005, 0.01, 0.03, 0.03, 0.3, 0.02)
    chosen = [kinds[k % 8](learning_rate=rates[k % 8] * (1 - 0.05 * (k // 8))) for k in range(n_paths)]
    return ls.Experiment("himmelblau", tuple(chosen), [(-0.5, 4.5)], n_steps)


def dragged(page: Page, frames: int) -> tuple[list[float], float]:
    """Milliseconds of each frame of a drag, and of processor time a frame on the main thread."""
    page.wait_for_selector(".ls-start", state="attached", timeout=120_000)
    page.wait_for_function("() => document.querySelector('canvas.ls-heads')")
    page.wait_for_timeout(1500)
    page.keyboard.press("End")
    box = page.locator(".ls-start").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = watch.send("Performance.getMetrics")["metrics"]
        return next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration")

    page.evaluate(FRAMES, 20)
    began = busy()
    took = page.evaluate(FRAMES, frames)
    return took, (busy() - began) / frames


def round_trip(page: Page) -> float:
    """Milliseconds from letting go until the answer stands."""
    page.mouse.up()
    began = time.perf_counter()
    page.wait_for_function("() => !document.querySelector('.ls-following')")
    return 1000 * (time.perf_counter() - began)


def row(title: str, measured: tuple[list[float], float], asked: str) -> None:
    """Print the frames of a drag."""
    took, busy = measured
    worst = sorted(took)[int(0.95 * len(took))]
    print(f"{title:40s} median {statistics.median(took):6.1f} ms, 95 of 100 below {worst:6.1f} ms, ", end="")
    print(f"processor {busy:5.1f} ms   {asked}")


def main(frames: int = 200) -> None:
    """Print the table."""
    cases = {(8, 1000): "< 16 ms", (64, 500): "< 33 ms"}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        browser_path = next(path for one in BROWSERS if (path := shutil.which(one)))
        browser: Any = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        with serving(folder) as url:
            for (n_paths, n_steps), asked in cases.items():
                asks = recipe(n_paths, n_steps)
                asks.run().scene().save(folder / "slide.html")
                slide = browser.new_context(viewport=SIZE, offline=True).new_page()
                slide.goto((folder / "slide.html").as_uri())
                row(f"slide: {n_paths} paths x {n_steps} steps, a frame", dragged(slide, frames), asked)
                slide.close()
                page = browser.new_page(viewport=SIZE)
                page.goto(f"{url}/?{urlencode(asks.to_query())}")
                row(f"page: {n_paths} paths x {n_steps} steps, a frame", dragged(page, frames), asked)
                print(f"{'the same by a round trip to the server':40s} {round_trip(page):12.0f} ms")
                page.close()
                live = {k: v for k, v in offer(asks).items() if k in ("surface", "curvature", "rules")}
                whole = len(json.dumps(player_payload(asks.run().scene())))
                size = len(json.dumps(live, separators=(",", ":")))
                print(
                    f"{'its lists in a payload of ' + f'{whole / 1000:.0f} kB':40s} {size / 1000:12.1f} kB   <= 10 kB"
                )
        browser.close()
    runs = sum(len(shipped(name)) for name in LIVE)
    print(f"{'scripts that run paths anew':40s} {runs / 1000:12.1f} kB   <= 40 kB")
    told = runs + sum(len(shipped(name)) for name in TOLD)
    print(f"{'with one step in numbers':40s} {told / 1000:12.1f} kB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
