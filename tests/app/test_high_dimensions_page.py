from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.ask.family import MOST_DIMS, OFFERED, placed, resized
from app.pages.high_dimensions import allow, first, rules
from landscape.optimizers import optimizer
from landscape.recipe.starts import Random
from landscape.surfaces.families import family
from tests.app.conftest import opener, payload_of, said

open_high = opener("high_dimensions")


def keys(page: AppTest) -> set[str]:
    return {panel["key"] for panel in payload_of(page)["panels"]}


def test_it_opens_on_four_optimizers_leaving_a_saddle() -> None:
    page = open_high()
    assert page.title[0].value == "Where does a path leave a saddle of 1000 dimensions?"
    assert keys(page) == {"unstable", "plane", "index"}
    assert not said(page)
    assert any("slice" in note for note in payload_of(page)["notes"])


def test_all_panels_are_a_click_away() -> None:
    page = open_high(panels="all", surface="two_point_saddle", n_dims="40", **{"p.index": "8"})
    assert {"plane", "unstable", "stable", "index", "spectrum", "off_plane"} <= keys(page)
    # Where no saddle is known the number of falling directions takes the place of the distance.
    assert keys(open_high(surface="rosenbrock", n_dims="6", start="random")) == {"index", "plane", "loss"}


def test_the_address_brings_it_back_without_coordinates() -> None:
    page = open_high(surface="semicircle_saddle", n_dims="50", plane="extreme", seed="3", **{"p.index": "9"})
    assert not said(page)
    assert len(str(dict(page.query_params))) < 600
    assert page.title[0].value.endswith("50 dimensions")
    assert page.text_input(key="high_dimensions.surface.semicircle_saddle.index.box").value == "9"


def test_your_slice_lies() -> None:
    page = open_high(show="slices", surface="two_point_saddle", n_dims="40", **{"p.index": "8"})
    assert len(payload_of(page)["panels"]) == 6
    assert any("exact probabilities" in note for note in payload_of(page)["notes"])


def test_an_index_above_n_is_refused_and_the_picture_stays() -> None:
    page = open_high(surface="two_point_saddle", n_dims="40", **{"p.index": "8"})
    page.text_input(key="high_dimensions.surface.two_point_saddle.index.box").set_value("41").run()
    assert "an index of at most 40, not 41" in said(page)
    assert payload_of(page)["panels"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"n_dims": "99999999", "surface": "rastrigin"}, "this page goes up to 10,000"),
        ({"surface": "nowhere"}, "nowhere"),
        ({"surface": "two_point_saddle", "p.index": "nan"}, "index"),
        ({"surface": "rosenbrock", "n_dims": "500", "start": "beside:0.1"}, "no saddle"),
        ({"start": "<b>"}, "random or beside"),
        ({"n_dims": "many", "surface": "trid"}, "many"),
    ],
)
def test_bad_addresses_fall_back_and_say_why(query: dict[str, str], reason: str) -> None:
    experiment, problems = rules.read(query, first())
    assert experiment == first()
    assert reason in " ".join(problems)


def test_what_does_not_fit_is_refused_with_what_would() -> None:
    large = resized(first().replace(n_steps=12_500), MOST_DIMS)
    allow(large)
    with pytest.raises(ValueError, match=r"12,500 steps do not"):
        allow(large.replace(n_steps=20_000))
    allow(resized(large.replace(n_steps=20_000), 5500))
    with pytest.raises(ValueError, match="goes up to"):
        resized(large, MOST_DIMS + 1)


@pytest.mark.parametrize("name", OFFERED)
def test_every_surface_comes_back_from_its_address(name: str) -> None:
    changed: Any = placed(first(), family(name), 0.25).replace(n_steps=17)
    assert rules.read(changed.to_query(), first()) == (changed, ())


@pytest.mark.parametrize(("name", "offset"), [("two_point_saddle", 0.123456789123), ("two_point_saddle", 1 / 3)])
def test_an_offset_of_many_digits_comes_back(name: str, offset: float) -> None:
    changed = placed(first(), family(name), offset)
    assert rules.read(changed.to_query(), first()) == (changed, ())


@pytest.mark.parametrize("exponent", range(-12, 0))
def test_a_small_offset_from_a_saddle_far_from_zero_comes_back(exponent: int) -> None:
    changed = placed(first(), family("styblinski_tang", 10), 10.0**exponent)
    assert rules.read(changed.to_query(), first()) == (changed, ())


def test_a_method_that_has_no_room_is_refused_at_the_edit() -> None:
    with pytest.raises(ValueError, match="at most 1000 dimensions"):
        allow(resized(first(), MOST_DIMS).replace(optimizers=(optimizer("newton"),)))


@pytest.mark.parametrize(
    ("surface", "key"), [(family("p_spin", 400), "adam"), (family("two_point_saddle", 1000), "newton")]
)
def test_costly_steps_are_counted_as_what_they_take(surface: Any, key: str) -> None:
    few = placed(first(), surface, None).replace(optimizers=(optimizer(key),), n_steps=20)
    allow(few)
    with pytest.raises(ValueError, match="take this page too long"):
        allow(few.replace(n_steps=20_000))


def test_the_verdicts_say_what_each_path_asked() -> None:
    page = open_high(surface="two_point_saddle", n_dims="40", opt="sgd;newton", steps="30", **{"p.index": "8"})
    (table,) = [m.value for m in page.markdown if m.value.startswith("| Path")]
    assert "30 gradients, 30 Hessians" in table


@pytest.mark.parametrize("name", OFFERED)
def test_every_surface_is_allowed_as_it_is_offered(name: str) -> None:
    allow(placed(first(), family(name), 0.01))


@pytest.mark.parametrize(
    ("name", "n_dims", "settings"),
    [("phase_retrieval", 4000, {}), ("phase_retrieval", 2500, {}), ("gaussian_field", 5000, {"n_waves": 3000})],
)
def test_what_takes_too_long_to_look_at_is_refused_before_a_step(
    name: str, n_dims: int, settings: dict[str, float]
) -> None:
    surface = family(name, n_dims, **settings)
    recipe = first().replace(surface=surface, starts=Random(1), n_steps=1, optimizers=(optimizer("sgd"),))
    with pytest.raises(ValueError, match="looking at the paths"):
        allow(recipe)
    allow(recipe.replace(surface=family(name, 500, **settings)))


@pytest.mark.parametrize("name", ["rastrigin", "rosenbrock", "semicircle_saddle"])
def test_ten_thousand_dimensions_are_looked_at(name: str) -> None:
    allow(placed(first(), family(name, MOST_DIMS), None))
