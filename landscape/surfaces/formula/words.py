"""Telling words apart into names, constants and functions, and what is said of a word that is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import NoReturn

from landscape.language import listed, mark, tr
from landscape.surfaces.formula import names as _names
from landscape.surfaces.formula.characters import refuse
from landscape.surfaces.formula.tokens import Token, text_at

CONSTANTS = ("pi", "e")
FUNCTIONS = {
    **dict.fromkeys(("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"), (1, 1)),
    **dict.fromkeys(("exp", "log", "ln", "log10", "log2", "sqrt"), (1, 1)),
    "hypot": (2, 4),
    **dict.fromkeys(("abs", "sign", "sigmoid", "softplus", "relu", "erf"), (1, 1)),
    **dict.fromkeys(("max", "min"), (2, 4)),
}
"""Functions that a formula may call and how many arguments each takes (from, to); ``log`` and ``ln`` are the same."""
_ALIASES = {
    **{f"arc{f}": f"a{f}" for f in ("sin", "cos", "tan")},
    **{f"log_{base}": f"log{base}" for base in ("2", "10")},
    "sgn": "sign",
    "tg": "tan",
    "arctg": "atan",
    "maximum": "max",
    "minimum": "min",
}
INVERSES = {f: f"a{f}" for f in ("sin", "cos", "tan")}
_SAID = {
    "lg": mark("lg can be read in two ways: log10( ) or log2( )"),
    "LOG": mark("LOG can be read in two ways: log10( ), as in a spreadsheet, or ln( )"),
    "i": mark("i, the imaginary unit, is not accepted: a formula is a real number"),
    **dict.fromkeys(("pow", "power", "square"), mark("a power is written with ^: x^2")),
}
_RECIPROCALS = {"cot": "tan", "sec": "cos", "csc": "sin"}


def function_of(word: str) -> str | None:
    """Return the function that a word names, in capitals or not; LOG is a spreadsheet's, of base 10."""
    lower = word.lower() if word != "LOG" else word
    name = _ALIASES.get(lower, lower)
    return name if name in FUNCTIONS else None


def constant_of(word: str) -> str | None:
    """Return the constant that a word names."""
    name = "pi" if word in ("π", "Pi", "PI") else word
    return name if name in CONSTANTS else None


def declared_names(tokens: Sequence[Token], known: set[str]) -> list[Token]:
    """Return the tokens with every word told apart into names that are known, constants and functions."""
    result = []
    for i, token in enumerate(tokens):
        parts = [token]
        if token.kind == "word":
            exact = [token._replace(kind="name")] if token.text in known else []
            parts = exact or _whole(token) or _product(token, text_at(tokens, i + 1))
            if not parts or any(is_coordinate(part) and part.text not in known for part in parts):
                _refuse_word(token, text_at(tokens, i + 1) == "(", sorted(known))
        result += parts
    return result


def typed_names(tokens: Sequence[Token]) -> tuple[list[Token], tuple[str, ...]]:
    """Return the tokens with every word told apart, and the coordinates that they name.

    A word that is no name is a product of names where these go together with all others: xy is x*y.
    """
    split: dict[int, list[Token]] = {}
    named: dict[str, int] = {}  # coordinate -> where it first stands
    for i, token in enumerate(tokens):
        if token.kind == "word" and (parts := _whole(token)):
            split[i] = parts
            named.update({p.text: p.place for p in parts if is_coordinate(p) and p.text not in named})
    for i, token in enumerate(tokens):
        if token.kind != "word" or i in split:
            continue
        parts = _product(token, text_at(tokens, i + 1))
        found = {p.text: p.place for p in parts if is_coordinate(p)}
        if not parts or ((found or named) and _names.together([*found, *named]) is None):
            first = next(iter(found), "")
            is_product = bool(found.keys() & named.keys()) or first[-1:].isdigit()
            is_product &= not token.text.startswith(tuple(FUNCTIONS))
            every = {**found, **named} if is_product else named
            clash = _clash(every)
            if clash is not None and every[clash] < token.end:
                _refuse_names(clash, every)
            _refuse_word(token, text_at(tokens, i + 1) == "(", [*named])
        split[i] = parts
        named.update({name: place for name, place in found.items() if name not in named})
    clash = _clash(named)
    if clash is not None:
        _refuse_names(clash, named)
    if (lone := _names.lone(named)) and not any("_" in token.text for token in tokens):
        stem, index = lone
        refuse(
            tr("{stem}{index} can be read in two ways: {stem}_{index} or {stem}^{index}", stem=stem, index=index),
            *named.values(),
        )
    return [part for i, token in enumerate(tokens) for part in split.get(i, [token])], _names.together(named) or ()


