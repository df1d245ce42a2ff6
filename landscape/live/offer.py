"""What a player is given to run the paths of a recipe anew, and what it may change."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from landscape.live.ground import curvature_program, surface_program
from landscape.live.operations import Untranslatable
from landscape.live.rules import rule_program
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.parameter import Parameter
from landscape.recipe.recipe import Recipe

MAX_POINTS = 200_000
"""Points of all paths together, above which a picture is not run anew under the finger."""

MAX_PATHS = 400
MAX_BYTES = 10_000
"""What the lists of a picture may add to it, as JSON."""

MOST_KNOBS = 3
"""The learning rate and the first hyperparameters after it."""

NOISY = "The noise of this run is drawn in Python: its paths do not follow a start that is moved here."


def offer(recipe: Recipe) -> Mapping[str, Any] | None:
    """Return the lists of a recipe's surface and rules, its starts and its knobs as plain data.

    ``None`` where surface or an optimizer has no list, and where there is too much to run between two frames. Noise is
    left out: a noisy recipe has ``words`` that say so, and nothing else.

    ``surface`` and ``curvature`` (not there where it would not fit) are lists, ``rules`` those of the optimizers, each
    once. A walker is an optimizer: the number of its rule, how many slots that has, ``values`` (learning rate, then
    ``hyper``), and for its knobs the place among these, name, range and whether it is logarithmic. ``factors`` are the
    schedule's, ``None`` for a constant rate; with a schedule the number of steps is not to be changed, for the factors
    depend on it.
    """
    optimizers, n_paths = recipe.optimizers, recipe.n_starts * len(recipe.optimizers)
    if n_paths > MAX_PATHS or n_paths * (recipe.n_steps + 1) > MAX_POINTS:
        return None
    try:
        lists = {"surface": surface_program(recipe.surface).data()}
        kinds = list(dict.fromkeys(type(optimizer) for optimizer in optimizers))
        rules = [rule_program(kind).data() for kind in kinds]
        if recipe.noise is not None:
            return {"words": NOISY}
        if _size([lists, rules]) > MAX_BYTES:
            return None
    except Untranslatable:
        return None
    try:
        curvature = curvature_program(recipe.surface).data()
        if _size([lists, rules, curvature]) <= MAX_BYTES:
            lists["curvature"] = curvature
    except Untranslatable:
        pass  # the readout then lacks a number, nothing else
    return {
        **lists,
        "settings": [float(value) for value in recipe.surface.settings.values()],
        "n_dims": recipe.surface.n_dims,
        "rules": rules,
        "walkers": [_walker(optimizer, kinds.index(type(optimizer))) for optimizer in optimizers],
        "starts": recipe.points.tolist(),
        "n_steps": recipe.n_steps,
        "most_steps": MAX_POINTS // n_paths - 1,
        "factors": None if recipe.schedule is None else recipe.schedule.factors(recipe.n_steps),
    }


def _walker(optimizer: Optimizer, rule: int) -> dict[str, Any]:
    assert isinstance(optimizer, ElementwiseOptimizer)
    places = {field.name: place for place, field in enumerate(dataclasses.fields(optimizer))}
    return {
        "rule": rule,
        "slots": optimizer.n_slots,
        "values": [float(optimizer.learning_rate), *optimizer.hyper],
        "knobs": [
            _knob(places[p.name], p, float(getattr(optimizer, p.name)))
            for p in optimizer.parameters
            if not (p.boolean or p.integer)
        ][:MOST_KNOBS],
    }


def _knob(place: int, p: Parameter, value: float) -> list[Any]:
    """Return place, name, lowest, highest and whether in between goes by factors; the present value is in reach."""
    low, high = min(p.low, value), max(p.high, value)
    return [place, p.name, low, high, p.log and low > 0.0]


def _size(data: Any) -> int:
    return len(json.dumps(data, separators=(",", ":")))
