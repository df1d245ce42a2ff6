"""The data sets: what they hold, that they come back from their recipe, and what is refused."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.errors import UnknownName
from landscape.surfaces.networks import (
    DATA,
    Data,
    blobs,
    chebyshev,
    data_from_recipe,
    digits,
    iris,
    linear_map,
    moons,
    spirals,
    table,
)


@pytest.mark.parametrize("name", DATA)
def test_made_the_same_again(name):
    made = ls.data(name)
    recipe = json.loads(json.dumps(made.recipe()))
    again = data_from_recipe(recipe)
    assert again == made
    assert hash(again) == hash(made)
    assert again.recipe() == recipe
    assert made.title
    assert len(made.features) == made.n_features
    assert made.targets.shape == (made.n_outputs, made.n_rows)
    if made.classes:
        assert_array_equal(made.targets.sum(axis=0), 1.0)
        assert_array_equal(made.targets.argmax(axis=0), made.labels)
    with pytest.raises(ValueError, match="read-only"):
        made.inputs[0, 0] = 1.0


def test_iris_is_fishers():
    data = iris(standardize=False)
    assert data.inputs.shape == (150, 4)
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert_array_equal(np.bincount(data.labels), 50)
    assert_allclose(data.inputs.mean(axis=0), [5.843333, 3.057333, 3.758, 1.199333], atol=1e-6)
    # the two entries that the repository's file has wrong
    assert data.inputs[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert data.inputs[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    scaled = iris()
    assert_allclose(scaled.inputs.mean(axis=0), 0.0, atol=1e-14)
    assert_allclose(scaled.inputs.std(axis=0), 1.0, rtol=1e-14)
    assert_array_equal(iris(columns=(3, 0)).inputs, scaled.inputs[:, [3, 0]])
    assert "CC BY 4.0" in data.source


def test_digits_are_the_repositorys():
    data = digits()
    assert data.inputs.shape == (1797, 64)
    assert np.bincount(data.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (data.inputs.min(), data.inputs.max()) == (0.0, 1.0)
    assert (data.inputs[0].reshape(data.image)[0] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    two = digits(classes=(8, 3))
    assert two.classes == ("3", "8")
    assert two.n_rows == 183 + 174
    assert "CC BY 4.0" in data.source


def test_toys_without_noise_lie_where_they_should():
    upper, lower = (moons(n=40, noise=0.0).inputs[moons(n=40).labels == k] for k in (0, 1))
    assert_allclose(np.linalg.norm(upper, axis=1), 1.0)
    assert_allclose(np.linalg.norm(lower - [1.0, 0.5], axis=1), 1.0)
    clouds = blobs(n_classes=8, n=80, spread=0.0)
    assert_allclose(np.linalg.norm(clouds.inputs, axis=1), 2.0)
    assert len(np.unique(clouds.inputs.round(9), axis=0)) == 8
    arms = spirals(n_classes=3, n=60, noise=0.0)
    assert np.linalg.norm(arms.inputs, axis=1).max() == pytest.approx(1.0)
    assert_array_equal(np.bincount(arms.labels), 20)
    x = chebyshev(degree=4, n=20)
    t = x.inputs[:, 0]
    assert_allclose(x.values[:, 0], 8 * t**4 - 8 * t**2 + 1, atol=1e-14)


def test_seeds_and_sizes():
    assert moons(seed=1) == moons(seed=1)
    assert moons(seed=1) != moons(seed=2)
    assert moons(n=7).n_rows == 7
    assert blobs(n_classes=5, n=33).n_rows == 33


def test_linear_map_has_the_strengths_asked_for():
    data = linear_map((3.0, 1.0), n=4, seed=2)
    assert_allclose(data.inputs.T @ data.inputs / 4, np.eye(4), atol=1e-14)
    assert_allclose(np.linalg.svd(data.values.T @ data.inputs / 4, compute_uv=False), [3, 1, 0, 0], atol=1e-13)


def test_a_table_carries_itself_along():
    made = table([[0.5, 1.0], [1.5, -2.0], [2.0, 0.0]], [1, 0, 1], classes=("no", "yes"), features=("a", "b"))
    again = data_from_recipe(json.loads(json.dumps(made.recipe())))
    assert again == made
    fitted = table([[0.5], [1.5], [2.0]], values=[1.0, 2.0, 3.0])
    assert data_from_recipe(json.loads(json.dumps(fitted.recipe()))) == fitted
    assert fitted.targets.tolist() == [[1.0, 2.0, 3.0]]
    assert made.standardized().inputs.std(axis=0) == pytest.approx(1.0)
    assert data_from_recipe(made.standardized().recipe()) == made.standardized()


@pytest.mark.parametrize("unit", [1.0, 1e-200, 1e200, 1e308, 5e-324])
def test_standardized_in_any_unit(unit):
    inputs = np.array([[1.0, 2.0], [-1.0, 3.0], [0.0, 7.0]])
    scaled = Data("table", "mine", inputs * [unit, 1.0], labels=[0, 1, 0], classes=("a", "b")).standardized().inputs
    assert_allclose(scaled, (inputs - inputs.mean(axis=0)) / inputs.std(axis=0), rtol=1e-15, atol=1e-15)


TWO = [[0.0, 1.0], [1.0, 0.0], [2.0, 3.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: table([[0.0, np.nan], [1.0, 0.0]], [0, 1]), "row 0, column 1.*nan"),
        (lambda: table([[0.0, 1.0], [np.inf, 0.0]], [0, 1]), "row 1, column 0.*inf"),
        (lambda: table([[0.0, 1.0]], [0]), "at least 2 rows"),
        (lambda: table(TWO, [0, 0, 0]), "one class"),
        (lambda: table(TWO, [1, 2, 1]), "class 0 has no row"),
        (lambda: table(TWO, [0, 2, 2]), "class 1 has no row"),
        (lambda: table(TWO, [-1, 1, 0]), "whole numbers 0..C-1"),
        (lambda: table(TWO, [0.5, 1, 0]), "whole numbers 0..C-1"),
        (lambda: table(TWO, ["a", "b", "a"]), "whole numbers 0..C-1"),
        (lambda: table(TWO, [0, 1, 1_000_000]), "at most 100 classes"),
        (lambda: table(TWO, [0, 1]), "3 rows and labels of shape"),
        (lambda: table(TWO, [0, 1, 2], classes=("a", "b")), "label 2 has no name"),
        (lambda: table(TWO), "either labels or values"),
        (lambda: table(TWO, [0, 1, 0], values=[1.0, 2.0, 3.0]), "either labels or values"),
        (lambda: table([[0.0, 1.0], [1.0, 1.0]], [0, 1], features=("a", "b")), "column 'b' is 1 in every row"),
        (lambda: table([0.0, 1.0], [0, 1]), "one row an example"),
        (lambda: table(TWO, [0, 1, 0], features=("a",)), "1 names for 2 columns"),
        (lambda: table(np.zeros((100_001, 1)), np.zeros(100_001)), "at most 100,000 rows"),
        (lambda: digits().standardized(), "'pixel 0 0' .and 2 more. is 0 in every row"),
        (lambda: digits(classes=(3,)), "at least two"),
        (lambda: iris(columns=(4,)), "columns are numbers from 0 to 3"),
        (lambda: blobs(n_classes=9), "between 2 and 8"),
        (lambda: blobs(n_classes=1), "between 2 and 8"),
        (lambda: moons(n=1), "n must be between"),
        (lambda: moons(n=10**6), "n must be between"),
        (lambda: moons(noise=-1.0), "noise"),
        (lambda: moons(noise=float("nan")), "noise"),
        (lambda: spirals(turns=0.0), "turns"),
        (lambda: chebyshev(degree=0), "degree"),
        (lambda: linear_map((1.0, -1.0)), "positive"),
        (lambda: linear_map([1.0] * 7), "positive"),
        (lambda: Data("table", "t", np.eye(3), labels=np.array([0, 1, 1]), features=("a",)), "names"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_refused_by_name_and_type():
    with pytest.raises(UnknownName, match="moons"):
        ls.data("moon")
    with pytest.raises(TypeError, match="whole number"):
        moons(n=2.5)
    with pytest.raises(TypeError, match="name"):
        data_from_recipe([1])
    with pytest.raises(TypeError, match="colour"):
        data_from_recipe({"name": "moons", "colour": 1})
