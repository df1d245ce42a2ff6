"""Kinds of files by the ending of a name: what each is called, and what writes it."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from io import TextIOBase
from pathlib import Path
from typing import IO, Any

from landscape.errors import lookup
from landscape.language import reads_translated, tr
from landscape.render.files import atomic
from landscape.render.scratch import scratch


@reads_translated("title")
@dataclass(frozen=True)
class Format:
    """A kind of file: its title, and the module and function that write it.

    ``slow`` where that may take seconds; ``has_panels`` where it shows panels, and not words alone.
    """

    title: str
    module: str
    function: str = "write"
    slow: bool = False
    has_panels: bool = True

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
    return lookup(formats, ending_of(Path(path).name, formats), tr("format"))


def wanted(path: str | os.PathLike[str] | IO[Any], formats: Mapping[str, Format], format: str | None = None) -> str:
    """Return the ending of the format that is asked for: ``format``, or what the name of a file says.

    Raises ``UnknownName`` for another one, ``TypeError`` for what is neither a path nor an open file, and
    ``ValueError`` for an open file without a format.
    """
    if format is not None:
        ending = format.lower().removeprefix(".")
    elif (target := _on_disk(path)) is not None:
        ending = ending_of(target.name, formats)
    else:
        raise ValueError(
            tr(
                "an open file has no ending that names its format: give one, as format={ending!r}",
                ending=next(iter(formats)),
            )
        )
    lookup(formats, ending, tr("format"))
    return ending


def place_of(path: str | os.PathLike[str] | IO[Any]) -> Path:
    """Return where a file lies; that of an open one is its name, or nothing."""
    name = getattr(path, "name", "")
    return _on_disk(path) or Path(name if isinstance(name, str) else "")


def write(
    formats: Mapping[str, Format],
    thing: Any,
    path: str | os.PathLike[str] | IO[Any],
    *,
    format: str | None = None,
    **options: Any,
) -> tuple[str, ...]:
    """Write ``thing`` to ``path`` in the format that its name says, or ``format``: whole or not at all.

    ``path`` may be an open file. Returns what there is to tell. Raises as ``wanted``, ``TypeError`` for an option that
    the format does not have and for a text file that cannot hold it, and what its writer raises.
    """
    ending = wanted(path, formats, format)
    kind = formats[ending]
    unknown = [name for name in options if name not in kind.options]
    if unknown:
        said = {"ending": ending, "option": unknown[0]}
        if not kind.options:
            raise TypeError(tr("{ending} has no option {option!r}; it has none", **said))
        raise TypeError(
            tr("{ending} has no option {option!r}; it has: {options}", **said, options=", ".join(kind.options))
        )
    target = _on_disk(path)
    if target is not None and ending == ending_of(target.name, formats):
        with atomic(target) as part:
            return tuple(kind.write(thing, part, **options))
    with scratch() as folder:
        made = folder / f"figure.{ending}"
        notes = tuple(kind.write(thing, made, **options))
        data = made.read_bytes()
    if target is not None:
        with atomic(target) as part:
            part.write_bytes(data)
        return notes
    file: Any = path
    if isinstance(path, TextIOBase):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise TypeError(
                tr("{ending} is no text: open the file for bytes, as open(name, 'wb')", ending=ending)
            ) from None
        file.write(text)
    else:
        file.write(data)
    return notes


def _on_disk(path: Any) -> Path | None:
    """Return a path as such, ``None`` for an open file; raise ``TypeError`` for what is neither."""
    if callable(getattr(path, "write", None)):
        return None
    if not isinstance(path, str | os.PathLike):
        raise TypeError(tr("a file is a path or an open file, not {kind}", kind=type(path).__name__))
    return Path(path)
