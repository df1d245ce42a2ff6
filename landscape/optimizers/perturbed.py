"""Gradient descent that shakes itself loose where the gradient is small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landscape.language import mark
from landscape.optimizers.base import Array, Optimizer, State, Step
from landscape.optimizers.fields import step_size
from landscape.optimizers.schedules import Rate
from landscape.parameter import parameter


@dataclass(frozen=True)
class PerturbedGD(Optimizer):
    """Gradient descent that adds a random step where the gradient has become small.

        x' = x - learning_rate g
        if |g| <= threshold and the last random step is more than ``wait`` steps ago (or there was none):
            x <- x' + xi,  xi uniform in the ball of radius ``radius``
        else:
            x <- x'

    The perturbed gradient descent of the paper, with two differences: the gradient is the one before the random
    step, so that a step costs one gradient as it does for every other optimizer; and nothing stops the run (the paper
    ends it where the value has not fallen enough after ``wait`` steps). The paper derives threshold, radius and wait
    from the smoothness of f, which nobody knows beforehand: here they are numbers to set.

    Reference: C. Jin, R. Ge, P. Netrapalli, S. M. Kakade, M. I. Jordan, "How to Escape Saddle Points Efficiently",
    2017, algorithms 1 and 2.

    >>> import numpy as np
    >>> from landscape.optimizers import Step
    >>> shaken = PerturbedGD(learning_rate=0.1, radius=0.01, threshold=0.001, wait=50)
    >>> x, g = np.zeros((2, 2)), np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> rngs = [np.random.default_rng([0, i]) for i in range(2)]
    >>> y, state = shaken.update(Step(x, g, 1, 0.1, rngs), shaken.init(x))
    >>> bool(0 < np.linalg.norm(y[0]) <= 0.01), y[1].tolist()  # the gradient at the second start is not small
    (True, [-0.30000000000000004, -0.4])
    """

    learning_rate: Rate = step_size(0.01)
    radius: float = parameter(0.01, 1e-5, 1.0, mark("largest length of a random step"), log=True, minimum=0.0)
    threshold: float = parameter(1e-3, 1e-6, 1.0, mark("gradient norm that counts as small"), log=True, minimum=0.0)
    wait: int = parameter(50, 1, 1000, mark("steps without a random one after a random step"), integer=True, minimum=0)

    key, title, group = "perturbed_gd", mark("Perturbed GD"), mark("momentum")
    look = ("blue", 1)
    draws = True

    def init(self, x: Array) -> State:
        """Return the step of the last perturbation of each start, (S,): one so long ago that it does not count."""
        return (np.full(x.shape[0], -self.wait - 1),)

    def update(self, step: Step, state: State) -> tuple[Array, State]:
        """Take one step; start i draws from ``step.rngs[i]``, and only when it is perturbed."""
        x, g, t, learning_rate, rngs, *_ = step
        (last,) = state
        due = (np.sqrt(np.einsum("ij,ij->i", g, g)) <= self.threshold) & (t - last > self.wait)
        x = x - learning_rate * g
        for i in np.flatnonzero(due).tolist():
            x[i] += self.radius * _in_unit_ball(rngs[i], x.shape[1])
        return x, (np.where(due, t, last),)


def _in_unit_ball(rng: np.random.Generator, n: int) -> Array:
    """Return a point drawn uniformly from the unit ball in n dimensions: a direction, then a radius."""
    direction = rng.standard_normal(n)
    return rng.random() ** (1.0 / n) * direction / np.linalg.norm(direction)
