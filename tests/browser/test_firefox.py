"""Page, slide and deck in Firefox, on a machine without WebGL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import landscape as ls
from landscape.lecture import Lecture, Slide, save
from tests.browser.conftest import installed
from tests.browser.firefox import ARROW_LEFT, ARROW_RIGHT, Firefox, running

RUN = ls.Experiment("escaping_saddle", ("sgd", "adam"), starts=[(1.6, 1e-6)], n_steps=60)
NO_WEBGL = "document.body.innerText.includes('This browser has no WebGL')"
INKED = """[...document.querySelectorAll('canvas.ls-trails')].length > 0
    && [...document.querySelectorAll('canvas.ls-trails')].every((canvas) => canvas.width
        && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with running(installed("firefox-esr", "firefox"), tmp_path_factory.mktemp("profile")) as firefox:
        yield firefox


@pytest.fixture
def firefox(browser: Firefox) -> Iterator[Firefox]:
    """The one Firefox of these tests; at the end of a test none of its pages may have complained."""
    yield browser
    browser.evaluate("document.title")  # what was complained of until now has come before the answer
    complaints, browser.complaints = browser.complaints, []
    assert complaints == []


def plays_to(firefox: Firefox, step: int) -> None:
    """Wait until the playhead has moved by itself and stands at this step with its paths drawn behind it."""
    firefox.wait_for(f"document.querySelector('.ls-slider')?.value === '{step}'")
    assert firefox.wait_for(INKED)


def test_a_page_plays(firefox: Firefox, app_url: str) -> None:
    firefox.goto(f"{app_url}/?surface=escaping_saddle&opt=sgd;adam&start=1.6,1e-6&steps=60")
    plays_to(firefox, 60)
    firefox.evaluate("document.querySelector('[aria-label=\"Back to the start\"]').click()")
    firefox.wait_for("document.querySelector('.ls-slider').value === '0'")
    firefox.press(" ")
    plays_to(firefox, 60)


def test_a_relief_on_a_page_is_a_map_with_its_panels(firefox: Firefox, app_url: str) -> None:
    firefox.goto(f"{app_url}/?surface=escaping_saddle&opt=sgd;adam&start=1.6,1e-6&steps=60&view=relief")
    plays_to(firefox, 60)
    firefox.wait_for(NO_WEBGL)
    firefox.wait_for("document.querySelectorAll('.ls-plot .xaxislayer-above').length === 3")


def test_a_slide_plays_from_disk(firefox: Firefox, tmp_path: Path) -> None:
    RUN.run().scene().save(tmp_path / "slide.html")
    firefox.goto((tmp_path / "slide.html").as_uri())
    plays_to(firefox, 60)
    firefox.press(ARROW_LEFT)
    firefox.wait_for("document.querySelector('.ls-slider').value === '59'")


def test_a_deck_is_walked_by_its_arrows(firefox: Firefox, tmp_path: Path) -> None:
    relief = Slide.of("From above", "descent", RUN, {"view": "relief"})
    lecture = Lecture("Two", (relief, Slide("Words", ("Said.",)), Slide("A map", experiment=RUN)))
    firefox.goto(save(lecture, tmp_path / "deck.html").as_uri())
    for title, keys in (
        ("From above", ""),
        ("Words", ARROW_RIGHT),
        ("A map", ARROW_RIGHT),
        ("From above", ARROW_LEFT * 2),
    ):
        for key in keys:
            firefox.press(key)
        firefox.wait_for(f"document.querySelector('.deck-title').textContent === '{title}'")
        if title != "Words":
            plays_to(firefox, 60)
        firefox.wait_for(f"{NO_WEBGL} === {json.dumps(title == 'From above')}")
