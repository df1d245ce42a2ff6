"""What holds for every network: derivatives, batches, chunks, recipes."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from landscape.surfaces import from_recipe as any_from_recipe
from landscape.surfaces.networks import (
    NETWORKS,
    Autoencoder,
    DeepLinear,
    Logistic,
    Perceptron,
    Softmax,
    blobs,
    chebyshev,
    from_recipe,
    linear_map,
    moons,
)

FEW = moons(n=24)
CASES = {
    "softmax": Softmax(blobs(n=24)),
    "softmax_l2": Softmax(blobs(n_classes=3, n=24), l2=0.1),
    "logistic": Logistic(FEW, l2=0.05),
    "logistic_squared": Logistic(FEW, loss_name="squared_error"),
    "tanh": Perceptron(FEW, widths=(4, 3)),
    "relu": Perceptron(FEW, widths=(5,), activation="relu", l2=0.01),
    "sigmoid": Perceptron(FEW, widths=(3, 3), activation="sigmoid"),
    "tanh_norm": Perceptron(FEW, widths=(4, 3), batch_norm=True, l2=0.02),
    "relu_norm": Perceptron(FEW, widths=(5,), activation="relu", batch_norm=True),
    "fit": Perceptron(chebyshev(n=12), widths=(4, 3)),
    "deep_linear": DeepLinear(linear_map((2.0, 1.0), n=3), widths=(4, 2)),
    "linear": DeepLinear(linear_map((2.0, 1.0), n=3), widths=()),
    "autoencoder": Autoencoder(FEW, widths=(3, 1, 3)),
    "autoencoder_linear": Autoencoder(FEW, widths=(1,), activation="linear"),
}


@pytest.fixture(params=CASES, scope="module")
def model(request):
    return CASES[request.param]


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def difference(function, x, v, h=1e-3):
    """Central difference of sixth order."""
    d = [function(x + k * h * v) - function(x - k * h * v) for k in (1, 2, 3)]
    return (45 * d[0] - 9 * d[1] + d[2]) / (60 * h)


def test_gradient_and_products_against_differences(model, rng):
    """Where no relu has its kink in the way: kinks are looked for along the probed line and stepped round."""
    alternating = np.arange(model.n_dims) % 2 * 0.3 - 0.1
    for x in (rng.normal(size=model.n_dims), 0.5 * rng.normal(size=model.n_dims), alternating):
        v = rng.normal(size=model.n_dims)
        h = 1e-5 if not model.info.smooth else 1e-3
        gradient = model.gradient(x)
        assert gradient @ v == pytest.approx(difference(model.value, x, v, h), rel=1e-6, abs=1e-8)
        assert_allclose(model.hessian_vector_product(x, v), difference(model.gradient, x, v, h), rtol=1e-5, atol=1e-7)


def test_batch_equals_loop(model, rng):
    x, v = rng.normal(size=(2, 2, 3, model.n_dims))
    value, gradient = model.value_and_gradient(x)
    product, hessian = model.hessian_vector_product(x, v), model.hessian(x[0, :2])
    for i in np.ndindex(2, 3):
        alone, slope = model.value_and_gradient(x[i])
        assert value[i] == pytest.approx(float(alone), rel=1e-13)
        assert_allclose(gradient[i], slope, rtol=1e-11, atol=1e-14)
        assert_allclose(product[i], model.hessian_vector_product(x[i], v[i]), rtol=1e-10, atol=1e-13)
    assert_allclose(model.value(x), value, rtol=1e-13)
    assert_allclose(hessian[1] @ v[0, 1], product[0, 1], rtol=1e-9, atol=1e-11)
    assert_array_equal(hessian, hessian.swapaxes(-1, -2))


def test_one_direction_for_many_points_and_many_for_one(model, rng):
    x, v = rng.normal(size=(2, 4, model.n_dims))
    assert_allclose(
        model.hessian_vector_product(x, v[0])[2], model.hessian_vector_product(x[2], v[0]), rtol=1e-10, atol=1e-13
    )
    assert_allclose(
        model.hessian_vector_product(x[0], v)[3], model.hessian_vector_product(x[0], v[3]), rtol=1e-10, atol=1e-13
    )
    repeated = model.hessian_vector_product(np.broadcast_to(x[0], v.shape), v)
    assert_allclose(repeated, model.hessian_vector_product(x[0], v), rtol=1e-13)
    assert model.hessian_vector_product(x[:1], v[0]).shape == (1, model.n_dims)
    assert model.hessian_vector_product(x[:0], v[:0]).shape == (0, model.n_dims)


def test_chunks_and_threads_change_nothing(model, rng, monkeypatch):
    x = rng.normal(size=(3, 7, model.n_dims))
    whole = (*model.value_and_gradient(x), model.value(x), model.hessian_vector_product(x, x[::-1]))
    monkeypatch.setitem(vars(model), "_chunk", 2)
    parts = (*model.value_and_gradient(x), model.value(x), model.hessian_vector_product(x, x[::-1]))
    for one, other in zip(whole, parts, strict=True):
        assert one.shape == other.shape
        assert_allclose(other, one, rtol=1e-12, atol=1e-14)


def test_recipe_comes_back(model):
    recipe = json.loads(json.dumps(model.recipe()))
    assert from_recipe(recipe) == model
    assert any_from_recipe(recipe) == model
    assert hash(from_recipe(recipe)) == hash(model)
    assert from_recipe(recipe).with_settings(l2=0.5) != model


def test_blocks_cover_the_vector(model):
    ends = [0, *(block.stop for block in model.blocks)]
    assert [block.start for block in model.blocks] == ends[:-1]
    assert ends[-1] == model.n_dims == len(model.variables)
    x = np.arange(float(model.n_dims))
    assert_array_equal(model.pack(**{block.name: block.of(x) for block in model.blocks}), x)
    for block in model.blocks:
        for row, place in enumerate(block.filters):
            assert_array_equal(x[place], block.of(x)[row])


def test_starts_are_seeded_alone_and_scaled(model):
    three, two = model.starts(3, seed=4), model.starts(2, seed=4)
    assert_array_equal(three[:2], two)
    assert not np.array_equal(three[0], three[1])
    for block in model.blocks:
        if block.role in ("bias", "shift"):
            assert not block.of(three).any()
        if block.role == "scale":
            assert (block.of(three) == 1.0).all()


def test_described(model):
    assert model.title
    assert model.latex().startswith("f")
    assert model.parameters[0].name == "l2"
    assert model.minima.shape == model.known_points.shape == (0, model.n_dims)
    assert model.domain.n_dims == model.n_dims


def test_l2_counts_the_weights_only(model):
    plain, penalized = model.with_settings(l2=0.0), model.with_settings(l2=0.3)
    x = model.starts(1)[0] + 0.1
    squares = sum(np.sum(block.of(x) ** 2) for block in model.blocks if block.role == "weights")
    assert float(penalized.value(x) - plain.value(x)) == pytest.approx(0.15 * squares, rel=1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_each_can_be_made_without_arguments(name):
    model = NETWORKS[name]()
    assert model.name == name
    assert np.isfinite(model.value(model.starts(1))).all()


def test_glorot_and_he_variances():
    wide = Perceptron(moons(n=24), widths=(300, 200))
    relu = Perceptron(moons(n=24), widths=(300, 200), activation="relu")
    for model, expected in ((wide, 2 / 500), (relu, 2 / 300)):
        assert np.var(model.block("W2").of(model.starts(1, scale=2.0))) == pytest.approx(4 * expected, rel=0.02)


def test_a_naive_network_says_the_same():
    """Neuron by neuron, example by example, in plain Python floats."""
    model = Perceptron(blobs(n_classes=3, n=12), widths=(4, 2))
    x = np.random.default_rng(1).normal(size=model.n_dims)
    numbers = iter(x.tolist())
    sizes = (2, 4, 2, 3)
    layers = []
    for n_in, n_out in pairwise(sizes):
        weights = [[next(numbers) for _ in range(n_in)] for _ in range(n_out)]
        layers.append((weights, [next(numbers) for _ in range(n_out)]))
    total, right = 0.0, 0
    for example, label in zip(model.data.inputs.tolist(), model.data.labels.tolist(), strict=True):
        a = example
        for depth, (weights, biases) in enumerate(layers):
            z = [sum(w * e for w, e in zip(row, a, strict=True)) + b for row, b in zip(weights, biases, strict=True)]
            a = z if depth == 2 else [math.tanh(each) for each in z]
        total -= a[label] - math.log(sum(math.exp(each) for each in a))
        right += a.index(max(a)) == label
    assert float(model.value(x)) == pytest.approx(total / 12, rel=1e-13)
    assert float(model.accuracy(x)) == pytest.approx(right / 12)
