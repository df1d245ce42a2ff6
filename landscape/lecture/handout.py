"""A lecture on paper: a PDF with a page for each slide, the picture above and the lecturer's notes below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from landscape.language import tr
from landscape.lecture.base import Lecture
from landscape.lecture.sheets import about, sheets_of
from landscape.picture.moments import Moment
from landscape.picture.sizes import Size
from landscape.picture.themes import Theme, theme_of
from landscape.progress import Count, counting
from landscape.render.paper.stepped import WORK, Part, write_parts
from landscape.render.sheet import Sheet

PAGE = Size("Handout", 11.69, 8.27, 12.0)
"""A4 lying on its side; type of 12 points."""

DPI = 200.0


def write(lecture: Lecture, path: Path, *, theme: str | Theme = "light") -> Sequence[str]:
    """Run every slide and write the handout, each picture as it is at its end. Return what there is to tell."""
    theme = theme_of(theme)
    with counting(2 * WORK * len(lecture), tr("slides")) as count:
        return write_sheets(lecture, sheets_of(lecture, count, WORK), path, count, theme=theme)


def write_sheets(
    lecture: Lecture, sheets: Sequence[Sheet], path: Path, count: Count, *, theme: str | Theme = "light"
) -> Sequence[str]:
    """Write the handout of a lecture whose ``sheets`` are made already."""
    return write_parts(
        [
            Part(
                sheet,
                (Moment(0 if sheet.picture is None else sheet.picture.n_steps),),
                PAGE,
                " · ".join(text for text in (lecture.title, f"{number} / {len(lecture)}") if text),
                notes=True,
            )
            for number, sheet in enumerate(sheets, 1)
        ],
        path,
        about(lecture),
        count,
        theme=theme,
        dpi=DPI,
    )
