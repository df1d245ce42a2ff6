"""High dimensions in a browser: the first picture plays, tells true losses, and gives way to the slices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect


def test_a_path_leaves_the_saddle_and_the_slices_stand_beside_it(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/many-dimensions")
    drawn(browser_page)
    player = browser_page.locator(".ls-player").first
    expect(player.locator(".ls-readout tbody tr")).to_have_count(4)
    expect(player.locator(".ls-readout thead th")).to_have_text(["path", "loss", "distance", "how it ended"])
    player.focus()
    browser_page.keyboard.press("Home")
    cell = player.locator(".ls-readout tbody .ls-number").first
    start = cell.inner_text()
    browser_page.keyboard.press("End")
    browser_page.wait_for_function(
        "start => document.querySelector('.ls-readout tbody .ls-number').textContent !== start", arg=start
    )
    assert float(cell.inner_text().replace("\u2212", "-")) < -70.0  # 300 directions, each down to -1/4
    browser_page.get_by_text("Your slice lies").first.click()
    browser_page.get_by_text("Random plane 5").wait_for()
    browser_page.locator(".ls-player").get_by_text("of as many random lines").wait_for()
