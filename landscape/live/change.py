"""What a player tells when something was changed in its picture, as a recipe."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from landscape.language import tr
from landscape.optimizers.base import Optimizer
from landscape.recipe.recipe import Recipe

R = TypeVar("R", bound=Recipe)


def changed(recipe: R, told: Mapping[str, Any]) -> R:
    """Return a recipe with what a player tells: ``starts``, ``values`` (as ``offer`` gives them), ``n_steps``.

    Where the starts are those of the recipe, or not told, the rule that makes them stays. Raises ``ValueError`` or
    ``TypeError`` for what no player of this recipe could tell.
    """
    values, n_steps = told.get("values"), told.get("n_steps")
    if not isinstance(values, Sequence) or len(values) != len(recipe.optimizers):
        raise ValueError(tr("the picture has {n} optimizers", n=len(recipe.optimizers)))
    if isinstance(n_steps, float) and n_steps.is_integer():
        n_steps = int(n_steps)
    return recipe.replace(
        optimizers=tuple(_set(optimizer, own) for optimizer, own in zip(recipe.optimizers, values, strict=True)),
        starts=_starts(recipe, told),
        n_steps=n_steps,
    )


def _starts(recipe: Recipe, told: Mapping[str, Any]) -> Any:
    if "starts" not in told or told["starts"] == recipe.points.tolist():
        return recipe.starts
    return told["starts"]


def _set(optimizer: Optimizer, values: Any) -> Optimizer:
    """Return the optimizer with these values in the order of its fields; what did not change is left as it is."""
    names = [field.name for field in dataclasses.fields(optimizer)]
    if not isinstance(values, Sequence) or len(values) != len(names):
        raise ValueError(tr("{optimizer} has {n} settings", optimizer=optimizer.title, n=len(names)))
    given = dict(zip(names, values, strict=True))
    return dataclasses.replace(
        optimizer, **{name: value for name, value in given.items() if value != getattr(optimizer, name)}
    )
