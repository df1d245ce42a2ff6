"""Scenes of classifiers and networks: what they say, held against the models themselves; nothing is drawn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.analysis.connectivity import bezier_path, straight_path
from landscape.analysis.network_studies import edge_study
from landscape.picture.scene import Line, MovingField, MovingLine, Path, Samples
from landscape.scenes.networks import connectivity_scene, deep_linear_scene, sharpness_scene
from landscape.scenes.softmax import frame_steps, regions_of, segment, softmax_scene
from landscape.theory import deep_linear as theory

MODEL = ls.Softmax(ls.data("blobs", n_classes=3, n=60))
RUN = ls.Experiment(MODEL, ("sgd", "adam"), MODEL.starts(2), n_steps=40).run()


def of_kind(panel, kind):
    return [layer for layer in panel.layers if isinstance(layer, kind)]


def test_softmax_scene_holds_together():
    scene = softmax_scene(RUN, shown=(1, 0), grid=21, frames=8)
    assert [key for column in scene.columns for key in column] == ["regions", "loss", "gradient_norm", "accuracy"]
    assert {panel.key for panel in scene.panels} == {"regions", "loss", "gradient_norm", "accuracy"}
    regions = scene.panel("regions")
    (field,), (samples,) = of_kind(regions, MovingField), of_kind(regions, Samples)
    assert field.track == "1-0"
    assert field.track in {track.id for track in scene.tracks}
    assert field.z.shape == (len(field.steps), 21, 21)
    assert field.steps[0] == 0
    assert field.steps[-1] == 40
    assert field.classes == samples.names == MODEL.data.classes
    assert_array_equal(samples.groups, MODEL.data.labels)
    assert len(of_kind(regions, MovingLine)) == 3
    accuracies = of_kind(scene.panel("accuracy"), Path)
    assert [path.track for path in accuracies] == [track.id for track in scene.tracks]
    assert accuracies[2].y[-1] == pytest.approx(float(MODEL.accuracy(RUN.trajectories[1].points[0, -1])))


def test_the_regions_are_the_models():
    """Each cell has the class that the model finds most probable there, at that step."""
    scene = softmax_scene(RUN, grid=15, frames=5)
    field = of_kind(scene.panel("regions"), MovingField)[0]
    for k, step in enumerate(field.steps):
        x = RUN.trajectories[0].points[0, step]
        for row in (0, 7, 14):
            for column in (0, 5, 14):
                a = MODEL.probabilities(x, [[field.x[column], field.y[row]]])[0]
                assert field.z[k, row, column] == a.argmax()


def test_on_a_boundary_two_classes_share_the_lead():
    scene = softmax_scene(RUN, grid=15, frames=5)
    seen = 0
    for line, pair in zip(of_kind(scene.panel("regions"), MovingLine), ((0, 1), (0, 2), (1, 2)), strict=True):
        for k, step in enumerate(line.steps):
            if np.isnan(line.x[k]).any():
                continue
            middle = [line.x[k].mean(), line.y[k].mean()]
            a = MODEL.probabilities(RUN.trajectories[0].points[0, step], [middle])[0]
            assert a[pair[0]] == pytest.approx(a[pair[1]], rel=1e-9)
            assert a.max() == pytest.approx(a[pair[0]], rel=1e-9)
            seen += 1
    assert seen >= 5


def test_a_boundary_that_is_not_there():
    w, b = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]), np.array([0.0, 0.0, 5.0])
    box = (-2.0, 2.0, -1.0, 1.0)
    assert np.isnan(segment(w, b, (0, 1), box)).all()  # class 2 is ahead everywhere
    assert np.isnan(segment(w[[0, 0]], b[:2], (0, 1), box)).all()  # one score, no line
    assert_allclose(np.sort(segment(w, b[:2], (0, 1), box)[:, 1]), [-1.0, 1.0])
    far = np.array([10.0, 0.0])
    assert np.isnan(segment(w[:2], far, (0, 1), box)).all()  # x = -5 is outside


def test_more_features_are_held_at_their_mean_and_said():
    model = ls.Softmax(ls.data("iris"))
    run = ls.Experiment(model, "sgd", model.starts(1), n_steps=5).run()
    scene = softmax_scene(run, features=(2, 3), grid=9, frames=3)
    assert any("other 2 features stay at their mean" in note for note in scene.notes)
    assert scene.panel("regions").x.label == "petal length"
    raw = ls.Softmax(ls.data("iris", standardize=False))
    x = raw.starts(8)
    regions = regions_of(raw, x, np.arange(8), (0, 2), 9)
    seen = 0
    for pair, segments in zip(regions.pairs, regions.segments, strict=True):
        for point, ends in zip(x, segments, strict=True):
            if np.isnan(ends).any():
                continue
            where = raw.data.inputs.mean(axis=0)
            where[[0, 2]] = ends.mean(axis=0)
            z = raw.outputs(point, where[None])[0]
            assert z[pair[0]] == pytest.approx(z[pair[1]], abs=1e-9)
            assert z.max() == pytest.approx(z[pair[0]], abs=1e-9)
            seen += 1
    assert seen > 0


def test_logistic_and_perceptron_have_regions_too():
    data = ls.data("moons", n=40)
    one = ls.Logistic(data)
    run = ls.Experiment(one, "sgd", one.starts(1, seed=1), n_steps=4).run()
    assert len(of_kind(softmax_scene(run, grid=9, frames=3).panel("regions"), MovingLine)) == 1
    deep = ls.Perceptron(data, widths=(4,))
    run = ls.Experiment(deep, "sgd", deep.starts(1), n_steps=4).run()
    assert of_kind(softmax_scene(run, grid=9, frames=3).panel("regions"), MovingLine) == []


def test_frames_are_steps_of_the_path():
    assert frame_steps(0, 5).tolist() == [0]
    assert frame_steps(3, 60).tolist() == [0, 1, 2, 3]
    steps = frame_steps(10_000, 60)
    assert steps[0] == 0
    assert steps[-1] == 10_000
    assert (np.diff(steps) > 0).all()


def test_deep_linear_scene_has_the_theory_over_the_modes():
    model = ls.DeepLinear(ls.data("linear_map", strengths=[2.0, 1.0], n=3), widths=(4,))
    start = model.balanced_start(0.01)
    run = ls.Experiment(model, ls.SGD(learning_rate=0.01), [start], n_steps=300).run()
    panel = deep_linear_scene(run).panel("modes")
    paths, lines = of_kind(panel, Path), of_kind(panel, Line)
    assert len(paths) == len(lines) == 2
    for path, line, s in zip(paths, lines, (2.0, 1.0), strict=True):
        assert_allclose(line.y, theory.strength(0.01 * line.x, s, 0.01), rtol=1e-9)
        assert_allclose(path.y, line.y, atol=0.03 * s)
        assert line.role == "theory"


def test_connectivity_scene_names_the_barriers():
    model = ls.Perceptron(ls.data("moons", n=40), widths=(4,))
    a, b = model.starts(2)
    scene = connectivity_scene(straight_path(model, a, b), bezier_path(model, a, b, n_steps=5))
    labels = [line.label for line in scene.panel("path").layers]
    assert labels[0].startswith("straight: barrier")
    assert labels[1].startswith("Bezier: barrier")
    pairs = straight_path(model, model.starts(2), model.starts(2, 5))
    with pytest.raises(ValueError, match="one pair"):
        connectivity_scene(pairs, pairs)


def test_sharpness_scene_measures_the_edge():
    s = ls.surface("sphere")
    run = ls.Experiment(s, ls.SGD(learning_rate=0.1), [[1.0, 0.5]], n_steps=10).run()
    scene = sharpness_scene(run, edge_study(run.trajectories, looks=3))
    (path,) = of_kind(scene.panel("sharpness"), Path)
    largest = np.linalg.eigvalsh(s.hessian([1.0, 0.5]))[-1]
    assert_allclose(path.y, largest * 0.05, rtol=1e-9)
    assert path.steps.tolist() == [0, 5, 10]
    assert of_kind(scene.panel("sharpness"), Line)[0].role == "threshold"
    assert_allclose(of_kind(scene.panel("smoothness"), Path)[0].y, largest, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: softmax_scene(RUN, shown=(2, 0)), ValueError, "no path"),
        (lambda: softmax_scene(RUN, shown=(0, 2)), ValueError, "no path"),
        (lambda: softmax_scene(RUN, features=(0, 0)), ValueError, "two different"),
        (lambda: softmax_scene(RUN, features=(0, 2)), ValueError, "two different|0 to 1|index"),
        (lambda: softmax_scene(RUN, frames=1), ValueError, "frames"),
        (lambda: edge_study(RUN.trajectories, looks=1), ValueError, "looks"),
        (lambda: deep_linear_scene(RUN), TypeError, "deep linear"),
        (
            lambda: softmax_scene(ls.Experiment("sphere", "sgd", [[1.0, 1.0]], n_steps=1).run()),
            TypeError,
            "data with classes",
        ),
    ],
)
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
