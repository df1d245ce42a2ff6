"""What a recipe takes in memory and in work, known before anything of it is built or run.

Work counts in coordinates moved, some 8 ns each, and is right within a factor of about five; memory counts in float64
numbers. One account for all pages: each has a ``Budget``, and whatever goes beyond it is refused with what would fit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landscape.optimizers.base import Optimizer
from landscape.optimizers.second_order import EXACT_DIMS, Newton, SaddleFreeNewton, TrustRegion
from landscape.recipe.recipe import Recipe
from landscape.surfaces.base import Surface

LOOKS = {"saddle_free_newton": 40.0, "trust_region": 15.0, "lbfgs": 4.0}
"""Gradients, or products of the Hessian with a vector, that a step takes; one where nothing is said."""

_PER_STEP = 8
"""Numbers that a step of a path takes beside its points: loss, gradient norm, evaluations, and copies of them."""


def of_step(surface: Surface, optimizer: Optimizer, n_starts: int = 1) -> float:
    """Return the work of one step from ``n_starts`` points.

    First order: a gradient each. Newton's methods: a Hessian, and the solution of n equations, n^3.
    """
    n = float(surface.n_dims)
    each = surface.gradient_cost
    calls = LOOKS.get(optimizer.key, 1.0)
    if isinstance(optimizer, Newton) or (isinstance(optimizer, SaddleFreeNewton) and n <= EXACT_DIMS):
        return surface.call_cost * (1 + n / 10) + n_starts * (each + surface.hessian_cost + n**3 / 100)
    # The trust region goes from start to start, the others take all at once.
    return calls * (surface.call_cost * (n_starts if isinstance(optimizer, TrustRegion) else 1) + n_starts * each)


def of_run(recipe: Recipe) -> float:
    """Return the work of all steps of a recipe."""
    n_starts = recipe.n_starts
    return recipe.n_steps * sum(of_step(recipe.surface, one, n_starts) for one in recipe.optimizers)


@dataclass(frozen=True)
class Demand:
    """What looking at a run takes: ``moves`` of work, and ``numbers`` in memory beside what the run holds."""

    moves: float = 0.0
    numbers: float = 0.0


@dataclass(frozen=True)
class Budget:
    """What one picture may take: ``dims`` of its surface, ``numbers`` in memory at once, ``moves`` of work.

    ``study_moves`` go beside those of the run to what is looked at afterwards.
    """

    dims: int
    numbers: float = 130_000_000
    moves: float = 600_000_000
    study_moves: float = 2_000_000_000

    def allow_surface(self, recipe: Any) -> None:
        """Raise ``ValueError`` for the recipe of a surface, as plain data, that is too large to be built at all."""
        n_dims = recipe.get("n_dims") if isinstance(recipe, Mapping) else None
        if isinstance(n_dims, int) and n_dims > self.dims:
            raise ValueError(f"this page goes up to {self.dims:,} dimensions, not {n_dims:,}")

    def allow(self, recipe: Recipe, keep: int | None = None, study: Demand = Demand()) -> None:
        """Raise ``ValueError`` for a recipe that takes too much, or the ``study`` of its run.

        Where told, ``keep`` points of each path are kept.
        """
        surface, steps, walkers, n = recipe.surface, recipe.n_steps, len(recipe.optimizers), recipe.surface.n_dims
        where = f"{surface.title} in {n:,} dimensions"
        if n > self.dims:
            raise ValueError(f"this page goes up to {self.dims:,} dimensions, not {n:,}")
        if surface.held > self.numbers:
            raise ValueError(
                f"{where} holds {surface.held:.2g} numbers; there is room for {self.numbers:.2g} here, as fewer "
                "dimensions take"
            )
        starts = recipe.n_starts
        each = sum(of_step(surface, one, starts) for one in recipe.optimizers)
        most = int(self.moves / each)
        if steps > most:
            raise ValueError(
                f"{steps:,} steps of {walkers} optimizers from {starts:,} starts on {where} take this page too long; "
                f"{most:,} steps do not; fewer dimensions, starts or optimizers allow more"
            )
        if study.moves > self.study_moves:
            raise ValueError(
                f"looking at the paths on {where} takes this page too long, by a factor of "
                f"{study.moves / self.study_moves:.2g}; fewer dimensions take less"
            )
        kept = steps + 1 if keep is None else min(keep, steps + 1)
        room = (self.numbers - surface.held - study.numbers) / (starts * (walkers + 2))
        if kept * n + (steps + 1) * _PER_STEP > room:
            fit = max(math.floor(room / (_PER_STEP + (n if keep is None else 0))) - 1, 0)
            raise ValueError(
                f"{steps:,} steps of {walkers} optimizers from {starts:,} starts on {where} do not fit in memory here; "
                f"{fit:,} steps do; fewer dimensions, starts or optimizers allow more"
            )
