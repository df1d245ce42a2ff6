"""What a recipe takes in memory and in work, known before anything of it is built or run.

Work counts in coordinates moved, some 8 ns each, and is right within a factor of about five; memory counts in float64
numbers. One account for all pages: each has a ``Budget``, and whatever goes beyond it is refused with what would fit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landscape.language import mark, tr
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.optimizers.second_order import EXACT_DIMS, Newton, SaddleFreeNewton, TrustRegion
from landscape.recipe.recipe import Recipe
from landscape.surfaces.base import Surface
from landscape.surfaces.formula import Formula

MOVES = 600_000_000
NUMBERS = 130_000_000
"""Work and memory that a server gives to what is computed at a time: some five seconds, and a gigabyte."""

PER_SECOND = 125_000_000
"""Work of a second, about."""

LOOKS = {"saddle_free_newton": 40.0, "trust_region": 15.0, "lbfgs": 4.0}
"""Gradients, or products of the Hessian with a vector, that a step takes; one where nothing is said."""

ARITHMETIC = {
    "newton": (18_000.0, 90.0),
    "saddle_free_newton": (18_000.0, 90.0),
    "lbfgs": (90_000.0, 180.0),
    "perturbed_gd": (0.0, 90.0),
}
"""Work of an optimizer's own in a step, and in a step of each start, as far as it counts in few dimensions."""

COMPILED, BLOCK = 0.1, 256
"""Work of an operation of a formula in the compiled loop, its gradient and the rule with it, for each start of a block:
fewer take as long."""

_PER_STEP = 8
"""Numbers that a step of a path takes beside its points: loss, gradient norm, evaluations, and copies of them."""


@dataclass(frozen=True)
class Demand:
    """What something takes: ``moves`` of work, and ``numbers`` in memory at once."""

    moves: float = 0.0
    numbers: float = 0.0

    @property
    def share(self) -> float:
        """The part of what a server computes at a time, 1 at the most."""
        return min(max(self.moves / MOVES, self.numbers / NUMBERS), 1.0)


NOTHING = Demand()


def of_seconds(seconds: float) -> Demand:
    """Return the demand of what is known only by the time that it takes."""
    return Demand(moves=seconds * PER_SECOND)


def of_step(surface: Surface, optimizer: Optimizer, n_starts: int = 1) -> float:
    """Return the work of one step from ``n_starts`` points.

    First order: a gradient each. Newton's methods: a Hessian and its eigenvectors, n^3 numbers, each of which takes
    longer where n is small.
    """
    n = float(surface.n_dims)
    each = surface.gradient_cost
    own, own_each = ARITHMETIC.get(optimizer.key, (0.0, 0.0))
    arithmetic = own + n_starts * own_each
    if isinstance(optimizer, Newton) or (isinstance(optimizer, SaddleFreeNewton) and n <= EXACT_DIMS):
        solved = n**3 / 100 + 10 * n**2
        return arithmetic + surface.call_cost * (1 + n / 10) + n_starts * (each + surface.hessian_cost + solved)
    calls = LOOKS.get(optimizer.key, 1.0)
    if isinstance(optimizer, TrustRegion):  # from start to start, and with n products it has the whole Hessian
        return min(calls, 3 + n) * n_starts * (surface.call_cost + each)
    return arithmetic + calls * (surface.call_cost + n_starts * each)


def of_ensemble_step(surface: Surface, optimizer: Optimizer, n_starts: int) -> float:
    """Return the work of one step from ``n_starts`` points where only the ends are kept (``landscape.ensemble``)."""
    if isinstance(surface, Formula) and isinstance(optimizer, ElementwiseOptimizer):
        return max(n_starts, BLOCK) * COMPILED * max(surface.operations, 10)
    return of_step(surface, optimizer, n_starts)


