"""Local minima: where the start decides the end."""

from __future__ import annotations

from functools import partial

from landscape.surfaces.formula import declare

_surface = partial(declare, group="local_minima")

LOCAL_MINIMA = (
    _surface(
        "himmelblau",
        "Himmelblau",
        "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        ((-6, 6), (-6, 6)),
        minima=[
            (3, 2),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ],
        reference="Himmelblau 1972, Applied Nonlinear Programming",
        teaches="Four minima of the same depth: which one is reached depends on the start, and on the optimizer.",
    ),
)
