from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import app.sitemap  # noqa: F401  pages enter themselves where slides look for them
from app import lectures, slides
from app.state import ANSWER, Desk
from landscape.experiment import Experiment
from landscape.lecture import LECTURES, Lecture, Slide
from landscape.recipe.starts import Random
from tests.app.conftest import said

PAGE = """
from app.sitemap import PAGES
PAGES[-1]()
"""


@pytest.fixture
def open_lecture() -> Callable[..., AppTest]:
    def opened(**query: str) -> AppTest:
        page = AppTest.from_string(PAGE, default_timeout=60)
        page.query_params.update(query)
        page.run()
        assert not page.exception
        return page

    return opened


def titles(page: AppTest) -> list[str]:
    return [option.split(". ", 1)[1].replace("\\", "") for option in page.radio(key="lecture.slide").options]


def test_it_opens_on_the_prepared_lecture(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture()
    prepared = LECTURES["local_optima"]()
    assert titles(page) == [slide.title for slide in prepared.slides]
    assert page.title[0].value == prepared.slides[0].title
    assert [element.proto.component_name for element in page.get("bidi_component")] == [
        "landscape_player",
        "landscape_kept",
    ]


def test_a_box_is_filled_for_a_browser_that_is_behind(open_lecture: Callable[..., AppTest]) -> None:
    page, key = open_lecture(), "lecture.words.0.title"

    def told(heard: str) -> tuple[str, str, bool]:
        """Run once more, for a browser that has drawn this run and no later one; return what fills the box."""
        page.text_input(key=ANSWER).set_value(heard).run()
        box = page.text_input(key=key)
        return box.proto.id, box.proto.default, box.proto.set_value

    words = LECTURES["local_optima"]().slides[0].title
    # What a browser makes anew has these words, whichever run it draws first; one that is there is told until it heard.
    same = page.text_input(key=key).proto.id
    page.session_state[key] = "Another"
    assert told("1") == (same, "", True)
    assert page.title[0].value == words
    assert [told("1"), told("1"), told("4")] == [(same, "", True), (same, "", True), (same, words, False)]
    # What somebody types meanwhile is not put back.
    page.text_input(key=key).set_value("Mine")
    assert told("4") == (same, "Mine", False)
    assert page.title[0].value == "Mine"


def test_the_projector_has_the_open_slide_first_then_those_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Experiment("sphere", ("sgd",), [(1.0, 1.0)], n_steps=10)
    made = Lecture("Four", tuple(Slide(name, experiment=run) for name in "ABCD"))
    drawn = slides.payload

    def payload(slide: Slide, theme: str) -> Any:
        if slide.title == "D":
            raise ValueError("this cannot be drawn")
        return drawn(slide, theme)

    monkeypatch.setattr(slides, "payload", payload)
    page = AppTest.from_string(PAGE, default_timeout=60)
    page.query_params["present"] = "1"
    desk = page.session_state["lecture.desk"] = Desk(
        lectures.PAGE, lectures.RULES, lectures.Talk(made, 1, own="0" * 12)
    )
    desk.touched = True
    page.run()
    assert not page.exception
    deck, *later = [
        (element.proto.component_name, json.loads(element.proto.json))
        for element in page.get("bidi_component")
        if element.proto.component_name in ("landscape_deck", "landscape_slide")
    ]
    assert [("payload" in slide) for slide in deck[1]["deck"]["slides"]] == [False, True, False, False]
    assert [data["number"] for _, data in later] == [2, 3, 0]
    assert later[1][1]["slide"]["payload"] is None
    assert later[1][1]["slide"]["points"] == ["This cannot be drawn."]


def test_next_and_back_walk(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture()
    page.button(key="lecture.on").click().run()
    assert page.title[0].value == "What a saddle is"
    assert page.query_params["slide"] == "2" or page.query_params["slide"] == ["2"]
    page.button(key="lecture.back").click().run()
    assert page.title[0].value == "Why local minima were feared"
    assert page.button(key="lecture.back").disabled


def test_slides_are_moved_removed_and_added(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture()
    first, second, *rest = titles(page)
    page.button(key="lecture.down").click().run()
    assert titles(page) == [second, first, *rest]
    page.button(key="lecture.remove").click().run()
    assert titles(page) == [second, *rest]
    page.button(key="lecture.add.words").click().run()
    assert "A new slide" in titles(page)
    page.selectbox(key="lecture.add.claim").select("batch_norm").run()
    assert not said(page)
    assert len(titles(page)) == 1 + len(rest) + 2


def test_words_are_edited_and_shown_as_they_are(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture(slide="10")
    page.text_input(key="lecture.words.9.title").input("<b>Remember</b> *this*").run()
    assert titles(page)[-1] == "<b>Remember</b> *this*"
    assert page.title[0].value.replace("\\", "") == "<b>Remember</b> *this*"
    assert "\\<b\\>" in page.title[0].value
    page.text_area(key="lecture.words.9.points").input("one\n\n two ").run()
    assert "- one\n- two" in [m.value for m in page.markdown]


def test_a_bad_address_opens_the_prepared_lecture(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture(lecture="<script>", slide="99")
    assert "lecture: unknown lecture" in said(page).lower()
    assert "slide: must be" in said(page).lower()
    assert len(titles(page)) == 10


def test_a_new_lecture_has_no_address_of_its_own(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture()
    page.button(key="lecture.new").click().run()
    assert titles(page) == ["The first slide"]
    assert "lecture" not in page.query_params
    assert lectures.is_name(page.query_params["own"])
    page.button(key="lecture.remove").click().run()
    assert "1 to" in said(page)
    assert titles(page) == ["The first slide"]


@pytest.mark.parametrize("change", [lambda t: t.moved(-5), lambda t: t.at(99), lambda t: t.without()])
def test_talks_stay_within_their_slides(change: Callable[[Any], Any]) -> None:
    talk = lectures.Talk(Lecture("Two", (Slide("a"), Slide("b"))), 1)
    assert 0 <= change(talk).number < len(change(talk).lecture)
    with pytest.raises(ValueError, match="no slide"):
        lectures.Talk(talk.lecture, 2)


def test_an_own_lecture_is_waited_for_and_no_other_one_is_shown(open_lecture: Callable[..., AppTest]) -> None:
    page = open_lecture(own="0123456789ab", slide="7")
    assert not page.radio
    assert "being looked for" in page.caption[0].value
    assert page.query_params["own"] == "0123456789ab"


@pytest.mark.parametrize("name", ["x", "0123456789abc", "../../../..", "0123456789AB", "٠١٢٣٤٥٦٧٨٩ab"])
def test_what_is_no_name_of_an_own_lecture_is_refused(open_lecture: Callable[..., AppTest], name: str) -> None:
    page = open_lecture(own=name)
    assert "own: must be the name" in said(page).lower()
    assert len(titles(page)) == 10


def test_every_change_makes_a_lecture_ones_own_and_walking_does_not() -> None:
    talk = lectures.prepared(lectures.DEFAULT)
    slide = Slide("One more")
    assert lectures.write(talk.at(3)) == {"slide": "4", "lecture": lectures.DEFAULT}
    changes = [talk.renamed("Mine"), talk.changed(notes="x"), talk.moved(1), talk.with_added(slide), talk.without()]
    for changed in changes:
        assert lectures.is_name(changed.own)
        assert set(lectures.write(changed)) == {"slide", "own"}
        assert changed.changed(notes="y").at(0).own == changed.own
    assert len({changed.own for changed in changes}) == len(changes)


def test_a_lecture_whose_pictures_do_not_fit_together_is_refused() -> None:
    full = Slide("Full", experiment=Experiment("ackley", ["sgd"] * 5, Random(200), 600))
    lectures.allow(lectures.Talk(Lecture("Some", (full,) * 15)))
    with pytest.raises(ValueError, match=r"slide 16: the runs up to this one do not fit"):
        lectures.allow(lectures.Talk(Lecture("Very many", (full,) * 200)))


@pytest.mark.parametrize("name", LECTURES)
def test_prepared_lectures_are_allowed(name: str) -> None:
    lectures.allow(lectures.prepared(name))


LARGE = {"surface": {"name": "p_spin", "n_dims": 10**7}, "optimizers": [{"name": "sgd"}], "starts": [], "n_steps": 1}


@pytest.mark.parametrize(
    ("slides", "message"),
    [
        ([{"title": "x", "experiment": LARGE}], "slide 1: this page goes up to 10,000 dimensions"),
        ([None] * 100_000, "1 to 200 slides, not 100000"),
        ([{"title": "x" * lectures.LARGEST}], "no lecture; they have at most 4,000,000"),
    ],
    ids=["a surface", "slides", "letters"],
)
def test_what_a_browser_tells_is_asked_as_a_file_is(slides: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lectures.opened(json.dumps({"slides": slides}), lectures.new_name())
