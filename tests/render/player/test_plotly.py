"""The plotly.js that slides, decks and pages carry: built by ``assets/plotly/build.js`` with few types of traces."""

import json
import re
from pathlib import Path

import plotly.graph_objects as go

from landscape.render.player.html import _script
from landscape.render.player.payload import plotly_script

ROOT = Path(__file__).parents[3]
HEAD = re.match(r"/\*! plotly\.js ([\d.]+) \(([\w ]+)\)\n\nMIT License\n", plotly_script())


def test_it_says_its_version_types_and_license():
    asked = json.loads((ROOT / "assets" / "plotly" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    held = json.loads((ROOT / "assets" / "plotly" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert HEAD.group(1) == asked["plotly.js"] == held["node_modules/plotly.js"]["version"]
    types = re.search(r"const TYPES = \[(.*?)\]", (ROOT / "assets" / "plotly" / "build.js").read_text(encoding="utf-8"))
    assert HEAD.group(2).split() == re.findall(r'"(\w+)"', types.group(1))
    assert all(hasattr(go, name.capitalize()) for name in HEAD.group(2).split())


def test_it_is_small():
    assert len(plotly_script().encode("utf-8")) < 1.8e6


def test_in_a_document_it_is_the_text_whose_digest_is_allowed():
    """A parser of HTML reads a carriage return as a line feed, and NUL as another character."""
    assert not re.search("[\r\0]", _script(plotly_script()))
