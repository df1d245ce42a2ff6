"""How pages stand in the navigation, and which shows which figure, so that slides find limits and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landscape.language import reads_translated


@reads_translated("title")
@dataclass(frozen=True)
class Entry:
    """How a page stands in the navigation; ``key`` is the beginning of its session keys."""

    key: str
    title: str
    icon: str
    url: str


@dataclass(frozen=True)
class Shower:
    """A page as slides know it: how it writes a recipe into its address, and what it refuses to compute."""

    entry: Entry
    write: Callable[[Any], Mapping[str, str]]
    allow: Callable[[Any, Mapping[str, str]], None]


PAGES: dict[str, Shower] = {}
"""Name of a figure -> the page that shows it."""
