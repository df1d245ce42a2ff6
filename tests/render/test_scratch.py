"""Folders for films in the making go: at the end, and where the process is killed at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from landscape.render.scratch import LOCK, PREFIX, scratch, sweep

HOLD = """
from landscape.render.scratch import scratch
with scratch() as folder:
    (folder / "film.mp4").write_bytes(b"half a film")
    print(folder, flush=True)
    input()
"""

FILM = """
import landscape as ls
from landscape.render import to_bytes
run = ls.Experiment("saddle", ("sgd",), [(1.0, 1e-3)], n_steps=60).run()
tell = lambda done, total, what: print(done, flush=True)
to_bytes(run.scene(), "gif", size=(160, 90), seconds=1500, progress=tell)
"""


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def begun(code: str, temp: Path) -> subprocess.Popen[str]:
    """Return a process that has begun: it said something."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"TMPDIR": str(temp)}, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


@pytest.fixture
def holder(temp: Path) -> Iterator[subprocess.Popen[str]]:
    with begun(HOLD, temp) as process:
        yield process
        process.kill()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no kill -9")
@pytest.mark.parametrize("code", [HOLD, FILM], ids=["a folder", "a film"])
def test_what_a_killed_process_leaves_is_swept(temp: Path, code: str) -> None:
    with begun(code, temp) as process:
        (left,) = temp.iterdir()
        assert sweep() == []
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    assert left.is_dir()
    assert sweep() == [left]
    assert list(temp.iterdir()) == []


def test_what_is_in_use_stays(temp: Path, holder: subprocess.Popen[str]) -> None:
    with scratch() as folder:
        assert sweep() == []
        assert folder.is_dir()
    assert len(list(temp.iterdir())) == 1
    holder.communicate("\n", timeout=20)
    assert list(temp.iterdir()) == []


def test_what_is_not_ours_stays(temp: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (temp / f"{PREFIX}notes").mkdir()
    (temp / f"{PREFIX}notes" / "thesis.txt").write_text("mine")
    (temp / f"{PREFIX}file").write_text("not a folder")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / LOCK).touch()
    (temp / f"{PREFIX}link").symlink_to(elsewhere)
    (temp / f"{PREFIX}made").mkdir()
    (temp / f"{PREFIX}made" / f"{LOCK}.new").touch()
    (temp / f"{PREFIX}odd").mkdir()
    (temp / f"{PREFIX}odd" / LOCK).symlink_to(elsewhere / LOCK)
    assert sweep() == []
    assert len(list(temp.iterdir())) == 5
    assert (elsewhere / LOCK).exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_the_folder_of_another_user_stays(temp: Path) -> None:
    folder = temp / f"{PREFIX}theirs"
    folder.mkdir()
    (folder / LOCK).touch()
    os.chown(folder, 65534, 65534)
    assert sweep() == []
    os.chown(folder, 0, 0)
    assert sweep() == [folder]
