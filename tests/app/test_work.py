"""One shelf, one way to compute: shared, bounded, and stopped once nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import work
from app.line import Line
from app.work import Shelf
from landscape import stopping
from landscape.recipe.cost import MOVES, NUMBERS, PER_SECOND, Budget, Demand
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

    assert work.result("key", make, watch=watch) == 1
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


WHOLE = Demand(moves=MOVES)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    made = Line(1.0)
    monkeypatch.setattr(work, "LINE", made)
    return made


def asked_by_many(makes: list[Callable[[], Any]], takes: Demand) -> list[Thread]:
    """Ask for several computations at once, each in a thread of its own."""
    threads = [Thread(target=work.result, args=(n, make, takes)) for n, make in enumerate(makes)]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.parametrize(("takes", "most"), [(WHOLE, 1), (Demand(numbers=0.4 * NUMBERS), 2), (Demand(moves=1e12), 1)])
def test_what_many_ask_for_at_once_queues_and_does_not_add_up(
    shelf: Shelf, line: Line, takes: Demand, most: int
) -> None:
    going, seen, lock = [0], [0], Lock()

    def make() -> None:
        with lock:
            going[0] += 1
            seen[0] = max(seen[0], going[0])
        Event().wait(0.05)
        with lock:
            going[0] -= 1

    for thread in asked_by_many([make] * 6, takes):
        thread.join(PATIENT)
    assert seen == [most]


def test_what_takes_little_waits_for_nobody(shelf: Shelf, line: Line) -> None:
    long = Endless()
    (thread,) = asked_by_many([long], WHOLE)
    assert long.begun.wait(PATIENT)
    assert work.result("little", lambda: "at once", takes=Demand(moves=0.9 * work.LITTLE * MOVES)) == "at once"
    long.may_end.set()
    thread.join(PATIENT)


def test_who_leaves_the_line_holds_up_nobody(shelf: Shelf, line: Line) -> None:
    long, leave = Endless(), Event()
    (first,) = asked_by_many([long], WHOLE)
    assert long.begun.wait(PATIENT)
    waits, got = waiting("waits", lambda: work.result("inner", lambda: "made", takes=WHOLE), leave)
    leave.set()
    waits.join(PATIENT)
    assert isinstance(got[0], Cancelled)
    long.may_end.set()
    first.join(PATIENT)
    assert work.result("next", lambda: "its turn", takes=WHOLE) == "its turn"


def test_who_has_their_turn_waits_for_no_other(shelf: Shelf, line: Line) -> None:
    with pytest.raises(RuntimeError, match="waits for no other"):
        work.result("outer", lambda: work.result("inner", object), takes=WHOLE)


def test_room_is_made_before_what_takes_much(shelf: Shelf, line: Line) -> None:
    work.result("huge", lambda: np.zeros(1_000_000))
    assert work.result("next", lambda: len(shelf), takes=WHOLE) == 1


STANDING = """
from tests.app.test_work import SEEN, WHOLE
from app import work
work.result("outer", lambda: work.result("inner", SEEN.makes["inner"], takes=WHOLE))
"""


def test_the_page_says_that_it_stands_in_line(shelf: Shelf, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    long, said = Endless(), []

    class Note:
        def info(self, text: str) -> None:
            said.append(text)
            long.may_end.set()

        def empty(self) -> None:
            said.append("")

    monkeypatch.setattr(work.st, "empty", Note)
    (thread,) = asked_by_many([long], WHOLE)
    assert long.begun.wait(PATIENT)
    SEEN.makes = {"inner": lambda: "made"}
    page = AppTest.from_string(STANDING, default_timeout=60).run()
    thread.join(PATIENT)
    assert not page.exception
    assert said == [work.STANDS, ""]


def test_what_takes_too_long_is_given_up_and_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "thread_time", lambda: work.LONGEST + 1)
    with pytest.raises(ValueError, match=f"given up after {work.LONGEST:.0f} s"):
        work.result("key", stopping.check)
    assert len(shelf) == 0
    # Who said that it takes more may take twice of what was said.
    takes = Demand(moves=work.LONGEST * PER_SECOND)
    assert work.result("key", lambda: stopping.check() or "made", takes=takes) == "made"


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
