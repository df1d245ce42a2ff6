"""Text on paper: how wide it is, and where its lines end."""

from __future__ import annotations

from functools import lru_cache

from landscape.render.paper.pen import Pen


def text_width(text: str, size: float, pen: Pen, bold: bool = False) -> float:
    """Return how wide a line of text is, in points."""
    return _width_at_100(text, tuple(pen.fonts), bold) * (size / 100)


@lru_cache(maxsize=10_000)  # the same words are tried in several sizes of type, and in every picture
def _width_at_100(text: str, fonts: tuple[str, ...], bold: bool) -> float:
    """Return how wide a line is in type of 100 points, at which Matplotlib itself measures and then scales."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=list(fonts), size=100, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def wrap(text: str, size: float, pen: Pen, width: float, most: int, *, bold: bool = False) -> list[str]:
    """Return ``text`` as at most ``most`` lines no wider than ``width`` points; the last ends in an ellipsis if cut."""
    # No letter that matters is narrower than a fifth of its height: what is longer is cut anyway.
    text = text[: 1 + int(most * width / (0.2 * size))]
    lines: list[str] = []
    line = ""
    words = text.split(" ")[::-1]
    while words:
        word = words.pop()
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, pen, bold) <= width:
            line = longer
            continue
        if line:
            words.append(word)
        else:
            line = fitting(word, size, pen, width, bold)
            words.append(word[len(line) :])
        lines.append(line)
        line = ""
        if len(lines) == most:
            last = fitting(lines[-1] + "…", size, pen, width, bold)
            lines[-1] = last if last.endswith("…") else last[:-1].rstrip() + "…"
            return lines
    return [*lines, line] if line else lines


def fitting(word: str, size: float, pen: Pen, width: float, bold: bool = False) -> str:
    """Return the longest beginning of ``word``, one letter at least, that is no wider than ``width`` points."""
    low, high = 1, max(1, len(word))
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(word[:middle], size, pen, bold) <= width:
            low = middle
        else:
            high = middle - 1
    return word[:low]
