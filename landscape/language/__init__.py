"""The language in which everything is said: English, or that of a catalogue under ``landscape/locale``.

A sentence is one message. Where it is said at once it stands in ``tr("{n} of {all} paths ...", n=..., all=...)``; where
it is declared, and said later, in ``mark("...")``, and what is read from the declaring object is its translation
(``reads_translated``). Without a catalogue, or where that has no such message, English is said.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from typing import Any, Self, TypeVar

T = TypeVar("T")

ENGLISH = "en"
VARIABLE = "LANDSCAPE_LANGUAGE"
"""Of the environment: the language in which a process begins."""

_everywhere = ENGLISH
_here: ContextVar[str] = ContextVar("landscape.language")


def language() -> str:
    """Return the key of the language in which things are said here and now, as "en"."""
    return _here.get(_everywhere)


def of_process() -> str:
    """Return the key of the language that ``set_language``, the environment or the command chose for the process."""
    return _everywhere


def languages() -> tuple[str, ...]:
    """Return the keys of all languages that can be set; the pseudo-language for tests is not listed."""
    from landscape.language.catalogue import found

    return (ENGLISH, *found())


def closest(tag: str) -> str | None:
    """Return the language that a tag as of a browser or a system asks for, or ``None`` where there is no catalogue.

    >>> closest("ko-KR"), closest("en_GB"), closest("tlh")
    ('ko', 'en', None)
    """
    from landscape.language.pseudo import PSEUDO

    known = {_as_tag(one): one for one in (*languages(), PSEUDO)}
    wanted = _as_tag(tag.strip())
    while wanted and wanted not in known:
        wanted = wanted.rpartition("-")[0]  # the region goes first, the script after it
    return known.get(wanted)


def _as_tag(name: str) -> str:
    return name.replace("_", "-").lower()


def set_language(tag: str) -> None:
    """Say everything in this language from now on, in all threads: titles, verdicts, captions, refusals.

    ``tag`` is "en", "ko" or another for which there is a catalogue; regions are accepted ("ko-KR"). An unknown one is
    English, with a warning. A scene keeps the language in which it was made. The environment variable
    ``LANDSCAPE_LANGUAGE`` sets it for a whole process, and for those that are spawned from it. Raises ``TypeError``
    for what is no text.

    >>> set_language("en")
    """
    global _everywhere
    if not isinstance(tag, str):
        raise TypeError(f"a language is text, as 'ko', not {type(tag).__name__}")
    _everywhere = closest(tag) or ENGLISH
    if closest(tag) is None:
        warnings.warn(no_catalogue(tag), stacklevel=2)


def no_catalogue(tag: str) -> str:
    """Say that there is no such language."""
    return tr(
        "There is no catalogue for the language {tag}; there are {listed}. English stands in for it.",
        tag=repr(tag[:40]),
        listed=listed(languages()),
    )


@contextmanager
def speaking(key: str) -> Iterator[None]:
    """Say everything in the language with this key in the block, in this thread."""
    token = _here.set(key)
    try:
        yield
    finally:
        _here.reset(token)


def speak(key: str) -> None:
    """Say everything in the language with this key in this thread from now on."""
    _here.set(key)


def tr(message: str, /, **places: Any) -> str:
    """Return a message in the language of the moment, with its named places filled in.

    Places are those of ``str.format``: ``{loss:.3g}``. Without any, the message is taken as it stands, braces and all.

    >>> tr("loss {loss:.3g} after {n} steps", loss=0.12345, n=20)
    'loss 0.123 after 20 steps'
    """
    here = language()
    message = message.message if isinstance(message, Marked) else message
    if here == ENGLISH or not message:
        return message.format(**places) if places else message
    return _catalogue(here).say(message, places)


def trn(one: str, many: str, n: int, /, **places: Any) -> str:
    """Return the message that agrees with the number ``n``, which is the place ``{n}``.

    >>> trn("{n} step", "{n} steps", 1), trn("{n} step", "{n} steps", 2000)
    ('1 step', '2000 steps')
    """
    here = language()
    if here == ENGLISH:
        return (one if n == 1 else many).format(n=n, **places)
    return _catalogue(here).say_count(one, many, n, places)


class Marked(str):
    """Text of the house as it is said in some language; ``message`` is what was marked.

    A copy that was made while one language was spoken can thus be said in another, and nobody's own words are taken
    for those of the house.
    """

    message: str

    def __new__(cls, said: str, message: str = "") -> Self:
        """Return ``said``, which is ``message`` itself or its translation."""
        made = super().__new__(cls, said)
        made.message = message or said
        return made


def mark(message: str) -> str:
    """Return the message itself; it enters the catalogues, and is translated where it is said (``tr``)."""
    return Marked(message)


@dataclass(frozen=True)
class Later:
    """A message with what fills its places, said in the language of the moment each time that it is read (``str``)."""

    message: str
    many: str = ""
    n: int = 0
    places: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.message, self.many, self.n))  # places may be lists

    def __str__(self) -> str:
        places = translated(self.places)
        return trn(self.message, self.many, self.n, **places) if self.many else tr(self.message, **places)


def later(message: str, /, **places: Any) -> Later:
    """Return a message that is kept and said where it is read; places may hold others of its kind.

    >>> said = later("loss {loss:.3g}, {calm}", loss=0.5, calm=later("gradient norm {norm:.2g}", norm=1.0))
    >>> str(said)
    'loss 0.5, gradient norm 1'
    """
    return Later(message, places=places)


def later_n(one: str, many: str, n: int, /, **places: Any) -> Later:
    """Return a message that agrees with ``n``, as ``trn``, and is said where it is read."""
    return Later(one, many, n, places)


def listed(parts: Iterable[str], *, any_of: bool = False) -> str:
    """Return a list as the language writes it, with "or" before the last where ``any_of`` them is meant.

    >>> listed(["SGD", "Adam"]), listed(["a", "b", "c"], any_of=True), listed(["a"])
    ('SGD and Adam', 'a, b or c', 'a')
    """
    *first, last = [*parts] or [""]
    if not first:
        return last
    here = language()
    if here == ENGLISH:  # the house style has no comma before the last
        return f"{', '.join(first)} {'or' if any_of else 'and'} {last}"
    return _catalogue(here).listed([*first, last], "or" if any_of else "standard")


def of_scripts(folder: str) -> dict[str, str]:
    """Return what the scripts for browsers in a folder say, by the English; nothing where that is the language."""
    here = language()
    return {} if here == ENGLISH else dict(_catalogue(here).of_scripts(folder))


def translated(marked: T) -> T:
    """Return marked text, and what is said later, in the language of the moment; other text as it is.

    So are the texts of tuples and the values of mappings.
    """
    if isinstance(marked, Later):
        return str(marked)  # type: ignore[return-value]
    if isinstance(marked, Marked):
        said = tr(marked)
        return marked if said == marked else Marked(said, marked.message)  # type: ignore[return-value]
    if isinstance(marked, tuple):
        return tuple(map(translated, marked))  # type: ignore[return-value]
    if isinstance(marked, Mapping):
        return {key: translated(value) for key, value in marked.items()}  # type: ignore[return-value]
    return marked


def _as_marked(text: Any) -> Any:
    """Return marked text as it was marked, whatever language it was read in; so are those in tuples and mappings."""
    if isinstance(text, Marked):
        return text if text == text.message else Marked(text.message)
    if isinstance(text, tuple):
        return tuple(map(_as_marked, text))
    if isinstance(text, Mapping):
        return {key: _as_marked(value) for key, value in text.items()}
    return text


class _Read:
    """An attribute that is stored as it was marked and read in the language of the moment."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        stored = vars(instance)[self.name]
        return stored if isinstance(stored, str) and language() == ENGLISH else translated(stored)

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self.name] = _as_marked(value)


