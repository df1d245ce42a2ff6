"""The main page driven by hand: clicks, keys, links, the projector, the phone, the slide without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import landscape as ls
from tests.browser.conftest import STILL, Wire

Wait = Callable[[Any], None]

# Of each flat panel: where it lies on the page, and what is painted of the heads there, as one number a column.
PANELS = """() => {
  const plot = document.querySelector(".ls-plot"), heads = document.querySelector("canvas.ls-heads");
  const frame = plot.getBoundingClientRect(), scale = heads.width / heads.getBoundingClientRect().width;
  return Object.values(plot._fullLayout._plots).filter((p) => !p.mainplot || p.mainplot === p.id).map((p) => {
    const x = p.xaxis, y = p.yaxis;
    const box = [x._offset, y._offset, x._length, y._length];
    const pixels = heads.getContext("2d").getImageData(...box.map((v) => Math.round(v * scale))).data;
    let sum = 0;
    for (let i = 3; i < pixels.length; i += 4) sum = (sum * 31 + pixels[i] * (i % 9973)) % 2147483647;
    return { left: frame.left + box[0], top: frame.top + box[1], width: box[2], height: box[3], painted: sum };
  });
}"""
STEP = "() => Number(document.querySelector('.ls-slider').value)"
STEPS = "() => Number(document.querySelector('.ls-slider').max)"


def painted(page: Any) -> list[int]:
    return [panel["painted"] for panel in page.evaluate(PANELS)]


def pause(page: Any) -> None:
    """Stop the player and give it the keys."""
    page.locator(".ls-player").focus()
    if page.locator(".ls-play").get_attribute("aria-label") == "Pause":
        page.keyboard.press("Space")
    page.wait_for_selector(".ls-play[aria-label='Play']")


def test_the_first_picture_is_a_run(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(browser_page)
    browser_page.get_by_role("heading", name="Why does SGD stop here?").wait_for()
    entries = ["SGD (lr 0.05)", "Momentum (lr 0.05)", "RMSprop (lr 0.02)", "Adam (lr 0.05)"]
    expect(browser_page.locator(".ls-entry")).to_have_text(entries)
    assert len(browser_page.evaluate(PANELS)) == 3


def test_play_moves_the_heads_in_all_panels(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(browser_page)
    pause(browser_page)
    browser_page.keyboard.press("Home")
    before, first = painted(browser_page), browser_page.evaluate(STEP)
    browser_page.keyboard.press("Space")
    browser_page.wait_for_function("() => Number(document.querySelector('.ls-slider').value) > 20")
    browser_page.keyboard.press("Space")
    assert browser_page.evaluate(STEP) > first
    assert all(a != b for a, b in zip(before, painted(browser_page), strict=True))


def test_the_keys_step(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(browser_page)
    pause(browser_page)
    keys = browser_page.keyboard
    keys.press("End")
    assert browser_page.evaluate(STEP) == browser_page.evaluate(STEPS) == 200
    keys.press("ArrowLeft")
    assert browser_page.evaluate(STEP) == 199
    keys.press("Shift+ArrowLeft")
    assert browser_page.evaluate(STEP) == 189
    keys.press("Home")
    keys.press("ArrowRight")
    assert browser_page.evaluate(STEP) == 1


def test_a_click_on_the_map_adds_a_start_and_the_link_brings_it_back(
    browser_page: Any, app_url: str, drawn: Wait
) -> None:
    browser_page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(browser_page)
    rows = browser_page.locator(".ls-readout tbody tr")
    expect(rows).to_have_count(4)
    panel = browser_page.evaluate(PANELS)[0]
    browser_page.mouse.click(panel["left"] + panel["width"] * 0.25, panel["top"] + panel["height"] * 0.5)
    expect(rows).to_have_count(8)
    # A quarter of the way from -2 to 2, in the digits that a pixel tells apart.
    browser_page.wait_for_url("**%3B-1.0%2C0.0&**")
    address = browser_page.url
    browser_page.goto("about:blank")
    browser_page.goto(address)
    drawn(browser_page)
    expect(rows).to_have_count(8)


def test_a_run_too_long_to_draw_whole_plays_to_its_end(browser_page: Any, app_url: str, drawn: Wait) -> None:
    starts = ";".join(f"{x},{y}" for x in range(-4, 5, 2) for y in range(-4, 5))
    browser_page.goto(f"{app_url}/?surface=himmelblau&opt=sgd,learning_rate:0.003&start={starts}&steps=1500")
    drawn(browser_page)
    pause(browser_page)
    browser_page.keyboard.press("End")
    assert browser_page.evaluate(STEP) == 1500
    assert browser_page.locator(".ls-readout tbody tr").count() == 45


def test_a_wrong_formula_is_said_in_the_box_and_the_picture_stays(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?formula=x%5E2+%2B+y%5E2&domain=-2,2,-2,2")
    drawn(browser_page)
    browser_page.get_by_text("Your own formula").first.click()
    box = browser_page.get_by_role("textbox", name="f", exact=True)
    box.fill("x^2 + __import__('os')")
    box.press("Enter")
    told = browser_page.locator("[data-testid=stAlert]").first
    expect(told).to_contain_text("at character")
    assert browser_page.locator(".ls-plot .main-svg").first.is_visible()
    box.fill("x^2 + 3*y^2")
    box.press("Enter")
    told.wait_for(state="detached")
    browser_page.wait_for_url("**3*y**")


def test_the_projector_shows_the_player_alone_and_escape_leaves(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=himmelblau&present=1")
    drawn(browser_page)
    expect(browser_page.locator("[data-testid=stSidebar]")).to_be_hidden()
    size = "({ width, height }) => width === 1440 && height === 900"
    browser_page.wait_for_function(f"() => ({size})(document.querySelector('.player-present').getBoundingClientRect())")
    browser_page.locator(".leave-cross").wait_for()
    browser_page.keyboard.press("Escape")
    browser_page.wait_for_selector("[data-testid=stSidebar]")
    browser_page.wait_for_url(lambda url: "present" not in url)


def test_a_phone_shows_everything_below_each_other(open_browser: Callable[..., Any], app_url: str, drawn: Wait) -> None:
    page = open_browser(viewport={"width": 380, "height": 780})
    page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(page)
    panels = page.evaluate(PANELS)
    assert [p["top"] for p in panels] == sorted(p["top"] for p in panels)
    assert panels[1]["top"] > panels[0]["top"] + panels[0]["height"]
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".ls-play").is_visible()


def test_who_wants_little_motion_gets_a_run_at_its_end(
    open_browser: Callable[..., Any], app_url: str, drawn: Wait
) -> None:
    page = open_browser(reduced_motion="reduce")
    page.goto(f"{app_url}/?surface=escaping_saddle")
    drawn(page)
    assert page.evaluate(STEP) == 200
    assert page.locator(".ls-play").get_attribute("aria-label") == "Play"


@pytest.mark.parametrize("present", [True, False])
def test_the_slide_plays_from_disk_without_a_network(
    open_browser: Callable[..., Any], tmp_path: Path, present: bool
) -> None:
    title = "</script><script>window.hurt = 1</script> & 한국어"
    run = ls.Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-3)], n_steps=60, title=title).run()
    file = tmp_path / "slide.html"
    run.scene().save(file, present=present)
    page = open_browser(offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".ls-player .ls-plot .main-svg")
    page.wait_for_function("() => Number(document.querySelector('.ls-slider').value) > 3")
    pause(page)
    page.keyboard.press("End")
    assert page.evaluate(STEP) == 60
    assert page.evaluate("() => window.hurt") is None
    assert title in page.locator("h1").inner_text()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("lost", ["plotly-*.js", "picture-*.js", "player-*.js", "player-*.css", "field-*.bin"])
def test_a_file_that_does_not_come_is_named_and_the_next_picture_asks_again(
    lost: str, browser_page: Any, app_url: str, drawn: Wait, complaints: list[str]
) -> None:
    asked = f"**/vendor/{lost}"
    browser_page.route(asked, lambda route: route.abort())
    browser_page.goto(f"{app_url}/?surface=himmelblau")
    stem, ending = lost.split("*")
    told = browser_page.get_by_text(re.compile(rf"What the picture needs did not load from vendor/{stem}\w+{ending}"))
    told.wait_for()
    browser_page.unroute(asked)
    browser_page.locator("[class*=How-long] summary").click()
    browser_page.get_by_role("slider", name="Steps").press("ArrowRight")
    drawn(browser_page)
    expect(told).to_be_hidden()
    # The browser says itself what it did not get.
    complaints[:] = [said for said in complaints if "ERR_FAILED" not in said]


def test_the_map_stays_while_paths_change_and_follows_a_zoom(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    fetched: list[str] = []
    browser_page.on("request", lambda request: fetched.append(request.url) if "/vendor/field" in request.url else None)
    browser_page.goto(f"{app_url}/?surface=himmelblau&opt=sgd;adam&start=1,1&steps=200")
    drawn(browser_page)
    browser_page.evaluate(
        """() => {
      window.redrawn = 0;
      new MutationObserver((changes) => { window.redrawn += changes.length; })
        .observe(document.querySelector(".ls-ground"), { subtree: true, childList: true, attributes: true });
    }"""
    )
    n_fetched = len(fetched)
    browser_page.locator("[class*=Which-optimizers] summary").click()
    browser_page.get_by_role("slider", name="Learning rate of SGD").press("ArrowLeft")
    browser_page.locator(".ls-entry", has_text="SGD (lr 0.0008)").wait_for()
    drawn(browser_page)
    assert browser_page.evaluate("window.redrawn") == 0
    assert len(fetched) == n_fetched > 0

    box = browser_page.locator(".ls-plot .nsewdrag").first.bounding_box()
    browser_page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    browser_page.mouse.down()
    browser_page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=4)
    browser_page.mouse.up()
    browser_page.wait_for_function(
        """() => {
      const [above, below] = [".ls-plot", ".ls-ground"].map((name) => document.querySelector(name)._fullLayout);
      const same = ["xaxis", "yaxis"].every((axis) => String(above[axis].range) === String(below[axis].range));
      return window.redrawn > 0 && above.xaxis.range[1] < 5 && same;
    }"""
    )


def test_a_crowd_takes_a_stroke_a_colour_and_none_a_path(open_browser: Callable[..., Any], tmp_path: Path) -> None:
    starts = [(0.1 * k, 1.0) for k in range(1, 31)]
    run = ls.Experiment("saddle", ("sgd", "adam"), starts, n_steps=60).run()
    page = open_browser(reduced_motion="reduce")
    page.goto(run.scene().save(tmp_path / "crowd.html", present=False).path.as_uri())
    page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
    page.evaluate("""() => {
        const own = CanvasRenderingContext2D.prototype.stroke;
        window.strokes = 0;
        CanvasRenderingContext2D.prototype.stroke = function (...path) {
            window.strokes += this.canvas.className === "ls-trails";
            return own.apply(this, path);
        };
    }""")
    page.get_by_role("button", name="Back to the start").click()
    page.get_by_role("button", name="+10 steps").click()
    assert 0 < page.evaluate("() => window.strokes") < len(run.trajectories) * len(starts)


def test_the_picture_turns_dark_with_the_system(browser_page: Any, app_url: str, drawn: Wait) -> None:
    browser_page.goto(f"{app_url}/?surface=himmelblau")
    drawn(browser_page)
    for scheme in ("dark", "light"):
        browser_page.emulate_media(color_scheme=scheme)
        turned = "(scheme) => document.querySelector('.ls-player').style.colorScheme === scheme"
        browser_page.wait_for_function(turned, arg=scheme)


AGREE = """(slider) => {
  const value = Number(slider.getAttribute("aria-valuetext"));
  const address = new URLSearchParams(location.search).get("opt").split(":")[1];
  const shown = /lr ([^)]+)/.exec(document.querySelector(".ls-entry").innerText)[1];
  return Number(address) === value && Number(shown) === value && value;
}"""


def test_keys_pressed_faster_than_the_server_answers_end_where_all_agree(
    browser_page: Any, app_url: str, drawn: Wait
) -> None:
    """There and back again: what was shown some runs ago comes once more, and the address is behind all the while."""
    wire = Wire(browser_page)
    browser_page.goto(f"{app_url}/?surface=himmelblau&opt=sgd,learning_rate:0.005&start=1,1&steps=50")
    drawn(browser_page)
    browser_page.get_by_test_id("stSidebar").locator("summary", has_text="SGD").click()
    slider = browser_page.get_by_role("slider", name="Learning rate of SGD")
    slider.focus()

    def agreed() -> Any:
        browser_page.wait_for_selector(STILL)
        return browser_page.wait_for_function(AGREE, arg=slider.element_handle()).json_value()

    for key in 2 * ("ArrowRight", "ArrowLeft"):
        for _ in range(20):
            browser_page.keyboard.press(key, delay=40)
    assert agreed() == 0.005
    ways = (
        (0.004, lambda: slider.press("ArrowLeft")),
        (1.0, lambda: slider.press("End")),
        (0.004, browser_page.go_back),
        (1.0, browser_page.go_forward),
    )
    for there, go in ways:
        go()
        browser_page.wait_for_url(f"**learning_rate%3A{there}&**")
        assert agreed() == there
    # Back, while the answer that will write the address is on its way; nothing is shown because it was waited for long.
    browser_page.evaluate(
        """() => {
          const later = window.setTimeout;
          window.setTimeout = (then, after, ...rest) => (after === 3000 ? 0 : later(then, after, ...rest));
        }"""
    )
    slider.press("ArrowLeft")
    browser_page.wait_for_url("**learning_rate%3A0.8&**")
    assert agreed() == 0.8
    wire.is_held = True
    slider.press("ArrowLeft")
    wire.wait_for("learning_rate%3A")
    browser_page.locator(".ls-player").focus()
    browser_page.go_back()
    wire.release()
    browser_page.wait_for_url("**learning_rate%3A1.0&**")
    assert agreed() == 1.0


DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PIXELS = """(player) => {
  const canvas = player.querySelector("canvas.ls-trails");
  const shown = document.createElement("canvas");
  [shown.width, shown.height] = [canvas.width, canvas.height];
  shown.getContext("2d").drawImage(canvas, 0, 0);
  const pixels = shown.getContext("2d").getImageData(0, 0, shown.width, shown.height).data;
  const before = window.before ?? pixels;
  window.before = pixels;
  let painted = 0, other = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = [0, 1, 2].map((k) => pixels[at + k]);
    if (!colour.some(Boolean)) continue;
    painted += 1;
    other += colour.some((value, k) => Math.abs(value - before[at + k]) > 60);
  }
  return [painted, other];
}"""
"""How many pixels are painted, and how many of these were of another colour when this was last asked."""


def test_paths_that_came_bit_by_bit_look_as_if_they_came_at_once(browser_page: Any, tmp_path: Path) -> None:
    """Four that share a valley: what is new of a lower one must not lie over the others."""
    browser_page.set_viewport_size({"width": 1280, "height": 720})
    browser_page.emulate_media(reduced_motion="reduce")  # it does not play by itself
    scene = ls.Experiment.from_lesson("rosenbrock").run().scene()
    browser_page.goto(scene.save(tmp_path / "slide.html", theme="projector").path.as_uri())
    browser_page.locator("canvas.ls-heads").wait_for(state="attached")
    slider, player = browser_page.locator(".ls-slider"), browser_page.locator(".ls-player")

    def trails(*steps: int) -> Any:
        for step in steps:
            slider.fill(str(step))
            browser_page.evaluate(DRAWN)
        return player.evaluate(PIXELS)

    trails(*range(0, 2001, 20))  # bit by bit
    painted, other = trails(0, 2000)
    assert painted > 5000
    assert other < 0.03 * painted
