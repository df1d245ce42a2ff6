"""With what a surface is best seen: plain data that stands on its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landscape.language import reads_translated
from landscape.surfaces.base import Settings


@dataclass(frozen=True)
class Walk:
    """One optimizer of a lesson: its key, how its paths end, and its hyperparameters."""

    optimizer: str
    ends: tuple[str, ...]
    settings: Settings


def by(optimizer: str, *ends: str, **settings: float) -> Walk:
    """Return the walk of an optimizer with these hyperparameters; ``ends`` as ``Lesson`` takes them.

    >>> by("sgd", "saddle", learning_rate=0.1).settings["learning_rate"]
    0.1
    """
    return Walk(optimizer, ends, Settings(settings))


@reads_translated("question", "words")
@dataclass(frozen=True)
class Lesson:
    """The run that a surface opens with, what to ask of it, and what it shows.

    ``question`` is the heading and ``words`` are the sentences under it; both are true of this very run. ``starts``
    are points (S, n), in one dimension also bare numbers. ``walks`` say for each optimizer how its paths end: one
    ``landscape.descent.outcome.Verdict.end`` for all starts or one for each; no word, nothing expected. ``relief`` and
    ``threshold`` are options of ``landscape.scenes.descent_scene``.
    """

    question: str
    words: str
    starts: tuple[Any, ...]
    walks: tuple[Walk, ...]
    n_steps: int = 200
    relief: bool = False
    threshold: float = 1e-3
