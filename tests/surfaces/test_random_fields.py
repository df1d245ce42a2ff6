"""Random landscapes: covariance, period, sphere, and the critical points that theory knows."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.curvature.critical import declared_points
from landscape.curvature.point import CriticalPoint
from landscape.optimizers import fitting
from landscape.surfaces.families import family
from landscape.surfaces.random_fields import (
    GaussianField,
    LinearAutoencoder,
    MatrixFactorization,
    PhaseRetrieval,
    SphericalPSpin,
    TorusField,
)


def test_covariance_of_the_gaussian_field():
    # averaged over many fields: std^2 exp(-r^2 / (2 length^2))
    x = np.array([[0.3, -0.2, 1.0]])
    away = x + np.array([0.0, 0.9, 1.2])[:, None] * np.array([0.6, 0.0, 0.8])
    fields = [GaussianField(n_dims=3, seed=s, std=2.0, length=1.5, n_waves=50) for s in range(4000)]
    values = np.array([field.value(away) for field in fields])
    covariance = values.T @ values[:, 0] / len(values)
    expected = 4 * np.exp(-(np.array([0.0, 0.9, 1.2]) ** 2) / (2 * 1.5**2))
    assert_allclose(covariance, expected, atol=4 * 4 * np.sqrt(2 / len(values)))


def test_torus_field_repeats_and_has_its_variance():
    field = TorusField(n_dims=2, wave_number=1.5, seed=3)
    x = np.random.default_rng(0).uniform(0, 2 * np.pi, (5, 2))
    for shift in ([2 * np.pi, 0], [0, 2 * np.pi], [-4 * np.pi, 2 * np.pi]):
        assert_allclose(field.value(x + shift), field.value(x), atol=1e-11)
    k = field.waves[0]
    assert len({tuple(w) for w in np.concatenate([k, -k])}) == 2 * len(k)  # one of each pair, none twice
    many = [TorusField(n_dims=1, seed=s, std=2.0).value([0.7]) for s in range(2000)]
    assert_allclose(np.var(many), 4.0, rtol=4 * np.sqrt(2 / 2000))


@pytest.mark.parametrize("n", [2, 3])
def test_torus_field_is_isotropic_in_slope_and_curvature(n):
    k, _, _ = TorusField(n_dims=n, wave_number=1.0).waves
    share = np.exp(-(k**2).sum(axis=1) / 2)
    share /= share.sum()
    second = np.einsum("m,mi,mj->ij", share, k, k)
    assert_allclose(second, second[0, 0] * np.eye(n), atol=1e-12)
    fourth = share @ k[:, 0] ** 4
    mixed = share @ (k[:, 0] ** 2 * k[:, 1] ** 2)
    assert_allclose(fourth / mixed, 3.0, rtol=3e-3)


def test_one_pass_gives_value_gradient_and_hessian():
    rng = np.random.default_rng(2)
    for field in (TorusField(n_dims=1, wave_number=5.0), TorusField(n_dims=2), TorusField(n_dims=4, wave_number=1.0)):
        x = field.domain.sample(rng, 5)
        value, gradient, hessian = field.value_gradient_hessian(x)
        assert_allclose(value, field.value(x), atol=1e-12)
        assert_allclose(gradient, field.gradient(x), atol=1e-12)
        assert_allclose(hessian, field.hessian(x), atol=1e-11)


@pytest.mark.parametrize("p", [2, 3, 4])
def test_p_spin_is_the_sum_over_all_couplings(p):
    spin = SphericalPSpin(n_dims=4, p=p, seed=1)
    x = spin.sphere.retract(np.array([0.3, -1.0, 0.5, 0.9]))
    naive = 0.0
    for i in itertools.product(range(4), repeat=p):
        naive += spin.couplings[i] * np.prod(x[list(i)])
    assert_allclose(spin.value(x), naive, rtol=1e-12)


def test_p_spin_variance_is_n():
    values = [SphericalPSpin(n_dims=6, seed=s).value(np.ones(6)) for s in range(3000)]
    assert_allclose(np.var(values), 6.0, rtol=4 * np.sqrt(2 / 3000))


def test_p_spin_lives_on_its_sphere():
    spin = SphericalPSpin(n_dims=7, p=3, seed=5)
    rng = np.random.default_rng(0)
    x = spin.sphere.retract(rng.standard_normal((4, 7)))
    assert_allclose(np.linalg.norm(x, axis=-1), np.sqrt(7))
    assert_allclose(spin.value(3.7 * x), spin.value(x), rtol=1e-12)
    assert_allclose(np.einsum("si,si->s", spin.gradient(x), x), 0, atol=1e-12)
    # along a great circle: second derivative = tangent' Riemannian Hessian tangent
    basis = spin.sphere.tangent_basis(x)
    assert_allclose(np.einsum("sia,sib->sab", basis, basis), np.broadcast_to(np.eye(6), (4, 6, 6)), atol=1e-13)
    assert_allclose(np.einsum("sia,si->sa", basis, x), 0, atol=1e-13)
    _, gradient, riemannian = spin.value_gradient_hessian(x)
    assert_allclose(gradient, spin.gradient(x), atol=1e-11)
    assert_allclose(np.einsum("sij,sj->si", riemannian, x), 0, atol=1e-10)
    tangent = basis[:, :, 2] * np.sqrt(7)

    def on_circle(angle):
        return spin.value(np.cos(angle) * x + np.sin(angle) * tangent)

    h = 1e-3
    second = (-on_circle(2 * h) + 16 * on_circle(h) - 30 * on_circle(0) + 16 * on_circle(-h) - on_circle(-2 * h)) / (
        12 * h**2
    )
    assert_allclose(second, np.einsum("si,sij,sj->s", tangent, riemannian, tangent), rtol=1e-7)
    assert_allclose(second, np.einsum("si,sij,sj->s", tangent, spin.hessian(x), tangent), rtol=1e-7)


def test_two_spin_critical_points_are_eigenvectors():
    spin = SphericalPSpin(n_dims=5, p=2, seed=2)
    eigenvalues, vectors = np.linalg.eigh(spin.couplings)
    for k in range(5):
        point = CriticalPoint.at(spin, np.sqrt(5) * vectors[:, k])
        assert point.gradient_norm < 1e-12
        assert point.value == pytest.approx(5 * eigenvalues[k])
        assert point.index == k
        assert len(point.eigenvalues) == 4


def test_factorization_has_saddles_and_one_minimum_only():
    surface = MatrixFactorization(rows=4, cols=3, rank=2, true_rank=3)
    points = declared_points(surface)
    assert points[0].value == pytest.approx(0.5)  # the pair left out has singular value 1
    for point, chosen in zip(points, [(0, 1), (0, 2), (1, 2), (0,), (1,), (2,), ()], strict=True):
        assert point.gradient_norm < 1e-13
        left_out = [s for i, s in enumerate((3.0, 2.0, 1.0)) if i not in chosen]
        assert point.value == pytest.approx(sum(s**2 for s in left_out) / 2)
        assert (point.eigenvalues[0] < -1e-6) == (chosen != (0, 1))  # every other one is a strict saddle


def test_phase_retrieval_minima_and_the_maximum_between():
    surface = PhaseRetrieval(n_dims=6, seed=1)
    kinds = [point.kind for point in declared_points(surface)]
    assert kinds == ["minimum", "minimum", "maximum"]
    assert max(point.gradient_norm for point in declared_points(surface)) < 1e-12


def test_linear_autoencoder_against_baldi_and_hornik():
    # THEORY 5: loss 1/2 sum of what is left out; index = better ones left out, and (p - r)(n - r)
    surface = LinearAutoencoder(inputs=5, hidden=2)
    covariance, n, p = surface.covariance, 5, 2
    losses, indices, minima = [], [], 0
    classes = surface.classes()
    assert len(classes) == 16
    for kept in classes:
        point = CriticalPoint.at(surface, surface.critical_point(kept))
        left_out = [j for j in range(n) if j not in kept]
        better = sum(covariance[j] > covariance[i] for i in kept for j in left_out)
        assert point.gradient_norm < 1e-14
        assert point.value == pytest.approx(covariance[left_out].sum() / 2)
        assert point.index == better + (p - len(kept)) * (n - len(kept))
        minima += point.index == 0
        losses.append(point.value)
        indices.append(point.index)
    assert minima == 1
    assert np.corrcoef(losses, indices)[0, 1] == pytest.approx(0.997, abs=5e-4)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: SphericalPSpin(n_dims=600, p=3), r"take 1\.7 GB; up to 512 dimensions fit"),
        (lambda: GaussianField(n_dims=1_000_000), "up to 447392 dimensions do"),
        (lambda: PhaseRetrieval(n_dims=10_000), r"take 4\.8 GB; up to 4729 dimensions fit"),
        (lambda: TorusField(n_dims=10_000), "more than 200000 waves .* up to 5 dimensions do"),
        (lambda: MatrixFactorization(rows=2, cols=2, true_rank=3), "2 × 2 matrix cannot have rank 3"),
        (lambda: LinearAutoencoder(inputs=3, hidden=4), "at most 3 hidden units, not 4"),
        (lambda: SphericalPSpin(p=2.5), "whole number"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(make, match):
    with pytest.raises(ValueError, match=match):
        make()


def test_the_middle_of_the_sphere_has_no_direction():
    spin = SphericalPSpin(n_dims=4)
    assert np.isnan(spin.value(np.zeros(4)))
    assert np.isnan(spin.sphere.retract(np.zeros(4))).all()


@pytest.mark.parametrize("key", fitting())
def test_every_optimizer_stays_on_the_sphere(key):
    glass = family("p_spin", 12)
    start = 3.0 * np.random.default_rng(0).standard_normal(12)  # off the sphere: moved to it
    run = ls.descend(glass, ls.optimizer(key, learning_rate=0.05), [start], 60)
    assert_allclose(np.linalg.norm(run.points[0], axis=-1), np.sqrt(12), rtol=1e-12)
    ends = ls.ensemble(glass, ls.optimizer(key, learning_rate=0.05), [start], 60)
    assert_allclose(ends.points, run.final_points, atol=1e-8)


def test_a_wave_number_that_no_memory_holds_is_refused_at_once():
    with pytest.raises(ValueError, match="at most 100"):
        family("torus_field", 2, wave_number=1e6)
