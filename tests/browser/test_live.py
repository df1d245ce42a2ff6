"""Paths that follow what is moved in the picture: by mouse, keyboard and finger, on the page and in a slide."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

import landscape as ls
from landscape.lecture import Lecture, Slide, save
from landscape.picture.numbers import typeset
from tests.browser.conftest import STILL, Wire

Wait = Callable[[Any], None]
RUN = ls.Experiment(
    "himmelblau", (ls.SGD(learning_rate=0.002), ls.Adam(learning_rate=0.05)), [(-0.5, 4.5), (1.0, -5.0)], n_steps=120
)
# The picture is that of its recipe, and drawn: the numbers of the readout are written last.
SETTLED = """() => !document.querySelector(".ls-following, .ls-changed") &&
  [...document.querySelectorAll(".ls-readout")].every((one) => one.querySelector("td")?.textContent !== "")"""


def opened(page: Any, url: str, drawn: Wait, run: ls.Experiment = RUN) -> None:
    """Open a run on the page, and show it to its end."""
    page.goto(f"{url}/?{urlencode(run.to_query())}")
    drawn(page)
    at_the_end(page)


def answered(page: Any, address: str) -> None:
    """Wait until the page has another address and shows the picture of it: either may come first."""
    page.wait_for_function("(old) => location.href !== old", arg=address)
    page.wait_for_function(SETTLED)


def at_the_end(page: Any) -> None:
    page.locator(".ls-player").focus()
    page.keyboard.press("End")
    if page.locator(".ls-play").get_attribute("aria-label") == "Pause":
        page.keyboard.press("Space")
        page.keyboard.press("End")


def middle(page: Any, start: int = 0) -> tuple[float, float]:
    box = page.locator(".ls-start").nth(start).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pull(page: Any, dx: float, dy: float, start: int = 0) -> None:
    """Take a start up and move it, without letting it go."""
    x, y = middle(page, start)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 3)
    page.mouse.move(x + dx, y + dy)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def table(page: Any) -> list[list[str]]:
    """The numbers and words of the readout, a list a path."""
    return page.locator(".ls-readout tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))"
    )


def said(value: float) -> str:
    """A number as the readout writes it."""
    if not 1e-3 <= abs(value) < 1e5 and value != 0:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"{float(f'{value:.4g}'):.10g}".replace("-", "−")


def expected(run: ls.Experiment) -> list[list[str]]:
    """What the readout says of a run at its end, as ``descend`` has it."""
    return [
        [said(float(values[0])), said(float(values[1]))]
        for trajectory in run.run().trajectories
        for values in zip(trajectory.final_values, trajectory.final_gradient_norms, strict=True)
    ]


def wait_dimmed(page: Any, *words: str, dimmed: bool = True) -> None:
    """Wait until such words are dimmed, or none of them is: they fade."""
    faded = "([words, dimmed]) => words.every((one) => {0} < 0.5 === dimmed)"
    opacity = "getComputedStyle(document.querySelector(one)).opacity"
    page.wait_for_function(faded.format(opacity), arg=[words, dimmed])


def recipe_of(page: Any) -> ls.Experiment:
    """The recipe in the address."""
    return ls.Experiment.from_query({k: v[0] for k, v in parse_qs(urlsplit(page.url).query).items()})


def numbers(rows: list[list[str]]) -> list[list[str]]:
    return [row[:2] for row in rows]


def test_paths_follow_the_mouse_and_the_page_follows_at_the_end(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    before, address = table(page), page.url
    told = ("h1", ".st-key-of-the-run", ".st-key-verdicts")
    wait_dimmed(page, *told, dimmed=False)
    pull(page, 90, 40)
    wait_dimmed(page, *told)
    during = table(page)
    assert page.url == address  # nobody is told while it moves
    assert all("Hessian eigenvalue" in row[2] for row in (during[0], during[2]))
    assert [during[1], during[3]] == [before[1], before[3]]  # the other start stays, with Python's verdicts
    page.mouse.up()
    answered(page, address)
    now = recipe_of(page)
    assert now.starts[0] != RUN.starts[0]
    assert now.starts[1] == RUN.starts[1]
    assert numbers(during) == expected(now) == numbers(table(page))
    wait_dimmed(page, *told, dimmed=False)
    assert [row[2][:5] for row in table(page)] == [v[:5] for t in now.run().trajectories for v in t.verdicts]
    page.go_back()
    page.wait_for_function("(rows) => document.querySelector('.ls-readout td').textContent === rows[0][0]", arg=before)
    assert table(page) == before
    assert recipe_of(page) == RUN


def test_on_the_projector_the_address_follows_too(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    page.goto(f"{app_url}/?{urlencode(RUN.to_query() | {'present': '1'})}")
    drawn(page)
    pull(page, 60, -20)
    page.mouse.up()
    page.wait_for_function("() => !location.search.includes('start=-0.5%2C4.5')")
    now = recipe_of(page)
    assert now.starts[1] == RUN.starts[1]
    assert "present=1" in page.url
    page.locator(".leave-cross").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('present')")
    drawn(page)
    assert recipe_of(page) == now
    at_the_end(page)
    assert numbers(table(page)) == expected(now)


def test_arrow_keys_move_a_start_and_enter_tells(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    address, x = page.url, middle(page)[0]
    page.locator(".ls-knobs summary").focus()
    page.keyboard.press("Tab")
    assert "Start 1 at (−0.5, 4.5)" in page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    near = middle(page)[0] - x
    page.keyboard.press("Shift+ArrowRight")
    assert middle(page)[0] - x - near == pytest.approx(10 * near, abs=1.5)
    during = table(page)
    assert page.url == address
    page.keyboard.press("Enter")
    answered(page, address)
    now = recipe_of(page)
    assert now.starts[0][1] == 4.5  # a coordinate along which it is not moved stays
    assert numbers(during) == expected(now)
    assert "Start 1" in page.evaluate("() => document.activeElement.getAttribute('aria-label') ?? ''")


def test_the_picture_follows_sliders_of_the_page_before_the_server_answers(
    browser_page: Any, app_url: str, drawn: Wait
) -> None:
    page, wire = browser_page, Wire(browser_page)
    opened(page, app_url, drawn)
    for question in ("Which-optimizers", "How-long"):
        page.locator(f"[class*={question}] summary").click()
    for name, presses in (("Learning rate of SGD", 2), ("Steps", 1)):
        slider = page.get_by_role("slider", name=name)
        slider.focus()
        page.wait_for_selector(STILL)
        address, before, wire.is_held = page.url, recipe_of(page), True
        for _ in range(presses):
            slider.press("ArrowRight")
            page.wait_for_selector(".ls-ahead")
        value = float(slider.get_attribute("aria-valuetext"))
        new = {"n_steps": int(value)} if name == "Steps" else {"optimizers": (ls.SGD(value), before.optimizers[1])}
        asked = before.replace(**new)
        assert asked != before
        page.wait_for_function("(n) => Number(document.querySelector('.ls-slider').value) === n", arg=asked.n_steps)
        during = table(page)
        assert numbers(during) == expected(asked)
        assert recipe_of(page) == before
        # Python has not judged yet.
        assert all("smallest Hessian eigenvalue" in row[-1] for row in during[:2])
        # What is read aloud is of what is drawn, not of what was prepared.
        words = f": loss {during[0][0]}, gradient norm {during[0][1]}, {during[0][-1]}."
        read = "(words) => document.querySelector('.ls-plot').ariaLabel.includes(words)"
        page.wait_for_function(read, arg=words)
        spoken = page.locator(".ls-plot").get_attribute("aria-label")
        assert "2 starts, 120 steps" not in spoken
        if name != "Steps":
            now = f"→ learning rate {said(value)}"
            assert now in spoken
            assert now in page.locator(".ls-entry").first.inner_text()
        wire.release()
        answered(page, address)
        assert recipe_of(page) == asked
        assert numbers(table(page)) == numbers(during)
        verdicts = [typeset(str(verdict)) for one in asked.run().trajectories for verdict in one.verdicts]
        assert [row[-1] for row in table(page)] == verdicts != [row[-1] for row in during]


def test_escape_puts_a_start_back(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    before, address = table(page), page.url
    page.locator(".ls-start").first.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    assert table(page) != before
    page.keyboard.press("Escape")
    assert table(page) == before
    assert page.url == address
    page.wait_for_function(SETTLED)  # hovering tells of paths again


def test_a_finger_moves_a_start(open_browser: Callable[..., Any], app_url: str, drawn: Wait) -> None:
    page = open_browser(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    opened(page, app_url, drawn)
    page.locator(".ls-start").first.scroll_into_view_if_needed()
    (x, y), address = middle(page), page.url
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    touch("touchStart", (x, y))
    for k in range(1, 6):
        touch("touchMove", (x + 8 * k, y + 6 * k))
    page.wait_for_selector(".ls-changed")
    touch("touchEnd")
    page.wait_for_function("(old) => location.href !== old", arg=address)
    assert recipe_of(page).starts[0] != RUN.starts[0]


def test_a_drag_beside_the_starts_zooms(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    address, (x, y) = page.url, middle(page)
    page.mouse.move(x + 60, y + 60)
    page.mouse.down()
    page.mouse.move(x + 200, y + 200)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('.ls-plot')._fullLayout.xaxis.range[0] > -1")
    assert page.url == address
    expect(page.locator(".ls-start").first).to_be_hidden()  # it lies outside what is shown now


def test_a_start_stops_at_the_edge_of_the_picture(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    pull(page, -900, 0)
    page.mouse.up()
    page.wait_for_url("**start=-6.0*")
    expect(page.locator(".ls-start").first).to_be_visible()


def test_where_the_surface_has_no_value_the_last_picture_stays_and_it_is_said(
    browser_page: Any, app_url: str, drawn: Wait
) -> None:
    page = browser_page
    surface = ls.formula("x - log(x) + y^2", ((-1, 3), (-2, 2)))
    opened(page, app_url, drawn, ls.Experiment(surface, ("adam",), [(2.0, 1.0)], n_steps=50))
    pull(page, -20, 0)
    good = table(page)
    x, y = middle(page)
    page.mouse.move(x - 300, y)
    page.wait_for_selector(".ls-told:has-text('has no value at')")
    assert table(page) == good
    page.mouse.up()
    page.wait_for_url("**start=1.*")
    page.wait_for_function(SETTLED)
    assert numbers(table(page)) == expected(recipe_of(page))


def test_a_knob_on_the_page_is_the_optimizer_of_the_recipe(browser_page: Any, app_url: str, drawn: Wait) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    page.locator(".ls-knobs summary").click()
    knob = page.get_by_role("slider", name="Adam (lr 0.05): learning rate")
    knob.focus()
    address = page.url
    page.keyboard.press("PageUp")
    answered(page, address)
    now = recipe_of(page)
    assert now.optimizers[0] == RUN.optimizers[0]
    assert now.optimizers[1].learning_rate > 0.06
    assert numbers(table(page)) == expected(now)
    assert page.locator(".ls-knobs").get_attribute("open") is not None  # it stays open for the next turn


@pytest.fixture
def slide(open_browser: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Return a function that opens a run as a slide from disk, with no network."""

    def opened(run: ls.Experiment = RUN, edit: Callable[[str], str] = str, **view: bool) -> Any:
        file = tmp_path / "slide.html"
        run.run().scene(**view).save(file, present=False)
        file.write_text(edit(file.read_text(encoding="utf-8")), encoding="utf-8")
        page = open_browser(offline=True)
        page.goto(file.as_uri())
        page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
        at_the_end(page)
        return page

    return opened


