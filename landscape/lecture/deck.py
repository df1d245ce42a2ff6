"""A lecture as one HTML file that plays anywhere: plotly.js, player and slides inside, nothing from the network."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landscape.language import of_scripts, tr
from landscape.lecture.base import Lecture, Slide
from landscape.picture.themes import Theme, theme_of
from landscape.render.files import text_of
from landscape.render.player.html import document
from landscape.render.player.payload import more_of, player_css, player_payload, player_script
from landscape.scene import Scene

HERE = "landscape.lecture"


def deck_script() -> str:
    """Return the script that defines ``mountDeck``; it needs ``mountPlayer`` (``payload.player_script``)."""
    return "".join(text_of(HERE, f"{part}.js") for part in ("stills", "presenter", "deck"))


def deck_css() -> str:
    """Return the style sheet of a deck."""
    return text_of(HERE, "deck.css")


def words_data(slide: Slide) -> dict[str, Any]:
    """Return the words of a slide for ``mountDeck``; ``payload`` is what it shows under them, or ``None``."""
    return {"title": slide.title, "points": list(slide.points), "notes": slide.notes}


def deck_data(lecture: Lecture, slides: Sequence[dict[str, Any]], theme: str | Theme) -> dict[str, Any]:
    """Return a lecture as plain JSON data for ``mountDeck``; slides that wait for their picture have no ``payload``.

    ``words`` are the deck's own, translated.
    """
    theme = theme_of(theme)
    return {
        "title": lecture.title,
        "slides": list(slides),
        "words": of_scripts("landscape/lecture"),
        "theme": {
            "background": theme.background,
            "surface": theme.surface,
            "ink": theme.ink,
            "muted": theme.muted,
            "line": theme.line,
            "accent": theme.accent,
            "font": theme.font_family,
            "size": f"{theme.font_size:g}px",
        },
    }


def to_html(lecture: Lecture, scenes: Sequence[Scene | None], theme: str | Theme = "projector") -> str:
    """Return an HTML document that shows the whole lecture with no network at all (as ``player.html.to_html`` does)."""
    theme = theme_of(theme)
    payloads = [None if scene is None else player_payload(scene, theme) for scene in scenes]
    slides = [words_data(slide) | {"payload": made} for slide, made in zip(lecture.slides, payloads, strict=True)]
    return document(
        title=html.escape(lecture.title or tr("Lecture")),
        css=f"body {{ background: {theme.background}; }}{text_of(HERE, 'alone.css')}{player_css()}{deck_css()}",
        body='<main id="deck"></main>',
        data=deck_data(lecture, slides, theme),
        script=player_script(frozenset().union(*map(more_of, payloads))) + deck_script() + text_of(HERE, "alone.js"),
    )


def write(lecture: Lecture, path: Path, *, theme: str | Theme = "projector") -> Sequence[str]:
    """Run every slide, each of which is counted, and write the deck."""
    theme_of(theme)
    path.write_text(to_html(lecture, lecture.scenes(), theme), encoding="utf-8", newline="\n")
    return []
