"""The accessibility trees of pages and files, as text. ``python -m tests.browser.trees`` records them anew."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import landscape as ls
from landscape.lecture import Lecture, Slide, save
from tests.browser.conftest import BROWSERS, FLAGS, STILL, installed, serving

RECORDED = Path(__file__).parent / "trees"
RUN = ls.Experiment("escaping_saddle", ("sgd", "adam"), starts=[(1.6, 1e-6)], n_steps=60)
PAGES = {"watch": "?predict=0", "escape": "off-a-saddle"}
FILES = ("slide", "deck")
# What says nothing of the tree: addresses, the focus, the version.
NOISE = re.compile(r"^ *- /url: .*\n| \[active\]|(?<=landscape )\d+\.\d+\.\d+", re.MULTILINE)


def recorded(name: str) -> Path:
    """Return where a tree is kept."""
    return RECORDED / f"{name}.yml"


def write(name: str, folder: Path) -> str:
    """Write a slide or a deck; return its address."""
    if name == "slide":
        return RUN.run().scene().save(folder / "slide.html", present=False).path.as_uri()
    shown = Slide.of("A saddle", "descent", RUN, {}, notes="It looks like a minimum.")
    return save(Lecture("Saddles", (shown, Slide("The end", ("One line.",)))), folder / "deck.html").as_uri()


def tree(page: Any, url: str) -> str:
    """Open an address for somebody who wants no motion; return its tree once that stays as it is."""
    page.goto(url)
    page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
    if url.startswith("http"):
        page.wait_for_selector(STILL)
    before, now = "", page.locator("body").aria_snapshot()
    while now != before:
        page.wait_for_timeout(500)
        before, now = now, page.locator("body").aria_snapshot()
    return NOISE.sub("", f"{now}\n")


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    RECORDED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made, serving(Path(made)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(*BROWSERS), args=FLAGS)
        addresses = {name: f"{url}/{page}" for name, page in PAGES.items()}
        addresses |= {name: write(name, Path(made)) for name in FILES}
        for name, address in addresses.items():
            page = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
            recorded(name).write_text(tree(page, address), encoding="utf-8")
        browser.close()
