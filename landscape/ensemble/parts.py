"""An ensemble in parts: over this machine's processors, or over those of an executor."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape import stopping
from landscape.ensemble.plain import walk_plainly
from landscape.ensemble.threads import LOOK, processors
from landscape.ensemble.walk import Ends, walk
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.stopping import Cancelled
from landscape.surfaces.base import Array, Surface
from landscape.surfaces.formula import Formula

PART = 16384
"""Starts that are worked on as one task of an executor."""


@dataclass(frozen=True, eq=False)
class Work:
    """What one part of an ensemble needs, so that it can be sent to another process."""

    surface: Surface
    optimizer: Optimizer
    starts: Array
    rates: Array
    threshold: float
    seed: int
    first: int


def do(work: Work) -> Ends:
    """Return where the starts of one part end."""
    ends = Ends.empty(*work.starts.shape)
    do_into(ends, work)
    return ends


def do_into(ends: Ends, work: Work, n_threads: int = 1) -> None:
    """Write into ``ends`` where the starts of one part end; by the compiled loop where there is one."""
    surface, optimizer = work.surface, work.optimizer
    if isinstance(surface, Formula) and isinstance(optimizer, ElementwiseOptimizer):
        walk(surface, optimizer, work.starts, work.rates, work.threshold, ends, n_threads)
    else:
        walk_plainly(
            surface, optimizer, work.starts, work.rates, work.threshold, ends, work.seed, work.first, n_threads
        )


class PartFailed(RuntimeError):
    """Some parts of an ensemble were not computed.

    ``ends`` holds the others (NaN for what is missing) and ``finished`` (S,) tells for which starts it does.
    """

    def __init__(self, message: str, ends: Ends, finished: Any) -> None:
        super().__init__(message)
        self.ends = ends
        self.finished = finished


def do_all(
    surface: Surface,
    optimizer: Optimizer,
    starts: Array,
    rates: Array,
    threshold: float,
    seed: int,
    executor: Executor | None,
    part_size: int,
) -> Ends:
    """Return where all ``starts`` end: on all processors of this machine, or part by part in an executor."""
    if executor is not None:
        slices = [slice(first, min(first + part_size, len(starts))) for first in range(0, len(starts), part_size)]
        works = [Work(surface, optimizer, starts[part], rates, threshold, seed, part.start) for part in slices]
        return _collected(executor, slices, works, ends=Ends.missing(*starts.shape))
    ends = Ends.empty(*starts.shape)
    do_into(ends, Work(surface, optimizer, starts, rates, threshold, seed, 0), processors())
    return ends


def _collected(executor: Executor, slices: list[slice], works: list[Work], ends: Ends) -> Ends:
    """Put the results of all parts into ``ends`` and return it; raise ``PartFailed`` where a part has none."""
    submitted: list[Future[Ends] | Exception] = []
    for work in works:
        try:
            submitted.append(_submitted(executor, work))
        except Exception as error:  # a pool that broke meanwhile takes no more work
            submitted.append(error)
    finished = np.zeros(len(ends.values), dtype=bool)
    failures: list[tuple[int, Exception]] = []
    try:
        for number, (part, future) in enumerate(zip(slices, submitted, strict=True)):
            try:
                ends.put(part, _result(future))
                finished[part] = True
            except Cancelled:
                raise
            except Exception as error:
                failures.append((number, error))
    except BaseException:  # Ctrl-C, or a page that is left
        for future in submitted:
            if isinstance(future, Future):
                future.cancel()
        raise
    if failures:
        number, cause = failures[0]
        part = slices[number]
        raise PartFailed(
            f"part {number + 1} of {len(works)} (starts {part.start} to {part.stop - 1}) failed: "
            f"{type(cause).__name__}: {cause}; {finished.sum()} of {len(finished)} starts are done and kept",
            ends,
            finished,
        ) from cause
    return ends


def _submitted(executor: Executor, work: Work) -> Future[Ends]:
    """Submit a part; in a thread it is asked at every step whether to go on, as all is that this one computes."""
    if isinstance(executor, ThreadPoolExecutor):
        return executor.submit(copy_context().run, do, work)
    return executor.submit(do, work)


def _result(future: Future[Ends] | Exception) -> Ends:
    if isinstance(future, Exception):
        raise future
    while wait([future], LOOK).not_done:
        stopping.check()
    return future.result()
