"""Where machine code is kept between runs: one checked file for each kernel, safe for many processes at once.

A checksum finds damage, not malice: whoever may write a kernel may write its checksum. So nothing is loaded where
anybody but this user (and the administrator) may write, in the folder, in the file, or on the way there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landscape.language import tr

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
    """Return what was kept under ``key``; ``None`` where there is nothing, nothing whole, or nothing to be trusted."""
    try:
        folder = directory()
        file = folder / f"{key}.kernel"
        data = file.read_bytes() if _is_private(folder) and _is_private(file) else b""
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

    The file appears whole or not at all, so that processes which compile the same kernel at once do no harm. Where
    others may write nothing is kept: the kernel then lives as long as this process.
    """
    import tempfile

    head = json.dumps({"symbol": machine.symbol, "externals": machine.externals}).encode()
    body = head + b"\n" + machine.code
    try:
        folder = directory()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_private(folder):
            return False
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


_refused: set[Path] = set()


def _is_private(path: Path) -> bool:
    """Tell whether nobody else may change what is at ``path``; where somebody may, warn of that place once.

    Raises ``FileNotFoundError`` where there is nothing. Windows does not tell by modes who may write: there the
    user's own profile is taken for private, and no other place.
    """
    path = path.absolute()
    path.stat()  # nothing there, or links in a circle
    if sys.platform == "win32":
        if path.resolve().is_relative_to(Path.home().resolve()):
            return True
        _refuse(path.parent, tr("it is outside your profile, where others may write"))
        return False
    for place in _way(path):
        found = place.lstat()
        if found.st_uid not in (0, os.geteuid()):
            _refuse(place, tr("it belongs to another user"))
            return False
        # On the way through a sticky folder, such as /tmp, others may add but not replace what is ours.
        sticky = bool(found.st_mode & stat.S_ISVTX) and place.resolve() != path.resolve()
        if not stat.S_ISLNK(found.st_mode) and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not sticky:
            _refuse(place, tr("others may write there"))
            return False
    return True


def _way(path: Path) -> Iterator[Path]:
    """Yield what decides where ``path`` leads: every folder and link on the way, and ``path`` itself."""
    for place in (*reversed(path.parents), path):
        yield place
        if place.is_symlink():
            yield from _way(place.parent / os.readlink(place))


def _refuse(place: Path, why: str) -> None:
    if place not in _refused:
        _refused.add(place)
        warnings.warn(
            tr(
                "no compiled kernel is taken from {place}, nor kept there: {why}. Kernels are compiled anew in every "
                "process; take the right to write there from others, or set LANDSCAPE_CACHE to a folder of your own",
                place=place,
                why=why,
            ),
            RuntimeWarning,
            stacklevel=2,
        )


def _prune(folder: Path) -> None:
    """Remove the longest unused half of the kernels where there are more than ``MAX_FILES``, and what was cut short."""
    for part in folder.glob("*.part"):
        with contextlib.suppress(OSError):  # another process may be removing it too
            if part.stat().st_mtime < time.time() - 86_400:
                part.unlink()
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
