"""Critical points of Gaussian fields: THEORY 2's fractions by two routes, and Rice's density on a line."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.theory.kac_rice import critical_point_density, drawn_index_fractions, index_fractions
from landscape.theory.random_matrices import positive_definite_probability


def test_share_of_minima_by_dimension():
    # THEORY's are drawn from N = 5 on: good to 1.5% or to a unit of their last digit
    drawn = "0.5000 0.2500 0.1233 0.0599 0.0286 0.01355 0.00633 0.00295 0.00133 0.00061 0.00027 0.00012"
    for n, share in enumerate(drawn.split(), 1):
        unit = 10.0 ** -len(share.split(".")[1])
        tolerance = unit / 2 if n < 5 else max(unit, 0.015 * float(share))
        assert abs(index_fractions(n)[0] - float(share)) <= tolerance
    assert_allclose(index_fractions(4), [0.060, 0.250, 0.380, 0.250, 0.060], atol=5e-4)


def test_three_dimensions_in_closed_form():
    assert index_fractions(3)[0] == pytest.approx((29 - 6 * math.sqrt(6)) / 116, rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6])
def test_second_route_by_drawn_matrices(n):
    shares, error = drawn_index_fractions(n, n_matrices=40_000, seed=n)
    assert np.all(np.abs(shares - index_fractions(n)) < 4 * error)


@pytest.mark.parametrize("n", [1, 2, 5, 10])
def test_shares_sum_to_one_and_are_symmetric(n):
    shares = index_fractions(n)
    assert shares.sum() == pytest.approx(1.0)
    assert_allclose(shares, shares[::-1], rtol=1e-9)
    signs = (-1.0) ** np.arange(n + 1)
    # the Euler sum of a stationary field vanishes in the mean
    assert abs(signs @ shares) < 1e-10


def test_minima_are_far_more_frequent_than_goe_says():
    ratios = [index_fractions(n)[0] / positive_definite_probability(n) for n in (2, 4, 6, 8)]
    assert ratios == sorted(ratios)
    assert ratios[-1] > 1e6


def test_density_on_a_line_and_in_a_plane():
    assert critical_point_density(1, 0.5).sum() == pytest.approx(math.sqrt(3) / (math.pi * 0.5))
    # 2-D: total 2 / (sqrt(3) pi length^2) (Longuet-Higgins 1957 with these spectral moments)
    assert critical_point_density(2, 0.7).sum() == pytest.approx(2 / (math.sqrt(3) * math.pi * 0.7**2))
    with pytest.raises(ValueError, match="length must be positive"):
        critical_point_density(2, 0.0)
