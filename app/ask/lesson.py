"""The lesson of a surface, the run with which it opens: what an address, another surface and a button make of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from app.runs import Read, on_gallery
from app.state import Desk
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.recipe.lesson import lesson_of
from landscape.recipe.query import SETTING
from landscape.recipe.starts import Given, Starts
from landscape.surfaces import SURFACES
from landscape.surfaces.base import Surface
from landscape.surfaces.lesson import Lesson

_OF_SURFACE = ("surface", "formula", "formula_title", "domain", "n_dims")
_SET = ("optimizers", "starts", "n_steps", "schedule", "noise", "seed", "title")
"""What a lesson sets, and anybody may set otherwise."""


@lru_cache(maxsize=128)
def opened(surface: Surface) -> Experiment:
    """Return the run that a surface opens with."""
    return Experiment.from_lesson(surface)


def declared(surface: Surface) -> Surface:
    """Return a surface as it is declared, whatever its settings are now; a typed one as it is."""
    return SURFACES.get(surface.name, surface)


def on_surface(experiment: Experiment, surface: Surface) -> Experiment:
    """Return the experiment on another surface: what somebody set stays where it fits, all else is of its lesson."""
    before = opened(experiment.surface)
    kept = {name: value for name in _SET if (value := getattr(experiment, name)) != getattr(before, name)}
    if "starts" in kept and not _fit(experiment.starts, surface):
        del kept["starts"]
    return opened(surface).replace(**kept)


def _fit(starts: Starts, surface: Surface) -> bool:
    """Tell whether a rule makes starts on a surface; points that somebody gave must lie in its domain."""
    try:
        starts.count(surface)
    except ValueError:
        return False
    return not isinstance(starts, Given) or bool(surface.domain.contains(starts.on(surface)).all())


def read(query: Mapping[str, str], default: Experiment) -> Read:
    """Return what ``on_gallery`` does; what an address leaves out is of the lesson of the surface it names."""
    of_surface = {name: query[name] for name in query if name in _OF_SURFACE or name.startswith(SETTING)}
    named = on_gallery(of_surface, default)[0].surface
    return on_gallery(query, opened(named) if named.n_dims <= 2 else default)


def of(asked: Experiment) -> Lesson | None:
    """Return the lesson that a run is, ``None`` where something in it was changed."""
    surface = declared(asked.surface)
    return lesson_of(surface) if asked == opened(surface) else None


def back(desk: Desk[Experiment]) -> None:
    """Offer the lesson where something in it was changed."""
    surface = declared(desk.recipe.surface)

    def bring() -> None:
        desk.open("lesson", lambda _: opened(surface))

    if desk.recipe != opened(surface):
        st.button(
            tr("As the lesson has it"),
            icon=":material/school:",
            key=desk.key("lesson"),
            on_click=bring,
            help=tr("Starts, optimizers and steps with which {surface} is best seen", surface=surface.title),
            width="stretch",
        )
