"""Random-matrix numbers of THEORY 1, by an exact Pfaffian, against drawn matrices and against each other."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.theory.random_matrices import (
    goe,
    log_normalization,
    ordered_means,
    pfaffian,
    positive_definite_probability,
)


def test_positive_definite_in_closed_form():
    root, pi = math.sqrt(2), math.pi
    closed = [1 / 2, (2 - root) / 4, 1 / 4 - root / (2 * pi), 1 / 4 - 1 / (2 * pi) - root / 16]
    for n, exact in enumerate(closed, 1):
        assert positive_definite_probability(n) == pytest.approx(exact, abs=1e-16)
    assert positive_definite_probability(5) == pytest.approx(1.401147e-4, rel=1e-6)
    assert positive_definite_probability(6) == pytest.approx(4.62019e-6, rel=1e-6)
    assert positive_definite_probability(8) == pytest.approx(9.6945e-10, rel=1e-5)
    assert positive_definite_probability(10) == pytest.approx(2.26565e-14, rel=1e-5)


def test_the_limit_is_approached_from_below_and_slowly():
    exponents = [math.log(positive_definite_probability(n)) / n**2 for n in (4, 8, 12)]
    assert exponents == sorted(exponents)
    assert exponents[-1] == pytest.approx(-0.307, abs=1e-3)
    assert exponents[-1] < -math.log(3) / 4


@pytest.mark.parametrize(("n", "n_drawn"), [(2, 20_000), (3, 100_000)])
def test_positive_definite_against_drawn_matrices(n, n_drawn):
    seen = (np.linalg.eigvalsh(goe(n, n_drawn, np.random.default_rng(n)))[:, 0] > 0).mean()
    p = positive_definite_probability(n)
    assert abs(seen - p) < 3 * math.sqrt(p * (1 - p) / n_drawn)


@pytest.mark.long
def test_positive_definite_of_order_four_against_two_million_draws():
    rng, n_drawn, positive = np.random.default_rng(1), 2_000_000, 0
    for _ in range(20):
        matrices = goe(4, n_drawn // 20, rng)
        # leading minors (Sylvester) are quicker than eigenvalues, and a route of their own
        keep = matrices[:, 0, 0] > 0
        for k in (2, 3, 4):
            keep &= np.linalg.det(matrices[:, :k, :k]) > 0
        positive += int(keep.sum())
    p = positive_definite_probability(4)
    assert abs(positive / n_drawn - p) < 3 * math.sqrt(p * (1 - p) / n_drawn)


def test_entries_of_the_ensemble():
    drawn = goe(3, 50_000, np.random.default_rng(0))
    assert_allclose(drawn, drawn.swapaxes(1, 2))
    variances = drawn.var(axis=0)
    assert_allclose(variances, 1 + np.eye(3), rtol=5 * math.sqrt(2 / 50_000))


def test_normalization_of_small_orders():
    assert log_normalization(1) == pytest.approx(math.log(math.sqrt(4 * math.pi)))
    # n = 2: int int |x - y| exp(-(x^2 + y^2)/4) = sqrt(4 pi) E|d| sqrt(4 pi), d normal of variance 4
    assert log_normalization(2) == pytest.approx(math.log(4 * math.pi * 2 * math.sqrt(2 / math.pi)))


@pytest.mark.parametrize("n", [1, 2, 3, 6, 9])
def test_ordered_means_are_means_of_probabilities(n):
    assert_allclose(ordered_means(n, 0.0), 1.0, atol=1e-12)
    means = ordered_means(n, 0.3)
    assert_allclose(means, means[::-1], rtol=1e-10)  # the ensemble is symmetric
    eigenvalues = np.linalg.eigvalsh(goe(n, 40_000, np.random.default_rng(n)))
    each = np.exp(-0.3 * eigenvalues**2)
    assert np.all(np.abs(each.mean(axis=0) - means) < 4 * each.std(axis=0) / math.sqrt(40_000) + 1e-12)


def test_ordered_means_by_direct_quadrature():
    # n = 2: two eigenvalues, plain double integral on a grid of Gauss nodes either side of the diagonal
    t, w = np.polynomial.legendre.leggauss(200)
    x, wx = 14 * t, 14 * w
    lower = 0.0
    for xi, wi in zip(x, wx, strict=True):
        y, wy = xi + (14 - xi) / 2 * (t + 1), (14 - xi) / 2 * w
        lower += wi * np.sum(wy * (y - xi) * np.exp(-(xi**2) / 4 - y**2 / 4 - 0.25 * xi**2))
    assert ordered_means(2, 0.25)[0] == pytest.approx(2 * lower / math.exp(log_normalization(2)), rel=1e-10)


def test_pfaffian_squares_to_the_determinant():
    rng = np.random.default_rng(0)
    drawn = rng.standard_normal((5, 8, 8)) + 1j * rng.standard_normal((5, 8, 8))
    skew = drawn - drawn.swapaxes(1, 2)
    assert_allclose(pfaffian(skew) ** 2, np.linalg.det(skew), rtol=1e-10)
    a = rng.standard_normal(6)
    four = np.zeros((4, 4), dtype=complex)
    four[np.triu_indices(4, 1)] = a
    four -= four.T
    assert pfaffian(four) == pytest.approx(a[0] * a[5] - a[1] * a[4] + a[2] * a[3])
    assert pfaffian(np.zeros((4, 4), dtype=complex)) == 0


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: positive_definite_probability(0), "at least 1, not 0"),
        (lambda: ordered_means(0, 0.1), "n must be 1 to 60, not 0"),
        (lambda: ordered_means(3, -0.1), "c must not be negative"),
        (lambda: ordered_means(3, math.nan), "c must not be negative"),
    ],
)
def test_what_is_wrong_is_said(call, match):
    with pytest.raises(ValueError, match=match):
        call()
