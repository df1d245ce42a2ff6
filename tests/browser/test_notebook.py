"""The module that a notebook runs, in a page that has what anywidget gives it: a model, and an element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import landscape as ls
from landscape.render.player import in_notebook
from landscape.render.player.payload import player_css
from tests.browser.test_live import at_the_end, expected, middle, numbers, pull, table

RUN = ls.Experiment(
    "himmelblau", (ls.SGD(learning_rate=0.002), ls.Adam(learning_rate=0.05)), [(-0.5, 4.5), (1.0, -5.0)], n_steps=120
)
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A notebook</title>
<body style="background: white"><div id="one"></div><div id="two"></div></body></html>"""
SHOW = """async ({ script, places }) => {
  const address = URL.createObjectURL(new Blob([script.view], { type: "text/javascript" }));
  const { default: view } = await import(address);
  const shared = new Map([["script", script.packed]]);
  window.asked = 0;
  window.Plotly = { version: "the page's own" };
  window.close = places.map(({ place, payload }) => {
    const state = { payload, shared: "IPY_MODEL_it", version: script.version };
    const model = {
      get: (name) => state[name],
      widget_manager: { get_model: async (id) => (window.asked += id === "it", shared) },
    };
    return view.render({ model, el: document.getElementById(place) });
  });
}"""


@pytest.fixture
def shown(browser_page: Any) -> Callable[..., Any]:
    """Return a function that shows runs below each other and waits until all are drawn."""

    def show(*runs: ls.Experiment) -> Any:
        page, (packed, version) = browser_page, in_notebook.script()
        page.set_content(PAGE)
        page.context.set_offline(True)
        page.add_style_tag(content=player_css())
        script = {"view": in_notebook.view_script(), "packed": packed, "version": version}
        payloads = [in_notebook.themed_payload(run.run().scene()) for run in runs]
        places = [{"place": p, "payload": q} for p, q in zip(("one", "two"), payloads, strict=False)]
        page.evaluate(SHOW, {"script": script, "places": places})
        page.wait_for_function(f"() => document.querySelectorAll('canvas.ls-heads').length === {len(runs)}")
        return page

    return show


def test_paths_follow_a_start_and_a_knob_without_a_kernel(shown: Callable[..., Any]) -> None:
    page = shown(RUN)
    at_the_end(page)
    before = table(page)
    assert numbers(before) == expected(RUN)
    pull(page, 90, 40)
    page.mouse.up()
    during = table(page)
    assert during[1] == before[1]
    assert during[0] != before[0]
    page.locator(".ls-knobs summary").first.click()
    page.locator(".ls-knobs input[type=range]").first.press("ArrowRight")
    page.wait_for_function(
        "(old) => document.querySelectorAll('.ls-readout tr')[2].cells[1].textContent !== old", arg=during[1][0]
    )
    assert table(page)[3] == before[3]  # of Adam, from the start that stayed


def test_two_pictures_share_one_script_and_leave_the_page_as_it_was(shown: Callable[..., Any]) -> None:
    page = shown(RUN, ls.Experiment("rosenbrock", ("sgd",), [(-1.2, 1.0)], n_steps=50))
    assert page.evaluate("() => [window.asked, window.Plotly.version]") == [1, "the page's own"]
    x = middle(page)[0]
    page.locator(".ls-player").nth(1).focus()
    page.keyboard.press("End")
    assert page.locator("#two .ls-counter").text_content() == "50 / 50"
    assert middle(page)[0] == x
    page.evaluate("() => window.close.forEach((end) => end())")
    assert page.locator(".ls-player, canvas").count() == 0


def test_the_theme_is_that_of_the_page_and_follows_it(shown: Callable[..., Any]) -> None:
    page = shown(RUN)
    ground = "() => getComputedStyle(document.querySelector('.ls-player')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.evaluate("() => { document.body.style.background = 'rgb(17, 17, 17)'; }")
    page.wait_for_function("() => document.querySelector('.ls-player').style.colorScheme === 'dark'")
    page.wait_for_function(f"() => ({ground})() === 'rgb(20, 23, 28)'")


def test_shortcuts_of_the_notebook_are_left_to_it(shown: Callable[..., Any]) -> None:
    page = shown(RUN)
    page.evaluate("""() => document.addEventListener("keydown", (event) => {
      window.heard = Boolean(event.target.closest("[data-lm-suppress-shortcuts]"));
    }, { capture: true })""")
    page.locator(".ls-player").focus()
    for key, ours in (("End", True), ("Control+b", False), ("Shift+ArrowLeft", True), ("Meta+b", False)):
        page.keyboard.press(key)
        assert page.evaluate("() => window.heard") == ours