def of_run(recipe: Recipe, keep: int | None = None) -> Demand:
    """Return what all steps of a recipe take; where told, ``keep`` points of each path are kept."""
    surface, n_starts, n_points = recipe.surface, recipe.n_starts, recipe.n_steps + 1
    kept = n_points if keep is None else min(keep, n_points)
    paths = n_starts * (len(recipe.optimizers) + 2)
    return Demand(
        recipe.n_steps * sum(of_step(surface, one, n_starts) for one in recipe.optimizers),
        surface.held + paths * (kept * surface.n_dims + n_points * _PER_STEP),
    )


@dataclass(frozen=True)
class Budget:
    """What one picture may take: ``dims`` of its surface, ``numbers`` in memory at once, ``moves`` of work.

    ``study_moves`` go beside those of the run to what is looked at afterwards.
    """

    dims: int
    numbers: float = NUMBERS
    moves: float = MOVES
    study_moves: float = 2_000_000_000

    def allow_surface(self, recipe: Any) -> None:
        """Raise ``ValueError`` for the recipe of a surface, as plain data, that is too large to be built at all."""
        n_dims = recipe.get("n_dims") if isinstance(recipe, Mapping) else None
        if isinstance(n_dims, int) and n_dims > self.dims:
            raise ValueError(self._beyond(n_dims))

    def allow_work(self, n_steps: int, takes: Demand, message: str, /, **places: Any) -> None:
        """Raise ``ValueError`` where ``n_steps`` take too much work.

        The message, which is marked, says of what these ``{steps}`` are, how many would do, ``{most}``, and what else
        would help; ``places`` are others that it has.
        """
        if takes.moves > self.moves:
            most = int(n_steps * self.moves / takes.moves)
            raise ValueError(tr(message, steps=n_steps, most=most, **places))

    def allow(self, recipe: Recipe, keep: int | None = None, study: Demand = NOTHING) -> None:
        """Raise ``ValueError`` for a recipe that takes too much, or the ``study`` of its run.

        Where told, ``keep`` points of each path are kept.
        """
        surface, takes, n = recipe.surface, of_run(recipe, keep), recipe.surface.n_dims
        if n > self.dims:
            raise ValueError(self._beyond(n))
        where = {"surface": surface.title, "n": n}
        if surface.held > self.numbers:
            raise ValueError(
                tr(
                    "{surface} in {n:,} dimensions holds {held:.2g} numbers; there is room for {room:.2g} here, as "
                    "fewer dimensions take",
                    held=surface.held,
                    room=self.numbers,
                    **where,
                )
            )
        starts, walkers = recipe.n_starts, len(recipe.optimizers)
        what = {"optimizers": walkers, "starts": starts, **where}
        self.allow_work(
            recipe.n_steps,
            takes,
            mark(
                "{steps:,} steps of {optimizers} optimizers from {starts:,} starts on {surface} in {n:,} dimensions "
                "take this page too long; {most:,} steps do not; fewer dimensions, starts or optimizers allow more"
            ),
            **what,
        )
        if study.moves > self.study_moves:
            raise ValueError(
                tr(
                    "looking at the paths on {surface} in {n:,} dimensions takes this page too long, by a factor of "
                    "{factor:.2g}; fewer dimensions take less",
                    factor=study.moves / self.study_moves,
                    **where,
                )
            )
        if takes.numbers + study.numbers > self.numbers:
            room = (self.numbers - surface.held - study.numbers) / (starts * (walkers + 2))
            fit = max(math.floor(room / (_PER_STEP + (n if keep is None else 0))) - 1, 0)
            raise ValueError(
                tr(
                    "{steps:,} steps of {optimizers} optimizers from {starts:,} starts on {surface} in {n:,} "
                    "dimensions do not fit in memory here; {fit:,} steps do; fewer dimensions, starts or optimizers "
                    "allow more",
                    steps=recipe.n_steps,
                    fit=fit,
                    **what,
                )
            )

    def _beyond(self, n_dims: int) -> str:
        return tr("this page goes up to {most:,} dimensions, not {n:,}", most=self.dims, n=n_dims)
