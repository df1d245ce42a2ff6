"""How a path ended where no dense search is affordable: the ends of the spectrum decide."""

import numpy as np
import pytest

import landscape as ls
from landscape.descent.outcome import SEARCHED_DIMS

N = SEARCHED_DIMS + 40


def quadratic(curvatures):
    c = np.array(curvatures)
    return ls.from_functions(
        lambda x: 0.5 * np.sum(c * x * x, axis=-1),
        lambda x: c * x,
        len(c),
        hessian_vector_product=lambda x, v: c * v,
        batched=True,
    )


@pytest.mark.parametrize(
    ("curvatures", "word", "says"),
    [
        (np.linspace(0.5, 2, N), "minimum", "smallest Hessian eigenvalue at the last point 0.5"),
        ([*np.linspace(0.5, 2, N - 1), -0.3], "saddle", "smallest Hessian eigenvalue at the last point -0.3"),
        (-np.linspace(0.5, 2, N), "maximum", "largest Hessian eigenvalue -0.5"),
        ([*np.linspace(0.5, 2, N - 1), 0.0], "plateau", "zero to within"),
    ],
)
def test_decided_by_the_spectrum(curvatures, word, says):
    run = ls.descend(quadratic(curvatures), ls.SGD(learning_rate=1e-3), np.full(N, 1e-6), 20)
    assert run.outcomes[0].word == word
    assert says in run.verdicts[0]


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("width", [4.0, 40.0])
def test_the_tail_of_a_saturated_function_is_no_extremum(sign, width):
    tail = ls.from_functions(
        lambda x: sign * np.tanh(x).sum(axis=-1),
        lambda x: sign / np.cosh(x) ** 2,
        N,
        domain=[(-width, width)] * N,
        hessian_vector_product=lambda x, v: -2 * sign * np.tanh(x) / np.cosh(x) ** 2 * v,
        batched=True,
    )
    run = ls.descend(tail, ls.SGD(learning_rate=1e-3), np.full(N, 6.0), 20)
    assert run.outcomes[0].word == "plateau"
    assert "on a slope" in run.verdicts[0]


def test_a_network_is_judged_without_a_matrix(monkeypatch):
    model = ls.Perceptron(ls.data("moons", n=40), widths=(20, 20))
    run = ls.descend(model, ls.SGD(learning_rate=0.1), model.starts(1), 20)
    monkeypatch.setattr(type(model), "hessian", None)
    assert run.outcomes[0].word == "moving"
    assert "still moving" in run.verdicts[0]


def test_there_is_no_picture_to_leave_in_many_dimensions():
    surface = ls.surface("rosenbrock", n_dims=5)
    start = surface.domain.center + 3 * surface.domain.widths
    run = ls.descend(surface, ls.SGD(learning_rate=1e-9), [start], 20)
    assert run.outcomes[0].word == "moving"
    assert ls.ensemble(surface, ls.SGD(learning_rate=1e-9), [start], 20).outcomes[0].word == "moving"
