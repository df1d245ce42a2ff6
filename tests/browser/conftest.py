"""The app as people meet it: a server of its own, and the system's Chromium driven by Playwright."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT = 60_000
STILL = "[data-testid=stApp][data-test-script-state=notRunning]"
# The script of the page is through, all that it made is shown, and the picture stays where it is.
RESTS = """(still) => {
  const now = JSON.stringify(document.querySelector(".ls-plot")?.getBoundingClientRect());
  const before = window.restsAt;
  window.restsAt = now;
  return now && now === before && document.querySelector(still) && !document.querySelector("[data-stale=true]");
}"""


class Wire:
    """What the server tells a page, which is held back while ``is_held``."""

    def __init__(self, page: Any) -> None:
        self.is_held = False
        self._page = page
        self._late: list[tuple[Any, Any]] = []
        page.route_web_socket(re.compile("_stcore/stream"), self._pass_on)

    def _pass_on(self, browser: Any) -> None:
        def tell(message: Any) -> None:
            self._late.append((browser, message)) if self.is_held else browser.send(message)

        browser.connect_to_server().on_message(tell)

    def wait_for(self, words: str) -> None:
        """Wait until this is among what is held back."""
        end = time.monotonic() + TIMEOUT / 1000
        while not any(words.encode() in message for _, message in self._late):
            assert time.monotonic() < end, f"the server never told {words}"
            self._page.wait_for_timeout(50)

    def release(self) -> None:
        """Pass all on, in the order in which it was told."""
        while self._late:
            browser, message = self._late.pop(0)
            browser.send(message)
        self.is_held = False


def free_port() -> int:
    """Return a port where nobody listens, below those that the system gives to connections while a server starts."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


@contextmanager
def serving(folder: Path, base: str = "", port: int | None = None) -> Iterator[str]:
    """Start the app and give its address."""
    with running(folder, base, port) as (url, _):
        yield url


@contextmanager
def running(
    folder: Path, base: str = "", port: int | None = None, root: Path = ROOT, script: str = "app/main.py"
) -> Iterator[tuple[str, int]]:
    """Start the app as the README says; give its address and process. ``folder`` keeps what the server says.

    ``root`` is the checkout whose app it is, ``script`` its file.
    """
    port, log = port or free_port(), folder / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    command += [f"--server.baseUrlPath={base}"] if base else []
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, stdout=out, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}{base}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}{base}", server.pid
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app once for all tests and return its address."""
    with serving(tmp_path_factory.mktemp("server")) as url:
        yield url


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the app did not answer:\n{log.read_text(encoding='utf-8', errors='replace')}")


def installed(*names: str) -> str:
    """Return the first of these browsers that the system has; skip where it has none, except in CI."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is not None:
        return found
    message = f"no browser: none of {', '.join(names)} is installed"
    return pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start the system's Chromium."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(*BROWSERS), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the pages of a test complain of, as it comes."""
    return []


@pytest.fixture
def open_browser(chromium: Any, complaints: list[str]) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page in a context of its own; at the end no page may have complained."""
    contexts = []

    def opened(**options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)  # of windows that a page opens, too
        page = context.new_page()
        page.on("console", lambda m: complaints.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def browser_page(open_browser: Callable[..., Any]) -> Any:
    """Return an empty page of a desktop browser."""
    return open_browser()


@pytest.fixture
def still_page(open_browser: Callable[..., Any]) -> Any:
    """Return such a page of somebody who wants no motion: a player that plays takes most of a processor."""
    return open_browser(reduced_motion="reduce")


@pytest.fixture(scope="session")
def drawn() -> Callable[[Any], None]:
    """Return a function that waits until the player of a page has drawn and nothing moves it any more."""

    def wait(page: Any) -> None:
        page.wait_for_selector(".ls-player .ls-plot .main-svg")
        page.wait_for_selector(".ls-player canvas.ls-heads", state="attached")
        page.wait_for_function(RESTS, arg=STILL)

    return wait


def choose(page: Any, box: str, value: str) -> None:
    """Pick a value from the list of the box that a selector finds."""
    from playwright.sync_api import TimeoutError

    option = page.get_by_role("option", name=value)
    # A panel that is drawn again at that moment closes the list; a click on a list that is open would close it, too.
    for _ in range(5):
        if page.locator(box).get_attribute("aria-expanded") != "true":
            page.locator(box).click()
        try:
            option.click(timeout=5000)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"the list of {box} does not stay open")
