"""Fonts for files: the project's typeface where it is installed, and others for the letters that it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from landscape.language import tr
from landscape.picture.themes import FONT_FAMILIES
from landscape.words import clean, is_east_asian

# The page's Source Sans comes with Streamlit as variable WOFF2, which Matplotlib cannot read, nor fontTools unpack
# without Brotli: files have it where the system does. Text is broken by the widths of the face that is found.
# Matplotlib brings DejaVu Sans along, so that the first list always ends in a font that is there.
_FACES = (*FONT_FAMILIES, "Liberation Sans", "DejaVu Sans")
# Asked first, in this order, for letters outside these faces; then every other font that the system has.
_BROAD = (
    "DejaVu Sans",
    "Noto Sans CJK KR",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans KR",
    "NanumGothic",
    "Nanum Gothic",
    "NanumBarunGothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
    "Pretendard",
    "UnDotum",
    "Source Han Sans",
    "Source Han Sans K",
    "Arial Unicode MS",
    "Noto Sans",
)
# Bitmap emoji cannot be scaled, so they cannot be printed; a font of last resort has only boxes for letters.
_UNUSABLE = ("emoji", "last resort", "lastresort")
NO_GLYPH = "\u25af"


def families(texts: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return installed font families, first choice first, that cover ``texts``, and the letters that none has."""
    letters = frozenset(c for text in texts for c in clean(text) if not c.isspace())
    found = _families(letters)
    if found[1] and _found_more():
        found = _families(letters)
    return found


def has_cubic_outlines(family: str) -> bool:
    """Whether a family's outlines are PostScript's (OpenType with a CFF table, as Noto Sans CJK), not TrueType's."""
    file = _installed().get(family)
    if file is None:
        return False
    with open(file, "rb") as font:
        head = font.read(16)
        if head[:4] == b"ttcf":
            # A collection: the place of its first font is the fourth number.
            font.seek(int.from_bytes(head[12:16], "big"))
            head = font.read(4)
    return head[:4] == b"OTTO"


def replace_missing(text: str, missing: frozenset[str]) -> str:
    """Return ``text`` on one line with a hollow box for each letter that no font has."""
    return "".join(NO_GLYPH if c in missing else c for c in clean(text))


def missing_note(missing: frozenset[str]) -> str:
    """Return the sentence that says which letters could not be drawn, and what helps; empty where all could."""
    if not missing:
        return ""
    letters = "".join(sorted(missing)[:12]) + ("…" if len(missing) > 12 else "")
    said = [tr("No installed font has the letters {letters}; they are drawn as {box}.", letters=letters, box=NO_GLYPH)]
    if any(map(is_east_asian, missing)):
        said.append(
            tr("A font such as Noto Sans CJK mends this; on Debian and Ubuntu it is the package fonts-noto-cjk.")
        )
    else:
        said.append(tr("A font that has them mends this."))
    return " ".join(said)


_tried: set[str] = set()


def _found_more() -> bool:
    """Tell whether fonts were installed since Matplotlib made its list, which it keeps between runs; it knows them now.

    Only what is found here is added, in this process: the list on disk is Matplotlib's.
    """
    from matplotlib.font_manager import findSystemFonts, fontManager

    new = set(findSystemFonts()) - {font.fname for font in fontManager.ttflist} - _tried
    _tried.update(new)
    for file in sorted(new):
        # A file that cannot be read as a font is none; Matplotlib's own list leaves it out too.
        with suppress(OSError, RuntimeError, ValueError):
            fontManager.addfont(file)
    if new:
        _installed.cache_clear()
        _families.cache_clear()
    return bool(new)


@lru_cache(maxsize=256)
def _families(letters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    files = _installed()
    first = next(name for name in _FACES if name in files)
    chosen = [first]
    left = letters - _letters(files[first])
    broad = [name for name in _BROAD if name in files]
    others = (name for name in sorted(files) if name not in broad)
    for name in (*broad, *others):
        if not left:
            break
        if name == first or any(word in name.lower() for word in _UNUSABLE):
            continue
        found = left & _letters(files[name])
        if found:
            chosen.append(name)
            left -= found
    if left and not any(NO_GLYPH in _letters(files[name]) for name in chosen):
        # The hollow box needs a font as well; Matplotlib's own has it.
        chosen.append("DejaVu Sans")
    return tuple(chosen), frozenset(left)


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    """Return family -> file of its upright face, the regular one if it has it, for every font that Matplotlib finds."""
    from matplotlib.font_manager import fontManager

    upright = [font for font in fontManager.ttflist if font.style == "normal"]
    files: dict[str, str] = {}
    # A family of which only others are there, as a variable font that begins at its thinnest, is better than boxes.
    for font in sorted(upright, key=lambda font: font.weight not in (400, "normal", "regular", "book")):
        files.setdefault(font.name, font.fname)
    return files


@lru_cache(maxsize=512)
def _letters(file: str) -> frozenset[str]:
    from matplotlib.font_manager import get_font

    return frozenset(map(chr, get_font(file).get_charmap()))
