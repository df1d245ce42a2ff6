"""Which surface? One of the gallery with its settings, or a formula that somebody types."""

from __future__ import annotations

import streamlit as st

from app.ask import gallery
from app.ask.controls import numbers, slider_of
from app.ask.formula import OWN, OWN_TITLE, own
from app.state import Desk
from app.text import plain
from landscape.experiment import Experiment
from landscape.language import tr
from landscape.surfaces.base import Surface

Bench = Desk[Experiment]


def title(surface: Surface) -> str:
    """Return the name under which a surface is offered."""
    return tr(OWN_TITLE) if surface.name == OWN else surface.title


def heading(desk: Bench) -> str:
    """Return the name of the surface, as Markdown."""
    return plain(desk.recipe.surface.title)


def teaches(desk: Bench) -> str:
    """Return what the surface teaches, as Markdown."""
    return plain(desk.recipe.surface.info.teaches, 1000)


def file_name(surface: Surface) -> str:
    """Return what files about a surface are called, without their endings."""
    return f"landscape-{surface.name.replace('_', '-')}"


def ask(desk: Bench, n_dims: tuple[int, ...] = (1, 2)) -> None:
    """Ask for a surface of so many dimensions, with its settings; or for a formula."""
    gallery.offer(desk, n_dims)
    if desk.recipe.surface.name == OWN:
        own(desk)
    else:
        st.caption(plain(desk.recipe.surface.info.teaches, 1000))
        settings(desk)


def sliders(desk: Bench) -> dict[str, tuple[str, int]]:
    """Return, by the keys of their sliders, the numbers of the surface's settings."""
    surface = desk.recipe.surface
    places = {name: number for number, name in enumerate(surface.settings)}
    return {slider_of(desk, f"surface.{surface.name}.{name}"): ("surface", number) for name, number in places.items()}


def settings(desk: Bench, place: str = "") -> None:
    """Ask for the numbers of the surface, at ``place`` or one of its own."""
    surface = desk.recipe.surface
    numbers(
        desk,
        place or f"surface.{surface.name}",
        surface.parameters,
        lambda name: surface.settings[name],
        lambda experiment, name, value: experiment.replace(surface=experiment.surface.with_settings(**{name: value})),
    )
