from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

import landscape as ls
from app.ask.release import sides
from app.pages.swarm import first, page
from landscape.figures import FIGURES
from landscape.surfaces import SURFACES
from tests.app.conftest import opener, payload_of, said

open_swarm, open_descent = opener("swarm"), opener("descent")


def test_it_opens_with_a_swarm_and_what_it_claims_is_so() -> None:
    payload = payload_of(open_swarm())
    assert "swarm" in payload["live"]
    shares = ls.survival(first().surface, first().optimizers, first().points, first().n_steps)
    flat, arrived = shares.share("flat"), shares.share("minimum")
    assert [one.key for one in first().optimizers] == ["sgd", "momentum", "rmsprop", "adam"]
    assert flat[0, -1] >= flat[0, 0]
    assert flat[1, -1] > 2 * flat[1, 0]
    assert arrived[3, -1] > 0.5


def test_number_rule_and_seed_go_into_the_address() -> None:
    opened = open_swarm()
    opened.text_input(key="swarm.swarm.n.box").input("1200").run()
    opened.text_input(key="swarm.swarm.seed.box").input("7").run()
    assert opened.query_params["start"] == "random:1200,seed:7"
    opened.selectbox(key="swarm.swarm.rule.choice").select("grid").run()
    assert not said(opened)
    again = open_swarm(**opened.query_params)
    assert payload_of(again) == payload_of(opened)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"opt": "newton"}, "asks for more"),
        ({"noise": "gaussian"}, "without noise"),
        ({"start": "grid:250"}, "at most 50000 starts"),
        ({"start": "random:50000", "steps": "5000"}, "too long"),
        ({"steps": "6000"}, "1 to 5,000 steps"),
        ({"opt": "perturbed_gd"}, "perturbed"),
    ],
    ids=str,
)
def test_what_no_swarm_can_be_is_refused_in_words(query: dict[str, str], words: str) -> None:
    opened = open_swarm(**query)
    assert words.casefold() in said(opened).casefold()
    assert "swarm" in payload_of(opened)["live"]


def test_a_formula_flows_too() -> None:
    opened = open_swarm(formula="x^2 - y^2 + y^4", domain="-2,2,-2,2", opt="sgd,learning_rate:0.05", start="grid:30")
    assert not said(opened)
    assert payload_of(opened)["title"].startswith("900 starts")


def test_a_run_leads_to_its_swarm_or_says_why_not() -> None:
    opened = open_descent()
    assert not opened.button(key="descent.release").disabled
    refused = open_descent(opt="newton", surface="himmelblau").button(key="descent.release")
    assert refused.disabled
    assert "asks for more" in refused.help


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
@pytest.mark.parametrize("n", [1, 1000, 50_000])
def test_a_grid_has_about_as_many_cells_as_asked(surface, n) -> None:
    found = ls.Grid(sides(surface, n)).count(surface)
    assert found <= n
    assert found >= 0.85 * n or n == 1


def test_its_address_brings_it_back() -> None:
    desk = dict(parse_qsl(FIGURES["swarm"].scene(first()).query))
    assert page.rules.read(desk, first()) == (first(), ())
