"""What a caller got wrong, said so that it can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

from landscape.language import listed, tr

T = TypeVar("T")


class UnknownName(ValueError):
    """A name that no registry entry has; the message lists the nearest ones that exist."""


class RuleError(ValueError):
    """An update rule that holds what none may; the message has the line, why not, and what to write instead."""


class FormulaError(ValueError):
    """A formula that is not accepted.

    ``position`` is the index of the first refused character in the text as it was typed, or ``None`` where the
    fault has no single place (an empty text, no variable at all).
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


def lookup(registry: Mapping[str, T], name: str, what: str, problems: Iterable[str] = ()) -> T:
    """Return ``registry[name]``; raise ``UnknownName`` with close matches, or all of a short list.

    ``what`` is the kind of thing, in the language of the moment; ``problems`` are told too: why it may be missing.
    """
    if isinstance(name, str) and name in registry:
        return registry[name]
    near = difflib.get_close_matches(str(name), registry, n=3, cutoff=0.5)
    hints = [tr("did you mean {names}?", names=listed(map(repr, near), any_of=True))] if near else []
    # A short list is said whole, whatever was meant.
    if not near or len(registry) <= 15:
        hints.append(tr("there are: {names}", names=", ".join(registry)))
    unknown = tr("unknown {what} {name!r}", what=what, name=name)
    raise UnknownName("; ".join([unknown, " ".join(hints), *problems]))


def of_kind(given: T, kind: type | tuple[type, ...], wanted: str) -> T:
    """Return what is of a kind, or of one of several.

    Raises ``TypeError`` with the sentence that says what is ``wanted`` where it is not.
    """
    if isinstance(given, kind):
        return given
    if isinstance(given, type):  # most likely meant to be called
        raise TypeError(tr("{wanted}, not the class {given}: call it", wanted=wanted, given=given.__name__))
    raise TypeError(tr("{wanted}, not {given}", wanted=wanted, given=type(given).__name__))


def returned(argument: str, given: T, kind: type, function: str) -> T:
    """Return what is of a kind; raise ``TypeError`` that names the function of ours which returns such."""
    return of_kind(given, kind, tr("{argument} must be what {function} returns", argument=argument, function=function))
