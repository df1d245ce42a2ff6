"""Whatever takes long tells how far it is, in one way, and stops where the one who is told says so."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import tqdm

import landscape as ls
from landscape import progress
from landscape.claims import CLAIMS
from landscape.curvature.critical import declared_points
from landscape.lecture import Lecture, Slide, save
from landscape.progress import counting, telling
from landscape.render import FORMATS
from landscape.stopping import Cancelled
from landscape.surfaces.networks import Perceptron, moons
from landscape.surfaces.random_fields import SphericalPSpin, TorusField

NETWORK = Perceptron(moons(n=30), widths=(4,))
START = NETWORK.starts(1)[0]
SADDLE = ls.surface("escaping_saddle")
RUN = ls.descend(NETWORK, "sgd", START, 20)
PLANE = ls.random_plane(START)
MANY = np.random.default_rng(0).uniform(-3, 3, (300, 2))

LONG: dict[str, Callable[..., Any]] = {
    "descend": lambda **told: ls.descend("himmelblau", "adam", [[1.0, 1.0]], 50, **told),
    "run": lambda **told: ls.Experiment("himmelblau", ("sgd", "adam"), [(1.0, 1.0)], 50).run(**told),
    "ensemble": lambda **told: ls.ensemble("himmelblau", "adam", MANY, 500, **told),
    "an ensemble through NumPy": lambda **told: ls.ensemble("himmelblau", "newton", MANY, 30, **told),
    "an ensemble in an executor": lambda **told: ls.ensemble(
        "himmelblau", "adam", MANY, 50, executor=ThreadPoolExecutor(2), part_size=50, **told
    ),
    "critical_points": lambda **told: ls.critical_points("himmelblau", **told),
    "critical points of a line": lambda **told: ls.critical_points("staircase", **told),
    "critical points from starts": lambda **told: ls.critical_points("himmelblau", starts=MANY, **told),
    "spectrum": lambda **told: ls.spectrum(NETWORK, START, k=1, dense_dims=3, n_steps=5, **told),
    "spectrum, dense": lambda **told: ls.spectrum(NETWORK, START, ("hessian", "fisher"), **told),
    "top_eigenvalues": lambda **told: ls.top_eigenvalues(NETWORK, START, 1, dense_dims=3, **told),
    "extreme_eigenvalues": lambda **told: ls.extreme_eigenvalues(NETWORK, START, dense_dims=3, **told),
    "spectral_density": lambda **told: ls.spectral_density(NETWORK, START, **told),
    "hessian_trace": lambda **told: ls.hessian_trace(NETWORK, START, **told),
    "spectrum_along": lambda **told: ls.spectrum_along(NETWORK, RUN.points[0, :3], [0, 1, 2], 0.1, **told),
    "sharpness_along": lambda **told: ls.sharpness_along(NETWORK, RUN.points[0, :3], **told),
    "slice_surface": lambda **told: ls.slice_surface(NETWORK, PLANE, [0.0, 1.0], [0.0, 1.0], **told),
    "bezier_path": lambda **told: ls.bezier_path(NETWORK, START, -START, n_steps=20, **told),
    "torus_census": lambda **told: ls.torus_census(TorusField(n_dims=2), **told),
    "p_spin_census": lambda **told: ls.p_spin_census(SphericalPSpin(n_dims=10), **told),
    "tuning": lambda **told: ls.tuning("himmelblau", ["adam", "newton"], [[1.0, 1.0]], 50, [0.01, 0.1], [0.5], **told),
    "basins": lambda **told: ls.basins("himmelblau", ["sgd", "newton"], (20, 20), 50, **told),
    "survival": lambda **told: ls.survival("sphere", ["sgd", "adam"], ls.Grid(10), 50, **told),
    "escapes": lambda **told: ls.escapes("sgd", [1e-3, 1e-5], **told),
    "edge_study": lambda **told: ls.edge_study([RUN], 5, **told),
    "high_dims_study": lambda **told: ls.high_dims_study([RUN], "random", grid=5, **told),
    "manifolds": lambda **told: ls.manifolds(
        SADDLE, next(p for p in declared_points(SADDLE) if p.kind == "saddle"), **told
    ),
    "a claim": lambda **told: CLAIMS["random_walk"].run(**told),
}


def told_of(compute: Callable[..., Any]) -> list[tuple[int, int, str]]:
    told: list[tuple[int, int, str]] = []
    compute(progress=lambda *said: told.append(said))
    return told


@pytest.mark.parametrize("name", LONG)
def test_all_is_told_from_nothing_to_the_whole(name: str) -> None:
    told = told_of(LONG[name])
    assert len(told) >= 2
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 0
    (total,) = {total for _, total, _ in told}
    done = [done for done, _, _ in told]
    assert done == sorted(done)
    assert all(type(number) is int for number in (*done, total))
    assert all(what and isinstance(what, str) for _, _, what in told)


@pytest.mark.parametrize("name", LONG)
def test_the_answer_false_stops_it(name: str) -> None:
    answers = iter([True, False])
    with pytest.raises(Cancelled):
        LONG[name](progress=lambda *said: next(answers))
    assert not list(answers)


def test_every_public_function_that_takes_it_is_looked_at() -> None:
    taking = {
        name
        for name in ls.__all__
        if inspect.isfunction(getattr(ls, name)) and "progress" in inspect.signature(getattr(ls, name)).parameters
    }
    assert taking <= set(LONG)


@pytest.mark.parametrize("ending", [ending for ending, kind in FORMATS.items() if not kind.slow])
def test_what_is_written_at_once_takes_it_too(ending: str, tmp_path: Any) -> None:
    scene = ls.Experiment("himmelblau", ("sgd",), [(1.0, 1.0)], 3).run().scene()
    scene.save(tmp_path / f"f.{ending}", progress=lambda *said: None)


def test_a_lecture_tells_each_slide(tmp_path: Any) -> None:
    told = told_of(lambda **to: save(Lecture("Mine", (Slide("One"), Slide("Two"))), tmp_path / "deck.html", **to))
    assert told == [(0, 2, "slides"), (0, 2, "One"), (1, 2, "One"), (1, 2, "Two"), (2, 2, "Two")]


def test_what_the_one_who_is_told_raises_stops_it() -> None:
    with pytest.raises(ZeroDivisionError):
        ls.descend("sphere", "sgd", [1.0, 1.0], 10, progress=lambda *said: 1 / 0)


@pytest.mark.parametrize("wrong", ["yes", 3, 1.0, [print]])
def test_who_cannot_be_told_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="progress is True, False or a function"):
        ls.descend("sphere", "sgd", [1.0, 1.0], 10, progress=wrong)


def test_a_part_is_told_to_who_asked_for_the_whole_and_an_early_end_is_the_end() -> None:
    told: list[tuple[int, int, str]] = []
    with counting(30, "whole", lambda *said: told.append(said)) as count:
        with count.part(20, "first"), counting(4, "inner") as inner:
            inner.advance()
        with telling(False), counting(2, "silent") as silent:
            silent.advance()
        with counting(5, "other", lambda *said: None) as other:
            other.advance()
        count.advance(3)
    assert told == [
        (0, 30, "whole"), (0, 30, "first"), (0, 30, "first"), (5, 30, "first"), (20, 30, "first"), (20, 30, "first"),
        (23, 30, "first"), (30, 30, "first"),
    ]  # fmt: skip


def test_a_bar_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    ls.descend("sphere", "sgd", [1.0, 1.0], 10)
    ls.descend("sphere", "sgd", [1.0, 1.0], 10, progress=False)
    assert capsys.readouterr() == ("", "")
    ls.descend("sphere", "sgd", [1.0, 1.0], 10, progress=True)
    assert "SGD" in capsys.readouterr().err
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    ls.descend("sphere", "sgd", [1.0, 1.0], 10, progress=True)
    assert "100%  SGD (lr 0.001)\n" in capsys.readouterr().err


def test_at_a_prompt_a_bar_comes_once_it_takes_long(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert tqdm.__version__
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    ls.descend("sphere", "sgd", [1.0, 1.0], 10)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    ls.descend("sphere", "sgd", [1.0, 1.0], 10)
    assert "SGD" in capsys.readouterr().err
