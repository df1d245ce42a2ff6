"""A lecture walked with the arrow keys: on the page, on the projector, and from a file without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError, expect

import landscape as ls
from landscape.lecture import LECTURES, Lecture, Slide, save

Wait = Callable[[Any], None]
TITLES = [slide.title for slide in LECTURES["local_optima"]().slides]


def test_the_prepared_lecture_is_walked_from_end_to_end(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/give-a-lecture")
    drawn(browser_page)
    browser_page.get_by_role("button", name="Present").click()
    browser_page.wait_for_selector(".deck-seat .ls-plot .main-svg")
    walked = [browser_page.locator(".deck-title").inner_text()]
    for number in range(2, len(TITLES) + 1):
        browser_page.keyboard.press("ArrowRight")
        browser_page.wait_for_function(
            f"() => document.querySelector('.deck-counter').textContent.startsWith('{number} ')"
        )
        walked.append(browser_page.locator(".deck-title").inner_text())
        if number < len(TITLES):
            browser_page.wait_for_selector(".deck-seat .ls-plot .main-svg")
    assert walked == TITLES
    browser_page.keyboard.press("ArrowLeft")
    browser_page.keyboard.press("n")
    assert "Normalizing subtracts" in browser_page.locator(".deck-notes").inner_text()
    browser_page.keyboard.press("Escape")
    browser_page.wait_for_selector("[data-testid=stSidebar]")
    browser_page.wait_for_url("**slide=9**")
    browser_page.wait_for_url(lambda url: "present" not in url)


def test_the_deck_plays_from_disk_without_a_network(open_browser: Callable[..., Any], tmp_path: Path) -> None:
    run = ls.Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-3)], n_steps=60)
    words = "</script><script>window.hurt = 1</script>"
    lecture = Lecture(
        "Two slides", (Slide("A run", ("One line.",), words, run), Slide("A claim", claim="batch_norm"), Slide(words))
    )
    path = save(lecture, tmp_path / "deck.html")
    page = open_browser(offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_function("() => Number(document.querySelector('.ls-slider').value) > 3")
    page.keyboard.press("n")
    assert words in page.locator(".deck-notes").inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.deck-title').textContent === 'A claim'")
    page.wait_for_selector(".deck-seat .ls-plot .main-svg")
    page.keyboard.press("End")
    assert page.locator(".deck-title").inner_text() == words
    assert page.url.endswith("#3")
    assert page.evaluate("() => window.hurt") is None
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_lecturer_has_notes_next_slide_and_clock_in_a_window_of_their_own(
    open_browser: Callable[..., Any], tmp_path: Path
) -> None:
    words = "<b>Said</b> aloud"
    lecture = Lecture("Two", (Slide("First", ("One.",), words), Slide("Second", ("Two.",))))
    page = open_browser(offline=True)
    page.goto(save(lecture, tmp_path / "deck.html").as_uri())
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    window = opened.value
    expect(window.locator("h1")).to_have_text("1 / 2 First")
    expect(window.locator("main")).to_have_text(words)
    expect(window.locator("aside > *:visible")).to_have_text(["Next", "Second", "Two."])
    expect(window.locator("time")).to_contain_text(":")
    window.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.deck-title').textContent === 'Second'")
    expect(window.locator("h2")).to_have_text("This is the last slide")
    page.keyboard.press("Home")
    window.get_by_role("heading", name="First").wait_for()
    # A moment later: a key pressed by Playwright wants an answer from the window that it closes.
    escape = "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))"
    with window.expect_event("close"):
        window.evaluate(f"() => void setTimeout(() => {escape}, 50)")


def test_the_lecturer_sees_the_picture_of_the_next_slide(open_browser: Callable[..., Any], tmp_path: Path) -> None:
    run = ls.Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-3)], n_steps=60)
    lecture = Lecture("Three", (Slide("Words"), Slide("Map", experiment=run), Slide("Relief", figure="escape")))
    page = open_browser(offline=True, reduced_motion="reduce")
    page.goto(save(lecture, tmp_path / "deck.html").as_uri())
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    window = opened.value
    shown = "() => document.querySelector('aside img')?.naturalWidth > 300"
    window.wait_for_function(shown)
    first = window.locator("aside img").get_attribute("src")
    page.keyboard.press("ArrowRight")
    window.get_by_role("heading", name="Relief").wait_for()
    window.wait_for_function(shown)
    expect(window.locator("aside img")).not_to_have_attribute("src", first)
    page.wait_for_function("() => !document.querySelector('.deck-still')")
    page.keyboard.press("ArrowRight")
    window.get_by_text("This is the last slide").wait_for()
    expect(window.locator("aside img")).to_have_count(0)


POINTS = tuple(f"Point {k}: " + "words that go on and on " * 5 for k in range(5))
LONG = Slide("A long slide " * 8, POINTS, "Note. " * 90)


def test_every_slide_fits_a_projector_of_1280_by_720(open_browser: Callable[..., Any], tmp_path: Path) -> None:
    prepared = LECTURES["local_optima"]()
    page = open_browser(viewport={"width": 1280, "height": 720}, offline=True)
    page.goto(save(Lecture("All", (*prepared.slides, LONG)), tmp_path / "deck.html").as_uri())
    fits = "() => { const deck = document.querySelector('.deck'); return deck.scrollHeight - deck.clientHeight; }"
    for number in range(1, len(prepared) + 2):
        page.wait_for_function(f"() => document.querySelector('.deck-counter').textContent.startsWith('{number} ')")
        assert page.evaluate(fits) <= 1, number
        page.keyboard.press("ArrowRight")


def test_escape_leaves_while_the_slides_are_made_and_from_a_menu(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/give-a-lecture?slide=2&present=1")
    # Where another test had the slides made the deck is there at once. A key that falls into the moment in which it
    # takes the place of the cross is lost: whoever presented would press again.
    browser_page.locator(".leave-cross, .deck-counter").first.wait_for()
    sidebar = browser_page.locator("[data-testid=stSidebar]")
    for _ in range(3):
        browser_page.keyboard.press("Escape")
        try:
            sidebar.wait_for(timeout=15_000)
            break
        except TimeoutError:
            continue
    sidebar.wait_for()
    browser_page.get_by_role("button", name="Present").click()
    browser_page.locator(".deck-seat .ls-speed").focus()
    browser_page.keyboard.press("Escape")
    browser_page.wait_for_url(lambda url: "present" not in url)
    browser_page.wait_for_selector("[data-testid=stSidebar]")


def test_a_picture_that_is_refused_leaves_a_way_out_of_the_projector(browser_page: Any, app_url: str) -> None:
    browser_page.goto(f"{app_url}/?formula=x%5E2%2By%5E2&domain=-1,1,-1,1&start=nan,1&present=1")
    browser_page.locator(".leave-cross").wait_for()
    browser_page.keyboard.press("Escape")
    browser_page.wait_for_selector("[data-testid=stSidebar]")
    browser_page.wait_for_url(lambda url: "present" not in url)


def test_what_a_page_shows_becomes_a_slide_that_outlives_a_reload(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/off-a-saddle?offset=0.01")
    drawn(browser_page)
    browser_page.get_by_role("button", name="Add to the lecture").click()
    browser_page.get_by_role("button", name="A new lecture").click()
    browser_page.get_by_text("Added to “A new lecture”").wait_for()
    kept = "() => Object.values(localStorage).some((entry) => entry.includes('escape'))"
    browser_page.wait_for_function(kept)
    browser_page.reload()
    drawn(browser_page)
    browser_page.get_by_role("button", name="Add to the lecture").click()
    browser_page.get_by_role("button", name="My lecture").click()
    browser_page.get_by_role("dialog").wait_for(state="detached")
    browser_page.get_by_role("link", name="Lecture").click()
    browser_page.get_by_text("2 / 2").wait_for()
    drawn(browser_page)
    browser_page.get_by_role("button", name="Open on the page Escape from a saddle").click()
    browser_page.wait_for_url("**/off-a-saddle?**offset=0.01**")
