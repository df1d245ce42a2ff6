"""What the player shows arrives whole, and of it what is new alone."""

from __future__ import annotations

import gc
import gzip
import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

import landscape as ls
from app import served
from app.parcel import pack
from landscape.render.player.payload import as_text, raw_payload
from tests.app.conftest import unpacked


def payload(rate: float, surface: str = "himmelblau", relief: bool = False) -> dict[str, Any]:
    run = ls.Experiment(surface, (ls.SGD(rate), ls.Adam(0.05)), [(1.0, 0.5), (0.5, 1.0)], 60).run()
    return raw_payload(run.scene(relief=relief))


def asked(name: str, accept: str = "") -> Response:
    return served.answer(
        Request({"type": "http", "headers": [(b"accept-encoding", accept.encode())], "path_params": {"name": name}})
    )


@pytest.mark.parametrize("relief", [False, True])
def test_a_parcel_holds_all_of_a_payload(relief: bool) -> None:
    given = payload(0.01, relief=relief)
    parcel = pack(given)
    assert parcel.fields
    assert unpacked(b"{}\n" + parcel.body) == ({}, as_text(given))


def test_a_payload_without_arrays_is_packed() -> None:
    given = payload(0.01) | {"arrays": []}
    assert unpacked(b"{}\n" + pack(given).body) == ({}, given)


def test_fields_keep_their_addresses_while_paths_change() -> None:
    slow, fast, other = (pack(payload(*what)) for what in ((0.001,), (0.01,), (0.01, "rosenbrock")))
    assert slow.fields == fast.fields
    assert slow.name != fast.name
    assert not set(fast.fields) & set(other.fields)


def test_every_array_begins_where_a_browser_can_read_its_numbers() -> None:
    told = json.loads(gzip.decompress(pack(payload(0.01)).body).split(b"\n", 1)[0])
    assert all(array["at"] % 8 == 0 for array in told["arrays"] if "at" in array)


def test_a_file_is_served_while_somebody_holds_it() -> None:
    held = served.file("table", "bin", b"numbers" * 1000)
    assert served.file("table", "bin", b"numbers" * 1000) is held
    assert served.file("table", "bin", b"others").name != held.name
    plain, packed = asked(held.name), asked(held.name, "gzip, br")
    assert plain.body == gzip.decompress(packed.body) == held.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "immutable" in plain.headers["Cache-Control"]
    name = held.name
    del held
    gc.collect()
    gone = asked(name)
    assert gone.status_code == 404
    assert gone.headers["Cache-Control"] == "no-store"
