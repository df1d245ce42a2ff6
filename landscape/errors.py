"""What a caller got wrong, said so that it can be mended."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TypeVar

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


def lookup(registry: Mapping[str, T], name: str, what: str, problems: Sequence[str] = ()) -> T:
    """Return ``registry[name]``; raise ``UnknownName`` with close matches, or all of a short list.

    ``problems`` are told with it: why it may be missing.
    """
    if isinstance(name, str) and name in registry:
        return registry[name]
    near = difflib.get_close_matches(str(name), registry, n=3, cutoff=0.5)
    hints = [f"did you mean {' or '.join(map(repr, near))}?"] if near else []
    # A short list is said whole, whatever was meant.
    if not near or len(registry) <= 15:
        hints.append(f"there are: {', '.join(registry)}")
    raise UnknownName("; ".join([f"unknown {what} {name!r}", " ".join(hints), *problems]))


def of_kind(given: T, kind: type, wanted: str) -> T:
    """Return what is of a kind; raise ``TypeError`` with what is ``wanted`` where it is not."""
    if not isinstance(given, kind):
        # A class was most likely meant to be called.
        what = f"the class {given.__name__}: call it" if isinstance(given, type) else type(given).__name__
        raise TypeError(f"{wanted}, not {what}")
    return given
