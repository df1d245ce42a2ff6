"""The app under the finger: from a key to the painted picture, first pictures, frames, and what moves on its own.

    python tests/benchmarks/bench_browser.py [checkout ...] [changes]

Several checkouts are measured in turn, change by change, so that a busy machine is equally busy for each; without any
it is the one in which this file stands. A change is one press of an arrow key on the slider of a learning rate; it is
painted when the browser takes the next task after the frame in which the player drew its first new picture, and
answered when that is the server's, with its verdicts: until then the paths are those that the browser ran by itself.
Times are those of the clock in the browser; beside them stands the processor time of the page's main thread and of the
server. What Streamlit takes by itself, for as many widgets and one line of text, is measured in the same run.
Needs playwright and a Chromium.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

import landscape as ls
from tests.benchmarks.bench_live import recipe
from tests.browser.conftest import BROWSERS, FLAGS, ROOT, running

FOUR = (ls.SGD(0.01), ls.Momentum(0.003), ls.RMSprop(0.01), ls.Adam(0.03))
RUN = urlencode(ls.Experiment("himmelblau", FOUR, [(-0.5, 4.5)], 400).to_query())
PAGES = {
    "main page": f"?{RUN}",
    "High dimensions": "many-dimensions",
    "Basins": "which-minimum",
    "Fair comparison": "fair-comparison?maps=on",
}
SLIDERS = {"Fair comparison": ("How-long", "Steps")}
"""Question and slider of a page where it is not a learning rate that is changed: a grid has its own."""

QUIET = 300
"""Milliseconds after which a picture that is drawn no further is whole: one that is refined comes every 400."""

# Heads are drawn last in every picture. What is drawn while nothing plays is a new one.
WATCH = """
window.painted = []; window.ahead = []; window.shifts = 0;
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  if (this.canvas.classList.contains("ls-heads")) requestAnimationFrame(() => {
    const channel = new MessageChannel();
    const pictures = this.canvas.closest(".ls-ahead") ? window.ahead : window.painted;
    channel.port1.onmessage = () => pictures.push(performance.now());
    channel.port2.postMessage(0);
  });
  return clear.apply(this, box);
};
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""

PRESS = """() => {
  window.painted = []; window.ahead = [];
  document.addEventListener("keydown", () => { window.pressed = performance.now(); }, { once: true, capture: true });
}"""

# When the first of the pictures since then was whole.
WHOLE = """(quiet) => {
  const { painted } = window;
  const end = painted.findIndex((at, k) => (painted[k + 1] ?? performance.now()) - at > quiet);
  return end >= 0 && painted[end];
}"""

FRAMES = """(seconds) => new Promise((resolve) => {
  const frames = [];
  const began = performance.now();
  const next = (now) => {
    frames.push(now);
    if (now - began < 1000 * seconds) requestAnimationFrame(next);
    else resolve(frames.slice(1).map((at, k) => at - frames[k]));
  };
  requestAnimationFrame(next);
})"""


# Streamlit by itself: widgets and elements as the main page has them, and a line that says what the slider is set to.
ALONE = """
import streamlit as st
with st.sidebar:
    for question in range(4):
        with st.expander(f"Question {question}", expanded=question == 0):
            for k in range(3):
                with st.container(horizontal=True):
                    st.markdown(f"Words {question} {k}")
                    for name in ("settings", "remove"):
                        st.button(name, key=f"{name} {question} {k}")
                with st.container(horizontal=True):
                    st.select_slider(f"Rate {question} {k}", range(50), 20, key=f"rate {question} {k}")
                    st.text_input("Exact", key=f"exact {question} {k}", label_visibility="collapsed")
with st.container(horizontal=True):
    st.title("A page")
    for k in range(5):
        st.button(f"Button {k}")
st.text(f"Set to {st.session_state['rate 0 0']}")
for k in range(4):
    st.markdown(f"Words {k}")
with st.tabs([f"Tab {k}" for k in range(6)])[0]:
    st.markdown("| a | b |\\n|-|-|\\n| 1 | 2 |")
"""

SAID = """(was) => new Promise((done) => {
  document.addEventListener("keydown", () => {
    const pressed = performance.now();
    const look = () => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      const painted = () => (document.body.innerText.includes(was) ? look() : done(performance.now() - pressed));
      channel.port1.onmessage = painted;
      channel.port2.postMessage(0);
    });
    look();
  }, { once: true, capture: true });
})"""


@dataclass
class Under:
    """A checkout that is measured: its server, the browser, and what was measured by title."""

    name: str
    url: str
    server: psutil.Process
    browser: Browser
    measured: dict[str, list[float]]

    def opened(self, context: Any, path: str = "") -> Page:
        """Return a page with its first picture; what that took is in ``window.first``."""
        page: Page = context.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(WATCH)
        page.goto(f"{self.url}/{path}", wait_until="commit")
        page.evaluate(f"window.first = {self.whole(page)}")
        return page

    def whole(self, page: Page) -> float:
        """Wait for a picture; return when it was painted."""
        found: float = page.wait_for_function(WHOLE, arg=QUIET, polling=50).json_value()
        return found

    def context(self) -> Any:
        """Return a fresh profile whose pictures stand still."""
        return self.browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")

    def note(self, title: str, value: float) -> None:
        """Keep a measured value."""
        self.measured[title].append(value)


