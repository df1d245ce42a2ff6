"""How far something is that takes long, told on the error stream: a bar on a terminal, elsewhere a line a tenth."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BAR = 24

Tell = Callable[[float, str], None]
"""Told the share that is done, from 0 to 1, and what is at work."""


@contextmanager
def telling() -> Iterator[Tell]:
    """Yield what tells how far this block is; a bar is gone at its end."""
    stream, told = sys.stderr, -1
    terminal = stream.isatty()

    def tell(share: float, words: str) -> None:
        nonlocal told
        done = min(max(share, 0.0), 1.0)
        if terminal:
            full = round(done * BAR)
            stream.write(f"\r\x1b[K[{'#' * full}{'.' * (BAR - full)}] {done:4.0%}  {words}")
        elif int(10 * done) != told:
            stream.write(f"{done:4.0%}  {words}\n")
        told = int(10 * done)
        stream.flush()

    try:
        yield tell
    finally:
        if terminal and told >= 0:
            stream.write("\r\x1b[K")
            stream.flush()
