"""Names where objects are wanted, and what a first mistake is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import landscape as ls

GROUND = ls.surface("himmelblau")
START = [[1.0, 1.0]]


def test_names_stand_for_what_they_name() -> None:
    run = ls.descend("himmelblau", "adam", START, 20, schedule="cosine")
    same = ls.descend(GROUND, ls.Adam(), START, 20, schedule=ls.schedule("cosine"))
    np.testing.assert_array_equal(run.points, same.points)
    np.testing.assert_array_equal(ls.ensemble("himmelblau", "adam", START, 20, "cosine").points, run.final_points)
    assert len(ls.critical_points("himmelblau")) == 9
    assert ls.tuning("himmelblau", "sgd", START, 5, [0.01]).losses.shape == (1, 1)
    assert ls.Experiment("himmelblau", "adam", START, 5, schedule="cosine").run().experiment.schedule is not None
    assert ls.escapes("sgd", 1e-3).measured == ls.escapes(ls.SGD(), (1e-3,)).measured
    np.testing.assert_array_equal(ls.random_starts(GROUND, 3), ls.random_starts(GROUND.domain, 3))
    assert ls.grid_starts(GROUND, 2).shape == (4, 2)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: ls.descend(GROUND, ls.Adam, START, 3), TypeError, "not the class Adam: call it"),
        (lambda: ls.surface([]), TypeError, "name must be that of a surface, as text, not list"),
        (lambda: ls.Domain("x", "y"), TypeError, "a tuple of numbers, not str"),
        (lambda: ls.Parameter("rate", 1.0, "low", 2.0), TypeError, "must be numbers, not str"),
        (lambda: ls.parse_table(5), TypeError, "table must be text or bytes, .* not int"),
        (lambda: ls.read_table(5), TypeError, "path must be text or a path, not int"),
        (lambda: ls.load(None), TypeError, "path must be text or a path, not NoneType"),
        (lambda: ls.descend(3, "adam", START, 3), TypeError, "surface must be a Surface or a registered name, not int"),
        (lambda: ls.descend(GROUND, "adm", START, 3), ls.UnknownName, "did you mean 'adam'"),
        (lambda: ls.descend(GROUND, "adam", START, 3, schedule=0.5), TypeError, "schedule must be a Schedule"),
        (lambda: ls.descend(GROUND, "adam", START, 3, noise="gaussian"), TypeError, r"ls\.GaussianNoise"),
        (lambda: ls.descend(GROUND, "adam", START, 3, seed=-1), ValueError, "seed must be 0 or more, not -1"),
        (lambda: ls.ensemble(GROUND, "adam", START, "3"), TypeError, "n_steps must be a whole number, not '3'"),
        (lambda: ls.critical_points(GROUND, resolution="a"), TypeError, "resolution must be a whole number"),
        (lambda: ls.critical_points(GROUND, starts=[[np.nan, 1.0]]), ValueError, "start 0 is not finite"),
        (lambda: ls.manifolds(GROUND, [1.0, 2.0]), TypeError, "saddle must be a CriticalPoint"),
        (lambda: ls.random_starts([1, 2], 3), TypeError, "domain must be a Domain"),
        (lambda: ls.grid_starts(ls.surface("rosenbrock", 10), 10), ValueError, "at most 5 are possible in 10"),
        (lambda: next(ls.refine_basins(GROUND, "sgd", (10,))), ValueError, "number of pixels along"),
    ],
)
def test_a_first_mistake_is_told_what_to_give(call: Callable[[], Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()
