"""A lecture walked with the arrow keys: on the page, on the projector, and from a file without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    assert "present" not in browser_page.url


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
