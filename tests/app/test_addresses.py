"""Addresses: what in them nothing looks for is said, on every page, and what a page writes it reads."""

from __future__ import annotations

from typing import Any

import pytest

from app.ask.starts import BESIDE, EMPTY
from app.page import OwnPage, Page
from app.sitemap import PAGES
from app.state import Desk
from landscape.language import later, speaking
from landscape.recipe.query import SETTING
from landscape.surfaces import SURFACES
from tests.app.conftest import Open, said

ANY = pytest.mark.parametrize("page", PAGES, ids=[page.entry.key for page in PAGES])


def opened(page: Page[Any] | OwnPage, **query: str) -> Desk[Any]:
    desk = Desk(page.entry.key, page.rules, page.rules.first())
    desk.read_url(query)
    return desk


@ANY
def test_a_name_that_means_nothing_is_said(page: Page[Any]) -> None:
    written = page.rules.write(page.rules.first())
    assert opened(page, **written).refused == ()
    assert opened(page, **written, qqq="1").refused == ("not used here: qqq",)


@ANY
def test_a_name_that_is_nearly_right_is_said(page: Page[Any]) -> None:
    for name in page.rules.write(page.rules.first()):
        if not name.startswith(SETTING):
            assert opened(page, **{f"{name}z": "1"}).refused[0].startswith(f"not used here: {name}z")


@ANY
def test_what_was_refused_is_said_in_the_language_of_the_moment(page: Page[Any]) -> None:
    desk = opened(page, qqq="1")
    desk.refuse("starts", later(EMPTY))
    desk.tried("box", lambda: BESIDE.read("word"))
    english = [desk.refused, *(problem.sentence for problem in desk.problems.values())]
    with speaking("ko"):
        desk.say_again()
        korean = [desk.refused, *(problem.sentence for problem in desk.problems.values())]
        assert korean[0] == opened(page, qqq="1").refused
    assert not {*english} & {*korean}


def test_the_right_name_is_said_with_it() -> None:
    assert opened(PAGES[0], step="9").refused == ("not used here: step (did you mean steps?)",)


def test_what_is_held_beside_is_read_alike() -> None:
    assert opened(PAGES[0], beside="surface=sphere&qqq=1").refused == ("beside: not used here: qqq",)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"surface": "x^2-y^2"}, "a formula is given so: formula=x^2-y^2"),
        ({"surface": "sin(x)"}, "a formula is given so: formula=sin(x)"),
        ({"formula": "rosenbrock"}, "is the name of a surface: surface=rosenbrock"),
        ({"surface": "Rosenbrock"}, "did you mean 'rosenbrock'"),
        ({"surface": "rosenbrock", "formula": "x^2"}, "Surface: there is a formula as well, which is taken"),
        ({"surface": "sphere", "lr": "0.1"}, "Not used here: lr"),
    ],
)
def test_a_surface_in_the_wrong_place_is_told_the_right_one(
    open_page: Open, query: dict[str, str], answer: str
) -> None:
    assert answer in said(open_page(**query)).replace("\\", "")


@pytest.mark.parametrize("name", SURFACES)
def test_no_surface_is_named_as_a_formula_is_written(name: str) -> None:
    assert opened(PAGES[0], surface=name).refused == ()
