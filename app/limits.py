"""What one page may ask of the server."""

from __future__ import annotations

import math
from dataclasses import dataclass

from landscape.experiment import Experiment
from landscape.language import listed, reads_translated, tr, trn
from landscape.recipe.cost import Budget

MAX_UPDATES = 60_000
"""Steps times optimizers: they come one after another, some 30 microseconds each."""

MAX_RECORDED = 600_000
"""Starts times steps times optimizers: what one run records takes 32 bytes each."""

MAX_PATHS = 1_000
"""Starts times optimizers: lines that a browser can still draw."""

MAX_SEED = 2**53 - 1
"""The largest whole number that a browser keeps exactly."""


PLANE = Budget(dims=2)
"""What a picture of one or two dimensions may take."""


FILE = Budget(dims=10_000)
"""What is built of a file before the page that opens it says what it thinks of it."""


@reads_translated("no_noise", "no_draws")
@dataclass(frozen=True)
class Limits:
    """What a page takes of a run: dimensions (any where none is named), steps, starts and optimizers at the most.

    ``no_noise`` says why there is none here; where it is empty, any noise is taken that fits the surface. ``no_draws``
    says likewise why no optimizer draws.
    """

    dims: tuple[int, ...] = (1, 2)
    steps: float = math.inf
    starts: float = math.inf
    optimizers: float = math.inf
    no_noise: str = ""
    no_draws: str = ""

    def allow(self, experiment: Experiment) -> None:
        """Raise ``ValueError`` (``TypeError`` for parts that do not fit) for a run that goes beyond them."""
        surface, steps, walkers = experiment.surface, experiment.n_steps, len(experiment.optimizers)
        for one in experiment.optimizers if self.no_draws else ():
            if one.draws:
                raise ValueError(tr("{optimizer} draws random numbers: {why}", optimizer=one.title, why=self.no_draws))
        if self.dims and surface.n_dims not in self.dims:
            raise ValueError(
                tr(
                    "this page takes surfaces of {dims} dimensions; {surface} has {n}",
                    dims=listed(map(str, self.dims), any_of=True),
                    surface=surface.title,
                    n=surface.n_dims,
                )
            )
        if not steps <= self.steps:
            raise ValueError(tr("this page takes 1 to {most:,} steps, not {steps:,}", most=self.steps, steps=steps))
        if walkers > self.optimizers:
            raise ValueError(
                tr("this page takes at most {most} optimizers, not {given}", most=self.optimizers, given=walkers)
            )
        if experiment.n_starts > self.starts:
            raise ValueError(
                trn(
                    "this page takes at most {n} start, not {given}",
                    "this page takes at most {n} starts, not {given}",
                    int(self.starts),
                    given=experiment.n_starts,
                )
            )
        if experiment.seed > MAX_SEED:
            raise ValueError(tr("seed must be at most {most}, not {seed}", most=MAX_SEED, seed=experiment.seed))
        if steps < 1:
            raise ValueError(tr("0 steps leave nothing to watch; it takes at least 1"))
        if experiment.noise is not None:
            if self.no_noise:
                raise ValueError(self.no_noise)
            experiment.noise.view(surface, experiment.seed, 1, 1)


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` (``TypeError`` for parts that do not fit) where this page cannot compute an experiment."""
    starts, steps, walkers = experiment.n_starts, experiment.n_steps, len(experiment.optimizers)
    Limits().allow(experiment)
    if starts * walkers > MAX_PATHS:
        raise ValueError(
            tr(
                "{starts} starts × {optimizers} optimizers are {paths:,} paths; this page draws at most {most:,}, so "
                "{fit:,} starts for these optimizers",
                starts=starts,
                optimizers=walkers,
                paths=starts * walkers,
                most=MAX_PATHS,
                fit=MAX_PATHS // walkers,
            )
        )
    most = min(MAX_UPDATES // walkers, MAX_RECORDED // (walkers * starts))
    if steps > most:
        raise ValueError(
            tr(
                "{steps:,} steps are too many here: with {optimizers} optimizers and {starts} starts this page runs at "
                "most {most:,}; fewer starts or optimizers allow more, and the Python script in the Recipe tab has no "
                "limit",
                steps=steps,
                optimizers=walkers,
                starts=starts,
                most=most,
            )
        )
    PLANE.allow(experiment)
