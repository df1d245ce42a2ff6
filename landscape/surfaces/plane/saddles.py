"""Saddles: zero gradient, and yet a way down."""

from __future__ import annotations

from functools import partial

from landscape.surfaces.formula import declare

_surface = partial(declare, group="saddles")

SADDLES = (
    _surface(
        "saddle",
        "Saddle",
        "x^2 - y^2",
        ((-2, 2), (-2, 2)),
        saddles=[(0, 0)],
        reference="the standard form of a nondegenerate saddle (Morse lemma)",
        teaches="A start off the x axis by any amount, however small, leaves the saddle, and ever faster.",
    ),
    _surface(
        "escaping_saddle",
        "Saddle with two ways out",
        "x^2 - y^2 + y^4/4",
        ((-2, 2), (-2.5, 2.5)),
        minima=[(0, "sqrt(2)"), (0, "-sqrt(2)")],
        saddles=[(0, 0)],
        reference="the saddle x^2 - y^2, closed by a quartic",
        teaches="The loss looks settled while the path passes the saddle; then it falls again.",
    ),
)
