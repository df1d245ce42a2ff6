"""The pages for those who do not see them, who have no mouse, or whose system chooses the colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import landscape as ls
from app.sitemap import PAGES
from landscape.lecture import Lecture, Slide, save
from tests.browser import trees
from tests.browser.conftest import STILL

Wait = Callable[[Any], None]
RUN = ls.Experiment("escaping_saddle", ("sgd", "adam"), starts=[(1.6, 1e-6)], n_steps=60)
EVERY_RULE = {"resultTypes": ["violations"]}
OF_COLOURS = EVERY_RULE | {"runOnly": ["color-contrast", "link-in-text-block"]}


def violations(page: Any, rules: dict[str, list[str]] = EVERY_RULE) -> list[str]:
    """What rules of axe-core find on a page, each with the first element that it names.

    Left out are wide formulas, which scroll: a browser gives them the focus by itself, and axe does not know.
    """
    # What a new picture is about to replace stands there pale for a moment.
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    found = Axe().run(page, context={"exclude": [".katex-display"]}, options=rules).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.fixture
def page(open_browser: Callable[..., Any]) -> Iterator[Any]:
    """A page of somebody who wants no motion, so that what is looked at stands still."""
    return open_browser(reduced_motion="reduce", bypass_csp=True)


@pytest.mark.parametrize(("scheme", "rules"), [("light", EVERY_RULE), ("dark", OF_COLOURS)], ids=["light", "dark"])
def test_no_page_breaks_a_rule(page: Any, app_url: str, drawn: Wait, scheme: str, rules: dict[str, list[str]]) -> None:
    """In the dark a page has the same elements in other colours."""
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{app_url}/?predict=0")
    drawn(page)
    found = {}
    for number, entry in enumerate(shown.entry for shown in PAGES):
        if number:
            page.get_by_role("link", name=entry.title, exact=True).click()
            page.wait_for_function("(title) => document.title.startsWith(title)", arg=entry.title)
            page.wait_for_selector(STILL)
        found[entry.title] = violations(page, rules)
    assert not any(found.values()), found


def test_neither_projector_nor_files_break_a_rule(page: Any, app_url: str, drawn: Wait, tmp_path: Path) -> None:
    page.goto(f"{app_url}/?predict=0&present=1")
    drawn(page)
    assert violations(page) == []
    RUN.run().scene().save(tmp_path / "slide.html")
    lecture = Lecture("Saddles", (Slide.of("A saddle", "descent", RUN, {}, notes="It looks like a minimum."),))
    save(lecture, tmp_path / "deck.html")
    for name in ("slide.html", "deck.html"):
        page.goto((tmp_path / name).as_uri())
        page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
        assert violations(page) == [], name


@pytest.mark.parametrize("name", [*trees.PAGES, *trees.FILES])
def test_what_a_screen_reader_meets_is_what_was_recorded(page: Any, app_url: str, name: str, tmp_path: Path) -> None:
    """Where a change is meant: ``python -m tests.browser.trees`` records the trees anew, and their diff is read."""
    address = f"{app_url}/{trees.PAGES[name]}" if name in trees.PAGES else trees.write(name, tmp_path)
    assert trees.tree(page, address) == trees.recorded(name).read_text(encoding="utf-8")


def test_the_picture_is_told(page: Any, app_url: str, drawn: Wait) -> None:
    """Name, picture in words, playing and ending are said; sliders say their values and whose they are."""
    page.goto(
        f"{app_url}/?surface=escaping_saddle&opt=sgd,learning_rate:0.05;adam,learning_rate:0.05&start=1.6,1e-12&steps=200"
    )
    drawn(page)
    page.get_by_role("group", name="Player: Saddle with two ways out").wait_for()
    picture = page.get_by_role("img", name="Saddle with two ways out")
    assert "Step 200 of 200. SGD (lr 0.05): on a saddle" in picture.get_attribute("aria-label")
    page.get_by_role("table", name="The paths at the playhead").wait_for()
    status = page.locator(".ls-player [role=status]")
    page.get_by_role("button", name="−10 steps").click()
    assert status.text_content().strip() == "Step 190 of 200."
    assert "Step 190 of 200. SGD (lr 0.05): loss " in picture.get_attribute("aria-label")
    page.get_by_role("button", name="Play", exact=True).click()
    assert status.text_content() == "Playing"
    page.wait_for_function("() => document.querySelector('.ls-player [role=status]').textContent.startsWith('The end')")
    assert "Adam (lr 0.05): at a minimum" in status.text_content()
    page.get_by_test_id("stSidebar").get_by_text("SGD, Adam").click()
    rate = page.get_by_role("slider", name="Learning rate of Adam")
    expect(rate).to_have_attribute("aria-valuetext", "0.05")
    page.get_by_role("button", name="Remove Adam").wait_for()


def test_nothing_needs_a_mouse(page: Any, app_url: str, drawn: Wait) -> None:
    page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(page)
    for key in ("Tab", "Enter", "Tab", "Enter"):  # past the pages, past what stands over the picture
        page.keyboard.press(key)
    page.wait_for_function("document.activeElement.matches('.ls-player')")
    page.get_by_label("Save this picture").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".ls-camera").get_attribute("open") is None
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Save this picture"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause", exact=True).wait_for()


def test_pressed_and_passed_are_seen_in_forced_colours(page: Any, app_url: str, drawn: Wait) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(page)
    outline = "(node) => getComputedStyle(node).outlineStyle"
    assert page.locator(".ls-entry").first.evaluate(outline) == "solid"
    page.locator(".ls-entry").first.click()
    expect(page.locator(".ls-entry").first).to_have_css("outline-style", "none")
    accent = page.locator(".ls-slider").evaluate("(node) => getComputedStyle(node).getPropertyValue('--ls-accent')")
    assert accent == "Highlight"
    assert page.locator("button[data-selected=true]").first.evaluate(outline) == "solid"
    page.locator("[class*=How-long] summary").click()
    thumb = page.locator(".stSlider [data-rac]:has(> div > input)").first
    expect(thumb).to_have_css("background-color", page.evaluate("() => getComputedStyle(document.body).color"))


def test_without_webgl_a_relief_is_a_map(page: Any, app_url: str, drawn: Wait) -> None:
    page.add_init_script(
        "const own = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.includes('webgl') ? null : own.call(this, kind, ...rest);"
        "};"
    )
    page.goto(f"{app_url}/?surface=escaping_saddle&view=relief")
    drawn(page)
    page.get_by_text("This browser has no WebGL").wait_for()
    expect(page.locator(".ls-plot .xaxislayer-above")).to_have_count(3)
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector("canvas.ls-trails");
          return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
        }"""
    )


