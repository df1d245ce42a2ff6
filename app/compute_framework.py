"""Bounded caches for the framework example."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.compute import key, run
from landscape.experiment import Experiment
from landscape.picture.scene import Scene
from landscape.scenes.framework_example import framework_scene


@st.cache_resource(max_entries=12, show_spinner=False)
def _scene(recipe: str, _experiment: Experiment) -> Scene:
    return framework_scene(run(_experiment))


@st.cache_data(max_entries=12, show_spinner=False)
def _payload(recipe: str, theme: str, _experiment: Experiment) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(recipe, _experiment), theme=theme)


def scene(experiment: Experiment) -> Scene:
    """Return the scene of a run of the example."""
    return _scene(key(experiment), experiment)


def payload(experiment: Experiment, theme: str) -> dict[str, Any]:
    """Return what the player needs to show a run of the example."""
    return _payload(key(experiment), theme, experiment)
