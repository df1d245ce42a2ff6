"""Captions: complete, and escaped for what they are put into."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landscape as ls
from landscape.render.words.caption import (
    SOFTWARE,
    caption_of,
    details_of,
    metadata,
    recipe_json,
    to_latex,
    to_markdown,
)

HOSTILE = "안장점 <script>alert(1)</script> $x_1^2$ 100% & α \\input{/etc/passwd} ~#`"


@pytest.fixture(scope="module")
def real():
    optimizers = (ls.SGD(learning_rate=0.05), ls.Adam(learning_rate=0.01, bias_correction=False))
    return ls.Experiment("rosenbrock", optimizers, [(-1.0, 1.0)], 7, seed=3).run().scene()


def test_a_caption_has_the_whole_recipe(real):
    text = caption_of(real, "https://example.org/").text()
    for said in (
        "f(x, y) = (a - x)^2 + b*(y - x^2)^2 with a = 1, b = 100",
        "SGD (learning rate 0.05, weight decay 0)",
        "Adam (learning rate 0.01, b1 0.9, b2 0.999, eps 1e-08, weight decay 0, bias correction off)",
        "Start: (-1, 1).",
        "7 steps. Seed 3.",
        SOFTWARE,
        "https://example.org/?surface=rosenbrock",
    ):
        assert said in text
    assert text.count(SOFTWARE) == 1


def test_the_link_in_the_caption_opens_the_scene_again(real):
    from urllib.parse import parse_qsl, urlsplit

    link = caption_of(real, "https://example.org/").link
    assert ls.Experiment.from_query(dict(parse_qsl(urlsplit(link).query))).recipe() == dict(real.recipe)


def test_latex_has_a_figure_with_the_formula(real):
    latex = caption_of(real).latex("path_to/my figure.pdf")
    assert r"\includegraphics[width=\linewidth]{path-to-my-figure.pdf}".replace("path-to-", "path_to-") in latex
    assert r"\(f(x, y) = \left(1 - x\right)^{2}" in latex
    assert r"\label{fig:path-to-my-figure}" in latex
    assert "% The file's name is without its special letters here: path_to/my figure.pdf" in latex
    assert latex.count(r"\begin{figure}") == latex.count(r"\end{figure}") == 1


def test_markdown_shows_the_picture(real):
    markdown = caption_of(real).markdown("a b.png")
    assert f"![{to_markdown(real.title)}](a%20b.png)" in markdown
    assert "`f(x, y) = (a - x)^2" in markdown


def test_hostile_words_are_words_everywhere(make):
    caption = caption_of(make(title=HOSTILE, caption=HOSTILE, notes=(HOSTILE,)))
    assert HOSTILE in caption.text()
    latex = caption.latex()
    body = "\n".join(line for line in latex.splitlines() if not line.startswith("%"))
    assert r"\input" not in body
    assert r"\textbackslash{}input\{/etc/passwd\}" in body
    assert r"\$x\_1\textasciicircum{}2\$ 100\% \& \ensuremath{\alpha}" in body
    assert "% For the letters 안장점 compile with LuaLaTeX" in latex
    assert "<script>" not in caption.markdown()


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_text_is_a_command_of_latex(text):
    """What is left when our own commands are taken out has no special letter in it."""
    left = re.sub(
        r"\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|dots)\{\}", "", to_latex(text)
    )
    left = re.sub(r"\\ensuremath\{(-|\\[A-Za-z]+|\\frac\{\d\}\{\d\}|[\^_]\{[0-9+-]\}|\^\\circ)\}", "", left)
    left = re.sub(r"\\[{}$&#_%]", "", left)
    assert not set(left) & set("\\{}$&#_%^<>|\n\r")


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_text_is_markup(text):
    shown = to_markdown(text)
    assert "<" not in shown
    assert ">" not in shown
    assert not re.search(r"(?<!\\)(\\\\)*[*_`\[\]!|~]", re.sub(r"\\.", "", shown))


def test_captions_take_scenes_without_a_recipe(curve):
    caption = caption_of(curve)
    assert caption.text() == f"One dimension. Made with {SOFTWARE}."
    assert caption.link == caption.formula == ""
    assert details_of({"surface": {"name": "no such thing"}, "optimizers": "?"}) == ""


def test_many_starts_are_counted():
    details = details_of({"starts": [[float(k), 0.0] for k in range(200)], "n_steps": 1})
    assert details.startswith("Starts: (0, 0), (1, 0)")
    assert details.endswith("and 192 more. 1 step.")


def test_metadata_has_no_date(scene):
    for ending in ("pdf", "svg", "png", "mp4"):
        assert not any(value for key, value in metadata(scene, ending).items() if "date" in key.lower())


def test_numbers_of_numpy_in_a_recipe_are_numbers(tiny):
    recipe = {"seed": np.int64(3), "done": np.bool_(True), "share": np.float32(0.5)}
    assert json.loads(recipe_json(replace(tiny, recipe=recipe))) == {"seed": 3, "done": True, "share": 0.5}
    with pytest.raises(TypeError, match="a recipe cannot hold a set"):
        recipe_json(replace(tiny, recipe={"x": {1}}))
