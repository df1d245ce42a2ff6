"""Which page shows which figure: pages enter themselves here, so that slides find their limits and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shower:
    """A page as slides know it: its address, how it writes a recipe into it, and what it refuses to compute."""

    title: str
    url: str
    write: Callable[[Any], Mapping[str, str]]
    allow: Callable[[Any, Mapping[str, str]], None]


PAGES: dict[str, Shower] = {}
"""Name of a figure -> the page that shows it."""
