"""Saving a lecture, the format from the ending of the name."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from landscape.language import mark
from landscape.lecture.base import Lecture
from landscape.progress import Progress, telling
from landscape.render import formats
from landscape.render.formats import Format

HERE = "landscape.lecture"

FORMATS: dict[str, Format] = {
    "html": Format(mark("Deck that plays in any browser, without a network"), f"{HERE}.deck"),
    "pdf": Format(mark("Handout, a page for each slide with its notes"), f"{HERE}.handout"),
    "pptx": Format(
        mark("PowerPoint: films that start by themselves, text that stays text"), f"{HERE}.slides", "write_pptx"
    ),
    "steps.pdf": Format(
        mark("PDF with a page for each moment, which page-down plays"), f"{HERE}.slides", "write_steps"
    ),
    "beamer.zip": Format(mark("Zip with the slides for LaTeX (Beamer)"), f"{HERE}.slides", "write_beamer"),
    "json": Format(mark("The lecture itself, to be opened again"), f"{HERE}.files"),
}
"""Ending -> format, in the order to show."""


def write(lecture: Lecture, path: Path) -> Sequence[str]:
    """Write the lecture as JSON, as ``Lecture.from_json`` reads it."""
    path.write_text(lecture.to_json(), encoding="utf-8", newline="\n")
    return []


def save(
    lecture: Lecture,
    path: str | os.PathLike[str] | IO[Any],
    *,
    format: str | None = None,
    progress: Progress = None,
    tell: Callable[[str], object] = warnings.warn,
    **options: Any,
) -> Path:
    """Write a lecture to ``path``, whole or not at all, and return the path.

    ``path`` may be an open file: then ``format``, an ending, says what is written.

    ==================  =====================================================================================
    .html .pdf          the deck and the handout: ``theme``
    .pptx               ``size``, ``theme``, ``seconds``, ``fps``, ``hold``, ``address``
    .steps.pdf          a page for each moment: ``size``, ``theme``, ``pages``
    .beamer.zip         the same for LaTeX: ``size``, ``theme``, ``pages``, ``address``
    .json               the recipe
    ==================  =====================================================================================

    ``progress`` is told how far it is and may stop it (``landscape.progress``); ``tell`` is given sentences worth
    telling, as that no font has some of the letters, by default as warnings. Raises ``UnknownName``
    for another ending, ``TypeError`` for an option that the format does not have, and the system's ``OSError`` where
    the file cannot be written.
    """
    with telling(progress):
        notes = formats.write(FORMATS, lecture, path, format=format, **options)
    for note in notes:
        tell(note)
    return formats.place_of(path)
