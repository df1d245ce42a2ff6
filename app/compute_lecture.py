"""Bounded caches for lectures: the scene and the payload of a slide."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from landscape.lecture import Lecture, Slide
from landscape.lecture.deck import deck_data
from landscape.picture.scene import Scene


def _key(slide: Slide) -> str:
    """Return what a slide's picture depends on: not its points and notes."""
    recipe = {name: value for name, value in slide.recipe().items() if name not in ("points", "notes")}
    return json.dumps(recipe, ensure_ascii=False)


# Shared between sessions that show the same slide; nothing in a scene can be changed.
@st.cache_resource(max_entries=48, show_spinner=False)
def _scene(recipe: str, _slide: Slide) -> Scene | None:
    return _slide.scene()


@st.cache_data(max_entries=48, show_spinner=False)
def _payload(recipe: str, theme: str, _slide: Slide) -> dict[str, Any] | None:
    from landscape.render.player.payload import player_payload

    made = _scene(recipe, _slide)
    return None if made is None else player_payload(made, theme)


def scene(slide: Slide) -> Scene | None:
    """Return the scene of a slide, ``None`` for words alone."""
    return _scene(_key(slide), slide)


def payload(slide: Slide, theme: str) -> dict[str, Any] | None:
    """Return what the player needs to show a slide, ``None`` for words alone."""
    return _payload(_key(slide), theme, slide)


def deck(lecture: Lecture, theme: str, start: int) -> dict[str, Any]:
    """Return what the deck needs to show a lecture from the slide ``start`` (from 0) on."""
    return deck_data(lecture, [scene(slide) for slide in lecture.slides], theme) | {"start": start}