def turned(page: Any, name: str, notch: int) -> None:
    """Turn a knob and let it go."""
    page.evaluate("() => (document.querySelector('.ls-knobs').open = true)")
    page.get_by_role("slider", name=name).evaluate(
        """(knob, notch) => {
          knob.value = notch;
          for (const kind of ["input", "change"]) knob.dispatchEvent(new Event(kind, { bubbles: true }));
        }""",
        notch,
    )


def test_a_slide_answers_what_if_without_a_network(slide: Callable[..., Any]) -> None:
    page = slide()
    before = table(page)
    assert [row[2] for row in before] == [typeset(v) for t in RUN.run().trajectories for v in t.verdicts]
    turned(page, "SGD (lr 0.002): learning rate", 330)
    rate = float(page.locator(".ls-knob output").first.inner_text())
    now = RUN.replace(optimizers=(ls.SGD(learning_rate=rate), RUN.optimizers[1]))
    sgd = now.run().trajectories[0]
    rows = table(page)
    assert [row[2] for row in rows[:2]] == [f"no finite number after step {last}" for last in sgd.last]
    assert rows[2:] == before[2:]
    wait_dimmed(page, "footer")
    assert f"→ learning rate {rate}" in page.locator(".ls-entry").first.inner_text()
    pull(page, 60, 30, start=1)
    page.mouse.up()
    assert "eigenvalue" in table(page)[3][2]
    page.get_by_role("button", name="As it was").click()
    assert table(page) == before
    wait_dimmed(page, "footer", dimmed=False)


