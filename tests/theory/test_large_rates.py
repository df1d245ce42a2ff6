"""What large learning rates do, each closed form held against a second way to the same number (THEORY 25 to 28)."""

import math

import numpy as np
import pytest

from landscape.surfaces.formula import formula
from landscape.theory import period_doubling, river_valley, saddle_to_saddle, two_cycles
from landscape.theory.central_flow import central_flow, velocity


def test_two_points_follow_each_other_and_double_where_the_multiplier_is_minus_one():
    for rate in (1.05, 1.2, 1.3):
        x, y = period_doubling.pair(rate)
        assert y == pytest.approx(x - rate * x * (x * x - 1), abs=1e-14)
        assert x == pytest.approx(y - rate * y * (y * y - 1), abs=1e-14)
        slopes = [1 - rate * (3 * z * z - 1) for z in (x, y)]
        assert period_doubling.multiplier(rate) == pytest.approx(math.prod(slopes), abs=1e-13)
    with pytest.raises(ValueError, match="below a learning rate of 1"):
        period_doubling.pair(0.9)


def test_the_hill_at_a_constant_rate_is_where_the_recursion_ends():
    losses = river_valley.hill_losses(np.full(500, 0.05), 10.0, 1.0, y0=3.0)
    assert losses[0] == 45.0
    assert losses[-1] == pytest.approx(river_valley.hill_loss(0.05, 10.0, 1.0), rel=1e-12)
    with pytest.raises(ValueError, match="above 0 and below 2"):
        river_valley.hill_loss(0.2, 10.0, 1.0)


def test_cycles_are_cycles():
    rate, curvature, rho = 0.1, 4.0, 0.05
    a = two_cycles.sam_amplitude(rate, curvature, rho)
    assert a - rate * curvature * (a + rho) == pytest.approx(-a, abs=1e-15)
    with pytest.raises(ValueError, match="above 0 and below 2"):
        two_cycles.sam_amplitude(1.0, 2.0, rho)
    assert two_cycles.sign_amplitude(rate) == rate / 2


def test_saddles_are_points_of_least_squares_with_some_weights_held_at_zero():
    rng = np.random.default_rng(0)
    for _ in range(20):
        inputs = rng.standard_normal((40, 6))
        hessian = inputs.T @ inputs / 40
        slope = hessian @ (rng.standard_normal(6) * (rng.random(6) < 0.6))
        times, saddles = saddle_to_saddle.visits(hessian, slope)
        assert (np.diff(times) > 0).all()
        losses = [w @ hessian @ w / 2 - w @ slope for w in saddles]
        assert (np.diff(losses) < 1e-12).all()
        for w in saddles:
            assert (slope - hessian @ w)[w != 0] == pytest.approx(0.0, abs=1e-9)
        assert saddles[-1] == pytest.approx(np.linalg.solve(hessian, slope), abs=1e-8)


def test_the_central_flow_is_gradient_flow_below_the_edge_and_holds_one_or_two_curvatures_at_it():
    """Valleys whose curvature rises along z, with a floor that falls: d curvature / dt would be 1 without a swing."""
    one = formula("(1 + y)*x^2/2 - y", ((-1, 1), (-5, 50)))
    along, lift = velocity(one, np.array([0.0, 1.0]), learning_rate=0.1)
    assert along == pytest.approx(-one.gradient([0.0, 1.0]), abs=1e-15)
    assert lift == 0.0
    points, lifts = central_flow(one, np.array([0.0, 18.0]), 0.1, 100)
    curvature = 1 + points[:, 1]
    assert curvature.max() == pytest.approx(20.0, abs=0.06)
    # The swing that holds it has the covariance 2: half of it times d curvature / dy is the slope of the floor.
    assert lifts[-1] == pytest.approx(2.0 / 0.1, rel=1e-6)


class TwoValleys:
    """f = (1 + z) x^2 / 2 + (1 + z) y^2 / 2 - z: two directions that come to the edge together."""

    def gradient(self, p):
        x, y, z = p
        return np.array([(1 + z) * x, (1 + z) * y, (x * x + y * y) / 2 - 1])

    def hessian(self, p):
        x, y, z = p
        return np.array([[1 + z, 0, x], [0, 1 + z, y], [x, y, 0]])


def test_two_curvatures_are_held_together():
    points, lifts = central_flow(TwoValleys(), np.array([0.0, 0.0, 18.0]), 0.1, 100)
    assert 1 + points[:, 2].max() == pytest.approx(20.0, abs=0.06)
    assert lifts[-1] == pytest.approx(2.0 / 0.1, rel=1e-6)
