"""A lecture as slides for other programs: PowerPoint, a PDF with a page a step, LaTeX's Beamer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landscape.language import tr
from landscape.lecture.base import Lecture
from landscape.lecture.sheets import about, sheets_of
from landscape.picture.moments import check_most
from landscape.picture.sizes import PageSize, page
from landscape.picture.themes import Theme, theme_of
from landscape.progress import counting
from landscape.render import beamer
from landscape.render.paper import stepped
from landscape.render.paper.stepped import WORK
from landscape.render.powerpoint import slides

RUN = 30
"""What making a picture counts beside one frame of a film."""


def write_pptx(
    lecture: Lecture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    seconds: float = 6.0,
    fps: float = 30.0,
    hold: float = 1.5,
    address: str = "",
) -> Sequence[str]:
    """Run every slide and write them for PowerPoint (``render.powerpoint.slides``); return what there is to tell."""
    shot = slides.Shot(theme_of(theme), page(size), seconds, fps, hold)
    with counting(len(lecture) * (RUN + shot.cost), tr("frames")) as count:
        return slides.write_sheets(sheets_of(lecture, count, RUN, address), path, shot, count, lecture.title)


def write_steps(
    lecture: Lecture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    pages: int = 20,
) -> Sequence[str]:
    """Run every slide and write each as at most ``pages`` pages of a PDF; return what there is to tell."""
    look = _look(size, theme, pages)
    with counting(2 * WORK * len(lecture), tr("pages")) as count:
        return stepped.write_sheets(sheets_of(lecture, count, WORK), path, about(lecture), count, **look)


def write_beamer(
    lecture: Lecture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    pages: int = 20,
    address: str = "",
) -> Sequence[str]:
    """Run every slide and write them for Beamer (``render.beamer``); return what there is to tell."""
    look = _look(size, theme, pages)
    with counting(2 * WORK * len(lecture), tr("pages")) as count:
        sheets = sheets_of(lecture, count, WORK, address)
        return beamer.write_sheets(sheets, path, count, title=lecture.title, **look)


def _look(size: PageSize, theme: str | Theme, pages: int) -> dict[str, Any]:
    """Return what pages look like, held before minutes are spent on pictures; raise as ``write_steps`` does."""
    return {"size": page(size), "theme": theme_of(theme), "pages": check_most(pages)}
