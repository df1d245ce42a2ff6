"""THEORY 9: plateaus of deep linear networks against Saxe's closed form."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.surfaces.networks import DeepLinear, linear_map
from landscape.theory import deep_linear as theory


def crossing(times, u, level):
    """Return when u first reaches the level, between the steps."""
    k = int(np.argmax(u >= level))
    return times[k - 1] + (times[k] - times[k - 1]) * (level - u[k - 1]) / (u[k] - u[k - 1])


def test_half_times_of_the_lecture():
    """Modes 4, 2, 1, .5 from u0 = .001, by the closed form and by formula ln(s/u0 - 1) / 2s."""
    for s, expected in ((4.0, 1.0367), (2.0, 1.9001), (1.0, 3.4534), (0.5, 6.2126)):
        assert theory.learning_time(s, 1e-3) == pytest.approx(expected, abs=5e-4)
        assert theory.learning_time(s, 1e-3) == pytest.approx(np.log(s / 1e-3 - 1) / (2 * s), rel=1e-12)


def test_half_times_by_depth():
    expected = (0.692, 3.453, 9.145, 15.53)
    for depth, time in enumerate(expected, start=1):
        assert theory.learning_time(1.0, 1e-3, depth) == pytest.approx(time, abs=6e-3)


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 7])
def test_curve_and_time_agree(depth):
    for share in (0.1, 0.5, 0.9):
        time = theory.learning_time(1.5, 1e-2, depth, share)
        assert float(theory.strength(time, 1.5, 1e-2, depth)) == pytest.approx(share * 1.5, rel=1e-7)
    t = np.linspace(0, 30, 50)
    u = theory.strength(t, 1.5, 1e-2, depth)
    assert u.shape == t.shape
    assert u[0] == pytest.approx(1e-2)
    assert (np.diff(u) >= -1e-9).all()
    assert u[-1] == pytest.approx(1.5, rel=1e-3)


def test_two_layers_by_quadrature_too():
    """The general road at depth 2 gives the closed form."""
    t = np.linspace(0, 4, 9)
    assert_allclose(theory._integrated(t, 2.0, 1e-3, 2), theory.strength(t, 2.0, 1e-3, 2), rtol=1e-7)


def test_network_learns_the_modes_when_saxe_says():
    """6 x 6 target, 20 hidden, learning rate .005: simulated half times within 1% of the closed form."""
    model = DeepLinear(linear_map((4.0, 2.0, 1.0, 0.5), n=6), widths=(20,))
    run = ls.descend(model, ls.SGD(learning_rate=0.005), model.balanced_start(1e-3), n_steps=1600)
    u = model.strengths(run.points[0])
    times = 0.005 * np.arange(1601)
    for mode, (s, simulated) in enumerate(zip((4.0, 2.0, 1.0, 0.5), (1.040, 1.905, 3.455, 6.215), strict=True)):
        half = crossing(times, u[:, mode], s / 2)
        assert half == pytest.approx(theory.learning_time(s, 1e-3), rel=0.01)
        assert half == pytest.approx(simulated, rel=0.01)
    assert_allclose(u[:, 4:], 0.0, atol=1e-12)


@pytest.mark.parametrize(("depth", "widths"), [(1, ()), (2, (8,)), (3, (7, 9)), (4, (6, 8, 6))])
def test_each_depth_follows_its_curve(depth, widths):
    model = DeepLinear(linear_map((1.0, 0.6), n=4), widths=widths)
    rate = 0.002
    steps = int(1.2 * theory.learning_time(1.0, 0.02, depth) / rate)
    run = ls.descend(model, ls.SGD(learning_rate=rate), model.balanced_start(0.02, seed=1), n_steps=steps)
    u = model.strengths(run.points[0])
    t = rate * np.arange(steps + 1)
    for mode, s in enumerate((1.0, 0.6)):
        assert_allclose(u[:, mode], theory.strength(t, s, 0.02, depth), atol=0.01 * s)


def test_zero_is_a_saddle_whose_order_grows_with_depth():
    two = DeepLinear(linear_map((2.0, 1.0), n=3), widths=(3,))
    eigenvalues = np.linalg.eigvalsh(two.hessian(np.zeros(two.n_dims)))
    assert eigenvalues[0] == pytest.approx(-2.0)
    assert eigenvalues[-1] == pytest.approx(2.0)
    three = DeepLinear(linear_map((2.0, 1.0), n=3), widths=(3, 3))
    assert_allclose(three.hessian(np.zeros(three.n_dims)), 0.0, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: theory.strength(1.0, 1.0, 0.0), "grows"),
        (lambda: theory.strength(1.0, 1.0, 2.0), "grows"),
        (lambda: theory.strength(-1.0, 1.0, 0.1), "times"),
        (lambda: theory.strength(1.0, 1.0, 0.1, 0), "depth"),
        (lambda: theory.learning_time(1.0, 0.1, 2, 1.0), "share"),
        (lambda: DeepLinear().balanced_start(0.0), "strength"),
        (lambda: DeepLinear(widths=(2,)).balanced_start(0.1), "narrower"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
