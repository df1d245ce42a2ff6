"""Bounded caches for softmax regression."""

from __future__ import annotations

from typing import Any

from app import work
from app.softmax_recipe import twin
from app.work import run
from landscape.experiment import Experiment
from landscape.picture.scene import Scene
from landscape.render.player.payload import player_payload
from landscape.scenes.softmax import softmax_scene
from landscape.surfaces.networks import Network
from landscape.theory.softmax import Arithmetic, arithmetic


def scene(experiment: Experiment, shown: int, features: tuple[int, int]) -> Scene:
    """Return the scene of a training: the regions of the optimizer number ``shown`` over two ``features``."""
    return work.result(
        ("softmax", experiment.to_json(), shown, features),
        lambda: softmax_scene(run(experiment), shown=(shown, 0), features=features),
    )


def payload(experiment: Experiment, shown: int, features: tuple[int, int], theme: str) -> dict[str, Any]:
    """Return what the player needs to show a training."""
    return work.result(
        ("softmax payload", experiment.to_json(), shown, features, theme),
        lambda: player_payload(scene(experiment, shown, features), theme=theme),
    )


def accuracies(experiment: Experiment) -> list[float]:
    """Return the share of rows that each optimizer classifies rightly in the end, from the first start."""
    model = experiment.surface
    assert isinstance(model, Network), "the page's rule"
    return [float(model.accuracy(t.final_points[0])) for t in run(experiment).trajectories]


def board(
    experiment: Experiment, shown: int, inputs: tuple[float, ...], features: tuple[int, ...] = (0, 1)
) -> Arithmetic:
    """Return the arithmetic of one input for a trained model: the class is that of the nearest row of the data.

    ``inputs`` are the values of ``features``; the others are at their mean.
    """
    model = experiment.surface
    assert isinstance(model, Network), "the page's rule"
    point = run(experiment).trajectories[shown].final_points[0]
    data = model.data
    whole = data.inputs.mean(axis=0)
    whole[list(features)] = inputs
    nearest = int(((data.inputs[:, list(features)] - inputs) ** 2).sum(axis=1).argmin())
    assert data.labels is not None, "data with classes have labels"
    w, b = model.block("W1").of(point), model.block("b1").of(point)
    return arithmetic(w @ whole + b, int(data.labels[nearest]))


def logistic_difference(experiment: Experiment, shown: int) -> float:
    """Return how far two-class softmax is from its logistic twin, over all rows."""
    return twin(experiment, run(experiment).trajectories[shown].final_points[0])
