"""Fair comparison in a browser: curves over one grid, maps of momentum, and the best rates on the main page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect


def test_the_best_rates_of_one_grid_run_on_the_main_page(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/fair-comparison")
    drawn(browser_page)
    expect(browser_page.locator(".ls-entry")).to_have_text(["SGD", "Momentum", "RMSprop", "Adam"])
    table = browser_page.locator("table", has_text="best learning rate")
    expect(table.locator("tbody tr")).to_have_count(4)
    best = {row.split("\t")[0]: float(row.split("\t")[1]) for row in table.locator("tbody tr").all_inner_texts()}
    assert best["SGD"] < best["Adam"]

    browser_page.get_by_text("And momentum", exact=True).click()
    browser_page.wait_for_url("**maps=on**")
    browser_page.locator(".ls-player").get_by_text("Adam, b1 varied too").wait_for()
    drawn(browser_page)

    browser_page.get_by_role("button", name="Use these rates").click()
    browser_page.wait_for_url(f"{app_url}/?**")
    drawn(browser_page)
    entry = browser_page.locator(".ls-entry", has_text="SGD (lr ").inner_text()
    assert float(entry.removeprefix("SGD (lr ").rstrip(")")) == pytest.approx(best["SGD"], rel=0.01)
