"""What Streamlit calls in the browser: in any order, and at times twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import ROOT

CALLED = """async () => {
  const said = [];
  const call = component(({ data }) => said.push(`used ${data}`), (place, data) => said.push(`left ${data}`));
  const after = () => new Promise((done) => setTimeout(done, 20));
  const newer = call({ data: "newer" });
  call({ data: "older" })();  // it ran late, and is taken back at once
  await after();
  const newest = call({ data: "newest" });
  await after();
  newest();
  return said;
}"""


def test_what_was_overtaken_is_not_used_in_whatever_order_it_comes(open_browser: Callable[..., Any]) -> None:
    page = open_browser(offline=True)
    page.add_script_tag(path=ROOT / "app" / "calls.js")
    assert page.evaluate(CALLED) == ["used newer", "used newest", "left newest"]


def test_one_way_out_of_the_projector_stays_where_the_system_turns_dark(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/?surface=himmelblau&present=1")
    drawn(browser_page)
    light = browser_page.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    browser_page.emulate_media(color_scheme="dark")
    browser_page.wait_for_function(
        "(light) => getComputedStyle(document.querySelector('.stApp')).backgroundColor !== light", arg=light
    )
    drawn(browser_page)
    assert browser_page.locator(".leave-cross").count() == 1
