"""Bounded caches for the fair comparison, and how large a grid this page computes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from app.compute import MAX_SEED, key
from landscape.analysis.tuning import Tuning, asks_for_gradients_only, default_rates, memory_of, tuning
from landscape.experiment import Experiment
from landscape.optimizers.base import Optimizer
from landscape.optimizers.second_order import TrustRegion
from landscape.picture.scene import Scene
from landscape.scenes.tuning import tuning_scene

MEMORIES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
"""Values of momentum, or b1, in the maps."""

MOST_OPTIMIZERS = 6
MOST_STARTS = 100
SLOWER = 4  # what a step of the second order takes, in steps of the first
MOST_WORK = 600_000
"""Descents times steps of a whole comparison with its maps: some 30 microseconds each where nothing is compiled."""


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` where this page cannot compare."""
    surface, walkers, steps = experiment.surface, experiment.optimizers, experiment.n_steps
    if surface.n_dims > 2:
        raise ValueError(f"this page takes surfaces of one and two dimensions; {surface.title} has {surface.n_dims}")
    if experiment.noise is not None:
        raise ValueError("learning rates are compared without noise here")
    if len(walkers) > MOST_OPTIMIZERS:
        raise ValueError(f"this page compares at most {MOST_OPTIMIZERS} optimizers, not {len(walkers)}")
    if len(experiment.starts) > MOST_STARTS:
        raise ValueError(f"this page takes at most {MOST_STARTS} starts, not {len(experiment.starts)}")
    if experiment.seed > MAX_SEED:
        raise ValueError(f"seed must be at most {MAX_SEED}, not {experiment.seed}")
    descents = len(default_rates()) * sum(
        (1 if memory_of(one) is None else 1 + len(MEMORIES)) * _slowness(one, len(experiment.starts)) for one in walkers
    )
    if not 1 <= steps <= MOST_WORK // descents:
        raise ValueError(f"with these optimizers this page takes 1 to {MOST_WORK // descents:,} steps, not {steps:,}")


def _slowness(optimizer: Optimizer, n_starts: int) -> int:
    """Return what a step costs, in steps of the first order from few starts."""
    if asks_for_gradients_only(optimizer):
        return 1
    # The trust region goes from start to start, the others take all at once.
    return SLOWER * (n_starts if isinstance(optimizer, TrustRegion) else 1 + n_starts // 30)


@st.cache_resource(max_entries=12, show_spinner="Descending at every rate of the grid")
def _compared(recipe: str, maps: bool, _experiment: Experiment) -> Tuning:
    x = _experiment
    return tuning(
        x.surface, x.optimizers, x.starts, x.n_steps, None, MEMORIES if maps else None, x.schedule, seed=x.seed
    )


@st.cache_resource(max_entries=12, show_spinner=False)
def _scene(recipe: str, maps: bool, _experiment: Experiment) -> Scene:
    return tuning_scene(_compared(recipe, maps, _experiment), urlencode(_experiment.to_query()))


@st.cache_data(max_entries=24, show_spinner=False)
def _payload(recipe: str, maps: bool, theme: str, _experiment: Experiment) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(recipe, maps, _experiment), theme=theme)


def compared(experiment: Experiment, maps: bool) -> Tuning:
    """Return what the optimizers of an experiment reach at every rate, with ``maps`` over momentum too."""
    return _compared(key(experiment), maps, experiment)


def scene(experiment: Experiment, maps: bool) -> Scene:
    """Return the picture of ``compared``."""
    return _scene(key(experiment), maps, experiment)


def payload(experiment: Experiment, maps: bool, theme: str) -> dict[str, Any]:
    """Return what the player needs to show ``compared``."""
    return _payload(key(experiment), maps, theme, experiment)
