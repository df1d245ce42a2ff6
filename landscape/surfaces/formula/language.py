"""The language of formulas: what is typed, read as a tree (``tokens``, ``words``, ``grammar``, ``tree``).

Read is what has one meaning. What people read in two ways (1/2x, e^2x, |x|y|z|) is refused, and both readings shown.
Nothing typed is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from landscape.errors import FormulaError
from landscape.language import tr
from landscape.surfaces.formula import names as _names
from landscape.surfaces.formula.characters import refuse
from landscape.surfaces.formula.grammar import Parser
from landscape.surfaces.formula.leftside import left_side
from landscape.surfaces.formula.tokens import tokens_of, with_calls_for_bars
from landscape.surfaces.formula.tree import Node, names_in, written
from landscape.surfaces.formula.words import CONSTANTS, declared_names, typed_names

MAX_LENGTH = 500
"""Characters that a user's formula may have."""


class Reading(NamedTuple):
    """The tree of a formula, and the names of its coordinates in order: those given, or those that it mentions."""

    tree: Node
    variables: tuple[str, ...]

    @property
    def understood(self) -> str:
        """The formula with every product sign, which is read alike: x₂ alone is x_2, as x2 might be a power."""
        text, lone = written(self.tree), _names.lone(self.names())
        return re.sub(rf"\b{''.join(lone)}\b", "_".join(lone), text) if lone else text

    def names(self) -> set[str]:
        """Return the names that stand in the formula."""
        return names_in(self.tree) - {*CONSTANTS}


def read(
    text: str,
    variables: Sequence[str] | None = None,
    parameters: Sequence[str] = (),
    max_length: int = MAX_LENGTH,
) -> Reading:
    """Return the tree of a formula; raise ``FormulaError`` that says what is refused, where, and what is allowed.

    ``variables`` and ``parameters`` are the names that it may have; with ``None`` these are those of
    ``names.together``.
    """
    if not isinstance(text, str):
        raise FormulaError(tr("a formula is text, not {given}", given=type(text).__name__))
    if not text.strip():
        raise FormulaError(tr("the formula is empty; write one such as x^2 - y^2"))
    if len(text) > max_length:
        refuse(
            tr("a formula has at most {most} characters, this one has {n}", most=max_length, n=len(text)), max_length
        )
    left = left_side(text)
    tokens = tokens_of(" " * left.end + text[left.end :] if left else text)
    if not tokens:
        raise FormulaError(tr("the formula is empty; write one such as x^2 - y^2"))
    if variables is None and left and left.arguments:
        tokens, chosen = declared_names(tokens, {*left.arguments}), left.arguments
    elif variables is None:
        tokens, chosen = typed_names(tokens)
        if left and left.name in chosen:
            refuse(
                tr(
                    "{name} stands on both sides of the equals sign; give the right-hand side alone",
                    name=_names.shown(left.name),
                ),
                0,
            )
    else:
        tokens, chosen = declared_names(tokens, {*variables, *parameters}), tuple(variables)
    of_spreadsheet = left is not None and left.of_spreadsheet
    return Reading(Parser(with_calls_for_bars(tokens), text, of_spreadsheet).whole(), chosen)
