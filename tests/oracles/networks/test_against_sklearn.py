"""The minimum of softmax and logistic regression against scikit-learn's LogisticRegression at the same penalty."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from landscape.surfaces.networks import Logistic, Softmax, digits, iris, table

RECORDED = json.loads((Path(__file__).parent / "sklearn.json").read_text())


def two_classes():
    whole = iris(standardize=False)
    chosen = whole.labels > 0
    return table(whole.inputs[chosen], whole.labels[chosen] - 1)


CASES = [
    (Softmax, data, expected)
    for data, key in ((digits, "digits"), (iris, "iris"))
    for expected in RECORDED[key]
] + [(Logistic, two_classes, expected) for expected in RECORDED["iris_raw_two_classes"]]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "expected"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_same_minimum(kind, data, expected):
    model = kind(data(), l2=expected["l2"])
    found = minimize(
        model.value_and_gradient,
        np.zeros(model.n_dims),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 5000, "maxfun": 10_000, "ftol": 1e-15, "gtol": 1e-9},
    )
    assert found.fun == pytest.approx(expected["loss"], abs=1e-10)
    assert float(model.accuracy(found.x)) == pytest.approx(expected["accuracy"], abs=1e-12)
    w = model.block("W1").of(found.x)
    # two classes: sklearn keeps one row of weights, as Logistic does
    assert np.linalg.norm(w) == pytest.approx(expected["weight_norm"], rel=1e-5)
    assert w[0, :4] == pytest.approx(expected["first_weights"], abs=1e-4)
