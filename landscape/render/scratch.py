"""Folders for what is made on the way: they go when their block ends, or else at the next start."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "landscape-"
LOCK = ".in-use"


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a new private folder, removed at the end; ``sweep`` finds it where this process did not come so far."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        # Locked under another name first: whoever finds a lock finds it held for as long as this process lives.
        with (folder / f"{LOCK}.new").open("wb") as lock:
            _hold(lock.fileno())
            if sys.platform != "win32":  # there a file that is open cannot be renamed, nor removed by anybody else
                os.rename(lock.name, folder / LOCK)
            yield folder


def sweep() -> list[Path]:
    """Remove the folders of ``scratch`` whose process was killed; return which. Folders of other users stay.

    A lock tells, not a process number: numbers are given again, and containers that share a folder count their own.
    """
    removed = []
    for lock in [*Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}*")]:
        folder = lock.parent
        if folder.is_symlink() or not _is_ours(folder) or not _is_free(lock):
            continue
        shutil.rmtree(folder, ignore_errors=True)  # what does not go now goes at the next start
        if not folder.exists():
            removed.append(folder)
    return removed


def _is_ours(folder: Path) -> bool:
    try:
        return sys.platform == "win32" or folder.lstat().st_uid == os.geteuid()
    except FileNotFoundError:  # another process swept it
        return False


if sys.platform == "win32":

    def _hold(handle: int) -> None:
        """Do nothing: an open file is held."""

    def _is_free(lock: Path) -> bool:
        try:
            lock.unlink()
        except OSError:
            return False
        return True

else:
    import fcntl

    def _hold(handle: int) -> None:
        """Lock until the process ends, however it ends."""
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _is_free(lock: Path) -> bool:
        """Tell whether nobody holds the lock; one that is only just being made is under its first name."""
        if lock.name != LOCK:
            return False
        try:
            handle = os.open(lock, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True
