"""Surfaces from a user's own functions."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import landscape as ls
from landscape.curvature.critical import declared_points
from landscape.errors import UnknownName
from landscape.surfaces.callables import Functions


def value(x):
    return np.sum((1 - x[..., :-1]) ** 2 + 5 * (x[..., 1:] - x[..., :-1] ** 2) ** 2, axis=-1)


def gradient(x):
    g = np.zeros_like(x)
    inner = x[..., 1:] - x[..., :-1] ** 2
    g[..., :-1] = -2 * (1 - x[..., :-1]) - 20 * x[..., :-1] * inner
    g[..., 1:] += 10 * inner
    return g


def hessian(x):
    h = np.zeros((len(x), len(x)))
    for i in range(len(x) - 1):
        h[i, i] += 2 - 20 * (x[i + 1] - x[i] ** 2) + 40 * x[i] ** 2
        h[i, i + 1] = h[i + 1, i] = -20 * x[i]
        h[i + 1, i + 1] += 10
    return h


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("both", [None, lambda x: (value(x), gradient(x))])
def test_derivatives(batched, both):
    s = ls.from_functions(value, gradient, 4, batched=batched, value_and_gradient=both, minima=np.ones(4))
    x, v = np.random.default_rng(0).normal(size=(2, 3, 2, 4))
    assert_allclose(s.value(x), value(x), rtol=1e-13)
    assert_allclose(s.value_and_gradient(x)[0], value(x), rtol=1e-13)
    assert_allclose(s.gradient(x), gradient(x), rtol=1e-13)
    expected = np.array([[hessian(a) @ b for a, b in zip(xs, vs, strict=True)] for xs, vs in zip(x, v, strict=True)])
    assert_allclose(s.hessian_vector_product(x, v), expected, rtol=1e-7, atol=1e-7)
    assert_allclose(s.hessian_vector_product(x[0, 0], v)[2, 1], hessian(x[0, 0]) @ v[2, 1], rtol=1e-7, atol=1e-7)
    assert_allclose(s.hessian(x)[1, 0], hessian(x[1, 0]), rtol=1e-6, atol=1e-7)
    assert declared_points(s)[0].kind == "minimum"
    assert s.minima.tolist() == [[1.0] * 4]


def test_the_difference_step_fits_the_size_of_things():
    """Far from 0, and along tiny and zero directions."""
    s = ls.from_functions(value, gradient, 3)
    x = np.array([1e4, -2e4, 1.0])
    v = np.array([1e-6, 2e-6, -1e-6])
    assert_allclose(s.hessian_vector_product(x, v), hessian(x) @ v, rtol=1e-6)
    assert_allclose(s.hessian_vector_product(x, np.zeros(3)), 0.0)


def test_a_product_of_ones_own():
    s = ls.from_functions(value, gradient, 3, hessian_vector_product=lambda x, v: hessian(x) @ v)
    x, v = np.random.default_rng(1).normal(size=(2, 5, 3))
    assert_allclose(s.hessian_vector_product(x, v)[2], hessian(x[2]) @ v[2], rtol=1e-13)


def test_it_descends_like_any_other():
    s = ls.from_functions(value, gradient, 3, domain=((-2, 2),) * 3, title="mine")
    run = ls.descend(s, ls.Adam(learning_rate=0.05), [[-1.0, 1.0, 0.5], [0.0, 0.0, 0.0]], 3000)
    assert_allclose(run.final_points, 1.0, atol=1e-4)
    assert [outcome.word for outcome in run.outcomes] == ["minimum", "minimum"]
    assert s.title == "mine"


def test_arguments_are_not_written_into():
    def vandal(x):
        x += 1.0
        return float(np.sum(x))

    s = ls.from_functions(vandal, np.ones_like, 2)
    x = np.zeros((2, 2))
    assert s.value(x).tolist() == [2.0, 2.0]
    assert not x.any()


def test_a_number_may_come_in_an_array_or_as_an_int():
    assert float(ls.from_functions(lambda x: np.array([x @ x]), lambda x: 2 * x, 2).value([1.0, 2.0])) == 5.0
    assert float(ls.from_functions(lambda x: 3, lambda x: [0, 0], 2).value([1.0, 2.0])) == 3.0


def test_gradient_error():
    right = ls.from_functions(value, gradient, 3)
    wrong = ls.from_functions(value, lambda x: 1.1 * gradient(x), 3)
    x = np.array([0.3, -0.7, 1.1])
    assert right.gradient_error(x) < 1e-8
    assert wrong.gradient_error(x) == pytest.approx(0.1 / 1.1, rel=1e-6)
    assert ls.from_functions(lambda x: 0.0, np.zeros_like, 2).gradient_error([0.0, 0.0]) == 0.0


def test_it_says_that_it_cannot_be_written_down():
    s = ls.from_functions(value, gradient, 3)
    assert s.recipe() == {"name": "functions", "title": "your function", "n_dims": 3}
    with pytest.raises(UnknownName):
        ls.Experiment(s, "sgd", [[0.0, 0.0, 0.0]], 3).from_json(ls.Experiment(s, "sgd", [[0.0] * 3], 3).to_json())
    assert isinstance(s.with_settings(), Functions)
    with pytest.raises(UnknownName, match="no parameter 'a'"):
        s.with_settings(a=1.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ls.from_functions(3, gradient, 2), TypeError, "value must be a function"),
        (lambda: ls.from_functions(value, None, 2), TypeError, "gradient must be a function"),
        (lambda: ls.from_functions(value, gradient, 2, value_and_gradient=1), TypeError, "value_and_gradient"),
        (lambda: ls.from_functions(value, gradient, 2.0), TypeError, "n_dims must be a whole number"),
        (lambda: ls.from_functions(value, gradient, 0), ValueError, "n_dims must be between"),
        (lambda: ls.from_functions(value, gradient, 3, domain=((-1, 1),) * 2), ValueError, "2 axes and n_dims is 3"),
        (lambda: ls.from_functions(lambda x: x, gradient, 2), ValueError, "value returned shape"),
        (lambda: ls.from_functions(value, lambda x: x[:1], 2), ValueError, "gradient returned shape"),
        (lambda: ls.from_functions(lambda x: "a", gradient, 2), TypeError, "value returned str"),
        (lambda: ls.from_functions(lambda x: 1j, gradient, 2), TypeError, "value returned complex"),
        (lambda: ls.from_functions(lambda x: np.nan, gradient, 2), ValueError, "value is not finite"),
        (lambda: ls.from_functions(value, lambda x: np.full(2, np.inf), 2), ValueError, "gradient is not finite"),
        (
            lambda: ls.from_functions(value, gradient, 2, hessian_vector_product=lambda x, v: 1.0),
            ValueError,
            "hessian_vector_product returned shape",
        ),
        (
            lambda: ls.from_functions(lambda x: x @ x, lambda x: x, 3001).hessian(np.zeros(3001)),
            ValueError,
            "not written down",
        ),
    ],
)
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
