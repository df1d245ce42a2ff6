"""Surfaces of many dimensions as compiled loops over coordinates: read from their own NumPy code, or left to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import landscape as ls
from landscape.ensemble import kernels
from landscape.ensemble.sweeps import sweeps_of
from landscape.optimizers.base import ElementwiseOptimizer
from landscape.surfaces.base import Array
from landscape.surfaces.callables import from_functions
from landscape.surfaces.families import FAMILIES, family
from landscape.surfaces.family import Family
from landscape.surfaces.networks import NETWORKS, network
from tests.ensemble.test_ensemble import agree

RULES = [key for key, kind in ls.OPTIMIZERS.items() if issubclass(kind, ElementwiseOptimizer)]

# Products with matrices, which BLAS does, and what lives on a sphere.
PLAIN = {
    key for key, kind in FAMILIES.items() if kind.__module__.split(".")[2] in ("random_fields", "networks", "matrices")
}


def many(key: str, n_dims: int = 12) -> ls.Surface:
    """Return a family in so many dimensions where it can have them, or a network."""
    if key in NETWORKS:
        return network(key)
    chooses = FAMILIES[key].__dataclass_fields__["n_dims"].init
    return family(key, n_dims) if chooses and key not in PLAIN else family(key)


@pytest.mark.parametrize(("key", "rule"), list(zip([*FAMILIES, *NETWORKS], itertools.cycle(RULES))))
def test_every_family_and_network_ends_as_in_descend(key: str, rule: str) -> None:
    """Each with one rule, in turn; tests/benchmarks/check_ensemble.py takes all pairs."""
    agree(many(key), ls.optimizer(rule, learning_rate=1e-3))


@pytest.mark.parametrize("key", FAMILIES)
def test_every_family_without_matrices_is_compiled(key: str) -> None:
    sweeps = sweeps_of(many(key))
    assert (sweeps is None) == (key in PLAIN)


@pytest.mark.parametrize(
    "surface",
    [
        *(family(key, n) for key in ("rosenbrock", "dixon_price") for n in (2, 3, 4, 5)),
        *(family(key, n) for key in ("trid", "levy", "rastrigin", "griewank") for n in (1, 2, 3)),
        *(family("powell", n) for n in (4, 8)),
        family("flat_floor", 7),
        family("two_point_saddle", 3, index=3),
    ],
    ids=lambda surface: f"{surface.name}-{surface.n_dims}",
)
def test_ends_of_a_chain_are_as_they_are(surface: ls.Surface) -> None:
    """The first and the last coordinates have formulas of their own; of few dimensions there are no others."""
    assert sweeps_of(surface) is not None
    agree(surface, ls.SGD(learning_rate=1e-3))


def test_the_number_of_dimensions_and_the_settings_are_not_in_the_machine_code() -> None:
    rule = ls.SGD()
    one, other = (
        kernels.loop_of(surface, rule)
        for surface in (family("rosenbrock", 30, a=1.25, b=50.0), family("rosenbrock", 41, a=1.5, b=70.0))
    )
    assert one is not None
    assert other is not None
    assert one.kernel is other.kernel


def test_starts_that_rest_diverge_or_never_started_are_told_as_by_descend() -> None:
    surface, rule = family("rosenbrock", 33), ls.Momentum(learning_rate=1e-4)
    starts = surface.domain.sample(np.random.default_rng(2), 100)
    starts[0] = 1.0
    starts[1:40:3] *= 1e60
    starts[2:40:3] *= 30.0
    starts[5, 7] = 1e200
    e, t = ls.ensemble(surface, rule, starts, 300), ls.descend(surface, rule, starts, 300)
    np.testing.assert_array_equal(e.last, t.last)
    np.testing.assert_array_equal(e.points, t.final_points)
    np.testing.assert_allclose(e.values, t.final_values, rtol=1e-12)
    assert list(e.outcomes) == list(t.outcomes)
    assert {0, 300} < set(e.last.tolist())


def test_parts_and_threads_change_no_bit() -> None:
    surface, rule = family("ackley", 50), ls.Adam(learning_rate=0.01)
    starts = surface.domain.sample(np.random.default_rng(0), 700)
    alone = ls.ensemble(surface, rule, starts, 30, "cosine")
    with ThreadPoolExecutor(2) as pool:
        shared = ls.ensemble(surface, rule, starts, 30, "cosine", executor=pool, part_size=97)
    for name in ("points", "values", "gradient_norms", "last", "quiet_from", "quarter_values"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(shared, name))


def test_too_many_coordinates_for_the_cache_go_through_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "MOST_NUMBERS", 32 * 100)
    assert kernels.loop_of(family("rastrigin", 90), ls.SGD()) is not None
    assert kernels.loop_of(family("rastrigin", 90), ls.Adam()) is None
    agree(family("rastrigin", 90), ls.Adam())


@dataclass(frozen=True)
class _Own(Family):
    """A family such as a user writes; the formula is the class's."""

    n_dims: int = 24

    key, label, teaches, reference = "own", "Own", "", ""
    box = -1.0, 1.0

    def latex(self) -> str:
        return "f"

    def hessian_vector_product(self, x: Any, v: Any) -> Array:
        raise NotImplementedError


