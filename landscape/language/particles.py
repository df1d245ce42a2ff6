"""Korean particles, which depend on whether the word before them ends in a consonant.

A translation writes ``{optimizer:은/는}``, or ``{loss:.3g|은/는}`` with a format before it.
"""

from __future__ import annotations

import re
import unicodedata

# With the way to write them after a word whose last sound nobody can tell, as an emoji.
_EITHER = {
    "은/는": "은(는)",
    "이/가": "이(가)",
    "을/를": "을(를)",
    "과/와": "와(과)",
    "으로/로": "(으)로",
    "이라/라": "(이)라",
    "이다/다": "(이)다",
}
PAIRS = frozenset(_EITHER)

# An explanation in brackets is passed over in reading, 안장점(saddle)은, SGD(잡음)는; arguments are not, sin(x)는.
_EXPLANATION = re.compile(r"((?<=[\s가-힣])\([^()]*|\([^()]*[가-힣][^()]*)\)\W*$")
_READ = re.compile(r"[^\W_]|[%‰°∞]")
_POWER = re.compile(r"(\^|\*\*)\d+\W*$")
_LATIN = re.compile(r"[A-Za-z]+$")
# As English words are written in Hangul: 오프셋, 스텝, 맵, 그룹, 북 end in a consonant, 스타트, 루프 in a vowel.
_CLOSED = re.compile(r"([lmn]e?|ng|mb|ck|[aeiou]c|(^|[^aeiou])[aeiou][bkpt]|ou[pt]|ook)$")
_CLOSED_NAMES, _CLOSED_DIGITS = "lmnr", "013678"  # 엘 엠 엔 알; 영 일 삼 육 칠 팔
_CLOSED_GREEK = "ευο"  # 엡실론, 입실론, 오미크론
_OPEN_SIGNS = "%‰°∞"  # 퍼센트, 퍼밀, 도, 무한대
_LOOKED_AT = 80  # letters at the end: people give texts of any length
_SYLLABLES, _FINALS, _RIEUL = 0xAC00, 28, 8


def with_particle(word: str, pair: str) -> str:
    """Return a word with the one of a pair of particles that fits: the first after a consonant.

    >>> with_particle("안장점", "은/는"), with_particle("SGD", "을/를"), with_particle("Adam", "이/가")
    ('안장점은', 'SGD를', 'Adam이')

    After ㄹ the particle 으로 is 로.

    >>> with_particle("지역 최솟값", "으로/로"), with_particle("서울", "으로/로")
    ('지역 최솟값으로', '서울로')

    Where it cannot be told how a word is read, both are written.

    >>> with_particle("鞍点", "을/를")
    '鞍点을(를)'
    """
    closed, open_ = pair.split("/")
    sound = _last_sound(word)
    if sound is None:
        return word + _EITHER[pair]
    return word + (open_ if sound == "" or (sound == "ㄹ" and pair == "으로/로") else closed)


def _last_sound(word: str) -> str | None:
    """Return "ㄹ", "-" for any other consonant, "" for a vowel, or ``None`` where nobody can tell."""
    word = unicodedata.normalize("NFC", word[-_LOOKED_AT:])
    word = _EXPLANATION.sub("", word) or word
    read = _READ.findall(word)
    if not read:
        return None
    typed = read[-1]
    if _POWER.search(word) or "SUPER" in unicodedata.name(typed, ""):
        return "-"  # 제곱
    last = unicodedata.normalize("NFKC", typed)[-1]  # subscripts and letters of full width
    if "가" <= last <= "힣":
        final = (ord(last) - _SYLLABLES) % _FINALS
        return "ㄹ" if final == _RIEUL else "-" if final else ""
    if last.isdecimal() and last.isascii():
        return ("ㄹ" if last in "178" else "-") if last in _CLOSED_DIGITS else ""
    if "LATIN" in unicodedata.name(last, ""):
        return _last_sound_of_latin(word[: word.rindex(typed)] + unicodedata.normalize("NFKD", last)[0])
    if last in _OPEN_SIGNS:
        return ""
    if "GREEK" in unicodedata.name(last, ""):
        return "-" if last in _CLOSED_GREEK else ""
    return None


def _last_sound_of_latin(word: str) -> str | None:
    found = _LATIN.search(word)
    if found is None:  # a letter that has no plain one below its accents
        return None
    letters = found[0]
    # A capital is read by its name, in a row of them, as in SGD, and alone; so are letters without a vowel among them.
    if letters[-1].isupper() or len(letters) == 1 or not re.search("[aeiouy]", letters, re.IGNORECASE):
        name = letters[-1].lower()
        return ("ㄹ" if name in "lr" else "-") if name in _CLOSED_NAMES else ""
    if not _CLOSED.search(letters.lower()):
        return ""
    return "ㄹ" if re.search("le?$", letters) else "-"
