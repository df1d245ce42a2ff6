"""The run that a surface opens with: the lesson of its declaration, or one worked out from its heights."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from landscape.language import mark, tr
from landscape.optimizers import optimizer
from landscape.recipe.points import suggested_starts
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.lesson import Lesson, by

_SIDE = 21
_STEEP = 90
_FIRST = 0.1
"""Length of a first step, as a share of the picture's diagonal."""


def lesson_of(surface: Surface) -> Lesson:
    """Return the lesson that a surface declares; for one without, what suits its size, slopes and curvatures.

    Raises ``ValueError`` for such a surface in more than two dimensions.
    """
    return surface.info.lesson or _worked_out(surface)


def parts(surface: Surface) -> dict[str, Any]:
    """Return the fields of the recipe of a surface's lesson, but for the surface."""
    lesson = lesson_of(surface)
    starts = np.reshape(np.array(lesson.starts, dtype=float), (-1, surface.n_dims))
    return {
        "optimizers": tuple(optimizer(walk.optimizer, **walk.settings) for walk in lesson.walks),
        "starts": starts,
        "n_steps": lesson.n_steps,
    }


@lru_cache(maxsize=64)
def _worked_out(surface: Surface) -> Lesson:
    """Return a lesson for a surface of which nothing but its values is known.

    Gradient descent takes the inverse of a large curvature of the picture as its rate, less where its first step would
    be longer than a tenth of the diagonal; Adam and RMSprop, whose steps are about as long as their rate, a share of
    the shortest side.
    """
    if surface.n_dims > 2:
        places = {"surface": surface.title, "n": surface.n_dims}
        raise ValueError(tr("a lesson is worked out in one or two dimensions; {surface} has {n}", **places))
    start, slope = _start(surface)
    with np.errstate(all="ignore"):
        hessian = surface.hessian(surface.domain.grid((_SIDE,) * surface.n_dims))
        curvatures = np.linalg.norm(hessian, axis=(-1, -2))
    curved = curvatures[np.isfinite(curvatures) & (curvatures > 0)]
    rates = [1 / float(np.percentile(curved, _STEEP))] if len(curved) else []
    if slope > 0:
        rates.append(_FIRST * surface.domain.diagonal / slope)
    rate, side = _one_digit(min(rates, default=0.1)), float(np.min(surface.domain.widths))
    return Lesson(
        question=mark("Where does each of them end?"),
        words="",
        starts=(tuple(start.tolist()),),
        walks=(
            by("sgd", learning_rate=rate),
            by("momentum", learning_rate=_one_digit(rate / 4)),
            by("rmsprop", learning_rate=_one_digit(side / 400)),
            by("adam", learning_rate=_one_digit(side / 100)),
        ),
    )


def _start(surface: Surface) -> tuple[Array, float]:
    """Return a start (n,) and the gradient norm there: the usual one, or the point next to it that is fit to be one.

    It is where there is a slope, and where the surface is still finite a first step away (``_FIRST``).
    """
    usual = suggested_starts(surface)
    grid = surface.domain.grid((_SIDE,) * surface.n_dims).reshape(-1, surface.n_dims)
    points = np.concatenate([usual, grid[np.argsort(np.linalg.norm(grid - usual, axis=-1), kind="stable")]])
    step = _FIRST * surface.domain.diagonal * np.eye(surface.n_dims)
    with np.errstate(all="ignore"):
        slopes = np.linalg.norm(surface.gradient(points), axis=-1)
        around = surface.value(points[:, None] + np.concatenate([step, -step]))
    fit = np.flatnonzero(np.isfinite(slopes) & (slopes > 0) & np.isfinite(around).all(axis=-1))
    return (points[fit[0]], float(slopes[fit[0]])) if len(fit) else (usual[0], 0.0)


def _one_digit(number: float) -> float:
    return float(f"{min(max(number, 1e-12), 1e12):.0e}")
