"""Value, gradient, Hessian-vector product and Hessian of every kind of network against PyTorch's autograd."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from landscape.surfaces.networks import Autoencoder, Data, DeepLinear, Perceptron, Softmax

with np.load(Path(__file__).parent / "torch_networks.npz") as _file:
    RECORDED = {key: _file[key] for key in _file.files}
MODELS = json.loads(str(RECORDED.pop("meta")))["models"]


def ours(name):
    kind, _, widths, k, activation, norm, l2 = MODELS[name]
    x, labels, values = (RECORDED[f"{name}/{key}"] for key in ("inputs", "labels", "values"))
    data = Data("table", name, x, labels=labels) if kind == "classes" else Data("table", name, x, values=values)
    assert kind == "self" or data.n_outputs == k
    if kind == "linear":
        return DeepLinear(data, widths=widths, l2=l2)
    if kind == "self":
        return Autoencoder(data, widths=widths, activation=activation or "linear", l2=l2)
    if not widths:
        return Softmax(data, l2=l2)
    return Perceptron(data, widths=widths, activation=activation, batch_norm=norm, l2=l2)


@pytest.mark.parametrize("name", MODELS)
def test_value_and_derivatives(name):
    model = ours(name)
    x, v = RECORDED[f"{name}/points"], RECORDED[f"{name}/directions"]
    value, gradient = model.value_and_gradient(x)
    product = model.hessian_vector_product(x, v)
    for mine, key in ((value, "value"), (gradient, "gradient"), (product, "product"), (model.hessian(x[0]), "hessian")):
        theirs = RECORDED[f"{name}/{key}"]
        assert_allclose(mine, theirs, rtol=1e-11, atol=1e-12 * np.abs(theirs).max())
    assert_allclose(model.value(x), RECORDED[f"{name}/value"], rtol=1e-13)
