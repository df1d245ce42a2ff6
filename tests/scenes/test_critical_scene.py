"""What is laid over the map: glyphs of what was found, arrows along eigenvectors, manifolds, other colours."""

import numpy as np
import pytest

import landscape as ls
from landscape.picture.scene import Field, Line, Points
from landscape.scenes.critical import all_manifolds, curvature_arrows, over_map


@pytest.fixture(scope="module")
def run():
    return ls.Experiment(ls.surface("himmelblau"), (ls.Adam(learning_rate=0.1),), ((0.0, 0.0),), n_steps=20).run()


def test_found_points_and_manifolds_lie_on_the_map(run):
    surface = run.experiment.surface
    found = ls.critical_points(surface)
    scene = over_map(run.scene(), surface, found=found, branches=all_manifolds(surface, found))
    layers = scene.panel("map").layers
    counts = {layer.kind: len(layer.x) for layer in layers if isinstance(layer, Points) and layer.kind != "start"}
    assert counts == {"minimum": 4, "saddle": 4, "maximum": 1}
    roles = [layer.role for layer in layers if isinstance(layer, Line)]
    assert roles.count("manifold_stable") == roles.count("manifold_unstable") == 8
    assert any("complete" in note.lower() for note in scene.notes)
    assert scene.to_plotly() is not None


def test_an_unstable_manifold_ends_at_a_minimum(run):
    surface = run.experiment.surface
    found = ls.critical_points(surface)
    minima = np.array([p.x for p in found.of_kind("minimum")])
    for branch in all_manifolds(surface, found):
        if branch.kind == "unstable":
            assert np.linalg.norm(minima - branch.points[-1], axis=1).min() < 1e-3


def test_the_longest_arrow_is_that_of_the_largest_curvature(run):
    surface = run.experiment.surface
    (arrows,) = curvature_arrows(surface, ls.critical_points(surface))
    strokes = np.split(np.stack([arrows.x, arrows.y], axis=-1), np.flatnonzero(np.isnan(arrows.x)))
    longest = max(float(np.linalg.norm(stroke[-1] - stroke[1])) for stroke in strokes if len(stroke) == 3)
    assert np.isclose(longest, 0.1 * surface.domain.diagonal)


@pytest.mark.parametrize("color", ["gradient", "curvature"])
def test_other_colours_are_of_the_same_grid(run, color):
    surface = run.experiment.surface
    scene = over_map(run.scene(), surface, color=color)
    field = scene.panel("map").layers[0]
    assert isinstance(field, Field)
    assert field.color.shape == field.z.shape
    point = np.array([field.x[7], field.y[11]])
    if color == "gradient":
        assert np.isclose(field.color[11, 7], np.log10(np.linalg.norm(surface.gradient(point))))
    else:
        lowest = np.linalg.eigvalsh(surface.hessian(point))[0]
        assert np.isclose(field.color[11, 7] * abs(field.color[11, 7]), lowest)
        assert field.palette == "diverging"


def test_many_points_have_glyphs_alone_and_a_note():
    surface = ls.surface("rastrigin")
    run = ls.Experiment(surface, (ls.SGD(),), ((1.0, 1.0),), n_steps=2).run()
    found = ls.critical_points(surface)
    assert all_manifolds(surface, found) == ()
    scene = over_map(run.scene(), surface, found=found)
    assert not [layer for layer in scene.panel("map").layers if isinstance(layer, Line)]
    assert any("No arrows" in note for note in scene.notes)


def test_on_a_relief_they_lie_on_the_ground(run):
    surface = run.experiment.surface
    found = ls.critical_points(surface)
    scene = over_map(run.scene(relief=True), surface, found=found, branches=all_manifolds(surface, found))
    layers = scene.panel("relief").layers
    field = next(layer for layer in layers if isinstance(layer, Field))
    height = np.nanmax(field.z) - np.nanmin(field.z)
    marks = [layer for layer in layers if isinstance(layer, Points) and layer.kind != "start"]
    assert sum(len(layer.x) for layer in marks) == 9
    for layer in marks:
        for x, y, z in zip(layer.x, layer.y, layer.z, strict=True):
            row, column = np.abs(field.y - y).argmin(), np.abs(field.x - x).argmin()
            assert abs(z - field.z[row, column]) < 0.05 * height
    lines = [layer for layer in layers if isinstance(layer, Line)]
    assert {line.role for line in lines} == {"manifold_stable", "manifold_unstable"}
    assert all(np.isfinite(line.z).mean() > 0.9 for line in lines)
    assert scene.to_plotly() is not None


def test_a_declared_minimum_at_a_kink_stays_in_the_picture():
    run = ls.Experiment(ls.surface("ackley"), (ls.Adam(learning_rate=0.1),), ((2.0, 1.0),), n_steps=5).run()
    found = ls.critical_points(run.experiment.surface)
    scene = over_map(run.scene(), run.experiment.surface, found=found)
    stars = [layer for layer in scene.panel("map").layers if isinstance(layer, Points) and layer.kind == "minimum"]
    assert sum(len(layer.x) for layer in stars) == 121
    (declared,) = [layer for layer in stars if "declared, not certified" in layer.labels[0]]
    assert np.allclose([declared.x[0], declared.y[0]], 0.0)
