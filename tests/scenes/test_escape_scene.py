"""The picture of leaving a saddle: measured steps lie on the closed forms, and paths end where they leave."""

from __future__ import annotations

import numpy as np
import pytest

from landscape.analysis.escape_study import OFFSETS, escape_study
from landscape.picture.scene import Line, Path, Points
from landscape.scenes.escape import escape_scene


@pytest.fixture(scope="module")
def study():
    return escape_study(2.0, 1e-6)


def test_measured_steps_are_those_of_the_closed_form(study):
    for walk in study.walks:
        if walk.theory is None:
            assert walk.found.optimizer.key in ("perturbed_gd", "newton")
        elif walk.found.exact:
            pairs = zip((*walk.found.measured, walk.measured), (*walk.found.theory, walk.theory), strict=True)
            assert all(abs(measured - theory) <= 1 for measured, theory in pairs)
        else:  # a limit for small offsets
            assert (walk.measured, walk.found.measured[-1]) == (walk.theory, walk.found.theory[-1])


def test_on_the_stable_manifold_only_noise_leaves(study):
    for walk in study.walks:
        shaken = walk.found.optimizer.draws
        assert walk.held is not shaken
        assert (walk.on_manifold is not None) is shaken


def test_paths_end_where_they_leave(study):
    scene = escape_scene(study)
    (newton,) = [walk for walk in study.walks if walk.found.optimizer.key == "newton"]
    assert newton.measured is None
    assert set(newton.found.measured[1:]) == {None}
    for walk, track in zip(study.walks, scene.tracks, strict=True):
        if walk is newton:
            assert track.last == scene.n_steps
            continue
        y = np.abs(walk.points[:, 1])
        assert track.last == walk.measured
        assert y[-1] >= 1
        assert np.all(y[:-1] < 1)
        for panel in ("map", "distance"):
            (path,) = [x for x in scene.panel(panel).layers if isinstance(x, Path) and x.track == track.id]
            assert len(path.y) == scene.n_steps + 1
            assert np.flatnonzero(np.isfinite(path.y))[-1] == track.last
    assert scene.n_steps == max(track.last for track in scene.tracks)


def test_the_chart_shows_every_offset_that_takes_a_step(study):
    layers = escape_scene(study).panel("steps").layers
    curves = [layer for layer in layers if isinstance(layer, Line)]
    marks = [layer for layer in layers if isinstance(layer, Points) and len(layer.x)]
    assert (len(curves), len(marks)) == (7, 8)  # Newton's method leaves from nowhere
    assert all(np.array_equal(layer.x, OFFSETS[1:]) for layer in marks)


@pytest.mark.parametrize(("curvature", "offset"), [(1.0, 0.0), (1.0, 2.0), (0.0, 0.1), (1.0, float("nan"))])
def test_what_is_out_of_range_is_refused(curvature, offset):
    with pytest.raises(ValueError, match="must be from"):
        escape_study(curvature, offset)
