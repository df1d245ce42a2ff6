"""Gradient predictiveness, and THEORY 14: training at the edge of stability."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.analysis.smoothness import preconditioned_sharpness, smoothness_along
from landscape.optimizers import Step
from landscape.surfaces.networks import Perceptron, chebyshev, moons


def test_a_quadratic_is_as_smooth_as_its_curvature():
    s = ls.formula("2*x**2 + y**2/2", domain=((-2, 2), (-2, 2)))
    points = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    smooth = smoothness_along(s, points, np.arange(4), [0.01, 0.1, 0.5])
    assert_allclose(smooth.betas, [4.0, 1.0, np.sqrt(16**2 + 1) / np.sqrt(17), 0.0], rtol=1e-12)
    assert_allclose(smooth.losses[0], 2 * (1 - np.array([0.04, 0.4, 2.0])) ** 2, rtol=1e-12)
    assert_allclose(smooth.gradient_changes[1], [0.01, 0.1, 0.5], rtol=1e-12)
    assert smooth.losses.shape == smooth.gradient_changes.shape == (4, 3)


def test_a_step_out_of_range_is_shown_as_it_is():
    s = ls.formula("exp(x)", domain=((-1, 1),))
    smooth = smoothness_along(s, [[5.0]], [0], [1e-3, 1e3])
    assert np.isfinite(smooth.losses[0, 0])
    assert smooth.losses[0, 1] == 0.0
    cliff = smoothness_along(ls.formula("-exp(x)", domain=((-1, 1),)), [[5.0]], [0], [1e9])
    assert cliff.losses[0, 0] == -np.inf


def test_batch_normalization_makes_gradients_predictable():
    """The same data, sizes and start: from the same path the gradient changes less per distance moved."""
    betas = {}
    for norm in (False, True):
        model = Perceptron(moons(n=100), widths=(16, 16, 16), activation="relu", batch_norm=norm)
        x = model.starts(1, seed=1, scale=2.0)
        run = ls.descend(model, ls.SGD(learning_rate=0.05), x, 150)
        steps = np.arange(0, 150, 10)
        betas[norm] = np.median(smoothness_along(model, run.points[0, steps], steps, [0.01, 0.05, 0.1]).betas)
    assert betas[True] < 0.5 * betas[False]


def edges(rates, n_steps, looks):
    """Largest eigenvalue x learning rate / 2 at the steps ``looks`` (L, rates), side by side; inf where diverged."""
    model = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20))
    assert model.n_dims == 481
    rates = np.array(rates)[:, None]
    x = np.repeat(model.starts(1), len(rates), axis=0)
    gauges = []
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(n_steps + 1):
            if t in looks:
                finite = np.isfinite(x).all(axis=1)
                sharp = np.full(len(rates), np.inf)
                sharp[finite] = np.linalg.eigvalsh(model.hessian(x[finite]))[:, -1]
                gauges.append(sharp * rates[:, 0] / 2)
            x = x - rates * model.gradient(x)
    return np.array(gauges)


def test_sharpness_climbs_to_the_edge_and_stays():
    """1-20-20-1 tanh network on a Chebyshev polynomial: 2 / learning rate is reached from below; .8 diverges."""
    gauge = edges((0.1, 0.2, 0.4, 0.8), 2500, range(0, 2501, 250))
    assert gauge[0, 0] < 0.4
    assert_allclose(gauge[-4:, :3].mean(axis=0), 1.0, atol=0.03)
    assert gauge[:, :3].max() < 1.3
    assert gauge[-1, 3] == np.inf


@pytest.mark.long
def test_the_edge_to_half_a_percent():
    """12000 steps; the mean over the last half is recorded as 1.001, 1.000, 1.002 for .1, .2, .4."""
    gauge = edges((0.1, 0.2, 0.4), 12000, range(6000, 12001, 500))
    assert_allclose(gauge.mean(axis=0), [1.001, 1.000, 1.002], atol=0.005)


@pytest.mark.long
def test_adam_has_an_edge_of_its_own():
    """Preconditioned sharpness x learning rate / 38: it climbs to 1, falls back by a tenth or so, and climbs again."""
    model = Perceptron(chebyshev(degree=4, n=20), widths=(20, 20))
    rate, b2 = 1e-3, 0.999
    adam = ls.Adam(learning_rate=rate, b2=b2)
    x = model.starts(1)
    state, gauge = adam.init(x), []
    for t in range(1, 8001):
        x, state = adam.update(Step(x, model.gradient(x), t, rate), state)
        if t > 2000 and t % 100 == 0:
            scale = np.sqrt(state[1][0] / (1 - b2**t)) + adam.eps
            gauge.append(preconditioned_sharpness(model, x[0], scale) * rate / 38)
    assert 0.92 < np.mean(gauge) < 1.0
    assert 1.0 < np.max(gauge) < 1.05
    assert np.min(gauge) > 0.8


def test_preconditioned_sharpness_of_a_quadratic():
    s = ls.formula("2*x**2 + y**2/2", domain=((-2, 2), (-2, 2)))
    assert preconditioned_sharpness(s, [0.0, 0.0], [1.0, 1.0]) == pytest.approx(4.0)
    assert preconditioned_sharpness(s, [0.0, 0.0], [8.0, 0.5]) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: smoothness_along(s, [[0.0, 0.0]], [0], []), "step_sizes"),
        (lambda s: smoothness_along(s, [[0.0, 0.0]], [0], [-1.0]), "step_sizes"),
        (lambda s: smoothness_along(s, [0.0, 0.0], [0], [1.0]), "one path"),
        (lambda s: preconditioned_sharpness(s, [0.0, 0.0], [1.0, 0.0]), "above 0"),
        (lambda s: preconditioned_sharpness(s, [0.0, 0.0], [1.0]), "2 numbers"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(ls.surface("himmelblau"))
