"""Bounded caches for the page Networks: each view is computed when it is first looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from app.networks_recipe import Study
from landscape.analysis.network_studies import (
    Pair,
    edge_study,
    pair_slices,
    pair_smoothness,
    pair_spectra,
    students,
    train_pair,
    two_minima,
)
from landscape.experiment import Experiment
from landscape.optimizers import optimizer
from landscape.picture.scene import Scene
from landscape.scenes import network_studies as studies
from landscape.scenes.networks import deep_linear_scene, sharpness_scene
from landscape.surfaces.networks import DeepLinear, Perceptron, chebyshev
from landscape.version import __version__

OWN_NETWORK = ("norm", "slices", "spectrum", "minima")
"""Views of the network that the questions describe; the others have settings of their own."""


@st.cache_resource(max_entries=8, show_spinner=False)
def _pair(study: Study) -> Pair:
    return train_pair(study.model, study.learning_rate, study.n_steps, study.seed)


def _sharpness(study: Study) -> Scene:
    model = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20))
    walkers = tuple(optimizer("sgd", learning_rate=rate) for rate in (0.2, 0.4))
    run = Experiment(model, walkers, _rows(model.starts(1, study.seed)), 5000).run()
    return sharpness_scene(run, edge_study(run.trajectories, looks=12))


def _plateaus(study: Study) -> Scene:
    model = DeepLinear(widths=(20,))
    start = model.balanced_start(1e-3, study.seed)
    return deep_linear_scene(
        Experiment(model, (optimizer("sgd", learning_rate=0.005),), _rows([start]), n_steps=2000).run()
    )


def _rows(starts: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(number) for number in row) for row in starts)


_VIEWS = {
    "norm": lambda study: studies.norm_scene(pair_smoothness(_pair(study))),
    "slices": lambda study: studies.slices_of_pair(pair_slices(_pair(study), seed=study.seed)),
    "spectrum": lambda study: studies.spectrum_of_pair(pair_spectra(_pair(study))),
    "minima": lambda study: studies.minima_scene(
        two_minima(study.model, study.learning_rate, study.n_steps, study.seed)
    ),
    "sharpness": _sharpness,
    "widths": lambda study: studies.widths_scene(students(seed=study.seed)),
    "plateaus": _plateaus,
}


@st.cache_resource(max_entries=16, show_spinner=False)
def _scene(study: Study, view: str) -> Scene:
    made = _VIEWS[view](study)
    query = urlencode(study.to_query() | {"view": view})
    if view not in OWN_NETWORK:
        return replace(made, query=query)
    return replace(made, caption=f"{made.title} · {study.words} · landscape {__version__}", query=query)


@st.cache_data(max_entries=24, show_spinner=False)
def _payload(study: Study, view: str, theme: str) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(study, view), theme=theme)


def _asked(study: Study, view: str) -> Study:
    """Return the study as far as the view depends on it, so that the same picture is not computed twice."""
    return study if view in OWN_NETWORK else Study(seed=study.seed)


def scene(study: Study, view: str) -> Scene:
    """Return the scene of one view of a study."""
    return _scene(_asked(study, view), view)


def payload(study: Study, view: str, theme: str) -> dict[str, Any]:
    """Return what the player needs to show one view of a study."""
    return _payload(_asked(study, view), view, theme)
