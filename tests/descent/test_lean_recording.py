"""Runs that keep few points: everything else as if all were there, in a fraction of the memory."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import landscape as ls
from landscape.analysis.network_studies import edge_study
from landscape.analysis.slices import principal_plane
from landscape.picture.scene import Path
from landscape.render.player.payload import player_payload
from landscape.scenes.softmax import softmax_scene

STARTS = np.random.default_rng(0).uniform(-2, 2, (4, 2))


def both(key="adam", n_steps=700, keep=50, name="himmelblau", **more):
    surface, walker = ls.surface(name), ls.optimizer(key)
    return (ls.descend(surface, walker, STARTS, n_steps, keep=k, **more) for k in (None, keep))


@pytest.mark.parametrize("key", ["sgd", "adam", "lbfgs", "trust_region"])
def test_all_but_the_points_is_as_ever(key):
    whole, lean = both(key)
    assert lean.points.shape == (4, 50, 2)
    assert lean.point_steps[[0, -1]].tolist() == [0, 700]
    assert_array_equal(lean.points, whole.points[:, lean.point_steps])
    for name in ("values", "gradient_norms", "last", "evaluations", "final_points", "final_values", "learning_rates"):
        assert_array_equal(getattr(lean, name), getattr(whole, name))
    assert lean.outcomes == whole.outcomes
    assert lean.plateaus() == whole.plateaus()


def test_a_path_that_overflows_keeps_its_last_finite_point():
    starts = [[0.1, 0.1], [1.0, 1.0]]
    surface, walker = ls.surface("rosenbrock"), ls.SGD(learning_rate=0.1)
    whole, lean = (ls.descend(surface, walker, starts, 300, keep=k) for k in (None, 7))
    assert whole.last[0] < 300
    assert_array_equal(lean.last, whole.last)
    assert_array_equal(lean.final_points, whole.final_points)
    assert_array_equal(lean.points, whole.points[:, lean.point_steps])
    assert lean.outcomes == whole.outcomes


@pytest.mark.parametrize("relief", [False, True])
@pytest.mark.parametrize("name", ["framework_example", "himmelblau", "rosenbrock"])
def test_a_lean_run_is_shown_whole(name, relief):
    """Losses at every step, the path through the points that are there, and what is lost where it is lost."""
    optimizers = (ls.SGD(learning_rate=0.01), ls.SGD(learning_rate=3.0))
    experiment = ls.Experiment(name, optimizers, ls.Random(2, seed=1), n_steps=300)
    whole, lean = (experiment.run(keep=k).scene(relief=relief) for k in (None, 31))
    assert lean.notes == whole.notes
    assert [track.verdict for track in lean.tracks] == [track.verdict for track in whole.tracks]
    for scene, all_of_it in ((lean.panels[0], whole.panels[0]), (lean.panel("loss"), whole.panel("loss"))):
        for thin, full in zip(*([p for p in s.layers if isinstance(p, Path)] for s in (scene, all_of_it)), strict=True):
            steps = np.arange(301) if thin.steps is None else thin.steps
            assert_array_equal(thin.x, full.x[steps])
            assert_array_equal(thin.y, full.y[steps])
    assert player_payload(lean)["tracks"] == player_payload(whole)["tracks"]


def test_what_is_measured_along_a_lean_run_is_measured_at_points_that_it_kept():
    model = ls.network("perceptron", data=ls.data("blobs"), widths=(4,))
    experiment = ls.Experiment(model, ("sgd", "adam"), ls.Random(1), n_steps=200)
    whole, lean = (experiment.run(keep=k) for k in (None, 11))
    for thin, full in zip(*(edge_study(run.trajectories, looks=6) for run in (lean, whole)), strict=True):
        assert set(thin.steps.tolist()) <= set(range(0, 201, 20))
        both = np.isin(full.steps, thin.steps)
        assert_array_equal(full.sharpness[both], thin.sharpness[np.isin(thin.steps, full.steps)])
    regions, accuracy = (softmax_scene(lean).panel(key).layers[0] for key in ("regions", "accuracy"))
    assert set(regions.steps.tolist()) == set(accuracy.steps.tolist()) == set(range(0, 201, 20))


def test_projections_are_the_naive_ones():
    directions, origin = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]]), np.array([0.25, -1.0])
    whole, lean = both(directions=directions, origin=origin)
    naive = np.einsum("stn,dn->std", whole.points - origin, directions)
    assert lean.projections.shape == (4, 701, 3)
    assert_allclose(lean.projections, naive, rtol=1e-12, atol=1e-12)
    assert_array_equal(lean.projections, whole.projections)


def test_principal_plane_of_few_points_is_that_of_all():
    """Where the path moves little between two kept points; a quick first fall would be seen too coarsely."""
    n = 40
    curvatures = np.geomspace(0.01, 1.0, n)
    surface = ls.from_functions(lambda x: 0.5 * (x * x) @ curvatures, n_dims=n, gradient=lambda x: x * curvatures)
    start = np.random.default_rng(3).standard_normal((1, n))
    whole, lean = (ls.descend(surface, ls.SGD(learning_rate=0.02), start, 4000, keep=k) for k in (None, 1000))
    full, thin = (principal_plane([t.points]) for t in (whole, lean))
    cosines = np.linalg.svd(full.directions @ thin.directions.T)[1]
    assert_allclose(cosines, 1, atol=1e-3)
    assert_allclose(thin.explained, full.explained, atol=0.01)


def peak(keep):
    surface = ls.surface("rosenbrock", 500)
    starts = np.full((4, 500), 0.5)
    tracemalloc.start()
    ls.descend(surface, ls.Adam(), starts, 1000, keep=keep)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return used


def test_memory_follows_the_points_kept():
    whole = 4 * 1001 * 500 * 8
    assert peak(None) > whole
    assert peak(20) < whole / 10


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"keep": 1}, "keep must be at least 2"),
        ({"directions": [[1.0, 2.0, 3.0]]}, "directions must have 2 coordinates"),
        ({"directions": [[1.0, np.nan]]}, "directions must be finite"),
        ({"origin": [1.0]}, "origin must have 2 coordinates"),
    ],
)
def test_what_cannot_be_is_said(more, words):
    with pytest.raises(ValueError, match=words):
        ls.descend(ls.surface("sphere"), ls.SGD(), [[1.0, 1.0]], 10, **more)


@pytest.mark.parametrize(
    ("n_steps", "keep", "words"),
    [
        (100_000, None, "at most 16661 steps do, or all of them with keep=49919 or less"),
        (10**12, None, "at most 16661 steps do$"),
        (100_000, 90_000, "keep at most 49919 points"),
        (10**12, 5, "whatever is kept; at most 62497499 steps do"),
    ],
)
def test_the_number_that_would_fit_is_said(n_steps, keep, words):
    with pytest.raises(ValueError, match=words):
        ls.descend(ls.surface("rosenbrock", 10_000), ls.SGD(), np.zeros(10_000), n_steps, keep=keep)
