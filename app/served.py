"""Files that pages need beside Streamlit's own, under names that say what is in them: browsers may keep them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response

FOLDER = "vendor"
"""Where they are, seen from any page: all pages stand one step below the app's root."""

_KINDS = {"js": "text/javascript", "css": "text/css", "bin": "application/octet-stream"}


@dataclass(eq=False)
class File:
    """A file with its name."""

    name: str
    data: bytes

    @property
    def address(self) -> str:
        """Where a page finds it."""
        return f"{FOLDER}/{self.name}"

    @cached_property
    def packed(self) -> bytes:
        """The same for browsers that unpack it."""
        return gzip.compress(self.data, mtime=0)


_lock = Lock()
_files: WeakValueDictionary[str, File] = WeakValueDictionary()


def file(stem: str, ending: str, data: bytes) -> File:
    """Serve data for as long as somebody holds what is returned; the same data are the same file."""
    made = File(f"{stem}-{hashlib.sha256(data).hexdigest()[:32]}.{ending}", data)
    with _lock:
        return _files.setdefault(made.name, made)


def answer(request: Request) -> Response:
    """Answer a browser that asks for a file."""
    asked = _files.get(request.path_params["name"])
    if asked is None:
        return Response("there is no such file any more", status_code=404, headers={"Cache-Control": "no-store"})
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    headers |= {"Content-Encoding": "gzip"} if packed else {}
    kind = _KINDS[asked.name.rsplit(".", 1)[1]]
    return Response(asked.packed if packed else asked.data, media_type=kind, headers=headers)
