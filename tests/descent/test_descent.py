"""The recording loop against a naive one, its bookkeeping, and what it refuses."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.descent import loop

SPHERE = ls.surface("sphere")


def test_matches_a_naive_loop_written_out():
    surface = ls.surface("himmelblau")
    x, v = np.array([-1.0, 2.0]), np.zeros(2)
    trajectory = ls.descend(surface, ls.Momentum(learning_rate=0.004, momentum=0.8), [x], 60)
    for t in range(61):
        a, b = x[0] ** 2 + x[1] - 11, x[0] + x[1] ** 2 - 7
        gradient = np.array([4 * a * x[0] + 2 * b, 2 * a + 4 * b * x[1]])
        assert_allclose(trajectory.points[0, t], x, rtol=1e-12)
        assert_allclose(trajectory.values[0, t], a * a + b * b, rtol=1e-12, atol=1e-15)
        assert_allclose(trajectory.gradient_norms[0, t], np.hypot(*gradient), rtol=1e-11, atol=1e-12)
        v = 0.8 * v + gradient
        x = x - 0.004 * v


@pytest.mark.parametrize("key", ["sgd", "adam", "perturbed_gd"])
def test_a_start_does_not_depend_on_its_neighbours(key):
    surface = ls.surface("himmelblau")
    starts = [[1.0, 1.0], [-2.0, 3.0], [0.1, -0.2]]
    noise = ls.GaussianNoise(scale=0.5)
    optimizer = ls.optimizer(key, learning_rate=0.002)
    together = ls.descend(surface, optimizer, starts, 40, noise=noise, seed=5)
    alone = ls.descend(surface, optimizer, starts[:1], 40, noise=noise, seed=5)
    assert_allclose(together.points[0], alone.points[0], rtol=1e-13)
    assert not np.allclose(together.points[0], together.points[1])


def test_same_seed_same_run_other_seed_other_run():
    arguments = (SPHERE, ls.SGD(learning_rate=0.1), [[1.0, 1.0]], 20)
    runs = [ls.descend(*arguments, noise=ls.GaussianNoise(scale=1.0), seed=seed).points for seed in (1, 1, 2)]
    assert_array_equal(runs[0], runs[1])
    assert not np.allclose(runs[0], runs[2])


def test_noise_moves_the_path_but_not_what_is_recorded():
    trajectory = ls.descend(SPHERE, ls.SGD(learning_rate=0.1), [[1.0, 1.0]], 50, noise=ls.GaussianNoise(scale=1.0))
    assert_allclose(trajectory.values, SPHERE.value(trajectory.points))
    assert_allclose(trajectory.gradient_norms, np.linalg.norm(SPHERE.gradient(trajectory.points), axis=-1))


def test_overflow_ends_one_path_at_its_last_finite_point_and_the_others_go_on():
    surface = ls.formula("x**4 + y**4", domain=((-2, 2), (-2, 2)))
    trajectory = ls.descend(surface, ls.SGD(learning_rate=0.1), [[30.0, 0.0], [0.5, 0.5]], 400)
    last = trajectory.last[0]
    assert 0 < last < 400
    for recorded in (trajectory.points, trajectory.values, trajectory.gradient_norms):
        assert np.isfinite(recorded[0, : last + 1]).all()
        assert np.isnan(recorded[0, last + 1 :]).all()
        assert np.isfinite(recorded[1]).all()
    assert_array_equal(trajectory.final_points[0], trajectory.points[0, last])
    assert trajectory.evaluations.tolist() == [last, 400]


def test_recording_in_chunks_forgets_nothing(monkeypatch):
    whole = ls.descend(SPHERE, ls.Adam(), [[1.0, 2.0]], 30)
    monkeypatch.setattr(loop, "_CHUNK", 7)
    chunked = ls.descend(SPHERE, ls.Adam(), [[1.0, 2.0]], 30)
    assert_array_equal(whole.gradient_norms, chunked.gradient_norms)
    assert_array_equal(whole.points, chunked.points)


def test_no_steps_records_the_start():
    trajectory = ls.descend(SPHERE, ls.SGD(), [[3.0, 4.0]], 0)
    assert trajectory.points.shape == (1, 1, 2)
    assert_allclose(trajectory.gradient_norms, [[10.0]])


def test_schedule_scales_the_learning_rate_step_by_step():
    trajectory = ls.descend(SPHERE, ls.SGD(learning_rate=0.2), [[1.0, 1.0]], 10, schedule=ls.schedule("cosine"))
    moved = (trajectory.points[0, :-1] - trajectory.points[0, 1:])[:, 0]
    assert_allclose(moved, trajectory.learning_rates * 2 * trajectory.points[0, :-1, 0], atol=1e-15)
    assert trajectory.learning_rates[0] > trajectory.learning_rates[-1]


def test_one_dimension_takes_bare_numbers():
    line = ls.surface("framework_example")
    assert ls.descend(line, ls.SGD(), [0.0, 1.0, 2.0], 5).points.shape == (3, 6, 1)
    assert ls.descend(line, ls.SGD(), 0.0, 5).points.shape == (1, 6, 1)


@pytest.mark.parametrize(
    ("starts", "n_steps", "error", "says"),
    [
        ([[1.0, 2.0, 3.0]], 5, ValueError, "last axis of length 2"),
        ([[1.0, np.nan]], 5, ValueError, "start 0 is not finite"),
        ([[1.0, 2.0], [np.inf, 0.0]], 5, ValueError, "start 1 is not finite"),
        (np.empty((0, 2)), 5, ValueError, "at least one point"),
        ([[1.0, 2.0]], -1, ValueError, "0 or more"),
        ([[1.0, 2.0]], 2.5, TypeError, "n_steps must be a whole number"),
        ([[1.0, 2.0]], 10**12, ValueError, "at most"),
    ],
)
def test_what_is_wrong_is_said(starts, n_steps, error, says):
    with pytest.raises(error, match=says):
        ls.descend(SPHERE, ls.SGD(), starts, n_steps)
