"""Maps of starts that the browser draws in single precision: its shaders, against the server's maps, and in a slide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.basins import basins
from landscape.figures import FIGURES
from landscape.live.ground import surface_program
from landscape.live.operations import Untranslatable
from landscape.live.rules import ahead_program, rule_program
from landscape.render.player.payload import player_payload, plotly_script
from landscape.scenes.basins import basins_scene, painting
from tests.browser.shaders import DRAWN, FITS, open_inside

RUN = ls.Experiment("himmelblau", (ls.SGD(0.01), ls.Adam(0.1)), [(0.5, 3.5)], 200)
BASINS = FIGURES["basins"]

COMPILED = """(given) => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const told = [];
  for (const { name, surface, settings, n_dims: nDims, rules } of given) {
    for (const { rule, slots, values } of rules) {
      const inputs = 3 + slots + values.length;
      const machine = {
        nDims, settings, factors: null, walkers: [{ rule: 0, slots }],
        surface: readList(surface, nDims + settings.length, nDims + 2),
        rules: [{ ...readList(rule, inputs, 1 + slots), ahead: rule.ahead && readList(rule.ahead, inputs, 1) }],
      };
      const { source } = shaderOf(machine, 0, [{ from: 0, values }], 7);
      const shader = gl.createShader(gl.FRAGMENT_SHADER);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) told.push(`${name}: ${gl.getShaderInfoLog(shader)}`);
      gl.deleteShader(shader);
    }
  }
  return told;
}"""


# Names of operations of whose values the shader and the player think differently which are finite, with the operands.
APART = """async () => {
  const values = [-1e30, -7e5, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 7e5, 1e30];
  const places = { x: values, y: values };
  const points = [values.flatMap(() => values), values.flatMap((y) => values.map(() => y))];
  const how = {
    threshold: 0, highest: 0, far: 0, sustained: 0, slower: 0, huge: 0, n_steps: 0,
    quarters: [0, 0, 0], low: [0, 0], high: [0, 0],
  };
  const rules = [readList({ inputs: 4, constants: [], operations: [], rows: [], outputs: [0] }, 4, 1)];
  const ends = endsOf();
  const apart = [];
  for (const [code, name] of NAMES.entries()) {
    const row = [0, 2, ...[0, 1, 0].slice(0, OPERANDS[code])];
    const surface = readList({ inputs: 2, constants: [], operations: [name], rows: [row], outputs: [2, 0, 1] }, 2, 3);
    const machine = { nDims: 2, settings: [], factors: null, walkers: [{ rule: 0, slots: 0 }], surface, rules };
    const shader = shaderOf(machine, 0, throughout([1]), 0);
    const found = await new Promise((done) => ends.run([shader], places, how, (told) => {
      if (told.stride === 1) done(told.found[0]);
    }));
    const [expected] = inSingle(surface, ["path", "path"], points);
    expected.forEach((value, i) => {
      if (Number.isFinite(value) !== found[4 * i + 3] > 0) apart.push([name, points[0][i], points[1][i], value]);
    });
  }
  return apart;
}"""


@pytest.fixture(scope="module")
def inside(chromium: Any) -> Any:
    """Return a page that has the names inside the player's script."""
    page = open_inside(chromium)
    yield page
    page.close()


def rules() -> list[dict[str, Any]]:
    """Every optimizer with a list, with its usual values."""
    found = []
    for kind in ls.OPTIMIZERS.values():
        try:
            list_, ahead = rule_program(kind), ahead_program(kind)
        except Untranslatable:
            continue
        one = kind()
        rule = list_.data() | ({} if ahead is None else {"ahead": ahead.data()})
        found.append({"rule": rule, "slots": one.n_slots, "values": [one.learning_rate, *one.hyper]})
    return found


def test_every_surface_and_every_rule_with_a_list_is_a_shader(inside: Any) -> None:
    every = rules()
    assert len(every) > 15
    given = [
        {
            "name": name,
            "surface": surface_program(one).data(),
            "settings": list(map(float, one.settings.values())),
            "n_dims": one.n_dims,
            # What a rule is made into does not depend on the surface: all of them once, then one for each surface.
            "rules": every if number == 0 else every[:1],
        }
        for number, (name, one) in enumerate(ls.SURFACES.items())
    ]
    assert len(given) >= 50
    assert inside.evaluate(COMPILED, given) == []


def test_a_shader_has_a_value_where_there_is_one(inside: Any) -> None:
    assert inside.evaluate(APART) == []


