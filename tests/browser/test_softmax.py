"""Softmax regression in a browser: regions under the samples, and the arithmetic of a clicked point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# How many colours the painted regions have, away from their edges.
COLOURS = """() => {
  const floor = document.querySelector("canvas.ls-floor");
  const pixels = floor.getContext("2d").getImageData(0, 0, floor.width, floor.height).data;
  const found = new Map();
  for (let i = 0; i < pixels.length; i += 4) {
    if (!pixels[i + 3]) continue;
    const color = `${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`;
    found.set(color, (found.get(color) ?? 0) + 1);
  }
  return [...found.values()].filter((n) => n > 500).length;
}"""


def test_regions_move_and_a_click_shows_the_arithmetic(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/classify")
    drawn(browser_page)
    browser_page.locator(".ls-player").first.focus()
    browser_page.keyboard.press("End")
    assert browser_page.evaluate(COLOURS) == 3
    plot = browser_page.locator(".ls-plot").first.bounding_box()
    browser_page.mouse.click(plot["x"] + 0.3 * plot["width"], plot["y"] + 0.4 * plot["height"])
    browser_page.get_by_text("The ring at (").wait_for()
    browser_page.get_by_text("y is the class of the nearest row").wait_for()
    browser_page.get_by_text("dz = a − y").first.wait_for()
