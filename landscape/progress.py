"""How far something is that takes long: counted where it is done, told in one way to whoever wants to know.

Whatever may take more than two seconds takes ``progress``:

    None        whoever asked for the whole of which this is a part; else a bar of tqdm, where that is installed, in a
                notebook or at Python's prompt, once two seconds have gone by
    True        a bar at once: tqdm's, or where that is not installed our own on the error stream
    False       nobody
    a function  called as function(done, total, what): numbers of parts, and words for what is at work. ``False`` as an
                answer stops the whole with ``landscape.stopping.Cancelled``; what the function raises does so as well
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

from landscape.language import tr
from landscape.stopping import Cancelled

BAR = 24
PATIENCE = 2.0
"""Seconds before a bar that nobody asked for is shown."""

Told = Callable[[int, int, str], object]
"""Told how many parts are done, of how many, and what is at work; the answer ``False`` stops it."""

Progress = Told | bool | None
"""Who is told: see the head of this module."""

P = ParamSpec("P")
R = TypeVar("R")

_told: ContextVar[Told | bool | None] = ContextVar("landscape.progress", default=None)


class Count:
    """So many parts of something, each told as it is done; ``what`` says what is at work."""

    def __init__(self, told: Told | None, total: int, what: str) -> None:
        self.total, self.what = total, what
        self._told, self._done, self._next, self._last = told, 0.0, 1.0, -1

    def advance(self, n: float = 1) -> None:
        """Tell that ``n`` more parts are done, or a share of one."""
        self._done += n
        if self._told is not None:
            self._say(self._done)

    def reach(self, n: float, what: str = "") -> None:
        """Tell that ``n`` parts are done in all, and what comes next."""
        self._done, self.what = n, what or self.what
        self.advance(0)

    @contextmanager
    def part(self, n: float = 1, what: str = "") -> Iterator[None]:
        """Count the next ``n`` parts as done at the end of this block, in which something else may count for itself."""
        before, self._next = self._next, n
        if what:
            self.what = what
            self.advance(0)
        try:
            yield
        finally:
            self._next = before
        self.advance(n)

    def within(self, done: int, total: int, what: str) -> None:
        """Tell how far something within the next part is; the words are those of the whole."""
        self._say(self._done + self._next * done / max(total, 1))

    def finish(self) -> None:
        """Tell that all is done, where it ended early."""
        if self._told is not None and self._last < self.total:
            self._say(self.total)

    def _say(self, done: float) -> None:
        # What counts within a part may begin anew there; what is told never goes back.
        self._last = max(self._last, min(int(done + 1e-9), self.total))
        if self._told is not None and self._told(self._last, self.total, self.what) is False:
            places = {"n": self._last, "all": self.total, "what": self.what}
            raise Cancelled(tr("cancelled after {n} of {all} ({what})", **places))


@contextmanager
def counting(total: int, what: str, progress: Progress = None) -> Iterator[Count]:
    """Yield the count of something with ``total`` parts; what counts within it, in this thread, is a share of them."""
    with telling(progress) as told:
        count = Count(told, total, what)
        token = _told.set(False if told is None else count.within)
        try:
            count.advance(0)
            yield count
            count.finish()
        finally:
            _told.reset(token)


@contextmanager
def telling(progress: Progress = None) -> Iterator[Told | None]:
    """Tell ``progress`` whatever counts in this block; yields who that is. Raises ``TypeError`` for what is none."""
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise TypeError(tr("progress is True, False or a function (done, total, what), not {given!r}", given=progress))
    wanted = _told.get() if progress is None else progress
    if callable(wanted):
        yield from _to(wanted)
    elif wanted is False or (wanted is None and not _is_watched()):
        yield from _to(None)
    else:
        with _shown(0.0 if wanted else PATIENCE) as bar_:
            yield from _to(bar_)


def tells(function: Callable[P, R]) -> Callable[P, R]:
    """Let the argument ``progress`` of a function be told whatever counts while it runs."""

    @wraps(function)
    def telling_it(*args: P.args, **options: P.kwargs) -> R:
        wanted: Any = options.get("progress")
        with telling(wanted):
            return function(*args, **options)

    return telling_it


def _to(told: Told | None) -> Iterator[Told | None]:
    token = _told.set(False if told is None else told)
    try:
        yield told
    finally:
        _told.reset(token)


def _is_watched() -> bool:
    """Tell whether somebody sits before this: a notebook, or Python's prompt, that can show a bar."""
    shell = sys.modules.get("IPython")
    seen = hasattr(sys, "ps1") or (shell is not None and shell.get_ipython() is not None)
    return seen and find_spec("tqdm") is not None


@contextmanager
def _shown(patience: float) -> Iterator[Told]:
    """Yield what shows a bar once ``patience`` seconds have gone by; it is gone at the end."""
    if find_spec("tqdm") is None:
        with bar() as told:
            yield told
        return
    began, shown = time.monotonic(), list[Any]()

    def tell(done: int, total: int, what: str) -> None:
        if not shown:
            if time.monotonic() - began < patience:
                return
            shown.append(_tqdm()(total=total, desc=what, leave=False))
        (one,) = shown
        if one.total != total:
            one.total = total
        one.set_description_str(what, refresh=False)
        one.update(done - one.n)

    try:
        yield tell
    finally:
        for one in shown:
            one.close()


def _tqdm() -> Any:
    """Return the bar of tqdm that can be shown here: in a notebook its widget needs ipywidgets."""
    if find_spec("ipywidgets") is not None:
        from tqdm.auto import tqdm
    else:
        from tqdm import tqdm
    return tqdm


class Clock:
    """The seconds that are left of something, if it goes on as it went since this was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def left(self, done: int, total: int) -> float:
        """Return the seconds from ``done`` parts to ``total``; 0 where nothing is known."""
        return (time.monotonic() - self._began) * (total - done) / done if done else 0.0


@contextmanager
def bar() -> Iterator[Told]:
    """Yield what tells the error stream how far it is: a bar on a terminal, gone at its end, else a line a tenth."""
    stream, last, clock = sys.stderr, -1, Clock()
    terminal = stream.isatty()

    def tell(done: int, total: int, what: str) -> None:
        nonlocal last
        share = min(max(done / max(total, 1), 0.0), 1.0)
        left = clock.left(done, total)
        words = tr("{what}, {seconds:.0f} s left", what=what, seconds=left) if left >= PATIENCE else what
        if terminal:
            full = round(share * BAR)
            stream.write(f"\r\x1b[K[{'#' * full}{'.' * (BAR - full)}] {share:4.0%}  {words}")
        elif int(10 * share) != last:
            stream.write(f"{share:4.0%}  {words}\n")
        last = int(10 * share)
        stream.flush()

    try:
        yield tell
    finally:
        if terminal and last >= 0:
            stream.write("\r\x1b[K")
            stream.flush()
