"""What stands round another optimizer, round each that there is; and what a second look of a step sees."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.optimizers.matrices import MatrixOptimizer
from landscape.optimizers.wrappers import Wrapper

WRAPPERS = [key for key, kind in ls.OPTIMIZERS.items() if issubclass(kind, Wrapper)]
OF_VECTORS = [
    key
    for key, kind in ls.OPTIMIZERS.items()
    if not issubclass(kind, Wrapper | MatrixOptimizer) and not kind.draws  # chance is a start's own
]
STARTS = np.array([[1.0, 0.5], [-2.0, 1.3], [0.2, -2.0]])


@pytest.mark.parametrize("key", OF_VECTORS)
def test_a_start_does_not_depend_on_its_neighbours_whatever_stands_round_the_rule(key):
    # Of all starts only those that the loss of the last steps says so have their rate reduced.
    special = {"reduce_on_plateau": {"patience": 1, "factor": 0.5, "threshold": 0.5}}
    for name in WRAPPERS:
        walker = dataclasses.replace(ls.optimizer(name, of=key, **special.get(name, {})), learning_rate=0.01)
        together = ls.descend("himmelblau", walker, STARTS, 12)
        for i, start in enumerate(STARTS):
            alone = ls.descend("himmelblau", walker, [start], 12)
            assert_allclose(together.points[i], alone.points[0], rtol=1e-9, atol=1e-9, err_msg=name)


def by_hand(noise, rate, radius, longest, n_steps):
    """Return the path of SAM with clipped gradients from the first of the starts, written out."""
    surface, x = ls.surface("himmelblau"), STARTS[0]
    path = [x]

    def clipped(g):
        return g * min(1.0, longest / np.linalg.norm(g))

    for xi in noise:
        g = clipped(surface.gradient(x) + xi)
        x = x - rate * clipped(surface.gradient(x + radius * g / np.linalg.norm(g)) + xi)
        path.append(x)
    assert len(path) == n_steps + 1
    return path


@pytest.mark.parametrize("longest", [0.5, 20.0, 1e9])
def test_both_gradients_of_a_step_are_clipped_and_see_the_same_noise(longest):
    seen = ls.GaussianNoise(3.0, decay=0.3)
    noise = [draw[0] for draw in seen.stream(seed=4, n_starts=1, n_dims=2, n_steps=30)]
    walker = ls.Clipped(longest=longest, of=ls.SAM(0.005, radius=0.2))
    run = ls.descend("himmelblau", walker, STARTS[:1], 30, noise=seen, seed=4)
    assert_allclose(run.points[0], by_hand(noise, 0.005, 0.2, longest, 30), rtol=1e-12)
    assert run.gradients.tolist() == [60]


def test_a_second_look_sees_the_examples_of_the_first():
    network = ls.network("perceptron", data=ls.data("moons"), widths=(4,))
    x = network.starts(1)
    run = ls.descend(network, ls.SAM(0.1, radius=0.05), x, 30, noise=ls.Minibatches(8), seed=2)
    for rows in ls.Minibatches(8).rows(seed=2, n_starts=1, n_rows=network.n_rows, n_steps=30):
        g = network.minibatch_value_and_gradient(x, rows)[1]
        x = x - 0.1 * network.minibatch_value_and_gradient(x + 0.05 * g / np.linalg.norm(g), rows)[1]
    assert_allclose(run.final_points, x, rtol=1e-12)


def test_a_rule_may_look_as_often_as_it_likes():
    """Without a radius SAM is gradient descent, with noise of one's own too; and looks that are left out cost none."""

    def noise(rng, gradient, t):
        return gradient + rng.standard_normal(2) / t

    class Late(ls.Optimizer):
        learning_rate: float = 0.01
        key, title = "late", "Late"

        def init(self, x):
            return ()

        def update(self, step, state):
            g = step.gradient if step.t % 3 else step.gradient_at(step.x)
            return step.x - step.learning_rate * g, state

    plain, *others = (
        ls.descend("himmelblau", walker, STARTS, 20, noise=noise).points
        for walker in (ls.SGD(0.01), ls.SAM(0.01, radius=0.0), Late(0.01))
    )
    for other in others:
        assert_allclose(other, plain, rtol=1e-12)
