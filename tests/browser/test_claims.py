"""The page Claims as people meet it: predict, measure, look, present."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect


def test_predict_measure_and_present(browser_page: Any, app_url: str, drawn: Callable[[Any], None]) -> None:
    page = browser_page
    page.goto(app_url)
    drawn(page)
    page.get_by_role("link", name="Claims").click()
    page.get_by_role("heading", name="How do you know?").wait_for()
    page.locator(".st-key-claims-open-stability_edges").get_by_role("button").click()
    page.get_by_text("What do you expect?").wait_for()
    assert page.locator(".ls-player").count() == 0
    expect(page.get_by_role("button", name="Measure")).to_be_disabled()
    page.locator("[data-testid=stRadio] label", has_text="above 3.8").click()
    page.get_by_role("button", name="Measure").click()
    page.get_by_text("You said “above 3.8”, and so it is.").wait_for()
    page.wait_for_selector(".ls-player .ls-plot .main-svg")
    page.wait_for_url("**claim=stability_edges**")
    page.get_by_role("tab", name="Why").click()
    page.get_by_text("What gives way first").wait_for()
    address = page.get_by_role("link", name="Present").get_attribute("href")
    assert "claim=stability_edges" in address
    assert "present=1" in address
