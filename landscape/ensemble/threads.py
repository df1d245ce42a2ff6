"""The threads in which kernels run: one for each processor, kept for the life of the process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from functools import cache
from queue import Empty, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from landscape import stopping
from landscape.language import language, speaking, tr
from landscape.progress import Count, counting, telling

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Piece = TypeVar("Piece")

LOOK = 0.2
"""Seconds between two questions whether to go on, while all that is left is computed elsewhere."""


def run_all(call: Callable[[Piece], object], pieces: Sequence[Piece], n_threads: int) -> None:
    """Call ``call`` with each of the pieces, in this thread and others, and return when all are done.

    Whoever is free takes the next piece. Only this thread asks whether to go on (``landscape.stopping``) and tells how
    far all are (``landscape.progress``), since that may hold for this thread alone; where the answer is no, or a call
    raises, all stop, and this raises that.
    """
    left: SimpleQueue[Piece] = SimpleQueue()
    for piece in pieces:
        left.put(piece)
    stopped, finished, spoken = Event(), list[Piece](), language()

    def work(told: Count | None = None) -> None:
        try:
            while not stopped.is_set():
                piece = left.get_nowait()
                if told is None:
                    call(piece)
                else:
                    with told.part(n_helpers + 1):  # the others are as far with theirs
                        call(piece)
                finished.append(piece)
                if told is not None:
                    told.reach(len(finished))
        except Empty:
            return
        except BaseException:
            stopped.set()
            raise

    def help_out() -> None:
        with stopping.asking(lambda: _stop_where(stopped)), telling(False), speaking(spoken):
            work()

    n_helpers = min(n_threads, len(pieces)) - 1
    helpers = [_threads(os.getpid()).submit(help_out) for _ in range(n_helpers)]
    try:
        with counting(len(pieces), tr("starts")) as count:
            work(count)
            going = [helper for helper in helpers if not helper.cancel()]  # one that never began is not waited for
            while wait(going, LOOK).not_done:
                stopping.check()
                count.reach(len(finished))
    except BaseException:
        stopped.set()
        wait(helper for helper in helpers if not helper.cancel())
        raise
    for helper in going:
        helper.result()


def _stop_where(stopped: Event) -> None:
    if stopped.is_set():
        raise stopping.Cancelled(tr("another thread stopped"))


@cache
def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Return the threads of a process: one that was forked has none of its parent's."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(processors(), thread_name_prefix="landscape")
