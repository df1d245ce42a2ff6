from __future__ import annotations

import base64
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from app import served
from app.player import NAME

ROUTER = Path(__file__).parents[2] / "app" / "script" / "router.py"


@pytest.fixture(scope="session", autouse=True)
def search_once() -> Iterator[None]:
    """Streamlit reads all installed packages' metadata for every page that a test opens: they do not change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def keep_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit puts the script of a page in the place of the main module, from which spawned processes would start."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def payload_of(page: AppTest) -> dict[str, Any]:
    """Return what the page gave to its one player."""
    (element,) = (e for e in page.get("bidi_component") if e.proto.component_name == NAME)
    told, payload = unpacked(element.proto.bytes)
    return payload | {"mark": told["mark"]}


def unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a page tells its player, and the payload, as the browser reads them; fields come from their files."""
    told, parcel = data.split(b"\n", 1)
    payload, rest = gzip.decompress(parcel).split(b"\n", 1)
    read = json.loads(payload)
    for array in read["arrays"]:
        if "address" in array:
            asked = Request(
                {"type": "http", "headers": [], "path_params": {"name": array.pop("address").split("/")[1]}}
            )
            raw = served.answer(asked).body
        else:
            raw = rest[array["at"] : array.pop("at") + array.pop("bytes")]
        array["bdata"] = base64.b64encode(raw).decode("ascii")
    return json.loads(told), read


def said(page: AppTest) -> str:
    """Return everything the page complains of."""
    return "\n".join(str(e.value) for e in (*page.error, *page.warning)).replace("\\", "")


def turn_to(page: AppTest, tab: str) -> AppTest:
    """Open a tab under the picture, so that what it shows is there."""
    (key,) = (key for key in page.session_state if key.endswith(".tabs"))
    page.session_state[key] = tab
    return page.run()


Open = Callable[..., AppTest]


def opener(page: str) -> Open:
    """Return a function that opens a module of ``app.pages`` alone: at the URL parameters it is given, run once."""
    return _opener(lambda: AppTest.from_string(f"from app.pages import {page}\n{page}.page()", default_timeout=60))


def _opener(make: Callable[[], AppTest]) -> Open:
    def opened(**query: str) -> AppTest:
        page = make()
        page.query_params.update(query)
        page.session_state["descent.predict"] = False  # tests/app/test_predict.py has it on
        page.run()
        assert not page.exception
        return page

    return opened


@pytest.fixture
def open_page() -> Open:
    """Return a function that opens the whole app at these URL parameters and runs it once, without an exception."""
    return _opener(lambda: AppTest.from_file(ROUTER, default_timeout=60))
