"""One shelf for what was computed and one way to compute it: shared between sessions, and stopped when nobody waits.

Each computation runs in a thread of its own, apart from the scripts of the pages that wait for it. A page that is
left, or that is asked for something else, waits no more; a computation for which nobody waits stops at its next step
(``landscape.stopping``). Not Streamlit's caches: what fills one of those cannot be stopped, and shows no progress.
"""

from __future__ import annotations

import dataclasses
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from landscape import stopping
from landscape.experiment import Experiment, Run
from landscape.figures import base as figures

T = TypeVar("T")

MOST_BYTES = 400_000_000
"""What the shelf holds, about; what was used longest ago goes. Beside it 1.5 GiB have room for one whole ``Budget``."""

GRACE = 0.5
"""Seconds for which nobody need wait: a script that starts again asks for the same once more."""

PATIENCE = 5.0
"""Seconds after which what is only looked at from time to time is given up: the page was left."""

AWAY = 30.0
"""Seconds without a connection after which a session is gone; a browser that lost it comes back sooner."""

_TICK = 0.1


@dataclass(eq=False)
class Job(Generic[T]):
    """A computation: the latest it told of itself, what came of it, and who wants it until when.

    ``latest`` is what it handed to ``tell``: the share that is done, or a first version of the whole.
    """

    key: Hashable
    make: Callable[[], T]
    latest: Any = None
    error: Exception | None = None
    value: Any = None
    size: int = 0
    stopped: bool = False
    first: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    wanted: dict[object, float] = field(default_factory=dict)
    until: float = 0.0

    def want(self, who: object, until: float) -> None:
        """Note until when somebody wants it."""
        self.wanted[who] = until
        self.until = max(self.wanted.values())

    @property
    def finished(self) -> bool:
        """Whether it came to its end, and not only to one."""
        return self.ended.is_set() and not self.stopped

    def result(self) -> T:
        """Return what came of a finished job, or raise what went wrong."""
        if self.error is not None:
            raise self.error
        found: T = self.value
        return found


class Shelf:
    """The latest results of a server, and what is being computed."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._jobs: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._jobs)

    def want(self, key: Hashable, make: Callable[[], T], who: object, until: float) -> Job[T]:
        """Return the job of this name for somebody who wants it ``until`` then; it starts where there is none."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(key, make)
                job.want(who, until)
                Thread(target=self._work, args=(job,), name="work", daemon=True).start()
            elif not job.ended.is_set():
                job.want(who, until)
            self._jobs.move_to_end(key)
            return job

    def leave(self, job: Job[Any], who: object, until: float) -> None:
        """Want a job no longer than that."""
        with self._lock:
            job.want(who, until)

    def _work(self, job: Job[Any]) -> None:
        def still_wanted() -> None:
            if job.until < monotonic():
                self._give_up(job)

        _present.set(job)
        try:
            with stopping.asking(still_wanted):
                job.value = job.make()
                job.size = size_of(job.value)
        except stopping.Cancelled:
            job.stopped = True
        except Exception as error:  # raised again where somebody waits
            job.error = error
        with self._lock:
            if job.stopped or job.error:
                self._drop(job)
            job.first.set()
            job.ended.set()
            self._make_room()

    def _give_up(self, job: Job[Any]) -> None:
        with self._lock:
            # Asked once more under the lock: either it is wanted again and goes on, or it is gone before it can be.
            if job.until < monotonic():
                self._drop(job)
                raise stopping.Cancelled("nobody waits for it any more")

    def _drop(self, job: Job[Any]) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]

    def _make_room(self) -> None:
        """Let go of what was used longest ago until the rest has room; the newest stays in any case."""
        held = sum(job.size for job in self._jobs.values())
        for key in [*self._jobs][:-1]:
            if held <= self.most_bytes:
                return
            if self._jobs[key].finished:
                held -= self._jobs.pop(key).size


SHELF = Shelf()
_present: ContextVar[Job[Any] | None] = ContextVar("app.work.present", default=None)


