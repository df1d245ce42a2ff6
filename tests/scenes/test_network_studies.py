"""Scenes of one network in several ways, held against the models themselves."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.analysis.network_studies import (
    pair_slices,
    pair_smoothness,
    pair_spectra,
    students,
    train_pair,
    two_minima,
)
from landscape.curvature.spectrum import hessian_eigenvalues
from landscape.picture.scene import MovingLine
from landscape.scenes.network_studies import minima_scene, norm_scene, slices_of_pair, spectrum_of_pair, widths_scene

PAIR = train_pair(ls.Perceptron(ls.data("moons", n=40), widths=(3, 3)), learning_rate=0.2, n_steps=12, seed=3)


def test_both_start_from_the_same_weights():
    (plain, norm), (first, second) = PAIR.models, PAIR.runs
    assert (plain.batch_norm, norm.batch_norm) == (False, True)
    a, b = first.points[0, 0], second.points[0, 0]
    for name in ("W1", "W2", "W3", "b3"):
        assert_array_equal(plain.block(name).of(a), norm.block(name).of(b))
    assert_array_equal(norm.block("gamma1").of(b), 1.0)
    assert_array_equal(norm.block("beta1").of(b), 0.0)
    with pytest.raises(ValueError, match="at least 1 step"):
        train_pair(plain, 0.1, 0)


def test_the_change_of_the_gradient_is_that_of_the_largest_step():
    scene = norm_scene(pair_smoothness(PAIR, looks=4))
    model, run = PAIR.models[1], PAIR.runs[1]
    path = scene.panel("change").layers[1]
    x = run.points[0, path.steps[1]]
    g = model.gradient(x)
    changes = [np.linalg.norm(model.gradient(x - 0.2 * f * g) - g) / np.linalg.norm(g) for f in (0.5, 1, 2, 4)]
    assert path.y[1] == pytest.approx(max(changes), rel=1e-9)


def test_the_middle_of_every_slice_is_the_last_loss():
    scene = slices_of_pair(pair_slices(PAIR, grid=5))
    for k, run in enumerate(PAIR.runs):
        for kind in ("filters", "hessian"):
            assert scene.panel(f"{kind}{k}").layers[0].z[2, 2] == pytest.approx(run.final_values[0], rel=1e-12)


def test_the_spectrum_is_the_hessians():
    (line,) = (
        x for x in spectrum_of_pair(pair_spectra(PAIR, looks=3)).panel("spectrum1").layers if isinstance(x, MovingLine)
    )
    expected = np.sort(hessian_eigenvalues(PAIR.models[1], PAIR.runs[1].points[0, 12]))
    assert_allclose(line.y[-1], expected, atol=1e-12)


def test_a_permuted_copy_is_elsewhere_with_the_same_loss():
    scene = minima_scene(two_minima(PAIR.models[0], 0.2, 12))
    way = scene.panel("twin").layers[0]
    assert way.y[0] == pytest.approx(way.y[-1], abs=1e-14)
    assert way.y.max() > way.y[0]


def test_titles_count_the_students_that_are_stuck():
    scene = widths_scene(students(teacher=3, extras=(0, 1), n_students=3, n_steps=60))
    assert len(scene.tracks) == 6
    for panel in scene.panels:
        stuck = sum(layer.y[-1] > 1e-3 for layer in panel.layers[1:])
        assert panel.title.endswith(f"{stuck} of 3 stuck")
