"""What the main picture is made of: every number in it is the run's, and nothing is hidden."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.picture.scene import Field, Line, Path, Points, Spans, Tangent
from landscape.scenes.scales import loss_axis


def layers(panel, kind):
    return [layer for layer in panel.layers if isinstance(layer, kind)]


@pytest.fixture(scope="module")
def run():
    optimizers = (ls.SGD(learning_rate=0.05), ls.Adam(learning_rate=0.05))
    return ls.Experiment("escaping_saddle", optimizers, [(1.6, 1e-12), (-1.0, 0.5)], 200).run()


@pytest.fixture(scope="module")
def scene(run):
    return run.scene()


def test_map_loss_and_gradient_norm_are_those_of_the_run(run, scene):
    assert [panel.key for panel in scene.panels] == ["map", "loss", "gradient_norm"]
    assert scene.columns == (("map",), ("loss", "gradient_norm"))
    on_map, loss, norm = (layers(panel, Path) for panel in scene.panels)
    for number, trajectory in enumerate(run.trajectories):
        for start in range(2):
            k = 2 * number + start
            assert on_map[k].track == loss[k].track == norm[k].track == scene.tracks[k].id
            assert_array_equal(np.stack([on_map[k].x, on_map[k].y], -1), trajectory.points[start])
            assert_array_equal(loss[k].y, trajectory.values[start])
            assert_array_equal(norm[k].y, trajectory.gradient_norms[start])
            assert scene.tracks[k].verdict == trajectory.verdicts[start]


def test_the_field_is_the_surface(run, scene):
    (field,) = layers(scene.panel("map"), Field)
    x, y = np.meshgrid(field.x, field.y)
    assert_allclose(field.z, run.experiment.surface.value(np.stack([x, y], -1)), rtol=1e-12)


def test_every_label_has_its_learning_rate(scene):
    assert {track.group for track in scene.tracks} == {"SGD (lr 0.05)", "Adam (lr 0.05)"}
    assert scene.tracks[0].label == "SGD (lr 0.05), start 1"
    assert "SGD (lr 0.05), Adam (lr 0.05)" in scene.caption


def test_starts_and_critical_points_are_marked_by_kind(scene):
    kinds = {points.kind: len(points.x) for points in layers(scene.panel("map"), Points)}
    assert kinds == {"saddle": 1, "minimum": 2, "start": 2}


def test_the_shaded_intervals_are_where_the_norm_is_small(run, scene):
    spans = {layer.track: layer.intervals for layer in layers(scene.panel("gradient_norm"), Spans)}
    norms = run.trajectories[0].gradient_norms[0]
    ((low, high),) = spans[scene.tracks[0].id]
    inside = np.arange(201)
    inside = (inside >= low) & (inside <= high)
    assert np.all(norms[inside] < 1e-3)
    assert norms[int(low) - 1] >= 1e-3
    assert layers(run.scene(threshold=1e-9).panel("gradient_norm"), Spans) == []


def test_a_loss_that_changes_its_sign_has_a_symmetric_log_axis(scene):
    assert scene.panel("loss").y.scale == "symlog"
    assert scene.panel("gradient_norm").y.scale == "log"


def test_the_relief_lies_under_its_paths(run):
    scene = run.scene(relief=True)
    panel = scene.panel("relief")
    assert panel.kind == "space"
    (field,) = layers(panel, Field)
    for path in layers(panel, Path):
        nearest = field.z[np.abs(field.y[:, None] - path.y).argmin(0), np.abs(field.x[:, None] - path.x).argmin(0)]
        seen = np.isfinite(path.z)
        assert np.all(path.z[seen] > nearest[seen] - 0.06 * np.ptp(field.z))


def test_a_curve_has_its_tangent():
    run = ls.Experiment("framework_example", (ls.SGD(learning_rate=0.01),), [(0.0,)], 50).run()
    panel = run.scene().panel("curve")
    (tangent,), (graph,), (path,) = (layers(panel, kind) for kind in (Tangent, Line, Path))
    w = 10 * (1 - 0.98 ** np.arange(51))  # THEORY: w_k = 10 (1 - .98^k)
    assert_allclose(path.x, w, rtol=1e-12, atol=1e-15)
    assert_allclose(path.y, (w - 10) ** 2, rtol=1e-9)
    assert_allclose(tangent.slope, 2 * w - 20, rtol=1e-9)
    assert_allclose(graph.y, (graph.x - 10) ** 2, rtol=1e-9, atol=1e-10)


def test_more_than_two_dimensions_show_no_ground():
    run = ls.Experiment(ls.surface("rosenbrock", n_dims=5), ("sgd",), [(0.1,) * 5], 10).run()
    assert [panel.key for panel in run.scene().panels] == ["loss", "gradient_norm"]


def test_a_path_that_runs_away_is_marked_and_named():
    run = ls.Experiment("rosenbrock", (ls.SGD(learning_rate=1.0), ls.Adam(learning_rate=0.01)), [(-1.5, 2.0)], 50).run()
    scene = run.scene()
    (mark,) = [points for points in layers(scene.panel("map"), Points) if points.kind == "diverged"]
    assert mark.tracks == (scene.tracks[0].id,)
    domain = run.experiment.surface.domain
    where = np.array([mark.x[0], mark.y[0]])
    assert np.any(np.isclose(where, domain.lower) | np.isclose(where, domain.upper))
    assert any("Diverged: SGD (lr 1)" in note for note in scene.notes)
    # One that overflows does not squeeze the other's curve to a line: the axis is the other's.
    low, high = scene.panel("loss").y.range
    adam = run.trajectories[1].values[0]
    assert low <= adam.min() <= adam.max() <= high < 1e8


def test_exactly_zero_is_a_gap_with_a_mark_and_a_note():
    run = ls.Experiment("sphere", (ls.SGD(learning_rate=0.5),), [(1.0, 1.0)], 5).run()
    scene = run.scene()
    (loss,) = layers(scene.panel("loss"), Path)
    if scene.panel("loss").y.scale == "log":
        assert np.all(np.isnan(loss.y[1:]))
        assert any("Exactly zero" in note for note in scene.notes)
    (mark,) = [points for points in layers(scene.panel("gradient_norm"), Points) if points.kind == "zero"]
    assert "from step 1" in mark.labels[0]


def test_no_step_and_no_start():
    scene = ls.Experiment("himmelblau", ("sgd",), [(1.0, 1.0)], 0).run().scene()
    assert (scene.n_steps, len(layers(scene.panel("map"), Path))) == (0, 1)
    with pytest.raises(ValueError, match="grid must be at least 2"):
        ls.Experiment("himmelblau", ("sgd",), [(1.0, 1.0)], 0).run().scene(grid=1)


def test_what_rounding_takes_below_zero_does_not_bend_the_axis():
    run = ls.Experiment("framework_example", (ls.SGD(learning_rate=0.01),), ((0.0,),), 1000).run()
    assert run.trajectories[0].values.min() < 0
    made = run.scene()
    assert made.panel("loss").y.scale == "log"
    assert any("Below zero by rounding" in note for note in made.notes)
    away = loss_axis(np.array([[2.0, -235.0, 1e70]]))
    assert away.scale == "symlog", "a loss that is truly negative stays, however far another one goes"


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, 1e-9], [1.0, -1e-9, -1.0, 1e-5], [-1.0, 1.0]])
def test_the_axis_of_losses_is_named_so_on_every_scale(values: list[float]) -> None:
    assert loss_axis(np.array([values])).label == "loss"
