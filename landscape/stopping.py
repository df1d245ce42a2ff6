"""A way to stop long computations: whoever computes asks at every step, whoever waits for the result decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_question: ContextVar[Callable[[], object] | None] = ContextVar("landscape.stopping", default=None)


class Cancelled(Exception):
    """A computation or an export that was stopped before its end; it leaves nothing behind."""


@contextmanager
def asking(question: Callable[[], object]) -> Iterator[None]:
    """Let every step of what is computed in this block call ``question``; what that raises stops the computation.

    It holds for this thread alone, and for those that are started with a copy of its context.

    >>> import landscape as ls
    >>> def enough() -> None:
    ...     raise Cancelled("seen enough")
    >>> with asking(enough):
    ...     ls.descend("sphere", "sgd", [1.0, 1.0], 10)
    Traceback (most recent call last):
    landscape.stopping.Cancelled: seen enough
    """
    token = _question.set(question)
    try:
        yield
    finally:
        _question.reset(token)


def check() -> None:
    """Ask whether to go on: called once a step by every loop that may take long, at a cost of some 50 nanoseconds."""
    question = _question.get()
    if question is not None:
        question()
