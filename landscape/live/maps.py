"""What a player is given to draw the map of all starts anew while something is changed, in single precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landscape.curvature.point import CriticalPoint
from landscape.live.offer import offer
from landscape.recipe.recipe import Recipe


def map_offer(
    recipe: Recipe,
    minima: Sequence[CriticalPoint],
    judge: Mapping[str, float],
    look: Mapping[str, Any],
    whole: bool,
) -> Mapping[str, Any] | None:
    """Return what ``offer`` does, and in ``map`` what the map of starts takes; ``None`` where the paths have no lists.

    ``minima`` are those that the map beside it has, in the order of their numbers; ``judge`` are the numbers by which
    it was decided where a path ended, ``look`` those by which it is painted. ``whole`` says that it is
    the finest there will be: another one stands in its place until then.
    """
    if recipe.surface.n_dims != 2:
        return None
    made = offer(recipe, told=False)
    if made is None or "curvature" not in made:
        return None
    domain = recipe.surface.domain
    known = {
        "x": np.array([one.x[0] for one in minima]),
        "y": np.array([one.x[1] for one in minima]),
        "flat": np.array([one.kind == "degenerate" for one in minima], dtype=np.uint8),
    }
    box = {"low": list(domain.lower), "high": list(domain.upper), "diagonal": domain.diagonal}
    return {**made, "map": {**look, **box, "known": known, "judge": dict(judge), "whole": whole}}
