"""What a player is given to let very many starts flow, step by step: lists, starts by their rule, places to be at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landscape.language import tr
from landscape.live.offer import MAX_BYTES, lists_of, longest, rows_of, settings_of, size_of
from landscape.live.operations import Array, Untranslatable
from landscape.recipe.recipe import Recipe
from landscape.recipe.starts import Grid, Random

MAX_NUMBERS = 40_000_000
"""Numbers that one step of all starts may compute: a tenth of a second."""


def swarm_offer(
    recipe: Recipe,
    centers: Array,
    radii: Array,
    fates: Sequence[int],
    told: Sequence[tuple[str, str]],
    threshold: float,
    grain: float,
) -> Mapping[str, Any]:
    """Return the lists of a recipe, its starts and what to count as plain data; or ``words`` why there is none.

    ``centers`` (P, n), ``radii`` (P,) and ``fates`` (P,) are the balls inside which a start whose gradient norm is
    below ``threshold`` is at a critical point. Fates are numbered as in ``analysis.survival.Places``: 0 moving, 1 on
    a flat stretch, the last one gone; of each are ``told`` the panel that shows its share ("" for none) and words.
    ``grain`` is the size of a point. Starts are drawn in the player by the numbers of NumPy's generator, or laid by the
    formula of ``recipe.points.grid_starts``; only those that no rule of these two makes are sent.
    """
    try:
        lists = lists_of(recipe)
    except Untranslatable as problem:
        return _none(tr("there is no list of operations for a part of it, {problem}", problem=problem))
    if size_of(lists) > MAX_BYTES:
        return _none(tr("its formula is too long for that"))
    if rows_of(recipe, lists) * recipe.n_starts > MAX_NUMBERS:
        return _none(tr("a step of so many starts would take it too long"))
    swarm = {
        "starts": _starts(recipe),
        "places": [*np.ascontiguousarray(centers.T), radii, np.asarray(fates, dtype=np.int32)],
        "told": [list(one) for one in told],
        "threshold": threshold,
        "grain": grain,
    }
    return {**lists, **settings_of(recipe), "starts": [], "most_steps": longest(recipe), "swarm": swarm}


def _none(why: str) -> Mapping[str, Any]:
    return {"words": tr("The swarm does not flow in this player: {why}. Shown is where it ends.", why=why)}


def _starts(recipe: Recipe) -> dict[str, Any]:
    rule, domain = recipe.starts, recipe.surface.domain
    box = {"lower": list(domain.lower), "widths": domain.widths.tolist()}
    if isinstance(rule, Grid):
        sides = rule.shape if isinstance(rule.shape, tuple) else (rule.shape,) * recipe.surface.n_dims
        return {"grid": {**box, "sides": list(sides)}}
    if isinstance(rule, Random):
        state = np.random.default_rng(rule.seed).bit_generator.state["state"]
        drawn = {"state": str(state["state"]), "increment": str(state["inc"])}
        return {"random": {**box, **drawn, "n": rule.n}}
    return {"points": list(np.ascontiguousarray(recipe.points.T))}
