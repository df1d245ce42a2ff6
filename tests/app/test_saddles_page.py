from __future__ import annotations

import numpy as np
import pytest

from landscape.analysis.counts import counted_shares, counts_study
from tests.app.conftest import opener, payload_of, said

open_counts = opener("saddles_or_minima")


def test_the_page_counts_and_refuses() -> None:
    page = open_counts(n="99")
    assert "12" in said(page)
    assert [panel["key"] for panel in payload_of(page)["panels"]] == ["minima", "indices", "energy"]


def test_minima_and_maxima_of_two_dimensional_fields_are_a_quarter_each() -> None:
    shares, count = counted_shares(2, 3)
    assert shares[1] == 0.5  # the Euler sum is 0
    assert shares[0] == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / count))


def test_unknown_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        counts_study(13)
