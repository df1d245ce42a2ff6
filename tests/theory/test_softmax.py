"""THEORY 22: softmax regression, its arithmetic, its convexity, its twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from landscape.optimizers import SGD
from landscape.surfaces.networks import Logistic, Softmax, blobs, iris, moons
from landscape.theory import softmax as theory


def test_the_lectures_example():
    assert float(theory.cross_entropy([0.3, 0.2, 0.1, 0.4], [0, 1, 0, 0])) == pytest.approx(1.609438, abs=5e-7)
    board = theory.arithmetic(theory.scores_of([0.3, 0.2, 0.1, 0.4]), label=1)
    assert board.loss == pytest.approx(-np.log(0.2), rel=1e-14)
    assert_allclose(board.a, [0.3, 0.2, 0.1, 0.4], rtol=1e-14)
    assert_allclose(board.dz, [0.3, -0.8, 0.1, 0.4], rtol=1e-13)
    assert_allclose(board.e / board.total, board.a, rtol=1e-14)
    assert board.shift == 0.0


def test_the_lectures_activation():
    board = theory.arithmetic([5.0, 2.0, -1.0, 3.0], label=0)
    assert_allclose(board.e, [148.41, 7.39, 0.37, 20.09], atol=0.006)
    assert board.total == pytest.approx(176.26, abs=0.006)
    assert_allclose(board.a, [0.842, 0.042, 0.002, 0.114], atol=5e-4)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=6), st.data())
def test_nothing_overflows(z, data):
    label = data.draw(st.integers(0, len(z) - 1))
    board = theory.arithmetic(z, label)
    a = theory.softmax(z)
    assert np.isfinite(board.loss)
    assert board.loss >= -1e-10
    assert a.sum() == pytest.approx(1.0, abs=1e-14)
    assert_allclose(board.a, a, atol=1e-12)


def test_the_surface_does_not_overflow_either():
    model = Softmax(blobs(n_classes=3, n=12))
    for factor in (1e4, -1e4):
        x = factor * model.starts(1)[0]
        value, gradient = model.value_and_gradient(x)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()
        assert np.isfinite(model.hessian_vector_product(x, np.ones(model.n_dims))).all()
    two = Logistic(moons(n=12))
    value, gradient = two.value_and_gradient(np.array([1e4, -1e4, 1e4]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_temperature_leads_to_hardmax():
    z = np.array([[1.0, 3.0, 2.0], [0.5, -1.0, 0.4]])
    assert_allclose(theory.softmax(z, 1e-3), theory.hardmax(z), atol=1e-12)
    assert_allclose(theory.softmax(z, 1e6), np.full((2, 3), 1 / 3), atol=1e-6)
    assert_allclose(theory.softmax(z, 1.0), np.exp(z) / np.exp(z).sum(-1, keepdims=True), rtol=1e-14)
    entropies = [-(a * np.log(a)).sum() for a in (theory.softmax(z, t) for t in (0.3, 1.0, 3.0))]
    assert entropies == sorted(entropies)
    with pytest.raises(ValueError, match="temperature"):
        theory.softmax(z, 0.0)


def test_slope_is_a_minus_y():
    z, h = np.array([0.3, -1.2, 2.0]), 1e-6
    board = theory.arithmetic(z, 2)
    for i, unit in enumerate(np.eye(3)):
        ahead, behind = (theory.arithmetic(z + sign * h * unit, 2).loss for sign in (1, -1))
        assert board.dz[i] == pytest.approx((ahead - behind) / (2 * h), abs=1e-9)


def test_two_classes_are_logistic_regression():
    """Value, gradient and curvature agree to 1e-12 with w = w_1 - w_0, along a whole descent."""
    data = moons(n=60)
    two, one = Softmax(data), Logistic(data)
    x = two.starts(1, seed=3)[0]
    w = two.block("W1").of(x), two.block("b1").of(x)
    normal, offset = theory.as_logistic(*w)
    u = np.array([*normal, offset])
    # w_1 - w_0 moves by twice what each of them does
    for _ in range(200):
        fx, gx = two.value_and_gradient(x)
        fu, gu = one.value_and_gradient(u)
        assert abs(fx - fu) < 1e-12
        assert_allclose(two.probabilities(x), one.probabilities(u), atol=1e-12)
        difference = theory.as_logistic(two.block("W1").of(gx), two.block("b1").of(gx))
        assert_allclose([*difference[0], difference[1]], 2 * gu, atol=1e-12)
        x, _ = SGD.rule(x, gx, 1, 0.5, (), (0.0,))
        u, _ = SGD.rule(u, gu, 1, 1.0, (), (0.0,))


def test_hessian_against_the_closed_form():
    model = Softmax(iris())
    x = model.starts(1, seed=2)[0]
    w, b = model.block("W1").of(x), model.block("b1").of(x)
    assert_allclose(model.hessian(x), theory.hessian(w, b, model.data.inputs), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_convex_with_exactly_d_plus_1_flat_directions(n_classes):
    model = Softmax(blobs(n_classes=n_classes, n=60))
    d = model.data.n_features
    for x in model.starts(3, seed=n_classes):
        eigenvalues = np.linalg.eigvalsh(model.hessian(x))
        zero = np.abs(eigenvalues) < 1e-12
        assert zero.sum() == d + 1
        assert (eigenvalues[~zero] > 1e-6).all()
        flat = theory.flat_directions(n_classes, d)
        assert flat.shape == (d + 1, model.n_dims)
        assert_allclose(flat @ flat.T, np.eye(d + 1), atol=1e-14)
        assert_allclose(model.hessian_vector_product(x, flat), 0.0, atol=1e-15)
        assert_allclose(model.probabilities(x + 3.0 * flat.sum(axis=0)), model.probabilities(x), atol=1e-13)


def test_l2_lifts_all_but_the_biases():
    model = Softmax(blobs(n_classes=3, n=60), l2=0.01)
    eigenvalues = np.linalg.eigvalsh(model.hessian(model.starts(1)[0]))
    assert (np.abs(eigenvalues) < 1e-12).sum() == 1
    assert eigenvalues[1] > 1e-4


def test_boundaries_are_straight_lines():
    """On the line two classes are equally probable to rounding, far out too; off it the named one is ahead."""
    model = Softmax(blobs(n_classes=3))
    x = model.starts(1, seed=5)[0]
    w, b = model.block("W1").of(x), model.block("b1").of(x)
    for i, j in ((0, 1), (1, 2), (2, 0)):
        normal, offset = theory.boundary(w, b, i, j)
        along = np.array([-normal[1], normal[0]]) / np.linalg.norm(normal)
        foot = -offset * normal / (normal @ normal)
        line = foot + np.linspace(-20, 20, 9)[:, None] * along
        z = model.outputs(x, line)
        assert_allclose(z[:, i], z[:, j], atol=1e-12)
        ahead = model.outputs(x, line + 0.1 * normal)
        assert (ahead[:, i] > ahead[:, j]).all()


def test_hardmax_takes_the_first_of_equals():
    assert_array_equal(theory.hardmax([[1.0, 1.0, 0.0]]), [[1.0, 0.0, 0.0]])


@pytest.mark.parametrize(
    ("z", "label"), [([1.0], 0), ([1.0, np.nan], 0), ([1.0, 2.0], 2), ([1.0, 2.0], -1), ([[1.0, 2.0]], 0)]
)
def test_refused(z, label):
    with pytest.raises(ValueError, match=r"z must|label must"):
        theory.arithmetic(z, label)
