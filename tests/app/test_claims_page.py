"""The page Claims without a browser: predict first, then the measurement; what is refused; nothing good is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.ask.claim import Chosen, read, write
from landscape.claims import CLAIMS, POINTS
from tests.app.conftest import payload_of, said

SCRIPT = """
import streamlit as st
from app.pages import claims, descent
st.navigation([st.Page(claims.page, title="Claims", url_path="how-do-you-know", default=True)]).run()
"""


@pytest.fixture
def claims_page() -> Callable[..., AppTest]:
    """Return a function that opens the page at these URL parameters and runs it once, without an exception."""

    def opened(**query: str) -> AppTest:
        page = AppTest.from_string(SCRIPT, default_timeout=60)
        page.query_params.update(query)
        page.run()
        assert not page.exception
        return page

    return opened


def measured(page: AppTest, option: int) -> AppTest:
    """Predict the option of this number and measure."""
    page.radio[0].set_value(option).run()
    next(button for button in page.button if button.label == "Measure").click().run()
    assert not page.exception
    return page


def test_a_card_for_every_claim_under_its_point(claims_page: Any) -> None:
    page = claims_page()
    assert len([b for b in page.button if b.label == "Predict and measure"]) == len(CLAIMS)
    headings = " ".join(m.value.replace("\\", "") for m in page.markdown if m.value.startswith("## "))
    assert all(says in headings for says in POINTS.values())
    assert not page.get("bidi_component")


def test_no_answer_stands_where_it_is_asked_for(claims_page: Any) -> None:
    def shown(page: AppTest) -> str:
        told = (element.value for element in (*page.title, *page.markdown, *page.caption))
        return " ".join([*told, *(option for box in page.selectbox for option in box.options)]).replace("\\", "")

    def gives_away(page: AppTest) -> set[str]:
        return {key for key, claim in CLAIMS.items() if claim.title in shown(page) or claim.statement in shown(page)}

    page = claims_page()
    assert gives_away(page) == set()
    page.button(key="claims.open.softmax").click().run()
    assert gives_away(page) == set()
    page.button(key="claims.all").click().run()
    measured(page.button(key="claims.open.softmax").click().run(), 1)
    assert gives_away(page) == {"softmax"}  # the list of what else can be opened names questions
    page.selectbox(key="claims.claim.choice").set_value("").run()
    assert gives_away(page) == {"softmax"}


def test_it_asks_before_it_measures(claims_page: Any) -> None:
    page = claims_page()
    page.button(key="claims.open.softmax").click().run()
    assert page.query_params["claim"] in ("softmax", ["softmax"])
    assert [radio.options for radio in page.radio] == [
        [text.replace(".", "\\.") for text in CLAIMS["softmax"].question.options]
    ]
    assert not page.get("bidi_component")
    assert not page.sidebar.slider
    measured(page, 1)
    assert payload_of(page)["n_steps"] == 0
    assert "You said “0.8”. Measured: 1.609." in " ".join(m.value.replace("\\", "") for m in page.markdown)
    table = page.dataframe[0].value
    assert set(table["verdict"]) == {"PASS"}
    assert len(table) == 7
    assert not said(page)


def test_a_number_is_predicted_where_one_is_asked_for(claims_page: Any) -> None:
    page = claims_page(claim="escape")
    page.number_input[0].set_value(50.0).run()
    next(button for button in page.button if button.label == "Measure").click().run()
    assert "You said 50. Measured: 77." in " ".join(m.value.replace("\\", "") for m in page.markdown)
    assert len(payload_of(page)["tracks"]) == 4


def test_a_slider_measures_anew(claims_page: Any) -> None:
    page = measured(claims_page(claim="stability_edges"), 3)
    box = page.text_input(key="claims.settings.stability_edges.momentum.box")
    box.set_value("0.5").run()
    assert not page.exception
    assert page.query_params["p.momentum"] in ("0.5", ["0.5"])
    assert page.dataframe[0].value["expected"][1] == "3"
    page.text_input(key="claims.settings.stability_edges.momentum.box").set_value("2").run()
    assert "omentum must be" in said(page)
    assert page.dataframe[0].value["expected"][1] == "3"


def test_presenting_shows_the_picture_alone(claims_page: Any) -> None:
    page = claims_page(claim="autoencoder", present="1")
    assert page.title[0].value == "What do you expect?"
    assert [element.key for element in page.get("bidi_component")] == ["claims.leave"]
    next(button for button in page.button if button.label == "Show it at once").click().run()
    assert [element.key for element in page.get("bidi_component")] == ["claims.leave", "claims.present"]
    assert not page.title


def test_what_the_address_cannot_have_is_said(claims_page: Any) -> None:
    page = claims_page(claim="escap")
    assert "did you mean 'escape'" in said(page)
    page = claims_page(claim="escape", seed="-1", **{"p.curvature": "nan", "p.nothing": "1"})
    assert page.title[0].value == "What do you expect?"
    assert "926 steps" in page.markdown[0].value
    for words in ("Seed must be", "Curvature must be finite", "Unknown parameter"):
        assert words in said(page)


def test_address_and_bench_are_inverse() -> None:
    bench = Chosen("escape", {"curvature": 0.5}, seed=3)
    assert read(write(bench)) == (bench, ())
    assert read(write(Chosen())) == (Chosen(), ())
    assert Chosen("escape", {"curvature": 1.0}) == Chosen("escape")
