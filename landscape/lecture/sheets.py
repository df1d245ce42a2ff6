"""The slides of a lecture with their pictures made, as the files of slides take them."""

from __future__ import annotations

from landscape.language import tr
from landscape.lecture.base import Lecture, Slide
from landscape.progress import Count
from landscape.render.sheet import Sheet
from landscape.render.words.caption import SOFTWARE, caption_of
from landscape.scene import Scene


def sheets_of(lecture: Lecture, count: Count, cost: int, address: str = "") -> list[Sheet]:
    """Run every slide, each ``cost`` parts of ``count``; ``address`` is where the app runs, for the links."""
    made = []
    for slide in lecture.slides:
        with count.part(cost, slide.title):
            made.append(sheet_of(slide, slide.scene(), address))
    return made


def sheet_of(slide: Slide, scene: Scene | None, address: str = "") -> Sheet:
    """Return a slide whose picture is made already."""
    link = "" if scene is None else caption_of(scene, address).link
    return Sheet(slide.title, slide.points, slide.notes, scene, link)


def about(lecture: Lecture) -> dict[str, str | None]:
    """Return what a PDF of the lecture tells about itself; never a date."""
    return {"Title": lecture.title or tr("Lecture"), "Creator": SOFTWARE, "CreationDate": None}
