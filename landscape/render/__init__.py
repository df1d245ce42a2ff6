"""The pens: everything that turns a scene into a picture, a film, a page or a table.

``save(scene, path, **options)`` writes any of them, the format from the ending of the path. Each drawing library is
imported when its format is first asked for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape.errors import lookup
from landscape.picture.scene import Picture
from landscape.render import formats
from landscape.render.formats import Format
from landscape.render.scratch import scratch
from landscape.render.words.caption import Caption, caption_of

__all__ = ["FORMATS", "Saved", "save", "to_bytes"]

HERE = "landscape.render"

FORMATS: dict[str, Format] = {
    "pdf": Format("PDF, vector graphics", f"{HERE}.paper.figure"),
    "steps.pdf": Format("PDF, a page a step", f"{HERE}.paper.stepped"),
    "svg": Format("SVG, vector graphics", f"{HERE}.paper.figure"),
    "png": Format("PNG, pixels", f"{HERE}.paper.figure"),
    "mp4": Format("MP4 film", f"{HERE}.film.video"),
    "gif": Format("GIF animation", f"{HERE}.film.video"),
    "pptx": Format("PowerPoint slide", f"{HERE}.powerpoint.slides"),
    "beamer.zip": Format("Slide for LaTeX (Beamer)", f"{HERE}.beamer"),
    "html": Format("Live slide", f"{HERE}.player.html"),
    "csv": Format("CSV table", f"{HERE}.words.tables", "write_csv"),
    "npz": Format("NumPy arrays", f"{HERE}.words.tables", "write_npz"),
    "txt": Format("Caption as text", f"{HERE}.words.texts", "write_txt"),
    "tex": Format("Caption for LaTeX", f"{HERE}.words.texts", "write_tex"),
    "md": Format("Caption for Markdown", f"{HERE}.words.texts", "write_md"),
    "json": Format("Recipe as JSON", f"{HERE}.words.texts", "write_json"),
    "py": Format("Python script", f"{HERE}.words.texts", "write_script"),
    "zip": Format("Lecture pack: pictures, films, slide, data, words", f"{HERE}.pack"),
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
    .pptx               ``size`` (of the slide, as for .pdf), ``theme``, ``seconds``, ``fps``, ``hold``, ``view``,
                        ``legend``, ``progress``
    .steps.pdf          ``size``, ``theme``, ``pages``, ``dpi``, ``view``, ``legend``, ``progress``
    .beamer.zip         ``size``, ``theme``, ``pages``, ``view``, ``legend``, ``progress``
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
    notes = formats.write(FORMATS, scene, path, **options)
    return Saved(Path(path), caption_of(scene, options.get("address", "")), notes)


def to_bytes(scene: Picture, ending: str, **options: Any) -> bytes:
    """Return what ``save`` would write to a file with this ending ("pdf", "mp4", ...), for a download."""
    ending = ending.lower().removeprefix(".")
    lookup(FORMATS, ending, "format")
    with scratch() as folder:
        path = folder / f"figure.{ending}"
        save(scene, path, **options)
        return path.read_bytes()
