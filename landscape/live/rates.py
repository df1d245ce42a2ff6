"""What a player is given to try a grid of learning rates anew while something is changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landscape.live.offer import effort_of, lists_of, longest, settings_of
from landscape.live.operations import Untranslatable
from landscape.recipe.recipe import Recipe

MAX_WORK = 100_000_000
"""Additions that a grid may take, or what takes as long: a quarter of a second, or it would not follow a slider."""

MAX_PATHS, MAX_POINTS = 1000, 1_000_000
"""Paths at one rate, and their points, that a player takes (``Machine`` in render/player/live.js)."""


def rates_offer(
    recipe: Recipe, rates: np.ndarray, memories: np.ndarray, swept: Sequence[str | None], judge: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return lists, settings and starts as ``offer`` does, and in ``grid`` what trying a grid of rates takes.

    ``rates`` are the learning rates of the grid, in the place of the optimizers' own. Of an optimizer that names its
    field in ``swept`` this is tried with each of ``memories`` too; its place among the optimizer's values is in
    ``places``, -1 for none. ``judge`` are the numbers by which it is decided that a start is lost. ``None`` where
    surface or an optimizer has no list, and where the grid takes too long or a player would refuse so many paths.
    """
    try:
        lists = lists_of(recipe)
        alone = [recipe.replace(optimizers=(one,)) for one in recipe.optimizers]
        efforts = [effort_of(one, lists_of(one), len(rates)) for one in alone]
    except Untranslatable:
        return None
    domain = recipe.surface.domain
    places = [
        -1 if name is None else [field.name for field in dataclasses.fields(one)].index(name)
        for one, name in zip(recipe.optimizers, swept, strict=True)
    ]
    rows = sum((1 + (place >= 0) * len(memories)) * effort for place, effort in zip(places, efforts, strict=True))
    n_paths = recipe.n_starts * len(recipe.optimizers)
    most_steps = min(MAX_WORK // rows, MAX_POINTS // n_paths - 1)
    if n_paths > MAX_PATHS or recipe.n_steps > most_steps:
        return None
    grid = {"rates": rates, "memories": memories, "places": places, "judge": dict(judge)}
    return {
        **lists,
        **settings_of(recipe),
        "starts": recipe.points.tolist(),
        "most_steps": min(most_steps, longest(recipe)),
        "grid": {**grid, "low": list(domain.lower), "high": list(domain.upper)},
    }
