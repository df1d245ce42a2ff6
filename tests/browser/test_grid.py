"""The grid of learning rates follows a slider: what the browser finds is what the server's picture would show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import landscape as ls
from landscape.analysis.tuning import Tuning, memory_of
from landscape.picture.axes import scaled
from landscape.picture.scene import Points
from landscape.render.player.payload import MORE, player_payload, player_script, plotly_script
from landscape.scenes.tuning import tuning_scene
from tests.browser.conftest import Wire
from tests.live.pairs import RULES

RATES = np.geomspace(1e-3, 1.0, 7)
MEMORIES = (0.0, 0.9, 0.99)
FOUR = ("sgd", "momentum", "rmsprop", "adam")

FORESEEN = """async ([payload, told]) => {
  const seat = document.body.appendChild(document.createElement("div"));
  const player = mountPlayer(seat, payload, { Plotly, autoplay: false });
  await player.ready;
  const shown = () => {
    const traces = ["plot", "ground"].flatMap((name) => seat.querySelector(`.ls-${name}`).data ?? []);
    return traces.filter(({ meta }) => meta.role !== undefined).map(({ x, y, z, customdata, meta }) => ({
      ...meta, x: x && [...x], y: y && [...y], z: z?.map((row) => [...row]),
      shares: customdata?.map((row) => row.slice(1)),
    }));
  };
  const before = JSON.stringify(shown());
  player.foresee(told);
  const isAhead = () => seat.querySelector(".ls-verdict").textContent === "";
  while (!isAhead()) await new Promise((done) => setTimeout(done, 20));
  const found = shown();
  player.foresee([]);
  while (isAhead()) await new Promise((done) => setTimeout(done, 20));
  const undone = () => before === JSON.stringify(shown());
  for (let k = 0; k < 500 && !undone(); k++) await new Promise((done) => setTimeout(done, 20));
  return { found, undone: undone() };
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """A page with the player that has all that pictures may need beside it."""
    page = chromium.new_page(reduced_motion="reduce")
    for script in (plotly_script(), player_script(MORE)):
        page.add_script_tag(content=script)
    yield page
    page.close()


def tuned(run: ls.Experiment) -> Tuning:
    return ls.tuning(run.surface, run.optimizers, run.starts, run.n_steps, RATES, MEMORIES, run.schedule)


def settings_told(before: ls.Experiment, now: ls.Experiment) -> list[dict[str, Any]]:
    """Return what the sliders of the page tell of a change."""

    def changes(place: Any, was: Any, now: Any) -> list[dict[str, Any]]:
        pairs = enumerate(zip(was, now, strict=True))
        return [{"place": [place, k], "value": new} for k, (old, new) in pairs if new != old]

    told = changes("surface", before.surface.settings.values(), now.surface.settings.values())
    for k, (was, one) in enumerate(zip(before.optimizers, now.optimizers, strict=True)):
        told += changes(k, was.hyper, one.hyper)
        for each in told:
            if each["place"][0] == k:
                each["place"][1] += 1  # the learning rate comes first
    return told + ([] if now.n_steps == before.n_steps else [{"place": "steps", "value": now.n_steps}])


CHANGES: dict[str, tuple[ls.Experiment, dict[str, Any]]] = {
    "another setting of the surface": (
        ls.Experiment("rosenbrock", FOUR, [(-1.0, 1.5)], 60),
        {"surface": ls.surface("rosenbrock", b=30.0)},
    ),
    "more steps, several starts": (
        ls.Experiment("himmelblau", (*FOUR, "nesterov_as_written"), [(0.5, 3.5), (-3.0, 1.0), (4.0, -4.0)], 40),
        {"n_steps": 61},
    ),
    "a schedule, other settings of two rules": (
        ls.Experiment("himmelblau", FOUR, [(0.5, 3.5), (1.0, 1.0)], 50, schedule="cosine"),
        {"optimizers": (ls.SGD(), ls.Momentum(momentum=0.5), ls.RMSprop(), ls.Adam(b1=0.5, b2=0.9))},
    ),
    "one dimension, whose curves need no logarithm": (
        ls.Experiment("double_well", FOUR, [(0.4,)] if ls.surface("double_well").n_dims == 1 else [(0.4, 0.3)], 30),
        {"n_steps": 45},
    ),
    "losses of both signs": (ls.Experiment("saddle", FOUR, [(1.0, 0.1)], 20), {"n_steps": 30}),
    "every rule with a list": (ls.Experiment("beale", tuple(RULES), [(1.0, 1.0)], 30), {"n_steps": 35}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_shows_what_the_server_would(page: Any, change: str) -> None:
    run, changes = CHANGES[change]
    now = run.replace(**changes)
    was, expected = tuned(run), tuned(now)
    payload = player_payload(tuning_scene(was))
    made = page.evaluate(FORESEEN, [payload, settings_told(run, now)])
    assert made["undone"]
    found, axis = made["found"], tuning_scene(was).panel("curves").y

    def placed(losses: Any) -> Any:
        shown = np.where(np.isfinite(losses), losses, np.nan)
        return scaled(axis, shown) if axis.scale == "symlog" else shown

    curves = {
        track: (trace, first)
        for trace in found
        if trace["role"] == "path"
        for track, first in zip(trace["tracks"], trace["first"], strict=True)
    }
    for k, one in enumerate(now.optimizers):
        trace, first = curves[f"{one.key}-{k}"]
        rows = slice(first, first + len(RATES))
        np.testing.assert_allclose(np.array(trace["y"][rows], dtype=float), placed(expected.losses[k]), rtol=1e-6)
        np.testing.assert_array_equal(
            np.array(trace["shares"][rows], dtype=float), np.stack([expected.diverged[k], expected.broke_off[k]], 1)
        )
    for trace in found:
        if trace["role"] == "field":
            drawn = expected.maps[int(trace["panel"].removeprefix("map"))]
            np.testing.assert_array_equal(np.isnan(np.array(trace["z"], dtype=float)), ~np.isfinite(drawn))
    assert sum(trace["role"] == "field" for trace in found) == sum(memory_of(one) is not None for one in now.optimizers)

    # Stars and crosses stand where they will, those of equals in the colours of their optimizers.
    marks = {}
    for panel in tuning_scene(expected).panels:
        for layer in panel.layers:
            if isinstance(layer, Points):
                marks[panel.key, layer.kind, layer.tracks] = layer
    told = {
        (trace["panel"], trace["kind"], tuple(trace.get("tracks", ()))): trace
        for trace in found
        if trace["role"] == "points"
    }
    assert told.keys() == marks.keys()
    for key, layer in marks.items():
        np.testing.assert_allclose(np.array(told[key]["x"], dtype=float), layer.x, rtol=1e-6)
        height = placed(layer.y) if key[0] == "curves" else layer.y
        np.testing.assert_allclose(np.array(told[key]["y"], dtype=float), height, rtol=1e-6)


DAMAGES: dict[str, tuple[str, Any]] = {
    "more rates than the curves have": ("rates", [0.1] * 8),
    "rates that are none": ("rates", [0.1, -0.1, 0.1, 0.1, 0.1, 0.1, 0.1]),
    "more values than the maps have rows": ("memories", [0.5] * 400),
    "a map of who sweeps nothing": ("places", [-1, -1, 1]),
    "a place beyond the settings": ("places", [-1, 1, 9]),
    "no numbers to judge by": ("judge", None),
}

SAID = """async (payload) => {
  const seat = document.body.appendChild(document.createElement("div"));
  const player = mountPlayer(seat, payload, { Plotly, autoplay: false });
  await player.ready;
  const shown = () => seat.querySelectorAll(".ls-plot .scatterlayer .trace").length;
  const before = shown();
  player.foresee([{ place: "steps", value: 25 }]);
  await new Promise((done) => setTimeout(done, 200));
  const [words, verdict] = [".ls-map-words", ".ls-verdict"].map((one) => seat.querySelector(one).textContent);
  return { words, verdict, stands: before > 0 && shown() === before };
}"""


@pytest.mark.parametrize("damage", [*DAMAGES, "no starts"])
def test_a_damaged_grid_says_why_and_leaves_the_picture(page: Any, damage: str) -> None:
    payload = player_payload(tuning_scene(tuned(ls.Experiment("himmelblau", FOUR[1:], [(0.5, 3.5)], 20))))
    if damage in DAMAGES:
        name, value = DAMAGES[damage]
        payload["live"]["grid"][name] = value
    else:
        payload["live"]["starts"] = []
    said = page.evaluate(SAID, payload)
    assert said.pop("verdict")
    assert said == {"words": "The curves cannot follow here: the recipe is damaged.", "stands": True}


AT_ONCE = """async (payload) => {
  const seat = document.body.appendChild(document.createElement("div"));
  const player = mountPlayer(seat, payload, { Plotly, autoplay: false });
  await player.ready;
  const isAhead = () => seat.classList.contains("ls-ahead");
  const { now } = performance;
  let late = 0;
  performance.now = () => now.call(performance) + (late += 5);
  player.foresee([{ place: "steps", value: 25 }]);
  const atOnce = isAhead();
  performance.now = now;
  while (!isAhead()) await new Promise((done) => setTimeout(done, 20));
  return atOnce;
}"""


def test_a_single_row_that_takes_long_lets_frames_pass(page: Any) -> None:
    assert not page.evaluate(
        AT_ONCE, player_payload(tuning_scene(tuned(ls.Experiment("sphere", ("sgd",), [(1, 1)], 20))))
    )


CURVES = """() => {
  const { data } = document.querySelector(".ls-plot");
  return data.filter(({ meta }) => meta.role === "path").flatMap(({ y }) => [...y]).map((loss) => Math.fround(loss));
}"""


SHOWN = """() => {
  const { data } = document.querySelector(".ls-plot");
  return data.filter(({ meta, visible }) => meta.role === "points" && visible !== false).map(({ meta }) => meta.group);
}"""


def test_it_follows_a_slider_before_the_server_answers(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    wire = Wire(browser_page)
    browser_page.goto(f"{app_url}/fair-comparison?maps=on")
    drawn(browser_page)
    verdict = browser_page.locator(".ls-verdict").first
    browser_page.get_by_test_id("stSidebar").locator("summary", has_text="200 steps").click()
    slider = browser_page.get_by_role("slider", name="Steps")
    slider.wait_for()
    before = browser_page.evaluate(CURVES)
    wire.is_held = True
    slider.press("ArrowRight")
    browser_page.wait_for_function(f"(before) => String(({CURVES})()) !== String(before)", arg=before)
    foreseen = browser_page.evaluate(CURVES)
    expect(verdict).to_have_text("")
    title = browser_page.locator(".ls-plot .annotation", has_text="Loss after")
    expect(title).not_to_have_text("Loss after 200 gradients")
    wire.wait_for("tuning")
    wire.release()
    browser_page.wait_for_selector(".ls-player:not(.ls-ahead)")
    drawn(browser_page)
    expect(verdict).to_contain_text("best at")
    np.testing.assert_allclose(
        np.array(browser_page.evaluate(CURVES), dtype=float), np.array(foreseen, dtype=float), rtol=1e-5
    )
    # A learning rate is none of the grid's: nothing is drawn anew for it, and no verdict goes.
    browser_page.get_by_test_id("stSidebar").locator("summary", has_text="SGD").click()
    wire.is_held = True
    browser_page.get_by_role("slider", name="Learning rate of SGD").press("ArrowRight")
    wire.wait_for("tuning")
    expect(verdict).to_contain_text("best at")
    wire.release()
    # Who is hidden takes marks along.
    browser_page.locator(".ls-entry", has_text="SGD").click()
    browser_page.wait_for_function(f"() => !({SHOWN})().includes('SGD')")
    assert {"Momentum", "RMSprop", "Adam"} <= set(browser_page.evaluate(SHOWN))


RANGE = "() => document.querySelector('.ls-plot')._fullLayout.yaxis.range"


def test_a_double_click_goes_back_to_the_picture_that_is_shown(
    browser_page: Any, app_url: str, drawn: Callable[[Any], None]
) -> None:
    browser_page.goto(f"{app_url}/fair-comparison")
    drawn(browser_page)
    first = browser_page.evaluate(RANGE)
    browser_page.get_by_test_id("stSidebar").locator("summary", has_text="200 steps").click()
    browser_page.get_by_role("slider", name="Steps").press("ArrowRight")
    browser_page.locator(".ls-verdict", has_text="loss 1.6").wait_for()
    browser_page.wait_for_function(f"(first) => String(({RANGE})()) !== String(first)", arg=first)
    drawn(browser_page)
    shown = browser_page.evaluate(RANGE)
    box = browser_page.locator(".ls-plot .nsewdrag").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    browser_page.mouse.move(x, y)
    browser_page.mouse.down()
    browser_page.mouse.move(x + 120, y + 120, steps=4)
    browser_page.mouse.up()
    browser_page.wait_for_function(f"(shown) => String(({RANGE})()) !== String(shown)", arg=shown)
    browser_page.wait_for_timeout(400)  # a click that comes sooner is the second half of a double one
    browser_page.mouse.dblclick(x, y)
    near = f"(shown) => ({RANGE})().every((end, k) => Math.abs(end - shown[k]) < 1e-6 * Math.abs(shown[k]))"
    browser_page.wait_for_function(near, arg=shown)
