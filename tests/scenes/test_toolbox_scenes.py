"""Slices, spectra and critical points as pictures: what is drawn is what was measured, and what it hides is said."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.picture.scene import Field, Line

MODEL = ls.Perceptron(ls.data("moons", n=30), widths=(4,))
X = MODEL.starts(1)[0]
MATRICES = ("hessian", "gauss_newton", "fisher")


@pytest.mark.parametrize("dense_dims", [2000, 3])
def test_spectra_agree_with_all_eigenvalues(dense_dims):
    spectra = ls.spectrum(MODEL, X, MATRICES, k=3, n_steps=MODEL.n_dims, dense_dims=dense_dims)
    for found, matrix in zip(spectra.each, MATRICES, strict=True):
        exact = ls.hessian_eigenvalues(MODEL, X, matrix)
        width = exact[-1] - exact[0]
        assert_allclose(found.ends.largest, exact[-3:], atol=1e-4 * width)
        assert_allclose(found.ends.smallest, exact[:3], atol=1e-4 * width)
        assert found.index.low <= np.sum(exact < -1e-7 * width) <= found.index.high
        assert abs(found.trace.value - exact.sum()) <= 5 * found.trace.standard_error + 1e-9 * width
        at = np.linspace(exact[0] - width, exact[-1] + width, 4001)
        density = found.density(at, 0.02 * width)
        assert np.trapezoid(density, at) == pytest.approx(1.0, rel=1e-3)
        assert np.trapezoid(density * at, at) == pytest.approx(exact.mean(), abs=0.1 * width)


def test_a_picture_of_spectra_says_index_and_trace():
    for dense_dims in (2000, 3):
        spectra = ls.spectrum(MODEL, X, MATRICES, k=4, dense_dims=dense_dims)
        scene = ls.spectrum_scene(spectra)
        for panel, values in (
            ("largest", [one.ends.largest[::-1] for one in spectra.each]),
            ("smallest", [one.ends.smallest for one in spectra.each]),
        ):
            lines = [layer for layer in scene.panel(panel).layers if isinstance(layer, Line)]
            assert_array_equal([line.y for line in lines], values)
            assert len({line.role for line in lines}) == 3
        assert [note.split(":")[0] for note in scene.notes] == [
            "Hessian",
            "Gauss-Newton matrix",
            "empirical Fisher matrix",
        ]
        assert all(("99 times in 100" in note) == (one.index.low < one.index.high)
                   for note, one in zip(scene.notes, spectra.each, strict=True))  # fmt: skip
    with pytest.raises(ValueError, match="one or several different ones"):
        ls.spectrum(MODEL, X, ("hessian", "hessian"))
    with pytest.raises(ValueError, match="one or several different ones"):
        ls.spectrum(MODEL, X, ())


def test_a_flat_spectrum_is_drawn_too():
    scene = ls.spectrum_scene(ls.spectrum(ls.surface("sphere"), [0.0, 0.0], k=2))
    assert np.isfinite(scene.panel("density").layers[0].y).any()


@pytest.mark.parametrize(
    "plane",
    [
        ls.random_plane(X, 1),
        ls.filter_normalized_plane(X, MODEL.filters),
        ls.eigen_plane(MODEL, X),
        ls.principal_plane([ls.descend(MODEL, "adam", X, 30).points[0]]),
        ls.Plane(X, np.eye(MODEL.n_dims)[:2], "two weights"),
    ],
    ids=lambda plane: plane.title,
)
def test_every_plane_becomes_a_map(plane):
    at = np.linspace(-1, 1, 5)
    scene = ls.slice_scene(ls.slice_surface(MODEL, plane, at, 2 * at))
    (field,) = scene.panel("plane").layers
    assert isinstance(field, Field)
    assert field.z[4, 1] == pytest.approx(float(MODEL.value(plane.embed([-0.5, 2.0]))))
    assert plane.title in scene.panel("plane").title
    assert "one plane" in scene.notes[0]


def test_critical_points_stand_at_height_and_index():
    found = ls.critical_points("himmelblau")
    scene = ls.census_scene(found)
    layers = {layer.kind: layer for layer in scene.panels[0].layers}
    assert {kind: len(layer.x) for kind, layer in layers.items()} == found.counts
    assert set(layers["saddle"].y) == {1.0}
    assert_allclose(sorted(layers["minimum"].x), 0.0, atol=1e-20)
    census = ls.torus_census(ls.surface("torus_field", n_dims=2))
    counted = ls.census_scene(census)
    assert sum(len(layer.x) for layer in counted.panels[0].layers) == len(census.points)


def test_where_nothing_was_found_the_search_says_why():
    flat = ls.formula("atan(x) + atan(y)", ((-3, 3), (-3, 3)))
    none = ls.critical_points(flat, starts=[[0.5, 0.5], [2.0, 1.0]])
    assert "none was found from 2 given points" in none.statement
    assert "2 ended" in none.statement
    assert "the least gradient norm there was" in none.statement
    with pytest.raises(ValueError, match="no critical point to show: none was found from 2 given points"):
        ls.census_scene(none)
    beyond = ls.critical_points(ls.formula("(x-5)^2 + y^2", ((-1, 1), (-1, 1))), starts=[[0.0, 0.5]])
    assert beyond.statement == "none was found from 1 given point: 1 ended at critical points outside the domain"
