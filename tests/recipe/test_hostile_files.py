"""Recipes and lectures that somebody made up: refused in a sentence, whatever stands in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import app.sitemap  # noqa: F401  pages enter themselves where slides look for them
import landscape as ls
from app import lectures
from app.limits import FILE
from landscape.lecture import Lecture, Slide

WHOLE: dict[str, Any] = ls.Experiment("himmelblau", ("sgd",), [(1.0, 2.0)], 20).recipe()
SGD = {"name": "sgd", "learning_rate": 0.1}


def text_of(**changes: Any) -> str:
    return json.dumps(WHOLE | changes)


WRONG: list[tuple[str, str]] = [
    (text_of(optimizers=[SGD | {"learning_rate": float("nan")}]), "NaN is no number"),
    (text_of(n_steps=float("inf")), "Infinity is no number"),
    (text_of(optimizers=[SGD | {"learning_rate": 10**401}]), "too large"),
    (text_of(n_steps=10**30), "too large"),
    (text_of(seed=10**4000), "too large"),
    (text_of(optimizers=[SGD]).replace("0.1", "1e999"), "too large"),
    (text_of(optimizers=[SGD | {"learning_rate": True}]), "must be a number"),
    (text_of(optimizers=[SGD | {"learning_rate": "0.1"}]), "must be a number"),
    (text_of(optimizers=[SGD | {"learning_rate": None}]), "must be a number"),
    (text_of(optimizers=[SGD | {"learning_rate": [0.1]}]), "must be a number"),
    (text_of(optimizers=[SGD | {"name": 3}]), "name"),
    (text_of(optimizers={"name": "sgd"}), "list"),
    (text_of(n_steps=True), "whole number"),
    (text_of(n_steps="20"), "whole number"),
    (text_of(n_steps=20.0), "whole number"),
    (text_of(seed=-1), "whole number"),
    (text_of(title="\ud800"), "U\\+D800"),
    (text_of(title="a\x00b"), "U\\+0000"),
    (text_of(title=7), "must be text"),
    (text_of(title="x" * 30_000), "letters"),
    (text_of(schedule="cosine"), "mapping"),
    (text_of(schedule={"name": "cosine", "final": "0"}), "must be a number"),
    (text_of(noise={"name": "gaussian", "scale": True}), "must be a number"),
    (text_of(surface={"name": "rastrigin", "n_dims": 10_000_000}), "up to 10,000 dimensions"),
    (text_of(surface={"name": "rastrigin", "n_dims": "10"}), "n_dims"),
    (text_of(surface={"name": "rosenbrock", "settings": {"a": "1"}}), "must be a number"),
    (text_of(surface={"name": "rosenbrock", "settings": {"a": True}}), "must be a number"),
    (text_of(surface={"name": "rosenbrock", "settings": {"a": 10**300}}), "too large"),
    (text_of(surface={"formula": 7}), "text|str|formula"),
    (text_of(surface={"formula": "x" * 20_000}), "characters"),
    (text_of(starts={"name": "random", "n": 10**17}), "at most"),
    (text_of(starts=[[1.0, "2.0"]]), "must be numbers"),
    (text_of().replace('"seed": 0', '"seed": 0, "seed": 1'), "twice"),
    (text_of(surface=json.loads("[" * 200 + "]" * 200)), "nested too deeply"),
    ("[" * 100_000, "nested too deeply"),
    ('{"a":' * 100_000, "nested too deeply"),
    ("", "not JSON"),
    ("3", "JSON object"),
    (text_of(format=True), "format"),
    (text_of(format=3), "format 3"),
]
every_one = pytest.mark.parametrize(("text", "says"), WRONG, ids=range(len(WRONG)))


@every_one
def test_a_recipe_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises((ValueError, TypeError), match=says):
        ls.Experiment.from_json(text, FILE.allow_surface)


@every_one
def test_a_lecture_with_it_is_refused_in_a_sentence(text: str, says: str) -> None:
    file = f'{{"lecture": "L", "slides": [{{"title": "S", "experiment": {text or "null x"}}}]}}'
    with pytest.raises((ValueError, TypeError)):
        Lecture.from_json(file, FILE.allow_surface)


@pytest.mark.parametrize(
    ("slide", "says"),
    [
        ({"title": "\udfff"}, "U\\+DFFF"),
        ({"title": "S", "notes": "\ud83d"}, "U\\+D83D"),
        ({"title": "S", "points": ["\x1b"]}, "U\\+001B"),
        ({"title": "S", "points": [1]}, "must be text"),
        ({"title": "S", "claim": "slices", "settings": {"dimensions": float("nan")}}, "NaN"),
        ({"title": "S", "claim": "random_landscapes", "settings": {"dimensions": "3"}}, "must be a number"),
        ({"title": "S", "claim": "random_landscapes", "settings": {"dimensions": True}}, "must be a number"),
        ({"title": "S", "claim": "random_landscapes", "settings": {"dimensions": 10**9}}, "at most"),
        ({"title": "S", "claim": "random_landscapes", "settings": {"nothing": 1}}, "nothing"),
        ({"title": "S", "claim": ["slices"]}, "claim"),
        ({"title": "S", "seed": True}, "seed"),
        ({"title": "S", "view": {"relief": 1}}, "view"),
    ],
)
def test_a_slide_is_refused_in_a_sentence(slide: Any, says: str) -> None:
    with pytest.raises((ValueError, TypeError), match=says):
        Lecture.from_json(json.dumps({"lecture": "L", "slides": [slide]}))


def test_a_lecture_that_this_server_does_not_compute_is_not_opened() -> None:
    long = ls.Experiment("himmelblau", "sgd", [(1.0, 2.0)], 10**7)
    with pytest.raises(ValueError, match="slide 2: 10,000,000 steps are too many"):
        lectures.allow(lectures.Talk(Lecture("L", (Slide("words"), Slide("S", experiment=long)))))
    lectures.allow(lectures.prepared("local_optima"))


def test_text_that_files_can_hold_is_kept() -> None:
    title = "Größe – ∇f, 局所最適 🏔\nline"
    assert ls.Experiment.from_json(text_of(title=title)).title == title
