"""THEORY 8: time of gradient flow from z = -8 to 0, and the steps of the optimizers at learning rate .1."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.special import expit

from landscape.optimizers import SGD, Adam
from landscape.theory import saturated_neuron as neuron


def squared_error_slope(z):
    return -((1 - expit(z)) ** 2) * expit(z)


def cross_entropy_slope(z):
    return -(1 - expit(z))


def steps_to_zero(walker, slope):
    z, slots, t = -8.0, (0.0,) * walker.n_slots, 0
    while z < 0:
        t += 1
        z, slots = walker.rule(z, slope(z), t, walker.learning_rate, slots, walker.hyper)
        assert t < 100_000
    return t


def test_times_of_the_lecture():
    assert_allclose(neuron.squared_error_time(-8.0), 3007.46, atol=0.005)
    assert_allclose(neuron.cross_entropy_time(-8.0), 8.9997, atol=0.00005)


@pytest.mark.parametrize(("z0", "z1"), [(-8.0, 0.0), (-3.0, 2.0), (-12.0, -5.0), (1.0, 1.0)])
def test_times_against_quadrature(z0, z1):
    """dt = dz / (-dL/dz), integrated numerically."""
    for time, slope in (
        (neuron.squared_error_time, squared_error_slope),
        (neuron.cross_entropy_time, cross_entropy_slope),
    ):
        assert_allclose(time(z0, z1), quad(lambda z, slope=slope: -1 / slope(z), z0, z1)[0], rtol=1e-9, atol=1e-12)


def test_slopes_are_those_of_the_losses():
    z, step = np.linspace(-6, 3, 7), 1e-20
    squared = lambda z: (1 / (1 + np.exp(-z)) - 1) ** 2 / 2  # noqa: E731
    entropy = lambda z: np.log(1 + np.exp(-z))  # noqa: E731
    for loss, slope in ((squared, squared_error_slope), (entropy, cross_entropy_slope)):
        assert_allclose(slope(z), loss(z + 1j * step).imag / step, rtol=1e-12)


def test_steps_of_the_lecture():
    assert steps_to_zero(SGD(0.1), squared_error_slope) == 30078
    assert steps_to_zero(SGD(0.1), cross_entropy_slope) == 90
    assert steps_to_zero(Adam(0.1), squared_error_slope) == 61


def test_gradient_descent_follows_the_flow():
    """Steps times learning rate tend to the time of the flow, the error falling with the learning rate."""
    time = neuron.cross_entropy_time(-8.0)
    errors = [abs(steps_to_zero(SGD(rate), cross_entropy_slope) * rate - time) for rate in (0.1, 0.001)]
    assert errors[0] < 0.1
    assert errors[1] < 0.002
    assert_allclose(steps_to_zero(SGD(0.1), squared_error_slope) * 0.1, neuron.squared_error_time(-8.0), rtol=1e-3)


def test_the_flow_does_not_fall():
    with pytest.raises(ValueError, match="z0 must be at most z1"):
        neuron.squared_error_time(1.0)
    with pytest.raises(ValueError, match="z0 must be at most z1"):
        neuron.cross_entropy_time(0.0, float("nan"))
