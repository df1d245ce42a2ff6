"""Slides for PowerPoint, Keynote, LibreOffice and Google Slides: words as text, the picture as a film that repeats."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from landscape.language import tr
from landscape.picture.camera import View
from landscape.picture.scene import Picture
from landscape.picture.sizes import PageSize, Size, page
from landscape.picture.themes import Theme, theme_of
from landscape.progress import Count, counting
from landscape.render.files import text_of, zip_entry
from landscape.render.film.stage import Pixels, Stage
from landscape.render.film.video import Plan, said_in, write_mp4
from landscape.render.paper.leaf import pen_of
from landscape.render.paper.pen import Pen
from landscape.render.paper.text import wrap
from landscape.render.powerpoint.looks import (
    BODY,
    EAST_ASIAN,
    MARGIN,
    TITLE,
    TITLE_HEIGHT,
    TITLE_TOP,
    presentation,
    unit,
)
from landscape.render.scratch import scratch
from landscape.render.sheet import Sheet, sheet_of
from landscape.render.words.caption import SOFTWARE
from landscape.words import clean, east_asian_language, is_right_to_left

if TYPE_CHECKING:
    from pptx.slide import Slide

LINES = 1080
"""Pixels of a film's frame from top to bottom, were it as high as the slide."""

FINER = 2
"""So many times as many pixels has the still, which is what is printed: 288 to the inch of a slide."""

SMALLEST = 0.45
"""The share of a slide's height that its picture keeps, however many points stand above it."""

_LONGEST_PROPERTY = 255  # letters, says python-pptx
_LINE = 1.25
_LINK = 0.35
_LAYOUTS = {True: 1, False: 5}  # "Title and Content" and "Title Only" of python-pptx's template


@dataclass(frozen=True)
class Shot:
    """How films are made: theme, size of the slide, seconds, frames a second, how long the end stands, and from where.

    A ``legend`` stands under the picture.
    """

    theme: Theme
    size: Size
    seconds: float
    fps: float
    hold: float
    view: View | None = None
    legend: bool = True

    def plan(self, picture: Picture | None) -> Plan | None:
        """Return which step each frame shows; ``None`` for what has no steps."""
        if picture is None or picture.n_steps == 0:
            return None
        return Plan.of(picture.n_steps, self.seconds, self.fps, self.hold)

    @property
    def cost(self) -> int:
        """What a slide counts in the progress: the frames of its film."""
        return Plan.of(1, self.seconds, self.fps, self.hold).n_frames


def write(
    scene: Picture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    seconds: float = 6.0,
    fps: float = 30.0,
    hold: float = 1.5,
    view: View | None = None,
    legend: bool = True,
    address: str = "",
) -> Sequence[str]:
    """Write a slide with the scene as a film that starts by itself and repeats; return what there is to tell.

    ``size`` is that of the slide (``sizes.PAGES`` or inches), the film is as sharp as 1080p on it. ``seconds``,
    ``fps``, ``hold`` and ``view`` are as for films. The caption stands in the notes, the link on the
    slide as soon as ``address`` says where it leads.
    """
    shot = Shot(theme_of(theme), page(size), seconds, fps, hold, view, legend)
    with counting(shot.cost, "frames") as count:
        return write_sheets([sheet_of(scene, address)], path, shot, count)


def write_sheets(sheets: Sequence[Sheet], path: Path, shot: Shot, count: Count, title: str = "") -> Sequence[str]:
    """Write slides, each ``shot.cost`` parts of ``count``; return what there is to tell. The same gives the same bytes.

    ``title`` is the presentation's, by default that of its first slide.
    """
    made = presentation(shot.size, shot.theme)
    about = made.core_properties
    about.title = clean(title or sheets[0].title)[:_LONGEST_PROPERTY]
    about.comments = tr("Made with {software}.", software=SOFTWARE)
    about.author = about.last_modified_by = ""
    told: list[str] = []
    with scratch() as folder:
        for number, sheet in enumerate(sheets, 1):
            pen = pen_of(sheet, shot.size, shot.theme)
            slide = made.slides.add_slide(made.slide_layouts[_LAYOUTS[bool(sheet.points)]])
            top = _words(slide, sheet, pen, shot.size)
            if sheet.picture is not None:
                note = _picture(slide, sheet.picture, top, _link(slide, sheet, shot.size), shot, folder, count)
                if note:
                    told.append(note if len(sheets) == 1 else tr("slide {number}: {note}", number=number, note=note))
            else:
                count.advance(shot.cost)
            _notes(slide, sheet)
        buffer = BytesIO()
        made.save(buffer)
    _undated(buffer, path)
    return told


