"""The pens: everything that turns a scene into a picture, a film, a page or a table.

``save(scene, path, **options)`` writes any of them, the format from the ending of the path. Each drawing library is
imported when its format is first asked for.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from landscape.language import mark, tr
from landscape.picture.scene import Picture
from landscape.progress import Progress, telling
from landscape.render import formats
from landscape.render.formats import Format
from landscape.render.words.caption import Caption, caption_of

__all__ = ["FORMATS", "Saved", "save", "to_bytes"]

HERE = "landscape.render"

FORMATS: dict[str, Format] = {
    "pdf": Format(mark("PDF, vector graphics"), f"{HERE}.paper.figure"),
    "steps.pdf": Format(mark("PDF, a page a step"), f"{HERE}.paper.stepped", slow=True),
    "svg": Format(mark("SVG, vector graphics"), f"{HERE}.paper.figure"),
    "png": Format(mark("PNG, pixels"), f"{HERE}.paper.figure"),
    "mp4": Format(mark("MP4 film"), f"{HERE}.film.video", slow=True),
    "gif": Format(mark("GIF animation"), f"{HERE}.film.video", slow=True),
    "pptx": Format(mark("PowerPoint slide"), f"{HERE}.powerpoint.slides", slow=True),
    "beamer.zip": Format(mark("Slide for LaTeX (Beamer)"), f"{HERE}.beamer", slow=True),
    "html": Format(mark("Live slide"), f"{HERE}.player.html"),
    "csv": Format(mark("CSV table"), f"{HERE}.words.tables", "write_csv"),
    "npz": Format(mark("NumPy arrays"), f"{HERE}.words.tables", "write_npz"),
    "txt": Format(mark("Caption as text"), f"{HERE}.words.texts", "write_txt", has_panels=False),
    "tex": Format(mark("Caption for LaTeX"), f"{HERE}.words.texts", "write_tex", has_panels=False),
    "md": Format(mark("Caption for Markdown"), f"{HERE}.words.texts", "write_md", has_panels=False),
    "json": Format(mark("Recipe as JSON"), f"{HERE}.words.texts", "write_json", has_panels=False),
    "py": Format(mark("Python script"), f"{HERE}.words.texts", "write_script", has_panels=False),
    "zip": Format(mark("Lecture pack: pictures, films, slide, data, words"), f"{HERE}.pack", slow=True),
}
"""Ending -> format, in the order to show."""


@dataclass(frozen=True)
class Saved:
    """A file that was written: where, its caption, and sentences worth telling (letters without a glyph, say).

    ``path`` is where it lies; that of an open file is its name, or empty where it has none.
    """

    path: Path
    caption: Caption
    notes: tuple[str, ...] = ()


def save(
    scene: Picture,
    path: str | os.PathLike[str] | IO[Any],
    *,
    format: str | None = None,
    panels: Sequence[str] | None = None,
    progress: Progress = None,
    **options: Any,
) -> Saved:
    """Write a scene to ``path``, in the format that its ending names: whole or, where anything fails, not at all.

    ``path`` may be an open file, which has no ending to name one: give its ``format``, an ending. To a file opened for
    text go the formats that are text. ``panels`` are the keys of those to show, for every format that has panels.

    ==================  ===========================================================================================
    .pdf .svg .png      ``size`` (``sizes.PAGES`` or inches), ``theme``, ``dpi``, ``view``, ``step``, ``title``,
                        ``legend``, ``caption``, ``transparent``, ``arithmetic`` (a path's label: its step in numbers)
    .mp4 .gif           ``size`` (``sizes.SCREENS`` or pixels), ``theme``, ``seconds``, ``fps``, ``hold``, ``loop``,
                        ``view``, ``title``, ``legend``
    .pptx               ``size`` (of the slide, as for .pdf), ``theme``, ``seconds``, ``fps``, ``hold``, ``view``,
                        ``legend``
    .steps.pdf          ``size``, ``theme``, ``pages``, ``dpi``, ``view``, ``legend``
    .beamer.zip         ``size``, ``theme``, ``pages``, ``view``, ``legend``
    .html               ``theme``, ``present``
    .csv                ``comments``, lines that say what is in it
    .npz                none of its own
    .txt                none of its own
    .tex .md            ``file``, the picture that the caption is for; .tex also ``step``, ``arithmetic``
    .json .py           none of their own: the recipe as data and as a script
    .zip                ``size``, ``theme``, ``video_size``, ``gif_size``, ``seconds``, ``view``
    ==================  ===========================================================================================

    Every format takes ``address``, where the app runs: it is put before the link in the caption. ``progress`` is told
    how far it is and may stop it (``landscape.progress``).

    Raises ``UnknownName`` for an unknown ending, panel, size or theme, ``TypeError`` for an option that the format does
    not have, ``ValueError`` for an open file without a format and for a number that makes no sense,
    ``stopping.Cancelled`` where ``progress`` answered ``False``, and the system's ``OSError`` where the file cannot be
    written.
    """
    if panels is not None:
        ending = formats.wanted(path, FORMATS, format)
        if not FORMATS[ending].has_panels:
            raise TypeError(tr("{ending} has no panels to choose from; it is the words of the whole", ending=ending))
        scene = scene.only(panels)
    with telling(progress):
        notes = formats.write(FORMATS, scene, path, format=format, **options)
    return Saved(formats.place_of(path), caption_of(scene, options.get("address", "")), notes)


def to_bytes(scene: Picture, ending: str, **options: Any) -> bytes:
    """Return what ``save`` would write to a file with this ending ("pdf", "mp4", ...), for a download.

    The options and the errors are those of ``save``.
    """
    file = BytesIO()
    save(scene, file, format=ending, **options)
    return file.getvalue()
