"""Results of claims, kept for a while and shared between sessions."""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock
from typing import Any

import streamlit as st

from app.bench import Bench
from landscape.claims import Result
from landscape.claims.base import Progress
from landscape.picture.scene import Scene

KEPT = 48


class Shelf:
    """The latest results. Not a Streamlit cache: those let no progress bar move while they are filled."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Result | None:
        """Return a result that is there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, result: Result) -> None:
        """Keep a result; the oldest goes where there are too many."""
        with self._lock:
            self._kept[key] = result
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _shelf() -> Shelf:
    return Shelf()


def _key(bench: Bench) -> str:
    return json.dumps([bench.claim, bench.values, bench.seed], sort_keys=True)


def result(bench: Bench, progress: Progress | None = None) -> Result:
    """Return the result of the open claim, measured now unless it was lately."""
    found = _shelf().get(_key(bench))
    if found is None:
        found = bench.opened.run(bench.seed, progress, **bench.settings)
        _shelf().put(_key(bench), found)
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def _scene(key: str, _bench: Bench) -> Scene:
    return _bench.opened.scene(result(_bench))


@st.cache_data(max_entries=24, show_spinner=False)
def _payload(key: str, theme: str, _bench: Bench) -> dict[str, Any]:
    from landscape.render.player.payload import player_payload

    return player_payload(_scene(key, _bench), theme=theme)


def scene(bench: Bench) -> Scene:
    """Return the picture of the open claim's result."""
    return _scene(_key(bench), bench)


def payload(bench: Bench, theme: str) -> dict[str, Any]:
    """Return what the player needs to show it."""
    return _payload(_key(bench), theme, bench)
