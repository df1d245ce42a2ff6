"""An ensemble in parts: over this machine's processors, or over those of an executor."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.compiled.kernels import is_compilable
from landscape.compiled.plain import walk_plainly
from landscape.compiled.walk import Ends, walk
from landscape.optimizers.base import Optimizer
from landscape.surfaces.base import Array, Surface

PART = 16384
"""Starts that are worked on as one piece, by one thread or as one task."""


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
    """Return where the starts of one part end; by the compiled loop where there is one."""
    if is_compilable(work.surface, work.optimizer):
        return walk(work.surface, work.optimizer, work.starts, work.rates, work.threshold)  # type: ignore[arg-type]
    return walk_plainly(work.surface, work.optimizer, work.starts, work.rates, work.threshold, work.seed, work.first)


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
    """Return where all ``starts`` end, part by part."""
    ends = Ends.empty(*starts.shape)
    slices = [slice(first, min(first + part_size, len(starts))) for first in range(0, len(starts), part_size)]
    works = [Work(surface, optimizer, starts[part], rates, threshold, seed, part.start) for part in slices]
    if executor is None and (len(works) == 1 or not is_compilable(surface, optimizer)):
        for part, work in zip(slices, works, strict=True):
            ends.put(part, do(work))
        return ends
    if executor is not None:
        _collect(executor, works, slices, ends)
        return ends
    do(Work(surface, optimizer, starts[:1], rates[:1], threshold, seed, 0))  # compile once, not in every thread
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_processors()) as threads:
        for part, result in zip(slices, threads.map(do, works), strict=True):
            ends.put(part, result)
    return ends


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _collect(executor: Executor, works: list[Work], slices: list[slice], ends: Ends) -> None:
    """Put the results of all parts into ``ends``; raise ``PartFailed`` where a part has none."""
    submitted: list[Future[Ends] | Exception] = []
    for work in works:
        try:
            submitted.append(executor.submit(do, work))
        except Exception as error:  # a pool that broke meanwhile takes no more work
            submitted.append(error)
    finished = np.zeros(len(ends.values), dtype=bool)
    failures: list[tuple[int, Exception]] = []
    try:
        for number, (part, future) in enumerate(zip(slices, submitted, strict=True)):
            try:
                ends.put(part, _result(future))
                finished[part] = True
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


def _result(future: Any) -> Ends:
    if isinstance(future, Exception):
        raise future
    return future.result()
