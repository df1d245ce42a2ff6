"""The threads in which kernels run: one for each processor, kept for the life of the process."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor


def run_all(call: Callable[[Any], object], pieces: Sequence[Any]) -> None:
    """Call ``call`` with each of the pieces, at the same time, and return when all are done; raise what it raises."""
    if len(pieces) == 1:
        call(pieces[0])
    else:
        list(_threads(os.getpid()).map(call, pieces))


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
