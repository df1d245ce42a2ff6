"""Record what scikit-learn's LogisticRegression finds on the shipped data, run to convergence.

    python -m venv scratch && scratch/bin/pip install scikit-learn==1.9.1
    scratch/bin/python tests/oracles/networks/record_sklearn.py

Its objective is C sum_i loss_i + |W|^2 / 2 with the intercepts left out, ours (1/m) sum_i loss_i + l2 |W|^2 / 2, so
that C = 1 / (m l2). Newton-Cholesky with a tolerance of 1e-12 solves it to rounding.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression


def fit(x, y, l2):
    model = LogisticRegression(C=1 / (len(y) * l2), solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(x, y)
    log_a = model.predict_log_proba(x)
    loss = -log_a[np.arange(len(y)), np.searchsorted(model.classes_, y)].mean() + 0.5 * l2 * np.sum(model.coef_**2)
    return {
        "l2": l2,
        "loss": float(loss),
        "accuracy": float(model.score(x, y)),
        "weight_norm": float(np.linalg.norm(model.coef_)),
        "first_weights": model.coef_[0][:4].tolist(),
    }


if __name__ == "__main__":
    digits, iris = load_digits(), load_iris()
    scaled = (iris.data - iris.data.mean(axis=0)) / iris.data.std(axis=0)
    two = iris.target > 0
    recorded = {
        "sklearn": sklearn.__version__,
        "digits": [fit(digits.data / 16, digits.target, l2) for l2 in (1e-3, 1e-2)],
        "iris": [fit(scaled, iris.target, l2) for l2 in (1e-3, 1e-1)],
        "iris_raw_two_classes": [fit(iris.data[two], iris.target[two], 1e-2)],
    }
    text = json.dumps(recorded, indent=2) + "\n"
    (Path(__file__).parent / "sklearn.json").write_text(text, encoding="ascii")
    print(text)
