"""A lecture on paper: a PDF with a page for each slide, the picture above and the lecturer's notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from landscape.lecture.base import Lecture, Progress, Slide
from landscape.picture.sizes import Size
from landscape.picture.themes import FONT_FAMILIES, LIGHT, Theme, theme_of
from landscape.render.paper.figure import draw
from landscape.render.paper.page import wrap
from landscape.render.paper.pen import Pen
from landscape.render.paper.settings import settings
from landscape.render.words.caption import SOFTWARE
from landscape.scene import Scene

PAGE = Size("Handout", 11.69, 8.27, 12.0)
"""A4 lying on its side; type of 12 points."""

LINE = 1.38
"""Distance of lines of notes, in type sizes."""

MOST_LINES = 16
"""Longer notes are cut with an ellipsis, so that the picture keeps its half of the page."""


def write(
    lecture: Lecture, path: Path, *, theme: str | Theme = "light", progress: Progress | None = None
) -> Sequence[str]:
    """Run every slide and write the handout; ``progress`` is called slide by slide. Return what there is to tell."""
    return write_scenes(lecture, lecture.scenes(progress), path, theme=theme)


def write_scenes(
    lecture: Lecture, scenes: Sequence[Scene | None], path: Path, *, theme: str | Theme = "light"
) -> Sequence[str]:
    """Write the handout of a lecture whose ``scenes`` are made already."""
    from matplotlib.backends.backend_pdf import PdfPages

    theme = theme_of(theme)
    told: list[str] = []
    buffer = BytesIO()
    about = {"Title": lecture.title or "Lecture", "Creator": SOFTWARE, "CreationDate": None}
    # The fonts are embedded when the file is closed: that too has to happen under our settings.
    with settings(FONT_FAMILIES), PdfPages(buffer, metadata=about) as pages:
        for number, (slide, scene) in enumerate(zip(lecture.slides, scenes, strict=True), 1):
            words = "\n".join([slide.title, *slide.points, slide.notes, lecture.title])
            pen = Pen(scene or Scene(slide.title, (), (), 0, (), ()), theme, PAGE.font / LIGHT.font_size, words)
            with settings(pen.fonts):
                foot = f"{lecture.title} · {number} / {len(lecture)}" if lecture.title else f"{number} / {len(lecture)}"
                pages.savefig(_page(pen, slide, scene, foot))
            if pen.note:
                told.append(f"slide {number}: {pen.note}")
    path.write_bytes(buffer.getbuffer())
    return told


def _page(pen: Pen, slide: Slide, scene: Scene | None, foot: str) -> Any:
    """Return a page: a picture with its words below or, without one, the words from the top, the points larger."""
    size = pen.font_size
    large = size if scene is not None else 1.6 * size
    points = [_wrapped(pen, point, large, bold=True) for point in slide.points]
    paragraphs = [" ".join(text.split()) for text in slide.notes.split("\n\n") if text.strip()]
    notes = [line for text in paragraphs for line in _wrapped(pen, text, size)]
    if len(notes) > MOST_LINES:
        notes = [*notes[: MOST_LINES - 1], "…"]
    if scene is None:
        writer = _Writer(_empty(pen), pen, 72 * PAGE.height - 3 * size)
        for line in wrap(pen.text(slide.title), 1.8 * size, pen, _WIDTH, most=3, bold=True):
            writer.line(line, 1.8 * size, fontweight="bold")
        writer.gap(2 * size)
    else:
        below = (sum(map(len, points)) + len(notes)) * LINE * size + (size if points and notes else 0.0)
        drawing = draw(pen, PAGE, foot=below + 2.4 * size)
        drawing.show(scene.n_steps)
        writer = _Writer(drawing.figure, pen, below + 2.0 * size)
    for lines in points:
        for number, line in enumerate(lines):
            writer.line(line, large, bullet=number == 0, indent=1.1 * large, fontweight="bold")
        if scene is None:
            writer.gap(0.5 * large)
    writer.gap(size if points and notes else 0.0)
    for line in notes:
        writer.line(line, size)
    writer.top = 1.3 * size
    writer.line(pen.text(foot), 0.78 * size, color=pen.theme.muted)
    return writer.figure


_EDGE = 18.0
_WIDTH = 72 * PAGE.width - 2 * _EDGE


def _empty(pen: Pen) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(PAGE.width, PAGE.height), facecolor=pen.theme.background)


def _wrapped(pen: Pen, text: str, size: float, bold: bool = False) -> list[str]:
    """Return the lines of a paragraph; the width leaves room for a bullet."""
    return wrap(pen.text(text), size, pen, _WIDTH - 1.1 * size, most=MOST_LINES, bold=bold)


@dataclass
class _Writer:
    """Writes lines one below the other; ``top`` is where the next one begins, in points from below."""

    figure: Any
    pen: Pen
    top: float

    def line(self, text: str, size: float, *, bullet: bool = False, indent: float = 0.0, **look: Any) -> None:
        """Write one line."""
        if bullet:
            self._put("•", _EDGE, size, color=self.pen.theme.accent)
        self._put(text, _EDGE + indent, size, **({"color": self.pen.theme.ink} | look))
        self.top -= LINE * size

    def gap(self, height: float) -> None:
        """Leave some room."""
        self.top -= height

    def _put(self, text: str, x: float, size: float, **look: Any) -> None:
        place = x / (72 * PAGE.width), self.top / (72 * PAGE.height)
        self.figure.text(*place, text, fontsize=size, va="top", ha="left", parse_math=False, **look)