def first_pictures(under: Under, server: str) -> None:
    """Open the main page in a fresh profile, open it again, and go to another page."""
    with under.context() as context:
        page = under.opened(context)
        under.note(f"first picture, ms: {server}", page.evaluate("window.first"))
        page.wait_for_timeout(2000)
        under.note("layout shift, cold", page.evaluate("window.shifts"))
        page.close()
        page = under.opened(context)
        under.note("first picture, ms: known browser", page.evaluate("window.first"))
        page.wait_for_timeout(2000)
        for title, path in [*PAGES.items()][1:]:
            page.evaluate("window.painted = []; window.left = performance.now();")
            page.locator(f'[data-testid="stSidebarNavLink"][href$="/{path.partition("?")[0]}"]').click()
            under.note(f"to another page, ms: {title}", under.whole(page) - page.evaluate("window.left"))
            page.wait_for_timeout(2000)


def alone(browser: Browser, folder: Path, changes: int) -> None:
    """Print what a change takes where there is nothing but Streamlit."""
    (folder / "app.py").write_text(ALONE, encoding="utf-8")
    with running(folder, root=folder, script="app.py") as (url, _), browser.new_context() as context:
        page = context.new_page()
        page.goto(url)
        slider = page.get_by_role("slider", name="Rate 0 0")
        slider.focus()
        took = []
        for k in range(changes):
            page.wait_for_timeout(1500)
            page.evaluate(f"void (window.said = ({SAID})('Set to {20 + k}'))")
            slider.press("ArrowRight")
            took.append(page.evaluate("window.said"))
        late = sorted(took)[int(0.95 * len(took))]
        print(f"Streamlit alone, a change: key to painted, ms: median {statistics.median(took):.2f}, p95 {late:.2f}")


def changing(under: Under, stack: ExitStack, title: str, path: str) -> Callable[[], None]:
    """Return what changes a slider once on a page."""
    page = under.opened(stack.enter_context(under.context()), path)
    under.note(f"{title}: layout shift", page.evaluate("window.shifts"))
    messages: list[int] = []
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable", {"timeDomain": "threadTicks"})
    watch.send("Network.enable")
    watch.on("Network.webSocketFrameReceived", lambda got: messages.append(len(got["response"]["payloadData"])))
    question, name = SLIDERS.get(title, ("Which-optimizers", "Learning rate of SGD"))
    page.locator(f"[class*={question}] summary").click()
    slider = page.get_by_role("slider", name=name)

    def busy() -> tuple[float, float]:
        metrics = watch.send("Performance.getMetrics")["metrics"]
        spent = under.server.cpu_times()
        return next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration"), 1000 * (
            spent.user + spent.system
        )

    def change(noted: bool = True) -> None:
        slider.focus()
        page.wait_for_timeout(1500)
        messages.clear()
        page.evaluate(PRESS)
        before = busy()
        page.keyboard.press("ArrowLeft")
        answered = under.whole(page) - page.evaluate("window.pressed")
        took = page.evaluate(
            "(answered) => window.ahead.length ? window.ahead[0] - window.pressed : answered", answered
        )
        page.wait_for_timeout(1500)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        if noted:
            for what, value in {
                "key to painted, ms": took,
                "key to answered, ms": answered,
                "processor of the page, ms": busy()[0] - before[0],
                "processor of the server, ms": busy()[1] - before[1],
                "messages": len(messages),
                "kB": 3 / 4 * sum(messages) / 1000,
            }.items():
                under.note(f"{title}, a change: {what}", value)

    change(noted=False)
    return change


def playing(under: Under, seconds: float = 6.0) -> None:
    """Play 64 paths of 2000 steps."""
    with under.context() as context:
        page = under.opened(context, f"?{urlencode(recipe(64, 2000).to_query())}")
        page.wait_for_timeout(2000)
        page.locator(".ls-play").click()
        page.wait_for_timeout(500)
        for frame in page.evaluate(FRAMES, seconds):
            under.note("64 paths x 2000 steps play: a frame, ms", frame)


def tell(unders: list[Under]) -> None:
    """Print the rows of the table for what was measured since the last ones: who is stopped by a clock has those."""
    for title in unders[0].measured:
        print(title)
        for under in unders:
            values = sorted(under.measured[title])
            late = values[min(len(values) - 1, int(0.95 * len(values)))]
            print(
                f"    {under.name:12s} median {statistics.median(values):9.2f}, p95 {late:9.2f}, "
                f"most {values[-1]:9.2f} of {len(values)}",
                flush=True,
            )
    for under in unders:
        under.measured.clear()


def main(roots: list[Path], changes: int) -> None:
    """Print the table, each scenario when it is through."""
    browser_path = next(path for one in BROWSERS if (path := shutil.which(one)))
    with sync_playwright() as playwright, ExitStack() as stack:
        unders = []
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for root in roots:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url, process = stack.enter_context(running(folder, root=root))
            unders.append(Under(root.name, url, psutil.Process(process), browser, defaultdict(list)))
            first_pictures(unders[-1], "new server")
        for _ in range(max(1, changes // 5)):
            for under in unders:
                first_pictures(under, "new browser")
        tell(unders)
        alone(browser, Path(stack.enter_context(tempfile.TemporaryDirectory())), changes)
        for title, path in PAGES.items():
            with ExitStack() as pages:
                ready = [changing(under, pages, title, path) for under in unders]
                for _ in range(changes):
                    for change in ready:
                        change()
            tell(unders)
        for under in unders:
            playing(under)
        tell(unders)
        browser.close()


if __name__ == "__main__":
    numbers = [int(told) for told in sys.argv[1:] if told.isdigit()]
    main([Path(told).resolve() for told in sys.argv[1:] if not told.isdigit()] or [ROOT], *(numbers or [15]))
