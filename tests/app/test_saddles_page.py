from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landscape.scenes.counts import counted_shares, counts_scene
from tests.app.conftest import payload_of, said

PAGE = """
from app.pages import saddles_or_minima
saddles_or_minima.page()
"""


def test_the_page_counts_and_refuses() -> None:
    page = AppTest.from_string(PAGE, default_timeout=120)
    page.query_params["n"] = "99"
    page.run()
    assert not page.exception
    assert "12" in said(page)
    assert [panel["key"] for panel in payload_of(page)["panels"]] == ["minima", "indices", "energy"]


def test_minima_and_maxima_of_two_dimensional_fields_are_a_quarter_each() -> None:
    shares, count = counted_shares(2, 3)
    assert shares[1] == 0.5  # the Euler sum is 0
    assert shares[0] == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / count))


def test_unknown_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        counts_scene(13)
