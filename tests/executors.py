"""Executors that go wrong."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class Dying(Executor):
    """Does every task at once but the ``fatal``-th, at which the worker dies."""

    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.taken = 0

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        future: Future[Any] = Future()
        if self.taken == self.fatal:
            future.set_exception(RuntimeError("the worker is gone"))
        else:
            future.set_result(task(*args, **kwargs))
        return future