@pytest.mark.parametrize(
    ("surface", "rates", "most"),
    [
        ("himmelblau", {"sgd": 0.012, "momentum": 0.002, "adam": 0.08}, 0.002),
        ("rosenbrock", {"sgd": 0.0004, "adam": 0.03}, 0.002),
        ("monkey_saddle", {"sgd": 0.01, "adam": 0.03}, 0.005),
        ("plateau", {"sgd": 0.05, "adam": 0.1}, 0.005),
    ],
)
def test_a_map_is_that_of_the_server_but_for_a_few_pixels(
    inside: Any, surface: str, rates: dict[str, float], most: float
) -> None:
    """Drawn from the payload of a map at other learning rates, as under a slider."""
    before = ls.Experiment(surface, tuple(map(ls.optimizer, rates)), [(0.5, 0.25)], 300)
    now = before.replace(optimizers=tuple(ls.optimizer(name, learning_rate=rate) for name, rate in rates.items()))
    known = basins(before.surface, before.optimizers, (48, 48), 300)
    payload = player_payload(basins_scene(known, before.run()))
    assert inside.evaluate(FITS, payload)
    drawn = inside.evaluate(DRAWN, [payload, list(rates.values())])
    certified = basins(now.surface, now.optimizers, (48, 48), 300)
    painted = painting(certified)
    expected = np.array(painted.names)[painted.classes.astype(int)]
    found = np.array(drawn["names"])[np.array(drawn["maps"])].reshape(expected.shape)
    assert (found != expected).mean(axis=(1, 2)).max() <= most, (painted.names, drawn["names"])


@pytest.mark.parametrize("formula", ["exp(100 - x^2) + y^2", "1e30 * x^2 * 1e12 + y^2"])
def test_what_single_precision_cannot_hold_is_left_to_the_server(inside: Any, formula: str) -> None:
    run = ls.Experiment(ls.formula(formula, ((-2, 2), (-2, 2))), (ls.SGD(1e-3),), [(0.5, 0.25)], 10)
    payload = player_payload(basins_scene(basins(run.surface, run.optimizers, (8, 8), 10), run.run()))
    assert not inside.evaluate(FITS, payload)


# How many pixels a row of each map has: foreseen, and after every picture of the server's; then whether it is the last.
REFINED = """async ([before, told, answers]) => {
  const seat = document.body.appendChild(document.createElement("div"));
  let maps;
  const own = PARTS.map;
  PARTS.map = (player) => (maps = own(player));
  const player = mountPlayer(seat, before, { Plotly, autoplay: false, onChange: () => {} });
  PARTS.map = own;
  await player.ready;
  const wide = () => maps.panels.map(({ field }) => field.columns.length);
  const drawn = async () => {
    while (maps.running !== null) await new Promise((done) => setTimeout(done, 20));
    return wide();
  };
  player.foresee(told);
  const seen = [await drawn()];
  for (const answer of answers) {
    await player.update(answer);
    seen.push(await drawn());
  }
  player.destroy();
  return [seen, maps.isOwn];
}"""


def test_a_coarser_map_of_the_server_never_takes_the_place_of_a_finer_one(inside: Any) -> None:
    """One of two learning rates is changed; the server's maps come from the coarsest to the finest."""
    inside.add_script_tag(content=plotly_script())
    before = ls.Experiment("himmelblau", (ls.SGD(0.01), ls.Momentum(0.01)), [(0.5, 0.25)], 60)
    now = before.replace(optimizers=(ls.SGD(0.02), ls.Momentum(0.01)))

    def made(run: ls.Experiment, side: int, whole: bool) -> dict[str, Any]:
        known = basins(run.surface, run.optimizers, (side, side), run.n_steps)
        return player_payload(basins_scene(known, run.run(), whole=whole))

    answers = [made(now, 12, whole=False), made(now, 24, whole=False), made(now, 48, whole=True)]
    told = [{"place": [0, 0], "value": 0.02}]
    assert inside.evaluate(REFINED, [made(before, 48, whole=True), told, answers]) == [[[48, 48]] * 4, False]


