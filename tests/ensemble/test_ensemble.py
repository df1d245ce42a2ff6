from __future__ import annotations

import itertools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.ensemble.walk import _Walk
from landscape.optimizers import fitting
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.surfaces.base import Array
from landscape.surfaces.callables import from_functions
from landscape.surfaces.families import family
from landscape.surfaces.networks import Perceptron, moons
from tests.executors import Dying

RULES = {key: kind for key, kind in ls.OPTIMIZERS.items() if issubclass(kind, ElementwiseOptimizer)}
STEPS = 12


def agree(surface: ls.Surface, rule: ls.Optimizer) -> None:
    """Hold the ends against those of ``descend``."""
    starts = surface.domain.sample(np.random.default_rng(3), 5)
    e, t = ls.ensemble(surface, rule, starts, STEPS), ls.descend(surface, rule, starts, STEPS)
    np.testing.assert_array_equal(e.last, t.last)
    scale = 1.0 + np.abs(t.final_points).max()
    assert_allclose(e.points, t.final_points, rtol=1e-12, atol=1e-12 * scale)
    assert_allclose(e.values, t.final_values, rtol=1e-12, atol=1e-12 * (1.0 + np.abs(t.values[:, 0]).max()))
    scale = 1.0 + np.abs(t.gradient_norms[:, 0]).max()
    assert_allclose(e.gradient_norms, t.final_gradient_norms, rtol=1e-12, atol=1e-12 * scale)


# Compiling takes most of the time: a few of each kind always, the whole gallery among the long tests.
ALWAYS = (
    "framework_example",
    "absolute_value",
    "beale",
    "ackley",
    "eggholder",
    "staircase",
    "dead_relu",
    "mueller_brown",
)


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        pytest.param(surface, rule, id=f"{name}-{rule}", marks=() if name in ALWAYS else pytest.mark.long)
        for (name, surface), rule in zip(ls.SURFACES.items(), itertools.cycle(RULES), strict=False)
    ],
)
def test_every_surface_of_the_gallery_ends_as_in_descend(surface: ls.Surface, key: str) -> None:
    """Each with one rule, in turn; tests/benchmarks/check_ensemble.py takes all pairs."""
    agree(surface, ls.optimizer(key, learning_rate=1e-3))


@pytest.mark.parametrize("key", fitting())
def test_every_rule_ends_as_in_descend(key: str) -> None:
    """The compiled ones, and those that draw or solve and so go through NumPy."""
    agree(ls.surface("saddle"), ls.optimizer(key, learning_rate=1e-3))


@pytest.mark.parametrize("rate", [0.5, 3.0], ids=["at rest", "diverged"])
def test_finished_points_drop_out(rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    steps = _Walk._steps

    def counted(self: _Walk, blocks: Array, begin: int, end: int) -> None:
        lengths.append(end - begin)
        steps(self, blocks, begin, end)

    monkeypatch.setattr(_Walk, "_steps", counted)
    surface = ls.formula("x^2 + y^2", domain=((-2, 2), (-2, 2)))
    e = ls.ensemble(surface, ls.SGD(learning_rate=rate), [[1.0, -2.0], [0.5, 0.25]], 100_000)
    assert sum(lengths) < 2_000  # at rest after one step, or beyond all numbers after 450 and once more to say where
    if rate < 1:
        np.testing.assert_array_equal(e.points, 0.0)
        np.testing.assert_array_equal(e.last, 100_000)
    else:
        assert np.isfinite(e.points).all()
        assert (e.last < 1_000).all()


def test_an_executor_and_the_size_of_parts_change_no_bit() -> None:
    surface, rule = ls.surface("himmelblau"), ls.SGD(learning_rate=0.01)
    starts = surface.domain.sample(np.random.default_rng(0), 5000)
    alone = ls.ensemble(surface, rule, starts, 60)  # more than one thread takes at once
    with ThreadPoolExecutor(2) as pool:
        shared = ls.ensemble(surface, rule, starts, 60, executor=pool, part_size=970)
    for name in ("points", "values", "gradient_norms", "last", "quiet_from", "quarter_values"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(shared, name))


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="this system cannot fork")
def test_a_forked_process_makes_its_own_threads() -> None:
    surface, rule = ls.surface("himmelblau"), ls.SGD(learning_rate=0.01)
    starts = surface.domain.sample(np.random.default_rng(0), 5000)
    here = ls.ensemble(surface, rule, starts, 20)
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as child:
        there = child.submit(ls.ensemble, surface, rule, starts, 20).result(timeout=60)
    np.testing.assert_array_equal(there.points, here.points)


def test_a_dying_worker_is_named_and_the_finished_parts_are_kept() -> None:
    surface, rule = ls.surface("himmelblau"), ls.SGD(learning_rate=0.01)
    starts = surface.domain.sample(np.random.default_rng(0), 100)
    with pytest.raises(ls.EnsembleError, match=r"part 3 of 4 .*the worker is gone; 75 of 100") as failed:
        ls.ensemble(surface, rule, starts, 20, executor=Dying(3), part_size=25)
    error, whole = failed.value, ls.ensemble(surface, rule, starts, 20)
    assert error.finished.sum() == 75
    np.testing.assert_array_equal(error.partial.points[error.finished], whole.points[error.finished])
    assert np.isnan(error.partial.points[~error.finished]).all()


