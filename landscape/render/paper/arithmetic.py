"""A step of a path in numbers, printed under the panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from landscape.picture.scene import InNumbers
from landscape.render.paper.pen import Pen
from landscape.render.paper.text import text_width, wrap

_LEAD = 1.4
"""Height of a line, in sizes of its type."""

_FACTORS = (0.82, 0.7, 0.6, 0.5, 0.42, 0.36, 0.3)
"""Sizes of type to try, in those of ordinary type."""


class _Piece(NamedTuple):
    """A text at a place of a line, in points from the left; what comes out is bold, what is put in is muted."""

    left: float
    text: str
    kind: str


_Line = list[_Piece]


def write_step(figure: Any, pen: Pen, told: InNumbers, box: tuple[float, float, float, float]) -> float:
    """Write a step from the bottom of ``box`` (left, bottom, width, most height) upwards; return where it ends.

    A line a statement with a column for each coordinate, where they fit, else one under the other; the type gets
    smaller where the panels would lose more room than that, and what is too long at any size is cut.
    """
    left, bottom, width, most = box
    size, lines = _fitting(told, pen, width, most)
    page = 72 * figure.get_size_inches()
    looks = {
        "head": {"color": pen.theme.ink},
        "statement": {"color": pen.theme.ink},
        "put": {"color": pen.theme.muted},
        "result": {"color": pen.theme.ink, "fontweight": "bold"},
    }
    top = bottom + _LEAD * size * len(lines)
    for k, line in enumerate(lines, 1):
        for piece in line:
            figure.text(
                (left + piece.left) / page[0],
                (top - _LEAD * size * k) / page[1],
                piece.text,
                fontsize=size,
                va="bottom",
                ha="left",
                parse_math=False,
                **looks[piece.kind],
            )
    return top + 0.5 * pen.font_size


def _fitting(told: InNumbers, pen: Pen, width: float, most: float) -> tuple[float, list[_Line]]:
    """Return the largest size of type at which the step fits, and its lines."""
    for factor in _FACTORS:
        size = factor * pen.font_size
        for lay in (_beside, _below):
            lines = lay(told, pen, size, width)
            if lines and _LEAD * size * len(lines) <= most:
                return size, lines
    return size, [*lines[: max(int(most / (_LEAD * size)) - 1, 0)], [_Piece(0.0, "…", "put")]]


def _beside(told: InNumbers, pen: Pen, size: float, width: float) -> list[_Line]:
    """Return a column for the statements and one for each coordinate; nothing where they are too wide."""
    gap = 1.6 * size

    def wide(text: str, bold: bool = False) -> float:
        return text_width(pen.text(text), size, pen, bold)

    columns = [max(wide(statement) for statement, _ in told.rows)]
    for k in range(len(told.coordinates)):
        columns.append(max((_cell_width(cells[k], wide) for _, cells in _once(told) if len(cells) > k), default=0.0))
    places = [sum(columns[:k]) + gap * k for k in range(len(columns))]
    if places[-1] + columns[-1] > width:
        return []
    names = [_Piece(left, name, "put") for left, name in zip(places[1:], told.coordinates, strict=True)]
    lines = [*_head(told, pen, size, width), *([names] if len(names) > 1 else [])]
    for statement, cells in _once(told):
        line = [_Piece(0.0, pen.text(statement), "statement")]
        for left, (put, result) in zip(places[1:], cells, strict=False):
            begin = f"{put} " if put else ""
            line += [
                _Piece(left, pen.text(begin), "put"),
                _Piece(left + _put_width(put, wide), pen.text(f"= {result}"), "result"),
            ]
        lines.append(line)
    return lines


def _put_width(put: str, wide: Callable[..., float]) -> float:
    """Return the width of what is put in and a space after it."""
    return wide(f"{put} =") - wide("=") if put else 0.0


def _cell_width(cell: tuple[str, str], wide: Callable[..., float]) -> float:
    return _put_width(cell[0], wide) + wide(f"= {cell[1]}", bold=True)


def _below(told: InNumbers, pen: Pen, size: float, width: float) -> list[_Line]:
    """Return each statement, under it the coordinates in one line where they fit, else a line for each, wrapped."""
    lines = _head(told, pen, size, width)
    indent = 1.2 * size
    room = (width - indent) / len(told.coordinates)
    for statement, cells in _once(told):
        lines += [[_Piece(0.0, text, "statement")] for text in wrap(pen.text(statement), size, pen, width, most=3)]
        texts = []
        for name, (put, result) in zip(told.coordinates, cells, strict=False):
            words = f"{name}: " if len(cells) > 1 else ""
            texts.append(pen.text(f"{words}{put} = {result}" if put else f"{words}= {result}"))
        if all(text_width(text, size, pen) <= room - size for text in texts):
            lines.append([_Piece(indent + k * room, text, "put") for k, text in enumerate(texts)])
        else:
            for text in texts:
                lines += [[_Piece(indent, one, "put")] for one in wrap(text, size, pen, width - indent, most=4)]
    return lines


def _head(told: InNumbers, pen: Pen, size: float, width: float) -> list[_Line]:
    return [[_Piece(0.0, text, "head")] for text in wrap(pen.text(told.head), size, pen, width, most=3)]


def _once(told: InNumbers) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the rows; what is the same for all coordinates stands in the first alone."""
    for statement, cells in told.rows:
        yield statement, cells[:1] if len(set(cells)) == 1 else cells
