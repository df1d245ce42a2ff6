"""Leaving a saddle, measured for nine optimizers: steps by offset beside the closed forms, and the paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landscape.analysis.escape import Escapes, closed_form, escapes, straight_saddle
from landscape.descent import descend
from landscape.language import tr
from landscape.optimizers import optimizer
from landscape.optimizers.base import Optimizer
from landscape.surfaces.base import Array

RATE, RADIUS = 0.05, 1.0
OFFSETS = tuple(10.0**-k for k in range(13))
"""Offsets of the chart; from the first one, 1, every path is out before its first step."""

CURVATURES = (0.1, 10.0)
SLACK = 60
"""Steps beyond the closed form that a path gets, so that one that comes late is still seen to leave."""

UNTIL_NOISE = 400
"""Steps for perturbed gradient descent to come so near that it is perturbed, some 135 at ``RATE``, and to spare."""


@dataclass(frozen=True, eq=False)
class Walk:
    """One optimizer: its steps at ``OFFSETS``, at the chosen offset and at 0, and its path from the chosen one.

    ``points`` (T+1, 2) end where the path leaves. ``measured`` and ``on_manifold`` are ``None`` where it had not left
    after ``found.n_steps``; ``held`` tells that from offset 0 y stayed exactly 0 with nothing drawn: it
    never would leave.
    """

    found: Escapes
    measured: int | None
    theory: int | None
    on_manifold: int | None
    held: bool
    points: Array


@dataclass(frozen=True, eq=False)
class EscapeStudy:
    """What every optimizer does on x^2/2 - ``curvature`` y^2/2 from (1, ``offset``)."""

    curvature: float
    offset: float
    walks: tuple[Walk, ...]


def walkers() -> tuple[Optimizer, ...]:
    """Return the optimizers that are compared, all with learning rate ``RATE`` (saddle-free Newton with 1)."""
    return (
        optimizer("sgd", learning_rate=RATE),
        optimizer("momentum", learning_rate=RATE),
        optimizer("nesterov", learning_rate=RATE),
        # eps is out of the way: theory has none
        optimizer("rmsprop", learning_rate=RATE, b2=0.9, eps=1e-300),
        optimizer("adam", learning_rate=RATE, eps=1e-300),
        optimizer("lion", learning_rate=RATE, b1=0.0),
        optimizer("newton"),
        optimizer("saddle_free_newton"),
        optimizer("perturbed_gd", learning_rate=RATE),
    )


def escape_study(curvature: float = 1.0, offset: float = 1e-4) -> EscapeStudy:
    """Measure every optimizer's steps until |y| >= 1, from ``OFFSETS``, from ``offset`` and from the manifold itself.

    Raises ``ValueError`` for an offset outside 1e-12 to 1, or a curvature outside ``CURVATURES``.
    """
    if not OFFSETS[-1] <= offset <= OFFSETS[0]:
        raise ValueError(
            tr(
                "{argument} must be from {low:g} to {high:g}, not {number:g}",
                argument="offset",
                low=OFFSETS[-1],
                high=OFFSETS[0],
                number=offset,
            )
        )
    low, high = CURVATURES
    if not low <= curvature <= high:
        raise ValueError(
            tr(
                "{argument} must be from {low:g} to {high:g}, not {number:g}",
                argument="curvature",
                low=low,
                high=high,
                number=curvature,
            )
        )
    return EscapeStudy(curvature, offset, tuple(_walk(one, curvature, offset) for one in walkers()))


def _walk(one: Optimizer, curvature: float, offset: float) -> Walk:
    known = [steps for steps in closed_form(one, OFFSETS, curvature, RADIUS)[0] if steps is not None]
    # what has no closed form waits for noise first, and then gets the time of the slowest that has one
    slowest = closed_form(walkers()[0], OFFSETS[-1:], curvature, RADIUS)[0][0] or 0
    n_steps = max(known) + SLACK if known else slowest + UNTIL_NOISE
    found = escapes(one, OFFSETS, curvature, RADIUS, n_steps)
    theory = closed_form(one, (offset,), curvature, RADIUS)[0][0]
    run = descend(straight_saddle(curvature), one, [[1.0, offset], [1.0, 0.0]], n_steps)
    outside = np.abs(run.points[:, :, 1]) >= RADIUS
    first = [int(row.argmax()) if row.any() else None for row in outside]
    held = not one.draws and not run.points[1, :, 1].any()
    last = n_steps if first[0] is None else first[0]
    return Walk(found, first[0], theory, first[1], held, run.points[0, : last + 1])
