"""The pens: everything that turns a scene into a picture, a film, a page or a table.

``save(scene, path, **options)`` writes any of them, the format from the ending of the path. Each drawing library is
imported when its format is first asked for.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from landscape.errors import lookup
from landscape.picture.scene import Picture
from landscape.render.files import atomic
from landscape.render.scratch import scratch
from landscape.render.words.caption import Caption, caption_of


@dataclass(frozen=True)
class Format:
    """A kind of file: its title, and the module and function that write it."""

    title: str
    module: str
    function: str = "write"

    @property
    def write(self) -> Callable[..., Any]:
        """The function ``write(scene, path, *, **options)``, imported now; it returns sentences worth telling."""
        writer: Callable[..., Any] = getattr(import_module(f"landscape.render.{self.module}"), self.function)
        return writer

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options that this format takes."""
        return tuple(
            p.name
            for p in inspect.signature(self.write).parameters.values()
            if p.kind is inspect.Parameter.KEYWORD_ONLY
        )


FORMATS: dict[str, Format] = {
    "pdf": Format("PDF, vector graphics", "paper.figure"),
    "svg": Format("SVG, vector graphics", "paper.figure"),
    "png": Format("PNG, pixels", "paper.figure"),
    "mp4": Format("MP4 film", "film.video"),
    "gif": Format("GIF animation", "film.video"),
    "html": Format("Live slide", "player.html"),
    "csv": Format("CSV table", "words.tables", "write_csv"),
    "npz": Format("NumPy arrays", "words.tables", "write_npz"),
    "txt": Format("Caption as text", "words.texts", "write_txt"),
    "tex": Format("Caption for LaTeX", "words.texts", "write_tex"),
    "md": Format("Caption for Markdown", "words.texts", "write_md"),
    "json": Format("Recipe as JSON", "words.texts", "write_json"),
    "py": Format("Python script", "words.texts", "write_script"),
    "zip": Format("Lecture pack: all of these", "pack"),
}
"""Ending -> format, in the order to show."""


@dataclass(frozen=True)
class Saved:
    """A file that was written: where, its caption, and sentences worth telling (letters without a glyph, say)."""

    path: Path
    caption: Caption
    notes: tuple[str, ...] = ()


def save(scene: Picture, path: str | os.PathLike[str], **options: Any) -> Saved:
    """Write a scene to ``path``, in the format that its ending names: whole or, where anything fails, not at all.

    ==================  ===========================================================================================
    .pdf .svg .png      ``size`` (``sizes.PAGES`` or inches), ``theme``, ``dpi``, ``view``, ``step``, ``title``,
                        ``legend``, ``caption``, ``transparent``, ``arithmetic`` (a path's label: its step in numbers)
    .mp4 .gif           ``size`` (``sizes.SCREENS`` or pixels), ``theme``, ``seconds``, ``fps``, ``hold``, ``loop``,
                        ``view``, ``title``, ``legend``, ``progress``
    .html               ``theme``, ``present``
    .csv .npz           none of their own
    .txt                none of its own
    .tex .md            ``file``, the picture that the caption is for; .tex also ``step``, ``arithmetic``
    .json .py           none of their own: the recipe as data and as a script
    .zip                ``size``, ``theme``, ``video_size``, ``gif_size``, ``seconds``, ``view``, ``progress``
    ==================  ===========================================================================================

    Every format takes ``address``, where the app runs: it is put before the link in the caption. Raises
    ``UnknownName`` for an unknown ending, size or theme, ``TypeError`` for an option that the format does not have,
    ``ValueError`` for a number that makes no sense, ``stopping.Cancelled`` where ``progress`` returned ``False``, and
    the system's ``OSError`` where the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower().removeprefix(".")
    format = lookup(FORMATS, ending, "format")
    unknown = [name for name in options if name not in format.options]
    if unknown:
        raise TypeError(f"{ending} has no option {unknown[0]!r}; it has: {', '.join(format.options)}")
    with atomic(target) as part:
        notes = format.write(scene, part, **options)
    return Saved(target, caption_of(scene, options.get("address", "")), tuple(notes))


def to_bytes(scene: Picture, ending: str, **options: Any) -> bytes:
    """Return what ``save`` would write to a file with this ending ("pdf", "mp4", ...), for a download."""
    ending = ending.lower().removeprefix(".")
    lookup(FORMATS, ending, "format")
    with scratch() as folder:
        path = folder / f"figure.{ending}"
        save(scene, path, **options)
        return path.read_bytes()