class Written(_Own):
    """Slices share their elements with what they are taken from, however they are written to."""

    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        gradient = np.zeros_like(x)
        inner = gradient[..., 1:-1]
        inner += x[..., 2:] - x[..., :-2]
        inner[..., 3] *= 2.0
        np.multiply(inner, 0.5, out=inner)
        gradient[..., 0] = x[..., 0] ** 3
        gradient[..., -1] = np.where(x[..., -1] > 0, 1.0, x[..., 1])
        return (x**2).mean(axis=-1) + np.sum(np.abs(x[..., 3:7]), axis=-1), gradient


class Shared(_Own):
    """A slice is read after its array was changed, and a copy does not change with it."""

    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        gradient = self.points(x) * 2.0
        head, copied = gradient[..., :3], gradient[..., :3].copy()
        pairs, mixed = gradient.reshape(*gradient.shape[:-1], -1, 2), gradient[..., ::2].reshape(*x.shape[:-1], -1, 2)
        gradient[..., 0] = 0.0
        pairs[..., 0, 1] = 5.0
        apart = mixed[..., 0, 0] + pairs[..., 0, 0]
        return np.square(x).sum(axis=-1) + apart, gradient + (head - copied).sum(axis=-1, keepdims=True)


class ToTheFirst(_Own):
    """All coordinates are drawn to the first, and their mean to the power of 1.5."""

    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        away = x - x[..., :1]
        near = 1.0 / (1.0 + np.linalg.norm(away, axis=-1, keepdims=True) ** 1.5)
        return (near * away**2).sum(axis=-1), near * np.concatenate([away[..., 1:] ** 5, away[..., 1:2]], axis=-1)


class SecondNeighbours(_Own):
    """A chain whose neighbours are two apart, and whose formula alternates."""

    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        bend = x[..., 2:] - 2 * x[..., 1:-1] + x[..., :-2]
        gradient = np.zeros_like(x)
        gradient[..., 2:] += 2 * bend
        gradient[..., 1:-1] -= 4 * bend
        gradient[..., :-2] += 2 * bend
        return (bend * bend).sum(axis=-1), gradient


class Alternating(_Own):
    """Odd and even coordinates have formulas of their own."""

    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        gradient = np.empty_like(x)
        gradient[..., ::2] = np.tanh(x[..., ::2]) * x[..., 1::2]
        gradient[..., 1::2] = np.exp(-x[..., 1::2])
        return np.einsum("...i,...i->...", x, x), gradient


class Branching(_Own):
    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        return (x**2).sum(axis=-1), 2 * x if np.all(x > 0) else 3 * x


class Unknown(_Own):
    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        return np.cumsum(x, axis=-1)[..., -1], np.clip(x, -0.5, 0.5)


class Strict(_Own):
    """As what is compiled otherwise does: it takes arrays of NumPy only."""

    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        if not isinstance(x, np.ndarray):
            raise TypeError("an array of NumPy is needed")
        return (x * x).sum(axis=-1), 2 * x


class Backwards(_Own):
    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        return (x * x[..., ::-1]).sum(axis=-1), 2 * x[..., ::-1]


class Endless(_Own):
    def value_and_gradient(self, x: Any) -> tuple[Array, Array]:
        x = self.points(x)
        z = x
        for _ in range(3000):
            z = 0.5 * z + x
        return (z * z).sum(axis=-1), z


@pytest.mark.parametrize("kind", [Written, Shared, ToTheFirst, SecondNeighbours, Alternating])
def test_what_a_user_writes_is_compiled_as_it_stands(kind: Callable[[], Family]) -> None:
    assert sweeps_of(kind()) is not None
    agree(kind(), ls.Momentum(learning_rate=1e-2))


@pytest.mark.parametrize("kind", [Branching, Unknown, Strict, Backwards, Endless])
def test_what_no_loop_says_goes_through_numpy(kind: Callable[[], Family]) -> None:
    assert sweeps_of(kind()) is None
    agree(kind(), ls.Momentum(learning_rate=1e-2))


RNG = np.random.default_rng(0)
FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, Any]]] = {
    "a point at a time": (lambda x: x @ x / 2 + np.cos(x).sum(), lambda x: x - np.sin(x), {}),
    "many at once": (lambda x: (x**4).sum(axis=-1), lambda x: 4 * x**3, {"batched": True}),
    "both in one": (
        lambda x: np.dot(x, x),
        lambda x: 2 * x,
        {"value_and_gradient": lambda x: (np.dot(x, x), np.exp(x))},
    ),
    "a number": (lambda x: 1.5, lambda x: np.ones_like(x), {}),
}
PLAIN_FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any], dict[str, Any]]] = {
    "a loop": (lambda x: sum(u * u for u in x), lambda x: 2 * x, {}),
    "a list": (lambda x: float(x @ x), lambda x: [2 * u for u in x], {}),
    "a matrix": (lambda x: x @ np.eye(len(x)) @ x, lambda x: 2 * x, {}),
}


@pytest.mark.parametrize("name", [*FUNCTIONS, *PLAIN_FUNCTIONS])
def test_functions_of_a_user_end_as_in_descend(name: str) -> None:
    value, gradient, others = (FUNCTIONS | PLAIN_FUNCTIONS)[name]
    surface = from_functions(value, gradient, 20, **others)
    assert (sweeps_of(surface) is None) == (name in PLAIN_FUNCTIONS)
    agree(surface, ls.Momentum(learning_rate=1e-2))


def test_a_gradient_with_noise_of_its_own_is_not_taken_for_a_function() -> None:
    """What is drawn anew at every call would be the same at every step of a loop."""
    noisy = from_functions(lambda x: x @ x, lambda x: 2 * x + RNG.normal(size=x.shape), 20)
    assert sweeps_of(noisy) is None
