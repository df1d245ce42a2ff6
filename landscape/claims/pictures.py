"""Pictures of results: measured marks over theory's lines, and how far off each number is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from landscape.claims.base import Result
from landscape.language import tr
from landscape.picture.scene import Axis, Layer, Line, Panel, Samples
from landscape.words import wrapped

GRAPHS = ("graph", "second graph", "third graph", "fourth graph")
"""Roles of several curves in one panel, so that they can be told apart."""


def chart(
    key: str,
    title: str,
    x: Axis,
    y: Axis,
    measured: tuple[ArrayLike, ArrayLike] | None = None,
    theory: tuple[ArrayLike, ArrayLike] | None = None,
    more: Sequence[Layer] = (),
) -> Panel:
    """Return a panel of measured marks (x, y) over a line of theory (x, y)."""
    layers: list[Layer] = list(more)
    if theory is not None:
        layers.append(Line(np.asarray(theory[0], float), np.asarray(theory[1], float), tr("theory"), "theory"))
    if measured is not None:
        at, values = np.asarray(measured[0], float), np.asarray(measured[1], float)
        layers.append(Samples(at, values, np.zeros(len(at), dtype=np.int64), (tr("measured"),)))
    return Panel(key, title, x, y, tuple(layers))


def line(x: ArrayLike, y: ArrayLike, label: str, role: str = "graph") -> Line:
    """Return a named curve that stands still; ``role`` is its look."""
    return Line(np.asarray(x, float), np.asarray(y, float), label, role)


def numbers(result: Result, names: Sequence[str] = (), title: str = "", log: bool = False, panels: int = 1) -> Panel:
    """Return one of so many panels: the result's numbers (all, or ``names``) side by side, measured and expected."""
    checks = [c for c in result.checks if not names or c.name in names]
    room = max(9, 80 // panels // max(len(checks), 1))  # letters that fit below one mark
    ticks = tuple((float(k), "\n".join(wrapped(c.title, room))) for k, c in enumerate(checks))
    places = np.arange(len(checks), dtype=float)
    dashes_x = np.ravel([[k - 0.3, k + 0.3, math.nan] for k in places])
    dashes_y = np.ravel([[c.expected, c.expected, math.nan] for c in checks])
    values = [c.measured for c in checks]
    shown = [v for v in (*values, *(c.expected for c in checks)) if math.isfinite(v)]
    logarithmic = log and all(v > 0 for v in shown)
    return chart(
        "numbers",
        title or tr("measured against expected"),
        Axis("", ticks=ticks, range=(-0.6, len(checks) - 0.4)),
        Axis("", "log" if logarithmic else "linear"),
        (places, values),
        (dashes_x, dashes_y),
    )
