"""A language for tests: longer than English and accented, so that what is not marked, or does not fit, is seen."""

from __future__ import annotations

import re
from gettext import NullTranslations

PSEUDO = "en-XA"
"""Its key, as other projects call it."""

_ACCENTED = str.maketrans("aceinosuyACEINOSUY", "áçéîñöšûýÁÇÉÎÑÖŠÛÝ")
_LONGER, _WORD = 0.3, 8  # share by which it is longer, in words of that many letters

# Places, tags, code, formulas, addresses and icons are no words.
_KEPT = re.compile(r"(\{[^}]*\}|%\(\w+\)[sr]|%[sr]|<[^>]*>|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|:material/\w+:)")


def accented(message: str) -> str:
    """Return a message that looks foreign and can be read, in brackets so that its end is seen.

    >>> accented("loss {loss:.3g} after {n} steps")
    '[löšš {loss:.3g} áftér {n} štépš ~~~~~~~~ ~]'
    """
    parts = _KEPT.split(message)
    words = "".join(part if k % 2 else part.translate(_ACCENTED) for k, part in enumerate(parts))
    longer = round(_LONGER * len(message))
    return " ".join([f"[{words}", *["~" * _WORD] * (longer // _WORD), "~" * (longer % _WORD)]).rstrip() + "]"


class Pseudo(NullTranslations):
    """Every message, accented."""

    def gettext(self, message: str) -> str:
        """Return the message, accented."""
        return accented(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the message that agrees with ``n``, accented."""
        return accented(msgid1 if n == 1 else msgid2)
