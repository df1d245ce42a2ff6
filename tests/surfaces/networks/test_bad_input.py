"""What cannot be a network, and what cannot be asked of one, is said in a sentence."""

import numpy as np
import pytest

import landscape as ls
from landscape.errors import UnknownName
from landscape.surfaces import from_recipe
from landscape.surfaces.networks import (
    Autoencoder,
    DeepLinear,
    Logistic,
    Perceptron,
    Softmax,
    blobs,
    chebyshev,
    moons,
    table,
)

FEW = moons(n=12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Perceptron(FEW, widths=(0,)), "a width must be between 1 and 10,000, not 0"),
        (lambda: Perceptron(FEW, widths=(8, -1)), "not -1"),
        (lambda: Perceptron(FEW, widths=(10**6,)), "between 1 and 10,000, not 1,000,000"),
        (lambda: Perceptron(FEW, widths=(10_000, 10_000)).n_dims, "parameters; at most 1,000,000"),
        (lambda: Perceptron(FEW, widths=()), "1 to 50 hidden layers, not 0"),
        (lambda: Perceptron(FEW, widths=(1,) * 51), "1 to 50 hidden layers, not 51"),
        (lambda: Perceptron(FEW, eps=-1e-3), "eps"),
        (lambda: Perceptron(FEW, l2=-1.0), "l2 must be at least 0"),
        (lambda: Softmax(FEW, l2=float("nan")), "l2 must be finite"),
        (lambda: Softmax(chebyshev()), "no classes"),
        (lambda: Logistic(blobs(n_classes=3, n=12)), "these data have 3. Use Softmax"),
        (lambda: Logistic(FEW, loss_name="hinge"), "loss_name"),
        (lambda: Perceptron(chebyshev()).accuracy(np.zeros(25)), "no classes"),
        (lambda: Autoencoder(FEW, widths=(0,)), "width"),
        (lambda: DeepLinear(widths=(0,)), "width"),
        (lambda: Softmax(FEW).value(np.zeros(5)), "last axis of length 6"),
        (lambda: Softmax(FEW).outputs(np.zeros(6), [[1.0]]), r"inputs must have shape \(k, 2\)"),
        (lambda: Softmax(FEW).pack(W1=np.zeros((3, 2))), r"W1 has shape \(2, 2\), not \(3, 2\)"),
        (lambda: Softmax(FEW).starts(0), "at least 1"),
        (lambda: Perceptron(FEW, widths=(60, 60)).hessian(np.zeros(3962)), "hessian_vector_product works"),
        (lambda: Softmax(FEW).minibatch_value_and_gradient(np.zeros((1, 6)), np.empty((1, 0), int)), "at least one"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Perceptron(FEW, widths=8), r"a list of whole numbers.*\(8,\)"),
        (lambda: Perceptron(FEW, widths=(8.0,)), "whole number, not 8.0"),
        (lambda: Perceptron(FEW, widths=(True,)), "whole number, not True"),
        (lambda: Perceptron(FEW, l2="x"), "l2 must be a number"),
        (lambda: Perceptron(np.eye(3)), "data must be a Data"),
        (lambda: from_recipe({"name": "softmax", "settings": [1]}), "settings"),
        (lambda: from_recipe({"name": "softmax", "data": 3}), "recipe of data"),
    ],
)
def test_wrong_types(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_unknown_names_come_with_close_ones():
    for call, near in (
        (lambda: Perceptron(FEW, activation="tahn"), "tanh"),
        (lambda: ls.network("perceptorn"), "perceptron"),
        (lambda: ls.network("perceptron", width=(3,)), "widths"),
        (lambda: ls.surface("softmac"), "softmax"),
        (lambda: Softmax(FEW).with_settings(l3=1.0), "l2"),
        (lambda: Softmax(FEW).block("W2"), "W1"),
    ):
        with pytest.raises(UnknownName, match=near):
            call()


def test_batch_normalization_refuses_a_batch_of_one():
    """Over one example every normalized value is 0: the loss would not depend on the weights at all."""
    model = Perceptron(FEW, widths=(3,), batch_norm=True)
    x = model.starts(2)
    for rows in ([3], [[3], [4]]):
        with pytest.raises(ValueError, match=r"batch of at least 2 .*normalized value is 0"):
            model.minibatch_value_and_gradient(x, rows)
    with pytest.raises(ValueError, match="batch normalization needs at least 2"):
        ls.descend(model, ls.SGD(learning_rate=0.1), x, 5, noise=ls.Minibatches(size=1))
    plain = Perceptron(FEW, widths=(3,))
    assert np.isfinite(plain.minibatch_value_and_gradient(plain.starts(2), [[3], [4]])[0]).all()


def test_a_constant_feature_is_refused_at_the_door():
    with pytest.raises(ValueError, match="in every row"):
        table([[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]], [0, 1, 0])


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_logits_of_ten_thousand(activation):
    """Weights so large that z reaches +-1e4 and more: finite numbers and no warning."""
    model = Perceptron(FEW, widths=(4,), activation=activation)
    x = 1e4 * model.starts(3)
    value, gradient = model.value_and_gradient(x)
    assert np.abs(model.outputs(x)).max() > 1e3
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()
    assert np.isfinite(model.hessian_vector_product(x, np.ones_like(x))).all()
    assert np.isfinite(model.probabilities(x)).all()