def reads_translated(*names: str) -> Callable[[type[T]], type[T]]:
    """Return a decorator of a dataclass: these fields hold marked text, and are read in the language of the moment.

    It stands above ``@dataclass``. Two instances are equal, and found in a cache, whatever is spoken.
    """

    def decorate(cls: type[T]) -> type[T]:
        for name in names:
            setattr(cls, name, _Read(name))
        made: Any = cls
        if vars(cls).get("__hash__") and made.__dataclass_params__.eq:  # who compares in an own way goes on so
            compared = tuple(one.name for one in fields(cls) if one.compare)  # type: ignore[arg-type]
            _compare_as_marked(cls, compared)
        return cls

    return decorate


def _compare_as_marked(cls: type[Any], names: tuple[str, ...]) -> None:
    def stored(self: Any) -> list[Any]:
        held = vars(self)
        return [held[name] for name in names]

    def same(self: Any, other: object) -> bool:
        return stored(self) == stored(other) if type(other) is type(self) else NotImplemented

    def hashed(self: Any) -> int:
        return hash(tuple(stored(self)))

    for name, method in {"__eq__": same, "__hash__": hashed}.items():
        setattr(cls, name, method)


class TranslatedTitle:
    """Marked text of a class, read from it and from its instances in the language of the moment."""

    def __init__(self, marked: str) -> None:
        self.marked = marked

    def __get__(self, instance: Any, owner: type) -> str:
        return translated(self.marked)


def _catalogue(key: str) -> Any:
    # Babel takes its time to be imported, and English needs none of it.
    from landscape.language.catalogue import catalogue

    return catalogue(key)


if asked := os.environ.get(VARIABLE, ""):
    set_language(asked)
