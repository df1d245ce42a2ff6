import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from landscape.optimizers import PerturbedGD, Step


def rngs(n_starts, seed=0):
    return [np.random.default_rng([seed, i, 1]) for i in range(n_starts)]


def walk(walker, gradient, x, n_steps, draws):
    path, state = [x], walker.init(x)
    for t in range(1, n_steps + 1):
        x, state = walker.update(Step(x, gradient(x), t, walker.learning_rate, draws), state)
        path.append(x)
    return np.array(path)


def test_first_three_steps_by_hand():
    """One start in the plane, f = x y: a perturbed step, then two plain ones because of ``wait``."""
    walker = PerturbedGD(learning_rate=0.5, radius=0.125, threshold=10.0, wait=2)
    path = walk(walker, lambda x: x[:, ::-1], np.array([[1.0, -2.0]]), 3, rngs(1))
    z = np.random.default_rng([0, 0, 1])
    direction = z.standard_normal(2)
    xi = 0.125 * np.sqrt(z.random()) * direction / np.hypot(*direction)
    x1 = [1 - 0.5 * -2 + xi[0], -2 - 0.5 * 1 + xi[1]]
    x2 = [x1[0] - 0.5 * x1[1], x1[1] - 0.5 * x1[0]]
    x3 = [x2[0] - 0.5 * x2[1], x2[1] - 0.5 * x2[0]]
    assert_allclose(path[1:, 0], [x1, x2, x3], rtol=1e-15)


def test_random_steps_come_at_the_first_small_gradient_and_then_wait():
    walker = PerturbedGD(learning_rate=0.1, radius=0.01, threshold=1e-3, wait=4)
    path = walk(walker, np.zeros_like, np.zeros((1, 2)), 17, rngs(1))
    moved = 1 + np.flatnonzero(np.any(np.diff(path[:, 0], axis=0) != 0, axis=1))
    assert moved.tolist() == [1, 6, 11, 16]


def test_threshold_is_a_norm_and_each_start_keeps_its_own_time():
    walker = PerturbedGD(learning_rate=0.1, radius=0.01, threshold=5.0, wait=3)
    g = np.array([[3.0, 4.0], [3.0, 4.0001], [0.0, 0.0]])
    x, (last,) = walker.update(Step(np.zeros((3, 2)), g, 7, 0.1, rngs(3)), walker.init(np.zeros((3, 2))))
    assert last.tolist() == [7, -4, 7]
    assert_array_equal(x[1], -0.1 * g[1])


def test_perturbation_is_uniform_in_the_ball():
    n, dims, radius = 5_000, 3, 0.5
    walker = PerturbedGD(radius=radius)
    x, _ = walker.update(
        Step(np.zeros((n, dims)), np.zeros((n, dims)), 1, 0.1, rngs(n)), walker.init(np.zeros((n, dims)))
    )
    r = np.linalg.norm(x, axis=1) / radius
    assert r.max() <= 1
    share = r**dims  # uniform in (0, 1) where the points are uniform in the ball
    assert_allclose(share.mean(), 0.5, atol=4 * np.sqrt(1 / 12 / n))
    assert_allclose((share**2).mean(), 1 / 3, atol=4 * np.sqrt(4 / 45 / n))
    assert_allclose(x.mean(axis=0), 0, atol=4 * radius * np.sqrt(1 / 5 / n))  # E x_i^2 = radius^2 / (dims + 2)
    assert_allclose((x**2).mean(axis=0), radius**2 / 5, atol=4 * radius**2 * np.sqrt(1 / n))


def test_a_start_does_not_depend_on_its_neighbours():
    walker = PerturbedGD(learning_rate=0.1, wait=2)
    starts = np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    together = walk(walker, lambda x: x * [1.0, -1.0], starts, 30, rngs(3))
    alone = walk(walker, lambda x: x * [1.0, -1.0], starts[2:], 30, rngs(3)[2:])
    assert_array_equal(together[:, 2], alone[:, 0])


def test_it_leaves_a_saddle_on_which_gradient_descent_stays():
    """f = (x^2 - y^2) / 2 from the saddle itself."""
    walker = PerturbedGD(learning_rate=0.1, radius=1e-3)
    assert walker.draws
    path = walk(walker, lambda x: x * [1.0, -1.0], np.zeros((4, 2)), 200, rngs(4))
    assert np.all(np.abs(path[-1, :, 1]) > 1)


def test_not_a_number_is_not_small():
    walker = PerturbedGD()
    g = np.array([[np.nan, 0.0]])
    x, (last,) = walker.update(Step(np.zeros((1, 2)), g, 1, 0.1, rngs(1)), walker.init(g))
    assert last[0] < 0
    assert np.isnan(x[0, 0])


@pytest.mark.parametrize("dims", [1, 2, 50])
def test_any_number_of_dimensions(dims):
    walker = PerturbedGD(radius=0.1)
    x, _ = walker.update(
        Step(np.zeros((1, dims)), np.zeros((1, dims)), 1, 0.1, rngs(1)), walker.init(np.zeros((1, dims)))
    )
    assert 0 < np.linalg.norm(x) <= 0.1
