"""How far an export is: told after each of its parts, which is also where it can be stopped."""

from __future__ import annotations

import time
from collections.abc import Callable

from landscape.stopping import Cancelled

Progress = Callable[[int, int, float], object]
"""Called as progress(parts done, parts in all, seconds left); returning ``False`` cancels the export."""


class Counter:
    """Counts the parts of an export and tells ``progress``; raises ``Cancelled`` where that returned ``False``.

    Told are whole numbers: each part counts as ``scale`` of them, so that shares of a part are told too.
    """

    def __init__(self, total: int, progress: Progress | None, parts: str = "parts", scale: int = 1) -> None:
        self._total, self._progress, self._parts, self._scale = total, progress, parts, scale
        self._began, self._done = time.monotonic(), 0.0

    def finished(self, cost: float = 1) -> None:
        """Tell that a part is done, or a share of one."""
        self._done += cost
        if self._tell(self._done) is False:
            raise Cancelled(f"cancelled after {self._done:.0f} of {self._total} {self._parts}")

    def within(self, done: int, total: int, left: float) -> object:
        """Tell the progress within a part, as its own ``progress``; the answer decides whether that part goes on."""
        return self._tell(self._done + done)

    def _tell(self, done: float) -> object:
        if self._progress is None:
            return None
        left = (time.monotonic() - self._began) / done * (self._total - done) if done else 0.0
        return self._progress(round(done * self._scale), self._total * self._scale, max(left, 0.0))
