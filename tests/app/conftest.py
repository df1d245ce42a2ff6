from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROUTER = Path(__file__).parents[2] / "app" / "script" / "router.py"


PLAYERS = ("landscape_player", "landscape_swarm")


def payload_of(page: AppTest) -> dict[str, Any]:
    """Return what the page gave to its one player."""
    (element,) = (e for e in page.get("bidi_component") if e.proto.component_name in PLAYERS)
    return json.loads(element.proto.json)["payload"]


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
