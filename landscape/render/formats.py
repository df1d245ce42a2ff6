"""Kinds of files by the ending of a name: what each is called, and what writes it."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from landscape.errors import lookup
from landscape.render.files import atomic


@dataclass(frozen=True)
class Format:
    """A kind of file: its title, and the module and function that write it."""

    title: str
    module: str
    function: str = "write"

    @property
    def write(self) -> Callable[..., Any]:
        """The function ``write(thing, path, *, **options)``, imported now; it returns sentences worth telling."""
        writer: Callable[..., Any] = getattr(import_module(self.module), self.function)
        return writer

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options that this format takes."""
        return tuple(
            p.name
            for p in inspect.signature(self.write).parameters.values()
            if p.kind is inspect.Parameter.KEYWORD_ONLY
        )


def ending_of(name: str, formats: Mapping[str, Format]) -> str:
    """Return the ending by which ``name`` says its format: the longest of those known, else what follows its last dot.

    >>> kinds = {"pdf": Format("PDF", "a"), "steps.pdf": Format("PDF, a page a step", "b")}
    >>> ending_of("Saddle.Steps.PDF", kinds), ending_of("first steps.pdf", kinds), ending_of("notes.txt", kinds)
    ('steps.pdf', 'pdf', 'txt')
    """
    lowered = name.lower()
    known = [ending for ending in formats if lowered.endswith(f".{ending}") and len(lowered) > len(ending) + 1]
    return max(known, key=len, default=Path(lowered).suffix.removeprefix("."))


def format_of(path: str | os.PathLike[str], formats: Mapping[str, Format]) -> Format:
    """Return the format that the name of a file says; raise ``UnknownName`` for another one."""
    return lookup(formats, ending_of(Path(path).name, formats), "format")


def write(formats: Mapping[str, Format], thing: Any, path: str | os.PathLike[str], **options: Any) -> tuple[str, ...]:
    """Write ``thing`` to ``path`` in the format that its name says, whole or not at all; return what there is to tell.

    Raises ``UnknownName`` for an unknown ending, ``TypeError`` for an option that the format does not have, and what
    its writer raises.
    """
    target, format = Path(path), format_of(path, formats)
    unknown = [name for name in options if name not in format.options]
    if unknown:
        ending = ending_of(target.name, formats)
        raise TypeError(f"{ending} has no option {unknown[0]!r}; it has: {', '.join(format.options) or 'none'}")
    with atomic(target) as part:
        return tuple(format.write(thing, part, **options))
