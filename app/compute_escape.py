"""The recipe of the page Escape from a saddle, and bounded caches for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from landscape.analysis.escape_study import CURVATURES, OFFSETS, EscapeStudy, escape_study
from landscape.parameter import Parameter
from landscape.picture.scene import Scene
from landscape.scenes.escape import escape_scene

OFFSET = Parameter(
    "offset",
    1e-4,
    OFFSETS[-1],
    1.0,
    "y of the start; the table below has exactly 0 too",
    log=True,
    minimum=OFFSETS[-1],
    maximum=OFFSETS[0],
)
CURVATURE = Parameter(
    "curvature",
    1.0,
    *CURVATURES,
    "how steeply the saddle falls",
    log=True,
    minimum=CURVATURES[0],
    maximum=CURVATURES[1],
)


@dataclass(frozen=True)
class Escaping:
    """What is on the desk: the saddle's negative curvature, and how far beside its stable manifold paths start."""

    curvature: float = CURVATURE.default
    offset: float = OFFSET.default

    def __post_init__(self) -> None:
        for p in (CURVATURE, OFFSET):
            object.__setattr__(self, p.name, p.check(getattr(self, p.name)))


def read(query: Mapping[str, str]) -> tuple[Escaping, tuple[str, ...]]:
    """Return the recipe that URL parameters name, with what was refused."""
    recipe, problems = Escaping(), []
    for name in ("curvature", "offset"):
        if name in query:
            try:
                # Text, where a number is meant: the recipe's own check reads it or says what is wrong with it.
                recipe = dataclasses.replace(recipe, **{name: query[name][:40]})  # type: ignore[arg-type]
            except (ValueError, TypeError) as error:
                problems.append(str(error))
    return recipe, tuple(problems)


def write(recipe: Escaping) -> dict[str, str]:
    """Return the URL parameters of a recipe."""
    return {"curvature": repr(recipe.curvature), "offset": repr(recipe.offset)}


@st.cache_resource(max_entries=12, show_spinner="Leaving the saddle")
def study(recipe: Escaping) -> EscapeStudy:
    """Return what every optimizer does there."""
    return escape_study(recipe.curvature, recipe.offset)


@st.cache_resource(max_entries=12, show_spinner=False)
def scene(recipe: Escaping) -> Scene:
    """Return the picture of it."""
    return escape_scene(study(recipe))


@st.cache_data(max_entries=12, show_spinner=False)
def payload(recipe: Escaping, theme: str) -> dict[str, Any]:
    """Return what the player needs to show it."""
    from landscape.render.player.payload import player_payload

    return player_payload(scene(recipe), theme=theme)
