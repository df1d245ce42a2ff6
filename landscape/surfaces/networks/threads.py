"""Many independent pieces of array work on all processors: NumPy lets go of the interpreter while it computes."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from landscape import stopping

T = TypeVar("T")

# From this many pieces on the time that threads save is more than the time that they cost.
_THREADED = 4


def in_threads(function: Callable[[int], T], arguments: Sequence[int]) -> list[T]:
    """Return ``function`` of each argument; many of them are shared by as many threads as there are processors."""

    def piece(argument: int) -> T:
        stopping.check()
        return function(argument)

    if len(arguments) < _THREADED:
        return [piece(argument) for argument in arguments]
    # what np.errstate says holds in the threads too, and who may stop them
    contexts = [contextvars.copy_context() for _ in arguments]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda context, argument: context.run(piece, argument), contexts, arguments))
