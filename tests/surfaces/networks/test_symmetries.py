"""Swapping and flipping hidden neurons leaves the loss as it is."""

import numpy as np
import pytest

from landscape.surfaces.networks import Autoencoder, Perceptron, Softmax, blobs, moons
from landscape.surfaces.networks.symmetries import flip_hidden, permute_hidden

MODELS = {
    "plain": Perceptron(moons(n=40), widths=(5, 4)),
    "norm": Perceptron(moons(n=40), widths=(5, 4), batch_norm=True, l2=0.01),
    "relu": Perceptron(blobs(n=40), widths=(5, 4), activation="relu"),
    "autoencoder": Autoencoder(moons(n=40), widths=(5, 4), activation="linear"),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(("layer", "order"), [(1, (3, 0, 4, 1, 2)), (2, (1, 0, 3, 2))])
def test_swapped_neurons(model, layer, order):
    x = np.random.default_rng(0).normal(size=(3, model.n_dims))
    moved = permute_hidden(model, x, layer, order)
    assert np.abs(moved - x).max() > 0.1
    assert np.abs(model.value(moved) - model.value(x)).max() < 1e-14
    norms = [np.linalg.norm(model.gradient(points), axis=-1) for points in (x, moved)]
    assert norms[0] == pytest.approx(norms[1], rel=1e-11)
    back = permute_hidden(model, moved, layer, np.argsort(order))
    assert np.array_equal(back, x)


def test_turned_signs():
    model, x = MODELS["plain"], np.random.default_rng(0).normal(size=(3, 49))
    for layer, units in ((1, (0, 3)), (2, (2,))):
        turned = flip_hidden(model, x, layer, units)
        assert np.abs(turned - x).max() > 0.1
        assert np.abs(model.value(turned) - model.value(x)).max() < 1e-14
        assert np.array_equal(flip_hidden(model, turned, layer, units), x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: flip_hidden(MODELS["relu"], np.zeros(49), 1, (0,)), "where the activation is tanh"),
        (lambda: flip_hidden(MODELS["norm"], np.zeros(MODELS["norm"].n_dims), 1, (0,)), "nothing normalizes"),
        (lambda: flip_hidden(MODELS["plain"], np.zeros(51), 1, (5,)), "units must be numbers from 0 to 4"),
        (lambda: permute_hidden(MODELS["plain"], np.zeros(51), 1, (0, 1, 2)), "0 to 4, each once"),
        (lambda: permute_hidden(MODELS["plain"], np.zeros(51), 3, (0, 1)), "1 to 2, not 3"),
        (lambda: permute_hidden(Softmax(), np.zeros(12), 1, (0, 1)), "hidden layer"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
