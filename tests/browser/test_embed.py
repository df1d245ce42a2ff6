"""The slide in other people's decks: in a real reveal.js, and in boxes of every size."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

import landscape as ls

REVEAL = "reveal.js@5.2.1"
RUN = ls.Experiment("himmelblau", ("sgd", "adam"), [(0.5, 5.2)], n_steps=60)


@pytest.fixture(scope="module")
def slide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deck") / "slide.html"
    RUN.run().scene().save(path)
    return path


@pytest.fixture(scope="module")
def reveal(slide: Path) -> str:
    """Return the address of a deck of three slides, the second with ours, as the Export tab writes it."""
    from landscape.render.player.snippets import snippets

    folder = slide.parent
    npm = shutil.which("npm")
    install = [npm or "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), REVEAL]
    done = subprocess.run(install, capture_output=True, text=True, timeout=180) if npm else None
    if done is None or done.returncode:
        why = f"{REVEAL} could not be had from npm: {done.stderr[-300:] if done else 'npm is not installed'}"
        if os.environ.get("CI") and npm:
            pytest.fail(why)
        pytest.skip(why)
    (folder / "deck.html").write_text(
        f"""<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="node_modules/reveal.js/dist/reveal.css">
<div class="reveal"><div class="slides"><section><h2>First</h2></section>
{snippets(slide.name, "Where & why?")["reveal.js"]}
<section><h2>Last</h2></section></div></div>
<script src="node_modules/reveal.js/dist/reveal.js"></script>
<script>Reveal.initialize({{ transition: "none" }})</script>""",
        encoding="utf-8",
    )
    return (folder / "deck.html").as_uri()


def test_reveal_walks_over_it_forwards_and_backwards(reveal, open_browser):
    page = open_browser()
    page.goto(reveal)
    frame = page.frame_locator("iframe")
    counter, picture = frame.locator(".ls-counter"), frame.locator(".ls-plot")

    def at(number: int) -> None:
        page.wait_for_function("(number) => Reveal.isReady() && Reveal.getState().indexh === number", arg=number)

    def step() -> int:
        return int(counter.text_content().split(" / ")[0])

    def plays() -> None:
        frame.locator('.ls-play[data-playing="true"]').wait_for()

    at(0)
    page.keyboard.press("ArrowRight")
    at(1)
    plays()
    # A click into the slide takes the keys: space stops it, arrows are the deck's all the same.
    picture.click(position={"x": 3, "y": 3})
    page.keyboard.press(" ")
    frame.locator('.ls-play[data-playing="false"]').wait_for()
    stopped = step()
    assert 0 <= stopped < 60
    page.keyboard.press("ArrowRight")
    at(2)
    # Keys come to the deck, though the slide that had them is gone. Backwards it plays anew.
    page.keyboard.press("ArrowLeft")
    at(1)
    plays()
    picture.click(position={"x": 3, "y": 3})
    page.keyboard.press("ArrowLeft")
    at(0)
    page.keyboard.press("ArrowRight")
    at(1)
    plays()
    # At the end of the run space goes on in the deck.
    frame.locator(".ls-slider").fill("60")
    frame.locator('.ls-play[data-playing="false"]').wait_for()
    picture.click(position={"x": 3, "y": 3})
    page.keyboard.press(" ")
    at(2)
    page.keyboard.press("ArrowLeft")
    at(1)
    plays()
    picture.click(position={"x": 3, "y": 3})
    page.keyboard.press("Escape")
    page.wait_for_function("Reveal.isOverview()")


HOST = """<!doctype html><body style="margin: 0; background: rgb(1, 2, 3)">
<iframe src="slide.html?embed" style="border: 0; width: {}px; height: {}px"></iframe>
<script>const heard = []; addEventListener("message", ({{ data }}) => heard.push(JSON.parse(data)))</script>"""


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (960, 600), (400, 250), (320, 560)])
def test_it_fits_its_box_and_the_words_grow_with_it(width, height, slide, open_browser):
    (slide.parent / "host.html").write_text(HOST.format(width, height), encoding="utf-8")
    page = open_browser(viewport={"width": 1940, "height": 1100})
    page.goto((slide.parent / "host.html").as_uri())
    frame = page.frames[1]
    frame.wait_for_function("document.querySelector('.ls-heads')")
    told = frame.evaluate(
        """() => {
          const root = document.documentElement;
          const player = document.querySelector(".ls-player");
          const size = (one) => parseFloat(getComputedStyle(one).fontSize);
          const clear = [root, document.body, player].map((one) => getComputedStyle(one).backgroundColor);
          const tick = size(document.querySelector(".xtick text"));
          const below = player.getBoundingClientRect().bottom;
          return { wide: root.scrollWidth, high: root.scrollHeight, text: size(player), tick, clear, below };
        }"""
    )
    scale = max(0.45, min(width / 960, height / 600))
    assert told["text"] == pytest.approx(13 * scale, rel=0.02)
    assert told["tick"] == pytest.approx(13 * scale, rel=0.15)
    assert (told["wide"], told["high"]) == (width, height)
    assert told["below"] <= height
    assert set(told["clear"]) == {"rgba(0, 0, 0, 0)"}


def test_it_obeys_the_page_round_it_and_nobody_else(slide, open_browser):
    (slide.parent / "host.html").write_text(HOST.format(960, 600), encoding="utf-8")
    page = open_browser()
    page.goto((slide.parent / "host.html").as_uri())
    frame = page.frames[1]
    frame.wait_for_function("document.querySelector('.ls-heads')")

    def order(told: object) -> None:
        page.evaluate("(told) => frames[0].postMessage(told, '*')", told)

    def state(**wanted: object) -> None:
        page.wait_for_function(
            "(wanted) => { const last = heard.findLast(({ landscape }) => landscape === 'state');"
            " return last && Object.entries(wanted).every(([name, value]) => last[name] === value) }",
            arg=wanted,
        )

    page.wait_for_function("heard.some(({ landscape }) => landscape === 'ready')")
    order({"landscape": "step", "to": 40})
    state(step=40, playing=False, n_steps=60)
    order(json.dumps({"landscape": "step", "by": -3}))
    state(step=37)
    order({"landscape": "step"})
    state(step=38)
    order({"landscape": "step", "to": 1e9})
    state(step=60)
    order({"landscape": "reset"})
    state(step=0, playing=False)
    for nonsense in ("slide:", "{", '{"landscape": "constructor"}', {"landscape": "step", "to": "x"}, None, 7, []):
        order(nonsense)
    state(step=1)  # the step to nowhere is the next one
    frame.evaluate("postMessage({ landscape: 'step', to: 50 }, '*')")  # not from the page round it
    order({"landscape": "play"})
    frame.locator('.ls-play[data-playing="true"]').wait_for()
    order({"landscape": "pause"})
    frame.locator('.ls-play[data-playing="false"]').wait_for()
    assert all(told.get("step") != 50 for told in page.evaluate("heard"))


def test_it_waits_until_it_is_in_sight(slide, open_browser):
    page = open_browser()
    (slide.parent / "host.html").write_text(
        '<body style="margin: 0"><div style="height: 3000px"></div>' + HOST.format(960, 600), encoding="utf-8"
    )
    page.goto((slide.parent / "host.html").as_uri())
    frame = page.frames[1]
    frame.wait_for_function("document.querySelector('.ls-counter')?.textContent === '0 / 60'")
    assert frame.locator(".ls-play").get_attribute("data-playing") == "false"
    page.evaluate("scrollTo(0, 3000)")
    frame.locator('.ls-play[data-playing="true"]').wait_for()
    page.evaluate("scrollTo(0, 0)")
    frame.locator('.ls-play[data-playing="false"]').wait_for()


def test_keys_that_mean_something_in_the_slide_stay_there(slide, open_browser):
    (slide.parent / "host.html").write_text(HOST.format(960, 600), encoding="utf-8")
    page = open_browser()
    page.goto((slide.parent / "host.html").as_uri())
    frame = page.frames[1]
    frame.wait_for_function("document.querySelector('.ls-heads')")
    start = frame.locator(".ls-start").first
    start.focus()
    page.keyboard.press("ArrowRight")
    frame.locator(".ls-changed").wait_for(state="attached")
    assert not any(told["landscape"] == "key" for told in page.evaluate("heard"))
    frame.locator(".ls-plot").click(position={"x": 3, "y": 3})
    page.keyboard.press("PageDown")
    page.wait_for_function("heard.some(({ landscape, key }) => landscape === 'key' && key === 'PageDown')")


def test_the_page_is_a_box_too(app_url, open_browser):
    page = open_browser()
    page.goto(f"{app_url}/?surface=himmelblau&opt=sgd&start=1.0,1.0&steps=50&embed=true")
    player = page.locator(".ls-embedded")
    player.locator(".ls-heads").wait_for(state="attached")
    expect(page.locator('[data-testid="stSidebar"]')).to_have_count(0)
    expect(page.locator(".player-head")).to_be_hidden()
    for place in ("body", ".stApp", ".player-present"):
        expect(page.locator(place).first).to_have_css("background-color", "rgba(0, 0, 0, 0)")
