"""Bytes to text: which encoding a file has."""

from __future__ import annotations

import codecs
import re

from landscape.language import mark, tr

_KANA, _IDEOGRAPHS, _HANGUL = r"\u3000-\u30ff", r"\u4e00-\u9fff", r"\uac00-\ud7a3"
_CYRILLIC, _GREEK = r"\u0400-\u04ff", r"\u0370-\u03ff"
_LATIN = "À-ÖØ-öø-ſ°²³µ±·€£–—‘’“”…½¼"

# The characters that each encoding is used for. The order decides between encodings that fit equally well:
# what is rare in the one (a syllable of Hangul that no word has) is common in the one before it.
_WRITES = {
    "cp932": _KANA + _IDEOGRAPHS,
    "cp949": _HANGUL,
    "gb18030": _IDEOGRAPHS,
    "euc_jp": _KANA + _IDEOGRAPHS,
    "big5": _IDEOGRAPHS,
    "cp1252": _LATIN,
    "cp1251": _CYRILLIC,
    "cp1253": _GREEK,
    "koi8_r": _CYRILLIC,
    "mac_roman": _LATIN,
}

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", *_WRITES, "latin-1", "cp1250", "cp1254")
"""The encodings that may be asked for. The last ones are not told from cp1252 by what they write."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

_NO_TEXT = {
    b"PK\x03\x04": mark("an Excel workbook or another packed file"),
    b"\xd0\xcf\x11\xe0": mark("an old Excel workbook"),
    b"\x1f\x8b": mark("a packed file (gzip)"),
    b"PAR1": mark("a Parquet file"),
    b"%PDF": mark("a PDF"),
    b"\x89PNG": mark("a picture (PNG)"),
    b"\xff\xd8\xff": mark("a picture (JPEG)"),
    b"GIF8": mark("a picture (GIF)"),
    b"\x93NUMPY": mark("an array (NPY)"),
}

# Euro, degree, square, cube and micro of Latin encodings; with the letter after it each is also a rare syllable.
_UNITS = re.compile(rb"(?:[\x00-\x7f]|[\x80\xb0\xb2\xb3\xb5](?![\x80-\xff]))*")
_WORDS = re.compile(rb"[\s,;|\"]+")
_ENOUGH = 4_000
"""As many different words as an encoding is judged by."""


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text and the name of its encoding: the one that is asked for, or else the one that fits best.

    Raises ``ValueError`` for bytes that are no text in it, and for files that are known not to be text.
    """
    for start, what in _NO_TEXT.items():
        if raw.startswith(start):
            raise ValueError(tr("this is {what}, not text; save the table as CSV first", what=tr(what)))
    start = next((start for start in _MARKS if raw.startswith(start)), b"")
    name = encoding or _MARKS.get(start) or _guess(raw)
    if start and _MARKS[start] == name:
        raw = raw.removeprefix(start)
    try:
        return raw.decode(name), name
    except LookupError:
        raise ValueError(
            tr("there is no encoding {name!r}; there are: {names}", name=name, names=", ".join(ENCODINGS))
        ) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ValueError(
            tr("line {line}: this is not text in {name}; choose another encoding", line=line, name=name)
        ) from None


def _guess(raw: bytes) -> str:
    """Return the encoding of bytes without a mark."""
    wide = _utf_16(raw)
    if wide:
        return wide
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(raw)
    return "utf-8"


def _utf_16(raw: bytes) -> str | None:
    """Return which UTF-16 this is: digits, delimiters and ends of lines then have a zero byte each, on one side."""
    if len(raw) % 2:
        return None
    little, big = raw[1::2].count(0), raw[::2].count(0)
    if max(little, big) < len(raw) / 20 or 4 * min(little, big) > max(little, big):
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _detected(raw: bytes) -> str:
    """Return the encoding in which the words are least of a mess and written in the characters it is used for.

    The detector judges texts of some length; headers and classes are a few words, which several encodings turn into
    tidy nonsense. So characters that are foreign to an encoding count against it, and so do those of another script
    within a word of Latin letters.
    """
    from charset_normalizer import from_bytes

    words = b"\n".join(sorted({word for word in _WORDS.split(raw) if not _UNITS.fullmatch(word)})[:_ENOUGH])
    if not words:
        return "cp1252"
    costs: dict[str, float] = {}
    for name, own in _WRITES.items():
        found = from_bytes(words, cp_isolation=[name], threshold=1.0, enable_fallback=False).best()
        if found is None:
            continue
        text = str(found)
        foreign = len(re.findall(f"[^\\x00-\\x7f{own}]", text))
        if own is not _LATIN:
            foreign += len(re.findall(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]", text))
        costs[name] = round(found.chaos + foreign / sum(not c.isascii() for c in text), 1)
    if not costs:
        if b"\x00" in raw:
            raise ValueError(tr("this is not text: the file holds zero bytes; save the table as CSV first"))
        raise ValueError(tr("the file is not text in any encoding that is known here; save it as UTF-8"))
    return min(costs, key=costs.__getitem__)
