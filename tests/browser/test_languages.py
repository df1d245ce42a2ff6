"""The language of the page: its switch keeps all else, and one that there is not is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def settled(page: Any) -> None:
    """Wait until nothing is computed and nothing comes any more."""
    before, now = None, page.evaluate("document.body.innerText")
    while now != before:
        page.wait_for_timeout(400)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        before, now = now, page.evaluate("document.body.innerText")


def test_a_switch_keeps_all_that_is_on_the_page(browser_page: Any, app_url: str, drawn: Callable[[Any], None]) -> None:
    page = browser_page
    page.goto(f"{app_url}/first-program?steps=40&opt=sgd%2Clearning_rate:0.02")
    drawn(page)
    assert "lang=" not in page.url
    page.get_by_role("tab", name="Recipe").click()
    if page.locator(".ls-play").get_attribute("aria-label") == "Pause":
        page.locator(".ls-play").click()
    page.locator(".ls-slider").fill("17")
    # By keys alone.
    page.get_by_role("radio", name="English").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.get_by_role("tab", name="레시피", selected=True).wait_for()
    settled(page)
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert page.locator(".ls-slider").input_value() == "17"
    for address in (
        page.url,
        page.locator(".stMain [data-testid=stCode]").first.inner_text(),
        page.get_by_role("link", name="발표하기").get_attribute("href"),
    ):
        assert {"lang=ko", "steps=40"} <= set(address.split("?")[1].split("&")), address
    # What was chosen by its label is chosen still, and what is touched next changes nothing else.
    page.get_by_role("radio", name="점선").or_(page.get_by_role("button", name="점선")).click()
    settled(page)
    assert "steps=40" in page.url
    page.get_by_role("link", name="안장점 탈출").click()
    page.get_by_role("heading", name="안장점을 벗어나는 데 얼마나 걸리는가?").wait_for()
    page.go_back()
    page.go_back()
    page.get_by_role("heading", name="어떤 프레임워크로").wait_for()


def test_an_unknown_language_is_said_until_something_is_done(browser_page: Any, app_url: str) -> None:
    page = browser_page
    page.goto(f"{app_url}/off-a-saddle?lang=tlh")
    said = page.get_by_text("There is no catalogue for the language 'tlh'")
    said.wait_for()
    page.get_by_role("tab", name="Export").click()
    settled(page)
    assert said.is_visible()
    page.locator(".st-key-escape-curvature-box input").fill("2")
    page.locator(".st-key-escape-curvature-box input").press("Enter")
    said.wait_for(state="detached")
