"""Exports that take longer than a click: made in a thread apart from the page, told, cancelled, and kept for later."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event
from typing import Any

import streamlit as st

from app.work import Presence, presence
from landscape.render import save
from landscape.render.scratch import scratch
from landscape.scene import Scene
from landscape.stopping import Cancelled

WORKERS = 2
"""Exports that one server makes at a time."""

WAITING = 6
"""Exports that may wait for a worker; whoever comes after them is asked to come again."""

LARGEST = 120_000_000
"""Bytes of a file that the server keeps until it is fetched."""


@dataclass(frozen=True)
class Result:
    """What an export ended with: the file and what there is to tell of it, or why there is none."""

    data: bytes | None = None
    notes: tuple[str, ...] = ()
    error: str = ""
    cancelled: bool = False


@dataclass
class Job:
    """One export: the name its file will have, how far it is, and how it ended once it has.

    ``progress`` is (parts done, parts in all, seconds left), ``None`` until the first part is done.
    """

    name: str
    progress: tuple[int, int, float] | None = None
    _owner: Presence = field(default_factory=presence, repr=False)
    _stop: Event = field(default_factory=Event, repr=False)
    _future: Future[Result] | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        """Whether it waits for a worker or is being made."""
        return self._future is not None and not self._future.done()

    @property
    def result(self) -> Result | None:
        """How it ended, or ``None`` where it has not."""
        if self._future is None or not self._future.done():
            return None
        try:
            return self._future.result()
        except CancelledError:
            return Result(cancelled=True)

    def cancel(self) -> None:
        """Ask it to stop: at once where it waits, else at the next frame or file."""
        self._stop.set()
        if self._future is not None:
            self._future.cancel()

    def wait(self, seconds: float) -> Result:
        """Return how it ended, at the latest after ``seconds``; raise ``TimeoutError`` where it has not by then."""
        if self._future is None:
            raise ValueError("the export was not started")
        try:
            return self._future.result(seconds)
        except CancelledError:
            return Result(cancelled=True)

    def _wanted(self) -> bool:
        """Tell whether to go on: not once it was cancelled, nor for a session that is gone."""
        return not self._stop.is_set() and not self._owner.gone

    def _tell(self, done: int, total: int, left: float) -> bool:
        self.progress = (done, total, left)
        return self._wanted()

    def _make(self, scene: Scene, ending: str, options: Mapping[str, Any]) -> Result:
        if not self._wanted():
            return Result(cancelled=True)
        try:
            # On disk while it grows, in memory once it is known to be small enough; the folder goes in any case.
            with scratch() as folder:
                path = folder / f"scene.{ending}"
                saved = save(scene, path, **options, progress=self._tell)
                size = path.stat().st_size
                if size > LARGEST:
                    return Result(error=f"the file has {size / 1e6:.0f} MB; this page keeps at most {LARGEST / 1e6:g}")
                return Result(path.read_bytes(), saved.notes)
        except Cancelled:
            return Result(cancelled=True)
        except (ValueError, TypeError, OSError, MemoryError) as error:
            return Result(error=str(error) or type(error).__name__)


@dataclass(frozen=True)
class Bench:
    """The workers of a server and the places before them."""

    pool: ThreadPoolExecutor
    places: BoundedSemaphore


@st.cache_resource(show_spinner=False)
def _bench() -> Bench:
    return Bench(ThreadPoolExecutor(WORKERS, thread_name_prefix="export"), BoundedSemaphore(WORKERS + WAITING))


def start(name: str, scene: Scene, ending: str, options: Mapping[str, Any]) -> Job:
    """Start an export apart from the page; raise ``ValueError`` where too many wait already."""
    bench, job = _bench(), Job(name)
    if not bench.places.acquire(blocking=False):
        raise ValueError("this server is busy with other people's films; try again in a minute")
    job._future = bench.pool.submit(job._make, scene, ending, options)
    job._future.add_done_callback(lambda _: bench.places.release())
    return job
