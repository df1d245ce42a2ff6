"""Korean particles, which depend on whether the word before them ends in a consonant.

A translation writes ``{optimizer:은/는}``, or ``{loss:.3g|은/는}`` with a format before it.
"""

from __future__ import annotations

PAIRS = frozenset({"은/는", "이/가", "을/를", "과/와", "으로/로", "이라/라", "이다/다"})

# The last sound of what is read letter by letter, and of a number by its last digit: 영 일 이 삼 사 오 육 칠 팔 구.
_CLOSED_CAPITALS, _CLOSED_LETTERS, _CLOSED_DIGITS = "LMNR", "lmnpkb", "013678"
_LIQUID = "LRl178"
_SYLLABLES, _FINALS, _RIEUL = 0xAC00, 28, 8


def with_particle(word: str, pair: str) -> str:
    """Return a word with the one of a pair of particles that fits: the first after a consonant.

    >>> with_particle("안장점", "은/는"), with_particle("SGD", "을/를"), with_particle("Adam", "이/가")
    ('안장점은', 'SGD를', 'Adam이')

    After ㄹ the particle 으로 is 로.

    >>> with_particle("지역 최솟값", "으로/로"), with_particle("서울", "으로/로")
    ('지역 최솟값으로', '서울로')
    """
    closed, open_ = pair.split("/")
    last = next((letter for letter in reversed(word) if letter.isalnum()), "")
    final = (ord(last) - _SYLLABLES) % _FINALS if "가" <= last <= "힣" else -1
    liquid = final == _RIEUL or last in _LIQUID
    # A capital is read by its name, in a row of them, as in SGD, and alone.
    ends_closed = final > 0 or last in _CLOSED_CAPITALS or last in _CLOSED_LETTERS or last in _CLOSED_DIGITS
    return word + (closed if last and ends_closed and not (liquid and pair == "으로/로") else open_)
