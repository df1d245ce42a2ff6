"""Networks in a browser: both runs of the opening picture are drawn and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_both_networks_are_drawn(browser_page: Any, app_url: str, drawn: Callable[[Any], None]) -> None:
    browser_page.goto(f"{app_url}/trained-networks")
    drawn(browser_page)
    browser_page.get_by_role("heading", name="What does batch normalization change?").wait_for()
    browser_page.get_by_text("with batch normalization", exact=True).first.wait_for()
    browser_page.get_by_text("without batch normalization", exact=True).first.wait_for()
