"""Plateaus held against a naive count, and the map of steepness and curvature against the surface itself."""

import numpy as np
import pytest

import landscape as ls
from landscape.analysis.plateaus import ground


@pytest.fixture(scope="module")
def run():
    starts = [[1.0, 1e-6], [1.0, 0.5], [1.0, 0.0]]
    return ls.descend(ls.surface("escaping_saddle"), ls.SGD(learning_rate=0.05), starts, 600)


@pytest.mark.parametrize("relative", [False, True])
def test_every_interval_is_a_longest_run_below_the_threshold(run, relative):
    found = ls.plateaus(run, 0.01, relative=relative)
    for norms, threshold, intervals, longest, steps in zip(
        run.gradient_norms, found.thresholds, found.intervals, found.longest, found.steps, strict=True
    ):
        assert threshold == (0.01 * norms.max() if relative else 0.01)
        for first, last in intervals:
            assert (norms[first : last + 1] < threshold).all()
            assert first == 0 or norms[first - 1] >= threshold
        lengths = [last - first + 1 for first, last in intervals]
        assert (longest, steps) == (max(lengths, default=0), sum(lengths))


def test_a_path_that_stays_has_not_left(run):
    found = ls.plateaus(run, 0.01)
    assert found.left_at[0] == found.intervals[0][0][1] + 1
    assert found.left_at[2] is None


def test_a_higher_threshold_makes_a_longer_plateau(run):
    assert ls.plateaus(run, 0.05).steps[0] > ls.plateaus(run, 0.01).steps[0] > ls.plateaus(run, 0.001).steps[0]


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan"), float("inf")])
def test_a_threshold_is_positive(run, wrong):
    with pytest.raises(ValueError, match="threshold must be positive"):
        ls.plateaus(run, wrong)


def test_the_ground_is_the_surfaces_own():
    surface = ls.surface("himmelblau")
    made = ground(surface, (7, 5))
    assert made.log_gradient.shape == made.lowest_curvature.shape == (5, 7)
    x = np.array([made.x[4], made.y[1]])
    assert np.isclose(10 ** made.log_gradient[1, 4], np.linalg.norm(surface.gradient(x)))
    assert np.isclose(made.lowest_curvature[1, 4], np.linalg.eigvalsh(surface.hessian(x))[0])


def test_a_map_has_its_limits():
    with pytest.raises(ValueError, match="4,000,000"):
        ground(ls.surface("himmelblau"), (10_000, 10_000))
    with pytest.raises(ValueError, match="two dimensions"):
        ground(ls.surface("rastrigin", n_dims=3))
