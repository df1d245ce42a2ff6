"""A slide on a page: its picture with the words below or, without one, words alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from landscape.picture.camera import View
from landscape.picture.scene import Picture
from landscape.picture.sizes import Size
from landscape.picture.themes import LIGHT, Theme
from landscape.render.paper.figure import Drawing, draw
from landscape.render.paper.pen import Pen
from landscape.render.paper.text import wrap
from landscape.render.paper.trails import Moving
from landscape.render.sheet import Sheet

LINE = 1.38
"""Distance of lines, in type sizes."""

MOST_LINES = 16
"""Longer notes are cut with an ellipsis, so that the picture keeps its half of the page."""

_EDGE = 18.0
_SMALL = 0.78


@dataclass(frozen=True)
class Leaf:
    """A drawn page; ``foot`` is the small line at its lower edge, another one on each page."""

    drawing: Drawing
    foot: Any

    def say(self, text: str) -> None:
        """Write the foot, as far as there is room."""
        pen, width = self.drawing.pen, 72 * self.drawing.figure.get_figwidth() - 2 * _EDGE
        self.foot.set_text("".join(wrap(pen.text(text), _SMALL * pen.font_size, pen, width, most=1)))


def pen_of(sheet: Sheet, size: Size, theme: Theme, words: str = "") -> Pen:
    """Return the pen for a sheet; ``words`` are what will be written beside its own."""
    said = "\n".join([sheet.title, *sheet.points, sheet.notes, words])
    return Pen(sheet.picture or _nothing(sheet.title), theme, size.font / LIGHT.font_size, said)


def leaf(
    pen: Pen,
    sheet: Sheet,
    size: Size,
    *,
    view: View | None = None,
    title: bool = True,
    legend: bool = True,
    points: bool = True,
    notes: bool = False,
) -> Leaf:
    """Draw a sheet. Call within ``settings``."""
    type_size, width = pen.font_size, 72 * size.width - 2 * _EDGE
    large = type_size if sheet.picture is not None else 1.6 * type_size

    def wrapped(text: str, type_size: float, bold: bool = False) -> list[str]:
        # Room is left for a bullet.
        return wrap(pen.text(text), type_size, pen, width - 1.1 * type_size, most=MOST_LINES, bold=bold)

    bullets = [wrapped(point, large, bold=True) for point in sheet.points if points]
    paragraphs = [" ".join(text.split()) for text in sheet.notes.split("\n\n") if text.strip() and notes]
    said = [line for text in paragraphs for line in wrapped(text, type_size)]
    if len(said) > MOST_LINES:
        said = [*said[: MOST_LINES - 1], "…"]
    if sheet.picture is None:
        drawing = Drawing(_empty(pen, size), (), pen)
        writer = _Writer(drawing.figure, pen, 72 * size.height - 3 * type_size)
        for line in wrap(pen.text(sheet.title), 1.8 * type_size, pen, width, most=3, bold=True):
            writer.line(line, 1.8 * type_size, fontweight="bold")
        writer.gap(2 * type_size)
    else:
        below = (sum(map(len, bullets)) + len(said)) * LINE * type_size + (type_size if bullets and said else 0.0)
        drawing = draw(pen, size, view, title=title, legend=legend, foot=below + 2.4 * type_size)
        writer = _Writer(drawing.figure, pen, below + 2.0 * type_size)
    for lines in bullets:
        for number, line in enumerate(lines):
            writer.line(line, large, bullet=number == 0, indent=1.1 * large, fontweight="bold")
        if sheet.picture is None:
            writer.gap(0.5 * large)
    writer.gap(type_size if bullets and said else 0.0)
    for line in said:
        writer.line(line, type_size)
    writer.top = 1.3 * type_size
    foot = writer.line("", _SMALL * type_size, color=pen.theme.muted)
    return Leaf(replace(drawing, moving=(*drawing.moving, Moving((foot,), lambda step: None))), foot)


def _nothing(title: str) -> Picture:
    return Picture(title, (), (), 0, (), ())


def _empty(pen: Pen, size: Size) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(size.width, size.height), facecolor=pen.theme.background)


@dataclass
class _Writer:
    """Writes lines one below the other; ``top`` is where the next one begins, in points from below."""

    figure: Any
    pen: Pen
    top: float

    def line(self, text: str, size: float, *, bullet: bool = False, indent: float = 0.0, **look: Any) -> Any:
        """Write one line and return it."""
        if bullet:
            self._put("•", _EDGE, size, color=self.pen.theme.accent)
        written = self._put(text, _EDGE + indent, size, **({"color": self.pen.theme.ink} | look))
        self.top -= LINE * size
        return written

    def gap(self, height: float) -> None:
        """Leave some room."""
        self.top -= height

    def _put(self, text: str, x: float, size: float, **look: Any) -> Any:
        width, height = 72 * self.figure.get_size_inches()
        return self.figure.text(
            x / width, self.top / height, text, fontsize=size, va="top", ha="left", parse_math=False, **look
        )
