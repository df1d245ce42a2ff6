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

FORMATS = {"html": "deck", "pdf": "handout", "json": "files"}
"""Ending -> the module whose ``write`` makes it."""


def write(lecture: Lecture, path: Path) -> Sequence[str]:
    """Write the lecture as JSON, as ``Lecture.from_json`` reads it."""
    path.write_text(lecture.to_json(), encoding="utf-8", newline="\n")
    return []


def save(lecture: Lecture, path: str | os.PathLike[str], **options: Any) -> Path:
    """Write a lecture to ``path``, whole or not at all, and return the path.

    .html is the deck (``theme``, ``progress``), .pdf the handout (``theme``, ``progress``), .json the recipe. Raises
    ``UnknownName`` for another ending, ``TypeError`` for an option that the format does not have, ``Cancelled``
    where ``progress`` returned ``False``, and the system's ``OSError`` where the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower().removeprefix(".")
    writer: Callable[..., Any] = import_module(f"landscape.lecture.{lookup(FORMATS, ending, 'format')}").write
    known = [p.name for p in inspect.signature(writer).parameters.values() if p.kind is p.KEYWORD_ONLY]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise TypeError(f"{ending} has no option {unknown[0]!r}; it has: {', '.join(known) or 'none'}")
    with atomic(target) as part:
        writer(lecture, part, **options)
    return target
