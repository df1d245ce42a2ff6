"""What a player is given to run the paths of a recipe anew, and what it may change."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from landscape.language import mark, tr
from landscape.live.ground import curvature_program, surface_program
from landscape.live.operations import Untranslatable, effort
from landscape.live.rules import ahead_program, rule_program
from landscape.live.told import account
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.optimizers.schedules import factors_of
from landscape.parameter import Parameter
from landscape.recipe.recipe import Recipe
from landscape.surfaces.base import Surface

MAX_POINTS = 200_000
"""Points of all paths together, above which a picture is not run anew under the finger."""

MAX_WORK = 400_000_000
"""Additions that one run may take, or what takes as long: a second would be felt as a freeze."""

MAX_PATHS = 400

MAX_BYTES = 10_000
"""What the lists of a picture may add to it, as JSON."""

LONGEST, FURTHER = 1000, 4
"""A run can be made as long as this, or so many times as long as it is."""

MOST_KNOBS = 3
"""The learning rate and the first hyperparameters after it."""

NOISY = mark(
    "The noise of this run is drawn in Python: its paths do not follow a start that is moved here, and its steps are "
    "not told in numbers."
)


def offer(recipe: Recipe, told: bool = True) -> Mapping[str, Any] | None:
    """Return the lists of a recipe's surface and rules, its starts and its knobs as plain data.

    ``None`` where surface or an optimizer has no list, and where there is too much to run between two frames. Noise is
    left out: a noisy recipe has ``words`` that say so, and nothing else.

    ``surface`` and ``curvature`` are lists, ``rules`` those of the optimizers, each once, with the ``lines`` that tell
    a step in numbers (``landscape.live.told``) unless they are not ``told``. Where they would not fit, first the
    curvature is not there and then the lines. A walker is an optimizer: the number of its rule, how many slots that
    has, ``values`` (learning rate, then ``hyper``), and for its knobs the place among these, name, range and whether it
    is logarithmic. ``factors`` are the schedule's, ``None`` for a constant rate; with a schedule the number of steps is
    not to be changed, for the factors depend on it.
    """
    n_paths = recipe.n_starts * len(recipe.optimizers)
    try:
        lists = lists_of(recipe)
    except Untranslatable:
        return None
    if recipe.noise is not None:
        return {"words": tr(NOISY)}
    with_lines = lists | {"rules": [_told(kind) for kind in _kinds(recipe)]} if told else lists
    most_steps = min(MAX_POINTS // n_paths, MAX_WORK // effort_of(recipe, with_lines)) - 1
    if n_paths > MAX_PATHS or recipe.n_steps > most_steps or size_of(lists) > MAX_BYTES:
        return None
    return {
        **_with_curvature(with_lines if size_of(with_lines) <= MAX_BYTES else lists, recipe.surface),
        **settings_of(recipe),
        "starts": recipe.points.tolist(),
        "most_steps": min(most_steps, longest(recipe)),
    }


def lists_of(recipe: Recipe) -> dict[str, Any]:
    """Return the lists of surface and rules as data; raise ``Untranslatable`` where there is none."""
    for optimizer in recipe.optimizers:
        if optimizer.of_step is not None:
            raise Untranslatable(tr("the learning rate of {optimizer}", optimizer=optimizer.label))
    rules = [rule_program(kind).data() | _ahead(kind) for kind in _kinds(recipe)]
    return {"surface": surface_program(recipe.surface).data(), "rules": rules}


def _ahead(kind: type[Optimizer]) -> dict[str, Any]:
    """Return the list of where a rule takes its gradient, where that is not the point itself."""
    program = ahead_program(kind)
    return {} if program is None else {"ahead": program.data()}


def rows_of(recipe: Recipe, lists: Mapping[str, Any]) -> int:
    """Return how many operations a step of all optimizers takes by these lists."""
    return sum(len(one["rows"]) for one in _carried_out(recipe, lists))


def effort_of(recipe: Recipe, lists: Mapping[str, Any], copies: int = 1) -> int:
    """Return what a step of all paths takes by these lists, as so many additions; an operation takes eight at least.

    There are so many ``copies`` of each path.
    """
    efforts = (effort(one["operations"][row[0]]) for one in _carried_out(recipe, lists) for row in one["rows"])
    return sum(max(each * copies * recipe.n_starts, 8) for each in efforts)


def _carried_out(recipe: Recipe, lists: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the lists that a step of all optimizers carries out: a rule that looks ahead asks the surface again."""
    rules = dict(zip(_kinds(recipe), lists["rules"], strict=True))
    own = [rules[type(optimizer)] for optimizer in recipe.optimizers]
    again = [one for rule in own if "ahead" in rule for one in (rule["ahead"], lists["surface"])]
    return [lists["surface"], *own, *again]


def settings_of(recipe: Recipe) -> dict[str, Any]:
    """Return what goes with the lists: settings of the surface, the optimizers, the number of steps, the schedule."""
    kinds = _kinds(recipe)
    return {
        "settings": [float(value) for value in recipe.surface.settings.values()],
        "n_dims": recipe.surface.n_dims,
        "walkers": [_walker(optimizer, kinds.index(type(optimizer))) for optimizer in recipe.optimizers],
        "n_steps": recipe.n_steps,
        "factors": None if recipe.schedule is None else factors_of(recipe.schedule, recipe.n_steps),
    }


def longest(recipe: Recipe) -> int:
    """Return to how many steps a run can be made longer."""
    return max(LONGEST, FURTHER * recipe.n_steps)


def _kinds(recipe: Recipe) -> list[type[Optimizer]]:
    """Return the kinds of optimizers, each once."""
    return list(dict.fromkeys(type(optimizer) for optimizer in recipe.optimizers))


def _told(optimizer: type[Optimizer]) -> dict[str, Any]:
    """Return the rule of an optimizer with the lines that tell its steps; none where there are too many."""
    try:
        told = account(optimizer)
    except Untranslatable:
        return rule_program(optimizer).data() | _ahead(optimizer)
    return told.program.data() | _ahead(optimizer) | {"lines": told.data()}


def _with_curvature(lists: dict[str, Any], surface: Surface) -> dict[str, Any]:
    """Return the lists with that of the curvature, where there is room for it: without it one number is not told."""
    try:
        whole = lists | {"curvature": curvature_program(surface).data()}
    except Untranslatable:
        return lists
    return whole if size_of(whole) <= MAX_BYTES else lists


def _walker(optimizer: Optimizer, rule: int) -> dict[str, Any]:
    assert isinstance(optimizer, ElementwiseOptimizer)
    places = {field.name: place for place, field in enumerate(dataclasses.fields(optimizer))}
    return {
        "rule": rule,
        "slots": optimizer.n_slots,
        "values": [optimizer.constant_rate, *optimizer.hyper],
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


def size_of(data: Any) -> int:
    """Return how many bytes plain data take as JSON."""
    return len(json.dumps(data, separators=(",", ":")))
