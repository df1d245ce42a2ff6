"""Lectures: there and back as JSON, refused with the slide's number, exported as deck and handout."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess

import pytest

import landscape as ls
from landscape import figures
from landscape.figures import FIGURES
from landscape.language import languages, speaking
from landscape.language.pseudo import PSEUDO
from landscape.lecture import LECTURES, Lecture, Slide, save
from landscape.lecture.deck import deck_data
from landscape.lecture.files import FORMATS
from landscape.stopping import Cancelled
from landscape.surfaces.families import family

HOSTILE = "</script><script>window.hurt = 1</script> & 안장점 נקודת אוכף $x_1$ %"
RUN = ls.Experiment("saddle", ("sgd", "adam"), [(1.0, 1e-3)], n_steps=40)
SMALL = Lecture(
    HOSTILE,
    (
        Slide("A run", ("first point", "second point"), "Said aloud.\n\nTwice.", RUN),
        Slide("In relief", experiment=RUN, view={"relief": True, "log_color": False}),
        Slide("Words", ("Nothing but words.",), HOSTILE),
    ),
)


def test_json_brings_everything_back():
    assert Lecture.from_json(SMALL.to_json()) == SMALL


@pytest.mark.parametrize("key", languages())
@pytest.mark.parametrize("name", LECTURES)
def test_prepared_lectures_come_back_too_in_the_language_in_which_they_were_asked_for(name, key):
    english = LECTURES[name]()
    with speaking(key):
        lecture = LECTURES[name]()
    assert Lecture.from_json(lecture.to_json()) == lecture
    assert len({slide.title for slide in lecture.slides}) == len(lecture)
    assert all(slide.notes for slide in lecture.slides)
    assert [slide.made_of for slide in lecture.slides] == [slide.made_of for slide in english.slides]


def said(lecture):
    """Return every text of a lecture."""
    slides = [text for slide in lecture.slides for text in (slide.title, *slide.points, slide.notes)]
    return [lecture.title, *slides]


@pytest.mark.parametrize("name", LECTURES)
def test_every_word_of_a_prepared_lecture_and_its_deck_is_translated(name):
    with speaking(PSEUDO):
        lecture = LECTURES[name]()
        words = deck_data(lecture, [], "light")["words"]
    assert [text for text in said(lecture) if not text.startswith("[")] == []
    assert {"Notes", "Next →", "No notes."} <= words.keys()


def test_the_prepared_lecture_has_ten_slides():
    lecture = LECTURES["local_optima"]()
    assert len(lecture) == 10
    assert lecture.title == "The problem of local optima"


def test_runs_of_the_prepared_lecture_show_what_its_words_say():
    slides = {slide.title: slide for slide in LECTURES["local_optima"]().slides}

    def ends(title):
        run = slides[title].experiment.run()
        return {t.optimizer.key: (t.outcomes[0].word, t.verdicts[0]) for t in run.trajectories}

    feared = ends("Why local minima were feared")
    assert "local minimum" in feared["sgd"][1]
    assert "local minimum" in feared["adam"][1]
    assert "local" not in feared["momentum"][1]
    assert feared["momentum"][0] == "minimum"
    saddle = ends("What a saddle is")
    assert saddle["sgd"][0] != "minimum"
    assert {saddle[key][0] for key in ("rmsprop", "adam")} <= {"minimum", "still moving"}
    plateau = ends("Four optimizers on a plateau")
    assert [plateau[key][0] for key in ("sgd", "momentum", "adam")] == ["plateau", "minimum", "minimum"]
    shown = slides["Four optimizers on a plateau"]
    crossed = {t.optimizer.key: int((t.points[0, :, 0] > 2.5).argmax()) for t in shown.experiment.run().trajectories}
    assert crossed == {"sgd": 0, "momentum": 1978, "rmsprop": 239, "adam": 368}
    assert all(f"{steps:,}" in shown.notes for steps in crossed.values() if steps)
    assert "5 of 24 with 8 neurons, 0 of 24 with 9 neurons, 0 of 24 with 10" in slides["Width"].scene().notes[0]
    assert "predicts itself better" in slides["Batch normalization"].scene().notes[0]


def test_noise_makes_the_difference_on_the_ridge():
    noisy = next(slide for slide in LECTURES["local_optima"]().slides if slide.title == "Noise").experiment
    for trajectory in noisy.run().trajectories:
        assert trajectory.final_values[0] < -0.9
    for trajectory in noisy.replace(noise=None).run().trajectories:
        assert trajectory.outcomes[0].word == "saddle"


def test_slides_move_and_leave():
    titles = [slide.title for slide in SMALL.moved(2, 0).slides]
    assert titles == ["Words", "A run", "In relief"]
    assert [slide.title for slide in SMALL.without(1).slides] == ["A run", "Words"]
    assert SMALL.with_added(Slide("New"), 1).slides[1].title == "New"
    with pytest.raises(ValueError, match="1 to"):
        Lecture("One", (Slide("Last"),)).without(0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("slides"), "no slides"),
        (lambda d: d.update(slides=[]), "1 to"),
        (lambda d: d.update(slides="abc"), "list"),
        (lambda d: d.update(format=9), "format"),
        (lambda d: d["slides"][1].pop("title"), "slide 2.*title"),
        (lambda d: d["slides"][1].update(colour="red"), "slide 2.*colour"),
        (lambda d: d["slides"][0].update(points="one"), "slide 1.*points"),
        (lambda d: d["slides"][0].update(title=3), "slide 1.*title"),
        (lambda d: d["slides"][2].update(claim="no_such_claim"), "slide 3.*no_such_claim"),
        (lambda d: d["slides"][0].update(claim="random_matrices"), "slide 1"),
        (lambda d: d["slides"][0]["experiment"].update(n_steps=-1), "slide 1.*n_steps"),
        (lambda d: d["slides"][0].update(view={"sideways": True}), "slide 1.*view"),
        (lambda d: d["slides"][2].update(seed=-1), "slide 3.*seed"),
        (lambda d: d["slides"][2].update(notes="x" * 30_000), "slide 3.*notes"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_slide(change, said):
    data = json.loads(SMALL.to_json())
    change(data)
    with pytest.raises((ValueError, TypeError), match=said):
        Lecture.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "{", "[" * 10_000, "3", "null", '{"slides": 3}'])
def test_a_file_that_is_none_is_refused(text):
    with pytest.raises((ValueError, TypeError)):
        Lecture.from_json(text)


def test_the_deck_is_one_file_that_asks_for_nothing(tmp_path):
    path = save(SMALL, tmp_path / "deck.html")
    text = path.read_text(encoding="utf-8")
    assert "<script>window.hurt" not in text
    assert not re.findall(r'(?:src|href)\s*=\s*"https?:', text.split("<body>")[1].split("<script>")[0])
    data = json.loads(re.search(r'<script type="application/json" id="scene">(.*?)</script>', text)[1])
    assert [slide["title"] for slide in data["slides"]] == ["A run", "In relief", "Words"]
    assert data["slides"][0]["payload"]["n_steps"] == 40
    assert data["slides"][2]["payload"] is None


def test_the_handout_has_a_page_a_slide_with_its_notes(tmp_path, tool):
    path = save(SMALL, tmp_path / "handout.pdf")
    done = subprocess.run([tool("pdftotext"), "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    pages = [" ".join(page.split()) for page in done.stdout.split("\f")[:-1]]
    assert len(pages) == 3
    for words in ("A run", "first point", "second point", "Said aloud.", "Twice.", "Gradient norm"):
        assert words in pages[0]
    assert "Nothing but words." in pages[2]
    assert "window.hurt" in pages[2]
    plain = save(Lecture("", SMALL.slides[:2]), tmp_path / "plain.pdf")
    fonts = subprocess.run([tool("pdffonts"), str(plain)], capture_output=True, text=True, check=True).stdout
    assert "Type 3" not in fonts


def test_saving_knows_its_formats(tmp_path):
    with pytest.raises(ls.UnknownName, match="html"):
        save(SMALL, tmp_path / "deck.docx")
    with pytest.raises(TypeError, match="theme"):
        save(SMALL, tmp_path / "deck.html", colour="red")
    with pytest.raises(ls.UnknownName, match="light"):
        save(SMALL, tmp_path / "deck.html", theme="pink")
    assert list(tmp_path.iterdir()) == []
    assert Lecture.from_json(save(SMALL, tmp_path / "l.json").read_text(encoding="utf-8")) == SMALL


WRONG = {"theme": "pink", "size": "huge", "pages": 1, "seconds": -1.0, "fps": 0.0, "hold": -1.0}
"""A value of each option that no format takes."""


@pytest.mark.parametrize(
    ("ending", "option"), [(e, o) for e, format in FORMATS.items() for o in format.options if o in WRONG]
)
def test_a_wrong_option_is_refused_before_a_slide_is_run(ending, option, tmp_path, monkeypatch):
    def run(slide: Slide) -> None:
        raise AssertionError(f"{slide.title} was run")

    monkeypatch.setattr(Slide, "scene", run)
    with pytest.raises(ValueError, match=option):
        save(SMALL, tmp_path / f"lecture.{ending}", **{option: WRONG[option]})
    assert list(tmp_path.iterdir()) == []


def test_stopping_leaves_no_file(tmp_path):
    with pytest.raises(Cancelled):
        save(SMALL, tmp_path / "deck.html", progress=lambda done, total, what: done < 1)
    assert list(tmp_path.iterdir()) == []


FIRST = {
    "descent": RUN,
    "softmax": ls.Experiment(ls.network("softmax", data=ls.data("iris")), ("sgd",), ls.Random(1), n_steps=20),
    "framework_example": ls.Experiment("framework_example", ("sgd",), [0.0], n_steps=20),
    "high_dimensions": ls.Experiment(family("two_point_saddle", n_dims=8, index=3), ("adam",), ls.Beside(0.01), 20),
    "basins": RUN.replace(surface="himmelblau"),
    "tuning": RUN,
    "swarm": RUN.replace(starts=ls.Grid(10)),
    "matrices": ls.Experiment("matrix_quadratic", (ls.Muon(), "adam"), ls.Random(1), 20),
}
COARSE = {"basins": {"pixels": "100"}, "networks": {"view": "plateaus"}}


@pytest.mark.parametrize("key", FIGURES)
def test_every_figure_becomes_a_slide_that_comes_back_and_is_drawn(key):
    figure = FIGURES[key]
    recipe = FIRST[key] if figure.of_experiment else figure.recipe()
    slide = Slide.of("Seen", key, recipe, COARSE.get(key, {}), notes="Said.")
    (back,) = Lecture.from_json(Lecture("One", (slide,)).to_json()).slides
    assert back == slide
    assert back.made_of == recipe
    scene = back.scene()
    assert scene.title == "Seen"
    assert scene.panels


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (
            {"figure": "descent", "experiment": RUN},
            {"figure": "descent", "experiment": RUN, "view": {"view": "relief"}},
        ),
        ({"figure": "networks", "view": {"view": "plateaus"}}, {"figure": "networks", "view": {"view": "plateaus"}}),
        ({"experiment": RUN}, {"experiment": RUN.replace(n_steps=60), "view": {"relief": True}}),
    ],
    ids=["figures", "settings", "runs"],
)
def test_a_slide_has_a_held_picture_beside_its_own(now, before):
    slide = Slide("Both", held=Slide("Before", **before), **now)
    (back,) = Lecture.from_json(Lecture("One", (slide,)).to_json()).slides
    assert back == slide
    both, alone = back.scene(), Slide("Now", **now).scene()
    assert both.title == "Both"
    assert len(both.tracks) == 2 * len(alone.tracks)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"experiment": RUN, "held": Slide("Words")}, "same figure"),
        ({"held": Slide("A run", experiment=RUN)}, "same figure"),
        ({"claim": "width", "held": Slide("Another", claim="width")}, "same figure"),
        ({"experiment": RUN, "held": Slide("Framed", figure="descent", experiment=RUN)}, "same figure"),
        ({"experiment": RUN, "held": {"title": "A run"}}, "not a dict"),
        (
            {"experiment": RUN, "held": Slide("Two", experiment=RUN, held=Slide("Three", experiment=RUN))},
            "nothing itself",
        ),
    ],
)
def test_what_cannot_be_held_beside_a_slide_is_refused(change, said):
    with pytest.raises((ValueError, TypeError), match=said):
        Slide("Seen", **change)


def test_what_a_slide_shows_is_kept_for_others():
    kept = {}

    def keep(key, make, takes):
        return kept.setdefault(key, None) or kept.update({key: make()}) or kept[key]

    slide = Slide.of("Seen", "descent", RUN, {"view": "relief", "overlay": "critical"})
    slide.scene(keep)
    assert {key[0] for key in kept} == {"run", "critical points"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"figure": "no_such_figure"}, "unknown figure"),
        ({"figure": "basins"}, "made of an experiment"),
        ({"figure": "basins", "experiment": RUN, "settings": {"n": 3}}, "made of an experiment alone"),
        ({"figure": "escape", "experiment": RUN}, "made of settings alone"),
        ({"figure": "escape", "settings": {"speed": 3}}, "unknown setting of escape 'speed'"),
        ({"figure": "escape", "settings": {"offset": -1.0}}, "offset must be"),
        ({"figure": "escape", "settings": {"offset": "1"}}, "offset must be a number"),
        ({"figure": "networks", "settings": {"data": ["moons"]}}, "unknown data"),
        ({"figure": "networks", "view": {"view": "sideways"}}, "unknown view 'sideways'"),
        ({"figure": "networks", "view": {"relief": True}}, "by a word"),
        ({"figure": "networks", "view": {"colour": "red"}}, "unknown view of networks"),
        ({"figure": "escape", "claim": "width"}, "a figure and a claim"),
    ],
)
def test_what_does_not_belong_to_a_figure_is_refused(change, said):
    with pytest.raises((ValueError, TypeError), match=said):
        Slide("Seen", **change)


def test_a_figure_of_ones_own_is_kept_by_slides(monkeypatch):
    monkeypatch.setattr(figures, "_FIGURES", known := dict(FIGURES))
    monkeypatch.setattr(figures, "FIGURES", known)
    mine = figures.register(dataclasses.replace(FIGURES["escape"], key="mine"))
    lecture = Lecture("Mine", (Slide("A picture of mine", figure="mine"),))
    assert Lecture.from_json(lecture.to_json()) == lecture
    assert lecture.slides[0].scene().tracks
    with pytest.raises(ValueError, match="mine already"):
        figures.register(dataclasses.replace(mine))
