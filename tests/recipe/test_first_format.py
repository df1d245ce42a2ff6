"""Recipes and links that the first format wrote, made by that version: they open, with the same start points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_array_equal

import landscape as ls
from app.pages import high_dimensions, softmax_regression

WRITTEN: list[dict[str, Any]] = json.loads((Path(__file__).parent / "format1.json").read_text(encoding="utf-8"))
PAGES = {"many-dimensions": high_dimensions, "classify": softmax_regression}
every_one = pytest.mark.parametrize("written", WRITTEN, ids=lambda written: written["name"])


@every_one
def test_a_recipe_of_the_first_format_opens(written: dict[str, Any]) -> None:
    opened = ls.Experiment.from_json(json.dumps(written["json"]))
    assert_array_equal(opened.points, written["json"]["starts"])
    assert opened.recipe()["format"] == 2
    assert ls.Experiment.from_json(opened.to_json()) == opened
    same = {"format", "starts"}
    assert {k: v for k, v in opened.recipe().items() if k not in same} == {
        k: v for k, v in written["json"].items() if k not in same
    }


@every_one
def test_a_link_of_the_first_format_opens(written: dict[str, Any]) -> None:
    if "page" in written:
        rules = PAGES[written["page"]].rules
        opened, problems = rules.read(written["query"], rules.first())
    else:
        opened, problems = ls.Experiment.from_query(written["query"]), ()
    assert problems == ()
    assert_array_equal(opened.points, written["json"]["starts"])
    assert opened.replace(starts=opened.points) == ls.Experiment.from_json(json.dumps(written["json"]))
    assert ls.Experiment.from_query(opened.to_query()) == opened
