"""Files that are given to the command, read or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

from landscape.language import tr
from landscape.recipe import plain

LARGEST = 4 * plain.MAX_LENGTH
"""Bytes that are read at most: what has more has more characters than are taken."""


def text_of(path: Path) -> str:
    """Return the text of a file; raise ``OSError`` or ``ValueError`` that names it where there is none to be read."""
    if path.is_dir():
        raise IsADirectoryError(tr("{path} is a folder, not a file", path=path))
    if not path.exists():
        raise FileNotFoundError(tr("there is no file {path}", path=path))
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise ValueError(tr("{path} has more than {largest:g} MB", path=path, largest=LARGEST / 1e6))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(tr("{path} is no text in UTF-8", path=path)) from None
