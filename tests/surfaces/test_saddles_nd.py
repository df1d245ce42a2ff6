"""Saddles of chosen index: their spectra, all their critical points, their rotation; the plateau and its floor."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.curvature.critical import declared_points
from landscape.surfaces.families import family, from_recipe
from landscape.surfaces.saddles import FlatFloor, PowerLawSaddle, QuadraticSaddle, SemicircleSaddle, TwoPointSaddle

KINDS = (TwoPointSaddle, PowerLawSaddle, SemicircleSaddle)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize("index", [0, 1, 4, 12])
def test_the_index_at_zero_is_the_one_chosen(kind, rotated, index):
    saddle = kind(n_dims=12, index=index, rotated=rotated)
    eigenvalues = np.linalg.eigvalsh(saddle.hessian(np.zeros(12)))
    assert int(np.sum(eigenvalues < 0)) == index
    assert_allclose(eigenvalues, np.sort(saddle.eigenvalues), atol=1e-12)


def test_spectra_are_the_ones_named():
    assert TwoPointSaddle(n_dims=5, index=2, falling=0.1, rising=2.0).eigenvalues.tolist() == [-0.1, -0.1, 2, 2, 2]
    assert_allclose(PowerLawSaddle(n_dims=5, index=2, exponent=2.0).eigenvalues, [-1, -0.25, 1, 0.25, 1 / 9])
    semicircle = SemicircleSaddle(n_dims=2000, index=1000, radius=3.0)
    # second and fourth moment of the semicircle: r^2 / 4 and r^4 / 8
    assert_allclose(np.mean(semicircle.eigenvalues**2), 9 / 4, rtol=1e-2)
    assert_allclose(np.mean(semicircle.eigenvalues**4), 81 / 8, rtol=1e-2)
    assert abs(semicircle.eigenvalues.mean()) < 1e-12


@pytest.mark.parametrize("rotated", [False, True])
def test_walls_make_three_to_the_index_critical_points(rotated):
    saddle = PowerLawSaddle(n_dims=6, index=3, wall=0.5, rotated=rotated)
    points = declared_points(saddle)
    assert len(points) == 27
    assert max(point.gradient_norm for point in points) < 1e-13
    expected = [math.comb(3, j) * 2 ** (3 - j) for j in range(4)]
    assert np.bincount([point.index for point in points]).tolist() == expected
    assert len(saddle.minima) == 8
    assert {point.kind for point in points} == {"minimum", "saddle"}


def test_without_a_wall_it_falls_for_ever():
    saddle = TwoPointSaddle(n_dims=4, index=1, wall=0.0)
    assert len(saddle.minima) == 0
    assert saddle.value([1e6, 0, 0, 0]) == -5e11


def test_large_index_lists_the_saddle_and_two_minima():
    saddle = TwoPointSaddle(n_dims=1000, index=300)
    assert saddle.known_points.shape == (3, 1000)
    assert_allclose(saddle.gradient(saddle.known_points), 0, atol=1e-13)


def test_rotation_is_orthogonal_and_mixes_every_coordinate():
    turned = TwoPointSaddle(n_dims=500, index=100, rotated=True, seed=4)
    x = np.random.default_rng(0).standard_normal((3, 500))
    assert_allclose(turned.from_modes(turned.modes(x)), x, atol=1e-13)
    assert_allclose(np.linalg.norm(turned.modes(x), axis=-1), np.linalg.norm(x, axis=-1))
    axis = turned.modes(np.eye(500))
    assert_allclose(axis @ axis.T, np.eye(500), atol=1e-12)
    assert np.abs(axis).max() < 0.1  # no coordinate axis is near a mode
    plain = TwoPointSaddle(n_dims=500, index=100)
    assert_allclose(turned.value(x), plain.value(turned.modes(x)))


def test_a_chosen_spectrum_comes_back_from_its_recipe():
    saddle = QuadraticSaddle.of([3.0, -1.0, 0.25], wall=0.0)
    assert saddle.eigenvalues.tolist() == [-1.0, 0.25, 3.0]
    assert saddle.n_dims == 3
    assert from_recipe(saddle.recipe()) == saddle


def test_gradient_norm_on_the_floor_is_the_number_chosen():
    rng = np.random.default_rng(1)
    for n in (1, 3, 200):
        floor = FlatFloor(n_dims=n, slope=0.0123, length=0.8, radius=0.7)
        x = rng.uniform(-0.5, 0.5, size=(200, n)) * 0.8 / math.sqrt(n)
        assert_allclose(np.linalg.norm(floor.gradient(x), axis=-1), 0.0123, rtol=1e-12)
        assert_allclose(floor.hessian_vector_product(x, x), 0, atol=1e-15)


def test_the_drop_behind_the_floor_ends_in_one_minimum():
    floor = FlatFloor(n_dims=7, slope=0.05, depth=2.0)
    (point,) = declared_points(floor)
    assert point.kind == "minimum"
    assert point.gradient_norm < 1e-13
    # smooth across every seam: second derivatives agree on both sides
    along = np.ones(7) / math.sqrt(7)
    for s in (1.0, -1.0):
        left, right = (floor.hessian((s + e) * along) for e in (-1e-9, 1e-9))
        assert_allclose(left, right, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: TwoPointSaddle(n_dims=5, index=6), ValueError, "in 5 dimensions has an index of at most 5, not 6"),
        (lambda: SemicircleSaddle(n_dims=5, index=6), ValueError, "at most 5, not 6"),
        (lambda: PowerLawSaddle(n_dims=5, index=-1), ValueError, "index must be at least 0"),
        (lambda: QuadraticSaddle.of([1.0, math.nan]), ValueError, "must be finite; 1 of its values"),
        (lambda: QuadraticSaddle.of([]), ValueError, "at least one eigenvalue"),
        (lambda: QuadraticSaddle.of(["a"]), TypeError, "a list of numbers"),
        (lambda: family("quadratic_saddle", 5, spectrum=[1.0, 2.0]), ValueError, "has 2 dimensions, not 5"),
        (lambda: TwoPointSaddle(wall=-1.0), ValueError, "wall must be at least 0"),
    ],
)
def test_what_is_wrong_is_said(make, error, match):
    with pytest.raises(error, match=match):
        make()
