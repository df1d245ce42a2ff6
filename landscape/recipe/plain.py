"""Reading JSON that somebody else wrote: what comes out is plain data of finite numbers, not too deep."""

from __future__ import annotations

import json
import math
from typing import Any

from landscape.language import mark, tr

MAX_LENGTH = 20_000_000
"""The longest text, in characters, that is read."""

MAX_DEPTH = 32
"""How deep lists and objects may lie in each other."""

MAX_DIGITS = 18
"""The longest whole number: any of so many digits fits into 64 bits."""

_OF_PYTHON = (
    mark("Expecting value"),
    mark("Extra data"),
    mark("Expecting ',' delimiter"),
    mark("Expecting ':' delimiter"),
    mark("Expecting property name enclosed in double quotes"),
    mark("Illegal trailing comma before end of object"),
    mark("Illegal trailing comma before end of array"),
    mark("Invalid control character at"),
    mark("Invalid \\escape"),
    mark("Invalid \\uXXXX escape"),
    mark("Unterminated string starting at"),
    mark("Unexpected UTF-8 BOM (decode using utf-8-sig)"),
)
"""What Python finds wrong in a JSON text, for the catalogues."""


def read(text: str | bytes, what: str) -> Any:
    """Return the data of a JSON text; ``what`` names it where it is refused, as "a recipe", in the language spoken.

    Raises ``ValueError`` for what is no JSON, for NaN and infinity, for numbers beyond what a float or 64 bits hold,
    for names that stand twice in one object, and for data nested deeper than ``MAX_DEPTH``; ``TypeError`` for what is
    no text.
    """
    if not isinstance(text, str | bytes):
        raise TypeError(tr("{what} is read from text, not from {given}", what=what, given=type(text).__name__))
    if len(text) > MAX_LENGTH:
        places = {"what": what, "n": len(text), "most": MAX_LENGTH}
        raise ValueError(tr("not {what}: {n:,} characters are more than {most:,}", **places))
    try:
        data = json.loads(
            text, parse_int=_whole, parse_float=_real, parse_constant=_no_number, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        places = {"problem": tr(error.msg), "line": error.lineno, "column": error.colno}
        raise ValueError(tr("not JSON: {problem} at line {line}, column {column}", **places)) from None
    except UnicodeDecodeError:
        raise ValueError(tr("not {what}: the bytes are not UTF-8 text", what=what)) from None
    except RecursionError:
        raise ValueError(tr("not {what}: nested too deeply", what=what)) from None
    level, depth = [data], 0
    while level:
        depth += 1
        level = [one for part in level for one in _parts(part)]
        if depth > MAX_DEPTH:
            raise ValueError(tr("not {what}: nested too deeply", what=what))
    return data


def _parts(data: Any) -> list[Any]:
    """Return the lists and objects that lie directly in ``data``."""
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [one for one in inside if isinstance(one, dict | list)]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise ValueError(tr("{name!r} stands twice in one object", name=twice[:40]))
    return made


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        places = {"n": len(digits), "beginning": digits[:20]}
        raise ValueError(tr("a whole number of {n} digits is too large: {beginning}...", **places))
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(tr("the number {number} is too large", number=digits[:20]))
    return number


def _no_number(name: str) -> float:
    raise ValueError(tr("{name} is no number of a recipe; all of them are finite", name=name))
