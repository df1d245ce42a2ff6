"""What the pictures of slides take: made once for the page, the projector and whoever else asks for the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app import work
from app.text import sentence
from landscape.lecture import Lecture, Slide
from landscape.lecture.deck import deck_data
from landscape.render.player.payload import player_payload
from landscape.scene import Scene


def _key(slide: Slide) -> str:
    """Return what a slide's picture depends on: not its points and notes."""
    recipe = {name: value for name, value in slide.recipe().items() if name not in ("points", "notes")}
    return json.dumps(recipe, ensure_ascii=False)


def scene(slide: Slide) -> Scene | None:
    """Return the scene of a slide, ``None`` for words alone."""
    return work.result(("slide", _key(slide)), lambda: slide.scene(work.result))


def payload(slide: Slide, theme: str) -> dict[str, Any] | None:
    """Return what the player needs to show a slide, ``None`` for words alone."""

    def made() -> dict[str, Any] | None:
        drawn = scene(slide)
        return None if drawn is None else player_payload(drawn, theme)

    return work.result(("slide payload", _key(slide), theme), made)


def deck(lecture: Lecture, theme: str, start: int, tell: Callable[[int], None]) -> dict[str, Any]:
    """Return what the deck needs to show a lecture from the slide ``start`` (from 0) on.

    ``tell`` is called with the number of slides that are made. A slide that cannot be drawn says why among its points.
    """
    shown, scenes = [], []
    for number, slide in enumerate(lecture.slides, 1):
        try:
            drawn, said = scene(slide), slide
        except (ValueError, TypeError, ArithmeticError) as error:
            drawn, said = None, replace(slide, points=(*slide.points, sentence(error)))
        shown.append(said)
        scenes.append(drawn)
        tell(number)
    return deck_data(replace(lecture, slides=tuple(shown)), scenes, theme) | {"start": start}
