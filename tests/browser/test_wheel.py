"""The wheel by itself: what is in it, and that the page answers from it in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, free_port, wait_for

SHIPPED = ("landscape", "app")


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **options)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from what is under version control, so that nothing older lies in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, source)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of scripts of an environment with the wheel in it; what it depends on is that of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        wheel,
        env=environment(),
    )
    # Named in a .pth file the packages are found, but not what was installed there to be edited: this very project.
    ours = sysconfig.get_path("purelib", "venv", vars={"base": str(folder)})
    Path(ours, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def environment() -> dict[str, str]:
    """Return the environment without the way to the repository."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def test_the_wheel_has_every_file_of_package_and_page_and_one_name_of_its_own(wheel: Path):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = run("git", "ls-files", "-co", "--exclude-standard", *SHIPPED, cwd=ROOT).stdout.splitlines()
    expected = {name if name.startswith("landscape/") else f"landscape/_page/{name}" for name in files}
    assert names == {name for name in expected if (ROOT / name.replace("landscape/_page/", "")).is_file()}


def test_the_command_measures_and_nobody_else_is_called_app(installed: Path, tmp_path: Path):
    done = run(installed / "landscape", "claims", "softmax", cwd=tmp_path, env=environment())
    assert "1 of 1 claims PASS" in done.stdout
    asked = "import importlib.util, landscape; print(importlib.util.find_spec('app'), landscape.__file__)"
    said = run(installed / "python", "-c", asked, cwd=tmp_path, env=environment()).stdout
    assert said.startswith(f"None {installed.parent}")


@pytest.fixture
def page(installed: Path, tmp_path: Path) -> Iterator[tuple[str, int]]:
    port, log = free_port(), tmp_path / "log.txt"
    empty = tmp_path / "empty"
    empty.mkdir()
    command = [str(installed / "landscape"), "app", "--no-browser", "--port", str(port)]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, cwd=empty, env=environment(), stdout=out, stderr=out) as server,
    ):
        try:
            wait_for(f"http://localhost:{port}/_stcore/health", server, log)
            yield f"http://localhost:{port}", port
        finally:
            server.terminate()
            server.wait(20)


def test_the_page_answers_from_an_empty_folder(page, installed, open_browser, tmp_path):
    url, port = page
    shown = open_browser()
    shown.goto(f"{url}/?surface=himmelblau&opt=sgd&start=1.0,1.0&steps=50")
    shown.locator(".ls-player .ls-heads").wait_for()
    # The port is taken: that is said, and no failed claim.
    again = [installed / "landscape", "app", "--no-browser", "--port", str(port)]
    done = subprocess.run(again, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "not available" in done.stdout + done.stderr
