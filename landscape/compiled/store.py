"""Where machine code is kept between runs: one checked file for each kernel, safe for many processes at once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 2000
"""When a new file makes more than this, the longest unused half is removed: 8 kB a kernel, 16 MB in all."""

_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Machine:
    """Machine code for this processor: an object file, the name of its function and the names that it calls."""

    symbol: str
    externals: tuple[str, ...]
    code: bytes


def directory() -> Path:
    """Return where kernels are kept: ``$LANDSCAPE_CACHE``, or this platform's folder for such files."""
    chosen = os.environ.get("LANDSCAPE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        top = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        top = Path.home() / "Library" / "Caches"
    else:
        top = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(top) / "landscape"


def load(key: str) -> Machine | None:
    """Return what was kept under ``key``; ``None`` where there is nothing, or nothing whole."""
    try:
        data = (directory() / f"{key}.kernel").read_bytes()
    except (OSError, RuntimeError):  # RuntimeError: there is no home directory
        return None
    digest, body = data[:_DIGEST], data[_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        return None  # cut short or damaged: it is compiled again and written over
    head, _, code = body.partition(b"\n")
    fields = json.loads(head)
    return Machine(fields["symbol"], tuple(fields["externals"]), code)


def keep(key: str, machine: Machine) -> bool:
    """Keep ``machine`` under ``key``; tell whether that could be done. A full or read-only disk is not an error.

    The file appears whole or not at all, so that processes which compile the same kernel at once do no harm.
    """
    import tempfile

    head = json.dumps({"symbol": machine.symbol, "externals": machine.externals}).encode()
    body = head + b"\n" + machine.code
    try:
        folder = directory()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            os.replace(name, folder / f"{key}.kernel")
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)
            return False
        _prune(folder)
    except (OSError, RuntimeError):
        return False
    return True


def _prune(folder: Path) -> None:
    """Remove the longest unused half of the kernels where there are more than ``MAX_FILES``."""
    files = list(folder.glob("*.kernel"))
    if len(files) <= MAX_FILES:
        return
    aged = []
    for file in files:
        with contextlib.suppress(OSError):  # another process may be removing it too
            aged.append((file.stat().st_mtime, file))
    for _, file in sorted(aged)[: len(aged) // 2]:
        with contextlib.suppress(OSError):
            file.unlink()
