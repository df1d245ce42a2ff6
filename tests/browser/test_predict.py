"""A newcomer says first where a path will end, then sees it; the back button brings the earlier scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Wait = Callable[[Any], None]


def test_a_newcomer_predicts_and_watches(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(app_url)
    browser_page.get_by_role("heading", name="Where will SGD be at step 200?").wait_for()
    drawn(browser_page)
    watch = browser_page.get_by_role("button", name="Watch", exact=True)
    assert watch.is_disabled()
    browser_page.get_by_role("radio", name="at a minimum").click()
    watch.click()
    browser_page.get_by_text("You said: at a minimum. SGD is on a saddle.").wait_for()
    browser_page.wait_for_function("() => document.querySelectorAll('.ls-readout tbody tr').length === 4")


def test_the_back_button_brings_the_scene_back_with_its_title(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=himmelblau")
    drawn(browser_page)
    assert browser_page.locator("h1").count() == 1
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
    assert browser_page.locator("h1").inner_text() == question
