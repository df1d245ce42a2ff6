"""One account of work and memory: asked before anything is built, right in its order, with what would fit."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

import landscape as ls
from landscape.optimizers import fitting
from landscape.recipe.cost import Budget, Demand, of_ensemble_step, of_run, of_step
from landscape.surfaces.families import family

PAGE = Budget(dims=10_000)


def experiment(surface: Any, key: str = "sgd", starts: Any = None, n_steps: int = 10) -> ls.Experiment:
    return ls.Experiment(surface, key, starts or ls.Random(1), n_steps)


def test_work_grows_with_what_makes_it() -> None:
    digits, iris = ls.Softmax(ls.data("digits")), ls.Softmax()
    sgd, newton = ls.SGD(), ls.Newton()
    assert of_step(digits, sgd) > 30 * of_step(iris, sgd)
    assert of_step(digits, newton) > 500 * of_step(digits, sgd)
    assert of_step(family("trid", 1000), newton) > 1000**3 / 200
    assert of_step(iris, sgd, 1000) > 10 * of_step(iris, sgd)
    short, long = (ls.formula(text, ((-1, 1), (-1, 1))) for text in ("x + y^2", "+".join(["x*y"] * 60)))
    assert of_step(long, sgd) > of_step(short, sgd)
    assert of_run(experiment(iris, n_steps=20)).moves == 2 * of_run(experiment(iris, n_steps=10)).moves
    assert of_run(experiment(iris, n_steps=20), keep=2).numbers < of_run(experiment(iris, n_steps=20)).numbers
    assert Demand().share == 0 < of_run(experiment(iris)).share < of_run(experiment(digits, "newton", n_steps=10)).share
    assert Demand(moves=1e30).share == Demand(numbers=1e30).share == 1


@pytest.mark.parametrize("key", fitting())
def test_a_step_of_few_starts_is_never_free_and_only_ends_are_never_dearer(key: str) -> None:
    surface, optimizer = ls.surface("ackley"), ls.OPTIMIZERS[key]()
    assert of_step(surface, optimizer) >= surface.call_cost
    assert 0 < of_ensemble_step(surface, optimizer, 1000) <= of_step(surface, optimizer, 1000)


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (experiment(ls.Softmax(ls.data("digits")), "newton", n_steps=2200), "steps do not"),
        (experiment(family("p_spin", 10_000, p=2)), "holds 2e"),
        (experiment(family("phase_retrieval", 4700)), "holds"),
        (experiment(family("gaussian_field", 10_000, n_waves=13_400)), "holds"),
        (experiment(family("rastrigin", 10_000), starts=ls.Random(200), n_steps=2000), "steps do"),
        (experiment(family("rastrigin", 20_000)), "up to 10,000 dimensions"),
        (experiment("himmelblau", "trust_region", ls.Random(1000), 10_000), "steps do not"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.surface.name}-{value.optimizers[0].key}",
)
def test_what_is_too_large_is_refused_with_what_fits(recipe: ls.Experiment, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PAGE.allow(recipe)


def test_what_fits_by_the_sentence_fits() -> None:
    large = experiment(ls.Softmax(ls.data("digits")), "adam", n_steps=10**9)
    with pytest.raises(ValueError, match="steps do") as refusal:
        PAGE.allow(large)
    said = re.search(r"([\d,]+) steps do not;", str(refusal.value))
    assert said is not None
    fit = int(said[1].replace(",", ""))
    PAGE.allow(large.replace(n_steps=fit))
    with pytest.raises(ValueError, match="steps do not"):
        PAGE.allow(large.replace(n_steps=fit + 1))


def test_memory_is_counted_apart_from_work() -> None:
    lean = experiment(family("two_point_saddle", 10_000), n_steps=20_000)
    with pytest.raises(ValueError, match="do not fit in memory here"):
        PAGE.allow(lean)
    PAGE.allow(lean, keep=1600)


def test_what_looks_at_a_run_counts_beside_it() -> None:
    run = experiment(family("two_point_saddle", 1000), n_steps=10_000)
    PAGE.allow(run, study=Demand(PAGE.study_moves, PAGE.numbers / 10))
    with pytest.raises(ValueError, match=r"too long, by a factor of 3; fewer dimensions"):
        PAGE.allow(run, study=Demand(moves=3 * PAGE.study_moves))
    with pytest.raises(ValueError, match="do not fit in memory here"):
        PAGE.allow(run, study=Demand(numbers=0.9 * PAGE.numbers))


# What a page does with a link before anything is drawn, in a process that may take no more than this.
GIB = 1024**3
CHECK = """
import resource, sys
import app.sitemap
from tests.worst_links import WORST, opened
import landscape.surfaces.families, landscape.claims
resource.setrlimit(resource.RLIMIT_AS, (int(open("/proc/self/statm").read().split()[0]) * 4096 + {room},) * 2)
for page, query in WORST:
    if page != "how-do-you-know":
        opened(page, query)
print("whole")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit of memory is set as Linux has it")
def test_no_link_takes_memory_before_it_is_allowed() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK.format(room=GIB // 2)], capture_output=True, text=True)
    assert done.stdout.strip().endswith("whole"), done.stderr[-2000:]
