"""One shelf for what was computed and one way to compute it: shared between sessions, and stopped when nobody waits.

Each computation runs in a thread of its own, apart from the scripts of the pages that wait for it. A page that is
left, or that is asked for something else, waits no more; a computation for which nobody waits stops at its next step
(``landscape.stopping``). What takes much stands in a line first (``turn``), so that many who ask at once add up to
no more than a server has. Not Streamlit's caches: what fills one of those cannot be stopped, and shows no progress.
"""

from __future__ import annotations

import dataclasses
import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic, sleep, thread_time
from typing import Any, Generic, TypeVar

import numpy as np
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.line import Line
from landscape import stopping
from landscape.experiment import Experiment, Run
from landscape.figures import base as figures
from landscape.language import language, mark, speaking, tr
from landscape.recipe.cost import NOTHING, PER_SECOND, Demand

T = TypeVar("T")

MOST_BYTES = 400_000_000
"""What the shelf holds, about; what was used longest ago goes. Beside it 1.5 GiB have room for one whole ``Budget``."""

GRACE = 0.5
"""Seconds for which nobody need wait: a script that starts again asks for the same once more."""

PATIENCE = 5.0
"""Seconds after which what is only looked at from time to time is given up: the page was left."""

AWAY = 30.0
"""Seconds without a connection after which a session is gone; a browser that lost it comes back sooner."""

LITTLE = 0.05
"""Share of a server below which nobody waits for a turn: a quarter of a second, or some fifty megabytes."""

STANDS = mark("Others are computing here: this waits for its turn.")

LONGEST = 20.0
"""Seconds of a processor after which a computation is given up, unless it said that it takes more."""

_TICK = 0.1


class TooLong(stopping.Cancelled):
    """A computation that took more of a processor than one may."""


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


@dataclass(eq=False)
class Job(Generic[T]):
    """A computation: the latest it told of itself, what came of it, and who wants it until when.

    ``latest`` is what it handed to ``tell``: the share that is done, or a first version of the whole. It ends with its
    ``owner``, where it has one, and after ``longest`` seconds of its thread on a processor. ``stands`` tells that it
    stands in a line, ``holds`` that its turn in one has come; ``other`` is the job whose result it waits for. It is
    done in the language in which it was asked for, which is ``spoken`` there.
    """

    key: Hashable
    make: Callable[[], T]
    owner: Presence | None = None
    latest: Any = None
    longest: float = LONGEST
    stands: bool = False
    holds: bool = False
    other: Job[Any] | None = None
    error: Exception | None = None
    value: Any = None
    size: int = 0
    stopped: bool = False
    first: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    wanted: dict[object, float] = field(default_factory=dict)
    until: float = 0.0
    spoken: str = field(default_factory=language)

    def want(self, who: object, until: float) -> None:
        """Note until when somebody wants it."""
        self.wanted[who] = until
        self.until = max(self.wanted.values())

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.until < monotonic() or (self.owner is not None and self.owner.gone)

    @property
    def in_line(self) -> bool:
        """Whether it waits for its turn, or for a job that does."""
        return self.stands or (self.other is not None and self.other.in_line)

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
        key = (language(), key)
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(key, make)
                job.want(who, until)
                self.start(job)
            elif not job.ended.is_set():
                job.want(who, until)
            self._jobs.move_to_end(key)
            return job

    def leave(self, job: Job[Any], who: object, until: float) -> None:
        """Want a job no longer than that."""
        with self._lock:
            job.want(who, until)

    def start(self, job: Job[Any]) -> None:
        """Let a job be done; one that does not lie on the shelf is forgotten with whoever holds it."""
        Thread(target=self._work, args=(job,), name="work", daemon=True).start()

    def make_room(self) -> None:
        """Let go of what there is no room for, the newest too."""
        with self._lock:
            self._make_room(spare=0)

    def _work(self, job: Job[Any]) -> None:
        def still_wanted() -> None:
            if job.unwanted:
                self._give_up(job)
            if thread_time() > job.longest:
                raise TooLong

        _present.set(job)
        try:
            with stopping.asking(still_wanted), speaking(job.spoken):
                job.value = job.make()
                job.size = size_of(job.value)
        except TooLong:
            with speaking(job.spoken):
                why = tr(
                    "this was given up after {seconds:.0f} s of computing; ask for less of it", seconds=job.longest
                )
            job.error = ValueError(why)
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
            if job.unwanted:
                self._drop(job)
                raise stopping.Cancelled("nobody waits for it any more")

    def _drop(self, job: Job[Any]) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]

    def _make_room(self, spare: int = 1) -> None:
        """Let go of what was used longest ago until the rest has room; the newest ``spare`` stay in any case."""
        held = sum(job.size for job in self._jobs.values())
        for key in [*self._jobs][: len(self._jobs) - spare]:
            if held <= self.most_bytes:
                return
            if self._jobs[key].finished:
                held -= self._jobs.pop(key).size


