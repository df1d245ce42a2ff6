"""Reading JSON that somebody else wrote: what comes out is plain data of finite numbers, not too deep."""

from __future__ import annotations

import json
import math
from typing import Any

MAX_LENGTH = 20_000_000
"""The longest text, in characters, that is read."""

MAX_DEPTH = 32
"""How deep lists and objects may lie in each other."""

MAX_DIGITS = 18
"""The longest whole number: any of so many digits fits into 64 bits."""


def read(text: str | bytes, what: str) -> Any:
    """Return the data of a JSON text; ``what`` names it where it is refused, as "a recipe".

    Raises ``ValueError`` for what is no JSON, for NaN and infinity, for numbers beyond what a float or 64 bits hold,
    for names that stand twice in one object, and for data nested deeper than ``MAX_DEPTH``; ``TypeError`` for what is
    no text.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(f"{what} is read from text, not from {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"not {what}: {len(text):,} characters are more than {MAX_LENGTH:,}")
    try:
        data = json.loads(
            text, parse_int=_whole, parse_float=_real, parse_constant=_no_number, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError:
        raise ValueError(f"not {what}: the bytes are not UTF-8 text") from None
    except RecursionError:
        raise ValueError(f"not {what}: nested too deeply") from None
    level, depth = [data], 0
    while level:
        depth += 1
        level = [one for part in level for one in _parts(part)]
        if depth > MAX_DEPTH:
            raise ValueError(f"not {what}: nested too deeply")
    return data


def _parts(data: Any) -> list[Any]:
    """Return the lists and objects that lie directly in ``data``."""
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [one for one in inside if isinstance(one, dict | list)]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise ValueError(f"{twice[:40]!r} stands twice in one object")
    return made


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"a whole number of {len(digits)} digits is too large: {digits[:20]}...")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:20]} is too large")
    return number


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of a recipe; all of them are finite")
