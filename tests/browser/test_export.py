"""Exports as people fetch them: through the page, opened again by programs that are not ours."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import pytest
from PIL import Image
from playwright.sync_api import expect

import landscape as ls
from tests.browser.conftest import choose

SIZE = "(text) => parseFloat(getComputedStyle(text).fontSize)"


def open_export(page: Any, app_url: str, drawn: Callable[[Any], None]) -> None:
    page.goto(f"{app_url}/?surface=himmelblau&opt=sgd,learning_rate:0.01;adam,learning_rate:0.1&start=0,0&steps=400")
    drawn(page)
    page.get_by_role("tab", name="Export").click()


def option(place: str) -> str:
    return f".st-key-descent-export-{place} [role=combobox]"


def choose_film(page: Any) -> None:
    choose(page, option("format"), "MP4 film")
    page.get_by_role("button", name="Make MP4 film").wait_for()
    # The options of the other format go last.
    page.locator(".st-key-descent-export-dpi-number").wait_for(state="detached")


def fetched(page: Any, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_a_pdf_leaves_the_page_in_one_click(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None], tmp_path: Path
) -> None:
    open_export(browser_page, app_url, drawn)
    path = fetched(browser_page, "Download PDF", tmp_path)
    assert path.name == "landscape-himmelblau.pdf"
    assert path.read_bytes()[:5] == b"%PDF-"
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        assert "Himmelblau" in text
        assert "Gradient norm" in text


def test_a_film_is_made_while_the_player_plays(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None], tmp_path: Path
) -> None:
    page = browser_page
    open_export(page, app_url, drawn)
    choose_film(page)
    page.evaluate("() => { document.querySelector('.ls-player').mark = 'mounted once'; }")
    choose(page, option("size-screen-mp4"), "720p")
    page.get_by_label("Speed").select_option("0.25")
    if page.get_by_role("button", name="Play", exact=True).is_visible():
        page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Make MP4 film").click()
    page.get_by_role("button", name="Cancel").wait_for()
    counter = page.locator(".ls-counter")
    before = counter.inner_text()
    page.wait_for_function("(before) => document.querySelector('.ls-counter').textContent !== before", arg=before)
    # Away to another tab and back: the result waits.
    page.get_by_role("tab", name="Starts").click()
    page.get_by_role("tab", name="Export").click()
    path = fetched(page, "Download landscape-himmelblau.mp4", tmp_path)
    assert page.evaluate("() => document.querySelector('.ls-player').mark") == "mounted once"
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (1280, 720)
        assert float(stream.duration * stream.time_base) == pytest.approx(7.5, abs=0.1)
        assert "?surface=himmelblau" in film.metadata["comment"]
        assert app_url not in film.metadata["comment"]
    # Away to another page and back: it waits there too, and the panel is as it was left.
    links = page.get_by_test_id("stSidebarNavLink")
    links.nth(1).click()
    page.wait_for_url(lambda url: "himmelblau" not in url)
    links.first.click()
    page.wait_for_url(lambda url: "himmelblau" in url)
    drawn(page)
    page.get_by_role("tab", name="Export").click()
    page.get_by_role("button", name="Download landscape-himmelblau.mp4").wait_for()
    expect(page.get_by_label("Format").first).to_have_value(re.compile("^MP4 film"))


def test_a_film_can_be_cancelled_and_another_one_started(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    page = browser_page
    open_export(page, app_url, drawn)
    choose_film(page)
    choose(page, option("size-screen-mp4"), "4K")
    page.get_by_role("button", name="Make MP4 film").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("was cancelled").wait_for()
    expect(page.get_by_role("button", name="Make MP4 film")).to_be_enabled()


def test_the_camera_of_the_player_gives_png_and_svg(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None], tmp_path: Path
) -> None:
    page = browser_page
    open_export(page, app_url, drawn)
    page.get_by_label("Save this picture").click()
    with Image.open(fetched(page, "PNG picture", tmp_path)) as picture:
        assert picture.format == "PNG"
        assert picture.width > 1000
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 100
    page.get_by_label("Save this picture").click()
    root = ElementTree.parse(fetched(page, "SVG picture", tmp_path)).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert any("Gradient norm" in (text or "") for text in root.itertext())


def test_the_text_of_a_slide_grows_with_its_window(browser_page: Any, tmp_path: Path) -> None:
    scene = ls.Experiment("himmelblau", ("sgd",), [(1.0, 1.0)], n_steps=20).run().scene()
    browser_page.set_viewport_size({"width": 1280, "height": 720})
    browser_page.goto(scene.save(tmp_path / "slide.html", theme="projector").path.as_uri())
    texts = (".xtitle", "footer", ".ls-counter", ".ls-entry")

    def sizes() -> list[float]:
        return [float(browser_page.locator(text).first.evaluate(SIZE)) for text in texts]

    browser_page.locator(".xtitle").first.wait_for()
    small = sizes()
    browser_page.set_viewport_size({"width": 1920, "height": 1080})
    browser_page.wait_for_function(f"(old) => ({SIZE})(document.querySelector('.xtitle')) > 1.2 * old", arg=small[0])
    assert sizes() == pytest.approx([1.5 * size for size in small], rel=0.01)
    assert all(size >= 24 for size in sizes())
