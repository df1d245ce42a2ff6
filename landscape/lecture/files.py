"""Saving a lecture, the format from the ending of the name."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from landscape.errors import lookup
from landscape.lecture.base import Lecture
from landscape.render.files import atomic

FORMATS = {
    "html": ("Deck that plays in any browser, without a network", "deck"),
    "pdf": ("Handout, a page for each slide with its notes", "handout"),
    "json": ("The lecture itself, to be opened again", "files"),
}
"""Ending -> what it is, and the module whose ``write`` makes it."""


def write(lecture: Lecture, path: Path) -> Sequence[str]:
    """Write the lecture as JSON, as ``Lecture.from_json`` reads it."""
    path.write_text(lecture.to_json(), encoding="utf-8", newline="\n")
    return []


def options_of(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Return the options that ``save`` takes for a file of this name; raise ``UnknownName`` for another ending."""
    return tuple(p.name for p in inspect.signature(_writer(path)).parameters.values() if p.kind is p.KEYWORD_ONLY)


def save(lecture: Lecture, path: str | os.PathLike[str], **options: Any) -> Path:
    """Write a lecture to ``path``, whole or not at all, and return the path.

    .html is the deck (``theme``, ``progress``), .pdf the handout (``theme``, ``progress``), .json the recipe. Raises
    ``UnknownName`` for another ending, ``TypeError`` for an option that the format does not have, ``Cancelled``
    where ``progress`` returned ``False``, and the system's ``OSError`` where the file cannot be written.
    """
    target, known = Path(path), options_of(path)
    unknown = [name for name in options if name not in known]
    if unknown:
        raise TypeError(f"{target.suffix} has no option {unknown[0]!r}; it has: {', '.join(known) or 'none'}")
    with atomic(target) as part:
        _writer(target)(lecture, part, **options)
    return target


def _writer(path: str | os.PathLike[str]) -> Callable[..., Any]:
    _, module = lookup(FORMATS, Path(path).suffix.lower().removeprefix("."), "format")
    writer: Callable[..., Any] = import_module(f"landscape.lecture.{module}").write
    return writer
