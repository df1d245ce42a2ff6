"""Basins in a browser: maps appear, a click draws the paths from there, and a button takes them to the main page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import expect

from tests.browser.conftest import Wire

MAPS = {
    "surface": "himmelblau",
    "opt": "sgd,learning_rate:0.01;momentum,learning_rate:0.01",
    "start": "0.5,3.5",
    "steps": "200",
    "pixels": "100",
}

# Of the first map: where it lies on the page, and a number for what is painted of the paths over all maps.
MAP = """() => {
  const plot = document.querySelector(".ls-plot"), frame = plot.getBoundingClientRect();
  const { xaxis: x, yaxis: y } = Object.values(plot._fullLayout._plots)[0];
  const heads = document.querySelector("canvas.ls-heads");
  const pixels = heads.getContext("2d").getImageData(0, 0, heads.width, heads.height).data;
  let sum = 0;
  for (let i = 3; i < pixels.length; i += 4) sum = (sum * 31 + pixels[i] * (i % 9973)) % 2147483647;
  return {
    left: frame.left + x._offset, top: frame.top + y._offset, width: x._length, height: y._length,
    range: [...x.range, ...y.range], painted: sum,
  };
}"""


FLOOR = """() => {
  const floor = document.querySelector("canvas.ls-floor");
  return floor.getContext("2d").getImageData(0, 0, floor.width, floor.height).data
    .reduce((sum, byte) => (31 * sum + byte) % 2147483647, 0);
}"""


def test_a_click_draws_the_paths_from_there_and_takes_them_to_the_main_page(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/which-minimum?{urlencode(MAPS)}")
    drawn(browser_page)
    browser_page.get_by_text("The paths start at (0.5, 3.5).").wait_for()
    browser_page.get_by_text("median steps to a minimum").wait_for()
    player = browser_page.locator(".ls-player").first
    player.focus()
    browser_page.keyboard.press("End")
    before = browser_page.evaluate(MAP)

    x0, x1, y0, y1 = before["range"]
    to_x, to_y = (-2.0 - x0) / (x1 - x0), (y1 - -1.0) / (y1 - y0)
    browser_page.mouse.click(before["left"] + to_x * before["width"], before["top"] + to_y * before["height"])
    browser_page.get_by_text("The paths start at (−2, −1).").wait_for()
    drawn(browser_page)
    player.focus()
    browser_page.keyboard.press("End")
    browser_page.wait_for_function(f"(before) => ({MAP})().painted !== before", arg=before["painted"])

    browser_page.get_by_role("button", name="Watch these paths").click()
    browser_page.wait_for_url(f"{app_url}/?**")
    drawn(browser_page)
    browser_page.get_by_role("heading", name="Himmelblau").first.wait_for()
    browser_page.wait_for_url("**start=-2.0%2C-1.0**")
    expect(browser_page.locator(".ls-entry")).to_have_text(["SGD (lr 0.01)", "Momentum (lr 0.01)"])


def test_maps_beside_each_other_name_their_axis_once_and_fill_the_projector(
    open_browser: Callable[..., Any], app_url: str, drawn: Callable[[Any], None]
) -> None:
    page = open_browser(viewport={"width": 1280, "height": 720})
    page.goto(f"{app_url}/which-minimum?pixels=100&present=1")
    drawn(page)
    axes = page.evaluate(
        """() => {
          const { _fullLayout: whole } = document.querySelector(".ls-plot");
          const of = (letter) => ["", 2, 3, 4].map((k) => whole[`${letter}axis${k}`]);
          return { named: of("y").map((axis) => axis.showticklabels), widths: of("x").map((axis) => axis._length) };
        }"""
    )
    assert axes["named"] == [True, False, False, False]
    assert min(axes["widths"]) > 1280 / 4 - 80


def test_a_slider_redraws_the_map_at_once_and_the_certified_one_takes_its_place(
    open_browser: Callable[..., Any], app_url: str, drawn: Callable[[Any], None]
) -> None:
    page = open_browser(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    wire = Wire(page)
    page.goto(f"{app_url}/which-minimum?{urlencode(MAPS)}")
    drawn(page)
    words = page.locator(".ls-map-words")
    page.wait_for_function("() => !document.querySelector('.ls-map-words').textContent")
    page.locator("[class*=Which-optimizers] summary").click()
    slider = page.get_by_role("slider", name="Learning rate of SGD")
    slider.focus()
    wire.is_held = True  # no answer has come when the map is another one
    before = page.evaluate(FLOOR)
    page.keyboard.press("ArrowRight")
    words.filter(has_text="the certified map follows").wait_for()
    assert page.evaluate(FLOOR) != before
    wire.release()
    page.wait_for_function("() => !document.querySelector('.ls-map-words').textContent")
    expect(page.locator(".ls-entry").first).to_have_text("SGD (lr 0.012)")
    page.wait_for_url("**learning_rate%3A0.012**")