@pytest.mark.parametrize("n_optimizers", [2, 48])
def test_what_is_held_still_is_drawn_as_exactly_as_what_rests(slide: Callable[..., Any], n_optimizers: int) -> None:
    """While it moves lines go through fewer points, and of many lines not all panels follow in every frame."""
    rates = np.geomspace(0.0005, 0.004, n_optimizers)
    page = slide(RUN.replace(optimizers=[ls.SGD(learning_rate=float(rate)) for rate in rates], n_steps=300))
    trails = "() => document.querySelector('.ls-trails').toDataURL()"
    page.evaluate(
        """() => {
          window.drawings = []; // of the paths: the points of each
          const { clearRect, lineTo } = CanvasRenderingContext2D.prototype;
          const isTrails = (pen) => pen.canvas.className === "ls-trails";
          CanvasRenderingContext2D.prototype.clearRect = function (...box) {
            if (isTrails(this)) requestAnimationFrame(() => (window.begun = false));
            if (isTrails(this) && !window.begun) window.drawings.push(0);
            window.begun ||= isTrails(this);
            clearRect.apply(this, box);
          };
          CanvasRenderingContext2D.prototype.lineTo = function (...at) {
            if (isTrails(this)) window.drawings[window.drawings.length - 1] += 1;
            lineTo.apply(this, at);
          };
        }"""
    )
    pull(page, 40, 25)
    page.wait_for_function("() => window.drawings.at(-1) > 2 * Math.min(...window.drawings)")
    still = page.evaluate(trails)
    page.evaluate("() => Plotly.redraw(document.querySelector('.ls-plot'))")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(trails) == still
    page.mouse.up()


