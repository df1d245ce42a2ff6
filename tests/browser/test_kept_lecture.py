"""A lecture of one's own outlives a reload, a server that is started anew, and another tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import STILL, free_port, serving

TITLE = 'A <b>lecture</b> of my "own" — 안장'
KEPT = "() => Object.entries(localStorage).filter(([name]) => name.startsWith('landscape.lecture.'))"


def unfold(page: Any) -> None:
    """Open the list of lectures in the sidebar, once the page stands: until then it may be made anew, and folded."""
    page.locator(STILL).wait_for()
    page.locator("[data-testid=stSidebar] [data-testid=stExpander] summary").first.click()
    page.locator("[data-testid=stSidebar] details[open]").first.wait_for()


def begin(page: Any, url: str) -> None:
    """Begin a lecture on the page, with the list of lectures unfolded."""
    page.goto(f"{url}/give-a-lecture")
    unfold(page)
    page.get_by_role("button", name="A new lecture").click()
    page.get_by_role("heading", name="The first slide").wait_for()


def rename(page: Any, title: str) -> None:
    """Give the lecture another title and wait until the browser keeps it."""
    box = page.locator("[data-testid=stSidebar]").get_by_role("textbox", name="Title")
    box.fill(title)
    box.press("Enter")
    page.wait_for_function(f"(title) => ({KEPT})().some(([, v]) => JSON.parse(v).title === title)", arg=title)


def wait_for_title(page: Any, title: str) -> None:
    page.locator("[data-testid=stSidebar] summary").get_by_text(title, exact=True).wait_for()


def own_of(page: Any) -> str:
    page.wait_for_url("**own=**")
    return str(page.evaluate("() => new URL(location.href).searchParams.get('own')"))


def test_a_reload_restores_it_at_its_slide_and_says_so(still_page: Any, app_url: str) -> None:
    begin(still_page, app_url)
    rename(still_page, TITLE)
    still_page.get_by_text("Add a slide").click()
    still_page.get_by_role("button", name="Words alone").click()
    still_page.wait_for_url("**slide=2**")
    still_page.wait_for_function(f"() => ({KEPT})()[0][1].includes('A new slide')")
    still_page.reload()
    still_page.get_by_text("restored from what your browser keeps").wait_for()
    wait_for_title(still_page, TITLE)
    still_page.get_by_role("heading", name="A new slide").wait_for()
    still_page.goto(f"{still_page.url}&present=1")
    still_page.wait_for_function("() => document.querySelector('.deck-title')?.textContent === 'A new slide'")


def test_it_outlives_the_server(open_browser: Any, complaints: list[str], tmp_path: Path) -> None:
    still_page, port = open_browser(), free_port()
    with serving(tmp_path, port=port) as url:
        begin(still_page, url)
        rename(still_page, TITLE)
        own_of(still_page)
        address = still_page.url
        still_page.goto("about:blank")  # a page that is open complains of the server that is gone
    with serving(tmp_path, port=port):
        still_page.goto(address)
        still_page.get_by_text("restored from what your browser keeps").wait_for()
        wait_for_title(still_page, TITLE)
    # What it asked of the server that was gone is refused, and that is no fault of the page.
    complaints[:] = [said for said in complaints if "ERR_CONNECTION_REFUSED" not in said]


def test_those_kept_are_offered(still_page: Any, app_url: str) -> None:
    begin(still_page, app_url)
    rename(still_page, "One")
    first = own_of(still_page)
    still_page.get_by_role("button", name="A new lecture").click()
    still_page.wait_for_function("(first) => new URL(location.href).searchParams.get('own') !== first", arg=first)
    still_page.locator(STILL).wait_for()
    rename(still_page, "Two")
    still_page.goto(f"{app_url}/give-a-lecture")
    unfold(still_page)
    still_page.get_by_role("button", name="One", exact=True).click()
    wait_for_title(still_page, "One")


def test_two_tabs_do_not_write_over_each_other(still_page: Any, app_url: str) -> None:
    begin(still_page, app_url)
    rename(still_page, TITLE)
    first = own_of(still_page)
    other = still_page.context.new_page()
    other.goto(still_page.url)
    wait_for_title(other, TITLE)
    unfold(other)
    rename(other, "By the other tab")
    rename(still_page, "By the first tab")
    still_page.get_by_text("Another tab changed this lecture").wait_for()
    assert own_of(still_page) != first
    for page, title in ((still_page, "By the first tab"), (other, "By the other tab")):
        page.reload()
        wait_for_title(page, title)


def test_what_is_damaged_or_not_here_is_said(still_page: Any, app_url: str) -> None:
    damaged = ["{", '{"title": "t", "at": 1, "text": "{}"}']
    still_page.goto(f"{app_url}/give-a-lecture")
    for number, entry in enumerate([*damaged, None]):
        own = f"{number:012x}"
        if entry is not None:
            still_page.evaluate("([name, v]) => localStorage.setItem(name, v)", [f"landscape.lecture.{own}", entry])
        still_page.goto(f"{app_url}/give-a-lecture?own={own}&slide=3")
        still_page.get_by_text("Your lecture could not be restored").wait_for()
        still_page.get_by_role("button", name="Next").wait_for()


FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }"
BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("", "SecurityError"); },
})"""


@pytest.mark.parametrize(("broken", "why"), [(FULL, "its storage is full"), (BLOCKED, "it refuses")])
def test_a_browser_that_keeps_nothing_says_so_and_asks_before_it_leaves(
    still_page: Any, app_url: str, broken: str, why: str
) -> None:
    still_page.add_init_script(broken)
    begin(still_page, app_url)
    still_page.get_by_text(f"This browser does not keep your lecture: {why}").wait_for()
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    still_page.on("dialog", answer)
    still_page.reload()
    assert asked == ["beforeunload"]
