"""Critical points over the map in a browser: asked for in the tab, drawn on the map, listed in the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_manifolds_appear_on_the_map(browser_page: Any, app_url: str, drawn: Callable[[Any], None]) -> None:
    browser_page.goto(f"{app_url}/?surface=himmelblau&opt=adam,learning_rate:0.05&start=0,0&steps=50")
    drawn(browser_page)
    assert browser_page.get_by_text("unstable manifold: out of a saddle").count() == 0
    browser_page.get_by_role("tab", name="Critical points").click()
    browser_page.get_by_text("+ manifolds", exact=True).click()
    browser_page.get_by_text("unstable manifold: out of a saddle").first.wait_for()
    browser_page.get_by_text("Critical points found, by kind: 4 minimum, 4 saddle, 1 maximum").first.wait_for()
    browser_page.wait_for_url("**overlay=manifolds**")  # written when the script of the page is through