SHELF = Shelf()
_present: ContextVar[Job[Any] | None] = ContextVar("app.work.present", default=None)


LINE = Line(1.0)
"""Before the server's processors and memory: those who have their turn take no more than it has."""


@contextmanager
def turn(takes: Demand) -> Iterator[None]:
    """Wait until the server has room for what takes that much, and compute it in this block.

    What takes little goes at once. In the block no result of another job may be waited for: it might stand in line
    behind this one.
    """
    job = _present.get()
    if takes.share < LITTLE or job is None:
        yield
        return
    job.longest = max(job.longest, 2 * takes.moves / PER_SECOND)
    with turn_of(LINE, LINE.place(takes.share)):
        SHELF.make_room()
        job.holds = True
        try:
            yield
        finally:
            job.holds = False


@contextmanager
def turn_of(line: Line, place: object) -> Iterator[None]:
    """Wait for the turn of a place in a line, and compute in this block."""
    job = _present.get()

    def stand() -> None:
        if job is not None:
            job.stands = True
        stopping.check()
        sleep(_TICK)

    with line.turn(place, stand):
        if job is not None:
            job.stands = False
        yield


def result(
    key: Hashable, make: Callable[[], T], takes: Demand = NOTHING, watch: Callable[[Any], None] | None = None
) -> T:
    """Return what ``make`` returns, from the shelf where it lies there under this ``key``.

    ``key`` has to say all that the result depends on; what ``takes`` much waits for its turn. ``watch`` is shown what
    ``make`` tells of itself (``tell``) while one waits. Raises what ``make`` raises. The script of a page that is left,
    or started anew, ends here.
    """

    def in_turn() -> T:
        with turn(takes):
            return make()

    who = object()
    job = SHELF.want(key, in_turn, who, math.inf)
    try:
        _wait(job, job.ended, math.inf, watch)
    finally:
        SHELF.leave(job, who, monotonic() + GRACE)
    return job.result()


def look(key: Hashable, make: Callable[[], T], seconds: float = 20.0) -> Job[T]:
    """Return the job of this key as far as it is, once it has told something: at the latest after so many seconds.

    It goes on for as long as somebody looks again within ``PATIENCE``, and until this session looks at another.
    """
    inside = _in_script()
    who: object = st.session_state.setdefault(_EYE, object()) if inside else _EYE
    job = SHELF.want(key, make, who, math.inf)
    if inside:
        before: Job[Any] | None = st.session_state.get(_SEEN)
        if before is not None and before is not job:
            SHELF.leave(before, who, 0.0)
        st.session_state[_SEEN] = job
    try:
        _wait(job, job.first, monotonic() + seconds)
    finally:
        SHELF.leave(job, who, monotonic() + PATIENCE)
    return job


def alone(make: Callable[[], T]) -> Job[T]:
    """Return a job that nobody else asks for: it ends with the session that started it, or when that cancels it."""
    job = Job(object(), make, presence(), longest=math.inf)
    job.want(job.owner, math.inf)
    SHELF.start(job)
    return job


def cancel(job: Job[Any]) -> None:
    """Want a job of one's own no more: it stops at its next step."""
    SHELF.leave(job, job.owner, 0.0)


def _wait(job: Job[Any], event: Event, until: float, watch: Callable[[Any], None] | None = None) -> None:
    """Wait for a job's event until then, and say on the page if the job stands in a line."""
    present, note = _present.get(), None
    if present is not None and present.holds:
        raise RuntimeError("a computation that has its turn waits for no other one")
    if event.is_set():
        return
    if present is not None:
        present.other = job
    while not event.wait(_TICK) and monotonic() < until:
        _go_on()
        if watch is not None and job.latest is not None:
            watch(job.latest)
        if note is None and job.in_line and _in_script():
            note = st.empty()
            note.info(tr(STANDS))
    if present is not None:
        present.other = None
    if note is not None:
        note.empty()


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
    if _in_script():
        yield_point()


def _in_script() -> bool:
    return get_script_run_ctx(suppress_warning=True) is not None


def yield_point() -> None:
    """End the script of a page here, where it is to stop or to start anew."""
    # Streamlit does so wherever a script asks for the session's state.
    st.session_state.get(_SEEN)


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
