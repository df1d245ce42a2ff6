"""Machine code is loaded only from where nobody else may write."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import landscape as ls
from landscape.ensemble import kernels, store
from landscape.ensemble.store import Machine

CODE = Machine("kernel", ("exp",), b"machine code\nof two lines")
OTHER = 65534

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes that tell who may write")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a private folder of kernels with one in it, of which nothing was said yet."""
    chosen = tmp_path / "home" / "kernels"
    monkeypatch.setenv("LANDSCAPE_CACHE", str(chosen))
    monkeypatch.setattr(store, "_refused", set())
    assert store.keep("k", CODE)
    assert store.load("k") == CODE
    return chosen


def open_folder(folder: Path) -> None:
    folder.chmod(0o777)


def sticky_folder(folder: Path) -> None:
    folder.chmod(0o1777)


def group_folder(folder: Path) -> None:
    folder.chmod(0o770)


def open_parent(folder: Path) -> None:
    folder.parent.chmod(0o777)


def open_file(folder: Path) -> None:
    (folder / "k.kernel").chmod(0o666)


def link_to_an_open_folder(folder: Path) -> None:
    there = folder.parents[1] / "there"
    folder.rename(there)
    folder.symlink_to(there)
    there.chmod(0o777)


def link_through_an_open_folder(folder: Path) -> None:
    between = folder.parents[1] / "between"
    between.mkdir()
    there = folder.parents[1] / "there"
    folder.rename(there)
    (between / "link").symlink_to(Path("..") / "there")
    folder.symlink_to(between / "link")
    between.chmod(0o777)


def file_linked_elsewhere(folder: Path) -> None:
    open_place = folder.parents[1] / "open"
    open_place.mkdir()
    (folder / "k.kernel").rename(open_place / "k")
    (folder / "k.kernel").symlink_to(open_place / "k")
    open_place.chmod(0o777)


def given_folder(folder: Path) -> None:
    os.chown(folder, OTHER, OTHER)


def given_parent(folder: Path) -> None:
    os.chown(folder.parent, OTHER, OTHER)


def given_file(folder: Path) -> None:
    os.chown(folder / "k.kernel", OTHER, OTHER)


def given_link(folder: Path) -> None:
    there = folder.parents[1] / "there"
    folder.rename(there)
    folder.symlink_to(there)
    os.chown(folder, OTHER, OTHER, follow_symlinks=False)


MODES = [open_folder, sticky_folder, group_folder, open_parent, open_file, file_linked_elsewhere]
LINKS = [link_to_an_open_folder, link_through_an_open_folder]
OWNERS = [given_folder, given_parent, given_file, given_link]


@pytest.mark.parametrize("change", [*MODES, *LINKS, *(pytest.param(change, marks=as_root) for change in OWNERS)])
def test_what_others_may_write_is_not_loaded(
    folder: Path, change: Callable[[Path], None], recwarn: pytest.WarningsRecorder
) -> None:
    change(folder)
    assert store.load("k") is None
    assert store.load("k") is None
    (warning,) = recwarn
    assert "LANDSCAPE_CACHE" in str(warning.message)


@pytest.mark.parametrize("change", [open_folder, open_parent, *LINKS, pytest.param(given_folder, marks=as_root)])
def test_nothing_is_kept_where_others_may_write(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder)
    with pytest.warns(RuntimeWarning, match="no compiled kernel"):
        assert not store.keep("new", CODE)
    assert [file.name for file in folder.iterdir()] == ["k.kernel"]


def test_a_file_that_others_may_write_is_replaced(folder: Path) -> None:
    open_file(folder)
    with pytest.warns(RuntimeWarning, match="others may write"):
        assert store.load("k") is None
    assert store.keep("k", CODE)
    assert store.load("k") == CODE


def test_a_folder_of_ones_own_may_lie_beside_others_and_behind_a_link(folder: Path) -> None:
    folder.parent.chmod(0o1777)
    there = folder.parents[1] / "there"
    folder.rename(there)
    folder.symlink_to(there)
    assert store.load("k") == CODE
    assert store.keep("k2", CODE)
    assert store.load("k2") == CODE


def test_a_planted_kernel_is_compiled_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_addresses", {})
    surface, rule = ls.formula("x^2 + 3*y^2", domain=((-1, 1), (-1, 1))), ls.SGD(learning_rate=0.01)
    expected = ls.ensemble(surface, rule, [[0.5, 0.5]], 3).points
    (planted,) = [file for file in folder.glob("*.kernel") if file.name != "k.kernel"]
    body = b'{"symbol": "planted", "externals": []}\nnot machine code at all'
    planted.write_bytes(hashlib.sha256(body).digest() + body)
    folder.chmod(0o777)
    monkeypatch.setattr(kernels, "_addresses", {})
    with pytest.warns(RuntimeWarning, match="compiled anew"):
        again = ls.ensemble(surface, rule, [[0.5, 0.5]], 3).points
    np.testing.assert_array_equal(again, expected)
    assert planted.read_bytes().endswith(b"not machine code at all")


def test_what_a_killed_process_left_half_written_goes(folder: Path) -> None:
    old, new = folder / "a.part", folder / "b.part"
    for part in (old, new):
        part.touch()
    os.utime(old, (time.time() - 100_000,) * 2)
    store.keep("k", CODE)
    assert not old.exists()
    assert new.exists()
