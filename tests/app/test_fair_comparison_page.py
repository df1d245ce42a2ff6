"""The page of the fair comparison: its grid, its refusals, its address, its way to the main page."""

from __future__ import annotations

import pytest

from app import frame
from landscape.experiment import Experiment
from tests.app.conftest import opener, payload_of, said, turn_to

open_comparison = opener("fair_comparison")


def test_it_opens_on_four_optimizers_over_one_grid() -> None:
    page = open_comparison()
    assert not said(page)
    payload = payload_of(page)
    assert [track["label"] for track in payload["tracks"]] == ["SGD", "Momentum", "RMSprop", "Adam"]
    grid = page.dataframe[0].value
    assert len(grid) == 25
    assert grid["1. SGD"].iloc[-1] == "∞"
    assert any("25 learning rates from 0.0001 to 1" in m.value for m in page.markdown)


def test_the_best_rates_go_to_the_main_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Experiment] = []
    monkeypatch.setattr(frame, "open_in_descent", sent.append)
    page = open_comparison()
    page.button(key="tuning.use").click().run()
    (experiment,) = sent
    assert experiment.n_steps == 200
    rates = [one.learning_rate for one in experiment.optimizers]
    # Above 0.0025 SGD cannot follow the bottom of the valley at its minimum; Adam takes far longer steps.
    assert rates[0] < 0.0032
    assert rates[3] > 0.1


def test_its_address_brings_it_back_with_its_maps() -> None:
    page = open_comparison(steps="40", maps="on", surface="himmelblau")
    assert not said(page)
    payload = payload_of(page)
    assert [panel["key"] for panel in payload["panels"]] == ["curves", "map1", "map2", "map3"]
    again = open_comparison(**{key: str(value) for key, value in page.query_params.items()})
    assert payload_of(again) == payload
    script = next(code.value for code in turn_to(page, "Recipe").code if code.value.startswith("import landscape"))
    made: dict[str, object] = {}
    exec(compile(script.replace("tuning_scene(found)", "scene = tuning_scene(found)#"), "script", "exec"), made)
    assert made["scene"].panel("curves").title == "Loss after 40 gradients"


def test_presenting_shows_the_player_alone() -> None:
    page = open_comparison(steps="40", present="1")
    assert payload_of(page)["tracks"]
    assert not page.dataframe


def test_newton_pays_for_its_hessians() -> None:
    page = open_comparison(opt="sgd;newton", steps="40")
    assert not said(page)
    assert any("a Hessian costs 2" in m.value for m in page.markdown)
    assert not any("Hessian" in m.value for m in open_comparison(opt="sgd", steps="40").markdown)


def test_what_it_cannot_compare_is_refused() -> None:
    assert "without noise" in said(open_comparison(noise="gaussian"))
    assert "steps of these optimizers take this page too long" in said(open_comparison(steps="1000000"))
    assert "surface on this page" in said(open_comparison(surface="no_such"))