def test_steps_of_a_slide_are_a_knob(slide: Callable[..., Any]) -> None:
    page = slide()
    turned(page, "Steps", 350)
    n_steps = int(page.locator(".ls-slider").get_attribute("max"))
    assert n_steps > RUN.n_steps
    assert numbers(table(page)) == expected(RUN.replace(n_steps=n_steps))
    page.wait_for_function("(n) => document.querySelector('.ls-plot')._fullLayout.xaxis2.range[1] === n", arg=n_steps)


def test_from_this_step_on_the_path_so_far_stays(slide: Callable[..., Any]) -> None:
    page = slide()
    page.evaluate("() => (document.querySelector('.ls-knobs').open = true)")
    page.locator(".ls-player").focus()
    for _ in range(7):
        page.keyboard.press("Shift+ArrowLeft")
    assert page.locator(".ls-counter").inner_text() == "50 / 120"
    before = numbers(table(page))
    page.get_by_label("from this step on").check()
    turned(page, "Adam (lr 0.05): learning rate", 0)
    assert numbers(table(page)) == before
    assert "from step 50" in page.locator(".ls-entry").nth(1).inner_text()
    page.locator(".ls-player").focus()
    page.keyboard.press("End")
    adam = RUN.run().trajectories[1]
    assert table(page)[2][0] != said(float(adam.final_values[0]))