@pytest.mark.parametrize(
    ("address", "words", "size"),
    [
        ("?surface=rosenbrock", ".ls-lens-words:not(:empty)", (1400, 900)),
        ("first-program?", ".ls-notes p", (1280, 720)),
        ("fair-comparison?", ".player-head li", (1280, 720)),
    ],
)
def test_a_projector_never_cuts_what_the_axes_are_called(
    address: str, words: str, size: tuple[int, int], open_browser: Callable[..., Any], app_url: str, drawn: Wait
) -> None:
    """Verdicts, notes and the words of the lens leave the picture its room, on a low projector too."""
    page = open_browser(reduced_motion="reduce", viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app_url}/{address}&present=1")
    drawn(page)
    page.locator(words).first.wait_for(state="attached")
    page.wait_for_function(
        "() => document.querySelector('.ls-plot').clientHeight <= document.querySelector('.ls-stage').clientHeight"
    )


def test_a_low_projector_shows_all_of_what_is_to_be_predicted(
    open_browser: Callable[..., Any], app_url: str, drawn: Wait
) -> None:
    page = open_browser(reduced_motion="reduce", viewport={"width": 1280, "height": 720})
    page.goto(f"{app_url}/?predict=1&present=1")
    drawn(page)
    page.wait_for_function("() => document.querySelector('.ls-plot').getBoundingClientRect().bottom <= innerHeight")
