"""A run on its map or relief with loss and gradient norm, and what was found of the surface over it."""

from __future__ import annotations

import json

from landscape.analysis.critical_points import CriticalPoints, critical_points
from landscape.analysis.manifolds import Branch
from landscape.experiment import Experiment
from landscape.figures.base import Figure, Keep, Views, run
from landscape.recipe.cost import NUMBERS, PER_SECOND, Demand
from landscape.scene import Scene
from landscape.scenes.critical import GroundColor, all_manifolds, over_map
from landscape.surfaces.base import Surface

DEEPER: dict[str, GroundColor] = {"gradient": "gradient", "curvature": "curvature"}
"""Colours of a map that are not its heights."""

SEARCH = Demand(moves=2 * PER_SECOND, numbers=0.6 * NUMBERS)
"""What looking for critical points takes, or following their manifolds: mostly less, but on a surface with thousands of
them more than half of a server's memory."""


def points(surface: Surface, keep: Keep) -> CriticalPoints:
    """Return the critical points of a surface, searched for once."""
    return keep(("critical points", json.dumps(surface.recipe())), lambda: critical_points(surface), SEARCH)


def branches(surface: Surface, keep: Keep) -> tuple[Branch, ...]:
    """Return the manifolds of its saddles, followed once."""
    found = points(surface, keep)
    return keep(("manifolds", json.dumps(surface.recipe())), lambda: all_manifolds(surface, found), SEARCH)


def draw(experiment: Experiment, views: Views, keep: Keep) -> Scene:
    """Return the picture of a run; its surface is searched where the views ask for what is found, and only then."""
    ground = experiment.surface
    made = run(experiment, keep).scene(
        relief=views["view"] == "relief",
        log_color=views["color"] != "linear",
        threshold=float(views["flat"]),
        relative=views["flat_of"] == "largest",
    )
    overlay, color = views["overlay"], DEEPER.get(views["color"])
    if ground.n_dims != 2 or (overlay == "off" and color is None):
        return made
    return over_map(
        made,
        ground,
        found=None if overlay == "off" else points(ground, keep),
        branches=branches(ground, keep) if overlay == "manifolds" else (),
        color=color,
    )


FIGURE = Figure(
    "descent",
    draw,
    Experiment,
    {
        "view": ("map", "relief"),
        "color": ("log", "linear", *DEEPER),
        "overlay": ("off", "critical", "manifolds"),
        "flat": ("1e-3", "1e-1", "1e-2", "1e-4", "1e-5", "1e-6"),
        "flat_of": ("norm", "largest"),
    },
)