def test_on_the_curve_a_start_moves_along_it(slide: Callable[..., Any]) -> None:
    run = ls.Experiment("double_well", (ls.SGD(learning_rate=0.02),), [(1.5,)], 60)
    page = slide(run)
    pull(page, -150, -200)
    label = page.locator(".ls-start").get_attribute("aria-label")
    start = float(label.split(" at ")[1].split(". Arrow")[0].replace("−", "-"))
    assert numbers(table(page)) == expected(run.replace(starts=[(start,)]))
    top = middle(page)[1]
    y = page.evaluate(
        """() => {
          const { _offset, _length, range } = document.querySelector(".ls-plot")._fullLayout.yaxis;
          return [_offset, _length, ...range];
        }"""
    )
    frame = page.locator(".ls-plot").bounding_box()["y"]
    value = float(run.surface.value([start]))
    assert top == pytest.approx(frame + y[0] + y[1] * (y[3] - value) / (y[3] - y[2]), abs=1.5)


def test_in_a_deck_what_is_said_of_the_prepared_run_dims_while_it_is_another(
    open_browser: Callable[..., Any], tmp_path: Path
) -> None:
    lecture = Lecture("One", (Slide("Who arrives?", ("Both do.",), experiment=RUN),))
    page = open_browser(offline=True)
    page.goto(save(lecture, tmp_path / "deck.html").as_uri())
    page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
    at_the_end(page)
    told = (".deck-title", ".deck-points")
    wait_dimmed(page, *told, dimmed=False)
    pull(page, 40, 25)
    wait_dimmed(page, *told)
    page.keyboard.press("Escape")
    page.wait_for_function(SETTLED)
    wait_dimmed(page, *told, dimmed=False)


@pytest.mark.parametrize(
    ("run", "by"),
    [
        (ls.Experiment("himmelblau", ("sgd",), [(3.1, 2.1)], n_steps=50), (-120, 0)),
        (ls.Experiment("double_well", ("sgd",), [(1.1,)], n_steps=50), (90, 0)),
    ],
    ids=["on the map", "on the curve"],
)
def test_while_a_start_is_held_still_its_whole_loss_is_seen_and_goes_back_with_it(
    slide: Callable[..., Any], run: ls.Experiment, by: tuple[int, int]
) -> None:
    page = slide(run)
    at_the_end(page)
    top = "document.querySelector('.ls-plot')._fullLayout.yaxis2.range[1]"
    before = page.evaluate(top)
    pull(page, *by)
    page.wait_for_function(f"(before) => {top} > before", arg=before)
    page.keyboard.press("Escape")
    page.wait_for_function(f"(before) => {top} === before", arg=before)


def test_what_cannot_follow_offers_nothing(slide: Callable[..., Any]) -> None:
    relief = slide(relief=True)
    assert relief.locator(".ls-start").count() == 0
    newton = slide(RUN.replace(optimizers=("adam", "newton")))
    assert newton.locator(".ls-start").count() == 0
    assert not newton.locator(".ls-knobs").is_visible()
    assert newton.locator(".ls-told").inner_text() == ""
    noisy = slide(RUN.replace(noise=ls.GaussianNoise(scale=0.1)))
    assert noisy.locator(".ls-start").count() == 0
    assert "noise of this run is drawn in Python" in noisy.locator(".ls-told").inner_text()


def test_a_slide_edited_by_hand_says_so_and_still_plays(slide: Callable[..., Any]) -> None:
    def edited(text: str) -> str:
        begin, rest = text.split('id="scene">', 1)
        data, end = rest.split("</script>", 1)
        scene = json.loads(data)
        scene["payload"]["live"]["surface"]["operations"][0] = "import"
        return f'{begin}id="scene">{json.dumps(scene).replace("<", chr(92) + "u003c")}</script>{end}'

    page = slide(edit=edited)
    assert "unknown operation import" in page.locator(".ls-told").inner_text()
    assert page.locator(".ls-start").count() == 0
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator(".ls-counter").inner_text() == "1 / 120"


def test_numbers_are_written_as_the_player_writes_them() -> None:
    assert [said(v) for v in (0.0, -0.5, 1e-4, 123456.0, 0.123456)] == ["0", "−0.5", "1.00e−4", "1.23e5", "0.1235"]
    assert np.isfinite(RUN.points).all()


