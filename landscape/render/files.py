"""Files that appear whole or not at all, and those that come with the package."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from landscape.language import tr


def text_of(package: str, name: str) -> str:
    """Return the text of a file that lies beside the modules of a package: a script, a style sheet."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def zip_entry(name: str) -> zipfile.ZipInfo:
    """Return an entry of an archive without the present date, compressed unless its format is already."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o644 << 16
    packed = name.rsplit(".", 1)[-1] in ("png", "mp4", "gif", "npz", "pdf", "pptx", "zip")
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    return entry


@contextmanager
def atomic(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a new empty file beside ``path`` to write to, and put it in the place of ``path`` at the end.

    Where the block raises (a full disk, a cancelled export), the new file is removed and an older ``path`` stays as
    it was. The two share a directory, so that the replacement is one atomic rename. A symbolic link is followed.

    Raises ``IsADirectoryError`` where ``path`` is a directory, and the system's ``OSError`` where its directory is
    missing or cannot be written.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(tr("{path} is a directory, not a file to write to", path=path))
    if not target.parent.is_dir():
        raise FileNotFoundError(
            tr("there is no directory {folder} to write {name} to", folder=target.parent, name=target.name)
        )
    part = target.with_name(f".{target.stem[:80]}.{secrets.token_hex(6)}.part{target.suffix}")
    # Created here with the usual mode, so that the file gets the rights that a plain open() would have given it.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield part
        os.replace(part, target)
    except BaseException:
        with suppress(FileNotFoundError):
            part.unlink()
        raise
