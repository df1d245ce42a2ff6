"""Bounded caches for many dimensions."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from app.high_dims_recipe import kept, write
from landscape.analysis.high_dims import high_dims_study
from landscape.analysis.slices_study import slices_study
from landscape.experiment import Experiment, Run
from landscape.picture.scene import Scene
from landscape.scenes.high_dims import high_dims_scene
from landscape.scenes.slices import slices_scene


def _key(experiment: Experiment) -> str:
    """Return a short text that names an experiment: its start by the rule that draws it."""
    return urlencode(write(experiment))


# Few are held: a run may be 128 MB.
@st.cache_resource(max_entries=2, show_spinner=False)
def _run(recipe: str, _experiment: Experiment) -> Run:
    return _experiment.run(kept(_experiment))


@st.cache_resource(max_entries=8, show_spinner=False)
def _scene(recipe: str, plane: str, relief: bool, _experiment: Experiment) -> Scene:
    run = _run(recipe, _experiment)
    study = high_dims_study(run.trajectories, plane, seed=_experiment.seed)
    made = high_dims_scene(run, study, relief=relief)
    view = {"plane": plane, "view": "relief" if relief else "map"}
    return dataclasses.replace(made, query=urlencode(write(_experiment) | view))


@st.cache_data(max_entries=12, show_spinner=False)
def _payload(recipe: str, plane: str, relief: bool, theme: str, _experiment: Experiment) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(recipe, plane, relief, _experiment), theme=theme)


@st.cache_resource(max_entries=8, show_spinner=False)
def _slices(recipe: str, _experiment: Experiment) -> Scene:
    made = slices_scene(slices_study(_experiment.surface, seed=_experiment.seed))
    return dataclasses.replace(made, query=urlencode(write(_experiment) | {"show": "slices"}))


def run(experiment: Experiment) -> Run:
    """Return the trajectories of an experiment, lean where they are long."""
    return _run(_key(experiment), experiment)


def scene(experiment: Experiment, plane: str, relief: bool) -> Scene:
    """Return the scene of an experiment on a plane."""
    return _scene(_key(experiment), plane, relief, experiment)


def payload(experiment: Experiment, plane: str, relief: bool, theme: str) -> dict[str, Any]:
    """Return what the player needs to show an experiment on a plane."""
    return _payload(_key(experiment), plane, relief, theme, experiment)


def slices(experiment: Experiment) -> Scene:
    """Return the slices through the saddle of an experiment's surface."""
    return _slices(_key(experiment), experiment)


def slices_payload(experiment: Experiment, theme: str) -> dict[str, Any]:
    """Return what the player needs to show them."""
    from landscape.render.player.payload import player_payload

    return player_payload(slices(experiment), theme=theme)
