"""The tab Critical points of the main page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app.work import TooLong
from landscape.figures import descent
from landscape.surfaces.base import Surface
from tests.app.conftest import said, turn_to


def test_it_counts_and_says_how_it_knows(open_page: Callable[..., AppTest]) -> None:
    page = open_page(surface="himmelblau", overlay="manifolds", color="curvature", opt="adam", start="0,0", steps="20")
    turn_to(page, "Critical points")
    assert not said(page)
    assert any("4 minima, 4 saddles, 1 maximum" in m.value.replace("\\", "") for m in page.markdown)
    table = next(frame.value for frame in page.dataframe if "near zero" in frame.value)
    assert len(table) == 9


def test_nothing_is_searched_until_it_is_asked_for(open_page: Callable[..., AppTest]) -> None:
    page = turn_to(open_page(), "Critical points")
    assert not any("near zero" in frame.value for frame in page.dataframe)
    page.segmented_control(key="descent.view.overlay").select("critical").run()
    assert not page.exception
    assert any("near zero" in frame.value for frame in page.dataframe)


def test_an_unknown_overlay_is_refused(open_page: Callable[..., AppTest]) -> None:
    assert "Overlay: must be off" in said(open_page(overlay="everything"))


def test_a_search_that_is_given_up_is_said_in_its_tab(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(surface: Surface) -> None:
        raise TooLong

    monkeypatch.setattr(descent, "critical_points", endless)
    page = turn_to(open_page(surface="beale", opt="sgd", steps="20"), "Critical points")
    page.toggle(key="descent.critical.search").set_value(True).run()
    assert not page.exception
    assert "This was given up after" in said(page)
