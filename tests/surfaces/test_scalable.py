"""Surfaces of any dimension: derivatives against differences, declared points, sums that are known, limits."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from landscape.curvature.critical import declared_points
from landscape.errors import UnknownName
from landscape.surfaces.families import FAMILIES, family, from_recipe
from landscape.surfaces.family import check_dense
from landscape.surfaces.scalable import Powell, Rastrigin, Rosenbrock, Separable, StyblinskiTang, SumOfCosines, Trid

from .probes import difference, probe_points

N_DIMS = {"powell": 8, "torus_field": 3, "p_spin": 8}
DERIVED = {name for name, kind in FAMILIES.items() if not kind.__dataclass_fields__["n_dims"].init}


def small(name):
    if name == "quadratic_saddle":
        return family(name, spectrum=[-2.0, -0.5, 0.0, 1.0, 3.0], rotated=True)
    return family(name) if name in DERIVED else family(name, N_DIMS.get(name, 6))


SMALL = {name: small(name) for name in FAMILIES}
VARIANTS = {
    **SMALL,
    "rotated two_point_saddle": family("two_point_saddle", 7, index=2, rotated=True, seed=3),
    "rosenbrock a, b": family("rosenbrock", 5, a=0.7, b=3.0),
    "p_spin p=2": family("p_spin", 6, p=2),
    "p_spin p=4": family("p_spin", 5, p=4),
    "rastrigin small": family("rastrigin", 3, amplitude=0.02),
}
each_surface = pytest.mark.parametrize("surface", VARIANTS.values(), ids=VARIANTS)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@each_surface
def test_gradient_is_the_derivative_of_the_value(surface, rng):
    scale = surface.domain.widths.mean()
    for x in probe_points(surface, rng):
        v = rng.standard_normal(surface.n_dims)
        v /= np.linalg.norm(v)
        slope = surface.gradient(x) @ v
        measured = difference(surface.value, x, v, 1e-4 * scale)
        size = np.linalg.norm(surface.gradient(x)) + abs(surface.value(x)) / scale + 1e-6
        assert_allclose(slope, measured, atol=2e-7 * size)


@each_surface
def test_product_is_the_derivative_of_the_gradient(surface, rng):
    scale = surface.domain.widths.mean()
    points = probe_points(surface, rng)
    if surface.name == "teacher_student":
        points = points[:3]  # the patterns make all its neurons parallel, where the third derivative jumps
    for x in points:
        v = rng.standard_normal(surface.n_dims)
        v /= np.linalg.norm(v)
        product = surface.hessian_vector_product(x, v)
        measured = difference(surface.gradient, x, v, 3e-5 * scale)
        size = np.linalg.norm(product) + np.linalg.norm(surface.gradient(x)) / scale + 1e-6
        assert_allclose(product, measured, atol=3e-7 * size)


@each_surface
def test_dense_hessian_is_symmetric_and_gives_the_products(surface, rng):
    points = surface.domain.sample(rng, 4)
    dense = surface.hessian(points)
    v = rng.standard_normal(points.shape)
    assert dense.shape == (4, surface.n_dims, surface.n_dims)
    size = np.abs(dense).max()
    assert_allclose(dense, dense.swapaxes(-1, -2), atol=1e-12 * size)
    assert_allclose(np.einsum("sij,sj->si", dense, v), surface.hessian_vector_product(points, v), atol=1e-11 * size)


@each_surface
def test_a_batch_is_a_loop(surface, rng):
    points = surface.domain.sample(rng, 6).reshape(2, 3, surface.n_dims)
    v = rng.standard_normal(points.shape)
    value, gradient = surface.value_and_gradient(points)
    product = surface.hessian_vector_product(points, v)
    for i, j in np.ndindex(2, 3):
        alone_value, alone_gradient = surface.value_and_gradient(points[i, j])
        assert_allclose(value[i, j], alone_value, rtol=1e-12, atol=1e-12)
        assert_allclose(gradient[i, j], alone_gradient, rtol=1e-11, atol=1e-11)
        assert_allclose(product[i, j], surface.hessian_vector_product(points[i, j], v[i, j]), rtol=1e-10, atol=1e-10)
    # one point, many vectors
    many = surface.hessian_vector_product(points[0, 0], v)
    assert_allclose(many[1, 2], surface.hessian_vector_product(points[0, 0], v[1, 2]), rtol=1e-10, atol=1e-10)


@each_surface
def test_declared_points_are_critical_and_minima_are_minima(surface, rng):
    for point in declared_points(surface):
        assert point.gradient_norm < 1e-9 * max(1.0, np.abs(surface.domain.upper).max())
    low = [surface.value(x) for x in surface.minima]
    assert low == sorted(low) or np.ptp(low) < 1e-12
    for x in surface.minima:
        around = x + 1e-3 * surface.domain.widths * rng.standard_normal((50, surface.n_dims))
        assert np.all(surface.value(around) >= surface.value(x) - 1e-12)


@each_surface
def test_recipe_builds_the_same_surface(surface):
    import json

    again = from_recipe(json.loads(json.dumps(surface.recipe())))
    assert again == surface
    assert hash(again) == hash(surface)
    assert again.recipe() == surface.recipe()
    assert len(surface.variables) == surface.n_dims
    assert surface.latex().count("{") == surface.latex().count("}")


def test_rosenbrock_by_hand():
    x = np.array([0.5, -1.0, 2.0, 0.0])
    by_hand = sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(3))
    assert_allclose(Rosenbrock(n_dims=4).value(x), by_hand, rtol=1e-15)


def _ackley(x):
    mean_square, mean_cosine = sum(t * t for t in x) / len(x), sum(math.cos(2 * math.pi * t) for t in x) / len(x)
    return -20 * math.exp(-0.2 * math.sqrt(mean_square)) - math.exp(mean_cosine) + 20 + math.e


def _griewank(x):
    return 1 + sum(t * t for t in x) / 4000 - math.prod(math.cos(t / math.sqrt(i)) for i, t in enumerate(x, 1))


def _zakharov(x):
    s = sum(0.5 * i * t for i, t in enumerate(x, 1))
    return sum(t * t for t in x) + s**2 + s**4


def _dixon_price(x):
    return (x[0] - 1) ** 2 + sum(i * (2 * x[i - 1] ** 2 - x[i - 2]) ** 2 for i in range(2, len(x) + 1))


def _powell(x):
    blocks = [x[i : i + 4] for i in range(0, len(x), 4)]
    return sum((a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4 for a, b, c, d in blocks)


def _levy(x):
    w = [1 + (t - 1) / 4 for t in x]
    middle = sum((t - 1) ** 2 * (1 + 10 * math.sin(math.pi * t + 1) ** 2) for t in w[:-1])
    return math.sin(math.pi * w[0]) ** 2 + middle + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)


PUBLISHED = {
    "ackley": _ackley,
    "griewank": _griewank,
    "zakharov": _zakharov,
    "dixon_price": _dixon_price,
    "powell": _powell,
    "levy": _levy,
    "rastrigin": lambda x: sum(10 + t**2 - 10 * math.cos(2 * math.pi * t) for t in x),
    "styblinski_tang": lambda x: sum(t**4 - 16 * t**2 + 5 * t for t in x) / 2,
    "trid": lambda x: sum((t - 1) ** 2 for t in x) - sum(a * b for a, b in itertools.pairwise(x)),
    "sum_of_cosines": lambda x: sum(map(math.cos, x)),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_values_against_the_published_sums(name, rng):
    surface = family(name, 8)
    for x in probe_points(surface, rng):
        assert_allclose(surface.value(x), PUBLISHED[name](x.tolist()), rtol=1e-12, atol=1e-12)


def test_known_minimum_values():
    for n in (2, 5, 40):
        assert_allclose(Trid(n_dims=n).value(Trid(n_dims=n).minima[0]), -n * (n + 4) * (n - 1) / 6, rtol=1e-12)
    assert_allclose(StyblinskiTang(n_dims=7).value(StyblinskiTang(n_dims=7).minima[0]), -39.16616570377142 * 7)
    for name in ("rosenbrock", "rastrigin", "ackley", "griewank", "levy", "zakharov", "dixon_price", "powell"):
        surface = family(name, 12)
        assert abs(surface.value(surface.minima[0])) < 1e-12


def test_styblinski_tang_per_axis():
    low, high = StyblinskiTang(n_dims=1).axis_points
    assert_allclose(low, [-2.903534, 2.746803], atol=5e-7)
    assert_allclose(high, [0.156731], atol=5e-7)
    values = StyblinskiTang(n_dims=1).value(np.concatenate([low, high])[:, None])
    assert_allclose(values, [-39.16617, -25.029447, 0.195612], atol=4e-6)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_separable_counts_are_those_of_the_listed_points(n):
    for surface in (StyblinskiTang(n_dims=n), SumOfCosines(n_dims=n), Rastrigin(n_dims=min(n, 2))):
        found = np.bincount([point.index for point in declared_points(surface)], minlength=surface.n_dims + 1)
        assert tuple(found) == surface.counts()
    minima, everything = StyblinskiTang(n_dims=n).counts()[0], sum(StyblinskiTang(n_dims=n).counts())
    assert everything == 3**n
    assert minima / everything == pytest.approx((2 / 3) ** n)


def test_rastrigin_has_eleven_minima_and_ten_maxima_an_axis():
    low, high = Rastrigin(n_dims=1).axis_points
    assert (len(low), len(high)) == (11, 10)
    x = np.concatenate([low, high])[:, None]
    assert np.abs(Rastrigin(n_dims=1).gradient(x)).max() < 1e-12


def test_work_grows_with_n_not_with_its_square(rng):
    for name in FAMILIES:
        if name in (*DERIVED, "torus_field", "p_spin", "phase_retrieval"):
            continue
        surface = family(name, 20_000)
        x = surface.domain.sample(rng, 1)[0]
        value, gradient = surface.value_and_gradient(x)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()
        assert np.isfinite(surface.hessian_vector_product(x, gradient)).all()


@settings(deadline=None, max_examples=30)
@given(n=st.integers(2, 60), seed=st.integers(0, 10**6))
def test_products_are_symmetric_in_any_dimension(n, seed):
    rng = np.random.default_rng(seed)
    for name in ("rosenbrock", "dixon_price", "griewank", "zakharov", "trid", "ackley", "flat_floor"):
        surface = family(name, n)
        x = surface.domain.sample(rng, 1)[0]
        u, v = rng.standard_normal((2, n))
        left, right = u @ surface.hessian_vector_product(x, v), v @ surface.hessian_vector_product(x, u)
        assert left == pytest.approx(right, rel=1e-9, abs=1e-9 * abs(surface.value(x)))


def test_a_hessian_beyond_memory_is_refused_with_what_would_fit():
    with pytest.raises(ValueError, match=r"20000 dimensions takes 3\.2 GB; up to 11585 dimensions fit"):
        Rosenbrock(n_dims=20_000).hessian(np.zeros(20_000))
    with pytest.raises(ValueError, match=r"100 dense Hessians in 2000 dimensions .* up to 33 at once fit"):
        check_dense(2000, 100)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: family("rosenbrok", 3), UnknownName, "did you mean 'rosenbrock'"),
        (lambda: family("rosenbrock", 3, c=1.0), UnknownName, "unknown setting of 'rosenbrock' 'c'"),
        (lambda: family("rosenbrock", 1), ValueError, "at least 2 dimensions, not 1"),
        (lambda: family("rosenbrock", 10**9), ValueError, "does not fit in memory; up to 10000000 do"),
        (lambda: family("rosenbrock", 2.5), TypeError, "whole number"),
        (lambda: family("rosenbrock", True), TypeError, "whole number"),
        (lambda: family("rosenbrock", 3, b=float("nan")), ValueError, "b must be finite"),
        (lambda: Powell(n_dims=6), ValueError, "multiple of 4 dimensions, not 6"),
        (lambda: Rosenbrock(n_dims=3).with_settings(q=1.0), UnknownName, "unknown setting"),
        (lambda: Rosenbrock(n_dims=3).value([1.0, 2.0]), ValueError, "last axis of length 3"),
        (lambda: family("matrix_factorization", 7), ValueError, "has 18 dimensions, not 7"),
        (lambda: from_recipe({"name": "trid", "n_dims": 3, "settings": 4}), TypeError, "JSON object"),
        (lambda: from_recipe({}), UnknownName, "unknown surface"),
    ],
)
def test_what_is_wrong_is_said(make, error, match):
    with pytest.raises(error, match=match):
        make()


def test_levy_counts_are_not_pretended():
    assert not isinstance(family("levy", 3), Separable)


def test_griewank_where_a_cosine_vanishes():
    surface = family("griewank", 2)
    x, v = np.array([np.pi / 2, 1.0]), np.array([1.0, 0.5])
    step = 1e-5 * v
    differences = (surface.gradient(x + step) - surface.gradient(x - step)) / 2e-5
    assert_allclose(surface.hessian_vector_product(x, v), differences, atol=1e-8)


@each_surface
def test_of_no_points_there_is_nothing_of_the_right_shape(surface):
    """As where no start of an ensemble comes to rest."""
    none, n = np.empty((0, surface.n_dims)), surface.n_dims
    value, gradient = surface.value_and_gradient(none)
    assert value.shape == surface.value(none).shape == (0,)
    assert gradient.shape == surface.hessian_vector_product(none, none).shape == (0, n)
    assert surface.hessian(none).shape == (0, n, n)
