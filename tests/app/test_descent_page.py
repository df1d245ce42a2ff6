"""The page without a browser: what it shows, what it refuses, and that nothing good is ever lost."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import limits
from app.ask.gallery import found_by
from app.ask.lesson import on_surface
from app.ask.lesson import opened as lesson
from app.below.recipe import open_recipe
from app.pages.descent import first, rules
from app.state import Desk
from landscape import Experiment
from landscape.language import speaking
from landscape.optimizers import OPTIMIZERS, fitting
from landscape.surfaces import SURFACES
from tests.app.conftest import opener, payload_of, said, turn_to

Open = Callable[..., AppTest]
HOSTILE = {
    "surface": "../../etc/passwd",
    "opt": "sgd,learning_rate:nan;<script>alert(1)</script>",
    "start": "inf,0;1,2,3",
    "steps": "-5",
    "seed": "9" * 400,
    "schedule": "__import__('os')",
    "noise": "gaussian,scale:-1",
    "view": "sideways",
    "title": "<img src=x onerror=alert(1)> $\\frac{1}{0}$ **bold**",
}


def choose(page: AppTest, name: str) -> None:
    """Choose a surface, as a click in the gallery does."""
    assert page.session_state["descent.desk"].open("surface", lambda run: on_surface(run, SURFACES[name]))
    page.run()


def test_a_surface_is_found_by_its_name_in_the_language_of_the_page_and_in_english() -> None:
    for surface in SURFACES.values():
        english = surface.title
        with speaking("ko"):
            assert {english, surface.title} <= set(found_by(surface))
            assert surface.title != english


def test_a_newcomer_meets_four_optimizers_at_a_saddle(open_page: Open) -> None:
    page = open_page()
    assert page.title[0].value == first().surface.info.lesson.question
    shown = payload_of(page)
    assert [track["label"].split(" (")[0] for track in shown["tracks"]] == ["SGD", "Momentum", "RMSprop", "Adam"]
    assert "saddle" in shown["tracks"][0]["verdict"]
    assert all("minimum" in track["verdict"] for track in shown["tracks"][1:])
    assert not said(page)
    assert page.query_params == {}


def test_the_four_questions_already_say_their_answers(open_page: Open) -> None:
    labels = [block.label.replace("\\", "") for block in open_page().sidebar.expander]
    assert labels == [
        SURFACES["escaping_saddle"].title,
        "SGD, Momentum, RMSprop, Adam",
        "1 start",
        "200 steps, no noise",
    ]


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_opens(open_page: Open, name: str) -> None:
    page = open_page(surface=name, opt="sgd,learning_rate:0.001;adam,learning_rate:0.01", steps="20")
    assert not said(page)
    assert payload_of(page)["n_steps"] == 20


@pytest.mark.parametrize("name", SURFACES)
def test_an_address_that_names_a_surface_alone_opens_its_lesson(name: str) -> None:
    desk = _desk()
    desk.read_url({"surface": name})
    assert desk.recipe == lesson(SURFACES[name])
    assert not desk.refused
    assert (desk.view("view") == "relief") == SURFACES[name].info.lesson.relief
    assert float(desk.view("flat")) == SURFACES[name].info.lesson.threshold


def test_a_surface_that_is_chosen_opens_its_lesson_with_its_words_and_its_look(open_page: Open) -> None:
    page = open_page()
    choose(page, "monkey_saddle")
    told = SURFACES["monkey_saddle"].info.lesson
    assert page.title[0].value == told.question
    assert told.words in _text(page)
    assert page.query_params["view"] in ("relief", ["relief"])
    choose(page, "curvature_saddle")
    assert page.title[0].value == SURFACES["curvature_saddle"].info.lesson.question
    assert "view" not in page.query_params
    assert not said(page)


def test_what_somebody_set_stays_on_another_surface_until_the_lesson_is_asked_for(open_page: Open) -> None:
    page = open_page()
    page.text_input(key="descent.optimizer.0.sgd.learning_rate.box").input("0.02").run()
    choose(page, "curvature_saddle")
    assert "learning_rate:0.02" in str(page.query_params["opt"])
    assert page.query_params["steps"] in ("400", ["400"])
    page.button(key="descent.lesson").click().run()
    assert page.title[0].value == SURFACES["curvature_saddle"].info.lesson.question
    assert not [button for button in page.button if button.key == "descent.lesson"]


def test_starts_that_somebody_gave_stay_where_they_fit(open_page: Open) -> None:
    page = open_page(start="0.5,0.5")
    choose(page, "curvature_saddle")
    assert page.query_params["start"] in ("0.5,0.5", ["0.5,0.5"])
    assert "learning_rate:0.1;" in str(page.query_params["opt"])


def test_a_headline_gives_way_to_what_the_run_shows_once_it_is_not_its_run(open_page: Open) -> None:
    page = open_page()
    assert first().surface.info.lesson.words in _text(page)
    page.text_input(key="descent.steps.box").input("400").run()
    assert page.title[0].value == first().surface.title
    assert first().surface.info.lesson.words not in _text(page)
    assert "After 400 steps: SGD (lr 0.05), Momentum (lr 0.05)" in _text(page)


def test_a_link_with_a_whole_recipe_keeps_its_look_whatever_the_lesson_has(open_page: Open) -> None:
    page = open_page(surface="saddle")
    page.segmented_control(key="descent.view.view").set_value("map").run()
    again = open_page(**{name: "".join(value) for name, value in page.query_params.items()})
    assert payload_of(again)["panels"][0]["kind"] == "plane"


def test_a_formula_alone_opens_a_run_in_which_something_moves(open_page: Open) -> None:
    page = open_page(formula="x^2 + 3*y^2", domain="-2,2,-2,2")
    assert payload_of(page) != payload_of(open_page(formula="x^2 + 3*y^2", domain="-2,2,-2,2", start="0,0"))
    assert "After 200 steps: " in _text(page)


def _text(page: AppTest) -> str:
    return "\n".join(str(one.value) for one in page.markdown).replace("\\", "")


@pytest.mark.parametrize("key", fitting())
def test_every_optimizer_can_be_added_and_taken_away(open_page: Open, key: str) -> None:
    page = open_page(surface="sphere", opt="sgd", steps="10")
    page.selectbox(key="descent.optimizers.add").select(key).run()
    assert not page.exception
    assert not said(page)
    assert len(payload_of(page)["tracks"]) == 2
    page.button(key=f"descent.optimizer.1.{key}.remove").click().run()
    assert len(payload_of(page)["tracks"]) == 1


@pytest.mark.parametrize("key", fitting())
def test_the_settings_of_an_optimizer_are_made_when_they_are_opened(open_page: Open, key: str) -> None:
    page = open_page(surface="sphere", opt=key, steps="10")
    place, (_, *rest) = f"descent.optimizer.0.{key}", OPTIMIZERS[key]().parameters
    keys = {f"{place}.{p.name}.{'toggle' if p.boolean else 'box'}" for p in rest}
    assert not keys & {widget.key for widget in (*page.text_input, *page.toggle)}
    if rest:
        page.session_state[f"{place}.settings"] = True
        page.run()
    assert keys <= {widget.key for widget in (*page.text_input, *page.toggle)}
    assert not page.exception


def test_the_last_optimizer_stays(open_page: Open) -> None:
    page = open_page(surface="sphere", opt="sgd", steps="10")
    before = payload_of(page)
    page.button(key="descent.optimizer.0.sgd.remove").click().run()
    assert "at least one optimizer" in said(page)
    assert payload_of(page) == before


def test_a_slider_and_its_box_move_together_and_the_url_follows(open_page: Open) -> None:
    page = open_page(surface="sphere", opt="sgd,learning_rate:0.01", start="1.0,1.0", steps="10")
    place = "descent.optimizer.0.sgd.learning_rate"
    page.select_slider(key=f"{place}.slider").set_value(0.1).run()
    assert page.text_input(key=f"{place}.box").value == "0.1"
    assert "learning_rate:0.1" in page.query_params["opt"]
    page.text_input(key=f"{place}.box").input("0.0123").run()
    assert page.select_slider(key=f"{place}.slider").value == 0.0123
    assert "learning_rate:0.0123" in page.query_params["opt"]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "-1", "1e999", "", "ten", "0,1", "<b>", "__import__('os')"])
def test_a_number_that_cannot_be_is_said_under_its_box_and_the_picture_stays(open_page: Open, text: str) -> None:
    page = open_page(surface="sphere", opt="sgd,learning_rate:0.01", start="1.0,1.0", steps="10")
    before = payload_of(page)
    page.text_input(key="descent.optimizer.0.sgd.learning_rate.box").input(text).run()
    assert not page.exception
    assert "Learning rate must be" in said(page)
    assert payload_of(page) == before
    page.text_input(key="descent.optimizer.0.sgd.learning_rate.box").input("0.02").run()
    assert not said(page)
    assert payload_of(page) != before


@pytest.mark.parametrize(
    ("text", "reason"),
    [("0", "at least 1"), ("-3", "at least 1"), ("1000000", "at most"), ("2.5", "whole number"), ("9" * 30, "at most")],
)
def test_steps_out_of_reach_are_refused_with_the_limit(open_page: Open, text: str, reason: str) -> None:
    page = open_page()
    before = payload_of(page)
    page.text_input(key="descent.steps.box").input(text).run()
    assert not page.exception
    assert reason in said(page)
    assert payload_of(page) == before


def test_two_hundred_starts_are_served(open_page: Open) -> None:
    page = open_page(surface="himmelblau", opt="sgd,learning_rate:0.01", steps="100")
    page.text_input(key="descent.starts.random.n").input("200").run()
    page.button(key="descent.starts.random.make").click().run()
    assert not said(page)
    assert len(payload_of(page)["tracks"]) == 200


def test_more_starts_than_the_page_draws_are_refused_with_the_limit(open_page: Open) -> None:
    page = open_page()
    before = payload_of(page)
    page.text_input(key="descent.starts.random.n").input("201").run()
    assert "at most 200" in said(page)
    assert payload_of(page) == before


def test_a_grid_and_no_start_at_all(open_page: Open) -> None:
    page = open_page(surface="himmelblau", opt="sgd,learning_rate:0.01", steps="50")
    page.button(key="descent.starts.grid.make").click().run()
    assert len(payload_of(page)["tracks"]) == 9
    before = payload_of(page)
    page.button(key="descent.starts.clear").click().run()
    assert "no start left" in said(page)
    assert payload_of(page) == before
    page.button(key="descent.starts.grid.make").click().run()
    assert not said(page)


def test_saddles_offer_starts_on_their_stable_manifold(open_page: Open) -> None:
    page = open_page(surface="saddle", opt="sgd,learning_rate:0.1", steps="100")
    page.text_input(key="descent.starts.beside").input("0").run()
    page.button(key="descent.starts.manifold").click().run()
    assert not said(page)
    verdicts = [track["verdict"] for track in payload_of(page)["tracks"]]
    assert len(verdicts) == 2
    assert all("saddle" in verdict for verdict in verdicts)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x^2 + q", "q"),
        ("x.real", "."),
        ("open(x)", "open"),
        ("x < 1", "Comparisons"),
        ("'x'", "quotes"),
        ("lambda x: x", "colon"),
        ("__import__('os').system('true')", "quotes"),
        ("x + 9**9**9**9", ""),
        ("(" * 900 + "x" + ")" * 900, ""),
        ("", ""),
        ("3", ""),
        ("x + y + z + u + v", ""),
        ("x +", ""),
        ("<script>alert(1)</script>", ""),
        ("log(-1 - x^2)", "finite"),
    ],
)
def test_a_wrong_formula_is_said_in_its_place_and_the_picture_stays(open_page: Open, text: str, reason: str) -> None:
    page = open_page(formula="x^2 + y^2", opt="sgd,learning_rate:0.1", steps="20")
    before = payload_of(page)
    page.text_input(key="descent.formula.text").input(text).run()
    assert not page.exception
    assert reason in said(page)
    assert said(page)
    assert payload_of(page) == before
    page.text_input(key="descent.formula.text").input("x^4 + y^2").run()
    assert not said(page)
    assert payload_of(page) != before


def test_what_was_understood_is_shown_where_signs_were_put_in(open_page: Open) -> None:
    page = open_page(formula="x^2 + y^2", opt="sgd,learning_rate:0.01", steps="20")
    understood = [c.value for c in page.sidebar.caption if "Understood" in c.value]
    assert understood == []
    page.text_input(key="descent.formula.text").input("x³−3xy²").run()
    assert not said(page)
    (understood,) = [c.value.replace("\\", "") for c in page.sidebar.caption if "Understood" in c.value]
    assert understood == "Understood as x^3 - 3*x*y^2"
    page.text_input(key="descent.formula.text").input("e^2x").run()
    assert "(e^2)*x or e^(2*x)" in said(page)


def test_the_caret_stands_under_the_fault(open_page: Open) -> None:
    page = open_page(formula="x^2 + y^2")
    page.text_input(key="descent.formula.text").input("x^2 + y*qq").run()
    above, below = next(code.value for code in page.sidebar.code if "^" in code.value.split("\n")[-1]).split("\n")
    assert above[below.index("^") :] == "qq"


def test_a_formula_of_one_variable_is_a_curve_and_back(open_page: Open) -> None:
    page = open_page(formula="x^2 + y^2", start="1.0,1.0")
    page.text_input(key="descent.formula.text").input("w^2 - 20w + 100".replace("20w", "20*w")).run()
    assert not said(page)
    assert "x_to" not in page.query_params
    page.text_input(key="descent.formula.text").input("x^2 + 3*y^2").run()
    assert not said(page)


@pytest.mark.parametrize("text", ["nan", "inf", "5", "1e999"])
def test_an_edge_that_makes_no_box_is_refused(open_page: Open, text: str) -> None:
    page = open_page(formula="x^2 + y^2", domain="-2,2,-2,2")
    before = payload_of(page)
    page.text_input(key="descent.domain.0.lower.box").input(text).run()
    assert not page.exception
    assert said(page)
    assert payload_of(page) == before


def test_a_hostile_url_opens_the_page_with_defaults_and_a_list_of_what_was_refused(open_page: Open) -> None:
    page = open_page(**HOSTILE)
    assert len(page.warning) == 1
    listed = page.warning[0].value.replace("\\", "")
    for name in ("surface", "opt", "steps", "schedule", "noise", "view"):
        assert f"{name}:" in listed.lower(), name
    assert "<script>" not in page.warning[0].value
    assert len(payload_of(page)["tracks"]) == len(first().optimizers)


@pytest.mark.parametrize("name", ["surface", "formula", "opt", "start", "steps", "seed", "schedule", "noise", "domain"])
@pytest.mark.parametrize("value", ["", "x" * 30_000, "\x00\u202e", "1" * 5000, ";;;,,,:::", "nan", "%s%n", "null"])
def test_no_url_parameter_can_break_the_page(open_page: Open, name: str, value: str) -> None:
    page = open_page(**{name: value})
    assert payload_of(page)["tracks"]


def test_a_url_beyond_the_limits_is_refused_with_the_limit(open_page: Open) -> None:
    page = open_page(surface="sphere", steps="1000000")
    assert "1,000,000 steps are too many" in said(page)
    assert payload_of(page)["n_steps"] == first().n_steps


def test_the_url_brings_everything_back(open_page: Open) -> None:
    page = open_page()
    choose(page, "rosenbrock")
    page.selectbox(key="descent.optimizers.add").select("adam").run()
    page.selectbox(key="descent.schedule.choice").select("cosine").run()
    page.selectbox(key="descent.noise.choice").select("gaussian").run()
    page.text_input(key="descent.seed.box").input("7").run()
    page.button(key="descent.starts.grid.make").click().run()
    assert not said(page)
    again = open_page(**{name: str(value) for name, value in page.query_params.items()})
    assert not said(again)
    assert payload_of(again) == payload_of(page)


def test_a_run_is_held_beside_the_next_one_and_the_link_holds_both(open_page: Open) -> None:
    page = open_page(surface="sphere", opt="sgd,learning_rate:0.01", start="1.0,1.0", steps="10")
    page.button(key="descent.hold").click().run()
    page.text_input(key="descent.steps.box").input("20").run()
    shown = payload_of(page)
    assert [panel["key"] for panel in shown["panels"]] == ["before-map", "map", "loss", "gradient_norm"]
    assert [track["last"] for track in shown["tracks"]] == [20, 10]
    again = open_page(**{name: str(value) for name, value in page.query_params.items()})
    assert not said(again)
    assert payload_of(again) == shown
    again.button(key="descent.hold").click().run()
    assert [track["last"] for track in payload_of(again)["tracks"]] == [20]


@pytest.mark.parametrize("held", ["", "x" * 30_000, "surface=%00&steps=-1", "beside=beside%3D", "steps=1e9&opt=;"])
def test_what_is_held_beside_by_a_hostile_link_is_refused_alone(open_page: Open, held: str) -> None:
    page = open_page(surface="sphere", steps="10", beside=held)
    assert payload_of(page)["n_steps"] >= 10


def test_present_shows_nothing_but_the_player(open_page: Open) -> None:
    page = open_page(present="1", surface="himmelblau")
    assert payload_of(page)["title"] == SURFACES["himmelblau"].title
    assert not page.sidebar.children
    assert not page.title
    assert not page.tabs


def test_two_sessions_share_nothing(open_page: Open) -> None:
    one, other = open_page(), open_page()
    before = payload_of(other)
    one.text_input(key="descent.steps.box").input("50").run()
    other.run()
    assert payload_of(other) == before
    assert payload_of(one)["n_steps"] == 50


def test_relief_and_linear_colour(open_page: Open) -> None:
    page = open_page(surface="himmelblau", view="relief", color="linear")
    assert payload_of(page)["panels"][0]["kind"] == "space"
    page.segmented_control(key="descent.view.view").set_value("map").run()
    assert payload_of(page)["panels"][0]["kind"] == "plane"
    assert "view" not in page.query_params
    assert page.query_params["color"] == "linear"


@pytest.mark.parametrize("name", ["descent", "basins", "escape"])
def test_paths_wear_dashes_of_their_own_where_they_are_asked_for(name: str) -> None:
    page = opener(name)()
    n_groups = len(payload_of(page)["groups"])
    page.button(key=f"{name}.lines").click().run()
    assert page.query_params["lines"] == "dashed"
    assert len({tuple(group["dash"]) for group in payload_of(page)["groups"]}) == n_groups
    page.button(key=f"{name}.lines").click().run()
    assert "lines" not in page.query_params
    assert {tuple(group["dash"]) for group in payload_of(page)["groups"][:2]} == {()}


def test_the_script_and_the_formulas_are_shown(open_page: Open) -> None:
    page = open_page(surface="himmelblau")
    assert not page.latex
    assert len(turn_to(page, "Formula").latex) == 3
    assert any("ls.Experiment(" in code.value for code in turn_to(page, "Recipe").code)


def _desk() -> Desk[Experiment]:
    return Desk("descent", rules, first())


def test_a_recipe_file_brings_its_run_back() -> None:
    desk = _desk()
    wanted = Experiment("himmelblau", ("adam",), [(1.0, 1.0)], n_steps=30)
    open_recipe(desk, wanted.to_json().encode())
    assert desk.recipe == wanted
    assert not desk.problems


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"3",
        b"{}",
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"surface": {"name": "sphere"}, "optimizers": ["sgd"], "starts": [[0, 0]], "n_steps": 10}',
        b'{"surface": null, "optimizers": null, "starts": null, "n_steps": null}',
        b'{"surface": {}, "optimizers": [{}], "starts": [], "n_steps": 10}',
        b'{"format": 99, "surface": {"name": "sphere"}, "optimizers": [], "starts": [[0, 0]], "n_steps": 10}',
        b"x" * 2_000_000,
    ],
    ids=lambda raw: raw[:24].decode("latin-1"),
)
def test_a_file_that_is_no_recipe_is_refused_and_nothing_is_lost(raw: bytes) -> None:
    desk = _desk()
    open_recipe(desk, raw)
    assert desk.recipe == first()
    assert desk.problems["open"].sentence


@pytest.mark.parametrize("field", ["surface", "optimizers", "starts", "n_steps", "schedule", "noise", "seed"])
@pytest.mark.parametrize("value", [None, [], {}, "x", 1.5, [[]], [None], {"name": []}, math.inf, True])
def test_no_recipe_entry_can_raise_anything_but_a_sentence(field: str, value: Any) -> None:
    desk = _desk()
    open_recipe(desk, json.dumps(first().recipe() | {field: value}).encode())
    limits.allow(desk.recipe)
    assert desk.recipe == first() or not desk.problems


def spans_of(page: AppTest) -> list[str]:
    """Return what the key says of shaded spans."""
    return [sign["label"] for sign in payload_of(page)["signs"] if sign["shape"] == "span"]


def test_another_threshold_of_plateaus_moves_shading_and_table_together(open_page: Open) -> None:
    def left(page: AppTest) -> list[str]:
        (table,) = [m.value for m in page.markdown if m.value.startswith("| Path")]
        head, _, *rows = [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in table.splitlines()]
        return [row[head.index("Left plateau")] for row in rows]

    page = open_page()
    before = left(page)
    page.segmented_control(key="descent.view.flat").set_value("1e-5").run()
    assert not page.exception
    assert page.query_params["flat"] in ("1e-5", ["1e-5"])
    assert spans_of(page) == ["plateau: gradient norm below 1e−5"]
    after = left(page)
    assert after != before
    steps = [step for path in first().run().trajectories for step in path.steps_to_leave(1e-5)]
    assert after == ["never" if step is None else f"step {step}" if step else "none met" for step in steps]
    again = open_page(flat="1e-5")
    assert spans_of(again) == spans_of(page)


def test_a_plateau_may_be_a_share_of_the_largest_gradient_norm(open_page: Open) -> None:
    page = open_page()
    page.segmented_control(key="descent.view.flat_of").set_value("largest").run()
    assert not page.exception
    assert spans_of(page) == ["plateau: gradient norm below 0.001 of the path's largest"]
    assert page.query_params["flat_of"] in ("largest", ["largest"])
