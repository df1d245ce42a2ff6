"""Slices: projections against a naive computation, every kind of plane, what a slice hides, planes that are none."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.analysis import slices
from landscape.analysis.slices import (
    Plane,
    SingularPlane,
    eigen_plane,
    filter_normalized_plane,
    fitting_axes,
    path_on_plane,
    principal_plane,
    random_plane,
    share_that_look_like_minima,
    slice_surface,
)
from landscape.surfaces.families import family
from landscape.theory.projections import looks_like_a_minimum, random_walk_shares

TRID = family("trid", 2)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_coordinates_and_distance_against_least_squares(rng):
    plane = Plane(rng.standard_normal(7), rng.standard_normal((2, 7)), "slanted")
    points = rng.standard_normal((4, 5, 7))
    coordinates, distance = plane.coordinates(points), plane.distance(points)
    for i, j in np.ndindex(4, 5):
        naive, rest, _, _ = np.linalg.lstsq(plane.directions.T, points[i, j] - plane.origin)
        assert_allclose(coordinates[i, j], naive, atol=1e-12)
        assert_allclose(distance[i, j], np.sqrt(rest[0]), atol=1e-12)
    assert_allclose(plane.coordinates(plane.embed(coordinates)), coordinates, atol=1e-12)
    assert_allclose(plane.distance(plane.embed(coordinates)), 0, atol=1e-12)


def test_a_slice_is_the_surface_on_the_plane(rng):
    surface = family("rosenbrock", 6)
    plane = random_plane(np.ones(6), seed=2)
    a, b = np.linspace(-1, 1, 5), np.linspace(-2, 2, 4)
    grid = slice_surface(surface, plane, a, b)
    for i, j in np.ndindex(4, 5):
        x = plane.origin + a[j] * plane.directions[0] + b[i] * plane.directions[1]
        assert grid.values[i, j] == pytest.approx(float(surface.value(x)))


def test_slices_come_in_bounded_pieces(monkeypatch, rng):
    from landscape.analysis import slices

    surface, plane = family("rastrigin", 30), random_plane(np.zeros(30))
    whole = slice_surface(surface, plane, np.linspace(-1, 1, 9), np.linspace(-1, 1, 9)).values
    monkeypatch.setattr(slices, "_CHUNK_NUMBERS", 70)
    assert_allclose(slice_surface(surface, plane, np.linspace(-1, 1, 9), np.linspace(-1, 1, 9)).values, whole)


def test_random_directions_are_unbiased_and_at_right_angles():
    squares = np.zeros(5)
    for seed in range(400):
        plane = random_plane(np.zeros(5), seed)
        assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
        squares += (plane.directions**2).sum(axis=0) / 2
    assert_allclose(squares / 400, 0.2, atol=4 * np.sqrt(0.2 * 0.8 / 400))


def test_filter_normalization_gives_every_block_the_length_of_the_weights(rng):
    weights = rng.standard_normal(12) * np.repeat([10.0, 0.1, 1.0], 4)
    weights[8:10] = 0.0
    blocks = (slice(0, 4), np.array([4, 5, 6, 7]), slice(8, 10))
    plane = filter_normalized_plane(weights, blocks, seed=1)
    for direction in plane.directions:
        for block in blocks:
            assert np.linalg.norm(direction[block]) == pytest.approx(np.linalg.norm(weights[block]))
        assert direction[10:].tolist() == [0, 0]  # in no block
    # Gaussian directions, not uniform ones: within a block the kurtosis is that of a normal
    long = filter_normalized_plane(np.ones(40_000), [slice(0, 40_000)]).directions[0]
    assert np.mean(long**4) / np.mean(long**2) ** 2 == pytest.approx(3.0, abs=4 * np.sqrt(24 / 40_000))


@pytest.mark.parametrize("shape", [(30, 6), (6, 30), (500, 420)])
def test_principal_plane_against_all_components(rng, shape):
    points = np.cumsum(rng.standard_normal(shape), axis=0)
    plane = principal_plane([points])
    centred = points - points.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    assert_allclose(np.abs(plane.directions @ vectors[:, [-1, -2]]), np.eye(2), atol=1e-6)
    assert_allclose(plane.explained, values[[-1, -2]] / values.sum(), rtol=1e-8)
    assert_allclose(plane.null, random_walk_shares(2, shape[0] - 1))


def test_a_random_walk_looks_as_planar_as_its_null_says(rng):
    # THEORY 18: 500 steps in 5000 dimensions
    walk = np.cumsum(rng.standard_normal((501, 5000)), axis=0)
    plane = principal_plane([walk])
    assert plane.explained[0] == pytest.approx(plane.null[0], abs=0.03)
    assert sum(plane.explained) == pytest.approx(sum(plane.null), abs=0.02)


def test_one_plane_for_several_paths_and_gaps_left_out(rng):
    first, second = rng.standard_normal((2, 20, 9)).cumsum(axis=1)
    broken = second.copy()
    broken[15:] = np.nan
    plane = principal_plane([first[None], broken])
    naive = np.concatenate([first, second[:15]])
    assert_allclose(plane.origin, naive.mean(axis=0))
    path = path_on_plane(family("trid", 9), plane, broken)
    assert np.isnan(path.distance[15:]).all()
    assert np.isfinite(path.distance[:15]).all()


def test_a_slice_says_how_far_it_is_from_the_truth(rng):
    surface = family("rastrigin", 40)
    points = rng.standard_normal((30, 40)).cumsum(axis=0) * 0.1
    plane = random_plane(points[0])
    path = path_on_plane(surface, plane, points)
    assert path.distance[0] == pytest.approx(0.0, abs=1e-12)
    assert path.loss[0] == pytest.approx(path.plane_loss[0])
    assert_allclose(path.loss, surface.value(points))
    assert_allclose(path.plane_loss, surface.value(plane.embed(plane.coordinates(points))))
    assert np.all(path.distance[1:] > 0)
    a, b = fitting_axes([path], shape=(11, 7))
    assert a[0] < path.coordinates[:, 0].min() < path.coordinates[:, 0].max() < a[-1]
    assert len(b) == 7


def test_the_extreme_eigenvectors_show_what_random_planes_hide():
    # THEORY 7: with 30 of 100 directions falling nearly every random plane shows a minimum
    saddle = family("two_point_saddle", 100, index=30, rotated=True)
    lines, planes = share_that_look_like_minima(saddle, np.zeros(100), n_planes=4000)
    for seen, dims in ((lines, 1), (planes, 2)):
        p = looks_like_a_minimum(70, 30, dims)
        assert abs(seen - p) < 4 * np.sqrt(p * (1 - p) / 4000)
    plane = eigen_plane(saddle, np.zeros(100))
    assert plane.curvatures == pytest.approx((-1.0, 1.0))
    grid = slice_surface(saddle, plane, np.array([-0.1, 0, 0.1]), np.array([-0.1, 0, 0.1])).values
    assert grid[1, 0] < grid[1, 1] < grid[0, 1]


def test_axes_that_fit_paths_that_hardly_move():
    still = path_on_plane(family("trid", 3), Plane(np.zeros(3), np.eye(2, 3), ""), np.zeros((4, 3)))
    a, b = fitting_axes([still])
    assert (a[0], a[-1], b[0], b[-1]) == (-0.5, 0.5, -0.5, 0.5)
    along = path_on_plane(family("trid", 3), Plane(np.zeros(3), np.eye(2, 3), ""), np.array([[0.0, 0, 0], [4, 0, 0]]))
    a, b = fitting_axes([along])
    assert (b[0], b[-1]) == (-2.0, 2.0)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: Plane(np.zeros(3), [[1, 2, 3], [2, 4, 6.0]], ""), SingularPlane, "parallel: they span a line"),
        (lambda: Plane(np.zeros(3), [[1, 2, 3], [-1, -2, -3.0]], ""), SingularPlane, "parallel"),
        (lambda: Plane(np.zeros(3), [[1, 2, 3], [0, 0, 0.0]], ""), SingularPlane, "direction 2 of the plane is zero"),
        (lambda: Plane(np.zeros(3), [[1, 2], [0, 1.0]], ""), ValueError, r"directions \(2, n\)"),
        (lambda: Plane(np.zeros(2), [[1, np.nan], [0, 1.0]], ""), ValueError, "finite directions"),
        (lambda: principal_plane([np.ones((9, 4))]), SingularPlane, "never moves"),
        (lambda: principal_plane([np.full((9, 4), 0.1)]), SingularPlane, "never moves"),
        (lambda: principal_plane([np.outer(np.arange(9), [1, 2, 3.0])]), SingularPlane, "one straight line"),
        (lambda: principal_plane([np.array([[0, 0, 0], [1, 2, 3.0]])]), SingularPlane, "one straight line"),
        (lambda: principal_plane([np.full((3, 2), np.nan)]), ValueError, "at least one finite point"),
        (lambda: principal_plane([np.arange(9.0)[:, None]]), SingularPlane, "one dimension has no plane"),
        (lambda: principal_plane([]), ValueError, "a list of paths"),
        (lambda: random_plane(np.zeros(1)), SingularPlane, "at least 2 dimensions"),
        (lambda: filter_normalized_plane(np.zeros(4), [slice(0, 4)]), SingularPlane, "direction 1"),
        (lambda: filter_normalized_plane(np.ones(4), []), ValueError, "at least one block"),
        (lambda: eigen_plane(family("rastrigin", 1), np.zeros(1)), SingularPlane, "no plane"),
        (lambda: fitting_axes([path_on_plane(TRID, Plane(np.zeros(2), np.eye(2), ""), np.full((2, 2), np.nan))]),
         ValueError, "no finite point"),
    ],
)  # fmt: skip
def test_planes_that_are_none_are_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


@pytest.mark.parametrize("shape", [(1001, 5000), (3000, 2000), (511, 10_000), (2_100_000, 2), (20, 3)])
@pytest.mark.parametrize("value", [0.0, 0.1, np.pi])
def test_a_path_that_never_moves_has_no_components_however_large(shape, value):
    with pytest.raises(SingularPlane, match="never moves"):
        principal_plane([np.full(shape, value)])


def test_all_routes_to_the_components_agree(rng, monkeypatch):
    walk = np.cumsum(rng.standard_normal((450, 420)), axis=0) + 1e6
    dense = principal_plane([walk])
    monkeypatch.setattr(slices, "_CHUNK_NUMBERS", 0)
    products = principal_plane([walk])
    assert_allclose(np.abs(np.sum(dense.directions * products.directions, axis=1)), 1.0, atol=1e-8)
    assert_allclose(dense.explained, products.explained, rtol=1e-8)
    few = np.cumsum(rng.standard_normal((450, 30)), axis=0)
    gram = principal_plane([few])
    monkeypatch.setattr(slices, "_CHUNK_NUMBERS", 4_000_000)
    assert_allclose(np.abs(np.sum(gram.directions * principal_plane([few]).directions, axis=1)), 1.0, atol=1e-8)


@pytest.mark.parametrize("n_walks", [2, 4])
def test_several_walks_look_as_planar_as_their_null_says(rng, n_walks):
    walks = [np.cumsum(rng.standard_normal((301, 4000)), axis=0) for _ in range(n_walks)]
    plane = principal_plane([walk - walk[0] for walk in walks])
    assert_allclose(plane.explained, plane.null, atol=0.03)


def test_a_plane_of_nearly_the_same_directions_has_the_right_coordinates():
    directions = np.array([[1.0, 0.0, 0.0], [1.0, 1e-6, 0.0]])
    plane = Plane(np.zeros(3), directions, "narrow")
    assert_allclose(plane.coordinates(plane.embed([0.0, 1.0])), [0.0, 1.0], atol=1e-8)


@pytest.mark.parametrize(("rising", "words"), [(1.0, "all eigenvalues are equal"), (0.0, "the surface is flat here")])
def test_no_plane_shows_more_than_another(rising, words):
    even = family("two_point_saddle", 5, index=0, rising=rising)
    with pytest.raises(SingularPlane, match=words):
        eigen_plane(even, np.zeros(5))


def test_paths_of_different_dimensions_and_empty_blocks_are_refused(rng):
    with pytest.raises(ValueError, match=r"same dimension, not \[3, 4\]"):
        principal_plane([rng.standard_normal((5, 3)), rng.standard_normal((5, 4))])
    with pytest.raises(ValueError, match="block 1 of coordinates is empty"):
        filter_normalized_plane(np.ones(4), [slice(0, 4), slice(2, 2)])


@pytest.mark.parametrize("exponent", [500, 900, 1020])
def test_a_path_that_diverges_has_the_plane_of_the_same_path_in_a_smaller_unit(exponent):
    path = np.random.default_rng(0).normal(size=(30, 5))
    small, huge = slices.principal_plane([path]), slices.principal_plane([path * 2.0**exponent])
    assert huge.explained == pytest.approx(small.explained, rel=1e-12)
    assert_allclose(huge.origin / 2.0**exponent, small.origin, rtol=1e-12)
    assert_allclose(np.abs(huge.directions), np.abs(small.directions), atol=1e-12)
