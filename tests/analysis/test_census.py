"""Counting critical points: none missing on the torus, shares as Kac-Rice has them, index against height on a glass."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.analysis.census import certify, p_spin_census, torus_census
from landscape.surfaces.families import family
from landscape.surfaces.random_fields import LinearAutoencoder, SphericalPSpin, TorusField
from landscape.theory.kac_rice import critical_point_density, index_fractions
from landscape.theory.p_spin import index_share, mean_counts


def counted(n_dims, wave_number, seeds):
    censuses = [torus_census(TorusField(n_dims=n_dims, wave_number=wave_number, seed=seed)) for seed in seeds]
    for census in censuses:
        assert census.complete
        assert census.euler_sum == 0
        assert census.gradient_norms.max() < 1e-9 * wave_number
    return np.sum([census.counts for census in censuses], axis=0)


def check_shares(counts, n_dims):
    """THEORY 2: binomial, 3 sigma."""
    total, shares = counts.sum(), index_fractions(n_dims)
    assert np.all(np.abs(counts - total * shares) <= 3 * np.sqrt(total * shares * (1 - shares)))


def test_shares_on_a_circle_and_a_torus():
    check_shares(counted(1, 40.0, range(3)), 1)
    counts = counted(2, 3.0, range(4))
    check_shares(counts, 2)
    expected = 4 * (2 * np.pi) ** 2 * critical_point_density(2, 1 / 3.0).sum()
    assert counts.sum() == pytest.approx(expected, rel=0.1)


@pytest.mark.long
def test_shares_in_three_and_four_dimensions():
    check_shares(counted(3, 1.5, range(2)), 3)
    check_shares(counted(4, 1.0, range(1)), 4)


def test_on_a_circle_every_sign_change_of_the_slope_is_found():
    field = TorusField(n_dims=1, wave_number=25.0, seed=7)
    fine = np.linspace(0, 2 * np.pi, 200_001)[:, None]
    slope = field.gradient(fine)[:, 0]
    crossings = np.flatnonzero(slope[:-1] * slope[1:] < 0)
    census = torus_census(field)
    assert census.counts.sum() == len(crossings)
    assert_allclose(np.sort(census.points[:, 0]), fine[crossings, 0], atol=2 * np.pi / 200_000)
    rising = slope[crossings + 1] > 0
    assert census.counts.tolist() == [rising.sum(), (~rising).sum()]


def test_random_starts_alone_find_no_other_points():
    field = TorusField(n_dims=2, wave_number=1.5, seed=4)
    census = torus_census(field)
    from scipy.optimize import root
    from scipy.spatial import cKDTree

    tree = cKDTree(census.points, boxsize=2 * np.pi)
    rng = np.random.default_rng(0)
    ends = [root(field.gradient, x, jac=field.hessian) for x in rng.uniform(0, 2 * np.pi, (150, 2))]
    ends = np.array([end.x for end in ends if np.linalg.norm(end.fun) < 1e-10])
    assert len(ends) > 50
    assert tree.query(np.mod(ends, 2 * np.pi))[0].max() < 1e-6


def test_what_is_not_proved_complete_is_not_called_so():
    census = torus_census(TorusField(n_dims=2), max_rounds=0)
    assert not census.complete  # no random round has confirmed it


def test_index_against_height_on_the_spin_glass():
    # THEORY 4
    share, height = [], []
    for seed in range(6):
        census = p_spin_census(SphericalPSpin(n_dims=40, p=3, seed=seed))
        assert census.gradient_norms.max() < 1e-9 * np.sqrt(3 * 40)
        share += (census.indices / 39).tolist()
        height += (census.values / 40).tolist()
    expected = index_share(height, 3)
    assert len(share) >= 185
    assert np.ptp(height) > 2.5  # low ones and high ones, not the middle only
    assert np.sqrt(np.mean((np.array(share) - expected) ** 2)) < 0.03
    assert np.corrcoef(share, height)[0, 1] > 0.98


def test_small_glasses_have_as_many_critical_points_as_theory_says():
    counts = []
    for seed in range(60):
        census = p_spin_census(SphericalPSpin(n_dims=3, p=3, seed=seed), n_starts=400)
        assert census.euler_sum == 2  # the sphere's: none is missing
        counts.append(census.counts)
    counts = np.array(counts)
    error = counts.std(axis=0, ddof=1) / np.sqrt(len(counts))
    assert np.all(np.abs(counts.mean(axis=0) - mean_counts(3, 3)) < 3 * error)


@pytest.mark.long
def test_total_counts_of_small_glasses():
    # THEORY 4: 18.80 at N = 4, 50.89 at N = 6
    for n, n_starts in ((4, 300), (6, 1500)):
        totals = [
            p_spin_census(SphericalPSpin(n_dims=n, p=3, seed=s), n_starts=n_starts).counts.sum() for s in range(40)
        ]
        error = np.std(totals, ddof=1) / np.sqrt(40)
        assert abs(np.mean(totals) - mean_counts(n, 3).sum()) < 3 * error


def test_points_that_only_look_critical_are_not_certified():
    # THEORY 21: minimizing |grad|^2 also stops where the gradient is flat
    from scipy.optimize import minimize
    from scipy.spatial import cKDTree

    field = TorusField(n_dims=3, wave_number=1.0, seed=2)
    census = torus_census(field)
    tree = cKDTree(census.points, boxsize=2 * np.pi)

    def half_square(x):
        gradient = field.gradient(x)
        return gradient @ gradient / 2, field.hessian_vector_product(x, gradient)

    rng = np.random.default_rng(1)
    flat = critical = 0
    for start in rng.uniform(0, 2 * np.pi, (60, 3)):
        x = minimize(half_square, start, jac=True, method="BFGS", options={"gtol": 1e-12, "maxiter": 500}).x
        certificate = certify(field, x)
        assert certificate.critical == (tree.query(np.mod(x, 2 * np.pi))[0] < 1e-6)
        critical += certificate.critical
        flat += certificate.gradient_flat
        if certificate.gradient_flat:
            assert certificate.relative_gradient > 1e-4
    assert flat >= 5
    assert critical >= 5
    assert flat + critical >= 55


def test_eigenvalues_near_zero_are_told_apart():
    surface = LinearAutoencoder(inputs=4, hidden=2)
    certificate = certify(surface, surface.critical_point((0, 1)))
    assert certificate.critical
    assert not certificate.gradient_flat
    # turning the hidden units by any invertible 2 x 2 matrix changes nothing: four flat directions
    assert (certificate.n_negative, certificate.n_near_zero, certificate.n_positive) == (0, 4, 12)
    nowhere = certify(family("rosenbrock", 3), [0.3, 0.2, 0.1])
    assert not nowhere.critical
    assert not nowhere.gradient_flat
