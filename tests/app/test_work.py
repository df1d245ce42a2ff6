"""One shelf, one way to compute: shared, bounded, and stopped once nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import work
from app.work import Shelf
from landscape import stopping
from landscape.recipe.cost import Budget
from landscape.stopping import Cancelled

PATIENT = 30.0


class Endless:
    """A computation that goes on until it is stopped, and counts its steps."""

    def __init__(self) -> None:
        self.begun, self.stopped, self.may_end = Event(), Event(), Event()

    def __call__(self) -> str:
        try:
            while not self.may_end.wait(0.001):
                self.begun.set()
                stopping.check()
        except Cancelled:
            self.stopped.set()
            raise
        return "the end"


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(most_bytes=2_000_000)
    monkeypatch.setattr(work, "SHELF", made)
    monkeypatch.setattr(work, "GRACE", 0.0)
    return made


def waiting(key: str, make: Callable[[], Any], leave: Event) -> tuple[Thread, list[Any]]:
    """Wait for a result in a thread of its own, as the script of a page does, until ``leave`` is set."""
    got: list[Any] = []

    def left() -> None:
        if leave.is_set():
            raise Cancelled("left")

    def wait() -> None:
        try:
            with stopping.asking(left):
                got.append(work.result(key, make))
        except Cancelled as stopped:
            got.append(stopped)

    thread = Thread(target=wait)
    thread.start()
    return thread, got


def test_what_was_computed_is_not_computed_again(shelf: Shelf) -> None:
    made = [work.result("key", object) for _ in range(3)]
    assert made[0] is made[1] is made[2]
    assert work.result("another", object) is not made[0]


def test_what_goes_wrong_is_raised_where_one_waits_and_tried_again(shelf: Shelf) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            work.result("key", lambda: 1 / 0)
    assert len(shelf) == 0
    assert work.result("key", lambda: 1) == 1


def test_it_stops_when_the_one_who_waits_is_gone(shelf: Shelf) -> None:
    compute, leave = Endless(), Event()
    thread, _ = waiting("key", compute, leave)
    assert compute.begun.wait(PATIENT)
    leave.set()
    assert compute.stopped.wait(PATIENT)
    thread.join(PATIENT)
    assert len(shelf) == 0


def test_it_goes_on_while_another_one_waits_and_both_would_get_the_same(shelf: Shelf) -> None:
    compute, leaves = Endless(), (Event(), Event())
    (one, _), (other, got) = (waiting("key", compute, leave) for leave in leaves)
    assert compute.begun.wait(PATIENT)
    leaves[0].set()
    one.join(PATIENT)
    assert not compute.stopped.is_set()
    compute.may_end.set()
    other.join(PATIENT)
    assert got == ["the end"]


def test_what_a_stopped_computation_waits_for_stops_too(shelf: Shelf) -> None:
    inner, leave = Endless(), Event()
    thread, _ = waiting("outer", lambda: work.result("inner", inner), leave)
    assert inner.begun.wait(PATIENT)
    leave.set()
    assert inner.stopped.wait(PATIENT)
    thread.join(PATIENT)


def test_a_computation_that_was_given_up_starts_afresh(shelf: Shelf) -> None:
    first, leave = Endless(), Event()
    waiting("key", first, leave)[0]
    assert first.begun.wait(PATIENT)
    leave.set()
    assert first.stopped.wait(PATIENT)
    assert work.result("key", lambda: "new") == "new"


def test_who_comes_back_in_time_finds_it_going_on(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "GRACE", PATIENT)
    compute, leave = Endless(), Event()
    thread, _ = waiting("key", compute, leave)
    assert compute.begun.wait(PATIENT)
    leave.set()
    thread.join(PATIENT)
    compute.may_end.set()
    assert work.result("key", lambda: "computed twice") == "the end"


def test_the_shelf_is_bounded_and_keeps_what_was_used_last(shelf: Shelf) -> None:
    for name in ("a", "b"):
        work.result(name, lambda: np.zeros(100_000))
    work.result("a", lambda: "made again")
    work.result("c", lambda: np.zeros(100_000))
    assert isinstance(work.result("a", lambda: "made again"), np.ndarray)
    assert work.result("b", lambda: "made again") == "made again"
    huge = work.result("huge", lambda: np.zeros(1_000_000))
    assert work.result("huge", lambda: "made again") is huge
    assert work.result("c", lambda: "made again") == "made again"


def test_whoever_waits_is_told_how_far_it_is(shelf: Shelf) -> None:
    seen, may_go = [], Event()

    def make() -> int:
        work.tell(0.5)
        may_go.wait(PATIENT)
        return 1

    def watch(share: float) -> None:
        seen.append(share)
        may_go.set()

    assert work.result("key", make, watch) == 1
    assert set(seen) == {0.5}


def test_what_is_looked_at_has_a_first_version(shelf: Shelf) -> None:
    compute = Endless()

    def make() -> str:
        work.tell("a first version")
        return compute()

    job = work.look("key", make)
    assert (job.latest, job.finished) == ("a first version", False)
    compute.may_end.set()
    assert job.ended.wait(PATIENT)
    assert job.finished
    assert work.look("key", make) is job


PAGE = """
import streamlit as st
from tests.app.test_work import SEEN
from app import work
st.session_state.setdefault("asked", "first")
st.text_input("what", key="asked")
SEEN.append(work.look(st.session_state["asked"], SEEN.makes[st.session_state["asked"]]))
"""


class _Seen(list[Any]):
    makes: dict[str, Callable[[], Any]]


SEEN = _Seen()


def test_a_session_that_looks_at_something_else_looks_at_the_first_no_more(shelf: Shelf) -> None:
    first, second = Endless(), Endless()

    def made(compute: Endless) -> Callable[[], str]:
        def make() -> str:
            work.tell("a first version")
            return compute()

        return make

    SEEN.makes = {"first": made(first), "second": made(second)}
    page = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not page.exception
    assert not first.stopped.is_set()
    page.text_input(key="asked").set_value("second").run()
    assert not page.exception
    assert first.stopped.wait(PATIENT)
    assert not second.stopped.is_set()
    second.may_end.set()


WAITING = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from tests.app.test_work import SEEN
from app import work
SEEN.append(get_script_run_ctx().script_requests)
work.result("key", SEEN.makes["key"])
st.text("the script went on")
"""


