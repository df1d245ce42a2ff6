from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.app.conftest import opener, payload_of, said

open_escape = opener("escape")


def table(page: AppTest) -> list[list[str]]:
    (text,) = [m.value for m in page.markdown if m.value.startswith("| Optimizer")]
    return [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in text.splitlines()[2:]]


def test_it_opens_with_measured_steps_beside_the_closed_forms() -> None:
    page = open_escape()
    rows = table(page)
    assert rows[0][1:] == ["189", "189", "never"]
    assert rows[-1][2] == "none"
    assert rows[-1][3] != "never"
    assert [panel["key"] for panel in payload_of(page)["panels"]] == ["map", "distance", "steps"]


def test_another_offset_and_curvature_go_into_the_address_and_come_back() -> None:
    page = open_escape()
    page.text_input(key="escape.offset.box").input("1e-12").run()
    page.text_input(key="escape.curvature.box").input("2").run()
    assert not said(page)
    assert table(page)[0][1:3] == ["290", "290"]
    again = open_escape(**{key: str(value) for key, value in page.query_params.items()})
    assert payload_of(again) == payload_of(page)


def test_what_cannot_be_is_refused_and_the_picture_stays() -> None:
    page = open_escape(offset="0", curvature="<b>")
    assert "Offset must be at least 1e-12" in said(page)
    assert "Curvature must be a number" in said(page)
    assert table(page)[0][1] == "189"
    page.text_input(key="escape.offset.box").input("2").run()
    assert "at most 1" in said(page)
    assert table(page)[0][1] == "189"


def test_the_picture_stands_alone_for_a_projector() -> None:
    page = open_escape(present="1")
    assert payload_of(page)["n_steps"] > 0
    assert not page.title
