"""Whatever takes long asks at every step whether to go on, and ends where the answer is no."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape import stopping
from landscape.analysis.basins import refine_basins
from landscape.analysis.census import p_spin_census, torus_census
from landscape.analysis.connectivity import bezier_path
from landscape.analysis.manifolds import manifolds
from landscape.claims import CLAIMS
from landscape.curvature.critical import declared_points
from landscape.curvature.density import spectral_density
from landscape.curvature.spectrum import extreme_eigenvalues
from landscape.optimizers import fitting
from landscape.stopping import Cancelled, asking
from landscape.surfaces.networks import Perceptron, Softmax, digits, moons
from landscape.surfaces.random_fields import SphericalPSpin, TorusField


class Patience:
    """A question that is answered with no from the ``limit``-th time on."""

    def __init__(self, limit: int) -> None:
        self.limit, self.asked = limit, 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked >= self.limit:
            raise Cancelled("no more")


def stops(compute: Callable[[], object], limit: int = 3) -> None:
    """Assert that a computation asks ``limit`` times and no more once the answer is no."""
    patience = Patience(limit)
    with asking(patience), pytest.raises(Cancelled):
        compute()
    assert patience.asked == limit


@pytest.mark.parametrize("key", fitting())
def test_a_descent_stops_at_the_next_step(key: str) -> None:
    stops(lambda: ls.descend("himmelblau", key, [[1.0, 1.0], [0.5, 0.0]], 100_000))


@pytest.mark.parametrize("key", ["adam", "trust_region"])
def test_an_ensemble_stops_at_the_next_stretch(key: str) -> None:
    starts = np.random.default_rng(0).uniform(-3, 3, (50, 2))
    stops(lambda: ls.ensemble("himmelblau", key, starts, 5000))


def test_an_ensemble_in_parts_stops_with_its_threads() -> None:
    starts = np.random.default_rng(0).uniform(-3, 3, (50, 2))
    with ThreadPoolExecutor(2) as pool:
        with asking(Patience(3)), pytest.raises(Cancelled):
            ls.ensemble("himmelblau", "trust_region", starts, 5000, executor=pool, part_size=10)
        assert len(ls.ensemble("himmelblau", "sgd", starts, 5, executor=pool, part_size=10).points) == 50


NETWORK = Perceptron(moons(n=30), widths=(4,))
START = NETWORK.starts(1)[0]
LONG: dict[str, Callable[[], Any]] = {
    "basins": lambda: ls.basins("himmelblau", "newton", (40, 40), 500),
    "refined basins": lambda: [*refine_basins("himmelblau", "sgd", (80, 80), 500)],
    "critical points": lambda: ls.critical_points("rastrigin"),
    "critical points of a line": lambda: ls.critical_points("staircase"),
    "tuning": lambda: ls.tuning("himmelblau", ["adam", "newton"], [[1.0, 1.0]], 500),
    "a census": lambda: torus_census(TorusField(n_dims=2)),
    "a census of a glass": lambda: p_spin_census(SphericalPSpin(n_dims=20)),
    "a Bezier path": lambda: bezier_path(NETWORK, START, -START),
    "a spectral density": lambda: spectral_density(NETWORK, START),
    "extreme eigenvalues": lambda: extreme_eigenvalues(NETWORK, START, dense_dims=3),
    "Hessians of many points": lambda: NETWORK.hessian(np.tile(START, (200, 1))),
    "manifolds": lambda: manifolds(
        ls.surface("escaping_saddle"),
        next(p for p in declared_points(ls.surface("escaping_saddle")) if p.kind == "saddle"),
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_an_analysis_stops(name: str) -> None:
    stops(LONG[name], limit=2)


@pytest.mark.parametrize("key", [key for key, claim in CLAIMS.items() if claim.cost != "instant"])
def test_a_claim_that_takes_time_stops(key: str) -> None:
    with asking(Patience(2)), pytest.raises(Cancelled):
        CLAIMS[key].run()


def test_what_is_computed_in_threads_stops_in_all_of_them() -> None:
    model = Softmax(digits())
    patience = Patience(2)
    with asking(patience), pytest.raises(Cancelled):
        model.hessian(np.zeros(model.n_dims))
    asked = patience.asked
    assert model.hessian_vector_product(np.zeros(model.n_dims), np.ones(model.n_dims)).any()
    assert patience.asked == asked


def test_what_is_not_asked_goes_on_and_the_question_ends_with_its_block() -> None:
    patience = Patience(10**9)
    with asking(patience):
        asked = ls.descend("sphere", "sgd", [1.0, 1.0], 10)
    assert patience.asked == 11
    again = ls.descend("sphere", "sgd", [1.0, 1.0], 10)
    assert patience.asked == 11
    np.testing.assert_array_equal(asked.points, again.points)
    with pytest.raises(ZeroDivisionError), asking(lambda: 1 / 0):
        stopping.check()
    stopping.check()


def test_an_inner_question_stands_for_the_outer_one() -> None:
    outer, inner = Patience(10**9), Patience(10**9)
    with asking(outer), asking(inner):
        stopping.check()
    assert (outer.asked, inner.asked) == (0, 1)
