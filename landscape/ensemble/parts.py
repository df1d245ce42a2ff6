"""An ensemble in parts: over this machine's processors, or over those of an executor."""

from __future__ import annotations

import pickle
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from landscape import stopping
from landscape.ensemble.kernels import loop_of
from landscape.ensemble.plain import walk_plainly
from landscape.ensemble.threads import LOOK, processors
from landscape.ensemble.walk import Ends, walk
from landscape.language import language, speaking, tr
from landscape.optimizers.base import ElementwiseOptimizer, Optimizer
from landscape.progress import counting, telling
from landscape.stopping import Cancelled
from landscape.surfaces.base import Array, Surface

PART = 16384
"""Starts that are worked on as one task of an executor."""


class CannotBeSent(TypeError):
    """Something that only this process has."""


@dataclass(frozen=True, eq=False)
class Pair:
    """The surface and the optimizer of an ensemble: as they are in this process, packed on the way to another.

    Classes and functions of a script, a notebook or an interpreter go along; those of modules go by name.
    """

    surface: Surface
    optimizer: Optimizer

    def __reduce__(self) -> tuple[type[Packed], tuple[bytes]]:
        return Packed, (self._packed,)

    @cached_property
    def _packed(self) -> bytes:
        import cloudpickle  # only those need it who send something

        try:
            return bytes(cloudpickle.dumps((self.surface, self.optimizer)))
        except Exception as error:
            name = f"{type(self.surface).__name__} {self.surface.name!r}"
            raise CannotBeSent(
                tr(
                    "{surface} and {optimizer} cannot be sent to another process ({problem}): what they hold must be "
                    "numbers, arrays, plain functions and classes, no open files, locks or connections; threads take "
                    "everything",
                    surface=name,
                    optimizer=type(self.optimizer).__name__,
                    problem=error,
                )
            ) from None

    def unpacked(self) -> Pair:
        """Return the pair."""
        return self


@dataclass(frozen=True)
class Packed:
    """A pair on its way. It is unpacked where it is used: a pool breaks where its workers cannot read their task."""

    data: bytes

    def unpacked(self) -> Pair:
        """Return the pair; raise ``ImportError`` where this process lacks the module of a class."""
        try:
            return _unpacked(self.data)
        except (ImportError, AttributeError) as error:
            raise ImportError(
                tr(
                    "the worker lacks a module of the surface or the optimizer ({problem}): install it there, or "
                    "define the class in the script or notebook itself, from which it is sent along",
                    problem=error,
                )
            ) from None


@lru_cache(maxsize=2)
def _unpacked(data: bytes) -> Pair:
    """Return a pair, once for all its parts in this process."""
    return Pair(*pickle.loads(data))


@dataclass(frozen=True, eq=False)
class Work:
    """What one part of an ensemble needs, so that it can be sent to another process.

    ``spoken`` is the language of who asked: what is wrong is said in it.
    """

    pair: Pair | Packed
    starts: Array
    rates: Array
    threshold: float
    seed: int
    first: int
    spoken: str = field(default_factory=language)


def do(work: Work) -> Ends:
    """Return where the starts of one part end; whoever collects the parts tells how far they are."""
    ends = Ends.empty(*work.starts.shape)
    with telling(False), speaking(work.spoken):
        do_into(ends, work)
    return ends


def do_into(ends: Ends, work: Work, n_threads: int = 1) -> None:
    """Write into ``ends`` where the starts of one part end; by the compiled loop where there is one."""
    pair = work.pair.unpacked()
    surface, optimizer = pair.surface, pair.optimizer
    loop = loop_of(surface, optimizer)
    if loop is not None and isinstance(optimizer, ElementwiseOptimizer):
        walk(loop, optimizer, work.starts, work.rates, work.threshold, ends, n_threads)
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
        pair = Pair(surface, optimizer)
        works = [Work(pair, starts[part], rates, threshold, seed, part.start) for part in slices]
        return _collected(executor, slices, works, ends=Ends.missing(*starts.shape))
    ends = Ends.empty(*starts.shape)
    do_into(ends, Work(Pair(surface, optimizer), starts, rates, threshold, seed, 0), processors())
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
        with counting(len(slices), tr("parts")) as count:
            for number, (part, future) in enumerate(zip(slices, submitted, strict=True)):
                try:
                    ends.put(part, _result(future))
                    finished[part] = True
                except Cancelled:
                    raise
                except Exception as error:
                    failures.append((number, error))
                count.advance()
    except BaseException:  # Ctrl-C, or a page that is left
        for future in submitted:
            if isinstance(future, Future):
                future.cancel()
        raise
    if failures:
        number, cause = failures[0]
        # Dask says only that something cannot be sent, and keeps why as the cause.
        cause = cause.__cause__ if isinstance(cause.__cause__, CannotBeSent) else cause
        part = slices[number]
        raise PartFailed(
            tr(
                "part {part} of {parts} (starts {first} to {last}) failed: {type}: {problem}; {done} of {all} starts "
                "are done and kept",
                part=number + 1,
                parts=len(works),
                first=part.start,
                last=part.stop - 1,
                type=type(cause).__name__,
                problem=cause,
                done=int(finished.sum()),
                all=len(finished),
            ),
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