def test_the_lens_tells_what_the_hessian_says_where_a_path_is(browser_page: Any, app_url: str, drawn: Wait) -> None:
    run = RUN.replace(surface=ls.surface("escaping_saddle"), starts=[(1.6, 1e-6)], n_steps=60)
    browser_page.goto(f"{app_url}/?{urlencode(run.to_query())}")
    drawn(browser_page)
    lens, words = browser_page.locator(".ls-lens select"), browser_page.locator(".ls-lens-words")
    assert lens.input_value() == "1"
    lens.select_option(label="Adam (lr 0.05)")
    at_the_end(browser_page)
    for key, step in (("Home", 0), ("End", 60)):
        browser_page.keyboard.press(key)
        browser_page.locator(".ls-counter", has_text=f"{step} / 60").wait_for()
        told = words.inner_text().replace("\u2212", "-")
        point = run.run().trajectories[1].points[0, step]
        least, most = np.linalg.eigvalsh(run.surface.hessian(point))
        found = [float(part.split("; ")[0].rstrip(".")) for part in told.split("): ")[1:]]
        assert found == pytest.approx([least, most], rel=1e-3)
        assert told.count("falls") == int(least < 0) + int(most < 0)
    lens.select_option("0")
    assert words.inner_text() == ""


# One step in numbers ----------------------------------------------------------------------------------------------


def choose_step(page: Any, label: str) -> Any:
    """Ask for the steps of a path; return what tells them."""
    page.get_by_label("One step in numbers of").select_option(label=label)
    return page.locator(".ls-arithmetic")


def lines_of(page: Any) -> list[list[str]]:
    """The lines that are told: the statement, then for each coordinate numbers and result, once where both agree."""
    return page.locator(".ls-arithmetic tbody tr").evaluate_all(
        """(rows) => rows.map((row) => [row.querySelector("th").textContent,
             ...[...row.querySelectorAll("td:not([hidden])")].map((cell) => cell.textContent)])"""
    )


def told_by(run: ls.Experiment, optimizer: int, start: int, step: int) -> list[list[str]]:
    """What Python tells of a step, as the page shows it."""
    told = ls.one_step(run.run().trajectories[optimizer], step, start)
    rows = []
    for first, second in zip(told.rows(0), told.rows(1), strict=True):
        cells = [f"{put} = {result}" if put else f"= {result}" for _, put, result in (first, second)]
        rows.append([first[0], *dict.fromkeys(cells)])
    return rows


def arrows(page: Any) -> dict[str, Any]:
    """Ends of the arrows in pixels by name: (x, y) of tail and point."""
    return page.locator(".ls-arrows [data-arrow]").evaluate_all(
        """(parts) => {
          const ends = {};
          for (const part of parts) {
            const name = part.dataset.arrow;
            const number = (key) => Number(part.getAttribute(key));
            if (part.tagName === "line") ends[name] = { from: [number("x1"), number("y1")], ...ends[name] };
            else ends[name] = { ...ends[name], to: part.getAttribute("points").split(" ")[0].split(",").map(Number) };
          }
          return ends;
        }"""
    )


def test_a_step_is_told_in_numbers_and_follows_playhead_drag_and_knob(
    browser_page: Any, app_url: str, drawn: Wait
) -> None:
    page = browser_page
    opened(page, app_url, drawn)
    assert page.locator(".ls-arithmetic").is_hidden()
    sheet = choose_step(page, "Adam (lr 0.05), start 1")
    told = RUN.run().scene().in_numbers["1-0"](120)
    assert told.head in sheet.inner_text()
    assert told.head.endswith("It was the last one.")
    assert lines_of(page) == told_by(RUN, 1, 0, 120)
    page.locator(".ls-player").focus()
    page.keyboard.press("Home")
    for step in (1, 2, 3):
        assert lines_of(page) == told_by(RUN, 1, 0, step)
        page.keyboard.press("ArrowRight")
    pull(page, 60, -30)
    moved = lines_of(page)
    assert moved != told_by(RUN, 1, 0, 4)
    address = page.url
    page.mouse.up()
    answered(page, address)
    now = recipe_of(page)
    assert now.starts[0] != RUN.starts[0]
    assert moved == lines_of(page) == told_by(now, 1, 0, 4)
    page.locator(".ls-knobs summary").click()
    knob = page.get_by_label("Adam (lr 0.05): learning rate")
    knob.focus()
    address = page.url
    page.keyboard.press("ArrowRight")
    turned = lines_of(page)
    answered(page, address)
    later = recipe_of(page)
    assert later.optimizers[1].learning_rate != 0.05
    assert turned == lines_of(page) == told_by(later, 1, 0, 4)


