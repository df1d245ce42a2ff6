"""What one page may ask of the server."""

from __future__ import annotations

from landscape.experiment import Experiment
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


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` (``TypeError`` for parts that do not fit) where this page cannot compute an experiment."""
    starts, steps, walkers = experiment.n_starts, experiment.n_steps, len(experiment.optimizers)
    if experiment.surface.n_dims > 2:
        raise ValueError(
            f"this page draws surfaces of one and two dimensions; {experiment.surface.title} has "
            f"{experiment.surface.n_dims}"
        )
    if experiment.seed > MAX_SEED:
        raise ValueError(f"seed must be at most {MAX_SEED}, not {experiment.seed}")
    if experiment.noise is not None:
        experiment.noise.view(experiment.surface, experiment.seed, 1, 1)
    if steps < 1:
        raise ValueError("0 steps leave nothing to watch; it takes at least 1")
    if starts * walkers > MAX_PATHS:
        raise ValueError(
            f"{starts} starts x {walkers} optimizers are {starts * walkers:,} paths; this page draws at most "
            f"{MAX_PATHS:,}, so {MAX_PATHS // walkers:,} starts for these optimizers"
        )
    most = min(MAX_UPDATES // walkers, MAX_RECORDED // (walkers * starts))
    if steps > most:
        raise ValueError(
            f"{steps:,} steps are too many here: with {walkers} optimizers and {starts} starts this page runs at most "
            f"{most:,}; fewer starts or optimizers allow more, and the Python script in the Recipe tab has no limit"
        )
    PLANE.allow(experiment)
