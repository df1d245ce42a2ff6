"""What the pictures of slides take: made once for the page, the projector and whoever else asks for the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from app import work
from app.text import sentence
from landscape.lecture import Slide
from landscape.lecture.deck import words_data
from landscape.render.player.payload import as_text, raw_payload
from landscape.scene import Scene


def _key(slide: Slide) -> str:
    """Return what a slide's picture depends on: not its points and notes."""
    recipe = {name: value for name, value in slide.recipe().items() if name not in ("points", "notes")}
    return json.dumps(recipe, ensure_ascii=False)


def scene(slide: Slide) -> Scene | None:
    """Return the scene of a slide, ``None`` for words alone."""
    return work.result(("slide", _key(slide)), lambda: slide.scene(work.result))


def payload(slide: Slide, theme: str) -> dict[str, Any] | None:
    """Return what the player needs to show a slide, with raw arrays; ``None`` for words alone."""

    def made() -> dict[str, Any] | None:
        drawn = scene(slide)
        return None if drawn is None else raw_payload(drawn, theme)

    return work.result(("slide payload", _key(slide), theme), made)


def slide_data(slide: Slide, theme: str) -> dict[str, Any]:
    """Return what the deck needs to show a slide; one that cannot be drawn says why among its points."""
    try:
        made = payload(slide, theme)
        return words_data(slide) | {"payload": None if made is None else as_text(made)}
    except (ValueError, TypeError, ArithmeticError) as error:
        return words_data(replace(slide, points=(*slide.points, sentence(error)))) | {"payload": None}
