"""Slides for LaTeX's Beamer: the moments of each picture as pages of one PDF, and the lines that show them in turn."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from landscape.language import tr
from landscape.picture.camera import View
from landscape.picture.scene import Picture
from landscape.picture.sizes import PageSize, Size, page
from landscape.picture.themes import Theme, theme_of
from landscape.progress import Count, counting
from landscape.render.files import zip_entry
from landscape.render.paper.stepped import DPI, WORK, Part, story, write_parts
from landscape.render.scratch import scratch
from landscape.render.sheet import Sheet, sheet_of
from landscape.render.words.caption import SOFTWARE, to_latex
from landscape.words import clean

FRAMES, SLIDES = "frames.pdf", "slides.tex"

_RATIOS = {"169": 16 / 9, "43": 4 / 3, "1610": 16 / 10, "149": 14 / 9, "54": 5 / 4, "32": 3 / 2}
"""What Beamer calls the shapes that it has."""

_TITLE, _POINT, _LINK, _LEAST = 0.17, 0.075, 0.05, 0.4
"""Shares of a slide's height: what a title takes, a point and a link; what a picture keeps."""

# The accents and letters that TeX's own first encoding makes: with no other can every TeX be sure of the rest.
_ACCENTS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c")
_LETTERS = frozenset("\u00df\u00e6\u0153\u00f8\u0131\u0142\u00c6\u0152\u00d8\u0141\u00a1\u00bf")


def write(
    scene: Picture,
    path: Path,
    *,
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    pages: int = 20,
    view: View | None = None,
    legend: bool = True,
    address: str = "",
) -> Sequence[str]:
    """Write a zip with a slide for Beamer and the frames that it includes; return what there is to tell.

    ``size`` gives the slide's shape, the nearest one that Beamer has. The other options are those of a stepped PDF.
    """
    sheets = [sheet_of(scene, address)]
    look: dict[str, Any] = {"size": size, "theme": theme, "pages": pages, "view": view, "legend": legend}
    with counting(WORK, tr("pages")) as count:
        return write_sheets(sheets, path, count, **look)


def write_sheets(
    sheets: Sequence[Sheet],
    path: Path,
    count: Count,
    *,
    title: str = "",
    size: PageSize = "16:9",
    theme: str | Theme = "light",
    pages: int = 20,
    **look: Any,
) -> Sequence[str]:
    """Write slides, each ``WORK`` parts of ``count``; return what there is to tell.

    Words stay text. Those with letters that not every TeX can set (Chinese, Hebrew) are drawn into the frames.
    """
    size, theme = page(size), theme_of(theme)
    parts: list[Part] = []
    slides: list[str] = []
    first = 1
    for sheet in sheets:
        drawn = not all(map(typesettable, (sheet.title, *sheet.points)))
        if sheet.picture is None and not drawn:
            slides.append(_slide(sheet, 0, 0, drawn))
            count.advance(WORK)
            continue
        moments = story(sheet, pages)
        parts.append(Part(sheet, moments, size if drawn else _room(size, sheet), title=drawn, points=drawn))
        slides.append(_slide(sheet, first, len(moments), drawn))
        first += 1 + len(moments)
    with scratch() as folder:
        frames, about = folder / FRAMES, {"Title": clean(title), "Creator": SOFTWARE, "CreationDate": None}
        notes = write_parts(parts, frames, about, count, theme=theme, dpi=DPI, apart=True, **look) if parts else []
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as pack:
            if parts:
                pack.writestr(zip_entry(FRAMES), frames.read_bytes())
            foreign = any(part.title for part in parts)
            pack.writestr(zip_entry(SLIDES), _document(slides, title, size, theme, foreign).encode())
    path.write_bytes(buffer.getbuffer())
    return notes


def typesettable(text: str) -> bool:
    """Tell whether every TeX sets ``text`` (as ``caption.to_latex`` writes it) without further fonts or packages."""
    letters = unicodedata.normalize("NFD", to_latex(text))
    return all(" " <= letter <= "~" or letter in _ACCENTS or letter in _LETTERS for letter in letters)


