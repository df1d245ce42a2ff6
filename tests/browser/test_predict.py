"""A newcomer says first where a path will end, then sees it; the back button brings the earlier scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

Wait = Callable[[Any], None]


def test_a_newcomer_predicts_and_watches(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(app_url)
    browser_page.get_by_role("heading", name="Where will SGD be at step 200?").wait_for()
    drawn(browser_page)
    watch = browser_page.get_by_role("button", name="Watch", exact=True)
    expect(watch).to_be_disabled()
    browser_page.get_by_role("radio", name="at a minimum").click()
    watch.click()
    browser_page.get_by_text("You said: at a minimum. SGD: on a saddle.").wait_for()
    browser_page.wait_for_function("() => document.querySelectorAll('.ls-readout tbody tr').length === 4")


def test_on_a_projector_the_question_is_read_from_the_last_row(
    open_browser: Callable[..., Any], app_url: str, drawn: Wait
) -> None:
    """Question, answers and buttons grow with the screen, and all of them stand beside the picture."""
    sizes = {}
    for width, height in ((1280, 720), (1920, 1080)):
        page = open_browser(viewport={"width": width, "height": height}, reduced_motion="reduce")
        page.goto(f"{app_url}/?predict=1&present=1")
        drawn(page)
        size = "(it) => parseFloat(getComputedStyle(it).fontSize)"
        ask, answer = page.locator("h1"), page.get_by_role("radio", name="at a minimum")
        sizes[height] = [ask.evaluate(size), answer.evaluate(size)]
        picture = page.locator(".ls-plot").bounding_box()
        said = page.get_by_role("radio", name="outside the picture").bounding_box()
        assert said["x"] + said["width"] < picture["x"]
        assert picture["height"] > 0.5 * height
    assert min(sizes[720]) >= 20
    assert all(large > small for large, small in zip(sizes[1080], sizes[720], strict=True))


def test_the_back_button_brings_the_scene_back_with_its_title(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=himmelblau")
    drawn(browser_page)
    expect(browser_page.locator("h1")).to_have_count(1)
    question = browser_page.locator("h1").inner_text()
    browser_page.get_by_text("Relief", exact=True).click()
    browser_page.wait_for_url("**view=relief**")
    browser_page.get_by_role("link", name="Escape from a saddle").click()
    browser_page.get_by_role("heading", name="How long does it take").wait_for()
    browser_page.wait_for_function("() => document.title.startsWith('Escape from a saddle')")
    browser_page.go_back()
    browser_page.get_by_role("heading", name=question).wait_for()
    browser_page.wait_for_url("**view=relief**")
    browser_page.go_back()
    browser_page.wait_for_url(lambda url: "view=relief" not in url)
    drawn(browser_page)
    browser_page.get_by_role("radio", name="Map", checked=True).wait_for()
    expect(browser_page.locator("h1")).to_have_text(question)
