"""Escape from a saddle in a browser: the heads stay on the saddle, a smaller offset keeps them longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _steps(page: Any) -> list[list[str]]:
    """Return the table of measured steps, a list of cells a row."""
    return [row.locator("td").all_inner_texts() for row in page.locator("table tbody tr").all()]


def test_a_smaller_offset_keeps_gradient_descent_longer_and_adam_not(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/off-a-saddle")
    drawn(browser_page)
    browser_page.locator("table", has_text="Closed form").wait_for()
    rows = {row[0]: row for row in _steps(browser_page) if len(row) == 4}
    descent = next(row for name, row in rows.items() if name.startswith("SGD"))
    assert descent[1] == descent[2] == "189"
    player = browser_page.locator(".ls-player").first
    player.focus()
    browser_page.keyboard.press("End")
    assert "never" not in player.locator(".ls-readout tbody tr").first.inner_text()

    box = browser_page.get_by_role("textbox", name="Offset of the start").first
    box.fill("1e-12")
    box.press("Enter")
    browser_page.wait_for_url("**offset=1e-12**")
    browser_page.locator("table").get_by_text("567", exact=True).first.wait_for()
    drawn(browser_page)
    later = {row[0]: row for row in _steps(browser_page) if len(row) == 4}
    adam = next(name for name in rows if name.startswith("Adam"))
    assert abs(int(later[adam][1]) - int(rows[adam][1])) < 30
