"""Settings in words, and text that every file takes."""

from __future__ import annotations

import unicodedata

from landscape.language import tr

# Control characters, half surrogates, and unassigned code points such as U+FFFE.
_UNPRINTED = {"Cc", "Cs", "Cn"}


def setting(name: str, value: object) -> str:
    """Return a setting with its value, by its name in the language of the moment.

    >>> setting("weight_decay", 0.01), setting("nesterov", True)
    ('weight decay 0.01', 'nesterov on')
    """
    said = tr(name).replace("_", " ")
    if isinstance(value, bool):
        return tr("{setting} on", setting=said) if value else tr("{setting} off", setting=said)
    return f"{said} {value:g}" if isinstance(value, int | float) else f"{said} {value}"


def clean(text: str) -> str:
    """Return ``text`` on one line, without the control characters and half surrogates that no file format takes.

    >>> clean("a\\nb\\x00 <c>")
    'a b <c>'
    """
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNPRINTED)
    return " ".join(kept.split())


def width(text: str) -> int:
    """Return how many columns a text takes where every letter has one, and those of Korean or Chinese two.

    >>> width("loss"), width("손실")
    (4, 4)
    """
    return sum(1 + (unicodedata.east_asian_width(letter) in "FW") for letter in text)


def filled(text: str, columns: int) -> str:
    """Return a text with spaces after it that make it so many columns wide.

    >>> filled("손실", 6) + "|"
    '손실  |'
    """
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """Return the lines of a text that is broken between words, so that each takes ``columns`` where its words do.

    >>> wrapped("largest stable sharpness", 16), wrapped("안정한 가장 큰 첨예도", 12)
    (['largest stable', 'sharpness'], ['안정한 가장', '큰 첨예도'])
    """
    lines: list[str] = []
    for word in text.split():
        if lines and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter that has a direction goes from right to left (Unicode annex 9, rules P2 and P3).

    >>> is_right_to_left("12 אוכף"), is_right_to_left("x > 0")
    (True, False)
    """
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"


# In this order: Japanese and Korean are written with Chinese characters too.
_EAST_ASIAN = {"HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh"}


def east_asian_language(text: str) -> str:
    """Return which of "ko", "ja" and "zh" the letters of a text are those of, by their scripts; else nothing.

    >>> east_asian_language("안장점(鞍點)"), east_asian_language("鞍点"), east_asian_language("saddle")
    ('ko', 'zh', '')
    """
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in text}
    return next((language for script, language in _EAST_ASIAN.items() if script in scripts), "")


def is_east_asian(letter: str) -> bool:
    """Tell whether a letter is one of Chinese, Japanese or Korean (Unicode annex 11: wide or fullwidth).

    >>> is_east_asian("안"), is_east_asian("鞍"), is_east_asian("a"), is_east_asian("\N{HEBREW LETTER ALEF}")
    (True, True, False, False)
    """
    return unicodedata.east_asian_width(letter) in ("W", "F")