def test_a_kernel_is_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDSCAPE_CACHE", str(tmp_path))
    surface = ls.formula("x^2 + 3*y^2 + 0.125*x*y", domain=((-1, 1), (-1, 1)))
    ls.ensemble(surface, ls.SGD(learning_rate=0.01), [[0.5, 0.5]], 3)
    assert len(list(tmp_path.rglob("*.kernel"))) == 1


@pytest.mark.parametrize("n_steps", [0, 1, 40])
@pytest.mark.parametrize(
    ("formula", "starts"),
    [
        ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", [[1e200, 1.0], [1.0, 1.0]]),
        ("1/x + y^2", [[0.0, 0.5], [0.5, 0.5]]),
        ("log(x) + y^2", [[-0.5, 0.5], [0.5, 0.5]]),
        ("sqrt(x) + y^2", [[0.0, 0.5], [0.5, 0.5]]),
    ],
)
@pytest.mark.parametrize("key", ["sgd", "perturbed_gd"])
def test_starts_without_a_finite_value_or_gradient_end_where_they_began(
    formula: str, starts: list[list[float]], n_steps: int, key: str
) -> None:
    surface, rule = ls.formula(formula, domain=((-6, 6), (-6, 6))), ls.optimizer(key, learning_rate=1e-3)
    e, t = ls.ensemble(surface, rule, starts, n_steps), ls.descend(surface, rule, starts, n_steps)
    np.testing.assert_array_equal(e.last, t.last)
    assert_allclose(e.points, t.final_points, rtol=1e-12)
    assert list(e.outcomes) == list(t.outcomes)
    assert e.quiet_from[0] == e.last[0] + 1


def test_what_a_dead_worker_left_undone_has_not_diverged() -> None:
    surface = ls.surface("himmelblau")
    starts = surface.domain.sample(np.random.default_rng(0), 100)
    with pytest.raises(ls.EnsembleError) as failed:
        ls.ensemble(surface, ls.SGD(learning_rate=0.01), starts, 20, executor=Dying(3), part_size=25)
    missing = failed.value.partial.outcomes[~failed.value.finished]
    assert {outcome.word for outcome in missing} == {"undefined"}


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"executor": 3}, TypeError, r"executor must be a concurrent.futures.Executor, not int"),
        ({"seed": -1}, ValueError, "seed must be 0 or more, not -1"),
        ({"part_size": 0}, ValueError, "part_size must be at least 1"),
        ({"threshold": 0.0}, ValueError, "threshold must be above 0"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        ls.ensemble(ls.surface("himmelblau"), ls.SGD(), [[0.0, 0.0]], 5, **changes)


@pytest.mark.parametrize(
    ("formula", "rule", "n_steps"),
    [("w^4/4", ls.Adam(learning_rate=0.05), 3000), ("w^3", ls.SGD(learning_rate=0.01), 30_000)],
)
def test_ends_near_a_degenerate_point_are_called_what_descend_calls_them(
    formula: str, rule: ls.Optimizer, n_steps: int
) -> None:
    surface = ls.formula(formula, domain=((-2, 2),))
    starts = np.linspace(0.05, 1.0, 20)[:, None]
    e, t = ls.ensemble(surface, rule, starts, n_steps), ls.descend(surface, rule, starts, n_steps)
    assert list(e.outcomes) == list(t.outcomes)
    assert len(e.critical_points) == 1


PLAIN: dict[str, ls.Surface] = {
    "turned by a cosine transform": family("two_point_saddle", n_dims=1500, rotated=True),
    "on a sphere": family("p_spin", n_dims=20),
    "matrices": family("gaussian_field", n_dims=20),
    "network": Perceptron(moons(n=30), widths=(4,)),
    "functions": from_functions(lambda x: np.cumsum(x**4, axis=-1)[..., -1], lambda x: 4 * x**3, 3000, batched=True),
}


@pytest.mark.parametrize("key", ["adam", "sgd", "perturbed_gd"])
@pytest.mark.parametrize("name", PLAIN)
def test_what_is_not_compiled_ends_as_in_descend_bit_for_bit(name: str, key: str) -> None:
    """However many go together, and although a part of the starts leaves all numbers."""
    surface = PLAIN[name]
    starts = surface.domain.sample(np.random.default_rng(1), 40)
    starts[::7] *= 1e60
    rule = ls.optimizer(key, learning_rate=1e-3)
    e, t = ls.ensemble(surface, rule, starts, 25), ls.descend(surface, rule, starts, 25)
    np.testing.assert_array_equal(e.last, t.last)
    np.testing.assert_array_equal(e.points, t.final_points)
    np.testing.assert_array_equal(e.values, t.final_values)
    np.testing.assert_array_equal(e.gradient_norms, t.final_gradient_norms)
    assert list(e.outcomes) == list(t.outcomes)
