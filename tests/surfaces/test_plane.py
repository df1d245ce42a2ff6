"""The gallery: every surface against a second opinion, and what each declares against itself and the literature."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.curvature.critical import declared_points
from landscape.language import speaking
from landscape.language.pseudo import PSEUDO
from landscape.surfaces import groups
from landscape.surfaces.families import FAMILIES
from landscape.surfaces.networks import NETWORKS
from landscape.surfaces.plane import GALLERY, GROUPS
from tests.surfaces.probes import difference, probe_points

every_surface = pytest.mark.parametrize("surface", ls.SURFACES.values(), ids=ls.SURFACES)

# What the lecture's gallery must hold, by group.
ASKED = {
    "first_steps": ("framework_example", "sphere", "quadratic"),
    "ravines": ("rosenbrock", "beale", "booth", "matyas", "zakharov", "curved_valley", "scalar_product"),
    "local_minima": (
        *("himmelblau", "styblinski_tang", "six_hump_camel", "three_hump_camel", "rastrigin", "ackley", "griewank"),
        *("levy", "schaffer_2", "easom", "goldstein_price", "eggholder", "cross_in_tray", "bukin_6", "drop_wave"),
        *("tilted_double_well", "gaussian_wells"),
    ),
    "saddles": (
        *("saddle", "escaping_saddle", "monkey_saddle", "degenerate_saddle", "mueller_brown", "sequential_saddles"),
        "curvature_saddle",
    ),
    "plateaus": (
        *("plateau", "sigmoid_cliff", "saturated_neuron_squared", "saturated_neuron_cross_entropy", "staircase"),
        "exploding_gradient_cliff",
    ),
}

# Lowest values that the literature gives (Jamil & Yang 2013, arXiv:1308.4008; Surjanovic & Bingham 2013).
PUBLISHED = {
    "rosenbrock": 0.0,
    "beale": 0.0,
    "booth": 0.0,
    "matyas": 0.0,
    "zakharov": 0.0,
    "himmelblau": 0.0,
    "styblinski_tang": -78.33233140754282,
    "three_hump_camel": 0.0,
    "six_hump_camel": -1.031628453489877,
    "goldstein_price": 3.0,
    "rastrigin": 0.0,
    "ackley": 0.0,
    "griewank": 0.0,
    "levy": 0.0,
    "schaffer_2": 0.0,
    "easom": -1.0,
    "cross_in_tray": -2.062611870822739,
    "bukin_6": 0.0,
    "drop_wave": -1.0,
    "mueller_brown": -146.69951720995402,
}


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def inside(surface, rng):
    """Points of the domain off the axes, where kinks mostly lie."""
    x = probe_points(surface, rng, 6)
    return x[np.isfinite(surface.value(x))]


def test_the_gallery_holds_what_was_asked_for():
    assert len(ls.SURFACES) >= 36
    assert list(GALLERY) == list(GROUPS)
    for group, names in ASKED.items():
        assert set(names) <= {surface.name for surface in GALLERY[group]}


@every_surface
def test_gradient_is_the_derivative_of_the_value(surface, rng):
    step = 3e-4 * surface.domain.diagonal ** (2 / 3) / 10
    for x in inside(surface, rng):
        for v in np.eye(surface.n_dims):
            second = difference(surface.value, x, v, step)
            scale = max(1.0, abs(second), abs(surface.value(x)) * 1e-3)
            assert_allclose(surface.gradient(x) @ v, second, atol=2e-6 * scale, rtol=2e-6)


@every_surface
def test_hessian_is_the_derivative_of_the_gradient(surface, rng):
    step = 3e-4 * surface.domain.diagonal ** (2 / 3) / 10
    for x in inside(surface, rng):
        hessian = surface.hessian(x)
        assert_allclose(hessian, hessian.T, rtol=1e-12, atol=1e-300)
        for v in np.eye(surface.n_dims):
            second = difference(surface.gradient, x, v, step)
            scale = max(1.0, np.abs(second).max(), np.abs(surface.gradient(x)).max() * 1e-3)
            assert_allclose(hessian @ v, second, atol=2e-6 * scale, rtol=2e-6)
        w = rng.standard_normal(surface.n_dims)
        assert_allclose(
            surface.hessian_vector_product(x, w), hessian @ w, rtol=1e-12, atol=1e-12 * np.abs(hessian).max()
        )


@every_surface
def test_a_batch_is_a_loop(surface, rng):
    x = surface.domain.sample(rng, 6).reshape(2, 3, -1)
    value, gradient = surface.value_and_gradient(x)
    hessian = surface.hessian(x)
    for i in np.ndindex(2, 3):
        assert_allclose(value[i], surface.value(x[i]), rtol=1e-13, atol=1e-300)
        assert_allclose(gradient[i], surface.gradient(x[i]), rtol=1e-13, atol=1e-300)
        assert_allclose(hessian[i], surface.hessian(x[i]), rtol=1e-13, atol=1e-300)


@every_surface
def test_declared_minima_are_minima(surface, rng):
    assert len(surface.minima) or surface.info.group in ("saddles", "plateaus", "first_steps")
    reach = 1e-3 * surface.domain.diagonal
    for x in surface.minima:
        around = x + reach * rng.uniform(-1, 1, (200, surface.n_dims))
        low = float(surface.value(x))
        assert np.all(surface.value(around) >= low - 1e-9 * max(1.0, abs(low)))
        if surface.info.smooth:
            assert np.linalg.norm(surface.gradient(x)) < 1e-6 * max(1.0, np.abs(surface.hessian(x)).max())


@every_surface
def test_declared_critical_points_have_their_kind(surface):
    for point in declared_points(surface):
        if not surface.info.smooth:
            continue
        assert np.linalg.norm(surface.gradient(point.x)) < 1e-6 * max(1.0, np.abs(surface.hessian(point.x)).max())
        signs = np.sign(np.where(np.abs(point.eigenvalues) < 1e-8, 0.0, point.eigenvalues))
        if point.kind == "minimum":
            assert -1 not in signs
        if point.kind == "maximum":
            assert 1 not in signs
        if point.kind == "saddle" and 0 not in signs:
            assert {-1, 1} <= set(signs)


@pytest.mark.parametrize(("name", "value"), PUBLISHED.items(), ids=PUBLISHED)
def test_lowest_values_are_the_published_ones(name, value):
    surface = ls.surface(name)
    assert_allclose(surface.value(surface.minima).min(), value, rtol=1e-9, atol=1e-9)


def test_eggholders_lowest_value_lies_on_its_edge():
    surface = ls.surface("eggholder")
    assert_allclose(surface.value([512.0, 404.2318051]), -959.6406627, rtol=1e-9)
    assert surface.gradient([512.0, 404.2318051])[0] < -0.1  # and goes on falling outside: no critical point


@every_surface
def test_every_surface_says_what_it_is(surface):
    assert surface.info.teaches.endswith(".")
    assert surface.info.reference
    assert surface.title
    assert surface.latex()
    for parameter in surface.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        for edge in (parameter.low, parameter.high):
            moved = surface.with_settings(**{parameter.name: edge})
            assert np.all(np.isfinite(moved.gradient(moved.domain.center + 0.01)))


def told_of(surface):
    """Everything that people read about a surface, but for citations, which are the same in every language."""
    info, lesson = surface.info, surface.info.lesson
    texts = [info.title, info.teaches, *(parameter.description for parameter in info.parameters)]
    texts += [lesson.question, lesson.words] if lesson else []
    return texts if re.search(r"[12]\d{3}\b", info.reference) else [*texts, info.reference]


def test_all_that_is_told_of_a_surface_is_said_in_the_language_of_the_moment():
    every = [*ls.SURFACES.values(), *(kind() for kind in [*FAMILIES.values(), *NETWORKS.values()])]
    assert len([told_of(surface) for surface in every]) == len(every)  # first in English, as a page may have done
    with speaking(PSEUDO):
        told = [*groups().values(), *(text for surface in every for text in told_of(surface))]
    assert [text for text in told if not text.startswith("[")] == []


@every_surface
def test_recipe_builds_the_same_surface(surface):
    from landscape.surfaces import from_recipe

    assert from_recipe(surface.recipe()) == surface


def test_the_floor_of_the_plateau_is_as_steep_as_the_slider_says():
    surface = ls.surface("plateau")
    slope = next(p for p in surface.parameters if "slope" in p.name or "slope" in p.description)
    for value in (1e-6, 1e-3, 0.05):
        steep = surface.with_settings(**{slope.name: value})
        assert_allclose(np.linalg.norm(steep.gradient(steep.domain.center)), value, rtol=1e-6)


def test_surfaces_that_are_not_smooth_say_so():
    rough = {name for name, surface in ls.SURFACES.items() if not surface.info.smooth}
    assert {"bukin_6", "eggholder", "cross_in_tray", "absolute_value", "dead_relu"} <= rough


def test_the_middle_of_the_drop_wave_has_a_hessian():
    """There (1 + cos(12 r)) / (2 + r^2 / 2) = (2 - 72 r^2) (1 - r^2 / 4) / 2 = 1 - 36.25 r^2, though r has a kink."""
    surface = ls.surface("drop_wave")
    assert_allclose(surface.hessian([0.0, 0.0]), 72.5 * np.eye(2), rtol=1e-12)
    (middle,) = declared_points(surface)
    assert middle.kind == "minimum"
    assert_allclose(middle.eigenvalues, 72.5, rtol=1e-12)
