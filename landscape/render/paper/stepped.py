"""A PDF with a page for each moment: page-down plays it in every viewer, without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from landscape.language import tr
from landscape.picture.camera import View
from landscape.picture.moments import Moment, moments
from landscape.picture.scene import Picture
from landscape.picture.sizes import PageSize, Size, check_dpi, page
from landscape.picture.themes import Theme, theme_of
from landscape.progress import Count, counting
from landscape.render.paper.leaf import leaf, pen_of
from landscape.render.paper.settings import settings
from landscape.render.sheet import Sheet, sheet_of
from landscape.render.words import caption as captions

DPI = 150.0

WORK = 100
"""Parts as which a slide is counted: its pages are shares of them."""
"""Resolution of heat maps and reliefs: sharp on a projector, and small."""


def write(
    scene: Picture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    pages: int = 20,
    dpi: float = DPI,
    view: View | None = None,
    legend: bool = True,
    address: str = "",
) -> Sequence[str]:
    """Write a scene as at most ``pages`` pages of a PDF (``picture.moments``); return what there is to tell.

    The other options are those of ``paper.figure.write``.
    """
    look: dict[str, Any] = {"size": size, "pages": pages, "theme": theme, "dpi": dpi, "view": view, "legend": legend}
    with counting(WORK, "pages") as count:
        return write_sheets([sheet_of(scene, address)], path, captions.metadata(scene, "pdf", address), count, **look)


def write_sheets(
    sheets: Sequence[Sheet],
    path: Path,
    about: Mapping[str, str | None],
    count: Count,
    *,
    size: PageSize = "16:9",
    pages: int = 20,
    **look: Any,
) -> Sequence[str]:
    """Write slides, each as its moments and as ``WORK`` parts of ``count``; the rest is as in ``write_parts``."""
    chosen, total = page(size), len(sheets)
    parts = [
        Part(sheet, story(sheet, pages), chosen, f"{number} / {total}" if total > 1 else "")
        for number, sheet in enumerate(sheets, 1)
    ]
    return write_parts(parts, path, about, count, **look)


@dataclass(frozen=True)
class Part:
    """The pages of one slide: its moments, their size, and what stands at the foot of each beside them.

    ``title``, ``points`` and ``notes`` say which of its words are written.
    """

    sheet: Sheet
    moments: tuple[Moment, ...]
    size: Size
    foot: str = ""
    title: bool = True
    points: bool = True
    notes: bool = False


def story(sheet: Sheet, pages: int) -> tuple[Moment, ...]:
    """Return the moments of a slide; words alone have one."""
    return (Moment(0),) if sheet.picture is None else moments(sheet.picture, pages)


def write_parts(
    parts: Sequence[Part],
    path: Path,
    about: Mapping[str, str | None],
    count: Count,
    *,
    theme: str | Theme = "light",
    dpi: float = DPI,
    view: View | None = None,
    legend: bool = True,
    apart: bool = False,
) -> Sequence[str]:
    """Write the pages of all parts to a PDF, each part ``WORK`` of ``count``; return what there is to tell.

    ``about`` is what the document says of itself. With ``apart`` the first page of a part has what stands still, the
    others, to be laid over it, what moves. The other options are those of ``paper.figure.write``.
    """
    from landscape.render.paper.pages import PageFile

    theme = theme_of(theme)
    for part in parts:
        check_dpi(dpi, part.size)
    pens = [
        pen_of(part.sheet, part.size, theme, "\n".join(_foot(part, moment) for moment in part.moments))
        for part in parts
    ]
    # Into memory first: on a full disk Matplotlib's writers end in errors about compression and open files.
    buffer = BytesIO()
    # What a file embeds depends on all of its fonts, and it does that at its end.
    with settings(tuple(dict.fromkeys(font for pen in pens for font in pen.fonts))):
        file = PageFile(buffer, dict(about))
        for part, pen in zip(parts, pens, strict=True):
            words = {"title": part.title, "points": part.points, "notes": part.notes}
            drawn = leaf(pen, part.sheet, part.size, view=view, legend=legend, **words)
            still = file.still(drawn.drawing, dpi)
            if apart:
                file.page(drawn.drawing, still)
            for moment in part.moments:
                drawn.say(_foot(part, moment))
                moving = file.moving(drawn.drawing, moment.step, dpi)
                file.page(drawn.drawing, *([moving] if apart else [still, moving]))
                count.advance(WORK / len(part.moments))
        file.finalize()
    path.write_bytes(buffer.getbuffer())
    return [
        pen.note if len(parts) == 1 else tr("slide {number}: {note}", number=number, note=pen.note)
        for number, pen in enumerate(pens, 1)
        if pen.note
    ]


def _foot(part: Part, moment: Moment) -> str:
    n_steps = 0 if part.sheet.picture is None else part.sheet.picture.n_steps
    step = tr("step {step} of {all}", step=moment.step, all=n_steps) if n_steps and len(part.moments) > 1 else ""
    return " · ".join(text for text in (part.foot, step, "; ".join(moment.told)) if text)
