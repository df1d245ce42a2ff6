"""Text that somebody typed, made safe to stand in a sentence, and numbers as people read them."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from landscape.language import tr
from landscape.picture.numbers import typeset

LONGEST = 300
_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in string.punctuation})


def plain(text: object, longest: int = LONGEST) -> str:
    """Return ``text`` as one line of Markdown that shows exactly its characters, cut after ``longest`` of them.

    >>> print(plain("<b> *x*"))
    \\<b\\> \\*x\\*
    """
    kept = "".join(" " if unicodedata.category(char).startswith(("C", "Z")) else char for char in str(text))
    return (kept if len(kept) <= longest else kept[: longest - 1] + "…").translate(_MARKDOWN)


def spoken(markdown: str) -> str:
    """Return the characters that a text of ``plain`` shows.

    >>> spoken(plain("2 * x_1 < 3"))
    '2 * x_1 < 3'
    """
    return re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", markdown)


def sentence(error: object) -> str:
    """Return what an error says as a sentence: a capital first, a full stop at the end, a field's name in words.

    >>> sentence(ValueError("learning_rate must be at least 0, not -1"))
    'Learning rate must be at least 0, not -1.'

    What begins with a formula keeps its letters, as E is another name than e.

    >>> sentence(ValueError("e^2x can be read in two ways"))
    'e^2x can be read in two ways.'
    """
    first, *rest = (str(error).strip() or tr("this was refused")).split(" ")
    name = first.removesuffix(":")
    in_words = tr(name).replace("_", " ") if name.isidentifier() else name
    text = " ".join([in_words + first[len(name) :], *rest])
    is_word = first.isascii() and re.fullmatch(r"[^\W\d]+(-[^\W\d]{2,})*[,:;]?", first)
    return (text[0].upper() + text[1:] if is_word else text) + ("" if text.endswith((".", "!", "?")) else ".")


def is_public(address: str) -> bool:
    """Tell whether others can reach an address: not one of this machine or of a network at home.

    >>> is_public("https://example.org/app"), is_public("http://localhost:8501"), is_public("http://192.168.0.7:8501")
    (True, False, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".lan"))


def number(value: float, digits: int = 4) -> str:
    """Return a number in at most ``digits`` significant digits with a true minus sign.

    >>> number(-0.00012345), number(1000.0)
    ('−0.0001234', '1000')
    """
    return typeset(f"{value + 0.0:.{digits}g}")  # no -0


def point(coordinates: tuple[float, ...]) -> str:
    """Return the coordinates of a point in brackets.

    >>> point((1.0, -0.5))
    '(1, −0.5)'
    """
    return f"({', '.join(number(x, 3) for x in coordinates)})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """Return rows of cells, which are Markdown, as a table of it; all but the first ``words`` columns are set right.

    >>> print(table(["optimizer", "steps"], [["SGD", "926"]]))
    | optimizer | steps |
    | --- | --: |
    | SGD | 926 |
    """
    align = ["---"] * words + ["--:"] * (len(head) - words)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, align, *rows))


def table_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of words and numbers, each row under a name that somebody may have typed."""
    return table(head, ([plain(name), *cells] for name, *cells in rows))


def caret(text: str, position: int, width: int = 34) -> str:
    """Return the neighbourhood of a place in ``text`` with a caret under it, in two lines of equal-width type.

    >>> print(caret("x + y*q", 6))
    x + y*q
          ^
    """
    text = "".join(char if char.isprintable() else " " for char in text)
    position = min(max(position, 0), len(text))
    first = max(0, min(position - width // 2, len(text) - width))
    shown = text[first : first + width]
    head = "…" if first else ""
    tail = "…" if first + width < len(text) else ""
    return f"{head}{shown}{tail}\n{' ' * (position - first + len(head))}^"
