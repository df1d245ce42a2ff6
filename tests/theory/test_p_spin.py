"""The p-spin glass: levels and curve of THEORY 4, and exact mean counts."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad

from landscape.theory.linear_autoencoder import critical_index, critical_loss
from landscape.theory.p_spin import complexity, index_share, lowest_energy, mean_counts, threshold_energy


def test_levels():
    assert threshold_energy(3) == pytest.approx(1.632993, abs=5e-7)
    assert threshold_energy(4) == pytest.approx(1.732051, abs=5e-7)
    assert_allclose([lowest_energy(3, k) for k in range(3)], [1.656998, 1.652873, 1.650253], atol=5e-7)
    assert_allclose([lowest_energy(4, k) for k in range(2)], [1.794085, 1.783300], atol=5e-7)


def test_the_rate_is_the_integral_it_stands_for():
    edge = threshold_energy(3)
    integral = quad(lambda s: np.sqrt(s**2 - edge**2), edge, 1.7)[0] * 2 / edge**2
    assert complexity(-1.7, 3, 0) - complexity(-1.7, 3, 1) == pytest.approx(integral, rel=1e-10)


def _semicircle(x, radius):
    return 2 / (np.pi * radius**2) * np.sqrt(radius**2 - x**2)


def test_index_share_is_the_mass_of_the_shifted_semicircle():
    # Riemannian Hessian: semicircle of radius 2 sqrt(p (p - 1)) shifted by -p u
    for p in (3, 4):
        radius = 2 * np.sqrt(p * (p - 1))
        for u in (-1.2, -0.3, 0.0, 0.9):
            mass = quad(_semicircle, -radius, p * u, args=(radius,))[0]
            assert index_share(u, p) == pytest.approx(mass, abs=1e-9)
    assert index_share([-3.0, 3.0], 3).tolist() == [0.0, 1.0]


def test_mean_counts():
    assert_allclose(mean_counts(3, 3), [3.136, 4.277, 3.138], atol=4e-3)  # THEORY's are drawn
    for n, total in ((4, 18.80), (6, 50.89), (8, 124.1)):
        assert mean_counts(n, 3).sum() == pytest.approx(total, rel=1e-3)
    # a 2-spin glass is a quadratic: two critical points an eigenvector
    assert_allclose(mean_counts(5, 2), 2.0)
    # the sphere's Euler characteristic: 2 in even dimension of the sphere, 0 in odd
    for n in (3, 4, 7):
        assert (-1.0) ** np.arange(n) @ mean_counts(n, 3) == pytest.approx(2.0 if n % 2 else 0.0, abs=1e-8)


def test_autoencoder_classes():
    assert critical_loss([5, 4, 3, 2, 1], [0, 2]) == 3.5
    assert critical_index([5, 4, 3, 2, 1], [0, 2], 2) == 1
    assert critical_index([5, 4, 3, 2, 1], [], 2) == 10
    with pytest.raises(ValueError, match="2 hidden units cannot keep 3 components"):
        critical_index([3, 2, 1], [0, 1, 2], 2)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: threshold_energy(1), "p must be at least 2"),
        (lambda: mean_counts(3, 1), "p must be at least 2"),
        (lambda: lowest_energy(2), "p must be at least 3"),
        (lambda: complexity(-1.0, 3, 0), "for energies up to -1.63299, not -1"),
    ],
)
def test_what_is_wrong_is_said(call, match):
    with pytest.raises(ValueError, match=match):
        call()