def _words(slide: Slide, sheet: Sheet, pen: Pen, size: Size) -> float:
    """Write title and points as large as there is room; return the inches from above at which the picture may begin."""
    scale = unit(size)
    top, title_room = scale * (TITLE_TOP + TITLE_HEIGHT), scale * TITLE_HEIGHT
    room = size.height * (1 - SMALLEST) - top if sheet.picture is not None else size.height - top - scale * TITLE_TOP
    # Narrower than the slide: boxes have margins, points bullets, and where there is no Calibri letters are wider.
    width = 0.85 * (72 * (1 - 2 * MARGIN) * size.width - 40 * scale)
    sizes = [scale * points for points in (TITLE, 26.0, 22.0, 18.0, 14.0)]
    title, type_size = _fitting([sheet.title], sizes, title_room, width, pen, bold=True)
    _write(slide.shapes.title, title, type_size, sizes[0])
    if not sheet.points:
        return top
    sizes = [scale * points for points in (1.6 * BODY, BODY, 16.0, 14.0, 12.0, 10.0)][sheet.picture is not None :]
    points, type_size = _fitting(sheet.points, sizes, room, width, pen)
    body = slide.placeholders[1]
    _write(body, points, type_size, scale * BODY)
    lines = _lines(points, type_size, room, width, pen) or _most(type_size, room)
    height = type_size * (_LINE * lines + 0.6) / 72
    _place(body, MARGIN * size.width, top, (1 - 2 * MARGIN) * size.width, height)
    return top + height


def _fitting(
    texts: Sequence[str], sizes: Sequence[float], room: float, width: float, pen: Pen, bold: bool = False
) -> tuple[list[str], float]:
    """Return texts and the first of the type sizes at which they take at most ``room`` inches.

    At the smallest they are cut with an ellipsis where they would take more.
    """
    texts = [text for text in map(clean, texts) if text] or [""]
    size = next((size for size in sizes if _lines(texts, size, room, width, pen, bold) is not None), sizes[-1])
    left = _most(size, room)
    cut: list[str] = []
    for text in texts:
        lines = wrap(pen.text(text), size, pen, width, most=left, bold=bold)
        shown = len(" ".join(lines))
        cut.append(text if shown >= len(text) and not lines[-1].endswith("…") else f"{text[: shown - 1].rstrip()}…")
        left -= max(1, len(lines))
        if left <= 0:
            break
    return cut, size


def _most(size: float, room: float) -> int:
    """Return how many lines fit in ``room`` inches, one at least."""
    return max(1, int((72 * room / size - 0.6) / _LINE))


def _lines(texts: Sequence[str], size: float, room: float, width: float, pen: Pen, bold: bool = False) -> int | None:
    """Return how many lines paragraphs take, ``None`` where they do not fit in ``room`` inches."""
    most, lines = _most(size, room), 0
    for text in texts:
        # One line more than fits is as far as need be looked.
        lines += max(1, len(wrap(pen.text(text), size, pen, width, most=most + 1 - lines, bold=bold)))
        if lines > most:
            return None
    return lines


def _write(shape: Any, texts: Sequence[str], size: float, usual: float) -> None:
    """Write paragraphs into a shape, from right to left those that begin so."""
    from pptx.util import Pt

    shape.text_frame.text = "\n".join(texts)
    for paragraph, element in zip(shape.text_frame.paragraphs, shape.element.xpath(".//a:p"), strict=True):
        if size != usual:
            paragraph.font.size = Pt(size)
        if is_right_to_left(paragraph.text):
            look = element.get_or_add_pPr()
            look.set("rtl", "1")
            look.set("algn", "r")
        _name_language(paragraph)


