"""The catalogues: PO files, as translators write them, one for each room of the house, read when first needed."""

from __future__ import annotations

import string
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from babel.core import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.support import Translations

from landscape.language.particles import PAIRS, with_particle
from landscape.language.pseudo import PSEUDO, Pseudo

FOLDER = Path(__file__).parents[1] / "locale"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The messages of one language; ``scripts`` are those that scripts of a browser say, by the folder of these."""

    locale: Locale
    messages: NullTranslations
    scripts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def say(self, message: str, places: Mapping[str, Any]) -> str:
        """Return the translation of a message with its places filled in; the English one where there is none."""
        return self._filled(self.messages.gettext(message), message, places)

    def say_count(self, one: str, many: str, n: int, places: Mapping[str, Any]) -> str:
        """Return the translation that agrees with ``n``."""
        said = self.messages.ngettext(one, many, n)
        return self._filled(said, one if n == 1 else many, {"n": n, **places})

    def listed(self, parts: Sequence[str], style: Literal["or", "standard"]) -> str:
        """Return a list as this language writes it."""
        return format_list(parts, style, self.locale)

    def of_scripts(self, folder: str) -> dict[str, str]:
        """Return what the scripts in a folder say, each English message with its translation."""
        return {message: self.messages.gettext(message) for message in self.scripts.get(folder, ())}

    def _filled(self, text: str, english: str, places: Mapping[str, Any]) -> str:
        if not places:
            return text
        try:
            return _Filler(self.locale).vformat(text, (), places)
        except (LookupError, ValueError, AttributeError, TypeError):  # a translator asks of a place what it has not
            return english.format(**places)


class _Filler(string.Formatter):
    """Fills in places: numbers with the signs of the language, words with the particle that fits their last sound."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value in a format, with the signs of the language where it is a number, and its particle."""
        spec, _, particle = ("", "", format_spec) if format_spec in PAIRS else format_spec.partition("|")
        said = format(value, spec)
        if isinstance(value, int | float):
            signs: dict[str, str | int | None] = {
                ".": get_decimal_symbol(self.locale),
                ",": get_group_symbol(self.locale),
            }
            said = said.translate(str.maketrans(signs))
        return with_particle(said, particle) if particle else said


@cache
def found() -> tuple[str, ...]:
    """Return the languages that have a folder of catalogues; what Babel does not know is left out, with a warning."""
    names = sorted({path.parent.name for path in FOLDER.glob("*/*.po")} - {"en"})
    for name in names:
        if _locale(name) is None:
            said = f"Babel knows no language {name!r}: its catalogues are left out"
            warnings.warn(said, stacklevel=2)
    return tuple(name for name in names if _locale(name) is not None)


def _locale(key: str) -> Locale | None:
    """Return what Babel knows of a language, ``None`` where that is nothing."""
    try:
        return Locale.parse(key.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return None


@cache
def catalogue(key: str) -> Catalogue:
    """Return what all catalogues of a language say; a file that cannot be read is left out, with a warning."""
    if key == PSEUDO:
        return Catalogue(Locale("en"), Pseudo(), catalogue(found()[0]).scripts if found() else {})
    messages = Translations()
    scripts: dict[str, list[str]] = {}
    locale = _locale(key) or Locale("en")
    for path in sorted((FOLDER / key).glob("*.po")):
        try:
            said, room = _read(path, locale)
        except (PoFileError, OSError, ValueError, LookupError, ArithmeticError) as error:
            problem = f"{path.name} of the language {key} cannot be read, and its messages stay English: {error}"
            warnings.warn(problem, stacklevel=2)
            continue
        messages.merge(room)
        messages.plural = room.plural  # which form a number takes: merging leaves that out
        for message in said:
            for place, _ in message.locations:
                if place.endswith(".js"):
                    scripts.setdefault(place.rpartition("/")[0], []).append(str(message.id))
    return Catalogue(locale, messages, scripts)


def _read(path: Path, locale: Locale) -> tuple[list[Message], Translations]:
    """Return all messages of a file, and for looking up those that are translated."""
    with path.open("rb") as file:
        read = read_po(file, locale=locale, abort_invalid=True)
    messages = list(read)
    for message in messages:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(forms):  # Babel would write the English singular, and hide what another room has
            read.delete(message.id)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    room = Translations(compiled)
    for n in range(200):  # a rule that divides by zero says so here
        room.plural(n)
    return messages, room
