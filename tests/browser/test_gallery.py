"""The gallery: opened, searched, walked by keys, on a phone, and a formula typed into its search box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from landscape.surfaces import SURFACES

Wait = Callable[[Any], None]


def open_gallery(page: Any) -> None:
    button = page.get_by_role("button", name="All surfaces")
    if not button.is_visible():
        page.locator("[data-testid=stSidebar] [data-testid=stExpander] summary").first.click()
    button.click()
    page.locator(".gallery-card").first.wait_for()


def titles(page: Any) -> list[str]:
    return page.locator(".gallery-card:not([hidden]) .gallery-title").all_inner_texts()


def test_it_is_searched_and_walked_by_keys(still_page: Any, app_url: str, drawn: Wait) -> None:
    still_page.goto(f"{app_url}/?surface=himmelblau")
    drawn(still_page)
    open_gallery(still_page)
    assert set(titles(still_page)) >= {surface.title for surface in SURFACES.values()}
    assert still_page.locator(".gallery-card[aria-current]").inner_text() == SURFACES["himmelblau"].title
    still_page.wait_for_function("() => [...document.images].every((image) => image.naturalWidth > 0)")
    expect(still_page.locator(".gallery-search")).to_be_focused()
    still_page.keyboard.type("monkey")
    assert titles(still_page) == [SURFACES["monkey_saddle"].title]
    for title in ("Six-hump camel", "Styblinski-Tang", "1-D"):  # a hyphen makes no formula of a name
        still_page.locator(".gallery-search").fill(title)
        assert still_page.locator(".gallery-typed").is_hidden()
        assert titles(still_page)
    still_page.locator(".gallery-search").fill("x-1")
    still_page.get_by_text("Use “x-1” as a formula").wait_for()
    still_page.locator(".gallery-search").fill("no such surface")
    still_page.get_by_text("Nothing is called so").wait_for()
    still_page.locator(".gallery-search").fill("recurrent")  # what it teaches, not its name alone
    first = titles(still_page)
    assert first
    still_page.keyboard.press("ArrowDown")
    still_page.keyboard.press("Enter")
    still_page.locator(".gallery-search").wait_for(state="detached")
    chosen = next(name for name, surface in SURFACES.items() if surface.title == first[0])
    still_page.wait_for_url(f"**surface={chosen}**")
    open_gallery(still_page)
    assert titles(still_page)[0] == first[0]  # used lately


def test_a_formula_is_typed_into_the_search_refused_with_its_place_and_taken(
    still_page: Any, app_url: str, drawn: Wait
) -> None:
    still_page.goto(f"{app_url}/?surface=himmelblau")
    drawn(still_page)
    open_gallery(still_page)
    still_page.locator(".gallery-search").fill("x^2 + __import__('os')")
    still_page.keyboard.press("Enter")
    still_page.get_by_role("dialog").get_by_text("at character").wait_for()
    still_page.locator(".gallery-search").fill("(x - 8)^2 + y^2")
    still_page.keyboard.press("Enter")
    still_page.locator(".gallery-search").wait_for(state="detached")
    still_page.wait_for_url("**formula=**")
    still_page.get_by_role("button", name="Fit the picture").click()
    still_page.get_by_role("button", name="Fit the picture").wait_for(state="detached")
    still_page.wait_for_url(lambda url: float(parse_qs(urlsplit(url).query)["domain"][0].split(",")[1]) > 8)
    open_gallery(still_page)
    assert "(x - 8)^2 + y^2" in titles(still_page)[0]


def test_a_phone_has_room_for_it(open_browser: Callable[..., Any], app_url: str, drawn: Wait) -> None:
    page = open_browser(viewport={"width": 380, "height": 780}, has_touch=True)
    page.goto(f"{app_url}/?surface=himmelblau")
    drawn(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    open_gallery(page)
    edges = "() => [...document.querySelectorAll('.gallery-card')].map((c) => c.getBoundingClientRect().right)"
    page.wait_for_function(f"() => Math.max(...({edges})()) <= 380")
    page.get_by_text("Beale", exact=True).tap()
    page.wait_for_url("**surface=beale**")