def test_the_arrows_of_a_step_add_up_and_are_as_long_as_is_said(browser_page: Any, app_url: str, drawn: Wait) -> None:
    run = RUN.replace(optimizers=(ls.Momentum(learning_rate=0.001), ls.SGD(learning_rate=0.002)))
    page = browser_page
    opened(page, app_url, drawn, run)
    sheet = choose_step(page, "Momentum (lr 0.001), start 1")
    page.locator(".ls-player").focus()
    page.keyboard.press("Home")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.locator(".ls-counter", has_text="12 / 120").wait_for()
    told = ls.one_step(run.run().trajectories[0], 13)
    assert "Arrows 10 times as long." in sheet.inner_text()
    scale = page.evaluate(
        "() => { const a = document.querySelector('.ls-plot')._fullLayout; return [a.xaxis._m, a.yaxis._m]; }"
    )
    drawn_arrows = arrows(page)
    for name, vector in (("step", told.step), ("alone", told.alone), ("memory", told.memory)):
        ends = np.array(drawn_arrows[name]["to"]) - drawn_arrows[name]["from"]
        np.testing.assert_allclose(ends, 10 * vector * scale, atol=0.5)
    assert drawn_arrows["memory"]["from"] == drawn_arrows["alone"]["to"]
    assert drawn_arrows["memory"]["to"] == drawn_arrows["step"]["to"]
    # The head of another path is a choice too, and sets no start.
    box, address = page.locator(".ls-plot").bounding_box(), page.url
    choose_step(page, "SGD (lr 0.002), start 1")
    assert set(arrows(page)) == {"step"}
    x, y = drawn_arrows["step"]["from"]
    page.mouse.click(box["x"] + x, box["y"] + y)
    assert "of Momentum" in sheet.inner_text()
    assert page.url == address
    choose_step(page, "none")
    assert page.locator(".ls-arithmetic").is_hidden()
    assert arrows(page) == {}


def test_steps_are_told_in_one_dimension_in_a_slide_and_to_the_one_that_breaks(
    open_browser: Callable[..., Any], tmp_path: Path
) -> None:
    run = ls.Experiment(ls.formula("u^4 - u", ((-2, 2),)), (ls.SGD(learning_rate=0.5),), [(1.5,)], 30)
    run.run().scene().save(tmp_path / "slide.html", theme="projector")
    page = open_browser(offline=True, viewport={"width": 1280, "height": 720})
    page.goto((tmp_path / "slide.html").as_uri())
    page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
    at_the_end(page)
    sheet = choose_step(page, "SGD (lr 0.5)")
    (trajectory,) = run.run().trajectories
    step = int(trajectory.last[0]) + 1
    ((statement, put, result),) = ls.one_step(trajectory, step).rows()
    assert f"Step {step} of" in sheet.inner_text()
    assert "Nothing is finite after it." in sheet.inner_text()
    assert lines_of(page) == [[statement, f"{put} = {result}"]]
    assert sheet.locator("th[scope=col]").all_text_contents() == ["rule", "u"]
    page.keyboard.press("Home")
    assert sheet.bounding_box()["x"] > page.locator(".ls-plot").bounding_box()["width"] / 3  # beside the curve
    assert set(arrows(page)) == {"step"}


def test_noise_is_said_and_no_step_is_offered(browser_page: Any, app_url: str, drawn: Wait) -> None:
    opened(browser_page, app_url, drawn, RUN.replace(noise=ls.GaussianNoise(1.0)))
    assert browser_page.get_by_label("One step in numbers of").is_hidden()
    assert "not told in numbers" in browser_page.locator(".ls-told").inner_text()