def _room(size: Size, sheet: Sheet) -> Size:
    """Return the page that is left for a picture under a title and points."""
    return Size(size.title, size.width, _share(sheet) * size.height, size.font)


def _share(sheet: Sheet) -> float:
    below = _LINK if sheet.address else 0.0
    return max(1.0 - _TITLE - _POINT * len(sheet.points) - below, _LEAST)


def _url(address: str) -> str:
    """Return an address that LaTeX takes for nothing else."""
    quoted = quote(address, safe="%/:?&=+,;@#!*()-._~")
    return re.sub("([%&#_])", r"\\\1", quoted)


def _compiled(title: str) -> str:
    return tr("{title}: compile with pdflatex, lualatex or xelatex, beside {file}.", title=title, file=FRAMES)


def _drawn() -> str:
    return tr(
        "Words that pdflatex cannot set are drawn into {file} and stand here as comments. To have them as text, put "
        "them into their frames and compile with lualatex or xelatex and a font that has their letters.",
        file=FRAMES,
    )


def _document(slides: Sequence[str], title: str, size: Size, theme: Theme, foreign: bool) -> str:
    ratio = min(_RATIOS, key=lambda name: abs(_RATIOS[name] - size.width / size.height))
    colors = {"ground": theme.background, "ink": theme.ink, "accent": theme.accent}
    return "\n".join(
        [
            "% " + _compiled(clean(title) or tr("Slides")),
            "% " + tr("To put a slide into a deck of your own, copy its frame, and the line with pgffor once."),
            *(["% " + _drawn()] if foreign else []),
            rf"\documentclass[aspectratio={ratio}]{{beamer}}",
            r"\usepackage{pgffor}",
            r"\setbeamertemplate{navigation symbols}{}",
            *(rf"\definecolor{{{name}}}{{HTML}}{{{color[1:]}}}" for name, color in colors.items()),
            r"\setbeamercolor{background canvas}{bg=ground}",
            r"\setbeamercolor{normal text}{fg=ink}",
            r"\setbeamercolor{frametitle}{fg=ink}",
            r"\setbeamercolor{structure}{fg=accent}",
            r"\begin{document}",
            *slides,
            r"\end{document}",
            "",
        ]
    )


def _slide(sheet: Sheet, first: int, n_pages: int, drawn: bool) -> str:
    """Return the frame of a sheet: page ``first``, and over it in turn the ``n_pages`` after it."""
    said = [clean(text) for text in sheet.notes.split("\n\n") if clean(text)]
    title = "" if drawn else f"{{{to_latex(sheet.title)}}}"
    share = 0.94 if drawn else _share(sheet)
    lines = [
        *(f"% {clean(text)}" for text in (sheet.title, *sheet.points) if drawn),
        rf"\begin{{frame}}{'[plain]' if drawn else ''}{title}",
    ]
    if sheet.points and not drawn:
        items = [rf"    \item {to_latex(point)}" for point in sheet.points]
        lines += [r"  \begin{itemize}", *items, r"  \end{itemize}"]
    if n_pages:
        turns = f"{first + 1}" if n_pages == 1 else f"{first + 1},...,{first + n_pages}"
        bounds = f"width=\\paperwidth,height={share:.3g}\\paperheight,keepaspectratio"
        lines += [
            r"  \centering",
            rf"  \makebox[0pt]{{\rlap{{\includegraphics[page={first},{bounds}]{{{FRAMES}}}}}%",
            rf"  \foreach \p [count=\n] in {{{turns}}}{{\includegraphics<\n>[page=\p,{bounds}]{{{FRAMES}}}}}}}",
        ]
    if sheet.address:
        host = urlsplit(sheet.address).netloc
        invitation = next(text for text in (sheet.invitation, host, "*") if typesettable(text))
        lines.append(rf"  \par\tiny\href{{{_url(sheet.address)}}}{{{to_latex(invitation)}}}")
    lines.append(r"\end{frame}")
    if all(map(typesettable, said)):
        lines += [rf"\note{{{to_latex(' '.join(said))}}}"] if said else []
    else:
        lines += ["% " + tr("Note: {text}", text=text) for text in said]
    return "\n".join(lines)
