"""Predict first: asked for the run that a newcomer meets, and for any lesson once it is switched on."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.ask.predict import OFFERED, _still
from landscape.experiment import Experiment
from landscape.picture.scene import Points
from landscape.surfaces import SURFACES
from tests.app.conftest import ROUTER, Open, payload_of, unpacked


@pytest.fixture
def newcomer() -> AppTest:
    page = AppTest.from_file(ROUTER, default_timeout=60).run()
    assert not page.exception
    return page


def told(page: AppTest) -> str:
    return " ".join(info.value for info in page.info).replace("\\", "")


def test_a_newcomer_says_first_and_sees_the_ground_with_its_start_alone(newcomer: AppTest) -> None:
    assert newcomer.title[0].value.replace("\\", "") == "Where will SGD be at step 200?"
    still = payload_of(newcomer)
    assert (still["n_steps"], len(still["panels"]), still["tracks"]) == (0, 1, [])
    assert newcomer.button(key="descent.predict.watch").disabled
    (pills,) = (group for group in newcomer.button_group if group.key == "descent.guess.escaping_saddle")
    assert len(pills.options) >= len(OFFERED)


@pytest.mark.parametrize(
    ("guess", "answer"), [("saddle", "on a saddle. So it is."), ("minimum", "at a minimum. SGD: on a saddle.")]
)
def test_the_run_follows_and_the_prediction_stands_beside_it(newcomer: AppTest, guess: str, answer: str) -> None:
    newcomer.session_state["descent.guess.escaping_saddle"] = guess
    newcomer.run()
    newcomer.button(key="descent.predict.watch").click().run()
    assert told(newcomer) == f"You said: {answer}"
    assert payload_of(newcomer)["n_steps"] == 200
    newcomer.text_input(key="descent.steps.box").input("400").run()
    assert told(newcomer) == ""


def test_who_does_not_want_to_guess_sees_it_at_once(newcomer: AppTest) -> None:
    newcomer.button(key="descent.predict.skip").click().run()
    assert payload_of(newcomer)["n_steps"] == 200
    assert told(newcomer) == ""


def test_an_address_asks_nothing_until_it_is_switched_on(open_page: Open) -> None:
    page = AppTest.from_file(ROUTER, default_timeout=60)
    page.query_params["surface"] = "himmelblau"
    page.run()
    assert payload_of(page)["n_steps"] > 0
    page.toggle(key="descent.predict").set_value(True).run()
    assert page.title[0].value.startswith("Where will ")
    page.text_input(key="descent.steps.box").input("77").run()
    assert payload_of(page)["n_steps"] == 77


def test_the_projector_asks_where_the_page_does(newcomer: AppTest) -> None:
    def link(page: AppTest) -> str:
        return next(button.proto.url for button in page.get("link_button") if button.proto.label == "Present")

    newcomer.button(key="descent.predict.skip").click().run()
    assert link(newcomer).endswith("&present=1&predict=1")
    newcomer.toggle(key="descent.predict").set_value(False).run()
    assert link(newcomer).endswith("&present=1")
    page = AppTest.from_file(ROUTER, default_timeout=60)
    page.query_params.update(surface="himmelblau", present="1", predict="1")
    page.run()
    assert page.title[0].value.startswith("Where will ")
    assert not page.sidebar.children
    (place,) = (group.key for group in page.button_group)
    page.session_state[place] = "saddle"
    page.run()
    page.button(key="descent.predict.watch").click().run()
    shown, _ = next(unpacked(one.proto.bytes) for one in page.get("bidi_component") if one.key == "descent.present")
    assert shown["question"].startswith("Where will ")
    assert shown["question"].endswith("You said: on a saddle.")


@pytest.mark.parametrize("name", SURFACES)
def test_the_ground_of_every_lesson_is_shown_without_its_paths(name: str) -> None:
    scene = _still(Experiment.from_lesson(name))
    assert (scene.n_steps, len(scene.panels), scene.tracks) == (0, 1, ())
    assert any(isinstance(layer, Points) and layer.kind == "start" for layer in scene.panels[0].layers)
