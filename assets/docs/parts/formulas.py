"""Formulas as MathML, which browsers set themselves: no script, no fonts, no network."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx


def inline(writer: Any, node: nodes.math) -> None:
    """Write a formula in a line."""
    writer.body.append(convert(node.astext()))
    raise nodes.SkipNode


def displayed(writer: Any, node: nodes.math_block) -> None:
    """Write a formula of its own line, which scrolls where it is wider than a phone."""
    writer.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def in_outputs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set the formulas in what cells show as HTML."""
    for node in doctree.findall(nodes.raw):
        if node["format"] == "html" and "$$" in node.astext():
            node.children = [nodes.Text(re.sub(r"\$\$(.+?)\$\$", formula, node.astext()))]


def formula(found: re.Match[str]) -> str:
    """Return a formula between dollar signs as MathML."""
    return convert(unescape(found[1]), display="block")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (displayed, None))
    app.connect("doctree-resolved", in_outputs)
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True}
