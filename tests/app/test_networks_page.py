from __future__ import annotations

import pytest

from app import fields
from landscape.scenes.network_views import TITLES, VIEWS, Study
from tests.app.conftest import opener, payload_of, said

open_networks = opener("networks")


def test_it_opens_on_batch_normalization_and_comes_back_from_the_address() -> None:
    page = open_networks()
    assert page.title[0].value == "What does batch normalization change?"
    page.text_input(key="networks.width.box").input("4").run()
    assert not page.exception
    again = open_networks(**{key: str(value) for key, value in page.query_params.items()})
    assert not said(again)
    assert payload_of(again) == payload_of(page)


@pytest.mark.parametrize("view", ["slices", "spectrum", "minima"])
def test_each_view_of_a_small_network_is_shown(view: str) -> None:
    page = open_networks(view=view, width="2", depth="1", n_steps="20")
    assert not VIEWS[view].of_its_own
    assert not said(page)
    assert payload_of(page)


def test_plateaus_have_their_own_network() -> None:
    page = open_networks(view="plateaus")
    assert payload_of(page)["n_steps"] == 2000
    assert not [box for box in page.text_input if box.key == "networks.width.box"]


def test_what_cannot_be_made_is_refused_and_the_picture_stays() -> None:
    page = open_networks(n_steps="20")
    page.text_input(key="networks.width.box").input("1000000").run()
    assert "at most 16" in said(page)
    assert payload_of(page)["n_steps"] == 20
    assert "data" in said(open_networks(data="<b>", n_steps="20"))
    assert "nowhere" in said(open_networks(view="nowhere", n_steps="20"))


@pytest.mark.parametrize("name", TITLES)
def test_a_study_comes_back_from_its_query(name: str) -> None:
    study = Study(data=name, activation="relu", width=3, depth=1, learning_rate=0.1, n_steps=5, seed=7)
    assert fields.read(fields.write(study), Study()) == (study, ())
    assert study.model.n_dims > 0