def _name_language(paragraph: Any) -> None:
    """Say of the text of a paragraph which East Asian language it is in, if it is in one, and in which typeface."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    known = EAST_ASIAN.get(east_asian_language(paragraph.text))
    if known is None:
        return
    tag, typeface = known
    for run in paragraph.runs:
        look = run.font._rPr
        look.set("lang", tag)
        look.set("altLang", "en-US")
        face = parse_xml(f'<a:ea {nsdecls("a")} typeface="{typeface}"/>')
        look.insert_element_before(face, "a:cs", "a:sym", "a:hlinkClick", "a:hlinkMouseOver", "a:rtl", "a:extLst")


def _link(slide: Slide, sheet: Sheet, size: Size) -> float:
    """Write the link at the lower edge, if there is one; return the inches from above at which it begins."""
    from pptx.util import Pt

    scale = unit(size)
    bottom = size.height - 0.15 * scale
    if not sheet.address:
        return bottom
    top = bottom - _LINK * scale
    box = slide.shapes.add_textbox(*_inches(MARGIN * size.width, top, (1 - 2 * MARGIN) * size.width, bottom - top))
    box.text_frame.word_wrap = True
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size = clean(sheet.invitation), Pt(11 * scale)
    run.hyperlink.address = sheet.address
    _name_language(box.text_frame.paragraphs[0])
    return top


def _picture(slide: Slide, picture: Picture, top: float, bottom: float, shot: Shot, folder: Path, count: Count) -> str:
    """Put the picture between ``top`` and ``bottom``, as a film where it has steps; return what there is to tell."""
    dpi = LINES / shot.size.height
    # Even numbers of pixels, as H.264 has them; the picture has margins of its own.
    width, height = (2 * math.floor(side * dpi / 2) for side in ((1 - MARGIN) * shot.size.width, bottom - top))
    box = Size(shot.size.title, width / dpi, height / dpi, shot.size.font)
    stage = partial(Stage, picture, theme=shot.theme, view=shot.view, title=False, legend=shot.legend, page=box)
    still, poster = stage(width=FINER * width, height=FINER * height), BytesIO()
    _save_png(still.frame(picture.n_steps), poster)
    place = _inches((shot.size.width - box.width) / 2, top, box.width, box.height)
    plan = shot.plan(picture)
    if plan is None:
        shape: Any = slide.shapes.add_picture(poster, *place)
        count.advance(shot.cost)
    else:
        film = folder / "film.mp4"
        write_mp4(said_in(picture), film, stage(width=width, height=height), plan, count.advance)
        x, y, across, down = place
        shape = slide.shapes.add_movie(str(film), x, y, across, down, poster, "video/mp4")
        _start_and_repeat(slide, shape.shape_id, plan)
    (about,) = shape.element.xpath("p:nvPicPr/p:cNvPr")
    about.set("name", tr("Film") if plan else tr("Picture"))
    about.set("descr", clean(picture.caption or picture.title))
    return still.pen.note


def _start_and_repeat(slide: Slide, shape: int, plan: Plan) -> None:
    """Let a film start with its slide, play until that is left, and stand still at a click."""
    from pptx.oxml import parse_xml

    for timing in slide.element.xpath("p:timing"):
        slide.element.remove(timing)
    milliseconds = round(1000 * plan.n_frames / plan.fps)
    text = text_of("landscape.render.powerpoint", "timing.xml")
    slide.element.append(parse_xml(Template(text).substitute(shape=shape, milliseconds=milliseconds)))


def _notes(slide: Slide, sheet: Sheet) -> None:
    """Write the notes: what is said, the words that had no room on the slide, and the link."""
    words = [clean(text) for text in (sheet.title, *sheet.points)]
    shown = [text for shape in slide.placeholders for text in shape.text_frame.text.split("\n")]
    said = [clean(text) for text in sheet.notes.split("\n\n")]
    said += [text for text in words if text not in shown]
    if sheet.link and sheet.link not in sheet.notes:
        said.append(tr("Opens again with {link}", link=clean(sheet.link)))
    notes: Any = slide.notes_slide.notes_text_frame
    notes.text = "\n".join(text for text in said if text)
    for paragraph in notes.paragraphs:
        _name_language(paragraph)


def _save_png(pixels: Pixels, file: BytesIO) -> None:
    from PIL import Image

    Image.fromarray(pixels).convert("RGB").save(file, "png")


def _inches(*sides: float) -> list[Any]:
    from pptx.util import Inches

    return [Inches(side) for side in sides]


def _place(shape: Any, *sides: float) -> None:
    shape.left, shape.top, shape.width, shape.height = _inches(*sides)


def _undated(made: BytesIO, path: Path) -> None:
    """Write an archive again without the hour at which it was made."""
    again = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(zip_entry(name), old.read(name))
    path.write_bytes(again.getbuffer())