def _clash(named: dict[str, int]) -> str | None:
    in_order = sorted(named, key=named.__getitem__)
    return None if not named or _names.together(named) else _names.misfit(in_order)


def _refuse_names(clash: str, named: dict[str, int]) -> NoReturn:
    others = [_names.shown(name) for name in sorted(named, key=named.__getitem__) if name != clash]
    places = {"name": _names.shown(clash), "others": listed(others[:5])}
    said = tr("the name {name} does not go together with {others}", **places)
    refuse("; ".join([said, tr(_names.ALLOWED)]), named[clash])


def is_coordinate(token: Token) -> bool:
    """Tell whether a token names a coordinate or a parameter."""
    return token.kind == "name" and token.text not in CONSTANTS


def _whole(token: Token) -> list[Token]:
    """Return a word as the one name or function that it is; nothing where it is none."""
    if function := function_of(token.text):
        return [token._replace(kind="function", text=function)]
    if name := constant_of(token.text) or _names.canonical(token.text):
        return [token._replace(kind="name", text=name)]
    return []


_PART = re.compile(
    "(?:" + "|".join(sorted([*_names.SPELLED, "pi"], key=len, reverse=True)) + r"|[^\W\d_])(?:_?[0-9]+)?"
)


def _product(token: Token, following: str) -> list[Token]:
    """Return a word as a product of names, a function behind them; nothing where it is none."""
    word = token.text
    head, function = word, ""
    if following in ("(", "^"):
        for start in range(1, len(word)):
            if function_of(word[start:]) and not word[start - 1].isdigit():
                head, function = word[:start], word[start:]
                break
    parts: list[Token] = []
    position = 0
    while position < len(head):
        match = _PART.match(head, position)
        name = match and (constant_of(match[0]) or _names.canonical(match[0]))
        if match is None or name is None:
            return []
        place = token.place + position
        parts.append(Token("name", name, place, place + len(match[0]), position > 0 or token.glued))
        position = match.end()
    if function:
        parts.append(Token("function", str(function_of(function)), token.place + len(head), token.end, True))
    return parts


def _refuse_word(token: Token, called: bool, known: Sequence[str]) -> NoReturn:
    name = token.text
    known_word = _SAID.get(name) or (_SAID.get(name.lower()) if len(name) > 2 else None)
    if known_word is not None:
        refuse(tr(known_word), token.place)
    if of := _RECIPROCALS.get(name.lower()):
        refuse(tr("{name} is not accepted; write 1/{of}( )", name=name.lower(), of=of), token.place)
    if base := re.fullmatch(r"log_?([0-9]+)", name):
        refuse(
            tr("logarithms are log, which is ln, log2 and log10; write log( )/log({base})", base=base[1]), token.place
        )
    shown = name if len(name) <= 40 else name[:40] + "..."
    said = [tr("unknown function {name!r}", name=shown) if called else tr("unknown name {name!r}", name=shown)]
    near = difflib.get_close_matches(name.lower(), [*FUNCTIONS] if called else [*known, *CONSTANTS, *FUNCTIONS], 3, 0.6)
    begun = [f for f in (*FUNCTIONS, *_ALIASES) if name.startswith(f) and len(name) > len(f)]
    if begun and not called:
        function = max(begun, key=len)
        call = f"{function}({name[len(function) :][:40]})"
        said.append(tr("a function has its argument in parentheses: {call}", call=call))
    elif near:
        said.append(tr("did you mean {names}?", names=listed(near, any_of=True)))
    said.append(tr("functions are {names}", names=", ".join(FUNCTIONS)) if called else tr(_names.ALLOWED))
    refuse("; ".join(said), token.place)
