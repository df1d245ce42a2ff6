"""Spectra: dense against Lanczos, density against all eigenvalues, the trace's error against its formula."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.curvature.along import spectrum_along
from landscape.curvature.density import hessian_trace, spectral_density
from landscape.curvature.point import zero_tolerance
from landscape.curvature.spectrum import NotConverged, extreme_eigenvalues, hessian_eigenvalues, top_eigenvalues
from landscape.surfaces.families import family
from landscape.surfaces.saddles import QuadraticSaddle

CASES = {
    "rosenbrock": family("rosenbrock", 90),
    "rastrigin": family("rastrigin", 90),
    "zakharov": family("zakharov", 90),
    "griewank": family("griewank", 90),
    "semicircle": family("semicircle_saddle", 90, index=30, rotated=True),
    "gaussian_field": family("gaussian_field", 90),
    "p_spin": family("p_spin", 60),
    "factorization": family("matrix_factorization", rows=20, cols=20),
    "small": family("powell", 8),
}
each_case = pytest.mark.parametrize("surface", CASES.values(), ids=CASES)


def a_point(surface):
    return surface.retract(surface.domain.sample(np.random.default_rng(1), 1)[0])


@each_case
def test_ends_by_lanczos_are_those_of_the_dense_hessian(surface):
    x = a_point(surface)
    exact = hessian_eigenvalues(surface, x)
    ends = extreme_eigenvalues(surface, x, dense_dims=3)
    width = max(exact[-1] - exact[0], np.abs(exact).max())
    assert_allclose([ends.smallest, ends.largest], exact[[0, -1]], atol=1e-6 * width)
    assert np.abs(exact - ends.smallest).min() <= ends.smallest_error + 1e-12 * width
    assert np.abs(exact - ends.largest).min() <= ends.largest_error + 1e-12 * width
    for value, vector in ((ends.smallest, ends.smallest_vector), (ends.largest, ends.largest_vector)):
        assert np.linalg.norm(vector) == pytest.approx(1.0)
        product = surface.hessian_vector_product(x, vector)
        if surface.sphere is not None:
            product -= (product @ x) * x / (x @ x)
        assert_allclose(product, value * vector, atol=3e-4 * width)
    dense = extreme_eigenvalues(surface, x)
    assert (dense.smallest, dense.largest) == (exact[0], exact[-1])
    assert dense.smallest_error <= 1e-12 * width * surface.n_dims


@each_case
def test_density_agrees_with_all_eigenvalues(surface):
    x = a_point(surface)
    exact = hessian_eigenvalues(surface, x)
    density = spectral_density(surface, x, n_probes=40, n_steps=30)
    assert_allclose(density.weights.sum(axis=1), 1.0)
    assert density.n_products == 40 * min(30, surface.n_dims)
    # the first moments, within four standard errors over the probes
    for power in (1, 2):
        each = (density.weights * density.nodes**power).sum(axis=1)
        assert abs(each.mean() - np.mean(exact**power)) <= 4 * each.std(ddof=1) / np.sqrt(40) + 1e-9 * abs(each.mean())
    edges = np.linspace(exact[0] - 1, exact[-1] + 1, 4)
    shares, error = density.shares(edges)
    # a quadrature puts whole nodes on one side of an edge: allow one node's weight on top of the spread
    assert np.all(np.abs(shares - np.histogram(exact, edges)[0] / len(exact)) <= 4 * error + density.weights.max())
    assert shares.sum() == pytest.approx(1.0)


def test_density_is_exact_where_lanczos_takes_every_step():
    saddle = QuadraticSaddle.of([-3.0, -1.0, 0.5, 2.0, 4.0], rotated=True)
    density = spectral_density(saddle, np.zeros(5), n_probes=3, n_steps=5)
    assert_allclose(density.nodes, np.broadcast_to(saddle.eigenvalues, (3, 5)), atol=1e-10)
    grid = np.linspace(-6, 7, 2000)
    assert np.trapezoid(density.density(grid, 0.3), grid) == pytest.approx(1.0, abs=1e-6)


def test_index_by_quadrature_in_ten_thousand_dimensions():
    saddle = family("two_point_saddle", 10_000, index=3000, rotated=True)
    below = spectral_density(saddle, np.zeros(10_000), n_probes=6, n_steps=5).share_below()
    assert abs(below.value - 0.3) < below.error
    assert below.error < 0.01


def network(rows, widths, activation="tanh"):
    return ls.Perceptron(ls.data("moons", n=rows), widths=widths, activation=activation)


@pytest.mark.parametrize(
    ("net", "n_steps"),
    [
        pytest.param(network(30, (6, 6)), 20, id="small"),
        pytest.param(network(30, (14, 14)), 40, id="tanh", marks=pytest.mark.long),
        pytest.param(network(30, (12, 12), "relu"), 40, id="relu", marks=pytest.mark.long),
        pytest.param(network(30, (10, 10, 10)), 40, id="deep", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("trained", [False, True])
def test_intervals_for_the_index_cover_it(net, n_steps, trained):
    """Beside the crowd of eigenvalues round 0, where a quadrature alone is off by hundreds, and away from it."""
    x = net.starts(1)[0]
    if trained:
        x = ls.descend(net, ls.Adam(learning_rate=0.01), [x], 400).final_points[0]
    exact = hessian_eigenvalues(net, x)
    densities = [spectral_density(net, x, n_probes=4, n_steps=n_steps, seed=seed) for seed in range(40)]
    for threshold in (-zero_tolerance(exact), 0.01 * exact[-1], 0.5 * exact[0]):
        true = np.mean(exact < threshold)
        intervals = [density.share_below(threshold) for density in densities]
        assert np.mean([one.low <= true <= one.high for one in intervals]) >= 0.95
        assert np.mean([abs(one.value - true) <= one.error + 1e-12 for one in intervals]) >= 0.95
        # and they say something
        assert np.mean([one.error for one in intervals]) < 0.5
    edges = np.concatenate([[exact[0] - 1, 0.01 * exact[-1], exact[-1] + 1]])
    shares = [density.shares(edges) for density in densities]
    true = np.histogram(exact, edges)[0] / len(exact)
    assert np.mean([np.all(np.abs(share - true) <= error + 1e-12) for share, error in shares]) >= 0.95


def test_intervals_shrink_to_the_spread_of_the_probes_where_the_quadrature_is_exact():
    saddle = family("two_point_saddle", 400, index=100, rotated=True)
    few, many = (spectral_density(saddle, np.zeros(400), p, n_steps=5).share_below() for p in (2, 32))
    assert many.error < 0.3 * few.error
    assert few.low <= 0.25 <= few.high
    assert many.low <= 0.25 <= many.high


def test_lanczos_finds_the_negative_curvature_that_power_iteration_misses():
    spectrum = np.full(400, 1.0)
    spectrum[:2] = -0.5, 10.0
    saddle = QuadraticSaddle.of(spectrum, rotated=True)
    ends = extreme_eigenvalues(saddle, np.zeros(400))
    assert ends.smallest == pytest.approx(-0.5, abs=1e-6)
    v = np.random.default_rng(0).standard_normal(400)
    for _ in range(200):
        v = saddle.hessian_vector_product(np.zeros(400), v)
        v /= np.linalg.norm(v)
    assert v @ saddle.hessian_vector_product(np.zeros(400), v) == pytest.approx(10.0)


def test_what_does_not_converge_is_said():
    crowd = family("semicircle_saddle", 3000, index=1500, rotated=True)
    with pytest.raises(NotConverged, match="did not converge within 40 Hessian-vector products"):
        extreme_eigenvalues(crowd, np.zeros(3000), tolerance=1e-14, max_products=40)


def test_a_flat_floor_has_the_eigenvalue_zero():
    floor = family("flat_floor", 500)
    ends = extreme_eigenvalues(floor, np.zeros(500))
    assert (ends.smallest, ends.largest, ends.smallest_error) == (0.0, 0.0, 0.0)


def test_hutchinson_within_its_error_and_its_error_by_the_formula():
    # THEORY 20: variance 2 (|A|_F^2 - sum a_ii^2)
    surface = family("gaussian_field", 60)
    x = a_point(surface)
    a = surface.hessian(x)
    variance = 2 * (np.sum(a**2) - np.sum(np.diag(a) ** 2))
    estimate = hessian_trace(surface, x, n_probes=4000)
    assert abs(estimate.value - np.trace(a)) < 4 * estimate.standard_error
    assert estimate.standard_error == pytest.approx(np.sqrt(variance / 4000), rel=0.1)
    assert estimate.n_products == 4000
    diagonal = family("styblinski_tang", 60)
    exact = hessian_trace(diagonal, a_point(diagonal), n_probes=2)
    assert exact.value == pytest.approx(np.trace(diagonal.hessian(a_point(diagonal))))
    assert exact.standard_error == pytest.approx(0.0, abs=1e-10)


def test_index_of_a_saddle_on_flat_ground_and_on_the_sphere():
    assert np.sum(hessian_eigenvalues(family("two_point_saddle", 9, index=4), np.zeros(9)) < 0) == 4
    spin = family("p_spin", 7, p=2)
    vectors = np.linalg.eigh(spin.couplings)[1]
    assert np.sum(hessian_eigenvalues(spin, np.sqrt(7) * vectors[:, 3]) < -1e-9) == 3
    ends = extreme_eigenvalues(spin, np.sqrt(7) * vectors[:, 3])
    assert len(hessian_eigenvalues(spin, np.sqrt(7) * vectors[:, 3])) == 6
    assert ends.smallest < 0 < ends.largest


@pytest.mark.parametrize("dense_dims", [300, 5])
def test_spectra_along_a_path(dense_dims):
    saddle = family("two_point_saddle", 50, index=10, falling=0.5, rising=2.0)
    points = np.zeros((3, 50))
    points[1, :10] = saddle.minima[0][:10]
    points[2, 0] = np.nan
    along = spectrum_along(saddle, points, [0, 7, 9], [0.1, 0.2, 0.3], n_bins=8, dense_dims=dense_dims)
    assert_allclose(along.smallest, [-0.5, 1.0, np.nan], atol=1e-5)
    assert_allclose(along.largest, [2.0, 2.0, np.nan], atol=1e-5)
    assert_allclose(along.gauge, [0.1, 0.2, np.nan], atol=1e-6)
    if dense_dims == 300:
        assert_allclose(along.index, [10, 0, np.nan])
        assert along.shares[0, 0] == pytest.approx(0.2)
    assert np.all(np.abs(along.index[:2] - [10, 0]) <= along.index_error[:2])
    assert_allclose(along.shares[:2].sum(axis=1), 1.0)
    assert along.notes == ("step 9: a spectrum needs a finite point",)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda s: hessian_eigenvalues(s, np.zeros((2, 4))), "at one point"),
        (lambda s: extreme_eigenvalues(s, [np.inf, 0, 0, 0]), "finite point"),
        (lambda s: spectral_density(s, np.zeros(4), n_probes=0), "at least 1, not 0 and 60"),
        (lambda s: hessian_trace(s, np.zeros(4), n_probes=1), "at least 2 probes, not 1"),
        (lambda s: ls.sharpness_along(s, np.zeros(4)), r"an array \(K, n\), not one of shape \(4,\)"),
        (lambda s: ls.spectrum_along(s, np.zeros(4), [0], 0.1), r"an array \(K, n\), not one of shape \(4,\)"),
        (lambda s: ls.spectrum_along(s, np.zeros((2, 4)), [0], 0.1), "2 points and steps of shape"),
        (lambda s: hessian_eigenvalues(family("ackley", 4), np.zeros(4)), "not finite"),
        (lambda s: hessian_eigenvalues(family("trid", 20_000), np.zeros(20_000)), "up to 11585 dimensions fit"),
    ],
)
def test_what_is_wrong_is_said(call, match):
    with pytest.raises(ValueError, match=match):
        call(family("trid", 4))


def test_an_eigenvalue_lost_in_rounding_is_said_not_shown():
    """Zakharov's smallest eigenvalue is 2, its largest 4e27: nothing can tell what is left beside that."""
    surface = family("zakharov", 10_000)
    x = np.random.default_rng(0).uniform(-5, 10, (1, 10_000))
    ends = extreme_eigenvalues(surface, x[0])
    assert abs(ends.smallest - 2.0) <= ends.smallest_error
    along = spectrum_along(surface, x, [0], 0.1)
    assert along.smallest[0] == 0.0
    assert "zero to within" in along.notes[0]
    dense = extreme_eigenvalues(family("zakharov", 200), np.full(200, 3.0))
    assert abs(dense.smallest - 2.0) <= dense.smallest_error