STATE = """() => {
  const root = document.querySelector(".ls-player");
  const floor = root.querySelector("canvas.ls-floor");
  const { data } = floor.getContext("2d").getImageData(0, 0, floor.width, floor.height);
  const painted = data.reduce((sum, byte) => (31 * sum + byte) % 2147483647, 0);
  const words = root.querySelector(".ls-map-words").textContent;
  const key = [...root.querySelectorAll(".ls-kind")].map((one) => one.textContent);
  return { painted, words, key, knobs: !root.querySelector(".ls-knobs").hidden };
}"""
NO_WEBGL2 = (
    "const own = HTMLCanvasElement.prototype.getContext;"
    "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
    "  return kind === 'webgl2' ? null : own.call(this, kind, ...rest); };"
)
KEEP_CONTEXT = (
    "const own = HTMLCanvasElement.prototype.getContext;"
    "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
    "  const made = own.call(this, kind, ...rest); if (kind === 'webgl2') window.graphics = made; return made; };"
)
SAME = f"(before) => JSON.stringify(({STATE})()) === JSON.stringify(before)"
WORDS = "single precision: not certified"


@pytest.fixture(scope="module")
def slide(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("slide") / "basins.html"
    BASINS.scene(RUN, {"pixels": "100"}).save(path, present=False)
    return path.as_uri()


def opened(page: Any, address: str) -> dict[str, Any]:
    page.goto(address)
    page.wait_for_selector(".ls-plot .main-svg")
    page.wait_for_function(f"() => ({STATE})().painted !== 0")
    state: dict[str, Any] = page.evaluate(STATE)
    return state


def turn(page: Any, to: str) -> None:
    if not page.locator(".ls-knobs[open]").count():
        page.get_by_text("What if").last.click()
    page.locator(".ls-knobs[open] input[type=range]").first.fill(to)


def test_in_a_slide_a_knob_draws_the_map_anew_without_a_network_and_back(
    open_browser: Callable[..., Any], slide: str
) -> None:
    page = open_browser(offline=True, reduced_motion="reduce")
    page.add_init_script(KEEP_CONTEXT)
    before = opened(page, slide)
    assert before["words"] == ""
    turn(page, "330")
    page.locator(".ls-map-words", has_text=WORDS).wait_for()
    after = page.evaluate(STATE)
    assert after["painted"] != before["painted"]
    assert "diverged" in after["key"]
    page.get_by_role("button", name="As it was").click()
    page.locator(".ls-map-words", has_text=WORDS).wait_for(state="hidden")
    page.wait_for_function(SAME, arg=before)
    # A card that is taken away leaves what came with the slide.
    turn(page, "330")
    page.locator(".ls-map-words", has_text=WORDS).wait_for()
    page.evaluate("() => graphics.getExtension('WEBGL_lose_context').loseContext()")
    page.locator(".ls-map-words", has_text=WORDS).wait_for(state="hidden")
    page.wait_for_function(SAME, arg=before | {"knobs": False})


def test_without_webgl_2_a_slide_is_as_it_came(open_browser: Callable[..., Any], slide: str) -> None:
    page = open_browser(offline=True, reduced_motion="reduce")
    page.add_init_script(NO_WEBGL2)
    state = opened(page, slide)
    assert not state["knobs"]
    assert state["words"] == ""


# Of the player of a whole map on the page of a damaged one: that one comes after it, then another language.
BESIDE = """async () => {
  const seats = [0, 1].map(() => document.body.appendChild(document.createElement("div")));
  const { payload } = data;
  const whole = structuredClone(payload);
  whole.live.map.levels = 7;
  const player = mountPlayer(seats[0], whole, { Plotly });
  await player.ready;
  const lost = new Promise((done) => graphics.canvas.addEventListener("webglcontextlost", done));
  await mountPlayer(seats[1], payload, { Plotly }).ready;
  await player.update({ ...whole, words: { ...whole.words, another: "language" } });
  await lost;
  player.foresee([{ place: [0, 0], value: 0.03 }]);
  return seats.map((seat) => !seat.querySelector(".ls-knobs").hidden);
}"""


def test_a_damaged_map_says_why_and_leaves_the_picture_and_those_beside_it(
    open_browser: Callable[..., Any], slide: str, tmp_path: Path
) -> None:
    text = Path(slide.removeprefix("file://")).read_text(encoding="utf-8")
    assert '"levels":7' in text
    damaged = tmp_path / "damaged.html"
    damaged.write_text(text.replace('"levels":7', '"levels":7000'), encoding="utf-8")
    page = open_browser(offline=True, reduced_motion="reduce")
    page.add_init_script(KEEP_CONTEXT)
    state = opened(page, damaged.as_uri())
    assert state["words"] == "The maps cannot follow here: the recipe is damaged."
    assert not state["knobs"]
    assert page.evaluate(BESIDE) == [True, False]
    page.locator(".ls-map-words", has_text=WORDS).wait_for()
