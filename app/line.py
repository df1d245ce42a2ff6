"""A line before something of which there is only so much: processors and memory, or makers of films."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from threading import Lock


class Line:
    """Places of those who wait: as many have their turn as take at most ``width`` together.

    First come, first served. Whoever takes more than ``width`` has their turn alone. At most ``longest`` may stand.

    >>> line = Line(width=1.0, longest=2)
    >>> first, second = line.place(0.7), line.place(0.7)
    >>> line.place(0.1) is None, line.has_turn(first), line.has_turn(second)
    (True, True, False)
    >>> with line.turn(first, lambda: None):
    ...     pass
    >>> line.has_turn(second)
    True
    """

    def __init__(self, width: float, longest: float = math.inf) -> None:
        self.width, self.longest = width, longest
        self._takes: dict[object, float] = {}
        self._lock = Lock()

    def place(self, takes: float) -> object | None:
        """Return a place at the end for something that takes so much, ``None`` where the line is too long."""
        with self._lock:
            if len(self._takes) >= self.longest:
                return None
            place = object()
            self._takes[place] = takes
            return place

    def has_turn(self, place: object) -> bool:
        """Tell whether those before a place leave room for it."""
        with self._lock:
            before = sum(takes for _, takes in takewhile(lambda one: one[0] is not place, self._takes.items()))
            return before == 0 or before + self._takes[place] <= self.width

    @contextmanager
    def turn(self, place: object, stand: Callable[[], None]) -> Iterator[None]:
        """Call ``stand`` until it is the turn of a place, and give it up in the end, also where ``stand`` raises."""
        try:
            while not self.has_turn(place):
                stand()
            yield
        finally:
            with self._lock:
                del self._takes[place]
