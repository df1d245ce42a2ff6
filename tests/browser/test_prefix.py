"""The app under a path: with ``--server.baseUrlPath``, and behind a proxy that takes the path away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import serving

Wait = Callable[[Any], None]


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until one of the two hangs up."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _serve_one(client: socket.socket, port: int, prefix: str) -> None:
    """Pass one request on, its path without ``prefix``, and all that follows it: an answer, or a WebSocket."""
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data:
            client.close()
            return
        head += data
    line, rest = head.split(b"\r\n", 1)
    method, path, version = line.decode().split(" ")
    if not path.startswith(f"{prefix}/"):
        client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        client.close()
        return
    fields, body = rest.split(b"\r\n\r\n", 1)
    lines = fields.split(b"\r\n")
    if not any(name.lower().startswith(b"upgrade:") for name in lines):
        # One request a connection: the next one's path would have to be read as well.
        lines = [name for name in lines if not name.lower().startswith(b"connection:")] + [b"Connection: close"]
    first = f"{method} {path.removeprefix(prefix)} {version}".encode()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        server.sendall(b"\r\n".join([first, *lines]) + b"\r\n\r\n" + body)
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        back.start()
        _pass_on(client, server)
        back.join()


@contextmanager
def stripping_proxy(port: int, prefix: str) -> Iterator[str]:
    """Serve what is at ``port`` under ``prefix``, as nginx does with a ``proxy_pass`` that ends in a slash."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):  # the listener was closed: the test is over
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=_serve_one, args=(client, port, prefix), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{prefix}"


@pytest.fixture(params=["base path", "stripping proxy"])
def under_a_path(request: pytest.FixtureRequest, app_url: str, tmp_path: Path) -> Iterator[str]:
    prefix = "/course/week-3"
    if request.param == "base path":
        with serving(tmp_path, base=prefix) as url:
            yield url
    else:
        with stripping_proxy(int(app_url.rsplit(":", 1)[1]), prefix) as outside:
            yield outside


def test_pages_are_opened_and_walked_under_a_path(under_a_path: str, still_page: Any, drawn: Wait) -> None:
    answers: list[tuple[int, str]] = []
    still_page.on("response", lambda answer: answers.append((answer.status, answer.url)))
    kept: list[tuple[str | None, str | None]] = []
    still_page.on(
        "response",
        lambda answer: (
            kept.append((answer.headers.get("content-encoding"), answer.headers.get("cache-control")))
            if "/vendor/plotly-" in answer.url
            else None
        ),
    )
    for address in ("/off-a-saddle", "/?surface=himmelblau&present=1"):
        still_page.goto(under_a_path + address)
        drawn(still_page)
    still_page.locator(".leave-cross").wait_for()
    still_page.keyboard.press("Escape")
    still_page.get_by_role("link", name="Lecture").click()
    still_page.wait_for_url(f"{under_a_path}/give-a-lecture*")
    drawn(still_page)
    still_page.reload()
    drawn(still_page)
    still_page.get_by_role("button", name="Present").click()
    still_page.wait_for_selector(".deck-seat .ls-plot .main-svg")
    assert [answer for answer in answers if answer[0] >= 400] == []
    assert [url for _, url in answers if not url.startswith((under_a_path, "blob:", "data:"))] == []
    assert set(kept) == {("gzip", "public, max-age=31536000, immutable")}
