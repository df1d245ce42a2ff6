"""Bounded caches round the package, and what one page may ask of the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from landscape.experiment import Experiment, Run
from landscape.outcome import SMALL_GRADIENT
from landscape.picture.scene import Scene
from landscape.surfaces.base import Surface

if TYPE_CHECKING:
    from landscape.analysis.critical_points import CriticalPoints
    from landscape.analysis.manifolds import Branch

MAX_UPDATES = 60_000
"""Steps times optimizers: they come one after another, some 30 microseconds each."""

MAX_RECORDED = 600_000
"""Starts times steps times optimizers: what one run records takes 32 bytes each."""

MAX_PATHS = 1_000
"""Starts times optimizers: lines that a browser can still draw."""

MAX_SEED = 2**53 - 1
"""The largest whole number that a browser keeps exactly."""


def allow(experiment: Experiment) -> None:
    """Raise ``ValueError`` (``TypeError`` for parts that do not fit) where this page cannot compute an experiment."""
    starts, steps, walkers = len(experiment.starts), experiment.n_steps, len(experiment.optimizers)
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


class Flat(NamedTuple):
    """Which gradient norm makes a plateau: one below ``threshold``, or below that share of the path's largest."""

    threshold: float = SMALL_GRADIENT
    relative: bool = False


FLAT = Flat()


def key(experiment: Experiment) -> str:
    """Return the text under which everything that depends on an experiment is cached."""
    return experiment.to_json()


# A run is shared between sessions that ask for the same recipe; nothing in it can be changed.
@st.cache_resource(max_entries=12, show_spinner=False)
def _run(recipe: str, _experiment: Experiment) -> Run:
    return _experiment.run()


@st.cache_resource(max_entries=12, show_spinner=False)
def _scene(recipe: str, relief: bool, log_color: bool, flat: Flat, _experiment: Experiment) -> Scene:
    return _run(recipe, _experiment).scene(
        relief=relief, log_color=log_color, threshold=flat.threshold, relative=flat.relative
    )


@st.cache_data(max_entries=24, show_spinner=False)
def _payload(
    recipe: str, relief: bool, log_color: bool, flat: Flat, theme: str, _experiment: Experiment
) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(recipe, relief, log_color, flat, _experiment), theme=theme)


def run(experiment: Experiment) -> Run:
    """Return the trajectories of an experiment."""
    return _run(key(experiment), experiment)


def scene(experiment: Experiment, *, relief: bool = False, log_color: bool = True, flat: Flat = FLAT) -> Scene:
    """Return the descent scene of an experiment; ``flat`` says what a plateau is."""
    return _scene(key(experiment), relief, log_color, flat, experiment)


def payload(
    experiment: Experiment,
    *,
    relief: bool = False,
    log_color: bool = True,
    flat: Flat = FLAT,
    theme: str = "light",
) -> dict[str, Any]:
    """Return what the player needs to show an experiment."""
    return _payload(key(experiment), relief, log_color, flat, theme, experiment)


@st.cache_resource(max_entries=12, show_spinner=False)
def _critical(surface: str, _surface: Surface) -> CriticalPoints:
    from landscape.analysis.critical_points import critical_points

    return critical_points(_surface)


@st.cache_resource(max_entries=12, show_spinner=False)
def _branches(surface: str, _surface: Surface) -> tuple[Branch, ...]:
    from landscape.scenes.critical import all_manifolds

    return all_manifolds(_surface, critical(_surface))


def critical(surface: Surface) -> CriticalPoints:
    """Return the critical points of a surface, searched for once."""
    return _critical(json.dumps(surface.recipe()), surface)


@st.cache_resource(max_entries=12, show_spinner=False)
def _looked_into(recipe: str, relief: bool, color: str, overlay: str, flat: Flat, _experiment: Experiment) -> Scene:
    from landscape.scenes.critical import GroundColor, over_map

    surface = _experiment.surface
    grounds: dict[str, GroundColor] = {"gradient": "gradient", "curvature": "curvature"}
    return over_map(
        scene(_experiment, relief=relief, log_color=color != "linear", flat=flat),
        surface,
        found=None if overlay == "off" else critical(surface),
        branches=_branches(json.dumps(surface.recipe()), surface) if overlay == "manifolds" else (),
        color=grounds.get(color),
    )


def looked_into(experiment: Experiment, *, relief: bool = False, color: str, overlay: str, flat: Flat = FLAT) -> Scene:
    """Return the descent scene with another ``color`` of the ground ("log", "linear", "gradient", "curvature").

    ``overlay`` adds what was found: "off", "critical" or "manifolds".
    """
    return _looked_into(key(experiment), relief, color, overlay, flat, experiment)


@st.cache_data(max_entries=24, show_spinner=False)
def _looked_into_payload(
    recipe: str, relief: bool, color: str, overlay: str, flat: Flat, theme: str, _experiment: Experiment
) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_looked_into(recipe, relief, color, overlay, flat, _experiment), theme=theme)


def looked_into_payload(
    experiment: Experiment, *, relief: bool = False, color: str, overlay: str, flat: Flat = FLAT, theme: str
) -> dict[str, Any]:
    """Return what the player needs to show ``looked_into``."""
    return _looked_into_payload(key(experiment), relief, color, overlay, flat, theme, experiment)
