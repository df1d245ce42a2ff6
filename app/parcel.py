"""What the player shows, packed once for all browsers: words and paths travel with the page, fields have addresses."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import served
from landscape.render.player.payload import more_of

FIELD = 4096
"""Bytes from which a table of numbers is a file of its own: it mostly stays the same while the paths change."""

_WORD = 8
"""Bytes to whose multiples arrays are filled up: browsers read numbers only where they would stand in memory."""


@dataclass(frozen=True, eq=False)
class Parcel:
    """A packed payload: compressed, JSON in one line, then the bytes of its arrays. ``fields`` are fetched if new.

    In ``arrays`` stands ``at``, how far behind that line an array begins, or ``address``, where it is fetched.
    """

    body: bytes
    fields: tuple[served.File, ...]
    name: str
    more: frozenset[str]


def pack(payload: Mapping[str, Any]) -> Parcel:
    """Return what ``landscape.render.player.payload.raw_payload`` returned, packed."""
    parts: list[bytes] = []
    fields, arrays, at = [], [], 0
    for array in payload["arrays"]:
        data = array["data"]
        told = {name: array[name] for name in ("dtype", "shape")}
        if len(array["shape"]) == 2 and len(data) >= FIELD:
            fields.append(served.file("field", "bin", data))
            arrays.append(told | {"address": fields[-1].address})
        else:
            parts.append(data + bytes(-len(data) % _WORD))
            arrays.append(told | {"at": at, "bytes": len(data)})
            at += len(parts[-1])
    line = json.dumps({**payload, "arrays": arrays}, separators=(",", ":"))
    body = gzip.compress(b"\n".join((line.encode("ascii"), b"".join(parts))), mtime=0)
    return Parcel(body, tuple(fields), hashlib.sha256(body).hexdigest()[:32], more_of(payload))
