from __future__ import annotations

import threading

import pytest

from landscape.ensemble.threads import run_all
from landscape.stopping import Cancelled, asking, check


@pytest.mark.parametrize("n_threads", [1, 2, 5])
@pytest.mark.parametrize("n_pieces", [0, 1, 2, 40])
def test_every_piece_is_done_once(n_threads: int, n_pieces: int) -> None:
    done: list[int] = []
    run_all(done.append, range(n_pieces), n_threads)
    assert sorted(done) == [*range(n_pieces)]


@pytest.mark.parametrize("failing", [0, 1, 7])
def test_what_one_thread_raises_is_raised_and_no_thread_goes_on(failing: int) -> None:
    begun: list[int] = []

    def call(piece: int) -> None:
        begun.append(piece)
        if piece == failing:
            raise ArithmeticError("a piece failed")
        both.wait()

    both = threading.Event()
    threading.Timer(0.2, both.set).start()
    with pytest.raises(ArithmeticError, match="a piece failed"):
        run_all(call, range(1000), 2)
    assert len(begun) < 1000


def test_only_the_thread_that_waits_asks_and_its_no_stops_all() -> None:
    """What is asked may hold for one thread alone, as the script of a page does."""
    here, asked = threading.get_ident(), []

    def question() -> None:
        asked.append(threading.get_ident())
        if len(asked) == 3:
            raise Cancelled("no more")

    def call(piece: int) -> None:
        while True:
            check()

    with asking(question), pytest.raises(Cancelled, match="no more"):
        run_all(call, range(4), 2)
    assert set(asked) == {here}


def test_a_helper_that_never_gets_a_thread_is_not_waited_for() -> None:
    """All threads of the process may be busy for others."""
    release = threading.Event()
    done: list[int] = []

    def others(piece: int) -> None:
        if threading.current_thread() is not busy:
            started.release()
        release.wait(30)

    started = threading.Semaphore(0)
    busy = threading.Thread(target=run_all, args=(others, range(64), 64))
    busy.start()
    started.acquire()
    run_all(done.append, range(3), 3)
    release.set()
    busy.join()
    assert sorted(done) == [0, 1, 2]
