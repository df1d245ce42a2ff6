"""A swarm in a browser: on the page and in a slide without a network, by WebGL and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest

import landscape as ls
from landscape.figures import FIGURES
from landscape.lecture import Lecture, Slide
from landscape.lecture.files import save
from landscape.picture.numbers import typeset

Wait = Callable[[Any], None]
SWARM = FIGURES["swarm"]
RUN = ls.Experiment(
    "himmelblau", (ls.SGD(learning_rate=0.002), ls.Adam(learning_rate=0.1)), ls.Random(1500, seed=3), n_steps=120
)
AT = "(step) => document.querySelector('.ls-counter').textContent.startsWith(`${step} /`)"
SEEN = """(box) => {
  const canvas = document.querySelector('canvas.ls-swarm');
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  return new Promise((done) => requestAnimationFrame(() => {
    document.querySelector('.ls-player').dispatchEvent(new KeyboardEvent('keydown', { key: '.', bubbles: true }));
    copy.getContext('2d').drawImage(canvas, 0, 0);
    const { data } = copy.getContext('2d').getImageData(0, 0, copy.width, copy.height);
    let colored = 0;
    for (let i = 3; i < data.length; i += 4) colored += data[i] > 0;
    done(colored / (copy.width * copy.height));
  }));
}"""


def paused_at(page: Any, step: int) -> None:
    """Stop the play and put the playhead there; wait for the swarm."""
    page.locator("canvas.ls-swarm").wait_for(state="attached")
    if page.locator(".ls-play").get_attribute("aria-label") == "Pause":
        page.locator(".ls-play").click()
    page.locator(".ls-slider").fill(str(step))
    page.wait_for_function(AT, arg=step)
    page.wait_for_function("() => !document.querySelector('.ls-told').textContent")


def shares_at(page: Any) -> list[list[str]]:
    """The words of the readout on where the starts are, a list an optimizer."""
    return [cell.split(", ") for cell in page.locator(".ls-readout .ls-verdict").all_text_contents()]


def expected_at(run: ls.Experiment, step: int) -> list[set[str]]:
    """The same from Python's counts."""
    found = ls.survival(run.surface, run.optimizers, run.points, run.n_steps)
    return [
        {
            typeset(f"{np.floor(100 * share + 0.5):.0f}% {fate.words}")
            for share, fate in zip(shares[step], found.fates, strict=True)
            if share >= 0.005
        }
        for shares in found.shares
    ]


def check(page: Any, run: ls.Experiment, step: int) -> None:
    paused_at(page, step)
    # "at the minimum (3, 2)" has a comma of its own.
    told = [", ".join(words) for words in shares_at(page)]
    for words, wanted in zip(told, expected_at(run, step), strict=True):
        assert all(one in words for one in wanted), (words, wanted)
        assert words.count("% ") == len(wanted)


def test_it_counts_on_the_page_what_python_counts_whichever_way_it_is_scrubbed(
    browser_page: Any, app_url: str, drawn: Wait
) -> None:
    browser_page.goto(f"{app_url}/swarm?{urlencode(RUN.to_query())}")
    drawn(browser_page)
    for step in (60, 120, 7, 0):
        check(browser_page, RUN, step)
    assert browser_page.evaluate(SEEN) > 0.005


def test_a_knob_sends_all_starts_anew_and_the_address_follows(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/swarm?{urlencode(RUN.to_query())}")
    drawn(browser_page)
    paused_at(browser_page, 60)
    before = shares_at(browser_page)
    browser_page.get_by_text("What if").last.click()
    knob = browser_page.locator(".ls-knobs[open] input[type=range]").first
    knob.focus()
    for _ in range(3):
        browser_page.keyboard.press("ArrowRight")
    # The page is told of the last of them alone, or of an earlier one as well.
    rate = knob.get_attribute("aria-valuetext")
    browser_page.wait_for_url(f"**opt=sgd%2Clearning_rate%3A{rate}%3B**")
    drawn(browser_page)
    browser_page.wait_for_function("() => !document.querySelector('.ls-told').textContent")
    told = {key: value[0] for key, value in parse_qs(urlsplit(browser_page.url).query).items()}
    run, problems = ls.Experiment.read_query(told, None)
    assert not problems
    assert run.starts == RUN.starts
    assert run.optimizers[0].learning_rate > 0.002
    check(browser_page, run, 60)
    assert shares_at(browser_page) != before


@pytest.mark.parametrize("webgl", [True, False], ids=["webgl", "canvas"])
def test_a_slide_flows_without_a_network_with_webgl_or_without(
    open_browser: Callable[..., Any], tmp_path: Path, webgl: bool
) -> None:
    SWARM.scene(RUN).save(tmp_path / "swarm.html", present=False)
    page = open_browser(offline=True, reduced_motion="reduce")
    if webgl:  # that is rendered in software here, where the player would not ask for it
        page.add_init_script(
            "const get = WebGLRenderingContext.prototype.getParameter;"
            "WebGLRenderingContext.prototype.getParameter = function (name) {"
            "  return name === 0x9246 ? 'A graphics card' : get.call(this, name); };"
        )
    page.goto((tmp_path / "swarm.html").as_uri())
    page.locator("canvas.ls-swarm").wait_for(state="attached")
    # Whoever wants no motion sees the end.
    page.wait_for_function(AT, arg=120)
    check(page, RUN, 120)
    check(page, RUN, 31)
    assert page.evaluate(SEEN) > 0.005
    assert page.evaluate("() => Boolean(document.querySelector('.ls-swarm').getContext('2d'))") != webgl
    page.get_by_text("What if").last.click()
    page.locator(".ls-knobs[open] input[type=range]").first.fill("400")
    page.wait_for_function("() => !document.querySelector('.ls-told').textContent")
    assert "gone" in shares_at(page)[0][0]
    page.get_by_role("button", name="As it was").last.click()
    check(page, RUN, 31)


def test_a_damaged_swarm_says_why_and_leaves_the_picture(open_browser: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "swarm.html"
    SWARM.scene(RUN).save(path, present=False)
    text = path.read_text(encoding="utf-8")
    assert '"n":1500' in text
    path.write_text(text.replace('"n":1500', '"n":15000000'), encoding="utf-8")
    page = open_browser(offline=True)
    page.goto(path.as_uri())
    page.get_by_text("The swarm cannot flow here: there are more than 50000 starts").wait_for()
    assert page.locator(".ls-plot .scatterlayer .points path").count() > 1000


def test_a_deck_shows_it_between_other_slides(open_browser: Callable[..., Any], tmp_path: Path) -> None:
    swarm = Slide.of("A swarm", "swarm", RUN, {})
    run = Slide.of("A run", "descent", RUN.replace(starts=[(0.0, 0.0)]), {})
    save(Lecture("Two", (swarm, run, swarm)), tmp_path / "deck.html")
    page = open_browser(offline=True)
    page.goto((tmp_path / "deck.html").as_uri())
    paused_at(page, 50)
    page.keyboard.press("ArrowRight")
    page.locator(".ls-start").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    paused_at(page, 50)