def result(key: Hashable, make: Callable[[], T], watch: Callable[[Any], None] | None = None) -> T:
    """Return what ``make`` returns, from the shelf where it lies there under this ``key``.

    ``key`` has to say all that the result depends on. ``watch`` is shown what ``make`` tells of itself (``tell``)
    while one waits. Raises what ``make`` raises. The script of a page that is left, or started anew, ends here.
    """
    who = object()
    job = SHELF.want(key, make, who, math.inf)
    if job.ended.is_set():
        return job.result()
    try:
        while not job.ended.wait(_TICK):
            _go_on()
            if watch is not None and job.latest is not None:
                watch(job.latest)
    finally:
        SHELF.leave(job, who, monotonic() + GRACE)
    return job.result()


def look(key: Hashable, make: Callable[[], T], seconds: float = 20.0) -> Job[T]:
    """Return the job of this key as far as it is, once it has told something: at the latest after so many seconds.

    It goes on for as long as somebody looks again within ``PATIENCE``, and until this session looks at another.
    """
    inside = get_script_run_ctx(suppress_warning=True) is not None
    who: object = st.session_state.setdefault(_EYE, object()) if inside else _EYE
    job = SHELF.want(key, make, who, math.inf)
    if inside:
        before: Job[Any] | None = st.session_state.get(_SEEN)
        if before is not None and before is not job:
            SHELF.leave(before, who, 0.0)
        st.session_state[_SEEN] = job
    try:
        until = monotonic() + seconds
        while not job.first.wait(_TICK) and monotonic() < until:
            _go_on()
    finally:
        SHELF.leave(job, who, monotonic() + PATIENCE)
    return job


def tell(latest: Any) -> None:
    """Tell whoever waits for the present computation how far it is, and ask whether to go on."""
    stopping.check()
    job = _present.get()
    if job is not None:
        job.latest = latest
        job.first.set()


_EYE, _SEEN = "work.eye", "work.seen"


def _go_on() -> None:
    """Raise where the one who waits has to stop waiting."""
    stopping.check()
    if get_script_run_ctx(suppress_warning=True) is not None:
        yield_point()


def yield_point() -> None:
    """End the script of a page here, where it is to stop or to start anew."""
    # Streamlit does so wherever a script asks for the session's state.
    st.session_state.get(_SEEN)


class Presence:
    """Whether somebody is still there: gone is who has been away for ``AWAY`` seconds, longer than a lost connection.

    ``active`` tells whether the session has a connection now.
    """

    def __init__(self, active: Callable[[], bool]) -> None:
        self._active = active
        self._seen = monotonic()

    @property
    def gone(self) -> bool:
        """Whether the session has had no connection for too long; it counts from the last time that it was asked."""
        now = monotonic()
        if self._active():
            self._seen = now
        return now - self._seen > AWAY


def presence() -> Presence:
    """Return the presence of the session whose script runs here; outside a server everybody is there."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not runtime.exists():
        return Presence(lambda: True)
    server, session = runtime.get_instance(), context.session_id
    return Presence(lambda: server.is_active_session(session))


def size_of(thing: Any) -> int:
    """Return the bytes of the arrays and texts in ``thing``, each counted once.

    >>> size_of({"a": [np.zeros(10), "four"]})
    84
    """
    total, seen, left = 0, set(), [thing]
    while left:
        one = left.pop()
        while isinstance(one, np.ndarray) and isinstance(one.base, np.ndarray):
            one = one.base  # a view keeps the whole in memory
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            total += one.nbytes
        elif isinstance(one, str | bytes):
            total += len(one)
        elif isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, list | tuple):
            left.extend(one)
        elif dataclasses.is_dataclass(one):
            left.extend(getattr(one, part.name) for part in dataclasses.fields(one))
    return total


def run(experiment: Experiment, keep: int | None = None) -> Run:
    """Return the trajectories of an experiment, and how they ended; at most ``keep`` points of each path."""
    return figures.run(experiment, result, keep)
