"""Minibatches: each epoch uses every example once, runs repeat, and what is recorded is the whole."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.optimizers import NOISES
from landscape.surfaces.networks import Perceptron, Softmax, blobs, moons

MODEL = Softmax(blobs(n=30), l2=0.01)


def test_every_example_once_an_epoch():
    drawn = list(ls.Minibatches(size=8).rows(seed=3, n_starts=2, n_rows=30, n_steps=7))
    assert all(rows.shape == (2, 8) for rows in drawn)
    for start in range(2):
        first = np.concatenate([rows[start] for rows in drawn[:3]])
        second = np.concatenate([rows[start] for rows in drawn[3:6]])
        assert len(set(first)) == len(set(second)) == 24
        assert not np.array_equal(first, second)
    assert not np.array_equal(drawn[0][0], drawn[0][1])


def test_a_start_does_not_depend_on_its_neighbours():
    two, one = (list(ls.Minibatches(size=5).rows(1, n, 30, 12)) for n in (2, 1))
    for both, alone in zip(two, one, strict=True):
        assert_array_equal(both[:1], alone)


def test_gradient_of_a_batch_is_that_of_these_examples():
    model = Perceptron(moons(n=20), widths=(3,), batch_norm=True, l2=0.1)
    x = model.starts(2)
    rows = np.array([[3, 5, 7, 11], [0, 1, 2, 19]])
    value, gradient = model.minibatch_value_and_gradient(x, rows)
    for i in range(2):
        data = model.data
        part = type(data)("table", "part", data.inputs[rows[i]], labels=data.labels[rows[i]], classes=data.classes)
        alone, slope = Perceptron(part, widths=(3,), batch_norm=True, l2=0.1).value_and_gradient(x[i])
        assert value[i] == pytest.approx(float(alone), rel=1e-13)
        assert_allclose(gradient[i], slope, rtol=1e-11, atol=1e-14)
    together = model.minibatch_value_and_gradient(x, np.arange(20))
    assert_allclose(together[1], model.gradient(x), rtol=1e-11, atol=1e-14)


def test_the_mean_over_an_epoch_is_the_full_gradient():
    x = MODEL.starts(1)
    drawn = ls.Minibatches(size=10).rows(0, 1, 30, 3)
    mean = np.mean([MODEL.minibatch_value_and_gradient(x, rows)[1] for rows in drawn], axis=0)
    assert_allclose(mean, MODEL.gradient(x), rtol=1e-11, atol=1e-15)


def test_descend_records_the_whole_and_repeats():
    x = MODEL.starts(3)
    options = {"noise": ls.Minibatches(size=5), "seed": 4}
    run = ls.descend(MODEL, ls.SGD(learning_rate=0.2), x, 40, **options)
    again = ls.descend(MODEL, ls.SGD(learning_rate=0.2), x, 40, **options)
    assert_array_equal(run.points, again.points)
    value, gradient = MODEL.value_and_gradient(run.points)
    assert_allclose(run.values, value, rtol=1e-12)
    assert_allclose(run.gradient_norms, np.linalg.norm(gradient, axis=-1), rtol=1e-9)
    alone = ls.descend(MODEL, ls.SGD(learning_rate=0.2), x[0], 40, **options)
    assert_allclose(alone.points[0], run.points[0], rtol=1e-11)
    other = ls.descend(MODEL, ls.SGD(learning_rate=0.2), x, 40, noise=ls.Minibatches(size=5), seed=5)
    assert not np.allclose(other.points, run.points)
    full = ls.descend(MODEL, ls.SGD(learning_rate=0.2), x, 40)
    whole = ls.descend(MODEL, ls.SGD(learning_rate=0.2), x, 40, noise=ls.Minibatches(size=30))
    assert_allclose(whole.points, full.points, rtol=1e-9, atol=1e-12)
    assert (run.values[:, -1] < run.values[:, 0]).all()


def test_all_optimizers_meet_the_same_batches(monkeypatch):
    seen = {}
    original = Softmax.minibatch_value_and_gradient

    def spy(self, x, rows):
        seen.setdefault(name, []).append(rows.copy())
        return original(self, x, rows)

    monkeypatch.setattr(Softmax, "minibatch_value_and_gradient", spy)
    for name in ("sgd", "adam"):
        ls.descend(MODEL, ls.optimizer(name, learning_rate=0.01), MODEL.starts(2), 9, noise=ls.Minibatches(size=7))
    assert_array_equal(seen["sgd"], seen["adam"])


def test_an_experiment_with_minibatches_comes_back():
    x = ls.Experiment(MODEL, ("sgd", "adam"), MODEL.starts(2), n_steps=5, noise=ls.Minibatches(size=6), seed=2)
    again = ls.Experiment.from_json(x.to_json())
    assert again == x
    assert again.noise.words == "minibatches of 6"
    assert NOISES.from_recipe({"name": "minibatches", "size": 6}) == ls.Minibatches(size=6)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ls.Minibatches(size=0), ValueError, "size must be at least 1"),
        (lambda: ls.Minibatches(size=2.5), ValueError, "whole number"),
        (
            lambda: ls.descend(MODEL, ls.SGD(), MODEL.starts(1), 3, noise=ls.Minibatches(size=31)),
            ValueError,
            "31 is more than the 30 examples",
        ),
        (
            lambda: ls.descend(ls.surface("sphere"), ls.SGD(), [[1.0, 1.0]], 3, noise=ls.Minibatches()),
            TypeError,
            "'sphere' has no examples",
        ),
    ],
)
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
