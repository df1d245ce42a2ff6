"""What a page shows becomes a slide, and a slide finds its page again."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import figured, kept, lectures, limits
from app.ask.claim import Chosen
from app.page import Page
from app.sitemap import PAGES
from app.state import Desk
from landscape.claims import CLAIMS
from landscape.experiment import Experiment
from landscape.figures import FIGURES
from landscape.language import speaking
from landscape.lecture import Lecture, Slide
from landscape.lecture.base import MOST_SLIDES
from tests.app.conftest import Open, said

SHOWING = [page for page in PAGES if isinstance(page, Page)]
FIRST = {"claims": Chosen(next(iter(CLAIMS)), seed=3)}


def desk_of(page: Page[Any]) -> Desk[Any]:
    return Desk(page.entry.key, page.rules, FIRST.get(page.entry.key) or page.rules.first())


def test_every_figure_has_its_page() -> None:
    assert {page.figure.key for page in SHOWING} >= set(FIGURES)


@pytest.mark.parametrize("page", SHOWING, ids=lambda page: page.entry.key)
def test_what_a_page_shows_becomes_a_slide_and_the_slide_finds_its_page(page: Page[Any]) -> None:
    desk = desk_of(page)
    for name, choices in page.rules.views.items():
        desk.set_view(name, choices[-1])
    slide = page.slide(desk)
    assert slide.title
    assert "\\" not in slide.title + slide.notes
    talk = lectures.begun(slide)
    lectures.allow(talk)
    assert Lecture.from_json(talk.lecture.to_json()) == talk.lecture
    if slide.figure:
        shower = figured.PAGES[slide.figure]
        again = desk_of(page)
        again.read_url({**shower.write(slide.made_of), **slide.view})
        assert (again.recipe, again.looks(), again.refused) == (desk.recipe, desk.looks(), ())
        assert shower.entry.url == page.entry.url


@pytest.mark.parametrize("page", [page for page in SHOWING if page.holds], ids=lambda page: page.entry.key)
def test_what_is_held_beside_goes_into_the_slide(page: Page[Any]) -> None:
    desk = desk_of(page)
    alone = page.slide(desk)
    desk.hold()
    for name, choices in page.rules.views.items():
        desk.set_view(name, choices[-1])
    slide = page.slide(desk)
    assert slide.held is not None
    assert (slide.held.made_of, slide.held.looks) == (alone.made_of, alone.looks)
    talk = lectures.begun(slide)
    lectures.allow(talk)
    assert Lecture.from_json(talk.lecture.to_json()) == talk.lecture


def test_what_is_held_counts_among_the_runs_of_a_lecture() -> None:
    small = Experiment("sphere", ("sgd",), [(1.0, 1.0)], n_steps=10)
    large = small.replace(n_steps=limits.MAX_UPDATES + 1)
    held = Slide.of("Now", "descent", small, {}, held=Slide.of("Before", "descent", large, {}))
    with pytest.raises(ValueError, match=r"slide 1: .* steps are too many"):
        lectures.allow(lectures.begun(held))


def test_a_slide_that_its_page_would_not_compute_is_refused() -> None:
    page = next(page for page in SHOWING if page.entry.key == "basins")
    first = page.rules.first().replace(n_steps=10_000)
    allowed = Slide.of("Coarse", "basins", first, {"pixels": "100"})
    lectures.allow(lectures.begun(allowed))
    with pytest.raises(ValueError, match=r"slide 1: .* at 400 × 400 pixels"):
        lectures.allow(lectures.begun(Slide.of("Fine", "basins", first, {"pixels": "400"})))


def open_offer(page: AppTest) -> AppTest:
    return page.button(key="descent.to.lecture").click().run()


def offered(page: AppTest) -> list[str]:
    return [b.label for b in page.button if ".to.lecture." in b.key]


def toasts(page: AppTest) -> list[str]:
    return [toast.value for toast in page.toast]


def test_the_main_page_begins_a_lecture_or_adds_to_one(open_page: Open) -> None:
    page = open_offer(open_page())
    assert offered(page) == ["The problem of local optima", "A new lecture"]
    page.button(key="descent.to.lecture.new").click().run()
    talk = page.session_state["lecture.desk"].recipe
    assert [slide.figure for slide in talk.lecture.slides] == ["descent"]
    assert talk.own
    assert toasts(page) == ["Added to “A new lecture”"]
    open_offer(page)
    assert toasts(page) == ["Added to “My lecture”"]
    talk = page.session_state["lecture.desk"].recipe
    assert len(talk.lecture) == 2
    assert talk.number == 1
    assert not said(page)


def test_which_lecture_is_asked_where_there_are_several(open_page: Open) -> None:
    page = open_offer(open_page())
    page.button(key="descent.to.lecture.new").click().run()
    desk = page.session_state["lecture.desk"]
    assert not offered(open_offer(page))
    assert len(desk.recipe.lecture) == 2
    page.session_state["lecture.kept.known"].listed["0123456789ab"] = "Theirs"
    assert offered(open_offer(page)) == ["My lecture", "Theirs", "A new lecture"]
    assert len(desk.recipe.lecture) == 2
    desk.put(lectures.prepared("local_optima"))  # a prepared one stays as it is unless that is wanted
    assert len(offered(open_offer(page))) > 1
    assert desk.recipe.name == "local_optima"


def test_a_slide_that_a_lecture_has_no_room_for_is_not_said_to_be_added(open_page: Open) -> None:
    page = open_offer(open_page())
    page.button(key="descent.to.lecture.new").click().run()
    desk = page.session_state["lecture.desk"]
    full = Lecture("Full", tuple(Slide(f"{n}") for n in range(MOST_SLIDES)))
    desk.put(desk.recipe.with_lecture(full, 0))
    (toast,) = toasts(open_offer(page))
    assert toast.startswith(f"Not added. A lecture has 1 to {MOST_SLIDES} slides")
    assert desk.recipe.lecture == full
    desk.put(lectures.Talk(lectures.ELSEWHERE, own="0123456789ab"))
    assert not kept.add(desk, desk.recipe, Slide("one more"))
    kept._found(desk, {"own": "0123456789ab", "text": full.to_json(), "kept": []})
    assert "A slide was not added. A lecture has" in kept._kept(desk).said[1]()
    with speaking("ko"):
        assert "restored" not in (said := kept._kept(desk).said[1]())
        assert f"{MOST_SLIDES}" in said


@pytest.mark.parametrize("answer", [{}, {"problem": "SecurityError"}, {"text": "{}"}, {"text": '{"slides": 3}'}])
def test_why_a_lecture_was_not_restored_is_said_in_the_language_of_the_moment(answer: dict[str, str]) -> None:
    desk = Desk(lectures.PAGE, lectures.RULES, lectures.Talk(lectures.ELSEWHERE, own="0123456789ab"))
    kept._found(desk, {"own": "0123456789ab", "kept": []} | answer)
    about, said = kept._kept(desk).said
    assert not desk.problems
    assert said().startswith("Your lecture could not be restored. ")
    with speaking("ko"):
        assert lectures.translated(about) == lectures.translated(desk.recipe)
        assert not {"browser", "lecture", "must", "not"} & set(said().split())


def test_what_is_added_waits_for_a_lecture_that_the_browser_keeps() -> None:
    desk = Desk(lectures.PAGE, lectures.RULES, lectures.RULES.first())
    theirs = Lecture("Theirs", (Slide("a"), Slide("b")))
    kept.add(desk, lectures.Talk(lectures.ELSEWHERE, own="0123456789ab"), Slide("c"))
    assert desk.recipe.elsewhere
    kept._found(desk, {"own": "0123456789ab", "text": theirs.to_json(), "kept": []})
    assert [slide.title for slide in desk.recipe.lecture.slides] == ["a", "b", "c"]
    assert desk.recipe.own == "0123456789ab"
