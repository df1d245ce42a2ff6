"""What the site's pages need to run a link's optimizers on a surface that they show."""

from __future__ import annotations

import dataclasses
from typing import Any

from landscape.experiment import Experiment
from landscape.live.offer import MAX_PATHS, MAX_POINTS, lists_of, settings_of
from landscape.live.operations import Untranslatable
from landscape.optimizers import OPTIMIZERS, fitting
from landscape.optimizers.base import Optimizer
from landscape.recipe.starts import Given
from landscape.render.player.payload import player_payload
from landscape.surfaces import SURFACES


def rules_data() -> dict[str, Any]:
    """Return every optimizer whose rule has a list of operations, with its looks, and the limits of what is run.

    A ``walker`` is that of ``landscape.live.offer`` at the usual settings, its ``rule`` itself in the place of a
    number; ``fields`` names its values. The ``group`` is that of the player's payload, by theme.
    """
    usual = [one for one in map(OPTIMIZERS.make, fitting()) if _has_list(one)]
    recipe = _on_any_surface(*usual)
    rules, walkers = lists_of(recipe)["rules"], settings_of(recipe)["walkers"]
    scene = recipe.run().scene()
    groups = {theme: player_payload(scene, theme)["groups"] for theme in ("light", "dark")}
    optimizers = {
        one.key: {
            "title": one.title,
            "fields": [field.name for field in dataclasses.fields(one)],
            "walker": walker | {"rule": rules[walker["rule"]]},
            "group": {theme: found[number] for theme, found in groups.items()},
        }
        for number, (one, walker) in enumerate(zip(usual, walkers, strict=True))
    }
    return {"optimizers": optimizers, "most_paths": MAX_PATHS, "most_points": MAX_POINTS}


def _on_any_surface(*optimizers: Optimizer) -> Experiment:
    surface = next(iter(SURFACES.values()))
    return Experiment(surface, optimizers, Given((tuple(surface.domain.center.tolist()),)), n_steps=1)


def _has_list(optimizer: Optimizer) -> bool:
    try:
        lists_of(_on_any_surface(optimizer))
    except Untranslatable:
        return False
    return True
