"""An ensemble in other processes: what was made in a script or notebook goes along, the result is the same bits."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest

import landscape as ls
from landscape.ensemble.parts import Packed, Pair, Work, do
from landscape.language import speaking

distributed = pytest.importorskip("distributed", reason="needs the extra dask")

# As in an interpreter or a cell: its module is that of the script, and its source is nowhere.
TYPED = """
import dataclasses
import numpy as np
import landscape as ls

SHARE = 0.5

@dataclasses.dataclass(frozen=True)
class Clipped(ls.ElementwiseOptimizer):
    learning_rate: float = ls.parameter(0.01, 1e-5, 1.0, "step size")
    key, title = "clipped", "Clipped"

    @staticmethod
    def rule(x, g, t, learning_rate, slots, hyper):
        return x - SHARE * learning_rate * np.where(np.abs(g) > 1.0, np.sign(g), g), slots

@dataclasses.dataclass(frozen=True)
class Normed(ls.Optimizer):
    learning_rate: float = ls.parameter(0.01, 1e-5, 1.0, "step size")
    key, title = "normed", "Normed"

    def init(self, x):
        return ()

    def update(self, step, state):
        norm = np.linalg.norm(step.gradient, axis=-1, keepdims=True)
        return step.x - step.learning_rate * step.gradient / (norm + SHARE), state

bowl = ls.from_functions(lambda x: SHARE * (x**2).sum(-1), lambda x: 2 * SHARE * x, 2, domain=((-2, 2), (-2, 2)))
"""


@pytest.fixture(scope="module")
def typed():
    space = {"__name__": "__main__"}
    exec(TYPED, space)
    return space


@contextmanager
def dask() -> Iterator[Executor]:
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@contextmanager
def spawned() -> Iterator[Executor]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("executor", [lambda: ThreadPoolExecutor(2), spawned, dask], ids=["threads", "spawn", "dask"])
def test_other_workers_give_the_same_bits(executor, typed):
    starts = ls.SURFACES["himmelblau"].domain.sample(np.random.default_rng(0), 600)
    cases = [
        ("himmelblau", ls.SGD(learning_rate=0.01)),
        ("himmelblau", typed["Clipped"]()),
        (typed["bowl"], typed["Normed"]()),
    ]
    with executor() as workers:
        for surface, optimizer in cases:
            alone = ls.ensemble(surface, optimizer, starts, 50)
            shared = ls.ensemble(surface, optimizer, starts, 50, executor=workers, part_size=200)
            for name in ("points", "values", "gradient_norms", "last", "quiet_from"):
                np.testing.assert_array_equal(getattr(shared, name), getattr(alone, name))
        if not isinstance(workers, ThreadPoolExecutor):
            held = ls.from_functions(Locked(), lambda x: 2 * x, 2, domain=((-2, 2), (-2, 2)))
            with pytest.raises(ls.EnsembleError, match=r"cannot be sent to another process .*locks.*threads"):
                ls.ensemble(held, "sgd", starts, 5, executor=workers)


class Locked:
    """A function that no other process can have."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def __call__(self, x):
        with self.lock:
            return (x**2).sum(-1)


def test_a_module_that_the_worker_lacks_is_named(tmp_path, monkeypatch):
    (tmp_path / "far_away.py").write_text("import landscape as ls\nclass Far(ls.SGD):\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    from far_away import Far

    kind, arguments = Pair(ls.surface("sphere"), Far()).__reduce__()
    monkeypatch.undo()
    del sys.modules["far_away"]
    assert kind is Packed
    with pytest.raises(ImportError, match=r"lacks a module .*'far_away'.* install it there, or define the class"):
        kind(*arguments).unpacked()
    with speaking("ko"):  # the worker speaks the language of who asked, whatever its own is
        asked = Work(kind(*arguments), np.zeros((1, 2)), np.zeros(1), 1e-3, 0, 0)
    with pytest.raises(ImportError, match=r"모듈이 없다.*'far_away'"):
        do(pickle.loads(pickle.dumps(asked)))
