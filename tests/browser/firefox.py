"""The system's Firefox, spoken to in WebDriver BiDi: what Playwright drives is a Firefox of its own."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import ClientConnection, connect

WAIT = 60.0
ARROW_RIGHT, ARROW_LEFT = "\ue014", "\ue012"
# A profile that asks nobody anything, and has no WebGL wherever the tests run, as a machine without graphics card.
PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "webgl.disabled": True,
}


class Refused(AssertionError):
    """What the browser answered in place of a result."""


class Firefox:
    """One tab of a running Firefox and what its pages complained of."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count()
        self.complaints: list[str] = []
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["log.entryAdded"])
        self._tab = self._call("browsingContext.getTree")["contexts"][0]["context"]
        self._call("browsingContext.setViewport", context=self._tab, viewport={"width": 1440, "height": 900})

    def goto(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, waiting for a promise."""
        code = f"(async () => JSON.stringify(await ({expression})) ?? 'null')()"
        answer = self._call(
            "script.evaluate", expression=code, target={"context": self._tab}, awaitPromise=True, userActivation=True
        )
        if answer["type"] == "exception":
            raise Refused(f"{expression}: {answer['exceptionDetails']['text']}")
        return json.loads(answer["result"]["value"])

    def wait_for(self, expression: str) -> Any:
        """Return the value of an expression as soon as it is true; it may name what is not yet there with ``?.``."""
        end = time.monotonic() + WAIT
        while not (value := self.evaluate(expression)):
            if time.monotonic() > end:
                raise Refused(f"never true: {expression}; complaints: {self.complaints}")
            time.sleep(0.1)
        return value

    def press(self, key: str) -> None:
        actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._call(
            "input.performActions", context=self._tab, actions=[{"type": "key", "id": "keys", "actions": actions}]
        )

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(WAIT))
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise Refused(f"{method}: {answer['error']}: {answer['message']}")
                return dict(answer["result"])
            entry = answer.get("params", {})
            if answer.get("method") == "log.entryAdded" and entry["level"] == "error":
                self.complaints.append(entry["text"])

    def close(self) -> None:
        try:
            self._call("browser.close")
        except ConnectionClosedOK:
            return  # the browser hung up first


@contextmanager
def running(program: str, profile: Path) -> Iterator[Firefox]:
    """Start a Firefox without a window in ``profile``, an empty folder."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    log = profile / "said.txt"
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            with connect(f"{_address(process, log)}/session", max_size=None) as socket:
                firefox = Firefox(socket)
                yield firefox
                firefox.close()
            process.wait(20)
        finally:
            process.kill()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return where a Firefox that just started listens, as it says itself."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"Firefox did not start:\n{log.read_text(errors='replace')}")