def test_a_closed_tab_stops_what_its_script_waits_for(shelf: Shelf) -> None:
    compute = Endless()
    SEEN.clear()
    SEEN.makes = {"key": compute}

    def close() -> None:
        # What the server does when the connection of a session is gone.
        assert compute.begun.wait(PATIENT)
        SEEN[0].request_stop()

    closing = Thread(target=close)
    closing.start()
    page = AppTest.from_string(WAITING, default_timeout=60).run()
    closing.join(PATIENT)
    assert compute.stopped.wait(PATIENT)
    assert not page.exception
    assert not page.text


def test_who_lost_the_connection_is_gone_after_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, there = [0.0], [True]
    monkeypatch.setattr(work, "monotonic", lambda: clock[0])
    visitor = work.Presence(lambda: there[0])
    clock[0] = 1000.0
    assert not visitor.gone
    there[0] = False
    clock[0] += work.AWAY
    assert not visitor.gone
    clock[0] += 1.0
    assert visitor.gone
    there[0] = True
    assert not visitor.gone


def test_size_counts_every_array_once() -> None:
    whole = np.zeros(10)
    assert work.size_of([whole, whole, whole[:5]]) == 80
    assert work.size_of({"text": "four", "more": (b"12", None, 3.0)}) == 6
    assert work.size_of(np.zeros((2, 3))[:, :1]) == 48


def test_the_shelf_leaves_room_for_a_whole_budget() -> None:
    assert work.MOST_BYTES + 8 * Budget(dims=2).numbers < 1.5 * 1024**3
