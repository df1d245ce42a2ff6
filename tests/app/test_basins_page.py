from __future__ import annotations

import re
import time
from typing import Any

import pytest

from app import work
from app.pages.basins import allow, first, live
from app.work import Job
from landscape.figures.basins import FIGURE
from landscape.optimizers import optimizer
from tests.app.conftest import opener, payload_of, said

open_basins = opener("basins")
SMALL = {"pixels": "100", "steps": "60", "opt": "sgd,learning_rate:0.01;momentum,learning_rate:0.01"}


def whole(experiment: Any, pixels: int) -> Job[Any]:
    """Wait until a map is whole, as a page that keeps asking does."""
    while not (made := live.making(experiment, {"pixels": str(pixels)})).finished:
        time.sleep(0.05)
    return made


def small() -> Any:
    rules = (optimizer("sgd", learning_rate=0.01), optimizer("momentum", learning_rate=0.01))
    return first().replace(optimizers=rules, n_steps=60)


def test_it_opens_on_maps_of_four_optimizers_with_a_question() -> None:
    page = open_basins()
    assert page.title[0].value == "Which minimum do you get?"
    panels = payload_of(page)["panels"]
    assert [p["title"] for p in panels] == ["SGD (lr 0.01)", "Momentum (lr 0.01)", "RMSprop (lr 0.01)", "Adam (lr 0.1)"]
    assert any("median steps to a minimum" in m.value for m in page.markdown)


def test_a_whole_map_says_what_became_of_the_starts() -> None:
    made = whole(small(), 100)
    assert not made.error
    page = open_basins(**SMALL)
    assert not said(page)
    assert not page.get("progress")
    (table,) = (m.value for m in page.markdown if "median steps" in m.value)
    share = made.latest.basins.summary[0].shares
    assert all(f"{part:.1%}" in table for part in share.values() if part)


def test_a_map_that_was_made_for_a_slide_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SHELF", work.Shelf())
    FIGURE.scene(small(), {"pixels": "100"}, work.result)
    page = open_basins(**SMALL)
    assert payload_of(page)["panels"]
    assert not page.info
    assert any("median steps" in m.value for m in page.markdown)


def test_the_address_brings_the_map_back() -> None:
    page = open_basins(**SMALL, start="1.0,2.0")
    # An address that says the same already is left as it was given, as text; one that was written holds lists.
    address = {key: value if isinstance(value, str) else value[0] for key, value in page.query_params.items()}
    again = open_basins(**address)
    assert again.session_state["basins.desk"].recipe.starts == ((1.0, 2.0),)
    assert again.session_state["basins.desk"].recipe == page.session_state["basins.desk"].recipe


def test_presenting_shows_the_maps_alone() -> None:
    page = open_basins(**SMALL, present="1")
    assert payload_of(page)["panels"]
    assert not page.title


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"steps": "900000"}, "10,000"),
        ({"surface": "plateau_1d"}, "of 2 dimensions"),
        ({"surface": "no_such"}, "no_such"),
        ({"noise": "gaussian,scale:0.5"}, "without noise"),
        ({"opt": "perturbed_gd"}, "draws random numbers"),
        ({"pixels": "10000"}, "must be 200, 100, 300 or 400"),
        ({"formula": "x^2+y^2", "domain": "0,0,1,2"}, "low"),
    ],
)
def test_what_it_does_not_compute_is_refused(query: dict[str, str], reason: str) -> None:
    page = open_basins(**(SMALL | query))
    assert reason in said(page)
    assert payload_of(page)["panels"]


def test_too_much_for_so_many_pixels_is_said_with_the_limit() -> None:
    page = open_basins(**(SMALL | {"steps": "9000", "pixels": "400"}))
    shown = said(page)
    most = re.search(r"([\d,]+) steps do not; fewer pixels", shown)
    assert most is not None, shown
    fits = small().replace(n_steps=int(most[1].replace(",", "")))
    allow(fits, {"pixels": "400"})
    with pytest.raises(ValueError, match="steps do not"):
        allow(fits.replace(n_steps=fits.n_steps + 1), {"pixels": "400"})


def test_leaving_the_page_stops_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "PATIENCE", -1.0)
    experiment = small().replace(n_steps=61)
    made = live.making(experiment, {"pixels": "300"})
    while not made.stopped:
        time.sleep(0.01)
    assert not made.finished
    monkeypatch.setattr(work, "PATIENCE", 60.0)
    assert whole(experiment, 300) is not made
