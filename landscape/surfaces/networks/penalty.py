"""The l2 penalty that every network has: its field and its LaTeX."""

from __future__ import annotations

from typing import Any

from landscape.language import mark
from landscape.parameter import parameter


def l2_penalty() -> Any:
    """Return the field ``l2`` that every network has."""
    return parameter(0.0, 0.0, 0.1, mark("penalty l2 |W|^2 / 2 on the weights, not on the biases"), minimum=0.0)


def penalty_latex(l2: float) -> str:
    """Return the l2 term in LaTeX, nothing where it is zero."""
    return rf" + \frac{{{l2:g}}}{{2}} \lVert W \rVert^2" if l2 else ""
