"""THEORY 6: where the gradient of a network vanishes, Newton's method finds saddles and gradient descent minima."""

import numpy as np

import landscape as ls
from landscape.curvature.newton import newton_many
from landscape.surfaces.networks import Perceptron, blobs, table


def test_newton_finds_saddles_and_descent_minima():
    """A 2-3-3 tanh network, 21 parameters, squared error over three classes, 150 starts."""
    clouds = blobs(n_classes=3, n=60, spread=1.0, seed=2)
    model = Perceptron(table(clouds.inputs, values=clouds.targets.T), widths=(3,), l2=1e-3)
    assert model.n_dims == 21
    starts = 0.3 * np.random.default_rng(3).standard_normal((150, 21))

    points, _ = newton_many(model, starts, max_steps=100)
    norms = np.linalg.norm(model.gradient(points), axis=-1)
    found = points[np.isfinite(norms) & (norms < 1e-8) & (np.abs(points).max(axis=-1) < 100)]
    eigenvalues = np.linalg.eigvalsh(model.hessian(found))
    index, loss = np.sum(eigenvalues < -1e-6, axis=-1), model.value(found)
    assert len(found) > 60
    assert index.min() > 0  # no minimum among them
    assert np.corrcoef(loss, index)[0, 1] > 0.6

    run = ls.descend(model, ls.Momentum(learning_rate=0.3), starts[:50], 4000)
    assert run.gradient_norms[:, -1].max() < 1e-5
    lowest = np.linalg.eigvalsh(model.hessian(run.final_points))[:, 0]
    assert (lowest > -1e-9).all()
    assert run.final_values.max() < loss.min()