def test_equal_eigenvalues_are_found_without_a_basis():
    bowl = family("rastrigin", 1000)
    ends = extreme_eigenvalues(bowl, np.zeros(1000))
    assert ends.smallest == pytest.approx(2 + 10 * (2 * np.pi) ** 2)
    assert ends.largest == ends.smallest


@each_case
@pytest.mark.parametrize("k", [1, 4])
def test_several_at_both_ends_are_those_of_the_dense_hessian(surface, k):
    x = a_point(surface)
    exact = hessian_eigenvalues(surface, x)
    width = max(exact[-1] - exact[0], np.abs(exact).max())
    for ends in (top_eigenvalues(surface, x, k), top_eigenvalues(surface, x, k, dense_dims=3)):
        for values, vectors, errors, expected in (
            (ends.smallest, ends.smallest_vectors, ends.smallest_errors, exact[:k]),
            (ends.largest, ends.largest_vectors, ends.largest_errors, exact[-k:]),
        ):
            assert_allclose(values, expected, atol=1e-4 * width)
            assert_allclose(vectors @ vectors.T, np.eye(k), atol=1e-7)
            assert np.all(np.abs(values[:, None] - exact).min(axis=1) <= errors + 1e-12 * width)


NETWORKS = {
    "perceptron": ls.Perceptron(ls.data("moons", n=12), widths=(3, 2), l2=0.1),
    "normalized": ls.Perceptron(ls.data("moons", n=12), widths=(3,), batch_norm=True),
    "regression": ls.Perceptron(ls.data("chebyshev", n=9), widths=(4,)),
    "softmax": ls.Softmax(ls.data("blobs", n=12)),
    "logistic": ls.Logistic(ls.data("moons", n=12)),
    "linear": ls.DeepLinear(ls.data("linear_map", strengths=(2.0, 1.0), n=3), widths=(2,)),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_gauss_newton_and_fisher_are_what_their_formulas_say(network):
    rng = np.random.default_rng(0)
    n, m = network.n_dims, network.n_rows
    x = network.starts(1)[0] + 0.1 * rng.standard_normal(n)
    step = 1e-5
    ahead, behind = (network.outputs(x + sign * step * np.eye(n)) for sign in (1, -1))
    jacobian = np.moveaxis((ahead - behind) / (2 * step), 0, -1)  # (m, outputs, n)
    a = network.predictions(x)
    n_outputs = a.shape[1]
    if network.data.classes and n_outputs > 1:
        curved = np.einsum("mk,kl->mkl", a, np.eye(n_outputs)) - np.einsum("mk,ml->mkl", a, a)
    elif network.data.classes:
        curved = (a * (1 - a))[:, :, None]
    else:
        curved = np.broadcast_to(np.eye(n_outputs), (m, n_outputs, n_outputs))
    newton = np.einsum("mki,mkl,mlj->ij", jacobian, curved, jacobian) / m + network.l2 * np.diag(network.penalized)
    assert_allclose(network.gauss_newton_vector_product(x, np.eye(n)), newton, atol=1e-8 * np.abs(newton).max())
    slopes = np.einsum("mk,mki->mi", a - network.targets.T, jacobian)
    fisher = slopes.T @ slopes / m
    assert_allclose(network.fisher_vector_product(x, np.eye(n)), fisher, atol=1e-8 * np.abs(fisher).max())
    for matrix, dense in (("gauss_newton", newton), ("fisher", fisher)):
        exact = np.linalg.eigvalsh(dense)
        width = np.abs(exact).max()
        assert_allclose(hessian_eigenvalues(network, x, matrix), exact, atol=1e-8 * width)
        assert_allclose(top_eigenvalues(network, x, 2, matrix, dense_dims=0).largest, exact[-2:], atol=1e-6 * width)
        trace = hessian_trace(network, x, 400, matrix=matrix)
        assert abs(trace.value - exact.sum()) < 5 * trace.standard_error + 1e-8 * width
        density = spectral_density(network, x, 4, 40, matrix=matrix)
        assert density.share_below(-1e-6 * width).low == 0.0  # neither falls anywhere


def test_where_the_outputs_are_linear_the_hessian_is_the_gauss_newton_matrix():
    model = NETWORKS["softmax"]
    x = model.starts(1)[0]
    assert_allclose(model.gauss_newton_vector_product(x, np.eye(model.n_dims)), model.hessian(x), atol=1e-12)


def test_matrices_that_a_surface_has_not():
    bowl = family("rastrigin", 5)
    for matrix in ("gauss_newton", "fisher"):
        with pytest.raises(TypeError, match="'rastrigin' has no examples"):
            top_eigenvalues(bowl, np.zeros(5), matrix=matrix)
    with pytest.raises(ls.UnknownName, match="gauss_newton"):
        hessian_trace(bowl, np.zeros(5), matrix="gauss_newtom")
    for k in (0, 6, -1):
        with pytest.raises(ValueError, match="between 1 and the number of eigenvalues, 5"):
            top_eigenvalues(bowl, np.zeros(5), k)
