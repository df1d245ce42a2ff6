"""Swarms in headless Chromium, beside the same changed rate by a round trip to the server.

    python tests/benchmarks/bench_swarm.py [frames]

A slide opened from disk with the network off: each frame takes all starts a step further under every optimizer, counts
and draws them (WebGL, rendered in software). A frame's time is what passes from its beginning until the browser takes
the next task after drawing it; where others use the machine, the main thread's own processor time says what a quiet one
would need. The round trip is what passes from a turned knob until the picture that Python counted stands. Needs
playwright and a Chromium.
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
from landscape.figures import FIGURES
from landscape.render.player.payload import player_payload, player_script
from tests.browser.conftest import BROWSERS, FLAGS, serving

SIZE = {"width": 1440, "height": 900}
RULES = (
    ls.SGD(learning_rate=0.002),
    ls.Momentum(learning_rate=0.0005),
    ls.RMSprop(learning_rate=0.01),
    ls.Adam(learning_rate=0.03),
)

FRAMES = """async ([first, frames]) => {
  const slider = document.querySelector(".ls-slider");
  const after = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  const took = [];
  for (let step = first; step < first + frames; step++) {
    slider.value = step;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const began = await new Promise((frame) => requestAnimationFrame(() => frame(document.timeline.currentTime)));
    await after();
    took.push(performance.now() - began);
  }
  return took;
}"""
STEPPED = """async (frames) => {
  const slider = document.querySelector(".ls-slider");
  const began = performance.now();
  for (let k = 0; k < frames; k++) {
    await new Promise(requestAnimationFrame);
    slider.value = Number(slider.value) + 1;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return (1000 * frames) / (performance.now() - began);
}"""


def recipe(n_starts: int) -> ls.Experiment:
    """So many starts under four optimizers."""
    return ls.Experiment("himmelblau", RULES, ls.Random(n_starts), 600)


def flowed(page: Page, frames: int) -> tuple[list[float], float, float]:
    """Milliseconds of each frame, of processor time a frame on the main thread, and steps a second."""
    page.wait_for_selector("canvas.ls-swarm", state="attached", timeout=120_000)
    page.wait_for_timeout(1500)
    page.locator(".ls-play").click()
    page.locator(".ls-slider").fill("0")
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = watch.send("Performance.getMetrics")["metrics"]
        return next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration")

    page.evaluate(FRAMES, [1, 20])
    began = busy()
    took = page.evaluate(FRAMES, [21, frames])
    spent = (busy() - began) / frames
    return took, spent, page.evaluate(STEPPED, frames)


def round_trip(page: Page) -> float:
    """Milliseconds from a turned knob until the answer stands."""
    page.wait_for_selector("canvas.ls-swarm", state="attached", timeout=120_000)
    page.locator(".ls-knobs summary").last.click()
    knob = page.locator(".ls-knobs[open] input[type=range]").first
    knob.focus()
    page.keyboard.press("ArrowRight")
    began = time.perf_counter()
    page.wait_for_function("() => [...document.querySelectorAll('.ls-now')].some((now) => now.textContent)")
    page.wait_for_function("() => ![...document.querySelectorAll('.ls-now')].some((now) => now.textContent)")
    return 1000 * (time.perf_counter() - began)


def main(frames: int = 200) -> None:
    """Print the table."""
    cases = {5_000: "60 steps a second", 20_000: "30 steps a second", 50_000: ""}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        browser_path = next(path for one in BROWSERS if (path := shutil.which(one)))
        browser: Any = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        with serving(folder) as url:
            for n_starts, asked in cases.items():
                asks = recipe(n_starts)
                scene = FIGURES["swarm"].scene(asks)
                scene.save(folder / "slide.html")
                slide = browser.new_context(viewport=SIZE, offline=True).new_page()
                slide.goto((folder / "slide.html").as_uri())
                took, spent, rate = flowed(slide, frames)
                worst = sorted(took)[int(0.95 * len(took))]
                print(f"{n_starts:,} starts x {len(RULES)} optimizers, a step and its picture: ", end="")
                print(f"median {statistics.median(took):.1f} ms, 95 of 100 below {worst:.1f} ms, ", end="")
                print(f"processor {spent:.1f} ms; {rate:.0f} steps a second   {asked}")
                slide.close()
                page = browser.new_page(viewport=SIZE)
                page.goto(f"{url}/swarm?{urlencode(asks.to_query())}")
                print(f"    the same by a round trip to the server {round_trip(page):.0f} ms")
                page.close()
                live = player_payload(scene)["live"]
                print(f"    lists, starts and places {len(json.dumps(live, separators=(',', ':'))) / 1000:.1f} kB")
        browser.close()
    print(f"scripts of a swarm {(len(player_script(['swarm'])) - len(player_script())) / 1000:.1f} kB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
