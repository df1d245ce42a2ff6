"""Value, gradient, Hessian, spectra and slices of networks against PyTorch's autograd."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.surfaces.networks import Autoencoder, Data, DeepLinear, Perceptron, Softmax

with np.load(Path(__file__).parent / "torch_networks.npz") as _file:
    RECORDED = {key: _file[key] for key in _file.files}
MODELS = json.loads(str(RECORDED.pop("meta")))["models"]
SPECTRA = json.loads((Path(__file__).parent / "torch_spectra.json").read_text())


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


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("matrix", ["hessian", "gauss_newton", "fisher"])
def test_spectra_are_torchs(name, matrix):
    model, x = ours(name), np.array(SPECTRA[name]["point"])
    theirs = np.array(SPECTRA[name]["eigenvalues"][matrix])
    size = np.abs(theirs).max()
    (found,) = ls.spectrum(model, x, matrix, k=2).each
    assert_allclose(found.eigenvalues, theirs, atol=1e-12 * size)
    assert found.trace.value == pytest.approx(theirs.sum(), rel=1e-11)
    # Without the matrix, by products alone.
    ends = ls.top_eigenvalues(model, x, 2, matrix, dense_dims=3, tolerance=1e-10)
    assert_allclose([*ends.smallest, *ends.largest], [*theirs[:2], *theirs[-2:]], atol=1e-8 * size)
    trace = ls.hessian_trace(model, x, 400, matrix=matrix)
    assert abs(trace.value - theirs.sum()) <= 4 * trace.standard_error
    density = ls.spectral_density(model, x, 4, len(theirs), matrix=matrix)
    share = density.share_below(0.5 * size)
    assert share.low <= np.mean(theirs < 0.5 * size) <= share.high


@pytest.mark.parametrize("name", SPECTRA)
def test_a_plane_of_losses_is_torchs(name):
    told = SPECTRA[name]
    plane = ls.Plane(np.array(told["point"]), np.array(told["directions"]), "recorded")
    assert_allclose(ls.slice_surface(ours(name), plane, told["at"], told["at"]).values, told["plane"], rtol=1e-12)
